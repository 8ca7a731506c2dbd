"""Single arguments: numbers that stay the same, kinds of average, series that are no conditions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from desktop.rules.catalogue import AVERAGES, number_text
from desktop.rules.catalogue_types import Argument
from desktop.rules.nodes import Node, Number, is_condition
from desktop.rules.text import format_node

if TYPE_CHECKING:
    from desktop.rules.translate import Translator


def number_only(translator: Translator, function: str, at: ast.expr, node: Node) -> Node:
    """Return the node if it is a number, as functions of series need it."""
    if is_condition(node):
        translator.fail(at, f"{function} works on numbers, but {format_node(node)} is a condition.")
    return node


def setting(translator: Translator, expression: ast.expr, function: str, argument: Argument) -> float:
    """Return the value of one setting of a function.

    Raises:
        RuleError: it is a series, no whole number where one is needed, or out of its range.
    """
    if argument.average:
        kind = _average_kind(translator, expression)
        if kind is not None:
            return kind
    node = translator.without_terms(function, expression)
    if not isinstance(node, Number):
        translator.fail(
            expression,
            f"{argument.name} of {function} must be a number that stays the same, but {format_node(node)} changes from "
            "bar to bar.",
        )
    value = node.value
    if argument.average and value not in AVERAGES.values():
        translator.fail(expression, f"{argument.name} of {function} is one of {', '.join(AVERAGES)}.")
    if argument.whole and value != int(value):
        translator.fail(expression, f"{argument.name} of {function} must be a whole number, not {node.text}.")
    if not argument.low <= value <= argument.high:
        low, high = number_text(argument.low), number_text(argument.high)
        ahead = " No rule can see later bars." if value < 0 and function in ("prev", "change") else ""
        translator.fail(
            expression, f"{argument.name} of {function} must be from {low} to {high}, not {node.text[:20]}.{ahead}"
        )
    return int(value) if argument.whole else value


def _average_kind(translator: Translator, expression: ast.expr) -> float | None:
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        name = expression.value
    elif isinstance(expression, ast.Name) and expression.id in AVERAGES:
        name = expression.id
    else:
        return None
    if name not in AVERAGES:
        translator.fail(expression, f"There is no average {name[:20]!r}.", f"There are {', '.join(AVERAGES)}.")
    return AVERAGES[name]

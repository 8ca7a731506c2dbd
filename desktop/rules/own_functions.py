"""Calls of the rule language's own functions: prev, change, min, max, crossings, between, times, tf."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.rules.arguments import number_only, setting
from desktop.rules.catalogue import FUNCTIONS
from desktop.rules.catalogue_types import LONGEST, Argument
from desktop.rules.nodes import AllOf, AnyOf, Between, Column, Compare, Cross, Higher, Node, Number

if TYPE_CHECKING:
    from desktop.rules.translate import Translator


def _operands(translator: Translator, call: ast.Call, low: int, high: int) -> list[ast.expr]:
    function = FUNCTIONS[call.func.id] if isinstance(call.func, ast.Name) else None
    assert function is not None  # noqa: S101  found by name before
    if not low <= len(call.args) <= high:
        count = f"{low}" if low == high else f"{low} to {high}"
        translator.fail(
            call, f"{function.name} takes {count} values, not {len(call.args)}.", f"Write {function.signature}."
        )
    return call.args


_BARS_AGO = Argument("n", "n", 1, 1, LONGEST)


def _ago(translator: Translator, call: ast.Call, name: str) -> tuple[ast.expr, Node, int]:
    operand, *rest = _operands(translator, call, 1, 2)
    node = translator.without_terms(name, operand)
    if isinstance(node, Number):
        translator.fail(
            operand,
            f"{name} needs something that changes from bar to bar, not {node.text}.",
            f"Write {FUNCTIONS[name].signature}.",
        )
    rest += [word.value for word in call.keywords]
    bars = int(setting(translator, rest[0], name, _BARS_AGO)) if rest else 1
    return operand, node, bars


def _prev(translator: Translator, call: ast.Call) -> Node:
    _, node, bars = _ago(translator, call, "prev")
    return translator.previous(call, node, bars)


def _change(translator: Translator, call: ast.Call) -> Node:
    operand, node, bars = _ago(translator, call, "change")
    return translator.change(call, number_only(translator, "change", operand, node), bars)


def _abs(translator: Translator, call: ast.Call) -> Node:
    (operand,) = _operands(translator, call, 1, 1)
    return translator.folded(call, "abs", (translator.number(operand, "What abs is given"),))


def _extreme(name: str) -> Callable[[Translator, ast.Call], Node]:
    def translate(translator: Translator, call: ast.Call) -> Node:
        operands = _operands(translator, call, 2, 20)
        numbers = tuple(translator.number(operand, f"What {name} is given") for operand in operands)
        return translator.folded(call, name, numbers)

    return translate


def _cross(*, above: bool) -> Callable[[Translator, ast.Call], Node]:
    def translate(translator: Translator, call: ast.Call) -> Node:
        name = "crosses_above" if above else "crosses_below"
        sides = [
            number_only(translator, name, operand, translator.without_terms(name, operand))
            for operand in _operands(translator, call, 2, 2)
        ]
        if all(isinstance(side, Number) for side in sides):
            translator.fail(call, "Two fixed numbers never cross.")
        return translator.bounded(call, Cross(above, sides[0], sides[1]))

    return translate


def _between(translator: Translator, call: ast.Call) -> Node:
    operand, low, high = _operands(translator, call, 3, 3)
    node = translator.number(operand, "What between is given")
    with_time = node == Column("time")
    limits = [
        translator.time_of_day(limit)
        if with_time and isinstance(limit, ast.Constant) and isinstance(limit.value, str)
        else translator.number(limit, "A limit of between")
        for limit in (low, high)
    ]
    if isinstance(node, Number) and all(isinstance(limit, Number) for limit in limits):
        translator.fail(call, "This compares fixed numbers, so it never changes.")
    first, last = limits
    if isinstance(first, Number) and isinstance(last, Number) and first.value > last.value:
        translator.fail(low, f"The lower limit {first.text} is above the upper one {last.text}.")
    return Between(node, first, last)


def _time_between(translator: Translator, call: ast.Call) -> Node:
    first, last = (translator.time_of_day(operand) for operand in _operands(translator, call, 2, 2))
    if first == last:
        translator.fail(call, "The two times are the same, so no bar lies between them.")
    time = Column("time")
    parts = (Compare(">=", time, first), Compare("<", time, last))
    return AllOf(parts) if first.value < last.value else AnyOf(parts)  # past midnight when the first is later


def _tf(translator: Translator, call: ast.Call) -> Node:
    timeframe, expression = _operands(translator, call, 2, 2)
    if not (isinstance(timeframe, ast.Constant) and isinstance(timeframe.value, str)):
        translator.fail(timeframe, "The first value of tf is a timeframe in quotes.", 'Write tf("1h", x).')
    node = translator.inside_timeframe(timeframe, timeframe.value, expression)
    if isinstance(node, Number):
        translator.fail(expression, "tf needs something that changes from bar to bar.")
    if timeframe.value == translator.timeframe:
        return node  # the rule's own timeframe: nothing is higher about it
    return Higher(timeframe.value, node)


#: Functions of the rule language itself, by name.
OWN_FUNCTIONS: dict[str, Callable[[Translator, ast.Call], Node]] = {
    "prev": _prev,
    "change": _change,
    "abs": _abs,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "crosses_above": _cross(above=True),
    "crosses_below": _cross(above=False),
    "between": _between,
    "time_between": _time_between,
    "tf": _tf,
}

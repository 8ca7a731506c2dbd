"""From Python's syntax tree to our own nodes. Everything not named here is refused with a sentence; nothing is run."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping
from typing import NoReturn

from desktop.domain.errors import RuleError
from desktop.domain.market import TIMEFRAMES, timeframe_us
from desktop.rules.calls import translate_attribute, translate_call
from desktop.rules.catalogue import (
    COLUMN_WORDS,
    FUNCTIONS,
    NAMES,
    POSITION_WORDS,
    REFUSED,
    TIME_WORDS,
    number_text,
    signature,
)
from desktop.rules.catalogue_types import LONGEST
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Change,
    Column,
    Compare,
    Elementwise,
    Node,
    Not,
    Number,
    Previous,
    Role,
    Term,
    is_condition,
    uses_position,
)
from desktop.rules.operators import NUMERIC
from desktop.rules.refusals import FOREIGN, FOREIGN_OPERATORS
from desktop.rules.requirements import window_of
from desktop.rules.source import DEEPEST, Source
from desktop.rules.suggest import nearest
from desktop.rules.text import format_node

MOST_NODES = 500
_BIGGEST_POWER = 100.0

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}
_RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Translator:
    """Translates one formula; a fresh one for each."""

    def __init__(
        self,
        source: Source,
        *,
        role: Role,
        parameters: Mapping[str, float],
        timeframe: str,
        allow_terms: bool = True,
        on_quotes: bool = False,
    ) -> None:
        self.source = source
        self.role = role
        self.parameters = parameters
        self.timeframe = timeframe
        self.on_quotes = on_quotes  # judged on every quote, not at bar close alone
        self.used: set[str] = set()
        self._allow_terms = allow_terms
        self._count = 0
        self._depth = 0

    # --- Mistakes ------------------------------------------------------------------------------------------------

    def fail(self, at: ast.AST, message: str, suggestion: str = "") -> NoReturn:
        """Raise the user's mistake at a place in the text."""
        raise RuleError(message, column=self.source.column(at), suggestion=suggestion)

    # --- Expressions ---------------------------------------------------------------------------------------------

    def node(self, expression: ast.expr) -> Node:
        """Translate any expression."""
        self._count += 1
        if self._count > MOST_NODES:
            raise RuleError(f"The rule has more than {MOST_NODES} parts. Split it into an entry and filters.")
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(expression, f"The rule is nested deeper than {DEEPEST} levels.")
        try:
            return self._dispatch(expression)
        finally:
            self._depth -= 1

    def _dispatch(self, expression: ast.expr) -> Node:
        match expression:
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Compare():
                return self._logic(expression)
            case ast.BinOp() | ast.UnaryOp():
                return self._arithmetic(expression)
            case ast.Constant():
                return self._constant(expression)
            case ast.Name():
                return self._name(expression)
            case ast.Call() | ast.Attribute():
                if isinstance(expression, ast.Call):
                    return translate_call(self, expression)
                return translate_attribute(self, expression)
            case ast.Subscript():
                return self._subscript(expression)
            case _:
                message, suggestion = FOREIGN.get(type(expression), ("This is not part of the rule language.", ""))
                return self.fail(expression, message, suggestion)

    def number(self, expression: ast.expr, what: str) -> Node:
        """Translate an expression that has to be a number; `what` names its place in the message."""
        node = self.node(expression)
        if is_condition(node):
            self.fail(expression, f"{what} must be a number, but {format_node(node)} is a condition.")
        return node

    def condition(self, expression: ast.expr, what: str) -> Node:
        """Translate an expression that has to be a condition."""
        node = self.node(expression)
        if not is_condition(node):
            text = format_node(node)
            self.fail(expression, f"{what}, but {text} is a number.", f"Compare it with something: {text} > 0.")
        return node

    def _logic(self, expression: ast.BoolOp | ast.UnaryOp | ast.Compare) -> Node:
        match expression:
            case ast.BoolOp(op=joined, values=values):
                word = "and" if isinstance(joined, ast.And) else "or"
                parts = tuple(self.condition(value, f"{word} joins conditions") for value in values)
                return AllOf(parts) if word == "and" else AnyOf(parts)
            case ast.UnaryOp(operand=operand):
                return Not(self.condition(operand, "not turns a condition round"))
            case ast.Compare():
                return self._comparison(expression)

    def _comparison(self, expression: ast.Compare) -> Node:
        operands = [expression.left, *expression.comparators]
        with_time = any(isinstance(operand, ast.Name) and operand.id == "time" for operand in operands)
        numbers = [self._operand(operand, with_time=with_time) for operand in operands]
        parts: list[Node] = []
        for position, sign in enumerate(expression.ops):
            if type(sign) not in _RELATIONS:
                message, suggestion = FOREIGN_OPERATORS[type(sign)]
                self.fail(expression, message, suggestion)
            left, right = numbers[position], numbers[position + 1]
            fixed = [side for side in (left, right) if isinstance(side, Number) and not side.parameter]
            if len(fixed) > 1:
                self.fail(operands[position], "This compares two fixed numbers, so it never changes.")
            parts.append(Compare(_RELATIONS[type(sign)], left, right))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _operand(self, expression: ast.expr, *, with_time: bool) -> Node:
        if with_time and isinstance(expression, ast.Constant) and isinstance(expression.value, str):
            return self.time_of_day(expression)
        return self.number(expression, "Each side of a comparison")

    def time_of_day(self, expression: ast.expr) -> Number:
        """Translate a text such as "09:30" to minutes since midnight."""
        text = expression.value if isinstance(expression, ast.Constant) else None
        found = _TIME.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            self.fail(expression, "A time of day is a text from 00:00 to 23:59.", 'Write it like "09:30".')
        return Number(float(int(found[1]) * 60 + int(found[2])), f'"{int(found[1]):02}:{found[2]}"')

    def _arithmetic(self, expression: ast.BinOp | ast.UnaryOp) -> Node:
        if type(expression.op) in FOREIGN_OPERATORS:
            message, suggestion = FOREIGN_OPERATORS[type(expression.op)]
            self.fail(expression, message, suggestion)
        if isinstance(expression, ast.UnaryOp):
            operand = self.number(expression.operand, "What follows the sign")
            if isinstance(expression.op, ast.UAdd):
                return operand
            return self.folded(expression, "neg", (operand,))
        sign = _ARITHMETIC.get(type(expression.op))
        if sign is None:
            self.fail(expression, "This operator is not part of the rule language.", "There are + - * / // % and **.")
        left = self.number(expression.left, f"What stands before {sign}")
        right = self.number(expression.right, f"What stands after {sign}")
        if sign == "**" and isinstance(right, Number) and abs(right.value) > _BIGGEST_POWER:
            self.fail(expression.right, f"The power {right.text} is too large: from -100 to 100 is possible.")
        if sign in {"/", "//", "%"} and isinstance(right, Number) and right.value == 0:
            self.fail(expression.right, "This divides by zero.")
        return self.folded(expression, sign, (left, right))

    def folded(self, at: ast.expr, sign: str, operands: tuple[Node, ...]) -> Node:
        """Return the node of an operator, or its value at once where all operands are constants."""
        constants = [operand for operand in operands if isinstance(operand, Number)]
        if len(constants) < len(operands):
            return Elementwise(sign, operands)
        value = NUMERIC[sign].scalar(*(constant.value for constant in constants))
        if not math.isfinite(value):
            self.fail(at, f"{self.source.written(at)} has no finite value.")
        parameter = next((constant.parameter for constant in constants if constant.parameter), "")
        if sign == "neg" and not constants[0].text.startswith("-"):
            return Number(value, f"-{constants[0].text}", parameter)
        return Number(value, number_text(value), parameter)

    # --- Words and constants -------------------------------------------------------------------------------------

    def _constant(self, expression: ast.Constant) -> Node:
        value = expression.value
        if isinstance(value, bool) or value is None or value is Ellipsis:
            self.fail(expression, f"{self.source.written(expression)} says nothing about the market.")
        if isinstance(value, (str, bytes)):
            self.fail(
                expression,
                "A text stands only for a timeframe, a time of day or a kind of average.",
                'For example tf("1h", close) or time >= "09:30".',
            )
        text = self.source.written(expression).replace("_", "")
        try:
            number = float(text)
        except ValueError:
            self.fail(expression, f"{text} is not a number a rule can use.")
        if not math.isfinite(number):
            self.fail(expression, f"{text[:20]} is too large.")
        return Number(number, text)

    def _name(self, expression: ast.Name) -> Node:
        name = expression.id
        if name in self.parameters:
            self.used.add(name)
            value = self.parameters[name]
            return Number(value, number_text(value), parameter=name)
        if name in COLUMN_WORDS or name in TIME_WORDS:
            return Column(name)
        if name in POSITION_WORDS:
            return self._term(expression)
        if name in FUNCTIONS:
            self.fail(
                expression, f"{name} is a function and needs its brackets.", f"Write {signature(FUNCTIONS[name])}."
            )
        if name in REFUSED:
            self.fail(expression, f"There is no {name} in rules. {REFUSED[name].reason}", REFUSED[name].instead)
        return self.fail(expression, f"There is no {name}.", nearest(name, (*NAMES, *self.parameters)))

    def _term(self, expression: ast.Name) -> Term:
        if self.role is not Role.EXIT:
            self.fail(
                expression,
                f"{expression.id} is a value of the open position and exists only in exit rules: "
                "an entry is judged while there is no position.",
            )
        if not self._allow_terms:
            self.fail(
                expression,
                f"{expression.id} is a value of the open position and cannot stand inside a function that looks "
                "back, because there was no position on earlier bars.",
            )
        return Term(expression.id)

    def without_terms(self, function: str, expression: ast.expr) -> Node:
        """Translate an operand of a function that looks back: no position terms in it."""
        allowed, self._allow_terms = self._allow_terms, False
        try:
            node = self.node(expression)
        finally:
            self._allow_terms = allowed
        if uses_position(node):  # pragma: no cover  the flag above refuses it first
            self.fail(expression, f"{function} cannot look back over a value of the position.")
        return node

    def _subscript(self, expression: ast.Subscript) -> NoReturn:
        base = self.source.written(expression.value)
        index = expression.slice
        suggestion = f"Write prev({base}, 1)."
        if isinstance(index, ast.UnaryOp):
            index = index.operand
        if isinstance(index, ast.Constant) and isinstance(index.value, int) and index.value > 0:
            suggestion = f"Write prev({base}, {index.value})."
        self.fail(expression, "Square brackets are not part of the rule language.", suggestion)

    # --- Limits --------------------------------------------------------------------------------------------------

    def bounded(self, at: ast.expr, node: Node) -> Node:
        """Return the node if its look-back is within the limit, in bars of its own timeframe."""
        bars = window_of(node)
        if bars > LONGEST:
            self.fail(at, f"This looks back {bars:,} bars; the most is {LONGEST:,}.")
        return node

    def previous(self, at: ast.expr, operand: Node, bars: int) -> Node:
        """Return the node of `prev`."""
        return self.bounded(at, Previous(operand, bars))

    def change(self, at: ast.expr, operand: Node, bars: int) -> Node:
        """Return the node of `change`."""
        return self.bounded(at, Change(operand, bars))

    def inside_timeframe(self, at: ast.expr, timeframe: str, expression: ast.expr) -> Node:
        """Translate an expression in a higher timeframe.

        Raises:
            RuleError: the timeframe is unknown, or no multiple of the one around it.
        """
        if timeframe not in TIMEFRAMES:
            self.fail(at, f"There is no timeframe {timeframe!r}.", f"There are {', '.join(TIMEFRAMES)}.")
        ours = timeframe_us(self.timeframe)
        if timeframe_us(timeframe) % ours or timeframe_us(timeframe) < ours:
            self.fail(
                at,
                f"{timeframe} cannot be built from bars of {self.timeframe}: it must be a whole multiple of it.",
            )
        outer, self.timeframe = self.timeframe, timeframe
        on_quotes, self.on_quotes = self.on_quotes, False  # the bars above close whatever the quotes do
        try:
            return self.without_terms("tf", expression)
        finally:
            self.timeframe, self.on_quotes = outer, on_quotes

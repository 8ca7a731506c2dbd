"""Values of the open position that exit rules may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from desktop.rules.columns import FloatArray
from desktop.rules.nodes import AllOf, AnyOf, Between, Compare, Elementwise, Node, Not, Term, uses_position
from desktop.rules.operators import COMPARE, NAN, NUMERIC, all_of, any_of, not_


@dataclass(frozen=True, slots=True)
class PositionTerms:
    """The open position at one moment; NaN where a value is unknown.

    Attributes:
        entry_price: Average entry price, in the instrument's currency.
        pnl_pct: Gain in percent of the average entry price, gross of fees (5.0 is 5 %).
        bars_held: Bars closed since the entry fill; 0 on the entry bar.
        high_since_entry: Highest price since the entry.
        low_since_entry: Lowest price since the entry.
    """

    entry_price: float = NAN
    pnl_pct: float = NAN
    bars_held: float = NAN
    high_since_entry: float = NAN
    low_since_entry: float = NAN


@dataclass(frozen=True, slots=True, eq=False)
class PositionColumns:
    """The same over n bars: every array of shape (n,)."""

    entry_price: FloatArray
    pnl_pct: FloatArray
    bars_held: FloatArray
    high_since_entry: FloatArray
    low_since_entry: FloatArray


NO_POSITION = PositionTerms()

Judge: TypeAlias = Callable[[PositionTerms], float]


def position_function(node: Node, reader: Callable[[Node], Callable[[], float]]) -> Judge:
    """Return a function that computes a node with position terms for a given position.

    Args:
        node: A number or condition.
        reader: Gives, for a part without position terms, a function that reads its current value.
    """
    if isinstance(node, Term):
        name = node.name
        return lambda terms: _known(getattr(terms, name))
    if not uses_position(node):
        read = reader(node)
        return lambda _: read()
    match node:
        case Elementwise(operator=sign, operands=operands):
            return _applied(NUMERIC[sign].scalar, [position_function(operand, reader) for operand in operands])
        case Compare(operator=sign, left=left, right=right):
            return _applied(COMPARE[sign], [position_function(side, reader) for side in (left, right)])
        case Between(operand=operand, low=low, high=high):
            above = position_function(Compare(">=", operand, low), reader)
            below = position_function(Compare("<=", operand, high), reader)
            return lambda terms: all_of((above(terms), below(terms)))
        case Not(operand=operand):
            return _applied(not_, [position_function(operand, reader)])
        case AllOf(parts=parts):
            every = [position_function(part, reader) for part in parts]
            return lambda terms: all_of([part(terms) for part in every])
        case AnyOf(parts=parts):
            some = [position_function(part, reader) for part in parts]
            return lambda terms: any_of([part(terms) for part in some])
        case _:
            raise TypeError(f"{type(node).__name__} cannot use position terms")


def _applied(scalar: Callable[..., float], operands: list[Judge]) -> Judge:
    if len(operands) == 1:
        only = operands[0]
        return lambda terms: scalar(only(terms))
    if len(operands) == 2:
        left, right = operands
        return lambda terms: scalar(left(terms), right(terms))
    return lambda terms: scalar(*[operand(terms) for operand in operands])


def _known(value: float) -> float:
    return value if value - value == 0.0 else NAN

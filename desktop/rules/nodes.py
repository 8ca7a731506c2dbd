"""The checked graph of a formula: small immutable values, equal when they compute the same.

Equality and hash ignore how a number was written, so two sessions that say `sma(20)` and `sma(close, 20.0)` share one
node and one computation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


class Verdict(Enum):
    """Kleene truth: UNKNOWN never trades."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Role(Enum):
    """What a rule decides; position terms exist in exit rules only."""

    ENTRY = "entry"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, with the text it was written as (`1.10` stays `1.10`)."""

    value: float
    text: str = field(compare=False)
    parameter: str = field(default="", compare=False)  # the named parameter it came from


@dataclass(frozen=True, slots=True)
class Column:
    """A value of the bar itself: a price, the volume, or its time of day in the exchange's zone."""

    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A value of the open position (`pnl_pct`); exit rules only."""

    name: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A TA-Lib function on series, all outputs at once; `Output` picks one."""

    function: str  # name in the catalogue
    inputs: tuple[Node, ...]
    arguments: tuple[float, ...]  # whole numbers are ints


@dataclass(frozen=True, slots=True)
class Output:
    """One output of an indicator."""

    indicator: Indicator
    index: int


@dataclass(frozen=True, slots=True)
class Elementwise:
    """A function of numbers of the same bar: arithmetic, minus sign, abs, min, max."""

    operator: str  # key of operators.NUMERIC
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """A node's value some bars ago."""

    operand: Node
    bars: int


@dataclass(frozen=True, slots=True)
class Change:
    """A number now less the same number some bars ago."""

    operand: Node
    bars: int


@dataclass(frozen=True, slots=True)
class Higher:
    """A node's value on the last closed bar of a higher timeframe."""

    timeframe: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """Two numbers compared: < <= > >= == !=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """low <= x <= high."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Cross:
    """One series passes another on this bar."""

    above: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    operand: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    """`and`: false as soon as one part is false."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`or`: true as soon as one part is true."""

    parts: tuple[Node, ...]


Node: TypeAlias = (
    Number
    | Column
    | Term
    | Indicator
    | Output
    | Elementwise
    | Previous
    | Change
    | Higher
    | Compare
    | Between
    | Cross
    | Not
    | AllOf
    | AnyOf
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes that `node` is computed from, in the order they are written."""
    match node:
        case Number() | Column() | Term():
            return ()
        case Indicator(inputs=inputs):
            return inputs
        case Output(indicator=indicator):
            return (indicator,)
        case Elementwise(operands=operands):
            return operands
        case Previous(operand=operand) | Change(operand=operand) | Higher(operand=operand) | Not(operand=operand):
            return (operand,)
        case Compare(left=left, right=right) | Cross(left=left, right=right):
            return (left, right)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return parts


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def is_condition(node: Node) -> bool:
    """Tell whether a node is true or false rather than a number."""
    if isinstance(node, (Previous, Higher)):
        return is_condition(node.operand)
    return isinstance(node, (Compare, Between, Cross, Not, AllOf, AnyOf))


def uses_position(node: Node) -> bool:
    """Tell whether a node depends on the open position."""
    return any(isinstance(part, Term) for part in walk(node))


def leaves(node: Node) -> Iterator[Node]:
    """Yield the leaf conditions of a condition in the order they are written: what and/or/not join."""
    if isinstance(node, (Not, AllOf, AnyOf)):
        for child in children(node):
            yield from leaves(child)
    else:
        yield node


def free_roots(node: Node) -> list[Node]:
    """Return the largest parts of a formula that do not depend on the position."""
    if not uses_position(node):
        return [node]
    return [root for child in children(node) for root in free_roots(child)]

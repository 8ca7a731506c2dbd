"""Why a rule said what it said: each clause with its values. Made only when asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from desktop.domain.market import timeframe_us
from desktop.rules.compile import Rule
from desktop.rules.figures import figures
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Cross,
    Higher,
    Node,
    Not,
    Number,
    Previous,
    Verdict,
    children,
    is_condition,
    uses_position,
    walk,
)
from desktop.rules.operators import TRUE
from desktop.rules.requirements import look_back
from desktop.rules.text import format_node

Reader: TypeAlias = Callable[[Node], float]


@dataclass(frozen=True, slots=True)
class ClauseValue:
    """One leaf condition with its values.

    Attributes:
        text: The condition as written: `rsi(14) < 30`.
        verdict: What it said.
        left: Value of its left side, or of what it looks at; None when unknown.
        right: Value of its right side; None when unknown or when there is none.
        line: The sentence to show: `rsi(14) = 28.4 < 30: true`.
        decisive: The rule's verdict follows from this clause (and the other decisive ones).
        reason: Why it is unknown; empty otherwise.
    """

    text: str
    verdict: Verdict
    left: float | None
    right: float | None
    line: str
    decisive: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule's verdict with all its clauses, in the order they are written."""

    text: str
    verdict: Verdict
    clauses: tuple[ClauseValue, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """One line per clause."""
        return tuple(clause.line for clause in self.clauses)

    @property
    def deciding(self) -> tuple[ClauseValue, ...]:
        """The clauses from which the verdict follows: why, and why not."""
        return tuple(clause for clause in self.clauses if clause.decisive)

    def __str__(self) -> str:
        return "; ".join(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return a form that JSON can store."""
        return {
            "text": self.text,
            "verdict": self.verdict.value,
            "clauses": [
                {
                    "text": clause.text,
                    "verdict": clause.verdict.value,
                    "left": clause.left,
                    "right": clause.right,
                    "line": clause.line,
                    "decisive": clause.decisive,
                    "reason": clause.reason,
                }
                for clause in self.clauses
            ],
        }

    @staticmethod
    def from_dict(stored: Mapping[str, Any]) -> Explanation:
        """Return the explanation that `to_dict` stored."""
        clauses = tuple(
            ClauseValue(
                text=clause["text"],
                verdict=Verdict(clause["verdict"]),
                left=clause["left"],
                right=clause["right"],
                line=clause["line"],
                decisive=clause["decisive"],
                reason=clause["reason"],
            )
            for clause in stored["clauses"]
        )
        return Explanation(stored["text"], Verdict(stored["verdict"]), clauses)


def verdict_of(value: float) -> Verdict:
    """Return a condition's value (1.0, 0.0, NaN) as a verdict."""
    if value != value:  # noqa: PLR0124  NaN
        return Verdict.UNKNOWN
    return Verdict.TRUE if value == TRUE else Verdict.FALSE


def explain(rule: Rule, read: Reader, bars: int) -> Explanation:
    """Explain a rule.

    Args:
        rule: The rule.
        read: Gives any node's current value; NaN is unknown.
        bars: Bars of the rule's timeframe seen so far.
    """
    decisive = set(_deciding(rule.root, read))
    clauses = tuple(_clause(clause, rule, read, bars, decisive=clause in decisive) for clause in rule.clauses)
    return Explanation(rule.text.strip(), verdict_of(read(rule.root)), clauses)


def _deciding(node: Node, read: Reader) -> Iterator[Node]:
    """Yield the leaves whose verdicts alone make the node's verdict."""
    match node:
        case Not(operand=operand):
            yield from _deciding(operand, read)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            strong = 1.0 if isinstance(node, AllOf) else 0.0
            if read(node) == strong:  # every part was needed
                chosen = parts
            else:
                chosen = tuple(part for part in parts if read(part) != strong)
                settled = tuple(part for part in chosen if not math.isnan(read(part)))
                chosen = settled or chosen
            for part in chosen:
                yield from _deciding(part, read)
        case _:
            yield node


def _clause(node: Node, rule: Rule, read: Reader, bars: int, *, decisive: bool) -> ClauseValue:
    value = read(node)
    verdict = verdict_of(value)
    reason = _why_unknown(node, rule, read, bars) if verdict is Verdict.UNKNOWN else ""
    body, left, right = _body(node, read)
    said = f"unknown: {reason}" if reason else verdict.value
    return ClauseValue(format_node(node), verdict, left, right, f"{body}: {said}", decisive, reason)


def _body(node: Node, read: Reader) -> tuple[str, float | None, float | None]:
    match node:
        case Compare(operator=sign, left=left, right=right):
            first, second = read(left), read(right)
            one, other = _sides((left, first), (right, second))
            return f"{one} {sign} {other}", _some(first), _some(second)
        case Between(operand=operand, low=low, high=high):
            value, bottom, top = read(operand), read(low), read(high)
            lowest, middle, highest = _sides((low, bottom), (operand, value), (high, top))
            return f"{lowest} <= {middle} <= {highest}", _some(value), _some(bottom)
        case Cross(above=above, left=left, right=right):
            first, second = read(left), read(right)
            word = "crosses above" if above else "crosses below"
            one, other = _sides((left, first), (right, second))
            return f"{one} {word} {other}", _some(first), _some(second)
        case _:
            return format_node(node), None, None


def _sides(*sides: tuple[Node, float]) -> list[str]:
    """Return each side with its value."""
    return [
        node.text if isinstance(node, Number) else f"{format_node(node)} = {shown}"
        for (node, _), shown in zip(sides, figures(sides), strict=True)
    ]


def _some(value: float) -> float | None:
    return None if math.isnan(value) else value


def _why_unknown(node: Node, rule: Rule, read: Reader, bars: int) -> str:
    if uses_position(node) and any(math.isnan(read(part)) for part in children(node) if uses_position(part)):
        return "there is no such value of the position"
    needed = look_back(node, rule.timeframe) + 1
    higher = [part for part in walk(node) if isinstance(part, Higher)]
    if bars < needed:
        if higher:
            return _warm_up_above(higher[0], rule, needed, bars)
        return f"needs {needed} bars, has {bars}"
    culprit = _unknown_part(node, read)
    text = format_node(culprit if culprit is not None else node)
    return f"{text} has no value on this bar (a gap before it, a division by zero or a number out of range)"


def _warm_up_above(node: Higher, rule: Rule, needed: int, bars: int) -> str:
    inner = look_back(node.operand, node.timeframe) + 1
    ratio = timeframe_us(node.timeframe) // timeframe_us(rule.timeframe)
    return (
        f"needs {inner} closed bars of {node.timeframe} ({needed} of {rule.timeframe}), "
        f"has about {bars // ratio} ({bars})"
    )


def _unknown_part(node: Node, read: Reader) -> Node | None:
    """Return the number whose value is unknown, as near the root as possible."""
    if isinstance(node, (Previous, Higher)):
        return None  # their parts belong to other bars
    for child in children(node):
        if not is_condition(child) and math.isnan(read(child)):
            return child
    return None

"""How often each clause of a rule was true: which of them carries the rule, and which of them stops it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop.rules.batch import BatchEvaluator
from desktop.rules.compile import Rule
from desktop.rules.nodes import AllOf, AnyOf, Node, Role, uses_position
from desktop.rules.operators import Masks
from desktop.rules.requirements import look_back
from desktop.rules.text import format_node


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """How often one clause was true.

    Attributes:
        text: The clause: `rsi(14) < 30`.
        known: Bars on which it was true or false; None where it depends on the position, as only a run knows that.
        true: Bars on which it was true; None likewise.
        alone: Bars on which it alone decided: in an `and` the only clause that was false while all others were true,
            in an `or` the only one that was true. None for a rule of one clause, and where a clause depends on the
            position.
        needs: Bars before it can be true or false at all: the warm-up of its functions.
    """

    text: str
    known: int | None
    true: int | None
    alone: int | None
    needs: int = 1

    @property
    def share(self) -> float | None:
        """Share of the known bars on which it was true; None where none is known."""
        return self.true / self.known if self.true is not None and self.known else None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule and each of its clauses were true on the bars of one symbol.

    Attributes:
        symbol: The symbol.
        role: Entry or exit.
        text: The rule as it was typed.
        joined: "and", "or", or nothing for a single clause: what joins the clauses.
        bars: All bars.
        known: Bars on which the rule was true or false; None where it depends on the position.
        true: Bars on which it was true; None likewise.
        clauses: Its clauses in the order they are written.
    """

    symbol: str
    role: Role
    text: str
    joined: str
    bars: int
    known: int | None
    true: int | None
    clauses: tuple[ClauseCount, ...]


def count_clauses(rule: Rule, evaluator: BatchEvaluator, *, symbol: str = "") -> RuleCount:
    """Count how often a rule's top-level clauses were true, whether or not there was a position.

    Args:
        rule: The compiled rule.
        evaluator: Of the symbol's bars; what it computed before is used again.
        symbol: For the report.
    """
    root = rule.root
    parts: tuple[Node, ...] = root.parts if isinstance(root, AllOf | AnyOf) else (root,)
    joined = {AllOf: "and", AnyOf: "or"}.get(type(root), "")
    masks = [None if uses_position(part) else evaluator.condition(part) for part in parts]
    alone = _alone(masks, every=joined == "and") if joined else [None] * len(parts)
    whole = None if rule.uses_position else evaluator.condition(root)
    clauses = tuple(
        ClauseCount(
            format_node(part),
            _count(mask, known=True),
            _count(mask, known=False),
            single,
            look_back(part, rule.timeframe) + 1,
        )
        for part, mask, single in zip(parts, masks, alone, strict=True)
    )
    known, true = _count(whole, known=True), _count(whole, known=False)
    return RuleCount(symbol, rule.role, rule.text, joined, len(evaluator), known, true, clauses)


def _count(masks: Masks | None, *, known: bool) -> int | None:
    return None if masks is None else int(np.count_nonzero(masks.known if known else masks.true))


def _alone(masks: list[Masks | None], *, every: bool) -> list[int | None]:
    """Return on how many bars each clause alone decided; None for all where one is not known in advance."""
    known = [mask for mask in masks if mask is not None]
    if len(known) < len(masks):
        return [None] * len(masks)
    # in an `and` a clause decides alone where it is false and the others true, in an `or` the other way round
    votes = [mask.true if every else mask.false for mask in known]
    agreeing = np.sum(votes, axis=0, dtype=np.int16)
    one_short = agreeing == len(known) - 1
    return [int(np.count_nonzero(one_short & (mask.false if every else mask.true))) for mask in known]

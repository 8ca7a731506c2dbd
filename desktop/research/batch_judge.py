"""Rules answered from whole columns: what the core asks in a backtest instead of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from desktop.domain.errors import ProgramBug
from desktop.domain.market import Bar
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import BoolArray, FloatArray
from desktop.rules.compile import Rule
from desktop.rules.nodes import Node, Verdict
from desktop.rules.terms import NO_POSITION, Judge, PositionColumns, PositionTerms, position_function
from desktop.trading.proposals import StrategyRules

_TRUE, _FALSE, _UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
_SAID = {1.0: _TRUE, 0.0: _FALSE}


class Unexplained:
    """Stands for an explanation in a backtest, where thousands of signals are raised that nobody looks at one by one.

    `BatchEvaluator.explain` gives the same words for any bar, when asked.
    """

    verdict = _UNKNOWN

    def to_dict(self) -> dict[str, Any]:
        """Return nothing: see above."""
        return {}


_UNEXPLAINED = Unexplained()


class BatchJudge:
    """Answers one symbol's rules on the bar at `row`.

    Attributes:
        row: The last closed bar; whoever drives the core sets it before the core is told of the bar.
    """

    def __init__(self, evaluator: BatchEvaluator, rules: StrategyRules) -> None:
        self.row = -1
        self._evaluator = evaluator
        self._answers: dict[int, tuple[bytes, Sequence[int]]] = {}
        self._functions: dict[int, Judge] = {}
        self._rules = [rule for rule in (rules.entry, rules.exit) if rule is not None]
        for rule in self._rules:
            if rule.uses_position:
                self._functions[id(rule)] = position_function(rule.root, self._reader)
            else:
                masks = evaluator.masks(rule)
                known = memoryview(cast("Any", np.ascontiguousarray(masks.known)))  # asked for one by one: no copy
                self._answers[id(rule)] = (as_bytes(masks.true), known)

    def _reader(self, node: Node) -> Any:
        values = self._evaluator.values(node)
        return lambda: float(values[self.row])

    # what the driver looks for ----------------------------------------------------------------------------------
    def candidates(self, rule: Rule) -> bytes:
        """Return a byte for each bar, 1 where the rule may be true; more than that where it has position terms."""
        found = self._answers.get(id(rule))
        return as_bytes(self._evaluator.masks(rule).true) if found is None else found[0]

    def true_between(self, rule: Rule, begin: int, end: int, terms: PositionColumns) -> BoolArray:
        """Return where a rule with position terms is true on bars `begin` up to and without `end`."""
        return self._evaluator.window(rule, begin, end).masks(rule, terms).true

    # what the core asks -------------------------------------------------------------------------------------------
    def verdict(self, rule: Rule, terms: PositionTerms | None = None) -> Verdict:
        """Return what a rule says at `row`."""
        found = self._answers.get(id(rule))
        if found is not None:
            true, known = found
            return _TRUE if true[self.row] else _FALSE if known[self.row] else _UNKNOWN
        value = self._functions[id(rule)](terms or NO_POSITION)
        return _SAID.get(value, _UNKNOWN)

    def peek(self, rule: Rule, forming: Bar, terms: PositionTerms | None = None) -> Verdict:  # noqa: ARG002 - a port
        """Refuse: a backtest on bars has no forming bar (ProgramBug)."""
        raise ProgramBug(f"the rule {rule.text!r} was asked about a forming bar in a backtest on closed bars")

    def explain(self, rule: Rule, terms: PositionTerms | None = None, forming: Bar | None = None) -> Unexplained:  # noqa: ARG002 - a port
        """Return what stands for an explanation here."""
        return _UNEXPLAINED


def as_bytes(mask: BoolArray) -> bytes:
    """Return a mask as one byte a bar: `find` goes through it at the speed of memory."""
    return mask.tobytes()


def position_columns(
    entry_price: float,
    bars_held: int,
    high: float,
    low: float,
    *,
    highs: FloatArray,
    lows: FloatArray,
    closes: FloatArray,
) -> PositionColumns:
    """Return the position terms of a holding over the bars to come, as the core will know them at each close.

    Args:
        entry_price: Average entry price.
        bars_held: Bars closed since the entry fill, before the first of these bars; -1 on the entry bar.
        high: Highest price since the entry so far.
        low: Lowest price.
        highs: High of each bar, shape (n,).
        lows: Low of each bar.
        closes: Close of each bar.
    """
    count = len(closes)
    gain = (closes / entry_price - 1.0) * 100.0 if entry_price else np.zeros(count)
    return PositionColumns(
        np.full(count, entry_price),
        gain,
        np.maximum(np.arange(bars_held + 1, bars_held + 1 + count, dtype=np.float64), 0.0),
        np.maximum(np.maximum.accumulate(highs), high),
        np.minimum(np.minimum.accumulate(lows), low),
    )

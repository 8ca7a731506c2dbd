"""Rules over whole columns: numpy and TA-Lib, one vector pass per node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import numpy as np

from desktop.rules.aggregate import aggregated
from desktop.rules.catalogue import POSITION_WORDS, TIME_WORDS
from desktop.rules.columns import BoolArray, Columns, FloatArray, IntArray
from desktop.rules.compile import Rule
from desktop.rules.explain import Explanation, explain
from desktop.rules.indicators import run_indicator
from desktop.rules.nodes import (
    AllOf,
    AnyOf,
    Between,
    Change,
    Column,
    Compare,
    Cross,
    Elementwise,
    Higher,
    Indicator,
    Node,
    Not,
    Number,
    Output,
    Previous,
    Term,
    free_roots,
    is_condition,
    uses_position,
)
from desktop.rules.operators import NAN, NUMERIC, Masks, all_masks, any_masks, compare_columns, finite, not_masks
from desktop.rules.periods import LocalClock, Periods, time_column
from desktop.rules.terms import PositionColumns, PositionTerms

_AnyArray = TypeVar("_AnyArray", FloatArray, BoolArray)


@dataclass(frozen=True, slots=True, eq=False)
class _HigherBars:
    """Closed bars of a higher timeframe, and for each base bar the last of them that is closed (-1: none)."""

    evaluator: BatchEvaluator
    last_closed: IntArray


class BatchEvaluator:
    """Evaluates nodes over all bars at once; every node is computed once and kept until `clear`.

    Args:
        columns: Closed bars from the series' origin on, oldest first.
        timeframe: Their timeframe.
        zone: Zone of the exchange, for times of day and daily bars.
    """

    def __init__(self, columns: Columns, *, timeframe: str, zone: str = "UTC") -> None:
        self.columns = columns
        self.timeframe = timeframe
        self.clock = LocalClock(zone)
        self._numbers: dict[Node, FloatArray] = {}
        self._conditions: dict[Node, Masks] = {}
        self._indicators: dict[Indicator, tuple[FloatArray, ...]] = {}
        self._higher: dict[str, _HigherBars] = {}
        self._terms: PositionTerms | PositionColumns | None = None

    def __len__(self) -> int:
        return len(self.columns)

    def clear(self) -> None:
        """Forget what was computed; the next question computes it again. Keeps a long sweep small."""
        self._numbers.clear()
        self._conditions.clear()
        self._indicators.clear()
        self._higher.clear()

    @property
    def kept_bytes(self) -> int:
        """Bytes of the columns that were computed and are kept; those of higher timeframes too."""
        columns = sum(column.nbytes for column in self._numbers.values())
        columns += sum(masks.true.nbytes + masks.known.nbytes for masks in self._conditions.values())
        columns += sum(column.nbytes for outputs in self._indicators.values() for column in outputs)
        return columns + sum(bars.evaluator.kept_bytes for bars in self._higher.values())

    # --- Questions -----------------------------------------------------------------------------------------------

    def masks(self, rule: Rule, terms: PositionTerms | PositionColumns | None = None) -> Masks:
        """Return where a rule is true and where it is known; both of shape (n,).

        Without `terms` a rule with position terms over-reports: a clause with such a term counts as possibly true
        and possibly false, so `true` holds every bar on which the rule may be true and never misses one.
        """
        if rule.uses_position and terms is None:
            may_be_true, may_be_false = self._possible(rule.root)
            return Masks(may_be_true, may_be_true | may_be_false)
        return self.condition(rule.root, terms)

    def condition(self, node: Node, terms: PositionTerms | PositionColumns | None = None) -> Masks:
        """Return the masks of any condition; unknown where a position term is unknown."""
        self._terms = terms
        try:
            return self._masks(node)
        finally:
            self._terms = None

    def values(self, node: Node, terms: PositionTerms | PositionColumns | None = None) -> FloatArray:
        """Return a node's values, shape (n,); NaN is unknown. A condition is 1.0, 0.0 or NaN."""
        if is_condition(node):
            masks = self.condition(node, terms)
            return np.where(masks.known, masks.true.astype(np.float64), NAN)
        self._terms = terms
        try:
            return self._values(node)
        finally:
            self._terms = None

    def explain(self, rule: Rule, index: int, terms: PositionTerms | None = None) -> Explanation:
        """Return the explanation of a rule at bar `index`, as the stream gave it when that bar closed."""
        at = range(len(self))[index]

        def read(node: Node) -> float:
            return float(self.values(node, terms)[at])

        return explain(rule, read, at + 1)

    def higher(self, timeframe: str) -> BatchEvaluator:
        """Return the evaluator of a higher timeframe's closed bars."""
        return self._higher_bars(timeframe).evaluator

    def window(self, rule: Rule, begin: int, end: int) -> BatchEvaluator:
        """Return an evaluator of bars `begin` up to and without `end` that answers for one rule as this one does.

        What does not depend on the position is taken from here, so indicators keep the history they have.
        """
        part = BatchEvaluator(self.columns.part(begin, end), timeframe=self.timeframe, zone=self.clock.zone)
        for node in free_roots(rule.root):
            if is_condition(node):
                masks = self.condition(node)
                part._conditions[node] = Masks(masks.true[begin:end], masks.known[begin:end])
            elif not isinstance(node, Number):
                part._numbers[node] = self.values(node)[begin:end]
        return part

    # --- Numbers -------------------------------------------------------------------------------------------------

    def _values(self, node: Node) -> FloatArray:
        found = self._numbers.get(node)
        if found is None:
            found = self._computed(node)
            if self._terms is None or not uses_position(node):
                self._numbers[node] = found
        return found

    def _computed(self, node: Node) -> FloatArray:
        match node:
            case Number(value=value):
                return np.full(len(self), value)
            case Column(name=name):
                return self._column(name)
            case Term(name=name):
                return self._term(name)
            case Indicator() | Output():
                indicator, index = (node, 0) if isinstance(node, Indicator) else (node.indicator, node.index)
                return self._outputs(indicator)[index]
            case Elementwise(operator=sign, operands=operands):
                return NUMERIC[sign].vector(*(self._side(operand) for operand in operands))
            case Previous(operand=operand, bars=bars):
                return _shifted(self._values(operand), bars, NAN)
            case Change(operand=operand, bars=bars):
                now = self._values(operand)
                return NUMERIC["-"].vector(now, _shifted(now, bars, NAN))
            case Higher(timeframe=timeframe, operand=operand):
                bars_above = self._higher_bars(timeframe)
                return _taken(bars_above.evaluator.values(operand), bars_above.last_closed, NAN)
            case _:
                raise TypeError(f"{type(node).__name__} is not a number")

    def _side(self, node: Node) -> FloatArray | float:
        """Return a constant as a number, which spares a column, anything else as its column."""
        return node.value if isinstance(node, Number) else self._values(node)

    def _column(self, name: str) -> FloatArray:
        bars = self.columns
        if name in TIME_WORDS:
            return time_column(name, bars.start + self.clock.offsets(bars.start))
        with np.errstate(all="ignore"):
            match name:
                case "hl2":
                    values = (bars.high + bars.low) / 2.0
                case "hlc3":
                    values = (bars.high + bars.low + bars.close) / 3.0
                case "ohlc4":
                    values = (bars.open + bars.high + bars.low + bars.close) / 4.0
                case _:
                    values = np.ascontiguousarray(getattr(bars, name), dtype=np.float64)
        return finite(values)

    def _term(self, name: str) -> FloatArray:
        if name not in POSITION_WORDS or self._terms is None:
            return np.full(len(self), NAN)
        values = np.asarray(getattr(self._terms, name), dtype=np.float64)
        return finite(np.broadcast_to(values, (len(self),)).copy())

    # --- Indicators ----------------------------------------------------------------------------------------------

    def _outputs(self, node: Indicator) -> tuple[FloatArray, ...]:
        found = self._indicators.get(node)
        if found is None:
            found = run_indicator(node, [self._values(operand) for operand in node.inputs])
            self._indicators[node] = found
        return found

    # --- Conditions ----------------------------------------------------------------------------------------------

    def _masks(self, node: Node) -> Masks:
        found = self._conditions.get(node)
        if found is None:
            found = self._judged(node)
            if self._terms is None or not uses_position(node):
                self._conditions[node] = found
        return found

    def _judged(self, node: Node) -> Masks:
        match node:
            case Compare(operator=sign, left=left, right=right):
                first = self._values(left) if isinstance(right, Number) else self._side(left)
                return compare_columns(sign, first, self._side(right))
            case Between(operand=operand, low=low, high=high):
                values = self._values(operand)
                above = compare_columns(">=", values, self._side(low))
                return all_masks([above, compare_columns("<=", values, self._side(high))])
            case Cross():
                return self._crossed(node)
            case Not(operand=operand):
                return not_masks(self._masks(operand))
            case AllOf(parts=parts):
                return all_masks([self._masks(part) for part in parts])
            case AnyOf(parts=parts):
                return any_masks([self._masks(part) for part in parts])
            case Previous(operand=operand, bars=bars):
                masks = self._masks(operand)
                return Masks(_shifted(masks.true, bars, False), _shifted(masks.known, bars, False))
            case Higher(timeframe=timeframe, operand=operand):
                bars_above = self._higher_bars(timeframe)
                masks = bars_above.evaluator.condition(operand)
                place = bars_above.last_closed
                return Masks(_taken(masks.true, place, False), _taken(masks.known, place, False))
            case _:
                raise TypeError(f"{type(node).__name__} is not a condition")

    def _crossed(self, node: Cross) -> Masks:
        left, right = self._values(node.left), self._values(node.right)
        now = compare_columns(">" if node.above else "<", left, right)
        before = compare_columns("<=" if node.above else ">=", left, right)
        was_true, was_known = _shifted(before.true, 1, False), _shifted(before.known, 1, False)
        return Masks(now.true & was_true, now.known & was_known)

    def _possible(self, node: Node) -> tuple[BoolArray, BoolArray]:
        """Return where a condition may be true and where it may be false, whatever the position."""
        if not uses_position(node):
            masks = self._masks(node)
            return masks.true, masks.false
        match node:
            case Not(operand=operand):
                may_be_true, may_be_false = self._possible(operand)
                return may_be_false, may_be_true
            case AllOf(parts=parts):
                possible = [self._possible(part) for part in parts]
                return _every(true for true, _ in possible), _some(false for _, false in possible)
            case AnyOf(parts=parts):
                possible = [self._possible(part) for part in parts]
                return _some(true for true, _ in possible), _every(false for _, false in possible)
            case _:
                always = np.ones(len(self), dtype=np.bool_)
                return always, always

    # --- Higher timeframes ---------------------------------------------------------------------------------------

    def _higher_bars(self, timeframe: str) -> _HigherBars:
        found = self._higher.get(timeframe)
        if found is None:
            bars, last_closed = aggregated(self.columns, self.timeframe, Periods(timeframe, self.clock))
            evaluator = BatchEvaluator(bars, timeframe=timeframe, zone=self.clock.zone)
            found = self._higher[timeframe] = _HigherBars(evaluator, last_closed)
        return found


def _every(columns: Iterable[BoolArray]) -> BoolArray:
    return reduce(np.logical_and, columns)


def _some(columns: Iterable[BoolArray]) -> BoolArray:
    return reduce(np.logical_or, columns)


def _shifted(values: _AnyArray, bars: int, fill: float) -> _AnyArray:
    result = np.full_like(values, fill)
    if bars < len(values):
        result[bars:] = values[:-bars]
    return result


def _taken(values: _AnyArray, index: IntArray, fill: float) -> _AnyArray:
    result = np.full(index.shape, fill, dtype=values.dtype)
    known = index >= 0
    result[known] = values[index[known]]
    return result

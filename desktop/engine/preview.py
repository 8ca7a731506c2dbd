"""What a strategy's rules say on a whole history: indicators, where each rule is true, and why at any bar of it.

Computed once, off the loop (`look_over` is a job for a process of its own); asking about a bar then takes microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from desktop.domain.errors import UserMistake
from desktop.domain.market import timeframe_us
from desktop.domain.strategies import Strategy
from desktop.engine.charts import indicator_lines
from desktop.engine.views import IndicatorLine
from desktop.rules.aggregate import aggregated
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import BoolArray, Columns, FloatArray, IntArray
from desktop.rules.compile import Rule
from desktop.rules.explain import Explanation, explain
from desktop.rules.nodes import Higher, Node, Number, Previous, children, is_condition, uses_position
from desktop.rules.periods import LocalClock, Periods
from desktop.rules.terms import NO_POSITION, PositionTerms, position_function
from desktop.trading.proposals import StrategyRules

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class RuleOnHistory:
    """One rule on n bars.

    Attributes:
        rule: The rule.
        begins: Bars at whose close it became true, rising, shape (m,). Of a rule with position terms: none, since it
            says nothing without a position.
        lengths: How many bars in a row it then stayed true, shape (m,).
        values: What its clauses look at, bar by bar; every array of shape (n,), NaN is unknown.
    """

    rule: Rule
    begins: IntArray
    lengths: IntArray
    values: Mapping[Node, FloatArray]

    def explain(self, index: int, terms: PositionTerms = NO_POSITION) -> Explanation:
        """Return the rule clause by clause at the close of bar `index`, for a position held then."""

        def read(node: Node) -> float:
            if isinstance(node, Number):
                return node.value
            column = self.values.get(node)
            if column is not None:
                return float(column[index])
            return position_function(node, lambda part: lambda: read(part))(terms)

        return explain(self.rule, read, index + 1)


@dataclass(frozen=True, slots=True, eq=False)
class StrategyOnHistory:
    """A strategy's rules on n bars of its timeframe.

    Attributes:
        bars: The bars; None: those that were given, which have the strategy's timeframe already.
        indicators: What a chart draws, every line of shape (n,).
        entry: The entry rule.
        exit: The exit rule; None: there is none.
    """

    bars: Columns | None
    indicators: tuple[IndicatorLine, ...]
    entry: RuleOnHistory
    exit: RuleOnHistory | None


def bars_of_timeframe(columns: Columns, timeframe: str, wanted: str, zone: str = "UTC") -> Columns:
    """Return bars of the wanted timeframe, put together from shorter ones.

    Raises:
        UserMistake: the bars are longer than that, or do not fill it evenly, or not one of it has closed.
    """
    if timeframe == wanted:
        return columns
    if timeframe_us(wanted) % timeframe_us(timeframe):
        raise UserMistake(
            f"The bars of this history are {timeframe}; bars of {wanted} cannot be made of them. "
            f"Choose {timeframe} or a longer timeframe for the strategy, or another history."
        )
    bars, _ = aggregated(columns, timeframe, Periods(wanted, LocalClock(zone)))
    if not len(bars):
        raise UserMistake(f"This history ends before a bar of {wanted} has closed. Choose a shorter timeframe.")
    return bars


def look_over(
    strategy: Strategy, columns: Columns, timeframe: str, zone: str, *, progress: Progress = lambda _: None
) -> StrategyOnHistory:
    """Return what a strategy's rules say on a history.

    Args:
        strategy: Saved or not.
        columns: Closed bars, oldest first.
        timeframe: Theirs; the strategy's own or a shorter one.
        zone: Zone of the exchange.
        progress: Told the share that is done; may raise to end the work.

    Raises:
        RuleError: a rule cannot be compiled.
        UserMistake: the bars cannot be brought to the strategy's timeframe.
    """
    rules = StrategyRules.of(strategy)
    bars = bars_of_timeframe(columns, timeframe, strategy.timeframe, zone)
    progress(0.1)
    batch = BatchEvaluator(bars, timeframe=strategy.timeframe, zone=zone)
    entry = _on_history(rules.entry, batch)
    progress(0.5)
    leave = _on_history(rules.exit, batch) if rules.exit is not None else None
    progress(0.8)
    both = (rules.entry,) if rules.exit is None else (rules.entry, rules.exit)
    lines = indicator_lines(both, batch, len(bars))
    return StrategyOnHistory(None if bars is columns else bars, lines, entry, leave)


def _on_history(rule: Rule, batch: BatchEvaluator) -> RuleOnHistory:
    values = {node: _column(batch, node) for node in dict.fromkeys(_needed(rule.root))}
    nothing: BoolArray = np.zeros(len(batch), dtype=np.bool_)
    begins, lengths = _runs(nothing if rule.uses_position else batch.masks(rule).true)
    return RuleOnHistory(rule, begins, lengths, values)


def _column(batch: BatchEvaluator, node: Node) -> FloatArray:
    found = batch.values(node)
    # a condition is 1, 0 or NaN: half the room says the same
    return found.astype(np.float32) if is_condition(node) else found


def _needed(node: Node) -> Iterator[Node]:
    """Yield what an explanation reads: conditions and their sides, without what is inside of an indicator."""
    if isinstance(node, Number):
        return
    held = uses_position(node)
    if not held:
        yield node
    if isinstance(node, (Previous, Higher)):
        return  # their parts belong to other bars
    if held or is_condition(node):
        for child in children(node):
            yield from _needed(child)


def _runs(true: BoolArray) -> tuple[IntArray, IntArray]:
    """Return where runs of true bars begin and how long they last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).view(np.int8)))
    begins, ends = edges[::2].astype(np.int64), edges[1::2].astype(np.int64)
    return begins, ends - begins

"""Charts and curves for the window: bars with the rule's indicators, fills, levels; equity with benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.orders import Side
from desktop.engine.views import ChartView, EquityView, FillMark, IndicatorLine
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.domain.fills import Fill
    from desktop.engine.runner import SessionRunner
    from desktop.rules.compile import Rule

BARS_SHOWN = 1_500
EMPTY = Columns.of(())


class ChartMaker:
    """Makes chart views; the indicator lines of a symbol are computed once per closed bar."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], tuple[tuple[int, int], int, tuple[IndicatorLine, ...]]] = {}

    def chart(self, runner: SessionRunner, symbol: str) -> ChartView:
        """Return everything a chart of the symbol draws now."""
        settings, core = runner.settings, runner.unit.core
        bars = runner.market.bars(symbol)
        shown = bars.part(max(0, len(bars) - BARS_SHOWN), len(bars))
        return ChartView(
            session_id=settings.session_id,
            instrument=settings.instrument(symbol),
            timeframe=settings.strategy.timeframe,
            bars=shown,
            forming=runner.market.forming(symbol),
            indicators=self._indicators(runner, symbol, bars, len(shown)),
            fills=tuple(_mark(fill) for fill in runner.book.fills if fill.symbol == symbol),
            triggers=tuple(item for item in core.triggers.values() if item.symbol == symbol),
            position=core.positions.get(symbol),
            working=tuple(order for order in core.orders.values() if order.symbol == symbol),
        )

    def forget(self, session_id: str) -> None:
        """Drop what was kept for a session."""
        for key in [key for key in self._lines if key[0] == session_id]:
            del self._lines[key]

    def _indicators(self, runner: SessionRunner, symbol: str, bars: Columns, shown: int) -> tuple[IndicatorLine, ...]:
        if not len(bars):
            return ()
        key = (runner.session_id, symbol)
        span = int(bars.start[-shown]), int(bars.start[-1])  # both move when missed bars are filled in between
        kept = self._lines.get(key)
        if kept is not None and kept[:2] == (span, shown):
            return kept[2]
        batch = BatchEvaluator(bars, timeframe=runner.timeframe, zone=runner.market.zone(symbol))
        found = indicator_lines(runner.rules, batch, shown)
        self._lines[key] = (span, shown, found)
        return found


def indicator_lines(rules: Iterable[Rule], batch: BatchEvaluator, shown: int) -> tuple[IndicatorLine, ...]:
    """Return what a chart draws of a strategy's rules over the last `shown` bars, each line once."""
    lines: list[IndicatorLine] = []
    seen: set[str] = set()
    for rule in rules:
        lines.extend(_lines_of(rule, batch, shown, seen))
    return tuple(_merged(lines))


def _lines_of(rule: Rule, batch: BatchEvaluator, shown: int, seen: set[str]) -> list[IndicatorLine]:
    lines = []
    for drawn in rule.indicators:
        if drawn.markers:
            continue
        for label, node in drawn.lines:
            name = drawn.name if len(drawn.lines) == 1 else f"{drawn.name}.{label}"
            values = batch.values(node)[-shown:] if name not in seen else np.empty(0)
            seen.add(name)
            lines.append(IndicatorLine(name, values, overlay=drawn.overlay, group=drawn.name, levels=drawn.levels))
    return lines


def _merged(lines: list[IndicatorLine]) -> list[IndicatorLine]:
    """Entry and exit rule often use the same indicator with levels of their own: one line with both levels."""
    levels: dict[str, dict[float, None]] = {}
    for line in lines:
        levels.setdefault(line.group, {}).update(dict.fromkeys(line.levels))
    return [
        IndicatorLine(line.name, line.values, line.overlay, line.group, tuple(levels[line.group]))
        for line in lines
        if line.values.size
    ]


def _mark(fill: Fill) -> FillMark:
    verb = "Bought" if fill.side is Side.BUY else "Sold"
    return FillMark(
        fill.at, float(fill.price), fill.side, fill.quantity, f"{verb} {fill.quantity:,f} at {fill.price:,f}"
    )


def equity_view(runner: SessionRunner) -> EquityView:
    """Return a session's curve with its benchmark rebased to the starting cash."""
    points = runner.book.equity
    settings = runner.settings
    start = float(settings.cash)
    equity = np.array([float(point.equity) for point in points], dtype=np.float64)
    prices = np.array([point.benchmark for point in points], dtype=np.float64)
    known = prices > 0
    benchmark = np.full(len(points), np.nan)
    if known.any():
        benchmark[known] = prices[known] / prices[known][0] * start
    peak = np.maximum.accumulate(np.maximum(equity, start)) if len(points) else equity
    return EquityView(
        session_id=settings.session_id,
        at=np.array([point.at for point in points], dtype=np.int64),
        equity=equity,
        benchmark=benchmark,
        drawdown=equity / peak - 1 if len(points) else equity,
        benchmark_name=settings.benchmark if known.any() else "",
        currency=settings.currency,
    )

"""Walk-forward: parameters are chosen on one stretch of bars and tried on the next, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import SessionSettings
from desktop.research.backtest import Market
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.dispatch import Cancelled, Dispatch
from desktop.research.grid import Grid
from desktop.research.metrics import Metrics, measure
from desktop.research.ranking import best_of, check_metric
from desktop.research.sweep import SweepProgress, context_of, ordered
from desktop.research.trading_days import trading_days
from desktop.research.variant import Detail, Outcome, Task, VariantResult
from desktop.research.windows import Window, WindowPlan, bars_between, windows_of

if TYPE_CHECKING:
    from desktop.rules.columns import FloatArray, IntArray

MAX_RUNS = 500_000


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One window: what was chosen in sample and what it did afterwards.

    Attributes:
        window: Its edges.
        in_bars: Bars (of any symbol) on which the parameters were chosen.
        out_bars: Bars on which they were tried.
        chosen: The best variant in sample; None where no variant had the metric, and nothing was traded afterwards.
        result: The same variant out of sample; None likewise.
    """

    window: Window
    in_bars: int
    out_bars: int
    chosen: VariantResult | None
    result: VariantResult | None

    @property
    def efficiency(self) -> float | None:
        """Return a bar out of sample over that in sample; None where the latter is not above zero."""
        return _efficiency([self])


@dataclass(frozen=True, slots=True, eq=False)
class WalkForwardResult:
    """What a walk-forward found.

    A window starts flat with the money the one before it ended with; a holding at its end is valued at the last close
    and an order still working is dropped, so what the change of parameters would cost is not in the curve.

    Attributes:
        settings: The session with the strategy as it was before its parameters were varied.
        grid: Parameters and values.
        plan: How the bars were divided.
        metric: What the variants were chosen by.
        windows: One row for each, oldest first.
        start: µs UTC, start of each out-of-sample bar of any symbol; strictly rising, shape (n,).
        equity: At the close of each of these bars, all windows in a row; shape (n,).
        metrics: Of this curve.
        trades: Out of sample.
        efficiency: Return a bar out of sample over that in sample, of all windows (Pardo, The Evaluation and
            Optimization of Trading Strategies, 2008, calls a yearly one the walk-forward efficiency); None where the
            in-sample return is not above zero.
        tried: Variants tried in each window.
        failed: Variants that could not run in the first window, with their sentences.
        run_seconds: From columns in memory to this result.
    """

    settings: SessionSettings
    grid: Grid
    plan: WindowPlan
    metric: str
    windows: tuple[WindowResult, ...]
    start: IntArray
    equity: FloatArray
    metrics: Metrics
    trades: tuple[ClosedTrade, ...]
    efficiency: float | None
    tried: int
    failed: tuple[VariantResult, ...]
    run_seconds: float

    @property
    def final_equity(self) -> Decimal:
        """What the money came to at the end of the last window, exact."""
        left = self.settings.cash
        for row in self.windows:
            if row.result is not None and not row.result.failure:
                left = row.result.equity
        return left

    @property
    def warning(self) -> str:
        """What to bear in mind."""
        return (
            f"In each of {len(self.windows):,} windows the parameters are the best of {self.tried:,} tried variants: "
            "only the out-of-sample figures count. A plan of windows that was chosen because it looked good is one "
            "more choice on the same bars."
        )


def run_walk_forward(
    settings: SessionSettings,
    market: Market,
    grid: Grid,
    plan: WindowPlan,
    *,
    metric: str = "sharpe",
    crew: CrewOpener | None = None,
    progress: Callable[[SweepProgress], None] | None = None,
    cancelled: Cancelled | None = None,
    chunk: int | None = None,
) -> WalkForwardResult:
    """Choose parameters on each window and try them on the bars after it.

    Indicators keep the history before a window, from the first bar on; nothing looks at a bar after it. Blocks until it
    is done; arguments and errors are those of `sweep.run_sweep`.

    Args:
        settings: As of a backtest; its cash starts each in-sample run and the first out-of-sample one.
        market: Bars and hours of each symbol.
        grid: Which values to try.
        plan: How the bars are divided.
        metric: What the best variant of a window is chosen by.
        crew: Who runs it; None: a process for each processor of this machine.
        progress: Told after each chunk; `best` is None, as each window has its own.
        cancelled: Asked twenty times a second whether to stop.
        chunk: Runs handed over at a time; chosen when not given.

    Raises:
        FieldError: metric, parameters, settings or plan cannot be right.
    """
    began = time.perf_counter()
    check_metric(metric)
    context = context_of(settings, market, grid)
    starts = [bars.start for bars in market.columns.values()]
    start: IntArray = starts[0] if len(starts) == 1 else np.unique(np.concatenate(starts))
    windows = windows_of(start, plan)
    if len(windows) * len(grid) > MAX_RUNS:
        raise FieldError(
            "--walk-forward",
            f"{len(grid):,} variants in {len(windows):,} windows are {len(windows) * len(grid):,} runs, the most is "
            f"{MAX_RUNS:,}. Take fewer variants or longer windows.",
        )
    with (crew or local_crew())(context) as opened:
        walk = _Walk(settings, grid, windows, metric, progress)
        dispatch = Dispatch(opened, walk.take, cancelled, chunk)
        tasks = [
            Task(number, values, window.begin, window.middle)
            for number, values in ordered(grid, settings.strategy)
            for window in windows
        ]
        dispatch.run(tasks)
        rows, details = walk.try_out(start, lambda task: dispatch.run([task]))
    return _stitched(settings, market, grid, plan, metric, rows, details, walk.failed, began)


class _Walk:
    """Gathers what comes back, and chains the windows."""

    def __init__(
        self,
        settings: SessionSettings,
        grid: Grid,
        windows: Sequence[Window],
        metric: str,
        progress: Callable[[SweepProgress], None] | None,
    ) -> None:
        self._settings, self._grid, self._windows, self._metric = settings, grid, windows, metric
        self._progress = progress
        self._by_middle: dict[int, list[VariantResult]] = {window.middle: [] for window in windows}
        self._out: Outcome | None = None
        self._done = 0

    @property
    def failed(self) -> tuple[VariantResult, ...]:
        """Variants that failed in the first window."""
        first = self._by_middle[self._windows[0].middle]
        return tuple(sorted((item for item in first if item.failure), key=lambda item: item.number))

    def take(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.task.detailed:
                self._out = outcome
            elif outcome.task.end is not None:
                self._by_middle[outcome.task.end].append(outcome.result)
        self._done += len(outcomes)
        if self._progress is not None:
            total = len(self._windows) * (len(self._grid) + 1)
            self._progress(SweepProgress(self._done, total, None, len(self.failed)))

    def try_out(self, start: IntArray, run: Callable[[Task], None]) -> tuple[list[WindowResult], list[Detail]]:
        """Run the chosen variants one after the other, each with the money the last one left."""
        cash = self._settings.cash
        rows: list[WindowResult] = []
        details: list[Detail] = []
        for window in self._windows:
            chosen = best_of(self._by_middle[window.middle], self._metric)
            found: Outcome | None = None
            if chosen is not None and cash > ZERO:
                values = tuple(chosen.parameters[name] for name in self._grid.names)
                run(Task(chosen.number, values, window.middle, window.end, cash, detailed=True))
                found = self._out
            detail = _flat(start, window, cash) if found is None or found.detail is None else found.detail
            result = None if found is None else found.result
            rows.append(
                WindowResult(
                    window,
                    bars_between(start, window.begin, window.middle),
                    bars_between(start, window.middle, window.end),
                    chosen,
                    result,
                )
            )
            details.append(detail)
            cash = cash if result is None or result.failure else result.equity
        return rows, details


def _flat(start: IntArray, window: Window, cash: Decimal) -> Detail:
    """Return what it is not to trade in a window."""
    part = start[np.searchsorted(start, window.middle) : np.searchsorted(start, window.end)]
    return Detail(part, np.full(len(part), float(cash)), 0, (), ZERO, ZERO)


def _stitched(
    settings: SessionSettings,
    market: Market,
    grid: Grid,
    plan: WindowPlan,
    metric: str,
    rows: Sequence[WindowResult],
    details: Sequence[Detail],
    failed: tuple[VariantResult, ...],
    began: float,
) -> WalkForwardResult:
    start: IntArray = np.concatenate([detail.start for detail in details])
    equity: FloatArray = np.concatenate([detail.equity for detail in details])
    trades = tuple(trade for detail in details for trade in detail.trades)
    hours = market.hours[settings.instruments[0].symbol]
    metrics = measure(
        equity,
        trading_days(start, day_of=None if hours.name in ("always", "24/7") else hours.trading_day),
        starting_cash=settings.cash,
        trades=trades,
        held=sum(detail.held for detail in details),
        fees=sum((detail.fees for detail in details), ZERO),
        traded_value=sum((detail.traded_value for detail in details), ZERO),
    )
    return WalkForwardResult(
        settings=settings,
        grid=grid,
        plan=plan,
        metric=metric,
        windows=tuple(rows),
        start=start,
        equity=equity,
        metrics=metrics,
        trades=trades,
        efficiency=_efficiency(rows),
        tried=len(grid) - len(failed),
        failed=failed,
        run_seconds=time.perf_counter() - began,
    )


def _efficiency(rows: Sequence[WindowResult]) -> float | None:
    """Return the mean return a bar out of sample over that in sample."""
    inside = outside = 0.0
    in_bars = out_bars = 0
    for row in rows:
        chosen, result = row.chosen, row.result
        if chosen is None or chosen.metrics is None or result is None or result.metrics is None:
            continue
        inside += chosen.metrics.total_return or 0.0
        outside += result.metrics.total_return or 0.0
        in_bars, out_bars = in_bars + row.in_bars, out_bars + row.out_bars
    if inside <= 0 or not out_bars:
        return None
    return (outside / out_bars) / (inside / in_bars)

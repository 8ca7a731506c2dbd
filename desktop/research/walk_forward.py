"""Walk-forward: parameters are chosen on one stretch of bars and tried on the next, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.money import ZERO
from desktop.domain.sessions import SessionSettings
from desktop.research.backtest import Market
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.dispatch import Cancelled, Dispatch
from desktop.research.grid import Grid
from desktop.research.metrics import measure
from desktop.research.pace import Outlook
from desktop.research.ranking import best_of, check_metric
from desktop.research.sweep import SweepProgress, context_of, ordered
from desktop.research.trading_days import trading_days
from desktop.research.variant import Detail, Outcome, Task, VariantResult
from desktop.research.walk_result import WalkForwardResult, WindowResult, efficiency_of
from desktop.research.windows import Window, WindowPlan, bars_between, left_out, windows_of

if TYPE_CHECKING:
    from desktop.rules.columns import FloatArray, IntArray

MAX_RUNS = 500_000


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
        walk = _Walk(settings, grid, windows, metric, progress, _missing(market, windows))
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
        missing: Sequence[tuple[str, ...]],
    ) -> None:
        self._settings, self._grid, self._windows, self._metric = settings, grid, windows, metric
        self._progress, self._missing = progress, missing
        self._by_middle: dict[int, list[VariantResult]] = {window.middle: [] for window in windows}
        self._out: Outcome | None = None
        self._done = 0
        self._total = len(windows) * (len(grid) + 1)
        self._outlook = Outlook(self._total)

    @property
    def failed(self) -> tuple[VariantResult, ...]:
        """Variants that failed in the first window that has bars of every symbol."""
        whole = (window for window, lacking in zip(self._windows, self._missing, strict=True) if not lacking)
        first = self._by_middle[next(whole, self._windows[0]).middle]
        return tuple(sorted((item for item in first if item.failure), key=lambda item: item.number))

    def take(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.task.detailed:
                self._out = outcome
            elif outcome.task.end is not None:
                self._by_middle[outcome.task.end].append(outcome.result)
        self._done += len(outcomes)
        if self._progress is not None:
            left = self._outlook.left(self._done)
            self._progress(SweepProgress(self._done, self._total, None, len(self.failed), left))

    def try_out(self, start: IntArray, run: Callable[[Task], None]) -> tuple[list[WindowResult], list[Detail]]:
        """Run the chosen variants one after the other, each with the money the last one left."""
        cash = self._settings.cash
        rows: list[WindowResult] = []
        details: list[Detail] = []
        for window, missing in zip(self._windows, self._missing, strict=True):
            chosen = best_of(self._by_middle[window.middle], self._metric)
            found: Outcome | None = None
            if chosen is not None and cash > ZERO and not missing:
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
                    missing,
                )
            )
            details.append(detail)
            cash = cash if result is None or result.failure else result.equity
        return rows, details


def _missing(market: Market, windows: Sequence[Window]) -> list[tuple[str, ...]]:
    """Return for each window the symbols that have no bars in its in-sample or in its out-of-sample part."""
    return [
        tuple(
            symbol
            for symbol, bars in market.columns.items()
            if not bars_between(bars.start, window.begin, window.middle)
            or not bars_between(bars.start, window.middle, window.end)
        )
        for window in windows
    ]


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
        efficiency=efficiency_of(rows),
        tried=len(grid) - len(failed),
        failed=failed,
        run_seconds=time.perf_counter() - began,
        left_out=left_out(np.unique(np.concatenate([bars.start for bars in market.columns.values()])), plan),
    )


__all__ = ["WalkForwardResult", "WindowResult", "run_walk_forward"]

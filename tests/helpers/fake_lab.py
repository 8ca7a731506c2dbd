"""A lab for tests of panels: it answers at once, or when it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

import numpy as np

from desktop import __version__
from desktop.domain.errors import AssayError, FieldError, NotFound
from desktop.domain.evidence import Evidence
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, FeedOrigin
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategies import Strategy
from desktop.domain.trials import Trial
from desktop.research.api import SIMULATED, BacktestDraft, DataChoice, DataRef, Lab, WorkCancelled
from desktop.research.deflated import DeflatedSharpe
from desktop.research.lab_checks import grid_of
from desktop.research.lab_data import symbol_of
from desktop.research.lab_views import ChartData, Curve, ReportView, Reproduction, WalkForwardView
from desktop.research.metrics import Metrics
from desktop.research.monthly import YearReturns
from desktop.research.statistics import ClauseCount, RuleCount
from desktop.research.sweep import SweepProgress, SweepResult
from desktop.research.trial import trial_of_sweep
from desktop.research.variant import VariantResult
from desktop.research.walk_forward import WalkForwardResult, WindowResult
from desktop.research.windows import Window, parse_plan
from desktop.rules.columns import Columns
from desktop.rules.nodes import Role

T = TypeVar("T")
D = Decimal
START = 1_577_836_800_000_000  # 2020-01-01
STORED_AT = 1_795_000_000_000_000
CROSS = Strategy(
    "Cross", "1h", "crosses_above(sma(fast), sma(slow)) and rsi(14) < 70", "crosses_below(sma(fast), sma(slow))",
    parameters={"fast": D(10), "slow": D(30)},
)  # fmt: skip
NOVA = DataChoice(DataRef("NOVA", SIMULATED), "NOVA Nova Grid Energy (simulated)", "bars", "", "USD")
SPY = DataChoice(
    DataRef("SPY", "series:1"), "SPY 1h, spy_1h.csv", "bars", "1h", "USD", START, START + 40_831 * HOUR, 40_832
)


class FakeWork(Generic[T]):
    """Work that ends when the test says so."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    @property
    def done(self) -> bool:
        return self.future.done()

    def cancel(self) -> None:
        if not self.done:
            self.future.set_exception(WorkCancelled(self.what))

    def __await__(self) -> Generator[Any, None, T]:
        return asyncio.shield(self.future).__await__()


def metrics(total: float = 0.1234, sharpe: float | None = 1.08) -> Metrics:
    """Return the metrics of a run."""
    return Metrics(
        total_return=total, cagr=0.041, sharpe=sharpe, sortino=1.51, max_drawdown=-0.0871, volatility=0.112,
        var_95=-0.0098, exposure=0.43, win_rate=0.56, profit_factor=1.42, expectancy=41.13, average_holding=86_400.0,
        turnover=31.4, trade_count=3, fees=D("123.45"), return_count=500, periods_per_year=252,
    )  # fmt: skip


def settings_of(draft: BacktestDraft) -> SessionSettings:
    """Return the settings of a draft."""
    items = tuple(Instrument(ref.symbol, currency=draft.currency) for ref in draft.data)
    simulated = any(ref.source == SIMULATED for ref in draft.data)
    return SessionSettings(
        session_id="f" * 32, name=draft.strategy.name, strategy=draft.strategy, strategy_version="0123456789ab",
        instruments=items, cash=draft.cash, currency=draft.currency, mode=ExecutionMode.AUTO,
        feed="history:" + "|".join(ref.source for ref in draft.data),
        origin=FeedOrigin.DEMO if simulated else FeedOrigin.REPLAY, limits=draft.limits, hours=draft.hours,
        fills=draft.fills, seed=draft.seed, benchmark=items[0].symbol,
    )  # fmt: skip


def trades_of(symbol: str, count: int = 3) -> tuple[ClosedTrade, ...]:
    """Return closed trades, gains and losses in turn."""
    return tuple(
        ClosedTrade(
            f"t{number}", "f" * 32, "paper", symbol, D(10), START + number * 50 * HOUR, D("100.00"),
            START + (number * 50 + 20) * HOUR, D("104.00") - number * 3, D(40) - number * 30, D("1.50"), 20,
            "rule" if number % 2 == 0 else "stop loss",
        )
        for number in range(count)
    )  # fmt: skip


def curve_of(points: int = 800, cash: float = 100_000.0) -> Curve:
    """Return a curve with its benchmark."""
    steps = np.arange(points, dtype=np.float64)
    equity = cash * (1 + 0.12 * steps / points + 0.02 * np.sin(steps / 25))
    fall = equity / np.maximum.accumulate(equity) - 1
    at = START + np.arange(points, dtype=np.int64) * HOUR
    return Curve(at, equity, fall, cash * (1 + 0.08 * steps / points), "SPY")


def report_of(draft: BacktestDraft, *, created_at: int = STORED_AT) -> ReportView:
    """Return a whole report."""
    settings = settings_of(draft)
    symbol = settings.instruments[0].symbol
    key = f"{abs(hash((draft.strategy.name, draft.seed, draft.fills.kind.value))):016x}" * 4
    evidence = Evidence(
        key=key, settings=settings, fingerprints=("ab" * 32,) * len(draft.data),
        files=tuple(ref.source for ref in draft.data), program=__version__, began=START, ended=START + 800 * HOUR,
        bars=800, metrics=metrics(0.1234 + draft.seed / 1000).as_dict(), trades=3, cash=D("112340.00"),
        equity=D("112340.00"), fees=D("123.45"), digest="cd" * 32, created_at=created_at,
    )  # fmt: skip
    clauses = (
        ClauseCount("crosses_above(sma(fast), sma(slow))", 771, 20, 700),
        ClauseCount("rsi(14) < 70", 786, 700, 4),
    )
    rules = (
        RuleCount(symbol, Role.ENTRY, draft.strategy.entry, "and", 800, 771, 16, clauses),
        RuleCount(symbol, Role.EXIT, draft.strategy.exit, "", 800, 771, 19, ()),
    )
    months = tuple(0.031 - 0.007 * number if number < 9 else None for number in range(12))
    return ReportView(
        evidence=evidence, curve=curve_of(), trades=trades_of(symbol),
        monthly=(YearReturns(2020, months, 0.045), YearReturns(2021, tuple(reversed(months)), -0.021)), rules=rules,
        blocks={"no cash": 4}, signals=35, orders=31, open_positions=1, dropped={}, warnings=(), run_seconds=0.158,
        place="/kept",
    )  # fmt: skip


class FakeLab:
    """Implements `Lab`.

    Attributes:
        calls: (name, arguments) of what was asked, in order.
        refuse: Raised by the next work that is started.
        hold: Whether work waits for `release`.
        kept: What is stored, newest first.
        silent: Why the next runs close no trade; empty: they close some.
        tried: What was tried, newest first.
    """

    def __init__(self, *, empty: bool = False) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.refuse: AssayError | None = None
        self.hold = False
        self.kept: list[ReportView] = []
        self.choices: list[DataChoice] = [NOVA] if empty else [SPY, NOVA]
        self.identical = True
        self.silent: tuple[str, ...] = ()
        self.mistakes: tuple[FieldError, ...] = ()
        self.told: Callable[[Any], None] | None = None
        self.tried: list[Trial] = []
        self._waiting: list[tuple[FakeWork[Any], Callable[[], Any]]] = []

    # how tests steer it --------------------------------------------------------------------------------------
    def release(self) -> None:
        """End all work that waits."""
        waiting, self._waiting = self._waiting, []
        for work, make in waiting:
            if not work.done:
                work.future.set_result(make())

    def names(self) -> list[str]:
        """Return the names of what was asked."""
        return [name for name, _ in self.calls]

    def _work(self, name: str, arguments: Any, make: Callable[[], T]) -> FakeWork[T]:
        self.calls.append((name, arguments))
        work: FakeWork[T] = FakeWork(name)
        if self.refuse is not None:
            work.future.set_exception(self.refuse)
            self.refuse = None
        elif self.hold:
            self._waiting.append((work, make))
        else:
            work.future.set_result(make())
        return work

    # the Protocol --------------------------------------------------------------------------------------------
    async def data(self) -> Sequence[DataChoice]:
        return tuple(self.choices)

    async def look_at(self, path: str) -> DataChoice:
        self.calls.append(("look_at", path))
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        symbol = symbol_of(path)
        return replace(SPY, ref=DataRef(symbol, f"file:{path}"), title=f"{symbol} 1h, {path.rpartition('/')[2]}")

    def check(self, draft: BacktestDraft) -> Sequence[FieldError]:
        if draft.cash <= 0:
            return (FieldError("cash", "must be an amount above zero."), *self.mistakes)
        return self.mistakes

    def start_backtest(
        self, draft: BacktestDraft, *, keep: bool = True, on_progress: Callable[[float], None] | None = None
    ) -> FakeWork[ReportView]:
        self.told = on_progress

        def make() -> ReportView:
            view = report_of(draft, created_at=STORED_AT + len(self.kept) if keep else 0)
            if self.silent:
                evidence = replace(view.evidence, trades=0)
                view = replace(view, evidence=evidence, trades=(), no_trades=self.silent)
            if keep:
                self.kept.insert(0, view)
            return view

        return self._work("start_backtest", draft, make)

    async def stored(self) -> Sequence[Evidence]:
        return [view.evidence for view in self.kept]

    async def trials(self) -> Sequence[Trial]:
        return tuple(self.tried)

    def _one(self, key: str) -> ReportView:
        for view in self.kept:
            if view.evidence.key == key:
                return view
        raise NotFound("backtest", key, "")

    async def load(self, key: str) -> ReportView:
        view = self._one(key)
        return replace(view, monthly=None, rules=None, blocks=None, signals=None, orders=None, place="")

    def reproduce(self, key: str, *, on_progress: Callable[[float], None] | None = None) -> FakeWork[Reproduction]:
        self.told = on_progress

        def make() -> Reproduction:
            view = self._one(key)
            again = replace(view, evidence=replace(view.evidence, reproduced=view.evidence.reproduced + 1))
            said = "Identical: 6 fills." if self.identical else "The result differs from the stored one."
            return Reproduction(again, identical=self.identical, sentence=said)

        return self._work("reproduce", key, make)

    async def delete(self, key: str) -> None:
        self.calls.append(("delete", key))
        self.kept.remove(self._one(key))

    async def chart(self, report: ReportView, symbol: str, *, begin: int, end: int) -> ChartData:
        self.calls.append(("chart", (symbol, begin, end)))
        if not report.place:
            raise NotFound("bars of", "this stored backtest", "Reproduce it: then its trades can be shown.")
        start = np.arange(begin // HOUR * HOUR, end, HOUR, dtype=np.int64)
        price = 100 + 4 * np.sin(np.arange(len(start)) / 9.0)
        bars = Columns(start, price, price + 0.8, price - 0.8, price + 0.2, np.full(len(start), 1_000.0))
        fills = tuple(
            Fill(f"{trade.trade_id}{side}", "o", symbol, side, trade.quantity, paid, D("0.75"), at, bar_start=at)
            for trade in report.trades
            for side, paid, at in (
                (Side.BUY, trade.entry_price, trade.entry_time),
                (Side.SELL, trade.exit_price, trade.exit_time),
            )
            if begin <= at < end
        )
        return ChartData(report.evidence.settings.instruments[0], "1h", bars, fills)

    def export_csv(self, report: ReportView, folder: str) -> FakeWork[tuple[str, ...]]:
        return self._work("export_csv", folder, lambda: (f"{folder}/trades.csv",))

    def export_html(self, report: ReportView, path: str) -> FakeWork[tuple[str, ...]]:
        return self._work("export_html", path, lambda: (path,))

    def start_sweep(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        *,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> FakeWork[SweepResult]:
        self.told = on_progress
        return self._work(
            "start_sweep", (draft, dict(ranges), metric, workers), lambda: self._swept(draft, ranges, metric)
        )

    def _swept(self, draft: BacktestDraft, ranges: Mapping[str, str], metric: str) -> SweepResult:
        found = sweep_of(draft, ranges, metric)
        self.tried.insert(0, replace(trial_of_sweep(found, ("ab" * 32,)), at=STORED_AT + len(self.tried)))
        return found

    def start_walk_forward(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        plan: str,
        *,
        anchored: bool = False,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> FakeWork[WalkForwardView]:
        self.told = on_progress
        return self._work(
            "start_walk_forward",
            (draft, dict(ranges), plan, anchored, metric, workers),
            lambda: walk_forward_of(draft, ranges, plan, metric),
        )

    async def close(self) -> None:
        """Do nothing."""


def sweep_of(draft: BacktestDraft, ranges: Mapping[str, str], metric: str = "sharpe") -> SweepResult:
    """Return a sweep with a smooth hill in its middle."""
    grid = grid_of(draft.strategy, ranges)
    count = len(grid)
    found = []
    for number, values in enumerate(grid):
        sharpe = 1.4 - 4.0 * (number / max(1, count - 1) - 0.4) ** 2
        parameters = dict(zip(grid.names, values, strict=True))
        found.append(VariantResult(number, parameters, metrics(sharpe / 10, sharpe), 30, D(1), D(1), None))
    best = max(found, key=lambda item: (item.metrics and item.metrics.sharpe) or 0.0)
    return SweepResult(
        settings_of(draft), grid, metric, tuple(found), best, DeflatedSharpe(0.62, 0.05, count), 800, 1.25
    )


def walk_forward_of(draft: BacktestDraft, ranges: Mapping[str, str], plan: str, metric: str) -> WalkForwardView:
    """Return a walk-forward of three windows."""
    swept = sweep_of(draft, ranges, metric)
    windows = tuple(
        WindowResult(Window(START + n * HOUR, START + (n + 1) * 100 * HOUR, START + (n + 2) * 100 * HOUR), 200, 100,
                     swept.variants[n], swept.variants[n])
        for n in range(3)
    )  # fmt: skip
    curve = curve_of(300)
    result = WalkForwardResult(
        settings_of(draft), swept.grid, parse_plan(plan), metric, windows, curve.at, curve.equity, metrics(), (), 0.61,
        len(swept.variants), (), 2.5,
    )  # fmt: skip
    return WalkForwardView(result, curve)


def as_lab(fake: FakeLab) -> Lab:
    """Return a fake as what panels take."""
    return cast("Lab", fake)

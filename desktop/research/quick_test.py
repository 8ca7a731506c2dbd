"""A quick look at a strategy on one history: a backtest whose few figures, trades and curve fit beside an editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import PurePath

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.domain.instruments import Instrument
from desktop.domain.market import FeedOrigin
from desktop.domain.orders import Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Evaluate, Strategy
from desktop.domain.strategy_text import strategy_version
from desktop.market.calendars import trading_hours
from desktop.market.history import read_history
from desktop.market.splits import pending_splits
from desktop.research.backtest import Market, run_backtest
from desktop.research.lab_data import symbol_of
from desktop.research.report import days_of_result, measure_result
from desktop.research.result import BacktestResult
from desktop.rules.columns import BoolArray, Columns, FloatArray, IntArray
from desktop.rules.terms import NO_POSITION, PositionTerms

CURVE_POINTS = 240  # of the curve that is shown: a small line, of each stretch its lowest and highest point
CASH = Decimal(100_000)
SEED = 1  # that of a backtest where nothing else is chosen

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class QuickFills:
    """Fills of a quick test; arrays of shape (m,), oldest first."""

    bar: IntArray  # in which it happened
    price: FloatArray
    quantity: FloatArray
    buys: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class QuickHoldings:
    """Positions of a quick test; arrays of shape (m,), oldest first."""

    begin: IntArray  # bar of the first fill
    end: IntArray  # bar of the last fill; the number of bars while it is still held
    average: FloatArray  # entry price, weighted by quantity

    def at(self, index: int, bars: Columns) -> PositionTerms:
        """Return the position held at the close of bar `index` as exit rules see it; `NO_POSITION`: none."""
        place = int(np.searchsorted(self.begin, index, side="right")) - 1
        if place < 0 or index >= int(self.end[place]):
            return NO_POSITION
        begin, average = int(self.begin[place]), float(self.average[place])
        since = slice(begin, index + 1)
        return PositionTerms(
            entry_price=average,
            pnl_pct=(float(bars.close[index]) / average - 1.0) * 100.0,
            bars_held=float(index - begin),
            high_since_entry=float(bars.high[since].max()),
            low_since_entry=float(bars.low[since].min()),
        )


@dataclass(frozen=True, slots=True, eq=False)
class QuickResult:
    """What a quick test found. Ratios are fractions; None where a figure is not defined.

    Attributes:
        bars: Closed bars it ran on.
        cash: To begin with.
        currency: Of the cash.
        fill_model: How its orders were filled.
        total_return: Of equity, over the whole history.
        max_drawdown: Deepest fall of equity; zero or negative.
        win_rate: Share of trades with a net gain.
        trade_count: Positions from flat to flat.
        fees: All fees.
        held: A position is still held at the end.
        equity: A few hundred points, oldest first.
        fills: Every fill.
        holdings: Every position.
        blocks: How often each check stopped something, by its name.
        warnings: Sentences of the core.
    """

    bars: int
    cash: Decimal
    currency: str
    fill_model: FillModelKind
    total_return: float | None
    max_drawdown: float
    win_rate: float | None
    trade_count: int
    fees: Decimal
    held: bool
    equity: FloatArray
    fills: QuickFills
    holdings: QuickHoldings
    blocks: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FileBars:
    """Bars of a file.

    Attributes:
        instrument: As the file shows it.
        timeframe: Of the bars.
        bars: Oldest first.
        warning: Probable splits in them, as a sentence; empty: none.
    """

    instrument: Instrument
    timeframe: str
    bars: Columns
    warning: str


def read_bars(path: str, *, progress: Progress = lambda _: None) -> FileBars:
    """Return the bars of a CSV or Parquet file; a job for a process of its own.

    Raises:
        DataFileError: it cannot be read, or holds quotes or trades.
    """
    history = read_history(path, symbol=symbol_of(path), progress=lambda _: progress(0.5))
    if history.kind != "bars":
        name = PurePath(path).name
        raise DataFileError(name, f"holds {history.kind}. The editor shows bars; take this file in a backtest.")
    warning = pending_splits(history.columns, history.instrument)
    return FileBars(history.instrument, history.timeframe, history.columns, "" if warning is None else warning.sentence)


def quick_settings(
    strategy: Strategy,
    instrument: Instrument,
    *,
    cash: Decimal = CASH,
    fills: FillSettings | None = None,
    hours: str = "always",
) -> SessionSettings:
    """Return the settings of a quick test: costs as in a backtest, no limits but the cash, every signal taken."""
    return SessionSettings(
        session_id="quick-test",
        name=strategy.name,
        strategy=strategy,
        strategy_version=strategy_version(strategy),
        instruments=(instrument,),
        cash=cash,
        currency=instrument.currency,
        mode=ExecutionMode.AUTO,
        feed="file",
        origin=FeedOrigin.REPLAY,
        limits=RiskLimits(),
        hours=hours,
        fills=fills if fills is not None else FillSettings.of(FillModelKind.REALISTIC),
        seed=SEED,
    )


def quick_test(settings: SessionSettings, bars: Columns, *, progress: Progress = lambda _: None) -> QuickResult:
    """Run a strategy over a history; a job for a process of its own.

    Args:
        settings: Of one instrument (`quick_settings`).
        bars: Its closed bars, of the strategy's timeframe.
        progress: Told the share that is done; may raise to end the work.

    Raises:
        RuleError: a rule cannot be compiled.
        UserMistake: there are no bars.
    """
    if settings.strategy.evaluate is Evaluate.QUOTE:  # a history of bars has no quotes: they are judged at their close
        settings = replace(settings, strategy=replace(settings.strategy, evaluate=Evaluate.BAR))
    symbol = settings.instruments[0].symbol
    market = Market({symbol: bars}, {symbol: trading_hours(settings.hours_of(symbol))})
    result = run_backtest(settings, market, progress=progress)
    metrics = measure_result(result, days_of_result(result, market))
    return QuickResult(
        bars=len(bars),
        cash=settings.cash,
        currency=settings.currency,
        fill_model=settings.fills.kind,
        total_return=metrics.total_return,
        max_drawdown=metrics.max_drawdown,
        win_rate=metrics.win_rate,
        trade_count=metrics.trade_count,
        fees=metrics.fees,
        held=bool(result.positions),
        equity=thinned(result.equity, CURVE_POINTS),
        fills=_fills(result, bars),
        holdings=_holdings(result, bars),
        blocks=tuple(result.blocks.items()),
        warnings=result.warnings,
    )


def thinned(values: FloatArray, most: int) -> FloatArray:
    """Return at most `most` points of a curve, its first and last among them; of each stretch the extremes."""
    if len(values) <= most:
        return values
    cuts = np.linspace(0, len(values), most // 2, endpoint=False).astype(np.int64)
    low, high = np.minimum.reduceat(values, cuts), np.maximum.reduceat(values, cuts)
    rises = values[cuts] <= values[np.append(cuts[1:], len(values)) - 1]
    pairs = np.column_stack((np.where(rises, low, high), np.where(rises, high, low)))
    found: FloatArray = pairs.reshape(-1).copy()
    found[0], found[-1] = values[0], values[-1]
    return found


def _bar_of(bars: Columns, at: list[int]) -> IntArray:
    return np.searchsorted(bars.start, np.array(at, dtype=np.int64), side="right").astype(np.int64) - 1


def _fills(result: BacktestResult, bars: Columns) -> QuickFills:
    fills = result.fills
    return QuickFills(
        bar=_bar_of(bars, [fill.bar_start or fill.at for fill in fills]),
        price=np.array([float(fill.price) for fill in fills], dtype=np.float64),
        quantity=np.array([float(fill.quantity) for fill in fills], dtype=np.float64),
        buys=np.array([fill.side is Side.BUY for fill in fills], dtype=np.bool_),
    )


def _holdings(result: BacktestResult, bars: Columns) -> QuickHoldings:
    begin = [trade.entry_time for trade in result.trades]
    end = [trade.exit_time for trade in result.trades]
    average = [float(trade.entry_price) for trade in result.trades]
    held = list(result.positions)
    ends = _bar_of(bars, end)
    if held:
        begin.append(held[0].opened_bar)
        average.append(float(held[0].average))
        ends = np.append(ends, len(bars))
    return QuickHoldings(_bar_of(bars, begin), ends, np.array(average, dtype=np.float64))

"""Random sessions on random bars: what the skip driver is held to the step driver with."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, FeedOrigin, timeframe_us
from desktop.domain.messages import BarsClosed, BarsPassed, Message
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Protection, Sizing, SizingKind, Strategy
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest, run_steps
from desktop.research.result import BacktestResult
from desktop.rules.columns import Columns

D = Decimal
MONDAY = 1_704_067_200_000_000  # 2024-01-01, µs UTC
SYMBOLS = ("AAA", "BBB", "CCC")

ENTRIES = (
    "rsi(3) < 35",
    "close > sma(5)",
    "crosses_above(close, sma(4))",
    "close > prev(close, 1) and volume > 100",
    "close < highest(close, 6) * 0.99",
    "hour >= 3 and close < prev(close, 2)",
    "close > 0",
)
EXITS = (
    "",
    "rsi(3) > 65",
    "close < sma(5)",
    "pnl_pct > 2 or pnl_pct < -3",
    "bars_held >= 4 and close > sma(3)",
    "close < high_since_entry * 0.98",
    "not (bars_held < 2) and rsi(3) > 40",
    "close < entry_price * 0.99 or low_since_entry < entry_price * 0.97",
)
LIMITS = (
    RiskLimits(),
    RiskLimits(max_daily_loss=D(1)),
    RiskLimits(max_daily_loss=D("0.3"), max_positions=1),
    RiskLimits(max_positions=2, max_position_size=D(60), max_allocation=D(90)),
    RiskLimits(max_daily_loss=D(3), max_risk_per_trade=D(2), max_orders_per_minute=2, price_collar=D(1)),
    RiskLimits(max_order_value=D(900), max_quote_age=1, duplicate_window=1),
)
HOURS = ("always", "always", "always", "09:00-15:30@Asia/Seoul", "09:30-16:00@America/New_York")


@dataclass(frozen=True)
class Run:
    """One session and its bars."""

    settings: SessionSettings
    columns: Mapping[str, Columns]

    def market(self) -> Market:
        hours = trading_hours(self.settings.hours)
        return Market(self.columns, dict.fromkeys(self.columns, hours))

    def skipped(self) -> BacktestResult:
        return run_backtest(self.settings, self.market())

    def stepped(self) -> BacktestResult:
        first = min(int(item.start[0]) for item in self.columns.values())
        return run_steps(self.settings, self.market(), self.messages(), started_at=first)

    def messages(self) -> Iterator[tuple[int, Message]]:
        """Yield every bar as a replay does."""
        timeframe = self.settings.strategy.timeframe
        by_start: dict[int, list[Bar]] = {}
        for symbol, item in self.columns.items():
            for row in zip(item.start, item.open, item.high, item.low, item.close, item.volume, strict=True):
                bar = Bar(symbol, timeframe, int(row[0]), *(float(value) for value in row[1:]))
                by_start.setdefault(bar.start, []).append(bar)
        for start in sorted(by_start):
            bars, at = tuple(by_start[start]), start + timeframe_us(timeframe)
            yield 0, BarsPassed(at, bars)
            yield 0, BarsClosed(at, bars)


def random_run(draw: random.Random) -> Run:
    """Return a session drawn from everything a backtest knows: rules, protection, limits, hours, fills, symbols."""
    symbols = SYMBOLS[: draw.choice((1, 2, 2, 3, 3))]
    tick = draw.choice((D("0.01"), D("0.5")))
    instruments = tuple(Instrument(symbol, tick=tick, lot=draw.choice((D(1), D("0.01")))) for symbol in symbols)
    timeframe = draw.choice(("15m", "1h", "1h", "4h", "1d"))
    strategy = Strategy(
        name="random",
        timeframe=timeframe,
        entry=draw.choice(ENTRIES),
        exit=draw.choice(EXITS),
        sizing=_sizing(draw),
        protection=_protection(draw),
        entry_limit_percent=draw.choice((None, None, D("0.5"), D(2))),
    )
    settings = SessionSettings(
        session_id="random",
        name="random",
        strategy=strategy,
        strategy_version="1",
        instruments=instruments,
        cash=D(draw.choice((1_000, 1_000, 5_000))),
        mode=ExecutionMode.AUTO,
        feed="replay",
        origin=FeedOrigin.REPLAY,
        limits=draw.choice(LIMITS),
        hours=draw.choice(HOURS),
        fills=_fills(draw),
        seed=draw.randrange(1_000),
        benchmark=symbols[0],
    )
    count, below_zero = draw.randrange(1, 160), draw.random() < 0.1
    if below_zero:
        settings = replace(settings, instruments=tuple(replace(item, allows_negative=True) for item in instruments))
    length, fall = timeframe_us(timeframe), 50 if below_zero else 0
    return Run(settings, {symbol: _bars(draw, count, length, fall) for symbol in symbols})


def _sizing(draw: random.Random) -> Sizing:
    kind = draw.choice(tuple(SizingKind))
    value = {
        SizingKind.FIXED_QUANTITY: (1, 5, 40),
        SizingKind.FIXED_MONEY: (300, 900, 4_000),
        SizingKind.PERCENT_OF_EQUITY: (10, 50, 100),
        SizingKind.RISK_PER_TRADE: (1, 3),
    }[kind]
    return Sizing(kind, D(draw.choice(value)))


def _protection(draw: random.Random) -> Protection:
    return Protection(
        draw.choice((None, D(1), D(3))), draw.choice((None, D(2), D(5))), draw.choice((None, None, D(2), D(4)))
    )


def _fills(draw: random.Random) -> FillSettings:
    fills = FillSettings.of(draw.choice(tuple(FillModelKind)))
    share = draw.choice((None, None, D("0.02"), D("0.1")))
    return fills if share is None else replace(fills, volume_share=share)


def _bars(draw: random.Random, count: int, length: int, fall: int) -> Columns:
    """Return a walk with gaps between bars, quiet and wild volumes, and here and there a bar that is missing.

    Args:
        draw: Where the luck comes from.
        count: Bars.
        length: µs of a bar.
        fall: How much lower all of it lies than about 50: prices around zero, on either side.
    """
    rng = np.random.default_rng(draw.getrandbits(32))
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.012, count)))
    opened = np.concatenate([close[:1], close[:-1]]) * np.exp(rng.normal(0, 0.004, count))
    high = np.maximum(opened, close) * np.exp(np.abs(rng.normal(0, 0.006, count)))
    low = np.minimum(opened, close) * np.exp(-np.abs(rng.normal(0, 0.006, count)))
    prices = [np.round(column - fall, 2) for column in (opened, high, low, close)]
    volume = np.round(rng.choice([40.0, 200.0, 3_000.0], count) * rng.uniform(0.5, 1.5, count))
    start = MONDAY + length * np.arange(count, dtype=np.int64)
    kept = rng.random(count) > draw.choice((0.0, 0.1))
    kept[0] = True
    columns = [np.ascontiguousarray(column[kept]) for column in (*prices, volume)]
    return Columns(np.ascontiguousarray(start[kept]), *columns)

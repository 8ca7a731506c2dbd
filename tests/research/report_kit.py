"""A small backtest with trades, for what reports say about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from desktop.domain.instruments import Instrument
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Protection, Strategy
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest
from desktop.research.report import BacktestReport, build_report
from desktop.rules.columns import Columns

HOUR = 3_600_000_000
BEGIN = 1_704_067_200_000_000  # 2024-01-01, µs UTC


def wave(count: int, *, step: int = HOUR, seed: int = 1) -> Columns:
    """Return bars that swing widely enough to be oversold and overbought."""
    draw = np.random.default_rng(seed)
    at = np.arange(count, dtype=np.int64)
    close = np.round(100 + 12 * np.sin(at / 9) + 3 * np.sin(at / 3) + draw.normal(0, 0.3, count), 2)
    opened = np.concatenate(([100.0], close[:-1]))[:count]
    high, low = np.maximum(opened, close) + 0.2, np.minimum(opened, close) - 0.2
    return Columns(BEGIN + at * step, opened, high, low, close, np.full(count, 5000.0))


def strategy(**changes: object) -> Strategy:
    """Return a strategy that trades on these bars."""
    made = Strategy(
        "RSI swing",
        "1h",
        "rsi(period) < 35 and volume > 0",
        "rsi(period) > 65 or bars_held > 40",
        parameters={"period": Decimal(14)},
        protection=Protection(stop_loss=Decimal(8)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names and values come from the test


def report(
    count: int = 1200,
    *,
    fills: FillModelKind = FillModelKind.REALISTIC,
    symbols: tuple[str, ...] = ("SPY",),
    step: int = HOUR,
    **changes: object,
) -> BacktestReport:
    """Return the report of a backtest over `count` bars of each symbol; `changes` are those of the strategy."""
    settings = SessionSettings(
        "s1",
        "test",
        strategy(**changes),
        "0123456789ab",
        tuple(map(Instrument, symbols)),
        cash=Decimal(100_000),
        mode=ExecutionMode.AUTO,
        fills=FillSettings.of(fills),
        seed=7,
    )
    columns = {symbol: wave(count, step=step, seed=number) for number, symbol in enumerate(symbols, start=1)}
    market = Market(columns, dict.fromkeys(symbols, trading_hours("always")), ("f" * 64,))
    return build_report(run_backtest(settings, market), market)

"""Bars, sessions and grids that tests of sweeps share."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from decimal import Decimal
from typing import Any

import numpy as np

from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, FeedOrigin
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Sizing, SizingKind, Strategy
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market
from desktop.research.grid import Grid, parse_grid
from desktop.rules.columns import Columns

D = Decimal
MONDAY = 1_704_067_200_000_000  # 2024-01-01, µs UTC


def random_bars(count: int, seed: int = 1, *, length: int = HOUR) -> Columns:
    """Return bars of a random walk that returns to its mean, so that oscillators trade."""
    draw = np.random.default_rng(seed)
    walk = np.cumsum(draw.normal(0, 0.01, count))
    close = np.round(100 * np.exp(walk - walk.mean()), 2)
    opened = np.concatenate([[100.0], close[:-1]])
    high = np.round(np.maximum(opened, close) * (1 + np.abs(draw.normal(0, 0.002, count))), 2)
    low = np.round(np.minimum(opened, close) * (1 - np.abs(draw.normal(0, 0.002, count))), 2)
    start = MONDAY + np.arange(count, dtype=np.int64) * length
    return Columns(start, opened, high, low, close, np.full(count, 1e6))


def rsi_strategy(**changes: Any) -> Strategy:
    values: dict[str, Any] = {
        "name": "RSI dip",
        "timeframe": "1h",
        "entry": "rsi(period) < oversold",
        "exit": "rsi(period) > overbought",
        "parameters": {"period": D(14), "oversold": D(30), "overbought": D(70)},
        "sizing": Sizing(SizingKind.PERCENT_OF_EQUITY, D(50)),
    }
    return Strategy(**{**values, **changes})


def settings_of(strategy: Strategy | None = None, symbols: Sequence[str] = ("AAA",), **changes: Any) -> SessionSettings:
    values: dict[str, Any] = {
        "session_id": "sweep",
        "name": "sweep",
        "strategy": strategy or rsi_strategy(),
        "strategy_version": "1",
        "instruments": tuple(Instrument(symbol, tick=D("0.01")) for symbol in symbols),
        "cash": D(100_000),
        "mode": ExecutionMode.AUTO,
        "feed": "replay",
        "origin": FeedOrigin.REPLAY,
        "hours": "always",
        "fills": FillSettings.of(FillModelKind.FIXED),
        "benchmark": symbols[0],
    }
    return SessionSettings(**{**values, **changes})


def market_of(*bars: Columns, symbols: Sequence[str] = ("AAA",), hours: str = "always") -> Market:
    return Market(dict(zip(symbols, bars, strict=True)), dict.fromkeys(symbols, trading_hours(hours)))


def rsi_grid(*texts: str) -> Grid:
    return parse_grid(texts or ("period=3:9:2", "oversold=25,35", "overbought=60:70:10"), rsi_strategy())


class AtOnce(Executor):
    """Runs what is submitted before `submit` returns; counts it."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future

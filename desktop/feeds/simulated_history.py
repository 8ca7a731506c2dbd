"""Bars of the simulated market as if they had been recorded: always the same, for a first backtest without any file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from desktop.domain.errors import NotFound
from desktop.domain.market import timeframe_us
from desktop.feeds.listings import LISTINGS
from desktop.feeds.simulator import DEMO_SEED, MarketSimulator
from desktop.market.history import History
from desktop.rules.columns import Columns

END = 1_767_225_600_000_000  # µs UTC, 2026-01-01: the market ends there, so that everyone has the same bars
BARS = 5_000
_SOURCE = "simulated prices"


class _StoppedClock:
    """Shows one time for ever."""

    def now(self) -> int:
        return END

    def monotonic(self) -> float:
        return 0.0


def simulated_history(symbol: str, timeframe: str) -> History:
    """Return BARS simulated bars that end with END.

    Raises:
        NotFound: the simulated market does not have the symbol.
        FieldError: the timeframe is none that exist.
    """
    timeframe_us(timeframe)
    instrument = next((item.instrument for item in LISTINGS if item.instrument.symbol == symbol), None)
    if instrument is None:
        raise NotFound("symbol", symbol, "The simulated market does not have it.")
    made = MarketSimulator(DEMO_SEED, _StoppedClock()).history_now(symbol, timeframe, BARS)
    bars = Columns.of(made)
    digest = hashlib.sha256(f"{symbol} {timeframe}".encode())
    for column in (bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume):
        digest.update(column.tobytes())
    nothing = np.zeros(0)
    return History(
        path=Path(_SOURCE), symbol=symbol, kind="bars", timeframe=timeframe, instrument=instrument, columns=bars,
        at=np.zeros(0, dtype=np.int64), first=nothing, second=nothing, sizes=(nothing, nothing), ids=(),
        rows=len(bars), errors=(), error_count=0, duplicates=0, repeats=(), gaps=0, longest_gap=0, reversed=False,
        fingerprint=digest.hexdigest(),
    )  # fmt: skip

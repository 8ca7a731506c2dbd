"""Builders of bars for the tests of rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from desktop.domain.market import DAY, MINUTE, Bar, timeframe_us
from desktop.rules.columns import Columns, FloatArray

START = 20_000 * DAY + 9 * 60 * MINUTE  # a Tuesday morning in 2024


def random_columns(count: int, seed: int = 1, *, timeframe: str = "1m", gaps: bool = False) -> Columns:
    """Return a random walk with bodies, wicks and whole volumes; some bars missing where `gaps`."""
    chance = np.random.default_rng(seed)
    close = 100.0 + chance.normal(size=count).cumsum() * 0.5
    opened = close + chance.normal(size=count) * 0.3
    high = np.maximum(opened, close) + chance.random(count) * 0.4
    low = np.minimum(opened, close) - chance.random(count) * 0.4
    volume = np.floor(chance.random(count) * 1000)
    steps = np.ones(count, dtype=np.int64)
    if gaps:
        steps += np.where(chance.random(count) < 0.1, chance.integers(0, 200, count), 0)
    start = START + (steps.cumsum() - 1) * timeframe_us(timeframe)
    return Columns(start, opened, high, low, close, volume)


def bars_of(columns: Columns, timeframe: str = "1m") -> Iterator[Bar]:
    """Yield the bars of columns."""
    for place in range(len(columns)):
        yield Bar(
            "TEST",
            timeframe,
            int(columns.start[place]),
            float(columns.open[place]),
            float(columns.high[place]),
            float(columns.low[place]),
            float(columns.close[place]),
            float(columns.volume[place]),
        )


def closes(values: list[float], timeframe: str = "1m") -> Columns:
    """Return bars that have nothing but closes: open, high and low equal them, volume is 1."""
    column: FloatArray = np.array(values, dtype=np.float64)
    start = START + np.arange(len(values), dtype=np.int64) * timeframe_us(timeframe)
    return Columns(start, column, column.copy(), column.copy(), column.copy(), np.ones(len(values)))


def same_bits(left: FloatArray, right: FloatArray) -> bool:
    """Tell whether two columns are equal bit for bit; every NaN counts as the same."""
    unknown = np.isnan(left)
    return bool(
        np.array_equal(unknown, np.isnan(right))
        and np.array_equal(left[~unknown].view(np.int64), right[~unknown].view(np.int64))
    )

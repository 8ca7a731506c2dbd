"""Higher timeframes from base bars, in columns and bar by bar; both give the same bits."""

from __future__ import annotations

import numpy as np

from desktop.domain.market import Bar, timeframe_us
from desktop.rules.columns import Columns, FloatArray, IntArray
from desktop.rules.periods import Periods


def aggregated(columns: Columns, timeframe: str, periods: Periods) -> tuple[Columns, IntArray]:
    """Return the closed bars of a higher timeframe and, for each base bar, the index of the last one closed.

    A bar of the higher timeframe closes with the base bar that reaches its end, or, where that one is missing, when
    the first base bar of a later period closes.

    Args:
        columns: Base bars, shape (n,).
        timeframe: Timeframe of the base bars.
        periods: Periods of the higher timeframe.

    Returns:
        Closed bars, and an array of shape (n,) with their indexes; -1 before the first.
    """
    begins, closed_at = _groups(columns, timeframe, periods)
    closed = int(np.searchsorted(closed_at, len(columns)))  # the last group may still be open
    closings = np.bincount(closed_at[:closed], minlength=len(columns))
    last_closed = closings.cumsum(dtype=np.int64) - 1
    return _bars_of_groups(columns, begins, closed, periods), last_closed


def open_group(columns: Columns, timeframe: str, periods: Periods) -> Columns:
    """Return the base bars of the period that is not closed yet; none when the last one is."""
    begins, closed_at = _groups(columns, timeframe, periods)
    still_open = len(begins) > 0 and int(closed_at[-1]) >= len(columns)
    return columns.part(int(begins[-1]) if still_open else len(columns), len(columns))


def _groups(columns: Columns, timeframe: str, periods: Periods) -> tuple[IntArray, IntArray]:
    """Return the first base bar of each period and the base bar with which it closes (n when it is open)."""
    if not len(columns):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    keys = periods.keys(columns.start)
    begins = np.concatenate(([0], np.flatnonzero(np.diff(keys)) + 1))
    following = np.append(begins[1:], len(columns))
    last = following - 1
    reached = periods.keys(columns.start[last] + timeframe_us(timeframe)) != keys[last]
    return begins, np.where(reached, last, following)


def _bars_of_groups(columns: Columns, begins: IntArray, closed: int, periods: Periods) -> Columns:
    if not closed:
        return columns.first(0)
    following = np.append(begins[1:], len(columns))[:closed]
    used = columns.first(int(following[-1]))
    begins = begins[:closed]
    keys = periods.keys(used.start[begins])
    return Columns(
        start=np.array([periods.start(key) for key in keys.tolist()], dtype=np.int64),
        open=used.open[begins],
        high=np.maximum.reduceat(used.high, begins),
        low=np.minimum.reduceat(used.low, begins),
        close=used.close[following - 1],
        volume=_sums(used.volume, begins, following - begins),
    )


def _sums(values: FloatArray, begins: IntArray, counts: IntArray) -> FloatArray:
    """Return the sum of each group, added in the order of time as the stream adds: numpy's own order differs."""
    totals = values[begins].copy()
    for place in range(1, int(counts.max())):
        longer = np.flatnonzero(counts > place)
        totals[longer] += values[begins[longer] + place]
    return totals


class Aggregator:
    """Builds the bars of one higher timeframe from base bars as they close."""

    def __init__(self, timeframe: str, periods: Periods) -> None:
        self._base_us = timeframe_us(timeframe)
        self._timeframe = timeframe
        self._periods = periods
        self.pending: Bar | None = None  # the open period so far
        self._key = 0

    def seed(self, columns: Columns) -> None:
        """Start over as if `columns` had been added bar by bar."""
        self.pending = None
        rest = open_group(columns, self._timeframe, self._periods)
        for start, *prices in zip(
            rest.start.tolist(),
            rest.open.tolist(),
            rest.high.tolist(),
            rest.low.tolist(),
            rest.close.tolist(),
            rest.volume.tolist(),
            strict=True,
        ):
            self.add(Bar("", self._timeframe, start, *prices))

    def overdue(self, start: int) -> Bar | None:
        """Return the open bar if a base bar that starts at `start` lies beyond its period."""
        if self.pending is not None and self._periods.key(start) != self._key:
            return self.pending
        return None

    def add(self, bar: Bar) -> tuple[Bar, ...]:
        """Add a closed base bar; return the bars of the higher timeframe that closed with it, oldest first."""
        closed: list[Bar] = []
        late = self.overdue(bar.start)
        if late is not None:
            closed.append(late)
            self.pending = None
        if self.pending is None:
            self._key = self._periods.key(bar.start)
            self.pending = bar._replace(timeframe=self._periods.timeframe, start=self._periods.start(self._key))
        else:
            self.pending = _joined(self.pending, bar)
        if self._periods.key(bar.start + self._base_us) != self._key:
            closed.append(self.pending)
            self.pending = None
        return tuple(closed)


def _joined(sofar: Bar, bar: Bar) -> Bar:
    # An unknown (NaN) extreme stays unknown, as it does in columns.
    high = bar.high if bar.high > sofar.high or bar.high != bar.high else sofar.high
    low = bar.low if bar.low < sofar.low or bar.low != bar.low else sofar.low
    return sofar._replace(high=high, low=low, close=bar.close, volume=sofar.volume + bar.volume)

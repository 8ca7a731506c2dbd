"""Holes in recorded bars: judged by trading hours where they are known, else by the timeframe alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop.domain.history import Gap
from desktop.domain.market import DAY, timeframe_us
from desktop.ports import TradingHours
from desktop.rules.columns import IntArray

GAPS_KEPT = 1_000
_MOST_CHANGES = 100_000  # openings and closings looked at, so that a hole of decades ends too


@dataclass(frozen=True, slots=True)
class Gaps:
    """The holes of a series.

    Attributes:
        missing: Bars missing in all of them.
        count: How many holes there are.
        first: The first of them, oldest first.
        hours: What they were judged by; empty: the timeframe alone, so that nights and weekends count.
    """

    missing: int
    count: int
    first: tuple[Gap, ...]
    hours: str


def find_gaps(start: IntArray, timeframe: str, hours: TradingHours | None = None) -> Gaps:
    """Return the holes between bars.

    Args:
        start: µs UTC of each bar, rising.
        timeframe: Their timeframe.
        hours: When the instrument trades; None or around the clock: every bar of the timeframe is expected.
    """
    length = timeframe_us(timeframe)
    steps = np.diff(start)
    holes = np.flatnonzero(steps >= 1.5 * length)
    judged = hours is not None and hours.next_change(int(start[0])) is not None if len(start) else False
    begins, ends = start[holes] + length, start[holes + 1]
    if judged and hours is not None:
        judge = _days if length == DAY else _bars
        pairs = zip(begins.tolist(), ends.tolist(), strict=True)
        absent = np.array([judge(begin, end, length, hours) for begin, end in pairs], dtype=np.int64)
    else:
        absent = np.rint((ends - begins) / length).astype(np.int64)
    real = np.flatnonzero(absent)
    first = tuple(Gap(int(begins[index]), int(ends[index]), int(absent[index])) for index in real[:GAPS_KEPT].tolist())
    return Gaps(int(absent.sum()), len(real), first, hours.name if judged and hours is not None else "")


def _days(begin: int, end: int, _: int, hours: TradingHours) -> int:
    """Return the trading days whose bars, dated by the exchange's day, are missing."""
    return sum(hours.trading_day(day) == day // DAY for day in range(begin, end, DAY))


def _bars(begin: int, end: int, length: int, hours: TradingHours) -> int:
    """Return how many bars of `length` begin while the market is open in [begin, end)."""
    absent, at = 0, begin
    for _ in range(_MOST_CHANGES):
        if at >= end:
            break
        change = hours.next_change(at)
        until = end if change is None else min(change, end)
        if hours.is_open(at):
            absent += -(-(until - at) // length)  # the last one may be cut short by the close
        at = until
    return absent

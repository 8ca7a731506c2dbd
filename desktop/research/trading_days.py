"""Which bars end a trading day: found once for a series of bars, used by every run over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from desktop.domain.market import DAY
from desktop.rules.columns import IntArray
from desktop.trading import ratios
from desktop.trading.ratios import SATURDAY, SUNDAY

DayOf = Callable[[int], int]  # µs UTC -> trading day (days since 1970); never falls as time goes on
_Place = tuple[int, int]  # index of a bar, its trading day


@dataclass(frozen=True, slots=True, eq=False)
class TradingDays:
    """The trading days of a series of bars; both arrays have shape (d,).

    Attributes:
        days: Days since 1970-01-01, strictly rising.
        ends: Index of the last bar of each day.
        periods_per_year: Returns in a year: 252, or 365 where there are bars on weekends, or 52 for bars of weeks.
    """

    days: IntArray
    ends: IntArray
    periods_per_year: int

    def __len__(self) -> int:
        return len(self.days)


def trading_days(start: IntArray, *, day_of: DayOf | None = None, periods_per_year: int = 0) -> TradingDays:
    """Return the trading days of bars; a bar belongs to the day in which it starts.

    Args:
        start: µs UTC, start of each bar, strictly rising; shape (n,).
        day_of: The trading day of an instant, as `TradingHours.trading_day` of an exchange gives it; None: the UTC
            day, for 24/7 markets and files.
        periods_per_year: 252, 365 or 52; 0: what the days themselves say (`ratios.periods_per_year`).
    """
    ends = _utc_ends(start)
    if day_of is None:
        days = start[ends] // DAY
    else:
        days, ends = _days_by(start, ends, day_of)
    if not periods_per_year:
        weekday = days % 7
        weekends = bool(((weekday == SATURDAY) | (weekday == SUNDAY)).any())
        gap = int(np.diff(days).min()) if len(days) > 1 else 0
        periods_per_year = ratios.periods_per_year(weekends=weekends, least_gap=gap)
    return TradingDays(days, ends, periods_per_year)


def _utc_ends(start: IntArray) -> IntArray:
    """Return the index of the last bar of each UTC day that has bars."""
    count = len(start)
    if not count:
        return np.empty(0, dtype=np.int64)
    first, last = int(start[0]) // DAY, int(start[-1]) // DAY
    if last - first < count // 4:  # few days with many bars: look midnights up instead of dividing every time
        midnights = np.arange(first + 1, last + 1, dtype=np.int64) * DAY
        ends = np.unique(np.searchsorted(start, midnights)) - 1
    else:
        ends = np.flatnonzero(np.diff(start // DAY))
    return np.append(ends, count - 1)


def _days_by(start: IntArray, utc_ends: IntArray, day_of: DayOf) -> tuple[IntArray, IntArray]:
    """Return each trading day and the index of its last bar.

    The day never falls as time goes on, so a stretch whose first and last bar agree holds no border: only stretches
    that do not agree are halved. UTC days come first because most of them hold one trading day.
    """
    found: list[_Place] = []
    before: _Place | None = None
    for end in utc_ends.tolist():
        begin = 0 if before is None else before[0] + 1
        last = (end, day_of(int(start[end])))
        first = last if begin == end else (begin, day_of(int(start[begin])))
        if before is not None and before[1] != first[1]:
            found.append(before)
        _borders(start, first, last, day_of, found)
        before = last
    if before is not None:
        found.append(before)
    places = np.array(found, dtype=np.int64).reshape(len(found), 2)
    return places[:, 1], places[:, 0]


def _borders(start: IntArray, low: _Place, high: _Place, day_of: DayOf, found: list[_Place]) -> None:
    """Append, in order, each place from `low` to before `high` after which the day changes."""
    if low[1] == high[1]:
        return
    if high[0] - low[0] == 1:
        found.append(low)
        return
    middle = (low[0] + high[0]) // 2
    between = (middle, day_of(int(start[middle])))
    _borders(start, low, between, day_of, found)
    _borders(start, between, high, day_of, found)

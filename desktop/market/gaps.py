"""Holes in recorded bars: judged by trading hours where they are known, else by the timeframe alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from desktop.domain.history import Gap, SeriesInfo
from desktop.domain.market import DAY, timeframe_us
from desktop.ports import TradingHours
from desktop.rules.columns import IntArray

GAPS_KEPT = 1_000
WEEKDAYS = "weekdays"  # what daily bars are judged by where none of them is on a weekend
_FEWEST = 5  # daily bars that show whether there is trade on weekends
_MONDAY = 3  # 1970-01-01 was a Thursday
_MOST_CHANGES = 100_000  # openings and closings looked at, so that a hole of decades ends too


@dataclass(frozen=True, slots=True)
class Gaps:
    """The holes of a series.

    Attributes:
        missing: Bars missing in all of them.
        count: How many holes there are.
        first: The first of them, oldest first.
        hours: What they were judged by; empty: the timeframe alone, so that nights and weekends count. WEEKDAYS was
            assumed: the bars are daily and none is on a weekend; holidays count.
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
        hours: When the instrument trades; None: every bar of the timeframe is expected, on weekdays only where daily
            bars show no trade on weekends; around the clock: every bar.
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
    elif hours is None and only_weekdays(start, timeframe):
        absent = weekdays_between(begins, ends)
    else:
        absent = np.rint((ends - begins) / length).astype(np.int64)
    real = np.flatnonzero(absent)
    first = tuple(Gap(int(begins[index]), int(ends[index]), int(absent[index])) for index in real[:GAPS_KEPT].tolist())
    told = hours.name if judged and hours is not None else ""
    return Gaps(int(absent.sum()), len(real), first, told or assumed_hours(start, timeframe, hours))


def gaps_by(start: IntArray, timeframe: str, hours: str) -> Gaps:
    """Return the holes between bars by hours as they are written: what every list, report and dialog counts.

    Args:
        start: µs UTC of each bar, rising.
        timeframe: Their timeframe.
        hours: always, XNYS, XKRX or HH:MM-HH:MM@Zone; empty: as the bars show it (see `find_gaps`).

    Raises:
        FieldError: the hours cannot be read.
    """
    if not hours:
        return find_gaps(start, timeframe)
    from desktop.market.calendars import trading_hours  # noqa: PLC0415 - an exchange's calendar takes seconds to build

    return find_gaps(start, timeframe, trading_hours(hours))


def counted(info: SeriesInfo, start: IntArray) -> SeriesInfo:
    """Return a series of bars with its gaps counted, by the hours that are kept with it."""
    found = gaps_by(start, info.timeframe, info.hours)
    return replace(info, gaps=found.missing, gap_count=found.count, judged=found.hours)


def holes(start: IntArray, timeframe: str) -> tuple[int, int]:
    """Return how many bars are missing as far as the bars themselves show, and the longest hole in µs."""
    if len(start) < 2:
        return 0, 0
    longest = max(0, int(np.diff(start).max()) - timeframe_us(timeframe))
    return find_gaps(start, timeframe).missing, longest


def assumed_hours(start: IntArray, timeframe: str, hours: TradingHours | None = None) -> str:
    """Return what bars are judged by where nobody has said when there is trade: WEEKDAYS, or empty."""
    return WEEKDAYS if hours is None and only_weekdays(start, timeframe) else ""


def only_weekdays(start: IntArray, timeframe: str) -> bool:
    """Whether bars are daily and none of them is on a Saturday or Sunday, over a week at least."""
    if timeframe_us(timeframe) != DAY or len(start) < _FEWEST or int(start[-1] - start[0]) < 7 * DAY:
        return False
    return bool(((start // DAY + _MONDAY) % 7 < 5).all())


def weekdays_between(begins: IntArray, ends: IntArray) -> IntArray:
    """Return the weekdays in each [begin, end), µs UTC."""
    found: IntArray = np.busday_count(
        (begins // DAY).astype("datetime64[D]"), (ends // DAY).astype("datetime64[D]")
    ).astype(np.int64)
    return found


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

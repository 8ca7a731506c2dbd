"""Time of day and higher timeframes: which period an instant belongs to, in the exchange's zone.

Periods under a day are whole multiples from the epoch in UTC; days begin at midnight in the zone, weeks on Monday.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from desktop.domain.market import DAY, HOUR, MINUTE, timeframe_us
from desktop.rules.columns import IntArray

_QUARTER = 15 * MINUTE
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = 3  # the epoch was a Thursday


class LocalClock:
    """Wall-clock time of a zone for instants in µs UTC."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = zone
        self._info = None if zone == "UTC" else ZoneInfo(zone)
        self._from, self._until, self._offset = 0, 0, 0

    def offset(self, at: int) -> int:
        """Return what has to be added to an instant to get the zone's wall-clock time, in µs."""
        if self._info is None:
            return 0
        if not self._from <= at < self._until:
            self._from = at - at % _QUARTER  # zones change on quarter hours
            self._until = self._from + _QUARTER
            moment = (_EPOCH + timedelta(microseconds=self._from)).astimezone(self._info)
            self._offset = (moment.utcoffset() or timedelta()) // timedelta(microseconds=1)
        return self._offset

    def offsets(self, at: IntArray) -> IntArray:
        """Return `offset` of every instant; `at` rises, shape (n,)."""
        result = np.zeros(at.shape, dtype=np.int64)
        if self._info is None or not at.size:
            return result
        days = at // DAY
        begins = np.concatenate(([0], np.flatnonzero(np.diff(days)) + 1))
        ends = np.append(begins[1:], at.size)
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            midnight = int(days[begin]) * DAY
            first, last = self.offset(midnight), self.offset(midnight + DAY - _QUARTER)
            if first == last:
                result[begin:end] = first
            else:  # the clock changes on this day
                result[begin:end] = [self.offset(moment) for moment in at[begin:end].tolist()]
        return result


def time_value(name: str, local: int) -> float:
    """Return `hour`, `minute`, `weekday` or `time` (minutes since midnight) of a wall-clock time in µs."""
    match name:
        case "hour":
            return float(local % DAY // HOUR)
        case "minute":
            return float(local % HOUR // MINUTE)
        case "weekday":
            return float((local // DAY + _MONDAY) % 7)
        case _:
            return float(local % DAY // MINUTE)


def time_column(name: str, local: IntArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return `time_value` of every wall-clock time; shape (n,)."""
    match name:
        case "hour":
            result = local % DAY // HOUR
        case "minute":
            result = local % HOUR // MINUTE
        case "weekday":
            result = (local // DAY + _MONDAY) % 7
        case _:
            result = local % DAY // MINUTE
    return result.astype(np.float64)


class Periods:
    """The periods of one higher timeframe. A period's key rises by one from period to period."""

    def __init__(self, timeframe: str, clock: LocalClock) -> None:
        self.timeframe = timeframe
        self._length = timeframe_us(timeframe)
        self._clock = clock
        self._shift = _MONDAY * DAY if self._length > DAY else 0

    @property
    def _local(self) -> bool:
        return self._length >= DAY

    def key(self, at: int) -> int:
        """Return the key of the period an instant lies in."""
        local = at + self._clock.offset(at) if self._local else at
        return (local + self._shift) // self._length

    def keys(self, at: IntArray) -> IntArray:
        """Return `key` of every instant; `at` rises, shape (n,)."""
        local = at + self._clock.offsets(at) if self._local else at
        return (local + self._shift) // self._length

    def start(self, key: int) -> int:
        """Return the first instant of a period, µs UTC."""
        local = key * self._length - self._shift
        if not self._local:
            return local
        return local - self._clock.offset(local - self._clock.offset(local))

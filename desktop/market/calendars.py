"""When instruments trade: around the clock, hours of one's own, or a real exchange's calendar (K4).

Every calendar is a pure function of time. The exchange ones are slow to build (up to three seconds), so they are
built in a thread and kept; asking them is a binary search.
"""

from __future__ import annotations

import re
import threading
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY
from desktop.market.zones import EXCHANGE_ZONES
from desktop.ports import TradingHours

FIRST_YEAR, YEARS_AHEAD = 1990, 1
_EPOCH_DAY = date(1970, 1, 1)
_CUSTOM = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})@([A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)*)")

#: Days on which an exchange was or will be closed though the calendar library says otherwise.
CLOSED: dict[str, frozenset[date]] = {"XKRX": frozenset({date(2026, 6, 3)})}  # local elections

#: Days with other hours than the calendar library says, in the exchange's own time.
CHANGED: dict[str, dict[date, tuple[time, time]]] = {
    "XKRX": {  # on the day of the university entrance exam everything begins and ends an hour later
        day: (time(10, 0), time(16, 30))
        for day in (
            date(2021, 11, 18),
            date(2022, 11, 17),
            date(2023, 11, 16),
            date(2024, 11, 14),
            date(2025, 11, 13),
            date(2026, 11, 19),
            date(2027, 11, 18),
        )
    }
}


@dataclass(slots=True)
class AlwaysOpen:
    """Around the clock; the trading day is the UTC day."""

    name: str = "always"
    zone: str = "UTC"

    def is_open(self, at: int) -> bool:  # noqa: ARG002 - the port's signature
        return True

    def next_change(self, at: int) -> int | None:  # noqa: ARG002 - the port's signature
        return None

    def trading_day(self, at: int) -> int:
        return at // DAY


@dataclass(slots=True)
class WeekdayHours:
    """The same hours from Monday to Friday in one zone, true to its daylight-saving time; they may go over midnight."""

    name: str
    zone: str
    opens: time
    closes: time

    def _session(self, day: date) -> tuple[int, int]:
        """Return opening and closing (µs UTC) of the session that opens on `day`."""
        return _session(self.zone, self.opens, self.closes, day)

    def _around(self, at: int) -> list[tuple[date, int, int]]:
        today = _local(at, self.zone).date()
        days = (today + timedelta(days=offset) for offset in range(-2, 5))
        return [(day, *self._session(day)) for day in days if day.weekday() < 5]

    def is_open(self, at: int) -> bool:
        return any(opens <= at < closes for _, opens, closes in self._around(at))

    def next_change(self, at: int) -> int | None:
        edges = (edge for _, opens, closes in self._around(at) for edge in (opens, closes))
        return min((edge for edge in edges if edge > at), default=None)

    def trading_day(self, at: int) -> int:
        return next((_day_number(day) for day, _, closes in self._around(at) if at < closes), at // DAY)


@lru_cache(maxsize=4096)
def _session(zone: str, opens: time, closes: time, day: date) -> tuple[int, int]:
    """Return opening and closing of a day; kept, as neighbouring moments ask for the same few days."""
    info = ZoneInfo(zone)
    ends = day if closes > opens else day + timedelta(days=1)
    return _micros(datetime.combine(day, opens, info)), _micros(datetime.combine(ends, closes, info))


class ExchangeHours:
    """The sessions of one exchange with holidays, half-days and daylight-saving time."""

    def __init__(self, name: str, zone: str, days: list[int], opens: list[int], closes: list[int]) -> None:
        """`days`: days since 1970-01-01 of each session; `opens` and `closes`: µs UTC; all of one length, rising."""
        self.name, self.zone = name, zone
        self._days, self._opens, self._closes = days, opens, closes

    def is_open(self, at: int) -> bool:
        index = bisect_right(self._opens, at) - 1
        return index >= 0 and at < self._closes[index]

    def next_change(self, at: int) -> int | None:
        index = bisect_right(self._opens, at) - 1
        if index >= 0 and at < self._closes[index]:
            return self._closes[index]
        return self._opens[index + 1] if index + 1 < len(self._opens) else None

    def trading_day(self, at: int) -> int:
        index = bisect_right(self._closes, at)
        return self._days[index] if index < len(self._days) else at // DAY


_built: dict[str, TradingHours] = {"always": AlwaysOpen(), "24/7": AlwaysOpen("24/7")}
_building = threading.Lock()


def check_hours(spec: str) -> None:
    """Check how hours are written, without building a calendar.

    Raises:
        FieldError: neither always, XNYS, XKRX nor HH:MM-HH:MM@Zone.
    """
    if spec in _built or spec in EXCHANGE_ZONES:
        return
    _weekday_hours(spec)


def trading_hours(spec: str) -> TradingHours:
    """Return the hours of "always", "XNYS", "XKRX" or "09:00-15:30@Asia/Seoul"; built once. Blocks while it builds.

    Raises:
        FieldError: the hours are none of these.
    """
    with _building:
        if spec not in _built:
            _built[spec] = _exchange(spec) if spec in EXCHANGE_ZONES else _weekday_hours(spec)
        return _built[spec]


async def load_hours(spec: str) -> TradingHours:
    """Return the hours; a calendar that is not built yet is built in a thread."""
    import asyncio  # noqa: PLC0415 - a backtest on the command line needs no loop, and loading it takes a while

    found = _built.get(spec)
    return found if found is not None else await asyncio.to_thread(trading_hours, spec)


def _weekday_hours(spec: str) -> WeekdayHours:
    found = _CUSTOM.fullmatch(spec)
    if found is None:
        raise FieldError("hours", f"{spec!r} is not always, XNYS, XKRX or hours such as 09:00-15:30@Asia/Seoul.")
    numbers = [int(text) for text in found.groups()[:4]]
    zone = found.group(5)
    try:
        ZoneInfo(zone)
        opens, closes = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FieldError("hours", f"{spec!r} has a time or a time zone that does not exist.") from None
    if opens == closes:
        raise FieldError("hours", f"{spec!r} opens and closes at the same time. Write always for around the clock.")
    return WeekdayHours(spec, zone, opens, closes)


def _exchange(name: str) -> ExchangeHours:
    import exchange_calendars  # slow: only where an exchange's hours are asked for

    last = datetime.now(UTC).year + YEARS_AHEAD
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the library's own use of pandas; nothing we could mend
        calendar = exchange_calendars.get_calendar(name, start=f"{FIRST_YEAR}-01-01", end=f"{last}-12-31")
    schedule = calendar.schedule
    closed, changed, zone = CLOSED.get(name, frozenset()), CHANGED.get(name, {}), EXCHANGE_ZONES[name]
    days, opens, closes = [], [], []
    for day, opened, shut in zip(schedule.index, schedule["open"], schedule["close"], strict=True):
        if day.date() in closed:
            continue
        session = (opened.value // 1000, shut.value // 1000)
        if day.date() in changed:
            session = _session(zone, *changed[day.date()], day.date())
        days.append(_day_number(day.date()))
        opens.append(session[0])
        closes.append(session[1])
    return ExchangeHours(name, zone, days, opens, closes)


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))


def _day_number(day: date) -> int:
    return (day - _EPOCH_DAY).days

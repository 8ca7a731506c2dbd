"""Time cells of a file: ISO 8601, dates in any order, or numbers since 1970; with a zone, or on a zone's own clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from desktop.market.local_times import FINE, LocalTimes, local_times
from desktop.rules.columns import BoolArray, IntArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
EARLIEST, LATEST = 0, 4_102_444_800_000_000  # µs UTC: 1970 to 2100
_DIGITS = re.compile(r"\d{1,20}(\.\d{1,9})?")
EPOCH_LENGTHS = frozenset(range(9, 20))  # digits; eight may be a date
LONGEST = 40  # characters of a time
DATE_LENGTH = len("2000-01-01")
_ISO_ONLY = str.maketrans("", "", "0123456789-:T .,")  # what is left of plain ISO times is nothing

#: Epoch numbers by their size: below this they are seconds, then milliseconds, microseconds, nanoseconds.
_UNITS = ((100_000_000_000, 1_000_000.0), (100_000_000_000_000, 1_000.0), (100_000_000_000_000_000, 1.0))

#: How a date of three numbers may be written; the first is taken without being asked for.
DATE_ORDERS = ("year first", "day first", "month first")
_YEAREARLIEST = re.compile(r"(\d{4})([./-])(\d{2})\2(\d{2})(?=$|[T ])")
_YEARLATEST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?=$|[T ])")

_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_ZONE = re.compile(r"(Z|[+-]\d\d(:?\d\d)?)$")


@dataclass(frozen=True, slots=True)
class TimeReader:
    """Reads the times of a file.

    Attributes:
        zone: IANA zone of times that name none themselves. A date alone stays that date (00:00 UTC) in every zone.
        order: One of `DATE_ORDERS`.
    """

    zone: str = "UTC"
    order: str = DATE_ORDERS[0]
    local: LocalTimes | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "local", local_times(self.zone))

    def read(self, cells: Sequence[str]) -> tuple[IntArray, BoolArray]:
        """Return µs UTC of each cell and whether it is a time; both of shape (n,)."""
        plain = [cell[:-1] for cell in cells] if cells[0].endswith("Z") else cells
        fast = self._fast(plain) if self.local is None else None
        if fast is None:
            fast = self._numbers(cells)
        if fast is not None:
            return fast, np.ones(len(cells), dtype=np.bool_)
        times: IntArray = np.zeros(len(cells), dtype=np.int64)
        good: BoolArray = np.zeros(len(cells), dtype=np.bool_)
        for index, cell in enumerate(cells):
            at = self.moment(cell)
            if at is not None:
                times[index], good[index] = at, True
        return times, good

    def why(self, text: str) -> str:
        """Say what is wrong with a cell that is no time."""
        found = self._parsed(text)
        if self.local is not None and isinstance(found, datetime) and found.tzinfo is None:
            _, state = self.local.to_utc(np.array([_micros(found.replace(tzinfo=UTC))]))
            if state[0] != FINE:
                return f"{text[:LONGEST]!r} {self.local.sentence(int(state[0]))}"
        return f"{text[:LONGEST]!r} is not a time; the row was left out."

    def moment(self, text: str) -> int | None:
        """Return µs UTC of one time; None when it is none (or lies before 1970 or after 2100)."""
        found = self._parsed(text)
        if found is None or isinstance(found, int):
            return found
        naive = found.tzinfo is None
        try:
            at = _micros(found.replace(tzinfo=UTC) if naive else found)
        except OverflowError:
            return None
        if naive and self.local is not None and has_clock(text.strip().strip('"')):
            utc, state = self.local.to_utc(np.array([at], dtype=np.int64))
            if state[0] != FINE:
                return None
            at = int(utc[0])
        return _within(at)

    def _parsed(self, text: str) -> int | datetime | None:
        text = text.strip().strip('"')
        if not text or len(text) > LONGEST:
            return None
        if is_epoch(text):
            return _within(_epoch(Decimal(text)))
        try:
            return datetime.fromisoformat(self._iso(text))
        except ValueError:
            return None

    def _iso(self, text: str) -> str:
        """Return a date of another order or with other marks as ISO has it."""
        found = _YEAREARLIEST.match(text)
        if found is not None and found[2] != "-":
            return f"{found[1]}-{found[3]}-{found[4]}{text[found.end() :]}"
        found = _YEARLATEST.match(text) if self.order != DATE_ORDERS[0] else None
        if found is None:
            return text
        day, month = (found[1], found[3]) if self.order == "day first" else (found[3], found[1])
        return f"{found[4]}-{month:0>2}-{day:0>2}{text[found.end() :]}"

    def _fast(self, cells: Sequence[str]) -> IntArray | None:
        """Return the times of plain ISO cells, or None when one of them is anything else."""
        text = ",".join(cells)
        if text.translate(_ISO_ONLY) or "," * 2 in text:
            return None
        lengths = set(map(len, cells))
        if max(lengths) > LONGEST or min(lengths) < DATE_LENGTH:
            return None
        if {cell[4] for cell in cells} != {"-"}:  # numpy silently wraps years beyond its range
            return None
        try:
            times = np.array(cells, dtype="datetime64[us]")
        except ValueError:
            return None
        if np.isnat(times).any():
            return None
        found: IntArray = times.astype(np.int64)
        return found if found.min() >= EARLIEST and found.max() < LATEST else None

    def _numbers(self, cells: Sequence[str]) -> IntArray | None:
        """Return the times of whole numbers of one unit, or None when one of the cells is anything else."""
        if not all(map(str.isdecimal, cells)) or not set(map(len, cells)) <= EPOCH_LENGTHS:
            return None
        try:
            values: IntArray = np.array(cells, dtype=np.int64)
        except OverflowError:
            return None
        return epoch_times(values)


def moment(text: str) -> int | None:
    """Return µs UTC of one time as written in a file; None when it is none (or lies before 1970 or after 2100)."""
    return TimeReader().moment(text)


def joined(dates: Sequence[str], clocks: Sequence[str]) -> Sequence[str]:
    """Return dates with the times of day of a second column; the dates alone where that column holds something else."""
    if _CLOCK.fullmatch(clocks[0].strip()) is None:
        return dates
    pairs = ((date.strip(), clock.strip()) for date, clock in zip(dates, clocks, strict=True))
    return [f"{date} {'0' if clock[1:2] == ':' else ''}{clock}" for date, clock in pairs]


def is_epoch(text: str) -> bool:
    """Whether a time is written as a number since 1970."""
    text = text.strip()
    return _DIGITS.fullmatch(text) is not None and not (len(text) == 8 and text[:2] in {"19", "20"})


def has_clock(text: str) -> bool:
    """Whether a time that can be read is more than a date."""
    return len(text.strip()) > DATE_LENGTH


def has_zone(text: str) -> bool:
    """Whether a time that can be read names its zone."""
    return has_clock(text) and _ZONE.search(text.strip()) is not None


def epoch_times(values: IntArray) -> IntArray | None:
    """Return µs of whole numbers since 1970 that are all of one unit; None when they are of several."""
    low, high = int(values.min()), int(values.max())
    for below, factor in (*_UNITS, (1 << 62, 0.001)):
        if high < below:
            times: IntArray = values * int(factor) if factor >= 1 else values // 1_000
            return times if moment(str(low)) == times.min() and int(times.max()) < LATEST else None
        if low < below:
            return None
    return None


def _epoch(value: Decimal) -> int:
    for below, factor in _UNITS:
        if value < below:
            return int(value * int(factor))
    return int(value / 1_000)


def _micros(found: datetime) -> int:
    return (found - _EPOCH) // _MICROSECOND


def _within(at: int) -> int | None:
    return at if EARLIEST <= at < LATEST else None

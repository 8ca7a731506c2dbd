"""Time cells of a file: ISO 8601, dates in any order, or numbers since 1970; with a zone, or on a zone's own clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from desktop.domain.market import DAY
from desktop.market.local_times import FINE, LocalTimes, local_times
from desktop.rules.columns import BoolArray, IntArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST, LATEST = 0, 4_102_444_800_000_000  # µs UTC: 1970 to 2100
_DIGITS = re.compile(r"\d{1,20}(\.\d{1,9})?")
_EPOCH_LENGTHS = frozenset(range(9, 20))  # digits; eight may be a date
_LONGEST = 40  # characters of a time
_DATE = len("2000-01-01")
_ISO_ONLY = str.maketrans("", "", "0123456789-:T .,")  # what is left of plain ISO times is nothing

#: Epoch numbers by their size: below this they are seconds, then milliseconds, microseconds, nanoseconds.
_UNITS = ((100_000_000_000, 1_000_000.0), (100_000_000_000_000, 1_000.0), (100_000_000_000_000_000, 1.0))

#: How a date of three numbers may be written; the first is taken without being asked for.
DATE_ORDERS = ("year first", "day first", "month first")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{2})\2(\d{2})(?=$|[T ])")
_YEARLATEST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?=$|[T ])")

_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_ZONE = re.compile(r"(Z|[+-]\d\d(:?\d\d)?)$")

#: A time whose every cell has the same length.
_FORM = re.compile(
    r"(?P<a>\d{4})(?P<mark>[-/.])(?P<b>\d\d)(?P=mark)(?P<c>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,6}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?"
)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE = np.concatenate([[0, 0], np.cumsum(_MONTH_DAYS[1:12])])


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
                return f"{text[:_LONGEST]!r} {self.local.sentence(int(state[0]))}"
        return f"{text[:_LONGEST]!r} is not a time; the row was left out."

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
        if not text or len(text) > _LONGEST:
            return None
        if is_epoch(text):
            return _within(_epoch(Decimal(text)))
        try:
            return datetime.fromisoformat(self._iso(text))
        except ValueError:
            return None

    def _iso(self, text: str) -> str:
        """Return a date of another order or with other marks as ISO has it."""
        found = _YEAR_FIRST.match(text)
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
        if max(lengths) > _LONGEST or min(lengths) < _DATE:
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
        return found if found.min() >= _FIRST and found.max() < LATEST else None

    def _numbers(self, cells: Sequence[str]) -> IntArray | None:
        """Return the times of whole numbers of one unit, or None when one of the cells is anything else."""
        if not all(map(str.isdecimal, cells)) or not set(map(len, cells)) <= _EPOCH_LENGTHS:
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
    return len(text.strip()) > _DATE


def has_zone(text: str) -> bool:
    """Whether a time that can be read names its zone."""
    return has_clock(text) and _ZONE.search(text.strip()) is not None


def fixed_times(
    data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    reader: TimeReader,
    between: str = "",
) -> IntArray | None:
    """Return the times of cells that all have one form, straight from the bytes.

    Args:
        data: The bytes.
        starts: First byte of each cell, shape (n,).
        ends: The byte after each cell, shape (n,).
        reader: Zone and order of the dates.
        between: What stands between a date and a time of day that are two cells.

    Returns:
        µs UTC, shape (n,); None where a cell differs in form, does not exist, or the form is none that is known here.
    """
    length = int(ends[0] - starts[0])
    if not 8 < length <= _LONGEST or bool((ends - starts != length).any()):
        return None
    windows = np.ndarray((len(data) - length + 1,), dtype=f"V{length}", buffer=data.data, strides=(1,))
    rows = np.ascontiguousarray(windows[starts].view(np.uint8).reshape(-1, length).T)
    first = rows[:, 0].tobytes().decode("ascii")
    if first.isdecimal():
        return _epoch_rows(rows)
    whole = f"{first[:_DATE]} {first[_DATE + 1 :]}" if between and first[_DATE:].startswith(between) else first
    form = _FORM.fullmatch(whole)
    if form is None:
        return None
    varying = form.start("zone") if form["zone"] else length
    for place, mark in enumerate(first):
        row = rows[place]
        wrong = (row - np.uint8(48)) > 9 if mark.isdecimal() and place < varying else row != ord(mark)
        if bool(wrong.any()):
            return None
    return _civil(rows, form, reader)


def _epoch_rows(rows: npt.NDArray[np.uint8]) -> IntArray | None:
    if len(rows) not in _EPOCH_LENGTHS or bool(((rows - np.uint8(48)) > 9).any()):
        return None
    if len(rows) == 19 and int(rows[0].max()) > ord("8"):  # beyond 64 bits
        return None
    return epoch_times(_number(rows))


def _number(rows: npt.NDArray[np.uint8]) -> IntArray:
    found: IntArray = np.zeros(rows.shape[1], dtype=np.int64)
    for row in rows:
        found = found * 10 + (row - np.uint8(48))
    return found


def _civil(rows: npt.NDArray[np.uint8], form: re.Match[str], reader: TimeReader) -> IntArray | None:
    """Return the times of the digits where `form` found them; None when a day or hour does not exist."""
    year, month, day = (_number(rows[slice(*form.span(name))]) for name in "abc")
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    if int(month.min()) < 1 or int(month.max()) > 12 or int(day.min()) < 1:
        return None
    if bool((day > _MONTH_DAYS[month] + (leap & (month == 2))).any()):
        return None
    years = year - 1970
    leaps = (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 - 477  # 29ths of February since 1970
    times: IntArray = (years * 365 + leaps + _DAYS_BEFORE[month] + (leap & (month > 2)) + day - 1) * DAY
    if form["hour"] is not None:
        for name, limit, factor in (("hour", 24, 3_600_000_000), ("minute", 60, 60_000_000), ("second", 60, 1_000_000)):
            if form[name] is None:
                continue
            part = _number(rows[slice(*form.span(name))])
            if int(part.max()) >= limit:
                return None
            times += part * factor
        if form["fraction"] is not None:
            times += _number(rows[slice(*form.span("fraction"))]) * 10 ** (6 - len(form["fraction"]))
    times = times - _zone_offset(form["zone"])
    if reader.local is not None and form["hour"] is not None and form["zone"] is None:
        times, state = reader.local.to_utc(times)
        if bool((state != FINE).any()):
            return None
    return times if int(times.min()) >= _FIRST and int(times.max()) < LATEST else None


def _zone_offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    offset = int(zone[1:3]) * 3_600_000_000 + int(zone[4:6]) * 60_000_000
    return -offset if zone[0] == "-" else offset


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
    return at if _FIRST <= at < LATEST else None

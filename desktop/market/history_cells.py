"""Text cells of a file as times and numbers, a whole column at once and row by row only where that fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray, IntArray

MOST_DECIMALS = 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = 0, 4_102_444_800_000_000  # µs UTC: 1970 to 2100
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DIGITS = re.compile(r"\d{1,20}(\.\d{1,9})?")
_EPOCH_LENGTHS = frozenset({9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})  # digits; eight may be a date
_LONGEST = 40  # characters of a number or a time
_ISO_ONLY = str.maketrans("", "", "0123456789-:T .,")  # what is left of plain ISO times is nothing
_NUMBER_ONLY = str.maketrans("", "", "0123456789-+.,eE")

#: Epoch numbers by their size: below this they are seconds, then milliseconds, microseconds, nanoseconds.
_UNITS = ((100_000_000_000, 1_000_000.0), (100_000_000_000_000, 1_000.0), (100_000_000_000_000_000, 1.0))


class TimeReader:
    """Reads times: ISO 8601 with or without zone (without: UTC), dates, or numbers since 1970 in s, ms, µs or ns."""

    def read(self, cells: Sequence[str]) -> tuple[IntArray, BoolArray]:
        """Return µs UTC of each cell and whether it is a time; both of shape (n,)."""
        plain = [cell[:-1] for cell in cells] if cells[0].endswith("Z") else cells
        fast = self._fast(plain)
        if fast is not None:
            return fast, np.ones(len(cells), dtype=np.bool_)
        numbers = self._numbers(cells)
        if numbers is not None:
            return numbers, np.ones(len(cells), dtype=np.bool_)
        times: IntArray = np.zeros(len(cells), dtype=np.int64)
        good: BoolArray = np.zeros(len(cells), dtype=np.bool_)
        for index, cell in enumerate(cells):
            at = moment(cell)
            if at is not None:
                times[index], good[index] = at, True
        return times, good

    def _fast(self, cells: Sequence[str]) -> IntArray | None:
        """Return the times of plain ISO cells, or None when one of them is anything else."""
        text = ",".join(cells)
        if text.translate(_ISO_ONLY) or "," * 2 in text:
            return None
        lengths = set(map(len, cells))
        if max(lengths) > _LONGEST or min(lengths) < len("2000-01-01"):
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
        return found if found.min() >= _FIRST and found.max() < _LAST else None

    def _numbers(self, cells: Sequence[str]) -> IntArray | None:
        """Return the times of whole numbers of one unit, or None when one of the cells is anything else."""
        if not all(map(str.isdecimal, cells)) or not set(map(len, cells)) <= _EPOCH_LENGTHS:
            return None
        try:
            values: IntArray = np.array(cells, dtype=np.int64)
        except OverflowError:
            return None
        low, high = int(values.min()), int(values.max())
        for below, factor in (*_UNITS, (1 << 62, 0.001)):
            if high < below:
                times: IntArray = values * int(factor) if factor >= 1 else values // 1_000
                return times if moment(str(low)) == times.min() and int(times.max()) < _LAST else None
            if low < below:
                return None
        return None


def moment(text: str) -> int | None:
    """Return µs UTC of one time as written in a file; None when it is none (or lies before 1970 or after 2100)."""
    text = text.strip().strip('"')
    if not text or len(text) > _LONGEST:
        return None
    if _DIGITS.fullmatch(text) and not (len(text) == 8 and text[:2] in {"19", "20"}):
        return _within(_epoch(Decimal(text)))
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        return _within((found - _EPOCH) // _MICROSECOND)
    except OverflowError:
        return None


def _epoch(value: Decimal) -> int:
    for below, factor in _UNITS:
        if value < below:
            return int(value * int(factor))
    return int(value / 1_000)


def _within(at: int) -> int | None:
    return at if _FIRST <= at < _LAST else None


class FloatColumn:
    """One column of numbers, collected batch by batch; remembers how many decimals were written at most."""

    __slots__ = ("_batch", "_parts", "decimals", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.decimals = 0
        self._parts: list[FloatArray] = []
        self._batch: FloatArray = np.zeros(0)

    def read(self, cells: Sequence[str]) -> BoolArray:
        """Take a batch of cells; returns which of them are finite numbers, shape (n,)."""
        text = ",".join(cells)
        if not text.translate(_NUMBER_ONLY) and text.count(",") == len(cells) - 1:
            try:
                values = np.array(cells, dtype=np.float64)
            except ValueError:
                pass
            else:
                self._batch = values
                self._count_decimals(text)
                good: BoolArray = np.isfinite(values)
                return good
        return self._one_by_one(cells)

    def _one_by_one(self, cells: Sequence[str]) -> BoolArray:
        self._batch = np.full(len(cells), np.nan)
        for index, cell in enumerate(cells):
            stripped = cell.strip()
            if len(stripped) <= _LONGEST and _NUMBER.fullmatch(stripped):
                self._batch[index] = float(stripped)
                self._count_decimals(stripped)
        good: BoolArray = np.isfinite(self._batch)
        return good

    def keep(self, good: BoolArray) -> None:
        """Keep these rows of the batch."""
        self._parts.append(self._batch[good])

    def values(self) -> FloatArray:
        """Return all that was kept."""
        return np.concatenate(self._parts) if self._parts else np.zeros(0)

    def _count_decimals(self, text: str) -> None:
        if self.decimals >= MOST_DECIMALS:
            return
        if "e" in text or "E" in text:
            finest = max((_decimals(cell) for cell in text.split(",")), default=0)
        else:
            codes = np.frombuffer((text + ",").encode(), dtype=np.uint8)
            ends = np.flatnonzero(codes == ord(","))
            points = np.flatnonzero(codes == ord("."))
            if not len(points):
                return
            finest = int((ends[np.searchsorted(ends, points)] - points).max()) - 1
        self.decimals = min(MOST_DECIMALS, max(self.decimals, finest))


def _decimals(cell: str) -> int:
    exponent = Decimal(cell).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def finest_step(columns: Sequence[FloatColumn]) -> Decimal:
    """Return the finest decimal step written in any of the columns: 0.01 for prices such as 97.31."""
    return Decimal(1).scaleb(-max(column.decimals for column in columns))

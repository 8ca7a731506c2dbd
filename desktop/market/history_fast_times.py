"""Time cells that all have one form, straight from the bytes of a block."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from desktop.domain.market import DAY
from desktop.market.history_times import (
    DATE_LENGTH,
    EARLIEST,
    EPOCH_LENGTHS,
    LATEST,
    LONGEST,
    TimeReader,
    epoch_times,
)
from desktop.market.local_times import FINE
from desktop.rules.columns import IntArray

#: A time whose every cell has the same length.
_FORM = re.compile(
    r"(?P<a>\d{4})(?P<mark>[-/.])(?P<b>\d\d)(?P=mark)(?P<c>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,6}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?"
)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_BEFORE = np.concatenate([[0, 0], np.cumsum(_MONTH_DAYS[1:12])])


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
    if not 8 < length <= LONGEST or bool((ends - starts != length).any()):
        return None
    windows = np.ndarray((len(data) - length + 1,), dtype=f"V{length}", buffer=data.data, strides=(1,))
    rows = np.ascontiguousarray(windows[starts].view(np.uint8).reshape(-1, length).T)
    first = rows[:, 0].tobytes().decode("ascii")
    if first.isdecimal():
        return _epoch_rows(rows)
    whole = (
        f"{first[:DATE_LENGTH]} {first[DATE_LENGTH + 1 :]}"
        if between and first[DATE_LENGTH:].startswith(between)
        else first
    )
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
    if len(rows) not in EPOCH_LENGTHS or bool(((rows - np.uint8(48)) > 9).any()):
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
    return times if int(times.min()) >= EARLIEST and int(times.max()) < LATEST else None


def _zone_offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    offset = int(zone[1:3]) * 3_600_000_000 + int(zone[4:6]) * 60_000_000
    return -offset if zone[0] == "-" else offset

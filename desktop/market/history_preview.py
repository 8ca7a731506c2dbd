"""The first rows of a file and what is made of them, before anything is imported."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.domain.market import DAY, MINUTE
from desktop.market.gaps import only_weekdays
from desktop.market.history_doubts import impossible
from desktop.market.history_header import FileLayout, Header, named_header, read_header
from desktop.market.history_rows import MAX_FIELDS, Caps, Reading, RowError, begins_as_parquet, read_rows
from desktop.market.history_times import has_clock, has_zone, is_epoch, joined

ROWS = 20
_HEAD = 1 << 16  # bytes looked at
_CELL = 60  # characters shown of a cell


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file seems to hold.

    Attributes:
        kind: "bars", "quotes" or "trades"; empty: its columns have to be named first.
        format: "CSV" or "Parquet".
        separator: Between two cells of a CSV file.
        columns: Names as written; "#1", "#2" ... where there is no header row.
        meanings: What each column is taken for ("time", "close" ...); empty: not used.
        rows: The first rows, cell by cell as text.
        time_format: How its times are written.
        zone_guess: IANA zone they are probably of; empty: the file says it, or dates need none.
        errors: What is wrong with those of the first rows that would be left out, cell by cell.
        hours_guess: What gaps are probably to be judged by: XNYS where bars are daily and none is on a weekend; empty:
            not known.
        problem: Why it cannot be imported as it is, and what to do; empty: it can.
        row_estimate: Rows in the whole file, about; 0: not known.
        size: Bytes.
    """

    kind: str
    format: str
    separator: str
    columns: tuple[str, ...]
    meanings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    time_format: str
    zone_guess: str
    errors: tuple[RowError, ...]
    problem: str
    row_estimate: int
    size: int
    hours_guess: str = ""


def preview_file(path: Path | str, layout: FileLayout | None = None) -> Preview:
    """Return the first rows of a file and what they are taken for. Reads a few kilobytes; blocks on the disk.

    Args:
        path: CSV or Parquet file.
        layout: What the user has said of it so far.

    Raises:
        DataFileError: it cannot be read, is empty or is no text.
        FieldError: the layout names a column or zone that is not there.
    """
    path, layout = Path(path), layout or FileLayout()
    try:
        with path.open("rb") as stream:
            parquet = begins_as_parquet(stream)
            head = stream.read(_HEAD)
        size = path.stat().st_size
    except OSError as error:
        raise DataFileError(str(path), f"cannot be read: {error.strerror or error}.") from None
    return _parquet(path, layout, size) if parquet else _csv(path, layout, head, size)


def _csv(path: Path, layout: FileLayout, head: bytes, size: int) -> Preview:
    if len(head) == _HEAD:
        head = head[: head.rfind(b"\n") + 1] or head
    try:
        lines = [line for line in head.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise DataFileError(str(path), "is not UTF-8 text. Save the file as CSV with UTF-8.") from None
    if not lines:
        raise DataFileError(str(path), "is empty.")
    separator = layout.separator_of(lines[0])
    cells = [tuple(cell.strip().strip('"')[:_CELL] for cell in line.split(separator)[:MAX_FIELDS]) for line in lines]
    estimate = round(size / max(1, len(head)) * (len(lines) - 1))
    rows, unknown = tuple(cells[1 : ROWS + 1]), ("",) * len(cells[0])
    plain = Preview("", "CSV", separator, cells[0], unknown, rows, "", "", (), "", estimate, size)
    try:
        header = read_header(str(path), lines[0], MAX_FIELDS, row=1, layout=layout)
        shown = cells if header.is_data else cells[1:]
        plain = replace(plain, columns=header.names, rows=tuple(shown[:ROWS]))
        whole = read_rows(path, BytesIO(head), hashlib.sha256(), Caps(), layout)
        first = "\n".join(lines[: ROWS + (not header.is_data)]).encode()
        sample = read_rows(path, BytesIO(first), hashlib.sha256(), Caps(), layout)
    except DataFileError as error:
        return replace(plain, problem=str(error))
    return _told(plain, header, _stamps(shown, header), whole, sample)


def _parquet(path: Path, layout: FileLayout, size: int) -> Preview:
    from desktop.market.history_parquet import first_rows  # noqa: PLC0415 - its library is loaded with it

    names, texts, reading = first_rows(path, layout, ROWS)
    plain = Preview("", "Parquet", "", names, ("",) * len(names), texts, "", "", (), "", 0, size)
    if isinstance(reading, DataFileError):
        return replace(plain, problem=str(reading))
    header = named_header(str(path), names, layout)
    return _told(plain, header, _stamps(texts, header), reading, reading)


def _stamps(rows: Sequence[tuple[str, ...]], header: Header) -> Sequence[str]:
    """Return the times of rows as they are read."""
    whole = [row for row in rows if len(row) > max(header.time, header.clock)]
    dates = [row[header.time] for row in whole]
    return joined(dates, [row[header.clock] for row in whole]) if header.clock >= 0 and whole else dates


def _told(plain: Preview, header: Header, times: Sequence[str], whole: Reading, sample: Reading) -> Preview:
    """Fill in what the columns are taken for, how times are written, and what is wrong with the first rows."""
    meanings = [""] * len(plain.columns)
    for what, place in header.places.items():
        if what in {"time", "clock"} or what in header.numbers or place == header.trade_id:
            meanings[place] = what
    usual = next((text for text in islice(times, 100) if header.time_reader.moment(text) is not None), "")
    problem = "" if usual else f"None of its first times can be read, for example {(times or ['nothing'])[0][:40]!r}."
    written, guess = _time_format(usual, header)
    if not guess and usual and has_clock(usual) and not has_zone(usual):
        guess = _guess([int(at) for part in whole.times for at in part], header)
    found = {(error.row, error.column): error for error in (*impossible(sample, header.kind), *sample.errors)}
    errors = tuple(sorted(found.values(), key=lambda error: error.row))
    return replace(
        plain, kind=header.kind, hours_guess=_hours(header, whole), meanings=tuple(meanings), time_format=written,
        zone_guess=guess, errors=errors,
        problem=problem and f"{problem} Say the order of its dates, or which column holds the time.",
    )  # fmt: skip


def _time_format(text: str, header: Header) -> tuple[str, str]:
    """Return how a time is written, and its zone where the way of writing settles it."""
    if not text:
        return "", ""
    if is_epoch(text):
        return "a number since 1970", "UTC"
    if has_zone(text):
        return "date and time with their zone", ""
    if has_clock(text):
        return f"date and time without a zone, {header.time_reader.order}", ""
    return f"dates, {header.time_reader.order}", ""


def _hours(header: Header, whole: Reading) -> str:
    """Return the calendar of daily bars without weekends; New York's, since most are its."""
    times = np.unique(np.concatenate(whole.times)) if whole.times else np.zeros(0, dtype=np.int64)
    daily = header.kind == "bars" and len(times) > 1 and int(np.median(np.diff(times))) == DAY
    return "XNYS" if daily and only_weekdays(times, "1d") else ""


def _guess(times: Sequence[int], header: Header) -> str:
    """Return the zone in which the first and last times of the days look like an exchange's hours; else UTC."""
    if header.time_reader.local is not None:
        return header.time_reader.zone
    minutes = [at % DAY // MINUTE for at in times]
    first, last = (min(minutes), max(minutes)) if minutes else (0, 0)
    if first == 9 * 60 + 30 and last <= 16 * 60:
        return "America/New_York"
    return "Asia/Seoul" if first == 9 * 60 and last <= 15 * 60 + 30 else "UTC"

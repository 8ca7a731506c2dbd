"""The rows of a file as numbers, block by block: the whole file is never in memory, and every cell is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.market.history_cells import FloatColumn
from desktop.market.history_fast import read_block
from desktop.market.history_header import FileLayout, Header, read_header
from desktop.market.history_times import joined
from desktop.rules.columns import IntArray

MAX_BYTES = 2_000_000_000
MAX_ROWS = 20_000_000
MAX_LINE = 4_000  # characters of one row
MAX_FIELDS = 64
ERRORS_KEPT = 100
PARQUET_MAGIC = b"PAR1"
_BLOCK = 1 << 18  # bytes read and converted at once

#: Told how many bytes were read so far; what it raises ends the reading.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Caps:
    """The most a file may have of everything; beyond it the file is refused as a whole."""

    size: int = MAX_BYTES  # bytes
    rows: int = MAX_ROWS
    line: int = MAX_LINE  # characters
    fields: int = MAX_FIELDS


@dataclass(frozen=True, slots=True)
class RowError:
    """One row that was left out, and why."""

    row: int  # 1-based line of the file; the header is row 1
    column: str  # empty: the row as a whole
    sentence: str


@dataclass(slots=True)
class Reading:
    """What was collected so far, batch by batch."""

    header: Header
    numbers: list[FloatColumn]
    times: list[IntArray] = field(default_factory=list)
    lines: list[IntArray] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    rows: int = 0
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    repeats: list[RowError] = field(default_factory=list)

    def wrong(self, row: int, column: str, sentence: str) -> None:
        self.error_count += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(RowError(row, column, sentence))

    def repeated(self, row: int, sentence: str) -> None:
        self.wrong(row, "", sentence)
        if len(self.repeats) < ERRORS_KEPT:
            self.repeats.append(RowError(row, "", sentence))


def begins_as_parquet(stream: BinaryIO) -> bool:
    """Whether a file begins as Parquet does; leaves the stream at its beginning."""
    begins = stream.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC
    stream.seek(0)
    return begins


def read_rows(
    path: Path,
    stream: BinaryIO,
    digest: hashlib._Hash,
    caps: Caps,
    layout: FileLayout,
    progress: Progress | None = None,
) -> Reading:
    """Read every row; wrong ones are left out and named.

    Raises:
        DataFileError: the file goes beyond a cap, is no text, or its columns are unknown.
        FieldError: the layout names a column that the file has not.
    """
    reading: Reading | None = None
    read = 0
    for row, block in _blocks(path, stream, digest, caps):
        read += len(block)
        if reading is None:
            opened = _opened(path, block, row, caps, layout)
            if opened is None:
                continue
            reading, row, block = opened  # noqa: PLW2901 - the rows below the header
        _take_block(path, reading, block, row, caps)
        if reading.rows > caps.rows:
            raise DataFileError(str(path), f"has more than {caps.rows:,} rows. Split it by date.")
        if progress is not None:
            progress(read)
    if reading is None:
        raise DataFileError(str(path), "is empty.")
    return reading


def _blocks(path: Path, stream: BinaryIO, digest: hashlib._Hash, caps: Caps) -> Iterator[tuple[int, bytes]]:
    """Yield (row of the first line, complete lines)."""
    rest, row = b"", 1
    while True:
        block = stream.read(_BLOCK)
        digest.update(block)
        whole = rest + block
        cut = whole.rfind(b"\n") + 1 if block else len(whole)
        lines, rest = whole[:cut], whole[cut:]
        if len(rest) > caps.line:
            raise _too_long(path, row + lines.count(b"\n"), caps)
        if lines:
            yield row, lines
            row += lines.count(b"\n")
        if not block:
            return


def _opened(path: Path, block: bytes, row: int, caps: Caps, layout: FileLayout) -> tuple[Reading, int, bytes] | None:
    """Return (the reading begun, row of the first line of data, its block); None while there are blank lines only."""
    begin = 0
    while begin < len(block):
        end = block.find(b"\n", begin) + 1 or len(block)
        (line,) = _decoded(path, block[begin:end].removesuffix(b"\n"), row, caps)
        if line.strip():
            header = read_header(str(path), line, caps.fields, row=row, layout=layout)
            reading = Reading(header, [FloatColumn(name) for name in header.numbers])
            return (reading, row, block[begin:]) if header.is_data else (reading, row + 1, block[end:])
        begin, row = end, row + 1
    return None


def _too_long(path: Path, row: int, caps: Caps) -> DataFileError:
    return DataFileError(str(path), f"is longer than {caps.line:,} characters; this is no market data.", row=row)


def _decoded(path: Path, block: bytes, row: int, caps: Caps) -> list[str]:
    parts = block.split(b"\n")
    if max(map(len, parts)) > caps.line:
        raise _too_long(path, row + next(index for index, part in enumerate(parts) if len(part) > caps.line), caps)
    try:
        text = block.decode("utf-8-sig" if row == 1 else "utf-8")
    except UnicodeDecodeError as error:
        wrong = row + error.object.count(b"\n", 0, error.start)
        raise DataFileError(str(path), "is not UTF-8 text. Save the file as CSV with UTF-8.", row=wrong) from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").removesuffix("\r")
    return text.split("\n")


def _take_block(path: Path, reading: Reading, block: bytes, first: int, caps: Caps) -> None:
    """Read a block the fast way where every cell of it is regular, else cell by cell."""
    found = read_block(block, reading.header, caps.line)
    if found is None:
        if block:
            _take(reading, _decoded(path, block.removesuffix(b"\n"), first, caps), first)
        return
    count = len(found.times)
    reading.rows += count
    reading.times.append(found.times)
    reading.lines.append(np.arange(first, first + count, dtype=np.int64))
    for number, values, decimals in zip(reading.numbers, found.values, found.decimals, strict=True):
        number.take(values, decimals)


def _take(reading: Reading, lines: list[str], first: int) -> None:
    """Split lines into cells and convert those that have as many as the header."""
    header = reading.header
    batch = [line.split(header.separator) for line in lines]
    rows: list[int] | range = range(first, first + len(lines))
    if set(map(len, batch)) != {header.width} or any('"' in line for line in lines):
        batch, rows = _sorted_out(reading, lines, first)
    else:
        reading.rows += len(lines)
    if batch:
        _convert(reading, batch, rows)


def _sorted_out(reading: Reading, lines: list[str], first: int) -> tuple[list[list[str]], list[int]]:
    """Return the rows that have the header's columns; others are named, empty lines skipped."""
    header = reading.header
    batch: list[list[str]] = []
    rows: list[int] = []
    for row, line in enumerate(lines, start=first):
        if not line:
            continue
        reading.rows += 1
        cells = line.split(header.separator)
        if '"' in line:
            cells = [cell.strip().strip('"') for cell in cells]
        if len(cells) != header.width:
            reading.wrong(row, "", f"has {len(cells)} columns instead of {header.width}; it was left out.")
            continue
        batch.append(cells)
        rows.append(row)
    return batch, rows


def _convert(reading: Reading, batch: list[list[str]], rows: Sequence[int]) -> None:
    """Turn a batch of cells into numbers; rows that cannot be are left out and named."""
    header = reading.header
    columns = list(zip(*batch, strict=True))
    stamps = columns[header.time] if header.clock < 0 else joined(columns[header.time], columns[header.clock])
    times, good = header.time_reader.read(stamps)
    for index in np.flatnonzero(~good).tolist():
        sentence = header.time_reader.why(stamps[index])
        reading.wrong(rows[index], header.names[header.time], sentence)
    for number in reading.numbers:
        place = header.places[number.name]
        fits = number.read(columns[place])
        for index in np.flatnonzero(~fits & good).tolist():
            text = columns[place][index]
            reading.wrong(rows[index], header.names[place], f"{text[:40]!r} is not a number; the row was left out.")
        good &= fits
    for number in reading.numbers:
        number.keep(good)
    reading.times.append(times[good])
    reading.lines.append(np.array(rows, dtype=np.int64)[good])
    if header.trade_id >= 0:
        ids = columns[header.trade_id]
        reading.ids.extend(ids[index] for index in np.flatnonzero(good).tolist())

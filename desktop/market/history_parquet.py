"""Bars, quotes and trades from a Parquet file, a batch of rows at a time, as the same `Reading` that a CSV file gives.

The library is written in Rust: a file made to do harm ends in an error, not in foreign code. It is loaded when the
first Parquet file is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.market.history_cells import MOST_DECIMALS, FloatColumn
from desktop.market.history_header import FileLayout, Header, named_header
from desktop.market.history_rows import PARQUET_MAGIC, Caps, Progress, Reading
from desktop.market.history_times import LATEST, epoch_times, joined
from desktop.market.local_times import FINE
from desktop.market.parquet_trial import survives
from desktop.rules.columns import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from arro3.core import Array, RecordBatch, Schema

_BATCH = 65_536  # rows
_BLOCK = 1 << 20  # bytes hashed at once
_EXACT = 2.0**53


def read_parquet(
    path: Path,
    stream: BinaryIO,
    digest: hashlib._Hash,
    caps: Caps,
    layout: FileLayout,
    progress: Progress | None = None,
) -> Reading:
    """Read every row; wrong ones are left out and named. Row numbers count from 1: there is no header row.

    Raises:
        DataFileError: the file is damaged, goes beyond a cap, or its columns are unknown.
        FieldError: the layout names a column that the file has not.
    """
    size = _hashed(path, stream, digest)
    reading: Reading | None = None
    for schema, batch in _batches(path):
        if reading is None:
            names = tuple(str(name) for name in schema.names)
            if len(names) > caps.fields:
                raise DataFileError(str(path), f"has {len(names)} columns, more than the {caps.fields} that are read.")
            header = named_header(str(path), names, layout)
            reading = Reading(header, [FloatColumn(name) for name in header.numbers])
        if batch is not None:
            _take(path, reading, batch)
        if reading.rows > caps.rows:
            raise DataFileError(str(path), f"has more than {caps.rows:,} rows. Split it by date.")
        if progress is not None:  # how many rows are still to come is not known: a tenth of what is left
            progress(int(size * (1 - 0.9 ** (reading.rows / _BATCH))))
    if reading is None:
        raise DataFileError(str(path), "is empty.")
    return reading


def first_rows(
    path: Path, layout: FileLayout, count: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], Reading | DataFileError]:
    """Return the names of the columns, the first rows as text, and those rows as read (or why they cannot be).

    Raises:
        DataFileError: the file is damaged.
        FieldError: the layout names a column that the file has not.
    """
    names: tuple[str, ...] = ()
    for schema, batch in _batches(path, count):
        names = tuple(str(name) for name in schema.names)[: Caps().fields]
        if batch is None:
            continue
        columns = [batch.column(place).to_pylist() for place in range(len(names))]
        texts = tuple(
            tuple("" if cell is None else str(cell)[:60] for cell in row) for row in zip(*columns, strict=True)
        )
        try:
            header = named_header(str(path), names, layout)
            reading = Reading(header, [FloatColumn(name) for name in header.numbers])
            _take(path, reading, batch)
        except DataFileError as error:
            return names, texts, error
        return names, texts, reading
    return names, (), DataFileError(str(path), "has no rows.")


def _hashed(path: Path, stream: BinaryIO, digest: hashlib._Hash) -> int:
    size, last = 0, b""
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
        last = (last + block)[-len(PARQUET_MAGIC) :]
    if last != PARQUET_MAGIC or size < 3 * len(PARQUET_MAGIC):
        raise DataFileError(str(path), "is a Parquet file that was cut off. Nothing was read; copy it again.")
    return size


def _batches(path: Path, rows: int = 0) -> Iterator[tuple[Schema, RecordBatch | None]]:
    """Yield (schema, batch), the schema alone first.

    Raises:
        DataFileError: the library cannot read on.
    """
    from arro3.io import read_parquet as open_parquet

    if not survives(path):
        raise DataFileError(str(path), "is a damaged Parquet file: reading it would end the program. Copy it again.")
    try:
        reader = open_parquet(path, batch_size=rows or _BATCH)
        yield reader.schema, None
        for batch in reader:
            yield reader.schema, batch
    except (DataFileError, GeneratorExit):
        raise
    except BaseException as error:
        # The library ends damaged files by a "panic", which is no Exception so that nobody hides one by accident.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise DataFileError(
                str(path), f"is a damaged Parquet file, or of a kind that is not read ({str(error)[:120]})."
            ) from error
        raise


def _take(path: Path, reading: Reading, batch: RecordBatch) -> None:
    header = reading.header
    first = reading.rows + 1
    reading.rows += batch.num_rows
    if not batch.num_rows:
        return
    if header.clock >= 0 and _is_text(batch.column(header.time)) and _is_text(batch.column(header.clock)):
        stamps = joined(_texts(batch.column(header.time)), _texts(batch.column(header.clock)))
        times, good = header.time_reader.read(stamps)
    else:
        times, good = _times(path, batch.column(header.time), header)
    for index in np.flatnonzero(~good).tolist():
        reading.wrong(first + index, header.names[header.time], _why_no_time(batch.column(header.time), index, header))
    columns = []
    for number in reading.numbers:
        place = header.places[number.name]
        values, fits = _floats(path, batch.column(place), header.names[place])
        for index in np.flatnonzero(~fits & good).tolist():
            reading.wrong(first + index, header.names[place], "is empty or not a number; the row was left out.")
        good &= fits
        columns.append(values)
    whole = bool(good.all())
    for number, values in zip(reading.numbers, columns, strict=True):
        kept = values if whole else values[good]
        number.take(kept, _decimals(kept, number.decimals))
    lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
    reading.times.append(times if whole else times[good])
    reading.lines.append(lines if whole else lines[good])
    if header.trade_id >= 0:
        ids = batch.column(header.trade_id).to_pylist()
        reading.ids.extend("" if ids[index] is None else str(ids[index]) for index in np.flatnonzero(good).tolist())


def _times(path: Path, column: Array, header: Header) -> tuple[IntArray, BoolArray]:
    """Return µs UTC and which of them are times."""
    from arro3.core import DataType

    kind = column.type
    reader = header.time_reader
    if DataType.is_timestamp(kind) or DataType.is_date(kind):
        values, good = _integers(column.cast(DataType.timestamp("us", tz=kind.tz)).cast(DataType.int64()))
        if reader.local is not None and kind.tz is None and DataType.is_timestamp(kind):
            values, state = reader.local.to_utc(values)
            good &= state == FINE
        return values, good & (values >= 0) & (values < LATEST)
    if DataType.is_integer(kind):
        numbers, good = _integers(column.cast(DataType.int64()))
        found = epoch_times(numbers) if good.all() else None
        if found is not None:
            return found, good
    if DataType.is_integer(kind) or _is_text(column):
        return reader.read(_texts(column))
    raise DataFileError(
        str(path), f"has times of the kind {_named(column)}, which is not read. Save them as timestamps."
    )


def _integers(column: Array) -> tuple[IntArray, BoolArray]:
    if not column.null_count:
        values: IntArray = np.asarray(column.to_numpy(), dtype=np.int64)
        return values, np.ones(len(values), dtype=np.bool_)
    cells = column.to_pylist()
    filled: IntArray = np.array([0 if cell is None else cell for cell in cells], dtype=np.int64)
    return filled, np.array([cell is not None for cell in cells], dtype=np.bool_)


def _floats(path: Path, column: Array, name: str) -> tuple[FloatArray, BoolArray]:
    """Return a column's numbers and which of them are finite."""
    from arro3.core import DataType

    kind = column.type
    if _is_text(column):
        number = FloatColumn(name)
        fits = number.read(_texts(column))
        number.keep(np.ones(len(fits), dtype=np.bool_))
        return number.values(), fits
    if not (DataType.is_numeric(kind) or DataType.is_decimal(kind)):
        raise DataFileError(str(path), f"has a column {name[:40]!r} of the kind {_named(column)} where numbers belong.")
    plain = column.cast(DataType.float64())
    if plain.null_count:
        values: FloatArray = np.array([np.nan if cell is None else cell for cell in plain.to_pylist()])
    else:
        values = np.asarray(plain.to_numpy(), dtype=np.float64)
    if DataType.is_float32(kind):
        values = _as_written(values)
    return values, np.isfinite(values)


def _as_written(values: FloatArray) -> FloatArray:
    """Return singles as the shortest decimals that name them: 97.31, not 97.30999755859375."""
    found = values.copy()
    left = np.isfinite(values)
    for decimals in range(8):
        rounded = np.round(values, decimals)
        fits = left & (rounded.astype(np.float32) == values.astype(np.float32))
        found[fits] = rounded[fits]
        left &= ~fits
    return found


def _decimals(values: FloatArray, least: int) -> int:
    """Return the fewest decimals, `least` or more, that write all the values."""
    for decimals in range(least, MOST_DECIMALS):
        power = 10.0**decimals
        whole = np.rint(values * power)
        if bool((np.abs(whole) < _EXACT).all()) and bool((whole / power == values).all()):
            return decimals
    return MOST_DECIMALS


def _is_text(column: Array) -> bool:
    from arro3.core import DataType

    kind = column.type.value_type or column.type  # of a dictionary: what its keys stand for
    return any(check(kind) for check in (DataType.is_string, DataType.is_large_string, DataType.is_string_view))


def _texts(column: Array) -> list[str]:
    return ["" if cell is None else str(cell) for cell in column.to_pylist()]


def _named(column: Array) -> str:
    return str(column.type).removeprefix("arro3.core.DataType").strip("<>\n")


def _why_no_time(column: Array, index: int, header: Header) -> str:
    try:
        cell = column[index].as_py()
    except Exception:  # noqa: BLE001 - a zone or year that nobody has: the library raises what it likes, even a bare one
        return "is no time that can be read; the row was left out."
    if cell is None:
        return "is empty; the row was left out."
    return header.time_reader.why(str(cell).removesuffix("+00:00"))

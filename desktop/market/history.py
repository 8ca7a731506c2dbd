"""Recorded bars, quotes and trades from CSV and Parquet files, with caps on all that could do harm (fault 34).

A file is data only: no part of it is ever run, and whatever is wrong with it is either one sentence about the file
(`DataFileError`) or a list of row errors beside the rows that are right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from desktop.domain.errors import DataFileError
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import TIMEFRAMES, timeframe_us
from desktop.market.gaps import holes
from desktop.market.history_cells import finest_step
from desktop.market.history_checks import Kept, check_bars, check_ticks
from desktop.market.history_header import FileLayout
from desktop.market.history_rows import Caps, Progress, Reading, RowError, begins_as_parquet, read_rows
from desktop.rules.columns import Columns, FloatArray, IntArray

_SAMPLE = 4_096  # distances that are counted before all of them are

__all__ = ["Caps", "FileLayout", "History", "RowError", "read_history"]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a file holds, oldest first.

    Attributes:
        path: The file.
        symbol: Symbol it is read for.
        kind: "bars", "quotes" or "trades".
        timeframe: Timeframe of bars; empty for ticks.
        instrument: Known from the file only: tick = the finest decimal in it, lot 1.
        columns: Bars as columns; no bars for ticks.
        at: µs UTC of each tick, shape (n,); empty for bars.
        first: Bid, or the price of a trade; shape (n,).
        second: Ask, or the size of a trade; shape (n,).
        sizes: Bid size and ask size where the file has them; two arrays of shape (n,), zeros where it does not.
        ids: Trade ids; empty when the file has none.
        rows: Rows of data in the file, right or wrong.
        errors: The first row errors.
        error_count: How many rows were left out.
        duplicates: Rows left out because the one before has the same time (bars) or the same id (trades).
        repeats: The first of these rows.
        gaps: Bars missing between the first and the last; nights count too, and weekends where there is trade on them.
        longest_gap: µs from the end of a bar (or a tick) to the next one, at most.
        reversed: The file was written newest first.
        fingerprint: SHA-256 of the file's bytes.
    """

    path: Path
    symbol: str
    kind: str
    timeframe: str
    instrument: Instrument
    columns: Columns
    at: IntArray
    first: FloatArray
    second: FloatArray
    sizes: tuple[FloatArray, FloatArray]
    ids: tuple[str, ...]
    rows: int
    errors: tuple[RowError, ...]
    error_count: int
    duplicates: int
    repeats: tuple[RowError, ...]
    gaps: int
    longest_gap: int
    reversed: bool
    fingerprint: str

    def __len__(self) -> int:
        """Rows that are right."""
        return len(self.columns) if self.kind == "bars" else len(self.at)

    @property
    def begin(self) -> int:
        """µs UTC of the first row."""
        return int(self.columns.start[0] if self.kind == "bars" else self.at[0])

    @property
    def end(self) -> int:
        """µs UTC of the last row."""
        return int(self.columns.start[-1] if self.kind == "bars" else self.at[-1])


def read_history(
    path: Path | str,
    *,
    symbol: str,
    timeframe: str | None = None,
    caps: Caps | None = None,
    currency: str = "USD",
    layout: FileLayout | None = None,
    progress: Progress | None = None,
) -> History:
    """Read a CSV or Parquet file of bars, quotes or trades; what it holds is recognised from its columns.

    Args:
        path: The file. CSV: comma, semicolon or tab separated, UTF-8 with or without BOM, with a header.
        symbol: Symbol its rows are of.
        timeframe: Timeframe of bars; inferred from their distances when not given.
        caps: Most size, rows, line length and columns.
        currency: Currency of the prices.
        layout: What the file does not say itself: columns, zone of its times, order of its dates.
        progress: Told how many bytes were read, a block at a time; what it raises ends the reading.

    Raises:
        DataFileError: the file cannot be read as a whole, or not one of its rows is right.
        FieldError: the timeframe is none that exist, or the layout names a column or zone that is not there.
    """
    if timeframe is not None:
        timeframe_us(timeframe)
    caps = caps or Caps()
    path = Path(path)
    digest = hashlib.sha256()
    try:
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            raise DataFileError(str(path), "is not a file. Name a CSV or Parquet file of bars, quotes or trades.")
        if size > caps.size:
            raise DataFileError(
                str(path), f"has {size:,} bytes, more than the {caps.size:,} that are read. Split it by date."
            )
        with path.open("rb") as stream:
            read = _reader(stream)
            reading = read(path, stream, digest, caps, layout or FileLayout(), progress)
    except OSError as error:
        raise DataFileError(str(path), f"cannot be read: {error.strerror or error}.") from None
    return _finished(path, symbol, timeframe, currency, reading, digest.hexdigest())


def _reader(stream: BinaryIO) -> Callable[..., Reading]:
    """Return what reads this kind of file."""
    if not begins_as_parquet(stream):
        return read_rows
    from desktop.market.history_parquet import read_parquet  # noqa: PLC0415 - its library is loaded with it

    return read_parquet


def _finished(
    path: Path, symbol: str, timeframe: str | None, currency: str, reading: Reading, fingerprint: str
) -> History:
    header = reading.header
    empty: IntArray = np.zeros(0, dtype=np.int64)
    times = np.concatenate(reading.times) if reading.times else empty
    lines = np.concatenate(reading.lines) if reading.lines else empty
    values = {number.name: number.values() for number in reading.numbers}
    backwards = len(times) > 1 and bool(np.all(np.diff(times) <= 0)) and bool(times[0] > times[-1])
    if backwards:
        times, lines = times[::-1].copy(), lines[::-1]
        values = {name: column[::-1].copy() for name, column in values.items()}
        reading.ids.reverse()
    if header.kind == "bars":
        names = {what: header.names[place] for what, place in header.places.items() if what in values}
        kept = check_bars(times, lines, values, reading, names)
    else:
        kept = check_ticks(times, lines, values, reading.ids, reading)
    if not len(kept.times):
        if not reading.errors:
            raise DataFileError(str(path), "has no rows below the header.")
        worst = reading.errors[0]
        raise DataFileError(str(path), f"has no row that can be used: {worst.sentence}", row=worst.row)
    tick = finest_step([number for number in reading.numbers if number.name in header.prices])
    instrument = Instrument(symbol, currency=currency, tick=tick, asset_class=AssetClass.SHARE)
    return _history(path, instrument, timeframe, reading, kept, fingerprint, backwards=backwards)


def _history(
    path: Path,
    instrument: Instrument,
    timeframe: str | None,
    reading: Reading,
    kept: Kept,
    fingerprint: str,
    *,
    backwards: bool,
) -> History:
    header, values, times = reading.header, kept.values, kept.times
    count = len(times)
    zeros: FloatArray = np.zeros(count)
    nothing: FloatArray = np.zeros(0)
    gaps, first, second, sizes = 0, nothing, nothing, (nothing, nothing)
    columns = Columns.of(())
    longest = int(np.diff(times).max()) if count > 1 else 0
    at: IntArray = np.zeros(0, dtype=np.int64)
    if header.kind == "bars":
        timeframe = timeframe or _inferred(path, times)
        columns = Columns(
            times, values["open"], values["high"], values["low"], values["close"], values.get("volume", zeros)
        )
        gaps, longest = holes(times, timeframe)
    else:
        at, timeframe = times, ""
        names = ("bid", "ask") if header.kind == "quotes" else ("price", "size")
        first, second = values[names[0]], values.get(names[1], zeros)
        sizes = (values.get("bid_size", zeros), values.get("ask_size", zeros))
    return History(
        path=path, symbol=instrument.symbol, kind=header.kind, timeframe=timeframe, instrument=instrument,
        columns=columns, at=at, first=first, second=second, sizes=sizes, ids=kept.ids, rows=reading.rows,
        errors=tuple(sorted(reading.errors, key=lambda error: error.row)), error_count=reading.error_count,
        duplicates=kept.duplicates, repeats=tuple(reading.repeats), gaps=gaps,
        longest_gap=longest, reversed=backwards, fingerprint=fingerprint,
    )  # fmt: skip


def _inferred(path: Path, times: IntArray) -> str:
    """Return the timeframe that is the most frequent distance between bars."""
    if len(times) > 1:
        steps = np.diff(times)
        usual = _most_frequent(steps[:_SAMPLE])
        if 2 * int(np.count_nonzero(steps == usual)) <= len(steps):  # not sure to be the most frequent of all
            usual = _most_frequent(steps)
        for name, length in TIMEFRAMES.items():
            if length == usual:
                return name
    raise DataFileError(str(path), "does not show the timeframe of its bars. Say it, for example 1h.")


def _most_frequent(steps: IntArray) -> int:
    distances, counts = np.unique(steps, return_counts=True)
    return int(distances[int(counts.argmax())])

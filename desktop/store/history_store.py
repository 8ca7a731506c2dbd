"""Imported and downloaded market history, beside the main database. Implements `desktop.ports.HistoryStore`.

Every call opens the file, does its work and closes it again: the store may be used from any thread and from several
processes at once, and holds nothing between calls. Calls block: off the loop only.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.market.gaps import counted
from desktop.market.history import History
from desktop.market.splits import adjust_splits, adjusted_fingerprint
from desktop.ports import StoredBars, StoredTicks
from desktop.rules.columns import Columns, FloatArray, IntArray
from desktop.store.crash_points import reach
from desktop.store.history_blocks import Arrays, bar_arrays, blocks_of, columns_of
from desktop.store.history_file import opened, transaction
from desktop.store.history_infos import HINT, absent, info_of, same_source, series_of, text_of

_BARS = 6  # columns: start, open, high, low, close, volume
_FIND = """
    SELECT series_id, info FROM series
    WHERE symbol = ? AND kind = ? AND timeframe = ? AND feed = ? AND adjusted = ?
"""
_NO_TIMES: IntArray = np.zeros(0, dtype=np.int64)
_NOTHING: FloatArray = np.zeros(0)
_TICKS = 5  # at, first, second, and the two sizes


def _wall() -> int:
    return time.time_ns() // 1000


class HistoryStore:
    """The history of one data directory. Nothing is made on disk before the first series is saved."""

    def __init__(self, directory: Path, *, now: Callable[[], int] = _wall) -> None:
        self.directory = directory
        self.now = now

    def series(self) -> tuple[SeriesInfo, ...]:
        """Return what is stored, by symbol and timeframe."""
        with opened(self.directory) as connection:
            if connection is None:
                return ()
            rows = connection.execute("SELECT series_id, info FROM series ORDER BY symbol, timeframe, series_id")
            return tuple(info_of(number, text) for number, text in rows)

    def get(self, series_id: int) -> SeriesInfo:
        """Return one series.

        Raises:
            NotFound: there is none of this number.
        """
        with opened(self.directory) as connection:
            return series_of(connection, series_id)

    def find(
        self, symbol: str, timeframe: str = "", *, kind: str = "bars", adjusted: bool | None = None, feed: str = ""
    ) -> SeriesInfo:
        """Return the series of a symbol: an adjusted one before one that is not, then the one imported last.

        Args:
            symbol: The symbol.
            timeframe: Of bars; empty: any.
            kind: "bars", "quotes" or "trades".
            adjusted: Only series that are, or are not, adjusted for splits; None: either.
            feed: Only from this feed; empty: any.

        Raises:
            NotFound: nothing of the kind is stored.
        """
        fitting = [
            info
            for info in self.series()
            if (info.symbol, info.kind) == (symbol, kind)
            and timeframe in {"", info.timeframe}
            and feed in {"", info.feed}
            and adjusted in {None, info.adjusted}
        ]
        if not fitting:
            raise NotFound("stored history of", f"{symbol} {timeframe or kind}", HINT)
        return max(fitting, key=lambda info: (info.adjusted, info.imported_at, info.series_id))

    def save(
        self,
        history: History,
        *,
        feed: str = "file",
        zone: str = "UTC",
        splits: Sequence[Split] = (),
        replacing: bool = False,
        instrument: Instrument | None = None,
        hours: str = "",
    ) -> SeriesInfo:
        """Store what a file holds: all of it, or, when anything fails, nothing.

        Args:
            history: The file as it was read.
            feed: Where it comes from.
            zone: Zone its times were read in.
            splits: Adjust prices and volumes for these; of bars only.
            replacing: Put it in the place of a series of the same symbol, kind, timeframe, feed and adjustment.
            instrument: Steps and currency; None: as the file shows them.
            hours: Kept with bars, to judge their gaps by; empty: as the bars show it.

        Raises:
            FieldError: there is such a series, and it is not to be replaced.
            StorageFault: the disk does not take it; what was stored stays.
        """
        instrument = instrument or history.instrument
        columns = history.columns
        if history.kind == "bars":
            columns, instrument = adjust_splits(columns, instrument, splits)
            arrays = bar_arrays(columns)
        else:
            arrays = (history.at, history.first, history.second, *history.sizes)
        info = SeriesInfo(
            series_id=0, symbol=history.symbol, kind=history.kind, timeframe=history.timeframe, feed=feed,
            source=history.path.name, zone=zone, instrument=instrument, fingerprint=history.fingerprint,
            imported_at=self.now(), first=history.begin, last=history.end, rows=len(history), gaps=history.gaps,
            longest_gap=history.longest_gap, duplicates=history.duplicates, errors=history.error_count,
            splits=tuple(splits) if history.kind == "bars" else (),
        )  # fmt: skip
        told = counted(replace(info, hours=hours), columns.start) if history.kind == "bars" else info
        return self._write(told, arrays, replacing=replacing)

    def save_bars(self, info: SeriesInfo, columns: Columns, *, replacing: bool = False) -> SeriesInfo:
        """Store bars that come from elsewhere than a file; coverage and time of import are filled in here.

        Raises:
            FieldError: there are no bars, or there is such a series and it is not to be replaced.
            StorageFault: the disk does not take it; what was stored stays.
        """
        if not len(columns):
            raise FieldError("bars", "there are none to store.")
        first, last = int(columns.start[0]), int(columns.start[-1])
        told = replace(info, kind="bars", imported_at=self.now(), first=first, last=last, rows=len(columns))
        return self._write(told, bar_arrays(columns), replacing=replacing)

    def bars(self, series_id: int, *, begin: int | None = None, end: int | None = None) -> StoredBars:
        """Return the bars of a series that start in [begin, end), µs UTC; None: from the first, to the last.

        Raises:
            NotFound: there is no such series, or it holds no bars.
            StorageFault: it cannot be read or is damaged.
        """
        info, arrays = self._read(series_id, begin, end, _BARS, {"bars"})
        start, *prices = arrays
        return StoredBars(info, Columns(start.view(np.int64), *prices))

    def ticks(self, series_id: int, *, begin: int | None = None, end: int | None = None) -> StoredTicks:
        """Return the quotes or trades of a series in [begin, end), µs UTC; None: from the first, to the last.

        Raises:
            NotFound: there is no such series, or it holds bars.
            StorageFault: it cannot be read or is damaged.
        """
        info, arrays = self._read(series_id, begin, end, _TICKS, {"quotes", "trades"})
        at, first, second, bid_size, ask_size = arrays
        return StoredTicks(info, at.view(np.int64), first, second, (bid_size, ask_size))

    def history(self, series_id: int, *, begin: int | None = None, end: int | None = None) -> History:
        """Return a series, or its part in [begin, end), as if it had been read from a file: for replays and backtests.

        Its fingerprint is that of the source, or one of its own where it was adjusted or is a part only.

        Raises:
            NotFound: there is no such series, or it has nothing in that time.
            StorageFault: it cannot be read or is damaged.
        """
        info = self.get(series_id)
        columns, at, pair, sizes = Columns.of(()), _NO_TIMES, (_NOTHING, _NOTHING), (_NOTHING, _NOTHING)
        if info.kind == "bars":
            columns = self.bars(series_id, begin=begin, end=end).columns
        else:
            ticks = self.ticks(series_id, begin=begin, end=end)
            at, pair, sizes = ticks.at, (ticks.first, ticks.second), ticks.sizes
        rows = len(columns) + len(at)
        if not rows:
            raise NotFound("row in that time in series", str(series_id), HINT)
        told = adjusted_fingerprint(info.fingerprint, info.splits)
        if rows < info.rows:
            times = columns.start if len(columns) else at
            told = hashlib.sha256(f"{told} from {times[0]} to {times[-1]}".encode()).hexdigest()
        return History(
            path=Path(info.source), symbol=info.symbol, kind=info.kind, timeframe=info.timeframe,
            instrument=info.instrument, columns=columns, at=at, first=pair[0], second=pair[1], sizes=sizes, ids=(),
            rows=rows, errors=(), error_count=0, duplicates=0, repeats=(), gaps=info.gaps, longest_gap=info.longest_gap,
            reversed=False, fingerprint=told,
        )  # fmt: skip

    def adjust(self, series_id: int, splits: Sequence[Split], *, replacing: bool = False) -> SeriesInfo:
        """Store a second series with prices and volumes adjusted for splits; the one as traded stays.

        Raises:
            NotFound: there is no such series of bars.
            FieldError: it is adjusted already, no split was named, or its adjusted series is there already.
            StorageFault: the disk does not take it.
        """
        if not splits:
            raise FieldError("splits", "none was named, so there is nothing to adjust.")
        stored = self.bars(series_id)
        if stored.info.adjusted:
            raise FieldError("splits", f"series {series_id} is adjusted already. Adjust the one as traded.")
        columns, instrument = adjust_splits(stored.columns, stored.info.instrument, splits)
        info = replace(stored.info, instrument=instrument, splits=tuple(splits), accepted=())
        return self.save_bars(info, columns, replacing=replacing)

    def accept_splits(self, series_id: int, times: Collection[int]) -> SeriesInfo:
        """Record that the user leaves probable splits (`Split.at`) as they are; returns the series.

        Raises:
            NotFound: there is no such series.
            StorageFault: it cannot be written.
        """
        with opened(self.directory) as connection:
            if connection is None:
                raise absent(series_id)
            with transaction(connection):
                info = series_of(connection, series_id)
                told = replace(info, accepted=tuple(sorted({*info.accepted, *times})))
                connection.execute("UPDATE series SET info = ? WHERE series_id = ?", (text_of(told), series_id))
            return told

    def delete(self, series_id: int) -> SeriesInfo:
        """Delete a series and return what it was; its room on the disk is given back.

        Raises:
            NotFound: there is no such series.
            StorageFault: it cannot be written.
        """
        with opened(self.directory) as connection:
            if connection is None:
                raise absent(series_id)
            with transaction(connection):
                info = series_of(connection, series_id)
                connection.execute("DELETE FROM series WHERE series_id = ?", (series_id,))
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            return info

    def tidy(self) -> None:
        """Clear away what a process that was killed while it wrote has left."""
        with opened(self.directory) as connection:
            if connection is not None:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _write(self, info: SeriesInfo, arrays: Arrays, *, replacing: bool) -> SeriesInfo:
        key = (info.symbol, info.kind, info.timeframe, info.feed, int(info.adjusted))
        with opened(self.directory, create=True) as connection, transaction(connection):
            found = connection.execute(_FIND, key).fetchone()
            if found is not None and not replacing:
                there = info_of(*found)
                if same_source(there, info):
                    return there
                raise FieldError(
                    "symbol",
                    f"{info.symbol} {info.timeframe or info.kind} from {there.source} is stored already (series "
                    f"{there.series_id}). Replace it, delete it first, or give another symbol. Nothing was changed.",
                )
            if found is not None:
                connection.execute("DELETE FROM series WHERE series_id = ?", (found[0],))
            connection.execute(
                "INSERT INTO series (symbol, kind, timeframe, feed, adjusted, info) VALUES (?, ?, ?, ?, ?, '')", key
            )
            stored = replace(info, series_id=int(connection.last_insert_rowid()))
            connection.execute("UPDATE series SET info = ? WHERE series_id = ?", (text_of(stored), stored.series_id))
            for block in blocks_of(arrays):
                connection.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", (stored.series_id, *block))
                reach("inside-import")
        reach("after-import")
        return stored

    def _read(
        self, series_id: int, begin: int | None, end: int | None, width: int, kinds: set[str]
    ) -> tuple[SeriesInfo, list[npt.NDArray[np.float64]]]:
        with opened(self.directory) as connection:
            info = series_of(connection, series_id)
            if info.kind not in kinds:
                raise NotFound(f"series of {' or '.join(sorted(kinds))}", str(series_id), f"It holds {info.kind}.")
            first, last = info.first if begin is None else begin, info.last + 1 if end is None else end
            rows = connection.execute(
                "SELECT rows, checksum, data FROM blocks "
                "WHERE series_id = ? AND last >= ? AND first < ? ORDER BY number",
                (series_id, first, last),
            )
            parts = [columns_of(info, count, checksum, data, width) for count, checksum, data in rows]
        arrays = [np.concatenate(column) for column in zip(*parts, strict=True)] or [np.zeros(0)] * width
        times = arrays[0].view(np.int64)
        cut = slice(*np.searchsorted(times, [first, last]).tolist())
        return info, [array[cut] for array in arrays]

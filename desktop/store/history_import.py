"""Importing a file into the history store: read, judged, adjusted where asked, stored; one call, in any process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.errors import FieldError
from desktop.domain.history import SeriesInfo, Split
from desktop.market.gaps import Gaps, find_gaps
from desktop.market.history import FileLayout, History, RowError, read_history
from desktop.market.splits import find_splits
from desktop.store.history_store import HistoryStore

READ_SHARE = 0.9  # of the progress; the rest is storing

#: Told the share that is done, 0 to 1; what it raises ends the import and leaves nothing behind.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how.

    Attributes:
        directory: Data directory of the store.
        path: CSV or Parquet file.
        symbol: What it is of.
        timeframe: Of bars; None: as their distances show it.
        layout: Columns, zone and order of dates where the file does not say them itself.
        currency: Currency of the prices.
        hours: Trading hours that gaps are judged by: always, XNYS, XKRX or HH:MM-HH:MM@Zone; empty: the timeframe.
        adjust_splits: Adjust for all probable splits.
        replacing: Put it in the place of the series that is there.
        only_check: Read and judge the file, store nothing.
    """

    directory: Path
    path: Path
    symbol: str
    timeframe: str | None = None
    layout: FileLayout = field(default_factory=FileLayout)
    currency: str = "USD"
    hours: str = ""
    adjust_splits: bool = False
    replacing: bool = False
    only_check: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file held and what became of it.

    Attributes:
        series: As it is stored; None: only looked at.
        kind: "bars", "quotes" or "trades".
        timeframe: Of bars.
        rows: Rows in the file.
        kept: Rows that are right.
        first: µs UTC of the first one.
        last: µs UTC of the last one.
        errors: The first rows that were left out, and why.
        error_count: How many were left out, repeated ones included.
        duplicates: How many of them repeat the one before.
        repeats: The first of these.
        gaps: Holes between bars; None for ticks.
        splits: Probable splits in the bars as they were traded.
        reversed: The file was written newest first.
    """

    series: SeriesInfo | None
    kind: str
    timeframe: str
    rows: int
    kept: int
    first: int
    last: int
    errors: tuple[RowError, ...]
    error_count: int
    duplicates: int
    repeats: tuple[RowError, ...]
    gaps: Gaps | None
    splits: tuple[Split, ...]
    reversed: bool

    @property
    def undecided(self) -> tuple[Split, ...]:
        """Probable splits that prices were not adjusted for: offer them."""
        return () if self.series is not None and self.series.adjusted else self.splits


def import_file(request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import a file. Blocks for about a second for a million rows: in a process of its own (`ImportJob`).

    Raises:
        DataFileError: the file cannot be read as a whole, or not one of its rows is right.
        FieldError: a setting is wrong, or there is such a series already and it is not to be replaced.
        StorageFault: the disk does not take it; what was stored stays.
    """
    symbol = request.symbol.strip()
    if not symbol or len(symbol) > 40 or not symbol.isprintable():
        raise FieldError("symbol", "give a symbol of up to 40 characters, for example SPY or BTC/USD.")
    told = progress or (lambda _: None)
    size = max(1, request.path.stat().st_size if request.path.is_file() else 1)
    history = read_history(
        request.path, symbol=symbol, timeframe=request.timeframe, currency=request.currency, layout=request.layout,
        progress=lambda read: told(READ_SHARE * min(1.0, read / size)),
    )  # fmt: skip
    gaps, splits = _judged(history, request.hours)
    told(READ_SHARE)
    series = None
    if not request.only_check:
        series = HistoryStore(request.directory).save(
            history, zone=request.layout.zone, splits=splits if request.adjust_splits else (),
            replacing=request.replacing,
        )  # fmt: skip
    told(1.0)
    return _report(history, series, gaps, splits)


def _judged(history: History, hours: str) -> tuple[Gaps | None, tuple[Split, ...]]:
    if history.kind != "bars":
        return None, ()
    from desktop.market.calendars import trading_hours  # noqa: PLC0415 - an exchange's calendar takes seconds to build

    gaps = find_gaps(history.columns.start, history.timeframe, trading_hours(hours) if hours else None)
    return gaps, find_splits(history.columns, history.instrument)


def _report(history: History, series: SeriesInfo | None, gaps: Gaps | None, splits: tuple[Split, ...]) -> ImportReport:
    return ImportReport(
        series=series, kind=history.kind, timeframe=history.timeframe, rows=history.rows, kept=len(history),
        first=history.begin, last=history.end, errors=history.errors, error_count=history.error_count,
        duplicates=history.duplicates, repeats=history.repeats, gaps=gaps, splits=splits, reversed=history.reversed,
    )  # fmt: skip

"""An archive in memory: rows a test gives it, imports that end when the test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from desktop.domain.errors import AssayError, FieldError, NotFound, UserMistake
from desktop.domain.history import Gap, SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.engine.archive import Archive
from desktop.market.gaps import Gaps, find_gaps
from desktop.market.history import RowError
from desktop.market.history_download import DownloadFeed, DownloadProgress, DownloadReport, DownloadRequest
from desktop.market.history_header import FileLayout
from desktop.market.history_merge import Difference, Existing, Overlap
from desktop.market.history_preview import Preview, preview_file
from desktop.market.history_report import ImportReport, ImportRequest, StoredSeries
from desktop.rules.columns import Columns

START = 1_388_620_800_000_000  # µs UTC, 2014-01-02
SPLIT = Split(START + 154 * DAY, 7, 1, 645.57, 92.7, 1.6)
SECOND_SPLIT = Split(START + 2_000 * DAY, 4, 1, 499.24, 127.58, 2.1)


def series_info(number: int, symbol: str, timeframe: str = "1d", **changes: object) -> SeriesInfo:
    """Return a stored series."""
    days = 2_500
    info = SeriesInfo(
        series_id=number, symbol=symbol, kind="bars" if timeframe else "quotes", timeframe=timeframe, feed="file",
        source=f"{symbol.lower().replace('/', '')}_{timeframe or 'quotes'}.csv", zone="America/New_York",
        instrument=Instrument(symbol), fingerprint=f"f{number}", imported_at=START + 3_000 * DAY, first=START,
        last=START + days * DAY, rows=1_725, gaps=49, gap_count=2, longest_gap=4 * DAY, duplicates=0, errors=0,
    )  # fmt: skip
    return replace(info, **changes)  # type: ignore[arg-type]  # fields by name


def stored_rows() -> list[StoredSeries]:
    """Return a small archive: splits to decide on, holes, ticks, an adjusted pair."""
    holes = (Gap(START + 700 * DAY, START + 760 * DAY, 41), Gap(START + 1_900 * DAY, START + 1_912 * DAY, 8))
    aapl = series_info(1, "AAPL", duplicates=2, errors=5)
    coin = Instrument("BTC/USD", tick=Decimal("0.01"), lot=Decimal("0.0001"))
    minutes = series_info(
        2, "BTC/USD", "1m", zone="UTC", instrument=coin, rows=1_048_320, gaps=118, source="btcusd_1m.csv"
    )
    traded = series_info(3, "GOOG", fingerprint="goog")
    adjusted = series_info(4, "GOOG", fingerprint="goog", splits=(SPLIT,))
    quotes = series_info(5, "EUR/USD", "", rows=340_212, last=START + 30 * DAY, zone="UTC", gaps=0)
    return [
        StoredSeries(aapl, (SPLIT, SECOND_SPLIT), holes),
        StoredSeries(minutes, (), (Gap(START + 90 * DAY, START + 93 * DAY, 4_320),)),
        StoredSeries(traded, (), (), adjusted_as=4),
        StoredSeries(adjusted, (), ()),
        StoredSeries(quotes, (), (Gap(START + 9 * DAY, START + 14 * DAY, 0),)),
    ]


def some_bars(count: int = 300, step: int = HOUR) -> Columns:
    """Return bars that go up and down."""
    start = np.arange(count, dtype=np.int64) * step + START
    close = 100 + 8 * np.sin(np.arange(count) / 9)
    opened = np.concatenate([close[:1], close[:-1]])
    return Columns(start, opened, np.maximum(opened, close) + 1, np.minimum(opened, close) - 1, close, close * 10)


def import_report(request: ImportRequest, **changes: object) -> ImportReport:
    """Return what came of an import of five wrong rows in a hundred, two of them repeated."""
    errors = (
        RowError(4, "close", "'n/a' is no number; it was left out."),
        RowError(9, "high", "the high 10 is below the low 11; the row was left out."),
        RowError(17, "time", "'soon' is no time; it was left out."),
        RowError(31, "", "repeats the time of the row before; it was left out."),
        RowError(32, "", "repeats the time of the row before; it was left out."),
    )
    gaps = Gaps(46, 2, (Gap(START + 10 * DAY, START + 12 * DAY, 2), Gap(START + 30 * DAY, START + 74 * DAY, 44)), "")
    report = ImportReport(
        series=None if request.only_check else series_info(9, request.symbol, request.timeframe or "1d"),
        kind="bars", timeframe=request.timeframe or "1d", rows=100, kept=95, first=START, last=START + 140 * DAY,
        errors=errors, error_count=5, duplicates=2, repeats=errors[3:], gaps=gaps, splits=(), reversed=False,
    )  # fmt: skip
    return replace(report, **changes)  # type: ignore[arg-type]  # fields by name


class FakeRun:
    """An import that ends when the test ends it."""

    def __init__(self, request: ImportRequest, on_progress: Callable[[float], None] | None) -> None:
        self.request = request
        self.progress = on_progress or (lambda _: None)
        self.cancelled = False
        self._end: asyncio.Future[ImportReport] = asyncio.get_running_loop().create_future()

    async def run(self) -> ImportReport:
        return await self._end

    def cancel(self) -> None:
        self.cancelled = True
        self.fail(UserMistake(f"The import of {self.request.path.name} was cancelled. Nothing of it was stored."))

    def finish(self, report: ImportReport | None = None) -> ImportReport:
        """End it well."""
        made = report or import_report(self.request)
        if not self._end.done():
            self._end.set_result(made)
        return made

    def fail(self, error: AssayError) -> None:
        """End it badly."""
        if not self._end.done():
            self._end.set_exception(error)


def overlap_of(request: ImportRequest | DownloadRequest, **changes: object) -> Overlap:
    """Return what a series that is there has in common with new bars."""
    differences = tuple(
        Difference(START + day * DAY, (10, 11, 9, 10 + day, 500), (10, 11, 9, 10.25 + day, 500)) for day in range(3)
    )
    info = series_info(3, request.symbol, request.timeframe or "1d")
    found = Overlap(info, 1_800, START, START + 2_600 * DAY, 75, 1_722, 3, differences)
    return replace(found, **changes)  # type: ignore[arg-type]  # fields by name


class FakeDownload:
    """A download that ends when the test ends it."""

    def __init__(self, request: DownloadRequest, on_progress: Callable[[DownloadProgress], None] | None) -> None:
        self.request = request
        self.progress = on_progress or (lambda _: None)
        self.cancelled = False
        self.kept: list[Existing] = []
        self.refuse: AssayError | None = None
        self._end: asyncio.Future[DownloadReport] = asyncio.get_running_loop().create_future()

    def report(self, **changes: object) -> ImportReport:
        """Return what came of it."""
        request = ImportRequest(Path("/nowhere"), Path("/nowhere"), self.request.symbol, self.request.timeframe)
        return import_report(request, **{"errors": (), "error_count": 0, "duplicates": 0, "repeats": (), **changes})

    async def run(self) -> DownloadReport:
        return await self._end

    def cancel(self) -> None:
        self.cancelled = True

    async def keep(self, existing: Existing) -> DownloadReport:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        self.kept.append(existing)
        return DownloadReport(self.request, self.report(), complete=False)

    def finish(self, *, complete: bool = True, sentence: str = "", **changes: object) -> None:
        """End it, with all that was asked for or a part of it."""
        self._end.set_result(DownloadReport(self.request, self.report(**changes), complete, sentence))

    def fail(self, error: AssayError) -> None:
        """End it badly."""
        self._end.set_exception(error)


class FakeArchive:
    """Implements `Archive` in memory.

    Attributes:
        rows: The stored series by number.
        runs: The imports that were started.
        downloads: The downloads that were started.
        commands: What was asked, in order.
        refuse: When set, the next command raises it (once).
        stopped: Called when everything is to be ended.
        warns: Splits that a file which is only checked is told to show.
    """

    def __init__(self, *, empty: bool = False) -> None:
        self.directory = Path("/nowhere")
        self.rows = {} if empty else {row.info.series_id: row for row in stored_rows()}
        self.runs: list[FakeRun] = []
        self.downloads: list[FakeDownload] = []
        self.commands: list[tuple[str, object]] = []
        self.refuse: AssayError | None = None
        self.stopped: Callable[[], None] = lambda: None
        self._listeners: list[Callable[[], None]] = []

    def _take(self, name: str, detail: object) -> None:
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        self.commands.append((name, detail))

    def _row(self, series_id: int) -> StoredSeries:
        if series_id not in self.rows:
            raise NotFound("stored series", str(series_id), "It is gone.")
        return self.rows[series_id]

    def stop(self) -> None:
        """End what is under way."""
        self.commands.append(("stop", ""))
        for run in self.runs:
            run.cancel()
        for download in self.downloads:
            download.cancel()
        self.stopped()

    def tell(self) -> None:
        """Tell the followers that something changed."""
        for listener in tuple(self._listeners):
            listener()

    async def preview(self, path: str, layout: FileLayout) -> Preview:
        return await asyncio.to_thread(preview_file, path, layout)

    def start_import(self, request: ImportRequest, on_progress: Callable[[float], None] | None = None) -> FakeRun:
        self.runs.append(FakeRun(request, on_progress))
        return self.runs[-1]

    def download_feeds(self) -> Sequence[DownloadFeed]:
        return (
            DownloadFeed("simulator", "Simulated market", "Always the same.", ("NOVA", "HELX"), ("1m", "1h", "1d")),
            DownloadFeed("ccxt:binance", "Binance", "Public prices, no account.", (), ("1m", "1h", "1d")),
            DownloadFeed("alpaca", "Alpaca", "An account's.", ("SPY",), ("1m", "1h", "1d"), ("regular", "extended")),
        )

    def start_download(
        self, request: DownloadRequest, on_progress: Callable[[DownloadProgress], None] | None = None
    ) -> FakeDownload:
        self.downloads.append(FakeDownload(request, on_progress))
        return self.downloads[-1]

    async def series(self) -> Sequence[StoredSeries]:
        return list(self.rows.values())

    async def bars(self, series_id: int) -> tuple[SeriesInfo, Columns]:
        info = self._row(series_id).info
        if info.kind != "bars":
            raise NotFound("series of bars", str(series_id), f"It holds {info.kind}.")
        return info, some_bars(step=MINUTE if info.timeframe == "1m" else DAY)

    async def gaps(self, series_id: int, hours: str | None = None) -> Gaps:
        hours = self._row(series_id).info.hours if hours is None else hours
        if hours == "whenever":
            raise FieldError("hours", "cannot be read. Give always, XNYS, XKRX or 09:00-15:30@Asia/Seoul.")
        self._take("gaps", (series_id, hours))
        found = find_gaps(np.array([START, START + DAY, START + 5 * DAY], dtype=np.int64), "1d")
        return replace(found, hours=hours)

    async def decide_splits(self, series_id: int, adjust: Sequence[Split], leave: Sequence[Split]) -> SeriesInfo:
        self._take("decide", (series_id, tuple(adjust), tuple(leave)))
        row = self.rows.get(series_id)
        if row is not None:
            self.rows[series_id] = replace(row, pending=())
        self.tell()
        return series_info(series_id + 100 * bool(adjust), "AAPL", splits=tuple(adjust))

    async def adjust_again(self, series_id: int) -> SeriesInfo:
        self._take("adjust again", series_id)
        self.rows[series_id] = replace(self._row(series_id), outdated=False)
        self.tell()
        return self.rows[series_id].info

    async def export(self, series_id: int, path: str) -> int:
        self._take("export", (series_id, path))
        return self._row(series_id).info.rows

    async def delete(self, series_id: int) -> SeriesInfo:
        self._take("delete", series_id)
        row = self.rows.pop(series_id)
        self.tell()
        return row.info

    def follow(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def as_archive(fake: FakeArchive) -> Archive:
    """Return the fake as the type the panels ask for: mypy checks here that it keeps up with the protocol."""
    return fake

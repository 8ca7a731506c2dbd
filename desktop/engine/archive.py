"""The archive: market history as seen from the window. Files are imported, feeds downloaded, series decided on.

Every call is made on the loop and holds it up for nothing: what reads, writes or computes does so elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from desktop.domain.history import SeriesInfo, Split
from desktop.market.gaps import Gaps
from desktop.market.history_download import DownloadFeed, DownloadProgress, DownloadReport, DownloadRequest
from desktop.market.history_header import FileLayout
from desktop.market.history_merge import Existing
from desktop.market.history_preview import Preview
from desktop.market.history_report import ImportReport, ImportRequest, StoredSeries
from desktop.rules.columns import Columns


class ImportRun(Protocol):
    """An import under way."""

    async def run(self) -> ImportReport:
        """Import the file; once.

        Raises:
            FieldError: a setting cannot be used; names it.
            UserMistake: the file cannot be used, or the import was cancelled; nothing was stored.
            EnvironmentFault: the disk or the process failed; what was stored before stays.
        """
        ...

    def cancel(self) -> None:
        """End it: `run` raises within half a second and nothing of it is left. A second call does nothing."""
        ...


class DownloadRun(Protocol):
    """A download under way, and what it has brought."""

    async def run(self) -> DownloadReport:
        """Download; once. Stores where all has come and nothing has to be asked; else `keep` does.

        Raises:
            FieldError: what is asked for cannot be; names the field.
            UserMistake: the feed does not have it, or it was cancelled before a bar had come; nothing was changed.
            EnvironmentFault: the feed or the disk failed before a bar was stored; what was stored before stays.
        """
        ...

    def cancel(self) -> None:
        """End it: `run` returns within a moment with what has come. A second call does nothing."""
        ...

    async def keep(self, existing: Existing) -> DownloadReport:
        """Store what has come, as the user has chosen; raises as `run` does."""
        ...


class Archive(Protocol):
    """Where market history is kept, as panels and dialogs use it."""

    @property
    def directory(self) -> Path:
        """The data directory; imports name it."""
        ...

    async def preview(self, path: str, layout: FileLayout) -> Preview:
        """Return the first rows of a file and what they are taken for.

        Raises:
            DataFileError: it cannot be read, is empty or is no text.
            FieldError: the layout names a column or zone that is not there.
        """
        ...

    def start_import(self, request: ImportRequest, on_progress: Callable[[float], None] | None = None) -> ImportRun:
        """Return an import to be run; `on_progress` is told the share that is done, 0 to 1, on the loop."""
        ...

    def download_feeds(self) -> Sequence[DownloadFeed]:
        """Return the feeds whose past can be downloaded."""
        ...

    def start_download(
        self, request: DownloadRequest, on_progress: Callable[[DownloadProgress], None] | None = None
    ) -> DownloadRun:
        """Return a download to be run; `on_progress` is told after each page, on the loop."""
        ...

    async def series(self) -> Sequence[StoredSeries]:
        """Return what is stored, by symbol and timeframe."""
        ...

    async def bars(self, series_id: int) -> tuple[SeriesInfo, Columns]:
        """Return the bars of a series (NotFound: there is none, or it holds ticks)."""
        ...

    async def gaps(self, series_id: int, hours: str | None = None) -> Gaps:
        """Return the holes of a series of bars.

        Args:
            series_id: The series.
            hours: always, XNYS, XKRX or HH:MM-HH:MM@Zone; empty: as the bars show it; None: those kept with the series.

        Raises:
            FieldError: the hours cannot be read.
            NotFound: there is no such series, or it holds ticks.
        """
        ...

    async def decide_splits(self, series_id: int, adjust: Sequence[Split], leave: Sequence[Split]) -> SeriesInfo:
        """Record what becomes of probable splits; returns the series to use from now on.

        Args:
            series_id: The series as it was traded.
            adjust: Prices and volumes are adjusted for these, in a second series; the first one stays.
            leave: These are left as they are, in both.

        Raises:
            NotFound: there is no such series of bars.
            FieldError: it is adjusted already.
            StorageFault: the disk does not take it; what was stored stays.
        """
        ...

    async def adjust_again(self, series_id: int) -> SeriesInfo:
        """Adjust a series that is out of date anew, from the prices as traded that are stored now.

        Raises:
            NotFound: there is no such series, or none as traded beside it.
            StorageFault: the disk does not take it; what was stored stays.
        """
        ...

    async def export(self, series_id: int, path: str) -> int:
        """Write a series as a CSV file that can be imported again; returns its rows.

        Raises:
            EnvironmentFault: the file cannot be written; nothing of it is left.
        """
        ...

    async def delete(self, series_id: int) -> SeriesInfo:
        """Delete a series and return what it was."""
        ...

    def stop(self) -> None:
        """End what is under way, because the program ends: imports, downloads, exports; nothing of them is stored."""
        ...

    def follow(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told, on the loop, that what is stored has changed; returns the call that ends it."""
        ...

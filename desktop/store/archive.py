"""The history store as the window uses it: every call off the loop. Implements `desktop.engine.archive.Archive`.

What does the work is imported in its thread when it is first asked for: a start of the program does not wait for it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.domain.history import SeriesInfo, Split
    from desktop.market.gaps import Gaps
    from desktop.market.history_download import DownloadFeed, DownloadProgress, DownloadReport, DownloadRequest
    from desktop.market.history_header import FileLayout
    from desktop.market.history_merge import Existing
    from desktop.market.history_preview import Preview
    from desktop.market.history_report import ImportReport, ImportRequest, StoredSeries
    from desktop.ports import HistorySource
    from desktop.rules.columns import Columns
    from desktop.store.history_download import HistoryDownload
    from desktop.store.history_job import ImportJob
    from desktop.store.history_shelf import HistoryShelf

_LETTING_GO = 0.3  # seconds a feed has for its connections when the program ends


class Sources(Protocol):
    """The feeds whose past can be downloaded; the composition root knows them."""

    def feeds(self) -> Sequence[DownloadFeed]: ...

    async def open(self, key: str) -> HistorySource:
        """Open one by its key (NotFound: there is none)."""
        ...

    def now(self) -> int:
        """Return µs UTC."""
        ...


class FileArchive:
    """The history of one data directory.

    Args:
        directory: The data directory.
        sources: Feeds whose past can be downloaded; None: there are none.
    """

    def __init__(self, directory: Path, sources: Sources | None = None) -> None:
        self.directory = directory
        self._sources = sources
        self._listeners: list[Callable[[], None]] = []
        self._shelf: HistoryShelf | None = None
        self._running: set[FeedDownload | FileImport] = set()

    def _opened(self) -> HistoryShelf:
        """Return what does the work; in a thread."""
        if self._shelf is None:
            from desktop.store.history_shelf import HistoryShelf  # noqa: PLC0415 - see the module

            self._shelf = HistoryShelf(self.directory)
        return self._shelf

    # files -----------------------------------------------------------------------------------------------------
    async def preview(self, path: str, layout: FileLayout) -> Preview:
        """Return the first rows of a file."""
        from desktop.market.history_preview import preview_file  # noqa: PLC0415 - see the module

        return await asyncio.to_thread(preview_file, path, layout)

    def start_import(self, request: ImportRequest, on_progress: Callable[[float], None] | None = None) -> FileImport:
        """Return an import to be run; whoever follows is told when it ends."""
        return FileImport(request, on_progress, self._tell, self._running)

    # feeds -----------------------------------------------------------------------------------------------------
    def download_feeds(self) -> Sequence[DownloadFeed]:
        """Return the feeds whose past can be downloaded."""
        return () if self._sources is None else self._sources.feeds()

    def start_download(
        self, request: DownloadRequest, on_progress: Callable[[DownloadProgress], None] | None = None
    ) -> FeedDownload:
        """Return a download to be run; whoever follows is told when something was stored.

        Raises:
            NotFound: there is no feed to download from.
        """
        if self._sources is None:
            raise NotFound("feed", request.feed, "There is none to download from.")
        from desktop.store.history_download import HistoryDownload  # noqa: PLC0415 - see the module
        from desktop.store.history_store import HistoryStore  # noqa: PLC0415

        download = HistoryDownload(
            HistoryStore(self.directory), request, self._sources.open, self._sources.now, on_progress
        )
        return FeedDownload(download, self._tell, self._running)

    # series ----------------------------------------------------------------------------------------------------
    async def series(self) -> Sequence[StoredSeries]:
        """Return what is stored."""
        return await asyncio.to_thread(lambda: self._opened().series())

    async def bars(self, series_id: int) -> tuple[SeriesInfo, Columns]:
        """Return the bars of a series."""
        return await asyncio.to_thread(lambda: self._opened().bars(series_id))

    async def gaps(self, series_id: int, hours: str | None = None) -> Gaps:
        """Return the holes of a series of bars."""
        return await asyncio.to_thread(lambda: self._opened().gaps(series_id, hours))

    async def decide_splits(self, series_id: int, adjust: Sequence[Split], leave: Sequence[Split]) -> SeriesInfo:
        """Record what becomes of probable splits."""
        try:
            return await asyncio.to_thread(lambda: self._opened().decide_splits(series_id, adjust, leave))
        finally:
            self._tell()

    async def adjust_again(self, series_id: int) -> SeriesInfo:
        """Adjust an outdated series anew."""
        try:
            return await asyncio.to_thread(lambda: self._opened().adjust_again(series_id))
        finally:
            self._tell()

    async def export(self, series_id: int, path: str) -> int:
        """Write a series as a CSV file."""
        return await asyncio.to_thread(lambda: self._opened().export(series_id, Path(path)))

    async def delete(self, series_id: int) -> SeriesInfo:
        """Delete a series."""
        try:
            return await asyncio.to_thread(lambda: self._opened().delete(series_id))
        finally:
            self._tell()

    def stop(self) -> None:
        """End what is under way: nothing of it is stored. What writes already is finished, which takes a moment."""
        for run in tuple(self._running):
            run.stop()
        if self._shelf is not None:
            self._shelf.stop()

    # following -------------------------------------------------------------------------------------------------
    def follow(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told that what is stored has changed."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


class FeedDownload:
    """A download that tells the archive's followers when it has stored something."""

    def __init__(
        self, download: HistoryDownload, told: Callable[[], None], running: set[FeedDownload | FileImport]
    ) -> None:
        """`running` holds it while it is under way."""
        self._download, self._told, self._running = download, told, running

    async def run(self) -> DownloadReport:
        """Download; raises as `HistoryDownload.run` does."""
        self._running.add(self)
        try:
            return self._tell(await self._download.run())
        finally:
            self._running.discard(self)

    def cancel(self) -> None:
        """End it."""
        self._download.cancel()

    def stop(self) -> None:
        """End it with the program: the feed has a moment to let go of its connections."""
        self._download.abandon()
        asyncio.get_running_loop().call_later(_LETTING_GO, self._download.abandon)

    async def keep(self, existing: Existing) -> DownloadReport:
        """Store what has come."""
        return self._tell(await self._download.keep(existing))

    def _tell(self, done: DownloadReport) -> DownloadReport:
        if done.report.series is not None:
            self._told()
        return done


class FileImport:
    """An import that tells the archive's followers when it has ended."""

    def __init__(
        self,
        request: ImportRequest,
        on_progress: Callable[[float], None] | None,
        told: Callable[[], None],
        running: set[FeedDownload | FileImport],
    ) -> None:
        """`running` holds it while it is under way."""
        self._request, self._on_progress, self._told, self._running = request, on_progress, told, running
        self._job: ImportJob | None = None
        self._cancelled = False

    async def run(self) -> ImportReport:
        """Import the file; raises as `ImportJob.run` does."""
        self._running.add(self)
        try:
            self._job = job = await asyncio.to_thread(self._prepare)
            if self._cancelled:
                job.cancel()
            return await job.run()
        finally:
            self._running.discard(self)
            if self._job is not None and not self._request.only_check:
                self._told()

    def _prepare(self) -> ImportJob:
        from desktop.store.history_job import ImportJob  # noqa: PLC0415 - see the module

        return ImportJob(self._request, self._on_progress)

    def cancel(self) -> None:
        """End the import."""
        self._cancelled = True
        if self._job is not None:
            self._job.cancel()

    def stop(self) -> None:
        """End it with the program."""
        self.cancel()

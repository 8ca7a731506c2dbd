"""A download from a feed's past into the history store: page by page, cancelled at any time, stored as a whole.

Waiting for the feed is done on the loop; what computes or writes is done in threads.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from desktop.domain.errors import AssayError, EnvironmentFault, ProgramBug, UserMistake
from desktop.domain.history import SeriesInfo
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, Bar, timeframe_us
from desktop.market.gaps import find_gaps, holes
from desktop.market.history_checks import check_bars
from desktop.market.history_download import DownloadProgress, DownloadReport, DownloadRequest
from desktop.market.history_merge import Existing, content_fingerprint
from desktop.market.history_range import written
from desktop.market.history_report import ImportReport
from desktop.market.spikes import find_spikes
from desktop.market.splits import find_splits
from desktop.ports import HistorySource
from desktop.rules.columns import Columns
from desktop.store.history_add import put_bars
from desktop.store.history_gaps import series_gaps
from desktop.store.history_pages import WrongBars, between_steps, joined, whole_bars
from desktop.store.history_sessions import KeptHours, choose_hours
from desktop.store.history_store import HistoryStore

_CLOSURE = 5 * DAY  # a market may be closed for so long: that it begins later says nothing
_CLOSING = 5.0  # seconds a feed has to let go of its connections

Opener = Callable[[str], Awaitable[HistorySource]]
OnProgress = Callable[[DownloadProgress], None]


class DownloadCancelled(UserMistake):
    """The user ended a download before a single bar had come."""


class NothingThere(UserMistake):
    """The feed has no bars of what was asked for."""


class FeedFailed(EnvironmentFault):
    """The feed could not be asked, or broke off."""


class HistoryDownload:
    """One download. `run` once, `cancel` at any time; what has come is kept until the next `run` of another one.

    Args:
        store: Where the bars go.
        request: What is asked for.
        open_source: Opens a feed's past by its key.
        now: Returns µs UTC: bars that are not over by then are left out.
        on_progress: Told after each page, on the loop.
    """

    def __init__(
        self,
        store: HistoryStore,
        request: DownloadRequest,
        open_source: Opener,
        now: Callable[[], int],
        on_progress: OnProgress | None = None,
    ) -> None:
        self.request = request
        self._store, self._open, self._now = store, open_source, now
        self._on_progress = on_progress
        self._pages: list[Columns] = []
        self._fetching: asyncio.Task[None] | None = None
        self._cancelled = self._abandoned = False
        self._instrument = Instrument(request.symbol)
        self._span = (0, 0)
        self._feed = request.feed
        self._found: tuple[Columns, ImportReport] | None = None
        self._hours = KeptHours()

    async def run(self) -> DownloadReport:
        """Download, and store where nothing has to be asked.

        A download that was cancelled or broke off after some bars is reported, and nothing is stored: `keep` does it.

        Raises:
            FieldError: what is asked for cannot be; names the field.
            NotFound: the feed does not have the symbol.
            NothingThere: it has no bars in that time.
            DownloadCancelled: it was cancelled before a bar had come, or abandoned.
            EnvironmentFault: the feed or the disk failed before a bar was stored; what was stored before stays.
        """
        failure: AssayError | None = None
        self._fetching = asyncio.get_running_loop().create_task(self._fetch(), name="history download")
        if self._cancelled:
            self._fetching.cancel()
        try:
            await asyncio.wait([self._fetching])
        except asyncio.CancelledError:
            self._fetching.cancel()
            with contextlib.suppress(asyncio.CancelledError, AssayError):
                await self._fetching
            raise
        self._check_wanted()
        if not self._fetching.cancelled():
            failure = _as_ours(self._fetching.exception(), self.request)
        if failure is not None and not self._pages:
            raise failure
        if self._cancelled and not self._pages:
            raise DownloadCancelled(f"{self._what} was cancelled before a bar had come. Nothing was changed.")
        columns, report = self._found = await asyncio.to_thread(self._assembled)
        self._check_wanted()
        if not len(columns):
            raise NothingThere(
                f"{self._feed} has no {self.request.timeframe} bars of {self.request.symbol} {self._when}."
            )
        if failure is not None or self._fetching.cancelled():
            why = "was cancelled" if failure is None else f"broke off: {failure}"
            return DownloadReport(self.request, report, complete=False, sentence=self._partly(columns, why))
        return await self.keep(self.request.existing, complete=True)

    def cancel(self) -> None:
        """End it; `run` then returns within a moment. A second call does nothing."""
        self._cancelled = True
        if self._fetching is not None:
            self._fetching.cancel()

    def abandon(self) -> None:
        """End it because the program ends: nothing is stored. A second call no longer waits for the feed to let go."""
        self._abandoned = True
        self.cancel()

    def _check_wanted(self) -> None:
        if self._abandoned:
            raise DownloadCancelled(f"{self._what} was ended with the program. Nothing was changed.")

    async def keep(self, existing: Existing, *, complete: bool = False) -> DownloadReport:
        """Store what has come; raises as `put_bars` does."""
        if self._found is None:
            raise ProgramBug("a download was to be kept before it had run")
        columns, report = self._found
        series, overlap = await asyncio.to_thread(
            put_bars, self._store, self._info(columns, report), columns, existing=existing
        )
        told = replace(report, series=series, overlap=overlap)
        if series is not None and overlap is not None:  # added to: those of the whole series, as it is listed
            told = replace(told, gaps=await asyncio.to_thread(series_gaps, self._store, series.series_id))
        return DownloadReport(self.request, told, complete=complete, sentence=self._less(columns) if complete else "")

    # fetching --------------------------------------------------------------------------------------------------
    async def _fetch(self) -> None:
        source = await self._open(self.request.feed)
        self._feed = source.name
        pages: AsyncIterator[Sequence[Bar]] | None = None
        try:
            self._hours = await choose_hours(self._store, self.request, self._feed, source.sessions)
            self._instrument = await source.instrument(self.request.symbol)
            begin, end = self._span = self.request.span(self._instrument, self._now())
            pages = source.bars(self.request.symbol, self.request.timeframe, begin, end)
            async for page in pages:
                await self._take(page, begin, end)
        finally:
            with contextlib.suppress(Exception):  # whatever it says now, the bars are here or the first error counts
                await asyncio.wait_for(_closed(pages, source), _CLOSING)

    async def _take(self, page: Sequence[Bar], begin: int, end: int) -> None:
        columns = await asyncio.to_thread(whole_bars, page, begin, end, self._now(), self._hours.is_open)
        if len(columns):
            self._pages.append(columns)
        if self._on_progress is not None:
            until = int(self._pages[-1].start[-1]) if self._pages else 0
            share = (until - begin) / (end - begin) if until else 0.0
            self._on_progress(DownloadProgress(min(1.0, max(0.0, share)), sum(map(len, self._pages)), until))

    # what has come ---------------------------------------------------------------------------------------------
    def _assembled(self) -> tuple[Columns, ImportReport]:
        """Return the bars that are right, each once, and the report on all of them."""
        columns = joined(self._pages)
        wrong = WrongBars()
        lines = np.arange(1, len(columns) + 1, dtype=np.int64)
        values = {name: getattr(columns, name) for name in ("open", "high", "low", "close", "volume")}
        kept = check_bars(columns.start, lines, values, wrong)
        good = Columns(kept.times, *(kept.values[name] for name in ("open", "high", "low", "close", "volume")))
        if self.request.bars is not None:
            good = good.part(max(0, len(good) - self.request.bars), len(good))
        count = len(good)
        report = ImportReport(
            series=None, kind="bars", timeframe=self.request.timeframe, rows=len(columns), kept=count,
            first=int(good.start[0]) if count else 0, last=int(good.start[-1]) if count else 0,
            errors=tuple(wrong.errors), error_count=wrong.count, duplicates=0, repeats=(),
            gaps=find_gaps(good.start, self.request.timeframe) if count else None,
            splits=find_splits(good, self._instrument), reversed=False, spikes=find_spikes(good),
        )  # fmt: skip
        return good, report

    def _info(self, columns: Columns, report: ImportReport) -> SeriesInfo:
        gaps, longest = holes(columns.start, self.request.timeframe)
        return SeriesInfo(
            series_id=0, symbol=self.request.symbol, kind="bars", timeframe=self.request.timeframe, feed=self._feed,
            source=self._feed, zone="UTC", instrument=self._known(columns), fingerprint=content_fingerprint(columns),
            imported_at=0, first=0, last=0, rows=0, gaps=gaps, longest_gap=longest, duplicates=0,
            errors=report.error_count, hours=self._hours.spec,
        )  # fmt: skip

    def _known(self, columns: Columns) -> Instrument:
        """Return the instrument, its price step fine enough for every price that came."""
        instrument, prices = self._instrument, (columns.open, columns.high, columns.low, columns.close)
        tick = instrument.tick
        while tick > Decimal("1e-12") and any(between_steps(part, float(tick)) for part in prices):
            tick /= 10
        return replace(instrument, tick=tick)

    @property
    def _what(self) -> str:
        return f"The download of {self.request.symbol} {self.request.timeframe} from {self._feed}"

    @property
    def _when(self) -> str:
        return f"from {written(self._span[0])} to {written(self._span[1])} (UTC)"

    def _less(self, columns: Columns) -> str:
        """Return that the feed has less than was asked for, from when on; empty: it has all of it."""
        first, wanted = int(columns.start[0]), self.request.bars
        since = f"nothing before {written(first)} (UTC)"
        if wanted is not None and len(columns) < wanted:
            return f"{self._feed} has {len(columns):,} of the {wanted:,} bars that were asked for: {since}."
        late = first - self._span[0] > max(_CLOSURE, 2 * timeframe_us(self.request.timeframe))
        return f"{self._feed} has {since}." if wanted is None and late else ""

    def _partly(self, columns: Columns, why: str) -> str:
        begin, end = self._span
        last = int(columns.start[-1])
        share = max(0.0, min(1.0, (last - begin) / (end - begin)))
        return (
            f"{self._what} {why.rstrip('.')}. {len(columns):,} bars had come, {written(int(columns.start[0]))} to "
            f"{written(last)} (UTC), about {share:.0%} of it. Nothing of it is stored yet, and what was stored "
            "before is as it was."
        )


async def _closed(pages: AsyncIterator[Sequence[Bar]] | None, source: HistorySource) -> None:
    close = getattr(pages, "aclose", None)  # a generator has it, another iterator need not
    if close is not None:
        await close()
    await source.close()


def _as_ours(error: BaseException | None, request: DownloadRequest) -> AssayError | None:
    """Return why the feed failed as a sentence; an error that is none of the world's is raised: it is ours."""
    if error is None or isinstance(error, AssayError):
        return error
    if isinstance(error, OSError):  # TimeoutError and ConnectionError are among them
        told = error.strerror or str(error) or type(error).__name__
        return FeedFailed(f"{request.feed} cannot be reached ({told}). Check the connection and try again.")
    raise error

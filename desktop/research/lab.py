"""The lab itself: starts jobs, keeps what they made while the window is open, asks the stores in threads."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.domain.errors import EvidenceDiffers, FieldError, NotFound, StorageFault
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.history import adjusted_first
from desktop.domain.trials import Trial
from desktop.ports import BackgroundJobs, EvidenceStore
from desktop.research import lab_checks, lab_work
from desktop.research.api import SIMULATED, BacktestDraft, DataChoice, DataRef
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.dispatch import SweepCancelled
from desktop.research.grid import Grid
from desktop.research.lab_data import Workshop, describe
from desktop.research.lab_handle import Handle
from desktop.research.lab_keep import kept_part
from desktop.research.lab_sweeps import teller, walk_forward_view
from desktop.research.lab_views import ChartData, ReportView, Reproduction, WalkForwardView
from desktop.research.sweep import SweepProgress, SweepResult, run_sweep
from desktop.research.trial import trial_of_sweep, trial_of_walk
from desktop.research.walk_forward import run_walk_forward
from desktop.research.windows import parse_plan

if TYPE_CHECKING:
    from desktop.research.backtest import Market

T = TypeVar("T")


class ResearchLab:
    """Implements `research.api.Lab`; made by the composition root, closed before the jobs and the storage.

    Args:
        jobs: Where long work runs.
        evidence: Where backtests are stored.
        workshop: What goes along to a job's process.
        simulated: Symbols of the simulated market, with their names.
    """

    def __init__(
        self,
        jobs: BackgroundJobs,
        evidence: EvidenceStore,
        workshop: Workshop,
        simulated: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        self._jobs, self._evidence, self._workshop = jobs, evidence, workshop
        self._simulated = simulated
        self._root: Path | None = None
        self._count = 0
        self._views: dict[str, ReportView] = {}  # by key, of the runs since the window was opened
        self._running: set[Handle[Any]] = set()

    # what there is -----------------------------------------------------------------------------------------------
    async def data(self) -> Sequence[DataChoice]:
        """Return the stored series and the simulated prices."""
        stored = await asyncio.to_thread(self._workshop.series.series)
        made = [
            DataChoice(DataRef(symbol, SIMULATED), f"{symbol} {name}", "bars", "", currency)
            for symbol, name, currency in self._simulated
        ]
        return [*map(describe, adjusted_first(stored)), *made]

    async def look_at(self, path: str) -> DataChoice:
        """Return what a file of prices holds (DataFileError: it cannot be read)."""
        return await self._jobs.start(lab_work.look_at, path, what="Reading the file")

    def check(self, draft: BacktestDraft) -> Sequence[FieldError]:
        """Return every mistake that can be seen without reading data, each at its field."""
        return lab_checks.mistakes(draft)

    # backtests ---------------------------------------------------------------------------------------------------
    def start_backtest(
        self, draft: BacktestDraft, *, keep: bool = True, on_progress: Callable[[float], None] | None = None
    ) -> Handle[ReportView]:
        """Start a backtest; see the Protocol."""

        async def work(handle: Handle[ReportView]) -> ReportView:
            view, detail = await self._backtest(handle, lab_work.backtest, draft, on_progress)
            if keep:
                view = await self._keep(view, detail)
            return view

        return self._hold(Handle("The backtest", work))

    async def _backtest(
        self,
        handle: Handle[Any],
        function: Callable[..., Any],
        what: object,
        on_progress: Callable[[float], None] | None,
    ) -> tuple[ReportView, EvidenceDetail]:
        place = await self._place()
        job = self._jobs.start(function, self._workshop, what, str(place), what="The backtest", on_progress=on_progress)
        try:
            found: tuple[ReportView, EvidenceDetail] = await handle.job(job)
        except BaseException:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
            raise
        self._views[found[0].evidence.key] = found[0]
        return found

    async def _keep(self, view: ReportView, detail: EvidenceDetail) -> ReportView:
        """Store a run; what cannot be stored is shown all the same, with the reason."""
        try:
            stored = await asyncio.to_thread(self._evidence.save, view.evidence, detail)
        except (EvidenceDiffers, StorageFault) as error:
            return replace(view, warnings=(str(error), *view.warnings))
        view = replace(view, evidence=stored)
        self._views[stored.key] = view
        return view

    async def stored(self) -> Sequence[Evidence]:
        """Return the stored backtests, newest first."""
        return await asyncio.to_thread(self._evidence.all)

    async def load(self, key: str) -> ReportView:
        """Return a stored backtest: the whole where it ran since the window was opened (NotFound: there is none)."""
        evidence = await asyncio.to_thread(self._evidence.get, key)
        known = self._views.get(key)
        if known is not None and known.evidence.digest == evidence.digest:
            return replace(known, evidence=evidence)
        detail = await asyncio.to_thread(self._evidence.detail, key)
        return await asyncio.to_thread(lab_work.stored_view, evidence, detail)

    def reproduce(self, key: str, *, on_progress: Callable[[float], None] | None = None) -> Handle[Reproduction]:
        """Run a stored backtest again; see the Protocol."""

        async def work(handle: Handle[Reproduction]) -> Reproduction:
            evidence = await asyncio.to_thread(self._evidence.get, key)
            view, detail = await self._backtest(handle, lab_work.again, evidence, on_progress)
            try:
                stored = await asyncio.to_thread(self._evidence.save, view.evidence, detail)
            except EvidenceDiffers as error:
                return Reproduction(view, identical=False, sentence=str(error))
            view = self._views[key] = replace(view, evidence=stored)
            sentence = (
                f"Identical: {len(detail.fills):,} fills, {len(detail.trades):,} trades, cash, equity and fees are the "
                "same to the last decimal as in the stored backtest."
            )
            return Reproduction(view, identical=True, sentence=sentence)

        return self._hold(Handle("The backtest", work))

    async def delete(self, key: str) -> None:
        """Delete a stored backtest (NotFound: there is none)."""
        await asyncio.to_thread(self._evidence.delete, key)

    async def chart(self, report: ReportView, symbol: str, *, begin: int, end: int) -> ChartData:
        """Return bars and fills of a report between two times; see the Protocol."""
        settings = report.evidence.settings
        known = self._views.get(report.evidence.key)
        place = report.place or (known.place if known is not None else "")
        if not place:
            raise NotFound("bars of", "this stored backtest", "Reproduce it: then its trades can be shown.")
        number = next(number for number, item in enumerate(settings.instruments) if item.symbol == symbol)
        bars, fills = await asyncio.to_thread(kept_part, Path(place), number, begin, end)
        return ChartData(settings.instruments[number], settings.strategy.timeframe, bars, fills)

    def export_csv(self, report: ReportView, folder: str) -> Handle[tuple[str, ...]]:
        """Write a report as CSV files into a folder."""
        return self._export(lab_work.export_csv, report, folder)

    def export_html(self, report: ReportView, path: str) -> Handle[tuple[str, ...]]:
        """Write a report as one page."""
        return self._export(lab_work.export_html, report, path)

    def _export(self, function: Callable[..., tuple[str, ...]], report: ReportView, to: str) -> Handle[tuple[str, ...]]:
        async def work(handle: Handle[tuple[str, ...]]) -> tuple[str, ...]:
            if not report.place:
                raise NotFound("whole result of", "this stored backtest", "Reproduce it, then export it.")
            found: tuple[str, ...] = await handle.job(self._jobs.start(function, report.place, to, what="The export"))
            return found

        return self._hold(Handle("The export", work))

    # sweeps ------------------------------------------------------------------------------------------------------
    def start_sweep(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        *,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> Handle[SweepResult]:
        """Run every combination of values; see the Protocol."""

        async def work(handle: Handle[SweepResult]) -> SweepResult:
            grid, crew, settings, market = await self._prepared(handle, draft, ranges, workers)
            run = partial(run_sweep, settings, market, grid, metric=metric, crew=crew)
            try:
                found = await asyncio.to_thread(run, progress=teller(on_progress), cancelled=handle.stopped)
            except SweepCancelled as ended:
                if ended.seen is not None:  # its best was on the screen: it counts
                    await self._tried(trial_of_sweep(ended.seen, market.fingerprints))
                raise
            return replace(found, remark=await self._tried(trial_of_sweep(found, market.fingerprints)))

        return self._hold(Handle("The sweep", work))

    def start_walk_forward(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        plan: str,
        *,
        anchored: bool = False,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> Handle[WalkForwardView]:
        """Choose parameters on stretches and try them on what follows; see the Protocol."""

        async def work(handle: Handle[WalkForwardView]) -> WalkForwardView:
            windows = parse_plan(plan, anchored=anchored)
            grid, crew, settings, market = await self._prepared(handle, draft, ranges, workers)
            run = partial(run_walk_forward, settings, market, grid, windows, metric=metric, crew=crew)
            result = await asyncio.to_thread(run, progress=teller(on_progress), cancelled=handle.stopped)
            result = replace(result, remark=await self._tried(trial_of_walk(result, market.fingerprints)))
            return await asyncio.to_thread(walk_forward_view, result)

        return self._hold(Handle("The walk-forward", work))

    async def _tried(self, trial: Trial) -> str:
        """Record what was tried; returns the reason where it cannot be recorded."""
        try:
            await asyncio.to_thread(self._evidence.save_trial, trial)
        except StorageFault as error:
            return str(error)
        return ""

    async def trials(self) -> Sequence[Trial]:
        """Return what was tried of all strategies, newest first."""
        return await asyncio.to_thread(self._evidence.trials)

    async def _prepared(
        self, handle: Handle[Any], draft: BacktestDraft, ranges: Mapping[str, str], workers: int | None
    ) -> tuple[Grid, CrewOpener, Any, Market]:
        grid = lab_checks.grid_of(draft.strategy, ranges)
        crew = local_crew(workers)
        job = self._jobs.start(lab_work.market_of, self._workshop, draft, what="The sweep")
        settings, market = await handle.job(job)
        handle.check()
        return grid, crew, settings, market

    # keeping -----------------------------------------------------------------------------------------------------
    async def _place(self) -> Path:
        """Return where a run may keep its result; nothing is made on disk yet but the directory above it."""
        if self._root is None:
            self._root = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="assay-lab-"))
        self._count += 1
        return self._root / f"run-{self._count}"

    def _hold(self, handle: Handle[T]) -> Handle[T]:
        self._running.add(handle)
        handle.on_end(lambda: self._running.discard(handle))
        return handle

    def stop(self) -> None:
        """Ask everything that runs to end: backtests, sweeps, walk-forwards."""
        for handle in tuple(self._running):
            handle.cancel()

    async def close(self) -> None:
        """End what runs and clear away what was kept only while the window was open."""
        running = tuple(self._running)
        self.stop()
        for handle in running:
            await handle.ended()
        if self._root is not None:
            await asyncio.to_thread(shutil.rmtree, self._root, ignore_errors=True)

"""Looks a strategy over on a history and tries it, in the background, some time after the last change.

A change ends what still runs. Nothing here trades: the work is done in a process that knows neither sessions nor
brokers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import AssayError
from desktop.domain.strategies import Strategy
from desktop.engine.job_process import JobCancelled
from desktop.ports import BackgroundJob, BackgroundJobs
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive

if TYPE_CHECKING:
    from desktop.ui.widgets.histories import History, Source

WAIT_MS = 350  # without a change before anything is started
_QUICK = "desktop.research.quick_test"


def loop_runs() -> bool:
    """Return whether there is a loop to work on: a timer may still fire while the program ends."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def own_jobs() -> BackgroundJobs:
    """Return what runs jobs in processes of their own; one is kept a while for the next change."""
    from desktop.engine.jobs import Jobs  # noqa: PLC0415 - only a window that tries something needs it

    return Jobs(idle_seconds=30.0)


class StrategyTrial(QObject):
    """Runs at most one look and test at a time, the newest that was asked for.

    Signals:
        began: something else than what was answered last is under way.
        looked: (History, StrategyOnHistory) what the rules say.
        tested: (History, QuickResult).
        refused: why there is no result, in a sentence.
    """

    began = Signal()
    looked = Signal(object, object)
    tested = Signal(object, object)
    refused = Signal(str)

    def __init__(
        self, parent: QObject | None = None, make_jobs: Callable[[], BackgroundJobs] = own_jobs, wait_ms: int = WAIT_MS
    ) -> None:
        super().__init__(parent)
        self._make_jobs = make_jobs
        self._jobs: BackgroundJobs | None = None
        self._running: list[BackgroundJob[Any]] = []  # at most one
        self._wanted: tuple[Strategy, History] | None = None
        self._answered: tuple[Strategy, Source] | None = None  # of the result that is shown
        self._number = 0  # of the newest question; what answers an older one is dropped
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(wait_ms)
        self._timer.timeout.connect(guarded(self._start))
        held = self._running  # outlives this object: what still runs when the window goes is ended
        self.destroyed.connect(lambda *_: _end(held))

    def ask(self, strategy: Strategy | None, history: History | None) -> None:
        """Want a strategy looked over and tried; None: nothing. The same as before starts nothing anew."""
        wanted = None if strategy is None or history is None else (_bare(strategy), history)
        if _same(wanted, self._wanted):
            return
        self.cancel()
        self._wanted = wanted
        if wanted is not None:
            self._timer.start()

    def cancel(self) -> None:
        """End what runs."""
        self._wanted = None
        self._timer.stop()
        self._number += 1
        _end(self._running)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._running)

    def rest(self) -> None:
        """End what runs while nobody looks; what is done already is not asked for again."""
        if self.busy or self._timer.isActive():
            self.cancel()

    def _start(self) -> None:
        if self._wanted is None or not loop_runs():
            return
        if self._answered != (self._wanted[0], self._wanted[1].source):
            self.began.emit()  # not for every new bar: what is seen is hardly old
        number = self._number
        work.run(
            self._do(number, *self._wanted),
            where="quick test",
            on_refused=while_alive(self, lambda error: self._on_refused(number, error)),
        )

    def _on_refused(self, number: int, error: AssayError) -> None:
        if number == self._number and not isinstance(error, JobCancelled):
            self.refused.emit(str(error))

    async def _do(self, number: int, strategy: Strategy, history: History) -> None:
        """Look, tell, test, tell; each step only while nothing newer is wanted."""
        with suppress(JobCancelled):  # something newer is wanted, or nobody looks any more
            from desktop.engine.preview import look_over  # noqa: PLC0415 - needs no time before the first question

            arguments = (strategy, history.bars, history.timeframe, history.zone)
            found = await self._done(number, look_over, *arguments, what="Looking the history over")
            if number != self._number:
                return
            self.looked.emit(history, found)
            quick = await asyncio.to_thread(import_module, _QUICK)  # its imports are no work for the loop
            settings = quick.quick_settings(strategy, history.instrument)
            if history.session is not None:
                own = history.session
                hours = own.hours_of(history.instrument.symbol)
                settings = replace(settings, cash=own.cash, hours=hours, fills=own.fills, seed=own.seed)
            bars = history.bars if found.bars is None else found.bars
            result = await self._done(number, quick.quick_test, settings, bars, what="The quick test")
            if number == self._number:
                self._answered = (strategy, history.source)
                self.tested.emit(history, result)

    async def _done(self, number: int, function: Callable[..., Any], *arguments: Any, what: str) -> Any:
        if number != self._number:
            raise JobCancelled
        if self._jobs is None:
            self._jobs = self._make_jobs()
        job = self._jobs.start(function, *arguments, what=what)
        self._running.append(job)
        try:
            return await job
        finally:
            self._running.remove(job)

    async def read(self, path: str) -> Any:
        """Return the bars of a file (`quick_test.FileBars`; DataFileError: it has none)."""
        quick = await asyncio.to_thread(import_module, _QUICK)
        if self._jobs is None:
            self._jobs = self._make_jobs()
        return await self._jobs.start(quick.read_bars, path, what="Reading the file")


def _end(jobs: list[BackgroundJob[Any]]) -> None:
    for job in jobs:
        job.cancel()


def _bare(strategy: Strategy) -> Strategy:
    """Return a strategy without what changes no result."""
    return replace(strategy, name="Quick test", description="")


def _same(one: tuple[Strategy, History] | None, other: tuple[Strategy, History] | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[0] == other[0] and one[1] is other[1]

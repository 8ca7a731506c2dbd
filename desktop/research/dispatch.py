"""Hands tasks to a crew in chunks and takes every outcome back: none is lost, whatever happens to a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from desktop.domain.errors import AssayError, EnvironmentFault
from desktop.research.crew import Crew
from desktop.research.variant import Outcome, Task

_CHUNKS_PER_WORKER = 64  # often enough for a bar of progress, seldom enough to cost nothing
_MOST_IN_CHUNK = 64
_LOOK = 0.05  # seconds between two looks at whether to stop

Cancelled = Callable[[], bool]
Take = Callable[[Sequence[Outcome]], None]


class SweepCancelled(AssayError):
    """A sweep was ended before it was done."""

    def __init__(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        super().__init__(f"The sweep was stopped after {done:,} of {total:,} runs. Nothing of it is kept.")


class Dispatch:
    """Runs tasks on a crew.

    Args:
        crew: Open; the caller closes it, which ends what still runs.
        take: Gets the outcomes of a chunk, in any order of chunks, in the caller's thread; may raise to end the run.
        cancelled: Asked twenty times a second whether to stop.
        chunk: Tasks handed over at a time; chosen when not given.
    """

    def __init__(self, crew: Crew, take: Take, cancelled: Cancelled | None = None, chunk: int | None = None) -> None:
        self._crew, self._take, self._cancelled, self._chunk = crew, take, cancelled, chunk
        self._done = self._total = 0

    def run(self, tasks: Sequence[Task]) -> None:
        """Run all tasks; those that use the same indicators should come together.

        Raises:
            SweepCancelled: `cancelled` said so.
            EnvironmentFault: workers died twice.
            ProgramBug: a variant failed by our own mistake.
        """
        usual = min(_MOST_IN_CHUNK, max(1, len(tasks) // (self._crew.workers * _CHUNKS_PER_WORKER)))
        size = self._chunk or usual
        self._total += len(tasks)
        lost = self._round([tasks[first : first + size] for first in range(0, len(tasks), size)])
        if not lost:
            return
        self._crew.renew()
        lost = self._round(lost)
        if lost:
            raise EnvironmentFault(
                f"Worker processes were ended from outside twice, most often because memory ran out. "
                f"{self._total - self._done:,} of {self._total:,} runs are missing, so nothing of the sweep is kept. "
                "Close other programs, take fewer workers or fewer bars, and run it again."
            )

    def _round(self, chunks: Sequence[Sequence[Task]]) -> list[Sequence[Task]]:
        """Run chunks and return those that were lost with their worker."""
        lost: list[Sequence[Task]] = []
        waiting: dict[Future[list[Outcome]], Sequence[Task]] = {}
        for chunk in chunks:
            try:
                waiting[self._crew.submit(chunk)] = chunk
            except BrokenExecutor:
                lost.append(chunk)
        while waiting:
            self._stop_if_asked()
            for future in wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED).done:
                chunk = waiting.pop(future)
                try:
                    outcomes = future.result()
                except BrokenExecutor:
                    lost.append(chunk)
                    continue
                self._done += len(outcomes)
                self._take(outcomes)
                self._stop_if_asked()
        return lost

    def _stop_if_asked(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise SweepCancelled(self._done, self._total)

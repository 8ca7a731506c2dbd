"""Hands tasks to a crew in chunks and takes every outcome back: none is lost, whatever happens to a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from typing import TYPE_CHECKING

from desktop.domain.errors import AssayError, EnvironmentFault
from desktop.research.crew import Crew
from desktop.research.pace import ChunkPace
from desktop.research.variant import Outcome, Task

if TYPE_CHECKING:
    from desktop.research.sweep import SweepResult

_AHEAD = 3  # chunks for each worker that are handed in: none waits for us, and the later ones can suit the pace
_LOOK = 0.05  # seconds between two looks at whether to stop

Cancelled = Callable[[], bool]
Take = Callable[[Sequence[Outcome]], None]


class SweepCancelled(AssayError):
    """A sweep was ended before it was done.

    Attributes:
        done: Runs that were over.
        total: All runs.
        seen: What had come back of a sweep, to be counted as tried; None: nothing had, or it was a walk-forward.
    """

    def __init__(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self.seen: SweepResult | None = None
        super().__init__(f"The sweep was stopped after {done:,} of {total:,} runs. Its results are not kept.")


class Dispatch:
    """Runs tasks on a crew.

    Args:
        crew: Open; the caller closes it, which ends what still runs.
        take: Gets the outcomes of a chunk, in any order of chunks, in the caller's thread; may raise to end the run.
        cancelled: Asked twenty times a second whether to stop.
        chunk: Tasks handed over at a time; chosen by how fast they come back when not given.
    """

    def __init__(self, crew: Crew, take: Take, cancelled: Cancelled | None = None, chunk: int | None = None) -> None:
        self._crew, self._take, self._cancelled, self._chunk = crew, take, cancelled, chunk
        self._done = self._total = 0
        self._pace = ChunkPace(crew.workers)

    def run(self, tasks: Sequence[Task]) -> None:
        """Run all tasks; those that use the same indicators should come together.

        Raises:
            SweepCancelled: `cancelled` said so.
            EnvironmentFault: workers died twice.
            ProgramBug: a variant failed by our own mistake.
        """
        self._total += len(tasks)
        lost = self._round(self._cut(tasks))
        if not lost:
            return
        self._crew.renew()
        lost = self._round(iter(lost))
        if lost:
            raise EnvironmentFault(
                f"Worker processes were ended from outside twice, most often because memory ran out. "
                f"{self._total - self._done:,} of {self._total:,} runs are missing, so nothing of the sweep is kept. "
                "Close other programs, take fewer workers or fewer bars, and run it again."
            )

    def _cut(self, tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
        """Yield chunks of the size that suits when they are handed in; towards the end every worker gets some."""
        first = 0
        while first < len(tasks):
            fair = max(1, (len(tasks) - first) // (self._crew.workers * _AHEAD))
            size = self._chunk or min(self._pace.size, fair)
            yield tasks[first : first + size]
            first += size

    def _round(self, chunks: Iterator[Sequence[Task]]) -> list[Sequence[Task]]:
        """Run chunks and return those that were lost with their worker."""
        lost: list[Sequence[Task]] = []
        waiting: dict[Future[list[Outcome]], Sequence[Task]] = {}
        while True:
            lost += self._hand_in(chunks, waiting)
            if not waiting:
                return lost
            self._stop_if_asked()
            for future in wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED).done:
                chunk = waiting.pop(future)
                try:
                    outcomes = future.result()
                except (BrokenExecutor, CancelledError):  # nobody here cancels one: its worker died with the outcome
                    lost.append(chunk)
                    continue
                self._pace.took(len(outcomes))
                self._done += len(outcomes)
                self._take(outcomes)
                self._stop_if_asked()

    def _hand_in(
        self, chunks: Iterator[Sequence[Task]], waiting: dict[Future[list[Outcome]], Sequence[Task]]
    ) -> list[Sequence[Task]]:
        """Hand in as many chunks as keep the crew busy; returns those that cannot be, as a worker died."""
        lost = []
        while len(waiting) < self._crew.workers * _AHEAD and (chunk := next(chunks, None)) is not None:
            try:
                waiting[self._crew.submit(chunk)] = chunk
            except BrokenExecutor:
                lost.append(chunk)
        return lost

    def _stop_if_asked(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise SweepCancelled(self._done, self._total)

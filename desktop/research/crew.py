"""Who runs the variants: this machine's processes, or any executor that takes chunks."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.research.bench import SweepContext
from desktop.research.variant import Outcome, Task
from desktop.research.worker import ContextFile, begin_worker, forget, run_chunk

MAX_WORKERS = 61  # what Windows can wait for at once
_GRACE = 2.0  # seconds a killed process may take to be gone
Chunk = Sequence[Task]


class Crew(Protocol):
    """Runs chunks of one sweep; entered as a context manager, and left without anything running.

    Attributes:
        workers: How many chunks run at a time.
    """

    @property
    def workers(self) -> int: ...

    def submit(self, chunk: Chunk) -> Future[list[Outcome]]:
        """Hand in a chunk."""
        ...

    def renew(self) -> None:
        """Replace workers that died; chunks that were handed in are lost."""
        ...


CrewOpener = Callable[[SweepContext], AbstractContextManager[Crew]]


def usual_workers() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return min(count, MAX_WORKERS)


def local_crew(workers: int | None = None) -> CrewOpener:
    """Return what opens a crew of processes on this machine.

    Args:
        workers: How many; None: one for each processor.

    Raises:
        FieldError: fewer than one, or more than there can be.
    """
    count = usual_workers() if workers is None else workers
    if not 1 <= count <= MAX_WORKERS:
        raise FieldError("--workers", f"is {count}; choose from 1 to {MAX_WORKERS}.")
    return lambda context: LocalCrew(context, count)


def executor_crew(executor: Executor, workers: int = 1) -> CrewOpener:
    """Return what opens a crew on an executor of the caller's that hands arguments on without copying them.

    Args:
        executor: A pool of threads, or one that runs at once; it stays open.
        workers: How many chunks it runs at a time.
    """

    @contextmanager
    def opened(context: SweepContext) -> Iterator[Crew]:
        try:
            yield _ExecutorCrew(executor, context, workers)
        finally:
            forget(context.key)

    return opened


class _ExecutorCrew:
    """Chunks on an executor that the caller owns."""

    def __init__(self, executor: Executor, context: SweepContext, workers: int) -> None:
        self._executor, self._context, self._workers = executor, context, workers

    @property
    def workers(self) -> int:
        return self._workers

    def submit(self, chunk: Chunk) -> Future[list[Outcome]]:
        return self._executor.submit(run_chunk, self._context, chunk)

    def renew(self) -> None:
        """Do nothing: the executor is the caller's."""


class _WatchedContext(SpawnContext):
    """Spawns processes and remembers them, so that they can be ended without waiting for their work.

    Spawned, not forked: a fork copies the window's threads and locks in whatever state they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802 - a class upstream
        process = SpawnProcess(*args, **kwargs)
        self.started.append(process)
        return process


class LocalCrew:
    """A pool of processes on this machine; the bars lie in a file that all of them map."""

    def __init__(self, context: SweepContext, workers: int) -> None:
        self._context, self._workers = context, workers

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="assay-sweep-"))
        try:
            self._file = ContextFile.write(self._context, self._directory)
            self._open()
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._close()
        finally:
            shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def workers(self) -> int:
        return self._workers

    @property
    def processes(self) -> list[int]:
        """Ids of the processes that are alive."""
        return [process.pid for process in self._spawning.started if process.is_alive() and process.pid is not None]

    def submit(self, chunk: Chunk) -> Future[list[Outcome]]:
        with _interrupts_held_back():  # a process may be started here
            try:
                return self._pool.submit(run_chunk, self._file, chunk)
            except OSError as error:
                raise EnvironmentFault(
                    f"The system starts no worker process ({error.strerror or error}). Nothing was run. Close other "
                    "programs or take fewer workers, and run the sweep again."
                ) from error

    def renew(self) -> None:
        self._close()
        self._open()

    def _open(self) -> None:
        self._spawning = _WatchedContext()
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=self._spawning, initializer=begin_worker, initargs=(str(self._directory),)
        )

    def _close(self) -> None:
        """End the processes, whatever they are doing: what counts of them has come back by now."""
        with _interrupts_held_back():
            running = [process for process in self._spawning.started if process.pid is not None]
            for process in running:  # one that could not even be started is not there to be ended
                process.kill()
            self._pool.shutdown(wait=True, cancel_futures=True)
            until = time.monotonic() + _GRACE
            for process in running:
                process.join(max(0.0, until - time.monotonic()))


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Hold Ctrl-C back: a process that is just starting would die of it with a traceback on the trader's terminal."""
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)

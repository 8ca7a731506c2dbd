"""Long work in a process of its own: started, followed, cancelled and awaited from the event loop, which never waits.

The process is spawned, so that it knows neither the window nor its threads, works the same on every system, and ends
with its parent however that ends. One that has finished its job is kept a while for the next.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from desktop.domain.errors import ProgramBug
from desktop.engine.job import Job, JobDied
from desktop.engine.job_process import RESULT, TASK, JobCancelled, Raised
from desktop.engine.job_worker import Worker
from desktop.engine.parcels import read_parcel, write_parcel

__all__ = ["Job", "JobCancelled", "JobDied", "Jobs"]

GRACE_SECONDS = 0.25  # a cancelled job may take to end by itself before its process is killed
IDLE_SECONDS = 60.0  # a process without work is kept

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Jobs:
    """Starts jobs; made and closed by the composition root.

    Args:
        idle_seconds: How long a process without work is kept.
        grace_seconds: How long a cancelled job may take to end by itself.
    """

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS, grace_seconds: float = GRACE_SECONDS) -> None:
        self._idle_seconds, self._grace_seconds = idle_seconds, grace_seconds
        self._lock = threading.Lock()
        self._idle: Worker | None = None
        self._busy: dict[int, Worker] = {}
        self._jobs: dict[int, Job[Any]] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._closed = False

    def start(
        self,
        function: Callable[..., T],
        *arguments: Any,
        what: str = "The work",
        on_progress: Callable[[float], None] | None = None,
    ) -> Job[T]:
        """Start a job and return at once; to be called on the event loop.

        Args:
            function: At the top level of a module; called as `function(*arguments, progress=...)`. `progress` takes the
                share that is done, and raises when the job was cancelled: call it often.
            arguments: Whatever pickle takes; large arrays travel beside it.
            what: Name of the work, for sentences.
            on_progress: Told on the event loop how much is done.

        Raises:
            ProgramBug: the program is ending.
        """
        if self._closed:
            raise ProgramBug(f"{what} cannot be started any more: Assay is ending.")
        job: Job[T] = Job(what, on_progress)
        self._jobs[job.number] = job
        job.on_cancel = lambda: self._cancel(job)
        thread = threading.Thread(
            target=self._do, args=(job, function, arguments), name=f"assay-job-{job.number}", daemon=True
        )
        self._threads[job.number] = thread
        thread.start()
        return job

    @property
    def processes(self) -> list[int]:
        """Ids of the processes there are, working or kept."""
        with self._lock:
            workers = [*self._busy.values(), *([self._idle] if self._idle is not None else [])]
            return [worker.process.pid for worker in workers if worker.process.pid is not None]

    async def close(self) -> None:
        """Cancel what runs and end every process; waits until none is left."""
        self._closed = True
        for job in tuple(self._jobs.values()):
            job.cancel()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for thread in tuple(self._threads.values()):
            thread.join()
        self._end_idle()

    # in a thread ---------------------------------------------------------------------------------------------------
    def _do(self, job: Job[T], function: Callable[..., T], arguments: tuple[Any, ...]) -> None:
        _hold_interrupts_back()
        directory: Path | None = None
        try:
            if job.cancelled:
                raise JobCancelled  # noqa: TRY301 - the one way out
            directory = Path(tempfile.mkdtemp(prefix="assay-job-"))
            write_parcel((function, arguments), directory / TASK)
            self._follow(job, directory)
            job.finish(read_parcel(directory / RESULT))
        except BaseException as error:  # noqa: BLE001 - whoever awaits the job hears of it
            job.fail(error)
        finally:
            self._jobs.pop(job.number, None)
            if directory is not None:
                shutil.rmtree(directory, ignore_errors=True)
            self._threads.pop(job.number, None)

    def _follow(self, job: Job[Any], directory: Path) -> None:
        """Have a process do a job; returns when the result lies in the directory."""
        worker = self._take(job)
        try:
            worker.begin(job.number, directory)
            if job.cancelled:
                self._cancel(job)
            answer = self._last_answer(job, worker)
        except (EOFError, OSError) as gone:
            with self._lock:
                self._busy.pop(job.number, None)
            worker.kill()
            status = worker.close()
            raise (JobCancelled() if job.cancelled else JobDied(job.what, status)) from gone
        self._give_back(job, worker)
        if answer is not None:
            raise _error_of(answer, job.what)
        if job.cancelled:
            raise JobCancelled

    def _last_answer(self, job: Job[Any], worker: Worker) -> Raised | None:
        while True:
            number, answer = worker.answer()
            if number != job.number:
                continue
            if not isinstance(answer, float):
                return answer
            job.tell(answer)

    def _take(self, job: Job[Any]) -> Worker:
        with self._lock:
            worker, self._idle = self._idle, None
        if worker is not None and not worker.process.is_alive():
            worker.close()
            worker = None
        if worker is None:
            worker = Worker()
        with self._lock:
            self._busy[job.number] = worker
        return worker

    def _give_back(self, job: Job[Any], worker: Worker) -> None:
        with self._lock:
            del self._busy[job.number]
            keeps = self._idle is None and not self._closed
            if keeps:
                worker.idle_since = time.monotonic()
                self._idle = worker
        if not keeps:
            worker.kill()
            worker.close()
            return
        timer = threading.Timer(self._idle_seconds, self._end_idle, (worker,))
        timer.daemon = True
        timer.start()

    def _end_idle(self, only: Worker | None = None) -> None:
        """End the process that is kept; `only`: if it is this one and has had no work meanwhile."""
        with self._lock:
            worker = self._idle
            if worker is None or (only is not None and not self._is_due(worker, only)):
                return
            self._idle = None
        worker.kill()
        worker.close()

    def _is_due(self, worker: Worker, only: Worker) -> bool:
        return worker is only and time.monotonic() - worker.idle_since >= self._idle_seconds

    # cancelling ----------------------------------------------------------------------------------------------------
    def _cancel(self, job: Job[Any]) -> None:
        """Ask the job's process to end it; kill the process when it does not within the grace."""
        with self._lock:
            worker = self._busy.get(job.number)
        if worker is None:
            return  # it looks for itself before it begins
        worker.ask_to_end(job.number)
        timer = threading.Timer(self._grace_seconds, self._kill, (job.number, worker))
        timer.daemon = True
        timer.start()

    def _kill(self, number: int, worker: Worker) -> None:
        with self._lock:
            if self._busy.get(number) is worker:
                worker.kill()


def _hold_interrupts_back() -> None:
    """Hold Ctrl-C back in this thread: a process that is just starting would die of it with a traceback."""
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is not None:
        mask(signal.SIG_BLOCK, {signal.SIGINT})


def _error_of(raised: Raised, what: str) -> Exception:
    error = raised.error_again()
    if error is not None:
        return error
    logger.error("%s failed in its process\n%s", what, raised.trace)
    return ProgramBug(
        f"{what} failed by a mistake of Assay's own ({raised.args[0]}). Nothing was changed; the log says where. "
        "Please report it."
    )

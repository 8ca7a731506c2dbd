"""Work of the lab under way, as the one who started it holds it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from desktop.ports import BackgroundJob
from desktop.research.api import WorkCancelled
from desktop.research.dispatch import SweepCancelled

T = TypeVar("T")


class Handle(Generic[T]):
    """Several steps, of which each may be a job in another process; made on the event loop.

    Args:
        what: Name of the work, for sentences.
        work: Does it; is given this handle, through which it awaits its jobs.
    """

    def __init__(self, what: str, work: Callable[[Handle[T]], Awaitable[T]]) -> None:
        self.what = what
        self._stop = threading.Event()
        self._job: BackgroundJob[Any] | None = None
        self._task = asyncio.get_running_loop().create_task(self._do(work), name=what)
        self._task.add_done_callback(_heard)  # whoever started it may have gone; then nobody asks

    async def _do(self, work: Callable[[Handle[T]], Awaitable[T]]) -> T:
        try:
            return await work(self)
        except SweepCancelled as ended:
            raise WorkCancelled(self.what) from ended
        except Exception as error:
            if self._stop.is_set():
                raise WorkCancelled(self.what) from error
            raise

    async def job(self, job: BackgroundJob[Any]) -> Any:
        """Wait for a job of this work; it is cancelled with it."""
        self._job = job
        if self._stop.is_set():
            job.cancel()
        try:
            return await job
        finally:
            self._job = None

    def check(self) -> None:
        """Raise when the work was cancelled: between two steps."""
        if self._stop.is_set():
            raise WorkCancelled(self.what)

    @property
    def stopped(self) -> Callable[[], bool]:
        """Whether it was cancelled; to be asked from any thread."""
        return self._stop.is_set

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._task.done()

    def cancel(self) -> None:
        """Ask it to end."""
        if self.done or self._stop.is_set():
            return
        self._stop.set()
        if self._job is not None:
            self._job.cancel()

    def __await__(self) -> Generator[Any, None, T]:
        """Return the result, or raise what went wrong."""
        return asyncio.shield(self._task).__await__()

    def on_end(self, call: Callable[[], object]) -> None:
        """Have something called when it has ended, in whatever way."""
        self._task.add_done_callback(lambda _: call())

    async def ended(self) -> None:
        """Wait until it has ended, in whatever way."""
        await asyncio.wait([self._task])


def _heard(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()

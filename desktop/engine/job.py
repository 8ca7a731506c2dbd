"""A piece of work in another process, as the one who started it holds it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

from desktop.domain.errors import EnvironmentFault

T = TypeVar("T")
_numbers = itertools.count(1)


class JobDied(EnvironmentFault):
    """The process of a job ended before its work was done, by the system or by hand."""

    def __init__(self, what: str, status: int | None) -> None:
        self.status = status
        how = "" if status is None else f" (status {status})"
        super().__init__(
            f"{what} was ended from outside before it was done{how}: by hand, or by the system for want of memory. "
            "Nothing of it was kept. Start it again, with less data if memory is short."
        )


class Job(Generic[T]):
    """One piece of work under way; await it for its result.

    Attributes:
        what: Name of the work, for sentences: "The backtest".
        number: Its number in this program.
        on_cancel: Called once when it is asked to end.
    """

    def __init__(self, what: str, on_progress: Callable[[float], None] | None) -> None:
        self.what = what
        self.number = next(_numbers)
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[T] = self._loop.create_future()
        self._on_progress = on_progress
        self._cancelled = threading.Event()
        self.on_cancel: Callable[[], None] | None = None

    def __await__(self) -> Generator[Any, None, T]:
        """Return the result.

        Raises:
            JobCancelled: it was cancelled.
            JobDied: its process was ended from outside.
            AssayError: what the work itself raised, the same sentence and fields.
            ProgramBug: the work failed by a mistake of ours.
        """
        return asyncio.shield(self._future).__await__()

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._future.done()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to end."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to end; within half a second it has, and nothing of it is left. A second call does nothing."""
        if self.done or self.cancelled:
            return
        self._cancelled.set()
        if self.on_cancel is not None:
            self.on_cancel()

    # from the working thread ---------------------------------------------------------------------------------------
    def tell(self, share: float) -> None:
        """Say how much is done."""
        self._on_loop(lambda: self._progressed(share))

    def _progressed(self, share: float) -> None:
        if not self.done and self._on_progress is not None:
            self._on_progress(share)

    def finish(self, result: Any) -> None:
        """End it with a result."""
        self._on_loop(lambda: None if self.done else self._future.set_result(result))

    def fail(self, error: BaseException) -> None:
        """End it with an error."""

        def failed() -> None:
            if not self.done:
                self._future.set_exception(error)
                self._future.exception()  # whoever started it may have gone; then nobody asks

        self._on_loop(failed)

    def _on_loop(self, call: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call)

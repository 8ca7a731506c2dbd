"""Jobs without processes: each runs when a test lets it, in the test's own process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any

from desktop.engine.job_process import JobCancelled


class InlineJob:
    """One job; it runs when it is let."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
        self.function, self.arguments, self.what = function, arguments, what
        self.cancelled = False
        self._future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def cancel(self) -> None:
        """End it."""
        self.cancelled = True
        if not self._future.done():
            self._future.set_exception(JobCancelled())
            self._future.exception()

    def run(self) -> None:
        """Do its work now."""
        if self._future.done():
            return
        try:
            self._future.set_result(self.function(*self.arguments, progress=lambda _: None))
        except Exception as error:  # noqa: BLE001 - whoever awaits it hears of it
            self._future.set_exception(error)
            self._future.exception()

    def __await__(self) -> Generator[Any, None, Any]:
        return asyncio.shield(self._future).__await__()


class InlineJobs:
    """Starts jobs; with `held` they wait for `run_all`."""

    def __init__(self, *, held: bool = False) -> None:
        self.held = held
        self.started: list[InlineJob] = []

    def start(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        what: str = "",
        on_progress: Callable[[float], None] | None = None,
    ) -> InlineJob:
        """Start a job."""
        del on_progress
        job = InlineJob(function, arguments, what)
        self.started.append(job)
        if not self.held:
            asyncio.get_running_loop().call_soon(job.run)
        return job

    def run_all(self) -> None:
        """Let everything that waits run."""
        for job in self.started:
            job.run()

    @property
    def names(self) -> list[str]:
        """What was started, in order."""
        return [job.function.__name__ for job in self.started]

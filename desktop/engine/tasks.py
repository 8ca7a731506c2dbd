"""Background tasks in a supervised set: asyncio itself keeps only weak references, and an exception must be heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class TaskSet:
    """Holds every background task until it ends and reports what it raised."""

    def __init__(self, on_error: Callable[[BaseException, str], None]) -> None:
        """`on_error` hears an exception and the task's name."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._on_error = on_error

    def run(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Run a coroutine in the background."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_error(error, task.get_name())

    async def stop(self) -> None:
        """Cancel what still runs and wait for its end."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Commands from the window: each runs as a task that is held until it ends, and its refusal is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from desktop.domain.errors import AssayError
from desktop.ui.guard import report

_running: set[asyncio.Task[Any]] = set()


def run(
    work: Coroutine[Any, Any, Any],
    *,
    where: str = "",
    on_refused: Callable[[AssayError], None] | None = None,
    then: Callable[[Any], object] | None = None,
) -> None:
    """Run a command of the desk in the background.

    Args:
        work: The coroutine.
        where: What the user did, for the log.
        on_refused: Shows the sentence of a refusal (at its field, on its card); None: the main window shows it.
        then: Called with the result when it succeeded.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        work.close()  # the program is ending: a late timer asks for something that nobody will do
        raise
    task = loop.create_task(work, name=where or "window")
    _running.add(task)

    def ended(done: asyncio.Task[Any]) -> None:
        _running.discard(done)
        if done.cancelled():
            return
        error = done.exception()
        try:
            if error is None:
                if then is not None:
                    then(done.result())
            elif on_refused is not None and isinstance(error, AssayError):
                on_refused(error)
            else:
                report(error, where or "window")
        except Exception as second:  # noqa: BLE001 - a panel's answer to a result must not end in asyncio's handler unseen
            report(second, where or "window")

    task.add_done_callback(ended)


async def settle() -> None:
    """Wait until every command under way on this loop has ended (closing the program, tests)."""
    loop, myself = asyncio.get_running_loop(), asyncio.current_task()
    while mine := [task for task in _running if task.get_loop() is loop and task is not myself]:
        await asyncio.wait(mine)

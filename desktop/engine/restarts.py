"""Sessions that failed: built anew from their last stored state after a while, or left FAILED with the reason (S4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop.engine.supervisor import FIRST_DELAY, RestartPolicy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from desktop.engine.runner import SessionRunner
    from desktop.engine.tasks import TaskSet
    from desktop.ports import Clock


class Restarts:
    """Waits between failures and restarts, and gives up after too many."""

    def __init__(
        self,
        clock: Clock,
        tasks: TaskSet,
        *,
        ready: Callable[[], bool],
        reload: Callable[[SessionRunner], Awaitable[None]],
        give_up: Callable[[SessionRunner, str], Coroutine[Any, Any, None]],
        on_error: Callable[[BaseException, str], None],
    ) -> None:
        """`ready`: the storage answers; `reload` builds a session anew; `give_up` stores that it is FAILED and why."""
        self._clock, self._tasks, self._on_error = clock, tasks, on_error
        self._ready, self._reload, self._give_up = ready, reload, give_up
        self._policies: dict[str, RestartPolicy] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._ended = False

    def failed(self, runner: SessionRunner, error: BaseException) -> None:
        """Plan what happens with a session that failed."""
        if self._ended:
            return
        session_id = runner.session_id
        self._on_error(error, session_id)
        policy = self._policies.setdefault(session_id, RestartPolicy())
        delay = policy.delay(self._clock.monotonic())
        if delay is None:
            runner.note = (
                f"Failed for good after {policy.restarts} restarts: {error}. Start it again once the cause is mended."
            )
            self._tasks.run(self._give_up(runner, str(error)), f"fail {session_id}")
            return
        runner.note = f"Restarting in {delay:.0f} s after a failure: {error}"
        self._plan(runner, delay)

    def _plan(self, runner: SessionRunner, delay: float) -> None:
        self._timers[runner.session_id] = asyncio.get_running_loop().call_later(delay, self._due, runner)

    def _due(self, runner: SessionRunner) -> None:
        self._timers.pop(runner.session_id, None)
        if not self._ready():  # nothing can be read back now; that is not the session's failure
            self._plan(runner, FIRST_DELAY)
            return
        self._tasks.run(self._attempt(runner), f"restart {runner.session_id}")

    async def _attempt(self, runner: SessionRunner) -> None:
        try:
            await self._reload(runner)
        except Exception as error:  # noqa: BLE001 - a restart that fails counts as the next failure
            self.failed(runner, error)

    def forget(self, session_id: str) -> None:
        """Call off what is planned for a session: it is gone, or was started by hand."""
        timer = self._timers.pop(session_id, None)
        if timer is not None:
            timer.cancel()
        self._policies.pop(session_id, None)

    def stop(self) -> None:
        """Plan nothing any more."""
        self._ended = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

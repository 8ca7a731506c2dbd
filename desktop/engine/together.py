"""What is asked of every session at once: in force everywhere before anyone waits for the storage."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.domain.commands import Command, EngageKill, Pause, Recover, Recovered, ReleaseKill, Resume
from desktop.domain.errors import EnvironmentFault
from desktop.domain.sessions import SessionState
from desktop.engine.departures import RUNS
from desktop.engine.manager import KILL_REASON, SessionManager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from desktop.engine.runner import SessionRunner


class Together:
    """Commands to all sessions; one that fails never keeps a command from the others."""

    def __init__(self, manager: SessionManager, on_error: Callable[[BaseException, str], None]) -> None:
        self._manager, self._on_error = manager, on_error

    async def pause_all(self, reason: str) -> None:
        """Pause every session that runs.

        Raises:
            EnvironmentFault: some could not be; all were tried.
        """
        _raise(await self._each(self._in(SessionState.RUNNING), Pause(reason)))

    async def resume_all(self) -> None:
        """Resume every paused session (raises as `pause_all`)."""
        self._manager.refuse_when_killed()
        _raise(await self._each(self._in(SessionState.PAUSED), Resume()))

    def _in(self, *states: SessionState) -> list[SessionRunner]:
        return [
            item for item in self._manager.runners().values() if not item.failed and item.unit.core.status in states
        ]

    async def recover_all(self, reason: str) -> None:
        """Take every running session through RECOVERING after a gap in time: old signals are discarded (fault 26)."""
        runs = self._in(*RUNS)
        live = [item for item in runs if item.live is not None]
        on_paper = [item for item in runs if item.live is None]
        await asyncio.gather(
            self._each(on_paper, Recover(reason), Recovered(resume=True), by="engine"),
            self._each(live, Recover(reason), by="engine"),
        )
        for runner in live:
            if runner.live is not None:
                runner.live.recover(resume=True)

    async def _each(self, runners: Iterable[SessionRunner], *commands: Command, by: str = "user") -> list[str]:
        """Carry commands out in every session at once, then wait for the storage; return what went wrong."""
        answers: list[tuple[SessionRunner, Awaitable[None]]] = []
        problems: list[tuple[SessionRunner, Exception]] = []
        for runner in runners:
            for command in commands:
                try:
                    answers.append((runner, runner.order(command, by=by)))
                except Exception as error:  # noqa: BLE001 - one session must not keep it from the others
                    problems.append((runner, error))
                    break
        results = await asyncio.gather(*(answer for _, answer in answers), return_exceptions=True)
        for (runner, _), result in zip(answers, results, strict=True):
            if isinstance(result, Exception):
                problems.append((runner, result))
        for runner, problem in problems:
            self._on_error(problem, runner.session_id)
        return [f"{runner.settings.name}: {problem}" for runner, problem in problems]

    async def kill(self, *, flatten: bool) -> list[str]:
        """Engage the switch in every session; returns the sentences of those that could not, having tried all."""
        alive = [item for item in self._manager.runners().values() if not item.failed]
        return await self._each(alive, EngageKill(flatten, KILL_REASON))

    async def release_kill(self) -> list[str]:
        """Release it in every session where it is engaged; those that failed follow when they are restarted."""
        engaged = [item for item in self._manager.runners().values() if not item.failed and item.unit.core.state.kill]
        return await self._each(engaged, ReleaseKill())


def _raise(problems: list[str]) -> None:
    if problems:
        raise EnvironmentFault("Not every session could follow. " + " ".join(problems))

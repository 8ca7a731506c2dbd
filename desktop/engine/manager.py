"""Every session of the program: created, started, paused, stopped, restored, restarted after a failure (S1-S5)."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.commands import (
    EngageKill,
    Fail,
    Pause,
    Recover,
    Recovered,
    ReleaseKill,
    Resume,
    Start,
    Stop,
)
from desktop.domain.errors import NotFound, UserMistake
from desktop.domain.sessions import SessionState, StopChoice
from desktop.engine.views import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.domain.sessions import SessionSettings
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.runner import SessionRunner
    from desktop.engine.runner_factory import RunnerFactory
    from desktop.engine.supervisor import RestartPolicy
    from desktop.engine.tasks import TaskSet
    from desktop.ports import Clock, Store

RUNS = frozenset({SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING})


class SessionManager:
    """Owns the runners; every call is made on the loop."""

    def __init__(
        self,
        factory: RunnerFactory,
        store: Store,
        clock: Clock,
        changes: ChangeCollector,
        tasks: TaskSet,
        *,
        policy: Callable[[], RestartPolicy],
        on_error: Callable[[BaseException, str], None],
    ) -> None:
        self._factory, self._store, self._clock = factory, store, clock
        self._changes, self._tasks, self._policy, self._on_error = changes, tasks, policy, on_error
        self._runners: dict[str, SessionRunner] = {}
        self._policies: dict[str, RestartPolicy] = {}
        factory.on_failure = self._failed

    # reads -----------------------------------------------------------------------------------------------------
    def runners(self) -> Mapping[str, SessionRunner]:
        """Return every session's runner by its id, oldest first."""
        return self._runners

    def runner(self, session_id: str) -> SessionRunner:
        """Return one session's runner.

        Raises:
            NotFound: there is no such session.
        """
        try:
            return self._runners[session_id]
        except KeyError:
            raise NotFound("session", session_id) from None

    # life ------------------------------------------------------------------------------------------------------
    async def restore(self, *, resume: bool) -> None:
        """Bring back every stored session; those that ran go through RECOVERING and, where wanted, on running."""
        for session_id in await asyncio.to_thread(self._store.session_ids):
            stored = await asyncio.to_thread(self._store.load, session_id)
            if stored is None or stored.ended:
                continue
            runner = await self._factory.restored(stored)
            self._runners[session_id] = runner
            if runner.unit.core.status in RUNS:
                await self._recover(runner, "Assay was started again", resume=resume)
            self._changes.changed(Table.SESSIONS, session_id)
        self._changes.portfolio()

    async def create(self, settings: SessionSettings) -> SessionRunner:
        """Make a session durable in the state CREATED; the settings get an id of their own."""
        settings = replace(settings, session_id=uuid.uuid4().hex)
        runner = await self._factory.created(settings)
        await asyncio.wrap_future(runner.commit(settings=True))
        self._runners[settings.session_id] = runner
        self._changes.changed(Table.SESSIONS, settings.session_id)
        self._changes.portfolio()
        return runner

    async def start(self, session_id: str) -> None:
        """CREATED or STOPPED -> RUNNING; a FAILED session is loaded afresh."""
        runner = self.runner(session_id)
        if runner.failed:
            await self._reload(runner)
            return
        await runner.ask(Start())
        self._factory.join(runner)

    async def pause(self, session_id: str, reason: str = "paused by the user") -> None:
        """RUNNING -> PAUSED."""
        await self.runner(session_id).ask(Pause(reason))

    async def resume(self, session_id: str) -> None:
        """PAUSED -> RUNNING."""
        await self.runner(session_id).ask(Resume())

    async def stop(self, session_id: str, choice: StopChoice) -> None:
        """-> STOPPED. The session keeps hearing prices so that what it still holds is marked and can be closed."""
        await self.runner(session_id).ask(Stop(choice))

    async def delete(self, session_id: str) -> None:
        """Take a session out of sight. Its audit trail stays.

        Raises:
            UserMistake: it still runs or holds something.
        """
        runner = self.runner(session_id)
        core = runner.unit.core
        if not runner.failed and core.status in RUNS:
            raise UserMistake(
                f"{runner.settings.name} is still {core.status.value}. Stop it first. Nothing was deleted."
            )
        if core.positions and not runner.failed:
            raise UserMistake(
                f"{runner.settings.name} still holds {', '.join(core.positions)}. Close the positions first. "
                "Nothing was deleted."
            )
        await self.drop(session_id)

    async def drop(self, session_id: str) -> None:
        """End a session whatever it holds (demo reset)."""
        runner = self._runners.pop(session_id)
        runner.failed = True
        await self._factory.leave(runner)
        await asyncio.wrap_future(self._store.end_session(session_id))
        self._policies.pop(session_id, None)
        self._changes.removed(Table.SESSIONS, session_id)
        for symbol in runner.symbols:
            self._changes.removed(Table.POSITIONS, f"{session_id}/{symbol}")
        for table, keys in (
            (Table.ORDERS, runner.book.orders),
            (Table.TRIGGERS, runner.book.triggers),
            (Table.SIGNALS, runner.book.signals),
            (Table.HISTORY, runner.book.signals),
        ):
            for key in keys:
                self._changes.removed(table, key)
        for trade in runner.book.trades:
            self._changes.removed(Table.TRADES, trade.trade_id)
        self._changes.portfolio()

    async def pause_all(self, reason: str) -> None:
        """Pause every session that runs."""
        for session_id, runner in tuple(self._runners.items()):
            if not runner.failed and runner.unit.core.status is SessionState.RUNNING:
                await self.pause(session_id, reason)

    async def resume_all(self) -> None:
        """Resume every paused session."""
        for session_id, runner in tuple(self._runners.items()):
            if not runner.failed and runner.unit.core.status is SessionState.PAUSED:
                await self.resume(session_id)

    # kill switch -----------------------------------------------------------------------------------------------
    async def kill(self, *, flatten: bool, reason: str) -> list[str]:
        """Engage the switch in every session; returns the sentences of those that could not, having tried all."""
        return await self._everywhere(EngageKill(flatten, reason))

    async def release_kill(self) -> list[str]:
        """Release it in every session."""
        return await self._everywhere(ReleaseKill())

    async def _everywhere(self, command: EngageKill | ReleaseKill) -> list[str]:
        problems: list[str] = []
        for runner in tuple(self._runners.values()):
            if runner.failed:
                continue
            try:
                await runner.ask(command)
            except Exception as error:  # noqa: BLE001 - one session must not keep the switch from the others
                problems.append(f"{runner.settings.name}: {error}")
                self._on_error(error, runner.session_id)
        return problems

    # failures --------------------------------------------------------------------------------------------------
    def _failed(self, runner: SessionRunner, error: BaseException) -> None:
        self._on_error(error, runner.session_id)
        self._factory.silence(runner)
        policy = self._policies.setdefault(runner.session_id, self._policy())
        delay = policy.delay(self._clock.monotonic())
        if delay is None:
            runner.note = (
                f"Failed for good after {policy.restarts} restarts: {error}. Start it again once the cause is mended."
            )
            self._tasks.run(self._mark_failed(runner, str(error)), f"fail {runner.session_id}")
            return
        runner.note = f"Restarting in {delay:.0f} s after a failure: {error}"
        asyncio.get_running_loop().call_later(
            delay, lambda: self._tasks.run(self._reload(runner), f"restart {runner.session_id}")
        )

    async def _reload(self, old: SessionRunner) -> None:
        """Build the session anew from its last durable state."""
        if self._runners.get(old.session_id) is not old:
            return
        stored = await asyncio.to_thread(self._store.load, old.session_id)
        if stored is None or stored.ended:
            return
        runner = await self._factory.restored(stored, book=old.book)
        self._runners[old.session_id] = runner
        await self._recover(runner, "restarted after a failure", resume=True)

    async def _recover(self, runner: SessionRunner, reason: str, *, resume: bool) -> None:
        await runner.ask(Recover(reason), by="engine")
        await runner.ask(Recovered(resume), by="engine")
        self._factory.join(runner)

    async def _mark_failed(self, runner: SessionRunner, reason: str) -> None:
        """Store FAILED on top of the last durable state, so that a restart shows it too."""
        stored = await asyncio.to_thread(self._store.load, runner.session_id)
        if stored is None:
            return
        fresh = await self._factory.restored(stored, book=runner.book)
        await fresh.ask(Fail(reason), by="engine")
        fresh.failed, fresh.note = True, runner.note
        self._runners[runner.session_id] = fresh
        self._changes.changed(Table.SESSIONS, runner.session_id)

    async def recover_all(self, reason: str) -> None:
        """Take every running session through RECOVERING after a gap in time: old signals are discarded (fault 26)."""
        for runner in tuple(self._runners.values()):
            if not runner.failed and runner.unit.core.status in RUNS:
                await runner.ask(Recover(reason), by="engine")
                await runner.ask(Recovered(resume=True), by="engine")

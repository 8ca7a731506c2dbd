"""Every session of the program: created, started, paused, stopped, restored, restarted after a failure (S1-S5)."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.broker_errors import DamagedCredentials, KeyringFault
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
from desktop.domain.errors import NotFound, StorageFault, UserMistake
from desktop.domain.sessions import SESSION_MOVES, SessionState, StopChoice
from desktop.engine.commits import durable
from desktop.engine.departures import RUNS, refuse_to_delete, rows_of
from desktop.engine.locked_out import LockedOut
from desktop.engine.restarts import Restarts
from desktop.engine.views import Table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from desktop.domain.sessions import SessionSettings
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.runner import SessionRunner
    from desktop.engine.runner_factory import RunnerFactory
    from desktop.engine.tasks import TaskSet
    from desktop.ports import Clock, Store, StoredSession

KILL_REFUSAL = "The kill switch is engaged: nothing is started until you release it. Nothing was changed."
KILL_REASON = "kill switch"


class SessionManager:
    """Owns the runners; every call is made on the loop.

    Attributes:
        problems: A sentence for each stored session that could not be brought back.
    """

    def __init__(
        self,
        factory: RunnerFactory,
        store: Store,
        clock: Clock,
        changes: ChangeCollector,
        tasks: TaskSet,
        *,
        killed: Callable[[], bool],
        on_error: Callable[[BaseException, str], None],
        recovering: Callable[[], None] = lambda: None,
        readable: Callable[[], Awaitable[bool]] | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`killed` tells whether the kill switch is latched; `recovering` is called in the middle of a recovery.

        `readable` tells whether credentials can be read now; None: sessions that lack them wait for their user.
        """
        self._factory, self._store, self._changes = factory, store, changes
        self._killed, self._on_error, self._recovering = killed, on_error, recovering
        self._runners: dict[str, SessionRunner] = {}
        self._reloading: set[str] = set()
        self.problems: list[str] = []
        self._restarts = Restarts(
            clock,
            tasks,
            ready=lambda: store.health.ok,
            reload=self._reload,
            give_up=self._mark_failed,
            on_error=on_error,
        )
        factory.on_failure = self._restarts.failed
        self._locked_out = readable and LockedOut(
            readable, tasks, changes, bring_back=self._unlocked, pause=pause, on_error=on_error
        )

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

    # coming and going ------------------------------------------------------------------------------------------
    async def restore(self, *, resume: bool) -> None:
        """Bring back every stored session; those that ran go through RECOVERING and, where wanted, on running.

        One that cannot be brought back is shown FAILED with the reason and keeps none of the others away.
        """
        for session_id in await asyncio.to_thread(self._store.session_ids):
            stored = await asyncio.to_thread(self._store.load, session_id)
            if stored is None or stored.ended:
                continue
            try:
                await self._bring_back(stored, resume=resume)
            except Exception as error:  # noqa: BLE001 - one session must not keep the others away
                self._on_error(error, session_id)
                await self._show_absent(stored, error)
            self._changes.changed(Table.SESSIONS, session_id)
        self._changes.portfolio()

    async def _bring_back(self, stored: StoredSession, *, resume: bool) -> None:
        runner = await self._factory.restored(stored)
        self._runners[runner.session_id] = runner
        self._factory.accounts.attach(runner)
        core = runner.unit.core
        if core.status is SessionState.FAILED:
            runner.failed, runner.note = True, f"Failed: {core.state.note}"
            return
        await self.obey_kill(runner)  # before it hears a price
        self._factory.join(runner)
        if core.status in RUNS:
            await self._recover(runner, "Assay was started again", resume=resume and runner.live is None)

    async def _show_absent(self, stored: StoredSession, error: Exception) -> None:
        """Let a session that could not be brought back be seen as it was stored."""
        settings = stored.settings
        try:
            runner = await self._factory.restored(stored, absent=True)
        except Exception:  # noqa: BLE001 - the first error says it
            self.problems.append(f"The session {settings.name} could not be opened: {error} Its data is untouched.")
            return
        runner.failed = True
        runner.note = f"{error} The session is as it was stored. Mend the cause and start it again."
        self._runners[settings.session_id] = runner
        self._factory.accounts.attach(runner, absent=True)
        if isinstance(error, KeyringFault) and not isinstance(error, DamagedCredentials) and self._locked_out:
            self._locked_out.wait_for(runner, error)

    async def _unlocked(self, runner: SessionRunner) -> None:
        """Bring a session back whose credentials can be read again: a live one paused, as at each launch."""
        await self._reload(runner, resume=not (runner.settings.is_live or self._killed()), revive=False)

    async def create(self, settings: SessionSettings, session_id: str = "") -> SessionRunner:
        """Make a session durable in the state CREATED, under an id of its own: the given one or a new one.

        Raises:
            StorageFault: it cannot be stored now; nothing was created.
        """
        if not self._store.health.ok:
            raise StorageFault(self._store.health.sentence)
        settings = replace(settings, session_id=session_id or uuid.uuid4().hex)
        runner = await self._factory.created(settings)
        self._factory.accounts.attach(runner)
        try:
            future = runner.commit(settings=True)
            if future is not None:
                await durable(self._store, future)
        except BaseException:
            self._factory.replace(runner)
            self._factory.accounts.forget(runner)
            with suppress(StorageFault):
                self._store.end_session(settings.session_id)  # should it be stored after all, it is out of sight
            raise
        self._runners[settings.session_id] = runner
        self._factory.join(runner)
        self._changes.changed(Table.SESSIONS, settings.session_id)
        self._changes.portfolio()
        await runner.market.rig.start()
        await self.obey_kill(runner)
        return runner

    async def delete(self, session_id: str) -> None:
        """Take a session out of sight. Its audit trail stays.

        Raises:
            UserMistake: it still runs or holds something.
            StorageFault: that cannot be stored now; nothing was deleted.
        """
        refuse_to_delete(self.runner(session_id))
        await self.drop(session_id)

    async def drop(self, session_id: str) -> None:
        """End a session whatever it holds (demo reset)."""
        await durable(self._store, self._store.end_session(session_id))
        runner = self._runners.pop(session_id, None)
        if runner is None:
            return
        runner.failed = True
        self._factory.accounts.forget(runner)
        self._forget_plans(session_id)
        for table, key in rows_of(runner):
            self._changes.removed(table, key)
        self._changes.portfolio()
        await self._factory.leave(runner)

    # life ------------------------------------------------------------------------------------------------------
    async def start(self, session_id: str) -> None:
        """CREATED or STOPPED -> RUNNING; a FAILED session is built anew from what was stored.

        Raises:
            UserMistake: it cannot be started from where it is, or the kill switch is engaged.
        """
        self.refuse_when_killed()
        runner = self.runner(session_id)
        if runner.failed:
            self._restarts.forget(session_id)
            await self._reload(runner)
            self._forget_plans(session_id)
            runner = self.runner(session_id)
            if runner.failed or runner.unit.core.status in RUNS:
                return
            self.refuse_when_killed()
        await runner.ask(Start())

    async def pause(self, session_id: str, reason: str = "paused by the user") -> None:
        """RUNNING -> PAUSED."""
        await self.runner(session_id).ask(Pause(reason))

    async def resume(self, session_id: str) -> None:
        """PAUSED -> RUNNING."""
        self.refuse_when_killed()
        await self.runner(session_id).ask(Resume())

    async def stop(self, session_id: str, choice: StopChoice) -> None:
        """-> STOPPED. The session keeps hearing prices so that what it still holds is marked and can be closed."""
        await self.runner(session_id).ask(Stop(choice))

    def refuse_when_killed(self) -> None:
        """Raise UserMistake while the kill switch is engaged."""
        if self._killed():
            raise UserMistake(KILL_REFUSAL)

    async def obey_kill(self, runner: SessionRunner, *, release: bool = False) -> None:
        """Let a session that comes in have the switch as the program has it."""
        engaged = runner.unit.core.state.kill
        if self._killed() and not engaged:
            await runner.ask(EngageKill(flatten=False, reason=KILL_REASON), by="engine")
        elif release and engaged and not self._killed():
            await runner.ask(ReleaseKill(), by="engine")

    # failures --------------------------------------------------------------------------------------------------
    def close(self) -> None:
        """Restart nothing any more."""
        self._restarts.stop()
        if self._locked_out:
            self._locked_out.stop()

    def _forget_plans(self, session_id: str) -> None:
        """Call off what was to be tried with a session by itself."""
        self._restarts.forget(session_id)
        if self._locked_out:
            self._locked_out.forget(session_id)

    async def _reload(self, old: SessionRunner, *, resume: bool = True, revive: bool = True) -> None:
        """Build the session anew from its last durable state; `revive`: also one that was stored as FAILED."""
        session_id = old.session_id
        if session_id in self._reloading:
            return
        self._reloading.add(session_id)
        try:
            runner = await self._successor(old)
            if runner is None:
                return
            if not revive and runner.unit.core.status is SessionState.FAILED:
                runner.failed, runner.note = True, f"Failed: {runner.unit.core.state.note}"
                return
            await self.obey_kill(runner)  # before it hears a price
            self._factory.join(runner)
            await runner.market.rig.start()
            if runner.unit.core.status in RUNS | {SessionState.FAILED}:
                await self._recover(runner, "restarted after a failure", resume=resume)
            await self.obey_kill(runner, release=True)
            self._factory.accounts.keep_armed(runner)
        except Exception:
            current = self._runners.get(session_id)
            if current is None or current is old or not current.failed:  # else its own failure is dealt with already
                raise
        finally:
            self._reloading.discard(session_id)
            self._changes.changed(Table.SESSIONS, session_id)

    async def _successor(self, old: SessionRunner) -> SessionRunner | None:
        """Put a runner made of the last durable state in the place of `old`; None: that is no longer wanted."""
        session_id = old.session_id
        if self._runners.get(session_id) is not old:
            return None
        stored = await asyncio.to_thread(self._store.load, session_id)
        if stored is None or stored.ended:
            return None
        runner = await self._factory.restored(stored, book=old.book)
        if self._runners.get(session_id) is not old:
            self._factory.replace(runner)
            return None
        self._runners[session_id] = runner
        self._factory.replace(old)
        self._factory.accounts.attach(runner)
        return runner

    async def _recover(self, runner: SessionRunner, reason: str, *, resume: bool) -> None:
        if runner.live is not None:
            runner.live.resume = resume  # first: its account may be reconciled before the recovery is durable
        await runner.ask(Recover(reason), by="engine")
        self._recovering()
        if runner.live is not None:
            runner.live.recover(resume=resume)  # it goes on once its account is reconciled
            return
        await runner.ask(Recovered(resume), by="engine")

    async def _mark_failed(self, old: SessionRunner, reason: str) -> None:
        """Store FAILED on top of the last durable state, so that a restart of the program shows it too."""
        runner = await self._successor(old)
        if runner is None:
            return
        if SessionState.FAILED in SESSION_MOVES[runner.unit.core.status]:
            await runner.ask(Fail(reason), by="engine")
        runner.failed, runner.note = True, old.note
        self._changes.changed(Table.SESSIONS, runner.session_id)

"""Sessions that could not be brought back because the keyring was locked: they come back once it is not (fault 27)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.broker_errors import DamagedCredentials, KeyringFault
from desktop.engine.views import Table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.engine.changes import ChangeCollector
    from desktop.engine.runner import SessionRunner
    from desktop.engine.tasks import TaskSet

EVERY = 10.0  # seconds between two looks
NOTE = (
    "Its credentials cannot be read. {why} Nothing is sent; what rests at the broker goes on working there. Log in to "
    "the desktop or open Live > Broker accounts to unlock the keyring: then it comes back by itself, paused."
)


class LockedOut:
    """Waits until the keyring can be read, without asking the user for it, and brings the sessions back then."""

    def __init__(
        self,
        readable: Callable[[], Awaitable[bool]],
        tasks: TaskSet,
        changes: ChangeCollector,
        *,
        bring_back: Callable[[SessionRunner], Awaitable[None]],
        pause: Callable[[float], Awaitable[None]],
        on_error: Callable[[BaseException, str], None],
    ) -> None:
        """`readable` tells whether credentials can be read now; `bring_back` raises KeyringFault where they cannot."""
        self._readable, self._bring_back, self._pause = readable, bring_back, pause
        self._tasks, self._changes, self._on_error = tasks, changes, on_error
        self._waiting: dict[str, SessionRunner] = {}
        self._looking = False
        self._ended = False

    def wait_for(self, runner: SessionRunner, why: KeyringFault) -> None:
        """Bring a session back once the keyring can be read; until then it is shown as it was stored."""
        runner.note = NOTE.format(why=why)
        self._waiting[runner.session_id] = runner
        self._changes.changed(Table.SESSIONS, runner.session_id)
        if not self._looking:
            self._looking = True
            self._tasks.run(self._look(), "wait for the keyring")

    def forget(self, session_id: str) -> None:
        """Call it off: the session is gone, or was started by hand."""
        self._waiting.pop(session_id, None)

    def stop(self) -> None:
        """Look no more."""
        self._ended = True

    async def _look(self) -> None:
        try:
            while self._waiting and not self._ended:
                await self._pause(EVERY)
                if await self._readable():
                    await self._try_all()
        finally:
            self._looking = False

    async def _try_all(self) -> None:
        for session_id, runner in tuple(self._waiting.items()):
            if self._ended or self._waiting.get(session_id) is not runner:
                continue
            try:
                await self._bring_back(runner)
            except KeyringFault as error:
                if not isinstance(error, DamagedCredentials):
                    return  # locked again: the next look
                runner.note = f"{error} The session is as it was stored. Mend the cause and start it again."
            except Exception as error:  # noqa: BLE001 - another reason than the keyring, which its user mends
                self._on_error(error, session_id)
                runner.note = f"{error} The session is as it was stored. Mend the cause and start it again."
            self._waiting.pop(session_id, None)
            self._changes.changed(Table.SESSIONS, session_id)

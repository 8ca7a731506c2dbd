"""When an account is compared with its broker: at each connection, every minute, on demand, where something lacks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent
from desktop.engine.live.waiting import Rest, backoff

if TYPE_CHECKING:
    from desktop.engine.live.link import AccountLink

EVERY = 60.0  # seconds between two comparisons


class Comparing:
    """Runs the reconciler of one account: one pass at a time, at a measured pace, again after a failure."""

    def __init__(self, link: AccountLink) -> None:
        self._link = link
        self._rest = Rest(link.pause)
        self._connection = 0  # number of the connection: a pass that began on another one proves nothing
        self._wanted = self._at_once = self._running = False
        self._passes: list[asyncio.Future[None]] = []  # who waits for a pass that has not begun

    def begin_anew(self) -> None:
        """Take that the connection has changed."""
        self._connection += 1

    def soon(self, *, missing: bool = False) -> None:
        """Compare as soon as the broker can be reached; `missing`: after a growing wait, for it may be on its way."""
        self._wanted = True
        if not missing:
            self._at_once = True
            self._rest.end()
        link = self._link
        if not self._running and link.is_up and not link.stopped:
            self._running = True
            link.tasks.run(self._run(), f"reconcile {link.ref.key}")

    async def now(self) -> None:
        """Compare now; returns once a pass that began after the call is done.

        Raises:
            BrokerFault: the broker cannot be reached, or a read failed.
        """
        link = self._link
        if not link.is_up:
            raise NotSent(f"{link.ref.key} is not connected: {link.detail or link.state.value}.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._passes.append(done)
        self.soon()
        await done

    async def keep_on(self) -> None:
        """Compare every minute until Assay ends."""
        while not self._link.stopped:
            await self._link.pause(EVERY)
            self._link.lift_halts()
            self.soon()

    async def _run(self) -> None:
        link, failures, passes = self._link, 0, 0
        try:
            while self._wanted and link.is_up and not link.stopped:
                passes += 1
                if passes > 1 and not failures and not self._at_once:
                    await self._rest.wait(backoff(passes - 1))
                if await self._pass():
                    failures = 0
                elif link.is_up:
                    failures += 1
                    self._wanted = True
                    await self._rest.wait(backoff(failures))
        finally:
            self._running = False
            _end(self._passes, NotSent(f"{link.ref.key} is not connected."))

    async def _pass(self) -> bool:
        """Compare once; return whether it could be done."""
        link = self._link
        self._wanted = self._at_once = False
        connection, clients = self._connection, link.clients
        waiting, self._passes = self._passes, []
        try:
            await link.reconciler.run()
        except CredentialsRefused as error:
            _end(waiting, error)
            if not await link.still_accepted():
                link.credentials_refused(str(error))
            return False
        except Exception as error:  # noqa: BLE001 - an adapter's mistake must not end the comparing
            _end(waiting, error)
            if not isinstance(error, BrokerFault):
                link.on_error(error, f"reconciling {link.ref.key}")
            link.say(f"it could not be reconciled: {error}")
            return False
        if connection == self._connection:
            link.reconciled(clients)
        _end(waiting, None)
        return True


def _end(waiting: list[asyncio.Future[None]], error: BaseException | None) -> None:
    """Answer those who wait for a pass."""
    for done in waiting:
        if not done.done():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
    waiting.clear()

"""The account's money after its sessions traded: read again soon, and not with every execution of a rush."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.broker_errors import BrokerFault

if TYPE_CHECKING:
    from desktop.engine.live.link import AccountLink

SOON, APART = 1.0, 5.0  # seconds from an execution to the reading, and from that to the next: 10 a minute at most


class Money:
    """Reads an account after executions; what fails is left to the comparison of every minute."""

    def __init__(self, link: AccountLink) -> None:
        self._link = link
        self._moved = self._running = False

    def moved(self) -> None:
        """Take that something was executed."""
        self._moved = True
        if not self._running and not self._link.stopped:
            self._running = True
            self._link.tasks.run(self._run(), f"money of {self._link.ref.key}")

    async def _run(self) -> None:
        try:
            while self._moved and not self._link.stopped:
                await self._link.pause(SOON)
                self._moved = False
                if self._link.is_up:
                    await self._read()
                await self._link.pause(APART)
        finally:
            self._running = False

    async def _read(self) -> None:
        link = self._link
        then = link.room.about_to_read()
        try:
            info = await link.broker.account()
        except BrokerFault:
            return
        link.take_money(info, then)

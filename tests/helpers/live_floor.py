"""A desk whose sessions trade on an account at a scripted broker; time stands still until a test moves it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop.domain.accounts import ARM_WORD
from desktop.domain.orders import Order
from desktop.engine.drafts import settings_of
from desktop.engine.live.link import AccountLink
from desktop.engine.views import AccountView
from desktop.ports import Store
from tests.helpers.cut import Cut, CutBroker, CutStore, Dropped
from tests.helpers.fake_clock import FakeClock
from tests.helpers.memory_store import MemoryStore
from tests.helpers.scripted_broker import REF, D, ScriptedBroker, Venue, scripted
from tests.helpers.trading_floor import Floor, draft


class FakePause:
    """Waits until the fake clock has moved on."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._moved = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        await asyncio.sleep(0)
        while self._clock.monotonic() < until:
            await self._moved.wait()

    def wake(self) -> None:
        """Let those look whose time may have come."""
        self._moved.set()
        self._moved = asyncio.Event()


class LiveFloor(Floor):
    """A floor with one broker; `again` drops the shell as it is and builds a new one on the same store and venue."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        venue: Venue | None = None,
        clock: FakeClock | None = None,
        kill_path: Path | None = None,
        cut: Cut | None = None,
        broker: Any = None,
        late: int = 0,
        readable: Any = None,
        **feed: Any,
    ) -> None:
        clock = clock or FakeClock()
        self.pause = FakePause(clock)
        self.broker: Any = broker or ScriptedBroker(clock, venue)
        self.kept: Any = MemoryStore() if store is None else store  # outlives the program
        self.cut = cut or Cut()
        self.cut_broker = CutBroker(self.broker, self.cut)
        options = {
            "open_broker": scripted(self.cut_broker),
            "pause": self.pause,
            "reach": self.cut.reach,
            "recovering": lambda: self.cut.reach("during-recovery"),
            "readable": readable,
        }
        super().__init__(
            CutStore(self.kept, self.cut, late=late), clock=clock, kill_path=kill_path, options=options, **feed
        )
        self._feed_options = feed
        self._kill_path = kill_path
        self.venue: Any = getattr(self.broker, "venue", None)
        if self.venue is not None:
            self.venue.prices.setdefault("SPY", D(99))

    async def settle(self) -> None:
        for _ in range(4):
            self.pause.wake()
            await super().settle()

    @property
    def link(self) -> AccountLink:
        return self.desk._accounts.opened(REF.key)

    @property
    def account(self) -> AccountView:
        (view,) = self.desk.accounts()
        return view

    async def live(self, *, arm: bool = True, start: bool = True, **changes: Any) -> str:
        """Return a live session that is connected, reconciled and, unless told otherwise, armed and running."""
        rig = self.rig
        wanted = draft(broker=REF.broker_id, account=REF.account, **changes)
        settings = settings_of(wanted, {item.symbol: item for item in rig.feed.instruments()}, rig.feed.origin)
        session_id = (await self.desk._manager.create(settings)).session_id  # its prerequisites are tested elsewhere
        await self.settle()
        if arm:
            await self.desk.arm(session_id, ARM_WORD)
        if start:
            await self.desk.start_session(session_id)
        await self.settle()
        return session_id

    async def live_holding(self, price: float = 99.0, **changes: Any) -> str:
        """Return a live session that bought 10 SPY by its rule."""
        session_id = await self.live(**changes)
        await self.bar(price)
        assert self.held(session_id) == 10
        return session_id

    def order(self, session_id: str, ordinal: int = -1) -> Order:
        return self.orders(session_id)[ordinal]

    async def close(self) -> None:
        if not self.cut.dead:
            await super().close()

    async def until_cut(self, price: float = 99.0) -> None:
        """Let a bar close; the program ends on its way."""
        with suppress(Dropped):
            await self.bar(price)
        with suppress(Dropped):
            await self.settle()
        assert self.cut.dead, f"{self.cut.at} was not reached: {self.cut.passed}"

    async def again(self, *, arm: bool = True) -> LiveFloor:
        """Drop the program as kill -9 does and start it anew."""
        self.cut.now()
        with suppress(Dropped):
            await self.crash()
        fresh = LiveFloor(
            self.kept, venue=self.venue, clock=self.clock, kill_path=self._kill_path, **self._feed_options
        )
        await fresh.open()
        await fresh.settle()
        if arm:
            for row in fresh.desk.sessions():
                if row.settings.broker == REF.broker_id:
                    await fresh.desk.arm(row.session_id, ARM_WORD)
        return fresh

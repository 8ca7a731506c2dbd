"""A whole desk on a scripted feed, a fake clock and a store of the test's choice, driven step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.domain.events import Fact
from desktop.domain.orders import Order
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.strategies import Sizing, SizingKind, Strategy
from desktop.engine.api import SessionDraft
from desktop.engine.demo import DemoMarket
from desktop.engine.desk import EngineDesk
from desktop.engine.feed_rig import FeedRig
from desktop.engine.runner import SessionRunner
from desktop.engine.views import Changes
from desktop.ports import Store
from tests.helpers.fake_clock import FakeClock
from tests.helpers.memory_store import MemoryStore
from tests.helpers.scripted_feed import Feeds, ScriptedFeed

D = Decimal
ENTRY, EXIT = "close < 100", "close > 110"


def strategy(**changes: Any) -> Strategy:
    """Buys 10 when a bar of a minute closes under 100, sells when one closes over 110."""
    values: dict[str, Any] = {
        "name": "Dip",
        "timeframe": "1m",
        "entry": ENTRY,
        "exit": EXIT,
        "sizing": Sizing(SizingKind.FIXED_QUANTITY, D(10)),
    }
    return Strategy(**{**values, **changes})


def draft(**changes: Any) -> SessionDraft:
    """An automatic session on SPY in the ideal model without limits."""
    values: dict[str, Any] = {
        "name": "Dips",
        "strategy": strategy(),
        "symbols": ("SPY",),
        "cash": D(100_000),
        "mode": ExecutionMode.AUTO,
        "limits": RiskLimits(),
        "hours": "always",
        "fills": FillSettings.of(FillModelKind.IDEAL),
    }
    return SessionDraft(**{**values, **changes})


class Floor:
    """A desk and everything under it. `open` begins, `close` ends as the program does, `crash` as kill -9 does."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        clock: FakeClock | None = None,
        kill_path: Path | None = None,
        resume: bool = True,
        options: Mapping[str, Any] | None = None,
        **feed: Any,
    ) -> None:
        self.store: Any = MemoryStore() if store is None else store
        self.clock = clock or FakeClock()
        self.feeds = Feeds(self.clock, **feed)
        self.errors: list[tuple[BaseException, str]] = []
        self.facts: list[Fact] = []
        self.changes: list[Changes] = []
        self.desk = EngineDesk(
            store=self.store,
            clock=self.clock,
            open_feed=self.feeds,
            kill_path=kill_path,
            demo=DemoMarket(("SPY",), "SPY"),
            on_error=lambda error, where: self.errors.append((error, where)),
            resume=resume,
            **(options or {}),
        )
        self.desk.on_fact(self.facts.append)
        self.desk.follow(self.changes.append)

    async def open(self) -> Floor:
        await self.desk.open(demo=False)
        return self

    async def close(self) -> None:
        await self.desk.close()

    async def crash(self) -> None:
        """End without storing anything more."""
        self.desk._open = False
        if self.desk._beat is not None:
            self.desk._beat.cancel()
        self.desk._manager.close()
        await self.desk._tasks.stop()
        await self.desk._shelf.stop()

    # driving ---------------------------------------------------------------------------------------------------
    @property
    def rig(self) -> FeedRig:
        return self.desk._shelf.found("simulator")

    @property
    def feed(self) -> ScriptedFeed:
        return self.feeds.opened["simulator"]

    async def settle(self) -> None:
        """Let everything happen that follows from what was said, up to the disk and back."""
        for _ in range(3):
            if not isinstance(self.store, MemoryStore):
                await asyncio.to_thread(self.store.flush)
            for _ in range(6):
                await asyncio.sleep(0)

    async def quote(self, bid: float, ask: float | None = None, *, symbol: str = "SPY", after: float = 1.0) -> None:
        """Let time pass and a quote come."""
        self.clock.move(after)
        self.feed.quote(symbol, bid, ask)
        await self.settle()

    async def tick(self, seconds: float = 1.0) -> None:
        """Let time pass without a price."""
        self.clock.move(seconds)
        self.rig._tick()
        await self.settle()

    async def bar(self, price: float, *, symbol: str = "SPY") -> None:
        """Let a bar of a minute close at a price; then it is one second past the minute."""
        await self.quote(price, symbol=symbol, after=10.0)
        self.clock.at += 60_000_000 - self.clock.at % 60_000_000
        self.rig._tick()
        await self.settle()

    async def beat(self) -> None:
        """Let the heart beat once, with the slow part."""
        self.desk._next_slow = 0.0
        if self.desk._beat is not None:
            self.desk._beat.cancel()
        self.desk._due = asyncio.get_running_loop().time()
        self.desk._heart_beat()
        await self.settle()

    # sessions --------------------------------------------------------------------------------------------------
    async def session(self, *, start: bool = True, **changes: Any) -> str:
        return await self.desk.create_session(draft(**changes), start=start)

    def runner(self, session_id: str) -> SessionRunner:
        return self.desk._manager.runner(session_id)

    async def holding(self, price: float = 99.0, **changes: Any) -> str:
        """Return a session that bought 10 SPY at a price by its rule."""
        session_id = await self.session(**changes)
        await self.bar(price)
        await self.quote(price)
        assert self.held(session_id) == 10
        return session_id

    async def pending(self, price: float = 99.0, **changes: Any) -> tuple[str, str]:
        """Return a manual session and its signal that waits for the user."""
        session_id = await self.session(mode=ExecutionMode.MANUAL, **changes)
        await self.bar(price)
        (card,) = self.desk.signals()
        return session_id, card.signal.signal_id

    def held(self, session_id: str, symbol: str = "SPY") -> Decimal:
        row = self.desk.row("positions", f"{session_id}/{symbol}")
        return D(0) if row is None else row.position.quantity

    def cash(self, session_id: str) -> Decimal:
        row = self.desk.session(session_id)
        assert row is not None
        return row.cash

    def state(self, session_id: str) -> str:
        row = self.desk.session(session_id)
        assert row is not None
        return row.state.value

    def note(self, session_id: str) -> str:
        row = self.desk.session(session_id)
        assert row is not None
        return row.note

    def orders(self, session_id: str) -> list[Order]:
        return [row.order for row in self.desk.orders() if row.session.session_id == session_id]

    def told(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

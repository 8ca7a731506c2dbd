"""A live session on the stand-in of Alpaca, over real sockets: engine, journal and venue agree whatever is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.broker import LinkState
from desktop.domain.commands import PlaceOrder
from desktop.domain.events import OrderChanged
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.sessions import SessionState
from tests.brokers.alpaca.floor import PATIENCE, Waits
from tests.helpers.fake_clock import FakeClock
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.standins.alpaca import AlpacaStandin


class AlpacaFloor(LiveFloor):
    """A live floor whose broker is on the other side of a socket."""

    async def until(self, condition: Callable[[], object], *, every: float = 0.0) -> None:
        """Let the loop turn until `condition()` holds; `every`: seconds that pass on the clock with each turn."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                if every:
                    self.clock.move(every)
                await self.settle()

    async def running(self, **changes: Any) -> str:
        session_id = await self.live(arm=False, start=False, **changes)
        await self.until(lambda: self.link.ready)
        await self.desk.arm(session_id, "LIVE")
        await self.desk.start_session(session_id)
        await self.until(lambda: self.runner(session_id).unit.core.status is SessionState.RUNNING)
        return session_id


@asynccontextmanager
async def floor_at_alpaca() -> AsyncIterator[tuple[AlpacaFloor, AlpacaStandin]]:
    clock = FakeClock()
    async with AlpacaStandin(clock=clock) as standin:
        standin.price("SPY", "98.99", "99.00")
        broker = AlpacaBroker(
            REF, key_id=standin.key_id, secret=standin.secret, live=False, clock=clock, url=standin.url, pause=Waits()
        )
        floor = AlpacaFloor(clock=clock, broker=broker)
        await floor.open()
        try:
            yield floor, standin
        finally:
            await floor.close()
        standin.ledger.check_no_duplicates()
        assert not floor.errors


async def test_a_rule_buys_at_alpaca_and_the_journal_holds_what_the_venue_does() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await floor.running()
        await floor.bar(99.0)
        await floor.until(lambda: floor.held(session_id) == 10)
        assert floor.order(session_id).status is OrderStatus.FILLED
        assert floor.order(session_id).average_price == Decimal("99.00")
        assert floor.cash(session_id) == standin.ledger.cash
        assert standin.ledger.position("SPY") == 10


async def test_fault_10_an_order_whose_answer_is_lost_is_found_and_booked_once() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await floor.running()
        standin.faults.add("submit", "lose-answer")
        standin.faults.add("stream", "lose", 2)
        await floor.bar(99.0)
        await floor.until(lambda: floor.held(session_id) == 10, every=1.0)
        assert OrderStatus.UNKNOWN in [fact.order.status for fact in floor.told(OrderChanged)]
        assert len(standin.ledger.posts) == 1


async def test_fault_12_a_fill_while_the_stream_was_away_is_booked_when_it_is_back() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await floor.running()
        standin.halt("SPY")
        await floor.bar(99.0)
        await floor.until(lambda: floor.order(session_id).status is OrderStatus.NEW)
        standin.drop_sockets()
        standin.resume("SPY")
        await floor.until(lambda: floor.held(session_id) == 10)
        assert floor.link.state is LinkState.CONNECTED


async def test_fault_19_revoked_credentials_pause_the_session_with_the_reason() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await floor.running()
        standin.revoke()
        await floor.until(lambda: floor.link.refused)
        await floor.until(lambda: floor.runner(session_id).unit.core.status is SessionState.PAUSED)
        assert "does not accept the credentials" in floor.link.detail


async def test_a_changed_order_stays_one_order_and_the_kill_switch_cancels_it() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await floor.running()
        await floor.quote(105.0)
        wanted = PlaceOrder("SPY", Side.BUY, Decimal(10), OrderKind.LIMIT, limit_price=Decimal("95.00"))
        await floor.desk.place_order(session_id, wanted)
        await floor.until(lambda: floor.order(session_id).status is OrderStatus.NEW)
        order_id = floor.order(session_id).order_id
        await floor.desk.replace_order(session_id, order_id, limit_price=Decimal("95.50"))
        await floor.until(lambda: floor.order(session_id).limit_price == Decimal("95.50"))
        assert floor.order(session_id).status is OrderStatus.NEW
        assert len(floor.orders(session_id)) == 1
        await floor.desk.engage_kill()
        await floor.until(lambda: floor.order(session_id).status is OrderStatus.CANCELED)
        assert not [one for one in standin.ledger.working() if one.working]

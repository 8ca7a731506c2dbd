"""What every adapter of a broker does, whatever its wire: one suite, run against each adapter's own stand-in.

A test file derives from it and says how adapter and stand-in are built; nothing else is known of either::

    class TestAlpaca(BrokerConformance):
        @pytest.fixture
        async def rig(self) -> AsyncIterator[Rig]:
            clock = FakeClock()
            async with AlpacaStandin(clock=clock, contract=not openapi.missing()) as standin:
                broker = AlpacaBroker(ref, key_id=standin.key_id, ..., clock=clock, url=standin.url, pause=at_once)
                yield Rig(standin, broker, clock)

The adapter is not started by the fixture. Its pauses (backoff) must be injected, so that no test waits; stand-in and
adapter share one `FakeClock`. Only `Broker` and `BrokerListener` of desktop/ports/brokers.py are called.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import CredentialsRefused
from desktop.domain.orders import SINGLE_KINDS, OrderKind, OrderStatus, Side
from tests.brokers.conformance_life import OrderLife
from tests.brokers.conformance_sending import Sending
from tests.brokers.conformance_world import World
from tests.brokers.rig import PATIENCE, Heard, Rig, before_the_test, within


class BrokerConformance(Sending, OrderLife, World):
    """The suite. `rig` is given by the class that derives from it."""

    @pytest.fixture
    async def live(self, rig: Rig) -> AsyncIterator[Rig]:
        """An adapter that is connected and listens."""
        async with rig.running():
            yield rig

    # --- Connecting ---------------------------------------------------------------------------------------------------

    async def test_starting_returns_the_account_in_decimals_and_tells_the_link(self, live: Rig) -> None:
        account = await live.broker.account()
        assert account.ref == live.broker.ref
        assert isinstance(account.cash, Decimal)
        assert account.cash == live.standin.ledger.cash
        assert isinstance(account.buying_power, Decimal)
        assert isinstance(account.equity, Decimal)
        assert account.blocked == ""
        assert live.heard.links_told()[-1] is LinkState.CONNECTED

    async def test_wrong_credentials_refuse_the_start(self, rig: Rig) -> None:
        rig.standin.revoke()
        await rig.refused(rig.broker.start(rig.heard), CredentialsRefused)
        await within(rig.broker.stop())
        assert LinkState.CONNECTED not in rig.heard.links_told()

    async def test_stopping_leaves_no_task_and_no_socket(self, rig: Rig) -> None:
        rig.open_market()
        before = asyncio.all_tasks()
        await within(rig.broker.start(rig.heard))
        await within(rig.standin.connected())
        await rig.resting()
        await within(rig.broker.stop())
        await within(rig.standin.until(lambda: not rig.standin.channels))
        await asyncio.sleep(0)
        own = {task for task in asyncio.all_tasks() - before if "standins" not in _where(task)}
        assert not [task for task in own if "aiohttp/web" not in _where(task)]

    async def test_stopping_leaves_the_orders_at_the_broker(self, rig: Rig) -> None:
        rig.open_market()
        await within(rig.broker.start(rig.heard))
        order = await rig.resting()
        await within(rig.broker.stop())
        assert rig.at_venue(order)[0].working

    # --- Placing ------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("side", list(Side))
    @pytest.mark.parametrize("kind", SINGLE_KINDS)
    async def test_an_order_of_each_kind_rests_and_fills_where_it_should(
        self, live: Rig, kind: OrderKind, side: Side
    ) -> None:
        if kind not in live.broker.abilities.kinds:
            pytest.skip(f"the broker has no {kind} orders")
        if side is Side.SELL:
            await live.bought()
        order = live.order(side, kind)
        answer = await within(live.broker.submit(order))
        assert answer.order_id == order.order_id
        assert answer.broker_order_id == live.at_venue(order)[0].order_id
        assert (answer.symbol, answer.side, answer.kind, answer.quantity) == (live.symbol, side, kind, order.quantity)
        assert (answer.limit_price, answer.stop_price) == (order.limit_price, order.stop_price)
        if kind is not OrderKind.MARKET:
            assert not live.standin.ledger.of_order(answer.broker_order_id)
            live.cross(order)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        assert live.heard.filled(order.order_id) == order.quantity
        booked = [(one.price, one.quantity) for one in live.standin.ledger.of_order(answer.broker_order_id)]
        assert [(fill.price, fill.quantity) for fill in live.heard.fills(order.order_id)] == booked
        assert live.posts(order) == ["taken"]

    async def test_the_time_in_force_reaches_the_broker(self, live: Rig) -> None:
        for wanted in live.broker.abilities.times_in_force:
            order = await live.resting(time_in_force=wanted)
            assert live.at_venue(order)[0].time_in_force == wanted.value.lower()

    async def test_a_quantity_and_a_price_reach_the_broker_to_the_last_digit(self, live: Rig) -> None:
        order = await live.resting(limit_price=Decimal("95.10"), quantity=Decimal(3))
        there = live.at_venue(order)[0]
        assert (there.limit_price, there.quantity) == (Decimal("95.10"), Decimal(3))

    async def test_many_orders_at_once_arrive_once_each(self, live: Rig) -> None:
        orders = [live.order(kind=OrderKind.LIMIT, quantity=Decimal(1)) for _ in range(20)]
        await within(asyncio.gather(*(live.broker.submit(order) for order in orders)))
        assert [len(live.at_venue(order)) for order in orders] == [1] * 20
        assert [live.posts(order) for order in orders] == [["taken"]] * 20

    async def test_a_resting_order_is_open_and_a_done_one_is_not(self, live: Rig) -> None:
        done, open_ = await live.bought(), await live.resting()
        found = {one.order_id: one for one in await within(live.broker.open_orders())}
        assert found.keys() == {open_.order_id}
        assert found[open_.order_id].status is OrderStatus.NEW
        assert {done.order_id, open_.order_id} <= {
            one.order_id for one in await live.broker.recent_orders(before_the_test(live))
        }

    async def test_an_order_is_found_by_its_client_id(self, live: Rig) -> None:
        order = await live.bought()
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert found is not None
        assert (found.order_id, found.status, found.filled) == (order.order_id, OrderStatus.FILLED, live.quantity)
        assert found.average_price == live.standin.order(order.order_id).average_price
        assert await within(live.broker.order("never-placed", live.symbol)) is None

    async def test_the_end_of_the_day_expires_an_order(self, live: Rig) -> None:
        order = await live.resting()
        live.standin.expire(order.order_id)
        await live.heard.ended(order.order_id, OrderStatus.EXPIRED)

    async def test_fault_24_an_order_for_a_halted_symbol_waits_for_the_resumption(self, live: Rig) -> None:
        live.standin.halt(live.symbol)
        order = live.order()
        await within(live.broker.submit(order))
        live.open_market()
        await live.standin.settled()
        assert not live.heard.fills(order.order_id)
        live.standin.resume(live.symbol)
        await live.heard.ended(order.order_id, OrderStatus.FILLED)


def _where(task: asyncio.Task[object]) -> str:
    """Return the file that a task's coroutine was written in."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code.co_filename.replace("\\", "/") if code is not None else ""


__all__ = ("PATIENCE", "BrokerConformance", "Heard", "Rig", "within")

"""How the suite of `conformance.py` holds an adapter: orders to place, a listener, the venue's books."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

import pytest

from desktop.domain.broker import BrokerOrder, LinkState
from desktop.domain.broker_errors import BrokerFault, OrderRefused
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.ports.brokers import Broker
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.base import Standin, StandinOrder

T = TypeVar("T")
PATIENCE = 10.0  # seconds until a test that waits for what never comes fails; none waits this long otherwise


async def within(awaitable: Awaitable[T]) -> T:
    """Await something that must come."""
    async with asyncio.timeout(PATIENCE):
        return await awaitable


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.reports: list[OrderReport] = []
        self.orders: list[BrokerOrder] = []
        self.links: list[tuple[LinkState, str]] = []
        self._more = asyncio.Event()

    def on_report(self, report: OrderReport) -> None:
        self.reports.append(report)
        self._more.set()

    def on_order(self, order: BrokerOrder) -> None:
        self.orders.append(order)
        self._more.set()

    def on_link(self, state: LinkState, detail: str) -> None:
        self.links.append((state, detail))
        self._more.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until `condition()` holds; it is looked at after everything heard."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._more.clear()
                await self._more.wait()

    def statuses(self, order_id: str) -> list[OrderStatus]:
        return [one.status for one in self.reports if one.order_id == order_id]

    def fills(self, order_id: str) -> list[Fill]:
        """Return the executions reported, each once, in the order heard."""
        found = {one.fill.execution_id: one.fill for one in self.reports if one.order_id == order_id and one.fill}
        return list(found.values())

    def filled(self, order_id: str) -> Decimal:
        return sum((fill.quantity for fill in self.fills(order_id)), Decimal(0))

    def links_told(self) -> list[LinkState]:
        return [state for state, _ in self.links]

    async def connected(self, times: int) -> None:
        """Wait until the link was told to be connected this often."""
        await self.until(lambda: self.links_told().count(LinkState.CONNECTED) >= times)

    async def ended(self, order_id: str, status: OrderStatus) -> None:
        await self.until(lambda: status in self.statuses(order_id))


@dataclass
class Rig:
    """An adapter that is not started yet, its stand-in, and what is traded there."""

    standin: Standin
    broker: Broker
    clock: FakeClock
    symbol: str = "SPY"
    unknown_symbol: str = "NOSUCH"
    bid: str = "100.00"
    ask: str = "100.02"
    below: str = "95.00"  # where a purchase rests; a multiple of the tick
    lower: str = "90.00"
    above: str = "105.00"
    higher: str = "110.00"
    quantity: Decimal = Decimal(10)
    part: Decimal = Decimal(4)
    too_much: Decimal = Decimal(100_000)
    heard: Heard = field(default_factory=Heard)
    limit: int = 0  # requests a minute that the adapter keeps to; 0: it does not count them
    resends: bool = False  # the test places an order twice on purpose
    _ids: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the adapter, wait until it listens, and look at the venue's books when it has stopped."""
        self.open_market()
        await within(self.broker.start(self.heard))
        await within(self.standin.connected())
        try:
            yield
        finally:
            await within(self.broker.stop())
        if not self.resends:
            self.standin.ledger.check_no_duplicates()

    def open_market(self) -> None:
        self.standin.price(self.symbol, self.bid, self.ask)

    def order(self, side: Side = Side.BUY, kind: OrderKind = OrderKind.MARKET, **changes: object) -> Order:
        """Return an order to place; a limit or a stop gets the price at which it rests."""
        self._ids += 1
        buying = side is Side.BUY
        values: dict[str, object] = {
            "order_id": f"conf-{self._ids:04d}",
            "session_id": "session",
            "account": self.broker.ref.key,
            "symbol": self.symbol,
            "side": side,
            "kind": kind,
            "purpose": Purpose.ENTRY if buying else Purpose.RULE_EXIT,
            "quantity": self.quantity,
            "ordinal": self._ids,
            "created_at": self.clock.now(),
            "time_in_force": self.time_in_force,
        }
        if kind is OrderKind.LIMIT:
            values["limit_price"] = Decimal(self.below if buying else self.above)
        if kind in {OrderKind.STOP, OrderKind.STOP_LIMIT}:
            values["stop_price"] = Decimal(self.above if buying else self.below)
        if kind is OrderKind.STOP_LIMIT:
            values["limit_price"] = Decimal(self.higher if buying else self.lower)
        return Order(**{**values, **changes})  # type: ignore[arg-type]  # the fields are those of the class

    @property
    def time_in_force(self) -> TimeInForce:
        times = self.broker.abilities.times_in_force
        return TimeInForce.DAY if TimeInForce.DAY in times else TimeInForce.GTC

    def cross(self, order: Order) -> None:
        """Move the market to where a resting order trades."""
        level = order.limit_price if order.kind is OrderKind.LIMIT else order.stop_price
        self.standin.price(self.symbol, str(level), str(level))

    async def resting(self, side: Side = Side.BUY, **changes: object) -> Order:
        """Return a limit order that rests at the broker, and is known to rest there."""
        order = self.order(side, OrderKind.LIMIT, **changes)
        await self.broker.submit(order)
        await self.heard.until(lambda: self.heard.statuses(order.order_id))
        return order

    async def bought(self) -> Order:
        """Return an order that has filled: the account holds `quantity`."""
        order = self.order()
        await self.broker.submit(order)
        await self.heard.until(lambda: self.heard.filled(order.order_id) == self.quantity)
        return order

    def at_venue(self, order: Order) -> list[StandinOrder]:
        """Return what the venue's books have under the order's id."""
        return self.standin.ledger.by_client(order.order_id)

    def posts(self, order: Order) -> list[str]:
        """Return what became of each request to place the order that reached the venue."""
        return [post.outcome for post in self.standin.ledger.posts if post.client_id == order.order_id]

    async def refused(self, doing: Awaitable[object], kind: type[BrokerFault] = OrderRefused) -> BrokerFault:
        with pytest.raises(kind) as caught:
            await within(doing)
        return caught.value


def before_the_test(rig: Rig) -> int:
    """Return a time before everything a test did, µs UTC."""
    return rig.clock.now() - 60_000_000

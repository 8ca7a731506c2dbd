"""A broker in memory that fills, loses and lies as a test tells it to, with a ledger of everything that reached it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from desktop.domain.broker import (
    AccountInfo,
    AccountRef,
    BrokerAbilities,
    BrokerClock,
    BrokerOrder,
    BrokerPosition,
    LinkState,
    Pair,
)
from desktop.domain.broker_errors import CredentialsRefused, NotSent, OrderRefused, OutcomeUnknown
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderKind, OrderStatus, Side, TimeInForce
from desktop.ports import Clock
from desktop.ports.brokers import BrokerListener

D = Decimal
S = OrderStatus
REF = AccountRef("scripted", "main")
FUNDS = Decimal(100_000)


@dataclass
class Venue:
    """What is at the broker, whoever is connected: it outlives every crash of the program."""

    orders: dict[str, BrokerOrder] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    posts: Counter[str] = field(default_factory=Counter)  # every request to place an order that arrived, by client id
    prices: dict[str, Decimal] = field(default_factory=dict)
    cash: Decimal = FUNDS
    elsewhere: dict[str, Decimal] = field(default_factory=dict)  # holdings that Assay knows nothing of
    day_start: Decimal | None = FUNDS
    buying_power: Decimal | None = None
    blind: bool = False  # reads lag: they show no order and no execution yet

    def check_no_duplicates(self) -> None:
        """Raise AssertionError where an order was placed more than once."""
        twice = {order_id: count for order_id, count in self.posts.items() if count > 1}
        assert not twice, f"sent twice: {twice}"

    def positions(self) -> dict[str, Decimal]:
        """Return what is held, by symbol."""
        found: dict[str, Decimal] = dict(self.elsewhere)
        for fill in self.fills:
            sign = 1 if fill.side is Side.BUY else -1
            found[fill.symbol] = found.get(fill.symbol, ZERO) + sign * fill.quantity
        return {symbol: quantity for symbol, quantity in found.items() if quantity}

    def average(self, symbol: str) -> Decimal:
        """Return the average price of what is held, buys only."""
        buys = [fill for fill in self.fills if fill.symbol == symbol and fill.side is Side.BUY]
        units = sum((fill.quantity for fill in buys), ZERO)
        return (
            sum((fill.price * fill.quantity for fill in buys), ZERO) / units if units else self.prices.get(symbol, ZERO)
        )


class ScriptedBroker:
    """Implements `ports.brokers.Broker` over a `Venue`.

    Attributes:
        faults: By where ("submit", "cancel", "read", "stream"), what happens to the next calls, in order.
        fill: Fills market orders at once and in full; a share fills a part.
        stream: Whether reports are told by themselves.
    """

    abilities = BrokerAbilities(
        frozenset(OrderKind), frozenset(TimeInForce), replaces=True, resting_stop=False, resting_pair=False,
        has_clock=False, real_money=True,
    )  # fmt: skip

    def __init__(self, clock: Clock, venue: Venue | None = None, *, ref: AccountRef = REF) -> None:
        self.ref, self._clock, self.venue = ref, clock, venue or Venue()
        self.faults: dict[str, deque[str]] = {}
        self.listener: BrokerListener | None = None
        self.fill: Decimal | None = D(1)
        self.stream = True
        self.calls: list[str] = []
        self.asked_since: list[int] = []  # of reads of executions
        self.gate: asyncio.Event | None = None  # submissions wait for it
        self.refuses = False  # credentials
        self.down = False
        self.first_fault: Exception | None = None
        self._number = len(self.venue.orders)
        self.watch: Callable[[Order], None] = lambda _: None  # sees every order that is sent, before anything else
        self.held_back: list[OrderReport] = []  # reports that a fault keeps for later

    # faults ----------------------------------------------------------------------------------------------------
    def script(self, where: str, *kinds: str) -> None:
        """Let the next calls of a kind meet these faults."""
        self.faults.setdefault(where, deque()).extend(kinds)

    def _next(self, where: str) -> str:
        queue = self.faults.get(where)
        return queue.popleft() if queue else ""

    async def _reach(self, where: str) -> None:
        """Stand between the program and the venue: may fail before anything arrives."""
        self.calls.append(where)
        await asyncio.sleep(0)
        if self.refuses:
            raise CredentialsRefused("the key was revoked")
        if self.down:
            raise NotSent("no connection")

    async def _read(self) -> None:
        await self._reach("read")
        if self._next("read"):
            raise OutcomeUnknown("502 Bad Gateway")

    # connection ------------------------------------------------------------------------------------------------
    async def start(self, listener: BrokerListener) -> AccountInfo:
        self.listener = listener
        if self.first_fault is not None:
            fault, self.first_fault = self.first_fault, None
            raise fault
        info = await self.account()
        listener.on_link(LinkState.CONNECTED, "")
        return info

    async def stop(self) -> None:
        self.listener = None

    def drop(self, detail: str = "the socket was closed") -> None:
        """Lose the connection: nothing is told, nothing arrives."""
        self.down = True
        if self.listener is not None:
            self.listener.on_link(LinkState.RECONNECTING, detail)

    def come_back(self) -> None:
        """Connect again."""
        self.down = False
        if self.listener is not None:
            self.listener.on_link(LinkState.CONNECTED, "")

    # reads -----------------------------------------------------------------------------------------------------
    async def account(self) -> AccountInfo:
        await self._read()
        venue = self.venue
        held = sum((quantity * venue.prices.get(symbol, ZERO) for symbol, quantity in venue.positions().items()), ZERO)
        equity = venue.cash + held
        power = venue.cash if venue.buying_power is None else venue.buying_power
        return AccountInfo(self.ref, "X-1", "USD", equity, venue.cash, power, venue.day_start, self._clock.now())

    async def positions(self) -> Sequence[BrokerPosition]:
        await self._read()
        return [
            BrokerPosition(symbol, quantity, self.venue.average(symbol))
            for symbol, quantity in self.venue.positions().items()
        ]

    def _shown(self) -> list[BrokerOrder]:
        return [] if self.venue.blind else list(self.venue.orders.values())

    async def open_orders(self) -> Sequence[BrokerOrder]:
        await self._read()
        return [order for order in self._shown() if order.status not in TERMINAL]

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        await self._read()
        return [order for order in self._shown() if order.updated_at >= since]

    async def order(self, order_id: str, symbol: str) -> BrokerOrder | None:
        await self._read()
        return None if self.venue.blind else self.venue.orders.get(order_id)

    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        self.asked_since.append(since)
        await self._read()
        return [fill for fill in self.venue.fills if fill.at >= since and not self.venue.blind]

    async def instruments(self, symbols: Sequence[str]) -> Sequence[Instrument]:
        return [Instrument(symbol) for symbol in symbols]

    async def clock(self) -> BrokerClock | None:
        return None

    # orders ----------------------------------------------------------------------------------------------------
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        self.watch(order)
        await self._reach("submit")
        kind = self._next("submit")
        if self.gate is not None:
            await self.gate.wait()
        if kind == "not sent":
            raise NotSent("connection refused")
        if kind.startswith("429"):
            raise NotSent("too many requests", retry_after=float(kind.removeprefix("429").strip() or 1))
        if kind == "lose request":
            raise OutcomeUnknown("the connection was closed")
        if kind == "revoke":
            raise CredentialsRefused("the key was revoked")
        if kind == "refuse halted":
            raise OrderRefused("asset is halted", code="halted")
        if kind.startswith("refuse"):
            raise OrderRefused(kind.removeprefix("refuse").strip() or "no reason given")
        answer = self._place(order, kind)
        if kind in ("lose answer", "504"):
            raise OutcomeUnknown("504 Gateway Timeout" if kind == "504" else "no answer within 10 s")
        return answer

    def _place(self, order: Order, kind: str = "") -> BrokerOrder:
        venue, now = self.venue, self._clock.now()
        venue.posts[order.order_id] += 1
        known = venue.orders.get(order.order_id)
        if known is not None:
            return known
        self._number += 1
        taken = BrokerOrder(
            order.order_id, f"b-{self._number}", order.symbol, order.side, order.kind, order.quantity, ZERO, None,
            S.NEW, order.time_in_force, order.limit_price, order.stop_price, now, now,
        )  # fmt: skip
        venue.orders[order.order_id] = taken
        early = kind == "fill first"
        if not early:
            self._tell(OrderReport(order.order_id, S.NEW, now, broker_order_id=taken.broker_order_id))
        if self.fill is not None and order.kind is OrderKind.MARKET:
            self.trade(order.order_id, order.quantity * self.fill)
        if early:
            self._tell(OrderReport(order.order_id, S.NEW, now, broker_order_id=taken.broker_order_id))
        answer = venue.orders[order.order_id]
        return taken if kind == "stale answer" else replace(answer, fills=())

    def trade(self, order_id: str, quantity: Decimal, price: Decimal | None = None) -> Fill:
        """Fill a part of an order that rests here."""
        venue, now = self.venue, self._clock.now()
        order = venue.orders[order_id]
        paid = price if price is not None else venue.prices.get(order.symbol, D(100))
        fill = Fill(f"x-{len(venue.fills) + 1}", order_id, order.symbol, order.side, quantity, paid, ZERO, now)
        venue.fills.append(fill)
        venue.cash += fill.cash_flow
        filled = order.filled + quantity
        ended = (
            order.status if order.status in TERMINAL else S.FILLED if filled >= order.quantity else S.PARTIALLY_FILLED
        )
        venue.orders[order_id] = replace(order, filled=filled, average_price=paid, status=ended, updated_at=now)
        self._tell(OrderReport(order_id, ended, now, fill, cumulative=filled))
        return fill

    def end(self, order_id: str, status: OrderStatus = S.CANCELED, reason: str = "") -> None:
        """End an order that rests here."""
        now = self._clock.now()
        self.venue.orders[order_id] = replace(self.venue.orders[order_id], status=status, updated_at=now, reason=reason)
        self._tell(OrderReport(order_id, status, now, reason=reason))

    def _tell(self, report: OrderReport) -> None:
        kind = self._next("stream")
        if not self.stream or self.down or kind == "lose":
            return
        if kind == "late":
            self.held_back.append(report)
            return
        for _ in range(2 if kind == "duplicate" else 1):
            if self.listener is not None:
                asyncio.get_running_loop().call_soon(self._deliver, report)

    def _deliver(self, report: OrderReport) -> None:
        if self.listener is not None:
            self.listener.on_report(report)

    def release(self, order: Callable[[list[OrderReport]], list[OrderReport]] = list) -> None:
        """Tell what was kept for later, in another order if wanted."""
        held, self.held_back = self.held_back, []
        for report in order(held):
            self._deliver(report)

    async def cancel(self, order: Order) -> None:
        await self._reach("cancel")
        kind = self._next("cancel")
        if kind == "not sent":
            raise NotSent("connection refused")
        if kind.startswith("429"):
            raise NotSent("too many requests", retry_after=float(kind.removeprefix("429").strip() or 1))
        if kind == "lose request":
            raise OutcomeUnknown("the connection was closed")
        found = self.venue.orders.get(order.order_id)
        if found is None or found.status in TERMINAL:
            raise OrderRefused("the order is not open")
        if kind == "refuse":
            raise OrderRefused("too late to cancel")
        self.end(order.order_id)
        if kind == "lose answer":
            raise OutcomeUnknown("no answer within 10 s")

    async def replace(
        self, order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> BrokerOrder:
        await self._reach("replace")
        found = self.venue.orders[order.order_id]
        changed = replace(
            found,
            quantity=found.quantity if quantity is None else quantity,
            limit_price=found.limit_price if limit_price is None else limit_price,
            updated_at=self._clock.now(),
        )
        self.venue.orders[order.order_id] = changed
        return changed

    def place_elsewhere(self, order_id: str, symbol: str = "SPY", quantity: int = 5) -> BrokerOrder:
        """Rest an order here that this program did not place."""
        now = self._clock.now()
        found = BrokerOrder(
            order_id, f"b-{order_id}", symbol, Side.BUY, OrderKind.LIMIT, D(quantity), ZERO, None, S.NEW,
            TimeInForce.GTC, D(50), None, now, now,
        )  # fmt: skip
        self.venue.orders[order_id] = found
        return found


def scripted(broker: Any) -> Any:
    """Return what opens the one broker for every account."""

    async def open_broker(_: AccountRef) -> Any:
        return broker

    return open_broker

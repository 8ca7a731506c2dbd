"""Alpaca behind the port of a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random
from urllib.parse import quote

from desktop.brokers.alpaca import answers, orders
from desktop.brokers.alpaca.answers import MarketDay
from desktop.brokers.alpaca.errors import DuplicateOrder
from desktop.brokers.alpaca.families import Families
from desktop.brokers.alpaca.market import AlpacaMarket
from desktop.brokers.alpaca.reading import AlpacaReader
from desktop.brokers.alpaca.rest import AlpacaRest
from desktop.brokers.alpaca.stream import OrderStream
from desktop.brokers.alpaca.updates import TradeUpdates
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
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, OrderRefused, OutcomeUnknown
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.orders import Order, OrderId, OrderKind, OrderStatus, TimeInForce
from desktop.net.alpaca_api import DATA, LIVE, PAPER, REQUESTS_A_MINUTE, headers_of
from desktop.net.backoff import Backoff, Pause
from desktop.net.budget import RateBudget, Use
from desktop.net.http import HttpClient, Timeouts
from desktop.net.socket import HEARTBEAT, MendingStream
from desktop.ports import Clock
from desktop.ports.brokers import BrokerListener

MISSING = "40410000"


class AlpacaBroker:
    """Implements `ports.brokers.Broker` for one account, live or paper.

    Args:
        ref: Which account it is.
        key_id: Of the API key.
        secret: Of the API key; it is sent in headers and in the stream's greeting, and shown nowhere.
        live: The endpoint of real money; False: Alpaca's own paper endpoint.
        clock: Paces the rate limit and stamps what has no time of its own.
        url: Replaces every address (a local stand-in); empty: Alpaca's own.
        pause: Waits between tries.
        random: Draws the jitter of these waits; None: seeded by the account's name.
        timeouts: For requests.
        heartbeat: Seconds of silence on the stream until it is asked whether it is there.
        patience: Seconds it may take to answer that, or to connect.
    """

    def __init__(
        self,
        ref: AccountRef,
        *,
        key_id: str,
        secret: str,
        live: bool,
        clock: Clock,
        url: str = "",
        pause: Pause = asyncio.sleep,
        random: Random | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - an immutable value
        heartbeat: float = HEARTBEAT,
        patience: float = 10.0,
    ) -> None:
        self.ref = ref
        self.abilities = BrokerAbilities(
            kinds=frozenset(OrderKind),
            times_in_force=frozenset(TimeInForce),
            replaces=True,
            resting_stop=True,
            resting_pair=True,
            has_clock=True,
            real_money=live,
        )
        self._clock = clock
        random = random or Random(ref.key)  # noqa: S311 - spreads retries in time, guards nothing
        base = url or (LIVE if live else PAPER)
        headers = headers_of(key_id, secret)
        client = HttpClient(base, headers, RateBudget(REQUESTS_A_MINUTE, clock), title="Alpaca", timeouts=timeouts)
        self._rest = AlpacaRest(client, random, live=live, pause=pause)
        budget = RateBudget(REQUESTS_A_MINUTE, clock)  # market data has a limit of its own
        prices = HttpClient(url or DATA, headers, budget, title="Alpaca's market data", timeouts=timeouts)
        self._prices = AlpacaRest(prices, random, live=live, pause=pause)
        self._market = AlpacaMarket(self._rest, self._prices)
        self._families = Families()
        self._reader = AlpacaReader(self._rest, self._families)
        self._updates = TradeUpdates(self._reader, self._families, clock)
        self._listener: BrokerListener | None = None
        speaker = OrderStream(key_id, secret, live=live, on_update=self._updates.take)
        self._stream = MendingStream(
            f"{base.replace('http', 'ws', 1)}/stream",
            title="Alpaca",
            greet=speaker.greet,
            take=speaker.take,
            probe=speaker.probe,
            on_up=lambda: self._tell(LinkState.CONNECTED, "listening to the account's orders"),
            on_down=lambda why: self._tell(LinkState.RECONNECTING, why),
            on_end=lambda fault: self._tell(LinkState.REFUSED, str(fault)),
            backoff=Backoff(random),
            pause=pause,
            heartbeat=heartbeat,
            patience=patience,
            parse_float=Decimal,
        )

    def __repr__(self) -> str:
        return f"AlpacaBroker({self.ref.key})"

    # connection ------------------------------------------------------------------------------------------------
    async def start(self, listener: BrokerListener) -> AccountInfo:
        """Connect, authenticate, listen, and return the account.

        What REST refuses is final. What the stream refuses is tried once more by it, and told by `on_link`: it may be
        a slip, or the stream may know a new key later than REST does.
        """
        self._listener = self._updates.listener = listener
        self._tell(LinkState.CONNECTING, "connecting to Alpaca")
        try:
            try:
                info = await self.account()
            except CredentialsRefused:
                raise
            except BrokerFault:  # perhaps the stream finds a way; it is what keeps trying
                await self._listen()
                return await self.account()
        except CredentialsRefused as refused:
            await self._stream.stop()
            self._tell(LinkState.REFUSED, str(refused))
            raise
        await self._listen()
        return info

    async def _listen(self) -> None:
        try:
            await self._stream.start()
        except CredentialsRefused as refused:
            raise BrokerFault(str(refused)) from None

    async def stop(self) -> None:
        """Close every connection."""
        await self._stream.stop()
        await self._rest.close()
        await self._prices.close()
        self._tell(LinkState.OFF, "disconnected")
        self._listener = self._updates.listener = None

    def _tell(self, state: LinkState, detail: str) -> None:
        if self._listener is not None:
            self._listener.on_link(state, detail)

    # questions -------------------------------------------------------------------------------------------------
    async def account(self) -> AccountInfo:
        """Return the account as it stands."""
        raw = answers.mapping(await self._rest.get("/v2/account", what="the account"))
        return answers.account_of(raw, self.ref, self._clock.now())

    async def positions(self) -> Sequence[BrokerPosition]:
        """Return every holding."""
        found = answers.rows(await self._rest.get("/v2/positions", what="the account's positions"))
        return [answers.position_of(raw) for raw in found]

    async def open_orders(self) -> Sequence[BrokerOrder]:
        """Return every order that can still fill."""
        return await self._reader.open_orders()

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        """Return what was placed or changed since `since` (µs UTC), oldest first."""
        return await self._reader.recent_orders(since)

    async def order(self, order_id: OrderId, symbol: str) -> BrokerOrder | None:
        """Return an order by its client order id; None: not found."""
        del symbol  # Alpaca finds it by its id alone
        return await self._reader.order(order_id)

    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        """Return executions since `since` (µs UTC), oldest first; no symbols: of all."""
        return await self._reader.fills(since, symbols)

    async def instruments(self, symbols: Sequence[str]) -> Sequence[Instrument]:
        """Return what of these symbols can be traded."""
        return await self._market.instruments(symbols)

    async def clock(self) -> BrokerClock | None:
        """Return Alpaca's word on whether the US market is open."""
        return await self._market.clock()

    async def calendar(self, begin: date, end: date) -> Sequence[MarketDay]:
        """Return the trading days of the US market from `begin` to `end`, both included."""
        return await self._market.calendar(begin, end)

    # orders ----------------------------------------------------------------------------------------------------
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        """Place an order, once; where Alpaca has its id already, that order is what is returned."""
        body = orders.request_of(order, pair)
        try:
            raw = await self._rest.once("POST", "/v2/orders", body, what=_name(order))
        except DuplicateOrder as duplicate:
            return await self._known(order, duplicate)
        return self._families.fold(self._families.learn(raw))

    async def _known(self, order: Order, duplicate: DuplicateOrder) -> BrokerOrder:
        """Return the order that has this id already: it is the one that was sent before."""
        try:
            found = await self._reader.order(order.order_id)
        except CredentialsRefused:
            raise
        except BrokerFault:
            found = None
        if found is None:
            raise OutcomeUnknown(
                f"Alpaca has {_name(order)} already, but does not show it yet. It is looked up and never sent again."
            ) from None
        if (found.symbol, found.side) != (order.symbol, order.side):
            raise OrderRefused(
                f"Alpaca has another order under the id of {_name(order)}: {found.side.value} {found.quantity} "
                f"{found.symbol}. This one was not placed.",
                code=duplicate.code,
            )
        return found

    async def cancel(self, order: Order) -> None:
        """Ask to cancel an order, and whatever rests beside it or replaced it."""
        broker_id = self._carrier(order) or order.broker_order_id
        if not broker_id:  # its answer was lost: what Alpaca calls it has to be found out first
            found = await self._reader.order(order.order_id, Use.CANCEL)
            if found is None:
                raise OrderRefused(
                    f"Alpaca shows no {_cancelled(order)}; there is nothing to cancel yet.", code=MISSING
                )
            broker_id = found.broker_order_id
        try:
            await self._delete(broker_id, order)
        except OrderRefused:
            found = await self._reader.order(order.order_id, Use.CANCEL)
            if found is not None and found.status is OrderStatus.PENDING_CANCEL:
                return  # it was asked for before
            still = [one for one in self._families.members(order.order_id) if one.is_open]
            others = [one.broker_id for one in still if one.broker_id != broker_id]
            if not others:
                raise
            for other in others:  # replaced meanwhile, or the other exit of a pair
                await self._delete(other, order)

    def _carrier(self, order: Order) -> str:
        """Return Alpaca's id of what carries an order now; empty: nothing was heard of it since the start."""
        known = any(True for _ in self._families.members(order.order_id))
        return self._families.current(order.order_id).broker_id if known else ""

    async def _delete(self, broker_id: str, order: Order) -> None:
        await self._rest.delete(f"/v2/orders/{quote(broker_id, safe='')}", what=f"the cancel of {_cancelled(order)}")

    async def replace(
        self, order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> BrokerOrder:
        """Change a working order. Alpaca places a new one for it, which goes on under our id."""
        found = await self._reader.order(order.order_id)
        if found is None:
            raise orders.not_sent(order, "Alpaca does not show it.")
        member = self._families.current(order.order_id)
        if self._families.is_pair(order.order_id):
            raise orders.not_sent(order, "two exits that rest together are cancelled and placed anew, not changed.")
        if found.filled:
            raise orders.not_sent(
                order,
                f"{found.filled} of it are filled, and Alpaca would order the whole quantity once more. Cancel it and "
                "place a new one for the rest.",
            )
        client_id = orders.next_change(str(member.raw.get("client_order_id") or order.order_id))
        body = orders.change_of(order, quantity, limit_price, stop_price, client_id=client_id)
        path = f"/v2/orders/{quote(member.broker_id, safe='')}"
        raw = await self._rest.once("PATCH", path, body, what=f"the change of {_name(order)}")
        return self._families.fold(self._families.learn({"replaces": member.broker_id, **raw}))


def _name(order: Order) -> str:
    return f"the order {order.order_id} ({order.side.value} {order.quantity} {order.symbol})"


def _cancelled(order: Order) -> str:
    return f"order {order.order_id} ({order.symbol})"

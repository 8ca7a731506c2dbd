"""Spot accounts at crypto exchanges behind the port of a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from desktop.brokers.crypto.book import AccountBook
from desktop.brokers.crypto.calls import Caller, DuplicateOrder, OrderMissing, watch
from desktop.brokers.crypto.crumbs import Crumbs
from desktop.brokers.crypto.facts import TRADING, wire_id
from desktop.brokers.crypto.hearing import Hearing
from desktop.brokers.crypto.reading import AccountReader
from desktop.brokers.crypto.stream import UserStream
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
from desktop.domain.errors import EnvironmentFault
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.orders import Order, OrderId, OrderKind, Side, TimeInForce
from desktop.exchanges.catalogue import exchange_facts
from desktop.exchanges.library import Access, Exchange, make_exchange
from desktop.exchanges.markets import MarketShelf, give_markets, instruments_of
from desktop.net.backoff import Backoff, Pause
from desktop.net.budget import RateBudget, Use
from desktop.ports import Clock
from desktop.ports.brokers import BrokerListener

_KINDS = {OrderKind.MARKET: "market", OrderKind.STOP: "market", OrderKind.LIMIT: "limit", OrderKind.STOP_LIMIT: "limit"}


class CryptoBroker:
    """Implements `ports.brokers.Broker` for one spot account.

    An exchange has coins, not positions: those of the pairs that Assay has asked for or heard of are shown, each coin
    under the first pair it was known by. Exchanges never close: an order for the day rests until it is cancelled.

    Args:
        ref: Which account it is.
        exchange: One of the exchanges of `desktop.exchanges.catalogue`.
        key: Of the API key.
        secret: Of the API key; it signs requests, and is shown nowhere.
        password: The passphrase, where the exchange has one.
        clock: Paces the rate limit.
        url: Takes the place of every address (a local stand-in); empty: the exchange's own.
        cache: Directory in which its markets are kept.
        pause: Waits between tries.
        random: Draws the jitter of these waits; None: seeded by the account's name.
        timeout: Seconds until a request, or signing in to the stream, counts as unanswered.
    """

    def __init__(
        self,
        ref: AccountRef,
        *,
        exchange: str,
        key: str,
        secret: str,
        password: str = "",
        clock: Clock,
        url: str = "",
        cache: Path | None = None,
        pause: Pause = asyncio.sleep,
        random: Random | None = None,
        timeout: float = 10.0,
    ) -> None:
        self.ref = ref
        self._facts, self._trading = exchange_facts(exchange), TRADING[exchange]
        kinds = self._trading.kinds
        self.abilities = BrokerAbilities(
            kinds=kinds,
            times_in_force=frozenset({TimeInForce.GTC}),
            replaces=False,
            resting_stop=OrderKind.STOP in kinds,
            resting_pair=False,
            has_clock=False,
            real_money=True,
        )
        self._access = Access(url, key, secret, password)
        self._clock, self._timeout = clock, timeout
        self._shelf = MarketShelf(exchange, cache, url)
        path = cache / f"crumbs-{quote(ref.key, safe='')}.json" if cache is not None else None
        self._crumbs = Crumbs(path)
        self._book = AccountBook(exchange, self._crumbs)
        self._caller = Caller(self._facts.title, RateBudget(self._trading.requests, clock), pause)
        self._exchange: Exchange | None = None
        self._instruments: dict[str, Instrument] = {}
        self._preparing = asyncio.Lock()
        self._sent: set[OrderId] = set()  # orders whose request has left: never again
        self._reader = AccountReader(ref, self._facts, self._trading, self._caller, self._book, self._crumbs, clock)
        self._hearing = Hearing(self._trading, self._book, self._crumbs, self._reader)
        self._stream = UserStream(
            self._facts.title,
            on_order=self._hearing.on_order,
            on_trade=self._hearing.on_trade,
            on_up=lambda: self._tell(LinkState.CONNECTED, "listening to the account's orders"),
            on_down=lambda why: self._tell(LinkState.RECONNECTING, why),
            on_refused=lambda: self._tell(LinkState.REFUSED, str(self._caller.refused_credentials())),
            prepare=self._ready,
            tells_fills=self._trading.whole_stream,
            backoff=Backoff(random or Random(ref.key)),  # noqa: S311 - spreads retries in time, guards nothing
            pause=pause,
            patience=timeout,
        )

    def __repr__(self) -> str:
        return f"CryptoBroker({self.ref.key})"

    # connection ------------------------------------------------------------------------------------------------
    async def start(self, listener: BrokerListener) -> AccountInfo:
        """Connect, authenticate, listen, and return the account."""
        self._hearing.listener = listener
        self._tell(LinkState.CONNECTING, f"connecting to {self._facts.title}")
        try:
            info = await self.account()
        except CredentialsRefused as refused:
            self._tell(LinkState.REFUSED, str(refused))
            raise
        except BrokerFault:  # the stream is what keeps trying
            await self._stream.start()
            return await self.account()
        await self._stream.start()
        return info

    async def stop(self) -> None:
        """Close every connection; orders at the exchange are left as they are."""
        await self._stream.stop()
        await self._hearing.stop()
        if self._exchange is not None:
            await self._exchange.close()

    async def _ready(self) -> Exchange:
        """Return the exchange with its markets; the first time it is made, in a thread."""
        async with self._preparing:
            if self._exchange is None:
                try:
                    made, instruments = await asyncio.to_thread(self._made)
                except EnvironmentFault as fault:
                    raise BrokerFault(str(fault)) from None
                watch(made)
                self._stream.tap(made)
                self._instruments = {item.symbol: item for item in instruments}
                self._exchange = self._reader.exchange = made
            return self._exchange

    def _made(self) -> tuple[Exchange, tuple[Instrument, ...]]:
        self._crumbs.load()
        markets, _ = self._shelf.load(self._clock.now())
        exchange = make_exchange(self._facts.exchange_id, self._access, number=str, timeout=self._timeout)
        exchange.enableRateLimit = False  # its queue would let a cancel wait behind questions: see `Caller`
        give_markets(exchange, markets)
        return exchange, instruments_of(markets, self._facts.title)

    def _tell(self, state: LinkState, detail: str) -> None:
        if self._hearing.listener is not None:
            self._hearing.listener.on_link(state, detail)

    # questions -------------------------------------------------------------------------------------------------
    async def account(self) -> AccountInfo:
        """Return cash and worth in the account's quote currency (see `AccountReader.account`)."""
        await self._ready()
        return await self._reader.account()

    async def positions(self) -> Sequence[BrokerPosition]:
        """Return the coins of the pairs that are known; the exchange states no average price."""
        await self._ready()
        return await self._reader.positions()

    async def open_orders(self) -> Sequence[BrokerOrder]:
        """Return every order that can still fill, also those placed elsewhere."""
        await self._ready()
        return await self._reader.open_orders()

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        """Return every order created or changed since `since` (µs UTC) of the pairs that are known or held."""
        await self._ready()
        return await self._reader.recent_orders(since)

    async def order(self, order_id: OrderId, symbol: str) -> BrokerOrder | None:
        """Return an order by its client order id; None: not found, which with a lagging read proves nothing."""
        await self._ready()
        return await self._reader.order(order_id, symbol)

    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        """Return executions since `since` (µs UTC), oldest first."""
        await self._ready()
        return await self._reader.fills(since, symbols)

    async def instruments(self, symbols: Sequence[str]) -> Sequence[Instrument]:
        """Return steps and currency of these pairs; those that cannot be traded are left out."""
        await self._ready()
        found = [self._instruments[symbol] for symbol in symbols if symbol in self._instruments]
        for item in found:
            self._book.knows(item.symbol)
        return found

    async def clock(self) -> BrokerClock | None:
        """Return nothing: exchanges never close."""
        return None

    # orders ----------------------------------------------------------------------------------------------------
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        """Place an order under its client order id, once: what has left is looked up, never sent again."""
        exchange = await self._ready()
        if pair is not None or order.kind not in self.abilities.kinds:
            raise OrderRefused(f"{self._facts.title} takes no such order through Assay. Nothing was sent.")
        if order.kind is OrderKind.MARKET and order.side is Side.BUY and not self._trading.buys_units:
            raise OrderRefused(
                f"{self._facts.title} sells at the market for an amount of money, not for a number of units. Nothing "
                "was sent. Let the strategy enter with a limit."
            )
        self._book.knows(order.symbol)
        if order.order_id in self._sent:
            return await self._placed_before(order)
        amount = self._amount(order)
        if order.side is Side.SELL:
            self._crumbs.plan(order.order_id, order.symbol, order.quantity - Decimal(amount))
            await self._hearing.keep_crumbs()
        price = None if order.limit_price is None else str(order.limit_price)
        parameters = {
            **self._trading.parameters,
            self._trading.client_id: wire_id(self._facts.exchange_id, order.order_id),
        }
        if order.kind is not OrderKind.MARKET:
            parameters.pop("tgtCcy", None)
        if order.stop_price is not None:
            parameters["stopLossPrice"] = str(order.stop_price)
        what = f"the order for {order.quantity} {order.symbol}"
        try:
            held = await self._caller.send(
                what,
                Use.ORDER,
                lambda: exchange.create_order(
                    order.symbol, _KINDS[order.kind], order.side.value.lower(), amount, price, parameters
                ),
            )
        except DuplicateOrder:
            return await self._placed_before(order)
        except OutcomeUnknown:
            self._sent.add(order.order_id)
            raise
        self._sent.add(order.order_id)
        return await self._answered(order, held, what)

    def _amount(self, order: Order) -> str:
        """Return the quantity as it is sent: whole lots. What fees left of a lot cannot be sold (see `crumbs`)."""
        item = self._instruments.get(order.symbol)
        if item is None:
            raise OrderRefused(f"{self._facts.title} does not trade {order.symbol}. Nothing was sent.")
        amount = item.quantity(order.quantity)
        if amount <= 0:
            raise OrderRefused(
                f"{order.quantity} {order.symbol} is less than the smallest step of {item.lot}. Nothing was sent."
            )
        return format(amount, "f")

    async def _answered(self, order: Order, held: object, what: str) -> BrokerOrder:
        """Return what the exchange made of an order; an answer that does not say so proves nothing."""
        found = self._book.order(held) if isinstance(held, Mapping) and held.get("side") else None
        if found is not None and found.order_id == order.order_id:
            return found
        if isinstance(held, Mapping) and held.get("id"):  # some exchanges answer with their id alone
            self._book.named(str(held["id"]), order.order_id)
            with suppress(BrokerFault):
                read = await self.order(order.order_id, order.symbol)
                if read is not None:
                    return read
        raise OutcomeUnknown(
            f"{self._facts.title} answered {what} with something that cannot be read. It is looked up and never sent "
            "again."
        )

    async def _placed_before(self, order: Order) -> BrokerOrder:
        found = None
        with suppress(BrokerFault):
            found = await self.order(order.order_id, order.symbol)
        if found is None:
            raise OutcomeUnknown(
                f"The order for {order.quantity} {order.symbol} was sent to {self._facts.title} before and is not "
                "shown there yet. It is looked up and never sent again."
            )
        return found

    async def cancel(self, order: Order) -> None:
        """Ask to cancel; the report comes by the stream (OrderRefused: it is done already)."""
        exchange = await self._ready()
        parameters: dict[str, Any] = {}
        broker_order_id = self._book.id_of(order.order_id) or order.broker_order_id
        if not broker_order_id and not self._trading.finds_by_client_id:
            found = await self.order(order.order_id, order.symbol)
            if found is None:
                raise OrderMissing(f"{self._facts.title} has no such order that still works.")
            broker_order_id = found.broker_order_id
        if not broker_order_id:
            parameters["clientOrderId"] = wire_id(self._facts.exchange_id, order.order_id)
        await self._caller.send(
            f"the cancel of {order.order_id}",
            Use.CANCEL,
            lambda: exchange.cancel_order(broker_order_id or None, order.symbol, parameters),
        )

    async def replace(
        self, order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> BrokerOrder:
        """Refuse: exchanges put a new order in the place of the old one, under another id."""
        raise OrderRefused(
            f"{self._facts.title} cannot change a working order ({order.order_id}, {quantity}, {limit_price}, "
            f"{stop_price}). Cancel it and place a new one."
        )

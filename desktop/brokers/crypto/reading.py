"""What is asked of an account at an exchange: coins, orders, executions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.brokers.crypto.book import AccountBook
from desktop.brokers.crypto.calls import Caller, OrderMissing
from desktop.brokers.crypto.crumbs import Crumbs
from desktop.brokers.crypto.facts import TradingFacts, wire_id
from desktop.domain.broker import AccountInfo, AccountRef, BrokerOrder, BrokerPosition
from desktop.domain.errors import NotFound
from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.exchanges.catalogue import ExchangeFacts
from desktop.exchanges.library import Exchange
from desktop.ports import Clock

PAGE = 500  # rows asked for at once
MOST_PAIRS = 25  # that recent orders are asked for; an account may hold crumbs of many coins
_MS = 1_000  # µs


class AccountReader:
    """Asks, and translates the answers.

    Attributes:
        exchange: Set once its markets are known.
    """

    def __init__(
        self,
        ref: AccountRef,
        facts: ExchangeFacts,
        trading: TradingFacts,
        caller: Caller,
        book: AccountBook,
        crumbs: Crumbs,
        clock: Clock,
    ) -> None:
        self._ref, self._facts, self._trading, self._crumbs = ref, facts, trading, crumbs
        self._caller, self._book, self._clock = caller, book, clock
        self.exchange: Exchange | None = None

    @property
    def _library(self) -> Exchange:
        if self.exchange is None:
            raise NotFound("connection to", self._facts.title)
        return self.exchange

    # coins -----------------------------------------------------------------------------------------------------
    def _currency(self) -> str:
        """Return what the account is counted in: the quote currency of the first pair known."""
        first = next(iter(self._book.symbols), "")
        return first.partition("/")[2] or self._trading.currency

    async def _balances(self) -> Mapping[str, Any]:
        return await self._caller.read("the account", self._library.fetch_balance)

    async def account(self) -> AccountInfo:
        """Return the account: cash in one quote currency, and with it the worth of the coins of the known pairs."""
        held, currency = await self._balances(), self._currency()
        cash, free = _amount(held, currency, "total"), _amount(held, currency, "free")
        coins = {symbol: quantity for symbol, quantity in self._coins(held).items() if symbol.endswith(f"/{currency}")}
        worth = await self._worth({symbol: quantity for symbol, quantity in coins.items() if quantity})
        return AccountInfo(
            ref=self._ref,
            number="",
            currency=currency,
            equity=cash + worth,
            cash=cash,
            buying_power=free,
            day_start_equity=None,
            at=self._clock.now(),
        )

    async def _worth(self, coins: Mapping[str, Decimal]) -> Decimal:
        if not coins:
            return ZERO
        symbols = list(coins)
        tickers = await self._caller.read("prices", lambda: self._library.fetch_tickers(symbols))
        worth = ZERO
        for symbol, quantity in coins.items():
            ticker = tickers.get(symbol) or {}
            worth += quantity * Decimal(str(ticker.get("bid") or ticker.get("last") or 0))
        return worth

    def _coins(self, held: Mapping[str, Any]) -> dict[str, Decimal]:
        """Return how much there is of each known pair's coin; a coin counts under the first pair it was known by."""
        found: dict[str, Decimal] = {}
        taken: set[str] = set()
        for symbol in self._book.symbols:
            base = symbol.partition("/")[0]
            if base not in taken:
                taken.add(base)
                found[symbol] = _amount(held, base, "total")
        return found

    async def positions(self) -> Sequence[BrokerPosition]:
        """Return the coins of the known pairs that there are any of, without the crumbs that were written off."""
        coins = self._coins(await self._balances())
        found = {symbol: quantity - self._crumbs.total(symbol) for symbol, quantity in coins.items()}
        return [BrokerPosition(symbol, quantity, ZERO) for symbol, quantity in found.items() if quantity]

    # orders ----------------------------------------------------------------------------------------------------
    async def open_orders(self) -> Sequence[BrokerOrder]:
        """Return every order that can still fill."""
        return await self._orders(await self._caller.read("open orders", self._library.fetch_open_orders))

    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        """Return orders created or changed since `since` (µs UTC), oldest first, of pairs known, held or open."""
        open_ = await self.open_orders()
        held = await self._balances()
        found = {order.broker_order_id: order for order in open_}
        for symbol in self._pairs(held):
            for order in await self._orders_of(symbol, since):
                found[order.broker_order_id] = order
        recent = [order for order in found.values() if max(order.created_at, order.updated_at) >= since]
        return sorted(recent, key=lambda order: order.created_at)

    def _pairs(self, held: Mapping[str, Any]) -> list[str]:
        """Return the known pairs, and those of the coins that are there."""
        markets, currency = self._library.markets or {}, self._currency()
        totals = held.get("total") or {}
        coins = [f"{coin}/{currency}" for coin, amount in totals.items() if amount and coin != currency]
        wanted = dict.fromkeys([*self._book.symbols, *(symbol for symbol in coins if symbol in markets)])
        return list(wanted)[:MOST_PAIRS]

    async def _orders_of(self, symbol: str, since: int) -> Sequence[BrokerOrder]:
        library, has = self._library, self._library.has
        if has.get("fetchOrders"):  # the last ones, whenever they were created: an old one may have changed since
            rows = await self._caller.read("recent orders", lambda: library.fetch_orders(symbol, None, PAGE))
        else:
            rows = await self._caller.read(
                "recent orders", lambda: library.fetch_closed_orders(symbol, since // _MS, PAGE)
            )
        return await self._orders(rows)

    async def _orders(self, rows: Sequence[Mapping[str, Any]]) -> list[BrokerOrder]:
        """Translate orders; what fees took of them is read first, where executions are not known yet."""
        unheard: dict[str, int] = {}
        for row in rows:
            if self._book.missing(row) > ZERO:
                symbol, at = str(row.get("symbol")), int(row.get("timestamp") or 0) * _MS
                unheard[symbol] = min(at, unheard.get(symbol, at))
        for symbol, since in unheard.items():
            for held in await self._trades_of(symbol, since):
                self._book.fill(held)
        return [order for order in map(self._book.order, rows) if order is not None]

    async def by_id(self, broker_order_id: str, symbol: str) -> BrokerOrder | None:
        """Return an order by the exchange's own id; None: it is not shown."""
        return await self._order(broker_order_id, symbol, {})

    async def _order(self, broker_order_id: str | None, symbol: str, parameters: dict[str, str]) -> BrokerOrder | None:
        library = self._library
        try:
            held = await self._caller.read("an order", lambda: library.fetch_order(broker_order_id, symbol, parameters))
        except OrderMissing:
            return None
        return next(iter(await self._orders([held])), None)

    async def order(self, order_id: str, symbol: str) -> BrokerOrder | None:
        """Return an order by our id; None: it is not shown."""
        self._book.knows(symbol)
        broker_order_id = self._book.id_of(order_id)
        if broker_order_id or self._trading.finds_by_client_id:
            parameters = {} if broker_order_id else {"clientOrderId": wire_id(self._facts.exchange_id, order_id)}
            return await self._order(broker_order_id or None, symbol, parameters)
        rows = [*await self.open_orders(), *await self._orders_of(symbol, 0)]
        return next((row for row in rows if row.order_id == order_id), None)

    # executions ------------------------------------------------------------------------------------------------
    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        """Return executions since `since` (µs UTC), oldest first; the orders they belong to are asked for by need."""
        found: dict[str, Fill] = {}
        for symbol in symbols:
            self._book.knows(symbol)
            for held in await self._trades_of(symbol, since):
                await self._name(held, symbol)
                fill = self._book.fill(held)
                if fill is not None:
                    found[fill.execution_id] = fill
            found.update((fill.execution_id, fill) for fill in self._crumbs.fills(since, symbol))
        return sorted(found.values(), key=lambda fill: fill.at)

    async def _trades_of(self, symbol: str, since: int) -> list[Mapping[str, Any]]:
        """Return the raw executions of a pair, page by page."""
        library, begin = self._library, max(0, since // _MS)
        found: dict[str, Mapping[str, Any]] = {}
        while True:
            start = begin
            rows = await self._caller.read(
                "executions",
                lambda start=start: library.fetch_my_trades(symbol, start, PAGE, {}),  # type: ignore[misc]  # bound
            )
            fresh = [row for row in rows if str(row.get("id")) not in found]
            found.update((str(row.get("id")), row) for row in fresh)
            if len(rows) < PAGE or not fresh:
                return list(found.values())
            begin = max(int(row.get("timestamp") or begin) for row in rows)

    async def _name(self, held: Mapping[str, Any], symbol: str) -> None:
        """Learn our id of the order that an execution belongs to."""
        broker_order_id = str(held.get("order") or "")
        if not broker_order_id or self._book.name_of(broker_order_id):
            return
        try:
            order = await self._caller.read("an order", lambda: self._library.fetch_order(broker_order_id, symbol, {}))
        except OrderMissing:
            return
        self._book.order(order)


def _amount(held: Mapping[str, Any], coin: str, part: str) -> Decimal:
    row = held.get(coin) or {}
    value = row.get(part)
    return ZERO if value is None else Decimal(str(value))

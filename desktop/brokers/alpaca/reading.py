"""Every question to Alpaca about the account: its orders by family, its executions by client order id, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from desktop.brokers.alpaca import answers, wire
from desktop.brokers.alpaca.families import Families
from desktop.brokers.alpaca.rest import AlpacaRest
from desktop.domain.broker import BrokerOrder
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.fills import Fill
from desktop.domain.market import SECOND
from desktop.domain.orders import TERMINAL, OrderId
from desktop.net.budget import Use
from desktop.net.moments import moment_text, second_text

ORDERS_A_PAGE = 500
FILLS_A_PAGE = 100
PAGES = 200  # of one question; beyond that something is wrong
_ONE_BY_ONE = 3  # orders that are asked for singly
CHANGES = 100  # of one order, followed from one replacement to the next

Raw = Mapping[str, Any]


class AlpacaReader:
    """Asks; what it hears of orders is remembered in their families."""

    def __init__(self, rest: AlpacaRest, families: Families) -> None:
        self._rest, self._families = rest, families

    # orders ----------------------------------------------------------------------------------------------------
    async def open_orders(self) -> list[BrokerOrder]:
        """Return every order that can still fill."""
        found = await self._folded([raw async for raw in self._orders({"status": "open"})])
        return [order for order in found if order.status not in TERMINAL]

    async def recent_orders(self, since: int) -> list[BrokerOrder]:
        """Return what was placed or changed since `since` (µs UTC), oldest first.

        Alpaca finds orders by the time they were placed. Of those placed before, the open ones and the last 500 that
        are done are looked at.
        """
        raws = [raw async for raw in self._orders({"status": "all", "after": moment_text(max(0, since - 1))})]
        raws += [raw async for raw in self._orders({"status": "open", "until": moment_text(since)})]
        done = {"status": "closed", "until": moment_text(since), "direction": "desc"}
        raws += await self._page(done)
        orders = [order for order in await self._folded(raws) if max(order.updated_at, order.created_at) >= since]
        return sorted(orders, key=lambda order: (order.created_at, order.order_id))

    async def order(self, order_id: OrderId, use: Use = Use.READ) -> BrokerOrder | None:
        """Return an order by its client order id, with all that replaced it and its legs; None: not found."""
        query = {"client_order_id": order_id}
        what = f"order {order_id}"
        raw = await self._rest.get("/v2/orders:by_client_order_id", query, what=what, missing=True, use=use)
        if raw is None:
            return None
        found = answers.mapping(raw)
        if found.get("order_class") == "oco" and not found.get("legs"):
            found = answers.mapping(await self._by_id(wire.field(found, "id"), nested=True) or found)
        owner = await self.take(found)
        return self._families.fold(owner)

    async def take(self, raw: Raw, *, corrected: bool = False) -> OrderId:
        """Place an order in its family, asking for what it takes; returns the client order id of the family.

        `corrected`: what was filled may have become less.
        """
        stranger = self._families.stranger(raw)
        if stranger == raw.get("id"):
            await self._meet_siblings(raw)
        elif stranger:
            before = await self._by_id(stranger)
            if before is not None:
                await self.take(answers.mapping(before))
        owner = self._families.learn(raw, corrected=corrected)
        for _ in range(CHANGES):
            successor = self._families.unknown_successor(owner)
            after = await self._by_id(successor) if successor else None
            if after is None:
                break
            self._families.learn(answers.mapping(after))
        return owner

    async def _meet_siblings(self, leg: Raw) -> None:
        """Find the order that a leg rests beside: legs do not name it."""
        symbol = wire.field(leg, "symbol")
        for raw in await self._page({"status": "all", "symbols": symbol, "direction": "desc"}):
            if any(one.get("id") == leg.get("id") for one in raw.get("legs") or ()):
                self._families.learn(raw)

    async def _by_id(self, broker_id: str, *, nested: bool = False) -> Any:
        query = {"nested": "true"} if nested else None
        return await self._rest.get(f"/v2/orders/{quote(broker_id, safe='')}", query, what="an order", missing=True)

    async def _page(self, query: Mapping[str, str]) -> Sequence[Raw]:
        whole = {"limit": str(ORDERS_A_PAGE), "nested": "true", **query}
        return answers.rows(await self._rest.get("/v2/orders", whole, what="the account's orders"))

    async def _orders(self, query: Mapping[str, str]) -> AsyncIterator[Raw]:
        """Yield orders, the oldest first, page after page; a page begins a little before the end of the last."""
        query = {"direction": "asc", **query}
        seen: set[str] = set()
        for _ in range(PAGES):
            page = await self._page(query)
            new = [raw for raw in page if str(raw.get("id")) not in seen]
            for raw in new:
                seen.add(wire.field(raw, "id"))
                yield raw
            last = wire.time_of(page[-1].get("submitted_at")) if page else None
            if len(page) < ORDERS_A_PAGE or last is None or not new:
                return
            query["after"] = moment_text(last - 1)
        raise BrokerFault("Alpaca states more orders than an account can have. None of them was taken over.")

    async def _folded(self, raws: Iterable[Raw]) -> list[BrokerOrder]:
        """Return each family once; the legs of orders that are no pair of ours stand for themselves."""
        owners: dict[OrderId, None] = {}
        for raw in raws:
            owners[await self.take(raw)] = None
            if raw.get("order_class") != "oco":
                for leg in raw.get("legs") or ():
                    owners[await self.take(leg)] = None
        return [self._families.fold(owner) for owner in owners]

    # executions ------------------------------------------------------------------------------------------------
    async def fills(self, since: int, symbols: Sequence[str] = ()) -> list[Fill]:
        """Return executions since `since` (µs UTC), oldest first, each with its order's client order id."""
        query = {
            "direction": "asc",
            "page_size": str(FILLS_A_PAGE),
            "after": second_text(max(0, since - SECOND)),
        }
        wanted = frozenset(symbols)
        found: dict[str, Fill] = {}
        for _ in range(PAGES):
            page = answers.rows(
                await self._rest.get("/v2/account/activities/FILL", query, what="the account's executions")
            )
            await self._meet(page)
            for raw in page:
                if wanted and wire.symbol_of(raw) not in wanted and wire.field(raw, "symbol") not in wanted:
                    continue
                fill = answers.fill_of_activity(raw, await self._owner(raw))
                if fill.at >= since:
                    found[fill.execution_id] = fill
            if len(page) < FILLS_A_PAGE:
                return sorted(found.values(), key=lambda fill: fill.at)
            query = {**query, "page_token": wire.field(page[-1], "id")}
        raise BrokerFault("Alpaca states more executions than can be read at once. None of them was taken over.")

    async def _meet(self, activities: Sequence[Raw]) -> None:
        """Learn of the orders that executions belong to in one answer, where several were not heard of."""
        unknown = {one.get("order_id") for one in activities if self._families.owner(str(one.get("order_id"))) is None}
        if len(unknown) > _ONE_BY_ONE:
            until = second_text(max(wire.time_of(one.get("transaction_time")) or 0 for one in activities) + SECOND)
            for raw in await self._page({"status": "all", "direction": "desc", "until": until}):
                self._families.learn(raw)

    async def _owner(self, activity: Raw) -> OrderId:
        """Return the client order id of an execution: activities name Alpaca's own order id only."""
        broker_id = wire.field(activity, "order_id")
        owner = self._families.owner(broker_id)
        if owner is None:
            raw = await self._by_id(broker_id, nested=True)
            owner = broker_id if raw is None else await self.take(answers.mapping(raw))
        return owner

"""Placing, changing and cancelling orders as Alpaca does it: its checks, its words, its codes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.helpers.standins.alpaca_form import (
    BAD,
    FORBIDDEN,
    LIMITED,
    NOT_FOUND,
    STOPPED,
    UNPROCESSABLE,
    Refused,
    Wanted,
    checked_price,
    decimal_in,
)
from tests.helpers.standins.alpaca_wire import moment, number, order_json
from tests.helpers.standins.base import OUTCOME
from tests.helpers.standins.ledger import ZERO, StandinOrder

if TYPE_CHECKING:
    from tests.helpers.standins.alpaca import AlpacaStandin


class OrderDesk:
    """The routes of /v2/orders."""

    def __init__(self, standin: AlpacaStandin) -> None:
        self.standin, self.ledger, self.venue = standin, standin.ledger, standin.venue

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/v2/orders", self.submit)
        app.router.add_get("/v2/orders", self.listed)
        app.router.add_delete("/v2/orders", self.cancel_all)
        app.router.add_get("/v2/orders:by_client_order_id", self.by_client)
        app.router.add_get("/v2/orders/{order_id}", self.one)
        app.router.add_patch("/v2/orders/{order_id}", self.replace)
        app.router.add_delete("/v2/orders/{order_id}", self.cancel)

    # --- Placing ------------------------------------------------------------------------------------------------------

    async def submit(self, request: web.Request) -> web.Response:
        try:
            wanted = Wanted(await request.json())
            self._check(wanted, request)
        except Refused as refused:
            return refused.answer
        order = self._enter(wanted)
        part = self.standin.part_of(request, order.quantity)
        if part is not None:
            self.venue.capped[order.order_id] = part
        reason = self.standin.late_rejection(request)
        # As it was taken: that it works, and what it fills, is told by the stream.
        answer = self._json(order, nested=True) | {"status": "pending_new" if self.venue.is_open else "accepted"}
        if reason:
            self.venue.reject(order, reason)
        else:
            self.venue.match(order.symbol)
        return web.json_response(answer)

    def _check(self, wanted: Wanted, request: web.Request) -> None:
        asset = self.standin.assets.get(wanted.symbol)
        if wanted.client_id and self.ledger.by_client(wanted.client_id):
            request[OUTCOME] = "duplicate"
            raise Refused(422, BAD, "client_order_id must be unique")
        if asset is None:
            raise Refused(422, UNPROCESSABLE, f'asset "{wanted.symbol}" not found')
        if not asset.tradable:
            raise Refused(422, UNPROCESSABLE, f'asset "{wanted.symbol}" is not active')
        if self.standin.blocked:
            raise Refused(403, FORBIDDEN, "account is not allowed to trade")
        if wanted.quantity % 1 and not asset.fractionable:
            raise Refused(403, FORBIDDEN, f'asset "{wanted.symbol}" is not fractionable')
        if wanted.notional is not None:
            wanted.quantity = self._bought_for(wanted)
        self._check_wash(wanted)
        if wanted.side == "buy":
            self._check_money(wanted)
        else:
            self._check_shares(wanted)

    def _bought_for(self, wanted: Wanted) -> Decimal:
        price = self.venue.prices.get(wanted.symbol)
        if price is None or wanted.notional is None:
            raise Refused(403, FORBIDDEN, "no price to size a notional order by")
        there = price.ask if wanted.side == "buy" else price.bid
        return (wanted.notional / there).quantize(Decimal("1E-9"))

    def _check_wash(self, wanted: Wanted) -> None:
        """Refuse an order that could trade with one of the account's own."""
        for order in self.ledger.working():
            if order.symbol != wanted.symbol or order.side == wanted.side or wanted.order_class != "simple":
                continue
            if not self.standin.wash_trades_refused or order.order_class != "simple":
                continue
            low, high = (order, wanted) if order.side == "sell" else (wanted, order)
            if low.limit_price is None or high.limit_price is None or low.limit_price <= high.limit_price:
                words = "potential wash trade detected. use complex orders"
                raise Refused(403, FORBIDDEN, words, existing_order_id=order.order_id, reject_reason="opposite side")

    def _check_money(self, wanted: Wanted) -> None:
        price = self.venue.prices.get(wanted.symbol)
        each = wanted.limit_price or wanted.stop_price or (price.ask if price else ZERO)
        cost, free = each * wanted.quantity, self.standin.buying_power()
        if cost > free:
            more = {"buying_power": number(free), "cost_basis": number(cost)}
            raise Refused(403, FORBIDDEN, "insufficient buying power", **more)

    def _check_shares(self, wanted: Wanted) -> None:
        held, bound = self.ledger.position(wanted.symbol), self.standin.bound(wanted.symbol)
        if held <= 0:
            raise Refused(403, FORBIDDEN, "account is not allowed to short")
        if wanted.quantity > held - bound:
            words = f"insufficient qty available for order (requested: {number(wanted.quantity)}, available: "
            raise Refused(
                403,
                FORBIDDEN,
                f"{words}{number(held - bound)})",
                symbol=wanted.symbol,
                existing_qty=number(held),
                held_for_orders=number(bound),
                available=number(held - bound),
                related_orders=[one.order_id for one in self.ledger.working() if one.symbol == wanted.symbol],
            )

    def _enter(self, wanted: Wanted) -> StandinOrder:
        extra: dict[str, Any] = {"extended_hours": wanted.extended_hours}
        if wanted.notional is not None:
            extra["notional"] = number(wanted.notional)
        order = self.venue.enter(
            client_id=wanted.client_id,
            symbol=wanted.symbol,
            side=wanted.side,
            quantity=wanted.quantity,
            kind=wanted.kind,
            limit_price=wanted.limit_price,
            stop_price=wanted.stop_price,
            time_in_force=wanted.time_in_force,
            order_class=wanted.order_class,
            extra=extra,
        )
        for leg in wanted.legs:
            side = order.side if wanted.order_class == "oco" else "sell" if order.side == "buy" else "buy"
            exit_ = self.venue.enter(
                symbol=order.symbol,
                side=side,
                quantity=order.quantity,
                time_in_force=order.time_in_force,
                order_class=order.order_class,
                parent=order.order_id,
                status="held",
                **leg,
            )
            order.legs.append(exit_.order_id)
        if order.legs:
            self.ledger.put(order)
        return order

    # --- Changing -----------------------------------------------------------------------------------------------------

    async def replace(self, request: web.Request) -> web.Response:
        try:
            order = self._find(request)
            changes = self._changes(order, await request.json())
        except Refused as refused:
            return refused.answer
        new = self.venue.replace(order, **changes, pending=self.standin.holds_replaces)
        return web.json_response(self._json(new, nested=self.standin.nests_everywhere))

    def _changes(self, order: StandinOrder, body: dict[str, Any]) -> dict[str, Any]:
        if not order.working or order.status in {"held", "pending_cancel", "pending_replace"}:
            raise Refused(422, UNPROCESSABLE, f'order is already in "{order.status}" state')
        client_id = str(body.get("client_order_id") or "")
        if client_id and self.ledger.by_client(client_id):
            raise Refused(422, BAD, "client_order_id must be unique")
        quantity = decimal_in(body, "qty")
        limit, stop = (checked_price(decimal_in(body, name), name) for name in ("limit_price", "stop_price"))
        if quantity is not None and (quantity % 1 or order.quantity % 1):
            raise Refused(422, UNPROCESSABLE, "qty of fractional orders cannot be changed")
        if quantity is not None and quantity <= order.filled:
            raise Refused(422, UNPROCESSABLE, "qty must be more than what is filled")
        if (limit is not None and order.kind not in LIMITED) or (stop is not None and order.kind not in STOPPED):
            raise Refused(422, UNPROCESSABLE, f"a {order.kind} order does not have this price")
        old = (order.quantity, order.limit_price, order.stop_price)
        if (quantity or old[0], limit or old[1], stop or old[2]) == old and not body.get("time_in_force"):
            raise Refused(422, UNPROCESSABLE, "order parameters are not changed")
        more = {"client_id": client_id, "time_in_force": str(body.get("time_in_force") or "")}
        return {"quantity": quantity, "limit_price": limit, "stop_price": stop, **more}

    async def cancel(self, request: web.Request) -> web.Response:
        try:
            order = self._find(request)
        except Refused as refused:
            return refused.answer
        if not order.working or order.status == "pending_cancel":
            return Refused(422, UNPROCESSABLE, f'order is already in "{order.status}" state').answer
        self._cancel(order)
        return web.Response(status=204)

    def _cancel(self, order: StandinOrder) -> None:
        self.venue.cancel(order, pending=True)
        if not self.standin.holds_cancels:
            self.venue.cancel(order)

    async def cancel_all(self, request: web.Request) -> web.Response:
        answers = []
        for order in list(self.ledger.working()):
            if order.working:
                self._cancel(order)
                answers.append({"id": order.order_id, "status": 200})
        return web.json_response(answers, status=207)

    # --- Reading ------------------------------------------------------------------------------------------------------

    async def one(self, request: web.Request) -> web.Response:
        try:
            order = self._find(request)
        except Refused as refused:
            return refused.answer
        return web.json_response(self._json(order, nested=request.query.get("nested") == "true"))

    async def by_client(self, request: web.Request) -> web.Response:
        client_id = request.query.get("client_order_id", "")
        found = [order for order in self.ledger.by_client(client_id) if self.standin.shown(order)]
        if not found:
            return Refused(404, NOT_FOUND, f"order not found for {client_id}").answer
        return web.json_response(self._json(found[-1], nested=self.standin.nests_everywhere))

    async def listed(self, request: web.Request) -> web.Response:
        query = request.query
        nested = query.get("nested") == "true"
        try:
            found = self._selected(request)
        except ValueError as problem:
            return Refused(422, BAD, str(problem)).answer
        found.sort(key=lambda order: (order.created_at, order.sequence), reverse=query.get("direction") != "asc")
        limit = min(int(query.get("limit", 50)), 500)
        return web.json_response([self._json(order, nested=nested) for order in found[:limit]])

    def _selected(self, request: web.Request) -> list[StandinOrder]:
        query, found = request.query, [one for one in self.ledger.orders.values() if self.standin.shown(one)]
        status = query.get("status", "open")
        if status not in {"open", "closed", "all"}:
            raise ValueError(f"invalid status: {status}")
        if query.get("nested") == "true":
            found = [one for one in found if not one.parent]
        if status != "all":
            found = [one for one in found if self._is_open(one) == (status == "open")]
        if "symbols" in query:
            found = [one for one in found if one.symbol in query["symbols"].split(",")]
        if "side" in query:
            found = [one for one in found if one.side == query["side"]]
        if "after" in query:
            found = [one for one in found if one.created_at > moment(query["after"])]
        if "until" in query:
            found = [one for one in found if one.created_at < moment(query["until"])]
        return found

    def _is_open(self, order: StandinOrder) -> bool:
        """Whether an order, or an exit that hangs on it, still works."""
        return order.working or any(self.ledger.orders[leg].working for leg in order.legs)

    def _find(self, request: web.Request) -> StandinOrder:
        order_id = request.match_info["order_id"]
        order = self.ledger.orders.get(order_id)
        if order is None or (request.method == "GET" and not self.standin.shown(order)):
            raise Refused(404, NOT_FOUND, f"order not found for {order_id}")
        return order

    def _json(self, order: StandinOrder, *, nested: bool) -> dict[str, Any]:
        return order_json(order, self.ledger, self.standin.assets[order.symbol], nested=nested)

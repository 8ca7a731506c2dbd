"""The venue's matching: synchronous, deterministic, first come first served."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from tests.helpers.standins.ledger import MATCHED, ZERO, Execution, Ledger, StandinOrder

Listener = Callable[[str, StandinOrder, Execution | None], None]
_NAMES = uuid.UUID("5f0f3f0a-5f0b-4e36-9d5e-0d8c4d1f6a11")


class Price(NamedTuple):
    """What the market stands at."""

    bid: Decimal
    ask: Decimal


class Venue:
    """Orders in, executions out. Every change is booked in the ledger first, then told to `listener`."""

    def __init__(self, ledger: Ledger, now: Callable[[], int], listener: Listener) -> None:
        self.ledger, self._now, self.listener = ledger, now, listener
        self.prices: dict[str, Price] = {}
        self.halted: set[str] = set()
        self.is_open = True  # False: orders are taken and wait
        self.fee_rate = ZERO  # share of the value, charged in cash
        self.capped: dict[str, Decimal] = {}  # broker id -> quantity that may fill by itself
        self._names = itertools.count(1)
        self._replacing: dict[str, str] = {}  # broker id -> that of the order that waits to take its place

    def new_id(self, kind: str) -> str:
        """Return the next id: the same in every run, different after a restart."""
        return str(uuid.uuid5(_NAMES, f"{self.ledger.starts} {kind} {next(self._names)}"))

    # --- Orders -------------------------------------------------------------------------------------------------------

    def place(
        self,
        *,
        symbol: str,
        side: str,
        quantity: Decimal,
        kind: str = "market",
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
        time_in_force: str = "day",
        client_id: str = "",
        status: str = "new",
        **more: Any,
    ) -> StandinOrder:
        """Take an order; what the market allows fills at once. `more`: other fields of `StandinOrder`."""
        order = self.enter(
            symbol=symbol,
            side=side,
            quantity=quantity,
            kind=kind,
            limit_price=limit_price,
            stop_price=stop_price,
            time_in_force=time_in_force,
            client_id=client_id,
            status=status,
            **more,
        )
        self.match(symbol)
        return order

    def enter(self, *, client_id: str = "", **values: Any) -> StandinOrder:
        """Take an order and leave it unmatched until `match`."""
        order = self._build(client_id, values)
        self._tell(order.status, order)
        return order

    def _build(self, client_id: str, values: dict[str, Any]) -> StandinOrder:
        order_id, now = self.new_id("order"), self._now()
        return StandinOrder(
            order_id=order_id,
            client_id=client_id or self.new_id("client"),
            created_at=now,
            updated_at=now,
            sequence=len(self.ledger.orders) + 1,
            **values,
        )

    def cancel(self, order: StandinOrder, *, pending: bool = False) -> None:
        """Cancel a working order; with `pending` it stays in that state until it is cancelled again."""
        if not order.working:
            raise ValueError(f"{order.client_id} is {order.status}")
        if pending:
            self._tell("pending_cancel", order, status="pending_cancel")
            return
        self._end("canceled", order)

    def set_status(self, order: StandinOrder, status: str) -> None:
        """Say that an order stands otherwise now: suspended, done_for_day, stopped, calculated, accepted ..."""
        self._tell(status, order, status=status)

    def back(self, order: StandinOrder, event: str) -> None:
        """Let a pending change fail: the order works on as before."""
        self._tell(event, order, status="partially_filled" if order.filled else "new")

    def expire(self, order: StandinOrder) -> None:
        self._end("expired", order)

    def reject(self, order: StandinOrder, reason: str) -> None:
        order.reason = reason
        self._end("rejected", order)

    def replace(
        self,
        order: StandinOrder,
        *,
        quantity: Decimal | None = None,
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
        client_id: str = "",
        time_in_force: str = "",
        pending: bool = False,
    ) -> StandinOrder:
        """Put a new order in the place of a working one; what was filled stays with the old one.

        With `pending` both wait for `settle_replace`; when the old one is filled before, the new one is rejected.
        """
        if not order.working:
            raise ValueError(f"{order.client_id} is {order.status}")
        values = {
            "symbol": order.symbol,
            "side": order.side,
            "quantity": quantity or order.quantity,
            "kind": order.kind,
            "limit_price": limit_price or order.limit_price,
            "stop_price": stop_price or order.stop_price,
            "time_in_force": time_in_force or order.time_in_force,
            "order_class": order.order_class,
            "parent": order.parent,
            "legs": list(order.legs),
            "replaces": order.order_id,
            "extra": dict(order.extra),
        }
        new = self._build(client_id, values)
        if pending:
            self._replacing[order.order_id] = new.order_id
            self._tell("pending_replace", order, status="pending_replace")
            self._tell("pending_new", new, status="pending_new")
        else:
            self._settle(order, new)
        return new

    def settle_replace(self, order: StandinOrder) -> None:
        """Let a pending replace come true."""
        self._settle(order, self.ledger.orders[self._replacing.pop(order.order_id)])

    def _settle(self, order: StandinOrder, new: StandinOrder) -> None:
        order.replaced_by, new.quantity = new.order_id, new.quantity - order.filled
        self.ledger.put(new)
        self._tell("replaced", order, status="replaced")
        self._tell("new", new, status="new")
        for leg in new.legs:
            self.ledger.orders[leg].parent = new.order_id
            self.ledger.put(self.ledger.orders[leg])
        parent = self.ledger.orders.get(order.parent)
        if parent is not None:
            parent.legs = [new.order_id if leg == order.order_id else leg for leg in parent.legs]
            self.ledger.put(parent)
        self.match(order.symbol)

    # --- The market ---------------------------------------------------------------------------------------------------

    def price(self, symbol: str, bid: Decimal, ask: Decimal, size: Decimal | None = None) -> None:
        """Move the market and fill what is due, no more than `size` in all."""
        self.prices[symbol] = Price(bid, ask)
        self.match(symbol, size)

    def match(self, symbol: str, size: Decimal | None = None) -> None:
        """Fill every working order of a symbol that the price allows, oldest first."""
        price = self.prices.get(symbol)
        if price is None or symbol in self.halted or not self.is_open:
            return
        for order in list(self.ledger.working()):
            if order.symbol != symbol or not order.working or not self._at_work(order):
                continue
            due = self._due(order, price)
            if due is None:
                continue
            quantity = min(order.remaining, self.capped.get(order.order_id, order.remaining))
            if size is not None:
                quantity = min(quantity, size)
                size -= quantity
            if quantity > 0:
                if order.order_id in self.capped:
                    self.capped[order.order_id] -= quantity
                self.execute(order, quantity, due)

    def _at_work(self, order: StandinOrder) -> bool:
        """Whether an order can trade: exits of a bracket wait for its entry; a pair's stop is held till touched."""
        if order.status != "held":
            return order.status in MATCHED
        parent = self.ledger.orders[order.parent]
        return order.kind != "limit" and (parent.order_class == "oco" or parent.remaining <= 0)

    def _due(self, order: StandinOrder, price: Price) -> Decimal | None:
        """Return the price at which an order trades now; None: it does not."""
        buying = order.side == "buy"
        there = price.ask if buying else price.bid
        if order.kind in {"stop", "stop_limit"} and not order.elected:
            assert order.stop_price is not None
            if (there < order.stop_price) if buying else (there > order.stop_price):
                return None
            order.elected = True
            self._tell("new", order, status="new") if order.status == "held" else self.ledger.put(order)
        if order.limit_price is not None and ((there > order.limit_price) if buying else (there < order.limit_price)):
            return None
        return there

    def fill(self, order: StandinOrder, quantity: Decimal | None = None, price: Decimal | None = None) -> Execution:
        """Fill an order whatever the market says."""
        price = price or order.limit_price
        if price is None:
            market = self.prices[order.symbol]
            price = market.ask if order.side == "buy" else market.bid
        return self.execute(order, order.remaining if quantity is None else quantity, price)

    def execute(self, order: StandinOrder, quantity: Decimal, price: Decimal) -> Execution:
        """Book one execution and tell of it; the end of one leg of a pair cancels the other."""
        order.filled += quantity
        order.value += quantity * price
        fee = quantity * price * self.fee_rate
        order.fees += fee
        signed = quantity if order.side == "buy" else -quantity
        one = Execution(
            execution_id=self.new_id("execution"),
            order_id=order.order_id,
            client_id=order.client_id,
            symbol=order.symbol,
            side=order.side,
            quantity=quantity,
            price=price,
            fee=fee,
            at=self._now(),
            cumulative=order.filled,
            position=self.ledger.position(order.symbol) + signed,
        )
        self.ledger.book(one)
        if order.remaining > 0:
            # A fill after the end of an order is late: it is booked and the end stays.
            self._tell("partial_fill", order, one, status="partially_filled" if order.working else order.status)
        else:
            order.ended_at = one.at
            self._tell("fill", order, one, status="filled")
        self._after_fill(order)
        return one

    def _after_fill(self, order: StandinOrder) -> None:
        if order.remaining <= 0 and order.order_class == "bracket" and not order.parent:
            legs = [self.ledger.orders[leg] for leg in order.legs]
            for leg in legs:
                if leg.status == "held" and leg.kind == "limit":
                    self._tell("new", leg, status="new")
            self.match(order.symbol)
        if order.remaining <= 0 and order.order_id in self._replacing:
            late = self.ledger.orders[self._replacing.pop(order.order_id)]
            self._tell("order_replace_rejected", order)
            self.reject(late, "the order it was to replace is filled")
        for sibling in self._siblings(order):
            if sibling.working and order.remaining <= 0:
                self._end("canceled", sibling)
            elif sibling.working:  # what one exit has sold the other must not sell again
                sibling.quantity = sibling.filled + order.remaining
                self._tell("restated", sibling)

    def _siblings(self, order: StandinOrder) -> list[StandinOrder]:
        """Return the other exit of a pair."""
        if order.order_class not in {"oco", "bracket"}:
            return []
        if order.parent:
            parent = self.ledger.orders[order.parent]
            ids = [*parent.legs, *([parent.order_id] if parent.order_class == "oco" else [])]
        else:
            ids = order.legs if order.order_class == "oco" else []
        return [self.ledger.orders[one] for one in ids if one != order.order_id]

    def _end(self, event: str, order: StandinOrder) -> None:
        order.ended_at = self._now()
        self._tell(event, order, status=event)
        if order.legs and order.filled == 0:
            for leg in order.legs:
                if self.ledger.orders[leg].working:
                    self._end(event, self.ledger.orders[leg])
        elif event != "replaced":
            for sibling in self._siblings(order):
                if sibling.working:
                    self._end("canceled", sibling)

    def _tell(self, event: str, order: StandinOrder, execution: Execution | None = None, *, status: str = "") -> None:
        order.status = status or order.status
        order.updated_at = max(order.updated_at, self._now())
        self.ledger.put(order)
        self.listener(event, order, execution)

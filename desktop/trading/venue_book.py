"""The orders of the simulated exchange: those that work, in the order they were sent, and the last that are done."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from desktop.domain.codec import from_json, to_json
from desktop.domain.fills import OrderReport
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderId, OrderStatus
from desktop.trading.venue_order import Resting

_tuple = tuple.__new__  # makes a named tuple of its values at half the price of calling its class
REMEMBERED = 100  # finished orders whose repetition is answered with what became of them


class Done(NamedTuple):
    """What became of an order."""

    status: OrderStatus
    filled: Decimal
    ordinal: int


class VenueBook:
    """Working orders by id and by symbol, finished ones by id.

    Attributes:
        working: Those that work, in the order they were sent.
        forgotten: The ordinal up to which finished orders are no longer remembered one by one.
    """

    def __init__(self) -> None:
        self.working: dict[OrderId, Resting] = {}
        self._of_symbol: dict[str, dict[OrderId, Resting]] = {}
        self._done: OrderedDict[OrderId, Done] = OrderedDict()  # a plain one looks for its first key ever longer
        self.forgotten = 0

    def of(self, symbol: str) -> Mapping[OrderId, Resting] | None:
        """Return the working orders of a symbol; nothing where there is none."""
        return self._of_symbol.get(symbol)

    def put(self, resting: Resting) -> None:
        order = resting.order
        self.working[order.order_id] = resting
        of_symbol = self._of_symbol.get(order.symbol)
        if of_symbol is None:
            self._of_symbol[order.symbol] = {order.order_id: resting}
        else:
            of_symbol[order.order_id] = resting

    def finish(self, order: Order, status: OrderStatus, filled: Decimal) -> None:
        """Take an order out of the working ones and remember its end."""
        order_id = order.order_id
        if self.working.pop(order_id, None) is not None:
            of_symbol = self._of_symbol[order.symbol]
            if len(of_symbol) == 1:
                del self._of_symbol[order.symbol]
            else:
                del of_symbol[order_id]
        done = self._done
        done[order_id] = _tuple(Done, (status, filled, order.ordinal))
        if len(done) > REMEMBERED:
            oldest = done.popitem(last=False)[1]
            if oldest.ordinal > self.forgotten:
                self.forgotten = oldest.ordinal

    def knows(self, order_id: OrderId) -> bool:
        """Whether an order was sent before, as far as that is remembered."""
        return order_id in self.working or order_id in self._done

    def said(self, order_id: OrderId, at: int) -> OrderReport:
        """Return what is known of an order that was sent before (KeyError: never heard of)."""
        resting = self.working.get(order_id)
        if resting is not None:
            status = OrderStatus.PARTIALLY_FILLED if resting.filled else OrderStatus.NEW
            return OrderReport(order_id, status, at, cumulative=resting.filled)
        done = self._done[order_id]
        return OrderReport(order_id, done.status, at, cumulative=done.filled)

    def snapshot(self) -> dict[str, Any]:
        return {
            "working": [to_json(resting) for resting in self.working.values()],
            "done": [[name, item.status.value, str(item.filled), item.ordinal] for name, item in self._done.items()],
            "forgotten": self.forgotten,
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        self.working, self._of_symbol = {}, {}
        resting: Iterable[Resting] = (from_json(Resting, item) for item in data["working"])
        for item in resting:
            self.put(item)
        self._done = OrderedDict(
            (name, Done(OrderStatus(status), Decimal(filled) or ZERO, ordinal))
            for name, status, filled, ordinal in data["done"]
        )
        self.forgotten = data["forgotten"]

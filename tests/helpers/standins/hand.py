"""What a test does to the venue with its own hands: prices, fills, orders of others, splits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.helpers.standins.ledger import Execution, Ledger, Position, StandinOrder
from tests.helpers.standins.matching import Venue

Number = Decimal | str | int


class ByHand:
    """The part of a stand-in that moves market, orders and holdings; base.py says what each does."""

    ledger: Ledger
    venue: Venue

    def quoted(self, symbol: str) -> None:
        """The price of a symbol moved: say it to streams of market data."""

    def price(self, symbol: str, bid: Number, ask: Number, size: Number | None = None) -> None:
        self.venue.price(symbol, Decimal(bid), Decimal(ask), None if size is None else Decimal(size))
        self.quoted(symbol)

    def fill(self, client_id: str, quantity: Number | None = None, price: Number | None = None) -> Execution:
        part, at = (None if value is None else Decimal(value) for value in (quantity, price))
        return self.venue.fill(self.order(client_id), part, at)

    def order(self, client_id: str) -> StandinOrder:
        found = self.ledger.order(client_id)
        assert found is not None, f"no order {client_id!r} at the venue"
        return found

    def expire(self, client_id: str) -> None:
        self.venue.expire(self.order(client_id))

    def reject(self, client_id: str, reason: str) -> None:
        self.venue.reject(self.order(client_id), reason)

    def set_status(self, client_id: str, status: str) -> None:
        self.venue.set_status(self.order(client_id), status)

    def refuse_cancel(self, client_id: str) -> None:
        self.venue.back(self.order(client_id), "order_cancel_rejected")

    def settle_replace(self, client_id: str) -> None:
        self.venue.settle_replace(self.order(client_id))

    def end_of_day(self) -> None:
        """Day orders expire."""
        for order in self.ledger.working():
            if order.time_in_force == "day" and order.working:
                self.venue.expire(order)

    def place_elsewhere(self, *, symbol: str, side: str, quantity: Number, **more: Any) -> StandinOrder:
        prices = ("limit_price", "stop_price")
        more |= {name: Decimal(more[name]) for name in prices if more.get(name) is not None}
        return self.venue.place(symbol=symbol, side=side, quantity=Decimal(quantity), elsewhere=True, **more)

    def cancel_elsewhere(self, client_id: str) -> None:
        self.venue.cancel(self.order(client_id))

    def hold(self, symbol: str, quantity: Number, average_price: Number) -> None:
        """Let the account hold shares that came by no order."""
        self.ledger.adjust(symbol, Decimal(quantity), Decimal(average_price))

    def halt(self, symbol: str) -> None:
        self.venue.halted.add(symbol)

    def resume(self, symbol: str) -> None:
        self.venue.halted.discard(symbol)
        self.venue.match(symbol)

    def split(self, symbol: str, new: int, old: int = 1) -> None:
        for order in self.ledger.working():
            if order.symbol == symbol and order.working:
                self.venue.cancel(order)
        held, ratio = self.ledger.positions.get(symbol, Position(symbol)), Decimal(new) / Decimal(old)
        self.ledger.adjust(symbol, held.quantity * ratio, held.average_price / ratio)

    def bust(self, execution_id: str) -> Execution:
        return self.ledger.bust(execution_id)

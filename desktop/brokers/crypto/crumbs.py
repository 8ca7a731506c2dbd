"""What fees leave of a lot: too little to be sold, written off when the rest of a holding is sold.

After a purchase whose fee was taken in the coin, a holding is no whole number of lots. A sale of all of it sells the
whole lots; the crumb stays at the exchange, and is told as sold for nothing but its own cost: cash is right, the
session is flat, and the crumb counts as a cost of the trade. From then on it is left out of the account's positions,
so that it is no difference that nobody can explain. Crumbs are kept in a file; without it they are a small difference
that the user is asked about once.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderId, Side


@dataclass(frozen=True, slots=True)
class Crumb:
    """One crumb.

    Attributes:
        symbol: The pair.
        quantity: Units, less than a lot.
        price: What the rest was sold for; 0: the order is not complete.
        at: µs UTC, when it was.
    """

    symbol: str
    quantity: Decimal
    price: Decimal = ZERO
    at: int = 0


class Crumbs:
    """The crumbs of one account, by the order that left them.

    Attributes:
        unsaved: Something changed since the last `save`.
    """

    def __init__(self, path: Path | None) -> None:
        self._path, self._read = path, path is None
        self._by_order: dict[OrderId, Crumb] = {}
        self.unsaved = False

    def load(self) -> None:
        """Read the file, once; blocks."""
        if self._read or self._path is None:
            return
        self._read = True
        with suppress(OSError, ValueError, ArithmeticError, KeyError, TypeError):
            held = json.loads(self._path.read_text(encoding="utf-8"))
            for order_id, row in held.items():
                crumb = Crumb(str(row["symbol"]), Decimal(row["quantity"]), Decimal(row["price"]), int(row["at"]))
                self._by_order.setdefault(order_id, crumb)

    def save(self) -> None:
        """Write the file; blocks."""
        if self._path is None or not self.unsaved:
            return
        self.unsaved = False
        rows = {order_id: asdict(crumb) for order_id, crumb in self._by_order.items()}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_suffix(f".{os.getpid()}.part")
            partial.write_text(json.dumps(rows, default=str), encoding="utf-8")
            partial.replace(self._path)

    def plan(self, order_id: OrderId, symbol: str, quantity: Decimal) -> None:
        """Remember what a sale that is about to be sent leaves."""
        if quantity > ZERO:
            self._by_order[order_id] = Crumb(symbol, quantity)
            self.unsaved = True

    def settle(self, order_id: OrderId, price: Decimal, at: int) -> None:
        """Write a crumb off: the rest of its holding is sold."""
        crumb = self._by_order.get(order_id)
        if crumb is not None and not crumb.at and price > ZERO:
            self._by_order[order_id] = replace(crumb, price=price, at=at)
            self.unsaved = True

    def of(self, order_id: OrderId) -> Decimal:
        """Return what an order leaves, units."""
        crumb = self._by_order.get(order_id)
        return ZERO if crumb is None else crumb.quantity

    def total(self, symbol: str) -> Decimal:
        """Return what was written off of a pair's coin, units."""
        return sum((one.quantity for one in self._by_order.values() if one.at and one.symbol == symbol), ZERO)

    def fill(self, order_id: OrderId) -> Fill | None:
        """Return a crumb that was written off as the execution that it is told as."""
        crumb = self._by_order.get(order_id)
        if crumb is None or not crumb.at:
            return None
        cost = crumb.quantity * crumb.price
        return Fill(f"crumb-{order_id}", order_id, crumb.symbol, Side.SELL, crumb.quantity, crumb.price, cost, crumb.at)

    def fills(self, since: int, symbol: str) -> list[Fill]:
        """Return what was written off of a pair since a time, µs UTC."""
        wanted = [key for key, one in self._by_order.items() if one.symbol == symbol and one.at >= max(1, since)]
        return [fill for fill in map(self.fill, wanted) if fill is not None]

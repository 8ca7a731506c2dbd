"""An order at the simulated venue: part of a snapshot, so its fields are read by their types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, Side, TimeInForce

NO_BAR = -1
_BUY = Side.BUY  # a name costs a tenth of a look into the enumeration, and this runs with every order


@dataclass(slots=True)
class Resting:
    """An order at the simulated venue and how far it has come."""

    order: Order
    quantity: Decimal
    limit: Decimal | None  # on the tick, never worse than the order's own
    stop: Decimal | None
    ready_at: int  # µs UTC at which it reaches the market
    day: int  # trading day it belongs to
    born_bar: int = NO_BAR  # start of the bar it was sent in, after that bar's open
    filled: Decimal = ZERO
    fills: int = 0
    changes: int = 0
    elected: bool = False  # its stop was touched: it is a market or limit order from now on
    met: bool = False  # it has met a price of the market
    used_bar: int = NO_BAR  # the bar whose volume it has used
    used: Decimal = ZERO  # units of that bar's volume

    @property
    def buys(self) -> bool:
        return self.order.side is _BUY

    @property
    def remaining(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def waits_for_stop(self) -> bool:
        return self.stop is not None and not self.elected

    def is_over(self, day: int, *, waits: bool = False) -> bool:
        """Whether the order ends before trading day `day`; a market order that met no price yet waits for the next.

        Args:
            day: The trading day that is now.
            waits: Any order does: prices come once a day or less often, so its day is that of the next one.
        """
        if self.order.time_in_force is not TimeInForce.DAY or day <= self.day:
            return False
        return self.met or not (waits or self.order.kind is OrderKind.MARKET)

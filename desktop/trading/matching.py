"""Where a resting order meets the market: pure functions of an order, a bar or a quote. A result is the price before costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, Side


@dataclass(slots=True)
class Resting:
    """An order at the simulated venue and how far it has come."""

    order: Order
    quantity: Decimal
    limit: Decimal | None
    stop: Decimal | None
    ready_at: int  # µs UTC at which it reaches the market
    day: int  # trading day it belongs to
    filled: Decimal = ZERO
    fills: int = 0
    elected: bool = False  # its stop was touched: it is a market or limit order from now on
    bar_start: int = -1  # the bar whose volume it has used
    used: Decimal = ZERO  # units of that bar's volume

    @property
    def buys(self) -> bool:
        return self.order.side is Side.BUY

    @property
    def remaining(self) -> Decimal:
        return self.quantity - self.filled

    @property
    def waits_for_stop(self) -> bool:
        return self.stop is not None and not self.elected

    @property
    def at_market(self) -> bool:
        """Whether it takes whatever price there is."""
        return self.limit is None and not self.waits_for_stop


def at_open(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    """Return the price at which an order fills at the bar's open; elects stops that the open gapped through."""
    price = instrument.price(bar.open)
    if resting.waits_for_stop and _stop_touched(resting, price, price):
        resting.elected = True
    if resting.waits_for_stop:
        return None
    return price if resting.limit is None or _within(resting, price) else None


def inside(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    """Return the price at which an order fills after the open: its stop, or its limit.

    A market order that is left over waits for the next open: nothing says what it would get inside the bar.
    """
    low, high = instrument.price(bar.low), instrument.price(bar.high)
    if resting.waits_for_stop:
        if not _stop_touched(resting, high, low):
            return None
        resting.elected = True
        stop = resting.stop
        if resting.limit is None:
            return stop
        return stop if stop is not None and _within(resting, stop) else None
    if resting.limit is None:
        return None
    reached = low <= resting.limit if resting.buys else high >= resting.limit
    return resting.limit if reached else None


def in_passing_bar(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    """Return the price of an order born of a trigger inside this bar: its level, or the open where that gapped beyond."""
    opened = instrument.price(bar.open)
    if resting.stop is not None:
        resting.elected = True
        level = resting.stop
        return max(opened, level) if resting.buys else min(opened, level)
    if resting.limit is not None:
        return min(opened, resting.limit) if resting.buys else max(opened, resting.limit)
    return opened


def on_quote(resting: Resting, instrument: Instrument, quote: Quote) -> Decimal | None:
    """Return the price at which an order fills on a quote: the ask for a buyer, the bid for a seller."""
    price = instrument.price(quote.ask if resting.buys else quote.bid)
    if resting.waits_for_stop:
        if not _stop_touched(resting, price, price):
            return None
        resting.elected = True
    return price if resting.limit is None or _within(resting, price) else None


def _stop_touched(resting: Resting, high: Decimal, low: Decimal) -> bool:
    stop = resting.stop
    return stop is not None and (high >= stop if resting.buys else low <= stop)


def _within(resting: Resting, price: Decimal) -> bool:
    limit = resting.limit
    return limit is None or (price <= limit if resting.buys else price >= limit)


def stops_first(resting: Resting) -> int:
    """Sort key: inside a bar what protects comes before what takes profit."""
    return 0 if resting.order.kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) else 1

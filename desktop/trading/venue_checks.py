"""What the simulated exchange refuses, each in one sentence; an empty text lets it pass."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind
from desktop.trading.exact import EXACT
from desktop.trading.venue_order import Resting

LIMITED = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
STOPPED = frozenset({OrderKind.STOP, OrderKind.STOP_LIMIT})
_MARKET = OrderKind.MARKET
_remainder = EXACT.remainder


def order_problem(order: Order, instrument: Instrument | None) -> str:
    """Return why a new order cannot work."""
    if instrument is None:
        return f"The simulated venue does not trade {order.symbol}."
    if order.quantity <= ZERO or _remainder(order.quantity, instrument.lot):
        return f"The quantity must be above zero and a multiple of {instrument.lot:f}."
    if order.kind is _MARKET:
        return ""
    for kinds, price, name in ((LIMITED, order.limit_price, "limit"), (STOPPED, order.stop_price, "stop")):
        if order.kind not in kinds:
            continue
        if price is None:
            return f"A {order.kind.value} order needs a {name} price."
        if price <= ZERO and not instrument.allows_negative:
            return f"The {name} price must be above zero."
    return ""


def replace_problem(
    resting: Resting,
    instrument: Instrument,
    quantity: Decimal | None,
    limit: Decimal | None,
    stop: Decimal | None,
) -> str:
    """Return why a working order cannot be changed so."""
    if quantity is not None and (quantity <= resting.filled or EXACT.remainder(quantity, instrument.lot)):
        return f"The new quantity must be above the {resting.filled:f} filled, in steps of {instrument.lot:f}."
    if limit is not None and resting.limit is None:
        return f"A {resting.order.kind.value} order has no limit price."
    if stop is not None and not resting.waits_for_stop:
        return "The order has no stop price that still waits."
    if not instrument.allows_negative and any(price is not None and price <= ZERO for price in (limit, stop)):
        return "A price must be above zero."
    return ""

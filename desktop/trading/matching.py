"""Where an order meets the market: pure functions of an order, a bar or a quote.

A result is the price before slippage and impact, on the tick and rounded against the trader; None: no fill here.
"""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote
from desktop.domain.money import decimal_of
from desktop.domain.orders import OrderKind, Side
from desktop.trading.venue_order import Resting

_BUY = Side.BUY  # a name costs a tenth of a look into the enumeration, and this runs with every order


def against(instrument: Instrument, price: Decimal, *, buys: bool) -> Decimal:
    """Return a price on the tick, rounded against the trader."""
    return instrument.price_up(price) if buys else instrument.price_down(price)


def limit_on_tick(instrument: Instrument, limit: Decimal, *, buys: bool) -> Decimal:
    """Return a limit on the tick that is never worse than the one asked for."""
    return instrument.price_down(limit) if buys else instrument.price_up(limit)


def at_price(resting: Resting, instrument: Instrument, value: float) -> Decimal | None:
    """Return the fill at a price that is there now (an open, one side of a quote); elects a stop that it reaches."""
    resting.met = True
    observed = decimal_of(value)
    if resting.stop is not None and not resting.elected:
        if not _reaches_stop(resting, observed):
            return None
        resting.elected = True
    price = instrument.price_up(observed) if resting.order.side is _BUY else instrument.price_down(observed)
    return price if resting.limit is None or _within_limit(resting, price) else None


def on_quote(resting: Resting, instrument: Instrument, quote: Quote) -> Decimal | None:
    """Return the fill on a quote: the ask for a buyer, the bid for a seller."""
    return at_price(resting, instrument, quote.ask if resting.buys else quote.bid)


def inside(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    """Return the fill after the open: a stop at its stop price, a limit at its limit.

    A market order, or what is left of one, waits for the next open: nothing says what it would get inside the bar.
    """
    if resting.born_bar == bar.start:
        return None
    if resting.waits_for_stop:
        return _stop_inside(resting, instrument, bar)
    if resting.limit is None:
        return None
    return _limit_inside(resting, instrument, bar)


def in_passing_bar(resting: Resting, instrument: Instrument, bar: Bar, *, since_open: bool) -> Decimal | None:
    """Return the fill of an order born of a trigger inside this bar.

    Args:
        resting: The order.
        instrument: What it trades.
        bar: The bar that passes.
        since_open: The trigger was armed at the open: beyond its level there, the open is the price.
    """
    opened = against(instrument, decimal_of(bar.open), buys=resting.buys)
    if resting.waits_for_stop:
        price = _stop_inside(resting, instrument, bar)
        if price is None or not since_open:
            return price
        worse = max(opened, price) if resting.buys else min(opened, price)
        return worse if _within_limit(resting, worse) else None
    if resting.limit is None:
        return None
    price = _limit_inside(resting, instrument, bar)
    if price is None or not since_open:
        return price
    return min(opened, price) if resting.buys else max(opened, price)


def _stop_inside(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    stop, buys = resting.stop, resting.buys
    if stop is None or not _reaches_stop(resting, decimal_of(bar.high if buys else bar.low)):
        return None
    resting.elected = resting.met = True
    reached = max(stop, decimal_of(bar.low)) if buys else min(stop, decimal_of(bar.high))
    price = against(instrument, reached, buys=buys)
    return price if _within_limit(resting, price) else None  # else it rests from the next bar on: the way is not known


def _limit_inside(resting: Resting, instrument: Instrument, bar: Bar) -> Decimal | None:
    limit, buys = resting.limit, resting.buys
    if limit is None:
        return None
    low, high = decimal_of(bar.low), decimal_of(bar.high)
    resting.met = True
    if buys:
        return min(limit, instrument.price_up(high)) if low <= limit else None
    return max(limit, instrument.price_down(low)) if high >= limit else None


def _reaches_stop(resting: Resting, price: Decimal) -> bool:
    stop = resting.stop
    return stop is not None and (price >= stop if resting.buys else price <= stop)


def _within_limit(resting: Resting, price: Decimal) -> bool:
    limit = resting.limit
    return limit is None or (price <= limit if resting.buys else price >= limit)


def stops_first(resting: Resting) -> int:
    """Sort key: inside a bar what protects comes before what takes profit."""
    return 0 if resting.order.kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) else 1

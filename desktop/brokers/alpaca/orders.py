"""An order as Alpaca wants to be asked for it; what it would refuse is refused here, with a sentence."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from desktop.brokers.alpaca.wire import KINDS, TIMES_IN_FORCE, is_crypto, number_text
from desktop.domain.broker import Pair
from desktop.domain.broker_errors import OrderRefused
from desktop.domain.money import ONE, ZERO
from desktop.domain.orders import Order, OrderKind, Side, TimeInForce

NOT_SENT = "not sent"  # code of an order that Alpaca never saw
DECIMALS_OF_SHARES = 9
LONGEST_ID = 128
_CHANGE = re.compile(r"\.c(\d{1,6})$")


def request_of(order: Order, pair: Pair | None = None) -> dict[str, Any]:
    """Return the body that places an order.

    Raises:
        OrderRefused: Alpaca takes no such order; nothing was sent.
    """
    body: dict[str, Any] = {
        "symbol": order.symbol,
        "qty": number_text(order.quantity),
        "side": "buy" if order.side is Side.BUY else "sell",
        "type": KINDS[OrderKind.LIMIT if pair is not None else order.kind],
        "time_in_force": TIMES_IN_FORCE[_time_in_force(order)],
        "client_order_id": order.order_id,
        "extended_hours": False,
    }
    _check_quantity(order)
    if pair is not None:
        return body | _pair(order, pair)
    if is_crypto(order.symbol):
        _check_crypto(order)
    for name, price, kinds in (
        ("limit_price", order.limit_price, (OrderKind.LIMIT, OrderKind.STOP_LIMIT)),
        ("stop_price", order.stop_price, (OrderKind.STOP, OrderKind.STOP_LIMIT)),
    ):
        if order.kind in kinds:
            body[name] = number_text(_checked(order, name, price))
    return body


def change_of(
    order: Order, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None, *, client_id: str
) -> dict[str, Any]:
    """Return the body that changes a working order.

    Raises:
        OrderRefused: Alpaca does not change it so; nothing was sent.
    """
    body: dict[str, Any] = {"client_order_id": client_id}
    if quantity is not None:
        if not is_crypto(order.symbol) and (_is_fraction(quantity) or _is_fraction(order.quantity)):
            raise not_sent(order, "Alpaca changes the quantity of whole shares only. Cancel it and place a new one.")
        if quantity <= ZERO:
            raise not_sent(order, "the quantity must be above zero.")
        body["qty"] = number_text(quantity)
    for name, price in (("limit_price", limit_price), ("stop_price", stop_price)):
        if price is not None:
            body[name] = number_text(_checked(order, name, price))
    return body


def own_id(client_id: str) -> str:
    """Return the client order id that a changed order was placed under first."""
    return _CHANGE.sub("", client_id)


def next_change(client_id: str) -> str:
    """Return the client order id of the next change: Alpaca wants a new one for what replaces an order."""
    found = _CHANGE.search(client_id)
    return f"{own_id(client_id)}.c{int(found.group(1)) + 1 if found else 1}"


def _time_in_force(order: Order) -> TimeInForce:
    """Return how long it works there.

    A market order fills at once: for a pair of currencies Alpaca knows no day, for a fraction of a share only the day
    (one that comes while the market is closed waits for the next).
    """
    if order.kind is OrderKind.MARKET:
        if is_crypto(order.symbol):
            return TimeInForce.GTC
        if _is_fraction(order.quantity):
            return TimeInForce.DAY
    return order.time_in_force


def _check_quantity(order: Order) -> None:
    if order.quantity <= ZERO:
        raise not_sent(order, "the quantity must be above zero.")
    if len(order.order_id) > LONGEST_ID:
        raise not_sent(order, f"its id is longer than {LONGEST_ID} characters.")
    if is_crypto(order.symbol) or not _is_fraction(order.quantity):
        return
    if _decimals(order.quantity) > DECIMALS_OF_SHARES:
        raise not_sent(order, f"a quantity has at most {DECIMALS_OF_SHARES} decimals.")
    if _time_in_force(order) is not TimeInForce.DAY:
        raise not_sent(order, "fractions of a share are traded with orders for the day only.")


def _check_crypto(order: Order) -> None:
    if order.kind is OrderKind.STOP:
        raise not_sent(order, "there is no plain stop order for a pair of currencies; a stop-limit order is possible.")
    if _time_in_force(order) is not TimeInForce.GTC:
        raise not_sent(order, "orders for a pair of currencies are good till cancelled, not for the day.")


def _pair(order: Order, pair: Pair) -> dict[str, Any]:
    """Return what makes two exits of an order: Alpaca takes the take-profit as the order, the stop as its leg."""
    if is_crypto(order.symbol):
        raise not_sent(order, "two exits cannot rest together for a pair of currencies.")
    if order.side is not Side.SELL:
        raise not_sent(order, "two exits that rest together sell.")
    if _is_fraction(order.quantity):
        raise not_sent(order, "two exits cannot rest together for a fraction of a share.")
    take_profit = _checked(order, "take_profit", pair.take_profit)
    stop_loss = _checked(order, "stop_loss", pair.stop_loss)
    if stop_loss >= take_profit:
        raise not_sent(order, "the stop-loss has to be below the take-profit.")
    return {
        "type": "limit",
        "order_class": "oco",
        "take_profit": {"limit_price": number_text(take_profit)},
        "stop_loss": {"stop_price": number_text(stop_loss)},
    }


def _checked(order: Order, name: str, price: Decimal | None) -> Decimal:
    word = name.replace("_", " ")
    if price is None or price <= ZERO:
        raise not_sent(order, f"the {word} must be above zero.")
    most = 9 if is_crypto(order.symbol) else 2 if price >= ONE else 4
    if _decimals(price) > most:
        raise not_sent(order, f"the {word} {price} has more than the {most} decimals that Alpaca takes there.")
    return price


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_fraction(quantity: Decimal) -> bool:
    return _decimals(quantity) > 0


def not_sent(order: Order, why: str) -> OrderRefused:
    """Return the error for an order that Alpaca never sees; `why` is a sentence."""
    return OrderRefused(f"{order.symbol}: Alpaca would refuse this order: {why} Nothing was sent.", code=NOT_SENT)

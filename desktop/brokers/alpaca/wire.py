"""Alpaca's words and numbers: Decimal in strings, its names for sides, kinds and states, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from desktop.domain.broker_errors import BrokerFault
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, OrderStatus, Side, TimeInForce
from desktop.net.alpaca_api import pair_symbol
from desktop.net.moments import moment

_S = OrderStatus

#: Every state that Alpaca documents. "held" is a leg that waits for its sibling; "accepted" may last all night.
STATUSES: Mapping[str, OrderStatus] = MappingProxyType(
    {
        "new": _S.NEW,
        "accepted": _S.NEW,
        "accepted_for_bidding": _S.NEW,
        "held": _S.NEW,
        "stopped": _S.NEW,  # a trade is promised and has not happened
        "pending_new": _S.PENDING_NEW,
        "partially_filled": _S.PARTIALLY_FILLED,
        "filled": _S.FILLED,
        "done_for_day": _S.DONE_FOR_DAY,
        "calculated": _S.DONE_FOR_DAY,  # filled or done for the day, settlement is still computed
        "canceled": _S.CANCELED,
        "expired": _S.EXPIRED,
        "rejected": _S.REJECTED,
        "suspended": _S.SUSPENDED,
        "pending_cancel": _S.PENDING_CANCEL,
        "pending_replace": _S.PENDING_REPLACE,
        "replaced": _S.PENDING_REPLACE,  # its successor carries on; by itself it is neither open nor done
    }
)

#: What an event says of its order where the order that comes with it does not say so itself.
EVENTS: Mapping[str, OrderStatus] = MappingProxyType(
    {
        "new": _S.NEW,
        "accepted": _S.NEW,
        "pending_new": _S.PENDING_NEW,
        "fill": _S.FILLED,
        "partial_fill": _S.PARTIALLY_FILLED,
        "canceled": _S.CANCELED,
        "expired": _S.EXPIRED,
        "done_for_day": _S.DONE_FOR_DAY,
        "replaced": _S.PENDING_REPLACE,
        "rejected": _S.REJECTED,
        "pending_cancel": _S.PENDING_CANCEL,
        "pending_replace": _S.PENDING_REPLACE,
        "stopped": _S.NEW,
        "calculated": _S.DONE_FOR_DAY,
        "suspended": _S.SUSPENDED,
        "held": _S.NEW,
        "restated": _S.NEW,
        "order_replace_rejected": _S.NEW,
        "order_cancel_rejected": _S.NEW,
        "trade_bust": _S.PARTIALLY_FILLED,
    }
)
BUST_EVENT = "trade_bust"  # the market took an execution back
FILL_EVENTS = frozenset({"fill", "partial_fill"})
REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "order_replace_rejected": "Alpaca did not change the order",
        "order_cancel_rejected": "Alpaca did not cancel the order",
    }
)

KINDS: Mapping[OrderKind, str] = MappingProxyType(
    {
        OrderKind.MARKET: "market",
        OrderKind.LIMIT: "limit",
        OrderKind.STOP: "stop",
        OrderKind.STOP_LIMIT: "stop_limit",
    }
)
TIMES_IN_FORCE: Mapping[TimeInForce, str] = MappingProxyType({TimeInForce.DAY: "day", TimeInForce.GTC: "gtc"})
_KIND_OF = {text: kind for kind, text in KINDS.items()} | {"trailing_stop": OrderKind.STOP}


def status_of(text: object, filled: Decimal = ZERO, quantity: Decimal | None = None) -> OrderStatus:
    """Return our word for a state of Alpaca's; UNKNOWN, which changes nothing, for one that it does not document.

    Args:
        text: Alpaca's word.
        filled: Quantity filled so far: a working order with some is partly filled.
        quantity: Of the whole order, where it is known.
    """
    status = STATUSES.get(str(text), _S.UNKNOWN)
    if text == "calculated" and quantity is not None and filled >= quantity > ZERO:
        return _S.FILLED
    if status is _S.NEW and filled > ZERO:
        return _S.PARTIALLY_FILLED
    return status


def state_after(event: str) -> str:
    """Return Alpaca's word for the state that an event leads to: for an order that states none that is known."""
    status = EVENTS[event]
    return next(text for text, known in STATUSES.items() if known is status)


def kind_of(text: object) -> OrderKind:
    """Return the kind of an order, also of one placed elsewhere: what is none of ours is shown as the nearest."""
    return _KIND_OF.get(str(text), OrderKind.MARKET)


def side_of(text: object) -> Side:
    """Return the side: buy, sell or sell_short, in whatever letters."""
    return Side.SELL if str(text).lower().startswith("sell") else Side.BUY


def time_in_force_of(text: object) -> TimeInForce:
    """Return how long an order works: what ends with the day or sooner is DAY."""
    return TimeInForce.GTC if text == "gtc" else TimeInForce.DAY


def number(value: object) -> Decimal | None:
    """Return a number from the wire exactly; None: there is none.

    Raises:
        BrokerFault: what stands there is no number.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite():
            return found
    raise BrokerFault(f"Alpaca sent {str(value)[:40]!r} where a number belongs. Nothing was changed by it.")


def number_or_zero(value: object) -> Decimal:
    """Return a number from the wire; 0 where there is none."""
    return number(value) or ZERO


def number_text(value: Decimal) -> str:
    """Return a number for the wire: every digit, no exponent, no zeros behind the last digit."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def time_of(value: object) -> int | None:
    """Return µs UTC of a time from the wire; None: there is none, or it cannot be read."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return moment(value)
    except ValueError:
        return None


def field(data: Mapping[str, Any], name: str) -> str:
    """Return a field that has to be there (BrokerFault: it is not)."""
    value = data.get(name)
    if isinstance(value, str) and value:
        return value
    raise BrokerFault(f"An answer of Alpaca has no {name}. Nothing was changed by it.")


def is_crypto(symbol: str) -> bool:
    """Whether a symbol is a pair of currencies as Alpaca writes them: BTC/USD."""
    return "/" in symbol


def symbol_of(data: Mapping[str, Any]) -> str:
    """Return the symbol as it is ordered."""
    symbol = field(data, "symbol")
    return pair_symbol(symbol) if data.get("asset_class") == "crypto" else symbol

"""An order that is wanted: part of a snapshot, so its fields are read by their types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.orders import OrderId, OrderKind, Purpose, Side, TimeInForce
from desktop.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order that is wanted, before any check: what the risk gate judges and the book makes an intent of."""

    symbol: str
    side: Side
    purpose: Purpose
    quantity: Decimal
    kind: OrderKind = OrderKind.MARKET
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    price: Decimal | None = None  # the price the wish was born at; None: that of now
    stop: Decimal | None = None  # price of the protective stop that goes with an entry
    signal_id: str = ""
    trigger_id: str = ""
    confirmed: bool = False
    replaces: OrderId = ""  # the order whose reservation it takes over

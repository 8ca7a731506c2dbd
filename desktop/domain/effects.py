"""What comes out of a session core: facts to store and tell, and requests to a broker."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.events import Fact
from desktop.domain.orders import Order, OrderId
from desktop.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class SubmitOrder:
    """Send this order; its intent is a fact before it in the same list and must be durable first."""

    order: Order
    within_bar: bool = False  # a trigger fired inside the bar that is passing: a simulated venue fills it in that bar


@quick
@dataclass(frozen=True, slots=True)
class CancelAtBroker:
    """Ask the broker to cancel."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ReplaceAtBroker:
    """Ask the broker to change a working order."""

    order_id: OrderId
    quantity: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None


BrokerRequest = SubmitOrder | CancelAtBroker | ReplaceAtBroker
Effect = Fact | BrokerRequest

BROKER_REQUESTS = (SubmitOrder, CancelAtBroker, ReplaceAtBroker)

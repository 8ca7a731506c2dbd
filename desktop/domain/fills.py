"""Executions, and what brokers report about orders."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.money import ZERO
from desktop.domain.orders import OrderId, OrderStatus, Side
from desktop.domain.quick import quick

#: Begins the id of an execution that takes another back (a busted trade): the rest is the id of the one it reverses.
BUSTED = "bust:"


@quick
@dataclass(frozen=True, slots=True)
class Fill:
    """One execution of all or part of an order, as the broker reported it."""

    execution_id: str  # unique per account: the fold books each once
    order_id: OrderId
    symbol: str
    side: Side
    quantity: Decimal  # units of the instrument; always positive
    price: Decimal  # per unit, in the instrument's currency
    fee: Decimal
    at: int  # µs UTC, the broker's execution time
    slippage: Decimal = ZERO  # per unit, what the price was worse than the quoted one; for the record only
    bar_start: int = 0  # µs UTC, start of the bar it happened in (equals `at` where there are no bars)

    @property
    def cash_flow(self) -> Decimal:
        """Change in cash after the fee: negative when buying."""
        gross = self.price * self.quantity
        return (gross if self.side is Side.SELL else -gross) - self.fee


@quick
@dataclass(frozen=True, slots=True)
class OrderReport:
    """What a broker says of an order: a status, an execution, or both, in any order and as often as it likes."""

    order_id: OrderId
    status: OrderStatus
    at: int  # µs UTC
    fill: Fill | None = None
    cumulative: Decimal | None = None  # quantity filled so far, where the broker says so
    broker_order_id: str = ""
    reason: str = ""
    quantity: Decimal | None = None  # after a replace
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None

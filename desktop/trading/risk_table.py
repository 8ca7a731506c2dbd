"""What a check of the risk gate sees and says, and which checks an order has to be asked at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from desktop.domain.errors import UserMistake
from desktop.domain.orders import Purpose, Side
from desktop.domain.risk import OUTCOMES, Check, Outcome, RiskLimits
from desktop.trading.marks import Mark
from desktop.trading.order_request import OrderRequest

ALWAYS = "always"  # the name of hours without a closing


@dataclass(frozen=True, slots=True)
class Finding:
    """What a failed check saw: its value, its limit, and a sentence."""

    value: str
    limit: str
    sentence: str
    error: UserMistake | None = None  # the typed error for a user who asked


@dataclass(slots=True)
class Case:
    """One request with the mark of its symbol, and what it is counted at.

    Attributes:
        request: The order that is wanted.
        mark: Of its symbol.
        price: Per unit.
        unit_cash: What one unit takes off the cash: its price and fee for a buy, nothing for a sell.
    """

    request: OrderRequest
    mark: Mark
    price: Decimal
    unit_cash: Decimal


Find: TypeAlias = Callable[[Case], Finding | None]

_LIMIT_OF = {
    Check.DAILY_LOSS: "max_daily_loss",
    Check.POSITIONS: "max_positions",
    Check.SIZE: "max_position_size",
    Check.RISK: "max_risk_per_trade",
    Check.ALLOCATION: "max_allocation",
    Check.ORDER_VALUE: "max_order_value",
    Check.ORDER_RATE: "max_orders_per_minute",
    Check.COLLAR: "price_collar",
}
_BUYS_ONLY = frozenset({Check.POSITIONS, Check.SIZE, Check.RISK, Check.ALLOCATION, Check.CASH, Check.CONFLICT})
_SELLS_ONLY = frozenset({Check.POSITION})


def relevant(
    table: Sequence[tuple[Check, Find]], purpose: Purpose, side: Side, limits: RiskLimits, *, always: bool
) -> tuple[tuple[Check, Find, Outcome], ...]:
    """Return the checks that can say anything to an order, each with what it then does to it (K1a).

    One whose limit is off, or which lets such an order pass whatever it finds, is left out; the stale quote stays, for
    it warns.

    Args:
        table: All checks in the order in which they are asked.
        purpose: Of the order.
        side: Likewise.
        limits: In force.
        always: No market of the session ever closes.
    """
    off = {check for check, name in _LIMIT_OF.items() if getattr(limits, name) is None}
    off.update(_BUYS_ONLY if side is Side.SELL else _SELLS_ONLY)
    if always:
        off.add(Check.HOURS)
    return tuple(
        (check, find, OUTCOMES[check][purpose])
        for check, find in table
        if check not in off and (check is Check.STALE or OUTCOMES[check][purpose] is not Outcome.PASS)
    )

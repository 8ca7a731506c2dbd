"""What an order is expected to cost beyond its price: fee and mean slippage, and what is lost if its stop is hit."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from desktop.domain.money import HUNDRED, ZERO, percent_of
from desktop.domain.orders import OrderKind
from desktop.domain.sessions import FillSettings


class Costs(TypedDict):
    """The money fields of a signal."""

    estimated_cost: Decimal
    estimated_fee: Decimal
    estimated_slippage: Decimal
    loss_at_stop: Decimal | None


def expected_fee(fills: FillSettings, value: Decimal) -> Decimal:
    """Return the fee of an execution worth `value`, in the same currency."""
    return percent_of(fills.fee_percent, value)


def expected_slippage(fills: FillSettings, value: Decimal, kind: OrderKind = OrderKind.MARKET) -> Decimal:
    """Return the mean slippage of an execution worth `value`; a limit order fills at its limit or better."""
    return ZERO if kind is OrderKind.LIMIT else percent_of(fills.slippage_mean_bp / HUNDRED, value)


def loss_at_stop(
    fills: FillSettings, quantity: Decimal, price: Decimal, stop: Decimal, kind: OrderKind = OrderKind.MARKET
) -> Decimal:
    """Return the money lost if `quantity` is bought at `price` and sold at `stop`.

    Fees of both ways and the mean slippage count: of the entry by its `kind`, of the stop as of a market order.
    """
    paid, brought = quantity * price, quantity * stop
    entry = expected_fee(fills, paid) + expected_slippage(fills, paid, kind)
    leave = expected_fee(fills, brought) + expected_slippage(fills, brought)
    return paid - brought + entry + leave


def costs_of(fills: FillSettings, kind: OrderKind, quantity: Decimal, price: Decimal, stop: Decimal | None) -> Costs:
    """Return what an order at `price` per unit is expected to cost; `stop` is that of an entry."""
    value = quantity * price
    return {
        "estimated_cost": value,
        "estimated_fee": expected_fee(fills, value),
        "estimated_slippage": expected_slippage(fills, value, kind),
        "loss_at_stop": None if stop is None else loss_at_stop(fills, quantity, price, stop, kind),
    }

"""How many units an entry buys (P3): floored to the lot, capped by the position limit and the free cash."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.strategies import Sizing, SizingKind


def suggested_quantity(
    sizing: Sizing,
    *,
    equity: Decimal,
    price: Decimal,
    cap_percent: Decimal | None,
    stop_price: Decimal | None,
    instrument: Instrument,
    free_cash: Decimal,
    fee_percent: Decimal = ZERO,
) -> Decimal:
    """Return the quantity of an entry; zero: too small to trade, or nothing to size by.

    Args:
        sizing: Kind and value.
        equity: Money of the session at this instant.
        price: What a unit costs.
        cap_percent: Largest position in per cent of equity; None: no cap.
        stop_price: Where the protective stop will be; risk per trade needs it.
        instrument: Lot size.
        free_cash: Money that no open order holds back. A fixed quantity is not lowered to it: the cash check says so.
        fee_percent: Fee in per cent of the value.
    """
    if price <= ZERO or equity <= ZERO:
        return ZERO
    if sizing.kind is SizingKind.FIXED_QUANTITY:
        return instrument.quantity(sizing.value)
    if sizing.kind is SizingKind.FIXED_MONEY:
        wanted = sizing.value / price
    elif sizing.kind is SizingKind.RISK_PER_TRADE:
        if stop_price is None or stop_price >= price:
            return ZERO
        wanted = equity * sizing.value / HUNDRED / (price - stop_price)
    else:
        percent = sizing.value if cap_percent is None else min(sizing.value, cap_percent)
        wanted = equity * percent / HUNDRED / price
    if cap_percent is not None:
        wanted = min(wanted, equity * cap_percent / HUNDRED / price)
    affordable = free_cash / (price * (1 + fee_percent / HUNDRED))
    return instrument.quantity(max(ZERO, min(wanted, affordable)))

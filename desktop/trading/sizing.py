"""How many units an entry buys (P3): floored to the lot, capped by the position limit and the free cash."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.instruments import Instrument
from desktop.domain.money import HUNDRED, ONE, ZERO
from desktop.domain.orders import OrderKind
from desktop.domain.sessions import FillSettings
from desktop.domain.strategies import Sizing, SizingKind
from desktop.trading.costs import loss_at_stop
from desktop.trading.exact import EXACT

_FIXED_QUANTITY = SizingKind.FIXED_QUANTITY


def suggested_quantity(
    sizing: Sizing,
    *,
    equity: Decimal,
    price: Decimal,
    cap_percent: Decimal | None,
    stop_price: Decimal | None,
    instrument: Instrument,
    free_cash: Decimal,
    fills: FillSettings,
    kind: OrderKind = OrderKind.MARKET,
) -> Decimal:
    """Return the quantity of an entry; zero: too small to trade, or nothing to size by.

    A fixed quantity is taken as it is: the checks of size and cash say what is wrong with it.

    Args:
        sizing: Kind and value.
        equity: Money of the session at this instant.
        price: What a unit costs.
        cap_percent: Largest position in per cent of equity; None: no cap.
        stop_price: Where the protective stop will be; risk per trade needs it.
        instrument: Lot size.
        free_cash: Money that no open order holds back.
        fills: What fees and slippage are expected: a risk per trade is the money lost at the stop, costs included.
        kind: Kind of the entry order.
    """
    if price <= ZERO or equity <= ZERO:
        return ZERO
    if sizing.kind is _FIXED_QUANTITY:
        return instrument.quantity(sizing.value)
    money, per_unit = _percent(sizing.value, equity), price
    if sizing.kind is SizingKind.FIXED_MONEY:
        money = sizing.value
    elif sizing.kind is SizingKind.RISK_PER_TRADE:
        if stop_price is None or stop_price >= price:
            return ZERO
        per_unit = loss_at_stop(fills, ONE, price, stop_price, kind)  # as the check of the risk counts it
    lot = instrument.lot
    wanted = _lots(money, per_unit, lot)
    if cap_percent is not None:
        wanted = min(wanted, _lots(_percent(cap_percent, equity), price, lot))
    with_fee = EXACT.multiply(price, ONE + fills.fee_percent / HUNDRED)
    return EXACT.multiply(min(wanted, _lots(max(ZERO, free_cash), with_fee, lot)), lot)


def _percent(percent: Decimal, whole: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(whole, percent), HUNDRED)


def _lots(money: Decimal, per_unit: Decimal, lot: Decimal) -> Decimal:
    """Return how many whole lots the money pays; a whole division, so that no rounding can add one."""
    return EXACT.divide_int(money, EXACT.multiply(per_unit, lot))

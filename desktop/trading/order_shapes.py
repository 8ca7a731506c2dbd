"""The shape of an order a user typed: mistakes are named at their field, before any risk check."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.money import HUNDRED, MOST, ZERO
from desktop.domain.orders import OrderKind
from desktop.trading.exact import EXACT
from desktop.trading.marks import Mark, Marks

_LIMITED = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
_STOPPED = frozenset({OrderKind.STOP, OrderKind.STOP_LIMIT})


def mark_of(marks: Marks, symbol: str) -> Mark:
    """Return the mark of a symbol of the session (NotFound: it is none)."""
    mark = marks.get(symbol)
    if mark is None:
        raise NotFound("symbol", symbol, f"This session trades {', '.join(marks)}.")
    return mark


def check_shape(
    mark: Mark, kind: OrderKind, quantity: Decimal, limit: Decimal | None = None, stop: Decimal | None = None
) -> None:
    """Refuse what can be no order of this kind.

    Raises:
        FieldError: the quantity or a price is missing, too many, or out of its range.
    """
    check_quantity(mark, quantity)
    for name, price, kinds in (("limit_price", limit, _LIMITED), ("stop_price", stop, _STOPPED)):
        word = name.replace("_", " ")
        if price is None:
            if kind in kinds:
                raise FieldError(name, f"a {kind.value} order needs a {word}.")
        elif kind not in kinds:
            raise FieldError(name, f"a {kind.value} order has no {word}.")
        else:
            check_price(name, price)
            if mark.instrument.price(price) <= ZERO:
                raise FieldError(name, f"must be at least one tick of {mark.instrument.tick}.")


def check_quantity(mark: Mark, quantity: Decimal) -> None:
    """Refuse a quantity that is not a positive number of lots (FieldError)."""
    lot = mark.instrument.lot
    if not quantity.is_finite() or quantity <= ZERO:
        raise FieldError("quantity", "must be a number above zero.")
    if quantity > MOST:
        raise FieldError("quantity", f"must be at most {MOST:,f}.")
    if EXACT.remainder(quantity, lot):
        raise FieldError("quantity", f"goes in {mark.instrument.steps}.")


def check_price(name: str, price: Decimal | None) -> Decimal:
    """Return a price that is one (FieldError: it is missing, not finite, not above zero, or beyond every price)."""
    if price is None or not price.is_finite() or price <= ZERO:
        raise FieldError(name, "must be a price above zero.")
    if price > MOST:
        raise FieldError(name, f"must be at most {MOST:,f}.")
    return price


def check_trail(name: str, percent: Decimal) -> Decimal:
    """Return a distance that is one (FieldError: it is not above 0 and below 100 per cent)."""
    if not percent.is_finite() or not ZERO < percent < HUNDRED:
        raise FieldError(name, "must be a percentage above 0 and below 100.")
    return percent

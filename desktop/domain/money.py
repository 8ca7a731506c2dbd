"""Exact money: Decimal arithmetic and the few roundings that exist."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

#: No order of anyone is larger, whether in units or in the price of one: what is typed beyond it is a slip.
MOST = Decimal("1E15")

#: Fees and shares of cost are kept to ten decimals: far below any currency's unit, and bounded.
EXACT_STEP = Decimal("1E-10")
_WIDE = Context(prec=120, rounding=ROUND_HALF_EVEN)  # the usual 28 digits have no room for ten decimals of huge amounts
_quantize, _normalize = _WIDE.quantize, _WIDE.normalize

# A method of a context is half the price of the same method of a number with `rounding=` or `context=`, and these run
# several times with every order.
_whole_down = Context(rounding=ROUND_DOWN).to_integral_value
_whole_nearest = Context(rounding=ROUND_HALF_EVEN).to_integral_value
_whole_up = Context(rounding=ROUND_CEILING).to_integral_value
_whole_floor = Context(rounding=ROUND_FLOOR).to_integral_value

#: Decimals shown for a currency; computation never rounds to them.
CURRENCY_DECIMALS: dict[str, int] = {"KRW": 0, "JPY": 0, "USD": 2, "EUR": 2, "GBP": 2, "CNY": 2, "USDT": 2, "BTC": 8}


def decimal_of(value: float | int | str | Decimal) -> Decimal:
    """Return `value` as the shortest decimal that names it: 71.3 becomes Decimal("71.3"), never its binary tail."""
    kind = type(value)
    if kind is float:
        return _named(value) if value else Decimal(repr(value))  # zero has two signs
    if isinstance(value, Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


@lru_cache(maxsize=16_384)  # prices lie on a tick: the same ones come again and again
def _named(value: float) -> Decimal:
    return Decimal(repr(value))


def floor_to(value: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of `step` not above `value`, which is a quantity and never negative."""
    return _whole_down(value / step) * step


def nearest(value: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of `step` nearest to `value`, ties to even."""
    return _whole_nearest(value / step) * step


def above(value: Decimal, step: Decimal) -> Decimal:
    """Return the smallest multiple of `step` not below `value`."""
    return _whole_up(value / step) * step


def below(value: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of `step` not above `value`, also for negative values."""
    return _whole_floor(value / step) * step


def bounded(value: Decimal) -> Decimal:
    """Return `value` held to ten decimals, so that repeated shares never grow digits without end."""
    return _normalize(_quantize(value, EXACT_STEP)) if value else ZERO


def percent_of(percent: Decimal, whole: Decimal) -> Decimal:
    """Return `percent` per cent of `whole`."""
    return whole * percent / HUNDRED

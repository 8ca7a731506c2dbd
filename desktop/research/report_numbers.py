"""Numbers of a report page as text: grouped, with a true minus sign, a dash where there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.domain.money import CURRENCY_DECIMALS

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"
_QUARTERS = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: Decimal | float | None, decimals: int, *, signed: bool = False) -> str:
    """Return a number with exactly `decimals` decimals; one that rounds to zero has no sign."""
    if value is None:
        return NOTHING
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent(fraction: float | None, *, signed: bool = False, decimals: int = 2) -> str:
    """Return a fraction as per cent: 0.015 is 1.50 %."""
    return NOTHING if fraction is None else f"{number(fraction * 100, decimals, signed=signed)} %"


def money(value: Decimal | float | None, currency: str, *, signed: bool = False) -> str:
    """Return an amount with its currency's decimals; the currency is named elsewhere."""
    return number(value, CURRENCY_DECIMALS.get(currency, 2), signed=signed)


def exact(value: Decimal) -> str:
    """Return a decimal with all its digits, grouped, without trailing zeros behind the point."""
    text = f"{abs(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (MINUS if value < 0 else "") + text


def moment(at: int) -> str:
    """Return µs UTC as date and time; a midnight is the date alone."""
    time = _EPOCH + timedelta(microseconds=at)
    if at % DAY == 0:
        return f"{time:%Y-%m-%d}"
    return f"{time:%Y-%m-%d %H:%M}" if at % MINUTE == 0 else f"{time:%Y-%m-%d %H:%M:%S}"


def duration(seconds: float | None) -> str:
    """Return a length of time in its largest unit: 2.3 days, 4.0 hours."""
    if seconds is None:
        return NOTHING
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds * SECOND >= unit:
            return f"{seconds * SECOND / unit:,.1f} {name}"
    return f"{seconds:,.0f} seconds"


def few_days(returns: int | None, year: int | None) -> str:
    """Return what to bear in mind about yearly figures of a short run; empty from a quarter of a year on.

    Args:
        returns: Daily returns that they rest on; None: not known.
        year: Daily returns that make a year.
    """
    if returns is None or year is None or returns * _QUARTERS >= year:
        return ""
    days = "1 day" if returns == 1 else f"{returns:,} days"
    return f"{days} of returns: annualised figures (CAGR, volatility, Sharpe, Sortino) say little."


def tone(text: str) -> str:
    """Return the class of a signed figure as it is shown: a loss that rounds to zero is neither up nor down."""
    return "up" if text.startswith("+") else "down" if text.startswith(MINUS) else "flat"

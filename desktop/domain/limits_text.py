"""Risk limits from a text file: one line for each limit, left out = off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop.domain.errors import FieldError
from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.risk import RiskLimits
from desktop.domain.toml_text import Section, read_toml

_PERCENT = ("max_risk_per_trade", "max_position_size", "max_allocation", "max_daily_loss", "price_collar", "max_drift")
_COUNT = ("max_positions", "max_orders_per_minute")
_SECONDS = ("duplicate_window", "max_quote_age")
LONGEST = 1_000_000  # seconds
_KEYS = (*_PERCENT, *_COUNT, *_SECONDS, "max_order_value")


def parse_limits(text: str) -> RiskLimits:
    """Return the limits of a TOML text such as `max_positions = 3`; what is not named is off.

    Percentages are per cent, `max_order_value` is money, `duplicate_window` and `max_quote_age` are seconds.

    Raises:
        FieldError: no TOML, too large, an unknown key or a bad value; names the field.
    """
    section = Section(read_toml(text, "limits file"), _KEYS)
    found: dict[str, Any] = {name: _above_zero(name, section.number(name)) for name in (*_PERCENT, "max_order_value")}
    for name in _COUNT:
        _above_zero(name, section.number(name))
        found[name] = section.whole(name)
    for name in _SECONDS:
        seconds = section.number(name)
        if seconds is not None and not 0 <= seconds <= LONGEST:
            raise FieldError(name, f"must be a number of seconds from 0 to {LONGEST:,}.")
        found[name] = int((seconds or ZERO) * SECOND)
    return RiskLimits(**found)


def _above_zero(name: str, value: Decimal | None) -> Decimal | None:
    if value is not None and value <= 0:
        raise FieldError(name, "must be above zero; leave the line out to switch the limit off.")
    return value

"""Risk limits from a text file: one line for each limit, left out = off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop.domain.errors import FieldError
from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.risk import TIERED, LimitTier, RiskLimits
from desktop.domain.toml_text import Section, read_toml

_PERCENT = ("max_risk_per_trade", "max_position_size", "max_allocation", "max_daily_loss", "price_collar", "max_drift")
_COUNT = ("max_positions", "max_orders_per_minute")
_SECONDS = ("duplicate_window", "max_quote_age")
LONGEST = 1_000_000  # seconds
MOST_TIERS = 10
_KEYS = (*_PERCENT, *_COUNT, *_SECONDS, "max_order_value")


def parse_limits(text: str) -> RiskLimits:
    """Return the limits of a TOML text such as `max_positions = 3`; what is not named is off.

    Percentages are per cent, `max_order_value` is money, `duplicate_window` and `max_quote_age` are seconds.
    `[[tier]]` tables with `below = 25000` tighten limits while the equity is below that amount.

    Raises:
        FieldError: no TOML, too large, an unknown key or a bad value; names the field.
    """
    document = read_toml(text, "limits file")
    tiers = _tiers(document.pop("tier", []))
    section = Section(document, _KEYS)
    found: dict[str, Any] = {name: _above_zero(name, section.number(name)) for name in (*_PERCENT, "max_order_value")}
    for name in _COUNT:
        _above_zero(name, section.number(name))
        found[name] = section.whole(name)
    for name in _SECONDS:
        seconds = section.number(name)
        if seconds is not None and not 0 <= seconds <= LONGEST:
            raise FieldError(name, f"must be a number of seconds from 0 to {LONGEST:,}.")
        found[name] = int((seconds or ZERO) * SECOND)
    return RiskLimits(**found, tiers=tiers)


def _tiers(tables: Any) -> tuple[LimitTier, ...]:
    """Return what smaller accounts are held to: tables [[tier]] with `below` and the limits that are tighter there."""
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables) or len(tables) > MOST_TIERS:
        raise FieldError("tier", f"must be at most {MOST_TIERS} tables: a line [[tier]] with its limits below.")
    found = []
    for table in tables:
        section = Section(table, ("below", *TIERED), "tier.")
        below = _above_zero("tier.below", section.number("below"))
        if below is None:
            raise FieldError("tier.below", "is needed: the equity under which the tier holds.")
        values: dict[str, Any] = {}
        for name in TIERED:
            _above_zero(f"tier.{name}", section.number(name))
            values[name] = section.whole(name) if name in _COUNT else section.number(name)
        found.append(LimitTier(below, **values))
    return tuple(sorted(found, key=lambda tier: tier.below))


def _above_zero(name: str, value: Decimal | None) -> Decimal | None:
    if value is not None and value <= 0:
        raise FieldError(name, "must be above zero; leave the line out to switch the limit off.")
    return value

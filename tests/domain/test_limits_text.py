"""Risk limits from a text file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.domain.errors import FieldError
from desktop.domain.limits_text import parse_limits
from desktop.domain.risk import RiskLimits


def test_what_is_not_named_is_off() -> None:
    assert parse_limits("") == RiskLimits()


def test_every_limit_is_read_in_the_units_of_the_file() -> None:
    text = """
    max_risk_per_trade = 2
    max_positions = 10
    max_position_size = 25.5
    max_allocation = 100
    max_daily_loss = 5
    max_order_value = 50000
    max_orders_per_minute = 30
    price_collar = 5
    duplicate_window = 1
    max_quote_age = 1.5
    max_drift = 0.5
    """
    assert parse_limits(text) == RiskLimits(
        max_risk_per_trade=Decimal(2),
        max_positions=10,
        max_position_size=Decimal("25.5"),
        max_allocation=Decimal(100),
        max_daily_loss=Decimal(5),
        max_order_value=Decimal(50_000),
        max_orders_per_minute=30,
        price_collar=Decimal(5),
        duplicate_window=1_000_000,
        max_quote_age=1_500_000,
        max_drift=Decimal("0.5"),
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("max_position = 3", "max_position"),
        ("max_positions = 0", "max_positions"),
        ("max_positions = 1.5", "max_positions"),
        ("max_daily_loss = -5", "max_daily_loss"),
        ("max_quote_age = -1", "max_quote_age"),
        ("max_quote_age = inf", "max_quote_age"),
        ('max_drift = "off"', "max_drift"),
        ("= 1", "limits file"),
    ],
)
def test_a_mistake_is_named_at_its_field(text: str, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_limits(text)
    assert caught.value.field == field

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.research import report_numbers as numbers
from desktop.research.report_numbers import few_days


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (1234567.891, False, "1,234,567.89"),
        (-0.004, True, "0.00"),
        (-0.006, True, "\N{MINUS SIGN}0.01"),
        (Decimal("12.5"), True, "+12.50"),
        (0.0, True, "0.00"),
        (None, True, "\N{EN DASH}"),
    ],
)
def test_a_number_has_its_decimals_and_a_sign_only_where_it_shows(
    *, value: float | Decimal | None, signed: bool, text: str
) -> None:
    assert numbers.number(value, 2, signed=signed) == text


def test_money_has_the_decimals_of_its_currency() -> None:
    assert numbers.money(Decimal("35500000.4"), "KRW") == "35,500,000"
    assert numbers.money(Decimal("-3.456"), "USD", signed=True) == "\N{MINUS SIGN}3.46"


def test_an_exact_decimal_keeps_all_its_digits() -> None:
    assert [numbers.exact(Decimal(text)) for text in ("0.12345678", "1500.00", "-1E+3", "0")] == [
        "0.12345678",
        "1,500",
        "\N{MINUS SIGN}1,000",
        "0",
    ]


def test_a_fraction_is_shown_as_per_cent() -> None:
    assert numbers.percent(0.0149, signed=True) == "+1.49 %"
    assert numbers.percent(None) == "\N{EN DASH}"


def test_a_moment_is_as_short_as_it_may_be() -> None:
    assert numbers.moment(0) == "1970-01-01"
    assert numbers.moment(90_000_000 * 60) == "1970-01-01 01:30"
    assert numbers.moment(61_000_000) == "1970-01-01 00:01:01"


def test_a_duration_is_told_in_its_largest_unit() -> None:
    shown = [numbers.duration(seconds) for seconds in (30, 90, 5400, 200_000, None)]
    assert shown == ["30 seconds", "1.5 minutes", "1.5 hours", "2.3 days", "\N{EN DASH}"]


def test_a_tone_follows_the_sign_as_it_is_shown() -> None:
    assert [numbers.tone(text) for text in ("+1.00", "\N{MINUS SIGN}1.00", "0.00")] == ["up", "down", "flat"]


def test_yearly_figures_of_a_few_days_are_said_to_say_little() -> None:
    assert few_days(12, 252) == (
        "12 days of returns: annualised figures (CAGR, volatility, Sharpe, Sortino) say little."
    )
    assert few_days(1, 365).startswith("1 day of returns")
    assert few_days(63, 252) == "", "a quarter of a year says something"
    assert few_days(None, 252) == "", "an old record that does not say"

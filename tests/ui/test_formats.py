"""Numbers and times as the locale writes them, exact to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.ui import formats
from desktop.ui.locale import locale_of

US = Instrument("ACME")
KOREAN = Instrument("HANBIT", "KRW", Decimal(100))
COIN = Instrument("COIN", tick=Decimal("0.5"), lot=Decimal("0.00000001"))


@pytest.mark.parametrize(
    ("locale", "value", "decimals", "text"),
    [
        ("en_US", "71000", 0, "71,000"),
        ("de_DE", "71000.5", 2, "71.000,50"),
        ("en_IN", "100000", 2, "1,00,000.00"),
        ("en_IN", "1234567890", 0, "1,23,45,67,890"),
        ("en_US", "999", 0, "999"),
        ("ko_KR", "-1210000", 0, "−1,210,000"),
    ],
)
def test_numbers_are_grouped_as_the_locale_does(locale: str, value: str, decimals: int, text: str) -> None:
    QLocale.setDefault(QLocale(locale))
    assert formats.number(Decimal(value), decimals) == text


def test_a_price_has_the_decimals_of_its_tick() -> None:
    assert formats.price(Decimal("184.2"), US) == "184.20"
    assert formats.price(Decimal(71000), KOREAN) == "71,000"
    assert formats.price(64210.5, COIN) == "64,210.5"
    assert formats.price(None, US) == "–"


def test_prices_adjusted_for_splits_are_not_shown_with_eight_decimals() -> None:
    adjusted = Instrument("AAPL", tick=Decimal("0.00000001"))
    assert formats.price(126.48000001, adjusted) == "126.48"
    assert formats.price(Decimal("0.44642857"), adjusted) == "0.44643"


def test_a_quantity_leaves_out_decimals_that_say_nothing() -> None:
    assert formats.quantity(Decimal("0.25000000"), COIN) == "0.25"
    assert formats.quantity(Decimal(1500), US) == "1,500"
    assert formats.quantity(None, US) == "–"
    assert formats.quantity(2.0, US) == "2"


def test_won_have_no_decimals_and_a_gain_has_its_sign() -> None:
    assert formats.money(Decimal(35500000), "KRW") == "35,500,000"
    assert formats.money(Decimal("312.4"), "USD", signed=True, code=True) == "+312.40 USD"
    assert formats.money(Decimal(0), "USD", signed=True) == "0.00"
    assert formats.money(Decimal("-0.001"), "USD") == "0.00"
    assert formats.money(None, "USD") == "–"


def test_a_decimal_is_per_cent_already_and_a_float_is_a_fraction() -> None:
    assert formats.percent(Decimal("1.5")) == "+1.50 %"
    assert formats.percent(0.015) == "+1.50 %"
    assert formats.percent(-0.5, signed=False) == "−50.00 %"
    assert formats.percent(None) == "–"
    assert formats.percent(float("nan")) == "–"
    assert formats.ratio(None) == "–"
    assert formats.ratio(1.42) == "1.42"


@given(value=st.decimals("-1e15", "1e15", places=2))
def test_no_digit_is_lost_on_the_way_to_the_screen(value: Decimal) -> None:
    text = formats.number(value, 2).replace(",", "").replace(formats.MINUS, "-")
    assert Decimal(text) == value


def test_ages_and_countdowns_are_short() -> None:
    assert [formats.age(each) for each in (320_000, 12 * SECOND, 4 * MINUTE, 3 * HOUR, 2 * DAY)] == [
        "320 ms",
        "12 s",
        "4 min",
        "3 h",
        "2 d",
    ]
    assert formats.countdown(41_200_000) == "0:42"
    assert formats.countdown(HOUR + 5 * MINUTE) == "1:05:00"
    assert formats.countdown(-5) == "0:00"


def test_direction_is_said_without_colour() -> None:
    texts = [formats.percent(value) for value in (0.01, -0.01, 0.0, None, float("nan"))]
    assert [formats.marked(text) for text in texts] == ["▲ +1.00 %", "▼ −1.00 %", "0.00 %", "–", "–"]
    assert [formats.tone(text) for text in texts] == ["up", "down", "flat", "flat", "flat"]


@pytest.mark.parametrize("tiny", [Decimal("-0.0049"), Decimal("0.0049"), -0.000049, 0.000049])
def test_what_rounds_to_zero_is_flat_without_sign_or_mark(tiny: Decimal | float) -> None:
    text = formats.percent(tiny)
    assert (formats.marked(text), formats.tone(text)) == ("0.00 %", "flat")
    assert formats.tone(formats.money(Decimal("-0.4"), "KRW", signed=True)) == "flat"
    assert formats.tone(formats.money(Decimal("-0.6"), "KRW", signed=True)) == "down"


def test_files_get_plain_numbers() -> None:
    assert formats.plain(Decimal("1E+3")) == "1000"
    assert formats.plain(0.5) == "0.5"
    assert formats.plain(Decimal("0.00000001")) == "0.00000001", "a tick stays exact"
    assert formats.plain(Decimal(19912) / Decimal(484)) == "41.1404958678", "a quotient does not fill the cell"


def test_a_moment_is_told_in_the_users_zone_and_the_exchanges() -> None:
    at = 1_795_187_002 * SECOND
    assert formats.clock(0) == "–"
    assert formats.date_time(0) == "–"
    assert len(formats.clock(at)) == 8
    assert formats.clock(at) in formats.date_time(at)
    assert formats.at_exchange(at, "XKRX") == "2026-11-21 00:03:22 Asia/Seoul"
    assert formats.at_exchange(at, "09:00-15:30@Asia/Seoul").endswith("Asia/Seoul")
    assert formats.at_exchange(at, "always").endswith("UTC")
    assert formats.zone_name()


def test_a_system_without_a_locale_writes_american_numbers() -> None:
    assert locale_of("C").name() == "en_US"
    assert locale_of("ko_KR").name() == "ko_KR"

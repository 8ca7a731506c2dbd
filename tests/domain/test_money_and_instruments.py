"""Exact roundings: only through the instrument, never in favour of the trader."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.money import ZERO, bounded, decimal_of, floor_to, percent_of
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.positions import Position

D = Decimal
steps = st.sampled_from([D("0.01"), D("0.05"), D(1), D("0.00000001"), D(5), D("0.25")])
amounts = st.decimals("0.00000001", "9999999999", places=8)


@given(amounts, steps)
def test_a_quantity_is_rounded_down_to_the_lot(value: Decimal, lot: Decimal) -> None:
    rounded = Instrument("X", lot=lot).quantity(value)
    assert rounded <= value < rounded + lot
    assert rounded % lot == 0


@given(amounts, steps)
def test_prices_are_rounded_up_for_a_buyer_and_down_for_a_seller(value: Decimal, tick: Decimal) -> None:
    instrument = Instrument("X", tick=tick)
    up, down = instrument.price_up(value), instrument.price_down(value)
    assert down <= value <= up
    assert up - down in {ZERO, tick}
    assert instrument.price(value) in {up, down}


def test_a_negative_price_is_rounded_down_too() -> None:
    assert Instrument("X", tick=D("0.5")).price_down(D("-1.2")) == D("-1.5")
    assert floor_to(D("7.9"), D(2)) == 6


def test_a_float_becomes_the_decimal_it_shows() -> None:
    assert decimal_of(71.3) == D("71.3")
    assert decimal_of(0.1 + 0.2) == D("0.30000000000000004")
    assert decimal_of("1.50") == D("1.50")
    assert decimal_of(3) == D(3)
    assert decimal_of(D("2.5")) == D("2.5")


def test_shares_of_money_keep_ten_decimals() -> None:
    assert bounded(D(1) / 3) == D("0.3333333333")
    assert bounded(ZERO) == 0
    assert percent_of(D("0.1"), D(71_000)) == 71


@pytest.mark.parametrize(
    ("step", "decimals"), [("0.01", 2), ("1", 0), ("5", 0), ("1E+2", 0), ("0.00000001", 8), ("0.50", 1)]
)
def test_a_step_says_how_many_decimals_are_shown(step: str, decimals: int) -> None:
    assert Instrument("X", tick=D(step)).price_decimals == decimals
    assert Instrument("X", lot=D(step)).quantity_decimals == decimals


def test_a_fill_says_what_it_does_to_cash() -> None:
    buy = Fill("o.1", "o", "X", Side.BUY, D(500), D(71_000), D(10), 1)
    sell = Fill("o.2", "o", "X", Side.SELL, D(500), D(71_000), D(10), 1)
    assert buy.cash_flow == D(-35_500_010)
    assert sell.cash_flow == D(35_499_990)


def test_averages_are_derived_from_totals() -> None:
    order = Order("o", "s", "a", "X", Side.BUY, OrderKind.MARKET, Purpose.ENTRY, D(10), 1, 0)
    assert order.average_price is None
    assert (order.remaining, order.is_open) == (D(10), True)
    filled = Order(
        "o", "s", "a", "X", Side.BUY, OrderKind.MARKET, Purpose.ENTRY, D(10), 1, 0,
        filled=D(4), filled_value=D(42), status=OrderStatus.CANCELED,
    )  # fmt: skip
    assert (filled.average_price, filled.remaining, filled.is_open) == (D("10.5"), D(6), False)
    assert Position("s", "a", "X", D(4), D(42)).average == D("10.5")
    assert Position("s", "a", "X", ZERO, ZERO).average == 0


@pytest.mark.parametrize(
    ("tick", "value", "shown"),
    [
        ("0.01", "126.48", 2),
        ("0.00000001", "126.48", 2),  # adjusted for splits
        ("0.00000001", "12.3456", 3),
        ("0.00000001", "0.44642857", 5),
        ("0.00000001", "0.09987", 6),
        ("0.00000001", "0", 2),
        ("0.0001", "63.24", 2),
        ("0.00001", "1.08345", 5),  # a currency from a file
        ("0.001", "151.234", 3),
        ("1", "71000", 0),
        ("0.05", "5.05", 2),
    ],
)
def test_a_price_is_shown_with_the_decimals_of_its_step_but_not_with_those_nobody_quotes(
    tick: str, value: str, shown: int
) -> None:
    assert Instrument("X", tick=D(tick)).shown_decimals(D(value)) == shown
    assert Instrument("X", tick=D(tick)).shown_decimals(-float(value)) == shown


def test_the_last_digit_of_a_coin_is_always_shown() -> None:
    coin = Instrument("SHIB/USDT", tick=D("0.00000001"), asset_class=AssetClass.CRYPTO)
    assert coin.shown_decimals(126.48) == 8


def test_an_instrument_says_in_words_in_which_quantities_it_is_traded() -> None:
    assert Instrument("SPY").steps == "whole shares"
    assert Instrument("SPY", lot=Decimal("1E-9")).steps == "steps of 0.000000001"
    assert Instrument("DOGE/USD", asset_class=AssetClass.CRYPTO).steps == "whole units"

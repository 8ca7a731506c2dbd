from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.money import bounded
from desktop.trading.exact import EXACT
from desktop.trading.fill_models import FillModel, uniform
from tests.trading.venue_kit import FIXED, IDEAL, REALISTIC, D

ordinals = st.integers(1, 100_000)


def test_the_ideal_model_costs_nothing() -> None:
    model = FillModel(IDEAL, 1)
    assert model.worse_by(D(71_000), "SPY", 1, 1, D(500), 10.0) == 0
    assert model.latency("SPY", 1) == 0
    assert model.fee(D(71_000) * 500) == 0
    assert model.available(10.0, D(1)) is None


def test_the_fixed_model_takes_a_tenth_of_a_percent_of_price_and_of_value() -> None:
    model = FillModel(FIXED, 1)
    assert model.worse_by(D(100), "SPY", 1, 1, D(10), 0.0) == D("0.1")
    assert model.fee(D("100.10") * 10) == D("1.001")
    assert model.latency("SPY", 7) == 0


@given(ordinal=ordinals, number=st.integers(1, 50), seed=st.integers(0, 2**31))
def test_realistic_draws_stay_within_their_bounds(ordinal: int, number: int, seed: int) -> None:
    model = FillModel(REALISTIC, seed)
    assert 0 <= model.slippage_bp("SPY", ordinal, number) <= 5
    assert 5_000 <= model.latency("SPY", ordinal) <= 15_000


def test_realistic_draws_have_the_mean_and_spread_they_should() -> None:
    model = FillModel(REALISTIC, 3)
    slips = [float(model.slippage_bp("SPY", ordinal, 1)) for ordinal in range(4_000)]
    mean = sum(slips) / len(slips)
    spread = (sum((item - mean) ** 2 for item in slips) / len(slips)) ** 0.5
    assert mean == pytest.approx(2.0, abs=0.06)
    assert spread == pytest.approx(1.0, abs=0.06)
    latencies = [model.latency("SPY", ordinal) for ordinal in range(4_000)]
    assert sum(latencies) / len(latencies) == pytest.approx(10_000, abs=120)


@given(seed=st.integers(), symbol=st.text(max_size=9), ordinal=ordinals, number=st.integers(0, 99))
def test_a_draw_depends_on_its_key_only(seed: int, symbol: str, ordinal: int, number: int) -> None:
    drawn = uniform(seed, symbol, ordinal, number, "slippage")
    assert 0 < drawn < 1
    for other in range(3):
        uniform(other, "else", other, other, "latency")
    assert uniform(seed, symbol, ordinal, number, "slippage") == drawn


@pytest.mark.parametrize(
    "other",
    [
        (2, "SPY", 1, 1, "slippage"),
        (1, "QQQ", 1, 1, "slippage"),
        (1, "SPY", 2, 1, "slippage"),
        (1, "SPY", 1, 2, "slippage"),
        (1, "SPY", 1, 1, "latency"),
    ],
)
def test_every_part_of_the_key_changes_the_draw(other: tuple[int, str, int, int, str]) -> None:
    assert uniform(*other) != uniform(1, "SPY", 1, 1, "slippage")


def test_the_luck_of_an_order_is_written_in_stone() -> None:
    """A change here changes every stored run."""
    model = FillModel(REALISTIC, 1)
    assert [str(model.slippage_bp("SPY", ordinal, 1)) for ordinal in (1, 2, 3)] == SLIPPAGES
    assert [model.latency("SPY", ordinal) for ordinal in (1, 2, 3)] == LATENCIES


SLIPPAGES = ["0.480495", "3.013835", "0.971864"]
LATENCIES = [14503, 10250, 8608]


def test_impact_grows_with_the_square_root_of_the_share() -> None:
    model = FillModel(REALISTIC, 1)
    assert model.impact_bp(D(100), 100.0) == 10
    assert model.impact_bp(D(25), 100.0) == 5
    assert model.impact_bp(D(1), 100.0) == 1
    assert model.impact_bp(D(400), 100.0) == 10  # never beyond the whole volume
    assert model.impact_bp(D(25), 0.0) == 0  # volume not known


@pytest.mark.parametrize(
    ("volume", "lot", "offered"),
    [
        (1_000.0, "1", 100),
        (1_009.0, "1", 100),
        (0.5, "0.00000001", D("0.05")),
        (3.0, "1", 1),  # below a lot: one lot, an order never starves
    ],
)
def test_an_order_gets_its_share_of_the_volume(volume: float, lot: str, offered: Decimal) -> None:
    assert FillModel(REALISTIC, 1).available(volume, D(lot)) == offered


def test_without_a_known_volume_nothing_is_held_back() -> None:
    assert FillModel(REALISTIC, 1).available(0.0, D(1)) is None


def test_slippage_and_fee_of_a_negative_price_cost_money_too() -> None:
    model = FillModel(FIXED, 1)
    assert model.worse_by(D(-40), "OIL", 1, 1, D(10), 0.0) == D("0.04")
    assert model.fee(D(-40) * 10) == D("0.4")


@given(
    price=st.decimals("0.00000001", "1000000", places=8),
    quantity=st.decimals("0.00000001", "1000000", places=8),
)
def test_a_fee_is_held_to_ten_decimals(price: Decimal, quantity: Decimal) -> None:
    fee = FillModel(FIXED, 1).fee(EXACT.multiply(price, quantity))
    assert fee == bounded(fee)
    assert abs(fee - price * quantity / 1_000) <= D("0.5E-10") + price * quantity * D("1E-25")


def test_a_fee_is_the_same_whether_or_not_its_rate_can_be_written_out() -> None:
    for text in ("0.1", "0.075", "12.5", "0", "0.1234567890123456789012345678901"):
        percent = Decimal(text)
        model = FillModel(replace(IDEAL, fee_percent=percent), 1)
        for value in (Decimal("101.27"), Decimal("-3.33333333"), Decimal("98765432109876543210.123456789")):
            assert str(model.fee(value)) == str(bounded(value.copy_abs() * percent / 100))

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.sessions import FillSettings
from desktop.domain.strategies import Sizing, SizingKind
from desktop.trading.sizing import suggested_quantity
from tests.trading.venue_kit import COIN, SHARE, D

K = SizingKind


def size(
    kind: SizingKind,
    value: str | int,
    *,
    equity: str | int = 100_000,
    price: str | int = 100,
    cap: str | int | None = None,
    stop: str | int | None = None,
    instrument: Instrument = SHARE,
    free: str | int | None = None,
    fee: str | int = 0,
    slippage: str | int = 0,
) -> Decimal:
    return suggested_quantity(
        Sizing(kind, D(value)),
        equity=D(equity),
        price=D(price),
        cap_percent=None if cap is None else D(cap),
        stop_price=None if stop is None else D(stop),
        instrument=instrument,
        free_cash=D(equity) if free is None else D(free),
        fills=FillSettings(fee_percent=D(fee), slippage_mean_bp=D(slippage)),
    )


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (size(K.PERCENT_OF_EQUITY, 10), 100),
        (size(K.PERCENT_OF_EQUITY, 10, price=333), 30),
        (size(K.PERCENT_OF_EQUITY, 50, cap=25), 250),
        (size(K.PERCENT_OF_EQUITY, 25, cap=50), 250),
        (size(K.PERCENT_OF_EQUITY, 100, fee="0.1"), 999),
        (size(K.PERCENT_OF_EQUITY, 10, free=500), 5),
        (size(K.PERCENT_OF_EQUITY, 10, free=-5), 0),
        (size(K.PERCENT_OF_EQUITY, 10, price=20_000), 0),
        (size(K.PERCENT_OF_EQUITY, 10, price=30_000, instrument=COIN), D("0.33333333")),
        (size(K.FIXED_QUANTITY, 10), 10),
        (size(K.FIXED_QUANTITY, "10.9"), 10),
        (size(K.FIXED_QUANTITY, 5_000), 5_000),  # the cash check says what is wrong
        (size(K.FIXED_MONEY, 1_050), 10),
        (size(K.FIXED_MONEY, 90_000, cap=25), 250),
        (size(K.FIXED_MONEY, 5_000, free=1_000), 10),
        (size(K.RISK_PER_TRADE, 1, stop=95), 200),
        (size(K.RISK_PER_TRADE, 2, stop=99, cap=25), 250),
        (size(K.RISK_PER_TRADE, 50, stop=99), 1_000),  # as far as the cash goes
        (size(K.RISK_PER_TRADE, 1, stop=95, fee="0.1"), 192),  # 5 and 0.195 of fees a unit
        (size(K.RISK_PER_TRADE, 1, stop=95, fee="0.1", slippage=10), 185),  # 5.39 a unit
        (size(K.RISK_PER_TRADE, 1), 0),
        (size(K.RISK_PER_TRADE, 1, stop=100), 0),
        (size(K.PERCENT_OF_EQUITY, 10, price=0), 0),
        (size(K.PERCENT_OF_EQUITY, 10, equity=0), 0),
    ],
)
def test_sizes_by_example(wanted: Decimal, got: Decimal) -> None:
    assert wanted == got


@given(
    percent=st.decimals("0.01", "100", places=2),
    cap=st.decimals("0.01", "100", places=2),
    equity=st.decimals("0.01", "1000000000", places=2),
    price=st.decimals("0.01", "1000000", places=2),
    fee=st.decimals("0", "1", places=3),
    instrument=st.sampled_from([SHARE, COIN]),
)
def test_a_size_is_the_largest_that_keeps_every_bound(
    percent: Decimal, cap: Decimal, equity: Decimal, price: Decimal, fee: Decimal, instrument: Instrument
) -> None:
    quantity = size(
        K.PERCENT_OF_EQUITY,
        str(percent),
        equity=str(equity),
        price=str(price),
        cap=str(cap),
        instrument=instrument,
        fee=str(fee),
    )
    budget = equity * min(percent, cap) / 100

    def keeps(units: Decimal) -> bool:
        return units * price <= budget and units * price * (1 + fee / 100) <= equity

    assert quantity >= ZERO
    assert quantity % instrument.lot == 0
    assert keeps(quantity)
    assert not keeps(quantity + instrument.lot)

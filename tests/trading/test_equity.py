from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.market import HOUR
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.rules.columns import Columns
from desktop.trading.equity import equity_curve
from desktop.trading.ledger import Ledger
from tests.trading.venue_kit import T0, D, bar

CASH = D(10_000)


def columns(closes: list[float], *, symbol: str = "SPY", first: int = 0) -> Columns:
    return Columns.of([bar(price, symbol=symbol, index=first + index) for index, price in enumerate(closes)])


def fill(side: Side, quantity: str | int | Decimal, price: str | int | float, index: int, *, number: int,
         symbol: str = "SPY", fee: str = "0") -> Fill:  # fmt: skip
    start = T0 + index * HOUR
    return Fill(f"{number}", f"{number}", symbol, side, D(quantity), D(str(price)), D(fee), start, ZERO, start)


def test_without_fills_equity_is_the_cash() -> None:
    curve = equity_curve([], {"SPY": columns([1.0, 2.0, 3.0])}, CASH)
    assert curve.equity.tolist() == [10_000.0] * 3
    assert curve.start.tolist() == [T0, T0 + HOUR, T0 + 2 * HOUR]
    assert len(curve) == 3


def test_without_bars_there_is_no_curve() -> None:
    assert len(equity_curve([], {}, CASH)) == 0
    assert len(equity_curve([], {"SPY": columns([])}, CASH)) == 0


def test_a_fill_counts_from_the_bar_it_happened_in() -> None:
    made = [fill(Side.BUY, 10, 100, 1, number=1, fee="1"), fill(Side.SELL, 10, 120, 3, number=2, fee="2")]
    curve = equity_curve(reversed(made), {"SPY": columns([99.0, 101.0, 110.0, 121.0, 50.0])}, CASH)
    assert curve.equity.tolist() == [10_000.0, 10_009.0, 10_099.0, 10_197.0, 10_197.0]


def test_symbols_with_different_bars_are_worth_their_last_close() -> None:
    made = [fill(Side.BUY, 1, 10, 0, number=1), fill(Side.BUY, 2, 5, 1, number=2, symbol="QQQ")]
    bars = {"SPY": columns([10.0, 11.0]), "QQQ": columns([5.0, 7.0], symbol="QQQ", first=1)}
    assert equity_curve(made, bars, CASH).equity.tolist() == [10_000.0, 10_001.0, 10_005.0]


def test_a_fill_without_a_bar_counts_from_its_own_time() -> None:
    made = Fill("1", "1", "SPY", Side.BUY, D(1), D(10), ZERO, T0 + HOUR)
    assert equity_curve([made], {"SPY": columns([10.0, 11.0])}, CASH).equity.tolist() == [10_000.0, 10_001.0]


def test_a_fill_of_a_symbol_without_bars_is_our_mistake() -> None:
    made = [fill(Side.BUY, 1, 10, 0, number=1, symbol="QQQ")]
    with pytest.raises(KeyError):
        equity_curve(made, {"SPY": columns([10.0])}, CASH)
    with pytest.raises(KeyError):
        equity_curve(made, {"SPY": columns([10.0]), "QQQ": columns([])}, CASH)


@settings(max_examples=40)
@given(
    closes=st.lists(st.integers(100, 900), min_size=1, max_size=30),
    trades=st.lists(
        st.tuples(st.booleans(), st.integers(0, 29), st.integers(1, 9), st.integers(100, 900)), max_size=12
    ),
)
def test_the_curve_is_what_a_ledger_says_bar_by_bar(
    closes: list[int], trades: list[tuple[bool, int, int, int]]
) -> None:
    made = [
        fill(Side.BUY if buys else Side.SELL, quantity, price, min(index, len(closes) - 1), number=number, fee="0.25")
        for number, (buys, index, quantity, price) in enumerate(trades)
    ]
    curve = equity_curve(made, {"SPY": columns([float(price) for price in closes])}, CASH)
    books = Ledger(CASH, "USD")
    for index, price in enumerate(closes):
        for item in made:
            if item.bar_start == T0 + index * HOUR:
                books.book(item)
        books.mark("SPY", D(price))
        assert curve.equity[index] == pytest.approx(float(books.equity()), rel=1e-12)
    assert np.isfinite(curve.equity).all()

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.orders import Side
from desktop.research.curves import benchmark_curve, drawdown_curve, held_stretches, in_bars, traded_value
from desktop.research.metrics import max_drawdown
from desktop.rules.columns import Columns


def columns(start: list[int], close: list[float]) -> Columns:
    prices = np.array(close, dtype=np.float64)
    return Columns(np.array(start, dtype=np.int64), prices, prices, prices, prices, prices)


def fill(side: Side, quantity: str, bar: int, symbol: str = "SPY", price: str = "10") -> Fill:
    return Fill("e", "o", symbol, side, Decimal(quantity), Decimal(price), Decimal(0), bar, bar_start=bar)


BARS = np.array([10, 20, 30, 40, 50], dtype=np.int64)


def test_the_drawdown_starts_from_the_cash() -> None:
    found = drawdown_curve(np.array([90.0, 100.0, 120.0, 60.0]), 100.0)
    assert found.tolist() == pytest.approx([-0.1, 0.0, 0.0, -0.5])


def test_nothing_has_no_drawdown() -> None:
    assert drawdown_curve(np.empty(0), 100.0).tolist() == []
    assert drawdown_curve(np.array([-5.0, 0.0]), 0.0).tolist() == [0.0, 0.0]


@given(equity=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), begin=st.floats(-10, 1e6))
def test_the_deepest_point_of_the_curve_is_the_maximum_drawdown(equity: list[float], begin: float) -> None:
    points = np.array(equity)
    assert float(drawdown_curve(points, begin).min()) == max_drawdown(points, begin)


def test_a_benchmark_is_bought_with_the_same_cash_at_its_first_close() -> None:
    found = benchmark_curve(columns([10, 20, 30, 40, 50], [5, 6, 4, 10, 10]), BARS, 100.0)
    assert found.tolist() == [100, 120, 80, 200, 200]


def test_a_benchmark_with_other_bars_is_worth_its_last_close() -> None:
    found = benchmark_curve(columns([5, 20, 45], [10, 20, 40]), BARS, 100.0)
    assert found.tolist() == [100, 200, 200, 200, 400]


def test_a_benchmark_that_begins_later_is_cash_until_then() -> None:
    found = benchmark_curve(columns([30, 50], [10, 15]), BARS, 100.0)
    assert found.tolist() == [100, 100, 100, 100, 150]


def test_a_benchmark_begins_with_the_curve_whatever_came_before() -> None:
    found = benchmark_curve(columns([1, 2, 10, 20], [1, 2, 4, 8]), BARS, 100.0)
    assert found.tolist() == [100, 200, 200, 200, 200]


def test_a_benchmark_without_a_price_stays_cash() -> None:
    assert benchmark_curve(columns([10], [0.0]), BARS, 100.0).tolist() == [100.0] * 5
    assert benchmark_curve(columns([10], [1.0]), BARS[:0], 100.0).tolist() == []


def test_bars_count_as_held_from_the_entry_up_to_the_exit() -> None:
    fills = [fill(Side.BUY, "0.1", 20), fill(Side.BUY, "0.2", 20), fill(Side.SELL, "0.3", 40)]
    assert held_stretches(fills, BARS) == [(1, 3)]


def test_a_position_still_open_is_held_to_the_end() -> None:
    assert held_stretches([fill(Side.BUY, "1", 50)], BARS) == [(4, 5)]


def test_two_symbols_held_at_once_are_one_stretch() -> None:
    fills = [
        fill(Side.BUY, "1", 10),
        fill(Side.BUY, "1", 20, "QQQ"),
        fill(Side.SELL, "1", 30),
        fill(Side.SELL, "1", 40, "QQQ"),
    ]
    assert held_stretches(fills, BARS) == [(0, 3)]


def test_what_was_sold_in_its_entry_bar_was_never_held_at_a_close() -> None:
    assert held_stretches([fill(Side.BUY, "1", 20), fill(Side.SELL, "1", 20)], BARS) == []
    assert held_stretches([], BARS) == []


def test_a_fill_between_two_bars_belongs_to_the_one_that_has_begun() -> None:
    fills = [fill(Side.BUY, "1", 25), fill(Side.SELL, "1", 49)]
    assert held_stretches(fills, BARS) == [(1, 3)]
    assert [one.bar_start for one in in_bars([fill(Side.BUY, "1", 5), *fills], BARS)] == [10, 20, 40]
    exact = fill(Side.BUY, "1", 30)
    assert in_bars([exact], BARS)[0] is exact
    assert in_bars([exact], BARS[:0]) == [exact]


def test_traded_value_counts_purchases_and_sales() -> None:
    assert traded_value([fill(Side.BUY, "2", 10), fill(Side.SELL, "2", 20, price="11.5")]) == Decimal("43.0")

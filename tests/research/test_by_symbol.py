from __future__ import annotations

import numpy as np
import pytest

from desktop.domain.money import ZERO
from desktop.research.report_html import render
from tests.research.report_kit import report


def test_each_symbol_has_its_trades_fees_and_share_of_the_equity() -> None:
    made = report(symbols=("SPY", "QQQ"))
    found = {item.symbol: item for item in made.symbols}
    assert list(found) == ["SPY", "QQQ"]
    assert sum((item.fees for item in made.symbols), ZERO) == made.result.fees
    assert sum(item.trades.count for item in made.symbols) == made.metrics.trade_count
    assert all(item.trades.count for item in made.symbols)
    together = found["SPY"].allocation + found["QQQ"].allocation
    assert (together > 0).any()
    assert np.flatnonzero(together).size / together.size == pytest.approx(made.metrics.exposure)
    largest = found["SPY"].largest_allocation
    assert largest is not None
    assert 0.08 < largest < 0.12  # ten per cent of equity each


def test_the_shares_and_the_cash_are_the_whole_equity() -> None:
    made = report(symbols=("SPY", "QQQ"))
    held = sum((item.allocation for item in made.symbols), np.zeros(len(made.result.start)))
    cash_at_the_end = float(made.result.cash / made.result.final_equity)
    assert held[-1] + cash_at_the_end == pytest.approx(1.0)


def test_a_symbol_that_never_traded_has_nothing() -> None:
    (only,) = report(entry="close < 0").symbols
    assert (only.trades.count, only.fees, only.mean_allocation, only.largest_allocation) == (0, ZERO, 0.0, 0.0)


def test_several_symbols_have_a_table_of_their_own_on_the_page() -> None:
    assert "Mean share of equity" in render(report(symbols=("SPY", "QQQ")))
    assert "Mean share of equity" not in render(report(count=100))

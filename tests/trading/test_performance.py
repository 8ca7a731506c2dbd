from __future__ import annotations

import json
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade
from desktop.trading.performance import Performance
from tests.trading.venue_kit import D

MONDAY = 4  # 1970-01-05


def trade(pnl: str | int | Decimal) -> ClosedTrade:
    return ClosedTrade("t", "s", "a", "SPY", D(1), 0, D(1), 1, D(1), D(pnl), D(0))


def fill(fee: str | int) -> Fill:
    return Fill("e", "o", "SPY", Side.BUY, D(1), D(1), D(fee), 0)


marks = st.lists(
    st.tuples(st.integers(0, 3), st.decimals("1", "1000000", places=2)), min_size=1, max_size=60
)  # days since the mark before, equity


def feed(found: Performance, points: list[tuple[int, Decimal]], *, day: int = MONDAY) -> list[int]:
    days = []
    for step, equity in points:
        day += step
        days.append(day)
        found.mark(day, equity, day)
    return days


@settings(max_examples=60)
@given(points=marks, pnls=st.lists(st.decimals("-1000", "1000", places=2), max_size=20))
def test_live_metrics_equal_a_plain_computation(points: list[tuple[int, Decimal]], pnls: list[Decimal]) -> None:
    cash = D(10_000)
    found = Performance(cash, days_a_year=252)
    days = feed(found, points)
    for pnl in pnls:
        found.add_trade(trade(pnl))
        found.add_fill(fill(1))
    equity = np.array([float(value) for _, value in points])
    path = np.concatenate([[10_000.0], equity])
    assert found.total_return == pytest.approx(equity[-1] / 10_000 - 1, rel=1e-9, abs=1e-12)
    assert found.max_drawdown == pytest.approx(float((path / np.maximum.accumulate(path) - 1).min()), abs=1e-9)
    ends = np.array([equity[max(i for i, day in enumerate(days) if day == one)] for one in sorted(set(days))])
    returns = ends[1:] / ends[:-1] - 1
    if len(returns) >= 2 and returns.std(ddof=1) > 1e-9:
        assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1) * math.sqrt(252), rel=1e-9, abs=1e-9)
    wins, losses = [p for p in pnls if p > 0], [-p for p in pnls if p < 0]
    assert found.trade_count == len(pnls)
    assert found.win_rate == (None if not pnls else pytest.approx(len(wins) / len(pnls)))
    assert found.profit_factor == (None if not losses else pytest.approx(float(sum(wins)) / float(sum(losses))))
    assert found.expectancy == (None if not pnls else pytest.approx(float(sum(pnls)) / len(pnls), abs=1e-9))
    assert found.fees == len(pnls)
    assert all(not isinstance(value, float) or math.isfinite(value) for value in found.as_dict().values())


@settings(max_examples=30)
@given(points=marks, cut=st.integers(0, 60))
def test_a_restored_record_goes_on_as_if_nothing_had_happened(points: list[tuple[int, Decimal]], cut: int) -> None:
    whole, first = Performance(D(10_000)), Performance(D(10_000))
    feed(whole, points)
    days = feed(first, points[:cut])
    second = Performance(D(10_000))
    second.restore(json.loads(json.dumps(first.snapshot())))
    feed(second, points[cut:], day=days[-1] if days else MONDAY)
    assert second.snapshot() == whole.snapshot()
    assert second.as_dict() == whole.as_dict()


def test_before_the_first_mark_nothing_is_claimed() -> None:
    found = Performance(D(10_000))
    assert found.as_dict() == {
        "total_return": 0.0,
        "cagr": None,
        "max_drawdown": 0.0,
        "sharpe": None,
        "sortino": None,
        "volatility": None,
        "win_rate": None,
        "profit_factor": None,
        "expectancy": None,
        "average_holding": None,
        "trade_count": 0,
        "fees": "0",
    }


def test_one_return_makes_no_sharpe_ratio() -> None:
    found = Performance(D(100))
    feed(found, [(0, D(100)), (1, D(101))])
    assert found.sharpe is None


@pytest.mark.parametrize("growth", ["1", "1.01", "0.99"])
def test_equal_returns_make_no_sharpe_ratio(growth: str) -> None:
    found, equity = Performance(D(100)), D(100)
    for day in range(8):
        found.mark(day, equity, MONDAY + day)
        equity *= D(growth)
    assert found.sharpe is None


def test_the_day_that_runs_counts_with_its_last_mark() -> None:
    found = Performance(D(100), days_a_year=252)
    feed(found, [(0, D(100)), (1, D(110)), (1, D(500)), (0, D(99))])
    returns = np.array([0.1, 99 / 110 - 1])
    assert found.sharpe == pytest.approx(returns.mean() / returns.std(ddof=1) * math.sqrt(252))


def test_marks_on_a_weekend_make_a_year_of_365_days() -> None:
    found = Performance(D(100))
    feed(found, [(0, D(100)), (1, D(100)), (3, D(101))])  # Monday, Tuesday, Friday
    assert found.days_a_year == 252
    found.mark(9, D(102), MONDAY + 5)
    assert found.days_a_year == 365
    assert Performance(D(100), days_a_year=365).days_a_year == 365


def test_a_ruined_account_has_no_undefined_figure() -> None:
    found = Performance(D(100))
    feed(found, [(0, D(100)), (1, D(0)), (1, D(-5)), (1, D(10)), (1, D(20))])
    assert found.max_drawdown == pytest.approx(-1.05)
    assert found.drawdown_of(D(50)) == pytest.approx(-0.5)
    assert found.drawdown_of(D(150)) == 0.0
    assert all(not isinstance(value, float) or math.isfinite(value) for value in found.as_dict().values())


def test_without_cash_there_is_no_return() -> None:
    found = Performance(D(0))
    found.mark(1, D(0), MONDAY)
    assert (found.total_return, found.max_drawdown, found.drawdown_of(D(0))) == (0.0, 0.0, 0.0)


def test_a_trade_without_gain_is_no_win() -> None:
    found = Performance(D(100))
    found.add_trade(trade(0))
    assert (found.win_rate, found.profit_factor, found.expectancy) == (0.0, None, 0.0)


def test_the_fees_of_a_position_still_open_count() -> None:
    found = Performance(D(100))
    found.add_fill(fill("0.5"))
    assert (found.fees, found.trade_count) == (D("0.5"), 0)


def test_marks_a_week_apart_make_a_year_of_52_weeks() -> None:
    found = Performance(D(100))
    feed(found, [(0, D(100)), (7, D(101)), (6, D(102))])
    assert found.days_a_year == 52


def test_an_older_record_leaves_open_what_it_did_not_keep() -> None:
    whole, found = Performance(D(100)), Performance(D(100))
    feed(whole, [(0, D(100)), (1, D(110)), (1, D(99)), (1, D(120))])
    whole.add_trade(trade(5))
    stored = whole.snapshot()
    del stored["growth"]
    found.restore(stored)
    assert found.sharpe == whole.sharpe
    figures = found.as_dict()
    assert (figures["cagr"], figures["sortino"], figures["average_holding"]) == (None, None, None)
    found.add_trade(trade(5))
    found.mark(9, D(100), MONDAY + 4)
    assert found.as_dict()["cagr"] is None


def test_a_record_stored_before_the_gap_was_kept_is_restored() -> None:
    first, second = Performance(D(1000)), Performance(D(1000))
    feed(first, [(0, D(1000)), (1, D(1010)), (1, D(1005))])
    stored = json.loads(json.dumps(first.snapshot()))
    stored["growth"] = stored["growth"][:4]
    second.restore(stored)
    assert (second.sharpe, second.max_drawdown, second.days_a_year) == (first.sharpe, first.max_drawdown, 252)

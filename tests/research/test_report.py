from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from desktop.domain.sessions import SessionSettings
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest
from desktop.research.report import build_report, days_of_result, measure_period, measure_result
from desktop.research.report_html import render
from desktop.research.result import BacktestResult
from tests.research.report_kit import BEGIN, HOUR, report, wave

DAY = 24 * HOUR


@pytest.fixture(scope="module")
def result() -> BacktestResult:
    return report().result


def market(hours: str = "always") -> Market:
    return Market({"SPY": wave(1200)}, {"SPY": trading_hours(hours)})


def test_the_whole_period_has_the_metrics_of_the_run(result: BacktestResult) -> None:
    last = int(result.start[-1])
    whole = measure_period(result, market(), begin=0, end=last + 1)
    assert whole == measure_result(result, days_of_result(result, market()))


def test_periods_share_trades_fees_and_growth(result: BacktestResult) -> None:
    border = BEGIN + 20 * DAY
    whole = measure_period(result, market(), begin=0, end=2**62)
    first = measure_period(result, market(), begin=0, end=border)
    second = measure_period(result, market(), begin=border, end=2**62)
    assert first.trade_count + second.trade_count == whole.trade_count
    assert first.fees + second.fees == whole.fees == result.fees
    assert first.total_return is not None
    assert second.total_return is not None
    assert whole.total_return is not None
    assert (1 + first.total_return) * (1 + second.total_return) == pytest.approx(1 + whole.total_return)
    assert first.exposure is not None
    assert second.exposure is not None
    assert (first.exposure * 480 + second.exposure * 720) / 1200 == pytest.approx(whole.exposure)


def test_a_period_without_bars_has_nothing_to_measure(result: BacktestResult) -> None:
    found = measure_period(result, market(), begin=0, end=BEGIN)
    assert (found.total_return, found.trade_count, found.exposure, found.fees) == (0.0, 0, None, Decimal(0))


def test_days_are_those_of_the_exchange_where_there_is_one(result: BacktestResult) -> None:
    assert len(days_of_result(result, market("always"))) == 50
    seoul = days_of_result(result, market("09:00-15:30@Asia/Seoul"))
    assert seoul.periods_per_year == 252
    assert len(seoul) < 50


def test_a_benchmark_of_another_symbol_can_be_given(result: BacktestResult) -> None:
    other = wave(1200, seed=9)
    made = build_report(result, market(), benchmark=other, benchmark_name="QQQ")
    assert made.benchmark[-1] == pytest.approx(100_000 * other.close[-1] / other.close[0])
    assert "QQQ bought and held" in render(made)
    assert np.isfinite(made.benchmark).all()


def test_a_strategy_without_an_exit_rule_has_its_entry_counted_only() -> None:
    assert [rule.role.value for rule in report(count=100, exit="").rules] == ["entry"]


def test_the_report_of_a_run_again_is_the_same() -> None:
    settings: SessionSettings = report(count=300).result.settings
    bars = Market({"SPY": wave(300)}, {"SPY": trading_hours("always")})
    first, second = (build_report(run_backtest(settings, bars), bars) for _ in range(2))
    assert (first.metrics, first.monthly, first.rules) == (second.metrics, second.monthly, second.rules)
    assert render(first) == render(second)

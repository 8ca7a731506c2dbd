"""The editor's quick test: the figures of a backtest, its fills on their bars, the position at any bar."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from desktop.domain.instruments import Instrument
from desktop.domain.strategies import Evaluate, Protection, Sizing, Strategy
from desktop.engine.preview import look_over
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest
from desktop.research.quick_test import quick_settings, quick_test, thinned
from desktop.research.report import build_report
from desktop.rules.nodes import Verdict
from desktop.rules.terms import NO_POSITION
from tests.rules.series import random_columns

WALK = random_columns(3_000, 7, timeframe="1h")
BARS = replace(WALK, volume=WALK.volume + 1e6)  # so much that every order is filled at once
ACME = Instrument("ACME", tick=Decimal("0.01"), lot=Decimal(1))
TRAIL = Strategy(
    "Trail",
    "1h",
    "close > prev(highest(high, 20), 1)",
    "close < high_since_entry - 3 * atr(14) or bars_held >= 40",
    sizing=Sizing(value=Decimal(20)),
)


def test_its_figures_are_those_of_the_backtest() -> None:
    settings = quick_settings(TRAIL, ACME)
    found = quick_test(settings, BARS)
    market = Market({"ACME": BARS}, {"ACME": trading_hours("always")})
    report = build_report(run_backtest(settings, market), market)
    assert found.trade_count == report.metrics.trade_count > 10
    assert found.total_return == report.metrics.total_return
    assert found.max_drawdown == report.metrics.max_drawdown
    assert found.win_rate == report.metrics.win_rate
    assert found.fees == report.metrics.fees > 0, "costs are in it"
    assert len(found.fills.bar) == len(report.result.fills)
    assert found.equity[-1] == report.result.equity[-1]


def test_the_exit_rule_is_true_where_the_test_left_by_it_and_nowhere_before() -> None:
    found = quick_test(quick_settings(TRAIL, ACME), BARS)
    leave = look_over(TRAIL, BARS, "1h", "UTC").exit
    assert leave is not None
    for begin, end in zip(found.holdings.begin.tolist(), found.holdings.end.tolist(), strict=True):
        verdicts = [leave.explain(index, found.holdings.at(index, BARS)).verdict for index in range(begin, end)]
        left = [Verdict.TRUE] if end < len(BARS) else []
        assert verdicts == [Verdict.FALSE] * (len(verdicts) - len(left)) + left


def test_what_is_judged_on_quotes_is_judged_at_the_close_of_bars() -> None:
    on_quotes = replace(TRAIL, evaluate=Evaluate.QUOTE)
    found, at_close = (quick_test(quick_settings(item, ACME), BARS) for item in (on_quotes, TRAIL))
    assert found.fills.bar.tolist() == at_close.fills.bar.tolist()
    assert found.total_return == at_close.total_return


def test_between_two_positions_there_is_none() -> None:
    holdings = quick_test(quick_settings(TRAIL, ACME), BARS).holdings
    assert holdings.at(0, BARS) is NO_POSITION
    end = int(holdings.end[0])
    assert holdings.at(end - 1, BARS).bars_held == end - 1 - int(holdings.begin[0])
    if end < int(holdings.begin[1]):
        assert holdings.at(end, BARS) is NO_POSITION


def test_a_position_still_held_at_the_end_is_told() -> None:
    hold = Strategy("Hold", "1h", "close > 0", sizing=Sizing(value=Decimal(50)))
    found = quick_test(quick_settings(hold, ACME), BARS)
    assert found.held
    assert found.trade_count == 0
    assert found.win_rate is None
    assert found.holdings.at(len(BARS) - 1, BARS).bars_held == len(BARS) - 2


def test_a_strategy_that_never_trades_has_a_flat_line() -> None:
    never = Strategy("Never", "1h", "close < 0", protection=Protection(stop_loss=Decimal(5)))
    found = quick_test(quick_settings(never, ACME), BARS)
    assert (found.trade_count, found.total_return, found.max_drawdown, found.held) == (0, 0.0, 0.0, False)
    assert set(found.equity.tolist()) == {100_000.0}


@pytest.mark.parametrize("count", [0, 1, 5, 240, 241, 5_003])
def test_a_thinned_curve_keeps_ends_and_extremes(count: int) -> None:
    values = np.random.default_rng(2).normal(size=count).cumsum()
    found = thinned(values, 240)
    assert len(found) <= 240
    if count:
        assert (found[0], found[-1]) == (values[0], values[-1])
        assert set(found.tolist()) <= set(values.tolist())
        assert abs(found.max() - values.max()) <= np.ptp(values) * 0.05

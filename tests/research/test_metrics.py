from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.orders import Side
from desktop.domain.positions import ClosedTrade
from desktop.research.metrics import Metrics, max_drawdown, measure, value_at_risk
from desktop.research.trading_days import trading_days
from desktop.rules.columns import BoolArray
from desktop.trading.performance import Performance

DAY = 86_400_000_000
MONDAY = 4 * DAY  # 1970-01-05


def trade(pnl: str | Decimal, *, held: int = DAY) -> ClosedTrade:
    one = Decimal(1)
    return ClosedTrade("t", "s", "a", "SPY", one, MONDAY, one, MONDAY + held, one, Decimal(pnl), Decimal(0))


def measured(
    equity: Sequence[float], *, step: int = DAY, cash: float = 100.0, trades: Sequence[ClosedTrade] = ()
) -> Metrics:
    start = MONDAY + np.arange(len(equity), dtype=np.int64) * step
    return measure(np.array(equity, dtype=np.float64), trading_days(start), starting_cash=cash, trades=trades)


bars = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 2 * DAY), st.integers(5 * DAY, 8 * DAY)), st.decimals("-500", "100000", places=2)
    ),
    min_size=1,
    max_size=80,
)  # µs since the bar before, equity


@settings(max_examples=120)
@given(points=bars, pnls=st.lists(st.decimals("-1000", "1000", places=2), max_size=20))
def test_the_live_metrics_equal_those_of_the_whole_curve(
    points: list[tuple[int, Decimal]], pnls: list[Decimal]
) -> None:
    live, at, start = Performance(Decimal(1000)), MONDAY, []
    for step, equity in points:
        at += step
        start.append(at)
        live.mark(at, equity, at // DAY)
    trades = [trade(pnl) for pnl in pnls]
    for one in trades:
        live.add_trade(one)
        live.add_fill(Fill("e", "o", "SPY", Side.BUY, Decimal(1), Decimal(1), Decimal("1.50"), 0))
    batch = measure(
        np.array([float(equity) for _, equity in points]),
        trading_days(np.array(start, dtype=np.int64)),
        starting_cash=1000.0,
        trades=trades,
        fees=Decimal("1.50") * len(trades),
    ).as_dict()
    for name, value in live.as_dict().items():
        if isinstance(value, float):
            other = batch[name]
            assert isinstance(other, float), name
            assert math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9), name
        elif name == "fees":
            assert Decimal(str(value)) == Decimal(str(batch[name]))
        else:
            assert value == batch[name], name


@settings(max_examples=80)
@given(
    equity=st.lists(st.floats(-1e9, 1e9), max_size=40),
    cash=st.floats(-100, 1e9),
    step=st.sampled_from([DAY // 24, DAY, 40 * DAY]),
)
def test_no_figure_is_ever_nan_or_infinite(equity: list[float], cash: float, step: int) -> None:
    found = measured(equity, cash=cash, step=step)
    assert all(not isinstance(value, float) or math.isfinite(value) for value in asdict(found).values())


def test_figures_are_those_worked_out_by_hand() -> None:
    found = measured([100, 110, 99, 121], trades=[trade("30", held=DAY), trade("-10", held=3 * DAY), trade("0")])
    returns = [0.1, -0.1, 121 / 99 - 1]
    mean = sum(returns) / 3
    deviation = math.sqrt(sum((one - mean) ** 2 for one in returns) / 2)
    assert found.total_return == pytest.approx(0.21)
    assert found.cagr == pytest.approx(1.21 ** (252 / 3) - 1)
    assert found.sharpe == pytest.approx(mean / deviation * math.sqrt(252))
    assert found.sortino == pytest.approx(mean / math.sqrt(0.01 / 3) * math.sqrt(252))
    assert found.volatility == pytest.approx(deviation * math.sqrt(252))
    assert found.max_drawdown == pytest.approx(-0.1)
    assert found.var_95 == pytest.approx(-0.1 + 0.1 * 0.2)  # the 5th percentile lies a tenth into the first gap
    assert found.trade_count == 3
    assert found.win_rate == pytest.approx(1 / 3)
    assert found.profit_factor == pytest.approx(3)
    assert found.expectancy == pytest.approx(20 / 3)
    assert found.average_holding == pytest.approx(5 / 3 * 86_400)
    assert (found.return_count, found.periods_per_year) == (3, 252)


def test_an_intraday_curve_has_daily_returns_and_drawdowns_at_every_bar() -> None:
    found = measured([100, 80, 100, 110, 90, 105], step=DAY // 3)
    assert found.return_count == 1
    assert found.var_95 == pytest.approx(0.05)
    assert found.max_drawdown == pytest.approx(-0.2)
    assert (found.sharpe, found.sortino, found.volatility) == (None, None, None)


def test_bars_on_a_weekend_make_a_year_of_365_days() -> None:
    assert measured([100.0] * 5).periods_per_year == 252  # Monday to Friday
    assert measured([100.0] * 6).periods_per_year == 365


def test_bars_of_weeks_make_a_year_of_52() -> None:
    assert measured([100.0, 101.0, 102.0], step=7 * DAY).periods_per_year == 52
    assert measured([100.0], step=7 * DAY).periods_per_year == 252  # a single one does not tell


def test_without_bars_only_the_cash_is_known() -> None:
    found = measured([])
    assert (found.total_return, found.max_drawdown, found.exposure, found.turnover) == (0.0, 0.0, None, None)
    assert (found.cagr, found.sharpe, found.sortino, found.volatility, found.var_95) == (None,) * 5


def test_one_bar_has_a_total_return_and_a_drawdown_only() -> None:
    found = measured([90])
    assert found.total_return == pytest.approx(-0.1)
    assert found.max_drawdown == pytest.approx(-0.1)
    assert (found.cagr, found.sharpe, found.sortino, found.volatility, found.var_95) == (None,) * 5


def test_equity_that_never_moves_has_no_ratio_but_no_risk_either() -> None:
    found = measured([100.0] * 10)
    assert (found.sharpe, found.sortino) == (None, None)
    assert (found.cagr, found.volatility, found.var_95, found.max_drawdown) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("growth", [1.01, 0.99])
def test_equal_returns_have_no_sharpe_ratio(growth: float) -> None:
    assert measured([100 * growth**day for day in range(9)]).sharpe is None


def test_a_curve_that_only_rises_has_no_sortino_ratio() -> None:
    found = measured([100, 101, 103, 104])
    assert found.sharpe is not None
    assert found.sortino is None


def test_no_trades_leave_their_figures_undefined() -> None:
    found = measured([100, 101, 99])
    assert (found.win_rate, found.profit_factor, found.expectancy, found.average_holding) == (None,) * 4
    assert found.trade_count == 0


def test_without_a_losing_trade_there_is_no_profit_factor() -> None:
    found = measured([100, 101], trades=[trade("5"), trade("0")])
    assert (found.profit_factor, found.win_rate) == (None, 0.5)


def test_an_account_that_lost_everything_lost_it_all_in_a_year() -> None:
    found = measured([100, 50, 0])
    assert (found.cagr, found.total_return, found.max_drawdown) == (-1.0, -1.0, -1.0)


def test_negative_equity_ends_growth_and_deepens_the_drawdown() -> None:
    found = measured([100, 50, -20])
    assert found.cagr is None
    assert found.max_drawdown == pytest.approx(-1.2)
    assert found.return_count == 2


def test_a_day_after_ruin_has_no_return() -> None:
    assert measured([100, 0, 50, 60]).return_count == 2  # to zero, and from 50 to 60


def test_a_doubling_in_a_day_over_a_year_is_beyond_any_number() -> None:
    assert measured([1.0, 1e6]).cagr is None


def test_without_starting_cash_there_is_no_total_return() -> None:
    found = measured([0, 0, 0], cash=0.0)
    assert (found.total_return, found.max_drawdown, found.cagr) == (None, 0.0, None)


@pytest.mark.parametrize("held", [3, np.array([False, True, True, True])])
def test_exposure_turnover_and_fees_are_those_of_the_whole_run(held: BoolArray | int) -> None:
    start = MONDAY + np.arange(4, dtype=np.int64) * DAY
    found = measure(
        np.array([100.0, 200.0, 200.0, 100.0]),
        trading_days(start),
        starting_cash=Decimal(100),
        held=held,
        fees=Decimal("1.2500000001"),
        traded_value=Decimal(300),
    )
    assert (found.exposure, found.turnover) == (0.75, 2.0)
    assert found.as_dict()["fees"] == "1.2500000001"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("cash", [100.0, -5000.0])
def test_equity_that_is_not_finite_is_refused(bad: float, cash: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        measured([-600, bad, -700], cash=cash)


def test_days_of_other_bars_are_refused() -> None:
    days = trading_days(MONDAY + np.arange(5, dtype=np.int64) * DAY)
    with pytest.raises(ValueError, match="5 bars"):
        measure(np.ones(4), days, starting_cash=1.0)


@given(values=st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_the_value_at_risk_is_the_fifth_percentile(values: list[float]) -> None:
    returns = np.array(values)
    assert value_at_risk(returns) == pytest.approx(float(np.percentile(returns, 5)), rel=1e-12, abs=1e-15)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6), count=st.integers(1, 3000), drift=st.sampled_from([-0.01, 0.0, 0.01]), low=st.booleans()
)
def test_the_drawdown_of_a_long_curve_is_that_of_every_bar(*, seed: int, count: int, drift: float, low: bool) -> None:
    draw = np.random.default_rng(seed)
    equity = 100.0 * np.exp(np.cumsum(draw.normal(drift, 0.02, count)))
    if low:
        equity[int(draw.integers(count))] = -1.0
    plain = float((equity / np.maximum(np.maximum.accumulate(equity), 100.0)).min()) - 1
    assert max_drawdown(equity, 100.0) == min(0.0, plain)


def test_a_drawdown_across_many_bars_is_found_wherever_it_lies() -> None:
    equity = np.linspace(100.0, 200.0, 100_000)
    equity[70_000] = 10.0
    start = MONDAY + np.arange(len(equity), dtype=np.int64) * 60_000_000
    found = measure(equity, trading_days(start), starting_cash=100.0)
    assert found.max_drawdown == pytest.approx(10.0 / equity[69_999] - 1)

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from desktop.domain.commands import Start, Stop
from desktop.domain.errors import FieldError
from desktop.domain.market import HOUR, Bar
from desktop.domain.messages import Asked, BarsClosed, BarsPassed, ClockTick
from desktop.domain.sessions import SessionSettings
from desktop.market.calendars import trading_hours
from desktop.research import walk_forward
from desktop.research.bench import Bench, SweepContext
from desktop.research.crew import executor_crew
from desktop.research.dispatch import SweepCancelled
from desktop.research.ranking import best_of
from desktop.research.sweep import SweepProgress, run_sweep
from desktop.research.variant import Task
from desktop.research.walk_forward import WalkForwardResult, run_walk_forward
from desktop.research.windows import Window, WindowPlan, windows_of
from desktop.rules.columns import Columns
from desktop.rules.stream import StreamEvaluator
from desktop.trading.proposals import StrategyRules
from desktop.trading.unit import build_unit
from tests.research.sweep_kit import AtOnce, D, market_of, random_bars, rsi_grid, rsi_strategy, settings_of

BARS = random_bars(900, seed=6)
FALLING = random_bars(900, seed=7)
PLAN = WindowPlan(300, 150)
GRID = ("period=3:9:3", "oversold=25,40")


def walk(**changes: Any) -> WalkForwardResult:
    values: dict[str, Any] = {"crew": executor_crew(AtOnce()), **changes}
    return run_walk_forward(
        values.pop("settings", settings_of()),
        values.pop("market", market_of(BARS)),
        values.pop("grid", None) or rsi_grid(*GRID),
        values.pop("plan", PLAN),
        **values,
    )


@pytest.fixture(scope="module")
def found() -> WalkForwardResult:
    return walk()


def bench(bars: Columns = BARS, settings: SessionSettings | None = None) -> Bench:
    market = market_of(bars)
    names = ("period", "oversold")
    return Bench(SweepContext(settings or settings_of(), names, market.columns, market.hours, "key"))


def bar_of(bars: Columns, row: int) -> Bar:
    prices = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    return Bar("AAA", "1h", int(bars.start[row]), *(float(column[row]) for column in prices))


def stepped(settings: SessionSettings, bars: Columns, begin: int, end: int) -> tuple[Decimal, int]:
    """Return cash and fills of a session that was started at bar `begin`, with the bars before as history."""
    rules = StrategyRules.of(settings.strategy)
    stream = StreamEvaluator(timeframe="1h", zone="UTC")
    for rule in (rules.entry, rules.exit):
        if rule is not None:
            stream.add(rule)
    for row in range(begin):
        stream.update(bar_of(bars, row))
    unit = build_unit(settings, {"AAA": stream}, {"AAA": trading_hours("always")}, rules=rules)
    unit.step(Asked(int(bars.start[begin]), Start(), by="test"))
    for row in range(begin, end):
        bar, at = bar_of(bars, row), int(bars.start[row]) + HOUR
        for message in (BarsPassed(at, (bar,)), BarsClosed(at, (bar,))):
            due = unit.core.signal_book.next_due
            if due <= message.at:
                unit.step(ClockTick(due))
            if isinstance(message, BarsClosed):
                stream.update(bar)
            unit.step(message)
    unit.step(Asked(unit.core.now, Stop(), by="test"))
    return unit.core.cash, unit.core.state.ordinal


@pytest.mark.parametrize(
    "strategy",
    [
        rsi_strategy(),
        rsi_strategy(entry="close > sma(200) and rsi(period) < oversold + 20"),
        rsi_strategy(exit="pnl_pct > 1 or bars_held > 12"),
    ],
    ids=["oscillator", "long look-back", "position terms"],
)
def test_a_window_trades_as_a_session_started_there_with_the_bars_before_as_history(strategy: Any) -> None:
    settings, traded = settings_of(strategy), 0
    values = (D(5), D(40))
    for begin, end in ((300, 450), (0, 300), (600, 900)):
        after = int(BARS.start[end]) if end < len(BARS) else int(BARS.start[-1]) + 1
        task = Task(0, values, int(BARS.start[begin]), after)
        result = bench(settings=settings).backtest(task)
        chosen = replace(strategy, parameters={**strategy.parameters, "period": values[0], "oversold": values[1]})
        cash, orders = stepped(replace(settings, strategy=chosen), BARS, begin, end)
        assert result.cash == cash
        assert result.orders == orders
        traded += orders
    assert traded > 0


def test_in_sample_knows_nothing_of_what_comes_after(found: WalkForwardResult) -> None:
    """The bars from a window's out-of-sample part on are replaced by others: the same variants are chosen."""
    for number, row in enumerate(found.windows):
        place = int(np.searchsorted(BARS.start, row.window.middle))
        other = random_bars(900, seed=99)
        mixed = Columns(
            BARS.start,
            *(
                np.concatenate([getattr(BARS, name)[:place], getattr(other, name)[place:]])
                for name in ("open", "high", "low", "close", "volume")
            ),
        )
        again = walk(market=market_of(mixed))
        assert again.windows[number].chosen == row.chosen
        for before in range(number):
            assert again.windows[before] == found.windows[before]


def test_each_window_takes_the_best_of_a_sweep_over_its_in_sample_bars(found: WalkForwardResult) -> None:
    """The first window begins with the first bar, so a plain sweep over those bars is the same."""
    first = found.windows[0]
    plain = run_sweep(settings_of(), market_of(BARS.first(300)), rsi_grid(*GRID), crew=executor_crew(AtOnce()))
    assert first.chosen == plain.best
    work = bench()
    for row in found.windows:
        results = [
            work.run(Task(number, values, row.window.begin, row.window.middle)).result
            for number, values in enumerate(rsi_grid(*GRID))
        ]
        assert row.chosen == best_of(results, "sharpe")


def test_each_window_goes_on_with_the_money_of_the_one_before(found: WalkForwardResult) -> None:
    cash = D(100_000)
    assert len(found.windows) == 4
    for row in found.windows:
        assert row.chosen is not None
        assert row.result is not None
        task = Task(row.chosen.number, tuple(row.chosen.parameters.values()), row.window.middle, row.window.end, cash)
        assert bench().run(task).result == row.result
        assert row.result.parameters == row.chosen.parameters
        cash = row.result.equity
    assert found.final_equity == cash
    assert found.equity[-1] == pytest.approx(float(cash), rel=1e-12)


def test_the_curve_covers_every_bar_after_the_first_window_once(found: WalkForwardResult) -> None:
    np.testing.assert_array_equal(found.start, BARS.start[300:])
    assert len(found.equity) == 600
    assert found.metrics.total_return == pytest.approx(float(found.final_equity) / 100_000 - 1)
    assert found.metrics.trade_count == len(found.trades) > 0
    ran = [row.result.metrics for row in found.windows if row.result is not None]
    assert found.metrics.fees == sum((item.fees for item in ran if item is not None), D(0))
    assert [trade.exit_time for trade in found.trades] == sorted(trade.exit_time for trade in found.trades)


def test_the_efficiency_is_the_return_a_bar_outside_over_that_inside(found: WalkForwardResult) -> None:
    inside = outside = 0.0
    for row in found.windows:
        assert row.chosen is not None
        assert row.result is not None
        assert row.chosen.metrics is not None
        assert row.result.metrics is not None
        gain, later = row.chosen.metrics.total_return, row.result.metrics.total_return
        assert gain is not None
        assert later is not None
        inside, outside = inside + gain, outside + later
        assert row.efficiency == (pytest.approx((later / 150) / (gain / 300)) if gain > 0 else None)
    assert found.efficiency == pytest.approx((outside / 600) / (inside / 1200))


def test_a_loss_in_sample_has_no_efficiency() -> None:
    found = walk(market=market_of(FALLING))
    assert found.efficiency is None
    assert {row.efficiency for row in found.windows} == {None}


def test_any_chunks_and_anchored_windows_work_alike(found: WalkForwardResult) -> None:
    other = walk(chunk=1)
    assert other.windows == found.windows
    np.testing.assert_array_equal(other.equity, found.equity)
    anchored = walk(plan=replace(PLAN, anchored=True))
    assert anchored.windows[0] == found.windows[0]
    assert [row.in_bars for row in anchored.windows] == [300, 450, 600, 750]


def test_a_window_where_no_variant_has_the_metric_is_not_traded() -> None:
    found = walk(grid=rsi_grid("oversold=0,-1"))
    assert all(row.chosen is None and row.result is None and row.efficiency is None for row in found.windows)
    assert found.final_equity == D(100_000)
    assert set(found.equity.tolist()) == {100_000.0}
    assert found.efficiency is None
    assert found.metrics.total_return == 0


def test_variants_that_cannot_run_are_told_and_the_others_go_on() -> None:
    found = walk(grid=rsi_grid("period=0,5"))
    assert [item.parameters for item in found.failed] == [{"period": D(0)}]
    assert "rsi" in found.failed[0].failure
    assert found.tried == 1
    assert {row.chosen.parameters["period"] for row in found.windows if row.chosen} == {D(5)}


def test_progress_counts_all_runs_and_a_cancel_ends_them() -> None:
    seen: list[SweepProgress] = []
    walk(progress=seen.append, chunk=6)
    assert seen[-1].done == seen[-1].total == 4 * 7
    done: list[int] = []
    with pytest.raises(SweepCancelled):
        walk(progress=lambda item: done.append(item.done), cancelled=lambda: bool(done), chunk=6)
    assert done == [6]


def test_the_warning_says_what_counts(found: WalkForwardResult) -> None:
    assert "4 windows" in found.warning
    assert "best of 6 tried variants" in found.warning
    assert "only the out-of-sample figures count" in found.warning


def test_more_runs_than_there_may_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_forward, "MAX_RUNS", 20)
    with pytest.raises(FieldError, match="6 variants in 4 windows are 24 runs"):
        walk()


def test_windows_are_times_so_symbols_with_other_bars_share_them() -> None:
    symbols = ("AAA", "BBB")
    late = random_bars(900, 5).part(100, 850)
    found = walk(settings=settings_of(symbols=symbols), market=market_of(BARS, late, symbols=symbols))
    assert [row.window for row in found.windows] == list(windows_of(BARS.start, PLAN))
    assert isinstance(found.windows[0].window, Window)
    assert {trade.symbol for trade in found.trades} == {"AAA", "BBB"}


def test_a_window_without_bars_of_a_symbol_is_not_traded_and_said() -> None:
    symbols = ("AAA", "BBB")
    late = random_bars(900, 5).part(400, 900)
    found = walk(settings=settings_of(symbols=symbols), market=market_of(BARS, late, symbols=symbols))
    assert [row.missing for row in found.windows] == [("BBB",), (), (), ()]
    assert found.windows[0].untraded == "no bars of BBB"
    assert found.windows[0].result is None
    assert not any(row.untraded for row in found.windows[1:])
    assert "In 1 window of 4 there are no bars of BBB, so nothing at all was traded there" in found.warning
    assert found.tried == 6, "variants are counted where they could run"
    assert found.failed == ()


def test_windows_for_which_there_are_no_bars_at_all_are_counted_in_the_warning() -> None:
    before, after = random_bars(200, 5), random_bars(200, 6)
    far = replace(after, start=after.start + 60 * 24 * HOUR)
    names = ("start", "open", "high", "low", "close", "volume")
    bars = Columns(*(np.concatenate([getattr(part, name) for part in (before, far)]) for name in names))
    found = walk(market=market_of(bars), plan=WindowPlan(6, 2, days=True))
    assert found.left_out > 0
    assert f"The plan makes {found.left_out} more windows, left out because the prices have no bar" in found.warning


def test_windows_with_bars_of_every_symbol_say_nothing_of_gaps(found: WalkForwardResult) -> None:
    assert found.gaps == ""
    assert {row.untraded for row in found.windows} == {""}

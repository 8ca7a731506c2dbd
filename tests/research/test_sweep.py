from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import pairwise
from math import sqrt
from typing import Any

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, ProgramBug, UserMistake
from desktop.domain.strategies import Evaluate
from desktop.research import bench, worker
from desktop.research.backtest import run_backtest
from desktop.research.crew import executor_crew
from desktop.research.deflated import DeflatedSharpe
from desktop.research.dispatch import SweepCancelled
from desktop.research.grid import parse_grid
from desktop.research.ranking import METRICS, best_of, ranked, score
from desktop.research.report import build_report
from desktop.research.sweep import SweepProgress, SweepResult, heat_map, ordered, run_sweep, run_variant, warning_of
from desktop.research.trial import trial_of_sweep
from tests.research.sweep_kit import AtOnce, D, market_of, random_bars, rsi_grid, rsi_strategy, settings_of

BARS = random_bars(900)


def sweep(**changes: Any) -> SweepResult:
    values: dict[str, Any] = {"crew": executor_crew(AtOnce()), **changes}
    grid = values.pop("grid", None) or rsi_grid()
    return run_sweep(values.pop("settings", settings_of()), values.pop("market", market_of(BARS)), grid, **values)


@pytest.fixture(scope="module")
def found() -> SweepResult:
    return sweep()


def test_every_combination_is_there_in_the_order_of_the_grid(found: SweepResult) -> None:
    grid = rsi_grid()
    assert [item.number for item in found.variants] == list(range(16))
    assert [tuple(item.parameters.values()) for item in found.variants] == list(grid)
    assert found.failed == 0
    assert found.tried == 16
    assert sum(item.trades for item in found.variants) > 50


def test_a_variant_equals_the_backtest_of_the_same_parameters(found: SweepResult) -> None:
    for variant in found.variants[::5]:
        strategy = rsi_strategy(parameters=dict(variant.parameters))
        alone = run_backtest(settings_of(strategy), market_of(BARS))
        assert variant.cash == alone.cash
        assert variant.equity == alone.final_equity
        assert variant.trades == len(alone.trades)
        assert variant.metrics == build_report(alone, market_of(BARS)).metrics


def test_a_variant_can_be_run_again_with_its_curve(found: SweepResult) -> None:
    variant = found.variants[3]
    again = run_variant(settings_of(), market_of(BARS), variant.parameters)
    assert again.final_equity == variant.equity
    assert len(again.equity) == len(BARS)
    assert again.settings.strategy.parameters == {**rsi_strategy().parameters, **variant.parameters}


@pytest.mark.parametrize("chunk", [1, 3, 16, 100])
def test_any_chunks_give_the_same(found: SweepResult, chunk: int) -> None:
    executor = AtOnce()
    other = sweep(crew=executor_crew(executor), chunk=chunk)
    assert other.variants == found.variants
    assert other.best == found.best
    assert other.deflated == found.deflated
    assert executor.submitted == -(-16 // chunk)


def test_threads_give_the_same(found: SweepResult) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert sweep(crew=executor_crew(pool, 3)).variants == found.variants


def test_columns_that_are_forgotten_between_variants_give_the_same(
    found: SweepResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "MEMORY", 0)
    assert sweep().variants == found.variants


def test_a_worker_keeps_no_more_columns_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    room = 40 * len(BARS) * 8
    monkeypatch.setattr(bench, "MEMORY", room)
    kept: list[int] = []
    run = bench.Bench.run

    def watched(self: bench.Bench, task: Any) -> Any:
        outcome = run(self, task)
        kept.append(sum(item.kept_bytes for item in self._whole.evaluators.values()))
        return outcome

    monkeypatch.setattr(bench.Bench, "run", watched)
    sweep(grid=rsi_grid("period=2:60", "oversold=30"))
    assert len(kept) == 59
    assert 0 < max(kept) <= room
    assert any(after < before for before, after in pairwise(kept))


def test_nothing_of_a_sweep_stays_in_a_process_that_goes_on() -> None:
    sweep(grid=rsi_grid("period=5"))
    assert worker._benches == {}


def test_variants_with_the_same_indicators_come_together() -> None:
    grid = rsi_grid("oversold=20:35:5", "period=3,5,7", "overbought=60,70")
    periods = [values[1] for _, values in ordered(grid, rsi_strategy())]
    assert periods == sorted(periods)
    assert sorted(number for number, _ in ordered(grid, rsi_strategy())) == list(range(24))
    plain = rsi_grid("oversold=20:35:5", "overbought=60,70")
    assert [number for number, _ in ordered(plain, rsi_strategy())] == list(range(8))


def test_a_variant_that_cannot_be_compiled_is_kept_with_its_sentence() -> None:
    found = sweep(grid=rsi_grid("period=0:3", "oversold=30"))
    assert found.failed == 2  # RSI needs at least two bars
    assert found.tried == 2
    assert [bool(item.failure) for item in found.variants] == [True, True, False, False]
    assert "rsi" in found.variants[0].failure
    assert found.variants[0].metrics is None
    assert found.variants[0].parameters == {"period": D(0), "oversold": D(30)}
    assert found.best is not None
    assert not found.best.failure


def test_a_sweep_where_all_fail_has_no_best_and_no_warning() -> None:
    found = sweep(grid=rsi_grid("period=0,1"))
    assert found.failed == 2
    assert found.best is None
    assert found.deflated is None
    assert found.warning == ""


def test_our_own_mistake_names_the_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("no")

    monkeypatch.setattr(bench, "run_backtest", broken)
    with pytest.raises(ProgramBug, match="period=3, oversold=25 failed: ZeroDivisionError: no"):
        sweep(grid=rsi_grid("period=3", "oversold=25"))


# the best, and luck --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("metric", METRICS)
def test_the_best_by_each_metric_is_none_worse_than_any(found: SweepResult, metric: str) -> None:
    best = best_of(found.variants, metric)
    assert best is not None
    assert all(score(best, metric) >= score(item, metric) for item in found.variants)
    assert ranked(found.variants, metric)[0] == best


def test_of_equal_variants_the_first_in_the_grid_is_best(found: SweepResult) -> None:
    pair = [found.variants[4], found.variants[4]]
    assert best_of(reversed(found.variants), "sharpe") == best_of(found.variants, "sharpe")
    assert best_of(pair, "sharpe") == pair[0]
    assert best_of([], "sharpe") is None


def test_failed_variants_stand_at_the_end_of_the_ranking() -> None:
    found = sweep(grid=rsi_grid("period=0:4"))
    order = ranked(found.variants, "total_return")
    assert [item.number for item in order[-2:]] == [0, 1]
    assert len(order) == 5


def test_an_unknown_metric_is_refused_with_those_there_are() -> None:
    with pytest.raises(FieldError, match=r"no metric 'luck'.*sharpe"):
        sweep(metric="luck")


def test_the_best_comes_with_the_number_of_tried_variants(found: SweepResult) -> None:
    assert "the best of 16 tried variants" in found.warning
    assert "not above zero" in found.warning, "all of them lose on these bars"
    assert found.deflated is not None
    assert found.deflated.variants == 16
    assert 0 <= found.deflated.probability <= 1
    assert found.best is not None
    assert found.best.metrics is not None
    gaining = replace(found.best, metrics=replace(found.best.metrics, sharpe=1.2))
    assert f"ratio is {found.deflated.probability:.2f}" in warning_of(16, gaining, found.deflated)


def test_a_best_variant_that_loses_is_not_held_against_luck(found: SweepResult) -> None:
    assert found.best is not None
    assert found.best.metrics is not None
    losing = replace(found.best, metrics=replace(found.best.metrics, sharpe=-0.31))
    said = warning_of(1000, losing, found.deflated)
    assert said.startswith("Even the best of 1,000 tried variants has a Sharpe ratio of -0.31")
    assert "by luck alone" not in said


def test_sharpe_ratios_that_scatter_beyond_reason_are_said_to_say_nothing(found: SweepResult) -> None:
    assert found.best is not None
    assert found.best.metrics is not None
    year = sqrt(found.best.metrics.periods_per_year)
    best = replace(found.best, metrics=replace(found.best.metrics, sharpe=2.0))
    said = warning_of(1000, best, DeflatedSharpe(0.01, 136 / year, 1000))
    assert "would reach a Sharpe ratio above 10 by luck alone" in said
    assert "the best one's says nothing" in said
    assert "136" not in said
    plain = warning_of(1000, best, DeflatedSharpe(0.01, 1.5 / year, 1000))
    assert "Sharpe ratio of about 1.50 by luck alone" in plain


def test_a_single_variant_has_nothing_to_warn_of() -> None:
    found = sweep(grid=rsi_grid("period=5"))
    assert found.best == found.variants[0]
    assert found.deflated is None
    assert found.warning == ""


def test_without_a_single_trade_the_warning_still_counts() -> None:
    found = sweep(grid=rsi_grid("oversold=0,-1"), metric="total_return")
    assert found.best is not None
    assert found.best.trades == 0
    assert found.deflated is None
    assert "the best of 2 tried variants" in found.warning


def test_the_heat_map_shows_the_best_of_what_it_does_not_show(found: SweepResult) -> None:
    across, down, rows = heat_map(found, "period", "oversold")
    assert across == (D(3), D(5), D(7), D(9))
    assert down == (D(25), D(35))
    for oversold, row in zip(down, rows, strict=True):
        for period, cell in zip(across, row, strict=True):
            alike = [
                item
                for item in found.variants
                if item.parameters["period"] == period and item.parameters["oversold"] == oversold
            ]
            assert len(alike) == 2
            assert cell == best_of(alike, "sharpe")


# progress, cancel, workers that die ----------------------------------------------------------------------------------
def test_progress_counts_up_to_all_with_the_best_so_far() -> None:
    seen: list[SweepProgress] = []
    found = sweep(grid=rsi_grid("period=1:6"), progress=seen.append, chunk=2)
    assert [item.done for item in seen] == [2, 4, 6]
    assert {item.total for item in seen} == {6}
    assert seen[-1].best == found.best
    assert seen[-1].failed == 1
    scores = [score(item.best, "sharpe") for item in seen if item.best is not None]
    assert scores == sorted(scores)


def test_a_cancelled_sweep_says_how_far_it_was() -> None:
    done: list[int] = []
    with pytest.raises(SweepCancelled, match="stopped after 4 of 16 runs"):
        sweep(progress=lambda item: done.append(item.done), cancelled=lambda: bool(done), chunk=4)


def test_variants_that_came_back_before_a_cancel_go_with_it_to_be_counted(found: SweepResult) -> None:
    told: list[SweepProgress] = []
    with pytest.raises(SweepCancelled) as ended:
        sweep(progress=told.append, cancelled=lambda: len(told) > 1, chunk=3)
    seen = ended.value.seen
    assert seen is not None
    assert seen.tried == told[-1].done == 6
    assert seen.best == told[-1].best
    assert all(item == found.variants[item.number] for item in seen.variants)
    assert trial_of_sweep(seen, ("ab",)).tried == 6
    with pytest.raises(SweepCancelled) as at_once:
        sweep(cancelled=lambda: True)
    assert at_once.value.seen is None


def test_what_progress_raises_ends_the_sweep() -> None:
    def stop(_: SweepProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(progress=stop)


class Mortal(Executor):
    """An executor that breaks at some submissions, as a pool of processes does when one dies."""

    def __init__(self, deaths: set[int], error: type[Exception] = BrokenProcessPool) -> None:
        self.deaths, self.submitted, self.error = deaths, 0, error

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        if self.submitted in self.deaths:
            future.set_exception(self.error("a process died"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


@pytest.mark.parametrize("error", [BrokenProcessPool, CancelledError], ids=["process", "outcome on a cluster"])
def test_chunks_lost_with_a_worker_are_run_once_more(found: SweepResult, error: type[Exception]) -> None:
    executor = Mortal({2, 4}, error)
    again = sweep(crew=executor_crew(executor), chunk=4)
    assert again.variants == found.variants
    assert executor.submitted == 6


def test_workers_that_die_twice_end_the_sweep_with_what_is_missing() -> None:
    with pytest.raises(EnvironmentFault, match=r"twice.*4 of 16 runs are missing.*fewer workers"):
        sweep(crew=executor_crew(Mortal({2, 5})), chunk=4)


# what is refused -----------------------------------------------------------------------------------------------------
def test_bars_that_are_not_there_are_refused() -> None:
    with pytest.raises(UserMistake, match="There are no bars of AAA"):
        sweep(market=market_of(random_bars(1).first(0)))


def test_a_strategy_on_quotes_is_refused() -> None:
    with pytest.raises(UserMistake, match="Set evaluate to bar"):
        sweep(settings=settings_of(rsi_strategy(evaluate=Evaluate.QUOTE)))


def test_a_grid_of_another_strategy_is_refused() -> None:
    grid = rsi_grid("oversold=20,30")
    strategy = rsi_strategy(entry="close > 1", exit="", parameters={})
    with pytest.raises(FieldError, match="no parameter oversold"):
        sweep(settings=settings_of(strategy), grid=grid)


# symbols, protection, position terms ---------------------------------------------------------------------------------
def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    yield (
        "hours",
        {
            "settings": settings_of(hours="09:00-15:30@Asia/Seoul"),
            "market": market_of(BARS, hours="09:00-15:30@Asia/Seoul"),
        },
    )
    two = ("AAA", "BBB")
    yield (
        "symbols",
        {"settings": settings_of(symbols=two), "market": market_of(BARS, random_bars(900, 7), symbols=two)},
    )
    terms = rsi_strategy(exit="pnl_pct > overbought / 20 or bars_held > 40")
    yield "terms", {"settings": settings_of(terms), "grid": parse_grid(["overbought=20:80:20"], terms)}
    higher = rsi_strategy(entry='tf("1d", rsi(period)) < oversold + 20')
    yield "higher", {"settings": settings_of(higher), "grid": parse_grid(["period=2:4"], higher)}


@pytest.mark.parametrize(("name", "changes"), list(cases()), ids=[name for name, _ in cases()])
def test_every_kind_of_strategy_gives_what_its_backtest_gives(name: str, changes: dict[str, Any]) -> None:
    found = sweep(**changes)
    base, market = changes["settings"], changes.get("market") or market_of(BARS)
    assert sum(item.trades for item in found.variants) > 0
    for variant in found.variants[::3]:
        alone = run_variant(base, market, variant.parameters)
        assert variant.equity == alone.final_equity
        assert variant.trades == len(alone.trades)

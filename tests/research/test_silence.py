from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from desktop.domain.risk import RiskLimits
from desktop.domain.strategies import Sizing, SizingKind
from desktop.research.backtest import run_backtest
from desktop.research.report import build_report
from desktop.research.silence import why_no_trades
from tests.research.sweep_kit import D, market_of, random_bars, rsi_strategy, settings_of

BARS = random_bars(400, seed=6)


def why(*, bars: Any = BARS, limits: RiskLimits | None = None, cash: int = 100_000, **changes: Any) -> str:
    """Return what is said of a run that closed no trade."""
    strategy = rsi_strategy(**{"parameters": {"period": D(14), "oversold": D(30), "overbought": D(70)}, **changes})
    settings = replace(settings_of(strategy, cash=D(cash)), limits=limits or RiskLimits())
    market = market_of(bars)
    report = build_report(run_backtest(settings, market), market)
    assert report.result.trades == ()
    return " ".join(report.no_trades)


def test_a_rule_that_was_never_true_is_named_with_what_to_move() -> None:
    said = why(entry="rsi(14) < 1", exit="")
    assert "The entry rule was true on none of 386 bars: rsi(14) < 1" in said
    assert "the strategy editor shows its values" in said


def test_of_several_clauses_the_one_that_never_held_is_named() -> None:
    said = why(entry="rsi(14) < 70 and close > 1000")
    assert "Never true, whatever the others said, was close > 1000. Loosen it first" in said


def test_clauses_that_never_meet_are_counted_and_the_worst_is_named() -> None:
    said = why(entry="rsi(14) < 35 and rsi(14) > 65")
    assert "Each clause was true at times (rsi(14) < 35 on " in said
    assert "but never all on one bar" in said


def test_too_few_bars_to_judge_the_rule_are_said() -> None:
    said = why(entry="close > sma(1000)")
    assert said.startswith("close > sma(1000) needs 1,000 bars; the range has 400, so the rule could never be true.")
    assert "Take more bars, or shorter lengths" in said


def test_a_clause_still_in_its_warm_up_is_not_called_never_true() -> None:
    short = random_bars(27, seed=6)
    said = why(bars=short, entry="close > sma(200) and rsi(14) < 70")
    assert said.startswith("close > sma(200) needs 200 bars; the range has 27")
    assert "Never true" not in said
    assert "Loosen" not in said
    held = why(bars=short, entry="rsi(5) < 100", exit="close < sma(200)")
    assert "close < sma(200) needs 200 bars; the range has 27" in held
    assert "Loosen" not in held


def test_of_alternatives_one_in_its_warm_up_is_named_and_the_rest_is_said_to_have_been_false() -> None:
    said = why(bars=random_bars(27, seed=6), entry="close > sma(200) or rsi(14) < 1")
    assert said.startswith(
        "close > sma(200) needs 200 bars; the range has 27, so that could never be true, and the rest"
    )


def test_a_rule_that_has_its_bars_and_no_value_says_that_it_could_not_be_judged() -> None:
    assert "could not be judged on a single one of 400 bars" in why(entry="close / (volume - volume) > 1")


def test_a_check_that_stopped_every_entry_is_named_with_its_count_and_what_to_do() -> None:
    said = why(entry="rsi(14) < 40", sizing=Sizing(SizingKind.FIXED_QUANTITY, D(1)), cash=20)
    assert "The entry rule was true on " in said
    assert "Every entry was stopped by a check: no cash (" in said
    assert "Start with more cash" in said


def test_a_size_below_one_unit_says_so() -> None:
    said = why(entry="rsi(14) < 40", sizing=Sizing(SizingKind.FIXED_MONEY, D(20)))
    assert "below the smallest order (" in said
    assert "The size comes to less than one unit" in said


def test_a_position_that_was_never_closed_is_no_trade_and_says_why() -> None:
    said = why(entry="rsi(14) < 40", exit="")
    assert "1 position was bought and is still held at the end" in said
    assert "There is no exit rule" in said
    assert "true on none of 400 bars" in why(entry="rsi(14) < 40", exit="close > 1000000")


def test_orders_that_never_filled_are_said() -> None:
    said = why(entry="rsi(14) < 40", exit="", entry_limit_percent=D(90))
    assert "orders were placed and none was filled" in said


@pytest.mark.parametrize(("signals", "orders"), [(0, 0), (3, 0)])
def test_there_is_always_something_to_say_of_a_rule_that_was_true(signals: int, orders: int) -> None:
    settings = settings_of()
    market = market_of(BARS)
    rules = build_report(run_backtest(settings, market), market).rules
    said = why_no_trades(rules, blocks={}, signals=signals, orders=orders, open_positions=0, waiting=0)
    assert said
    assert "The entry rule was true on" in said[0]


def test_a_run_with_trades_has_nothing_to_explain() -> None:
    market = market_of(BARS)
    report = build_report(run_backtest(settings_of(), market), market)
    assert report.result.trades
    assert report.no_trades == ()

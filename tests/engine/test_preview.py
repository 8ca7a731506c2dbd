"""A strategy on a whole history: the same verdicts as the batch evaluator, runs of true bars, explanations."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.domain.errors import RuleError, UserMistake
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.preview import bars_of_timeframe, look_over
from desktop.rules.batch import BatchEvaluator
from desktop.rules.nodes import Verdict
from desktop.rules.terms import PositionTerms
from tests.rules.series import random_columns

BARS = random_columns(600, 3)
RULES = (
    "rsi(14) < 40 and close > sma(50)",
    "not (close > sma(20)) or 30 < rsi(7) < 60",
    "crosses_above(close, ema(10)) and hour >= 3",
    'tf("1h", rsi(5)) < 50 or macd(12, 26, 9).signal > 0',
    "prev(close > open, 2) and close / (close - close) > 1",
)


def strategy(entry: str, leave: str = "", timeframe: str = "1m") -> Strategy:
    return Strategy("Tried", timeframe, entry, leave)


@pytest.mark.parametrize("text", RULES)
def test_every_bar_is_explained_as_the_batch_evaluator_explains_it(text: str) -> None:
    found = look_over(strategy(text), BARS, "1m", "UTC").entry
    batch = BatchEvaluator(BARS, timeframe="1m")
    for index in (0, 3, 60, 61, 300, 599):
        assert found.explain(index) == batch.explain(found.rule, index)


@pytest.mark.parametrize("text", RULES)
def test_signals_stand_where_the_rule_becomes_true_and_last_while_it_is(text: str) -> None:
    found = look_over(strategy(text), BARS, "1m", "UTC").entry
    true = BatchEvaluator(BARS, timeframe="1m").masks(found.rule).true
    drawn = np.zeros(len(BARS), dtype=np.bool_)
    for begin, length in zip(found.begins.tolist(), found.lengths.tolist(), strict=True):
        assert not begin or not true[begin - 1]
        drawn[begin : begin + length] = True
    assert drawn.tolist() == true.tolist()


def test_an_exit_with_position_terms_says_nothing_without_a_position_and_all_with_one() -> None:
    found = look_over(strategy("close > 0", "close < high_since_entry - 2 * atr(14) or pnl_pct > 5"), BARS, "1m", "UTC")
    assert found.exit is not None
    assert not len(found.exit.begins)
    without = found.exit.explain(500)
    assert without.verdict is Verdict.UNKNOWN
    assert "position" in without.clauses[0].reason
    held = PositionTerms(entry_price=1.0, pnl_pct=6.0, bars_held=3.0, high_since_entry=200.0, low_since_entry=90.0)
    assert found.exit.explain(500, held).verdict is Verdict.TRUE
    assert "pnl_pct = 6 > 5" in found.exit.explain(500, held).lines[1]


def test_indicators_of_both_rules_come_once_over_all_bars() -> None:
    found = look_over(strategy("rsi(14) < 30", "rsi(14) > 70 and close > sma(20)"), BARS, "1m", "UTC")
    assert [line.name for line in found.indicators] == ["rsi(14)", "sma(20)"]
    assert found.indicators[0].levels == (30.0, 70.0)
    assert all(line.values.shape == (600,) for line in found.indicators)
    assert found.bars is None, "the bars that were given serve"


def test_shorter_bars_are_put_together_and_longer_ones_are_refused() -> None:
    found = look_over(strategy("close > 0", timeframe="5m"), BARS, "1m", "UTC")
    assert found.bars is not None
    assert len(found.bars) == len(bars_of_timeframe(BARS, "1m", "5m")) == 120
    assert found.entry.lengths.sum() == 120
    with pytest.raises(UserMistake, match="The bars of this history are 1m; bars of 5s cannot be made"):
        look_over(strategy("close > 0", timeframe="5s"), BARS, "1m", "UTC")
    with pytest.raises(UserMistake, match="before a bar of 1d has closed"):
        look_over(strategy("close > 0", timeframe="1d"), BARS.first(20), "1m", "UTC")


def test_a_rule_that_cannot_be_judged_on_quotes_is_refused_here_too() -> None:
    on_quotes = Strategy("Far", "1m", "zscore(20) < -2", evaluate=Evaluate.QUOTE)
    with pytest.raises(RuleError, match="bar close only"):
        look_over(on_quotes, BARS, "1m", "UTC")


def test_progress_can_end_it() -> None:
    class Stopped(Exception):
        pass

    def stop(share: float) -> None:
        raise Stopped(share)

    with pytest.raises(Stopped):
        look_over(strategy("close > 0"), BARS, "1m", "UTC", progress=stop)

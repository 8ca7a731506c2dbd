from __future__ import annotations

import numpy as np

from desktop.research.statistics import ClauseCount, count_clauses
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role


def evaluator(close: list[float], volume: list[float]) -> BatchEvaluator:
    prices = np.array(close, dtype=np.float64)
    start = np.arange(len(close), dtype=np.int64) * 60_000_000
    return BatchEvaluator(
        Columns(start, prices, prices, prices, prices, np.array(volume, dtype=np.float64)), timeframe="1m"
    )


BARS = evaluator([1, 2, 3, 4, 5, 6], [9, 9, 1, 9, 1, 9])


def test_each_clause_of_an_and_is_counted_and_the_one_that_stopped_it_alone() -> None:
    found = count_clauses(compile_rule("close > 2 and volume > 5", role=Role.ENTRY), BARS, symbol="SPY")
    assert (found.symbol, found.role, found.joined, found.bars) == ("SPY", Role.ENTRY, "and", 6)
    assert (found.known, found.true) == (6, 2)
    assert found.clauses == (ClauseCount("close > 2", 6, 4, 2), ClauseCount("volume > 5", 6, 4, 2))
    assert found.clauses[0].share == 4 / 6


def test_a_clause_of_an_or_decides_alone_where_no_other_is_true() -> None:
    found = count_clauses(compile_rule("close > 5 or volume < 5 or close < 2", role=Role.ENTRY), BARS)
    assert found.joined == "or"
    assert [clause.alone for clause in found.clauses] == [1, 2, 1]
    assert (found.known, found.true) == (6, 4)


def test_bars_before_an_indicator_has_a_value_are_not_known() -> None:
    found = count_clauses(compile_rule("close > sma(3) and volume > 5", role=Role.ENTRY), BARS)
    assert found.clauses == (ClauseCount("close > sma(3)", 4, 4, 0, needs=3), ClauseCount("volume > 5", 6, 4, 2))
    assert (found.known, found.true) == (4, 2)


def test_a_rule_of_one_clause_has_no_other_to_decide() -> None:
    found = count_clauses(compile_rule("not close > 2", role=Role.ENTRY), BARS)
    assert (found.joined, found.clauses) == ("", (ClauseCount("not close > 2", 6, 2, None),))


def test_a_clause_inside_another_is_no_clause_of_its_own() -> None:
    found = count_clauses(compile_rule("close > 1 and (volume > 5 or close > 4)", role=Role.ENTRY), BARS)
    assert [clause.true for clause in found.clauses] == [5, 5]


def test_what_depends_on_the_position_is_left_open() -> None:
    found = count_clauses(compile_rule("close > 3 or pnl_pct > 5", role=Role.EXIT), BARS)
    assert (found.known, found.true) == (None, None)
    assert [(clause.known, clause.true, clause.alone) for clause in found.clauses] == [(6, 3, None), (None, None, None)]
    assert found.clauses[1].share is None


def test_without_bars_nothing_is_known() -> None:
    found = count_clauses(compile_rule("close > 2 and volume > 5", role=Role.ENTRY), evaluator([], []))
    assert (found.bars, found.known, found.true) == (0, 0, 0)
    assert [(clause.alone, clause.share) for clause in found.clauses] == [(0, None), (0, None)]

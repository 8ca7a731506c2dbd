"""Strategies are checked before a session starts, each mistake at its field."""

from __future__ import annotations

import pytest

from desktop.domain.errors import FieldError, RuleError
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.drafts import compile_strategy
from desktop.engine.editor import check_rule
from desktop.trading.proposals import StrategyRules


def test_a_strategy_judged_on_quotes_is_checked_before_a_session_starts() -> None:
    def strategy(evaluate: Evaluate) -> Strategy:
        return Strategy(
            name="Far out", timeframe="1m", entry="zscore(20) < -2", exit="zscore(20) > 0", evaluate=evaluate
        )

    assert len(compile_strategy(strategy(Evaluate.BAR))) == 2
    with pytest.raises(FieldError, match=r"entry: .*judged at bar close only"):
        compile_strategy(strategy(Evaluate.QUOTE))


def test_the_core_compiles_the_rules_of_a_strategy_on_quotes_as_such() -> None:
    def strategy(entry: str, leave: str, evaluate: Evaluate) -> Strategy:
        return Strategy(name="Far out", timeframe="1m", entry=entry, exit=leave, evaluate=evaluate)

    assert StrategyRules.of(strategy("zscore(20) < -2", "zscore(20) > 0", Evaluate.BAR)).exit is not None
    for entry, leave in (("zscore(20) < -2", ""), ("close > 1", "zscore(20) > 0")):
        with pytest.raises(RuleError, match="judged at bar close only"):
            StrategyRules.of(strategy(entry, leave, Evaluate.QUOTE))


@pytest.mark.parametrize("role", ["entry", "exit"])
def test_the_line_under_a_rule_refuses_what_cannot_be_judged_on_quotes(role: str) -> None:
    def check(*, on_quotes: bool) -> tuple[bool, int]:
        found = check_rule(
            "close > sma(5) and zscore(20) < -2",
            role=role,
            parameters={},
            timeframe="1m",
            runner=None,
            symbol="",
            on_quotes=on_quotes,
        )
        return found.ok, found.column

    assert check(on_quotes=False) == (True, 0)
    assert check(on_quotes=True) == (False, 20)

"""Strategies are checked before a session starts, each mistake at its field."""

from __future__ import annotations

import pytest

from desktop.domain.errors import FieldError
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.drafts import compile_strategy


def test_a_strategy_judged_on_quotes_is_checked_before_a_session_starts() -> None:
    def strategy(evaluate: Evaluate) -> Strategy:
        return Strategy(
            name="Far out", timeframe="1m", entry="zscore(20) < -2", exit="zscore(20) > 0", evaluate=evaluate
        )

    assert len(compile_strategy(strategy(Evaluate.BAR))) == 2
    with pytest.raises(FieldError, match=r"entry: .*judged at bar close only"):
        compile_strategy(strategy(Evaluate.QUOTE))

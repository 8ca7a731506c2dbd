"""Random formulas: both evaluators agree, the text reads back, explanations never fail, the past never changes."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import RuleError
from desktop.rules.batch import BatchEvaluator
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role, Verdict
from desktop.rules.stream import StreamEvaluator
from desktop.rules.text import format_node
from tests.rules.series import bars_of, random_columns

LENGTHS = st.integers(2, 7)
SERIES = st.sampled_from(["open", "high", "low", "close", "volume", "hl2", "hlc3", "ohlc4", "hour", "minute", "time"])
CONSTANTS = st.sampled_from(["0", "1", "2.5", "-3", "50", "1e9", "0.001"])
WINDOWED = st.sampled_from(
    ["sma", "ema", "rsi", "wma", "stddev", "linearreg", "roc", "highest", "lowest", "sum", "prev", "change"]
)
BARS = st.sampled_from(
    ["atr({})", "adx({})", "supertrend({}).trend", "cci({})", "mfi({})", "stochf({}, 2).d", "bop()", "obv()"]
)
ARITHMETIC = st.sampled_from(["+", "-", "*", "/", "//", "%", "**"])
RELATIONS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
HIGHER = st.sampled_from(["1m", "3m", "5m", "1h", "1d"])


def deeper_numbers(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(WINDOWED, numbers, LENGTHS).map(lambda part: f"{part[0]}({part[1]}, {part[2]})"),
        st.tuples(numbers, ARITHMETIC, numbers).map(lambda part: f"({part[0]} {part[1]} {part[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), numbers, numbers).map(
            lambda part: f"{part[0]}({part[1]}, {part[2]})"
        ),
        st.tuples(st.sampled_from(["-({})", "abs({})", "ln({})", "sqrt({})", "macd({}, 2, 4, 3).hist"]), numbers).map(
            lambda part: part[0].format(part[1])
        ),
        st.tuples(HIGHER, numbers).map(lambda part: f'tf("{part[0]}", {part[1]})'),
        st.tuples(BARS, LENGTHS).map(lambda part: part[0].format(part[1])),
    )


NUMBERS = st.recursive(st.one_of(SERIES, SERIES, CONSTANTS), deeper_numbers, max_leaves=4)


def deeper_conditions(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(conditions, min_size=2, max_size=3).map(lambda parts: f"({' and '.join(parts)})"),
        st.lists(conditions, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
        conditions.map(lambda part: f"not ({part})"),
        st.tuples(conditions, LENGTHS).map(lambda part: f"prev({part[0]}, {part[1]})"),
        st.tuples(HIGHER, conditions).map(lambda part: f'tf("{part[0]}", {part[1]})'),
    )


CONDITIONS = st.recursive(
    st.one_of(
        st.tuples(NUMBERS, RELATIONS, NUMBERS).map(" ".join),
        st.tuples(st.sampled_from(["above", "below"]), NUMBERS, NUMBERS).map(
            lambda part: f"crosses_{part[0]}({part[1]}, {part[2]})"
        ),
        st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda part: f"between({part[0]}, {part[1]}, {part[2]})"),
    ),
    deeper_conditions,
    max_leaves=4,
)


def compiled(text: str) -> Rule | None:
    """Return the rule; None for a formula that is refused (two constants compared, a division by zero ...)."""
    try:
        return compile_rule(text, role=Role.ENTRY)
    except RuleError:
        return None


@settings(max_examples=120, deadline=None)
@given(text=CONDITIONS, seed=st.integers(0, 99), gaps=st.booleans(), holes=st.lists(st.integers(0, 69), max_size=2))
def test_random_rules_agree_in_stream_batch_and_after_a_restart(
    *, text: str, seed: int, gaps: bool, holes: list[int]
) -> None:
    rule = compiled(text)
    assume(rule is not None)
    assert rule is not None
    columns = random_columns(70, seed, gaps=gaps)
    columns.close[holes] = np.nan
    masks = BatchEvaluator(columns, timeframe="1m", zone="Asia/Seoul").masks(rule)
    fed, restarted = (StreamEvaluator(timeframe="1m", zone="Asia/Seoul") for _ in range(2))
    fed.add(rule)
    restarted.add(rule)
    restarted.seed(columns.first(40))
    expected = Verdict.UNKNOWN
    for place, bar in enumerate(bars_of(columns)):
        fed.peek(rule, bar)
        fed.update(bar)
        expected = Verdict.UNKNOWN
        if masks.known[place]:
            expected = Verdict.TRUE if masks.true[place] else Verdict.FALSE
        assert fed.verdict(rule) is expected, place
        if place >= 40:
            restarted.update(bar)
            assert restarted.verdict(rule) is expected, place
    assert fed.explain(rule) == restarted.explain(rule)
    assert fed.explain(rule).verdict is expected
    assert compile_rule(format_node(rule.root), role=Role.ENTRY) == rule
    early = BatchEvaluator(columns.first(50), timeframe="1m", zone="Asia/Seoul").masks(rule)
    assert np.array_equal(early.true, masks.true[:50])
    assert np.array_equal(early.known, masks.known[:50])

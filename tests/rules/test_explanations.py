"""Every verdict can be explained, clause by clause, also when nothing happened."""

from __future__ import annotations

import json
from operator import eq, ge, gt, le, lt, ne

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import compile_rule
from desktop.rules.explain import Explanation, explain
from desktop.rules.nodes import Node, Number, Role, Verdict, children
from desktop.rules.operators import TRUE
from desktop.rules.stream import StreamEvaluator
from desktop.rules.terms import PositionTerms
from tests.rules.series import bars_of, closes


def explained(text: str, columns: Columns, terms: PositionTerms | None = None) -> Explanation:
    rule = compile_rule(text, role=Role.EXIT)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    for bar in bars_of(columns):
        stream.update(bar)
    found = stream.explain(rule, terms)
    assert found.verdict is stream.verdict(rule, terms)
    assert found == BatchEvaluator(columns, timeframe="1m").explain(rule, len(columns) - 1, terms)
    assert Explanation.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    return found


def test_each_clause_shows_its_values() -> None:
    found = explained("close < 30 and open >= low * 2 or volume == 1", closes([10.0, 28.4]))
    assert found.lines == (
        "close = 28.4 < 30: true",
        "open = 28.4 >= low * 2 = 56.8: false",
        "volume = 1 == 1: true",
    )
    assert found.verdict is Verdict.TRUE
    assert found.text == "close < 30 and open >= low * 2 or volume == 1"
    assert [clause.left for clause in found.clauses] == [28.4, 28.4, 1.0]
    assert [clause.right for clause in found.clauses] == [30.0, 56.8, 1.0]
    assert str(found).startswith("close = 28.4 < 30: true; ")


def test_indicators_show_their_value() -> None:
    found = explained("rsi(2) < 30", closes([5.0, 4.0, 3.0]))
    assert found.lines == ("rsi(2) = 0 < 30: true",)


def test_an_unknown_clause_says_how_many_bars_it_still_needs() -> None:
    found = explained("rsi(14) < 30 and close > 1", closes([2.0] * 9))
    assert found.verdict is Verdict.UNKNOWN
    assert found.lines == ("rsi(14) = unknown < 30: unknown: needs 15 bars, has 9", "close = 2 > 1: true")
    assert found.clauses[0].reason == "needs 15 bars, has 9"
    assert found.clauses[0].left is None


def test_an_unknown_clause_names_the_number_without_a_value() -> None:
    found = explained("close / (open - close) > 3", closes([2.0]))
    assert "close / (open - close) has no value on this bar" in found.clauses[0].reason
    crossing = explained("prev(close / (open - close)) > 3", closes([2.0, 3.0]))
    assert "has no value on this bar" in crossing.clauses[0].reason


def test_an_unknown_higher_timeframe_says_what_it_waits_for() -> None:
    found = explained('tf("1h", rsi(14)) < 30', closes([2.0] * 90))
    assert found.clauses[0].reason == "needs 15 closed bars of 1h (900 of 1m), has about 1 (90)"


def test_a_condition_of_another_bar_is_shown_whole() -> None:
    found = explained('prev(close > 3) or tf("5m", close > 3)', closes([2.0, 4.0]))
    assert found.lines[0] == "prev(close > 3, 1): false"
    assert found.lines[1].startswith('tf("5m", close > 3): unknown: needs 1 closed bars of 5m')


def test_between_and_crossings_show_all_sides() -> None:
    found = explained(
        "between(close, 1, high) and crosses_above(close, 3) and crosses_below(close, open)", closes([2.0, 4.0])
    )
    assert found.lines == (
        "1 <= close = 4 <= high = 4: true",
        "close = 4 crosses above 3: true",
        "close = 4 crosses below open = 4: false",
    )


def test_values_that_look_equal_are_shown_to_their_last_digit() -> None:
    found = explained("close < open + 0.000001", closes([29.99996]))
    assert found.lines == ("close = 29.99996 < open + 0.000001 = 30: true",)
    found = explained("close + 0.000001 < open + 0.000002", closes([29.99996]))
    assert found.lines == ("close + 0.000001 = 29.999961 < open + 0.000002 = 29.999962: true",)
    assert explained("close == 5e-324 and close != 1e-323", closes([5e-324])).verdict is Verdict.TRUE
    small = explained("close < 0.00012345", closes([0.000012345678]))
    assert small.lines == ("close = 1.2345678e-05 < 0.00012345: true",)


def _written(text: str, *values: float) -> str:
    """Return the first clause of a rule as it is written for given values of its sides."""
    found = iter(values)
    rule = compile_rule(text, role=Role.EXIT)
    read: dict[Node, float] = {}
    for side in children(rule.clauses[0]):
        read[side] = side.value if isinstance(side, Number) else next(found)
    return explain(rule, lambda node: read.get(node, TRUE), 1000).lines[0].rpartition(":")[0]


@pytest.mark.parametrize(
    ("text", "values", "line"),
    [
        ("rsi(14) < 35", (32.661312,), "rsi(14) = 32.66 < 35"),
        ("rsi(14) < 35", (34.998,), "rsi(14) = 34.998 < 35"),
        ("rsi(14) > 32.661", (32.6613,), "rsi(14) = 32.6613 > 32.661"),
        ("close > sma(20)", (126.955, 126.412345), "close = 126.955 > sma(20) = 126.41"),
        ("close > sma(20)", (1.08425, 1.084211), "close = 1.08425 > sma(20) = 1.0842"),
        ("close > sma(200)", (71_000.0, 70_912.345), "close = 71000 > sma(200) = 70912.35"),
        ("macd(12, 26, 9).macd > 0", (0.0123456,), "macd(12, 26, 9).macd = 0.01235 > 0"),
        ("volume > sma(volume, 20)", (1_234_567_890.0, 765.4321), "volume = 1234567890 > sma(volume, 20) = 765.43"),
        ("close < entry_price * 0.97", (95.5, 95.509), "close = 95.5 < entry_price * 0.97 = 95.509"),
    ],
)
def test_a_value_has_few_digits_but_never_so_few_that_the_sentence_is_false(
    text: str, values: tuple[float, ...], line: str
) -> None:
    assert _written(text, *values) == line


@given(
    left=st.floats(1e-6, 1e6),
    apart=st.sampled_from([0.0, 1e-12, 1e-7, 1e-4, 0.004, 0.6]),
    sign=st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
)
@settings(max_examples=150, deadline=None)
def test_what_is_shown_says_the_same_as_the_values(left: float, apart: float, sign: str) -> None:
    right = left * (1 + apart)
    line = _written(f"rsi(14) {sign} sma(rsi(14), 3)", left, right)
    one, other = (float(part.split(" = ")[-1]) for part in line.split(f" {sign} "))
    holds = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}[sign]
    assert holds(one, other) == holds(left, right)


def test_two_unknown_sides_are_explained() -> None:
    found = explained("sma(20) < ema(20)", closes([1.0]))
    assert found.lines == ("sma(20) = unknown < ema(20) = unknown: unknown: needs 20 bars, has 1",)


def test_position_terms_are_explained_with_the_position() -> None:
    columns = closes([10.0, 12.0])
    terms = PositionTerms(entry_price=10.0, pnl_pct=20.0, bars_held=1.0, high_since_entry=12.0, low_since_entry=10.0)
    text = "pnl_pct > 10 and not close < entry_price * 1.1 and between(bars_held, 0, 5)"
    found = explained(text, columns, terms)
    assert found.lines == (
        "pnl_pct = 20 > 10: true",
        "close = 12 < entry_price * 1.1 = 11: false",
        "0 <= bars_held = 1 <= 5: true",
    )
    assert found.verdict is Verdict.TRUE
    without = explained(text, columns)
    assert without.verdict is Verdict.UNKNOWN
    assert without.clauses[0].reason == "there is no such value of the position"


@pytest.mark.parametrize(
    ("text", "deciding"),
    [
        ("close > 1 and close > 2", ["close > 1", "close > 2"]),
        ("close > 1 and close > 9", ["close > 9"]),
        ("close > 8 and close > 9", ["close > 8", "close > 9"]),
        ("close > 1 or close > 9", ["close > 1"]),
        ("close > 8 or close > 9", ["close > 8", "close > 9"]),
        ("sma(50) > 1 and close > 9", ["close > 9"]),
        ("sma(50) > 1 and close > 1", ["sma(50) > 1"]),
        ("not (close > 1 or sma(50) > 1) and close > 2", ["close > 1"]),
    ],
)
def test_the_deciding_clauses_are_those_the_verdict_follows_from(text: str, deciding: list[str]) -> None:
    found = explained(text, closes([5.0]))
    assert [clause.text for clause in found.deciding] == deciding


def test_the_forming_bar_can_be_explained() -> None:
    rule = compile_rule("close > 3", role=Role.ENTRY)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    first, forming = bars_of(closes([2.0, 4.5]))
    stream.update(first)
    assert stream.explain(rule, forming=forming).lines == ("close = 4.5 > 3: true",)
    assert stream.explain(rule).lines == ("close = 2 > 3: false",)


def test_a_bar_without_numbers_is_unknown_and_starts_the_function_anew() -> None:
    columns = closes([1.0, 2.0, np.nan, 3.0, 4.0])
    values = BatchEvaluator(columns, timeframe="1m")
    rule = compile_rule("sma(2) > 0", role=Role.ENTRY)
    assert values.masks(rule).known.tolist() == [False, True, False, False, True]
    assert "sma(2) has no value on this bar" in explained("sma(2) > 0", columns.first(4)).clauses[0].reason

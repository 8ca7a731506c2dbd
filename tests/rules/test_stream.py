"""The stream evaluator: shared nodes, rules that come and go, position terms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import ProgramBug
from desktop.domain.market import Bar
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import Rule, compile_rule, compile_series
from desktop.rules.indicator_cells import IndicatorCell
from desktop.rules.nodes import Role, Verdict
from desktop.rules.stream import StreamEvaluator
from desktop.rules.terms import PositionColumns, PositionTerms
from tests.rules.series import bars_of, closes, random_columns, same_bits


def entry(text: str, timeframe: str = "1m") -> Rule:
    return compile_rule(text, role=Role.ENTRY, timeframe=timeframe)


def leaving(text: str) -> Rule:
    return compile_rule(text, role=Role.EXIT)


def indicators_in(stream: StreamEvaluator) -> int:
    return sum(isinstance(cell, IndicatorCell) for cell in stream._graph.order)


def test_a_node_of_many_rules_is_computed_once_per_bar() -> None:
    stream = StreamEvaluator(timeframe="1m")
    for level in range(20, 40):
        stream.add(entry(f"rsi(close, length=14) < {level} and close > sma(50)"))
        stream.add(entry(f"rsi(14) < {level} or close > sma(50)"))
    assert indicators_in(stream) == 2
    assert len(stream.rules) == 40


def test_a_rule_added_late_is_opened_on_all_bars_since_the_origin() -> None:
    columns = random_columns(300)
    early, late = (
        entry('ema(20) < close and tf("5m", ema(3)) > 0 and prev(ema(20), 3) > 0'),
        entry('rsi(14) < 50 and tf("5m", ema(9) + ema(3)) < close'),
    )
    stream, whole = StreamEvaluator(timeframe="1m"), StreamEvaluator(timeframe="1m")
    stream.add(early)
    whole.add(early)
    whole.add(late)
    bars = list(bars_of(columns))
    for place, bar in enumerate(bars):
        if place == 200:
            stream.add(late, columns.first(200))
        stream.update(bar)
        whole.update(bar)
        assert stream.verdict(early) is whole.verdict(early)
        if place >= 200:
            assert stream.verdict(late) is whole.verdict(late)
            for node in late.clauses:
                assert same_bits(np.array([stream.value(node)]), np.array([whole.value(node)]))
    assert stream.bars == whole.bars == 300


def test_what_runs_already_is_left_alone_when_a_rule_is_added_late() -> None:
    columns = random_columns(60)
    stream = StreamEvaluator(timeframe="1m")
    running = entry("ema(5) > 0")
    stream.add(running)
    for bar in bars_of(columns):
        stream.update(bar)
    handle = next(cell._handle for cell in stream._graph.order if isinstance(cell, IndicatorCell))
    stream.add(entry("ema(5) > 0 and ema(7) > 0"), columns)
    assert any(isinstance(cell, IndicatorCell) and cell._handle is handle for cell in stream._graph.order)


def test_a_late_rule_without_its_whole_history_is_our_bug() -> None:
    stream = StreamEvaluator(timeframe="1m")
    stream.update(Bar("X", "1m", 0, 1.0, 1.0, 1.0, 1.0, 1.0))
    with pytest.raises(ProgramBug, match="needs them all"):
        stream.add(entry("close > 3"))
    with pytest.raises(ProgramBug, match="got 2"):
        stream.add(entry("close > 3"), closes([1.0, 2.0]))
    stream.add(entry("close > 3"), closes([1.0]))
    stream.add(entry("close > 3"))  # an equal rule is running: nothing new to open
    assert len(stream.rules) == 2


def test_a_rule_of_another_timeframe_or_never_added_is_our_bug() -> None:
    stream = StreamEvaluator(timeframe="1m")
    with pytest.raises(ProgramBug, match="bars of 5m"):
        stream.add(entry("close > 3", "5m"))
    with pytest.raises(ProgramBug, match="never added"):
        stream.verdict(entry("close > 3"))
    with pytest.raises(ProgramBug, match="belongs to no rule"):
        stream.value(compile_series("sma(20)"))


def test_an_equal_rule_compiled_again_is_the_same_rule() -> None:
    stream = StreamEvaluator(timeframe="1m")
    rule = entry("close > 3")
    stream.add(rule)
    stream.add(rule)
    (bar,) = bars_of(closes([4.0]))
    stream.update(bar)
    assert stream.verdict(entry("close  >  3")) is Verdict.TRUE
    assert stream.peek(entry("close > 3.0"), bar) is Verdict.TRUE
    twin = entry("close > 3")
    assert stream.verdict(twin) is stream.verdict(twin) is Verdict.TRUE
    assert len(stream.rules) == 1
    stream.remove(rule)
    stream.remove(rule)
    with pytest.raises(ProgramBug, match="never added"):
        stream.verdict(twin)


def test_a_removed_rule_takes_only_its_own_nodes_with_it() -> None:
    stream = StreamEvaluator(timeframe="1m")
    kept, gone = (
        entry('rsi(14) < 50 and tf("5m", sma(3)) > 1'),
        entry('rsi(14) < 30 and tf("5m", sma(9)) > tf("1h", ema(5))'),
    )
    stream.add(kept)
    stream.add(gone)
    columns = random_columns(100)
    bars = list(bars_of(columns))
    for bar in bars[:60]:
        stream.update(bar)
    twin = entry(gone.text)
    stream.add(kept)
    stream.remove(kept)  # added twice, taken back once
    stream.remove(twin)
    stream.remove(gone)
    assert stream.rules == (kept,)
    assert set(stream._graph.higher) == {"5m"}
    assert sum(isinstance(cell, IndicatorCell) for cell in stream._graph.higher["5m"].graph.order) == 1
    for bar in bars[60:]:
        stream.update(bar)
    masks = BatchEvaluator(columns, timeframe="1m").masks(kept)
    assert stream.verdict(kept) is (Verdict.TRUE if masks.true[-1] else Verdict.FALSE)
    with pytest.raises(ProgramBug):
        stream.verdict(gone)
    stream.remove(kept)
    assert stream._graph.order == []


def test_flat_prices_give_an_rsi_of_zero_as_in_talib() -> None:
    stream = StreamEvaluator(timeframe="1m")
    rule = entry("rsi(3) == 0")
    stream.add(rule)
    for bar in bars_of(closes([5.0] * 10)):
        stream.update(bar)
    assert stream.verdict(rule) is Verdict.TRUE


def test_a_peek_shares_its_work_and_never_outlives_a_closed_bar() -> None:
    stream = StreamEvaluator(timeframe="1m")
    rule, other = entry("close > 1"), entry("close > 1 and sma(2) > 3")
    stream.add(rule)
    stream.add(other)
    first, second = bars_of(closes([5.0, 2.0]))
    stream.update(first)
    assert (stream.peek(rule, second), stream.peek(other, second)) == (Verdict.TRUE, Verdict.TRUE)  # mean of 5 and 2
    stream.update(second)
    assert stream.peek(other, second) is Verdict.FALSE  # the same numbers once more: mean of 2 and 2
    late = entry("sma(2) < 3")
    stream.add(late, closes([5.0, 2.0]))
    assert stream.peek(late, second) is Verdict.TRUE


def test_seeding_with_nothing_is_starting_over() -> None:
    stream = StreamEvaluator(timeframe="1m")
    rule = entry('sma(2) > 3 and prev(close, 2) > 0 and not crosses_above(close, 9) and tf("5m", close) > 0')
    stream.add(rule)
    assert stream.verdict(rule) is Verdict.UNKNOWN
    bars = list(bars_of(closes([4.0] * 12)))
    for bar in bars:
        stream.update(bar)
    assert stream.verdict(rule) is Verdict.TRUE
    stream.seed(closes([]))
    assert stream.bars == 0
    fresh = StreamEvaluator(timeframe="1m")
    fresh.add(rule)
    for bar in bars:
        assert [cell.value for cell in stream._graph.order] == pytest.approx(
            [cell.value for cell in fresh._graph.order], nan_ok=True
        )
        stream.update(bar)
        fresh.update(bar)
    assert stream.verdict(rule) is Verdict.TRUE


# --- Position terms ----------------------------------------------------------------------------------------------

TERM_RULES = [
    "pnl_pct > 5",
    "pnl_pct < -3 or rsi(5) > 60",
    "not (pnl_pct > 5 and close > sma(5)) and close > high_since_entry * 0.98",
    "between(pnl_pct, -1, 1) and bars_held >= 3 or not close > low_since_entry + 1",
    "max(pnl_pct, bars_held, 3) - abs(-pnl_pct) > 0 and -pnl_pct < 3 and min(entry_price, close) > 90",
    "close > sma(20) and not pnl_pct >= 0",
]


def position_columns(columns: Columns) -> PositionColumns:
    """A position entered on the first bar."""
    entry_price = float(columns.close[0])
    return PositionColumns(
        entry_price=np.full(len(columns), entry_price),
        pnl_pct=(columns.close / entry_price - 1) * 100,
        bars_held=np.arange(len(columns), dtype=np.float64),
        high_since_entry=np.maximum.accumulate(columns.high),
        low_since_entry=np.minimum.accumulate(columns.low),
    )


def terms_at(position: PositionColumns, place: int) -> PositionTerms:
    return PositionTerms(
        float(position.entry_price[place]),
        float(position.pnl_pct[place]),
        float(position.bars_held[place]),
        float(position.high_since_entry[place]),
        float(position.low_since_entry[place]),
    )


@pytest.mark.parametrize("text", TERM_RULES)
def test_position_terms_give_the_same_verdicts_in_stream_and_batch(text: str) -> None:
    columns = random_columns(80, seed=3)
    rule = leaving(text)
    assert rule.uses_position
    position = position_columns(columns)
    masks = BatchEvaluator(columns, timeframe="1m").masks(rule, position)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    for place, bar in enumerate(bars_of(columns)):
        terms = terms_at(position, place)
        peeked = stream.peek(rule, bar, terms)
        stream.update(bar)
        expected = (Verdict.TRUE if masks.true[place] else Verdict.FALSE) if masks.known[place] else Verdict.UNKNOWN
        assert stream.verdict(rule, terms) is peeked is expected


@settings(max_examples=40, deadline=None)
@given(text=st.sampled_from(TERM_RULES), seed=st.integers(0, 300), pnl=st.floats(-20, 20), held=st.integers(0, 50))
def test_masks_without_a_position_over_report_and_never_miss(text: str, seed: int, pnl: float, held: int) -> None:
    columns = random_columns(60, seed)
    rule = leaving(text)
    batch = BatchEvaluator(columns, timeframe="1m")
    candidates = batch.masks(rule)
    position = replace(terms_at(position_columns(columns), 5), pnl_pct=pnl, bars_held=float(held))
    exact = batch.masks(rule, position)
    assert not (exact.true & ~candidates.true).any()
    assert not (candidates.true & ~candidates.known).any()


def test_a_filter_without_position_terms_still_narrows_the_candidates() -> None:
    columns = random_columns(60)
    batch = BatchEvaluator(columns, timeframe="1m")
    candidates = batch.masks(leaving("pnl_pct > 5 and close > open")).true
    assert np.array_equal(candidates, batch.masks(leaving("close > open")).true)
    assert batch.masks(leaving("pnl_pct > 5 or close > open")).true.all()


def test_without_a_position_its_terms_are_unknown() -> None:
    stream = StreamEvaluator(timeframe="1m")
    rule = leaving("pnl_pct > 5 or close > 3")
    only = leaving("pnl_pct > 5")
    stream.add(rule)
    stream.add(only)
    for bar in bars_of(closes([1.0, 4.0])):
        stream.update(bar)
    assert stream.verdict(rule) is Verdict.TRUE
    assert stream.verdict(only) is Verdict.UNKNOWN
    assert stream.verdict(only, PositionTerms(pnl_pct=float("inf"))) is Verdict.UNKNOWN
    assert stream.peek(only, Bar("X", "1m", 0, 1.0, 1.0, 1.0, 1.0, 1.0)) is Verdict.UNKNOWN


# --- Columns and batch -------------------------------------------------------------------------------------------


def test_columns_of_different_lengths_are_refused() -> None:
    one, two = np.ones(1), np.ones(2)
    with pytest.raises(ValueError, match="differ in length"):
        Columns(np.zeros(2, dtype=np.int64), one, two, two, two, two)


def test_columns_come_from_bars_and_go_back() -> None:
    columns = random_columns(20)
    again = Columns.of(list(bars_of(columns)))
    assert same_bits(columns.close, again.close)
    assert again.start.tolist() == columns.start.tolist()
    assert len(Columns.of([])) == 0


def test_a_series_shorter_than_the_warm_up_is_unknown_throughout() -> None:
    for count in (0, 1, 5):
        batch = BatchEvaluator(random_columns(count), timeframe="1m")
        masks = batch.masks(
            entry('rsi(14) < 30 and tf("1h", macd().signal) > 0 and prev(close, 9) > 3 or change(close, 7) > 1')
        )
        assert not masks.known.any()


def test_forgetting_changes_no_answer() -> None:
    batch = BatchEvaluator(random_columns(100), timeframe="1m")
    rule = entry('rsi(5) < 50 and tf("5m", sma(2)) > 3')
    before = batch.masks(rule)
    batch.clear()
    assert np.array_equal(batch.masks(rule).true, before.true)
    values = batch.values(rule.root)
    assert np.array_equal(values == 1.0, before.true)
    assert np.array_equal(~np.isnan(values), before.known)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY, HOUR
from desktop.research.window_rules import WindowEvaluator
from desktop.research.windows import MAX_WINDOWS, WindowPlan, bars_between, left_out, parse_plan, windows_of
from desktop.rules.batch import BatchEvaluator
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role
from desktop.rules.terms import PositionColumns
from tests.research.sweep_kit import MONDAY, random_bars


def hours(count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return MONDAY + np.arange(count, dtype=np.int64) * HOUR


def test_plans_are_read_in_bars_and_in_days() -> None:
    assert parse_plan("2000/500") == WindowPlan(2000, 500)
    assert parse_plan(" 365d / 90d ", anchored=True) == WindowPlan(365, 90, days=True, anchored=True)


@pytest.mark.parametrize("text", ["", "2000", "2000/", "/500", "2000/500/1", "365d/500", "1.5/2", "-5/2", "a/b"])
def test_what_is_no_plan_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(FieldError, match=r"--walk-forward: .*Write 2000/500 \(bars\) or 365d/90d \(days\)"):
        parse_plan(text)


@pytest.mark.parametrize("text", ["0/5", "5/0", "0d/1d"])
def test_lengths_of_nothing_are_refused(text: str) -> None:
    with pytest.raises(FieldError, match="at least 1"):
        parse_plan(text)


def test_rolling_windows_move_on_by_what_was_tried() -> None:
    start = hours(100)
    found = windows_of(start, WindowPlan(40, 20))
    rows = [
        (bars_between(start, item.begin, item.middle), bars_between(start, item.middle, item.end)) for item in found
    ]
    assert rows == [(40, 20), (40, 20), (40, 20)]
    assert [item.begin for item in found] == [start[0], start[20], start[40]]


def test_anchored_windows_grow_from_the_first_bar() -> None:
    start = hours(110)
    found = windows_of(start, WindowPlan(40, 20, anchored=True))
    assert {item.begin for item in found} == {start[0]}
    assert [bars_between(start, item.begin, item.middle) for item in found] == [40, 60, 80, 100]
    assert bars_between(start, found[-1].middle, found[-1].end) == 10  # the last one ends with the bars


def test_windows_without_a_bar_are_left_out_and_counted() -> None:
    start = np.concatenate([hours(24 * 6), hours(24 * 6) + 20 * DAY])
    plan = WindowPlan(4, 2, days=True)
    found = windows_of(start, plan)
    assert left_out(start, plan) > 0
    assert len(found) + left_out(start, plan) == len(range(4, 26, 2))
    assert all(bars_between(start, item.begin, item.middle) for item in found)
    assert left_out(hours(100), WindowPlan(40, 20)) == 0


def test_bars_so_far_apart_that_no_window_has_both_parts_are_refused() -> None:
    start = np.concatenate([hours(24), hours(24) + 100 * DAY])
    with pytest.raises(FieldError, match="not one window has bars both to choose on and to try on"):
        windows_of(start, WindowPlan(3, 1, days=True))


def test_windows_of_days_turn_at_midnight() -> None:
    start = hours(24 * 10)[5:]
    found = windows_of(start, WindowPlan(4, 2, days=True))
    assert [(item.middle - MONDAY) // DAY for item in found] == [4, 6, 8]
    assert all(item.middle % DAY == 0 for item in found)


def test_windows_that_fall_into_a_gap_are_left_out() -> None:
    start = np.concatenate([hours(24 * 6), hours(24 * 6) + 40 * DAY])
    found = windows_of(start, WindowPlan(2, 2, days=True))
    for item in found:
        assert bars_between(start, item.begin, item.middle)
        assert bars_between(start, item.middle, item.end)
    assert len(found) == 4


@given(count=st.integers(2, 400), inside=st.integers(1, 60), outside=st.integers(1, 60), anchored=st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_bar_after_the_first_window_is_tried_exactly_once(
    *, count: int, inside: int, outside: int, anchored: bool
) -> None:
    start = hours(count)
    plan = WindowPlan(inside, outside, anchored=anchored)
    if inside >= count:
        with pytest.raises(FieldError, match=f"the history has {count:,} bars"):
            windows_of(start, plan)
        return
    found = windows_of(start, plan)
    tried = [at for item in found for at in start[(start >= item.middle) & (start < item.end)].tolist()]
    assert tried == start[inside:].tolist()
    for item in found:
        assert item.begin < item.middle < item.end


def test_too_many_windows_are_refused() -> None:
    with pytest.raises(FieldError, match=f"the most is {MAX_WINDOWS:,}"):
        windows_of(hours(MAX_WINDOWS + 5), WindowPlan(1, 1))


def test_a_history_without_enough_days_says_how_many_it_has() -> None:
    with pytest.raises(FieldError, match="the history has 3 days"):
        windows_of(hours(72), WindowPlan(5, 1, days=True))


# rules on a window ---------------------------------------------------------------------------------------------------
RULES = (
    "rsi(14) < 40 and close > sma(50)",
    'crosses_above(close, ema(20)) or tf("1d", rsi(3)) < 50',
    "prev(close, 30) < close and hour > 3",
    "not (close > highest(close, 20) * 0.99)",
)


@pytest.mark.parametrize("text", RULES)
def test_a_window_answers_as_the_whole_history_does_there(text: str) -> None:
    bars = random_bars(800)
    rule = compile_rule(text, role=Role.ENTRY, timeframe="1h")
    whole = BatchEvaluator(bars, timeframe="1h")
    for begin, end in ((0, 800), (300, 500), (799, 800)):
        found = WindowEvaluator(whole, begin, end).masks(rule)
        masks = whole.masks(rule)
        np.testing.assert_array_equal(found.true, masks.true[begin:end])
        np.testing.assert_array_equal(found.known, masks.known[begin:end])
    assert whole.masks(rule).known[300]  # and does not have to warm up there


@pytest.mark.parametrize("text", RULES)
def test_a_window_looks_at_no_later_bar(text: str) -> None:
    bars = random_bars(800)
    rule = compile_rule(text, role=Role.ENTRY, timeframe="1h")
    cut = WindowEvaluator(BatchEvaluator(bars.first(500), timeframe="1h"), 300, 500).masks(rule)
    found = WindowEvaluator(BatchEvaluator(bars, timeframe="1h"), 300, 500).masks(rule)
    np.testing.assert_array_equal(found.true, cut.true)
    np.testing.assert_array_equal(found.known, cut.known)


def test_position_terms_are_those_of_the_window() -> None:
    bars = random_bars(400)
    rule = compile_rule("pnl_pct > 1 and rsi(14) > 45", role=Role.EXIT, timeframe="1h")
    whole = BatchEvaluator(bars, timeframe="1h")
    window = WindowEvaluator(whole, 100, 200)
    gain = np.linspace(-2, 4, 100)
    terms = PositionColumns(np.full(100, 100.0), gain, np.arange(100.0), np.full(100, 105.0), np.full(100, 95.0))
    found = window.masks(rule, terms)
    free = compile_rule("rsi(14) > 45", role=Role.ENTRY, timeframe="1h")
    np.testing.assert_array_equal(found.true, (gain > 1) & whole.masks(free).true[100:200])
    assert found.true.any()
    assert not found.true.all()

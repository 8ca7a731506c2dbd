"""Rings and records of bars against plain lists."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.market import MINUTE, Bar
from desktop.market.series import Record, Series, bars_of
from desktop.rules.columns import Columns


def bar(number: int) -> Bar:
    return Bar("A", "1m", number * MINUTE, number + 0.1, number + 0.4, number + 0.0, number + 0.2, float(number))


@settings(max_examples=60, deadline=None)
@given(capacity=st.integers(1, 9), count=st.integers(0, 60), wanted=st.integers(0, 12), grown=st.integers(1, 20))
def test_a_series_holds_what_the_end_of_a_list_holds(capacity: int, count: int, wanted: int, grown: int) -> None:
    series, bars = Series("A", "1m", capacity), [bar(number) for number in range(count)]
    series.extend(bars)
    assert series.bars() == bars[max(0, count - capacity) :]
    assert series.bars(wanted) == bars[max(0, count - min(wanted, capacity)) :]
    assert (series.count, len(series), series.last) == (count, min(count, capacity), bars[-1] if bars else None)
    series.grow(grown)
    series.append(bar(count))
    kept = min(count, capacity) + 1
    assert series.bars() == [*bars, bar(count)][-min(kept, max(capacity, grown)) :]


def test_columns_are_views_and_stay_what_they_were() -> None:
    series = Series("A", "1m", 3)
    series.extend(bar(number) for number in range(4))
    before = series.columns()
    kept = before.close.tolist()
    assert before.close.base is not None
    assert before.close.flags["C_CONTIGUOUS"]
    series.extend(bar(number) for number in range(4, 20))
    assert before.close.tolist() == kept == [1.2, 2.2, 3.2]


def test_a_series_keeps_at_least_one_bar() -> None:
    series = Series("A", "1m", 0)
    series.extend([bar(1), bar(2)])
    assert series.bars() == [bar(2)]


@settings(max_examples=20, deadline=None)
@given(known=st.integers(0, 5), count=st.integers(0, 3_000))
def test_a_record_forgets_nothing(known: int, count: int) -> None:
    bars = [bar(number) for number in range(known + count)]
    record = Record(Columns.of(bars[:known]))
    for item in bars[known:]:
        record.append(item)
    assert bars_of("A", "1m", record.columns()) == bars
    assert record.last_start == (bars[-1].start if bars else -1)


def test_an_empty_record_begins_with_its_first_bar() -> None:
    record = Record()
    assert len(record.columns()) == 0
    record.append(bar(1))
    assert np.array_equal(record.columns().start, [MINUTE])

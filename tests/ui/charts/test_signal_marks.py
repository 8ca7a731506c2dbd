"""Signals and fills as marks: grouped where they are too near, each standing for those it holds."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from desktop.rules.columns import Columns
from desktop.ui.charts.scale import TimeScale, ValueScale
from desktop.ui.charts.signal_marks import APART, Fills, fill_marks, grouped

MAIN = QRectF(0, 0, 600, 200)


def bars(count: int) -> Columns:
    price = np.full(count, 100.0)
    return Columns(np.arange(count, dtype=np.int64), price, price + 1, price - 1, price, price)


@given(
    st.lists(st.integers(0, 999), unique=True, max_size=200).map(sorted),
    st.floats(12, 1_000),
    st.floats(0, 900),
)
@settings(max_examples=60, deadline=None)
def test_every_signal_in_sight_is_in_one_mark_and_marks_stand_apart(
    places: list[int], shown: float, left: float
) -> None:
    times = TimeScale(left, left + shown, 600.0)
    marks = grouped(np.array(places, dtype=np.int64), times, 1_000)
    first, last = times.visible(1_000)
    held = [place for mark in marks for place in range(mark.first, mark.last + 1)]
    assert [places[number] for number in held] == [place for place in places if first <= place < last]
    wide = max(1, round(APART / times.bar_width))
    for one, other in pairwise(marks):
        assert places[one.last] // wide < places[other.first] // wide
        assert one.x < other.x


def test_marks_stay_together_while_the_chart_is_panned() -> None:
    places = np.array([3, 5, 40, 41, 42, 90], dtype=np.int64)
    times = TimeScale(0, 100, 200.0)
    before = [(mark.first, mark.last) for mark in grouped(places, times, 100)]
    times.pan(1.3)
    assert [(mark.first, mark.last) for mark in grouped(places, times, 100)] == before
    assert len(before) < len(places)


def test_buys_stand_under_their_bar_and_sells_above_it() -> None:
    fills = Fills(np.array([2, 4, 6]), np.array([100.0, 100.0, 100.0]), np.array([True, False, True]))
    times, scale = TimeScale(0, 12, 600.0), ValueScale(90, 110, 0, 200)
    buys = fill_marks(MAIN, times, scale, bars(12), fills, buys=True)
    sells = fill_marks(MAIN, times, scale, bars(12), fills, buys=False)
    assert [(mark.first, mark.last) for _, mark in buys] == [(0, 0), (2, 2)]
    assert [(mark.first, mark.last) for _, mark in sells] == [(1, 1)]
    assert all(place.y() > scale.y(99) for place, _ in buys)
    assert all(place.y() < scale.y(101) for place, _ in sells)


def test_nothing_in_sight_gives_no_mark() -> None:
    none = np.empty(0, dtype=np.int64)
    assert grouped(none, TimeScale(0, 100, 600.0), 0) == []
    fills = Fills(none, np.empty(0), np.empty(0, dtype=np.bool_))
    assert fill_marks(MAIN, TimeScale(0, 12, 600.0), ValueScale(0, 1, 0, 1), bars(12), fills, buys=True) == []

"""Scales and marks of charts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.market import DAY, MINUTE
from desktop.ui.charts.scale import MAX_BARS, MIN_BARS, TimeScale, ValueScale, extent, time_marks, value_marks


@given(x=st.floats(0, 800), factor=st.floats(0.2, 5.0))
@settings(max_examples=40)
def test_the_bar_under_the_mouse_stays_when_zooming(x: float, factor: float) -> None:
    scale = TimeScale(100.0, 300.0, 800.0)
    under = scale.index(x)
    scale.zoom(factor, x)
    assert scale.index(x) == pytest.approx(under)
    assert MIN_BARS <= scale.right - scale.left <= MAX_BARS


@given(value=st.floats(-1e6, 1e6))
@settings(max_examples=40)
def test_a_value_comes_back_from_its_pixel(value: float) -> None:
    scale = ValueScale(top=20, bottom=400)
    scale.fit(-1e6, 1e6)
    assert scale.value(scale.y(value)) == pytest.approx(value, abs=1e-3)


def test_gaps_between_bars_take_no_room() -> None:
    starts = np.array([0, MINUTE, 3 * DAY, 3 * DAY + MINUTE], dtype=np.int64)
    scale = TimeScale(0, 3, 300)
    assert scale.x(2) - scale.x(1) == scale.x(1) - scale.x(0)
    marks = time_marks(starts, scale, 0, apart=20)
    assert [mark.bar for mark in marks if mark.new_day] == [2]


def test_time_marks_stand_on_round_times_and_apart() -> None:
    starts = np.arange(400, dtype=np.int64) * MINUTE + 22_000_000
    scale = TimeScale(0, 399, 800)
    marks = time_marks(starts, scale, 0)
    assert len(marks) > 3
    assert all(mark.start % (5 * MINUTE) == 0 for mark in marks)
    places = [scale.x(mark.bar) for mark in marks]
    assert min(np.diff(places)) >= 60


def test_value_marks_are_round() -> None:
    assert value_marks(0.9, 5.2, 5) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert value_marks(5, 5, 4) == []


def test_the_view_never_leaves_the_bars_behind() -> None:
    scale = TimeScale(0, 100, 500)
    scale.pan(1_000)
    scale.hold(200)
    assert scale.left < 200
    scale.pan(-5_000)
    scale.hold(200)
    assert scale.right > 0


def test_a_flat_or_unknown_series_still_has_a_scale() -> None:
    scale = ValueScale()
    scale.fit(5.0, 5.0)
    assert scale.low < 5.0 < scale.high
    low, high = extent(np.array([np.nan, np.nan]))
    scale.fit(low, high)
    assert scale.low < scale.high


def test_decades_of_daily_bars_are_marked_too() -> None:
    starts = np.arange(0, 60 * 365, dtype=np.int64) * DAY
    for width in (300.0, 940.0):
        marks = time_marks(starts, TimeScale(0.0, float(len(starts) - 1), width), 0)
        assert 1 < len(marks) <= width / 84.0, len(marks)

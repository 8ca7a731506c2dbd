"""How an equity curve's values become heights: money or per cent, straight or logarithmic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ui.charts.curve_scale import CurveScale

scales = st.builds(
    CurveScale, base=st.floats(1.0, 1e9), percent=st.booleans(), log=st.booleans()
)  # fmt: skip


@given(scale=scales, value=st.floats(0.01, 1e10))
def test_what_stands_at_the_height_of_a_value_is_the_value(scale: CurveScale, value: float) -> None:
    shown = scale.shown(scale.height(value))
    amount = scale.base * (1.0 + shown) if scale.percent else shown
    assert amount == pytest.approx(value, rel=1e-6, abs=scale.base * 1e-9)


def test_on_a_log_scale_equal_growth_is_an_equal_height() -> None:
    for percent in (True, False):
        one, two, four = CurveScale(100.0, percent=percent, log=True).heights(np.array([100.0, 200.0, 400.0]))
        assert two - one == pytest.approx(four - two)


def test_what_has_no_logarithm_leaves_a_gap() -> None:
    found = CurveScale(100.0, log=True).heights(np.array([100.0, 0.0, -5.0, np.nan, 50.0]))
    assert np.isnan(found).tolist() == [False, True, True, True, False]


@settings(max_examples=60)
@given(scale=scales, low=st.floats(0.05, 2.0), growth=st.floats(1.001, 500.0), most=st.integers(2, 20))
def test_marks_lie_within_rise_and_keep_their_distance(scale: CurveScale, low: float, growth: float, most: int) -> None:
    bottom, top = scale.height(low * scale.base), scale.height(low * growth * scale.base)
    marks = scale.marks(bottom, top, most)
    assert marks == sorted(marks)
    assert all(bottom - 1e-9 <= mark <= top + 1e-9 for mark in marks)
    assert all(two - one >= (top - bottom) / most * 0.999 for one, two in pairwise(marks))


def test_per_cent_on_a_log_scale_is_marked_at_round_per_cents() -> None:
    scale = CurveScale(100_000.0, percent=True, log=True)
    marks = scale.marks(scale.height(80_000.0), scale.height(1_100_000.0), 10)
    assert [scale.text(mark, 1.0) for mark in marks][-3:] == ["+200 %", "+500 %", "+1,000 %"]
    assert "0 %" in [scale.text(mark, 1.0) for mark in marks]

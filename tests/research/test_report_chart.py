from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.research.report_chart import POINTS, Curve, chart, envelope, round_times, round_values
from desktop.rules.columns import FloatArray

DAY = 86_400_000_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def drawn(values: FloatArray, kind: str = "equity") -> str:
    start = at("2024-01-01") + np.arange(len(values), dtype=np.int64) * DAY
    return chart(
        start, (Curve(kind, "a < b", values),), height=200, label=lambda value: f"{value:.1f} <", title="A & B"
    )


def test_a_curve_stays_inside_its_picture_and_time_goes_to_the_right() -> None:
    text = drawn(np.array([100.0, 50.0, 150.0]))
    points = re.search(r'<polyline class="equity" points="([^"]*)"', text)
    assert points is not None
    found = [tuple(map(float, pair.split(","))) for pair in points[1].split()]
    assert [x for x, _ in found] == [0.0, 500.0, 1000.0]
    assert [y for _, y in found] == [100.0, 200.0, 0.0]


def test_texts_are_escaped() -> None:
    text = drawn(np.array([1.0, 2.0]))
    assert 'aria-label="A &amp; B"' in text
    assert "a &lt; b" in text
    assert "1.0 &lt;" in text


def test_a_drawdown_has_an_area_down_from_zero() -> None:
    assert re.search(
        r'<polygon class="area" points="0\.0,0\.0 .* 1000\.0,0\.0"/>', drawn(np.array([0.0, -0.2, 0.0]), "drawdown")
    )


@pytest.mark.parametrize("values", [[5.0], [5.0, 5.0], [0.0, 0.0, 0.0], [-3.0, -3.0], [1e12, 1e12 + 1e-4]])
def test_a_flat_curve_is_drawn_without_a_division_by_zero(values: list[float]) -> None:
    text = drawn(np.array(values))
    assert "nan" not in text
    assert "inf" not in text


def test_texts_stand_beside_the_picture_and_on_a_phone_only_as_many_as_have_room() -> None:
    start = at("1998-01-01") + np.arange(23, dtype=np.int64) * 365 * DAY
    curve = Curve("equity", "equity", np.linspace(1.0, 2.0, 23))
    years = chart(start, (curve,), height=200, label=str, title="years")
    picture, _, beside = years.partition("</svg>")
    assert "<text" not in picture, "a picture that is made narrow would make its texts small"
    assert re.findall(r'class="time" style="left:[\d.]+%">(\d+)<', beside) == ["2000", "2005", "2010", "2015"]
    assert 'style="top:0.00%">2.0' in beside
    days = chart(start[:8] // 365, (Curve("equity", "e", np.arange(8.0)),), height=200, label=str, title="days")
    narrow = re.findall(r'class="time" style="left:[\d.]+%">([^<]*)<', days)
    assert 1 <= sum(map(len, narrow)) + 2 * len(narrow) <= 40
    assert 'class="time wide"' in days


def test_a_long_curve_keeps_its_extremes_and_its_ends() -> None:
    values = np.random.default_rng(1).normal(0, 1, 100_000)
    values[12_345], values[54_321] = 99.0, -99.0
    places = envelope(values)
    assert len(places) <= POINTS
    assert {0, 12_345, 54_321, 99_999} <= set(places.tolist())
    assert (np.diff(places) > 0).all()


@settings(max_examples=60)
@given(low=st.floats(-1e9, 1e9), span=st.floats(1, 1e9))
def test_values_at_the_axis_are_few_and_inside(low: float, span: float) -> None:
    found = round_values(low, low + span)
    assert 1 <= len(found) <= 9
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value in found)


def test_values_at_the_axis_are_round() -> None:
    assert round_values(97.0, 131.0) == [100, 110, 120, 130]
    assert round_values(-0.35, 0.0) == pytest.approx([-0.3, -0.2, -0.1, 0.0])


@settings(max_examples=80)
@given(first=st.integers(-(10**15), 3 * 10**15), span=st.integers(0, 2 * 10**15))
def test_times_at_the_axis_are_few_and_inside(first: int, span: int) -> None:
    found = round_times(first, first + span)
    assert len(found) <= 10
    assert all(first <= moment <= first + span for moment, _ in found)


def test_times_at_the_axis_are_years_months_days_or_times_of_day() -> None:
    assert [text for _, text in round_times(at("1998-01-02"), at("2020-03-01"))] == [
        "2000",
        "2005",
        "2010",
        "2015",
        "2020",
    ]
    assert [text for _, text in round_times(at("2024-01-01"), at("2024-04-15"))] == [
        "2024-01",
        "2024-02",
        "2024-03",
        "2024-04",
    ]
    assert round_times(at("2024-02-28"), at("2024-03-01"))[0] == (at("2024-02-28"), "02-28 00:00")
    assert round_times(at("2024-02-01T01:10"), at("2024-02-01T01:14"))[0][1] == "02-01 01:10"

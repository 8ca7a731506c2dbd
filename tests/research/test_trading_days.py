from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.market.calendars import trading_hours
from desktop.research.trading_days import DayOf, trading_days

HOUR = 3_600_000_000
DAY = 24 * HOUR


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def plain(start: list[int], day_of: DayOf | None = None) -> tuple[list[int], list[int]]:
    """Return days and the index of their last bar, looked at bar by bar."""
    ask = day_of or (lambda moment: moment // DAY)
    days = [ask(moment) for moment in start]
    ends = [place for place, day in enumerate(days) if place + 1 == len(days) or days[place + 1] != day]
    return [days[place] for place in ends], ends


rising = st.lists(st.one_of(st.integers(1, 2 * HOUR), st.integers(1, 9 * DAY)), max_size=120).map(
    lambda steps: [at("2024-03-01") + moment for moment in np.cumsum(steps).tolist()]
)


@settings(max_examples=60)
@given(start=rising)
def test_utc_days_end_where_a_look_at_every_bar_finds_it(start: list[int]) -> None:
    found = trading_days(np.array(start, dtype=np.int64))
    assert (found.days.tolist(), found.ends.tolist()) == plain(start)


@settings(max_examples=40, deadline=None)
@given(start=rising, spec=st.sampled_from(["XKRX", "XNYS", "09:00-15:30@Asia/Seoul", "18:00-02:00@America/New_York"]))
def test_exchange_days_end_where_a_look_at_every_bar_finds_it(start: list[int], spec: str) -> None:
    day_of = trading_hours(spec).trading_day
    found = trading_days(np.array(start, dtype=np.int64), day_of=day_of)
    assert (found.days.tolist(), found.ends.tolist()) == plain(start, day_of)


def test_many_bars_a_day_end_where_the_day_changes() -> None:
    start = at("2024-03-01T23:58") + np.arange(3000, dtype=np.int64) * 60_000_000
    found = trading_days(start)
    assert found.ends.tolist() == [1, 1441, 2881, 2999]
    assert found.periods_per_year == 365  # 2024-03-02 was a Saturday


def test_a_bar_after_the_close_belongs_to_the_next_trading_day() -> None:
    start = np.array([at("2024-03-01T20:30"), at("2024-03-01T21:30"), at("2024-03-04T15:00")], dtype=np.int64)
    found = trading_days(start, day_of=trading_hours("XNYS").trading_day)
    assert found.ends.tolist() == [0, 2]
    assert len(found) == 2
    assert found.periods_per_year == 252


@pytest.mark.parametrize("wanted", [252, 365])
def test_the_periods_of_a_year_can_be_set(wanted: int) -> None:
    start = np.array([at("2024-03-01")], dtype=np.int64)
    assert trading_days(start, periods_per_year=wanted).periods_per_year == wanted


def test_no_bars_have_no_days() -> None:
    found = trading_days(np.empty(0, dtype=np.int64), day_of=trading_hours("always").trading_day)
    assert (len(found), len(found.ends), found.periods_per_year) == (0, 0, 252)

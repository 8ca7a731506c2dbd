"""Holes in recorded bars, with and without trading hours."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.domain.history import Gap
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market.calendars import trading_hours
from desktop.market.gaps import GAPS_KEPT, WEEKDAYS, find_gaps, holes
from tests.helpers.market import at

FRIDAY = at("2024-03-01")


def starts(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([at(text) for text in texts], dtype=np.int64)


def test_without_hours_every_bar_of_the_timeframe_is_expected() -> None:
    found = find_gaps(starts("2024-03-01 10:00:00", "2024-03-01 10:01:00", "2024-03-01 10:05:00"), "1m")
    begin = at("2024-03-01 10:02:00")
    assert (found.missing, found.count, found.first, found.hours) == (3, 1, (Gap(begin, begin + 3 * MINUTE, 3),), "")
    assert find_gaps(starts("2024-03-01 10:00:00"), "1m").first == ()
    assert find_gaps(starts(), "1m", trading_hours("XNYS")).count == 0


def test_with_hours_nights_and_weekends_are_no_gaps() -> None:
    hours = trading_hours("09:00-15:00@Asia/Seoul")
    friday, monday = FRIDAY + 5 * HOUR, FRIDAY + 3 * DAY  # 14:00 and 09:00 in Seoul
    assert find_gaps(np.array([friday, monday]), "1h", hours).missing == 0
    found = find_gaps(np.array([friday, monday + 2 * HOUR]), "1h", hours)
    assert (found.missing, found.hours) == (2, "09:00-15:00@Asia/Seoul")
    assert find_gaps(np.array([friday, monday]), "1h").missing == 66


def test_daily_bars_are_missed_on_trading_days_only() -> None:
    hours = trading_hours("09:30-16:00@America/New_York")
    found = find_gaps(np.array([FRIDAY, FRIDAY + 4 * DAY]), "1d", hours)
    assert found.first == (Gap(FRIDAY + DAY, FRIDAY + 4 * DAY, 1),)
    assert find_gaps(np.array([FRIDAY, FRIDAY + 3 * DAY]), "1d", hours).count == 0


def test_daily_bars_without_weekends_are_judged_by_weekdays_and_say_so() -> None:
    weekdays = [FRIDAY + day * DAY for day in (0, 3, 4, 5, 6, 7, 10)]
    found = find_gaps(np.array(weekdays), "1d")
    assert (found.missing, found.hours) == (0, WEEKDAYS)
    found = find_gaps(np.array([*weekdays, FRIDAY + 18 * DAY]), "1d")
    assert found.first == (Gap(FRIDAY + 11 * DAY, FRIDAY + 18 * DAY, 5),)
    assert holes(np.array([*weekdays, FRIDAY + 18 * DAY]), "1d") == (5, 7 * DAY)
    assert find_gaps(np.array(weekdays), "1d", trading_hours("always")).hours == ""


@pytest.mark.parametrize(
    "days",
    [(0, 1, 4, 5, 6, 7, 10), (0, 3, 4, 5), (3, 4, 5, 6, 7)],
    ids=["a bar on a weekend", "too few bars", "not yet a weekend between them"],
)
def test_where_bars_do_not_show_that_weekends_are_free_every_day_counts(days: tuple[int, ...]) -> None:
    found = find_gaps(np.array([FRIDAY + day * DAY for day in days]), "1d")
    assert (found.missing, found.hours) == (days[-1] - days[0] + 1 - len(days), "")


def test_holes_of_bars_are_counted_by_the_timeframe() -> None:
    assert holes(np.array([1, 2, 5, 7]) * HOUR, "1h") == (3, 2 * HOUR)
    assert holes(np.array([HOUR]), "1h") == (0, 0)


def test_all_gaps_are_counted_and_the_first_are_named() -> None:
    start = np.arange(0, 4 * (GAPS_KEPT + 5) * MINUTE, 2 * MINUTE)
    found = find_gaps(start, "1m")
    assert len(found.first) == GAPS_KEPT
    assert found.count == found.missing == len(start) - 1


def test_around_the_clock_is_as_without_hours() -> None:
    start = starts("2024-03-01 10:00:00", "2024-03-01 10:02:00")
    assert find_gaps(start, "1m", trading_hours("always")) == find_gaps(start, "1m")

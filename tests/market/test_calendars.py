"""Real exchanges against days that are on record, and hours of one's own through changes of the clock."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market.calendars import check_hours, load_hours, trading_hours
from desktop.market.zones import zone_of
from desktop.ports import TradingHours
from tests.helpers.market import at


@pytest.fixture(scope="module")
def new_york() -> TradingHours:
    return trading_hours("XNYS")


@pytest.fixture(scope="module")
def seoul() -> TradingHours:
    return trading_hours("XKRX")


def opens_and_closes(hours: TradingHours, day: str) -> tuple[str, str] | None:
    """Return opening and closing (UTC) of a day, found by asking every minute; None: closed."""
    midnight = at(f"{day} 00:00:00")
    minutes = [number for number in range(24 * 60) if hours.is_open(midnight + number * MINUTE)]
    if not minutes:
        return None
    assert minutes == list(range(minutes[0], minutes[-1] + 1))
    return tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in (minutes[0], minutes[-1] + 1))  # type: ignore[return-value]  # two


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2014-03-07", ("14:30", "21:00")),  # before the clock changes
        ("2014-03-10", ("13:30", "20:00")),  # after
        ("2014-10-31", ("13:30", "20:00")),
        ("2014-11-03", ("14:30", "21:00")),
        ("2014-07-03", ("13:30", "17:00")),  # the half-day before Independence Day
        ("2014-11-28", ("14:30", "18:00")),  # the day after Thanksgiving
        ("2014-12-24", ("14:30", "18:00")),
        ("2023-11-24", ("14:30", "18:00")),
        ("2014-07-04", None),
        ("2014-11-27", None),
        ("2014-12-25", None),
        ("2012-10-29", None),  # the storm
        ("2012-10-30", None),
        ("2001-09-11", None),
        ("2018-12-05", None),  # a day of mourning
        ("2021-06-18", ("13:30", "20:00")),
        ("2022-06-20", None),  # Juneteenth is kept since 2022
        ("2014-03-08", None),  # a Saturday
    ],
)
def test_fault_25_new_york_opens_and_closes_as_on_record(
    new_york: TradingHours, day: str, hours: tuple[str, str] | None
) -> None:
    assert opens_and_closes(new_york, day) == hours


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2024-03-04", ("00:00", "06:30")),
        ("2016-07-29", ("00:00", "06:00")),  # half an hour shorter until July 2016
        ("2016-08-01", ("00:00", "06:30")),
        ("2024-02-09", None),  # lunar new year
        ("2024-09-17", None),  # Chuseok
        ("2024-12-31", None),  # the last day of the year is never a session
        ("2024-05-01", None),
        ("2024-04-10", None),  # general election
        ("2026-06-03", None),  # local elections
        ("2026-06-04", ("00:00", "06:30")),
        ("2026-01-02", ("01:00", "06:30")),  # the first day of a year begins an hour later
        ("2026-11-19", ("01:00", "07:30")),  # university entrance exam
        ("2026-11-20", ("00:00", "06:30")),
        ("2019-11-14", ("01:00", "07:30")),  # an exam day that the library has
    ],
)
def test_seoul_opens_and_closes_as_on_record(seoul: TradingHours, day: str, hours: tuple[str, str] | None) -> None:
    assert opens_and_closes(seoul, day) == hours


def test_the_opening_instant_is_open_and_the_closing_one_is_not(new_york: TradingHours) -> None:
    opening, closing = at("2014-03-10 13:30:00"), at("2014-03-10 20:00:00")
    assert [new_york.is_open(moment) for moment in (opening - 1, opening, closing - 1, closing)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_next_change_skips_nights_weekends_and_holidays(new_york: TradingHours) -> None:
    thursday = at("2014-07-03 16:00:00")
    closing = new_york.next_change(thursday)
    assert closing == at("2014-07-03 17:00:00")
    assert new_york.next_change(closing) == at("2014-07-07 13:30:00")
    assert new_york.next_change(at("2100-01-01 00:00:00")) is None
    assert not new_york.is_open(at("1980-01-02 15:00:00"))


def test_outside_hours_the_trading_day_is_that_of_the_next_session(new_york: TradingHours, seoul: TradingHours) -> None:
    monday = at("2014-07-07 00:00:00") // DAY
    for moment in ("2014-07-03 17:00:00", "2014-07-05 12:00:00", "2014-07-07 13:29:59", "2014-07-07 19:59:59"):
        assert new_york.trading_day(at(moment)) == monday
    assert seoul.trading_day(at("2024-03-03 23:00:00")) == at("2024-03-04 00:00:00") // DAY
    assert new_york.trading_day(at("2100-01-01 12:00:00")) == at("2100-01-01 00:00:00") // DAY


def test_around_the_clock_there_is_no_change() -> None:
    hours = trading_hours("always")
    assert hours.is_open(at("2024-12-25 03:00:00"))
    assert hours.next_change(0) is None
    assert hours.trading_day(at("2024-12-25 23:59:59")) == at("2024-12-25 00:00:00") // DAY


def test_fault_25_custom_hours_follow_the_clock_of_their_zone() -> None:
    hours = trading_hours("09:30-16:00@America/New_York")
    assert opens_and_closes(hours, "2014-03-07") == ("14:30", "21:00")
    assert opens_and_closes(hours, "2014-03-10") == ("13:30", "20:00")
    assert opens_and_closes(hours, "2014-03-08") is None
    assert hours.zone == "America/New_York"
    friday_evening = at("2014-03-07 21:00:00")
    assert hours.next_change(friday_evening) == at("2014-03-10 13:30:00")
    assert hours.trading_day(friday_evening) == at("2014-03-10 00:00:00") // DAY


def test_hours_over_midnight_belong_to_the_day_they_open_on() -> None:
    hours = trading_hours("22:00-05:00@UTC")
    friday = at("2024-03-08 22:00:00")
    assert hours.is_open(friday)
    assert hours.is_open(friday + 6 * HOUR)
    assert not hours.is_open(friday + 7 * HOUR)
    assert not hours.is_open(friday + DAY)
    assert hours.trading_day(friday + 6 * HOUR) == friday // DAY


@settings(max_examples=150, deadline=None)
@given(
    moment=st.integers(at("1995-01-01 00:00:00"), at("2026-01-01 00:00:00")),
    spec=st.sampled_from(["XNYS", "XKRX", "09:00-15:30@Europe/London", "20:00-04:00@America/Chicago"]),
)
def test_nothing_changes_before_the_next_change(moment: int, spec: str) -> None:
    hours = trading_hours(spec)
    change = hours.next_change(moment)
    assert change is not None
    assert change > moment
    assert hours.is_open(change) is not hours.is_open(moment)
    assert hours.is_open(change - 1) is hours.is_open(moment)
    assert hours.trading_day(moment) <= hours.trading_day(change)


@pytest.mark.parametrize(
    "spec",
    ["", "sometimes", "XLON", "9:00-15:30@Asia/Seoul", "09:00-15:30", "09:00-15:30@Mars/Base", "25:00-26:00@UTC",
     "09:00-09:00@UTC", "09:00-15:30@../../etc/passwd", "09:00-15:30@Asia"],
)  # fmt: skip
def test_hours_that_do_not_exist_are_refused_with_a_sentence(spec: str) -> None:
    for call in (check_hours, trading_hours):
        with pytest.raises(FieldError, match="hours"):
            call(spec)


def test_hours_are_checked_without_building_a_calendar() -> None:
    for spec in ("always", "24/7", "XNYS", "XKRX", "09:00-15:30@Asia/Seoul"):
        check_hours(spec)


async def test_a_calendar_is_built_once_and_off_the_loop() -> None:
    assert await load_hours("XNYS") is trading_hours("XNYS")
    assert await load_hours("08:00-09:00@UTC") is trading_hours("08:00-09:00@UTC")


def test_the_zone_is_known_without_the_calendar() -> None:
    assert [zone_of(spec) for spec in ("XNYS", "XKRX", "always", "09:00-15:30@Asia/Tokyo")] == [
        "America/New_York", "Asia/Seoul", "UTC", "Asia/Tokyo",
    ]  # fmt: skip

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.net.moments import moment, moment_text, second_text

ZONES = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
TIMES = st.datetimes(datetime(1970, 1, 3), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zone is drawn


@given(at=TIMES)
@settings(max_examples=60)
def test_a_time_is_read_exactly_whatever_its_zone(at: datetime) -> None:
    exact = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert moment(at.isoformat()) == exact
    assert moment(moment_text(exact)) == exact
    assert 0 <= exact - moment(second_text(exact)) < 1_000_000


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:01.123456789Z", 1_123_456),
        ("1970-01-01T00:00:01.1Z", 1_100_000),
        ("1970-01-01T00:00Z", 0),
        ("1969-12-31 19:00:00-05:00", 0),
        ("1970-01-01T00:00:60Z", 60_000_000),
    ],
)
def test_times_are_read_as_services_write_them(text: str, at: int) -> None:
    assert moment(text) == at


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-21", "2026-11-21T10:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_with_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no time|month"):
        moment(text)

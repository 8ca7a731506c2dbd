"""A part of a history: how it is said, what it holds, and that it is known apart from the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market.history import History, read_history
from desktop.market.history_range import cut, moment, period, words, written

FIRST = 19_753  # days since 1970: 2024-01-31


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-01-31", FIRST * DAY),
        (" 2024-01-31 14:30 ", FIRST * DAY + 14 * HOUR + 30 * MINUTE),
        ("2024-01-31T14:30:05", FIRST * DAY + 14 * HOUR + 30 * MINUTE + 5_000_000),
        ("2024-01-31T23:30+09:00", FIRST * DAY + 14 * HOUR + 30 * MINUTE),
        ("2024-01-31T14:30Z", FIRST * DAY + 14 * HOUR + 30 * MINUTE),
        ("", None),
        ("1969-12-31", -DAY),
    ],
)
def test_times_are_read_as_utc_unless_they_name_a_zone(text: str, at: int | None) -> None:
    assert moment(text, "from") == at


def test_an_end_that_is_a_day_has_that_day_in_it() -> None:
    assert period("2024-01-31", "2024-01-31") == (FIRST * DAY, (FIRST + 1) * DAY)
    assert words(*period("2024-01-31", "2024-02-02")) == "from 2024-01-31 to 2024-02-02"
    assert words(*period("", "2024-02-02")) == "to 2024-02-02"
    assert words(*period("2024-01-31 14:30", "")) == "from 2024-01-31 14:30"
    assert words(None, None) == ""


@given(st.integers(-10_000, 30_000), st.sampled_from([0, 1, 59, 60, 86_399]))
def test_a_written_time_is_read_as_the_same(days: int, seconds: int) -> None:
    at = days * DAY + seconds * 1_000_000
    assert moment(written(at), "from") == at
    assert moment(written(at, through=True), "to", through=True) == at


@pytest.mark.parametrize("text", ["yesterday", "31/01/2024", "2024-13-01", "2024-01-31 25:00", "9999-12-31 24"])
def test_what_is_no_time_is_said_at_its_field(text: str) -> None:
    with pytest.raises(FieldError, match="is no time") as caught:
        moment(text, "from")
    assert caught.value.field == "from"


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(FieldError, match="is not after 2024-02-01") as caught:
        period("2024-02-01", "2024-01-31", fields=("--from", "--to"))
    assert caught.value.field == "--to"


def daily(tmp_path: Path) -> History:
    path = tmp_path / "spy.csv"
    rows = "".join(f"2024-02-{day:02},{day},{day},{day},{day},{day}\n" for day in range(1, 11) if day not in {5, 6})
    path.write_text("time,open,high,low,close,volume\n" + rows)
    return read_history(path, symbol="SPY")


def test_a_part_of_bars_has_a_fingerprint_that_follows_from_its_rows(tmp_path: Path) -> None:
    whole = daily(tmp_path)
    part = cut(whole, *period("2024-02-03", "2024-02-08"))
    assert part.columns.close.tolist() == [3, 4, 7, 8]
    assert (part.rows, part.gaps, part.begin, part.end) == (4, 2, (FIRST + 3) * DAY, (FIRST + 8) * DAY)
    assert part.fingerprint != whole.fingerprint
    same = cut(whole, *period("2024-02-02 01:00", "2024-02-08 00:01"))
    assert same.fingerprint == part.fingerprint
    assert cut(whole, None, None) is whole
    assert cut(whole, *period("2024-02-01", "2030-01-01")) is whole


def test_ticks_are_cut_like_bars(tmp_path: Path) -> None:
    path = tmp_path / "eur.csv"
    path.write_text("time,bid,ask\n" + "".join(f"2024-02-01T10:00:0{second}Z,1,{second + 2}\n" for second in range(5)))
    part = cut(read_history(path, symbol="EUR"), *period("2024-02-01 10:00:01", "2024-02-01 10:00:03"))
    assert part.second.tolist() == [3, 4]
    assert len(part.sizes[0]) == len(part.at) == part.rows == 2


def test_a_period_without_prices_says_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match=r"from 2025-01-01; spy\.csv holds 2024-02-01 to 2024-02-10"):
        cut(daily(tmp_path), *period("2025-01-01", ""))

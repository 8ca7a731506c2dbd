"""What is shown of a file before it is imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from arro3.core import DataType

from desktop.domain.errors import DataFileError, FieldError
from desktop.market.history import FileLayout, read_history
from desktop.market.history_preview import ROWS, Preview, preview_file
from tests.helpers.market import at
from tests.helpers.parquet_files import write_parquet

BARS = "time,open,high,low,close,volume,remark\n"


def preview(path: Path, text: str | bytes, **layout: object) -> Preview:
    file = path / "file.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return preview_file(file, FileLayout(**layout))  # type: ignore[arg-type]  # by name


def test_the_first_rows_and_their_meaning_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"2024-03-{day:02},1,2,1,2,9,fine\n" for day in range(1, 32))
    found = preview(tmp_path, BARS + rows)
    assert (found.kind, found.format, found.separator, found.problem) == ("bars", "CSV", ",", "")
    assert found.columns == ("time", "open", "high", "low", "close", "volume", "remark")
    assert found.meanings == ("time", "open", "high", "low", "close", "volume", "")
    assert len(found.rows) == ROWS
    assert found.rows[0] == ("2024-03-01", "1", "2", "1", "2", "9", "fine")
    assert (found.time_format, found.zone_guess) == ("dates, year first", "")
    assert (found.row_estimate, found.size) == (31, len(BARS + rows))


def test_of_a_long_file_the_head_is_read_and_its_rows_are_estimated(tmp_path: Path) -> None:
    rows = "".join(f"{1_700_000_000 + second},1.25,1.5\n" for second in range(100_000))
    found = preview(tmp_path, "time,bid,ask\n" + rows)
    assert (found.kind, found.time_format, found.zone_guess) == ("quotes", "a number since 1970", "UTC")
    assert abs(found.row_estimate - 100_000) < 200


def test_wrong_rows_among_the_first_are_named(tmp_path: Path) -> None:
    found = preview(tmp_path, BARS + "2024-03-01,1,2,1,2,9,a\n2024-03-02,1,x,1,2,9,a\nsoon,1,2,1,2,9,a\n")
    assert [(error.row, error.column) for error in found.errors] == [(3, "high"), (4, "time")]
    assert found.problem == ""


def test_values_that_cannot_be_are_named_cell_by_cell_as_an_import_would_leave_them_out(tmp_path: Path) -> None:
    rows = [
        "2024-03-01,10,12,9,11,5,a",
        "2024-03-02,10,9,12,11,5,high below low",
        "2024-03-03,10,10.5,9,11,5,high below close",
        "2024-03-04,10,12,10.5,11,5,low above open",
        "2024-03-05,0,12,9,11,5,no price",
        "2024-03-06,10,12,9,11,-5,volume",
        "2024-03-04,10,12,9,11,5,again",
        "2024-03-07,10,12,9,11,5,c",
        "2024-03-07,10,12,9,11,5,repeated",
        "2024-03-02,10,12,9,11,5,back",
        "2024-03-09,10,12,9,11,5,b",
    ]
    found = preview(tmp_path, BARS + "\n".join(rows) + "\n")
    assert [(error.row, error.column) for error in found.errors] == [
        (3, "high"), (4, "high"), (5, "low"), (6, "open"), (7, "volume"), (10, "time"), (11, "time"),
    ]  # fmt: skip
    assert found.errors[0].sentence == "The high 9 is below the low 12; the row will be left out."
    assert found.errors[3].sentence.startswith("The open 0 is not above 0")
    read = read_history(tmp_path / "file.csv", symbol="X", timeframe="1d")
    assert {error.row for error in found.errors} == {error.row for error in read.errors}


def test_a_file_written_newest_first_is_not_out_of_order(tmp_path: Path) -> None:
    rows = [f"2024-03-{day:02},1,2,1,2,9,a\n" for day in (20, 19, 19, 18)]
    found = preview(tmp_path, BARS + "".join(rows))
    assert [(error.row, error.column) for error in found.errors] == [(4, "time")]


def test_quotes_may_share_a_time_but_not_go_back(tmp_path: Path) -> None:
    found = preview(tmp_path, "time,bid,ask\n1700000001,1,2\n1700000001,0,2\n1700000002,1,2\n1700000000,2,1\n")
    assert [(error.row, error.column) for error in found.errors] == [(5, "time")]


def test_new_yorks_calendar_is_proposed_for_daily_bars_without_weekends(tmp_path: Path) -> None:
    weekdays = [day for day in range(1, 29) if (day + 3) % 7 < 5]  # 2024-03-01 was a Friday
    rows = "".join(f"2024-03-{day:02},1,2,1,2,9,a\n" for day in weekdays)
    assert preview(tmp_path, BARS + rows).hours_guess == "XNYS"
    every = "".join(f"2024-03-{day:02},1,2,1,2,9,a\n" for day in range(1, 29))
    assert preview(tmp_path, BARS + every).hours_guess == ""
    hourly = "".join(f"2024-03-01T{hour:02}:00:00Z,1,2,1,2,9,a\n" for hour in range(24))
    assert preview(tmp_path, BARS + hourly).hours_guess == ""


@pytest.mark.parametrize(
    ("times", "zone", "guess"),
    [
        (["2024-03-01 09:30", "2024-03-01 15:59", "2024-03-04 09:30"], "UTC", "America/New_York"),
        (["2024-03-01 09:00", "2024-03-01 15:29"], "UTC", "Asia/Seoul"),
        (["2024-03-01 00:00", "2024-03-01 23:59"], "UTC", "UTC"),
        (["2024-03-01 09:30", "2024-03-01 15:59"], "Europe/London", "Europe/London"),
        (["2024-03-01 09:30Z", "2024-03-01 15:59Z"], "UTC", ""),
        (["2024-03-01T09:30:00+09:00", "2024-03-01T15:59:00+09:00"], "UTC", ""),
    ],
)
def test_the_zone_of_times_without_one_is_guessed(tmp_path: Path, times: list[str], zone: str, guess: str) -> None:
    found = preview(tmp_path, "time,bid,ask\n" + "".join(f"{time},1,2\n" for time in times), zone=zone)
    assert found.zone_guess == guess
    assert found.time_format.startswith("date and time")


def test_columns_that_are_not_known_are_shown_so_that_they_can_be_named(tmp_path: Path) -> None:
    text = "Zeit;Kurs\n2024-03-01;1,5\n"
    found = preview(tmp_path, text)
    assert (found.kind, found.separator, found.columns) == ("", ";", ("Zeit", "Kurs"))
    assert found.rows == (("2024-03-01", "1,5"),)
    assert "neither bars" in found.problem
    named = preview(tmp_path, text, columns={"time": "Zeit", "price": "Kurs"})
    assert (named.kind, named.meanings, named.problem) == ("trades", ("time", "price"), "")
    assert [error.column for error in named.errors] == ["Kurs"]
    with pytest.raises(FieldError, match="no column"):
        preview(tmp_path, text, columns={"time": "When"})


def test_a_file_without_a_header_shows_its_first_row_as_data(tmp_path: Path) -> None:
    found = preview(tmp_path, "2024-03-01,5,6\n", columns={"time": "#1", "bid": "#2", "ask": "#3"})
    assert (found.kind, found.columns, found.rows) == ("quotes", ("#1", "#2", "#3"), (("2024-03-01", "5", "6"),))


def test_a_date_and_a_time_of_day_are_shown_as_what_they_are(tmp_path: Path) -> None:
    found = preview(tmp_path, "<DATE>\t<TIME>\t<BID>\t<ASK>\n2024.03.04\t09:30\t1\t2\n2024.03.04\t15:59\t1\t2\n")
    assert (found.kind, found.meanings) == ("quotes", ("time", "clock", "bid", "ask"))
    assert found.zone_guess == "America/New_York"
    assert found.time_format.startswith("date and time without a zone")


def test_times_that_cannot_be_read_are_a_problem_with_a_way_out(tmp_path: Path) -> None:
    text = "time,bid,ask\n31.12.2024,1,2\n"
    assert "order of its dates" in preview(tmp_path, text).problem
    found = preview(tmp_path, text, date_order="day first")
    assert (found.problem, found.time_format) == ("", "dates, day first")


@pytest.mark.parametrize(
    ("raw", "sentence"), [(b"", "is empty"), (b"\n \n", "is empty"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_fault_34_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, sentence: str) -> None:
    with pytest.raises(DataFileError, match=sentence):
        preview(tmp_path, raw)
    with pytest.raises(DataFileError, match="cannot be read"):
        preview_file(tmp_path / "absent.csv")


def test_a_parquet_file_is_shown_the_same_way(tmp_path: Path) -> None:
    kind = DataType.timestamp("us", tz="UTC")
    times = [at("2024-03-01 10:00:00") + 60_000_000 * minute for minute in range(50)]
    price = (DataType.float64(), [None, *[1.5] * 49])
    file = write_parquet(tmp_path / "q.parquet", {"time": (kind, times), "bid": price, "ask": price})
    found = preview_file(file)
    assert (found.kind, found.format, found.meanings) == ("quotes", "Parquet", ("time", "bid", "ask"))
    assert (len(found.rows), found.rows[0][1], found.rows[1][1]) == (ROWS, "", "1.5")
    assert [error.row for error in found.errors] == [1]
    other = write_parquet(tmp_path / "o.parquet", {"when": (kind, times), "what": price})
    assert "neither bars" in preview_file(other).problem

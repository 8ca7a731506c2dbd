"""The fast way and the careful way read the same numbers from the same file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import DataFileError, FieldError
from desktop.domain.market import HOUR
from desktop.market import history_rows
from desktop.market.history import FileLayout, History, read_history
from tests.helpers.market import at

BARS = "time,open,high,low,close,volume\n"


def read(path: Path, text: str, **layout: object) -> History:
    path.write_text(text)
    return read_history(path, symbol="X", layout=FileLayout(**layout))  # type: ignore[arg-type]  # by name


def slowly(patch: pytest.MonkeyPatch, path: Path) -> History:
    with patch.context() as careful:
        careful.setattr(history_rows, "read_block", lambda *_: None)
        return read_history(path, symbol="X")


def is_fast(patch: pytest.MonkeyPatch, path: Path, **layout: object) -> bool:
    """Whether the file is read without the careful path."""
    called: list[int] = []
    with patch.context() as watching:
        careful = history_rows._take

        def watched(reading: history_rows.Reading, lines: list[str], first: int) -> None:
            called.append(first)
            careful(reading, lines, first)

        watching.setattr(history_rows, "_take", watched)
        read_history(path, symbol="X", layout=FileLayout(**layout))  # type: ignore[arg-type]  # by name
    return not called


def same(one: History, two: History) -> None:
    assert (one.kind, one.rows, one.errors, one.instrument, one.fingerprint) == (
        two.kind, two.rows, two.errors, two.instrument, two.fingerprint,
    )  # fmt: skip
    assert np.array_equal(one.at, two.at)
    assert np.array_equal(one.first, two.first)
    assert np.array_equal(one.second, two.second)


numbers = st.one_of(
    st.decimals(0, 10**9, places=4, allow_nan=False).map(lambda value: f"{value:f}"),
    st.integers(0, 10**15 - 1).map(str),
    st.sampled_from(
        ["0", "7.", ".5", "00.50", "0.00000000000001", "123456789.12345", "999999999999999", "9999999.99999999"]
    ),
)
times = st.one_of(
    st.lists(st.datetimes().filter(lambda moment: 1970 <= moment.year < 2100), min_size=1, max_size=6).map(
        lambda found: [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in sorted(found)]
    ),
    st.lists(st.dates().filter(lambda day: 1970 <= day.year < 2100), min_size=1, max_size=6).map(
        lambda found: [day.strftime("%Y/%m/%d") for day in sorted(found)]
    ),
    st.lists(st.integers(10**9, 4 * 10**9), min_size=1, max_size=6).map(
        lambda found: [str(second) for second in sorted(found)]
    ),
)
strange = st.sampled_from(["", "-1", "1e3", "1.2.3", "+4", " 5", "1_000", "12345678901234567.5", "nan", "x", "٣"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stamps=times, data=st.data())
def test_regular_cells_are_the_same_to_the_last_bit_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamps: list[str], data: st.DataObject
) -> None:
    path = tmp_path / "ticks.csv"
    cells = [(data.draw(numbers), data.draw(numbers)) for _ in stamps]
    rows = "".join(f"{stamp},{bid},{ask}\n" for stamp, (bid, ask) in zip(stamps, cells, strict=True))
    fast = read(path, "time,bid,ask\n" + rows)
    assert is_fast(monkeypatch, path)
    assert fast.first.tolist() == [float(bid) for bid, _ in cells]
    assert fast.second.tolist() == [float(ask) for _, ask in cells]
    same(fast, slowly(monkeypatch, path))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stamps=times, data=st.data())
def test_fault_34_strange_cells_among_regular_ones_are_named_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stamps: list[str], data: st.DataObject
) -> None:
    path = tmp_path / "ticks.csv"
    cell = st.one_of(numbers, numbers, strange)
    rows = "".join(f"{stamp},{data.draw(cell)},{data.draw(cell)},{data.draw(cell)}\n" for stamp in stamps)
    text = "time,bid,ask,note\n2000-01-01T00:00:00Z,1,2,a.b.c\n" + rows
    same(read(path, text), slowly(monkeypatch, path))


@pytest.mark.parametrize(
    "rows",
    [
        "2024-03-04T10:00:00Z,1,2\n2024-03-04T11:00:00Z,1,2\r\n",
        "2024-03-04T10:00:00+02:00,1,2\n2024-03-04T11:00:00+02:00,1,2",
        "2024-03-04 10:00,1,2\n2024-03-04 11:00,1.5,2\n",
        "2024-03-04 10:00:00.125,1,2\n2024-03-04 11:00:00.500,1.5,2\n",
        "2024.03.04 10:00,1,2\n2024.03.04 11:00,1.5,2\n",
        "1709560800000,1,2\n1709560860000,1,2\n",
    ],
)
def test_the_usual_forms_need_no_careful_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str) -> None:
    path = tmp_path / "ticks.csv"
    fast = read(path, "time,bid,ask\n" + rows)
    assert is_fast(monkeypatch, path)
    same(fast, slowly(monkeypatch, path))


@pytest.mark.parametrize(
    "rows",
    [
        "2024-02-30,1,2\n", "2024-13-01,1,2\n", "2023-02-29,1,2\n", "2024-03-04T24:10:00Z,1,2\n", "1969-01-01,1,2\n",
        "2024-03-04T10:00:00Z,1,2\n2024-03-04T11:00:00+01:00,1,2\n", "2024-03-04,1,2\n\n2024-03-05,1,2\n",
        "2024-03-04,1,2\n2024-03-05,1\n2024-03-06,1,2,3\n", '"2024-03-04","1","2"\n', "9223372036854775807,1,2\n",
        "2024-03-04,1,\n2024-03-05,.,1\n",
    ],
)  # fmt: skip
def test_what_is_not_regular_is_read_with_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str) -> None:
    path = tmp_path / "ticks.csv"
    fast = read(path, "time,bid,ask\n2000-01-01T00:00:00Z,1,2\n" + rows)
    assert not is_fast(monkeypatch, path)
    same(fast, slowly(monkeypatch, path))


def test_a_bad_row_far_down_is_named_by_its_own_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_rows, "_BLOCK", 256)
    lines = [f"{1_700_000_000 + 60 * number},1.5,2,1,1.5,9" for number in range(300)]
    lines[177] = "1700010620,oops,2,1,1.5,9"
    found = read(tmp_path / "bars.csv", BARS + "\n".join(lines))
    assert [(error.row, error.column) for error in found.errors] == [(179, "open")]
    assert len(found) == 299


# columns, zones and orders that the user names -----------------------------------------------------------------------
def test_columns_can_be_named_by_the_user(tmp_path: Path) -> None:
    text = "Zeit;Anfang;Hoch;Tief;Schluss;close\n2024-03-04;1;3;0.5;2;99\n2024-03-05;1;3;0.5;2;99\n"
    names = {"time": "Zeit", "open": "anfang", "high": "#3", "low": "Tief", "close": "Schluss"}
    found = read(tmp_path / "bars.csv", text, columns=names)
    assert (found.columns.open.tolist(), found.columns.close.tolist()) == ([1.0, 1.0], [2.0, 2.0])
    with pytest.raises(FieldError, match="no column 'Kurs'"):
        read(tmp_path / "bars.csv", text, columns={**names, "close": "Kurs"})
    with pytest.raises(FieldError, match="'colour' is none"):
        FileLayout(columns={"colour": "Zeit"})


def test_a_file_without_a_header_is_read_by_the_numbers_of_its_columns(tmp_path: Path) -> None:
    places = {"time": "#1", "open": "#2", "high": "#3", "low": "#4", "close": "#5"}
    text = "1709560800000,1,3,0.5,2\n1709560860000,1,3,0.5,2\n"
    found = read(tmp_path / "bars.csv", text, columns=places)
    assert (len(found), found.timeframe, found.begin) == (2, "1m", 1_709_560_800_000_000)


def test_times_of_a_zone_become_utc_through_its_summer_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "time,bid,ask\n2024-03-08 09:30:00,1,2\n2024-03-11 09:30:00,1,2\n"
    found = read(tmp_path / "ticks.csv", text, zone="America/New_York")
    assert found.at.tolist() == [at("2024-03-08 14:30:00"), at("2024-03-11 13:30:00")]
    assert is_fast(monkeypatch, tmp_path / "ticks.csv", zone="America/New_York")


def test_times_that_a_zone_skips_or_repeats_are_row_errors(tmp_path: Path) -> None:
    text = "time,bid,ask\n2024-03-10 01:59,1,2\n2024-03-10 02:30,1,2\n2024-11-03 01:30,1,2\n2024-11-03 02:00,1,2\n"
    found = read(tmp_path / "ticks.csv", text, zone="America/New_York")
    assert found.at.tolist() == [at("2024-03-10 06:59:00"), at("2024-11-03 07:00:00")]
    assert [error.row for error in found.errors] == [3, 4]
    assert "does not exist in America/New_York" in found.errors[0].sentence
    assert "comes twice in America/New_York" in found.errors[1].sentence


def test_a_time_with_a_zone_of_its_own_and_a_date_alone_stay_as_they_are(tmp_path: Path) -> None:
    text = "time,bid,ask\n2024-03-04,1,2\n2024-03-04T10:00:00Z,1,2\n2024-03-04T10:00:00,1,2\n"
    found = read(tmp_path / "ticks.csv", text, zone="America/New_York")
    day = at("2024-03-04")
    assert found.at.tolist() == [day, day + 10 * HOUR, day + 15 * HOUR]


@pytest.mark.parametrize(
    ("order", "text", "when"),
    [("day first", "04.03.2024 10:00", "2024-03-04 10:00:00"), ("month first", "3/4/2024", "2024-03-04 00:00:00")],
)
def test_other_orders_of_a_date_are_read_when_said(tmp_path: Path, order: str, text: str, when: str) -> None:
    assert read(tmp_path / "t.csv", f"time,bid,ask\n{text},1,2\n", date_order=order).at.tolist() == [at(when)]
    with pytest.raises(DataFileError, match="not a time"):
        read(tmp_path / "t.csv", f"time,bid,ask\n{text},1,2\n")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("<DATE>\t<TIME>\t<BID>\t<ASK>\n2024.03.04\t09:30:00\t1\t2\n2024.03.04\t15:00:00\t1.5\t2\n", "fast"),
        ("Date,Time,Bid,Ask\n2024-03-04,09:30,1,2\n2024-03-04,15:00,1.5,2\n", "fast"),
        ("Time,Date,Bid,Ask\n9:30,2024-03-04,1,2\n15:00,2024-03-04,1.5,2\n", "careful"),
        ("Date,Bid,Time,Ask\n2024-03-04,1,09:30:00.000,2\n2024-03-04,1.5,15:00:00.000,2\n", "careful"),
    ],
)
def test_a_date_and_a_time_of_day_in_two_columns_are_one_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, way: str
) -> None:
    found = read(tmp_path / "t.csv", text)
    assert found.at.tolist() == [at("2024-03-04 09:30:00"), at("2024-03-04 15:00:00")]
    assert found.first.tolist() == [1.0, 1.5]
    assert is_fast(monkeypatch, tmp_path / "t.csv") == (way == "fast")
    same(found, slowly(monkeypatch, tmp_path / "t.csv"))
    local = read(tmp_path / "t.csv", text, zone="America/New_York")
    assert local.at.tolist()[0] == at("2024-03-04 14:30:00")


def test_a_time_beside_a_date_that_is_no_time_of_day_leaves_the_date(tmp_path: Path) -> None:
    found = read(tmp_path / "t.csv", "date,time,bid,ask\n2024-03-04,x,1,2\n2024-03-05,y,1,2\n")
    assert found.at.tolist() == [at("2024-03-04"), at("2024-03-05")]


def test_the_columns_of_date_and_time_of_day_can_be_named(tmp_path: Path) -> None:
    text = "Tag,Uhrzeit,bid,ask\n2024-03-04,09:30,1,2\n"
    found = read(tmp_path / "t.csv", text, columns={"time": "Tag", "clock": "Uhrzeit"})
    assert found.at.tolist() == [at("2024-03-04 09:30:00")]


def test_an_unknown_zone_or_order_is_named(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="Mars/Olympus"):
        read(tmp_path / "t.csv", "time,bid,ask\n1,1,2\n", zone="Mars/Olympus")
    with pytest.raises(FieldError, match="backwards"):
        FileLayout(date_order="backwards")


def test_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_rows, "_BLOCK", 64)
    path = tmp_path / "bars.csv"
    path.write_text(BARS + "".join(f"{60 * number},1.5,2,1,1.5,9\n" for number in range(60)))
    told: list[int] = []
    read_history(path, symbol="X", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size

    def enough(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_history(path, symbol="X", progress=enough)

"""Files as they come from exchanges, vendors and those who mean harm (fault 34)."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import DataFileError, FieldError
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.market import history_rows as module
from desktop.market.history import Caps, History, read_history
from desktop.market.history_header import FileLayout
from desktop.market.history_preview import preview_file
from desktop.market.history_times import moment
from tests.helpers.market import at

BARS = (
    "time,open,high,low,close,volume\n"
    "2024-03-04,10,12,9,11,100\n2024-03-05,11,13,10,12.5,90\n2024-03-06,12,12,12,12,0\n"
)


def read(tmp_path: Path, text: str | bytes, **options: object) -> History:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_history(path, symbol="X", **options)  # type: ignore[arg-type]  # by name


# what a file holds -------------------------------------------------------------------------------------------------
def test_a_file_of_bars_becomes_columns(tmp_path: Path) -> None:
    found = read(tmp_path, BARS)
    assert (found.kind, found.timeframe, found.rows, len(found), found.error_count) == ("bars", "1d", 3, 3, 0)
    assert found.columns.start.tolist() == [at("2024-03-04") + number * DAY for number in range(3)]
    assert found.columns.close.tolist() == [11.0, 12.5, 12.0]
    assert (found.begin, found.end) == (at("2024-03-04"), at("2024-03-06"))
    assert (found.instrument.tick, found.instrument.lot) == (Decimal("0.1"), Decimal(1))
    assert found.fingerprint == hashlib.sha256(BARS.encode()).hexdigest()
    assert (found.gaps, found.longest_gap) == (0, 0)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("time,open,high,low,close,volume", "bars"),
        ("Date,Open,High,Low,Close,Volume", "bars"),
        ("timestamp;o;h;l;c;v", "bars"),
        ("Datetime\tOpen\tHigh\tLow\tClose\tVolume", "bars"),
        ('"Open Time","Open","High","Low","Close","Volume"', "bars"),
        ("open_time,open,high,low,close,vol", "bars"),
        ("\ufeffdate,open,high,low,close,tick_volume", "bars"),
    ],
)
def test_common_names_separators_and_marks_are_recognised(tmp_path: Path, header: str, kind: str) -> None:
    separator = next(mark for mark in (";", "\t", ",") if mark in header)
    rows = BARS.splitlines()[1:]
    text = "\r\n".join([header, *(row.replace(",", separator) for row in rows)])
    found = read(tmp_path, text)
    assert (found.kind, len(found)) == (kind, 3)
    assert found.columns.volume.tolist() == [100.0, 90.0, 0.0]


@pytest.mark.parametrize(
    "times",
    [
        ["2024-03-04T14:00:00Z", "2024-03-04T14:01:00Z"],
        ["2024-03-04 14:00:00", "2024-03-04 14:01:00"],
        ["2024-03-04 14:00", "2024-03-04 14:01"],
        ["2024-03-04T23:00:00+09:00", "2024-03-04T23:01:00+09:00"],
        ["2024-03-04T14:00:00.000000Z", "2024-03-04 23:01:00+09:00"],
        ["1709560800", "1709560860"],
        ["1709560800.0", "1709560860.0"],
        ["1709560800000", "1709560860000"],
        ["1709560800000000", "1709560860000000"],
        ["1709560800000000000", "1709560860000000000"],
        ["2024/03/04 14:00:00", "2024/03/04 14:01:00"],
        ["20240304T140000", "20240304T140100"],
    ],
)
def test_times_are_read_in_the_forms_files_have_them(tmp_path: Path, times: list[str]) -> None:
    text = "ts,bid,ask\n" + "".join(f"{time},1.1,1.2\n" for time in times)
    found = read(tmp_path, text)
    first = at("2024-03-04 14:00:00")
    assert found.at.tolist() == [first, first + MINUTE]
    assert found.kind == "quotes"


def test_a_date_of_eight_digits_is_a_date_and_not_seconds() -> None:
    assert moment("20240304") == at("2024-03-04")


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        (["1709560800", "1709560860000"], [1_709_560_800_000_000, 1_709_560_860_000_000]),  # two units in one file
        (["9999999999999999999", "1709560800"], [1_709_560_800_000_000]),
        (["9223372036854775807", "1709560800000000000"], [1_709_560_800_000_000]),
        (["1709560800000000001", "1709560800000001999"], [1_709_560_800_000_000, 1_709_560_800_000_001]),
        (["2024-03-04", "2024-99-04"], [1_709_510_400_000_000]),
        (["2024-03-04", "9999-03-04"], [1_709_510_400_000_000]),
        (["2024-03-04", "586523-06-01T00:00"], [1_709_510_400_000_000]),
    ],
)
def test_fault_34_times_beyond_reason_are_left_out(tmp_path: Path, times: list[str], kept: list[int]) -> None:
    found = read(tmp_path, "time,price\n" + "".join(f"{time},1\n" for time in times))
    assert found.at.tolist() == kept
    assert found.error_count == len(times) - len(kept)


def test_quotes_keep_their_sizes_and_trades_their_ids(tmp_path: Path) -> None:
    quotes = read(tmp_path, "time,bid,ask,bid_size,ask_size\n2024-03-04T14:00:00Z,1.10,1.12,5,6\n")
    assert (quotes.first.tolist(), quotes.second.tolist()) == ([1.1], [1.12])
    assert [column.tolist() for column in quotes.sizes] == [[5.0], [6.0]]
    trades = read(tmp_path, "time,price,qty,trade_id\n2024-03-04,5.125,3,a\n2024-03-04,5.5,4,b\n2024-03-04,5.5,4,b\n")
    assert (trades.kind, trades.ids, trades.duplicates) == ("trades", ("a", "b"), 1)
    assert trades.instrument.tick == Decimal("0.001")
    assert (trades.columns.close.size, trades.timeframe) == (0, "")


def test_trades_without_an_id_are_never_taken_for_duplicates(tmp_path: Path) -> None:
    found = read(tmp_path, "time,price,size\n" + "2024-03-04T14:00:00Z,5,3\n" * 4)
    assert (len(found), found.duplicates, found.error_count) == (4, 0, 0)


def test_a_file_written_newest_first_is_turned_round(tmp_path: Path) -> None:
    lines = BARS.splitlines()
    found = read(tmp_path, "\n".join([lines[0], *lines[:0:-1]]))
    assert found.reversed
    assert found.columns.close.tolist() == [11.0, 12.5, 12.0]
    trades = read(tmp_path, "time,price,id\n2024-03-05,5,b\n2024-03-04,6,a\n")
    assert (trades.ids, trades.first.tolist()) == (("a", "b"), [6.0, 5.0])


@pytest.mark.parametrize(
    ("cells", "tick"),
    [(["10", "11"], "1"), (["10.5", "11"], "0.1"), (["10.250", "11.5"], "0.001"), (["1e1", "1.25e1"], "0.1"),
     (["10.12345678901234", "11"], "0.0000000001")],
)  # fmt: skip
def test_the_tick_is_the_finest_decimal_in_the_file(tmp_path: Path, cells: list[str], tick: str) -> None:
    text = "time,price,size\n" + "".join(f"2024-03-0{number},{cell},1.55555\n" for number, cell in enumerate(cells, 1))
    assert read(tmp_path, text).instrument.tick == Decimal(tick)


def test_bars_without_volume_have_none(tmp_path: Path) -> None:
    found = read(tmp_path, "date,open,high,low,close\n2024-03-04,1,2,1,2\n2024-03-05,1,2,1,2\n")
    assert found.columns.volume.tolist() == [0.0, 0.0]


def test_a_single_bar_needs_its_timeframe_said(tmp_path: Path) -> None:
    text = "date,open,high,low,close\n2024-03-04,1,2,1,2\n"
    with pytest.raises(DataFileError, match="timeframe"):
        read(tmp_path, text)
    assert read(tmp_path, text, timeframe="1h").timeframe == "1h"
    with pytest.raises(FieldError, match="7h"):
        read(tmp_path, text, timeframe="7h")


def test_gaps_are_counted_and_the_longest_is_named(tmp_path: Path) -> None:
    rows = "".join(f"{time},1,2,1,2\n" for time in (0, 60, 120, 300, 360, 4_000))
    found = read(tmp_path, "time,open,high,low,close\n" + rows)
    assert (found.timeframe, found.gaps) == ("1m", 2 + 60)
    assert found.longest_gap == 3_640 * SECOND - MINUTE


# what is wrong with a row ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2024-03-07,12,12,12", "columns"),
        ("2024-03-07,12,12,12,12,1,1", "columns"),
        ("soon,12,12,12,12,1", "is not a time"),
        ("NaT,12,12,12,12,1", "is not a time"),
        ("now,12,12,12,12,1", "is not a time"),
        (",12,12,12,12,1", "is not a time"),
        ("9999-01-01,12,12,12,12,1", "is not a time"),
        ("1901-01-01,12,12,12,12,1", "is not a time"),
        ("9" * 30 + ",12,12,12,12,1", "is not a time"),
        ("9" * 19 + ",12,12,12,12,1", "is not a time"),
        ("9999999-01-01T00,12,12,12,12,1", "is not a time"),
        ("2024-03-07,twelve,12,12,12,1", "is not a number"),
        ("2024-03-07,nan,12,12,12,1", "is not a number"),
        ("2024-03-07,inf,12,12,12,1", "is not a number"),
        ("2024-03-07,1e999,12,12,12,1", "is not a number"),
        ("2024-03-07,1_2,12,12,12,1", "is not a number"),
        ("2024-03-07,,12,12,12,1", "is not a number"),
        ("2024-03-07,=cmd|'/C calc'!A0,12,12,12,1", "is not a number"),
        ("2024-03-07,12,11,12,12,1", "the high 11 is below the low 12"),
        ("2024-03-07,12,12,12.5,12,1", "the high 12 is below the low 12.5"),
        ("2024-03-07,12,13,12.5,13,1", "the low 12.5 is above the open 12"),
        ("2024-03-07,12,13,12,13.25,1", "the high 13 is below the close 13.25"),
        ("2024-03-07,0,0,0,0,1", "the open 0 is not above 0"),
        ("2024-03-07,12,12,12,-12,1", "the close -12 is not above 0"),
        ("2024-03-07,12,12,12,12,-1", "the volume -1 is below 0"),
        ("2024-03-06,12,12,12,12,1", "repeats the time"),
        ("2024-03-01,12,12,12,12,1", "is older"),
    ],
)
def test_fault_34_a_wrong_row_is_left_out_and_named(tmp_path: Path, row: str, sentence: str) -> None:
    found = read(tmp_path, BARS + row + "\n2024-03-08,1,1,1,1,1\n")
    assert (len(found), found.rows, found.error_count) == (4, 5, 1)
    (error,) = found.errors
    assert error.row == 5
    assert sentence in error.sentence


@pytest.mark.parametrize(
    ("row", "column"),
    [("12,12,12,-12,1", "Last"), ("12,11,12,12,1", "Max"), ("12,13,12.5,13,1", "Min"), ("12,12,12,12,-1", "Vol")],
)
def test_fault_34_an_import_and_its_preview_name_the_same_mistake(tmp_path: Path, row: str, column: str) -> None:
    text = "Date,Open,Max,Min,Last,Vol\n2024-03-06,12,12,12,12,1\n2024-03-07," + row + "\n"
    layout = FileLayout({"high": "Max", "low": "Min", "close": "Last", "volume": "Vol"})
    path = tmp_path / "named.csv"
    path.write_text(text)
    (error,) = read_history(path, symbol="SPY", timeframe="1d", layout=layout).errors
    (before,) = preview_file(path, layout).errors
    assert (error.column, error.row, before.row) == (column, 3, 3)
    assert error.sentence.partition(";")[0] == before.sentence.partition(";")[0].replace("The ", "the ")


def test_fault_34_of_many_wrong_rows_a_hundred_are_kept_and_all_counted(tmp_path: Path) -> None:
    found = read(tmp_path, BARS + "x,1,1,1,1,1\n" * 250)
    assert (len(found.errors), found.error_count, found.rows) == (100, 250, 253)
    assert [error.row for error in found.errors] == list(range(5, 105))


def test_repeated_rows_are_listed_even_behind_a_hundred_others(tmp_path: Path) -> None:
    found = read(tmp_path, BARS + "x,1,1,1,1,1\n" * 150 + "2024-03-06,12,12,12,12,1\n")
    assert (found.duplicates, [error.row for error in found.repeats]) == (1, [155])
    assert found.error_count == 151


def test_older_ticks_are_left_out_and_equal_times_stay(tmp_path: Path) -> None:
    found = read(tmp_path, "time,bid,ask\n5,1,2\n7,1,2\n6,1,2\n7,1,3\n")
    assert found.at.tolist() == [5 * SECOND, 7 * SECOND, 7 * SECOND]
    assert found.errors[0].row == 4


def test_crossed_quotes_stay_in_the_history_for_the_hub_to_count(tmp_path: Path) -> None:
    assert len(read(tmp_path, "time,bid,ask\n5,3,2\n7,0,2\n")) == 2


# files that cannot be used -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"time,open,high,low,close\n", "no rows below the header"),
        (b"time,open,high,low,close\nx,1,1,1,1\n", "has no row that can be used"),
        (b"time,open,high,low,close\n2024-01-01,0,0,0,0\n", "has no row that can be used"),
        (b"hello,world\n1,2\n", "neither bars"),
        (b"open,high,low,close\n1,1,1,1\n", "no column named time"),
        (b"\xff\xfe\x00\x01\n", "not UTF-8"),
        (b"PK\x03\x04\x00\x00\n", "neither bars"),
        (b"time,bid,ask\n\xc3\x28,1,2\n", "not UTF-8"),
        (b"x" * 5_000, "longer than"),
        (b"time,bid,ask\n" + b"1" * 5_000 + b"\n", "longer than"),
        (",".join(f"c{number}" for number in range(100)).encode(), "100 columns"),
    ],
)
def test_fault_34_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, text: bytes, sentence: str
) -> None:
    with pytest.raises(DataFileError, match=sentence):
        read(tmp_path, text)


def test_fault_34_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(DataFileError, match="is not a file"):
            read_history(path, symbol="X")


def test_fault_34_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "file.csv"
    path.write_text(BARS)
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DataFileError, match="Permission denied"):
        read_history(path, symbol="X")


def test_fault_34_size_rows_and_lines_have_caps(tmp_path: Path) -> None:
    for caps, sentence in (
        (Caps(size=20), "more than the 20"),
        (Caps(rows=2), "more than 2 rows"),
        (Caps(line=10), "longer than 10"),
        (Caps(fields=3), "more than the 3"),
    ):
        with pytest.raises(DataFileError, match=sentence):
            read(tmp_path, BARS, caps=caps)


def test_fault_34_a_file_is_never_in_memory_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 7)
    small = read(tmp_path, BARS)
    monkeypatch.undo()
    whole = read(tmp_path, BARS)
    assert np.array_equal(small.columns.close, whole.columns.close)
    assert small.fingerprint == whole.fingerprint
    with pytest.raises(DataFileError, match="longer than"):
        read(tmp_path, b"time,bid,ask\n" + b"1" * 3_000_000)


cells = st.one_of(
    st.sampled_from(
        ["", "nan", "inf", "-1", "0", "1e308", "1e-400", '"', "'", "2024-03-04", "1709560800", "\x00", "\u0661"]
    ),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-(10**25), 10**25).map(str),
    st.text(max_size=12),
)
headers = st.sampled_from(
    ["time,open,high,low,close,volume", "ts;bid;ask", "t\tprice\tsize\tid", "time,price", "date,o,h,l,c", "a,b,c"]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=headers, rows=st.lists(st.lists(cells, max_size=7), max_size=8), raw=st.binary(max_size=40))
def test_fault_34_any_file_gives_sound_rows_or_a_sentence(
    tmp_path: Path, header: str, rows: list[list[str]], raw: bytes
) -> None:
    separator = next((mark for mark in (";", "\t") if mark in header), ",")
    text = "\n".join([header, *(separator.join(row) for row in rows)]).encode("utf-8", "surrogatepass") + raw
    try:
        found = read(tmp_path, text)
    except DataFileError:
        return
    assert 0 < len(found) <= found.rows
    assert len(found) + found.error_count == found.rows
    times = found.columns.start if found.kind == "bars" else found.at
    assert np.all(np.diff(times) >= 0)
    for column in (found.columns.open, found.columns.close, found.first, found.second, *found.sizes):
        assert np.isfinite(column).all()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_fault_34_any_bytes_give_a_sentence(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(DataFileError):
        read(tmp_path, raw)


def test_fault_34_hundreds_of_thousands_of_rows_are_no_trouble(tmp_path: Path) -> None:
    row = "12.5,13,12,12.5,7\n"
    path = tmp_path / "big.csv"
    with path.open("w") as stream:
        stream.write("time,open,high,low,close,volume\n")
        stream.writelines(f"{second},{row}" for second in range(0, 60 * 300_000, 60))
    found = read_history(path, symbol="X")
    assert (len(found), found.error_count, found.timeframe, found.gaps) == (300_000, 0, "1m", 0)
    assert found.end - found.begin == 299_999 * MINUTE < 5_001 * HOUR

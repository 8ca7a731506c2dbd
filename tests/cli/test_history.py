"""`assay history`: importing files and looking after what is stored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from arro3.core import DataType

from tests.cli.kit import Shell
from tests.helpers.market import at
from tests.helpers.parquet_files import write_parquet

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
HEADER = "time,open,high,low,close,volume\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def bars(path: Path, prices: list[float]) -> Path:
    days = (f"2024-0{1 + number // 28}-{1 + number % 28:02}" for number in range(len(prices)))
    rows = (f"{day},{price},{price},{price},{price},100\n" for day, price in zip(days, prices, strict=True))
    path.write_text(HEADER + "".join(rows))
    return path


@pytest.fixture
def halved(tmp_path: Path) -> Path:
    return bars(tmp_path / "halved.csv", [100.0] * 28 + [50.0] * 28)


def test_an_imported_file_is_listed(shell: Shell, tmp_path: Path, data: Path) -> None:
    path = bars(tmp_path / "abc.csv", [10.5] * 20)
    report = shell.json("history", "import", path, "--symbol", "ABC", "--data-dir", data)
    assert (report["kind"], report["timeframe"], report["rows"], report["kept"]) == ("bars", "1d", 20, 20)
    assert (report["first"], report["last"]) == ("2024-01-01T00:00:00Z", "2024-01-20T00:00:00Z")
    (series,) = shell.json("history", "list", "--data-dir", data)["series"]
    assert series == report["series"]
    assert (series["symbol"], series["source"], series["tick"], series["adjusted"]) == ("ABC", "abc.csv", "0.1", False)
    assert shell.run("history", "list", "--data-dir", data) == 0
    assert "abc.csv" in shell.out


def test_without_history_the_list_says_how_to_get_some(shell: Shell, data: Path) -> None:
    assert shell.run("history", "list", "--data-dir", data) == 0
    assert "assay history import" in shell.out
    assert not data.exists()


def test_wrong_and_repeated_rows_and_gaps_are_told(shell: Shell, tmp_path: Path, data: Path) -> None:
    path = bars(tmp_path / "abc.csv", [10.0] * 5)
    with path.open("a") as stream:
        stream.write("2024-01-05,10,10,10,10,1\n2024-01-06,ten,10,10,10,1\n2024-01-10,10,10,10,10,1\n")
    assert shell.run("history", "import", path, "--symbol", "ABC", "--data-dir", data) == 0
    assert "6 bars of 1d" in shell.out
    assert "2 rows were left out, 1 of them" in shell.out
    assert "row 8, open: 'ten' is not a number" in shell.out
    assert "2 bars are missing, gaps: 1" in shell.out
    report = shell.json("history", "import", path, "--symbol", "ABC", "--data-dir", data, "--replace")
    assert [item["row"] for item in report["errors"]] == [7, 8]
    assert [item["row"] for item in report["repeats"]] == [7]
    gaps = shell.json("history", "gaps", report["series"]["series"], "--data-dir", data)
    assert gaps == report["gaps"]
    assert gaps["first"] == [{"begin": "2024-01-06T00:00:00Z", "end": "2024-01-10T00:00:00Z", "missing_bars": 2}]
    hours = shell.json("history", "gaps", 2, "--hours", "09:30-16:00@America/New_York", "--data-dir", data)
    assert (hours["missing_bars"], hours["gaps_judged_by"]) == (2, "09:30-16:00@America/New_York")


@pytest.mark.parametrize(
    ("name", "timeframe", "hours", "gaps", "missing", "judged"),
    [
        ("aapl_1d.csv", "1d", "XNYS", 0, 0, "XNYS"),
        ("aapl_1d.csv", "1d", "", None, 215, "weekdays"),
        ("spy_1h.csv", "1h", "XNYS", 1, 2, "XNYS"),
        ("spy_1h.csv", "1h", "", None, 162_910, "timeframe"),
    ],
)
def test_import_list_and_gaps_say_the_same_of_one_series(
    shell: Shell, data: Path, name: str, timeframe: str, hours: str, gaps: int | None, missing: int, judged: str
) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"recorded prices are not at {path}; set ASSAY_DATA to their folder")
    options = ("--timeframe", timeframe, "--hours", hours, "--data-dir", data)
    report = shell.json("history", "import", path, "--symbol", "SPY", *options)
    (listed,) = shell.json("history", "list", "--data-dir", data)["series"]
    found = shell.json("history", "gaps", listed["series"], "--data-dir", data)
    for one in (report["gaps"], report["series"], listed, found):
        assert (one["missing_bars"], one["gaps_judged_by"]) == (missing, judged)
        assert one["gaps"] == (found["gaps"] if gaps is None else gaps)
    assert listed["hours"] == (hours or None)
    assert shell.run("history", "list", "--data-dir", data) == 0
    assert " gaps  missing bars  gaps judged by " in shell.out.splitlines()[0]
    told = "weekdays (assumed)" if judged == "weekdays" else judged
    assert f"  {missing}  {told} " in shell.out.splitlines()[1]


def test_columns_zone_and_order_can_be_said(shell: Shell, tmp_path: Path, data: Path) -> None:
    path = tmp_path / "abc.csv"
    path.write_text("Zeit;Kauf;Verkauf\n04.03.2024 09:30;1.5;1.6\n")
    options = ("--map", "time=Zeit, bid=#2, ask=verkauf", "--timezone", "America/New_York", "--date-order", "day first")
    report = shell.json("history", "import", path, "--symbol", "ABC", *options, "--data-dir", data)
    assert (report["kind"], report["first"]) == ("quotes", "2024-03-04T14:30:00Z")
    assert report["series"]["timezone"] == "America/New_York"
    assert (report["gaps"], report["timeframe"]) == (None, None)


def test_a_parquet_file_is_imported_too(shell: Shell, tmp_path: Path, data: Path) -> None:
    kind, price = DataType.timestamp("us", tz="UTC"), (DataType.float64(), [1.5, 1.25])
    first = at("2024-03-04")
    columns: dict[str, tuple[Any, list[Any]]] = {
        "time": (kind, [first, first + 60_000_000]),
        "price": price,
        "size": price,
    }
    path = write_parquet(tmp_path / "t.parquet", columns)
    assert shell.json("history", "import", path, "--symbol", "T", "--data-dir", data)["kind"] == "trades"


def test_a_check_stores_nothing(shell: Shell, halved: Path, data: Path) -> None:
    assert shell.run("history", "import", halved, "--symbol", "X", "--check", "--data-dir", data) == 0
    assert "Nothing was stored." in shell.out
    assert not data.exists()


def test_bars_on_another_scale_are_warned_of_and_kept(shell: Shell, tmp_path: Path, data: Path) -> None:
    path = tmp_path / "spy.csv"
    prices = [100, 101, 1000, 99, 100, 10, 100]
    lines = [f"2024-01-{day:02},{price},{price},{price},{price},5" for day, price in enumerate(prices, 1)]
    path.write_text("\n".join(["date,open,high,low,close,volume", *lines]) + "\n")
    assert shell.run("history", "import", path, "--symbol", "SPY", "--check", "--data-dir", data) == 0
    assert "2 bars stand alone" in shell.out
    report = shell.json("history", "import", path, "--symbol", "SPY", "--data-dir", data)
    assert (report["kept"], report["spikes"]["count"]) == (7, 2)
    assert report["spikes"]["first"].startswith("2024-01-03")


def test_probable_splits_are_told_and_can_be_adjusted_at_once(shell: Shell, halved: Path, data: Path) -> None:
    assert shell.run("history", "import", halved, "--symbol", "X", "--data-dir", data) == 0
    assert "Probable split of 2:1 before 2024-02-01" in shell.out
    assert "--adjust-splits" in shell.out
    report = shell.json("history", "import", halved, "--symbol", "X", "--adjust-splits", "--data-dir", data)
    assert report["series"]["adjusted"] is True
    assert [(item["new"], item["old"]) for item in report["series"]["splits"]] == [(2, 1)]
    assert report["undecided_splits"] == 0


def test_splits_can_be_decided_later(shell: Shell, halved: Path, data: Path) -> None:
    series = shell.json("history", "import", halved, "--symbol", "X", "--data-dir", data)["series"]["series"]
    assert shell.run("history", "splits", series, "--data-dir", data) == 0
    assert "2:1" in shell.out
    adjusted = shell.json("history", "splits", series, "--adjust", "--data-dir", data)["series"]
    assert (adjusted["adjusted"], adjusted["series"]) == (True, series + 1)
    assert shell.run("history", "splits", series, "--accept", "--data-dir", data) == 0
    assert "Accepted" in shell.out
    assert shell.run("history", "splits", series, "--data-dir", data) == 0
    assert "no undecided splits" in shell.out
    assert "undecided split" in shell.refusal("history", "splits", series, "--adjust", "--data-dir", data)


def test_a_series_is_replaced_only_when_asked_and_can_be_deleted(
    shell: Shell, tmp_path: Path, halved: Path, data: Path
) -> None:
    command = ("history", "import", "--symbol", "X", "--data-dir", data)
    shell.json(*command, halved)
    other = bars(tmp_path / "other.csv", [10.0] * 9)
    assert "stored already" in shell.refusal(*command, other)
    shell.json(*command, other, "--replace")
    (series,) = shell.json("history", "list", "--data-dir", data)["series"]
    assert (series["rows"], series["source"]) == (9, "other.csv")
    assert shell.run("history", "delete", series["series"], "--data-dir", data) == 0
    assert "was deleted" in shell.out
    assert shell.json("history", "list", "--data-dir", data)["series"] == []
    assert "no stored series" in shell.refusal("history", "delete", series["series"], "--data-dir", data)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--map", "close"), "not NAME=COLUMN"),
        (("--map", "colour=red"), "'colour' is none"),
        (("--map", "close=Kurs"), "no column 'Kurs'"),
        (("--timezone", "Mars"), "'Mars' is no time zone"),
        (("--hours", "sometimes"), "'sometimes' is not"),
        (("--timeframe", "7h"), "'7h' is not one"),
    ],
)
def test_a_mistake_is_named(shell: Shell, halved: Path, data: Path, options: tuple[str, ...], sentence: str) -> None:
    assert sentence in shell.refusal("history", "import", halved, "--symbol", "X", "--data-dir", data, *options)
    assert not data.exists()


def test_without_a_data_directory_the_usual_one_is_used(
    shell: Shell, tmp_path: Path, halved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.config.default_data_dir", lambda: tmp_path / "usual")
    shell.json("history", "import", halved, "--symbol", "X")
    assert (tmp_path / "usual" / "history.db").is_file()


# what is stored already ----------------------------------------------------------------------------------------------
def test_what_is_missing_is_added_and_what_differs_is_asked_about(shell: Shell, tmp_path: Path, data: Path) -> None:
    first = bars(tmp_path / "abc.csv", [10.0] * 10)
    more = bars(tmp_path / "more.csv", [10.0] * 15)
    other = bars(tmp_path / "other.csv", [11.0] * 16)
    call = ("--symbol", "ABC", "--data-dir", data)
    shell.json("history", "import", first, *call)
    assert "is stored already" in shell.refusal("history", "import", more, *call)
    added = shell.json("history", "import", more, *call, "--add")
    assert (added["series"]["series"], added["series"]["rows"], added["series"]["source"]) == (
        1,
        15,
        "abc.csv + more.csv",
    )
    assert [added["overlap"][key] for key in ("new", "same", "different")] == [5, 10, 0]
    assert shell.run("history", "import", other, *call, "--add") == 2
    assert "--differing stored or --differing new" in shell.error
    assert "2024-01-01T00:00:00Z: stored 10/10/10/10 volume 100, new 11/11/11/11 volume 100" in shell.out
    assert "Nothing was stored" in shell.out
    kept = shell.json("history", "import", other, *call, "--add", "--differing", "stored")
    assert (kept["series"]["rows"], kept["overlap"]["different"]) == (16, 15)
    assert "belongs to --add" in shell.refusal("history", "import", other, *call, "--differing", "new")
    assert shell.run("history", "import", first, *call, "--add", "--differing", "stored") == 0


# downloads -----------------------------------------------------------------------------------------------------------
def test_a_download_is_stored_and_goes_on_where_it_ended(shell: Shell, data: Path) -> None:
    call = ("history", "download", "--symbol", "NOVA", "--timeframe", "1h", "--data-dir", data)
    first = shell.json(*call, "--from", "2025-01-01", "--to", "2025-01-31")
    assert (first["complete"], first["kept"], first["series"]["feed"]) == (True, 31 * 24, "simulator")
    assert (first["first"], first["last"]) == ("2025-01-01T00:00:00Z", "2025-01-31T23:00:00Z")
    assert "--add adds what is missing" in shell.refusal(*call, "--bars", "10")
    more = shell.json(*call, "--from", "2025-01-30", "--to", "2025-02-02 12:00", "--add")
    assert more["overlap"]["new"] == 24 + 12
    assert more["overlap"]["same"] == 48
    assert more["series"]["rows"] == 31 * 24 + 36
    assert shell.run(*call, "--from", "2025-01-30", "--to", "2025-02-02 12:00", "--add") == 0
    assert "Series 1 stays as it is" in shell.out


def test_the_newest_bars_can_be_asked_for_by_their_number(shell: Shell, data: Path) -> None:
    found = shell.json(
        "history", "download", "--symbol", "NOVA", "--timeframe", "1d", "--bars", "30", "--data-dir", data
    )
    assert (found["kept"], found["gaps"]["missing_bars"]) == (30, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "yesterday"], "--from: 'yesterday' is no time"),
        (["--from", "2025-02-01", "--to", "2025-01-01"], "--to: 2025-01-01 is not after 2025-02-01"),
        (["--from", "2025-02-01", "--bars", "5"], "--from: give either"),
        ([], "--from: give either"),
        (["--bars", "5", "--feed", "nasdaq"], "There is no feed to download from 'nasdaq'"),
        (["--bars", "5", "--symbol", "NOPE"], "There is no symbol 'NOPE'"),
    ],
)
def test_a_download_that_cannot_be_is_refused(shell: Shell, data: Path, options: list[str], said: str) -> None:
    call = ["history", "download", "--symbol", "NOVA", "--timeframe", "1h", "--data-dir", data]
    assert said in shell.refusal(*call, *options)
    assert not data.exists()

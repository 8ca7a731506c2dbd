"""A stock split in a file is never silently traded through: commands on files warn of it, or adjust it when asked."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from tests.cli.kit import Shell
from tests.helpers.replay_files import write_bars, write_strategy

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
SPLIT_ROW = 320


@pytest.fixture
def halved(tmp_path: Path) -> Path:
    """Hourly bars of which the later ones are at half the price, from the first bar of a day on."""
    with write_bars(tmp_path, name="whole.csv").open() as file:
        header, *rows = csv.reader(file)
    first = next(index for index in range(SPLIT_ROW, len(rows)) if rows[index][0][:10] != rows[index - 1][0][:10])
    for row in rows[first:]:
        row[1:5] = [f"{float(price) / 2:.4f}" for price in row[1:5]]
    path = tmp_path / "halved.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n")
    return path


def command(name: str, folder: Path, path: Path, *options: object) -> tuple[object, ...]:
    flag = "--replay" if name == "paper" else "--bars"
    more = ("--set", "quantity=1") if name == "sweep" else ()
    return (name, write_strategy(folder), flag, path, "--symbol", "X", "--fills", "ideal", *more, *options)


@pytest.mark.parametrize("name", ["backtest", "paper"])
def test_a_result_across_an_undecided_split_carries_a_warning(
    shell: Shell, tmp_path: Path, halved: Path, name: str
) -> None:
    report = shell.json(*command(name, tmp_path, halved))
    (warning,) = report["split_warnings"]
    assert warning["symbol"] == "X"
    assert "were not adjusted" in warning["sentence"]
    assert [item["ratio"] for item in warning["splits"]] == ["2:1"]
    assert report["warnings"] == [warning["sentence"]]
    assert shell.error.strip() == f"assay: {warning['sentence']}"
    assert shell.run(*command(name, tmp_path, halved)) == 0
    assert "Warning: X: the prices show a probable split" in shell.out
    assert "--splits adjust" in shell.out


@pytest.mark.parametrize("name", ["backtest", "paper"])
def test_an_accepted_split_is_traded_as_it_is_without_the_warning(
    shell: Shell, tmp_path: Path, halved: Path, name: str
) -> None:
    warned, accepted = (
        shell.json(*command(name, tmp_path, halved, "--splits", choice)) for choice in ("warn", "accept")
    )
    assert accepted["split_warnings"] == accepted["warnings"] == []
    assert shell.error == ""
    assert accepted["trades"] == warned["trades"]


def test_adjusted_prices_are_traded_alike_in_backtest_and_replay_and_are_another_run(
    shell: Shell, tmp_path: Path, halved: Path
) -> None:
    reports = [shell.json(*command(name, tmp_path, halved, "--splits", "adjust")) for name in ("backtest", "paper")]
    as_traded = shell.json(*command("backtest", tmp_path, halved))
    assert reports[0]["trades"] == reports[1]["trades"]
    assert all(report["split_warnings"] == [] for report in reports)
    assert reports[0]["session"] != as_traded["session"]
    assert reports[0]["fingerprints"] != as_traded["fingerprints"]
    prices = [float(trade["entry_price"]) for trade in reports[0]["trades"]]
    assert max(prices) < 65 < max(float(trade["entry_price"]) for trade in as_traded["trades"])


@pytest.mark.parametrize("name", ["backtest", "paper"])
def test_a_stored_series_is_run_as_its_file_would_be(
    shell: Shell, tmp_path: Path, halved: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    usual = tmp_path / "usual"
    monkeypatch.setattr("desktop.config.default_data_dir", lambda: usual)
    for options in ((), ("--adjust-splits",)):
        shell.json("history", "import", halved, "--symbol", "X", *options)
    from_file = shell.json(*command(name, tmp_path, halved, "--splits", "adjust"))
    stored = shell.json(*command(name, tmp_path, Path("series:2")))
    assert stored["trades"] == from_file["trades"]
    assert stored["bars"] == from_file["bars"] == 600
    assert stored["files"] == ["halved.csv"]
    assert stored["split_warnings"] == []
    assert len(shell.json(*command(name, tmp_path, Path("series:1")))["split_warnings"]) == 1
    shell.json("history", "splits", 1, "--accept")
    assert shell.json(*command(name, tmp_path, Path("series:1")))["split_warnings"] == []


def test_a_stored_series_is_looked_for_in_the_named_directory_first(
    shell: Shell, tmp_path: Path, halved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.config.default_data_dir", lambda: tmp_path / "usual")
    shell.json("history", "import", halved, "--symbol", "X", "--data-dir", tmp_path / "mine")
    series = Path("series:1")
    assert shell.json(*command("backtest", tmp_path, series, "--data-dir", tmp_path / "mine"))["bars"] == 600
    assert "no stored series" in shell.refusal(*command("backtest", tmp_path, series))
    strategy = write_strategy(tmp_path)
    other = ("backtest", strategy, "--bars", series, "--symbol", "Y", "--data-dir", tmp_path / "mine")
    assert "series 1 holds X, not Y" in shell.refusal(*other)


def test_a_file_without_a_split_has_no_warning_and_adjusting_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    path = write_bars(tmp_path)
    plain = shell.json(*command("backtest", tmp_path, path))
    asked = shell.json(*command("backtest", tmp_path, path, "--splits", "adjust"))
    assert plain["split_warnings"] == []
    assert asked["session"] == plain["session"]


@pytest.mark.parametrize(
    ("file", "timeframe", "ratios"), [("aapl_1d", "1d", ["2:1", "2:1", "7:1", "4:1"]), ("aapl_1m_split", "1m", ["7:1"])]
)
@pytest.mark.parametrize("name", ["backtest", "paper"])
def test_the_splits_of_apple_are_told_with_every_result_on_its_prices(
    shell: Shell, tmp_path: Path, name: str, file: str, timeframe: str, ratios: list[str]
) -> None:
    path = DATA / f"{file}.csv"
    if not path.is_file():
        pytest.skip(f"recorded prices are not at {path}; set ASSAY_DATA to their folder")
    strategy = write_strategy(tmp_path, timeframe=timeframe)
    flag = "--replay" if name == "paper" else "--bars"
    report = shell.json(name, strategy, flag, path, "--symbol", "AAPL", "--fills", "ideal")
    (warning,) = report["split_warnings"]
    assert [item["ratio"] for item in warning["splits"]] == ratios
    assert report["warnings"] == [warning["sentence"]]
    assert warning["sentence"] in shell.error

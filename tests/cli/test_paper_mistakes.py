"""Mistakes on the command line: a sentence on standard error, status 2, nothing on standard output."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.ports import Batch
from desktop.store.storage import Storage
from tests.cli.kit import Paper, Shell
from tests.helpers.replay_files import write_bars, write_quotes, write_strategy
from tests.store.values import SESSION, SETTINGS


def test_a_missing_strategy_file_is_named(shell: Shell, tmp_path: Path) -> None:
    sentence = shell.refusal(*Paper(tmp_path / "none.toml", {"ABC": write_bars(tmp_path)}).arguments)
    assert "none.toml" in sentence
    assert "strategy file" in sentence


def test_a_mistake_in_a_rule_is_told_with_its_field_and_column(shell: Shell, tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path, entry="rsj(14) < 30")
    sentence = shell.refusal(*Paper(strategy, {"ABC": write_bars(tmp_path)}).arguments)
    assert "entry" in sentence
    assert "rsi" in sentence


def test_fault_34_a_strategy_that_is_no_text_is_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00 name")
    assert "UTF-8" in shell.refusal(*Paper(path, {"ABC": write_bars(tmp_path)}).arguments)
    path.write_bytes(b"#" * 100_000)
    assert "longer than" in shell.refusal(*Paper(path, {"ABC": write_bars(tmp_path)}).arguments)


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "empty"), ("x,y,z\n1,2,3\n", "neither bars"), ("time,open,high,low,close\nx,y,z,1,2\n", "no row")],
)
def test_fault_34_a_file_that_is_no_market_data_is_refused(
    shell: Shell, tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    sentence = shell.refusal(*Paper(write_strategy(tmp_path), {"ABC": path}).arguments)
    assert "bad.csv" in sentence
    assert says in sentence


def test_a_missing_data_file_is_named(shell: Shell, tmp_path: Path) -> None:
    assert "none.csv" in shell.refusal(*Paper(write_strategy(tmp_path), {"ABC": tmp_path / "none.csv"}).arguments)


def test_bars_longer_than_the_strategy_s_are_refused(shell: Shell, tmp_path: Path) -> None:
    sentence = shell.refusal(*Paper(write_strategy(tmp_path, "1m"), {"ABC": write_bars(tmp_path)}).arguments)
    assert "1h" in sentence
    assert "1m" in sentence


def test_files_and_symbols_have_to_match(shell: Shell, tmp_path: Path) -> None:
    strategy, path = write_strategy(tmp_path), write_bars(tmp_path)
    arguments = Paper(strategy, {"ABC": path}).arguments
    assert "2 symbols" in shell.refusal(*arguments, "--symbol", "XYZ")
    assert "once" in shell.refusal(*arguments, "--symbol", "ABC", "--replay", path)
    quotes = write_quotes(tmp_path)
    assert "one kind" in shell.refusal(*arguments, "--symbol", "XYZ", "--replay", quotes)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--hours", "mornings", "mornings"),
        ("--seconds", "5", "belongs to --feed"),
        ("--limits", "none.toml", "limits file"),
    ],
)
def test_a_bad_option_is_named(shell: Shell, tmp_path: Path, option: str, value: str, says: str) -> None:
    paper = Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)})
    assert says in shell.refusal(*paper.arguments, option, value)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--cash", "-5", "above zero"),
        ("--cash", "much", "not a number"),
        ("--speed", "fast", "20x"),
        ("--fills", "perfect", "realistic"),
        ("--fee", "-1", "zero or more"),
        ("--slippage", "some", "not a number"),
        ("--volume-share", "130", "above 100"),
        ("--mode", "never", "semi-auto"),
    ],
)
def test_an_option_outside_its_values_is_named(
    tmp_path: Path, option: str, value: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)})
    with pytest.raises(SystemExit) as refused:
        main([*paper.arguments, option, value])
    assert refused.value.code == 2
    assert says in capsys.readouterr().err


def test_a_directory_with_sessions_of_the_window_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    with Storage.open(directory) as storage:
        storage.commit(Batch(SESSION, 1, settings=SETTINGS)).result()
    paper = Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}, data_dir=directory)
    assert "something else" in shell.refusal(*paper.arguments)
    assert [item["session"] for item in shell.json("sessions", "--data-dir", directory)["sessions"]] == [SESSION]

"""`assay sessions|orders|fills|audit`: reading what a run has left."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.kit import Paper, Shell
from tests.helpers.replay_files import write_bars, write_strategy


@pytest.fixture
def directory(shell: Shell, tmp_path: Path) -> Path:
    """A data directory with a finished replay."""
    found = tmp_path / "data"
    shell.json(*Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}, data_dir=found).arguments)
    return found


def test_the_session_is_listed_with_what_it_was_started_with(shell: Shell, directory: Path) -> None:
    (session,) = shell.json("sessions", "--data-dir", directory)["sessions"]
    assert (session["name"], session["state"], session["symbols"]) == ("RSI swing", "STOPPED", "ABC")
    assert (session["cash"], session["timeframe"]) == ("100000", "1h")
    assert session["feed"].startswith("replay:")
    assert shell.run("sessions", "--data-dir", directory) == 0
    assert "RSI swing" in shell.out


def test_orders_and_fills_belong_together(shell: Shell, directory: Path) -> None:
    orders = shell.json("orders", "--data-dir", directory)["orders"]
    fills = shell.json("fills", "--data-dir", directory)["fills"]
    filled = [item for item in orders if item["status"] == "FILLED"]
    assert {item["order"] for item in fills} == {item["order"] for item in filled}
    assert {item["side"] for item in fills} == {"BUY", "SELL"}
    assert shell.run("orders", "--data-dir", directory) == 0
    assert "RULE_EXIT" in shell.out
    assert shell.run("fills", "--data-dir", directory, "--limit", 2) == 0
    assert len(shell.out.splitlines()) == 3


def test_the_audit_trail_is_gapless_oldest_first_and_can_be_searched(shell: Shell, directory: Path) -> None:
    records = [item for item in shell.json("audit", "--data-dir", directory)["records"] if item["session"]]
    assert [item["sequence"] for item in records] == list(range(1, len(records) + 1))
    assert set(records[0]) == {"session", "sequence", "at", "wall", "kind", "text", "data"}
    found = shell.json("audit", "--data-dir", directory, "--text", "trade closed")["records"]
    assert {item["kind"] for item in found} == {"TradeClosed"}
    assert shell.run("audit", "--data-dir", directory, "--text", "trade closed") == 0
    assert len(shell.out.splitlines()) == len(found)
    assert shell.run("audit", "--data-dir", directory, "--text", "no such words") == 0
    assert "no records" in shell.out


def test_one_session_can_be_asked_for_and_an_unknown_one_is_named(shell: Shell, directory: Path) -> None:
    (session,) = shell.json("sessions", "--data-dir", directory)["sessions"]
    wanted = session["session"]
    assert shell.json("sessions", "--data-dir", directory, "--session", wanted)["sessions"] == [session]
    assert shell.json("orders", "--data-dir", directory, "--session", wanted)["orders"]
    assert "nobody" in shell.refusal("orders", "--data-dir", directory, "--session", "nobody")


def test_an_intact_trail_verifies(shell: Shell, directory: Path) -> None:
    assert shell.run("audit", "verify", "--data-dir", directory) == 0
    assert "whole" in shell.out
    assert shell.json("audit", "verify", "--data-dir", directory)["ok"] is True


def test_invariant_8_a_changed_record_is_found_and_named(shell: Shell, directory: Path) -> None:
    (path,) = directory.glob("*.db")
    with sqlite3.connect(path) as database:
        database.execute("UPDATE audit SET text = 'nothing happened' WHERE sequence = 5")
    database.close()
    assert shell.run("audit", "verify", "--data-dir", directory) == 1
    assert "record 5" in shell.out
    assert shell.run("audit", "verify", "--data-dir", directory, "--json") == 1
    assert json.loads(shell.out)["findings"][0]["sequence"] == 5


def test_a_directory_without_data_is_named(shell: Shell, tmp_path: Path) -> None:
    assert str(tmp_path) in shell.refusal("sessions", "--data-dir", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_a_data_directory_the_usual_one_is_read(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.config.default_data_dir", lambda: tmp_path / "usual")
    assert "usual" in shell.refusal("fills")


def test_an_empty_store_says_so(shell: Shell, tmp_path: Path) -> None:
    from desktop.store.storage import Storage

    Storage.open(tmp_path).close()
    for command in ("sessions", "orders", "fills"):
        assert shell.run(command, "--data-dir", tmp_path) == 0
        assert f"There are no {command}." in shell.out

"""The entry point: which command runs, and what an error's exit status is."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.__main__ import main, window_main
from desktop.domain.errors import StorageFault
from tests.cli.kit import ROOT, Paper, Shell
from tests.helpers.replay_files import write_bars, write_strategy


def test_the_environment_s_fault_has_status_1(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> int:
        raise StorageFault("The disk is gone.")

    monkeypatch.setattr("desktop.cli.stored.stored", fails)
    assert shell.run("orders") == 1
    assert shell.error == "assay: The disk is gone.\n"


def test_an_interrupt_says_what_is_kept(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("desktop.cli.stored.stored", interrupted)
    assert shell.run("orders") == 130
    assert "interrupted" in shell.error


def test_window_and_demo_are_the_application_s(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def opened(options: argparse.Namespace) -> int:
        asked.append(str(options.command))
        return 0

    monkeypatch.setattr("desktop.app.run_window", opened)
    monkeypatch.setattr("desktop.app.run_demo", opened)
    assert (main([]), window_main(), main(["demo"])) == (0, 0, 0)
    assert asked == ["None", "None", "demo"]


def test_a_reader_that_has_seen_enough_is_no_error(shell: Shell, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    shell.json(
        *Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path, count=2_000)}, data_dir=directory).arguments
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "desktop", "audit", "--data-dir", str(directory), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    with child, child.stdout, child.stderr:
        child.stdout.read(10)
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 0


def test_help_and_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["--version"], ["paper", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    assert "--replay" in capsys.readouterr().out

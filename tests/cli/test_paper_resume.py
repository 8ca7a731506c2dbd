"""A replay that is killed and run again ends as if nothing had been; one that is finished reports again."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from desktop.engine.replay_run import ReplayRun
from tests.cli.kit import Paper, Shell, outcome
from tests.helpers.replay_files import write_bars, write_quotes, write_strategy

REALISTIC = ("--fills", "realistic", "--seed", "3")


def bars_run(folder: Path, data_dir: Path | None = None) -> Paper:
    more = "[protection]\nstop_loss = 4\ntake_profit = 5\n"
    return Paper(write_strategy(folder, more=more), {"ABC": write_bars(folder)}, REALISTIC, data_dir)


def undisturbed(shell: Shell, paper: Paper) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    assert paper.data_dir is not None
    report = shell.json(*paper.arguments)
    return outcome(report), shell.audit(paper.data_dir)


FAULTS = [
    pytest.param("before-intent:1", id="fault_1_before_the_intent_is_stored"),
    pytest.param("after-intent:1", id="fault_2_after_the_intent"),
    pytest.param("while-sending:2", id="fault_3_while_sending"),
    pytest.param("after-send:1", id="fault_4_after_the_send"),
    pytest.param("inside-fill:1", id="fault_5_inside_the_fill"),
    pytest.param("after-commit:1", id="before_there_is_a_session"),
    pytest.param("before-commit:2", id="before_a_commit"),
    pytest.param("after-commit:2", id="after_a_commit"),
]


@pytest.mark.parametrize("point", FAULTS)
def test_killed_at_a_crash_point_the_run_resumes_to_the_same_end(shell: Shell, tmp_path: Path, point: str) -> None:
    whole = undisturbed(shell, bars_run(tmp_path, tmp_path / "whole"))
    paper = bars_run(tmp_path, tmp_path / "killed")
    killed = paper.child(ASSAY_CRASH_AT=point)
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout == ""
    report = shell.json(*paper.arguments)
    assert (outcome(report), shell.audit(tmp_path / "killed")) == whole
    assert shell.run("audit", "verify", "--data-dir", tmp_path / "killed") == 0


def test_fault_6_killed_during_recovery_twice_it_recovers_once(shell: Shell, tmp_path: Path) -> None:
    whole = undisturbed(shell, bars_run(tmp_path, tmp_path / "whole"))
    paper = bars_run(tmp_path, tmp_path / "killed")
    # Only what is stored can be recovered: the first fill may be in one transaction with the session's beginning.
    assert paper.child(ASSAY_CRASH_AT="after-commit:2").returncode == -signal.SIGKILL
    for _ in range(2):
        assert paper.child(ASSAY_CRASH_AT="during-recovery").returncode == -signal.SIGKILL
    report = shell.json(*paper.arguments)
    assert report["resumed"] is True
    assert (outcome(report), shell.audit(tmp_path / "killed")) == whole


class Dropped(BaseException):
    """The run is dropped where it stands, as by a power cut; what it did not commit is lost."""


@pytest.mark.parametrize("seed", range(4))
def test_dropped_at_any_message_the_run_resumes_to_the_same_end(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    strategy, files = write_strategy(tmp_path, "1m"), {"ABC": write_quotes(tmp_path, seed=seed)}
    whole = undisturbed(shell, Paper(strategy, files, REALISTIC, tmp_path / "whole"))
    paper = Paper(strategy, files, REALISTIC, tmp_path / "dropped")
    take = ReplayRun.take
    for number in (37 * (seed + 1), 150, 61 + seed):
        left = [number]

        def dropping(run: ReplayRun, rows: int, message: Any, left: list[int] = left) -> None:
            run._commit_every = 20
            take(run, rows, message)
            left[0] -= 1
            if left[0] == 0:
                raise Dropped

        monkeypatch.setattr(ReplayRun, "take", dropping)
        with pytest.raises(Dropped):
            shell.run(*paper.arguments)
    monkeypatch.setattr(ReplayRun, "take", take)
    report = shell.json(*paper.arguments)
    assert report["resumed"] is True
    assert (outcome(report), shell.audit(tmp_path / "dropped")) == whole


def test_run_again_after_its_end_it_reports_the_same_and_adds_nothing(shell: Shell, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    paper = bars_run(tmp_path, directory)
    report = shell.json(*paper.arguments)
    records = shell.json("audit", "--data-dir", directory)["records"]
    again = shell.json(*paper.arguments)
    assert again == report
    assert shell.json("audit", "--data-dir", directory)["records"] == records
    assert shell.run(*paper.arguments) == 0
    assert "nothing was traded now" in shell.out


def test_killed_between_the_last_commit_and_the_report_it_reports_without_trading(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "data"
    paper = bars_run(tmp_path, directory)

    def dies(*_: object, **__: object) -> None:
        raise Dropped

    with monkeypatch.context() as patch:
        patch.setattr("desktop.cli.paper.report_of", dies)
        with pytest.raises(Dropped):
            shell.run(*paper.arguments)
    records = shell.json("audit", "--data-dir", directory)["records"]
    report = shell.json(*paper.arguments)
    assert shell.json("audit", "--data-dir", directory)["records"] == records
    whole = shell.json(*bars_run(tmp_path).arguments)
    assert outcome(report) == outcome(whole)


def test_another_run_in_the_same_directory_is_refused_and_nothing_is_changed(shell: Shell, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    paper = bars_run(tmp_path, directory)
    report = shell.json(*paper.arguments)
    sentence = shell.refusal(*paper.arguments, "--seed", "9")
    assert "RSI swing" in sentence
    assert "--data-dir" in sentence
    assert shell.json(*paper.arguments) == report


def test_interrupted_it_commits_and_the_same_command_goes_on(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = undisturbed(shell, bars_run(tmp_path, tmp_path / "whole"))
    paper = bars_run(tmp_path, tmp_path / "stopped")
    take = ReplayRun.take

    def interrupted(run: ReplayRun, rows: int, message: Any) -> None:
        take(run, rows, message)
        if run.done == 333:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(ReplayRun, "take", interrupted)
        assert shell.run(*paper.arguments) == 130
    assert "the same command goes on from there" in shell.error
    assert shell.out == ""
    report = shell.json(*paper.arguments)
    assert report["resumed"] is True
    assert (outcome(report), shell.audit(tmp_path / "stopped")) == whole


def test_without_a_data_directory_nothing_is_left_behind(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    shell.json(*bars_run(tmp_path).arguments)
    assert list(scratch.iterdir()) == []


def test_a_child_process_prints_one_object_and_nothing_else(tmp_path: Path) -> None:
    done = bars_run(tmp_path).child()
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    needed = {"bars", "quotes", "trades", "open_positions", "cash", "equity", "signals", "orders", "wall_seconds"}
    assert needed <= set(report)

"""`assay sweep`: every variant is the backtest of its parameters, and nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.store.storage import Storage
from tests.cli.kit import ROOT, Shell
from tests.helpers.replay_files import write_bars, write_quotes, write_strategy
from tests.research.crew_kit import process_ids, wait_for, workers_of

PARAMETERS = "[parameters]\nperiod = 14\noversold = 30\n"


def swing(folder: Path, more: str = PARAMETERS) -> Path:
    return write_strategy(folder, entry="rsi(period) < oversold", more=more, name="rsi.toml")


def arguments(folder: Path, *more: object) -> list[object]:
    return [swing(folder), "--symbol", "ABC", "--bars", write_bars(folder), "--workers", 1, *more]


@pytest.fixture
def found(shell: Shell, tmp_path: Path) -> dict[str, Any]:
    return shell.json("sweep", *arguments(tmp_path, "--set", "period=0:6:3", "--set", "oversold=25,35", "--seed", 7))


def test_every_variant_equals_the_backtest_of_its_parameters(
    shell: Shell, tmp_path: Path, found: dict[str, Any]
) -> None:
    assert [item["parameters"] for item in found["variants"]] == [
        {"period": period, "oversold": oversold} for period in ("0", "3", "6") for oversold in ("25", "35")
    ]
    for item in found["variants"][2:]:
        values = item["parameters"]
        alone = swing(tmp_path, f"[parameters]\nperiod = {values['period']}\noversold = {values['oversold']}\n")
        report = shell.json("backtest", alone, "--symbol", "ABC", "--bars", tmp_path / "bars.csv", "--seed", 7)
        assert item["cash"] == report["cash"]
        assert item["equity"] == report["equity"]
        assert item["metrics"] == report["metrics"]
        assert item["failure"] is None
    assert sum(item["metrics"]["trade_count"] for item in found["variants"][2:]) > 20


def test_part_of_a_history_is_swept_as_it_is_backtested(shell: Shell, tmp_path: Path) -> None:
    times = [row.partition(",")[0] for row in write_bars(tmp_path).read_text().splitlines()[1:]]
    period = ("--from", times[40], "--to", times[-40])
    wanted = arguments(tmp_path, "--set", "period=5", "--set", "oversold=35", *period)
    (item,) = shell.json("sweep", *wanted)["variants"]
    alone = swing(tmp_path, "[parameters]\nperiod = 5\noversold = 35\n")
    report = shell.json("backtest", alone, "--symbol", "ABC", "--bars", tmp_path / "bars.csv", *period)
    assert (item["equity"], item["metrics"]) == (report["equity"], report["metrics"])
    assert report["bars"] == len(times) - 80


def test_what_cannot_run_is_there_with_its_sentence(found: dict[str, Any]) -> None:
    assert (found["tried"], found["failed"]) == (4, 2)
    for item in found["variants"][:2]:
        assert "length of rsi must be from 2" in item["failure"]
        assert item["metrics"] is item["cash"] is item["equity"] is None


def test_the_best_and_its_luck_are_reported(found: dict[str, Any]) -> None:
    best = found["best"]
    assert best["metrics"]["sharpe"] == max(item["metrics"]["sharpe"] for item in found["variants"][2:])
    assert "the best of 4 tried variants" in found["warning"]
    assert 0 <= found["deflated_sharpe"] <= 1
    assert found["sharpe_by_luck"] > 0
    assert found["parameters"] == {"period": ["0", "3", "6"], "oversold": ["25", "35"]}
    assert found["strategy"] == "RSI swing"
    assert found["bars"] == 600
    assert found["run_seconds"] <= found["wall_seconds"]


def test_another_metric_chooses_another_way(shell: Shell, tmp_path: Path) -> None:
    found = shell.json("sweep", *arguments(tmp_path, "--set", "period=3:15", "--metric", "max_drawdown"))
    assert found["metric"] == "max_drawdown"
    figures = [item["metrics"]["max_drawdown"] for item in found["variants"]]
    assert found["best"]["metrics"]["max_drawdown"] == max(figures)
    assert len(set(figures)) > 3


def test_two_symbols_share_one_cash(shell: Shell, tmp_path: Path) -> None:
    other = write_bars(tmp_path, seed=5, name="other.csv")
    options = ("--symbol", "XYZ", "--bars", other, "--cash", "2000")
    found = shell.json("sweep", *arguments(tmp_path, *options, "--set", "oversold=30,40"))
    assert found["symbols"] == ["ABC", "XYZ"]
    report = shell.json(
        "backtest", swing(tmp_path), "--symbol", "ABC", "--bars", tmp_path / "bars.csv", *options
    )  # fmt: skip
    assert found["variants"][0]["equity"] == report["equity"]


def test_a_person_reads_the_best_variants_and_the_warning(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("sweep", *arguments(tmp_path, "--set", "period=1:14")) == 0, shell.error
    assert "RSI swing  ABC  1h  bars.csv" in shell.out
    assert "13 variants, best by sharpe:" in shell.out
    assert "and 3 more; --json has all of them" in shell.out
    assert "1 variant cannot run:\n  period=1: column 5: length of rsi" in shell.out
    assert "the best of 13 tried variants" in shell.out
    assert shell.error == ""


# what was tried is on record -----------------------------------------------------------------------------------------
def test_what_was_tried_is_recorded_as_the_window_records_it_and_said(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    wanted = arguments(tmp_path, "--set", "period=0,3,6", "--set", "oversold=25,35", "--data-dir", place)
    first = shell.json("sweep", *wanted)["record"]
    assert (first["kept"], first["tried_in_all"]) == (True, 4)
    assert shell.json("sweep", *wanted)["record"]["tried_in_all"] == 4, "the same once more is nothing new"
    more = arguments(tmp_path, "--set", "period=7,8", "--walk-forward", "200/150", "--data-dir", place)
    assert shell.run("sweep", *more) == 0, shell.error
    assert "On record: 6 variants of this strategy have been tried by now" in shell.out
    kept = [row for row in shell.audit(place) if row["kind"] == "VariantsTried"]
    assert [(row["data"]["kind"], row["data"]["tried"], row["data"]["failed"]) for row in kept] == [
        ("sweep", 4, 2), ("sweep", 4, 2), ("walk-forward", 2, 0),
    ]  # fmt: skip
    assert kept[0]["data"]["files"] == ["bars.csv"]
    assert "Sweep of RSI swing" in kept[0]["text"]


def test_part_of_a_history_is_recorded_under_the_name_of_its_file(shell: Shell, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    shell.json("sweep", *arguments(tmp_path, "--set", "period=3,6", "--from", "2024-03-08", "--data-dir", place))
    (kept,) = (row for row in shell.audit(place) if row["kind"] == "VariantsTried")
    assert kept["data"]["files"] == ["bars.csv"]


def test_without_a_data_directory_it_says_that_nothing_is_on_record(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("sweep", *arguments(tmp_path, "--set", "period=3,6")) == 0, shell.error
    assert "What was tried is not on record. Give --data-dir DIR" in shell.out


def test_a_directory_that_another_assay_owns_is_refused_before_the_work(shell: Shell, tmp_path: Path) -> None:
    with Storage.open(tmp_path / "evidence"):
        wanted = arguments(tmp_path, "--set", "period=3,6", "--data-dir", tmp_path / "evidence")
        assert shell.run("sweep", *wanted) == 1
    assert "already works in" in shell.error


# walk-forward --------------------------------------------------------------------------------------------------------
def test_a_walk_forward_reports_its_windows(shell: Shell, tmp_path: Path) -> None:
    options = ("--set", "period=3,6", "--set", "oversold=25,35", "--walk-forward", "200/150")
    found = shell.json("sweep", *arguments(tmp_path, *options))
    assert [item["out_of_sample_bars"] for item in found["windows"]] == [150, 150, 100]
    assert found["unit"] == "bars"
    for before, after in zip(found["windows"], found["windows"][1:], strict=False):
        assert after["out_of_sample_from"] == before["out_of_sample_to"]
        assert after["out_of_sample"]["parameters"] == after["in_sample"]["parameters"]
    assert found["equity"] == found["windows"][-1]["out_of_sample"]["equity"]
    gain = Decimal(found["equity"]) / Decimal(found["start_cash"]) - 1
    assert found["metrics"]["total_return"] == pytest.approx(float(gain))
    assert len(found["trades"]) == found["metrics"]["trade_count"] > 0
    assert "3 windows" in found["warning"]


def test_a_person_reads_the_windows(shell: Shell, tmp_path: Path) -> None:
    options = ("--set", "period=1,3,6", "--walk-forward", "8d/5d", "--anchored")
    assert shell.run("sweep", *arguments(tmp_path, *options)) == 0, shell.error
    assert "windows, 8 days in sample and 5 out of sample, anchored; 2 variants in each, best by sharpe:" in shell.out
    assert "Out of sample: equity" in shell.out
    assert "1 variant cannot run:" in shell.out
    assert "only the out-of-sample figures count" in shell.out


def test_windows_in_which_a_symbol_has_no_bars_are_named_with_the_reason(shell: Shell, tmp_path: Path) -> None:
    rows = write_bars(tmp_path, seed=5, name="other.csv").read_text().splitlines()
    late = tmp_path / "late.csv"
    late.write_text("\n".join([rows[0], *rows[301:]]) + "\n")
    options = ("--symbol", "XYZ", "--bars", late, "--set", "period=3,6", "--walk-forward", "150/150")
    assert shell.run("sweep", *arguments(tmp_path, *options)) == 0, shell.error
    assert "Not traded" in shell.out
    assert "no bars of XYZ" in shell.out
    assert "there are no bars of XYZ, so nothing at all was traded there" in shell.out
    windows = shell.json("sweep", *arguments(tmp_path, *options))["windows"]
    assert [item["not_traded"] for item in windows][:2] == ["no bars of XYZ", None]


# mistakes ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "speed=5:6"], "--set: the strategy RSI swing has no parameter speed. It has period, oversold"),
        (["--set", "period"], "--set: 'period' is not NAME=VALUES"),
        (["--set", "period=1:1000", "--set", "oversold=1:1000"], "1,000,000 variants"),
        (["--set", "period=3", "--metric", "luck"], "--metric: there is no metric 'luck'"),
        (["--set", "period=3", "--walk-forward", "10"], "--walk-forward: '10' is not IN/OUT"),
        (["--set", "period=3", "--walk-forward", "600/10"], "the history has 600 bars"),
        (["--set", "period=3", "--anchored"], "--anchored: belongs to --walk-forward"),
        (["--set", "period=3", "--workers", "0"], "--workers: is 0"),
        (["--set", "period=0,1"], "Not one of the 2 variants can run. The first: column 5"),
        (
            ["--set", "period=0,1", "--walk-forward", "200/100"],
            "Not one of the 2 variants can run. The first: column 5",
        ),
    ],
)
def test_mistakes_are_sentences_with_status_2(shell: Shell, tmp_path: Path, options: list[str], words: str) -> None:
    said = shell.refusal("sweep", *arguments(tmp_path, *options))
    assert words in said
    assert "Traceback" not in said


def test_files_that_hold_no_bars_of_the_strategy_are_refused(shell: Shell, tmp_path: Path) -> None:
    quotes = write_quotes(tmp_path)
    said = shell.refusal("sweep", swing(tmp_path), "--symbol", "ABC", "--bars", quotes, "--set", "period=3")
    assert "--bars: a sweep needs bars of the strategy's timeframe 1h; the files hold quotes" in said


def test_a_cluster_that_is_not_there_is_status_1(shell: Shell, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the part [dask] is not installed here")
    line = [swing(tmp_path), "--symbol", "ABC", "--bars", write_bars(tmp_path), "--set", "period=3"]
    assert shell.run("sweep", *line, "--dask", "nonsense://nowhere") == 1
    assert "The cluster at nonsense://nowhere does not answer" in shell.error
    assert shell.run("sweep", *line, "--dask", " ") == 2


def test_workers_and_a_cluster_exclude_each_other(tmp_path: Path) -> None:
    line = [str(item) for item in arguments(tmp_path, "--set", "period=3", "--dask", "tcp://127.0.0.1:1")]
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "sweep", *line], cwd=ROOT, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 2
    assert "not allowed with argument" in done.stderr


# ended from outside --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_leaves_no_process_and_no_file(tmp_path: Path, number: int) -> None:
    line = arguments(tmp_path, "--set", "period=2:60", "--set", "oversold=10:60")
    line[line.index("--workers") + 1] = 2
    running = subprocess.Popen(
        [sys.executable, "-m", "desktop", "sweep", *[str(item) for item in line], "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        start_new_session=True,
    )
    wait_for(lambda: len(workers_of(running.pid)) == 2)
    workers = workers_of(running.pid)
    os.killpg(running.pid, number) if number == signal.SIGINT else running.send_signal(number)
    out, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert said.startswith("assay: The sweep was stopped after ")
    assert "Traceback" not in said
    assert not workers & process_ids().keys()
    assert not list(tmp_path.glob("assay-sweep-*"))


def test_without_a_grid_the_usage_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from desktop.__main__ import main

    with pytest.raises(SystemExit) as left:
        main([str(item) for item in ["sweep", *arguments(tmp_path)]])
    assert left.value.code == 2
    assert "--set" in capsys.readouterr().err


def test_the_output_is_one_object_on_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "sweep", *map(str, arguments(tmp_path, "--set", "period=3:5")), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "TMPDIR": tempfile.gettempdir()},
    )  # fmt: skip
    assert len(json.loads(done.stdout)["variants"]) == 3
    assert done.stderr == ""

"""`assay backtest` does what `assay paper --replay` does on the same files, options and seed, only faster."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.engine.replay_key import run_key, session_of
from desktop.feeds.simulated_history import simulated_history
from desktop.research.lab_data import Workshop, read_again
from desktop.store.evidence_store import StoredEvidence
from desktop.store.history_store import HistoryStore
from desktop.store.storage import Storage
from tests.acceptance.figures import CASH, QUANTITY, differences
from tests.acceptance.reference import from_bars
from tests.cli.kit import ROOT, Shell
from tests.helpers.replay_files import write_bars, write_quotes, write_strategy, write_trades

#: What only one of the two reports, or what each measures for itself.
OWN = {
    "resumed", "written", "evidence", "run_seconds", "wall_seconds", "metrics", "fingerprints", "warnings", "period",
    "no_trades",
}  # fmt: skip
SHARED_METRICS = {
    "total_return", "cagr", "max_drawdown", "sharpe", "sortino", "volatility", "win_rate", "profit_factor",
    "expectancy", "average_holding", "trade_count",
}  # fmt: skip
PROTECTED = "[protection]\nstop_loss = 3\ntake_profit = 5\n"
TRAILED = "[protection]\ntrailing_stop = 2\n"


def both(
    shell: Shell, strategy: Path, files: dict[str, Path], *options: object
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a backtest and a paper replay of the same files report."""
    bars: list[object] = []
    replays: list[object] = []
    for symbol, path in files.items():
        bars += ["--symbol", symbol, "--bars", path]
        replays += ["--symbol", symbol, "--replay", path]
    return shell.json("backtest", strategy, *bars, *options), shell.json("paper", strategy, *replays, *options)


def assert_same(backtest: dict[str, Any], paper: dict[str, Any]) -> None:
    assert {key: value for key, value in backtest.items() if key not in OWN} == {
        key: value for key, value in paper.items() if key not in OWN
    }
    for name in SHARED_METRICS:
        mine, theirs = backtest["metrics"][name], paper["metrics"][name]
        assert mine is theirs is None or mine == pytest.approx(theirs, rel=1e-9, abs=1e-12), name


COSTS = ("--fills", "fixed", "--fee", "0.02", "--slippage", "0", "--impact", "3", "--volume-share", "50")


def test_costs_of_ones_own_are_paid_alike_in_backtest_paper_and_sweep(shell: Shell, tmp_path: Path) -> None:
    bars = write_bars(tmp_path)
    strategy = write_strategy(tmp_path, more=PROTECTED + "[parameters]\nperiod = 14\n", entry="rsi(period) < 30")
    backtest, paper = both(shell, strategy, {"ABC": bars}, *COSTS)
    assert_same(backtest, paper)
    fixed = shell.json("backtest", strategy, "--bars", bars, "--symbol", "ABC", "--fills", "fixed")
    assert 0 < float(backtest["fees"]) < float(fixed["fees"]) / 4
    data = ("--bars", bars, "--symbol", "ABC")
    swept = shell.json("sweep", strategy, *data, *COSTS, "--set", "period=14", "--workers", 1)
    assert swept["variants"][0]["equity"] == backtest["equity"]


@pytest.mark.parametrize("fills", ["ideal", "fixed", "realistic"])
@pytest.mark.parametrize("more", ["", PROTECTED, TRAILED])
def test_a_backtest_of_bars_equals_the_paper_replay_to_the_cent(
    shell: Shell, tmp_path: Path, fills: str, more: str
) -> None:
    strategy = write_strategy(tmp_path, more=more)
    backtest, paper = both(shell, strategy, {"ABC": write_bars(tmp_path)}, "--fills", fills, "--seed", 7)
    assert len(backtest["trades"]) > 3
    assert_same(backtest, paper)


def test_a_backtest_gives_the_recomputed_trades_and_cash(shell: Shell, tmp_path: Path) -> None:
    path = write_bars(tmp_path, seed=2)
    report = shell.json("backtest", write_strategy(tmp_path), "--bars", path, "--symbol", "ABC", "--fills", "ideal")
    assert differences(report, from_bars(path, cash=CASH, quantity=QUANTITY)) == []


def test_several_symbols_share_one_cash_as_on_paper(shell: Shell, tmp_path: Path) -> None:
    files = {"ABC": write_bars(tmp_path, seed=1), "XYZ": write_bars(tmp_path, seed=5, name="other.csv")}
    backtest, paper = both(shell, write_strategy(tmp_path), files, "--cash", 1500)
    assert backtest["blocks"]
    assert_same(backtest, paper)


def test_limits_stop_the_same_entries_as_on_paper(shell: Shell, tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("max_daily_loss = 0.01\n")
    backtest, paper = both(shell, write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}, "--limits", limits)
    assert backtest["blocks"]
    assert_same(backtest, paper)


@pytest.mark.parametrize("timeframe", ["4h", "1d"])
def test_bars_shorter_than_the_strategy_s_are_joined_as_on_paper(shell: Shell, tmp_path: Path, timeframe: str) -> None:
    strategy = write_strategy(tmp_path, timeframe, entry="rsi(3) < 45", leave="rsi(3) > 55", more=PROTECTED)
    backtest, paper = both(shell, strategy, {"ABC": write_bars(tmp_path, count=1200)})
    assert backtest["trades"]
    assert_same(backtest, paper)


@pytest.mark.parametrize("evaluate", ["bar", "quote"])
@pytest.mark.parametrize("write", [write_quotes, write_trades])
def test_ticks_are_backtested_as_on_paper(shell: Shell, tmp_path: Path, evaluate: str, write: Any) -> None:
    strategy = write_strategy(tmp_path, "1m", evaluate=evaluate)
    backtest, paper = both(shell, strategy, {"ABC": write(tmp_path)})
    assert backtest["trades"]
    assert backtest["quotes"]
    assert_same(backtest, paper)


def test_bars_judged_on_quotes_are_judged_at_their_close(shell: Shell, tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path, evaluate="quote")
    backtest, paper = both(shell, strategy, {"ABC": write_bars(tmp_path)})
    assert backtest["trades"]
    assert_same(backtest, paper)


def test_another_seed_draws_other_luck(shell: Shell, tmp_path: Path) -> None:
    arguments = ("backtest", write_strategy(tmp_path), "--bars", write_bars(tmp_path), "--symbol", "ABC")
    first, second = (shell.json(*arguments, "--seed", seed) for seed in (1, 2))
    assert first["seed"] == 1
    assert first["cash"] != second["cash"]
    assert shell.json(*arguments, "--seed", 1)["cash"] == first["cash"]


def test_the_json_has_what_a_script_needs(shell: Shell, tmp_path: Path) -> None:
    report = shell.json(
        "backtest", write_strategy(tmp_path), "--bars", write_bars(tmp_path), "--symbol", "ABC", "--hours", "always"
    )
    assert {"bars", "trades", "cash", "equity", "metrics", "seed", "strategy_version", "run_seconds"} <= report.keys()
    assert {"wall_seconds", "fingerprints", "files", "warnings", "dropped", "left_out"} <= report.keys()
    wanted = {"total_return", "cagr", "sharpe", "sortino", "max_drawdown", "volatility", "var_95", "exposure",
              "win_rate", "profit_factor", "trade_count", "fees"}  # fmt: skip
    assert wanted <= report["metrics"].keys()
    assert report["bars"] == 600
    assert 0 < report["metrics"]["exposure"] < 1


def test_a_person_reads_a_summary(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("backtest", write_strategy(tmp_path), "--bars", write_bars(tmp_path), "--symbol", "ABC") == 0
    assert "RSI swing  ABC  1h  bars.csv" in shell.out
    assert "Max drawdown" in shell.out
    assert shell.error == ""


def test_page_and_tables_are_written_where_they_are_asked_for(shell: Shell, tmp_path: Path) -> None:
    page, folder = tmp_path / "out" / "report.html", tmp_path / "tables"
    run = ("backtest", write_strategy(tmp_path), "--bars", write_bars(tmp_path), "--symbol", "ABC")
    report = shell.json(*run, "--report", page, "--csv", folder)
    assert str(page) in report["written"]
    assert page.read_text(encoding="utf-8").startswith("<!")
    assert len((folder / "trades.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + len(report["trades"])
    assert shell.run(*run, "--report", page) == 0
    assert f"Written: {page}" in shell.out


def test_mistakes_are_sentences_with_status_2(shell: Shell, tmp_path: Path) -> None:
    strategy, bars = write_strategy(tmp_path), write_bars(tmp_path)
    run = ("backtest", strategy, "--symbol", "ABC", "--bars")
    assert "none.csv" in shell.refusal(*run, tmp_path / "none.csv")
    assert "2 symbols" in shell.refusal(*run, bars, "--symbol", "XYZ")
    assert "--bars" in shell.refusal(*run, bars, "--symbol", "XYZ", "--bars", write_quotes(tmp_path))
    assert "mornings" in shell.refusal(*run, bars, "--hours", "mornings")
    assert "limits file" in shell.refusal(*run, bars, "--limits", tmp_path / "none.toml")
    assert "1m" in shell.refusal("backtest", write_strategy(tmp_path, "1m"), "--symbol", "ABC", "--bars", bars)
    wrong = write_strategy(tmp_path, entry="rsi(14) <", name="wrong.toml")
    assert "entry" in shell.refusal("backtest", wrong, "--symbol", "ABC", "--bars", bars)


def test_ticks_that_end_before_a_bar_has_closed_are_refused(shell: Shell, tmp_path: Path) -> None:
    quotes = write_quotes(tmp_path, minutes=20)
    sentence = shell.refusal("backtest", write_strategy(tmp_path, "1d"), "--symbol", "ABC", "--bars", quotes)
    assert "before a bar of 1d has closed" in sentence


def test_without_a_data_directory_neither_storage_nor_window_nor_loop_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from desktop.__main__ import main; status = main(sys.argv[1:]); "
        "print(status, sorted({'peewee', 'apsw', 'PySide6', 'asyncio', 'structlog', 'pandas', 'exchange_calendars'}"
        " & set(sys.modules)))"
    )
    arguments = ["backtest", write_strategy(tmp_path), "--bars", write_bars(tmp_path), "--symbol", "ABC"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0 []"


# evidence --------------------------------------------------------------------------------------------------------
def arguments(tmp_path: Path, *more: object) -> tuple[object, ...]:
    strategy, bars = write_strategy(tmp_path), write_bars(tmp_path)
    return ("backtest", strategy, "--bars", bars, "--symbol", "ABC", "--data-dir", tmp_path / "data", *more)


def test_the_result_is_kept_and_the_next_run_reproduces_it(shell: Shell, tmp_path: Path) -> None:
    run = arguments(tmp_path)
    first = shell.json(*run)
    assert first["evidence"]["reproduced"] == 0
    assert first["evidence"]["fingerprints"] == first["fingerprints"]
    assert shell.run(*run) == 0
    assert "reproduced to the cent" in shell.out
    shell.json(*run, "--seed", 2)
    kept = shell.json("backtests", "--data-dir", tmp_path / "data")["backtests"]
    assert [item["seed"] for item in kept] == [2, 1]
    assert kept[1]["reproduced"] == 1
    assert kept[1]["equity"] == first["equity"]
    assert kept[1]["metrics"] == first["metrics"]
    assert shell.json("audit", "verify", "--data-dir", tmp_path / "data")["ok"]
    assert shell.run("backtests", "--data-dir", tmp_path / "data") == 0
    assert first["strategy_version"] in shell.out


@pytest.mark.parametrize("source", ["a file", "a stored series"])
def test_what_is_kept_can_be_run_again_from_anywhere(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    run, data = [*arguments(tmp_path)], tmp_path / "data"
    monkeypatch.chdir(tmp_path)
    place = run.index("--bars") + 1
    if source == "a file":
        run[place] = Path(str(run[place])).name
    else:
        number = shell.json("history", "import", run[place], "--symbol", "ABC", "--data-dir", data)["series"]["series"]
        run[place] = f"series:{number}"
    shell.json(*run)
    monkeypatch.chdir(data)
    with Storage.open(data) as storage:
        (evidence,) = StoredEvidence(storage).all()
    workshop = Workshop(HistoryStore(data), simulated_history, run_key, session_of)
    settings, recording = read_again(workshop, evidence.settings, evidence.fingerprints, lambda _: None)
    assert tuple(recording.fingerprints) == evidence.fingerprints
    assert run_key(settings, recording.fingerprints) == evidence.key


def part_of(path: Path, begin: str, end: str) -> Path:
    """Return a file with the rows of a file from one time up to another, as text."""
    head, *rows = path.read_text().splitlines()
    part = path.with_name(f"part_{path.name}")
    part.write_text("\n".join([head, *(row for row in rows if begin <= row < end)]) + "\n")
    return part


@pytest.mark.parametrize("kind", ["bars", "quotes"])
def test_a_period_is_tested_as_a_file_with_only_its_rows(shell: Shell, tmp_path: Path, kind: str) -> None:
    path = write_bars(tmp_path) if kind == "bars" else write_quotes(tmp_path)
    times = [row.partition(",")[0] for row in path.read_text().splitlines()[1:]]
    begin, end = times[len(times) // 5], times[4 * len(times) // 5]
    timeframe = "1h" if kind == "bars" else "1m"
    strategy = write_strategy(tmp_path, timeframe, entry="rsi(5) < 40", leave="rsi(5) > 60")
    asked = ("backtest", strategy, "--symbol", "ABC", "--bars")
    found = shell.json(*asked, path, "--from", begin, "--to", end)
    by_hand = shell.json(*asked, part_of(path, begin, end))
    same = ("trades", "cash", "equity", "metrics", "from", "to", "bars", "signals", "orders")
    assert {key: found[key] for key in same} == {key: by_hand[key] for key in same}
    assert found["trades"]
    assert found["period"] is not None
    assert by_hand["period"] is None
    whole = shell.json(*asked, path)
    assert whole["fingerprints"] != found["fingerprints"]
    assert whole["session"] != found["session"]


def test_evidence_of_a_period_is_its_own_and_runs_again_on_the_same_rows(shell: Shell, tmp_path: Path) -> None:
    run, data = [*arguments(tmp_path)], tmp_path / "data"
    path = Path(str(run[run.index("--bars") + 1]))
    times = [row.partition(",")[0] for row in path.read_text().splitlines()[1:]]
    shell.json(*run)
    first = shell.json(*run, "--from", times[10], "--to", times[-10])
    assert shell.json(*run, "--from", times[10], "--to", times[-10])["evidence"]["reproduced"] == 1
    assert shell.json(*run, "--from", "1970-01-01")["evidence"]["reproduced"] == 1  # all of it is the whole
    with Storage.open(data) as storage:
        part, _ = StoredEvidence(storage).all()
    assert part.key == first["evidence"]["evidence"]
    workshop = Workshop(HistoryStore(data), simulated_history, run_key, session_of)
    settings, recording = read_again(workshop, part.settings, part.fingerprints, lambda _: None)
    assert run_key(settings, recording.fingerprints) == part.key
    assert recording.rows == len(times) - 20


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "soon"], "--from: 'soon' is no time"),
        (["--from", "2024-02-01", "--to", "2024-01-01"], "--to: 2024-01-01 is not after 2024-02-01"),
        (["--from", "2050-02-01"], "has no prices from 2050-02-01"),
    ],
)
def test_a_period_that_cannot_be_is_refused(shell: Shell, tmp_path: Path, options: list[str], said: str) -> None:
    assert said in shell.refusal(*arguments(tmp_path), *options)


def test_a_result_that_differs_from_the_stored_one_is_shouted_about(shell: Shell, tmp_path: Path) -> None:
    run = arguments(tmp_path)
    shell.json(*run)
    with sqlite3.connect(tmp_path / "data" / "assay.db") as database:
        database.execute("UPDATE backtests SET digest = 'tampered'")
    database.close()
    assert shell.run(*run) == 1
    assert "STORED EVIDENCE" in shell.error
    assert shell.out == ""
    assert shell.json("backtests", "--data-dir", tmp_path / "data")["backtests"][0]["reproduced"] == 0


@pytest.mark.parametrize(("point", "kept"), [("before-commit", 0), ("after-commit", 1)])
def test_fault_5_killed_while_it_is_stored_all_of_it_is_there_or_nothing(
    shell: Shell, tmp_path: Path, point: str, kept: int
) -> None:
    run = arguments(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *map(str, run)],
        cwd=ROOT, capture_output=True, check=False, timeout=60, env={**os.environ, "ASSAY_CRASH_AT": point},
    )  # fmt: skip
    assert done.returncode in {137, -9}
    found = shell.json("backtests", "--data-dir", tmp_path / "data")["backtests"]
    assert len(found) == kept
    assert shell.json("audit", "verify", "--data-dir", tmp_path / "data")["records"] == kept
    assert shell.json(*run)["evidence"]["reproduced"] == kept


def test_data_of_before_there_was_evidence_has_none(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "tests" / "store" / "data" / "schema-1.db", tmp_path / "data" / "assay.db")
    assert shell.json("backtests", "--data-dir", tmp_path / "data") == {"backtests": []}


def test_an_interrupted_backtest_stores_nothing_and_says_so(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    run = arguments(tmp_path)
    monkeypatch.setattr("desktop.cli.backtest.run_recording", interrupted)
    assert shell.run(*run) == 130
    assert "run it again" in shell.error
    assert shell.json("backtests", "--data-dir", tmp_path / "data") == {"backtests": []}


def test_a_run_without_a_trade_says_why_and_what_to_try(shell: Shell, tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path, entry="rsi(14) < 1")
    wanted = ("backtest", strategy, "--bars", write_bars(tmp_path), "--symbol", "ABC", "--report", tmp_path / "r.html")
    assert shell.run(*wanted) == 0, shell.error
    assert "The entry rule was true on none of 586 bars: rsi(14) < 1" in shell.out
    assert "Move its number nearer to what the price does" in shell.out
    assert shell.json(*wanted)["no_trades"][0].startswith("The entry rule was true on none of")
    assert "The entry rule was true on none of 586 bars: rsi(14) &lt; 1" in (tmp_path / "r.html").read_text()

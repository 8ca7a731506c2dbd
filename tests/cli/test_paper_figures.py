"""`assay paper --replay` against an independent re-computation, on small generated files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.figures import CASH, QUANTITY, differences
from tests.acceptance.reference import from_bars, from_ticks
from tests.cli.kit import Paper, Shell, outcome
from tests.helpers.replay_files import write_bars, write_quotes, write_strategy, write_trades

IDEAL = ("--fills", "ideal", "--speed", "max", "--mode", "auto", "--cash", "100000")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bars_give_the_recomputed_trades_and_cash(shell: Shell, tmp_path: Path, seed: int) -> None:
    path = write_bars(tmp_path, seed=seed)
    report = shell.json(*Paper(write_strategy(tmp_path), {"ABC": path}, IDEAL).arguments)
    wanted = from_bars(path, cash=CASH, quantity=QUANTITY)
    assert len(wanted.trades) > 3
    assert differences(report, wanted) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_quotes_give_the_recomputed_trades_and_cash(shell: Shell, tmp_path: Path, seed: int) -> None:
    path = write_quotes(tmp_path, seed=seed)
    report = shell.json(*Paper(write_strategy(tmp_path, "1m"), {"ABC": path}, IDEAL).arguments)
    wanted = from_ticks(path, cash=CASH, quantity=QUANTITY)
    assert len(wanted.trades) > 1
    assert differences(report, wanted) == []
    assert report["dropped"] == {"crossed": wanted.dropped}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_trades_give_the_recomputed_trades_and_cash(shell: Shell, tmp_path: Path, seed: int) -> None:
    path = write_trades(tmp_path, seed=seed)
    report = shell.json(*Paper(write_strategy(tmp_path, "1m"), {"ABC": path}, IDEAL).arguments)
    wanted = from_ticks(path, cash=CASH, quantity=QUANTITY)
    assert len(wanted.trades) > 1
    assert differences(report, wanted) == []


def test_two_symbols_trade_as_each_would_alone(shell: Shell, tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path)
    files = {"ABC": write_bars(tmp_path, seed=1), "XYZ": write_bars(tmp_path, seed=5, name="other.csv")}
    both = shell.json(*Paper(strategy, files, IDEAL).arguments)
    alone = [shell.json(*Paper(strategy, {symbol: path}, IDEAL).arguments) for symbol, path in files.items()]
    for report in alone:
        mine = [item for item in both["trades"] if item["symbol"] == report["symbol"]]
        assert [item["pnl"] for item in mine] == [item["pnl"] for item in report["trades"]]
    earned = sum(Decimal(report["equity"]) - CASH for report in alone)
    assert Decimal(both["equity"]) == CASH + earned
    assert both["bars"] == sum(report["bars"] for report in alone)
    assert both["symbols"] == ["ABC", "XYZ"]


def test_a_strategy_on_longer_bars_than_the_files_runs_on_bars_made_of_them(shell: Shell, tmp_path: Path) -> None:
    path = write_bars(tmp_path, count=900)
    report = shell.json(*Paper(write_strategy(tmp_path, "2h"), {"ABC": path}, IDEAL).arguments)
    assert report["bars"] == 900
    assert report["trades"]


def test_realistic_fills_repeat_with_the_seed_and_differ_without_it(shell: Shell, tmp_path: Path) -> None:
    strategy, path = write_strategy(tmp_path), write_bars(tmp_path)

    def report(seed: int) -> dict[str, object]:
        return outcome(shell.json(*Paper(strategy, {"ABC": path}, ("--seed", seed)).arguments))

    first = report(4)
    assert report(4) == first
    assert report(5)["cash"] != first["cash"]
    assert Decimal(str(first["fees"])) > 0


def test_rules_judged_on_quotes_never_see_a_later_quote(shell: Shell, tmp_path: Path) -> None:
    # The forming bar's high is the highest quote so far: on the first quote of every bar it is the quote itself.
    path = tmp_path / "quotes.csv"
    lines = ["time,bid,ask"]
    for minute in range(20):
        for second, bid in ((1, 100), (20, 101), (40, 150)):
            lines.append(f"2024-03-04T10:{minute:02}:{second:02}Z,{bid},{bid}")
    path.write_text("\n".join(lines) + "\n")
    strategy = write_strategy(tmp_path, "1m", entry="high > 120", leave="close < 110", evaluate="quote")
    report = shell.json(*Paper(strategy, {"ABC": path}, IDEAL).arguments)
    assert report["trades"]
    assert {item["entry_price"] for item in report["trades"]} == {"100"}  # the next quote after the 150
    assert {item["exit_price"] for item in report["trades"]} == {"101"}  # the next quote after the 100


def test_unanswered_signals_expire_and_nothing_is_traded_in_manual_mode(shell: Shell, tmp_path: Path) -> None:
    options = (*IDEAL[:4], "--mode", "manual")
    directory = tmp_path / "data"
    report = shell.json(
        *Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}, options, data_dir=directory).arguments
    )
    assert report["signals"] > 3
    assert (report["orders"], report["trades"], report["cash"]) == (0, [], "100000")
    ends = [record["data"]["signal"]["state"] for record in shell.audit(directory) if record["kind"] == "SignalChanged"]
    assert set(ends) == {"PENDING", "EXPIRED"}


def test_limits_and_hours_of_the_command_line_are_in_force(shell: Shell, tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("max_order_value = 500\n")
    strategy, files = write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}
    refused = shell.json(*Paper(strategy, files, (*IDEAL, "--limits", limits)).arguments)
    assert refused["trades"] == []
    assert set(refused["blocks"]) == {"order value"}
    closed = shell.json(*Paper(strategy, files, (*IDEAL, "--hours", "02:00-03:00@Asia/Seoul")).arguments)
    assert set(closed["blocks"]) == {"outside hours"}


def test_the_summary_reads_like_one_a_trader_would_want(shell: Shell, tmp_path: Path) -> None:
    files = {"ABC": write_bars(tmp_path)}
    assert shell.run(*Paper(write_strategy(tmp_path), files, IDEAL).arguments) == 0
    assert shell.error == ""
    for word in ("RSI swing", "ABC", "Equity", "Max drawdown", "win rate", "entry", "P&L", "rule"):
        assert word in shell.out

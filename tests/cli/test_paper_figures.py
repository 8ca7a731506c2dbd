"""`assay paper --replay` against an independent re-computation, on small generated files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from desktop.cli.report_text import Money
from tests.acceptance.figures import CASH, QUANTITY, differences
from tests.acceptance.reference import from_bars, from_ticks, micros
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


def test_rows_that_were_left_out_are_counted_and_the_first_is_named(shell: Shell, tmp_path: Path) -> None:
    path = write_bars(tmp_path)
    lines = path.read_text().splitlines()
    lines[7] = lines[7].replace(",", ",x", 1)
    path.write_text("\n".join(lines) + "\n")
    paper = Paper(write_strategy(tmp_path), {"ABC": path}, IDEAL)
    report = shell.json(*paper.arguments)
    assert report["dropped"] == {"row left out": 1}
    assert report["bars"] == 599
    assert report["left_out"][0]["row"] == 8
    assert shell.run(*paper.arguments) == 0
    assert "row 8" in shell.out


def test_tiny_and_whole_currencies_are_shown_with_the_decimals_they_need() -> None:
    assert Money("USD").signed("0.0321") == "+0.03210 USD"
    assert Money("USD").signed("-1234.5") == "-1,234.50 USD"
    assert Money("KRW").plain("35500000") == "35,500,000 KRW"
    assert Money("USD").signed(None) == "-"


def test_what_is_still_open_at_the_end_is_told(shell: Shell, tmp_path: Path) -> None:
    more = "[protection]\nstop_loss = 90\n"
    strategy = write_strategy(tmp_path, entry="close > 0", leave="close < 0", more=more)
    paper = Paper(strategy, {"ABC": write_bars(tmp_path)}, IDEAL)
    report = shell.json(*paper.arguments)
    (held,) = report["open_positions"]
    assert (held["symbol"], held["quantity"]) == ("ABC", "10")
    assert Decimal(report["cash"]) + Decimal(held["value"]) == Decimal(report["equity"])
    assert shell.run(*paper.arguments) == 0
    assert "Open ABC" in shell.out


def test_an_order_that_waits_for_the_next_bar_at_the_end_stays_working(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    rows = [f"2024-03-04T{hour:02}:00:00Z,9,9,9,9" for hour in range(8)]
    path.write_text("\n".join(["time,open,high,low,close", *rows, "2024-03-04T08:00:00Z,9,9,5,5"]) + "\n")
    strategy = write_strategy(tmp_path, entry="close < 6")
    report = shell.json(*Paper(strategy, {"ABC": path}, IDEAL).arguments)
    (order,) = report["working_orders"]
    assert (order["side"], order["filled"], report["trades"]) == ("BUY", "0", [])
    assert shell.run(*Paper(strategy, {"ABC": path}, IDEAL).arguments) == 0
    assert "Working ABC" in shell.out


def test_at_a_thousand_times_the_file_s_time_the_result_is_the_same(shell: Shell, tmp_path: Path) -> None:
    strategy, path = write_strategy(tmp_path, "1m"), write_quotes(tmp_path, minutes=40)
    fast = shell.json(*Paper(strategy, {"ABC": path}, IDEAL).arguments)
    paced = shell.json(*Paper(strategy, {"ABC": path}, (*IDEAL, "--speed", "9999x")).arguments)
    assert outcome(paced) == outcome(fast)


def test_a_fill_on_quotes_is_on_record_at_its_own_time(shell: Shell, tmp_path: Path) -> None:
    directory = tmp_path / "data"
    files = {"ABC": write_quotes(tmp_path)}
    shell.json(*Paper(write_strategy(tmp_path, "1m"), files, IDEAL, data_dir=directory).arguments)
    fills = [record for record in shell.audit(directory) if record["kind"] == "FillBooked"]
    assert fills
    for record in fills:
        assert micros(record["at"]) == record["data"]["fill"]["at"]

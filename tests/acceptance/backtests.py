"""`assay backtest` held against `assay paper --replay`, and against two engines that others wrote."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop.domain.market import FeedOrigin
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategy_text import parse_strategy
from desktop.feeds.recording import Recording
from desktop.market.history import read_history
from desktop.research.recorded import run_recording
from tests.acceptance.peer_scripts import BACKTESTING, BACKTESTING_SCRIPT, BACKTRADER, BACKTRADER_SCRIPT
from tests.acceptance.program import BacktestRun, PaperRun, data_folder, write_strategy
from tests.acceptance.reference import rsi
from tests.helpers.peers import ask_peer, peer_python

MINUTE = 60_000_000
CASH, QUANTITY, FEE = 100_000, 10, Decimal("0.1")  # the fee in percent
CENT_SHARE = 1e-9  # what float arithmetic may lose of an amount
FILES = (("spy_1h.csv", "SPY", "1h"), ("btcusd_1d.csv", "BTCUSD", "1d"))
PROTECTED = """\
name = "Protected {number}"
timeframe = "{timeframe}"
entry = "{entry}"
exit = "{exit}"

[sizing]
kind = "percent_of_equity"
value = {share}

[protection]
{protection}
"""
#: Entry, exit, percent of equity, protection: what the skip driver has to stop for inside bars and between signals.
CASES = (
    ("rsi(14) < 30", "rsi(14) > 70", 50, "stop_loss = 2\ntake_profit = 4"),
    ("crosses_above(close, sma(20))", "pnl_pct > 1 or bars_held > 30", 20, "trailing_stop = 1.5"),
    ("close > highest(prev(high, 1), 20)", "close < lowest(prev(low, 1), 10)", 95, "stop_loss = 1"),
)
#: Where a backtest and a paper replay speak of themselves.
OWN = {"no_trades", "resumed", "metrics", "fingerprints", "warnings", "evidence", "written"}
PEERS = (("backtesting.py", BACKTESTING, BACKTESTING_SCRIPT), ("backtrader", BACKTRADER, BACKTRADER_SCRIPT))
Check = Callable[[str, object, str], None]


def random_bars(path: Path, count: int, *, seed: int = 20261121) -> Path:
    """Write minute bars of a random walk: the same for the same seed."""
    draw = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(draw.normal(0, 0.001, count))), 2)
    opened = np.maximum(np.round(np.concatenate(([100.0], close[:-1])) + draw.normal(0, 0.01, count), 2), 0.01)
    high = np.round(np.maximum(opened, close) + draw.uniform(0, 0.1, count), 2)
    low = np.maximum(np.round(np.minimum(opened, close) - draw.uniform(0, 0.1, count), 2), 0.01)
    volume = draw.integers(100, 100_000, count)
    times = np.datetime_as_string(np.datetime64("2020-01-01T00:00:00") + np.arange(count) * np.timedelta64(60, "s"))
    with path.open("w") as file:
        file.write("time,open,high,low,close,volume\n")
        rows = zip(times, opened, high, low, close, volume, strict=True)
        file.writelines(f"{at}Z,{o:.2f},{h:.2f},{a:.2f},{c:.2f},{v}\n" for at, o, h, a, c, v in rows)
    return path


def unequal(backtest: dict[str, Any], paper: dict[str, Any]) -> list[str]:
    """Return what differs between the reports of a backtest and of a paper replay."""
    found = []
    for name in sorted(set(backtest) | set(paper)):
        if name in OWN or name.endswith("_seconds") or backtest.get(name) == paper.get(name):
            continue
        if name == "trades":
            pairs = zip(backtest[name], paper[name], strict=False)
            first = next((number for number, (mine, theirs) in enumerate(pairs) if mine != theirs), "the number")
            found.append(f"trades: {len(backtest[name])} and {len(paper[name])}, first difference at {first}")
        else:
            found.append(f"{name}: {backtest.get(name)} and {paper.get(name)}")
    return found


def check_paper(check: Check, strategy: Path, path: Path, symbol: str, fills: str) -> None:
    """Hold a backtest against the paper replay of the same file, fills and seed."""
    backtest = BacktestRun(strategy, path, symbol, fills).finish()
    began = time.monotonic()
    paper = PaperRun(strategy, path, symbol, fills=fills).finish()
    wrong = unequal(backtest, paper)
    trades = len(backtest["trades"])
    check(
        f"{path.name}, {backtest['strategy']}, {fills} fills: backtest equals paper: {trades:,} trades, cash "
        f"{backtest['cash']}, equity {backtest['equity']} ({backtest['run_seconds']:.3f} s for {backtest['bars']:,} "
        f"bars; paper {time.monotonic() - began:.1f} s)",
        not wrong,
        "; ".join(wrong[:5]),
    )


@dataclass(frozen=True)
class Found:
    """What an engine made of the bars: [entry time, entry price, exit time, exit price] of each trade, and the end."""

    trades: list[list[float]]
    held: float
    cash: float
    equity: float


def ours(strategy: Path, path: Path, symbol: str, fee: Decimal) -> tuple[Found, dict[str, Any]]:
    """Return what Assay makes of a file with a fee in percent, and the question for the others."""
    history = read_history(path, symbol=symbol)
    parsed = parse_strategy(strategy.read_text())
    settings = SessionSettings(
        "peers", parsed.name, parsed, "1", (history.instrument,), Decimal(CASH), mode=ExecutionMode.AUTO,
        feed="replay", origin=FeedOrigin.REPLAY, fills=FillSettings(FillModelKind.IDEAL, fee_percent=fee),
    )  # fmt: skip
    recording = Recording((history,), (history.instrument,), parsed.timeframe, {symbol: "UTC"})
    result, _ = run_recording(settings, recording)
    columns = history.columns
    trades = [
        [item.entry_time, float(item.entry_price), item.exit_time, float(item.exit_price)] for item in result.trades
    ]
    held = float(sum(item.quantity for item in result.positions))
    question = {
        "time": columns.start.tolist(),
        **{name: getattr(columns, name).tolist() for name in ("open", "high", "low", "close", "volume")},
        "rsi": [None if math.isnan(value) else value for value in rsi(columns.close).tolist()],
        "cash": CASH,
        "quantity": QUANTITY,
        "fee": float(fee) / 100,
    }
    return Found(trades, held, float(result.cash), float(result.final_equity)), question


def differing(mine: Found, theirs: Found) -> list[str]:
    """Return what differs between two engines: entries, exits, their prices, what is held, cash and equity."""
    found = []
    if len(mine.trades) != len(theirs.trades):
        found.append(f"{len(mine.trades)} and {len(theirs.trades)} trades")
    for number, (own, other) in enumerate(zip(mine.trades, theirs.trades, strict=False)):
        if not all(math.isclose(a, b, rel_tol=CENT_SHARE) for a, b in zip(own, other, strict=True)):
            found.append(f"trade {number}: {own} and {other}")
            break
    for name in ("held", "cash", "equity"):
        own, other = getattr(mine, name), getattr(theirs, name)
        if not math.isclose(own, other, rel_tol=CENT_SHARE):
            found.append(f"{name}: {own} and {other}")
    return found


def check_peers(check: Check, strategy: Path, path: Path, symbol: str, fee: Decimal, *, most: int = 200_000) -> None:
    """Hold a backtest against the other engines; those that cannot be installed are named and left out."""
    mine, question = ours(strategy, path, symbol, fee)
    for name, requirements, script in PEERS:
        if name == "backtrader" and len(question["time"]) > most:
            continue  # a minute and a half, and gigabytes, for a million bars
        try:
            python = peer_python(*requirements)
        except pytest.skip.Exception as reason:
            print(f"skip {path.name} against {name}: {reason}", flush=True)
            continue
        theirs = Found(**ask_peer(python, script, question))
        wrong = differing(mine, theirs)
        check(
            f"{path.name}, fee {fee} %: {name} makes the same {len(mine.trades):,} trades, cash {mine.cash:.6f}, "
            f"equity {mine.equity:.6f}",
            not wrong,
            "; ".join(wrong[:5]),
        )


def protected(folder: Path, timeframe: str) -> list[Path]:
    """Write the strategies with protection and position terms."""
    paths = []
    for number, (entry, leave, share, protection) in enumerate(CASES, start=1):
        path = folder / f"protected_{number}_{timeframe}.toml"
        path.write_text(
            PROTECTED.format(
                number=number, timeframe=timeframe, entry=entry, exit=leave, share=share, protection=protection
            )
        )
        paths.append(path)
    return paths


def check_backtests(check: Check, folder: Path, bars: int) -> None:
    """Check real files and a long random walk of so many bars."""
    series = random_bars(folder / "walk_1m.csv", bars)
    files = [(data_folder() / name, symbol, timeframe) for name, symbol, timeframe in FILES]
    for path, symbol, timeframe in files:
        for fills in ("ideal", "realistic"):
            check_paper(check, write_strategy(folder, timeframe), path, symbol, fills)
            for strategy in protected(folder, timeframe):
                check_paper(check, strategy, path, symbol, fills)
    check_paper(check, write_strategy(folder, "1m"), series, "WALK", "ideal")
    for path, symbol, timeframe in [*files, (series, "WALK", "1m")]:
        for fee in (Decimal(0), FEE):
            check_peers(check, write_strategy(folder, timeframe), path, symbol, fee)

"""A backtest on files: whole columns, and what has to be stepped through because it is none."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import UserMistake
from desktop.domain.market import FeedOrigin, timeframe_us
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.market.history import read_history
from desktop.research.backtest import Market, run_backtest
from desktop.research.evidence import thinned
from desktop.research.recorded import report_recording, run_recording
from tests.helpers.replay_files import BEGIN, price, stamp, write_bars, write_quotes

D = Decimal


def hourly(folder: Path, hours: int, *, seed: int = 3) -> Path:
    """Write hourly bars from midnight on without a gap."""
    draw = random.Random(seed)
    lines, at, last = ["time,open,high,low,close,volume"], BEGIN.replace(hour=0, minute=0), price(0, seed, 9)
    for step in range(hours):
        close = price(step, seed, 9) + draw.uniform(-0.8, 0.8)
        high, low = max(last, close) + draw.uniform(0, 0.6), min(last, close) - draw.uniform(0, 0.6)
        lines.append(f"{stamp(at)},{last:.2f},{high:.2f},{low:.2f},{close:.2f},{draw.randrange(1_000, 50_000)}")
        at, last = at + timedelta(hours=1), close
    path = folder / "hourly.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def session(
    path: Path, timeframe: str, *, evaluate: Evaluate = Evaluate.BAR, protection: Protection | None = None
) -> tuple[SessionSettings, Recording]:
    history = read_history(path, symbol="ABC")
    strategy = Strategy(
        "Swing", timeframe, "rsi(3) < 40", "rsi(3) > 60", evaluate=evaluate,
        sizing=Sizing(SizingKind.FIXED_QUANTITY, D(10)), protection=protection or Protection(),
    )  # fmt: skip
    settings = SessionSettings(
        "r", "Swing", strategy, "1", (history.instrument,), D(100_000), mode=ExecutionMode.AUTO, feed="replay",
        origin=FeedOrigin.REPLAY, fills=FillSettings(FillModelKind.IDEAL, fee_percent=D("0.1")),
    )  # fmt: skip
    return settings, Recording((history,), (history.instrument,), timeframe, {"ABC": "UTC"})


@pytest.mark.parametrize("timeframe", ["2h", "4h", "1d"])
def test_bars_joined_on_the_way_trade_as_if_the_file_had_held_them(tmp_path: Path, timeframe: str) -> None:
    settings, recording = session(hourly(tmp_path, 20 * 24), timeframe)
    stepped, market = run_recording(settings, recording)
    assert len(market.columns["ABC"]) == 20 * 24 * timeframe_us("1h") // timeframe_us(timeframe)
    whole = run_backtest(settings, Market(market.columns, {"ABC": trading_hours("always")}))
    assert stepped.trades
    assert stepped.fills == whole.fills
    assert stepped.trades == whole.trades
    assert (stepped.cash, stepped.final_equity, stepped.fees) == (whole.cash, whole.final_equity, whole.fees)
    assert np.array_equal(stepped.start, whole.start)
    assert np.allclose(stepped.equity, whole.equity, rtol=1e-12)


def test_the_curve_of_joined_bars_holds_each_fill_in_its_bar(tmp_path: Path) -> None:
    settings, recording = session(hourly(tmp_path, 20 * 24), "4h", protection=Protection(D(1), D(2), None))
    result, market = run_recording(settings, recording)
    bars = market.columns["ABC"]
    inside = [fill for fill in result.fills if fill.at % timeframe_us("4h")]
    assert inside  # a stop reached in the middle of a bar
    assert {fill.bar_start for fill in result.fills} <= set(bars.start.tolist())
    assert result.equity[-1] == pytest.approx(float(result.final_equity))


def test_ticks_are_marked_at_the_bid_at_every_close(tmp_path: Path) -> None:
    settings, recording = session(write_quotes(tmp_path), "1m", evaluate=Evaluate.QUOTE)
    result, market = run_recording(settings, recording)
    assert result.trades
    assert len(result.equity) == len(result.start) == len(market.columns["ABC"]) == result.bars
    assert np.all(np.diff(result.start) > 0)
    assert recording.dropped()["crossed"] > 0


@pytest.mark.parametrize("timeframe", ["1h", "4h"])
def test_progress_rises_and_what_it_raises_ends_the_run(tmp_path: Path, timeframe: str) -> None:
    settings, recording = session(write_bars(tmp_path, count=4_000), timeframe)
    told: list[float] = []
    run_recording(settings, recording, progress=told.append)
    assert told == sorted(told)
    assert told
    assert 0 <= told[0] <= told[-1] <= 1

    def enough(share: float) -> None:
        raise UserMistake("enough")

    with pytest.raises(UserMistake, match="enough"):
        run_recording(settings, recording, progress=enough)


def test_the_report_of_a_job_says_what_was_dropped(tmp_path: Path) -> None:
    settings, recording = session(write_quotes(tmp_path), "1m")
    report, dropped = report_recording(settings, recording)
    assert dropped == dict(recording.dropped())
    assert report.metrics.trade_count == len(report.result.trades)


# the curve that is kept ------------------------------------------------------------------------------------------
def test_a_short_curve_is_kept_whole() -> None:
    assert thinned(np.array([1, 2, 3]), np.array([1.0, 0.5, 2.0])) == [(1, 1.0), (2, 0.5), (3, 2.0)]


def test_a_long_curve_keeps_its_ends_its_highest_and_its_lowest() -> None:
    draw = np.random.default_rng(5)
    start, equity = np.arange(100_003), draw.normal(size=100_003).cumsum()
    kept = thinned(start, equity)
    assert 2_000 <= len(kept) <= 4_002
    assert kept[0] == (0, equity[0])
    assert kept[-1] == (100_002, equity[-1])
    assert max(value for _, value in kept) == equity.max()
    assert min(value for _, value in kept) == equity.min()
    assert [at for at, _ in kept] == sorted({at for at, _ in kept})

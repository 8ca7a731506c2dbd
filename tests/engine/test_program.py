"""The engine as the program composes it: real storage, real feeds, recordings with a time of their own."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.app import feed_opener, program, report
from desktop.cli.paper_feed import run_paper_feed
from desktop.domain.errors import DataFileError, NotFound, StorageFault, UserMistake
from desktop.domain.market import SECOND
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import StopChoice
from desktop.engine.clock import FastClock, SystemClock
from desktop.engine.commits import durable
from desktop.engine.desk import EngineDesk
from desktop.engine.editor import check_rule
from desktop.store.storage import Storage
from tests.helpers.fake_clock import FakeClock
from tests.helpers.memory_store import FULL
from tests.helpers.trading_floor import Floor, draft, strategy

D = Decimal
STRATEGY = """
name = "Dip"
timeframe = "5s"
entry = "close > 0"
exit = "close < 0"

[sizing]
kind = "fixed_quantity"
value = 3
"""


def options(directory: Path, **changes: Any) -> argparse.Namespace:
    path = directory / "dip.toml"
    path.write_text(STRATEGY)
    given: dict[str, Any] = {
        "data_dir": directory / "data",
        "strategy": path,
        "limits": None,
        "speed": 100.0,
        "json": True,
        "symbol": ["NOVA"],
        "feed": "simulator",
        "feed_url": "",
        "cash": D(100_000),
        "currency": "USD",
        "mode": "auto",
        "hours": "always",
        "fills": "ideal",
        "fee": None,
        "slippage": None,
        "impact": None,
        "volume_share": None,
        "seed": 1,
        "seconds": 1.0,
    }
    return argparse.Namespace(**{**given, **changes})


def test_a_strategy_runs_on_the_simulator_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_paper_feed(options(tmp_path)) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["open_positions"], found["trades"]) == (1, 0)
    assert D(found["cash"]) < 100_000
    with Storage.open(tmp_path / "data") as storage:
        (session_id,) = storage.session_ids()
        stored = storage.load(session_id)
        assert stored is not None
        assert stored.state["unit"]["core"]["state"]["status"] == "STOPPED"
        assert len(stored.fills) == 1
        assert storage.verify_audit().ok


def test_what_happens_is_printed_where_no_json_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text("max_positions = 1\n")
    assert run_paper_feed(options(tmp_path, json=False, limits=limits)) == 0
    text = capsys.readouterr().out
    assert "Dip runs on paper on NOVA, simulator. Ctrl-C stops it." in text
    assert "fill     BUY 3 NOVA" in text


def test_a_symbol_the_feed_does_not_have_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="The feed has no NOPE"):
        run_paper_feed(options(tmp_path, symbol=["NOPE"]))


async def until(desk: EngineDesk, session_id: str, trades: int) -> None:
    """Wait until a session has made so many trades and all of them are durable."""
    for _ in range(500):
        if sum(row.session.session_id == session_id for row in desk.trades()) >= trades:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no trade was made")


def recording(path: Path, prices: Sequence[float]) -> Path:
    """Write bars of an hour that begin on 2 January 2024."""
    rows = ["time,open,high,low,close,volume"]
    rows += [f"{1_704_153_600 + number * 3600},{p},{p},{p},{p},1000" for number, p in enumerate(prices)]
    path.write_text("\n".join(rows) + "\n")
    return path


async def test_a_recording_replayed_in_the_window_trades_on_its_own_time(tmp_path: Path) -> None:
    path = recording(tmp_path / "spy_1h.csv", [101, 99, 98, 112, 113, 99, 97, 120, 121, 101] * 3)
    rules = strategy(timeframe="1h")
    async with program(tmp_path / "data", clock=SystemClock()) as running:
        desk = running.desk
        await desk.open(demo=False)
        wanted = draft(
            feed=f"replay:{path}", replay_speed=0.0, strategy=rules, limits=RiskLimits(max_quote_age=7_200 * SECOND)
        )
        session_id = await desk.create_session(wanted)
        await until(desk, session_id, 6)
        first = desk.trades()[0].trade
        assert (first.entry_price, first.exit_price) == (D(98), D(113))
        assert first.entry_time < 1_704_153_600 * SECOND + 4 * 3_600 * SECOND
        curve = desk.equity(session_id)
        assert curve is not None
        assert curve.at.max() <= (1_704_153_600 + 31 * 3600) * SECOND
        await desk.stop_session(session_id, StopChoice.KEEP)
        assert desk.status().badge == "DEMO"
    async with program(tmp_path / "data", clock=SystemClock()) as again:
        await again.desk.open(demo=False)
        row = again.desk.session(session_id)
        assert row is not None
        assert row.trades >= 6
        assert again.desk.trades()[0].trade.trade_id == first.trade_id


async def test_a_second_session_on_a_recording_begins_at_its_beginning(tmp_path: Path) -> None:
    path = recording(tmp_path / "spy_1h.csv", [101, 99, 98, 112, 113, 99, 97, 120, 121, 101] * 3)
    wanted = draft(
        feed=f"replay:{path}",
        replay_speed=0.0,
        strategy=strategy(timeframe="1h"),
        limits=RiskLimits(max_quote_age=7_200 * SECOND),
    )
    async with program(tmp_path / "data", clock=SystemClock()) as running:
        desk = running.desk
        await desk.open(demo=False)
        ids = []
        for _ in range(2):
            ids.append(await desk.create_session(wanted))
            await until(desk, ids[-1], 6)
        first, second = (
            [
                (row.trade.entry_time, row.trade.entry_price, row.trade.exit_price)
                for row in desk.trades()
                if row.session.session_id == session_id
            ]
            for session_id in ids
        )
        assert sorted(first)[:6] == sorted(second)[:6]
        assert min(first)[0] < 1_704_153_600 * SECOND + 4 * 3_600 * SECOND


async def test_a_file_that_is_not_there_is_said_when_the_session_is_created(tmp_path: Path) -> None:
    async with program(tmp_path, clock=FastClock(2.0)) as running:
        await running.desk.open(demo=False)
        with pytest.raises(DataFileError):
            await running.desk.create_session(draft(feed=f"replay:{tmp_path / 'nope.csv'}", symbols=("NOPE",)))
        assert running.desk.sessions() == ()


async def test_a_file_whose_bars_are_too_long_for_the_strategy_is_refused_when_the_session_is_created(
    tmp_path: Path,
) -> None:
    path = recording(tmp_path / "spy_1h.csv", [101, 99, 98])
    async with program(tmp_path / "data", clock=FastClock(2.0)) as running:
        await running.desk.open(demo=False)
        wanted = draft(feed=f"replay:{path}", strategy=strategy(timeframe="5m"))
        with pytest.raises(DataFileError, match="bars of 5m cannot be made of them"):
            await running.desk.create_session(wanted)
        assert running.desk.sessions() == ()


async def test_an_unknown_feed_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"simulator, replay:FILE, .*ccxt:binance"):
        await feed_opener(FakeClock())("moon", {})


def test_errors_are_logged_with_where_they_came_from(caplog: pytest.LogCaptureFixture) -> None:
    report(UserMistake("no"), "s1")
    report(ZeroDivisionError("planted"), "s2")


async def test_a_store_that_is_read_only_is_shown_and_traded_with_nothing(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        floor = await Floor(storage).open()
        session_id = await floor.holding(99)
        await floor.close()
    floor = Floor(Storage.open(tmp_path, read_only=True))
    floor.store._health = FULL  # a database that was opened for reading because it is damaged says so
    await floor.desk.open(demo=False)
    assert floor.state(session_id) in {"RUNNING", "FAILED", "RECOVERING"}
    assert floor.held(session_id) == 10
    with pytest.raises((StorageFault, UserMistake)):
        await floor.desk.close_position(session_id, "SPY")
    await floor.desk.engage_kill()
    await floor.close()
    floor.store.close()


async def test_a_commit_on_a_storage_that_was_closed_fails_the_session(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path)
    floor = await Floor(storage).open()
    session_id = await floor.session()
    storage.close()
    floor.clock.move(60)
    floor.feed.quote("SPY", 99.0)
    floor.rig._tick()
    floor.clock.move(60)
    floor.rig._tick()
    await asyncio.sleep(0)
    assert floor.runner(session_id).failed
    assert "closed" in floor.note(session_id) or "reading only" in floor.note(session_id)
    await floor.crash()


async def test_a_wait_for_the_disk_hears_why_a_commit_was_not_stored(floor: Floor) -> None:
    from concurrent.futures import Future

    future: Future[None] = Future()
    future.set_exception(StorageFault("not stored"))
    with pytest.raises(StorageFault, match="not stored"):
        await durable(floor.store, future)


async def test_limits_that_cannot_be_right_are_named(floor: Floor) -> None:
    for limits, field in [
        (RiskLimits(max_position_size=D("NaN")), "max_position_size"),
        (RiskLimits(max_drift=D(-1)), "max_drift"),
        (RiskLimits(max_order_value=D("NaN")), "max_order_value"),
        (RiskLimits(max_positions=0), "max_positions"),
    ]:
        assert [item.field for item in floor.desk.check_draft(draft(limits=limits))] == [field]


async def test_a_replay_is_checked_by_its_name_before_its_file_is_read(floor: Floor) -> None:
    assert floor.desk.check_draft(draft(feed="replay:/data/spy_1h.csv")) == ()
    (found,) = floor.desk.check_draft(draft(feed="replay:/data/qqq_1h.csv", symbols=("SPY",)))
    assert "It has QQQ" in str(found)


def test_an_empty_exit_and_a_wrong_parameter_are_told_under_the_rule() -> None:
    found = check_rule("", role="exit", parameters={}, timeframe="1m", runner=None, symbol="")
    assert found.ok
    assert found.message.startswith("No exit rule")
    wrong = check_rule("sma(n) > 1", role="entry", parameters={"close": D(3)}, timeframe="1m", runner=None, symbol="")
    assert not wrong.ok


async def test_two_reloads_at_once_build_one_successor(floor: Floor) -> None:
    session_id = await floor.session()
    runner = floor.runner(session_id)
    runner._fail(ZeroDivisionError("planted"))
    manager = floor.desk._manager
    await asyncio.gather(manager._reload(runner), manager._reload(runner))
    assert floor.state(session_id) == "RUNNING"
    assert len(floor.rig._seats) == 1
    await manager._reload(runner)
    assert len(floor.rig._seats) == 1


async def test_a_session_deleted_while_it_is_built_anew_stays_away(floor: Floor) -> None:
    session_id = await floor.session()
    runner = floor.runner(session_id)
    runner._fail(ZeroDivisionError("planted"))
    reloading = asyncio.ensure_future(floor.desk._manager._reload(runner))
    await floor.desk.delete_session(session_id)
    await reloading
    assert floor.desk.sessions() == ()
    assert not floor.rig._seats

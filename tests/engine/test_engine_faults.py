"""What may go wrong around a session, by the numbers of the fault list: what happens, and what does not."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import pytest

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import DataFileError, NotFound, ProgramBug, StorageFault, UserMistake
from desktop.domain.events import CommandTaken, FillBooked, SessionChanged, SignalChanged
from desktop.domain.messages import Quotes
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, StopChoice
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Protection
from desktop.engine import supervisor
from desktop.engine.status import TOO_LATE
from desktop.engine.views import Changes
from desktop.store.storage import Storage
from desktop.trading.unit import SessionUnit, Step
from tests.helpers.memory_store import FULL, MemoryStore
from tests.helpers.trading_floor import Floor, strategy

D = Decimal
ROOT = Path(__file__).parents[2]


def books(floor: Floor, session_id: str) -> dict[str, Any]:
    """Return what a session has, as values."""
    core = floor.runner(session_id).unit.core
    return {
        "cash": core.cash,
        "positions": core.positions,
        "orders": dict(core.orders),
        "triggers": dict(core.triggers),
        "signals": core.signals,
        "status": core.status,
        "equity": core.equity,
        "fees": core.holdings.ledger.fees,
    }


async def restarted(floor: Floor, session_id: str) -> None:
    """Let the restart that is planned for a session happen now."""
    restarts = floor.desk._manager._restarts
    runner = floor.runner(session_id)
    restarts._timers[session_id].cancel()
    restarts._due(runner)
    for _ in range(5):
        await asyncio.sleep(0.001)
        await floor.settle()


async def well_again(storage: Storage) -> None:
    """Wait until the storage takes writes."""
    await asyncio.to_thread(storage.flush)
    assert storage.health.ok


async def break_once(floor: Floor, session_id: str) -> None:
    """Let the session raise at its next quote."""
    unit = floor.runner(session_id).unit

    def breaks(message: Any) -> Step:
        raise ZeroDivisionError("planted")

    unit.step = breaks  # type: ignore[method-assign] # a planted fault
    await floor.quote(105)


# 5: a commit is all or none ------------------------------------------------------------------------------------------
async def test_fault_05_a_fill_whose_commit_fails_never_happened(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.bar(99)
    before = books(floor, session_id)
    assert len(before["orders"]) == 1
    floor.store.errors[session_id] = RuntimeError("planted")
    await floor.quote(99)
    assert floor.state(session_id) == "FAILED"
    assert "planted" in floor.note(session_id)
    assert floor.told(FillBooked) == []
    await restarted(floor, session_id)
    assert floor.state(session_id) == "RUNNING"
    after = books(floor, session_id)
    assert after["cash"] == before["cash"] == 100_000
    assert after["orders"].keys() == before["orders"].keys()
    await floor.quote(98)
    assert floor.held(session_id) == 10
    assert floor.cash(session_id) == 100_000 - 980
    assert len(floor.told(FillBooked)) == 1


async def test_fault_05_on_the_real_storage_too(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = await Floor(storage).open()
    session_id = await floor.session()
    await floor.bar(99)
    assert storage._writer is not None
    transactions = storage._writer._transactions
    commit = transactions.commit

    def fails(group: Any) -> Any:
        if any("fills" in write.rows for write in group):
            raise RuntimeError("planted")
        return commit(group)

    monkeypatch.setattr(transactions, "commit", fails)
    await floor.quote(99)
    assert floor.state(session_id) == "FAILED"
    monkeypatch.undo()
    await restarted(floor, session_id)
    assert (floor.cash(session_id), floor.held(session_id)) == (D(100_000), D(0))
    await floor.quote(99)
    assert (floor.cash(session_id), floor.held(session_id)) == (D(99_010), D(10))
    assert len(storage.reader().fills()) == 1
    assert storage.verify_audit().ok
    await floor.close()


# 7, 8: no room, no lock ----------------------------------------------------------------------------------------------
async def test_fault_07_while_the_disk_is_full_nothing_is_traded_and_cancels_work(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.quote(105)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90)))
    floor.store.fall()
    with pytest.raises(StorageFault, match="disk is full"):
        await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
    await floor.bar(80)
    await floor.quote(80)
    await floor.tick()
    assert floor.held(session_id) == 0
    assert floor.desk.status().banner == FULL.sentence
    assert "Held" in floor.note(session_id)
    (order,) = floor.orders(session_id)
    await asyncio.wait_for(floor.desk.cancel_order(session_id, order.order_id), 5)
    await asyncio.wait_for(floor.desk.pause_session(session_id), 5)
    assert floor.runner(session_id).unit.core.orders == {}
    floor.store.rise()
    await floor.tick()
    assert floor.orders(session_id)[0].status is OrderStatus.CANCELED
    assert floor.desk.status().banner == ""
    assert floor.state(session_id) == "PAUSED"
    await floor.desk.resume_session(session_id)
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 10


async def test_fault_07_bars_that_close_meanwhile_are_stored_afterwards(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.bar(101)
    floor.store.fall()
    for price in (102, 103, 104):
        await floor.bar(price)
    floor.store.rise()
    await floor.bar(106)
    loaded = floor.store.load(session_id)
    assert [bar.close for bar in loaded.bars["SPY"][-5:]] == [101, 102, 103, 104, 106]


async def test_fault_07_a_command_under_way_when_the_disk_fills_ends_with_the_sentence(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.quote(105)
    floor.store.held = True
    placing = asyncio.ensure_future(
        floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90)))
    )
    await floor.settle()
    floor.store.fall()
    with pytest.raises(StorageFault, match="disk is full"):
        await placing
    floor.store.rise()
    await floor.settle()
    assert floor.orders(session_id)[0].status is OrderStatus.NEW


async def test_fault_07_the_real_disk_is_full_and_then_has_room(storage: Storage) -> None:
    floor = await Floor(storage).open()
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5))))
    assert storage._writer is not None
    connection = storage._writer._transactions._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    while storage.health.ok:
        floor.clock.move(60)
        floor.feed.quote("SPY", 105.0)
        floor.rig._tick()
        await asyncio.sleep(0.01)
    await asyncio.wait_for(floor.desk.pause_session(session_id), 5)
    floor.clock.move(1)
    floor.feed.quote("SPY", 50.0)
    await asyncio.sleep(0.01)
    assert floor.held(session_id) == 10
    connection.execute("PRAGMA max_page_count = 1073741823").fetchall()
    await well_again(storage)
    await floor.quote(50)
    await floor.quote(50)
    assert floor.held(session_id) == 0
    assert len(storage.reader().fills()) == 2
    assert storage.verify_audit().ok
    await floor.close()


async def test_fault_08_another_program_holds_the_database_and_lets_go(storage: Storage, tmp_path: Path) -> None:
    floor = await Floor(storage).open()
    session_id = await floor.session()
    await floor.quote(105)
    assert storage._writer is not None
    storage._writer._transactions._connection.set_busy_timeout(5)
    other = apsw.Connection(str(tmp_path / "data" / "assay.db"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFault, match="Another program holds"):
        await asyncio.wait_for(
            floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90))), 5
        )
    await asyncio.wait_for(floor.desk.engage_kill(), 5)
    assert floor.runner(session_id).unit.core.orders == {}
    other.execute("ROLLBACK")
    other.close()
    await well_again(storage)
    await floor.settle()
    assert floor.orders(session_id)[0].status is OrderStatus.CANCELED
    await floor.close()


async def test_closing_while_the_disk_is_full_ends(floor: Floor) -> None:
    await floor.holding()
    floor.store.fall()
    await asyncio.wait_for(floor.close(), 5)
    floor.store.rise()


# 21: stale prices ----------------------------------------------------------------------------------------------------
async def test_fault_21_on_a_stale_price_there_is_no_entry_and_no_trigger(floor: Floor) -> None:
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5))))
    await floor.desk.set_limits(session_id, RiskLimits(max_quote_age=15_000_000))
    await floor.tick(20)
    (row,) = floor.desk.positions()
    assert row.stale
    with pytest.raises(UserMistake, match="old"):
        await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
    await floor.quote(99.5)
    assert not floor.desk.positions()[0].stale
    await floor.quote(90)
    await floor.quote(90)
    assert floor.held(session_id) == 0


async def test_fault_22_a_spike_fires_nothing_and_a_good_quote_after_it_does(floor: Floor) -> None:
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5))))
    await floor.quote(9)
    await floor.tick()
    assert floor.held(session_id) == 10
    assert floor.desk.positions()[0].price == 99
    assert floor.desk.positions()[0].stale
    await floor.quote(93)
    await floor.quote(93)
    assert floor.held(session_id) == 0


# 25, 26: time leaps --------------------------------------------------------------------------------------------------
async def test_fault_26_after_an_hours_sleep_sessions_recover_and_old_signals_are_discarded(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    floor.clock.leap(3600)
    await floor.beat()
    await floor.settle()
    assert floor.state(session_id) == "RUNNING"
    states = [fact.after.value for fact in floor.told(SessionChanged)]
    assert states[-2:] == ["RECOVERING", "RUNNING"]
    assert floor.told(SessionChanged)[-2].reason == "the computer slept or its clock leapt 60 min"
    assert floor.desk.signals() == ()
    assert floor.desk.history()[-1].signal.state is SignalState.EXPIRED
    with pytest.raises(UserMistake):
        await floor.desk.approve(signal_id)
    assert floor.orders(session_id) == []


async def test_fault_26_a_paused_session_stays_paused_and_a_stopped_one_stopped(floor: Floor) -> None:
    paused, stopped = await floor.session(), await floor.session()
    await floor.desk.pause_session(paused)
    await floor.desk.stop_session(stopped, StopChoice.KEEP)
    floor.clock.leap(3600)
    await floor.beat()
    assert (floor.state(paused), floor.state(stopped)) == ("PAUSED", "STOPPED")
    assert floor.errors == []


async def test_fault_25_a_small_correction_of_the_clock_recovers_too_and_loses_nothing(floor: Floor) -> None:
    session_id = await floor.holding()
    floor.clock.leap(5)
    await floor.beat()
    assert floor.told(SessionChanged)[-2].reason == "its clock leapt"
    assert (floor.state(session_id), floor.held(session_id)) == ("RUNNING", D(10))


@pytest.mark.interpreted
async def test_fault_26_one_session_that_cannot_recover_does_not_keep_the_others_from_it(floor: Floor) -> None:
    first, second = await floor.session(), await floor.session()
    unit = floor.runner(first).unit
    unit.step = _breaks  # type: ignore[method-assign] # a planted fault
    floor.clock.leap(3600)
    await floor.beat()
    assert floor.runner(first).failed
    assert floor.told(SessionChanged)[-1].session_id == second
    assert floor.state(second) == "RUNNING"


def _breaks(message: Any) -> Step:
    raise ZeroDivisionError("planted")


# 28: a second instance -----------------------------------------------------------------------------------------------
SECOND = """
import asyncio, sys
from pathlib import Path
from desktop.app import program
from desktop.domain.errors import AlreadyRunning
from desktop.engine.clock import SystemClock

async def main():
    try:
        async with program(Path(sys.argv[1]), clock=SystemClock()) as running:
            print("opened")
    except AlreadyRunning as error:
        print("refused:", error)

asyncio.run(main())
"""


def test_fault_28_a_second_program_on_the_same_data_is_refused_and_starts_nothing(tmp_path: Path) -> None:
    def start() -> str:
        command = [sys.executable, "-c", SECOND, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=True).stdout

    with Storage.open(tmp_path):
        found = start()
    assert found.startswith("refused: Another Assay")
    assert "no order is sent twice" in found
    assert start() == "opened\n"


# 31: an exception in one session -------------------------------------------------------------------------------------
@pytest.mark.interpreted
async def test_fault_31_a_session_that_raises_stops_alone_and_is_restarted(floor: Floor) -> None:
    broken, healthy = await floor.holding(99), await floor.session()
    before = books(floor, broken)
    await break_once(floor, broken)
    assert floor.state(broken) == "FAILED"
    assert floor.note(broken) == "Restarting in 1 s after a failure: planted"
    assert [(str(error), where) for error, where in floor.errors] == [("planted", broken)]
    await floor.bar(98)
    await floor.quote(98)
    assert floor.held(healthy) == 10
    with pytest.raises(UserMistake, match="has failed"):
        await floor.desk.close_position(broken, "SPY")
    await restarted(floor, broken)
    assert floor.state(broken) == "RUNNING"
    after = books(floor, broken)
    assert {**after, "equity": 0} == {**before, "equity": 0}
    await floor.bar(111)
    await floor.quote(111)
    assert floor.held(broken) == floor.held(healthy) == 0


@pytest.mark.interpreted
async def test_fault_31_bars_that_closed_while_it_was_away_become_part_of_it(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.bar(101)
    await break_once(floor, session_id)
    for price in (102, 103):
        await floor.bar(price)
    await restarted(floor, session_id)
    await floor.bar(104)
    stored = floor.store.load(session_id).bars["SPY"]
    assert [bar.close for bar in stored[-4:]] == [101, 102, 103, 104]
    assert len(stored) == floor.runner(session_id).market.seen("SPY")


@pytest.mark.interpreted
async def test_fault_31_after_three_restarts_in_ten_minutes_it_stays_failed(floor: Floor) -> None:
    session_id = await floor.session()
    for _ in range(3):
        await break_once(floor, session_id)
        await restarted(floor, session_id)
        assert floor.state(session_id) == "RUNNING"
    await break_once(floor, session_id)
    for _ in range(5):
        await asyncio.sleep(0.001)
        await floor.settle()
    assert floor.state(session_id) == "FAILED"
    assert floor.note(session_id).startswith("Failed for good after 3 restarts: planted")
    assert floor.desk._manager._restarts._timers == {}
    again = await Floor(floor.store, clock=floor.clock).open()
    assert again.state(session_id) == "FAILED"
    assert "planted" in again.note(session_id)
    await again.desk.start_session(session_id)
    assert again.state(session_id) == "RUNNING"
    await again.bar(99)
    await again.quote(99)
    assert again.held(session_id) == 10
    await again.close()


@pytest.mark.interpreted
async def test_fault_31_failures_of_long_ago_do_not_count(floor: Floor) -> None:
    session_id = await floor.session()
    for _ in range(5):
        await break_once(floor, session_id)
        await restarted(floor, session_id)
        floor.clock.move(supervisor.WINDOW)
    assert floor.state(session_id) == "RUNNING"


@pytest.mark.interpreted
async def test_fault_31_a_stopped_session_that_fails_comes_back_stopped(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await break_once(floor, session_id)
    await restarted(floor, session_id)
    assert floor.state(session_id) == "STOPPED"
    for _ in range(2):
        await break_once(floor, session_id)
        await restarted(floor, session_id)
    await break_once(floor, session_id)
    for _ in range(3):
        await asyncio.sleep(0.001)
        await floor.settle()
    assert floor.state(session_id) == "FAILED"
    await floor.desk.start_session(session_id)
    assert floor.state(session_id) == "RUNNING"


@pytest.mark.interpreted
async def test_fault_31_a_user_may_start_it_before_the_restart_is_due(floor: Floor) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)
    await floor.desk.start_session(session_id)
    assert floor.state(session_id) == "RUNNING"
    assert floor.desk._manager._restarts._timers == {}


@pytest.mark.interpreted
async def test_fault_31_a_command_that_breaks_a_session_says_so(floor: Floor) -> None:
    session_id = await floor.session()
    floor.runner(session_id).unit.step = _breaks  # type: ignore[method-assign] # a planted fault
    with pytest.raises(ProgramBug, match="goes back to its last stored state"):
        await floor.desk.pause_session(session_id)
    await restarted(floor, session_id)
    assert floor.state(session_id) == "RUNNING"


@pytest.mark.interpreted
async def test_fault_31_a_restart_that_fails_counts_as_the_next_failure(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)

    def fails(_: str) -> None:
        raise OSError("cannot read")

    monkeypatch.setattr(floor.store, "load", fails)
    await restarted(floor, session_id)
    assert floor.note(session_id) == "Restarting in 2 s after a failure: cannot read"
    monkeypatch.undo()
    await restarted(floor, session_id)
    assert floor.state(session_id) == "RUNNING"


@pytest.mark.interpreted
async def test_fault_31_a_restart_waits_for_the_storage_and_does_not_count(floor: Floor) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)
    floor.store.fall()
    await restarted(floor, session_id)
    assert floor.note(session_id) == "Restarting in 1 s after a failure: planted"
    floor.store.rise()
    await restarted(floor, session_id)
    assert floor.state(session_id) == "RUNNING"


@pytest.mark.interpreted
async def test_fault_31_a_failed_session_that_is_deleted_does_not_come_back(floor: Floor) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)
    await floor.desk.delete_session(session_id)
    assert floor.desk._manager._restarts._timers == {}
    assert floor.desk.sessions() == ()


@pytest.mark.interpreted
async def test_the_kill_switch_reaches_a_failed_session_when_it_comes_back(floor: Floor) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)
    await floor.desk.engage_kill()
    await restarted(floor, session_id)
    assert floor.runner(session_id).unit.core.state.kill
    await break_once(floor, session_id)
    await floor.desk.release_kill()
    await restarted(floor, session_id)
    assert not floor.runner(session_id).unit.core.state.kill


def trace(floor: Floor, session_id: str) -> list[str]:
    """Return what a session told, its random id aside."""
    mine = [repr(fact) for fact in floor.facts if fact.session_id == session_id]
    return [re.sub(session_id[:24] + "[0-9a-f]*", "ID", text) for text in mine]


PRICES = (101, 99, 98, 97, 112, 111, 99, 95, 105, 98, 113, 99)


async def play(floor: Floor, session_id: str, *, breaks: str = "") -> list[str]:
    for number, price in enumerate(PRICES):
        if breaks and number in {3, 6}:
            floor.runner(breaks).unit.step = _breaks  # type: ignore[method-assign] # a planted fault
        await floor.bar(price)
        await floor.quote(price + 0.5)
        if breaks and number in {4, 7}:
            await restarted(floor, breaks)
    return trace(floor, session_id)


@pytest.mark.interpreted
async def test_invariant_11_one_sessions_failure_leaves_anothers_trace_identical() -> None:
    quiet = await Floor().open()
    alone = await play(quiet, await quiet.session())
    await quiet.close()
    floor = await Floor().open()
    breaking, session_id = await floor.session(), await floor.session()
    assert await play(floor, session_id, breaks=breaking) == alone
    assert len(floor.errors) == 2
    assert sum("FillBooked" in line for line in alone) >= 4
    await floor.close()


async def test_invariant_11_the_same_seed_gives_the_same_trace_in_memory_and_on_disk(storage: Storage) -> None:
    from desktop.domain.sessions import FillModelKind, FillSettings

    traces = []
    for store, seed in ((None, 5), (storage, 5), (None, 6)):
        floor = await Floor(store).open()
        fills = FillSettings.of(FillModelKind.REALISTIC)
        traces.append(await play(floor, await floor.session(seed=seed, fills=fills)))
        await floor.close()
    assert traces[0] == traces[1]
    assert traces[0] != traces[2]


async def test_fault_31_an_indicator_that_raises_fails_its_own_sessions_only(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await floor.session(strategy=strategy(entry="close < 100 and sma(7) > 0"))
    floor.feed.level = 106.0
    floor.clock.move(60)
    healthy = await floor.session()
    evaluator = floor.runner(broken).market._evaluators["SPY"]
    assert evaluator is not floor.runner(healthy).market._evaluators["SPY"]
    monkeypatch.setattr(evaluator, "update", _breaks)
    await floor.bar(99)
    await floor.quote(99)
    assert floor.state(broken) == "FAILED"
    assert floor.held(healthy) == 10
    await restarted(floor, broken)
    assert floor.state(broken) == "RUNNING"
    await floor.bar(98)
    await floor.quote(98)
    assert floor.held(broken) == 10
    stored = floor.store.load(broken).bars["SPY"]
    assert [bar.close for bar in stored[-2:]] == [99, 98]
    assert floor.runner(broken).market.seen("SPY") == len(stored)


async def test_a_bar_that_a_session_began_with_is_stored_once(floor: Floor) -> None:
    session_id = await floor.session()
    runner = floor.runner(session_id)
    known = floor.store.load(session_id).bars["SPY"][-1]
    runner.remember([known])
    await floor.bar(101)
    stored = floor.store.load(session_id).bars["SPY"]
    assert [bar.start for bar in stored] == sorted({bar.start for bar in stored})


@pytest.mark.interpreted
async def test_a_feed_that_does_not_start_again_is_heard_of(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = await floor.session()
    await break_once(floor, session_id)

    async def fails() -> None:
        raise OSError("no line")

    monkeypatch.setattr(floor.rig, "start", fails)
    with pytest.raises(OSError, match="no line"):
        await floor.desk.start_session(session_id)


# 32: whoever listens ------------------------------------------------------------------------------------------------
async def test_fault_32_a_listener_that_raises_is_reported_and_stops_nothing(floor: Floor) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("panel")

    floor.desk.on_fact(broken)
    floor.desk.follow(broken)
    session_id = await floor.holding()
    await floor.beat()
    assert floor.held(session_id) == 10
    wheres = {where for error, where in floor.errors if str(error) == "panel"}
    assert "a panel" in wheres
    assert "listener of FillBooked" in wheres
    await floor.desk.engage_kill()
    assert floor.desk.status().kill


async def test_fault_32_a_follower_that_ended_is_told_nothing(floor: Floor) -> None:
    heard: list[Changes] = []
    end = floor.desk.follow(heard.append)
    end()
    end()
    await floor.holding()
    await floor.beat()
    assert heard == []


# 33: the loop stands still ------------------------------------------------------------------------------------------
async def test_fault_33_after_a_stall_of_over_two_seconds_entries_pause_and_it_is_said(floor: Floor) -> None:
    session_id = await floor.session()
    floor.desk._due = asyncio.get_running_loop().time() - TOO_LATE - 0.5
    floor.desk._heart_beat()
    await floor.settle()
    assert floor.state(session_id) == "PAUSED"
    assert floor.told(SessionChanged)[-1].reason == "the program stood still for 2.5 s"
    assert floor.desk.status().banner.startswith("The program stood still for 2.5 s, so new entries were paused.")
    await floor.desk.resume_session(session_id)
    assert floor.desk.status().banner == ""


async def test_fault_33_a_short_stall_or_one_without_sessions_changes_nothing(floor: Floor) -> None:
    floor.desk._due = asyncio.get_running_loop().time() - TOO_LATE - 0.5
    floor.desk._heart_beat()
    assert floor.desk.status().banner == ""
    session_id = await floor.session()
    floor.desk._due = asyncio.get_running_loop().time() - 0.3
    floor.desk._heart_beat()
    await floor.settle()
    assert floor.state(session_id) == "RUNNING"
    assert floor.desk._lag.last > 0.25
    await floor.desk.pause_session(session_id)
    await floor.desk.resume_all()


async def test_the_heart_goes_on_beating_after_a_fault_in_a_beat(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("beat")

    monkeypatch.setattr(floor.desk._changes, "status", fails)
    with pytest.raises(RuntimeError):
        await floor.beat()
    assert floor.desk._beat is not None
    assert not floor.desk._beat.cancelled()


# coming back --------------------------------------------------------------------------------------------------------
async def test_a_restart_finds_everything_as_it_was(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5), trailing_stop=D(8))))
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(2), OrderKind.LIMIT, D(60)))
    await floor.tick()
    before, row = books(floor, session_id), floor.desk.session(session_id)
    await floor.crash()
    again = await Floor(floor.store, clock=floor.clock).open()
    assert books(again, session_id) == before
    after = again.desk.session(session_id)
    assert row is not None
    assert after is not None
    assert (after.pnl, after.pnl_today, after.trades, after.max_drawdown) == (
        row.pnl, row.pnl_today, row.trades, row.max_drawdown,
    )  # fmt: skip
    assert {item.order.order_id for item in again.desk.orders()} == {item.order_id for item in floor.orders(session_id)}
    await again.quote(90)
    await again.quote(90)
    assert again.held(session_id) == 0
    await again.close()


async def test_a_restart_without_resume_leaves_sessions_paused(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.crash()
    again = await Floor(floor.store, clock=floor.clock, resume=False).open()
    assert again.state(session_id) == "PAUSED"
    await again.close()


async def test_a_stopped_session_with_a_position_still_hears_prices_after_a_restart(floor: Floor) -> None:
    session_id = await floor.holding(99)
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await floor.crash()
    again = await Floor(floor.store, clock=floor.clock).open()
    await again.quote(123)
    assert again.desk.positions()[0].price == 123
    await again.desk.close_position(session_id, "SPY")
    await again.quote(123)
    assert again.held(session_id) == 0
    await again.close()


async def test_a_session_whose_feed_cannot_be_opened_is_shown_and_keeps_none_of_the_others_away(floor: Floor) -> None:
    lost = await floor.session(feed="replay:/data/spy.csv", start=False)
    other = await floor.session()
    await floor.crash()
    again = Floor(floor.store, clock=floor.clock)
    key = "replay:/data/spy.csv"
    again.feeds.broken[key] = DataFileError("/data/spy.csv", "is not there.")
    await again.open()
    assert again.state(other) == "RUNNING"
    assert again.state(lost) == "FAILED"
    assert "is not there. The session is as it was stored." in again.note(lost)
    chart = again.desk.chart(lost, "SPY")
    assert chart is not None
    assert len(chart.bars) == 300
    with pytest.raises(DataFileError):
        await again.desk.start_session(lost)
    del again.feeds.broken[key]
    await again.desk.start_session(lost)
    assert again.state(lost) == "RUNNING"
    assert again.feeds.opened[key].starts == 1
    await again.close()


async def test_a_session_whose_rule_this_assay_does_not_know_is_said_and_left_alone(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = await floor.session(name="Old", strategy=strategy(entry="close < 42"))
    other = await floor.session()
    await floor.crash()
    from desktop.domain.errors import FieldError
    from desktop.engine import drafts, runner_factory

    compile_strategy = drafts.compile_strategy

    def refuses(wanted: Any) -> Any:
        if wanted.entry == "close < 42":
            raise FieldError("entry", "unknown function.")
        return compile_strategy(wanted)

    monkeypatch.setattr(runner_factory, "compile_strategy", refuses)
    again = await Floor(floor.store, clock=floor.clock).open()
    assert [row.session_id for row in again.desk.sessions()] == [other]
    assert "The session Old could not be opened" in again.desk.status().banner
    assert lost in again.store.session_ids()
    await again.close()


async def test_a_feed_goes_on_where_the_last_of_its_sessions_left_it(floor: Floor) -> None:
    await floor.session()
    for _ in range(5):
        await floor.bar(101)
    said = floor.feed.said
    await floor.crash()
    again = await Floor(floor.store, clock=floor.clock).open()
    assert again.feed.said == said
    await again.close()


async def test_closing_says_what_a_feed_raised_and_still_stores_everything(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await floor.holding()

    async def fails() -> None:
        raise RuntimeError("feed")

    monkeypatch.setattr(floor.feed, "stop", fails)
    batches = len(floor.store.kept[session_id].batches)
    floor.store.errors["nobody"] = RuntimeError()
    await floor.close()
    assert ("feed", "stopping the feeds") in [(str(error), where) for error, where in floor.errors]
    assert len(floor.store.kept[session_id].batches) == batches + 1


async def test_closing_says_what_could_not_be_stored(floor: Floor) -> None:
    first, second = await floor.session(), await floor.session()
    floor.store.errors[first] = RuntimeError("planted")
    stored = len(floor.store.kept[second].batches)
    await floor.close()
    assert ("planted", first) in [(str(error), where) for error, where in floor.errors]
    assert len(floor.store.kept[second].batches) == stored + 1


# independence -------------------------------------------------------------------------------------------------------
async def test_invariant_10_a_session_whose_broker_cannot_be_opened_is_not_created(floor: Floor) -> None:
    paper = floor.runner(await floor.session()).settings
    with pytest.raises(NotFound, match="no broker 'elsewhere'"):
        await floor.desk._manager.create(replace(paper, broker="elsewhere"))
    await floor.bar(99)
    await floor.quote(99)
    (only,) = floor.desk._manager.runners()
    assert floor.held(only) == 10


async def test_invariant_10_what_asks_for_a_broker_outside_without_one_fails_and_sends_nothing(floor: Floor) -> None:
    session_id = await floor.session()
    runner = floor.runner(session_id)
    runner.unit = SessionUnit(runner.unit.core)  # as if a paper session had lost its venue
    await floor.bar(99)
    assert floor.state(session_id) == "FAILED"
    assert "its broker simulated is not connected" in floor.note(session_id)
    assert floor.orders(session_id) == []


async def test_two_sessions_on_one_symbol_never_touch_each_other(floor: Floor) -> None:
    first = await floor.session(cash=D(10_000))
    second = await floor.session(mode=ExecutionMode.MANUAL, cash=D(20_000))
    await floor.bar(99)
    await floor.quote(99)
    assert (floor.held(first), floor.held(second)) == (D(10), D(0))
    (card,) = floor.desk.signals()
    assert card.signal.session_id == second
    await floor.desk.approve(card.signal.signal_id)
    await floor.quote(98)
    assert (floor.cash(first), floor.cash(second)) == (D(10_000 - 990), D(20_000 - 980))
    await floor.desk.close_position(first, "SPY")
    await floor.quote(97)
    assert (floor.held(first), floor.held(second)) == (D(0), D(10))
    ids = {order.order_id for order in floor.orders(first)} & {order.order_id for order in floor.orders(second)}
    assert ids == set()
    evaluators = [floor.runner(item).market._evaluators["SPY"] for item in (first, second)]
    assert evaluators[0] is evaluators[1]


async def test_a_hundred_sessions_trade_each_for_itself(floor: Floor) -> None:
    ids = [await floor.session(cash=D(10_000 + number)) for number in range(100)]
    await floor.bar(99)
    await floor.quote(99)
    assert [floor.cash(item) for item in ids] == [10_000 + number - 990 for number in range(100)]
    (total,) = floor.desk.portfolio()
    assert total.invested == 100 * 990
    await floor.desk.engage_kill(flatten=True)
    await floor.quote(100)
    assert [floor.cash(item) for item in ids] == [10_000 + number + 10 for number in range(100)]


@pytest.mark.interpreted
async def test_a_burst_is_one_step_and_one_commit_for_each_session(floor: Floor) -> None:
    session_id = await floor.session()
    taken: list[Any] = []
    unit: SessionUnit = floor.runner(session_id).unit
    step = unit.step

    def watched(message: Any) -> Step:
        taken.append(message)
        return step(message)

    unit.step = watched  # type: ignore[method-assign] # looking over its shoulder
    for price in range(100, 150):
        floor.clock.move(0.001)
        floor.feed.quote("SPY", float(price))
        floor.feed.quote("QQQ", float(price))
    await floor.settle()
    (burst,) = taken
    assert isinstance(burst, Quotes)
    assert [quote.bid for quote in burst.quotes] == [float(price) for price in range(100, 150)]


async def test_facts_of_a_refused_command_are_on_record(floor: Floor) -> None:
    session_id = await floor.session()
    with pytest.raises(UserMistake):
        await floor.desk.close_position(session_id, "SPY")
    last = floor.store.kept[session_id].facts(CommandTaken)[-1]
    assert (last.accepted, last.by) == (False, "user")
    assert not floor.told(SignalChanged)
    assert isinstance(floor.store, MemoryStore)

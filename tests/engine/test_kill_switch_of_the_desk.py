"""The kill switch: at once, in every session, also in those that come later, over restarts and without a disk (K5)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import EnvironmentFault, UserMistake
from desktop.domain.events import KillSwitchChanged
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.engine import kill_switch
from desktop.engine.kill_switch import KillSwitch
from tests.helpers.memory_store import MemoryStore
from tests.helpers.trading_floor import Floor

D = Decimal


async def test_invariant_9_nothing_is_bought_once_it_is_engaged(any_floor: Floor) -> None:
    floor = any_floor
    first, second = await floor.session(), await floor.session()
    await floor.quote(100)
    await floor.desk.place_order(first, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90)))
    await floor.desk.engage_kill()
    assert floor.desk.status().kill
    assert floor.desk.status().banner == "", "the window's own red line says it, once"
    assert all("Halted by the kill switch" in row.note and row.kill for row in floor.desk.sessions())
    await floor.bar(80)
    await floor.quote(80)
    assert floor.held(first) == floor.held(second) == 0
    assert [order.status for order in floor.orders(first)] == [OrderStatus.CANCELED]
    with pytest.raises(UserMistake):
        await floor.desk.place_order(second, PlaceOrder("SPY", Side.BUY, D(1)))
    assert len(floor.told(KillSwitchChanged)) == 2


async def test_it_blocks_new_starts_and_resumes_until_it_is_released(floor: Floor) -> None:
    waiting = await floor.session(start=False)
    paused = await floor.session()
    await floor.desk.pause_session(paused)
    await floor.desk.engage_kill()
    for call in (
        floor.session,
        lambda: floor.desk.start_session(waiting),
        lambda: floor.desk.resume_session(paused),
        floor.desk.resume_all,
    ):
        with pytest.raises(UserMistake, match="kill switch is engaged"):
            await call()
    await floor.desk.release_kill()
    await floor.desk.start_session(waiting)
    await floor.desk.resume_all()
    assert floor.state(waiting) == floor.state(paused) == "RUNNING"


async def test_a_waiting_signal_can_be_neither_approved_nor_judged_anew_but_stays(floor: Floor) -> None:
    _, signal_id = await floor.pending()
    await floor.quote(99)
    await floor.desk.engage_kill()
    (card,) = floor.desk.signals()
    assert "kill switch is engaged" in card.cannot_approve
    assert not card.can_be_judged_anew
    with pytest.raises(UserMistake, match="kill switch is engaged"):
        await floor.desk.refresh_signal(signal_id)
    assert [item.signal.signal_id for item in floor.desk.signals()] == [signal_id]
    await floor.desk.release_kill()
    (card,) = floor.desk.signals()
    assert (card.cannot_approve, card.can_be_judged_anew) == ("", True)


async def test_a_session_created_while_it_is_engaged_has_it_too_and_is_released_with_the_others(floor: Floor) -> None:
    await floor.desk.engage_kill()
    session_id = await floor.session(start=False)
    assert floor.runner(session_id).unit.core.state.kill
    await floor.desk.release_kill()
    assert not floor.runner(session_id).unit.core.state.kill
    await floor.desk.start_session(session_id)
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 10


async def test_a_session_that_is_being_created_when_it_is_engaged_never_trades(floor: Floor) -> None:
    creating = asyncio.ensure_future(floor.session())
    await asyncio.sleep(0)
    await floor.desk.engage_kill()
    with pytest.raises(UserMistake, match="kill switch"):
        await creating
    (row,) = floor.desk.sessions()
    assert (row.state.value, row.kill) == ("CREATED", True)


async def test_flatten_sells_every_position(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.holding(99)
    await floor.desk.engage_kill(flatten=True)
    await floor.quote(98)
    assert floor.held(session_id) == 0
    assert floor.cash(session_id) == 100_000 - 10


async def test_without_flatten_positions_stay_and_stops_wait(floor: Floor) -> None:
    session_id = await floor.holding(99)
    await floor.desk.engage_kill()
    await floor.bar(120)
    await floor.quote(120)
    assert floor.held(session_id) == 10


async def test_it_is_latched_over_a_restart(tmp_path: Path) -> None:
    store, path = MemoryStore(), tmp_path / "kill-switch"
    floor = await Floor(store, kill_path=path).open()
    session_id = await floor.session()
    await floor.desk.engage_kill()
    await floor.crash()
    again = await Floor(store, clock=floor.clock, kill_path=path).open()
    assert again.desk.status().kill
    assert again.state(session_id) == "PAUSED"
    with pytest.raises(UserMistake):
        await again.desk.resume_session(session_id)
    await again.desk.release_kill()
    assert not path.exists()
    await again.desk.resume_session(session_id)
    await again.close()


async def test_a_latch_found_at_the_start_reaches_sessions_that_never_heard_of_it(tmp_path: Path) -> None:
    store, path = MemoryStore(), tmp_path / "kill-switch"
    floor = await Floor(store, kill_path=path).open()
    session_id = await floor.session()
    await floor.crash()
    path.write_text("engaged")
    again = await Floor(store, clock=floor.clock, kill_path=path).open()
    assert again.runner(session_id).unit.core.state.kill
    await again.close()


async def test_a_lost_latch_is_engaged_again_where_a_session_remembers_it(tmp_path: Path) -> None:
    store, path = MemoryStore(), tmp_path / "kill-switch"
    floor = await Floor(store, kill_path=path).open()
    await floor.session()
    await floor.desk.engage_kill()
    await floor.crash()
    path.unlink()
    again = await Floor(store, clock=floor.clock, kill_path=path).open()
    assert again.desk.status().kill
    assert path.exists()
    await again.close()


async def test_it_works_while_the_storage_is_down_in_every_session_at_once(tmp_path: Path) -> None:
    floor = await Floor(kill_path=tmp_path / "kill-switch").open()
    ids = [await floor.session() for _ in range(3)]
    floor.store.fall()
    await asyncio.wait_for(floor.desk.engage_kill(), 5)
    assert all(floor.runner(item).unit.core.state.kill for item in ids)
    assert (tmp_path / "kill-switch").exists()
    floor.store.rise()
    await floor.bar(99)
    await floor.quote(99)
    assert all(floor.held(item) == 0 for item in ids)
    await floor.close()


async def test_it_is_not_released_while_the_storage_is_down(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.desk.engage_kill()
    floor.store.fall()
    with pytest.raises(EnvironmentFault, match="stays engaged"):
        await floor.desk.release_kill()
    assert floor.desk.status().kill
    assert floor.runner(session_id).unit.core.state.kill
    floor.store.rise()


async def test_a_latch_that_cannot_be_written_holds_all_the_same_and_is_said(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = await floor.session()
    engage = KillSwitch.engage

    async def fails(switch: KillSwitch) -> None:
        await engage(switch)
        raise OSError("no space left")

    monkeypatch.setattr(KillSwitch, "engage", fails)
    with pytest.raises(EnvironmentFault, match=r"would not outlive a restart \(no space left\)"):
        await floor.desk.engage_kill()
    assert floor.runner(session_id).unit.core.state.kill


async def test_engaged_again_while_a_release_waits_for_the_disk_it_stays_engaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, disk, let_go = tmp_path / "kill-switch", threading.Event(), kill_switch._let_go

    def slowly(latch: Path, excused: Collection[str]) -> None:
        assert disk.wait(10)
        let_go(latch, excused)

    monkeypatch.setattr(kill_switch, "_let_go", slowly)
    floor = await Floor(kill_path=path).open()
    session_id = await floor.session()
    await floor.desk.engage_kill()
    release = asyncio.ensure_future(floor.desk.release_kill())
    await asyncio.sleep(0)
    await floor.desk.engage_kill()
    disk.set()
    with pytest.raises(EnvironmentFault, match="engaged again meanwhile"):
        await release
    assert floor.desk.status().kill
    assert floor.runner(session_id).unit.core.state.kill
    assert path.exists()
    await floor.close()


@pytest.mark.interpreted
async def test_one_session_that_fails_at_it_does_not_keep_it_from_the_others(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await floor.session(), await floor.session()
    monkeypatch.setattr(floor.runner(first).unit, "step", _breaks)
    with pytest.raises(EnvironmentFault, match="not everything could be done"):
        await floor.desk.engage_kill()
    assert floor.runner(second).unit.core.state.kill
    assert floor.desk.status().kill


def _breaks(*_: object) -> None:
    raise ZeroDivisionError("planted")

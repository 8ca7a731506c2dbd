"""Faults 1 to 6: the program is cut off anywhere in the life of a live order and started again."""

from __future__ import annotations

import asyncio

import pytest

from desktop.domain.events import OrderChanged
from desktop.domain.orders import OrderStatus
from desktop.domain.sessions import SessionState
from tests.helpers.cut import Cut
from tests.helpers.live_floor import LiveFloor
from tests.helpers.trading_floor import D

S = OrderStatus


async def cut_at(point: str, count: int = 1) -> tuple[LiveFloor, str]:
    """Return a desk that ended at a point while its session bought, and the session."""
    floor = LiveFloor(cut=Cut(point, count))
    await floor.open()
    session_id = await floor.live()
    await floor.until_cut()
    return floor, session_id


async def test_fault_01_killed_before_the_intent_is_stored_nothing_was_sent() -> None:
    floor, session_id = await cut_at("before-intent")
    assert not floor.venue.posts
    fresh = await floor.again()
    assert fresh.orders(session_id) == []
    assert fresh.state(session_id) == "PAUSED"
    assert not fresh.venue.posts
    await fresh.close()


async def test_fault_02_an_entry_killed_after_its_intent_is_judged_anew_and_denied_while_paused() -> None:
    floor, session_id = await cut_at("after-intent")
    assert not floor.venue.posts
    fresh = await floor.again()
    order = fresh.order(session_id)
    assert order.status is S.DENIED
    assert not fresh.venue.posts
    assert fresh.runner(session_id).unit.core.book.reserved == 0
    await fresh.close()


async def selling_cut_at(point: str) -> tuple[LiveFloor, str]:
    """Return a desk that ended at a point while its session sold what it held, and the session."""
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding()
    floor.cut.at, floor.cut.left = point, 1
    floor.venue.prices["SPY"] = D(111)
    await floor.until_cut(111.0)
    return floor, session_id


async def test_fault_02_an_exit_killed_after_its_intent_is_sent_when_it_is_fresh() -> None:
    floor, session_id = await selling_cut_at("after-intent")
    assert sum(floor.venue.posts.values()) == 1
    fresh = await floor.again()
    await fresh.settle()
    assert fresh.held(session_id) == 0
    assert fresh.order(session_id).status is S.FILLED
    fresh.venue.check_no_duplicates()
    await fresh.close()


async def test_fault_02_an_exit_killed_after_its_intent_expires_when_it_is_old() -> None:
    floor, session_id = await selling_cut_at("after-intent")
    floor.clock.move(120)
    fresh = await floor.again()
    assert fresh.order(session_id).status is S.EXPIRED
    assert fresh.held(session_id) == 10
    await fresh.bar(111.0)  # the rule is still true: a new order under a new id
    assert fresh.held(session_id) == 0
    fresh.venue.check_no_duplicates()
    await fresh.close()


async def test_fault_03_killed_while_sending_the_order_is_asked_for_and_never_sent_again() -> None:
    floor, session_id = await cut_at("while-sending")
    assert not floor.venue.posts
    fresh = await floor.again()
    assert fresh.order(session_id).status is S.UNKNOWN
    assert fresh.runner(session_id).unit.core.book.reserved == D(990)
    for _ in range(5):
        await fresh.tick(60)
    assert fresh.order(session_id).status is S.UNKNOWN  # that it is not found proves nothing
    assert not fresh.venue.posts
    assert [item.order_id for item in fresh.account.unknown] == [fresh.order(session_id).order_id]
    await fresh.desk.declare_lost(session_id, fresh.order(session_id).order_id, "LOST")
    assert fresh.order(session_id).status is S.CANCELED
    assert fresh.runner(session_id).unit.core.book.reserved == 0
    await fresh.close()


async def test_fault_04_killed_after_the_send_the_brokers_order_is_adopted() -> None:
    floor, session_id = await cut_at("after-send")
    assert sum(floor.venue.posts.values()) == 1
    assert not floor.kept.kept[session_id].facts(OrderChanged)[-1].order.filled
    fresh = await floor.again()
    assert fresh.order(session_id).status is S.FILLED
    assert fresh.held(session_id) == 10
    assert fresh.cash(session_id) == D(100_000 - 990)
    fresh.venue.check_no_duplicates()
    await fresh.close()


async def test_fault_05_killed_inside_the_fill_everything_of_it_is_booked_or_nothing() -> None:
    floor, session_id = await cut_at("inside-fill")
    stored = floor.kept.load(session_id)
    assert stored.fills == []
    fresh = await floor.again()
    assert fresh.held(session_id) == 10
    assert fresh.cash(session_id) == D(100_000 - 990)
    await fresh.close()


@pytest.mark.parametrize("count", [1, 2])
async def test_fault_06_killed_during_a_cancel_it_is_asked_for_again(count: int) -> None:
    floor = LiveFloor(cut=Cut("during-cancel", count))
    floor.broker.fill = None  # it rests
    await floor.open()
    session_id = await floor.live()
    await floor.bar(99.0)
    order = floor.order(session_id)
    assert order.status is S.NEW
    await floor.desk.cancel_order(session_id, order.order_id)
    await floor.settle()
    assert floor.cut.dead
    fresh = await floor.again()
    await fresh.settle()
    assert fresh.order(session_id).status is S.CANCELED
    assert fresh.venue.orders[order.order_id].status is S.CANCELED
    await fresh.close()


async def test_fault_06_killed_during_recovery_recovering_twice_is_recovering_once() -> None:
    floor, session_id = await cut_at("after-send")
    floor.cut.now()
    await floor.crash()
    second = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, cut=Cut("during-recovery"))
    with pytest.raises(BaseException):  # noqa: B017, PT011 - the end of the program
        await second.open()
    third = await second.again()
    assert third.state(session_id) == SessionState.PAUSED.value
    assert third.held(session_id) == 10
    third.venue.check_no_duplicates()
    await third.close()


async def test_a_live_session_comes_back_paused_and_disarmed_and_its_stops_work() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding()
    fresh = await floor.again(arm=False)
    assert fresh.state(session_id) == "PAUSED"
    assert not fresh.account.armed
    fresh.venue.prices["SPY"] = D(111)
    await fresh.bar(111.0)  # its exit rule
    assert fresh.held(session_id) == 0
    await fresh.bar(99.0)
    assert sum(fresh.venue.posts.values()) == 2
    await fresh.close()


async def test_a_session_whose_account_is_reconciled_before_its_recovery_is_stored_comes_back_paused() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live()
    floor.cut.now()
    await floor.crash()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, late=1)
    opening = asyncio.ensure_future(fresh.open())
    for _ in range(20):
        await fresh.settle()
    fresh.store.deliver()
    await opening
    await fresh.settle()
    assert fresh.account.ready
    assert fresh.state(session_id) == "PAUSED"
    fresh.store.deliver()
    await fresh.crash()

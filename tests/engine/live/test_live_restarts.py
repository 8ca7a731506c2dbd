"""Live sessions that fail, programs that close, and sessions that must never reach an account."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from desktop.domain.errors import NotFound, ProgramBug
from desktop.domain.orders import OrderStatus
from desktop.engine.book import SessionBook
from desktop.engine.live.live_side import LiveSide
from desktop.engine.runner import SessionRunner
from desktop.ports import StoredSession
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.trading_floor import D

S = OrderStatus


async def restarted(floor: LiveFloor, session_id: str) -> None:
    """Wait until a session that failed was built anew."""
    async with asyncio.timeout(10):
        while floor.runner(session_id).failed:  # noqa: ASYNC110 - a timer of the engine ends it, no event
            await asyncio.sleep(0.02)
    for _ in range(3):
        await floor.settle()


async def test_fault_31_a_live_session_that_fails_while_its_order_is_on_its_way_sends_it_once(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.gate = asyncio.Event()
    await floor.bar(99.0)
    assert floor.order(session_id).status is S.SENDING
    floor.kept.errors[session_id] = RuntimeError("planted")
    await floor.quote(98.0)
    await floor.bar(97.0)
    assert floor.runner(session_id).failed
    floor.broker.gate.set()
    await floor.settle()
    await restarted(floor, session_id)
    assert floor.held(session_id) == 10
    assert session_id in floor.account.armed
    assert floor.state(session_id) == "RUNNING"
    floor.venue.check_no_duplicates()


async def test_an_order_that_waited_when_its_session_failed_is_known_never_to_have_left(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "429 40")
    await floor.bar(99.0)
    floor.kept.errors[session_id] = RuntimeError("planted")
    await floor.quote(98.0)
    await floor.bar(97.0)
    await restarted(floor, session_id)
    await floor.tick(61)
    assert floor.orders(session_id)[0].status is S.REJECTED
    assert "not sent" in floor.orders(session_id)[0].reason
    assert floor.runner(session_id).unit.core.book.reserved == 0
    floor.venue.check_no_duplicates()


async def test_what_waits_to_be_sent_when_assay_closes_is_told_as_never_sent() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live()
    floor.broker.script("submit", "429 40")
    await floor.bar(99.0)
    await floor.close()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock)
    await fresh.open()
    await fresh.settle()
    assert fresh.order(session_id).status is S.CANCELED
    assert not fresh.account.unknown
    await fresh.close()


async def test_invariant_10_a_paper_session_beside_a_live_one_never_reaches_the_account(floor: LiveFloor) -> None:
    live, paper = await floor.live(name="Live"), await floor.session(name="Paper")
    await floor.bar(99.0)
    await floor.quote(99.0)
    assert floor.held(live) == floor.held(paper) == 10
    assert list(floor.venue.posts) == [floor.order(live).order_id]
    assert floor.runner(paper).live is None


async def test_invariant_10_the_account_refuses_an_order_that_is_not_its_own(floor: LiveFloor) -> None:
    live, paper = await floor.live(name="Live"), await floor.session(name="Paper")
    await floor.bar(99.0)
    own = floor.order(live)
    link, runner = floor.link, floor.runner(paper)
    stray = LiveSide(runner, link, floor.store, lambda _: None)
    with pytest.raises(ProgramBug, match="does not belong"):
        link.submit(stray, replace(own, order_id="x-1"))
    assert floor.runner(live).live is not None
    with pytest.raises(ProgramBug, match="does not belong"):
        link.submit(floor.runner(live).live, replace(own, order_id="x-2", account="other"))  # type: ignore[arg-type]  # it is live
    assert len(floor.venue.posts) == 1
    assert REF.key == link.ref.key


async def test_a_session_that_joins_does_not_hide_the_days_loss_of_its_account(floor: LiveFloor) -> None:
    await floor.live_holding()
    floor.venue.day_start = D(101_000)
    await floor.tick(61)
    before = floor.account.day_change
    await floor.live(name="Another", cash=D(50_000), start=False)
    assert floor.account.day_change == before
    await floor.quote(89.0)  # 10 units, 10 lower, and no reading of the account since
    assert before is not None
    assert floor.account.day_change == before - 100


async def test_what_a_session_without_its_feed_holds_still_counts_on_its_account() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding()
    await floor.crash()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock)
    other = await fresh_session_first(fresh, session_id)
    await fresh.tick(61)
    assert fresh.state(session_id) == "FAILED"
    assert {item.symbol: item.difference for item in fresh.account.holdings} == {"SPY": 0}
    assert fresh.account.info is not None
    assert other != session_id
    await fresh.close()


async def fresh_session_first(floor: LiveFloor, broken: str) -> str:
    """Open a desk on which the stored session cannot be brought back, and put another one beside it."""
    restored = floor.desk._manager._factory.restored

    async def unless_broken(
        stored: StoredSession, book: SessionBook | None = None, *, absent: bool = False
    ) -> SessionRunner:
        if stored.settings.session_id == broken and not absent:
            await floor.desk._accounts.link(REF)
            raise NotFound("feed", "elsewhere")
        return await restored(stored, book, absent=absent)

    floor.desk._manager._factory.restored = unless_broken  # type: ignore[method-assign]  # a feed that is gone
    await floor.open()
    return await floor.live(name="Other")


async def test_a_broker_that_fails_at_the_end_keeps_nothing_from_being_stored(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()

    async def stop() -> None:
        raise RuntimeError("no farewell")

    floor.broker.stop = stop
    await floor.close()
    assert any("no farewell" in str(error) for error, _ in floor.errors)
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock)
    await fresh.open()
    assert fresh.held(session_id) == 10
    await fresh.close()

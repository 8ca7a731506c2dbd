"""How a launch with live sessions ends, and what leaves when a connection comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import OutcomeUnknown
from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import UserMistake
from desktop.domain.events import Warned
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side
from desktop.domain.strategies import Protection
from tests.helpers.live_floor import LiveFloor
from tests.helpers.memory_store import FULL
from tests.helpers.scripted_broker import ScriptedBroker
from tests.helpers.trading_floor import D, strategy

S = OrderStatus


async def test_an_orderly_end_is_no_lost_connection() -> None:
    floor = LiveFloor()
    await floor.open()
    await floor.live()
    stop, listener = floor.broker.stop, floor.broker.listener

    async def told_as_adapters_do() -> None:
        listener.on_link(LinkState.OFF, "disconnected")
        await stop()

    floor.broker.stop = told_as_adapters_do
    before = len(floor.facts)
    await floor.close()
    said = [fact.sentence for fact in floor.facts[before:] if isinstance(fact, Warned)]
    assert not [sentence for sentence in said if "lost" in sentence]


async def test_a_sell_that_waited_for_the_connection_leaves_only_once_the_account_was_compared(
    floor: LiveFloor,
) -> None:
    session_id = await floor.live_holding()
    floor.broker.script("submit", "429 20")
    await floor.desk.close_position(session_id, "SPY")
    await floor.settle()
    assert floor.order(session_id).status is S.SENDING
    floor.broker.drop()
    floor.venue.elsewhere["SPY"] = D(-10)  # sold by hand at the broker meanwhile
    floor.clock.move(30)
    await floor.settle()
    posts = sum(floor.venue.posts.values())
    floor.broker.come_back()
    await floor.settle()
    assert floor.venue.positions().get("SPY", D(0)) == 0
    assert sum(floor.venue.posts.values()) == posts
    assert "no longer agree" in floor.order(session_id).reason


async def test_a_close_that_was_confirmed_over_a_difference_leaves(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    floor.venue.elsewhere["SPY"] = D(5)
    await floor.tick(61)
    with pytest.raises(UserMistake, match="not explained"):
        await floor.desk.close_position(session_id, "SPY")
    await floor.desk.close_position(session_id, "SPY", confirmed=True)
    await floor.settle()
    assert floor.held(session_id) == 0


async def test_an_adapter_that_fails_at_the_first_connection_is_tried_again() -> None:
    floor = LiveFloor()
    await floor.open()
    floor.broker.first_fault = ArithmeticError("an answer of a shape that nobody knows")
    await floor.live(arm=False, start=False)
    assert not floor.account.ready
    assert "could not be connected" in floor.account.detail
    for _ in range(3):
        await floor.tick(61)
    assert floor.account.ready
    await floor.close()


async def test_fault_10_a_change_that_never_arrived_leaves_the_order_as_it_was(floor: LiveFloor) -> None:
    session_id = await floor.live()
    await floor.quote(99.0)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(5), kind=OrderKind.LIMIT, limit_price=D(90)))
    await floor.settle()
    order_id = floor.order(session_id).order_id
    change = floor.broker.replace

    async def lost(*_: object) -> None:
        raise OutcomeUnknown("the connection was closed")

    floor.broker.replace = lost
    await floor.desk.replace_order(session_id, order_id, quantity=D(7), limit_price=D(91))
    await floor.settle()
    assert floor.order(session_id).status is S.PENDING_REPLACE
    for _ in range(4):
        await floor.tick(61)
        await floor.quote(99.0)
    order = floor.order(session_id)
    assert (order.status, order.quantity, order.limit_price) == (S.NEW, D(5), D(90))
    assert "not changed" in order.reason
    floor.broker.replace = change
    await floor.desk.replace_order(session_id, order_id, quantity=D(7), limit_price=D(91))
    await floor.settle()
    assert floor.order(session_id).quantity == 7


async def guarded(floor: LiveFloor) -> str:
    """Return a session that holds 10 SPY with its stop resting at the broker."""
    floor.broker.abilities = replace(ScriptedBroker.abilities, resting_stop=True)
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    assert floor.order(session_id).purpose is Purpose.GUARD
    return session_id


async def test_a_stop_at_the_broker_whose_cancel_is_refused_on_and_on_is_told_once_and_asked_for_at_a_slow_pace(
    floor: LiveFloor,
) -> None:
    session_id = await guarded(floor)
    guard = floor.order(session_id)
    floor.broker.script("cancel", *["refuse"] * 6)
    await floor.desk.close_position(session_id, "SPY")
    await floor.settle()
    assert floor.broker.calls.count("cancel") == 1
    for _ in range(3):
        await floor.tick(5)
        await floor.quote(99.0)
    (sentence,) = [fact.sentence for fact in floor.told(Warned) if fact.topic == "cancel"]
    assert sentence == (
        f"The broker refuses to cancel it (too late to cancel): order {guard.order_id} of Dips, SELL 10 SPY. SELL 10 "
        "SPY waits for it. The stop at 94.05 goes on protecting the position there. Cancel it in the broker's own "
        "program; Assay takes note and goes on."
    )
    asked = floor.broker.calls.count("cancel")
    assert 3 <= asked <= 6
    floor.broker.end(guard.order_id)  # the user did it there
    await floor.settle()
    assert floor.held(session_id) == 0
    floor.venue.check_no_duplicates()


async def test_fault_07_the_kill_switch_flattens_past_resting_protection_although_the_disk_is_full(
    floor: LiveFloor,
) -> None:
    await guarded(floor)
    floor.kept.fall(FULL)
    await floor.desk.engage_kill(flatten=True)
    for _ in range(60):
        await floor.settle()
        if not floor.venue.positions():
            break
    assert not floor.venue.positions()
    floor.kept.rise()
    await floor.settle()
    floor.venue.check_no_duplicates()


async def test_fault_04_killed_while_a_sell_waits_for_resting_protection_it_sells_once() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await guarded(floor)
    floor.broker.script("cancel", "lose request")
    await floor.desk.close_position(session_id, "SPY")
    await floor.settle()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock)
    floor.cut.now()
    await floor.crash()
    fresh.broker.abilities = floor.broker.abilities
    await fresh.open()
    for _ in range(3):
        await fresh.tick(5)
    assert fresh.held(session_id) == 0
    assert not fresh.venue.positions()
    fresh.venue.check_no_duplicates()
    await fresh.close()


async def test_a_session_is_disarmed_although_the_disk_is_full(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.kept.fall(FULL)
    await floor.desk.disarm(session_id)
    floor.kept.rise()
    await floor.settle()
    await floor.bar(99.0)
    assert not floor.venue.posts

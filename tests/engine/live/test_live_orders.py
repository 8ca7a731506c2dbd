"""The life of a live order: intent, sending, answer, execution; and who may send at all."""

from __future__ import annotations

import pytest

from desktop.domain.errors import UserMistake
from desktop.domain.events import OrderChanged
from desktop.domain.orders import OrderStatus
from tests.helpers.live_floor import LiveFloor
from tests.helpers.trading_floor import D


async def test_an_armed_session_in_auto_places_its_order_at_once(floor: LiveFloor) -> None:
    session_id = await floor.live()
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    assert floor.venue.posts == {floor.order(session_id).order_id: 1}
    assert floor.order(session_id).status is OrderStatus.FILLED
    states = [fact.order.status for fact in floor.told(OrderChanged)]
    assert states[:2] == [OrderStatus.INTENT, OrderStatus.SENDING]
    assert not floor.errors


async def test_a_disarmed_session_buys_nothing_and_says_why(floor: LiveFloor) -> None:
    session_id = await floor.live(arm=False)
    await floor.bar(99.0)
    assert not floor.venue.posts
    assert floor.runner(session_id).book.blocks[-1].block.check == "not armed"  # type: ignore[union-attr]  # a block


async def test_arming_takes_the_word_and_nothing_else(floor: LiveFloor) -> None:
    session_id = await floor.live(arm=False)
    with pytest.raises(UserMistake, match="Type LIVE"):
        await floor.desk.arm(session_id, "yes")
    assert not floor.account.armed
    await floor.desk.arm(session_id, "LIVE")
    assert session_id in floor.account.armed
    assert floor.cash(session_id) == D(100_000)

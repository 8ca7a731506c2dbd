"""A broker that does not answer: said after five seconds, and taken back once it does."""

from __future__ import annotations

import asyncio

from tests.helpers.live_floor import LiveFloor


def lamp(floor: LiveFloor) -> str:
    return floor.desk.status().broker.text


async def test_fault_20_a_request_without_an_answer_shows_after_five_seconds_and_no_longer_once_it_came(
    floor: LiveFloor,
) -> None:
    session_id = await floor.live()
    floor.broker.gate = asyncio.Event()
    await floor.bar(99.0)
    assert not floor.account.slow
    floor.clock.move(4)
    await floor.settle()
    assert (floor.account.slow, lamp(floor)) == (False, "connected")
    floor.clock.move(2)
    await floor.settle()
    assert (floor.account.slow, lamp(floor)) == (True, "slow to answer")
    assert "slow to answer: a request has waited for more than 5 s" in floor.account.detail
    floor.broker.gate.set()
    await floor.settle()
    assert (floor.account.slow, floor.account.detail, lamp(floor)) == (False, "", "connected")
    assert floor.held(session_id) == 10


async def test_a_connection_that_is_lost_is_not_called_slow(floor: LiveFloor) -> None:
    await floor.live()
    floor.broker.gate = asyncio.Event()
    await floor.bar(99.0)
    floor.clock.move(6)
    floor.broker.drop("the socket was closed")
    await floor.settle()
    assert not floor.account.slow
    assert lamp(floor) == "lost"
    floor.broker.gate.set()
    floor.broker.come_back()
    await floor.settle()

"""The faults that a test puts in the way happen, once each, in the order they were added."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.brokers.rig import within
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_client import AlpacaClient, at_alpaca


@pytest.fixture
async def venue() -> AsyncIterator[AlpacaClient]:
    async with at_alpaca(AlpacaStandin(clock=FakeClock())) as client:
        yield client


def _outcomes(venue: AlpacaClient) -> list[str]:
    return [post.outcome for post in venue.standin.ledger.posts]


async def _heard(socket: aiohttp.ClientWebSocketResponse, count: int) -> list[tuple[str, str]]:
    """Return event and quantity of the next messages."""
    said: list[Any] = [json.loads((await within(socket.receive())).data)["data"] for _ in range(count)]
    return [(one["event"], one.get("qty", "")) for one in said]


async def test_a_lost_request_and_a_lost_answer_look_alike_and_are_not(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "lose-request")
    venue.standin.faults.add("submit", "lose-answer")
    for name in ("gone", "there"):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await venue.place(name)
    assert [order.client_id for order in venue.standin.ledger.orders.values()] == ["there"]
    assert _outcomes(venue) == ["lost", "taken"]
    assert venue.standin.faults.pending == 0


async def test_an_error_of_the_server_takes_the_order_or_not(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", 502)
    venue.standin.faults.add("submit", 504, taken=True)
    assert [(await venue.place(name))[0] for name in ("gone", "there", "fine")] == [502, 504, 200]
    assert [order.client_id for order in venue.standin.ledger.orders.values()] == ["there", "fine"]
    assert _outcomes(venue) == ["failed", "taken", "taken"]


async def test_a_fault_meets_as_many_requests_of_its_place_as_it_was_told(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", 429, 2, retry_after=5)
    await venue.get("account")  # another place
    assert [(await venue.place("m1"))[0] for _ in range(3)] == [429, 429, 200]
    assert _outcomes(venue) == ["limited", "limited", "taken"]
    venue.standin.ledger.check_no_duplicates()


async def test_a_delayed_answer_waits_for_requests_or_for_the_release(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "delay", after=2)
    waiting = asyncio.ensure_future(venue.place("m1"))
    await within(venue.standin.until(lambda: bool(venue.standin.ledger.orders)))
    await venue.get("account")
    await asyncio.sleep(0)
    assert not waiting.done()
    await venue.get("account")
    assert (await within(waiting))[0] == 200
    venue.standin.faults.add("submit", "delay")
    waiting = asyncio.ensure_future(venue.place("m2"))
    await within(venue.standin.until(lambda: len(venue.standin.ledger.orders) == 2))
    venue.standin.release()
    assert (await within(waiting))[0] == 200


async def test_a_late_order_is_taken_after_its_client_has_gone(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "delay", late=True)
    waiting = asyncio.ensure_future(venue.place("m1"))
    await within(venue.standin.until(lambda: bool(venue.standin.asked("submit"))))
    waiting.cancel()
    assert (await venue.ask("GET", "orders:by_client_order_id?client_order_id=m1"))[0] == 404
    venue.standin.release()
    await within(venue.standin.until(lambda: bool(venue.standin.ledger.orders)))
    await venue.get("orders:by_client_order_id?client_order_id=m1")


async def test_a_lagging_read_shows_neither_the_order_nor_its_executions(venue: AlpacaClient) -> None:
    venue.standin.faults.add("read", "lag", 2)
    order = await venue.placed("m1")
    assert (await venue.ask("GET", f"orders/{order['id']}"))[0] == 404
    assert await venue.get("account/activities/FILL") == []
    assert await venue.get("orders?status=all") != []


async def test_a_rejection_comes_at_once_or_by_the_stream(venue: AlpacaClient) -> None:
    socket = await venue.listen()
    venue.standin.faults.add("submit", "reject", message="no")
    venue.standin.faults.add("submit", "reject", message="not any more", late=True)
    status, answer = await venue.place("m1")
    assert (status, answer["message"]) == (403, "no")
    assert (await venue.place("m2"))[0] == 200
    assert await _heard(socket, 2) == [("new", ""), ("rejected", "")]
    assert venue.standin.order("m2").reason == "not any more"


async def test_an_answer_that_cannot_be_read_is_of_an_order_that_exists(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "unreadable")
    assert await venue.place("m1") == (200, "<html>gateway")
    assert _outcomes(venue) == ["taken"]


async def test_credentials_can_be_revoked_by_a_request_that_meets_it(venue: AlpacaClient) -> None:
    socket = await venue.listen()
    venue.standin.faults.add("submit", "revoke")
    assert (await venue.place("m1"))[0] == 401
    assert (await within(socket.receive())).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    assert (await venue.ask("GET", "account"))[0] == 401


async def test_a_symbol_can_be_halted_by_the_order_for_it(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "halt")
    await venue.placed("m1")
    assert not venue.standin.ledger.executions
    venue.standin.resume("SPY")
    assert len(venue.standin.ledger.executions) == 1


async def test_a_part_fill_is_half_or_what_was_said(venue: AlpacaClient) -> None:
    venue.standin.faults.add("submit", "part-fill")
    venue.standin.faults.add("submit", "part-fill", quantity=3)
    for name in ("m1", "m2"):
        await venue.placed(name)
        venue.standin.price("SPY", "100", "100.02")
    assert [str(venue.standin.order(name).filled) for name in ("m1", "m2")] == ["5", "3"]


# --- The stream -------------------------------------------------------------------------------------------------------


async def _resting(venue: AlpacaClient) -> aiohttp.ClientWebSocketResponse:
    socket = await venue.listen()
    await venue.placed("l1", kind="limit", limit_price="95")
    assert await _heard(socket, 1) == [("new", "")]
    return socket


async def test_messages_are_said_twice_swapped_or_never(venue: AlpacaClient) -> None:
    socket = await _resting(venue)
    for kind in ("duplicate", "reorder"):
        venue.standin.faults.add("stream", kind)
    for quantity in (1, 2, 3):
        venue.standin.fill("l1", quantity)
    told = [("partial_fill", quantity) for quantity in ("1", "1", "3", "2")]
    assert await _heard(socket, 4) == told
    venue.standin.faults.add("stream", "lose")
    venue.standin.fill("l1", 1)
    venue.standin.fill("l1")
    assert await _heard(socket, 1) == [("fill", "3")]


async def test_a_dropped_socket_takes_its_message_along(venue: AlpacaClient) -> None:
    socket = await _resting(venue)
    venue.standin.faults.add("stream", "drop-socket")
    venue.standin.fill("l1", 1)
    assert (await within(socket.receive())).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    await within(venue.standin.until(lambda: not venue.standin.channels))
    again = await venue.listen()
    venue.standin.fill("l1")
    assert await _heard(again, 1) == [("fill", "9")]


async def test_a_silent_stream_stays_open_and_answers_no_ping(venue: AlpacaClient) -> None:
    socket = await _resting(venue)
    venue.standin.faults.add("stream", "silence")
    venue.standin.fill("l1", 1)
    await socket.ping(b"there?")
    await venue.get("account")
    await venue.standin.settled()
    assert not socket.closed
    assert [one["qty"] for one in await venue.get("account/activities/FILL")] == ["1"]  # a read shows it
    venue.standin.speak()
    venue.standin.fill("l1")
    assert await _heard(socket, 1) == [("fill", "9")]


async def test_a_stream_with_wrong_credentials_hears_nothing(venue: AlpacaClient) -> None:
    socket = await venue.session.ws_connect(f"{venue.standin.url}/stream")
    await socket.send_json({"action": "authenticate", "data": {"key_id": "who", "secret_key": "knows"}})
    await socket.send_json({"action": "listen", "data": {"streams": ["trade_updates"]}})
    said = [json.loads((await within(socket.receive())).data)["data"] for _ in range(2)]
    assert (said[0]["status"], said[1]["error"]) == ("unauthorized", "required authorization")
    assert not venue.standin.channels[0].listening


async def test_every_request_is_kept_with_what_became_of_it(venue: AlpacaClient) -> None:
    order = await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.faults.add("replace", "lose-answer")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await venue.ask("PATCH", f"orders/{order['id']}", {"qty": "5"})
    await venue.ask("DELETE", f"orders/{order['id']}")
    kept = [(one.where, one.client_id, one.outcome) for one in venue.standin.requests]
    assert kept == [("submit", "l1", "taken"), ("replace", "", "answered"), ("cancel", "", "refused")]


def test_a_fault_that_does_not_exist_is_a_mistake_of_the_test() -> None:
    faults = AlpacaStandin().faults
    for where, kind in (("submit", "drop-socket"), ("stream", "lose-answer"), ("nowhere", "delay")):
        with pytest.raises(ValueError, match="there is no fault"):
            faults.add(where, kind)

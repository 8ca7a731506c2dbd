"""The books of a stand-in: what they call a duplicate, and that they outlive the process."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from tests.brokers.rig import within
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_client import at_alpaca
from tests.helpers.standins.ledger import Ledger
from tests.helpers.standins.process import StandinProcess


async def test_an_order_that_is_posted_again_after_it_was_taken_is_found() -> None:
    async with at_alpaca(AlpacaStandin()) as venue:
        await venue.placed("m1")
        venue.standin.ledger.check_no_duplicates()
        assert (await venue.place("m1"))[0] == 422
        with pytest.raises(AssertionError, match="m1 was posted again"):
            venue.standin.ledger.check_no_duplicates()


async def test_an_order_that_was_not_taken_may_be_posted_again() -> None:
    async with at_alpaca(AlpacaStandin()) as venue:
        for kind in (429, 500, "reject"):
            venue.standin.faults.add("submit", kind)
            await venue.place("m1")
        await venue.placed("m1")
        venue.standin.ledger.check_no_duplicates()


def test_a_fill_too_many_is_booked_as_the_venue_says() -> None:
    standin = AlpacaStandin(clock=FakeClock())
    standin.place_elsewhere(symbol="SPY", side="buy", quantity=10, client_id="m1", kind="limit", limit_price=95)
    standin.fill("m1", 12)
    assert (standin.order("m1").status, standin.ledger.position("SPY")) == ("filled", Decimal(12))
    standin.ledger.check_no_duplicates()


def test_two_orders_under_one_id_a_fill_too_many_and_a_wrong_position_are_found() -> None:
    def books() -> Ledger:
        standin = AlpacaStandin(clock=FakeClock())
        standin.price("SPY", 100, 100)
        standin.place_elsewhere(symbol="SPY", side="buy", quantity=10, client_id="m1")
        standin.ledger.check_no_duplicates()
        standin.channels.clear()
        return standin.ledger

    twice, filled, held = books(), books(), books()
    next(iter(twice.orders.values())).order_id = "again"
    twice.put(next(iter(twice.orders.values())))
    with pytest.raises(AssertionError, match="more than one order"):
        twice.check_no_duplicates()
    next(iter(filled.orders.values())).filled = Decimal(9)
    with pytest.raises(AssertionError, match="filled 9"):
        filled.check_no_duplicates()
    held.positions["SPY"].quantity = Decimal(11)
    with pytest.raises(AssertionError, match="SPY"):
        held.check_no_duplicates()


async def test_books_that_were_written_are_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    async with at_alpaca(AlpacaStandin(clock=FakeClock(), ledger=path)) as venue:
        await venue.placed("m1")
        await venue.placed("l1", kind="limit", limit_price="95")
        venue.standin.faults.add("submit", "lose-request")
        with pytest.raises(Exception, match="disconnected"):
            await venue.place("m2")
        venue.standin.split("SPY", 2)
        venue.standin.place_elsewhere(symbol="SPY", side="sell", quantity=5)
        venue.standin.bust(venue.standin.ledger.executions[-1].execution_id)
        written = venue.standin.ledger
    read = Ledger.read(path)
    assert (read.cash, read.positions, read.posts) == (written.cash, written.positions, written.posts)
    assert read.executions == written.executions
    assert [str(one) for one in read.orders.values()] == [str(one) for one in written.orders.values()]
    read.check_no_duplicates()


async def test_a_venue_that_was_away_comes_back_with_its_books_on_its_port(tmp_path: Path) -> None:
    standin = AlpacaStandin(ledger=tmp_path / "ledger.jsonl")
    async with at_alpaca(standin) as venue:
        await venue.placed("m1")
        await standin.stop()
        await standin.start(standin.port)
        assert (await venue.get("orders?status=all"))[0]["client_order_id"] == "m1"
        await venue.placed("m2")
    assert len(Ledger.read(tmp_path / "ledger.jsonl").executions) == 2


def test_a_process_of_its_own_goes_on_from_its_books_after_a_kill(tmp_path: Path) -> None:
    with StandinProcess(tmp_path / "ledger.jsonl", price={"SPY": "100.00,100.02"}) as standin:
        first = asyncio.run(_one_order(standin, "m1"))
        standin.tell("place_elsewhere", symbol="SPY", side="buy", quantity="3", client_id="other")
        standin.restart()
        books = standin.books()
        assert (books.position("SPY"), [post.client_id for post in books.posts]) == (Decimal(13), ["m1"])
        standin.tell("fault", "submit", 502)
        assert asyncio.run(_one_order(standin, "m2")) == 502
        assert asyncio.run(_one_order(standin, "m1")) == 422  # it is known still
        assert asyncio.run(_one_order(standin, "m3")) == first == 200
        assert [one["outcome"] for one in standin.tell("requests")] == ["failed", "duplicate", "taken"]
        ids = [one.execution_id for one in standin.books().executions]
        assert len(set(ids)) == len(ids) == 3


async def _one_order(standin: StandinProcess, client_id: str) -> int:
    import aiohttp

    headers = {"APCA-API-KEY-ID": standin.key_id, "APCA-API-SECRET-KEY": standin.secret}
    body = {"symbol": "SPY", "qty": "10", "side": "buy", "type": "market", "time_in_force": "day"}
    async with aiohttp.ClientSession(headers=headers) as session:
        address = f"{standin.url}/v2/orders"
        async with session.post(address, json={**body, "client_order_id": client_id}) as answer:
            await within(answer.read())
            return answer.status

"""The stand-in takes, matches and refuses orders as Alpaca does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_client import AlpacaClient, at_alpaca


@pytest.fixture
async def venue() -> AsyncIterator[AlpacaClient]:
    async with at_alpaca(AlpacaStandin(clock=FakeClock(), contract=not openapi.missing())) as client:
        yield client
        client.standin.ledger._check_sums()


def _prices(client: AlpacaClient, client_id: str) -> list[str]:
    order = client.standin.order(client_id)
    return [str(one.price) for one in client.standin.ledger.of_order(order.order_id)]


async def test_a_market_order_fills_at_the_ask_and_moves_cash_and_position(venue: AlpacaClient) -> None:
    await venue.placed("m1")
    account, held = await venue.get("account"), await venue.get("positions/SPY")
    assert account["cash"] == account["buying_power"] == "98999.8"
    assert account["equity"] == "99999.8"
    assert (held["qty"], held["avg_entry_price"], held["market_value"]) == ("10", "100.02", "1000")


async def test_the_answer_to_a_market_order_is_how_it_was_taken_not_how_it_filled(venue: AlpacaClient) -> None:
    answer = await venue.placed("m1")
    assert (answer["status"], answer["filled_qty"]) == ("pending_new", "0")
    assert (await venue.get(f"orders/{answer['id']}"))["status"] == "filled"


@pytest.mark.parametrize(
    ("side", "kind", "prices", "moves", "filled"),
    [
        ("buy", "limit", {"limit_price": "99"}, ["99.01", "98.50"], ["98.50"]),  # a gap fills at the better price
        ("buy", "stop", {"stop_price": "101"}, ["100.99", "102"], ["102"]),  # and a stop at the worse
        ("buy", "stop_limit", {"stop_price": "101", "limit_price": "101.50"}, ["102", "101.40"], ["101.40"]),
        ("sell", "limit", {"limit_price": "101"}, ["100.99", "101.20"], ["101.20"]),
        ("sell", "stop", {"stop_price": "99"}, ["99.01", "98"], ["98"]),
        ("sell", "stop_limit", {"stop_price": "99", "limit_price": "98.50"}, ["98", "98.60"], ["98.60"]),
    ],
)
async def test_a_resting_order_fills_when_the_price_crosses_it(
    venue: AlpacaClient, side: str, kind: str, prices: dict[str, str], moves: list[str], filled: list[str]
) -> None:
    venue.standin.hold("SPY", 10 if side == "sell" else 0, 100)
    await venue.placed("r1", side, kind, **prices)
    venue.standin.price("SPY", moves[0], moves[0])
    assert not _prices(venue, "r1")
    venue.standin.price("SPY", moves[1], moves[1])
    assert _prices(venue, "r1") == filled


async def test_orders_share_what_is_there_in_the_order_of_their_arrival(venue: AlpacaClient) -> None:
    for name in ("a", "b"):
        await venue.placed(name, kind="limit", limit_price="99")
    venue.standin.price("SPY", "98.98", "99.00", size=14)
    assert [str(venue.standin.order(name).filled) for name in ("a", "b")] == ["10", "4"]
    assert (await venue.get("orders:by_client_order_id?client_order_id=b"))["status"] == "partially_filled"


async def test_shares_that_an_open_order_sells_cannot_be_sold_twice(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    await venue.placed("s1", "sell", "limit", limit_price="105")
    status, answer = await venue.place("s2", "sell", "limit", limit_price="106")
    assert (status, answer["code"], answer["held_for_orders"], answer["available"]) == (403, 40310000, "10", "0")
    assert (await venue.get("positions/SPY"))["qty_available"] == "0"


@pytest.mark.parametrize(
    ("changes", "status", "code", "words"),
    [
        ({"symbol": "NOSUCH"}, 422, 42210000, "not found"),
        ({"qty": "0"}, 422, 42210000, "qty must be > 0"),
        ({"qty": "ten"}, 422, 40010001, "not a number"),
        ({"qty": "0.5", "time_in_force": "gtc"}, 422, 42210000, "fractional"),
        ({"type": "limit"}, 422, 40010001, "limit_price"),
        ({"type": "limit", "limit_price": "95.001"}, 422, 42210000, "sub-penny"),
        ({"type": "limit", "limit_price": "0.12345"}, 422, 42210000, "sub-penny"),
        ({"type": "stop"}, 422, 40010001, "stop_price"),
        ({"time_in_force": "forever"}, 422, 42210000, "time_in_force"),
        ({"client_order_id": "x" * 129}, 422, 40010001, "128"),
        ({"qty": "100000"}, 403, 40310000, "insufficient buying power"),
        ({"side": "sell"}, 403, 40310000, "not allowed to short"),
        ({"order_class": "bracket"}, 422, 40010001, "take_profit"),
    ],
)
async def test_what_alpaca_does_not_take_is_refused_in_its_words(
    venue: AlpacaClient, changes: dict[str, str], status: int, code: int, words: str
) -> None:
    found, answer = await venue.place("w1", **changes)
    assert (found, answer["code"]) == (status, code)
    assert words in answer["message"]
    assert not venue.standin.ledger.orders
    assert [post.outcome for post in venue.standin.ledger.posts] == ["refused"]


async def test_a_sub_dollar_price_has_four_decimals_and_a_fraction_is_bought_at_the_market(venue: AlpacaClient) -> None:
    assert (await venue.placed("l1", kind="limit", limit_price="0.1234"))["limit_price"] == "0.1234"
    assert (await venue.placed("m1", qty="0.123456789"))["qty"] == "0.123456789"
    venue.standin.list_asset("BRK.A", fractionable=False)
    assert (await venue.place("m2", symbol="BRK.A", qty="0.5"))[0] == 403


async def test_an_amount_of_money_buys_what_it_buys(venue: AlpacaClient) -> None:
    body = {"symbol": "SPY", "notional": "50.01", "side": "buy", "type": "market", "time_in_force": "day"}
    status, answer = await venue.ask("POST", "orders", body)
    assert (status, answer["qty"], answer["notional"]) == (200, None, "50.01")
    assert venue.standin.ledger.position("SPY") == Decimal("0.5")


async def test_an_order_that_could_trade_with_an_own_one_is_a_wash_trade(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    await venue.placed("s1", "sell", "limit", limit_price="105")
    status, answer = await venue.place("b2", kind="limit", limit_price="105")
    assert (status, answer["existing_order_id"]) == (403, venue.standin.order("s1").order_id)
    assert (await venue.place("b3", kind="limit", limit_price="104.99"))[0] == 200

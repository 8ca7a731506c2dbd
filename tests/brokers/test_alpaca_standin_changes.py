"""The stand-in changes, cancels, pairs and lists orders as Alpaca does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_client import AlpacaClient, at_alpaca

PAIR: dict[str, Any] = {"take_profit": {"limit_price": "105"}, "stop_loss": {"stop_price": "95"}}


@pytest.fixture
async def venue() -> AsyncIterator[AlpacaClient]:
    async with at_alpaca(AlpacaStandin(clock=FakeClock(), contract=not openapi.missing())) as client:
        yield client
        client.standin.ledger._check_sums()


def _prices(client: AlpacaClient, client_id: str) -> list[str]:
    order = client.standin.order(client_id)
    return [str(one.price) for one in client.standin.ledger.of_order(order.order_id)]


# --- Changing ---------------------------------------------------------------------------------------------------------


async def test_a_replace_is_a_new_order_that_names_the_old_one(venue: AlpacaClient) -> None:
    old = await venue.placed("l1", kind="limit", limit_price="95")
    status, new = await venue.ask("PATCH", f"orders/{old['id']}", {"limit_price": "96", "qty": "12"})
    assert (status, new["replaces"], new["limit_price"], new["qty"]) == (200, old["id"], "96", "12")
    assert new["client_order_id"] != "l1"
    before = await venue.get(f"orders/{old['id']}")
    assert (before["status"], before["replaced_by"]) == ("replaced", new["id"])
    assert venue.standin.order("l1").order_id == new["id"]


async def test_a_replace_of_a_part_filled_order_asks_for_the_rest(venue: AlpacaClient) -> None:
    old = await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.fill("l1", 4)
    _, new = await venue.ask("PATCH", f"orders/{old['id']}", {"limit_price": "96"})
    assert (new["qty"], new["filled_qty"]) == ("6", "0")
    assert (await venue.get(f"orders/{old['id']}"))["filled_qty"] == "4"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_done_order_can_be_neither_changed_nor_cancelled(venue: AlpacaClient, method: str) -> None:
    done = await venue.placed("m1")
    body = {"qty": "12"} if method == "PATCH" else None
    assert await venue.ask(method, f"orders/{done['id']}", body) == (
        422,
        {"code": 42210000, "message": 'order is already in "filled" state'},
    )
    missing = "7b08df51-c1ac-453c-99f9-323a5f075f0d"
    status, answer = await venue.ask(method, f"orders/{missing}", body)
    assert (status, answer["code"]) == (404, 40410000)


async def test_a_cancel_can_stay_pending_and_be_overtaken_by_a_fill(venue: AlpacaClient) -> None:
    order = await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.holds_cancels = True
    assert (await venue.ask("DELETE", f"orders/{order['id']}"))[0] == 204
    assert (await venue.get(f"orders/{order['id']}"))["status"] == "pending_cancel"
    assert (await venue.ask("DELETE", f"orders/{order['id']}"))[0] == 422
    venue.standin.price("SPY", "94", "95")
    assert (await venue.get(f"orders/{order['id']}"))["status"] == "filled"


async def test_a_pending_cancel_can_be_refused_and_the_order_works_on(venue: AlpacaClient) -> None:
    order = await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.holds_cancels = True
    await venue.ask("DELETE", f"orders/{order['id']}")
    venue.standin.refuse_cancel("l1")
    assert (await venue.get(f"orders/{order['id']}"))["status"] == "new"


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_pending_replace_comes_true_unless_a_fill_overtakes_it(venue: AlpacaClient, *, overtaken: bool) -> None:
    old = await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.holds_replaces = True
    _, new = await venue.ask("PATCH", f"orders/{old['id']}", {"limit_price": "96"})
    assert (new["status"], (await venue.get(f"orders/{old['id']}"))["status"]) == ("pending_new", "pending_replace")
    if overtaken:
        venue.standin.price("SPY", "94", "94.02")
    else:
        venue.standin.settle_replace("l1")
    found = [(await venue.get(f"orders/{one}"))["status"] for one in (old["id"], new["id"])]
    assert found == (["filled", "rejected"] if overtaken else ["replaced", "new"])


async def test_a_suspended_order_trades_only_when_it_works_again(venue: AlpacaClient) -> None:
    await venue.placed("l1", kind="limit", limit_price="95")
    venue.standin.set_status("l1", "suspended")
    venue.standin.price("SPY", "94", "94.02")
    assert not _prices(venue, "l1")
    venue.standin.set_status("l1", "new")
    venue.standin.price("SPY", "94", "94.02")
    assert _prices(venue, "l1") == ["94.02"]


async def test_cancelling_everything_answers_for_each(venue: AlpacaClient) -> None:
    names = [await venue.placed(name, kind="limit", limit_price="95") for name in ("a", "b")]
    status, answer = await venue.ask("DELETE", "orders")
    assert (status, [one["id"] for one in answer]) == (207, [one["id"] for one in names])
    assert not await venue.get("orders")


# --- Pairs and brackets -----------------------------------------------------------------------------------------------


async def _exits(venue: AlpacaClient, parent: str) -> dict[str, Any]:
    order = await venue.get(f"orders/{parent}?nested=true")
    return {leg["type"]: leg for leg in order["legs"]}


async def test_the_exits_of_a_bracket_wait_for_its_entry(venue: AlpacaClient) -> None:
    order = await venue.placed("b1", kind="limit", limit_price="99", order_class="bracket", **PAIR)
    assert {leg["status"] for leg in (await _exits(venue, order["id"])).values()} == {"held"}
    venue.standin.price("SPY", "98.98", "99")
    exits = await _exits(venue, order["id"])
    assert (exits["limit"]["status"], exits["stop"]["status"]) == ("new", "held")
    venue.standin.price("SPY", "94", "94.02")
    exits = await _exits(venue, order["id"])
    assert (exits["limit"]["status"], exits["stop"]["status"]) == ("canceled", "filled")
    assert venue.standin.ledger.position("SPY") == 0


async def test_a_cancelled_entry_takes_its_exits_along(venue: AlpacaClient) -> None:
    order = await venue.placed("b1", kind="limit", limit_price="99", order_class="bracket", **PAIR)
    await venue.ask("DELETE", f"orders/{order['id']}")
    assert {leg["status"] for leg in (await _exits(venue, order["id"])).values()} == {"canceled"}


@pytest.mark.parametrize(("level", "parent", "leg"), [("105", "filled", "canceled"), ("95", "canceled", "filled")])
async def test_one_exit_of_a_pair_ends_the_other(venue: AlpacaClient, level: str, parent: str, leg: str) -> None:
    await venue.placed("b1")
    order = await venue.placed("o1", "sell", "limit", order_class="oco", time_in_force="gtc", **PAIR)
    assert (order["limit_price"], order["legs"][0]["stop_price"]) == ("105", "95")
    assert (await venue.get("positions/SPY"))["qty_available"] == "0"
    venue.standin.price("SPY", level, level)
    found = await venue.get(f"orders/{order['id']}?nested=true")
    assert (found["status"], found["legs"][0]["status"]) == (parent, leg)
    assert venue.standin.ledger.position("SPY") == 0


async def test_what_one_exit_sold_the_other_no_longer_sells(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    order = await venue.placed("o1", "sell", "limit", order_class="oco", **PAIR)
    venue.standin.price("SPY", "105", "105.02", size=4)
    assert (await _exits(venue, order["id"]))["stop"]["qty"] == "6"
    venue.standin.price("SPY", "94", "94.02")
    assert venue.standin.ledger.position("SPY") == 0


async def test_a_replaced_target_keeps_its_stop(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    order = await venue.placed("o1", "sell", "limit", order_class="oco", **PAIR)
    _, new = await venue.ask("PATCH", f"orders/{order['id']}", {"limit_price": "106"})
    venue.standin.price("SPY", "94", "94.02")
    found = await venue.get(f"orders/{new['id']}?nested=true")
    assert (found["status"], found["legs"][0]["status"]) == ("canceled", "filled")


# --- Listing ----------------------------------------------------------------------------------------------------------


async def test_orders_are_listed_by_status_time_and_number(venue: AlpacaClient) -> None:
    clock = venue.standin.clock
    assert isinstance(clock, FakeClock)
    orders = []
    for name in ("a", "b", "c"):
        orders.append(await venue.placed(name, kind="limit", limit_price="95"))
        clock.move(60)
    venue.standin.fill("b")

    async def listed(query: str) -> list[str]:
        return [one["client_order_id"] for one in await venue.get(f"orders?{query}")]

    assert await listed("") == ["c", "a"]
    assert await listed("status=closed") == ["b"]
    assert await listed("status=all&direction=asc") == ["a", "b", "c"]
    assert await listed("status=all&limit=2") == ["c", "b"]
    assert await listed(f"status=all&after={orders[0]['submitted_at']}") == ["c", "b"]
    assert await listed(f"status=all&until={orders[1]['submitted_at']}") == ["a"]
    assert await listed("status=all&symbols=AAPL") == []


async def test_legs_are_listed_below_their_order_only_when_nested(venue: AlpacaClient) -> None:
    order = await venue.placed("b1", kind="limit", limit_price="99", order_class="bracket", **PAIR)
    flat, nested = await venue.get("orders"), await venue.get("orders?nested=true")
    assert (len(flat), {one["legs"] is None for one in flat}) == (3, {True})
    assert [(one["id"], len(one["legs"])) for one in nested] == [(order["id"], 2)]


async def test_the_end_of_the_day_expires_day_orders_only(venue: AlpacaClient) -> None:
    await venue.placed("day", kind="limit", limit_price="95")
    await venue.placed("gtc", kind="limit", limit_price="95", time_in_force="gtc")
    venue.standin.end_of_day()
    assert [venue.standin.order(name).status for name in ("day", "gtc")] == ["expired", "new"]


async def test_a_closed_market_takes_orders_and_fills_them_when_it_opens(venue: AlpacaClient) -> None:
    venue.standin.close_market()
    assert (await venue.placed("m1"))["status"] == "accepted"
    assert not _prices(venue, "m1")
    venue.standin.open_market()
    assert _prices(venue, "m1") == ["100.02"]


async def test_a_split_multiplies_shares_and_cancels_orders(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    await venue.placed("s1", "sell", "limit", limit_price="105")
    venue.standin.split("SPY", 4)
    held = await venue.get("positions/SPY")
    assert (held["qty"], held["avg_entry_price"]) == ("40", "25.005")
    assert venue.standin.order("s1").status == "canceled"
    (activity,) = await venue.get("account/activities/SPLIT")
    assert (activity["symbol"], activity["qty"]) == ("SPY", "30")


async def test_a_busted_trade_is_taken_back(venue: AlpacaClient) -> None:
    await venue.placed("b1")
    (one,) = venue.standin.ledger.executions
    venue.standin.bust(one.execution_id)
    assert await venue.get("account/activities/FILL") == []
    assert await venue.get("positions") == []
    assert (await venue.get("account"))["cash"] == "100000"

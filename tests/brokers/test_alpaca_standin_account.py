"""The stand-in's account, clock, calendar and market data, and what the official document says of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import aiohttp
import pytest

from tests.brokers.rig import within
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_client import AlpacaClient, at_alpaca
from tests.helpers.standins.alpaca_wire import moment

MONDAY = moment("2026-11-23T15:00:00Z")  # 10:00 in New York
needs_documents = pytest.mark.skipif(bool(openapi.missing()), reason=openapi.missing())


@pytest.fixture
async def venue() -> AsyncIterator[AlpacaClient]:
    standin = AlpacaStandin(clock=FakeClock(MONDAY), contract=not openapi.missing())
    async with at_alpaca(standin) as client:
        yield client


async def test_executions_are_listed_newest_first_and_page_by_page(venue: AlpacaClient) -> None:
    clock = venue.standin.clock
    assert isinstance(clock, FakeClock)
    for number in range(5):
        clock.move(1)
        await venue.placed(f"m{number}", qty=str(number + 1))
    pages, token = [], ""
    while page := await venue.get(f"account/activities/FILL?page_size=2&page_token={token}"):
        pages.append([one["qty"] for one in page])
        token = page[-1]["id"]
    assert pages == [["5", "4"], ["3", "2"], ["1"]]
    after = "2026-11-23T15:00:03Z"
    rising = await venue.get(f"account/activities/FILL?direction=asc&after={after}")
    assert [one["qty"] for one in rising] == ["4", "5"]
    stamp, _, name = rising[0]["id"].partition("::")
    assert (stamp, name) == ("20261123100004000", venue.standin.ledger.executions[3].execution_id)


async def test_the_clock_knows_weekends_holidays_and_early_closes(venue: AlpacaClient) -> None:
    venue.standin.holidays.add(date(2026, 11, 26))
    venue.standin.early_closes[date(2026, 11, 27)] = "13:00"
    assert (await venue.get("clock"))["next_close"] == "2026-11-23T16:00:00-05:00"
    days = await venue.get("calendar?start=2026-11-25&end=2026-11-30")
    assert [(one["date"], one["close"]) for one in days] == [
        ("2026-11-25", "16:00"),
        ("2026-11-27", "13:00"),
        ("2026-11-30", "16:00"),
    ]
    assert days[0]["settlement_date"] == "2026-11-27"


async def test_an_asset_says_whether_it_is_tradable_and_divisible(venue: AlpacaClient) -> None:
    venue.standin.list_asset("OLD", tradable=False, fractionable=False)
    asset = await venue.get("assets/OLD")
    assert (asset["tradable"], asset["fractionable"], asset["status"]) == (False, False, "inactive")
    assert (await venue.ask("GET", "assets/NOSUCH"))[0] == 404


async def test_the_rate_limit_is_told_in_headers_and_then_kept(venue: AlpacaClient) -> None:
    venue.standin.rate_limit = 2
    await venue.get("account")
    assert (venue.headers["X-RateLimit-Limit"], venue.headers["X-RateLimit-Remaining"]) == ("2", "1")
    await venue.get("account")
    status, answer = await venue.ask("GET", "account")
    assert (status, answer["code"], venue.headers["Retry-After"]) == (429, 42910000, "1")


async def test_wrong_credentials_are_refused_in_both_ways_alpaca_has(venue: AlpacaClient) -> None:
    venue.standin.revoke()
    status, answer = await venue.ask("GET", "account")
    assert (status, answer["code"]) == (401, 40110000)
    venue.standin.refusal = 403
    assert await venue.ask("GET", "account") == (403, {"message": "forbidden."})
    venue.standin.restore()
    assert (await venue.get("account"))["status"] == "ACTIVE"


# --- Market data ------------------------------------------------------------------------------------------------------


async def test_bars_come_page_by_page(venue: AlpacaClient) -> None:
    rows = [(MONDAY + n * 60_000_000, "100", "101", "99", "100.5", 10 + n) for n in range(5)]
    venue.standin.data.add_bars("SPY", "1Min", rows)
    query = "stocks/SPY/bars?timeframe=1Min&start=2026-11-23T15:01:00Z&end=2026-11-23T15:09:00Z&limit=3"
    first = await venue.get(query)
    rest = await venue.get(f"{query}&page_token={first['next_page_token']}")
    assert [one["v"] for one in first["bars"] + rest["bars"]] == [11, 12, 13, 14]
    assert rest["next_page_token"] is None
    assert (await venue.ask("GET", "stocks/NOSUCH/bars?timeframe=1Min"))[0] == 400


async def test_the_latest_quote_is_the_price_of_the_venue(venue: AlpacaClient) -> None:
    quote = (await venue.get("stocks/SPY/quotes/latest"))["quote"]
    assert (quote["bp"], quote["ap"]) == (100.0, 100.02)
    assert list((await venue.get("stocks/quotes/latest?symbols=SPY,QQQ"))["quotes"]) == ["SPY"]


async def _said(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    (message,) = json.loads((await within(socket.receive())).data)
    return dict(message)


async def _data_stream(venue: AlpacaClient, plan: str = "iex", secret: str = "") -> tuple[Any, dict[str, Any]]:
    socket = await venue.session.ws_connect(f"{venue.standin.url}/v2/{plan}")
    assert (await _said(socket))["msg"] == "connected"
    secret = secret or venue.standin.secret
    await socket.send_json({"action": "auth", "key": venue.standin.key_id, "secret": secret})
    return socket, await _said(socket)


async def test_quotes_trades_bars_and_halts_are_streamed_to_who_asked(venue: AlpacaClient) -> None:
    socket, answer = await _data_stream(venue)
    assert answer == {"T": "success", "msg": "authenticated"}
    await socket.send_json({"action": "subscribe", "quotes": ["SPY"], "trades": ["*"], "statuses": ["SPY"]})
    assert (await _said(socket))["quotes"] == ["SPY"]
    venue.standin.price("QQQ", "400", "400.02")  # not asked for
    venue.standin.price("SPY", "101", "101.02")
    venue.standin.trade("QQQ", "400.01")
    venue.standin.halt("SPY")
    said = [await _said(socket) for _ in range(3)]
    assert [(one["T"], one["S"]) for one in said] == [("q", "SPY"), ("t", "QQQ"), ("s", "SPY")]
    assert (said[0]["bp"], said[2]["sc"]) == (101.0, "H")
    await socket.close()


async def test_the_data_stream_refuses_with_its_codes(venue: AlpacaClient) -> None:
    socket, _ = await _data_stream(venue)
    assert (await _data_stream(venue))[1]["code"] == 406
    assert (await _data_stream(venue, "sip"))[1]["code"] == 409
    assert (await _data_stream(venue, secret="wrong"))[1]["code"] == 402
    await socket.send_json({"action": "subscribe", "quotes": [f"S{n}" for n in range(31)]})
    assert (await _said(socket))["code"] == 405
    await socket.send_json({"action": "dance"})
    assert (await _said(socket))["code"] == 400


# --- The document -----------------------------------------------------------------------------------------------------


@needs_documents
async def test_every_path_that_is_asked_here_was_compared_with_the_document(venue: AlpacaClient) -> None:
    order = await venue.placed("l1", kind="limit", limit_price="95")
    await venue.placed("m1")
    await venue.ask("PATCH", f"orders/{order['id']}", {"limit_price": "96"})
    for path in ("account", "positions", "orders?status=all&nested=true", "account/activities/FILL", "assets"):
        await venue.get(path)
    await venue.ask("DELETE", "orders")
    assert venue.standin.contract is not None
    assert set(venue.standin.contract.checked) == {
        "POST /v2/orders",
        "PATCH /v2/orders/{order_id}",
        "DELETE /v2/orders",
        "GET /v2/account",
        "GET /v2/positions",
        "GET /v2/orders",
        "GET /v2/account/activities/{activity_type}",
        "GET /v2/assets",
    }


@needs_documents
async def test_what_departs_from_the_document_is_found(venue: AlpacaClient, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = venue.standin.contract
    assert contract is not None
    await venue.placed("n1", qty=10, kind="limit", limit_price="95", colour="red")  # a number, and an unknown field
    await venue.get("orders?status=open&flavour=sweet")
    monkeypatch.setattr(
        "tests.helpers.standins.alpaca_account.asset_json", lambda asset: {"id": "not-a-uuid", "exchange": "MOON"}
    )
    await venue.get("assets/SPY")
    found = "\n".join(contract.violations)
    for words in (
        "$.qty: 10 is not of type 'string'",
        "colour",
        "flavour",
        "'MOON'",
        "'symbol' is a required",
        "'uuid'",
    ):
        assert words in found
    contract.violations.clear()

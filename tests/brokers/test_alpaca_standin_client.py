"""A client that is not ours drives the stand-in: what it understands is Alpaca, not our idea of it."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from tests.brokers.rig import within
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.alpaca_wire import when

# The library imports a part of websockets that says it is deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _client(standin: AlpacaStandin) -> Any:
    from alpaca.trading.client import TradingClient

    return TradingClient(standin.key_id, standin.secret, paper=True, url_override=standin.url)


def _limit(client_id: str, side: str = "buy", price: float = 95.0, quantity: int = 10) -> Any:
    from alpaca.trading.enums import OrderSide, TimeInForce
    from alpaca.trading.requests import LimitOrderRequest

    return LimitOrderRequest(
        symbol="SPY",
        qty=quantity,
        side=OrderSide(side),
        time_in_force=TimeInForce.GTC,
        limit_price=price,
        client_order_id=client_id,
    )


def _market(client_id: str, quantity: float = 10) -> Any:
    from alpaca.trading.enums import OrderSide, TimeInForce
    from alpaca.trading.requests import MarketOrderRequest

    return MarketOrderRequest(
        symbol="SPY", qty=quantity, side=OrderSide.BUY, time_in_force=TimeInForce.DAY, client_order_id=client_id
    )


async def _run(function: Any, *args: Any) -> Any:
    return await within(asyncio.to_thread(function, *args))


async def test_another_client_places_finds_lists_replaces_and_cancels_an_order() -> None:
    from alpaca.trading.enums import QueryOrderStatus
    from alpaca.trading.requests import GetOrdersRequest, ReplaceOrderRequest

    async with AlpacaStandin() as standin:
        client = _client(standin)
        standin.price("SPY", "100.00", "100.02")
        placed = await _run(client.submit_order, _limit("mine-1"))
        assert (await _run(client.get_order_by_client_id, "mine-1")).id == placed.id
        assert [one.id for one in await _run(client.get_orders, GetOrdersRequest(status=QueryOrderStatus.OPEN))] == [
            placed.id
        ]
        replaced = await _run(client.replace_order_by_id, placed.id, ReplaceOrderRequest(limit_price=96.0))
        assert (replaced.replaces, replaced.limit_price) == (placed.id, "96")
        assert (await _run(client.get_order_by_id, placed.id)).replaced_by == replaced.id
        await _run(client.cancel_order_by_id, replaced.id)
        assert (await _run(client.get_order_by_id, replaced.id)).status.value == "canceled"
        assert not list(standin.ledger.working())


async def test_another_client_reads_account_positions_assets_and_clock() -> None:
    async with AlpacaStandin(cash=50_000) as standin:
        client = _client(standin)
        standin.price("SPY", "100.00", "100.02")
        await _run(client.submit_order, _market("mine-1", 2.5))
        account, (held,) = await _run(client.get_account), await _run(client.get_all_positions)
        assert Decimal(account.cash) == 50_000 - Decimal("2.5") * Decimal("100.02")
        assert (held.symbol, held.qty, held.avg_entry_price) == ("SPY", "2.5", "100.02")
        assert (await _run(client.get_asset, "SPY")).fractionable
        assert (await _run(client.get_clock)).is_open
        assert (await _run(client.get_calendar))[0].open.hour == 9


async def test_another_client_understands_the_refusals() -> None:
    from alpaca.common.exceptions import APIError

    async with AlpacaStandin() as standin:
        client = _client(standin)
        standin.price("SPY", "100.00", "100.02")
        await _run(client.submit_order, _limit("mine-1"))
        for request, status, code, words in (
            (_limit("mine-1"), 422, 40010001, "client_order_id must be unique"),
            (_limit("mine-2", price=95.001), 422, 42210000, "sub-penny"),
            (_limit("mine-3", quantity=100_000), 403, 40310000, "insufficient buying power"),
            (_limit("mine-4", side="sell"), 403, 40310000, "wash trade"),
        ):
            with pytest.raises(APIError) as caught:
                await _run(client.submit_order, request)
            assert (caught.value.status_code, caught.value.code) == (status, code)
            assert words in caught.value.message
        with pytest.raises(APIError) as caught:
            await _run(client.get_order_by_client_id, "never")
        assert (caught.value.status_code, caught.value.code) == (404, 40410000)


async def test_another_client_hears_the_order_stream() -> None:
    from alpaca.trading.stream import TradingStream

    heard: list[Any] = []

    async def hear(update: Any) -> None:
        heard.append(update)
        if update.event == "fill":
            await stream.stop_ws()

    async with AlpacaStandin() as standin:
        stream = TradingStream(standin.key_id, standin.secret, url_override=f"ws://127.0.0.1:{standin.port}/stream")
        stream.subscribe_trade_updates(hear)
        listening = asyncio.ensure_future(asyncio.to_thread(stream.run))
        await within(standin.connected())
        standin.price("SPY", "100.00", "100.02")
        await _run(_client(standin).submit_order, _limit("mine-1"))
        standin.fill("mine-1", 4)
        standin.fill("mine-1")
        await within(listening)
        assert [one.event for one in heard] == ["new", "partial_fill", "fill"]
        assert [str(one.execution_id) for one in heard[1:]] == [one.execution_id for one in standin.ledger.executions]
        assert [(one.qty, one.position_qty) for one in heard[1:]] == [(4, 4), (6, 10)]


async def test_another_client_reads_past_bars_and_the_latest_quote() -> None:
    from alpaca.data.historical import StockHistoricalDataClient
    from alpaca.data.requests import StockBarsRequest, StockLatestQuoteRequest
    from alpaca.data.timeframe import TimeFrame

    async with AlpacaStandin() as standin:
        client = StockHistoricalDataClient(standin.key_id, standin.secret, url_override=standin.url)
        standin.price("SPY", "100.00", "100.02")
        start = 1_700_000_000_000_000 // 60_000_000 * 60_000_000
        rows = [(start + n * 60_000_000, "100", "101", "99", "100.5", 10 + n) for n in range(3)]
        standin.data.add_bars("SPY", "1Min", rows)
        wanted = StockBarsRequest(symbol_or_symbols="SPY", timeframe=TimeFrame.Minute, start=when(start))
        bars = (await _run(client.get_stock_bars, wanted)).data["SPY"]
        assert [(one.timestamp, one.close, one.volume) for one in bars] == [
            (when(at), 100.5, volume) for at, *_, volume in rows
        ]
        latest = await _run(client.get_stock_latest_quote, StockLatestQuoteRequest(symbol_or_symbols="SPY"))
        assert (latest["SPY"].bid_price, latest["SPY"].ask_price) == (100.0, 100.02)


@pytest.mark.skipif(bool(openapi.missing()), reason=openapi.missing())
async def test_what_another_client_is_answered_is_what_the_document_says() -> None:
    async with AlpacaStandin(contract=True) as standin:
        client = _client(standin)
        standin.price("SPY", "100.00", "100.02")
        await _run(client.submit_order, _market("mine-1"))
        await _run(client.get_all_positions)
        await _run(client.get_account)
        assert standin.contract is not None
        # It sends numbers where the document has strings; only what it is answered is looked at here.
        assert not [one for one in standin.contract.violations if " request: " not in one]
        standin.contract.violations.clear()

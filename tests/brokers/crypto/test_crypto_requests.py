"""What goes out to the exchanges that have no stand-in of their accounts: our id, exact numbers, one request."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from desktop.brokers.crypto.broker import CryptoBroker
from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import BrokerFault, OrderRefused
from desktop.domain.orders import SINGLE_KINDS, Order, OrderKind, OrderStatus, Purpose, Side
from tests.brokers.crypto.pausing import at_once
from tests.brokers.rig import Heard
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.crypto_public import CoinbaseStandin, KrakenStandin, OkxStandin

D = Decimal
STANDINS: dict[str, tuple[type[Any], str]] = {
    "kraken": (KrakenStandin, "BTC/USD"),
    "coinbase": (CoinbaseStandin, "BTC/USD"),
    "okx": (OkxStandin, "BTC/USDT"),
}
ID = "0123456789abcdef01234567-12"


class Wire:
    """An adapter whose private requests are kept and answered from a table."""

    def __init__(self, name: str, broker: CryptoBroker, symbol: str) -> None:
        self.name, self.broker, self.symbol = name, broker, symbol
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}

    async def open(self) -> None:
        exchange: Any = await self.broker._ready()
        exchange.fetch = self._fetch

    async def _fetch(self, url: str, method: str = "GET", _: Any = None, body: str | None = None) -> Any:
        path, _, query = url.partition("?")
        text = body or query
        held = json.loads(text) if text.startswith(("{", "[")) else dict(parse_qsl(text))
        self.sent.append((method, path.rpartition("/")[2], held[0] if isinstance(held, list) else held))
        for end, answer in self.answers.items():
            if path.endswith(end):
                return answer
        raise ConnectionError("the line broke")

    def order(self, kind: OrderKind, side: Side) -> Order:
        limit = D("60000.10") if kind in {OrderKind.LIMIT, OrderKind.STOP_LIMIT} else None
        stop = D("59000.00") if kind in {OrderKind.STOP, OrderKind.STOP_LIMIT} else None
        purpose = Purpose.ENTRY if side is Side.BUY else Purpose.CLOSE
        return Order(
            ID, "s", "a", self.symbol, side, kind, purpose, D("0.12345"), 12, 0, limit_price=limit, stop_price=stop
        )


@pytest.fixture(params=STANDINS)
async def wire(request: pytest.FixtureRequest) -> AsyncIterator[Wire]:
    kind, symbol = STANDINS[request.param]
    async with kind(clock=FakeClock()) as standin:
        secret = base64.b64encode(b"s" * 32).decode()
        broker = CryptoBroker(
            AccountRef(request.param, "main"),
            exchange=request.param,
            key="k" * 30,
            secret=secret,
            password="p",
            clock=FakeClock(),
            url=standin.url,
            pause=at_once,
        )
        found = Wire(request.param, broker, symbol)
        await found.open()
        yield found
        await broker.stop()


def flat(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's fields, those of inner objects too."""
    found: dict[str, Any] = {}
    for key, value in held.items():
        found.update(flat(value) if isinstance(value, dict) else {key: value})
    return found


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("kind", SINGLE_KINDS)
async def test_an_order_goes_out_once_under_our_id_with_exact_numbers(wire: Wire, kind: OrderKind, side: Side) -> None:
    with pytest.raises(BrokerFault) as caught:
        await wire.broker.submit(wire.order(kind, side))

    bought_by_money = wire.name == "coinbase" and kind is OrderKind.MARKET and side is Side.BUY
    if kind not in wire.broker.abilities.kinds or bought_by_money:
        assert isinstance(caught.value, OrderRefused)
        assert not wire.sent
        return
    [(method, _, held)] = wire.sent
    fields = flat(held)
    ids = {"kraken": "01234567-89ab-cdef-0123-456700000012", "okx": "0123456789abcdef01234567x12", "coinbase": ID}
    names = {"kraken": ("cl_ord_id", "volume"), "okx": ("clOrdId", "sz"), "coinbase": ("client_order_id", "base_size")}
    name, amount = names[wire.name]
    assert method == "POST"
    assert fields[name] == ids[wire.name]
    assert fields[amount] == "0.12345"
    assert not [value for value in fields.values() if isinstance(value, float)]
    prices = {str(value) for value in fields.values()}
    assert (kind not in {OrderKind.LIMIT, OrderKind.STOP_LIMIT}) or "60000.1" in prices
    assert (kind not in {OrderKind.STOP, OrderKind.STOP_LIMIT}) or "59000" in prices


async def test_a_cancel_names_the_order_by_the_id_of_the_exchange(wire: Wire) -> None:
    wire.broker._book.named("X-1", ID)

    with pytest.raises(BrokerFault):
        await wire.broker.cancel(wire.order(OrderKind.LIMIT, Side.BUY))

    assert "X-1" in json.dumps(wire.sent[0][2])


async def test_a_word_of_a_stream_that_is_not_whole_is_the_occasion_to_read_the_order() -> None:
    kind, symbol = STANDINS["okx"]
    async with kind(clock=FakeClock()) as standin:
        broker = CryptoBroker(
            AccountRef("okx", "main"),
            exchange="okx",
            key="k",
            secret="s",
            password="p",
            clock=FakeClock(),
            url=standin.url,
            pause=at_once,
        )
        wire = Wire("okx", broker, symbol)
        await wire.open()
        row = {"instId": "BTC-USDT", "instType": "SPOT", "ordId": "7", "clOrdId": "0123456789abcdef01234567x12"}
        row |= {"side": "buy", "ordType": "limit", "px": "60000.1", "sz": "0.5", "accFillSz": "0.5", "avgPx": "60000"}
        row |= {"state": "filled", "cTime": "1700000000000", "uTime": "1700000001000", "tgtCcy": "base_ccy"}
        trade = {"instId": "BTC-USDT", "instType": "SPOT", "ordId": "7", "tradeId": "9", "side": "buy"}
        trade |= {"fillPx": "60000", "fillSz": "0.5", "fee": "-0.0005", "feeCcy": "BTC", "ts": "1700000001000"}
        wire.answers = {"/trade/order": {"code": "0", "data": [row]}, "fills-history": {"code": "0", "data": [trade]}}
        heard = broker._hearing.listener = Heard()

        broker._hearing.on_order({"id": "7", "symbol": symbol})
        broker._hearing.on_order({"id": "7", "symbol": symbol})
        await broker._hearing.settled()

        assert heard.statuses(ID)[-1] is OrderStatus.FILLED
        [fill] = heard.fills(ID)
        assert (fill.quantity, fill.price, fill.fee) == (D("0.4995"), D(60_000), D(30))
        assert fill.cash_flow == -30_000
        await broker.stop()

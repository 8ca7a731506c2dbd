"""The public half of the stand-in of Binance: markets, candles, quotes and prints over the exchange's own sockets."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from tests.helpers.standins.base import Channel, Now, Number, Standin
from tests.helpers.standins.crypto_pairs import PAIRS, PairFacts, candles, text

MS = 1_000  # µs
INTERVALS = {"1s": 1, "1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "2h": 7200, "4h": 14400} | {
    "6h": 21600, "8h": 28800, "12h": 43200, "1d": 86400
}  # fmt: skip
TRADED = {symbol: pair for symbol, pair in PAIRS.items() if pair.quote == "USDT"}
BY_ID = {f"{pair.base}{pair.quote}": pair for pair in TRADED.values()}


class BinanceMarket(Standin):
    """Prices, and what else needs no key; what a test does with it stands in crypto.py."""

    def __init__(self, *, cash: Number = 100_000, clock: Now | None = None, ledger: Path | None = None) -> None:
        super().__init__(cash=cash, clock=clock, ledger=ledger)
        self.lists_from = 0
        self.broken = 0
        self.asked_public: list[str] = []
        self._prints = itertools.count(1)

    def add_routes(self, app: web.Application) -> None:
        add = app.router.add_route
        add("GET", "/api/v3/exchangeInfo", self._exchange_info)
        add("GET", "/api/v3/klines", self._klines)
        add("GET", "/api/v3/ticker/24hr", self._day_tickers)
        add("GET", "/stream/ws/{tail:.*}", self._public_stream)

    # --- What a test does ---------------------------------------------------------------------------------------------

    def tape(self, symbol: str, price: Number, size: Number) -> None:
        pair, at = PAIRS[symbol], self.clock.now() // MS
        print_ = {
            "e": "trade",
            "E": at,
            "s": pair.base + pair.quote,
            "t": next(self._prints),
            "p": text(Decimal(price)),
        }
        self.emit("data", print_ | {"q": text(Decimal(size)), "T": at, "m": False, "M": True}, ("trade", symbol))

    def quoted(self, symbol: str) -> None:
        price = self.venue.prices[symbol]
        self.emit("data", self._book(PAIRS[symbol], price.bid, price.ask), ("bookTicker", symbol))

    # --- Public -------------------------------------------------------------------------------------------------------

    async def _exchange_info(self, request: web.Request) -> web.Response:
        self.asked_public.append(request.path_qs)
        self.touch()
        if self.broken:
            return _out_of_order(self.broken)
        return web.json_response({"timezone": "UTC", "symbols": [_symbol(pair) for pair in TRADED.values()]})

    async def _klines(self, request: web.Request) -> web.Response:
        self.asked_public.append(request.path_qs)
        self.touch()
        if self.broken:
            return _out_of_order(self.broken)
        asked = fields_of(request.query_string)
        pair, length = BY_ID[asked["symbol"]], INTERVALS[asked["interval"]] * 1_000_000
        limit, now = int(asked.get("limit", 500)), self.clock.now()
        begin = int(asked["startTime"]) * MS if "startTime" in asked else now - limit * length
        rows = itertools.islice(candles(pair, length, begin, now, first=self.lists_from), limit)
        return web.json_response(
            [
                [row.start // MS, *map(str, row[1:6]), (row.start + length) // MS - 1, "0", 7, "0", "0", "0"]
                for row in rows
            ]
        )

    async def _day_tickers(self, request: web.Request) -> web.Response:
        wanted = json.loads(request.query["symbols"])
        rows = []
        for pair_id in wanted:
            price = self.venue.prices.get(BY_ID[pair_id].symbol)
            if price is not None:
                sides = {"bidPrice": text(price.bid), "askPrice": text(price.ask), "lastPrice": text(price.bid)}
                rows.append({"symbol": pair_id} | sides | {"openTime": 0, "closeTime": self.clock.now() // MS})
        return web.json_response(rows)

    async def _public_stream(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, "data", self._hear_public)

    def _hear_public(self, channel: Channel, message: Any) -> None:
        for name in message.get("params", []):
            pair_id, _, topic = name.partition("@")
            symbol = BY_ID[pair_id.upper()].symbol
            topics = channel.topics.setdefault(topic, set())
            (topics.add if message["method"] == "SUBSCRIBE" else topics.discard)(symbol)
        channel.listening = True
        channel.say({"result": None, "id": message["id"]})
        for name in message.get("params", []):
            symbol = BY_ID[name.partition("@")[0].upper()].symbol
            if name.endswith("@bookTicker") and symbol in self.venue.prices and not self.silent:  # real books move soon
                price = self.venue.prices[symbol]
                channel.say(self._book(PAIRS[symbol], price.bid, price.ask))

    def _book(self, pair: PairFacts, bid: Decimal, ask: Decimal) -> dict[str, Any]:
        sizes = {"B": "3.00000000", "A": "2.00000000"}
        return {"u": next(self._prints), "s": pair.base + pair.quote, "b": text(bid), "a": text(ask)} | sizes


def fields_of(query: str) -> dict[str, str]:
    """Return the fields of a query."""
    return {name: values[-1] for name, values in parse_qs(query).items()}


def refusal(code: int, message: str, status: int = 400) -> web.Response:
    """Return an error as the exchange says it."""
    body = json.dumps({"code": code, "msg": message})
    return web.Response(text=body, status=status, content_type="application/json")


def _out_of_order(status: int) -> web.Response:
    if status == 451:
        return refusal(0, "Service unavailable from a restricted location according to 'b. Eligibility'.", 451)
    return refusal(-1000, "Under maintenance.", status)


def _symbol(pair: PairFacts) -> dict[str, Any]:
    return {
        "symbol": pair.base + pair.quote,
        "status": "TRADING",
        "baseAsset": pair.base,
        "baseAssetPrecision": 8,
        "quoteAsset": pair.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT"],
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": text(pair.tick)},
            {"filterType": "LOT_SIZE", "minQty": text(pair.lot), "maxQty": "9000.00", "stepSize": text(pair.lot)},
            {"filterType": "NOTIONAL", "minNotional": text(pair.minimum_notional), "applyMinToMarket": True},
        ],
        "permissionSets": [["SPOT"]],
        "permissions": [],
    }

"""Stand-ins of the public market data of Kraken, Coinbase and OKX: markets, candles, quotes and prints; no account."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.helpers.standins.base import Channel, Execution, Number, Standin, StandinOrder
from tests.helpers.standins.crypto_pairs import PAIRS, SECOND, PairFacts, candles, text

MS = 1_000  # µs
_DOLLARS = [pair for pair in PAIRS.values() if pair.quote == "USD"]
_TETHERS = [pair for pair in PAIRS.values() if pair.quote == "USDT"]


class PublicStandin(Standin):
    """What the three share; `lists_from` is when the pairs were listed, `asked_public` what was asked for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lists_from = 0
        self.asked_public: list[str] = []
        self.prints = itertools.count(1)

    def where(self, request: web.Request) -> str:
        self.asked_public.append(request.path_qs)
        return ""

    def authorised(self, request: web.Request) -> bool:
        return request is not None

    def client_id_of(self, request: web.Request, body: bytes) -> str:
        return f"{request.path}{len(body)}"

    def error(self, status: int, message: str = "") -> web.Response:
        return web.json_response({"error": [message]}, status=status)

    def announce(self, event: str, order: StandinOrder, execution: Execution | None) -> None:
        """Nobody has orders here."""

    def tape(self, symbol: str, price: Number, size: Number) -> None:
        """Say one print."""
        self.emit("data", self.print_message(PAIRS[symbol], Decimal(price), Decimal(size)), ("trades", symbol))

    def quoted(self, symbol: str) -> None:
        self.emit("data", self.quote_message(symbol), ("quotes", symbol))

    def want(self, channel: Channel, kind: str, symbol: str) -> None:
        """Take a subscription and say where the market stands."""
        channel.listening = True
        channel.topics.setdefault(kind, set()).add(symbol)
        if kind == "quotes" and symbol in self.venue.prices:
            channel.say(self.quote_message(symbol))

    def rows(self, pair: PairFacts, length: int, begin: int, end: int) -> list[Any]:
        """Return the candles of a pair that begin in [begin, end), none from the future."""
        return list(candles(pair, length, begin, min(end, self.clock.now()), first=self.lists_from))

    def quote_message(self, symbol: str) -> Any:
        raise NotImplementedError

    def print_message(self, pair: PairFacts, price: Decimal, size: Decimal) -> Any:
        raise NotImplementedError

    def stamp(self) -> str:
        return datetime.fromtimestamp(self.clock.now() / SECOND, UTC).isoformat().replace("+00:00", "Z")


class KrakenStandin(PublicStandin):
    """Kraken: REST under /0/public, WebSocket version 2; the last 720 candles and no more."""

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/0/public/AssetPairs", self._pairs)
        app.router.add_get("/0/public/OHLC", self._candles)
        app.router.add_get("/ws/v2", self._socket)

    async def _pairs(self, _: web.Request) -> web.Response:
        return web.json_response({"error": [], "result": {_kraken_id(pair): _kraken_pair(pair) for pair in _DOLLARS}})

    async def _candles(self, request: web.Request) -> web.Response:
        pair = next(item for item in _DOLLARS if _kraken_id(item) == request.query["pair"])
        length, now = int(request.query["interval"]) * 60 * SECOND, self.clock.now()
        begin = max(int(request.query.get("since", 0)) * SECOND + 1, now - 720 * length)
        rows = [
            [row.start // SECOND, *map(str, row[1:5]), str(row.close), str(row.volume), 3]
            for row in self.rows(pair, length, begin, now)
        ]
        last = rows[-1][0] if rows else 0
        return web.json_response({"error": [], "result": {_kraken_id(pair): rows, "last": last}})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, "data", self._hear)

    def _hear(self, channel: Channel, message: Any) -> None:
        if message["method"] == "ping":
            channel.say({"method": "pong", "req_id": message.get("req_id")})
            return
        asked = message["params"]
        for symbol in asked["symbol"]:
            result = {"channel": asked["channel"], "symbol": symbol, "snapshot": True}
            channel.say({"method": "subscribe", "result": result, "success": True, "req_id": message["req_id"]})
            self.want(channel, "quotes" if asked["channel"] == "ticker" else "trades", symbol)

    def quote_message(self, symbol: str) -> Any:
        price = self.venue.prices[symbol]
        sides = {"bid": float(price.bid), "bid_qty": 1.5, "ask": float(price.ask), "ask_qty": 2.5}
        day = {"last": float(price.bid), "volume": 2158.3, "vwap": 108894.5, "low": 106824, "high": 111300}
        data = {"symbol": symbol} | sides | day | {"change": -2.9, "change_pct": -2.41}
        return {"channel": "ticker", "type": "update", "data": [data]}

    def print_message(self, pair: PairFacts, price: Decimal, size: Decimal) -> Any:
        what = {"symbol": pair.symbol, "side": "buy", "price": float(price), "qty": float(size), "ord_type": "limit"}
        print_ = what | {"trade_id": next(self.prints), "timestamp": self.stamp()}
        return {"channel": "trade", "type": "update", "data": [print_]}


def _kraken_id(pair: PairFacts) -> str:
    return {"BTC": "XXBTZUSD", "ETH": "XETHZUSD"}.get(pair.base, f"{pair.base}USD")


def _kraken_pair(pair: PairFacts) -> dict[str, Any]:
    base = {"BTC": "XXBT", "ETH": "XETH"}.get(pair.base, pair.base)
    short = "XBT" if pair.base == "BTC" else pair.base
    steps = {"pair_decimals": -int(pair.tick.as_tuple().exponent), "lot_decimals": -int(pair.lot.as_tuple().exponent)}
    return {
        "altname": f"{short}USD",
        "wsname": f"{short}/USD",
        "aclass_base": "currency",
        "base": base,
        "aclass_quote": "currency",
        "quote": "ZUSD",
        "lot": "unit",
        "cost_decimals": 5,
        "lot_multiplier": 1,
        "leverage_buy": [2, 3],
        "leverage_sell": [2, 3],
        "fees": [[0, 0.4], [10000, 0.35]],
        "fees_maker": [[0, 0.25], [10000, 0.2]],
        "ordermin": text(pair.lot),
        "costmin": "0.5",
        "tick_size": text(pair.tick),
        "status": "online",
    } | steps


class CoinbaseStandin(PublicStandin):
    """Coinbase Advanced: REST under /api/v3/brokerage/market; candles by beginning and end, at most 350."""

    _GRAINS: Mapping[str, int] = {"ONE_MINUTE": 60, "FIVE_MINUTE": 300, "FIFTEEN_MINUTE": 900} | {
        "THIRTY_MINUTE": 1800, "ONE_HOUR": 3600, "TWO_HOUR": 7200, "SIX_HOUR": 21600, "ONE_DAY": 86400
    }  # fmt: skip

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/api/v3/brokerage/market/products", self._products)
        app.router.add_get("/api/v3/brokerage/market/products/{product}/candles", self._candles)
        app.router.add_get("/advanced-trade-ws", self._socket)

    async def _products(self, request: web.Request) -> web.Response:
        spot = request.query.get("product_type") != "FUTURE"
        rows = [_coinbase_product(pair) for pair in _DOLLARS] if spot else []
        return web.json_response({"products": rows, "num_products": len(rows)})

    async def _candles(self, request: web.Request) -> web.Response:
        pair = next(item for item in _DOLLARS if f"{item.base}-USD" == request.match_info["product"])
        length = self._GRAINS[request.query["granularity"]] * SECOND
        begin, end = int(request.query["start"]) * SECOND, int(request.query["end"]) * SECOND
        if (end - begin) // length > 350:
            return self.error(400, "number of candles requested should be less than 350")
        rows = [
            {"start": str(row.start // SECOND), "low": str(row.low), "high": str(row.high), "open": str(row.open)}
            | {"close": str(row.close), "volume": str(row.volume)}
            for row in reversed(self.rows(pair, length, begin, end + 1))
        ]
        return web.json_response({"candles": rows})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, "data", self._hear)

    def _hear(self, channel: Channel, message: Any) -> None:
        symbols = [product.replace("-", "/") for product in message["product_ids"]]
        events = [{"subscriptions": {message["channel"]: message["product_ids"]}}]
        channel.say({"channel": "subscriptions", "timestamp": self.stamp(), "sequence_num": 0, "events": events})
        for symbol in symbols:
            self.want(channel, "quotes" if message["channel"] == "ticker" else "trades", symbol)

    def quote_message(self, symbol: str) -> Any:
        price = self.venue.prices[symbol]
        ticker = {"type": "ticker", "product_id": symbol.replace("/", "-"), "price": text(price.bid)} | {
            "best_bid": text(price.bid), "best_bid_quantity": "1.5", "best_ask": text(price.ask),
            "best_ask_quantity": "2.5", "volume_24_h": "16038.2",
        }  # fmt: skip
        return self._said("ticker", {"type": "update", "tickers": [ticker]})

    def print_message(self, pair: PairFacts, price: Decimal, size: Decimal) -> Any:
        print_ = {"trade_id": str(next(self.prints)), "product_id": f"{pair.base}-USD", "price": text(price)}
        print_ |= {"size": text(size), "side": "BUY", "time": self.stamp()}
        return self._said("market_trades", {"type": "update", "trades": [print_]})

    def _said(self, channel: str, event: dict[str, Any]) -> dict[str, Any]:
        envelope = {"channel": channel, "client_id": "", "timestamp": self.stamp(), "sequence_num": next(self.prints)}
        return envelope | {"events": [event]}


def _coinbase_product(pair: PairFacts) -> dict[str, Any]:
    return {
        "product_id": f"{pair.base}-USD",
        "price": str(pair.level),
        "base_increment": text(pair.lot),
        "quote_increment": text(pair.tick),
        "price_increment": text(pair.tick),
        "quote_min_size": "1",
        "quote_max_size": "50000000",
        "base_min_size": text(pair.lot),
        "base_max_size": "1700",
        "base_name": pair.base,
        "quote_name": "US Dollar",
        "is_disabled": False,
        "status": "online",
        "trading_disabled": False,
        "product_type": "SPOT",
        "quote_currency_id": "USD",
        "base_currency_id": pair.base,
        "alias": "",
        "alias_to": [],
    }


class OkxStandin(PublicStandin):
    """OKX: REST under /api/v5, public WebSocket; candles newest first, after and before in ms, at most 300."""

    _BARS: Mapping[str, int] = {"1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1800, "1H": 3600, "2H": 7200} | {
        "4H": 14400, "1Dutc": 86400
    }  # fmt: skip

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/api/v5/public/instruments", self._instruments)
        app.router.add_get("/api/v5/market/candles", self._candles)
        app.router.add_get("/api/v5/market/history-candles", self._candles)
        app.router.add_get("/ws/ws/v5/public", self._socket)

    async def _instruments(self, _: web.Request) -> web.Response:
        return web.json_response({"code": "0", "msg": "", "data": [_okx_instrument(pair) for pair in _TETHERS]})

    async def _candles(self, request: web.Request) -> web.Response:
        pair = next(item for item in _TETHERS if f"{item.base}-USDT" == request.query["instId"])
        length, limit = self._BARS[request.query["bar"]] * SECOND, min(int(request.query.get("limit", 100)), 300)
        begin, end = (int(request.query[name]) * MS for name in ("before", "after"))
        found = [row for row in self.rows(pair, length, begin, end) if begin < row.start < end]
        rows = [[str(row.start // MS), *map(str, row[1:6]), "0", "0", "1"] for row in reversed(found)]
        return web.json_response({"code": "0", "msg": "", "data": rows[:limit]})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, "data", self._hear)

    def _hear(self, channel: Channel, message: Any) -> None:
        for arg in message["args"]:
            channel.say({"event": "subscribe", "arg": arg, "connId": "a4d3ae55"})
            self.want(channel, "quotes" if arg["channel"] == "bbo-tbt" else "trades", arg["instId"].replace("-", "/"))

    def quote_message(self, symbol: str) -> Any:
        price, at = self.venue.prices[symbol], str(self.clock.now() // MS)
        book = {"asks": [[text(price.ask), "2.5", "0", "1"]], "bids": [[text(price.bid), "1.5", "0", "1"]], "ts": at}
        arg = {"channel": "bbo-tbt", "instId": symbol.replace("/", "-")}
        return {"arg": arg, "data": [book | {"seqId": next(self.prints)}]}

    def print_message(self, pair: PairFacts, price: Decimal, size: Decimal) -> Any:
        print_ = {"instId": f"{pair.base}-USDT", "tradeId": str(next(self.prints)), "px": text(price), "sz": text(size)}
        print_ |= {"side": "buy", "ts": str(self.clock.now() // MS), "count": "1"}
        return {"arg": {"channel": "trades", "instId": print_["instId"]}, "data": [print_]}


def _okx_instrument(pair: PairFacts) -> dict[str, Any]:
    return {
        "instType": "SPOT",
        "instId": f"{pair.base}-USDT",
        "baseCcy": pair.base,
        "quoteCcy": "USDT",
        "settleCcy": "",
        "tickSz": text(pair.tick),
        "lotSz": text(pair.lot),
        "minSz": text(pair.lot),
        "maxLmtSz": "9999999999",
        "maxMktSz": "1000000",
        "lever": "10",
        "state": "live",
        "listTime": "1548133413000",
        "uly": "",
        "instFamily": "",
        "ctVal": "",
        "expTime": "",
        "optType": "",
        "stk": "",
    }

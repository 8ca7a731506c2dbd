"""Alpaca's market data: bars and latest quotes over REST, quotes, trades, bars and halts over a stream."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.helpers.standins.alpaca_wire import moment, stamp

if TYPE_CHECKING:
    from tests.helpers.standins.alpaca import AlpacaStandin
    from tests.helpers.standins.base import Channel

KINDS = ("trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds", "corrections", "cancelErrors")
LIMITED_KINDS, CHANNELS = ("trades", "quotes"), 30  # of the free plan


class DataDesk:
    """The routes of market data. `bars`: by (symbol, timeframe as asked for), oldest first, as the wire has them."""

    def __init__(self, standin: AlpacaStandin) -> None:
        self.standin = standin
        self.bars: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._trades = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v2/stocks/bars", self.many_bars)
        app.router.add_get("/v2/stocks/quotes/latest", self.many_quotes)
        app.router.add_get("/v2/stocks/{symbol}/bars", self.one_bars)
        app.router.add_get("/v2/stocks/{symbol}/quotes/latest", self.one_quote)
        app.router.add_get("/v2/{plan:iex|sip}", self._stream)

    def add_bars(self, symbol: str, timeframe: str, rows: list[tuple[int, str, str, str, str, int]]) -> None:
        """Add past bars: start (µs UTC), open, high, low, close, volume."""
        self.bars.setdefault((symbol, timeframe), []).extend(_bar(*row) for row in rows)

    # --- REST ---------------------------------------------------------------------------------------------------------

    async def one_bars(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        page, token = self._page(request, [symbol])
        bars = [bar for _, bar in page]
        return web.json_response({"symbol": symbol, "bars": bars, "next_page_token": token})

    async def many_bars(self, request: web.Request) -> web.Response:
        page, token = self._page(request, request.query.get("symbols", "").split(","))
        bars: dict[str, list[dict[str, Any]]] = {}
        for symbol, bar in page:
            bars.setdefault(symbol, []).append(bar)
        return web.json_response({"bars": bars, "next_page_token": token})

    def _page(self, request: web.Request, symbols: list[str]) -> tuple[list[tuple[str, dict[str, Any]]], str | None]:
        query = request.query
        timeframe = query.get("timeframe", "")
        for symbol in symbols:
            if symbol not in self.standin.assets:
                raise web.HTTPBadRequest(
                    text=f'{{"message": "invalid symbol: {symbol}"}}', content_type="application/json"
                )
        begin = moment(query["start"]) if "start" in query else 0
        end = moment(query["end"]) if "end" in query else self.standin.clock.now()
        found = [(symbol, bar) for symbol in sorted(symbols) for bar in self.bars.get((symbol, timeframe), [])]
        found = [(symbol, bar) for symbol, bar in found if begin <= moment(bar["t"]) <= end]
        if query.get("sort") == "desc":
            found.reverse()
        first = int(base64.b64decode(query["page_token"])) if query.get("page_token") else 0
        last = first + min(int(query.get("limit", 1000)), 10_000)
        token = base64.b64encode(str(last).encode()).decode() if last < len(found) else None
        return found[first:last], token

    async def one_quote(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        quote = self._quote(symbol)
        if quote is None:
            return web.json_response({"message": f"no quote found for {symbol}"}, status=404)
        return web.json_response({"symbol": symbol, "quote": quote})

    async def many_quotes(self, request: web.Request) -> web.Response:
        symbols = request.query.get("symbols", "").split(",")
        quotes = {symbol: self._quote(symbol) for symbol in symbols if symbol in self.standin.venue.prices}
        return web.json_response({"quotes": quotes})

    def _quote(self, symbol: str) -> dict[str, Any] | None:
        price = self.standin.venue.prices.get(symbol)
        if price is None:
            return None
        at = stamp(self.standin.clock.now(), 9)
        sides = {"bx": "V", "bp": float(price.bid), "bs": 100, "ax": "V", "ap": float(price.ask), "as": 100}
        return {"t": at, **sides, "c": ["R"], "z": "B"}

    # --- The stream ---------------------------------------------------------------------------------------------------

    def say_quote(self, symbol: str) -> None:
        self.standin.emit("data", [{"T": "q", "S": symbol, **(self._quote(symbol) or {})}], ("quotes", symbol))

    def say_trade(self, symbol: str, price: Decimal, size: int) -> None:
        self._trades += 1
        at = stamp(self.standin.clock.now(), 9)
        body = {"i": self._trades, "x": "V", "p": float(price), "s": size, "c": ["@"], "t": at, "z": "B"}
        self.standin.emit("data", [{"T": "t", "S": symbol, **body}], ("trades", symbol))

    def say_bar(self, symbol: str, *, at: int, o: str, h: str, l: str, c: str, v: int = 1000) -> None:  # noqa: E741 - as on the wire
        bar = _bar(at, o, h, l, c, v)
        self.bars.setdefault((symbol, "1Min"), []).append(bar)
        self.standin.emit("data", [{"T": "b", "S": symbol, **bar}], ("bars", symbol))

    def say_status(self, symbol: str, code: str, words: str) -> None:
        body = {"sc": code, "sm": words, "rc": "T12", "rm": "", "t": stamp(self.standin.clock.now(), 9), "z": "B"}
        self.standin.emit("data", [{"T": "s", "S": symbol, **body}], ("statuses", symbol))

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        return await self.standin.stream(request, "data", self._hear, greet=self._greet)

    def _greet(self, channel: Channel) -> None:
        channel.say([{"T": "success", "msg": "connected"}])

    def _hear(self, channel: Channel, message: Any) -> None:
        action = message.get("action") if isinstance(message, dict) else None
        if action == "auth":
            self._authorise(channel, message)
        elif action not in {"subscribe", "unsubscribe"}:
            self._refuse(channel, 400, "invalid syntax")
        elif not channel.authorised:
            self._refuse(channel, 401, "not authenticated")
        else:
            self._subscribe(channel, message, adding=action == "subscribe")

    def _authorise(self, channel: Channel, message: dict[str, Any]) -> None:
        others = [one for one in self.standin.channels if one.name == "data" and one.authorised and one is not channel]
        if channel.authorised:
            self._refuse(channel, 403, "already authenticated")
        elif not self.standin.knows(message.get("key"), message.get("secret")):
            self._refuse(channel, 402, "auth failed")
        elif channel.request.path.endswith("sip"):
            self._refuse(channel, 409, "insufficient subscription")
        elif others:
            self._refuse(channel, 406, "connection limit exceeded")
        else:
            channel.authorised = channel.listening = True
            channel.say([{"T": "success", "msg": "authenticated"}])

    def _subscribe(self, channel: Channel, message: dict[str, Any], *, adding: bool) -> None:
        wanted = {kind: set(channel.topics.get(kind, set())) for kind in KINDS}
        for kind in KINDS:
            symbols = set(message.get(kind) or [])
            wanted[kind] = wanted[kind] | symbols if adding else wanted[kind] - symbols
        if sum(len(wanted[kind]) for kind in LIMITED_KINDS) > CHANNELS:
            self._refuse(channel, 405, "symbol limit exceeded")
            return
        channel.topics = wanted
        channel.say([{"T": "subscription", **{kind: sorted(wanted[kind]) for kind in KINDS}}])

    def _refuse(self, channel: Channel, code: int, words: str) -> None:
        channel.say([{"T": "error", "code": code, "msg": words}])


def _bar(at: int, o: str, h: str, low: str, c: str, v: int) -> dict[str, Any]:
    prices = {"o": float(o), "h": float(h), "l": float(low), "c": float(c)}
    return {"t": stamp(at)[:19] + "Z", **prices, "v": v, "n": 10, "vw": float(c)}

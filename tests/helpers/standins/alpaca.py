"""A stand-in of Alpaca: REST trading API, order stream, market data REST and stream, on one loopback port.

Besides what `base.Standin` has::

    AlpacaStandin(cash=, clock=, ledger=, contract=False, binary=True)
        contract=True: every request and answer is checked against the official OpenAPI documents; leaving the `async
        with` block fails on the first that departs (`check_contract()` asks at once). `openapi.missing()` says why the
        documents cannot be had.
        binary=False: text frames on the order stream, as the live endpoint sends them.
    nests_everywhere                       legs also in answers where the document does not promise them: by client id,
                                           of a replace, and on the stream; False: they are null there
    stream_errors (codes that the next greetings of the order stream are answered with)
    last_equity, blocked, refusal (401 | 403: how bad credentials are answered), wash_trades_refused, holds_cancels
    list_asset(symbol, fractionable=True, tradable=True, exchange="ARCA")   SPY, QQQ, AAPL, MSFT, TSLA, F are there
    close_market() / open_market(); holidays: set[date]; early_closes: dict[date, "13:00"]
    bars: dict[(symbol, timeframe), list[dict]] (alpaca_data.py); trade(symbol, price, size); bar(symbol, ...)
    corporate: list[(µs, activity)]        filled by split()
    bust(execution_id, told=True)          the stream says "trade_bust", the FILL activity is gone

Order stream at /stream, market data streams at /v2/iex and /v2/sip (one connection each), all REST paths of trading and
of market data on the one port; market data over REST is the place "history" of the faults. Not modelled: margin and
shorting, notional orders before a price is known, oto and trailing stops, extended hours, crypto, options.

Two things are not in the official documents and are assumptions: a PATCH with `qty` counts what is filled already (the
new order asks for the rest), and a part-filled exit of a pair shrinks the other ("restated").
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.helpers.standins.alpaca_account import AccountDesk, split_json
from tests.helpers.standins.alpaca_data import DataDesk
from tests.helpers.standins.alpaca_form import Refused
from tests.helpers.standins.alpaca_orders import OrderDesk
from tests.helpers.standins.alpaca_wire import Asset, activity_id, number, order_json, update_json
from tests.helpers.standins.base import Channel, Now, Number, Standin
from tests.helpers.standins.ledger import ZERO, Execution, StandinOrder
from tests.helpers.standins.openapi import Contract

_WORDS = {429: "too many requests.", 500: "internal server error occurred", 502: "bad gateway", 504: "gateway timeout"}
_STREAM_WORDS = {
    401: "not authenticated",
    402: "auth failed",
    406: "connection limit exceeded",
    500: "internal error",
}


class AlpacaStandin(Standin):
    """Alpaca on a loopback socket."""

    def __init__(
        self,
        *,
        cash: Number = 100_000,
        clock: Now | None = None,
        ledger: Path | None = None,
        contract: bool = False,
        binary: bool = True,
    ) -> None:
        super().__init__(cash=cash, clock=clock, ledger=ledger)
        self.contract = Contract() if contract else None
        self.binary = binary
        self.last_equity = Decimal(cash)
        self.blocked = ""
        self.refusal = 401
        self.stream_errors: list[int] = []
        self.wash_trades_refused = True
        self.nests_everywhere = False
        self.holidays: set[date] = set()
        self.early_closes: dict[date, str] = {}
        self.corporate: list[tuple[int, dict[str, Any]]] = []
        self.assets: dict[str, Asset] = {}
        for symbol in ("SPY", "QQQ", "AAPL", "MSFT", "TSLA", "F"):
            self.list_asset(symbol)
        self.data = DataDesk(self)
        self.bars = self.data.bars

    # --- What a test does ---------------------------------------------------------------------------------------------

    def list_asset(
        self, symbol: str, *, fractionable: bool = True, tradable: bool = True, exchange: str = "ARCA"
    ) -> None:
        self.assets[symbol] = Asset(symbol, f"{symbol} stand-in", exchange, fractionable, tradable)

    def close_market(self) -> None:
        self.venue.is_open = False

    def open_market(self) -> None:
        self.venue.is_open = True
        for symbol in self.venue.prices:
            self.venue.match(symbol)

    def trade(self, symbol: str, price: Number, size: int = 100) -> None:
        self.data.say_trade(symbol, Decimal(price), size)

    def bar(self, symbol: str, **values: Any) -> None:
        self.data.say_bar(symbol, **values)

    def halt(self, symbol: str) -> None:
        super().halt(symbol)
        self.data.say_status(symbol, "H", "Trading Halt")

    def resume(self, symbol: str) -> None:
        self.data.say_status(symbol, "T", "Trading Resumption")
        super().resume(symbol)

    def split(self, symbol: str, new: int, old: int = 1) -> None:
        before, at = self.ledger.position(symbol), self.clock.now()
        super().split(symbol, new, old)
        change = number(self.ledger.position(symbol) - before) or "0"
        activity = activity_id(at, self.venue.new_id("split"))
        self.corporate.append((at, split_json(symbol, change, at, activity)))

    def bust(self, execution_id: str, *, told: bool = True) -> Execution:
        one = super().bust(execution_id)
        if told:
            self.announce("trade_bust", self.ledger.orders[one.order_id], one)
        return one

    def check_contract(self) -> None:
        """Fail on the first request or answer that departs from the official document."""
        assert self.contract is not None, "the stand-in was not asked to check"
        assert not self.contract.violations, "\n".join(self.contract.violations)

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        if self.contract is not None:
            self.check_contract()

    # --- Money --------------------------------------------------------------------------------------------------------

    def worth(self, symbol: str) -> Decimal:
        """Return what a holding is worth at the market, or at its cost where there is none."""
        held, price = self.ledger.positions[symbol], self.venue.prices.get(symbol)
        each = (price.bid if held.quantity > 0 else price.ask) if price else held.average_price
        return held.quantity * each

    def equity(self) -> Decimal:
        return self.ledger.cash + sum((self.worth(symbol) for symbol in self.ledger.positions), ZERO)

    def buying_power(self) -> Decimal:
        """Return the cash that no open purchase needs."""
        needed = ZERO
        for order in self.ledger.working():
            if order.side == "buy" and not (order.parent or order.order_class == "oco"):
                price = self.venue.prices.get(order.symbol)
                each = order.limit_price or order.stop_price or (price.ask if price else ZERO)
                needed += each * order.remaining
        return max(ZERO, self.ledger.cash - needed)

    def bound(self, symbol: str) -> Decimal:
        """Return the shares that open sales have laid hands on; the two exits of a pair count once."""
        sales = [one for one in self.ledger.working() if one.symbol == symbol and one.side == "sell" and not one.parent]
        exits = [one for one in self.ledger.working() if one.symbol == symbol and one.side == "sell" and one.parent]
        pairs: dict[str, Decimal] = {}
        for one in exits:
            parent = self.ledger.orders[one.parent]
            if parent.side == "buy" and parent.remaining <= 0:  # the exits of an entry that is done
                pairs[one.parent] = max(one.remaining, pairs.get(one.parent, ZERO))
        return sum((one.remaining for one in sales), ZERO) + sum(pairs.values(), ZERO)

    # --- The wire -----------------------------------------------------------------------------------------------------

    def add_routes(self, app: web.Application) -> None:
        OrderDesk(self).add_to(app)
        AccountDesk(self).add_to(app)
        self.data.add_to(app)
        app.router.add_get("/stream", self._order_stream)

    def where(self, request: web.Request) -> str:
        path = request.path
        if path == "/stream" or path in {"/v2/iex", "/v2/sip"}:
            return ""
        if path.startswith("/v2/stocks"):
            return "history"
        if path.startswith("/v2/orders"):
            return {"POST": "submit", "PATCH": "replace", "DELETE": "cancel"}.get(request.method, "read")
        return "read"

    def authorised(self, request: web.Request) -> bool:
        return self.knows(request.headers.get("APCA-API-KEY-ID"), request.headers.get("APCA-API-SECRET-KEY"))

    def knows(self, key_id: str | None, secret: str | None) -> bool:
        return self.accepts and (key_id, secret) == (self.key_id, self.secret)

    def client_id_of(self, request: web.Request, body: bytes) -> str:
        return str(json.loads(body).get("client_order_id") or "")

    def error(self, status: int, message: str = "") -> web.Response:
        if status == 401 and self.refusal == 403:
            return web.json_response({"message": "forbidden."}, status=403)
        if status == 401:
            return web.json_response({"code": 40110000, "message": "request is not authorized"}, status=401)
        if status >= 500:
            return web.Response(text=f"<html>{_WORDS[status]}</html>", status=status, content_type="text/html")
        if status == 429:
            return web.json_response({"code": 42910000, "message": _WORDS[429]}, status=429)
        return Refused(status, status * 100_000 + 10_000, message).answer

    def headers(self) -> dict[str, str]:
        limit = self.rate_limit or 200
        left = max(0, limit - self.used) if self.rate_limit else limit - 1
        reset = self.clock.now() // 60_000_000 * 60 + 60
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": str(reset)}

    def inspect(self, request: web.Request, body: bytes, answer: web.StreamResponse) -> None:
        if self.contract is not None and isinstance(answer, web.Response):
            self.contract.check(request, body, answer)

    # --- The streams --------------------------------------------------------------------------------------------------

    def announce(self, event: str, order: StandinOrder, execution: Execution | None) -> None:
        if event == "held":
            return
        body = order_json(order, self.ledger, self.assets[order.symbol], nested=self.nests_everywhere)
        message = update_json(event, body, execution, self.clock.now())
        if order.reason:
            message["data"]["reason"] = order.reason
        self.emit("orders", message)

    def quoted(self, symbol: str) -> None:
        self.data.say_quote(symbol)

    async def _order_stream(self, request: web.Request) -> web.WebSocketResponse:
        return await self.stream(request, "orders", self._hear, binary=self.binary)

    def _hear(self, channel: Channel, message: Any) -> None:
        action, data = message.get("action"), message.get("data") or message
        if action in {"authenticate", "auth"}:
            if self.stream_errors:
                code = self.stream_errors.pop(0)
                channel.say([{"T": "error", "code": code, "msg": _STREAM_WORDS[code]}])
                return
            key_id, secret = data.get("key_id") or data.get("key"), data.get("secret_key") or data.get("secret")
            channel.authorised = self.knows(key_id, secret)
            status = "authorized" if channel.authorised else "unauthorized"
            channel.say({"stream": "authorization", "data": {"action": "authenticate", "status": status}})
        elif action == "listen" and channel.authorised:
            streams = [one for one in data.get("streams", []) if one == "trade_updates"]
            channel.say({"stream": "listening", "data": {"streams": streams}})
            channel.listening = bool(streams)
        else:
            channel.say({"stream": "listening", "data": {"error": "required authorization", "streams": []}})


def serve(standin: Standin, port: int) -> None:
    """Run a stand-in as this process until it is told to end; its port is the first line of output."""

    async def run() -> None:
        await standin.start(port)
        print(standin.port, flush=True)
        ended = asyncio.Event()
        with contextlib.suppress(NotImplementedError):  # where the system has no signals it is killed
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()
        await standin.stop()

    asyncio.run(run())


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="A stand-in of Alpaca on a loopback port.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--cash", type=Decimal, default=Decimal(100_000))
    parser.add_argument("--price", action="append", default=[], metavar="SYMBOL=BID,ASK")
    options = parser.parse_args()
    standin = AlpacaStandin(cash=options.cash, ledger=options.ledger)
    for text in options.price:
        symbol, _, prices = text.partition("=")
        bid, _, ask = prices.partition(",")
        standin.venue.price(symbol, Decimal(bid), Decimal(ask or bid))
    serve(standin, options.port)


if __name__ == "__main__":
    main()

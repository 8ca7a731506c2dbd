"""A stand-in of Binance's spot exchange: REST under /api/v3, public streams and the signed user data stream.

    async with BinanceStandin(cash=Decimal(100_000)) as standin:
        standin.price("BTC/USDT", "60000.00", "60000.10")
        broker = CryptoBroker(ref, exchange="binance", key=standin.key_id, secret=standin.secret, url=standin.url, ...)

    python -m tests.helpers.standins.crypto --port 0 --ledger FILE [--cash 100000] [--price BTC/USDT=60000,60000.10]

What base.py says holds; symbols are pairs ("BTC/USDT"), cash is in USDT. Besides:
    fee_rate            share of a trade that is taken: in the coin bought, of a sale in the quote coin
    bnb                 coins of BNB; above zero and with `fee_rate`, fees are taken from these
    tape(symbol, price, size)   one print on the public tape
    lists_from          µs UTC before which no pair has a past
    broken              HTTP status that public reads answer with instead; 0: they work
Checks of requests: key, HMAC of exactly the text that came, steps and minimum, duplicate client ids, enough coins.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.helpers.standins.base import OUTCOME, ZERO, Channel, Execution, Now, Number, StandinOrder
from tests.helpers.standins.crypto_market import BY_ID, MS, BinanceMarket, fields_of, refusal
from tests.helpers.standins.crypto_pairs import PAIRS, PairFacts, text
from tests.helpers.standins.crypto_process import run_process
from tests.helpers.standins.matching import Venue

KINDS = {"MARKET": "market", "LIMIT": "limit", "STOP_LOSS": "stop", "STOP_LOSS_LIMIT": "stop_limit"}
WIRE_KINDS = {kind: name for name, kind in KINDS.items()}
STATUSES = {"pending_cancel": "PENDING_CANCEL", "held": "NEW"}
CLIENT_ID = re.compile(r"^[\.A-Z\:/a-z0-9_-]{1,36}$")


class NumberedVenue(Venue):
    """Orders and executions have numbers here, higher after each restart."""

    def new_id(self, kind: str) -> str:
        if kind in {"order", "execution"}:
            return str(self.ledger.starts * 1_000_000 + next(self._names))
        return super().new_id(kind)


class BinanceStandin(BinanceMarket):
    """The exchange; what it does beside its wire stands in base.py."""

    key_id = "binance-stand-in-key-0000000000000000000000000000000000000000000"
    secret = "binance-stand-in-secret-that-must-never-be-seen-00000000000000"

    def __init__(self, *, cash: Number = 100_000, clock: Now | None = None, ledger: Path | None = None) -> None:
        super().__init__(cash=cash, clock=clock, ledger=ledger)
        self.venue = NumberedVenue(self.ledger, self.clock.now, self._heard)
        self.fee_rate = ZERO
        self.bnb = ZERO

    # --- The wire -----------------------------------------------------------------------------------------------------

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        add = app.router.add_route
        add("GET", "/api/v3/account", self._account)
        add("POST", "/api/v3/order", self._place)
        add("GET", "/api/v3/order", self._show)
        add("DELETE", "/api/v3/order", self._cancel)
        add("GET", "/api/v3/openOrders", self._open_orders)
        add("GET", "/api/v3/allOrders", self._all_orders)
        add("GET", "/api/v3/myTrades", self._my_trades)
        add("GET", "/ws-api/ws-api/v3", self._user_stream)

    def where(self, request: web.Request) -> str:
        if not request.path.startswith("/api/v3/") or request.path.endswith(("exchangeInfo", "klines", "24hr")):
            return ""
        return {"POST": "submit", "DELETE": "cancel"}.get(request.method, "read")

    def authorised(self, request: web.Request) -> bool:
        signed = self._body(request) if request.method == "POST" else request.url.raw_query_string
        query, _, signature = signed.rpartition("&signature=")
        return (
            self.accepts
            and request.headers.get("X-MBX-APIKEY") == self.key_id
            and hmac.compare_digest(self._signature(query), signature)
        )

    def _signature(self, query: str) -> str:
        return hmac.new(self.secret.encode(), query.encode(), hashlib.sha256).hexdigest()

    def client_id_of(self, request: web.Request, body: bytes) -> str:
        return fields_of(body.decode()).get("newClientOrderId", "")

    def symbol_of(self, request: web.Request, seen: Any) -> str:
        return BY_ID[fields_of(seen.body)["symbol"]].symbol

    def error(self, status: int, message: str = "") -> web.Response:
        if status == 401:
            return refusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
        if status == 429:
            return refusal(
                -1003, "Too much request weight used; current limit is 6000 request weight per 1 MINUTE.", 429
            )
        if status >= 500:
            words = "Timeout waiting for response from backend server. Send status unknown; execution status unknown."
            return refusal(-1007, words, status)
        return refusal(-2010, message or "Rejected.", 400)

    def headers(self) -> Mapping[str, str]:
        return {"X-MBX-USED-WEIGHT-1M": str(self.used)}

    def _body(self, request: web.Request) -> str:
        return (request._read_bytes or b"").decode()

    def _asked(self, request: web.Request) -> dict[str, str]:
        return fields_of(self._body(request) if request.method == "POST" else request.query_string)

    # --- Account ------------------------------------------------------------------------------------------------------

    async def _account(self, _: web.Request) -> web.Response:
        totals = {"USDT": self.ledger.cash - self.fees("USDT"), "BNB": self.bnb - self.fees("BNB")}
        for symbol, position in self.ledger.positions.items():
            base = PAIRS[symbol].base
            totals[base] = totals.get(base, ZERO) + position.quantity - self.fees(base)
        rows = []
        for asset, total in totals.items():
            locked = self._locked(asset)
            rows.append({"asset": asset, "free": text(total - locked), "locked": text(locked)})
        kind = {"canTrade": True, "accountType": "SPOT", "permissions": ["SPOT"], "uid": 354937868}
        return web.json_response(kind | {"updateTime": self.clock.now() // MS, "balances": rows})

    def fees(self, asset: str) -> Decimal:
        """Return what was taken in a coin so far."""
        charged = (self.commission(one) for one in self.ledger.executions if not one.busted)
        return sum((amount for amount, coin in charged if coin == asset), ZERO)

    def commission(self, one: Execution) -> tuple[Decimal, str]:
        """Return what an execution costs, and in which coin."""
        pair = PAIRS[one.symbol]
        if self.bnb:
            return (one.quantity * one.price * self.fee_rate / 600).quantize(Decimal("1E-8")), "BNB"
        if one.side == "buy":
            return (one.quantity * self.fee_rate).quantize(Decimal("1E-8")), pair.base
        return (one.quantity * one.price * self.fee_rate).quantize(Decimal("1E-8")), pair.quote

    def _locked(self, asset: str) -> Decimal:
        locked = ZERO
        for order in self.ledger.working():
            pair = PAIRS[order.symbol]
            if order.side == "sell" and pair.base == asset:
                locked += order.remaining
            elif order.side == "buy" and pair.quote == asset and order.limit_price is not None:
                locked += order.remaining * order.limit_price
        return locked

    # --- Orders -------------------------------------------------------------------------------------------------------

    async def _place(self, request: web.Request) -> web.Response:
        asked = self._asked(request)
        objection = self._objection(asked)
        if objection is not None:
            request[OUTCOME] = "duplicate" if "Duplicate" in (objection.text or "") else "refused"
            return objection
        pair = BY_ID[asked["symbol"]]
        order = self.venue.enter(
            symbol=pair.symbol,
            side=asked["side"].lower(),
            quantity=Decimal(asked["quantity"]),
            kind=KINDS[asked["type"]],
            limit_price=Decimal(asked["price"]) if "price" in asked else None,
            stop_price=Decimal(asked["stopPrice"]) if "stopPrice" in asked else None,
            time_in_force="gtc",
            client_id=asked["newClientOrderId"],
        )
        part, late = self.part_of(request, order.quantity), self.late_rejection(request)
        if part is not None:
            self.venue.capped[order.order_id] = part
        if late:
            self.venue.reject(order, late)
        else:
            self.venue.match(order.symbol)
            if order.kind == "market" and order.working and pair.symbol not in self.venue.prices:
                self.venue.expire(order)  # an empty book: the rest of a market order does not wait
        fills = [self._trade(one, order) for one in self.ledger.executions if one.order_id == order.order_id]
        return web.json_response(self._order(order) | {"transactTime": order.updated_at // MS, "fills": fills})

    def _objection(self, asked: Mapping[str, str]) -> web.Response | None:
        pair = BY_ID.get(asked["symbol"])
        if pair is None:
            return refusal(-1121, "Invalid symbol.")
        client_id, kind = asked.get("newClientOrderId", ""), asked.get("type", "")
        if not CLIENT_ID.match(client_id):
            return refusal(-1100, "Illegal characters found in parameter 'newClientOrderId'.")
        known = self.ledger.order(client_id)
        if known is not None and known.working:  # as the exchange: an id is free again once its order is done
            return refusal(-2010, "Duplicate order sent.")
        if kind not in KINDS:
            return refusal(-1116, "Invalid orderType.")
        quantity = Decimal(asked.get("quantity", "0"))
        if quantity <= 0 or quantity % pair.lot:
            return refusal(-1013, "Filter failure: LOT_SIZE")
        for name in ("price", "stopPrice"):
            if name in asked and Decimal(asked[name]) % pair.tick:
                return refusal(-1013, "Filter failure: PRICE_FILTER")
        if kind in {"LIMIT", "STOP_LOSS_LIMIT"} and asked.get("timeInForce") != "GTC":
            return refusal(-1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.")
        return self._cover(pair, asked, quantity)

    def _cover(self, pair: PairFacts, asked: Mapping[str, str], quantity: Decimal) -> web.Response | None:
        market = self.venue.prices.get(pair.symbol)
        price = Decimal(asked["price"]) if "price" in asked else market.ask if market else ZERO
        if price and quantity * price < pair.minimum_notional:
            return refusal(-1013, "Filter failure: NOTIONAL")
        if asked["side"] == "SELL":
            free = self.ledger.position(pair.symbol) - self.fees(pair.base) - self._locked(pair.base)
            short = quantity > free
        else:
            short = quantity * price > self.ledger.cash - self.fees(pair.quote) - self._locked(pair.quote)
        return refusal(-2010, "Account has insufficient balance for requested action.") if short else None

    async def _show(self, request: web.Request) -> web.Response:
        order = self._named(self._asked(request))
        if order is None or not self.shown(order):
            return refusal(-2013, "Order does not exist.")
        return web.json_response(self._order(order))

    async def _cancel(self, request: web.Request) -> web.Response:
        order = self._named(self._asked(request))
        if order is None or not order.working:
            return refusal(-2011, "Unknown order sent.")
        self.venue.cancel(order, pending=self.holds_cancels)
        own = {"origClientOrderId": order.client_id, "clientOrderId": self.venue.new_id("cancel")[:22]}
        return web.json_response(self._order(order) | own)

    def _named(self, asked: Mapping[str, str]) -> StandinOrder | None:
        if "origClientOrderId" in asked:
            return self.ledger.order(asked["origClientOrderId"])
        return self.ledger.orders.get(asked.get("orderId", ""))

    async def _open_orders(self, request: web.Request) -> web.Response:
        pair = BY_ID.get(self._asked(request).get("symbol", ""))
        found = [
            one for one in self.ledger.working() if self.shown(one) and (pair is None or one.symbol == pair.symbol)
        ]
        return web.json_response([self._order(one) for one in found])

    async def _all_orders(self, request: web.Request) -> web.Response:
        asked = self._asked(request)
        if "symbol" not in asked:
            return refusal(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")
        since, first = int(asked.get("startTime", 0)) * MS, int(asked.get("orderId", 0))
        found = [
            one
            for one in self.ledger.orders.values()
            if one.symbol == BY_ID[asked["symbol"]].symbol
            and self.shown(one)
            and one.created_at // MS * MS >= since
            and int(one.order_id) >= first
        ]
        return web.json_response([self._order(one) for one in found[: int(asked.get("limit", 500))]])

    async def _my_trades(self, request: web.Request) -> web.Response:
        asked = self._asked(request)
        if "symbol" not in asked:
            return refusal(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.")
        since, first = int(asked.get("startTime", 0)) * MS, int(asked.get("fromId", 0))
        found = [
            self._trade(one, self.ledger.orders[one.order_id])
            for one in self.ledger.executions
            if one.symbol == BY_ID[asked["symbol"]].symbol
            and not one.busted
            and one.at // MS * MS >= since
            and int(one.execution_id) >= first
            and self.shown(self.ledger.orders[one.order_id])
        ]
        return web.json_response(found[: int(asked.get("limit", 500))])

    def _order(self, order: StandinOrder) -> dict[str, Any]:
        pair = PAIRS[order.symbol]
        return {
            "symbol": pair.base + pair.quote,
            "orderId": int(order.order_id),
            "orderListId": -1,
            "clientOrderId": order.client_id,
            "price": text(order.limit_price),
            "origQty": text(order.quantity),
            "executedQty": text(order.filled),
            "cummulativeQuoteQty": text(order.value),
            "status": STATUSES.get(order.status, order.status.upper()),
            "timeInForce": "GTC",
            "type": WIRE_KINDS[order.kind],
            "side": order.side.upper(),
            "stopPrice": text(order.stop_price),
            "icebergQty": "0",
            "time": order.created_at // MS,
            "updateTime": order.updated_at // MS,
            "isWorking": order.working,
            "workingTime": order.created_at // MS,
            "origQuoteOrderQty": "0",
            "selfTradePreventionMode": "NONE",
        }

    def _trade(self, one: Execution, order: StandinOrder) -> dict[str, Any]:
        pair, (amount, coin) = PAIRS[one.symbol], self.commission(one)
        return {
            "symbol": pair.base + pair.quote,
            "id": int(one.execution_id),
            "tradeId": int(one.execution_id),
            "orderId": int(order.order_id),
            "orderListId": -1,
            "price": text(one.price),
            "qty": text(one.quantity),
            "quoteQty": text(one.price * one.quantity),
            "commission": text(amount),
            "commissionAsset": coin,
            "time": one.at // MS,
            "isBuyer": one.side == "buy",
            "isMaker": order.kind == "limit",
            "isBestMatch": True,
        }

    # --- User data stream ---------------------------------------------------------------------------------------------

    async def _user_stream(self, request: web.Request) -> web.StreamResponse:
        return await self.stream(request, "orders", self._hear_user)

    def _hear_user(self, channel: Channel, message: Any) -> None:
        asked = dict(message.get("params") or {})
        signature = asked.pop("signature", "")
        query = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
        if message.get("method") != "userDataStream.subscribe.signature":
            error = {"code": -1000, "msg": f"The stand-in does not speak {message.get('method')}."}
            channel.say({"id": message["id"], "status": 400, "error": error})
        elif not self.accepts or asked.get("apiKey") != self.key_id or signature != self._signature(query):
            error = {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}
            channel.say({"id": message["id"], "status": 401, "error": error})
        else:
            channel.authorised = channel.listening = True
            channel.say({"id": message["id"], "status": 200, "result": {"subscriptionId": 0}})

    def announce(self, event: str, order: StandinOrder, execution: Execution | None) -> None:
        kinds = {"new": "NEW", "canceled": "CANCELED", "expired": "EXPIRED", "rejected": "REJECTED"}
        kind = "TRADE" if execution is not None else kinds.get(event)
        if kind is None:  # what this exchange has no word for is seen by reading
            return
        self.emit("orders", {"subscriptionId": 0, "event": self._report(kind, order, execution)})

    def _report(self, kind: str, order: StandinOrder, one: Execution | None) -> dict[str, Any]:
        shown, at = self._order(order), (one.at if one else order.updated_at) // MS
        gone = kind == "CANCELED"
        amount, coin = self.commission(one) if one is not None else (ZERO, None)
        return {
            "e": "executionReport", "E": at, "s": shown["symbol"], "S": shown["side"], "o": shown["type"], "f": "GTC",
            "c": self.venue.new_id("cancel")[:22] if gone else order.client_id, "C": order.client_id if gone else "",
            "q": shown["origQty"], "p": shown["price"], "P": shown["stopPrice"], "F": "0", "g": -1,
            "x": kind, "X": shown["status"], "r": "NONE" if kind != "REJECTED" else order.reason,
            "i": int(order.order_id), "l": text(one.quantity if one else ZERO),
            "z": text(one.cumulative if one else order.filled),
            "L": text(one.price if one else ZERO), "n": text(amount), "N": coin, "T": at,
            "t": int(one.execution_id) if one else -1, "w": order.working, "m": order.kind == "limit", "M": False,
            "O": order.created_at // MS, "Z": text(order.value), "Q": "0",
            "Y": text(one.price * one.quantity if one else ZERO),
        }  # fmt: skip


if __name__ == "__main__":
    run_process(BinanceStandin)

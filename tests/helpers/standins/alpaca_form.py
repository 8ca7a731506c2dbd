"""What a client may ask of Alpaca, and the words in which it is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from aiohttp import web

from tests.helpers.standins.alpaca_wire import number
from tests.helpers.standins.ledger import ZERO

UNPROCESSABLE, BAD, FORBIDDEN, NOT_FOUND = 42210000, 40010001, 40310000, 40410000
LIMITED, STOPPED = {"limit", "stop_limit"}, {"stop", "stop_limit"}


class Refused(Exception):
    """The venue says no."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        self.status, self.body = status, {"code": code, "message": message, **more}
        super().__init__(message)

    @property
    def answer(self) -> web.Response:
        return web.json_response(self.body, status=self.status)


class Wanted:
    """A request to place an order, understood or refused."""

    def __init__(self, body: Any) -> None:
        if not isinstance(body, dict):
            raise Refused(400, 40010000, "request body format is invalid")
        self.symbol, self.side = str(body.get("symbol") or ""), str(body.get("side") or "")
        self.kind, self.time_in_force = str(body.get("type") or ""), str(body.get("time_in_force") or "")
        self.client_id = str(body.get("client_order_id") or "")
        self.order_class = str(body.get("order_class") or "simple")
        self.extended_hours = bool(body.get("extended_hours"))
        self.notional = decimal_in(body, "notional")
        self.quantity = decimal_in(body, "qty") or ZERO
        self.limit_price = checked_price(decimal_in(body, "limit_price"), "limit_price")
        self.stop_price = checked_price(decimal_in(body, "stop_price"), "stop_price")
        self._check_form(body)
        self.legs: Sequence[dict[str, Any]] = self._exits(body)

    def _check_form(self, body: dict[str, Any]) -> None:
        for value, known, what in (
            (self.side, {"buy", "sell"}, "side"),
            (self.kind, {"market", "limit", "stop", "stop_limit"}, "order type"),
            (self.time_in_force, {"day", "gtc"}, "time_in_force"),
            (self.order_class, {"simple", "bracket", "oco"}, "order_class"),
        ):
            if value not in known:
                raise Refused(422, UNPROCESSABLE, f"invalid {what}: {value}")
        if len(self.client_id) > 128:
            raise Refused(422, BAD, "client_order_id must be no more than 128 characters")
        if ("qty" in body) == (self.notional is not None):
            raise Refused(422, BAD, "qty or notional is required, not both")
        if self.notional is None and self.quantity <= 0:
            raise Refused(422, UNPROCESSABLE, "qty must be > 0")
        if (self.quantity % 1 or self.notional is not None) and (self.kind, self.time_in_force) != ("market", "day"):
            raise Refused(422, UNPROCESSABLE, "fractional orders must be DAY market orders")
        if self.order_class != "oco" and (self.limit_price is None) == (self.kind in LIMITED):
            raise Refused(422, BAD, f"{self.kind} orders: limit_price is required or not allowed")
        if (self.stop_price is None) == (self.kind in STOPPED):
            raise Refused(422, BAD, f"{self.kind} orders: stop_price is required or not allowed")
        if self.extended_hours and self.kind != "limit":
            raise Refused(422, UNPROCESSABLE, "extended hours order must be DAY or GTC limit orders")

    def _exits(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        if self.order_class == "simple":
            return []
        profit, loss = body.get("take_profit") or {}, body.get("stop_loss") or {}
        target = checked_price(decimal_in(profit, "limit_price"), "take_profit.limit_price")
        stop = checked_price(decimal_in(loss, "stop_price"), "stop_loss.stop_price")
        worst = checked_price(decimal_in(loss, "limit_price"), "stop_loss.limit_price")
        if target is None or stop is None:
            raise Refused(422, BAD, f"{self.order_class} orders require take_profit.limit_price, stop_loss.stop_price")
        selling = (self.side == "sell") == (self.order_class == "oco")
        if (target <= stop) if selling else (target >= stop):
            raise Refused(
                422, UNPROCESSABLE, "take_profit.limit_price must be on the other side of stop_loss.stop_price"
            )
        kind = "stop" if worst is None else "stop_limit"
        exits: list[dict[str, Any]] = [{"kind": kind, "stop_price": stop, "limit_price": worst}]
        if self.order_class == "oco":
            if self.kind != "limit":
                raise Refused(422, UNPROCESSABLE, "oco orders must be limit orders")
            self.limit_price = target
        else:
            exits.insert(0, {"kind": "limit", "limit_price": target, "stop_price": None})
        return exits


def checked_price(price: Decimal | None, name: str) -> Decimal | None:
    """Return a price as it may be: two decimals from one dollar on, four below."""
    if price is None:
        return None
    if price <= 0:
        raise Refused(422, UNPROCESSABLE, f"{name} must be > 0")
    if price % (Decimal("0.01") if price >= 1 else Decimal("0.0001")):
        words = f"invalid {name} {number(price)}. sub-penny increment does not fulfill minimum pricing criteria"
        raise Refused(422, UNPROCESSABLE, words)
    return price


def decimal_in(body: dict[str, Any], name: str) -> Decimal | None:
    value = body.get(name)
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Refused(422, BAD, f"{name} is not a number: {text}")
    return Decimal(text)

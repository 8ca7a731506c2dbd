"""How Alpaca writes things down: every number of an order a string, times RFC 3339, activity ids `time::uuid`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.helpers.standins.ledger import ZERO, Execution, Ledger, Position, StandinOrder
from tests.helpers.standins.matching import Price

NEW_YORK = ZoneInfo("America/New_York")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ASSETS = uuid.UUID("1b3f4d0a-29a4-4a49-9c61-0f6b8b1c2d3e")


@dataclass(frozen=True, slots=True)
class Asset:
    """What can be traded, and how finely."""

    symbol: str
    name: str = ""
    exchange: str = "ARCA"
    fractionable: bool = True
    tradable: bool = True

    @property
    def asset_id(self) -> str:
        return str(uuid.uuid5(_ASSETS, self.symbol))


def when(at: int) -> datetime:
    """Return µs UTC as a datetime, exactly."""
    return _EPOCH + timedelta(microseconds=at)


def stamp(at: int, digits: int = 6) -> str:
    """Return µs UTC as the service writes it; with 9 digits as its streams do."""
    return f"{when(at):%Y-%m-%dT%H:%M:%S.%f}" + "0" * (digits - 6) + "Z"


def moment(text: str) -> int:
    """Return µs UTC of a time or a date as a client may write it."""
    parsed = datetime.fromisoformat(text.replace(" ", "+"))
    parsed = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return (parsed - _EPOCH) // timedelta(microseconds=1)


def number(value: Decimal | None) -> str | None:
    """Return a number as text without an exponent or trailing zeros."""
    if value is None:
        return None
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _price(value: Decimal | None) -> str | None:
    return None if value is None else number(value.quantize(Decimal("1E-9")))


def order_json(order: StandinOrder, ledger: Ledger, asset: Asset, *, nested: bool) -> dict[str, Any]:
    """Return an order; its legs only where they were asked for."""
    ended = stamp(order.ended_at) if order.ended_at else None
    legs = [order_json(ledger.orders[leg], ledger, asset, nested=False) for leg in order.legs] if nested else []
    notional = order.extra.get("notional")
    return {
        "id": order.order_id,
        "client_order_id": order.client_id,
        "created_at": stamp(order.created_at),
        "updated_at": stamp(order.updated_at),
        "submitted_at": stamp(order.created_at),
        "filled_at": ended if order.status == "filled" else None,
        "expired_at": ended if order.status == "expired" else None,
        "canceled_at": ended if order.status == "canceled" else None,
        "failed_at": ended if order.status == "rejected" else None,
        "replaced_at": stamp(order.updated_at) if order.status == "replaced" else None,
        "replaced_by": order.replaced_by or None,
        "replaces": order.replaces or None,
        "asset_id": asset.asset_id,
        "symbol": order.symbol,
        "asset_class": "us_equity",
        "notional": notional,
        "qty": None if notional else number(order.quantity),
        "filled_qty": number(order.filled),
        "filled_avg_price": _price(order.average_price),
        "order_class": "" if order.order_class == "simple" else order.order_class,
        "order_type": order.kind,
        "type": order.kind,
        "side": order.side,
        "position_intent": "buy_to_open" if order.side == "buy" else "sell_to_close",
        "time_in_force": order.time_in_force,
        "limit_price": number(order.limit_price),
        "stop_price": number(order.stop_price),
        "status": order.status,
        "extended_hours": bool(order.extra.get("extended_hours")),
        "legs": legs or None,
        "trail_percent": None,
        "trail_price": None,
        "hwm": None,
        "subtag": None,
        "source": None,
    }


def update_json(event: str, order: dict[str, Any], execution: Execution | None, at: int) -> dict[str, Any]:
    """Return a message of the order stream."""
    data: dict[str, Any] = {"event": event, "timestamp": stamp(at, 9), "order": order, "at": stamp(at)}
    if execution is not None:
        data |= {
            "timestamp": stamp(execution.at, 9),
            "execution_id": execution.execution_id,
            "price": number(execution.price),
            "qty": number(execution.quantity),
            "position_qty": number(execution.position),
        }
    return {"stream": "trade_updates", "data": data}


def activity_id(at: int, name: str) -> str:
    """Return the id of an activity: New York time to the millisecond, then the execution's uuid."""
    local = when(at).astimezone(NEW_YORK)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}::{name}"


def fill_json(execution: Execution, order: StandinOrder) -> dict[str, Any]:
    """Return an execution as an account activity."""
    leaves = order.quantity - execution.cumulative
    return {
        "id": activity_id(execution.at, execution.execution_id),
        "activity_type": "FILL",
        "transaction_time": stamp(execution.at),
        "type": "partial_fill" if leaves > 0 else "fill",
        "price": number(execution.price),
        "qty": number(execution.quantity),
        "side": execution.side,
        "symbol": execution.symbol,
        "leaves_qty": number(leaves),
        "order_id": execution.order_id,
        "cum_qty": number(execution.cumulative),
        "order_status": "partially_filled" if leaves > 0 else "filled",
    }


def position_json(held: Position, asset: Asset, price: Price | None, bound: Decimal) -> dict[str, Any]:
    """Return a holding; `bound`: the quantity that open orders will sell."""
    last = (price.bid if held.quantity > 0 else price.ask) if price else held.average_price
    cost, worth = held.average_price * held.quantity, last * held.quantity
    gain = (worth - cost) / abs(cost) if cost else ZERO
    return {
        "asset_id": asset.asset_id,
        "symbol": held.symbol,
        "exchange": asset.exchange,
        "asset_class": "us_equity",
        "asset_marginable": True,
        "qty": number(held.quantity),
        "qty_available": number(held.quantity - bound),
        "avg_entry_price": _price(held.average_price),
        "side": "long" if held.quantity > 0 else "short",
        "market_value": number(worth),
        "cost_basis": _price(cost),
        "unrealized_pl": _price(worth - cost),
        "unrealized_plpc": _price(gain),
        "unrealized_intraday_pl": _price(worth - cost),
        "unrealized_intraday_plpc": _price(gain),
        "current_price": number(last),
        "lastday_price": _price(held.average_price),
        "change_today": "0",
    }


def asset_json(asset: Asset) -> dict[str, Any]:
    """Return what can be traded."""
    return {
        "id": asset.asset_id,
        "class": "us_equity",
        "exchange": asset.exchange,
        "symbol": asset.symbol,
        "name": asset.name or asset.symbol,
        "status": "active" if asset.tradable else "inactive",
        "tradable": asset.tradable,
        "marginable": True,
        "maintenance_margin_requirement": 30,
        "margin_requirement_long": "30",
        "margin_requirement_short": "100",
        "shortable": False,
        "easy_to_borrow": False,
        "fractionable": asset.fractionable,
        "attributes": [],
    }

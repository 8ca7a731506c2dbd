"""Alpaca's answers as our values: account, positions, executions, assets, clock, calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from desktop.brokers.alpaca import wire
from desktop.domain.broker import AccountInfo, AccountRef, BrokerClock, BrokerPosition
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.fills import BUSTED, Fill
from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderId, Side

NEW_YORK = "America/New_York"

_BLOCKS = (
    ("account_blocked", "Alpaca has blocked the account."),
    ("trading_blocked", "Alpaca has blocked trading on the account."),
    ("trade_suspended_by_user", "Trading is suspended in the account's own settings at Alpaca."),
)


@dataclass(frozen=True, slots=True)
class MarketDay:
    """One day that the US market trades."""

    day: date
    opens: int  # µs UTC
    closes: int


def mapping(data: object) -> Mapping[str, Any]:
    """Return an answer that has to be an object (BrokerFault: it is none)."""
    if isinstance(data, Mapping):
        return data
    raise BrokerFault("Alpaca's answer has not the shape that was agreed. Nothing was changed by it.")


def rows(data: object) -> Sequence[Mapping[str, Any]]:
    """Return an answer that has to be a list of objects (BrokerFault: it is none)."""
    if isinstance(data, list):
        return [mapping(item) for item in data]
    raise BrokerFault("Alpaca's answer has not the shape that was agreed. Nothing was changed by it.")


def account_of(raw: Mapping[str, Any], ref: AccountRef, at: int) -> AccountInfo:
    """Return the account; its number is shown by its last four characters."""
    number = str(raw.get("account_number") or "")
    status = str(raw.get("status") or "ACTIVE")
    blocked = [text for name, text in _BLOCKS if raw.get(name) is True]
    if status not in {"ACTIVE", "ACCOUNT_UPDATED", "PAPER_ONLY", "LIMITED", "APPROVED"}:
        blocked.append(f"Alpaca states the account as {status[:40]}.")
    return AccountInfo(
        ref=ref,
        number=f"…{number[-4:]}" if len(number) > 4 else number,
        currency=str(raw.get("currency") or "USD"),
        equity=wire.number_or_zero(raw.get("equity")),
        cash=wire.number_or_zero(raw.get("cash")),
        buying_power=wire.number_or_zero(raw.get("buying_power")),
        day_start_equity=wire.number(raw.get("last_equity")),
        at=at,
        blocked=" ".join(blocked),
    )


def position_of(raw: Mapping[str, Any]) -> BrokerPosition:
    """Return a holding; a short one is below zero, whichever way Alpaca writes it."""
    quantity = wire.number_or_zero(raw.get("qty"))
    if raw.get("side") == "short":
        quantity = -abs(quantity)
    return BrokerPosition(wire.symbol_of(raw), quantity, wire.number_or_zero(raw.get("avg_entry_price")))


def execution_id(value: str) -> str:
    """Return the id of an execution, the same from the stream (a UUID) and from the activities (TIME::UUID)."""
    return f"alpaca:{value.rsplit('::', 1)[-1]}"


def fill_of_activity(raw: Mapping[str, Any], owner: OrderId) -> Fill:
    """Return an execution as the account's activities state it. Alpaca takes no commission on shares: the fee is 0."""
    return _fill(
        owner,
        identity=wire.field(raw, "id"),
        symbol=wire.symbol_of(raw),
        side=raw.get("side"),
        quantity=wire.number(raw.get("qty")),
        price=wire.number(raw.get("price")),
        at=wire.time_of(raw.get("transaction_time")),
    )


def fill_of_event(data: Mapping[str, Any], owner: OrderId, at: int) -> Fill:
    """Return the execution that an event of the stream tells; `at` where it has no time of its own."""
    raw = mapping(data.get("order"))
    return _fill(
        owner,
        identity=wire.field(data, "execution_id"),
        symbol=wire.symbol_of(raw),
        side=raw.get("side"),
        quantity=wire.number(data.get("qty")),
        price=wire.number(data.get("price")),
        at=wire.time_of(data.get("timestamp")) or at,
    )


def bust_of_event(data: Mapping[str, Any], owner: OrderId, at: int) -> Fill:
    """Return the entry that reverses an execution which the market took back."""
    fill = fill_of_event(data, owner, at)
    back = Side.BUY if fill.side is Side.SELL else Side.SELL
    return replace(fill, execution_id=f"{BUSTED}{fill.execution_id}", side=back)


def _fill(
    owner: OrderId,
    *,
    identity: str,
    symbol: str,
    side: object,
    quantity: Decimal | None,
    price: Decimal | None,
    at: int | None,
) -> Fill:
    if quantity is None or price is None or at is None or quantity == ZERO:
        raise BrokerFault(f"Alpaca told of an execution in {symbol} without its quantity, price or time.")
    return Fill(
        execution_id=execution_id(identity),
        order_id=owner,
        symbol=symbol,
        side=wire.side_of(side),
        quantity=abs(quantity),
        price=price,
        fee=ZERO,
        at=at,
        bar_start=at,
    )


def clock_of(raw: Mapping[str, Any]) -> BrokerClock:
    """Return whether the market is open (BrokerFault: the answer does not say)."""
    at, opens, closes = (wire.time_of(raw.get(name)) for name in ("timestamp", "next_open", "next_close"))
    if at is None or opens is None or closes is None or not isinstance(raw.get("is_open"), bool):
        raise BrokerFault("Alpaca's clock cannot be read; the exchange's calendar is used instead.")
    return BrokerClock(at, bool(raw["is_open"]), opens, closes)


def market_day_of(raw: Mapping[str, Any]) -> MarketDay:
    """Return a day of the calendar; its times are New York's (BrokerFault: it cannot be read)."""
    try:
        day = date.fromisoformat(wire.field(raw, "date"))
        opens, closes = (_in_new_york(day, wire.field(raw, name)) for name in ("open", "close"))
    except ValueError:
        raise BrokerFault("A day of Alpaca's calendar cannot be read.") from None
    return MarketDay(day, opens, closes)


def _in_new_york(day: date, text: str) -> int:
    digits = text.replace(":", "")
    at = datetime.combine(day, time(int(digits[:2]), int(digits[2:4])), tzinfo=ZoneInfo(NEW_YORK))
    return int(at.timestamp()) * SECOND

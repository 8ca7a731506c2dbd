"""What is known of an account's orders: names of both sides, executions, and what fees took out of what was bought.

**Fees in the bought coin.** Binance and OKX take the fee of a purchase out of the coin: who buys 0.5 at 60,000 for a
fee of 0.1 % has 0.4995 and has paid 30,000. Such an execution is told as 0.4995 units at 60,000 with a fee of 30: the
cash flow is exactly what was paid, and the position exactly what is there, so that nothing is left to explain and
everything can be sold. What the order can bring into the account shrinks with each fee (`BrokerOrder.quantity`, the
`quantity` of reports), so that an order that is complete there is complete here. A fee in a third coin (BNB) moves
neither position nor cash of a session and is told as none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from desktop.brokers.crypto.crumbs import Crumbs
from desktop.brokers.crypto.facts import own_id
from desktop.domain.broker import BrokerOrder
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, OrderStatus, Side, TimeInForce

KEPT = 5_000  # orders remembered, the newest
_MS = 1_000  # µs

_STATUSES = {
    "open": OrderStatus.NEW,
    "closed": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELED,
    "canceling": OrderStatus.PENDING_CANCEL,
    "expired": OrderStatus.EXPIRED,
    "rejected": OrderStatus.REJECTED,
}
_LIMITED = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
_WORKING = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED})
_NOT_COMPLETE = frozenset({OrderStatus.NEW, OrderStatus.FILLED})


class AccountBook:
    """Translates what the library says of orders and executions.

    Attributes:
        symbols: Pairs that were heard of, the first first.
        last: By the exchange's id, each order as it was last told.
    """

    def __init__(self, exchange_id: str, crumbs: Crumbs) -> None:
        self._exchange_id, self._crumbs = exchange_id, crumbs
        self.symbols: dict[str, None] = {}
        self._names: dict[str, str] = {}  # the exchange's id -> ours
        self._ids: dict[str, str] = {}  # ours -> the exchange's
        self._trades: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}  # its id -> execution -> units, coin fee
        self._gross: dict[str, tuple[Decimal, Decimal]] = {}  # its id -> quantity and filled, as the exchange counts
        self.last: dict[str, BrokerOrder] = {}

    def name_of(self, broker_order_id: str) -> str:
        """Return our id of an order; empty: not known."""
        return self._names.get(broker_order_id, "")

    def id_of(self, order_id: str) -> str:
        """Return the exchange's id of an order; empty: not known."""
        return self._ids.get(order_id, "")

    def knows(self, symbol: str) -> None:
        """Remember a pair."""
        self.symbols.setdefault(symbol)

    # orders ----------------------------------------------------------------------------------------------------
    def order(self, held: Mapping[str, Any]) -> BrokerOrder | None:
        """Return an order as the library states it; None: what came is no order."""
        broker_order_id, symbol = str(held.get("id") or ""), str(held.get("symbol") or "")
        quantity = _number(held.get("amount"))
        if not broker_order_id or not symbol or held.get("side") not in {"buy", "sell"}:
            return None
        order_id = own_id(self._exchange_id, str(held.get("clientOrderId") or "")) or broker_order_id
        self.knows(symbol)
        self._remember(broker_order_id, order_id)
        created = int(held.get("timestamp") or 0) * _MS
        updated = int(held.get("lastUpdateTimestamp") or held.get("lastTradeTimestamp") or 0) * _MS
        own = {"order": broker_order_id, "symbol": symbol, "side": held["side"]}
        parts = [{**trade, **own} for trade in held.get("trades") or ()]
        fills = [self.fill({**part, "timestamp": part.get("timestamp") or updated // _MS}) for part in parts]
        gross, fees = _number(held.get("filled")), self._coin_fees(broker_order_id)
        kind = _kind_of(held)
        found = BrokerOrder(
            order_id=order_id,
            broker_order_id=broker_order_id,
            symbol=symbol,
            side=Side.BUY if held["side"] == "buy" else Side.SELL,
            kind=kind,
            quantity=quantity - fees,
            filled=gross - fees,
            average_price=_price(held.get("average")) if gross else None,
            status=_status_of(held, gross),
            time_in_force=TimeInForce.GTC,
            limit_price=_price(held.get("price")) if kind in _LIMITED else None,
            stop_price=_price(held.get("triggerPrice") or held.get("stopPrice")),
            created_at=created,
            updated_at=max(created, updated),
            reason=_reason_of(held),
            fills=tuple(fill for fill in fills if fill is not None),
        )
        self._gross[broker_order_id] = (quantity, gross)
        return self._with_crumb(found, complete=gross >= quantity > ZERO, price=_number(held.get("average")))

    def refreshed(self, order: BrokerOrder, fill: Fill | None = None) -> BrokerOrder:
        """Return an order with the executions counted that were heard since; `fill`: one of them, told right now."""
        parts = self._trades.get(order.broker_order_id, {}).values()
        heard, fees = sum((units for units, _ in parts), ZERO), self._coin_fees(order.broker_order_id)
        before = self._gross.get(order.broker_order_id, (order.quantity, order.filled))
        whole, gross = before[0], max(before[1], heard)
        status = order.status
        if fill is not None and status in _WORKING:
            status = OrderStatus.FILLED if gross >= whole else OrderStatus.PARTIALLY_FILLED
        found = replace(order, quantity=whole - fees, filled=gross - fees, status=status)
        price = fill.price if fill is not None else order.average_price or ZERO
        return self._with_crumb(found, complete=gross >= whole > ZERO, price=price)

    def _with_crumb(self, order: BrokerOrder, *, complete: bool, price: Decimal) -> BrokerOrder:
        """Count what a sale leaves of a lot as part of it: written off with the last execution."""
        crumb, fills = self._crumbs.of(order.order_id), order.fills
        if crumb:
            if complete:
                self._crumbs.settle(order.order_id, price, order.updated_at)
            written_off = self._crumbs.fill(order.order_id)
            gone = crumb if written_off is not None else ZERO
            if written_off is not None and written_off not in fills:
                fills = (*fills, written_off)
            order = replace(order, quantity=order.quantity + crumb, filled=order.filled + gone, fills=fills)
        self.last[order.broker_order_id] = order
        return order

    def named(self, broker_order_id: str, order_id: str) -> None:
        """Take down under which of the exchange's ids an order of ours is."""
        self._remember(broker_order_id, order_id)

    def missing(self, held: Mapping[str, Any]) -> Decimal:
        """Return how many units of an order were filled in executions that were not heard of."""
        heard = sum((units for units, _ in self._trades.get(str(held.get("id") or ""), {}).values()), ZERO)
        return _number(held.get("filled")) - heard

    def report(self, order: BrokerOrder, fill: Fill | None = None) -> OrderReport:
        """Return an order's state as a report, with an execution of it where one was told."""
        return OrderReport(
            order.order_id,
            order.status,
            order.updated_at if fill is None else fill.at,
            fill,
            cumulative=order.filled,
            broker_order_id=order.broker_order_id,
            reason=order.reason,
            quantity=order.quantity if self._coin_fees(order.broker_order_id) else None,
        )

    # executions ------------------------------------------------------------------------------------------------
    def fill(self, held: Mapping[str, Any]) -> Fill | None:
        """Return an execution as the library states it, its fee taken into account; None: its order has no name yet."""
        broker_order_id, symbol = str(held.get("order") or ""), str(held.get("symbol") or "")
        units, price, side = _number(held.get("amount")), _number(held.get("price")), held.get("side")
        in_coin, in_quote = _fees_of(held, symbol)
        if side == "sell" and in_coin:  # seen nowhere; it would be what is sold besides
            in_coin, in_quote = ZERO, in_quote + in_coin * price
        trade_id = f"{self._exchange_id}-{symbol}-{held.get('id')}"
        self._trades.setdefault(broker_order_id, {})[trade_id] = (units, in_coin)
        name = self.name_of(broker_order_id)
        if not name or units <= ZERO:
            return None
        return Fill(
            execution_id=trade_id,
            order_id=name,
            symbol=symbol,
            side=Side.BUY if side == "buy" else Side.SELL,
            quantity=units - in_coin,
            price=price,
            fee=in_quote + in_coin * price,
            at=int(held.get("timestamp") or 0) * _MS,
        )

    def _coin_fees(self, broker_order_id: str) -> Decimal:
        return sum((fee for _, fee in self._trades.get(broker_order_id, {}).values()), ZERO)

    def _remember(self, broker_order_id: str, order_id: str) -> None:
        self._names[broker_order_id], self._ids[order_id] = order_id, broker_order_id
        while len(self._names) > KEPT:
            oldest = next(iter(self._names))
            self._ids.pop(self._names.pop(oldest), None)
            self._trades.pop(oldest, None)
            self.last.pop(oldest, None)
            self._gross.pop(oldest, None)


def _number(value: object) -> Decimal:
    return ZERO if value is None else Decimal(str(value))


def _price(value: object) -> Decimal | None:
    number = _number(value)
    return number if number > ZERO else None


def _fees_of(held: Mapping[str, Any], symbol: str) -> tuple[Decimal, Decimal]:
    """Return what an execution cost in the coin traded and in the quote currency; other coins are left out."""
    base, _, quote = symbol.partition("/")
    fees = held.get("fees") or ([held["fee"]] if held.get("fee") else [])
    in_coin = sum((_number(fee.get("cost")) for fee in fees if fee.get("currency") == base), ZERO)
    in_quote = sum((_number(fee.get("cost")) for fee in fees if fee.get("currency") == quote), ZERO)
    return in_coin, in_quote


def _kind_of(held: Mapping[str, Any]) -> OrderKind:
    stops = bool(_price(held.get("triggerPrice") or held.get("stopPrice")))
    if str(held.get("type") or "").startswith("market") or (stops and not _price(held.get("price"))):
        return OrderKind.STOP if stops else OrderKind.MARKET
    return OrderKind.STOP_LIMIT if stops else OrderKind.LIMIT


def _status_of(held: Mapping[str, Any], gross: Decimal) -> OrderStatus:
    said = str(held.get("status") or "open")
    status = _STATUSES.get(said, OrderStatus.PENDING_CANCEL if said == "PENDING_CANCEL" else OrderStatus.NEW)
    amount = _number(held.get("amount"))
    if status in _NOT_COMPLETE and ZERO < gross < amount:
        return OrderStatus.PARTIALLY_FILLED if said == "open" else OrderStatus.CANCELED
    return status


def _reason_of(held: Mapping[str, Any]) -> str:
    raw = held.get("info")
    said = raw.get("r") if isinstance(raw, dict) else None
    return str(said)[:200] if said and said != "NONE" else ""

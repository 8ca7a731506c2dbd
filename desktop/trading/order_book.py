"""The orders of a session: intents, what reports made of them, and the cash and exposure they hold back."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeAlias

from desktop.domain.codec import from_json, to_json
from desktop.domain.events import OrderChanged
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.market import MINUTE
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderId, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.quick import changed, maker
from desktop.trading.order_moves import status_after, walk
from desktop.trading.order_reports import (
    SILENT,
    acknowledged,
    filled_after,
    filled_whole,
    fills_whole,
    reported,
    terms_after,
    worth_telling,
)
from desktop.trading.order_request import OrderRequest
from desktop.trading.state import CoreState

_order = maker(Order)
_BUY, _SELL = Side.BUY, Side.SELL  # a name costs a tenth of a look into the enumeration, and this runs with every order
_INTENT, _NEW, _REPLACING = OrderStatus.INTENT, OrderStatus.NEW, OrderStatus.PENDING_REPLACE
_MARKET, _GUARD = OrderKind.MARKET, Purpose.GUARD
_KEPT = 10_000  # finished orders at hand for late reports
_KEPT_UNHEARD = 100  # where nobody hears of orders: reports come in the same step, and memory is what costs
_Finished: TypeAlias = Order | tuple[Order, OrderReport, Fill]  # as it is, or as it was with what filled the whole


class OrderBook:
    """Open orders by id and symbol, finished ones for late reports, and reservations.

    Attributes:
        open: Orders that can still fill, oldest first.
        by_symbol: The ids of the open orders of each symbol that has any, oldest first.
        guards: The ids of open orders that rest at the broker as protection.
        reserved: Cash held back for all open buys.
        sent_at: Message times of the intents of the last minute.
        last_sent: Message time of the last intent by symbol and side.
        on_end: Told an order that we ended ourselves: denied or expired before it left.
    """

    def __init__(self, state: CoreState) -> None:
        self._state = state
        self.on_end: Callable[[Order], None] = _nobody
        self.open: dict[OrderId, Order] = {}
        self._finished: OrderedDict[OrderId, _Finished] = OrderedDict()
        self.reserved = ZERO
        self.sent_at: deque[int] = deque()
        self.last_sent: dict[tuple[str, Side], int] = {}
        self.by_symbol: dict[str, dict[OrderId, None]] = {}
        self.guards: dict[OrderId, None] = {}
        self._unit_cash: dict[OrderId, Decimal] = {}  # cash held back per unit not filled
        self._stated_at: dict[OrderId, int] = {}  # µs UTC of the latest word about a resting order
        self._replacing: dict[OrderId, tuple[Decimal, Decimal]] = {}  # cash per unit if refused, if replaced

    # reads -----------------------------------------------------------------------------------------------------
    def find(self, order_id: OrderId) -> Order | None:
        return self.open.get(order_id) or self.finished(order_id)

    def finished(self, order_id: OrderId) -> Order | None:
        """Return an order that is done, as far as it is still at hand for late reports."""
        found = self._finished.get(order_id)
        if isinstance(found, tuple):
            found = self._finished[order_id] = filled_whole(*found)
        return found

    def of(self, symbol: str, side: Side | None = None) -> Iterator[Order]:
        """Yield the open orders of a symbol, oldest first."""
        for order_id in tuple(self.by_symbol.get(symbol, ())):
            order = self.open[order_id]
            if side is None or order.side is side:
                yield order

    def has(self, symbol: str) -> bool:
        return symbol in self.by_symbol

    def selling(self, symbol: str) -> Decimal:
        """Return the quantity that open sells can still take off the holding; protection at the broker makes way."""
        if symbol not in self.by_symbol:
            return ZERO
        guards = self.guards
        return sum((item.remaining for item in self.of(symbol, _SELL) if item.order_id not in guards), ZERO)

    def guard(self, symbol: str) -> Order | None:
        """Return the open order that rests at the broker as the protection of a symbol."""
        return next((order for key in self.guards if (order := self.open[key]).symbol == symbol), None)

    def is_forsaken(self, order: Order) -> bool:
        """Whether protection got no answer for a minute: what sells in its stead waits for it no longer."""
        silent = order.purpose is _GUARD and order.status is OrderStatus.UNKNOWN
        return silent and self._state.now - order.updated_at >= MINUTE

    def buying(self, symbol: str) -> Decimal:
        """Return the money that open buys of the symbol can still bind."""
        return sum((order.reserved for order in self.of(symbol, _BUY)), ZERO)

    def rate(self) -> int:
        """Return how many intents there were in the last minute of message time."""
        sent, oldest = self.sent_at, self._state.now - MINUTE
        while sent and sent[0] <= oldest:
            sent.popleft()
        return len(sent)

    # changes ---------------------------------------------------------------------------------------------------
    def intend(self, request: OrderRequest, unit_cash: Decimal, signal_id: str = "", venue: str = "") -> Order:
        """Make an intent of a request that passed the gate and hold back `unit_cash` per unit of a buy.

        Args:
            request: What is wanted.
            unit_cash: Price and fee of a unit.
            signal_id: The signal it comes from, where the request does not name it.
            venue: What a venue that takes the order at once puts before its id to name it: then it works, as after
                `acknowledge`.
        """
        state, symbol, side, quantity = self._state, request.symbol, request.side, request.quantity
        order_id, ordinal = state.next_order()
        now, reserved = state.now, unit_cash * quantity
        order = _order(
            order_id,
            state.session_id,
            state.account,
            symbol,
            side,
            request.kind,
            request.purpose,
            quantity,
            ordinal,
            now,
            request.limit_price,
            request.stop_price,
            request.time_in_force,
            _NEW if venue else _INTENT,
            ZERO,
            ZERO,
            ZERO,
            reserved,
            signal_id or request.signal_id,
            request.trigger_id,
            "",
            venue + order_id if venue else "",
            "",
            now,
        )
        if venue:
            self._stated_at[order_id] = now
        self._unit_cash[order_id] = unit_cash
        sent, oldest = self.sent_at, now - MINUTE
        while sent and sent[0] <= oldest:
            sent.popleft()
        sent.append(now)
        self.last_sent[symbol, side] = now
        self.reserved += reserved
        self.open[order_id] = order
        of_symbol = self.by_symbol.get(symbol)
        if of_symbol is None:
            self.by_symbol[symbol] = {order_id: None}
        else:
            of_symbol[order_id] = None
        if request.purpose is _GUARD:
            self.guards[order_id] = None
        if state.tells_changes:
            state.effects.append(OrderChanged(state.session_id, now, order))
        return order

    def give_back(self, order: Order) -> Order:
        """Make an intent again of an order that a venue was to take at once and did not."""
        self._stated_at.pop(order.order_id, None)
        order = self.open[order.order_id] = changed(order, status=_INTENT, broker_order_id="")
        return order

    def take_in(self, order: Order, unit_cash: Decimal) -> Order:
        """Take an open order that was found at the broker; `unit_cash` is held back per unit not filled."""
        self._unit_cash[order.order_id] = unit_cash
        order = changed(order, reserved=self._reservation(order, order.status, order.remaining))
        self._put(order)
        self._state.emit(OrderChanged(self._state.session_id, self._state.now, order))
        return order

    def move(self, order: Order, wanted: OrderStatus, reason: str = "") -> Order:
        """Move an order on by ourselves (sending, unknown, cancel asked, denied, expired).

        Raises:
            IllegalMove: the table does not allow it; nothing is changed.
        """
        status = walk(order, wanted)
        after = changed(
            order,
            status=status,
            reserved=self._reservation(order, status, order.remaining),
            reason=reason or order.reason,
            updated_at=max(order.updated_at, self._state.now),
        )
        self._put(after)
        if status not in SILENT and self._state.tells_changes:
            self._state.emit(OrderChanged(self._state.session_id, self._state.now, after))
        if status in TERMINAL:
            self.on_end(after)
        return after

    def shrink(self, order: Order, quantity: Decimal) -> Order:
        """Make a sell that has not left one of a smaller quantity: a part of what it was to sell is gone."""
        order = changed(order, quantity=quantity, updated_at=self._state.now)
        self._put(order)
        self._state.emit(OrderChanged(self._state.session_id, self._state.now, order))
        return order

    def apply(self, order: Order, report: OrderReport, fill: Fill | None) -> Order:
        """Fold a report in; `fill` is its execution where that was not booked before. Returns the order after it."""
        if fill is not None and fills_whole(order, report, fill):
            return self._fill_whole(order, report, fill)
        order_id, at = order.order_id, report.at
        stated_at = self._stated_at.get(order_id, 0)
        if at > stated_at and order_id in self.open:
            self._stated_at[order_id] = at
        quantity, limit_price, stop_price = terms_after(order, report, stated_at)
        filled, value, fees = filled_after(order, quantity, fill)
        wanted = status_after(order, report, filled=filled, quantity=quantity, stated_at=stated_at)
        if order_id in self._replacing and wanted is not _REPLACING:
            refused, replaced = self._replacing.pop(order_id)
            self._unit_cash[order_id] = refused if report.reason else replaced
        after = reported(
            order,
            walk(order, wanted) if wanted is not order.status else wanted,
            quantity,
            limit_price,
            stop_price,
            filled,
            value,
            fees,
            self._reservation(order, wanted, quantity - filled),
            report.broker_order_id or order.broker_order_id,
            report.reason or order.reason,
            at if at > order.updated_at else order.updated_at,
        )
        self._put(after)
        if self._state.tells_changes and worth_telling(order, after):
            self._state.emit(OrderChanged(self._state.session_id, self._state.now, after))
        return after

    def _fill_whole(self, order: Order, report: OrderReport, fill: Fill) -> Order:
        """Fold in that a working order filled at once: NEW to FILLED, what most orders of a backtest do.

        It comes to what `apply` would make of it, at half the cost.
        """
        after = filled_whole(order, report, fill)
        self._let_go(order)
        self._finish(after)
        if self._state.tells_changes:
            self._state.emit(OrderChanged(self._state.session_id, self._state.now, after))
        return after

    def fill_unheard(self, order: Order, report: OrderReport, fill: Fill) -> bool:
        """Fold in that an execution filled a working order at once, where nobody hears of the order it becomes.

        That order is made when it is asked for. Returns whether it was so; if not, nothing has changed.
        """
        if self._state.tells_changes or not fills_whole(order, report, fill):
            return False
        self._let_go(order)
        finished = self._finished
        finished[order.order_id] = (order, report, fill)
        if len(finished) > _KEPT_UNHEARD:
            finished.popitem(last=False)
        return True

    def _let_go(self, order: Order) -> None:
        """Take an order out of the open ones, with all that is noted about it."""
        order_id, symbol = order.order_id, order.symbol
        self.reserved -= order.reserved
        del self.open[order_id]
        self._unit_cash.pop(order_id, None)
        self._stated_at.pop(order_id, None)
        if self.guards:
            self.guards.pop(order_id, None)
        of_symbol = self.by_symbol[symbol]
        if len(of_symbol) == 1:
            del self.by_symbol[symbol]
        else:
            del of_symbol[order_id]

    def _finish(self, order: Order) -> None:
        """Keep a finished order for late reports, and the last of them only."""
        finished = self._finished
        finished[order.order_id] = order
        if len(finished) > _KEPT:
            finished.popitem(last=False)

    def acknowledge(self, order: Order, broker_order_id: str, at: int) -> Order:
        """Fold in that an intent is at the broker: the usual first report, and it says nothing else.

        Args:
            order: The intent.
            broker_order_id: The broker's name for it; empty: it named none.
            at: Time of the report, µs UTC.
        """
        order_id = order.order_id
        if at > self._stated_at.get(order_id, 0):
            self._stated_at[order_id] = at
        after = self.open[order_id] = acknowledged(
            order,
            _NEW if order.status is _INTENT else walk(order, _NEW),
            broker_order_id or order.broker_order_id,
            at if at > order.updated_at else order.updated_at,
        )
        if self._state.tells_changes and order.kind is not _MARKET:
            self._state.emit(OrderChanged(self._state.session_id, self._state.now, after))
        return after

    def hold_back(self, order: Order, wanted: Decimal, unit_cash: Decimal) -> None:
        """Hold back enough for an open order both as it is and with the quantity `wanted` at `unit_cash` each."""
        present = self._unit_cash[order.order_id]
        self._replacing[order.order_id] = (present, unit_cash)
        if order.remaining > ZERO:
            both = max(present, unit_cash, unit_cash * (wanted - order.filled) / order.remaining)
            self._unit_cash[order.order_id] = both
        self._put(changed(order, reserved=self._reservation(order, order.status, order.remaining)))

    def _reservation(self, order: Order, status: OrderStatus, remaining: Decimal) -> Decimal:
        if status in TERMINAL or order.side is _SELL:
            return ZERO
        return self._unit_cash.get(order.order_id, ZERO) * remaining

    def _put(self, order: Order) -> None:
        order_id, reserved = order.order_id, order.reserved
        before = self.open.get(order_id)
        if before is not None:
            reserved = reserved - before.reserved
        self.reserved += reserved
        if order.status not in TERMINAL:
            self.open[order_id] = order
            self.by_symbol.setdefault(order.symbol, {})[order_id] = None
            return
        if before is not None:
            del self.open[order_id]
            self._stated_at.pop(order_id, None)
            self._unit_cash.pop(order_id, None)
            if self._replacing:
                self._replacing.pop(order_id, None)
            if self.guards:
                self.guards.pop(order_id, None)
            of_symbol = self.by_symbol[order.symbol]
            del of_symbol[order_id]
            if not of_symbol:
                del self.by_symbol[order.symbol]
        self._finish(order)

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return open orders and guards as JSON values; finished orders are the store's."""
        return {
            "open": [to_json(order) for order in self.open.values()],
            "unit_cash": {order_id: str(value) for order_id, value in self._unit_cash.items()},
            "stated_at": dict(self._stated_at),
            "replacing": {order_id: [str(unit) for unit in units] for order_id, units in self._replacing.items()},
            "sent_at": list(self.sent_at),
            "last_sent": [[symbol, side.value, at] for (symbol, side), at in self.last_sent.items()],
        }

    def restore(self, data: dict[str, Any], orders: list[Order]) -> None:
        """Take up a snapshot; `orders` are all stored ones, of which the finished are kept for late reports."""
        self._unit_cash = {order_id: Decimal(value) for order_id, value in data["unit_cash"].items()}
        self._stated_at = dict(data["stated_at"])
        self._replacing = {key: (Decimal(old), Decimal(new)) for key, (old, new) in data["replacing"].items()}
        self.sent_at = deque(data["sent_at"])
        self.last_sent = {(symbol, Side(side)): at for symbol, side, at in data["last_sent"]}
        self.open, self.by_symbol, self.reserved = {}, {}, ZERO
        self._finished = OrderedDict()
        live = [from_json(Order, item) for item in data["open"]]
        known = {order.order_id for order in live}
        for order in orders:
            if order.order_id not in known and order.status in TERMINAL:
                self._finished[order.order_id] = order
        while len(self._finished) > _KEPT:
            self._finished.popitem(last=False)
        for order in live:
            self._put(order)
        self.guards = {order.order_id: None for order in live if order.purpose is Purpose.GUARD}


def _nobody(_: Order) -> None:
    """Nothing is tied to the orders of a book that stands alone."""

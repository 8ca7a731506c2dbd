"""The way of an order out of the session: through the gate, into the book, to the broker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from desktop.domain.effects import CancelAtBroker, ReplaceAtBroker, SubmitOrder
from desktop.domain.errors import IllegalMove, ProgramBug
from desktop.domain.events import Blocked
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.quick import maker
from desktop.domain.risk import Block, Outcome
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.risk_gate import Decision, RiskGate
from desktop.trading.short_way import ShortWay
from desktop.trading.state import CoreState

_S = OrderStatus
_SELL, _CLOSE, _MARKET = Side.SELL, Purpose.CLOSE, OrderKind.MARKET  # a name costs less than a look into its class
_PASS, _MARKETABLE = Outcome.PASS, Outcome.MARKETABLE
_submit = maker(SubmitOrder)
_UNSENT = frozenset({_S.INTENT})
_CAN_ASK = frozenset({_S.NEW, _S.PARTIALLY_FILLED, _S.DONE_FOR_DAY, _S.SUSPENDED})


class OrderDesk:
    """Checks, places, cancels and replaces orders; every order of every path goes through `check` and `send`.

    Attributes:
        makes_way: Whether an intent may leave at once, or waits until the protection at the broker was cancelled.
        short_way: How orders of rules get to the venue where there is one inside and nobody hears of changes.
    """

    def __init__(self, state: CoreState, marks: Marks, gate: RiskGate, book: OrderBook) -> None:
        self._state, self._marks, self._gate, self._book = state, marks, gate, book
        self.check = gate.check
        self.makes_way: Callable[[Order], bool] = _at_once
        self.short_way: ShortWay | None = None

    def send(
        self, decision: Decision, *, within_bar: bool = False, signal_id: str = "", at_once: bool = False
    ) -> Order:
        """Make an intent of a request that passed and ask for it to be sent.

        Args:
            decision: The gate's answer.
            within_bar: It was born of a trigger inside the bar that passes.
            signal_id: The signal it comes from, where the request does not name it.
            at_once: Nothing that follows in this step cancels it, so it may take the short way.

        Raises:
            ProgramBug: the request did not pass the gate.
        """
        request, outcome = decision.request, decision.outcome
        if outcome is not _PASS:
            if outcome is not _MARKETABLE:
                raise ProgramBug(f"An order for {request.symbol} was to be sent past the risk gate.")
            request = self._marketable(request)
        for block in decision.warnings:
            self._state.warn(block.check.value, block.sentence)
        if request.side is _SELL and (request.purpose is not _CLOSE or request.kind is _MARKET):
            self._stop_entering(request.symbol)
        short = self.short_way
        if at_once and short is not None and short.is_free:
            return short.place(request, decision.unit_cash, signal_id)
        order = self._book.intend(request, decision.unit_cash, signal_id or request.signal_id)
        if not self._book.guards or self.makes_way(order):
            self._state.effects.append(_submit(order, within_bar))
        return order

    def _stop_entering(self, symbol: str) -> None:
        """Cancel what is left of an entry that is still filling: the exit wins. What else a user ordered stays."""
        if symbol not in self._book.by_symbol:
            return
        for order in self._book.of(symbol, Side.BUY):
            if order.filled > ZERO or order.signal_id:
                self.cancel(order, "the position is being left")

    def _marketable(self, request: OrderRequest) -> OrderRequest:
        """Return a sell at a limit as far under the market as the collar allows."""
        mark = self._marks[request.symbol]
        collar = self._state.limits.price_collar or ZERO
        limit = mark.instrument.price_down(mark.sell_price * (1 - collar / HUNDRED))
        return replace(request, kind=OrderKind.LIMIT, limit_price=limit, stop_price=None)

    # cancelling passes every check -----------------------------------------------------------------------------
    def cancel(self, order: Order, reason: str) -> None:
        """Ask for a cancel; an intent that was not sent is denied here and now."""
        if order.status in _UNSENT:
            self._book.move(order, _S.DENIED, reason)
            return
        if order.status is _S.PENDING_CANCEL:
            return
        if order.status in _CAN_ASK:
            self._book.move(order, _S.PENDING_CANCEL, reason)
        self._state.emit(CancelAtBroker(order.order_id))

    def cancel_all(self, reason: str, *, symbol: str = "", side: Side | None = None) -> None:
        for order in tuple(self._book.open.values()):
            if symbol in ("", order.symbol) and side in (None, order.side):
                self.cancel(order, reason)

    def deny_unsent(self, reason: str, *, side: Side | None = None) -> None:
        """Deny intents that have not left: nothing adds exposure after a pause, a stop or the kill switch."""
        for order in tuple(self._book.open.values()):
            if order.status in _UNSENT and side in (None, order.side):
                self._book.move(order, _S.DENIED, reason)

    def replace(
        self, order: Order, *, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None
    ) -> Decision:
        """Ask for a change of a working order; the changed order passes the gate like a new one.

        Raises:
            IllegalMove: the order is not working.
        """
        if order.status not in (_S.NEW, _S.PARTIALLY_FILLED):
            raise IllegalMove(f"Order {order.order_id}", order.status.value, _S.PENDING_REPLACE.value, ())
        wanted = quantity if quantity is not None else order.quantity
        request = OrderRequest(
            symbol=order.symbol,
            side=order.side,
            purpose=order.purpose,
            quantity=wanted - order.filled,
            kind=order.kind,
            limit_price=limit_price if limit_price is not None else order.limit_price,
            stop_price=stop_price if stop_price is not None else order.stop_price,
            time_in_force=order.time_in_force,
            confirmed=True,
            replaces=order.order_id,
        )
        decision = self._gate.check(request)
        if decision.passes:
            moved = self._book.move(order, _S.PENDING_REPLACE)
            self._book.hold_back(moved, wanted, decision.unit_cash)
            self._state.emit(ReplaceAtBroker(order.order_id, quantity, limit_price, stop_price))
        return decision


def _at_once(_: Order) -> bool:
    return True


def tell_block(state: CoreState, block: Block, symbol: str, what: str, signal_id: str = "") -> None:
    """Leave the record of what stopped an order (law 7)."""
    state.emit(Blocked(state.session_id, state.now, symbol, what, block, signal_id=signal_id))

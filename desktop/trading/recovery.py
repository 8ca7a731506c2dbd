"""After a restart or a long sleep: old signals are discarded, intents that never left judged anew (faults 2, 3, 26)."""

from __future__ import annotations

from collections.abc import Callable

from desktop.domain.effects import SubmitOrder
from desktop.domain.orders import Order, OrderStatus
from desktop.domain.sessions import SessionState
from desktop.domain.signals import SignalKind
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.risk_gate import RiskGate
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState

_S = OrderStatus


class Recovery:
    """RECOVERING and back. Doing it twice is doing it once: what was settled the first time is no longer open."""

    def __init__(
        self,
        state: CoreState,
        book: OrderBook,
        gate: RiskGate,
        signals: SignalBook,
        makes_way: Callable[[Order], bool] = lambda _: True,
    ) -> None:
        """`makes_way`: whether an intent may leave at once (see `OrderDesk.makes_way`)."""
        self._state, self._book, self._gate, self._signals = state, book, gate, signals
        self._makes_way = makes_way

    def begin(self, reason: str) -> str:
        state = self._state
        if state.status is not SessionState.RECOVERING:
            before = state.status
            state.become(SessionState.RECOVERING, reason)
            state.resume_to = before if before is SessionState.PAUSED else SessionState.RUNNING
        self._signals.expire_all(f"Discarded: {reason}.", kind=SignalKind.ENTRY, before=state.now)
        for order in tuple(self._book.open.values()):
            if order.status is _S.SENDING:
                self._book.move(order, _S.UNKNOWN, "it is not known whether it was sent")
        return "The session is recovering: entries wait, exits and stops work."

    def end(self, *, resume: bool) -> str:
        state = self._state
        wanted = state.resume_to if resume else SessionState.PAUSED
        state.expect(wanted, SessionState.RECOVERING)
        state.become(wanted, "recovered")
        for order in tuple(self._book.open.values()):
            if order.status is _S.INTENT:
                self._judge_anew(order)
        return f"The session has recovered and is {wanted.value}."

    def _judge_anew(self, order: Order) -> None:
        """Send an intent that never left if it is fresh by message time and still passes; never under a new id."""
        state = self._state
        if state.now - order.created_at > state.settings.signal_ttl:
            self._book.move(order, _S.EXPIRED, "too old when the session came back")
            return
        request = OrderRequest(
            symbol=order.symbol,
            side=order.side,
            purpose=order.purpose,
            quantity=order.quantity,
            kind=order.kind,
            limit_price=order.limit_price,
            stop_price=order.stop_price,
            time_in_force=order.time_in_force,
            signal_id=order.signal_id,
            trigger_id=order.trigger_id,
            confirmed=True,
            replaces=order.order_id,
        )
        decision = self._gate.check(request)
        if decision.passes and self._makes_way(order):
            state.emit(SubmitOrder(order))
        elif decision.passes:
            return  # it leaves once the protection at the broker has made way
        else:
            self._book.move(order, _S.DENIED, decision.block.sentence if decision.block is not None else "")

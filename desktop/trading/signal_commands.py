"""Approving, rejecting and refreshing signals; approving checks everything again at that instant (G3)."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain import commands as ask
from desktop.domain.errors import FieldError, IllegalMove, NotFound, UserMistake
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import OrderKind
from desktop.domain.quick import changed
from desktop.domain.risk import Outcome
from desktop.domain.signals import Signal, SignalKind, SignalState
from desktop.trading.judging import RuleDesk
from desktop.trading.marks import Marks
from desktop.trading.order_desk import OrderDesk, tell_block
from desktop.trading.order_request import OrderRequest
from desktop.trading.order_shapes import check_shape
from desktop.trading.signals import WHAT, SignalBook
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook


def behind_stop(signal: Signal, price: Decimal | None) -> bool:
    """Return whether the stop of an entry lies at or above a price: bought there, it would be sold at once."""
    if signal.kind is not SignalKind.ENTRY or signal.stop is None or price is None:
        return False
    return price <= signal.stop


class SignalCommands:
    """What a user answers to a signal; each method returns the answer or raises the refusal."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        desk: OrderDesk,
        signals: SignalBook,
        triggers: TriggerBook,
        rules: RuleDesk,
    ) -> None:
        self._state, self._marks, self._desk = state, marks, desk
        self._signals, self._triggers, self._rules = signals, triggers, rules

    def _pending(self, signal_id: str) -> Signal:
        signal = self._signals.live.get(signal_id) or self._signals.recent.get(signal_id)
        if signal is None:
            raise NotFound("signal", signal_id, "It may have been raised by another session.")
        if signal.state is not SignalState.PENDING:
            raise IllegalMove(f"Signal {signal_id}", signal.state.value, SignalState.CONFIRMED.value, ())
        return signal

    def approve(self, command: ask.Approve) -> str:
        signal = self._pending(command.signal_id)
        if signal.kind is SignalKind.ENTRY:
            self._refuse_if_gone(signal)
            request = self._wanted(signal, command, self._rules.proposals.entry_request(signal.symbol))
        else:
            request = self._wanted(signal, command, self._rules.proposals.exit_request(signal.symbol, signal))
        decision = self._desk.check(request)
        if decision.passes:
            order = self._rules.confirm(signal, decision)
            return f"{order.side.value} {order.quantity} {order.symbol} is on its way as order {order.order_id}."
        block = decision.block
        adjusted = command.quantity is not None or command.kind is not None or command.limit_price is not None
        if block is not None and block.outcome is Outcome.HOLD and not adjusted:
            self._signals.put(changed(signal, held_by=block.check.value))
            return f"Approved, but held for now: {block.sentence} It goes as soon as that clears."
        if block is not None and block.outcome is Outcome.BLOCK:
            tell_block(self._state, block, signal.symbol, WHAT[signal.kind], signal.signal_id)
            if not adjusted:
                self._signals.block(signal, block)
        raise decision.error or UserMistake("The order was refused.")

    def _refuse_if_gone(self, signal: Signal) -> None:
        """Expire an entry whose time is over, whose symbol was bought otherwise or whose price ran away; refuse it."""
        now, limit, mark = self._state.now, self._state.limits.max_drift, self._marks[signal.symbol]
        if now >= signal.expires_at:
            raise self._expired(signal, "its time is over")
        if not self._rules.asks_entry(signal.symbol):
            raise self._expired(signal, "the symbol is held, or another order works on it")
        drift = abs(mark.buy_price - signal.price) / signal.price * HUNDRED if signal.price else ZERO
        if limit is not None and drift > limit:
            raise self._expired(signal, f"the price moved {drift:.2f} % since it was raised, more than {limit} %")
        if behind_stop(signal, mark.sell_price if mark.known else None):
            raise self._expired(signal, f"its stop at {signal.stop} would sell at once at {mark.sell_price}")

    def _expired(self, signal: Signal, why: str) -> UserMistake:
        sentence = f"The signal on {signal.symbol} can no longer be approved: {why}. No order was sent."
        self._signals.expire(signal, sentence)
        return UserMistake(sentence)

    def _wanted(self, signal: Signal, command: ask.Approve, fresh: OrderRequest) -> OrderRequest:
        """Return the order of a signal with what the user changed."""
        kind = command.kind or signal.order_kind
        limit = command.limit_price or (signal.limit_price if command.kind is None else None)
        quantity = command.quantity if command.quantity is not None else signal.quantity
        if signal.kind is SignalKind.EXIT and command.quantity is None:
            quantity = fresh.quantity
        check_shape(self._marks[signal.symbol], kind, quantity, limit)
        if behind_stop(signal, limit):
            raise FieldError("limit_price", f"must be above the stop at {signal.stop}, or the stop sells at once.")
        return changed(
            fresh,
            quantity=quantity,
            kind=kind,
            limit_price=limit if kind is OrderKind.LIMIT else None,
            price=signal.price,
            stop=signal.stop,
            signal_id=signal.signal_id,
            confirmed=command.confirmed,
        )

    def reject(self, command: ask.Reject) -> str:
        signal = self._pending(command.signal_id)
        self._signals.move(signal, SignalState.REJECTED, "turned down by the user")
        return f"The signal on {signal.symbol} was turned down."

    def refresh(self, command: ask.Refresh) -> str:
        known = self._signals.recent.get(command.signal_id)
        if known is None:
            raise NotFound("signal", command.signal_id, "It may have been raised by another session.")
        if known.state is SignalState.CONFIRMED:
            raise IllegalMove(f"Signal {known.signal_id}", known.state.value, SignalState.EXPIRED.value, ())
        if self._state.kill:
            raise UserMistake(
                "The kill switch is engaged: no rule is evaluated. Release it first. The signal was left as it is."
            )
        if known.state is SignalState.PENDING:
            self._signals.expire(known, "A fresh evaluation was asked for.")
        before = self._state.signals
        self._rules.judge_anew(known.symbol, known.kind)
        if self._state.signals == before:
            return f"The {known.kind.value.lower()} rule of {known.symbol} does not hold now: no new signal was raised."
        return f"The rule of {known.symbol} holds: a fresh signal was raised."

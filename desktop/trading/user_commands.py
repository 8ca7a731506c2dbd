"""What a user (or the manager on their behalf) asks of a session: checked, done, and answered in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from desktop.domain import commands as ask
from desktop.domain.errors import FieldError, IllegalMove, NotFound, PositionNotFound, UserMistake
from desktop.domain.events import Blocked, CommandTaken, KillSwitchChanged
from desktop.domain.messages import Asked
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import Order, OrderKind, Purpose, Side, TimeInForce
from desktop.domain.risk import Block, Outcome
from desktop.domain.sessions import SessionState, StopChoice
from desktop.domain.signals import Signal, SignalKind, SignalState
from desktop.domain.triggers import Trigger, TriggerKind
from desktop.trading.closing import Closing
from desktop.trading.holdings import Holdings
from desktop.trading.judging import RuleDesk
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook, OrderRequest
from desktop.trading.order_desk import OrderDesk
from desktop.trading.recovery import Recovery
from desktop.trading.risk_gate import Decision
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState
from desktop.trading.triggers import Guards, TriggerBook, trailing_level

_LIMITED = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
_STOPPED_KINDS = frozenset({OrderKind.STOP, OrderKind.STOP_LIMIT})


class UserCommands:
    """Carries out commands. A refusal changes nothing else and is kept as a typed error in `refusal`."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        signals: SignalBook,
        triggers: TriggerBook,
        rules: RuleDesk,
        closing: Closing,
        recovery: Recovery,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._desk, self._signals, self._triggers = book, desk, signals, triggers
        self._rules, self._closing, self._recovery = rules, closing, recovery
        self.refusal: UserMistake | None = None
        self._table: dict[type[Any], Callable[[Any], str]] = {
            ask.Start: self._start,
            ask.Pause: self._pause,
            ask.Resume: self._resume,
            ask.Stop: self._stop,
            ask.Fail: self._fail,
            ask.Recover: lambda command: recovery.begin(command.reason),
            ask.Recovered: lambda command: recovery.end(resume=command.resume),
            ask.Approve: self._approve,
            ask.Reject: self._reject,
            ask.Refresh: self._refresh,
            ask.Refresh: self._refresh,
            ask.PlaceOrder: self._place,
            ask.ClosePosition: self._close,
            ask.CancelOrder: self._cancel,
            ask.ReplaceOrder: self._replace,
            ask.SetTrigger: self._set_trigger,
            ask.ModifyTrigger: self._modify_trigger,
            ask.CancelTrigger: self._cancel_trigger,
            ask.SetLimits: self._set_limits,
            ask.SetMode: self._set_mode,
            ask.EngageKill: self._engage_kill,
            ask.ReleaseKill: self._release_kill,
        }

    def take(self, message: Asked) -> None:
        """Carry out a command; accepted or refused, it is on record with its answer."""
        state, command = self._state, message.command
        self.refusal = None
        try:
            answer, accepted = self._table[type(command)](command), True
        except UserMistake as mistake:
            self.refusal, answer, accepted = mistake, str(mistake), False
        state.emit(CommandTaken(state.session_id, state.now, command, message.by, accepted, answer))

    # the life of the session -----------------------------------------------------------------------------------
    def _start(self, _: ask.Start) -> str:
        self._state.expect(SessionState.RUNNING, SessionState.CREATED, SessionState.STOPPED)
        self._state.become(SessionState.RUNNING, "started")
        self._state.flatten = False
        return "The session is running."

    def _pause(self, command: ask.Pause) -> str:
        self._state.become(SessionState.PAUSED, command.reason)
        self._desk.deny_unsent("the session was paused", side=Side.BUY)
        return "The session is paused: no new entries. Exits, stops and closing by hand keep working."

    def _resume(self, _: ask.Resume) -> str:
        self._state.expect(SessionState.RUNNING, SessionState.PAUSED)
        self._state.become(SessionState.RUNNING, "resumed")
        return "The session is running again."

    def _stop(self, command: ask.Stop) -> str:
        self._state.become(SessionState.STOPPED, f"stopped ({command.choice.value})")
        self._signals.expire_all("The session was stopped.")
        self._rules.runs.end_all()
        self._desk.deny_unsent("the session was stopped", side=Side.BUY)
        if command.choice is StopChoice.KEEP:
            return "The session is stopped. Positions, working orders and triggers stay as they are."
        self._desk.cancel_all("the session was stopped")
        self._triggers.cancel_all("the session was stopped")
        if command.choice is StopChoice.CANCEL:
            return (
                "The session is stopped. Working orders and triggers are cancelled; positions stay and are not guarded."
            )
        self._closing.flatten()
        return "The session is stopped. Working orders and triggers are cancelled and its positions are being sold."

    def _fail(self, command: ask.Fail) -> str:
        self._state.become(SessionState.FAILED, command.reason)
        self._desk.deny_unsent("the session failed", side=Side.BUY)
        return f"The session failed: {command.reason}"

    # signals ---------------------------------------------------------------------------------------------------
    def _pending(self, signal_id: str) -> Signal:
        signal = self._signals.live.get(signal_id) or self._signals.recent.get(signal_id)
        if signal is None:
            raise NotFound("signal", signal_id, "It may have been raised by another session.")
        if signal.state is not SignalState.PENDING:
            raise IllegalMove(f"Signal {signal_id}", signal.state.value, SignalState.CONFIRMED.value, ())
        return signal

    def _approve(self, command: ask.Approve) -> str:
        signal = self._pending(command.signal_id)
        if signal.kind is SignalKind.ENTRY:
            self._refuse_if_gone(signal)
            request = self._wanted(signal, command, self._rules.entry_request(signal.symbol))
        else:
            request = self._wanted(signal, command, self._rules.exit_request(signal.symbol, signal))
        decision = self._desk.check(request)
        if decision.passes:
            if signal.kind is SignalKind.ENTRY:
                self._triggers.plan(signal.symbol, Guards(self._state.settings.strategy.protection))
            order = self._rules.confirm(signal, decision)
            return f"{order.side.value} {order.quantity} {order.symbol} is on its way as order {order.order_id}."
        block = decision.block
        if block is not None and block.outcome is Outcome.HOLD:
            self._signals.put(replace(signal, held_by=block.check.value))
            return f"Approved, but held for now: {block.sentence} It goes as soon as that clears."
        changed = command.quantity is not None or command.kind is not None or command.limit_price is not None
        if block is not None and block.outcome is Outcome.BLOCK:
            self._tell_block(
                block, signal.symbol, "entry" if signal.kind is SignalKind.ENTRY else "rule exit", signal.signal_id
            )
            if not changed:
                self._signals.block(signal, block)
        raise self._refused(decision)

    def _refuse_if_gone(self, signal: Signal) -> None:
        """Expire an entry whose time is over or whose price ran away, and refuse it."""
        now, limit, mark = self._state.now, self._state.limits.max_drift, self._marks[signal.symbol]
        if now >= signal.expires_at:
            raise self._expired(signal, "its time is over")
        drift = abs(mark.buy_price - signal.price) / signal.price * HUNDRED if signal.price else ZERO
        if limit is not None and drift > limit:
            raise self._expired(signal, f"the price moved {drift:.2f} % since it was raised, more than {limit} %")

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
        self._check_shape(signal.symbol, kind, quantity, limit, None)
        return replace(
            fresh,
            quantity=quantity,
            kind=kind,
            limit_price=limit if kind is OrderKind.LIMIT else None,
            price=signal.price,
            stop=signal.stop,
            signal_id=signal.signal_id,
            confirmed=command.confirmed,
        )

    def _reject(self, command: ask.Reject) -> str:
        signal = self._pending(command.signal_id)
        self._signals.move(signal, SignalState.REJECTED, "turned down by the user")
        return f"The signal on {signal.symbol} was turned down."

    def _refresh(self, command: ask.Refresh) -> str:
        signal = self._signals.recent.get(command.signal_id)
        if signal is None:
            raise NotFound("signal", command.signal_id, "It is too long ago.")
        if signal.state is SignalState.PENDING:
            self._signals.expire(signal, "The user asked for a fresh evaluation.")
        raised = self._rules.judge_afresh(signal.symbol)
        return f"The rule on {signal.symbol} {'still holds: there is a fresh signal' if raised else 'no longer holds'}."

    def _refresh(self, command: ask.Refresh) -> str:
        known = self._signals.recent.get(command.signal_id)
        if known is None:
            raise NotFound("signal", command.signal_id, "It may have been raised by another session.")
        if known.state is SignalState.CONFIRMED:
            raise IllegalMove(f"Signal {known.signal_id}", known.state.value, SignalState.EXPIRED.value, ())
        if known.state is SignalState.PENDING:
            self._signals.expire(known, "A fresh evaluation was asked for.")
        before = self._state.signals
        self._rules.judge_anew(known.symbol, known.kind)
        if self._state.signals == before:
            return f"The {known.kind.value.lower()} rule of {known.symbol} does not hold now: no new signal was raised."
        return f"The rule of {known.symbol} holds: a fresh signal was raised."

    # orders ----------------------------------------------------------------------------------------------------
    def _symbol(self, symbol: str) -> None:
        if symbol not in self._marks:
            raise NotFound("symbol", symbol, f"This session trades {', '.join(self._marks)}.")

    def _check_shape(self, symbol: str, kind: OrderKind, quantity: Any, limit: Any, stop: Any) -> None:
        self._symbol(symbol)
        lot = self._marks[symbol].instrument.lot
        if not quantity.is_finite() or quantity <= ZERO:
            raise FieldError("quantity", "must be a number above zero.")
        if quantity % lot:
            raise FieldError("quantity", f"must be a multiple of {lot}.")
        if (limit is None) == (kind in _LIMITED):
            raise FieldError(
                "limit_price", f"a {kind.value} order {'needs' if kind in _LIMITED else 'has no'} limit price."
            )
        if (stop is None) == (kind in _STOPPED_KINDS):
            raise FieldError(
                "stop_price", f"a {kind.value} order {'needs' if kind in _STOPPED_KINDS else 'has no'} stop price."
            )
        for name, price in (("limit_price", limit), ("stop_price", stop)):
            if price is not None and (not price.is_finite() or price <= ZERO):
                raise FieldError(name, "must be a price above zero.")

    def _place(self, command: ask.PlaceOrder) -> str:
        symbol = command.symbol
        self._check_shape(symbol, command.kind, command.quantity, command.limit_price, command.stop_price)
        buys = command.side is Side.BUY
        if not buys and self._holdings.quantity(symbol) <= ZERO:
            raise PositionNotFound(symbol, self._state.settings.name)
        item = self._marks[symbol].instrument
        request = OrderRequest(
            symbol=symbol,
            side=command.side,
            purpose=Purpose.ENTRY if buys else Purpose.CLOSE,
            quantity=command.quantity,
            kind=command.kind,
            limit_price=None if command.limit_price is None else item.price(command.limit_price),
            stop_price=None if command.stop_price is None else item.price(command.stop_price),
            time_in_force=command.time_in_force,
            stop=command.stop_loss,
            confirmed=command.confirmed,
        )
        if buys:
            return self._buy(command, request)
        return self._closing.by_hand(request)

    def _buy(self, command: ask.PlaceOrder, request: OrderRequest) -> str:
        decision = self._desk.check(request)
        if not decision.passes:
            if decision.block is not None:
                self._tell_block(decision.block, request.symbol, "entry")
            raise self._refused(decision)
        guards = Guards(
            stop_loss=command.stop_loss, take_profit=command.take_profit, trailing_percent=command.trailing_percent
        )
        self._triggers.plan(request.symbol, guards)
        order = self._desk.send(decision)
        return f"BUY {order.quantity} {order.symbol} is on its way as order {order.order_id}."

    def _close(self, command: ask.ClosePosition) -> str:
        held = self._holdings.quantity(command.symbol) if command.symbol in self._marks else ZERO
        if held <= ZERO:
            raise PositionNotFound(command.symbol, self._state.settings.name)
        quantity = held if command.quantity is None else command.quantity
        if quantity != held:
            self._check_shape(command.symbol, OrderKind.MARKET, quantity, None, None)
        if command.quantity is None:
            return self._closing.whole(command.symbol, confirmed=command.confirmed)
        request = OrderRequest(
            command.symbol,
            Side.SELL,
            Purpose.CLOSE,
            quantity,
            time_in_force=TimeInForce.GTC,
            confirmed=command.confirmed,
        )
        return self._closing.by_hand(request)

    def _working(self, order_id: str) -> Order:
        order = self._book.open.get(order_id)
        if order is None:
            found = self._book.finished.get(order_id)
            hint = "" if found is None else f"It is {found.status.value} already."
            raise NotFound("working order", order_id, hint)
        return order

    def _cancel(self, command: ask.CancelOrder) -> str:
        order = self._working(command.order_id)
        self._desk.cancel(order, "cancelled by the user")
        return f"Order {order.order_id} is being cancelled."

    def _replace(self, command: ask.ReplaceOrder) -> str:
        order = self._working(command.order_id)
        item = self._marks[order.symbol].instrument
        limit = order.limit_price if command.limit_price is None else item.price(command.limit_price)
        stop = order.stop_price if command.stop_price is None else item.price(command.stop_price)
        quantity = order.quantity if command.quantity is None else command.quantity
        self._check_shape(order.symbol, order.kind, quantity, limit, stop)
        if quantity <= order.filled:
            raise FieldError("quantity", f"{order.filled} are filled already; cancel the order to stop there.")
        decision = self._desk.replace(order, quantity=quantity, limit_price=limit, stop_price=stop)
        if not decision.passes:
            raise self._refused(decision)
        return f"Order {order.order_id} is being changed."

    # triggers --------------------------------------------------------------------------------------------------
    def _set_trigger(self, command: ask.SetTrigger) -> str:
        self._symbol(command.symbol)
        mark, held = self._marks[command.symbol], self._holdings.quantity(command.symbol)
        item, entry = mark.instrument, command.kind is TriggerKind.ENTRY_LIMIT
        if not entry and held <= ZERO:
            raise PositionNotFound(command.symbol, self._state.settings.name)
        if entry and (command.quantity is None or command.quantity <= ZERO or command.quantity % item.lot):
            raise FieldError("quantity", f"an entry needs a quantity above zero in lots of {item.lot}.")
        trailing = command.kind is TriggerKind.TRAILING_STOP
        level, trail = command.level, command.trail_percent or ZERO
        if trailing:
            _check_trail(trail)
            level = trailing_level(item, mark.sell_price, trail)
        elif level is None or not level.is_finite() or level <= ZERO:
            raise FieldError("level", "must be a price above zero.")
        quantity = command.quantity if entry and command.quantity is not None else held
        trigger = self._triggers.arm(
            command.symbol,
            command.kind,
            quantity=quantity,
            level=item.price(level),
            trail_percent=trail,
            high_water=mark.sell_price if trailing else ZERO,
            source="user",
        )
        return f"{_title(trigger)} on {trigger.symbol} is armed at {trigger.level}."

    def _trigger(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.active.get(trigger_id)
        if trigger is None:
            raise NotFound("active trigger", trigger_id, "It may have fired or been cancelled.")
        return trigger

    def _modify_trigger(self, command: ask.ModifyTrigger) -> str:
        trigger = self._trigger(command.trigger_id)
        item = self._marks[trigger.symbol].instrument
        trail, level = trigger.trail_percent, trigger.level
        if trigger.kind is TriggerKind.TRAILING_STOP:
            if command.trail_percent is None:
                raise FieldError("trail_percent", "a trailing stop is moved by its percentage.")
            trail = command.trail_percent
            _check_trail(trail)
            level = trailing_level(item, trigger.high_water, trail)
        elif command.level is None or not command.level.is_finite() or command.level <= ZERO:
            raise FieldError("level", "must be a price above zero.")
        else:
            level = item.price(command.level)
        moved = self._triggers.change(trigger, level=level, trail_percent=trail)
        return f"{_title(moved)} on {moved.symbol} is at {moved.level} now."

    def _cancel_trigger(self, command: ask.CancelTrigger) -> str:
        trigger = self._triggers.cancel(self._trigger(command.trigger_id), "cancelled by the user")
        return f"{_title(trigger)} on {trigger.symbol} is disarmed."

    # settings and the kill switch ------------------------------------------------------------------------------
    def _set_limits(self, command: ask.SetLimits) -> str:
        self._state.limits = command.limits
        return "The limits are changed; they hold from the next order on."

    def _set_mode(self, command: ask.SetMode) -> str:
        self._state.mode = command.mode
        return f"The session works in {command.mode.value} mode now."

    def _engage_kill(self, command: ask.EngageKill) -> str:
        state = self._state
        if not state.kill:
            state.kill = True
            state.emit(KillSwitchChanged(state.session_id, state.now, engaged=True, reason=command.reason))
        self._desk.cancel_all(command.reason)
        self._closing.forget()
        if not command.flatten:
            return "The kill switch is engaged: nothing is sent and working orders are being cancelled. Positions stay."
        self._closing.flatten()
        return "The kill switch is engaged: working orders are being cancelled and all positions are being sold."

    def _release_kill(self, _: ask.ReleaseKill) -> str:
        state = self._state
        if not state.kill:
            raise UserMistake("The kill switch is not engaged. Nothing was changed.")
        state.kill, state.flatten = False, False
        state.emit(KillSwitchChanged(state.session_id, state.now, engaged=False, reason="released"))
        return "The kill switch is released; triggers and rules work again."

    def _refused(self, decision: Decision) -> UserMistake:
        return decision.error or UserMistake("The order was refused.")

    def _tell_block(self, block: Block, symbol: str, what: str, signal_id: str = "") -> None:
        self._state.emit(Blocked(self._state.session_id, self._state.now, symbol, what, block, signal_id=signal_id))


def _check_trail(trail: Any) -> None:
    if not trail.is_finite() or not ZERO < trail < HUNDRED:
        raise FieldError("trail_percent", "must be a percentage above 0 and below 100.")


def _title(trigger: Trigger) -> str:
    return trigger.kind.value.replace("_", "-").capitalize()

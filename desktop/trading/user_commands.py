"""What a user (or the manager on their behalf) asks of a session: checked, done, and answered in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop.domain import commands as ask
from desktop.domain.errors import UserMistake
from desktop.domain.events import CommandTaken, KillSwitchChanged
from desktop.domain.messages import Asked
from desktop.domain.orders import Side
from desktop.domain.risk import Check
from desktop.domain.sessions import SessionState, StopChoice
from desktop.trading.closing import Closing
from desktop.trading.order_commands import OrderCommands
from desktop.trading.order_desk import OrderDesk
from desktop.trading.outside_desk import OutsideDesk
from desktop.trading.recovery import Recovery
from desktop.trading.signal_commands import SignalCommands
from desktop.trading.signals import Runs, SignalBook
from desktop.trading.state import CoreState
from desktop.trading.trigger_commands import TriggerCommands
from desktop.trading.triggers import TriggerBook


class UserCommands:
    """Carries out commands: those of the session's life here, the others where they belong.

    Attributes:
        refusal: The typed error of the last command where it was refused; a refusal changes nothing else.
    """

    def __init__(
        self,
        state: CoreState,
        desk: OrderDesk,
        signals: SignalBook,
        triggers: TriggerBook,
        runs: Runs,
        closing: Closing,
        recovery: Recovery,
        on_signals: SignalCommands,
        on_orders: OrderCommands,
        on_triggers: TriggerCommands,
        on_account: OutsideDesk,
    ) -> None:
        self._state, self._desk, self._signals = state, desk, signals
        self._triggers, self._runs, self._closing = triggers, runs, closing
        self.refusal: UserMistake | None = None
        self._table: dict[type[Any], Callable[[Any], str]] = {
            ask.Start: self._start,
            ask.Pause: self._pause,
            ask.Resume: self._resume,
            ask.Stop: self._stop,
            ask.Fail: self._fail,
            ask.Recover: lambda command: recovery.begin(command.reason),
            ask.Recovered: lambda command: recovery.end(resume=command.resume),
            ask.Approve: on_signals.approve,
            ask.Reject: on_signals.reject,
            ask.Refresh: on_signals.refresh,
            ask.PlaceOrder: on_orders.place,
            ask.ClosePosition: on_orders.close,
            ask.CancelOrder: on_orders.cancel,
            ask.ReplaceOrder: on_orders.replace,
            ask.SetTrigger: on_triggers.arm,
            ask.ModifyTrigger: on_triggers.modify,
            ask.CancelTrigger: on_triggers.cancel,
            ask.SetLimits: self._set_limits,
            ask.SetMode: self._set_mode,
            ask.EngageKill: self._engage_kill,
            ask.ReleaseKill: self._release_kill,
            ask.Arm: on_account.arm,
            ask.Disarm: on_account.disarm,
            ask.AdoptDifference: on_account.adopt,
            ask.IgnoreDifference: on_account.ignore,
            ask.DeclareLost: on_account.declare_lost,
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

    def _start(self, _: ask.Start) -> str:
        self._state.expect(SessionState.RUNNING, SessionState.CREATED, SessionState.STOPPED)
        self._state.become(SessionState.RUNNING, "started")
        self._closing.stand_down()
        return "The session is running."

    def _pause(self, command: ask.Pause) -> str:
        self._state.become(SessionState.PAUSED, command.reason)
        self._desk.deny_unsent("the session was paused", side=Side.BUY)
        return "The session is paused: no new entries. Exits, stops and closing by hand keep working."

    def _resume(self, _: ask.Resume) -> str:
        self._state.expect(SessionState.RUNNING, SessionState.PAUSED)
        self._state.become(SessionState.RUNNING, "resumed")
        self._runs.end_blocked(Check.PAUSE)
        return "The session is running again."

    def _stop(self, command: ask.Stop) -> str:
        self._state.become(SessionState.STOPPED, f"stopped ({command.choice.value})")
        self._signals.expire_all("The session was stopped.")
        self._runs.end_all()
        self._desk.deny_unsent("the session was stopped", side=Side.BUY)
        if command.choice is StopChoice.KEEP:
            return "The session is stopped. Positions, working orders and triggers stay as they are."
        self._desk.cancel_all("the session was stopped")
        self._triggers.cancel_all("the session was stopped")
        self._closing.forget()
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
            self._closing.stand_down()
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
        state.kill = False
        self._closing.stand_down()
        self._runs.end_blocked(Check.KILL_SWITCH)
        state.emit(KillSwitchChanged(state.session_id, state.now, engaged=False, reason="released"))
        return "The kill switch is released; triggers and rules work again."

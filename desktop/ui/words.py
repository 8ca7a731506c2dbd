"""States, kinds and sources in the user's words, and the colour each is shown in: one place for all tables."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.market import FeedOrigin
from desktop.domain.orders import Order, OrderKind, OrderStatus, Side
from desktop.domain.sessions import ExecutionMode, SessionSettings, SessionState
from desktop.domain.signals import SignalKind, SignalState
from desktop.domain.triggers import TriggerKind, TriggerState


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)


BROKER_PAPER = "BROKER PAPER"  # orders leave the program, money does not move


def badge(settings: SessionSettings) -> str:
    """Return DEMO, PAPER, BROKER PAPER or LIVE: what is at stake in a session."""
    if settings.is_live:  # whatever its prices are: its orders leave the program
        return stake(real_money=settings.real_money)
    return "DEMO" if settings.origin == FeedOrigin.DEMO else "PAPER"


def stake(*, real_money: bool) -> str:
    """Return the badge of an account at a broker."""
    return "LIVE" if real_money else BROKER_PAPER


def badge_full(name: str) -> str:
    """Return a badge as it is shown where there is room."""
    return {"DEMO": _tr("DEMO - simulated prices"), "LIVE": _tr("LIVE - REAL MONEY")}.get(name, name)


def badge_short(name: str) -> str:
    """Return a badge as it is shown in a column."""
    return "BROKER" if name == BROKER_PAPER else name


def badge_tone(name: str) -> str:
    """Return the token of a badge's plate."""
    return "broker" if name == BROKER_PAPER else name.lower()


def badge_words(name: str) -> str:
    """Return what a badge means, in a sentence."""
    return {
        "DEMO": _tr("DEMO - simulated prices. Nothing here is real and no result counts."),
        "LIVE": _tr("LIVE - REAL MONEY: orders go to a broker. Armed sessions spend money."),
        BROKER_PAPER: _tr("BROKER PAPER - orders go to the broker's own paper account; no money moves."),
    }.get(name, _tr("PAPER - simulated orders and money; no order reaches a broker."))


_HALTED = (SessionState.RUNNING, SessionState.PAUSED)  # what the kill switch stops; the others do nothing anyway


def session_state(state: SessionState, *, kill: bool = False) -> str:
    """Return the state of a session; `kill`: the kill switch holds it."""
    if kill and state in _HALTED:
        return _tr("Halted")
    return {
        SessionState.CREATED: _tr("New"),
        SessionState.RUNNING: _tr("Running"),
        SessionState.PAUSED: _tr("Paused"),
        SessionState.RECOVERING: _tr("Recovering"),
        SessionState.STOPPED: _tr("Stopped"),
        SessionState.FAILED: _tr("Failed"),
    }[state]


def session_tone(state: SessionState, *, kill: bool = False) -> str:
    """Return the token of a session's state."""
    if kill and state in _HALTED:
        return "bad"
    return {
        SessionState.RUNNING: "good",
        SessionState.PAUSED: "warning",
        SessionState.RECOVERING: "warning",
        SessionState.FAILED: "bad",
    }.get(state, "text_muted")


def mode(choice: ExecutionMode) -> str:
    """Return who decides."""
    return {
        ExecutionMode.MANUAL: _tr("Manual"),
        ExecutionMode.SEMI_AUTO: _tr("Semi-auto"),
        ExecutionMode.AUTO: _tr("Auto"),
    }[choice]


def mode_words(choice: ExecutionMode) -> str:
    """Return who decides, in a sentence."""
    return {
        ExecutionMode.MANUAL: _tr(
            "You confirm every entry and every exit by rule; stops and targets act by themselves."
        ),
        ExecutionMode.SEMI_AUTO: _tr("You confirm entries; exits by rule go at once."),
        ExecutionMode.AUTO: _tr("Signals become orders at once, within the limits."),
    }[choice]


def side(value: Side) -> str:
    """Return the side of an order."""
    return _tr("BUY") if value is Side.BUY else _tr("SELL")


def side_tone(value: Side) -> str:
    """Return the token of a side."""
    return "buy" if value is Side.BUY else "sell"


def order_kind(kind: OrderKind) -> str:
    """Return how an order is priced."""
    return {
        OrderKind.MARKET: _tr("Market"),
        OrderKind.LIMIT: _tr("Limit"),
        OrderKind.STOP: _tr("Stop"),
        OrderKind.STOP_LIMIT: _tr("Stop limit"),
        OrderKind.PAIR: _tr("Stop and target"),
    }[kind]


def order_status(order: Order) -> str:
    """Return where an order is in its life."""
    return {
        OrderStatus.INTENT: _tr("Intended"),
        OrderStatus.DENIED: _tr("Denied"),
        OrderStatus.SENDING: _tr("Sending"),
        OrderStatus.UNKNOWN: _tr("Unknown"),
        OrderStatus.PENDING_NEW: _tr("Pending"),
        OrderStatus.REJECTED: _tr("Rejected"),
        OrderStatus.NEW: _tr("Working"),
        OrderStatus.PARTIALLY_FILLED: _tr("Part filled"),
        OrderStatus.FILLED: _tr("Filled"),
        OrderStatus.PENDING_CANCEL: _tr("Cancelling"),
        OrderStatus.PENDING_REPLACE: _tr("Replacing"),
        OrderStatus.CANCELED: _tr("Cancelled"),
        OrderStatus.EXPIRED: _tr("Expired"),
        OrderStatus.DONE_FOR_DAY: _tr("Done for day"),
        OrderStatus.SUSPENDED: _tr("Suspended"),
    }[order.status]


def order_tone(order: Order) -> str:
    """Return the token of an order's status."""
    if order.status is OrderStatus.FILLED:
        return "good"
    if order.status in (OrderStatus.DENIED, OrderStatus.REJECTED, OrderStatus.UNKNOWN):
        return "bad"
    return "accent" if order.is_open else "text_muted"


def trigger_kind(kind: TriggerKind) -> str:
    """Return what a trigger is for."""
    return {
        TriggerKind.STOP_LOSS: _tr("Stop loss"),
        TriggerKind.TAKE_PROFIT: _tr("Take profit"),
        TriggerKind.TRAILING_STOP: _tr("Trailing stop"),
        TriggerKind.ENTRY_LIMIT: _tr("Entry limit"),
    }[kind]


def trigger_state(state: TriggerState) -> str:
    """Return where a trigger is in its life."""
    return {
        TriggerState.ACTIVE: _tr("Armed"),
        TriggerState.TRIGGERED: _tr("Fired"),
        TriggerState.CANCELLED: _tr("Cancelled"),
    }[state]


def trigger_tone(state: TriggerState) -> str:
    """Return the token of a trigger's state."""
    return {TriggerState.ACTIVE: "accent", TriggerState.TRIGGERED: "warning"}.get(state, "text_muted")


def signal_kind(kind: SignalKind) -> str:
    """Return whether a signal opens or closes."""
    return _tr("Entry") if kind is SignalKind.ENTRY else _tr("Exit")


def signal_state(state: SignalState) -> str:
    """Return what became of a signal."""
    return {
        SignalState.PENDING: _tr("Pending"),
        SignalState.CONFIRMED: _tr("Confirmed"),
        SignalState.REJECTED: _tr("Rejected"),
        SignalState.EXPIRED: _tr("Expired"),
        SignalState.BLOCKED: _tr("Blocked"),
        SignalState.EXECUTED: _tr("Executed"),
    }[state]


def signal_tone(state: SignalState) -> str:
    """Return the token of a signal's state."""
    return {
        SignalState.PENDING: "accent",
        SignalState.CONFIRMED: "accent",
        SignalState.EXECUTED: "good",
        SignalState.BLOCKED: "bad",
    }.get(state, "text_muted")


def source(came_from: str) -> str:
    """Return where an order came from or why a trade was closed; what is not known here is shown as it is."""
    return {
        "signal": _tr("signal"),
        "rule": _tr("rule"),
        "stop-loss": _tr("stop loss"),
        "take-profit": _tr("take profit"),
        "trailing stop": _tr("trailing stop"),
        "by hand": _tr("by hand"),
        "kill switch": _tr("kill switch"),
    }.get(came_from, came_from)

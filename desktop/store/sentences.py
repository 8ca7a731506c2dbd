"""One plain sentence for each fact: what the audit trail shows and what a search looks through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop.domain.events import (
    Blocked,
    CommandTaken,
    Fact,
    FillBooked,
    KillSwitchChanged,
    OrderChanged,
    PositionChanged,
    PrerequisitesJudged,
    SessionChanged,
    SignalChanged,
    TradeClosed,
    TriggerChanged,
    Warned,
)


def _session(fact: SessionChanged) -> str:
    return f"Session {fact.before.value} -> {fact.after.value}" + (f": {fact.reason}" if fact.reason else "")


def _command(fact: CommandTaken) -> str:
    outcome = "accepted" if fact.accepted else "refused"
    return f"{type(fact.command).__name__} by {fact.by} {outcome}" + (f": {fact.answer}" if fact.answer else "")


def _signal(fact: SignalChanged) -> str:
    signal = fact.signal
    said = f"{signal.symbol}: {signal.kind.value} signal {signal.state.value}, {signal.side.value} {signal.quantity:f}"
    return f"{said} at {signal.price:f}" + (f": {signal.reason}" if signal.reason else "")


def _order(fact: OrderChanged) -> str:
    order = fact.order
    said = f"{order.symbol}: order {order.order_id} {order.status.value}, {order.side.value} {order.quantity:f}"
    price = order.limit_price if order.limit_price is not None else order.stop_price
    at = f" at {price:f}" if price is not None else ""
    return f"{said} {order.kind.value}{at}" + (f": {order.reason}" if order.reason else "")


def _fill(fact: FillBooked) -> str:
    fill = fact.fill
    return (
        f"{fill.symbol}: {fill.side.value} {fill.quantity:f} filled at {fill.price:f}, fee {fill.fee:f}, "
        f"cash {fact.cash:f} (order {fill.order_id})"
    )


def _position(fact: PositionChanged) -> str:
    position = fact.position
    if not position.quantity:
        return f"{position.symbol}: position closed"
    return f"{position.symbol}: position {position.quantity:f}, cost {position.cost:f}"


def _trade(fact: TradeClosed) -> str:
    trade = fact.trade
    said = f"{trade.symbol}: trade closed, {trade.quantity:f} from {trade.entry_price:f} to {trade.exit_price:f}"
    return f"{said}, P&L {trade.pnl:f}" + (f": {trade.reason}" if trade.reason else "")


def _trigger(fact: TriggerChanged) -> str:
    trigger = fact.trigger
    said = f"{trigger.symbol}: {trigger.kind.value} at {trigger.level:f} {trigger.state.value}"
    return said + (f": {trigger.reason}" if trigger.reason else "")


def _blocked(fact: Blocked) -> str:
    times = f" ({fact.count} times)" if fact.count > 1 else ""
    return f"{fact.symbol}: {fact.what} stopped by {fact.block.check.value}{times}: {fact.block.sentence}"


def _warned(fact: Warned) -> str:
    return f"{fact.topic}: {fact.sentence}"


def _kill(fact: KillSwitchChanged) -> str:
    return f"Kill switch {'engaged' if fact.engaged else 'released'}" + (f": {fact.reason}" if fact.reason else "")


def _prerequisites(fact: PrerequisitesJudged) -> str:
    failed = ", ".join(item.prerequisite.value for item in fact.verdicts if not item.passes)
    reasons = [f"{item.prerequisite.value} overridden ({item.override})" for item in fact.verdicts if item.override]
    may = "may trade" if fact.passed else "may not trade"
    said = f"{fact.name}: {fact.strategy} {fact.strategy_version} {may} live on {fact.account}"
    return said + (f": {failed} not met" if failed else "") + (f"; {', '.join(reasons)}" if reasons else "")


_SENTENCES: dict[type, Callable[[Any], str]] = {
    SessionChanged: _session,
    CommandTaken: _command,
    SignalChanged: _signal,
    OrderChanged: _order,
    FillBooked: _fill,
    PositionChanged: _position,
    TradeClosed: _trade,
    TriggerChanged: _trigger,
    Blocked: _blocked,
    Warned: _warned,
    KillSwitchChanged: _kill,
    PrerequisitesJudged: _prerequisites,
}


def sentence(fact: Fact) -> str:
    """Return one sentence that says what happened."""
    return _SENTENCES[type(fact)](fact)

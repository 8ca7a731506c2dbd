"""Why, or why not: the rule clause by clause and the checks that stand in the way, at this moment (R4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.events import Blocked
from desktop.domain.orders import Side
from desktop.domain.triggers import TriggerState
from desktop.engine.cards import clause_lines
from desktop.engine.views import Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.domain.fills import Fill
    from desktop.domain.orders import Order
    from desktop.domain.signals import Signal
    from desktop.domain.triggers import Trigger
    from desktop.engine.runner import SessionRunner

HISTORY_SHOWN = 40


def why(runner: SessionRunner, symbol: str) -> Why:
    """Return the reasons for what a session does, or does not do, with a symbol now."""
    core = runner.unit.core
    held = symbol in core.positions
    reasons = core.why(symbol)
    return Why(
        session_id=runner.session_id,
        symbol=symbol,
        question=f"Why is {symbol} still held?" if held else f"Why is there no entry in {symbol}?",
        answer=reasons["answer"],
        rule=reasons["rule"],
        lines=clause_lines(reasons["explanation"]),
        checks=tuple(reasons["checks"]),
        history=tuple(_history(runner, symbol)),
    )


def _history(runner: SessionRunner, symbol: str) -> list[tuple[int, str]]:
    """Return the chain of what happened, oldest first: signal, order, fills, triggers, blocks."""
    book = runner.book
    rows: list[tuple[int, str]] = []
    for signal in book.signals.values():
        rows.extend(_of_signal(signal) if signal.symbol == symbol else ())
    for order in book.orders.values():
        rows.extend(_of_order(order) if order.symbol == symbol else ())
    for trigger in book.triggers.values():
        rows.extend(_of_trigger(trigger) if trigger.symbol == symbol else ())
    rows.extend((fill.at, _of_fill(fill)) for fill in book.fills if fill.symbol == symbol)
    rows.extend(
        (fact.at, fact.block.sentence) for fact in book.blocks if isinstance(fact, Blocked) and fact.symbol == symbol
    )
    return sorted(rows)[-HISTORY_SHOWN:]


def _of_signal(signal: Signal) -> Iterator[tuple[int, str]]:
    clauses = "; ".join(str(item["line"]) for item in signal.explanation.get("clauses", ()))
    because = f" because {clauses}" if clauses else ""
    yield signal.created_at, f"{signal.kind.capitalize()} signal at {signal.price:,f}{because}"
    if signal.updated_at > signal.created_at:
        yield signal.updated_at, _and_reason(f"The signal became {signal.state.lower()}", signal.reason)


def _of_order(order: Order) -> Iterator[tuple[int, str]]:
    yield order.created_at, f"Order {order.ordinal}: {order.side} {order.quantity:,f}, {order.kind.lower()}"
    if order.reason:
        yield order.updated_at, f"Order {order.ordinal} {order.status.lower()}: {order.reason}"


def _of_trigger(trigger: Trigger) -> Iterator[tuple[int, str]]:
    name = trigger.kind.replace("_", " ").lower()
    yield trigger.created_at, f"Armed a {name} at {trigger.level:,f}"
    if trigger.state is not TriggerState.ACTIVE:
        yield trigger.updated_at, _and_reason(f"The {name} was {trigger.state.lower()}", trigger.reason)


def _of_fill(fill: Fill) -> str:
    verb = "Bought" if fill.side is Side.BUY else "Sold"
    return f"{verb} {fill.quantity:,f} at {fill.price:,f}, slippage {fill.slippage:,f} a unit, fee {fill.fee:,f}"


def _and_reason(sentence: str, reason: str) -> str:
    return f"{sentence}: {reason}" if reason else sentence

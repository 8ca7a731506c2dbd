"""Why, or why not: the rule clause by clause and the checks that stand in the way, at this moment (R4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.engine.cards import clause_lines
from desktop.engine.views import Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.engine.runner import SessionRunner


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


def _history(runner: SessionRunner, symbol: str) -> Iterator[tuple[int, str]]:
    """Yield the chain of what happened, oldest first: signal, order, fills, triggers, blocks."""
    book = runner.book
    rows: list[tuple[int, str]] = []
    for signal in book.signals.values():
        if signal.symbol == symbol:
            clauses = "; ".join(str(item["line"]) for item in signal.explanation.get("clauses", ()))
            rows.append((signal.created_at, f"{signal.kind} signal at {signal.price:,f}" + (f" because {clauses}" if clauses else "")))
            if signal.updated_at > signal.created_at:
                rows.append((signal.updated_at, f"The signal became {signal.state.lower()}" + (f": {signal.reason}" if signal.reason else "")))
    for order in book.orders.values():
        if order.symbol == symbol:
            rows.append((order.created_at, f"Order {order.ordinal}: {order.side} {order.quantity:,f} {order.kind.lower()}"))
            if order.reason:
                rows.append((order.updated_at, f"Order {order.ordinal} {order.status.lower()}: {order.reason}"))
    for fill in book.fills:
        if fill.symbol == symbol:
            verb = "Bought" if fill.side == "BUY" else "Sold"
            rows.append((fill.at, f"{verb} {fill.quantity:,f} at {fill.price:,f}, slippage {fill.slippage:,f} a unit, fee {fill.fee:,f}"))
    for trigger in book.triggers.values():
        if trigger.symbol == symbol:
            name = trigger.kind.replace("_", " ").lower()
            rows.append((trigger.created_at, f"Armed a {name} at {trigger.level:,f}"))
            if trigger.state != "ACTIVE":
                rows.append((trigger.updated_at, f"The {name} was {trigger.state.lower()}" + (f": {trigger.reason}" if trigger.reason else "")))
    for block in book.blocks:
        if getattr(block, "symbol", "") == symbol:
            rows.append((block.at, getattr(block, "block").sentence))
    yield from sorted(rows)[-40:]

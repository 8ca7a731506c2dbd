"""What stops, targets and entry limits do when the kill switch is released: rest again, or sell at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from desktop.domain.sessions import SessionState
from desktop.domain.triggers import TriggerKind, TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import Table, TriggerRow, WatchRow
from desktop.ui import formats, words
from desktop.ui.live_words import is_live


@dataclass(frozen=True, slots=True)
class Awaited:
    """One trigger that acts again once the switch is released.

    Attributes:
        trigger_id: Its key.
        live: Whether its orders go to a broker.
        sentence: Session, symbol, what it does, quantity, level and the present price.
        at_once: Whether the present price has reached its level, so that its order leaves at once.
    """

    trigger_id: str
    live: bool
    sentence: str
    at_once: bool


def _tr(text: str) -> str:
    return QCoreApplication.translate("Releasing", text)


def awaited(desk: Desk) -> list[Awaited]:
    """Return every armed trigger that acts after a release: those that act at once first, then those at brokers."""
    asked = (desk.row(Table.TRIGGERS, row.trigger.trigger_id) for row in desk.triggers())  # trailing stops as they are
    found = [_awaited(desk, row) for row in asked if isinstance(row, TriggerRow) and _acts_again(desk, row)]
    return sorted(found, key=lambda item: (not item.at_once, not item.live, item.sentence))


def _acts_again(desk: Desk, row: TriggerRow) -> bool:
    session = desk.session(row.trigger.session_id)
    return row.trigger.state is TriggerState.ACTIVE and session is not None and session.state is not SessionState.FAILED


def _awaited(desk: Desk, row: TriggerRow) -> Awaited:
    trigger = row.trigger
    price = _price(desk, row)
    at_once = price is not None and _reached(trigger.kind, trigger.level, price)
    buys = trigger.kind is TriggerKind.ENTRY_LIMIT
    if at_once:
        pattern = (
            _tr("%1: BUYS %2 %3 AT ONCE (%4 %5, price now %6)")
            if buys
            else _tr("%1: SELLS %2 %3 AT ONCE (%4 %5, price now %6)")
        )
    elif is_live(row.session) and trigger.kind in (TriggerKind.STOP_LOSS, TriggerKind.TAKE_PROFIT):
        pattern = _tr("%1: %2 %3 rests at the broker or is watched by Assay again (%4 %5, price now %6)")
    else:
        pattern = _tr("%1: %2 %3 is watched by Assay again (%4 %5, price now %6)")
    values = (
        row.session.name,
        formats.quantity(trigger.quantity, row.instrument),
        trigger.symbol,
        words.trigger_kind(trigger.kind),
        formats.price(trigger.level, row.instrument),
        formats.price(price, row.instrument) if price is not None else _tr("not known"),
    )
    text = pattern
    for place in range(len(values), 0, -1):  # the name of the session, which may hold a %, comes last
        text = text.replace(f"%{place}", values[place - 1])
    return Awaited(trigger.trigger_id, is_live(row.session), text, at_once)


def _price(desk: Desk, row: TriggerRow) -> Decimal | None:
    """Return what the trigger is compared with: what a seller would get now, for an entry the ask."""
    quote = desk.row(Table.WATCH, f"{row.session.feed}/{row.trigger.symbol}")
    if row.trigger.kind is TriggerKind.ENTRY_LIMIT and isinstance(quote, WatchRow) and quote.ask is not None:
        return quote.ask
    return row.price


def _reached(kind: TriggerKind, level: Decimal, price: Decimal) -> bool:
    return price >= level if kind is TriggerKind.TAKE_PROFIT else price <= level

"""What stops, targets and entry limits filled: of live sessions, and of any just after the kill switch let them go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.events import Fact, KillSwitchChanged, OrderChanged
from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, Purpose, Side
from desktop.domain.triggers import TriggerKind
from desktop.engine.api import Desk
from desktop.engine.views import Table, TriggerRow
from desktop.ui import formats, words

AFTER_RELEASE = 5 * SECOND  # of message time in which what fires is what the release let fire
_BY_TRIGGER = frozenset({Purpose.TRIGGER, Purpose.GUARD, Purpose.ENTRY})


class Fired:
    """Makes the sentences; one an order, which grows with its fills."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: dict[str, str] = {}  # by order
        self._released: dict[str, int] = {}  # by session: when the switch let it go, µs UTC

    def sentence_of(self, fact: Fact) -> tuple[str, str] | None:
        """Return (sentence, the one it takes the place of or empty); None: there is nothing new to say."""
        if isinstance(fact, KillSwitchChanged) and not fact.engaged:
            self._released[fact.session_id] = fact.at
        if not isinstance(fact, OrderChanged) or not fact.order.filled or fact.order.purpose not in _BY_TRIGGER:
            return None
        order = fact.order
        row = self._desk.row(Table.TRIGGERS, order.trigger_id)
        if not isinstance(row, TriggerRow) or not self._concerns(row, fact.at):
            return None
        sentence, before = _words(order, row), self._said.get(order.order_id, "")
        self._said[order.order_id] = sentence
        return None if sentence == before else (sentence, before)

    def _concerns(self, row: TriggerRow, at: int) -> bool:
        released = self._released.get(row.trigger.session_id)
        return row.session.is_live or (released is not None and at - released <= AFTER_RELEASE)


def _words(order: Order, row: TriggerRow) -> str:
    kind, price = row.trigger.kind, order.average_price
    if order.kind is OrderKind.PAIR:  # stop and target in one: the price says which of them it was
        target = order.limit_price is not None and (price or ZERO) >= order.limit_price
        kind = TriggerKind.TAKE_PROFIT if target else TriggerKind.STOP_LOSS
    text = (
        QCoreApplication.translate("News", "%1 of %2 sold %3 of %4 at %5 (%6).")
        if order.side is Side.SELL
        else QCoreApplication.translate("News", "%1 of %2 bought %3 of %4 at %5 (%6).")
    )
    values = (
        words.trigger_kind(kind),
        order.symbol,
        formats.quantity(order.filled, row.instrument),
        formats.quantity(order.quantity, row.instrument),
        formats.price(price, row.instrument),
        row.session.name,
    )
    for place, value in enumerate(values, 1):
        text = text.replace(f"%{place}", value)
    return text

"""The lines of a price chart: stops, targets, entry limits, working orders, and the average price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from desktop.domain.instruments import Instrument
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import OrderKind, Side
from desktop.domain.triggers import Guard, Trigger, TriggerKind, TriggerState
from desktop.engine.views import ChartView
from desktop.ui import formats, words
from desktop.ui.guarding import Watcher

Guarding = Callable[[Trigger], Watcher]


class LevelKind(StrEnum):
    """What a line on the chart stands for."""

    TRIGGER = "trigger"
    ORDER = "order"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Level:
    """One horizontal line.

    Attributes:
        key: trigger_id or order_id; the average has none of its own.
        price: Where it stands.
        title: "Stop loss", "Buy limit".
        token: Colour of the line.
        quantity: Units it acts on.
        entry: Average entry price of the position behind it; None: none.
        high_water: Trailing stops only: what the distance is measured from.
        field: Orders only: which price of the order it is, "limit_price" or "stop_price".
        idle: Why no order would leave at this price now, in a few words; empty: one would.
    """

    kind: LevelKind
    key: str
    price: Decimal
    title: str
    token: str
    quantity: Decimal
    entry: Decimal | None = None
    high_water: Decimal | None = None
    field: str = ""
    idle: str = ""

    @property
    def movable(self) -> bool:
        """Whether it can be dragged."""
        return self.kind is not LevelKind.AVERAGE


_TOKENS = {
    TriggerKind.STOP_LOSS: "sell",
    TriggerKind.TRAILING_STOP: "sell",
    TriggerKind.TAKE_PROFIT: "buy",
    TriggerKind.ENTRY_LIMIT: "accent",
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("PriceChart", text)


def levels_of(view: ChartView, guard: Guarding | None = None) -> list[Level]:
    """Return the lines of a chart; those that can be dragged last, so that they lie on top.

    `guard` says who guards a trigger now; None: nobody knows better than the trigger itself.
    """
    found: list[Level] = []
    entry = view.position.average if view.position is not None and view.position.quantity > ZERO else None
    if entry is not None and view.position is not None:
        found.append(
            Level(LevelKind.AVERAGE, "average", entry, _tr("Average"), "text_muted", view.position.quantity, entry)
        )
    resting = {trigger.trigger_id for trigger in view.triggers if trigger.guard is Guard.BROKER}
    for order in view.working:
        if not order.is_open or order.trigger_id in resting:  # the trigger's own line says it, and moves it
            continue
        for name, price in (("limit_price", order.limit_price), ("stop_price", order.stop_price)):
            if price is not None:
                kind = words.order_kind(OrderKind.LIMIT if name == "limit_price" else OrderKind.STOP)
                title = f"{words.side(order.side)} {kind.lower()}"
                token = "buy" if order.side is Side.BUY else "sell"
                found.append(Level(LevelKind.ORDER, order.order_id, price, title, token, order.remaining, field=name))
    for trigger in view.triggers:
        if trigger.state is not TriggerState.ACTIVE:
            continue
        trailing = trigger.kind is TriggerKind.TRAILING_STOP
        watcher = guard(trigger) if guard is not None else None
        idle = watcher is not None and not watcher.acts
        found.append(
            Level(
                LevelKind.TRIGGER,
                trigger.trigger_id,
                trigger.level,
                words.trigger_kind(trigger.kind),
                "warning" if idle else _TOKENS[trigger.kind],
                trigger.quantity,
                None if trigger.kind is TriggerKind.ENTRY_LIMIT else entry,
                trigger.high_water if trailing and trigger.high_water > ZERO else None,
                idle=_idle(watcher) if watcher is not None and idle else "",
            )
        )
    return found


def _idle(watcher: Watcher) -> str:
    if watcher.halted:
        return _tr("HALTED by the kill switch")
    return _tr("guarded by nobody now") if watcher.tone == "bad" else _tr("waits: no order leaves now")


def describe(level: Level, at: Decimal, last: Decimal | None, instrument: Instrument) -> str:
    """Return the text on a line: what it is, how far from the price, what it would bring."""
    parts = [f"{level.title} {formats.quantity(level.quantity, instrument)}"]
    if level.kind is LevelKind.AVERAGE:
        if last is not None:
            parts.append(formats.money((last - at) * level.quantity, instrument.currency, signed=True, code=True))
        return "   ".join(parts)
    if last:
        parts.append(formats.percent((at - last) * HUNDRED / last))
    if level.entry is not None:
        parts.append(formats.money((at - level.entry) * level.quantity, instrument.currency, signed=True, code=True))
    if level.idle:
        parts.insert(1, level.idle)
    return "   ".join(parts)

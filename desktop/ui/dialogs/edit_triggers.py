"""Stop, trailing stop and target of a position, typed instead of dragged."""

from __future__ import annotations

from collections.abc import Coroutine
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError, PositionNotFound
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.triggers import Trigger, TriggerKind, TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, PositionRow, Table
from desktop.ui import formats, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import button, label

_KINDS = (TriggerKind.STOP_LOSS, TriggerKind.TRAILING_STOP, TriggerKind.TAKE_PROFIT)


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditTriggers", text)


class TriggersDialog(FormDialog):
    """An emptied field cancels the trigger, a filled one moves or arms it."""

    def __init__(self, desk: Desk, parent: QWidget, row: PositionRow) -> None:
        symbol = row.position.symbol
        super().__init__(_tr("Stop and target of %1").replace("%1", symbol), parent)
        self._desk, self.row = desk, row
        self._busy = False
        self.show_badge(row.session)
        self._armed = self._triggers()
        item = row.instrument
        self.state = label("", "muted")
        self.outer.addWidget(self.state)
        self.fields: dict[TriggerKind, AmountField] = {}
        self.effects = {kind: label("", "caption") for kind in _KINDS}
        titles = (_tr("Stop loss at"), _tr("Trailing stop, %"), _tr("Take profit at"))
        self.rows = Rows()
        for kind, title in zip(_KINDS, titles, strict=True):
            step = Decimal("0.1") if kind is TriggerKind.TRAILING_STOP else item.tick
            field = AmountField(title, self._now(kind), step=step)
            if kind is not TriggerKind.TRAILING_STOP:
                field.set_price(self._now(kind), item.tick)
            field.setPlaceholderText(_tr("none"))
            field.edited.connect(guarded(self.refresh))
            self.effects[kind].setMinimumWidth(170)
            self.rows.put(kind.value, title, field, self.effects[kind])
            self.fields[kind] = field
        self.outer.addLayout(self.rows)
        hint = _tr(
            "Leave a field empty for no such order. Beside it: how far from the price, and what it would bring "
            "against the entry, fees aside."
        )
        self.outer.addWidget(label(hint, "caption", wrap=True))
        self.save = button(_tr("Set"), "primary")
        self.finish(self.save)
        self.save.clicked.connect(guarded(self._on_save))
        follow(self, desk, self._on_changes, first=True)
        self.refresh()

    def _on_changes(self, changes: Changes) -> None:
        """Follow the price: what is a mistake depends on it. With the position the dialog goes."""
        if self.row.key in changes.removed.get(Table.POSITIONS, frozenset()):
            self.close()
        elif self.row.key in changes.changed.get(Table.POSITIONS, frozenset()):
            row = self._desk.row(Table.POSITIONS, self.row.key)
            if isinstance(row, PositionRow):
                self.row = row
                self.refresh()

    def _triggers(self) -> dict[TriggerKind, Trigger]:
        position = self.row.position
        return {
            row.trigger.kind: row.trigger
            for row in self._desk.triggers()
            if row.trigger.state is TriggerState.ACTIVE
            and (row.trigger.session_id, row.trigger.symbol) == (position.session_id, position.symbol)
        }

    def _now(self, kind: TriggerKind) -> Decimal | None:
        armed = self._armed.get(kind)
        if armed is None:
            return None
        return armed.trail_percent if kind is TriggerKind.TRAILING_STOP else armed.level

    def mistakes(self) -> dict[str, str]:
        """Return what is wrong, by field: a stop belongs under the price, a target over it."""
        found: dict[str, str] = {}
        price, item = self.row.price, self.row.instrument
        for kind, field in self.fields.items():
            value = field.value
            if field.wrong or (value is not None and value <= ZERO):
                found[kind.value] = _tr("A number above zero is needed.")
            elif value is None or kind is TriggerKind.TRAILING_STOP:
                if value is not None and value >= HUNDRED:
                    found[kind.value] = _tr("Must be under 100 %.")
            elif item.price(value) != value:
                found[kind.value] = _tr("Prices go in steps of %1.").replace("%1", f"{item.tick.normalize():f}")
            elif price is not None and kind is TriggerKind.STOP_LOSS and value >= price:
                found[kind.value] = _tr("A stop must be under the price, or it sells at once.")
            elif price is not None and kind is TriggerKind.TAKE_PROFIT and value <= price:
                found[kind.value] = _tr("A target must be over the price, or it sells at once.")
        return found

    def refresh(self) -> None:
        """Show distance and money at each level."""
        position, item, price = self.row.position, self.row.instrument, self.row.price
        text = _tr("%1 held at %2, now %3").replace("%1", formats.quantity(position.quantity, item))
        text = text.replace("%2", formats.price(position.average, item))
        self.state.setText(text.replace("%3", formats.price(price, item)))
        for kind, field in self.fields.items():
            value, text = field.value, ""
            if value is not None and kind is TriggerKind.TRAILING_STOP:
                text = _tr("below the highest price")
            elif value is not None:
                money = formats.money(
                    (value - position.average) * position.quantity, item.currency, signed=True, code=True
                )
                away = formats.percent((value - price) * HUNDRED / price) if price else ""
                text = f"{away}   {money}"
            self.effects[kind].setText(text)
        found = self.mistakes()
        self.rows.show_mistakes(found)
        self.save.setEnabled(not (found or self._busy))

    def commands(self) -> list[Coroutine[Any, Any, None]]:
        """Return what has to be asked of the desk for what was changed."""
        position = self.row.position
        place = (position.session_id, position.symbol)
        asked: list[Coroutine[Any, Any, None]] = []
        for kind, field in self.fields.items():
            value, armed = field.value, self._armed.get(kind)
            if value == self._now(kind):
                continue
            trailing = kind is TriggerKind.TRAILING_STOP
            level, trail = (None, value) if trailing else (value, None)
            if value is None and armed is not None:
                asked.append(self._desk.cancel_trigger(position.session_id, armed.trigger_id))
            elif armed is not None:
                asked.append(
                    self._desk.move_trigger(position.session_id, armed.trigger_id, level=level, trail_percent=trail)
                )
            else:
                asked.append(self._desk.set_trigger(*place, kind, level=level, trail_percent=trail))
        return asked

    def _on_save(self) -> None:
        asked = self.commands()
        if not asked:
            self.close()
            return
        self._busy = True
        self.save.setEnabled(False)

        async def in_turn() -> None:
            for number, command in enumerate(asked):
                try:
                    await command
                except AssayError:
                    for rest in asked[number + 1 :]:
                        rest.close()
                    raise

        work.run(
            in_turn(),
            where="edit triggers",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._armed, self._busy = self._triggers(), False
        self.refresh()
        self.refuse(str(error))


def open_edit_triggers(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,
    symbol: str,
) -> TriggersDialog:
    """Open the dialog.

    Raises:
        PositionNotFound: nothing is held.
    """
    row = desk.row(Table.POSITIONS, f"{session_id}/{symbol}")
    if not isinstance(row, PositionRow):
        raise PositionNotFound(symbol, session_id)
    dialog = TriggersDialog(desk, parent, row)
    dialog.show()
    return dialog

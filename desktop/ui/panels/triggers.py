"""Stops, targets and entry limits that are armed, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.triggers import TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, Table, TriggerRow
from desktop.ui import formats, words, work
from desktop.ui.guarding import NOBODY, Guards, Watcher
from desktop.ui.intents import EditTriggers, Intents, ShowChart, ShowOrder
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.mode_column import mode_column
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class Triggers(TablePanel):
    """One row a trigger, with its distance from the price."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        self._guards = guards = Guards(desk)
        table: RowTable[TriggerRow] = RowTable(
            _columns(lambda row: guards(row.trigger.trigger_id) or NOBODY),
            key=lambda row: row.trigger.trigger_id,
            name="triggers",
            theme=theme,
            title=_tr("Triggers"),
            empty=(
                _tr("No trigger"),
                _tr("A strategy arms stop and target when its entry fills; right-click a position to set yours."),
            ),
            menu=self._fill_menu,
            activate=self._modify,
            click=lambda _, row: self._cancel(row),
        )
        super().__init__(desk, Table.TRIGGERS, table, desk.triggers, parent=parent)

    def _on_changes(self, changes: Changes) -> None:
        other = self._guards.changed(changes)
        super()._on_changes(changes)
        if other:
            self.table.rows.retext()

    def _modify(self, row: TriggerRow) -> None:
        if row.trigger.state is TriggerState.ACTIVE:
            self._intents.ask(EditTriggers(row.trigger.session_id, row.trigger.symbol))

    def _cancel(self, row: TriggerRow) -> None:
        work.run(self._desk.cancel_trigger(row.trigger.session_id, row.trigger.trigger_id), where="cancel trigger")

    def _cancel_all(self, rows: list[TriggerRow]) -> None:
        for row in rows:
            self._cancel(row)

    def _fill_menu(self, menu: QMenu, rows: list[TriggerRow]) -> None:
        row = rows[0]
        armed = [item for item in rows if item.trigger.state is TriggerState.ACTIVE]
        modify = menu.addAction(_tr("Modify…"), lambda: self._modify(row))
        modify.setEnabled(row.trigger.state is TriggerState.ACTIVE)
        cancel = menu.addAction(_tr("Cancel"), lambda: self._cancel_all(armed))
        cancel.setEnabled(bool(armed))
        menu.addSeparator()
        order = menu.addAction(_tr("Show its order"), lambda: self._intents.ask(ShowOrder(row.trigger.order_id)))
        order.setEnabled(bool(row.trigger.order_id))
        menu.addAction(
            _tr("Show chart"), lambda: self._intents.ask(ShowChart(row.trigger.session_id, row.trigger.symbol))
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Triggers", text)


def _kind(row: TriggerRow) -> str:
    kind = words.trigger_kind(row.trigger.kind)
    return f"{kind} {formats.percent(row.trigger.trail_percent, signed=False)}" if row.trigger.trail_percent else kind


def _note(row: TriggerRow) -> str:
    return _tr("held: %1").replace("%1", row.trigger.held_by) if row.trigger.held_by else row.trigger.reason


def _state(row: TriggerRow, watcher: Watcher) -> str:
    return _tr("Halted") if watcher.halted else words.trigger_state(row.trigger.state)


def _state_tone(row: TriggerRow, watcher: Watcher) -> str:
    return words.trigger_tone(row.trigger.state) if watcher.acts else watcher.tone


def _columns(watcher: Callable[[TriggerRow], Watcher]) -> list[Column[TriggerRow]]:
    return [
        Column(
            "ticker",
            _tr("Ticker"),
            lambda row: row.trigger.symbol,
            kind=Kind.TONED,
            width=92,
            tone=lambda _: "text",
            tip=lambda row: row.instrument.name,
        ),
        Column("kind", _tr("Kind"), _kind, width=118),
        Column(
            "state",
            _tr("State"),
            lambda row: _state(row, watcher(row)),
            kind=Kind.BADGE,
            width=82,
            tone=lambda row: _state_tone(row, watcher(row)),
            tip=lambda row: watcher(row).sentence,
        ),
        Column(
            "level",
            _tr("Level"),
            lambda row: row.trigger.level,
            lambda row: formats.price(row.trigger.level, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "trail",
            _tr("Trail %"),
            lambda row: row.trigger.trail_percent or None,
            lambda row: formats.percent(row.trigger.trail_percent, signed=False) if row.trigger.trail_percent else "",
            Kind.NUMBER,
            66,
            hidden=True,
        ),
        Column(
            "price",
            _tr("Price"),
            lambda row: row.price,
            lambda row: formats.price(row.price, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "distance",
            _tr("Distance"),
            lambda row: row.distance_percent,
            lambda row: formats.percent(row.distance_percent),
            Kind.NUMBER,
            78,
            tip=lambda _: _tr("From the price to the level"),
        ),
        Column(
            "quantity",
            _tr("Qty"),
            lambda row: row.trigger.quantity,
            lambda row: formats.quantity(row.trigger.quantity, row.instrument),
            Kind.NUMBER,
            66,
        ),
        Column(
            "guard",
            _tr("Watched by"),
            lambda row: watcher(row).word,
            kind=Kind.TONED,
            width=84,
            tone=lambda row: watcher(row).tone,
            tip=lambda row: watcher(row).sentence,
            about=_tr("Who acts when the price is reached: the broker, or Assay while it runs"),
        ),
        Column("source", _tr("Set by"), lambda row: row.trigger.source, width=76),
        mode_column(_tr("Mode"), lambda row: row.session),
        Column("session", _tr("Session"), lambda row: row.session.name, width=108),
        Column(
            "cancel",
            _tr("Cancel"),
            lambda _: "",
            lambda row: _tr("Cancel") if row.trigger.state is TriggerState.ACTIVE else "",
            Kind.BUTTON,
            70,
        ),
        Column("note", _tr("Note"), _note, width=140, tip=_note),
        Column(
            "set",
            _tr("Set at"),
            lambda row: row.trigger.created_at,
            lambda row: formats.date_time(row.trigger.created_at),
            width=TIME_WIDTH,
            hidden=True,
            newest_first=True,
        ),
    ]

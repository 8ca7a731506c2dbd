"""Signals of the past and what became of them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import SignalRow, Table
from desktop.ui import formats, words
from desktop.ui.intents import Intents, ShowAudit, ShowChart, ShowOrder, ShowWhy
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class SignalHistory(TablePanel):
    """The last 100 signals of each session, newest first."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[SignalRow] = RowTable(
            _columns(),
            key=lambda row: row.signal.signal_id,
            name="signal-history",
            theme=theme,
            title=_tr("Signals history"),
            empty=(_tr("No signal yet"), _tr("A running session raises one when its entry or exit rule becomes true.")),
            menu=self._fill_menu,
            activate=self._open,
        )
        super().__init__(desk, Table.HISTORY, table, desk.history, parent=parent)

    def show_signal(self, signal_id: str) -> None:
        """Select a signal, whatever was filtered."""
        self.blotter.search.clear()
        self.table.select_key(signal_id)

    def _open(self, row: SignalRow) -> None:
        self._intents.ask(ShowChart(row.signal.session_id, row.signal.symbol))

    def _fill_menu(self, menu: QMenu, rows: list[SignalRow]) -> None:
        row = rows[0]
        order = menu.addAction(_tr("Show its order"), lambda: self._intents.ask(ShowOrder(row.signal.order_id)))
        order.setEnabled(bool(row.signal.order_id))
        menu.addAction(_tr("Why?"), lambda: self._intents.ask(ShowWhy(row.signal.session_id, row.signal.symbol)))
        menu.addAction(_tr("Show chart"), lambda: self._open(row))
        menu.addAction(
            _tr("Audit trail"), lambda: self._intents.ask(ShowAudit(row.signal.session_id, row.signal.signal_id))
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("SignalHistory", text)


def _columns() -> list[Column[SignalRow]]:
    return [
        Column(
            "time",
            _tr("Time"),
            lambda row: row.signal.created_at,
            lambda row: formats.date_time(row.signal.created_at),
            width=TIME_WIDTH,
            tip=lambda row: formats.at_exchange(row.signal.created_at, row.instrument.calendar),
            newest_first=True,
        ),
        Column(
            "ticker",
            _tr("Ticker"),
            lambda row: row.signal.symbol,
            kind=Kind.TONED,
            width=92,
            tone=lambda _: "text",
            tip=lambda row: row.instrument.name,
        ),
        Column("kind", _tr("Kind"), lambda row: words.signal_kind(row.signal.kind), width=58),
        Column(
            "side",
            _tr("Side"),
            lambda row: words.side(row.signal.side),
            kind=Kind.TONED,
            width=52,
            tone=lambda row: words.side_tone(row.signal.side),
        ),
        Column(
            "quantity",
            _tr("Qty"),
            lambda row: row.signal.quantity,
            lambda row: formats.quantity(row.signal.quantity, row.instrument),
            Kind.NUMBER,
            70,
        ),
        Column(
            "price",
            _tr("Price"),
            lambda row: row.signal.price,
            lambda row: formats.price(row.signal.price, row.instrument),
            Kind.NUMBER,
            84,
        ),
        Column(
            "state",
            _tr("State"),
            lambda row: words.signal_state(row.signal.state),
            kind=Kind.BADGE,
            width=88,
            tone=lambda row: words.signal_tone(row.signal.state),
        ),
        Column("reason", _tr("Reason"), lambda row: row.signal.reason, width=300, tip=lambda row: row.signal.reason),
        Column("session", _tr("Session"), lambda row: row.session.name, width=116),
        Column(
            "cost",
            _tr("Cost"),
            lambda row: row.signal.estimated_cost,
            lambda row: formats.money(row.signal.estimated_cost, row.session.currency),
            Kind.NUMBER,
            96,
            hidden=True,
        ),
        Column(
            "stop",
            _tr("Stop"),
            lambda row: row.signal.stop,
            lambda row: formats.price(row.signal.stop, row.instrument),
            Kind.NUMBER,
            84,
            hidden=True,
        ),
        Column(
            "target",
            _tr("Target"),
            lambda row: row.signal.target,
            lambda row: formats.price(row.signal.target, row.instrument),
            Kind.NUMBER,
            84,
            hidden=True,
        ),
        Column("check", _tr("Blocked by"), lambda row: row.signal.blocked_by, width=110, hidden=True),
    ]

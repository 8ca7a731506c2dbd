"""Orders of every session, with where they came from."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Changes, OrderRow, Table
from desktop.ui import formats, words, work
from desktop.ui.guard import guarded
from desktop.ui.intents import EditOrder, Intents, ShowAudit, ShowChart, ShowSignal
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.mode_column import mode_column
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel


class Orders(TablePanel):
    """All orders, the working ones, or those that are done."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[OrderRow] = RowTable(
            _columns(),
            key=lambda row: row.order.order_id,
            name="orders",
            theme=theme,
            title=_tr("Orders"),
            empty=(
                _tr("No order here"),
                _tr("Approved signals, triggers and tickets (F9) place orders; each shows where it came from."),
            ),
            menu=self._fill_menu,
            activate=self._open,
            click=lambda _, row: self._cancel(row),
        )
        self._which = QComboBox()
        self._which.setAccessibleName(_tr("Which orders are shown"))
        for text in (_tr("All orders"), _tr("Working"), _tr("Done")):
            self._which.addItem(text)
        super().__init__(desk, Table.ORDERS, table, desk.orders, (self._which,), parent)
        self._which.currentIndexChanged.connect(self._refill)

    def show_order(self, order_id: str) -> None:
        """Select an order, whatever was filtered."""
        self.blotter.search.clear()
        self._which.setCurrentIndex(0)
        self.table.select_key(order_id)

    def _on_changes(self, changes: Changes) -> None:
        if self._which.currentIndex() == 0:
            super()._on_changes(changes)
        elif Table.ORDERS in changes.changed or Table.ORDERS in changes.removed:
            self._refill()

    @guarded
    def _refill(self) -> None:
        wanted = self._which.currentIndex()
        self.table.put_all([row for row in self._desk.orders() if wanted == 0 or row.order.is_open is (wanted == 1)])

    def _open(self, row: OrderRow) -> None:
        if row.order.is_open:
            self._intents.ask(EditOrder(row.order.session_id, row.order.order_id))
        else:
            self._audit(row)

    def _cancel(self, row: OrderRow) -> None:
        work.run(self._desk.cancel_order(row.order.session_id, row.order.order_id), where="cancel order")

    def _cancel_all(self, rows: list[OrderRow]) -> None:
        for row in rows:
            self._cancel(row)

    def _audit(self, row: OrderRow) -> None:
        self._intents.ask(ShowAudit(row.order.session_id, row.order.order_id))

    def _fill_menu(self, menu: QMenu, rows: list[OrderRow]) -> None:
        row = rows[0]
        working = [item for item in rows if item.order.is_open]
        many = len(working) > 1
        cancel = menu.addAction(
            _tr("Cancel %1 orders").replace("%1", str(len(working))) if many else _tr("Cancel"),
            lambda: self._cancel_all(working),
        )
        cancel.setEnabled(bool(working))
        replace = menu.addAction(
            _tr("Replace…"), lambda: self._intents.ask(EditOrder(row.order.session_id, row.order.order_id))
        )
        replace.setEnabled(row.order.is_open)
        menu.addSeparator()
        origin = menu.addAction(_tr("Show its signal"), lambda: self._intents.ask(ShowSignal(row.order.signal_id)))
        origin.setEnabled(bool(row.order.signal_id))
        menu.addAction(_tr("Show its audit trail"), lambda: self._audit(row))
        menu.addAction(_tr("Show chart"), lambda: self._intents.ask(ShowChart(row.order.session_id, row.order.symbol)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Orders", text)


def _price(row: OrderRow) -> str:
    order = row.order
    parts = [
        formats.price(value, row.instrument) for value in (order.stop_price, order.limit_price) if value is not None
    ]
    return " / ".join(parts) if parts else _tr("market")


def _columns() -> list[Column[OrderRow]]:
    return [
        Column(
            "time",
            _tr("Time"),
            lambda row: row.order.created_at,
            lambda row: formats.date_time(row.order.created_at),
            width=TIME_WIDTH,
            tip=lambda row: formats.at_exchange(row.order.created_at, row.instrument.calendar),
            newest_first=True,
        ),
        Column(
            "ticker",
            _tr("Ticker"),
            lambda row: row.order.symbol,
            kind=Kind.TONED,
            width=84,
            tone=lambda _: "text",
            tip=lambda row: row.instrument.name,
        ),
        Column(
            "side",
            _tr("Side"),
            lambda row: words.side(row.order.side),
            kind=Kind.TONED,
            width=46,
            tone=lambda row: words.side_tone(row.order.side),
        ),
        Column("kind", _tr("Type"), lambda row: words.order_kind(row.order.kind), width=68),
        Column(
            "quantity",
            _tr("Qty"),
            lambda row: row.order.quantity,
            lambda row: formats.quantity(row.order.quantity, row.instrument),
            Kind.NUMBER,
            56,
        ),
        Column(
            "filled",
            _tr("Filled"),
            lambda row: row.order.filled,
            lambda row: formats.quantity(row.order.filled, row.instrument),
            Kind.NUMBER,
            56,
        ),
        Column(
            "price", _tr("Price"), lambda row: row.order.limit_price or row.order.stop_price, _price, Kind.NUMBER, 84
        ),
        Column(
            "average",
            _tr("Fill price"),
            lambda row: row.order.average_price,
            lambda row: formats.price(row.order.average_price, row.instrument),
            Kind.NUMBER,
            76,
        ),
        Column(
            "status",
            _tr("Status"),
            lambda row: words.order_status(row.order),
            kind=Kind.BADGE,
            width=84,
            tone=lambda row: words.order_tone(row.order),
            tip=lambda row: row.order.reason,
        ),
        Column("source", _tr("Came from"), lambda row: words.source(row.came_from), width=84),
        mode_column(_tr("Mode"), lambda row: row.session),
        Column("session", _tr("Session"), lambda row: row.session.name, width=92),
        Column(
            "cancel",
            _tr("Cancel"),
            lambda _: "",
            lambda row: _tr("Cancel") if row.order.is_open else "",
            Kind.BUTTON,
            66,
        ),
        Column("reason", _tr("Reason"), lambda row: row.order.reason, width=260),
        Column(
            "fees",
            _tr("Fees"),
            lambda row: row.order.fees,
            lambda row: formats.money(row.order.fees, row.session.currency),
            Kind.NUMBER,
            70,
            hidden=True,
        ),
        Column("id", _tr("Order id"), lambda row: row.order.order_id, width=130, hidden=True),
    ]

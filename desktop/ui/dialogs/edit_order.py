"""Replacing a working order: quantity and prices."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError, NotFound
from desktop.domain.money import ZERO
from desktop.engine.api import Desk
from desktop.engine.views import OrderRow, Table
from desktop.ui import formats, words, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("EditOrder", text)


class EditOrder(FormDialog):
    """Only what was changed is sent; the rest of the order stays as it is."""

    def __init__(self, desk: Desk, parent: QWidget, row: OrderRow) -> None:
        super().__init__(_tr("Replace order"), parent, width=360)
        self._desk, self.row = desk, row
        order, item = row.order, row.instrument
        self.show_badge(row.session)
        what = f"{words.side(order.side)} {formats.quantity(order.quantity, item)} {order.symbol}"
        text = f"{what}, {words.order_kind(order.kind)}"
        if order.filled:
            text += ", " + _tr("%1 filled").replace("%1", formats.quantity(order.filled, item))
        self.outer.addWidget(label(text, "muted"))
        self.fields: dict[str, AmountField] = {
            "quantity": AmountField(_tr("Quantity"), order.quantity, step=item.lot),
            "limit_price": AmountField(_tr("Limit price"), order.limit_price, step=item.tick),
            "stop_price": AmountField(_tr("Stop price"), order.stop_price, step=item.tick),
        }
        self.rows = Rows()
        for name, price in (("limit_price", order.limit_price), ("stop_price", order.stop_price)):
            self.fields[name].set_price(price, item.tick)
        for name, field in self.fields.items():
            self.rows.put(name, field.accessibleName(), field)
            self.rows.show_row(name, shown=getattr(order, name) is not None)
            field.edited.connect(guarded(self.refresh))
        self.outer.addLayout(self.rows)
        self.send = button(_tr("Replace"), "primary")
        self.finish(self.send)
        self.send.clicked.connect(guarded(self._on_send))
        self.refresh()
        self.fields["quantity"].setFocus()

    def mistakes(self) -> dict[str, str]:
        """Return what is wrong, by field."""
        found: dict[str, str] = {}
        order, item = self.row.order, self.row.instrument
        for name, field in self.fields.items():
            if getattr(order, name) is None:
                continue
            value = field.value
            step = item.lot if name == "quantity" else item.tick
            if value is None or value <= ZERO:
                found[name] = _tr("A number above zero is needed.")
            elif value % step:
                found[name] = _tr("Goes in steps of %1.").replace("%1", f"{step.normalize():f}")
            elif name == "quantity" and value <= order.filled:
                found[name] = _tr("%1 is filled already.").replace("%1", formats.quantity(order.filled, item))
        return found

    def changes(self) -> dict[str, Decimal]:
        """Return the fields that were changed."""
        order = self.row.order
        return {
            name: field.value
            for name, field in self.fields.items()
            if getattr(order, name) is not None and field.value is not None and field.value != getattr(order, name)
        }

    def refresh(self) -> None:
        """Show mistakes; the button works once something was changed."""
        found = self.mistakes()
        self.rows.show_mistakes(found)
        self.send.setEnabled(not found and bool(self.changes()))

    def _on_send(self) -> None:
        self.send.setEnabled(False)
        order = self.row.order
        work.run(
            self._desk.replace_order(order.session_id, order.order_id, **self.changes()),
            where="replace order",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self.refresh()
        self.refuse(str(error))


def open_edit_order(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,  # noqa: ARG001 - an intent's fields are its arguments
    order_id: str,
) -> EditOrder:
    """Open the dialog.

    Raises:
        NotFound: there is no such order.
    """
    row = desk.row(Table.ORDERS, order_id)
    if not isinstance(row, OrderRow):
        raise NotFound("order", order_id)
    dialog = EditOrder(desk, parent, row)
    dialog.show()
    return dialog

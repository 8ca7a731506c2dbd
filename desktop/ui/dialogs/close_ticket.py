"""Closing a position by hand: prefilled, whole or in part."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import AssayError, PositionNotFound
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.domain.sessions import ExecutionMode, SessionState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, PositionRow, SessionRow, Table
from desktop.ui import formats, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.dialogs.order_ticket import estimate_rows
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.live_words import is_live, where_to
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import button, label, line, look
from desktop.ui.widgets.signal_confirm import ConfirmStrip
from desktop.ui.widgets.signal_numbers import Figures


def _tr(text: str) -> str:
    return QCoreApplication.translate("CloseTicket", text)


def _note(row: PositionRow, *, whole: bool) -> str:
    """Return how it is sold, and what becomes of the stop and the target the position has."""
    if row.stop is not None and row.target is not None:
        gone, kept = (
            _tr("Stop and target of the position are cancelled with it."),
            _tr("Stop and target stay for what is left."),
        )
    elif row.stop is not None:
        gone, kept = _tr("Its stop is cancelled with it."), _tr("Its stop stays for what is left.")
    elif row.target is not None:
        gone, kept = _tr("Its target is cancelled with it."), _tr("Its target stays for what is left.")
    else:
        gone = kept = ""
    return f"{_tr('Sold at the market.')} {gone if whole else kept}".strip()


def buys_again(session: SessionRow | None) -> bool:
    """Return whether a session may buy by itself what is closed by hand: it decides alone, and nothing holds it."""
    if session is None or session.kill or session.state is not SessionState.RUNNING:
        return False
    armed = session.armed or not session.settings.is_live
    return armed and session.settings.mode is ExecutionMode.AUTO


class CloseTicket(FormDialog):
    """Sells what is held at the market, with what protects it."""

    def __init__(self, desk: Desk, parent: QWidget, row: PositionRow, quantity: Decimal | None) -> None:
        symbol = row.position.symbol
        super().__init__(_tr("Close %1").replace("%1", symbol), parent, width=380)
        self._desk, self._key, self.row = desk, row.key, row
        self._busy = self._pausing = False
        self.asked = ""
        self.show_badge(row.session)
        self.state = label("")
        self.outer.addWidget(self.state)
        self.quantity = AmountField(_tr("Quantity to sell"), quantity or row.position.quantity, step=row.instrument.lot)
        self.half, self.all = button(_tr("Half"), "quiet"), button(_tr("All"), "quiet")
        self.rows = Rows()
        self.rows.put("quantity", _tr("Quantity"), self.quantity, self.half, self.all)
        self.outer.addLayout(self.rows)
        self.outer.addWidget(line())
        self.figures = Figures()
        self.outer.addWidget(self.figures)
        self.note = label("", "caption", wrap=True)
        self.outer.addWidget(self.note)
        self.confirm = ConfirmStrip()
        self.outer.addWidget(self.confirm)
        self.again = label("", wrap=True)
        look(self.again, tone="warning")
        self.outer.addWidget(self.again)
        self.send = button("", "sell")
        self.pause = button(_tr("Close and pause the session"), tip=_tr("Paused first, so that it cannot buy again"))
        self.finish(self.send, self.pause)
        self.quantity.edited.connect(guarded(self.refresh))
        self.half.clicked.connect(guarded(self._on_half))
        self.all.clicked.connect(guarded(lambda: self._set(self.row.position.quantity)))
        self.send.clicked.connect(guarded(lambda: self._on_send(pause=False)))
        self.pause.clicked.connect(guarded(lambda: self._on_send(pause=True)))
        self.confirm.sent.connect(guarded(lambda: self._close(confirmed=True)))
        self.confirm.dropped.connect(guarded(self.refresh))
        follow(self, desk, self._on_changes, first=True)
        self.refresh()
        if is_live(row.session):
            self.cancel.setFocus()  # the safe choice, where an order leaves the program
        else:
            self.quantity.setFocus()
            self.quantity.selectAll()

    def _on_changes(self, changes: Changes) -> None:
        if self._key in changes.removed.get(Table.POSITIONS, frozenset()):
            self.close()
        elif self.row.position.session_id in changes.changed.get(Table.SESSIONS, frozenset()):
            self.refresh()
        elif self._key in changes.changed.get(Table.POSITIONS, frozenset()):
            row = self._desk.row(Table.POSITIONS, self._key)
            if isinstance(row, PositionRow):
                self.row = row
                self.refresh()

    def _set(self, quantity: Decimal) -> None:
        self.quantity.set_value(quantity)
        self.refresh()

    def _on_half(self) -> None:
        half = self.row.instrument.quantity(self.row.position.quantity / 2)
        if half > ZERO:
            self._set(half)

    def _mistake(self) -> str:
        quantity, held = self.quantity.value, self.row.position.quantity
        if quantity is None or quantity <= ZERO:
            return _tr("A number above zero is needed.")
        if quantity > held:
            return _tr("Only %1 is held.").replace("%1", formats.quantity(held, self.row.instrument))
        if self.row.instrument.quantity(quantity) != quantity and quantity != held:
            return _tr("Goes in steps of %1.").replace("%1", f"{self.row.instrument.lot.normalize():f}")
        return ""

    def refresh(self) -> None:
        """Show what the sale would bring."""
        row, item = self.row, self.row.instrument
        gain = formats.money(row.pnl, item.currency, signed=True, code=True)
        held = _tr("Held %1 at %2, now %3").replace("%1", formats.quantity(row.position.quantity, item))
        held = held.replace("%2", formats.price(row.position.average, item)).replace(
            "%3", formats.price(row.price, item)
        )
        self.state.setText(f"{held}   {formats.marked(gain)} ({formats.percent(row.pnl_percent)})")
        look(self.state, tone=formats.tone(gain))
        mistake = self._mistake()
        self.rows.show_mistakes({"quantity": mistake} if mistake else {})
        quantity = self.quantity.value
        blocked = mistake
        if not mistake and quantity is not None:
            found = self._desk.estimate(row.position.session_id, PlaceOrder(row.position.symbol, Side.SELL, quantity))
            self.figures.show_rows(estimate_rows(found, item))
            self.asked, blocked = found.ask_again, found.blocked
            self.refuse(found.blocked)
            note = _note(row, whole=quantity == row.position.quantity)
            self.note.setText(f"{where_to(self._desk, row.session)} {note}" if is_live(row.session) else note)
            self.send.setText(
                _tr("Sell %1 %2").replace("%1", formats.quantity(quantity, item)).replace("%2", item.symbol)
            )
        self.figures.setVisible(not mistake)
        self._show_again(whole=quantity == row.position.quantity)
        for go in (self.send, self.pause):
            go.setEnabled(not (self._busy or blocked or self.confirm.isVisibleTo(self)))

    def _show_again(self, *, whole: bool) -> None:
        """Say where the session may buy what is sold again at once, and offer to pause it."""
        session = self._desk.session(self.row.position.session_id)
        again = whole and buys_again(session)
        if session is not None:
            text = _tr("“%1” trades by itself (Auto): it may buy %2 again as soon as its entry rule is true.")
            self.again.setText(
                text.replace("%1", session.settings.name).replace("%2", self.row.position.symbol) if again else ""
            )
        self.again.setVisible(again)
        self.pause.setVisible(again)

    def _on_send(self, *, pause: bool) -> None:
        self._pausing = pause
        if self.asked:
            self.confirm.ask(self.asked, self.pause.text() if pause else self.send.text())
            self.refresh()
        else:
            self._close(confirmed=False)

    def _close(self, *, confirmed: bool) -> None:
        quantity = self.quantity.value
        if self._busy or quantity is None:
            return
        self._busy = True
        self.send.setEnabled(False)
        self.pause.setEnabled(False)
        position = self.row.position
        part = None if quantity == position.quantity else quantity
        work.run(
            self._sell(part, pause=self._pausing, confirmed=confirmed),
            where="close ticket",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    async def _sell(self, part: Decimal | None, *, pause: bool, confirmed: bool) -> None:
        position = self.row.position
        if pause:
            await self._desk.pause_session(position.session_id)
        await self._desk.close_position(position.session_id, position.symbol, part, confirmed=confirmed)

    def _on_refused(self, error: AssayError) -> None:
        self._busy = False
        self.refresh()
        self.refuse(str(error))


def open_close_ticket(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,
    symbol: str,
    quantity: Decimal | None = None,
) -> CloseTicket:
    """Open the ticket of a position; None: the whole of it.

    Raises:
        PositionNotFound: nothing is held.
    """
    row = desk.row(Table.POSITIONS, f"{session_id}/{symbol}")
    if not isinstance(row, PositionRow):
        raise PositionNotFound(symbol, session_id)
    dialog = CloseTicket(desk, parent, row, quantity)
    dialog.show()
    return dialog

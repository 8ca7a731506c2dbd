"""What a user decides about an account: adopt a difference, ignore it, declare an unknown order lost; in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.domain.accounts import LOST_WORD
from desktop.domain.broker import Holding
from desktop.domain.errors import NotFound
from desktop.domain.orders import Order, OrderId
from desktop.engine.api import Desk
from desktop.engine.views import AccountView
from desktop.ui import words
from desktop.ui.dialogs.decision import Decision
from desktop.ui.dialogs.form import Rows
from desktop.ui.guard import guarded
from desktop.ui.live_words import ALIVE, account_key
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.reconciliation import amount


def _tr(text: str) -> str:
    return QCoreApplication.translate("Differences", text)


def _account(desk: Desk, key: str) -> AccountView:
    found = next((item for item in desk.accounts() if item.key == key), None)
    if found is None:
        raise NotFound("account", key, _tr("No session is on it in this launch."))
    return found


def _stake(desk: Desk, key: str) -> str:
    """Return the badge of an account; one that is gone counts as real money."""
    return words.stake(real_money=next((item.real_money for item in desk.accounts() if item.key == key), True))


def _holding(desk: Desk, key: str, symbol: str) -> Holding:
    found = next((item for item in _account(desk, key).holdings if item.symbol == symbol and item.difference), None)
    if found is None:
        raise NotFound("difference", symbol, _tr("Broker and sessions agree on it by now."))
    return found


def _side_by_side(holding: Holding) -> str:
    text = _tr("%1: the broker holds %2, Assay's sessions %3.")
    if holding.ignored:
        text += " " + _tr("%4 are not Assay's, by your word.")
    values = (holding.symbol, amount(holding.broker), amount(holding.journal), amount(holding.ignored))
    for place, value in enumerate(values, 1):
        text = text.replace(f"%{place}", value)
    return text


class AdoptDialog(Decision):
    """Books a difference into a session, at the broker's average price."""

    def __init__(self, desk: Desk, parent: QWidget, key: str, holding: Holding) -> None:
        title = _tr("Adopt %1 %2").replace("%1", amount(holding.difference, signed=True))
        facts, stake = _side_by_side(holding), _stake(desk, key)
        super().__init__(title.replace("%2", holding.symbol), parent, facts, _tr("Adopt"), stake=stake)
        self._desk, self._symbol = desk, holding.symbol
        able = [
            row
            for row in desk.sessions()
            if row.state in ALIVE
            and account_key(row.settings) == key
            and any(item.symbol == holding.symbol for item in row.settings.instruments)
        ]
        self.session = chooser(_tr("Session"), [(row.settings.name, row.session_id) for row in able])
        rows = Rows()
        rows.put("session", _tr("Into session"), self.session)
        self.outer.addLayout(rows)
        hint = _tr(
            "It becomes a position of that session at the broker's average price: its cash pays for it, its rules and "
            "stops look after it. Nothing is sent to the broker. A split is adopted in every session that holds it."
        )
        if not able:
            hint = _tr("No session on this account trades %1. Start one with it, or ignore the difference.").replace(
                "%1", holding.symbol
            )
        self.outer.addWidget(label(hint, "muted", wrap=True))
        self.foot()
        self.session.setEnabled(bool(able))
        self.go.setEnabled(bool(able))

    def send(self) -> None:
        self.ask(self._desk.adopt_difference(str(self.session.currentData()), self._symbol), "adopt")


class IgnoreDialog(Decision):
    """Leaves a difference out of every comparison from now on."""

    def __init__(self, desk: Desk, parent: QWidget, key: str, holding: Holding) -> None:
        title = _tr("Ignore %1 %2").replace("%1", amount(holding.difference, signed=True))
        facts, stake = _side_by_side(holding), _stake(desk, key)
        super().__init__(title.replace("%2", holding.symbol), parent, facts, _tr("Ignore"), stake=stake)
        self._desk, self._key, self._symbol = desk, key, holding.symbol
        hint = _tr(
            "It is yours, not Assay's: no session counts it, protects it or sells it, and entries in %1 go on. Your "
            "word goes on record."
        )
        self.outer.addWidget(label(hint.replace("%1", holding.symbol), "muted", wrap=True))
        self.foot()

    def send(self) -> None:
        self.ask(self._desk.ignore_difference(self._key, self._symbol), "ignore")


class LostDialog(Decision):
    """Takes an unknown order as never placed, by typing a word; Enter after it declares, before it does nothing."""

    def __init__(self, desk: Desk, parent: QWidget, key: str, order: Order, session: str) -> None:
        facts = _tr("%1 %2 %3 of “%4” was sent, and the broker has not said what became of it.")
        for place, value in enumerate((words.side(order.side), amount(order.quantity), order.symbol, session), 1):
            facts = facts.replace(f"%{place}", value)
        stake = _stake(desk, key)
        super().__init__(_tr("Declare an order lost"), parent, facts, _tr("Declare it lost"), stake=stake)
        self._desk, self._order = desk, order
        hint = _tr(
            "Look it up at the broker first, by its id %1. Declared lost, its money is free again. If it was placed "
            "after all, its fills show up as a difference that you have to decide on."
        )
        self.outer.addWidget(label(hint.replace("%1", order.order_id), "muted", wrap=True, selectable=True))
        self.outer.addWidget(label(_tr("Type %1 to declare it lost:").replace("%1", LOST_WORD)))
        self.field = QLineEdit()
        self.field.setAccessibleName(_tr("Type %1 to declare the order lost").replace("%1", LOST_WORD))
        self.field.textChanged.connect(guarded(self._on_text))
        self.outer.addWidget(self.field)
        self.field.returnPressed.connect(guarded(self._on_return))
        self.go.setEnabled(False)
        self.foot()
        self.cancel.setDefault(False)
        self.field.setFocus()

    def _on_text(self, text: str) -> None:
        self.go.setEnabled(text.strip() == LOST_WORD)

    def _on_return(self) -> None:
        if self.go.isEnabled():
            self.send()

    def send(self) -> None:
        asked = self._desk.declare_lost(self._order.session_id, self._order.order_id, self.field.text().strip())
        self.ask(asked, "declare lost")


def open_adopt(desk: Desk, theme: ThemeStore, parent: QWidget, *, account: str, symbol: str) -> AdoptDialog:  # noqa: ARG001 - every dialog is opened with the same arguments
    """Ask into which session a difference is booked (NotFound: there is none any more)."""
    dialog = AdoptDialog(desk, parent, account, _holding(desk, account, symbol))
    dialog.show()
    return dialog


def open_ignore(desk: Desk, theme: ThemeStore, parent: QWidget, *, account: str, symbol: str) -> IgnoreDialog:  # noqa: ARG001 - as above
    """Ask whether a difference is to be ignored (NotFound: there is none any more)."""
    dialog = IgnoreDialog(desk, parent, account, _holding(desk, account, symbol))
    dialog.show()
    return dialog


def open_declare_lost(desk: Desk, theme: ThemeStore, parent: QWidget, *, account: str, order_id: OrderId) -> LostDialog:  # noqa: ARG001 - as above
    """Ask for the word that takes an order as lost (NotFound: the broker has answered by now)."""
    order = next((item for item in _account(desk, account).unknown if item.order_id == order_id), None)
    if order is None:
        raise NotFound("unknown order", order_id, _tr("The broker has answered by now."))
    row = desk.session(order.session_id)
    dialog = LostDialog(desk, parent, account, order, row.settings.name if row is not None else order.session_id)
    dialog.show()
    return dialog

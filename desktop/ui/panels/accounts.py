"""Accounts at brokers: connection, money, and what the broker holds beside what Assay's sessions hold (L3)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desktop.domain.broker import LinkState
from desktop.domain.errors import AssayError
from desktop.engine.api import Desk
from desktop.engine.views import AccountView, Changes, Table
from desktop.ui import intents, live_words, words, work
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets import reconciliation
from desktop.ui.widgets.account_strip import MARKS, AccountStrip, texts_of
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.cell_delegate import ROW_HEIGHT
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.elided import ElidedLabel
from desktop.ui.widgets.looks import button, line, look
from desktop.ui.widgets.reconciliation import Line, ReconciliationRow
from desktop.ui.widgets.row_table import RowTable

_MOST_ROWS = 3  # accounts that are seen at once; more are scrolled to
_EDGE = 2  # pixels
_EMPTY = 72  # pixels of height while there is no account
_UNBOUND = 16_777_215  # Qt's own largest height


class Accounts(QWidget):
    """The accounts on top, the chosen one side by side with the journals below."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._intents = desk, intents
        self._answer = ("", "", LinkState.OFF)  # what a comparison came to nothing for: account, reason, its state then
        self._shown: list[str] = []  # keys of what is compared, in their order
        self.accounts: RowTable[AccountView] = RowTable(
            _columns(),
            key=lambda row: row.key,
            name="accounts",
            theme=theme,
            title=_tr("Accounts at brokers"),
            empty=(
                _tr("No account is in use"),
                _tr(
                    "An account stands here once a live session trades on it: connection, money, and what the broker "
                    "holds beside what Assay's sessions hold. Add one under Menu > Live > Broker accounts."
                ),
            ),
            menu=self._fill_account_menu,
        )
        self.table: RowTable[ReconciliationRow] = RowTable(
            reconciliation.columns(),
            key=lambda row: row.key,
            name="reconciliation",
            theme=theme,
            title=_tr("Reconciliation"),
            empty=reconciliation.nothing_to_compare(),
            menu=self._fill_menu,
            click=self._on_click,
        )
        self.strip = AccountStrip()  # in the place of a table of one row
        self.note = ElidedLabel("caption")
        self.note.setContentsMargins(8, 4, 8, 6)
        self.now = button(_tr("Reconcile now"), "small", tip=_tr("Compare the account with the broker now"))
        self.limits = button(_tr("Limits…"), "small", tip=_tr("Limits of the whole account, over all its sessions"))
        self.keys = button(_tr("Broker accounts…"), "small", tip=_tr("Add, test, replace and delete API keys"))
        self.title_tools = [self.now, self.limits, self.keys]
        self._lay_out()
        self.now.clicked.connect(guarded(self._on_now))
        self.limits.clicked.connect(guarded(self._on_limits))
        self.keys.clicked.connect(guarded(self._on_keys))
        self.accounts.current_changed.connect(guarded(lambda _: self._show_account()))
        follow(self, desk, self._on_changes)
        self.refresh()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(self.accounts)
        layout.addWidget(self.note)
        layout.addWidget(line())
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    # what is shown ---------------------------------------------------------------------------------------------
    def _on_changes(self, changes: Changes) -> None:
        if Table.ACCOUNTS in changes.changed or Table.ACCOUNTS in changes.removed or changes.status:
            self.refresh()

    def refresh(self) -> None:
        """Show the accounts as they are now."""
        chosen = self.accounts.current_row()
        views = list(self._desk.accounts())
        self.accounts.put_many(views)
        gone = {row.key for row in self.accounts.rows.shown_rows()} - {view.key for view in views}
        if gone:
            self.accounts.remove_many(gone)
        if views and (chosen is None or chosen.key in gone):
            self.accounts.select_key(views[0].key)
        self._show_account()

    @property
    def view(self) -> AccountView | None:
        """The chosen account as it is now."""
        row = self.accounts.current_row()
        return next((item for item in self._desk.accounts() if row is not None and item.key == row.key), None)

    def show_account(self, key: str) -> None:
        """Choose an account by its key."""
        self.refresh()
        self.accounts.select_key(key)

    def _show_account(self) -> None:
        view = self.view
        self.table.setVisible(view is not None)
        self._fit()
        for tool in (self.now, self.limits):
            tool.setEnabled(view is not None)
        if view is None:
            self.note.hide()
            self._shown = []
            self.table.put_all(())
            return
        self.strip.show_account(view)
        asked = {order.session_id: self._desk.session(order.session_id) for order in view.unknown}
        names = {session_id: row.settings.name for session_id, row in asked.items() if row is not None}
        rows = reconciliation.rows_of(view, names)
        if not rows:
            held = (row.position for row in self._desk.positions() if row.position.session_id in view.sessions)
            self.table.say_when_empty(*reconciliation.words_of_nothing(view, held))
        keys = [row.key for row in rows]
        if keys == self._shown:
            self.table.put_many(rows)
        else:  # what asks for a decision goes on top, also when it comes later
            chosen = self.table.current_row()
            self._shown = keys
            self.table.put_all(rows)
            if chosen is not None:
                self.table.select_key(chosen.key)
        key, reason, state = self._answer
        if reason and (key, state) == (view.key, view.state):
            self._say(reason, "bad")  # until the connection changes: why the button did nothing
        else:
            self._say(live_words.link_sentence(view), live_words.link_tone(view))

    def _fit(self) -> None:
        """Give the accounts the height of their rows, and what is compared the rest."""
        shown = self.accounts.rows.rowCount()
        self.strip.setVisible(shown == 1)
        self.accounts.setVisible(shown != 1)
        least = self.accounts.header.sizeHint().height() + min(shown, _MOST_ROWS) * ROW_HEIGHT + _EDGE
        self.accounts.setMinimumHeight(least if shown else _EMPTY)
        self.accounts.setMaximumHeight(least if shown else _UNBOUND)

    def _say(self, text: str, tone: str) -> None:
        if text != self.note.text():
            self.note.setText(text)
            self.note.setToolTip(text)
        look(self.note, tone="" if tone == "good" else tone)
        self.note.setVisible(tone != "good")  # when all is well the row says so

    # what is asked ---------------------------------------------------------------------------------------------
    def _on_now(self) -> None:
        view = self.view
        if view is None:
            return
        self.now.setEnabled(False)
        self._answer = ("", "", LinkState.OFF)
        work.run(
            self._desk.reconcile(view.key),
            where="reconcile",
            on_refused=while_alive(self, lambda error: self._on_nothing(view.key, error)),
            then=while_alive(self, lambda _: self.refresh()),
        )

    def _on_nothing(self, key: str, error: AssayError) -> None:
        state = next((item.state for item in self._desk.accounts() if item.key == key), LinkState.OFF)
        self._answer = (key, str(error), state)
        self._on_refused(error)

    def _on_refused(self, error: AssayError) -> None:
        self.refresh()
        self._say(str(error), "bad")

    def _on_limits(self) -> None:
        if (view := self.view) is not None:
            self._intents.ask(intents.SetAccountLimits(view.key))

    def _on_keys(self) -> None:
        self._intents.ask(intents.ManageAccounts())

    def _on_click(self, column: str, row: ReconciliationRow) -> None:
        if row.line is Line.UNKNOWN and row.order_id is not None:
            self._intents.ask(intents.DeclareLost(row.account, row.order_id))
        elif row.line is Line.DIFFERENCE:
            asked = intents.Adopt if column == "decide" else intents.Ignore
            self._intents.ask(asked(row.account, row.symbol))

    def _fill_account_menu(self, menu: QMenu, rows: list[AccountView]) -> None:
        key = rows[0].key
        menu.addAction(_tr("Reconcile now"), guarded(self._on_now))
        menu.addAction(
            _tr("Connect anew"),
            lambda: work.run(
                self._desk.reconnect(key), where="reconnect", on_refused=while_alive(self, self._on_refused)
            ),
        )
        menu.addAction(_tr("Limits of the account…"), guarded(self._on_limits))
        menu.addAction(_tr("Broker accounts…"), lambda: self._intents.ask(intents.ManageAccounts()))
        menu.addAction(_tr("Audit trail"), lambda: self._intents.ask(intents.ShowAudit(text=key)))

    def _fill_menu(self, menu: QMenu, rows: list[ReconciliationRow]) -> None:
        row = rows[0]
        if row.line is Line.DIFFERENCE:
            menu.addAction(_tr("Adopt into a session…"), lambda: self._on_click("decide", row))
            menu.addAction(_tr("Ignore…"), lambda: self._on_click("ignore", row))
        elif row.line is Line.UNKNOWN and row.order_id is not None:
            order = intents.ShowOrder(row.order_id)
            menu.addAction(_tr("Declare lost…"), lambda: self._on_click("decide", row))
            menu.addAction(_tr("Show order"), lambda: self._intents.ask(order))
        menu.addAction(
            _tr("Audit trail"), lambda: self._intents.ask(intents.ShowAudit(text=row.order_id or row.symbol))
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountsPanel", text)


def _text(key: str) -> Callable[[AccountView], str]:
    return lambda row: texts_of(row)[key]


def _columns() -> list[Column[AccountView]]:
    return [
        Column("account", _tr("Account"), lambda row: row.key, width=148, tip=live_words.link_sentence),
        Column(
            "money",
            _tr("Money"),
            lambda row: _tr("REAL MONEY") if row.real_money else words.BROKER_PAPER,
            kind=Kind.BADGE,
            width=108,
            tone=lambda row: words.badge_tone(words.stake(real_money=row.real_money)),
            tip=lambda row: (
                _tr("Orders here spend real money.")
                if row.real_money
                else _tr("The broker's own paper account: no money moves.")
            ),
        ),
        Column(
            "link",
            _tr("Connection"),
            live_words.link_word,
            lambda row: f"{MARKS[live_words.link_tone(row)]} {live_words.link_word(row)}",
            Kind.TONED,
            118,
            tone=live_words.link_tone,
            tip=live_words.link_sentence,
        ),
        Column(
            "at",
            _tr("As of"),
            lambda row: row.info.at if row.info is not None else None,
            _text("at"),
            width=74,
            about=_tr("When the broker was asked for equity, buying power and day P&L"),
        ),
        Column(
            "equity",
            _tr("Equity"),
            lambda row: row.info.equity if row.info is not None else None,
            _text("equity"),
            Kind.NUMBER,
            92,
        ),
        Column(
            "power",
            _tr("Buying power"),
            lambda row: row.info.buying_power if row.info is not None else None,
            _text("power"),
            Kind.NUMBER,
            92,
        ),
        Column(
            "today",
            _tr("Day P&L"),
            live_words.day_change,
            _text("today"),
            Kind.SIGNED,
            84,
            tip=live_words.day_words,
            about=_tr("Since the last close, by the broker's word, at the instant of the equity"),
        ),
        Column(
            "reconciled",
            _tr("Reconciled"),
            lambda row: row.reconciled_at,
            _text("reconciled"),
            width=92,
        ),
        Column("sessions", _tr("Sessions"), lambda row: len(row.sessions), _text("sessions"), width=110),
        Column("currency", _tr("Currency"), lambda row: row.info.currency if row.info else "", width=64, hidden=True),
        Column("number", _tr("Number"), lambda row: row.info.number if row.info else "", width=100, hidden=True),
    ]

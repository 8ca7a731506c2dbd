"""Accounts at brokers: added, tested, replaced, deleted. Secrets go into the system's keyring and are never shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.domain.broker import AccountInfo, AccountRef, BrokerChoice, LinkState
from desktop.domain.broker_errors import CredentialsRefused
from desktop.domain.errors import AssayError, FieldError, UserMistake
from desktop.engine.api import Desk
from desktop.ports.brokers import AccountKeeper
from desktop.ui import formats, words, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.looks import button, label, line, look
from desktop.ui.widgets.signal_confirm import ConfirmStrip

LIST_WIDTH = 230
ROW_HEIGHT = 44


class BrokerAccountsDialog(FormDialog):
    """A list of the accounts on the left, the fields of one on the right."""

    def __init__(self, keeper: AccountKeeper, parent: QWidget, desk: Desk | None = None) -> None:
        """`desk`: connects an account anew that sessions are on when its credentials were replaced."""
        super().__init__(self.tr("Broker accounts"), parent, width=760)
        self._keeper, self._desk = keeper, desk
        self._choices = {item.broker_id: item for item in keeper.choices()}
        self._accounts: Sequence[AccountRef] = ()
        self._wanted: AccountRef | None = None  # to be selected once the list was read again
        self._refused_key: tuple[object, ...] = ()  # what the broker refused, so that it is not saved in passing
        self.fields: dict[str, QLineEdit] = {}
        self._build_list()
        self._build_form()
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addLayout(self._left)
        body.addLayout(self._right, 1)
        note = self.tr(
            "API keys are kept in the keyring of your operating system and nowhere else: not in Assay's database, "
            "settings or logs."
        )
        self.outer.addWidget(label(note, "caption", wrap=True))
        self.outer.addWidget(line())
        self.outer.addLayout(body, 1)
        self.finish(cancel=self.tr("Close"))
        self.resize(800, 470)
        self._new()
        self._read()

    # building --------------------------------------------------------------------------------------------------
    def _build_list(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Accounts"))
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.currentRowChanged.connect(self._on_row)
        self.add = button(self.tr("Add account"), tip=self.tr("Enter the API key of another account"))
        self.add.clicked.connect(self._on_add)
        self.none = label(
            self.tr("No account yet. Without one you can trade on paper, also on real crypto prices."),
            "muted",
            wrap=True,
        )
        self.none.setFixedWidth(LIST_WIDTH)
        self._left = QVBoxLayout()
        self._left.setSpacing(8)
        self._left.addWidget(self.none)
        self._left.addWidget(self.list, 10)
        self._left.addStretch(1)
        self.add.setFixedWidth(LIST_WIDTH)
        self._left.addWidget(self.add)

    def _build_form(self) -> None:
        self.broker = chooser(self.tr("Broker"), [(item.title, broker_id) for broker_id, item in self._choices.items()])
        self.broker.currentIndexChanged.connect(self._on_broker)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("a name of your own, such as main"))
        self.money = label("", "badge")
        self.rows = Rows()
        self.rows.put("broker", self.tr("Broker"), self.broker, self.money)
        self.rows.put("account", self.tr("Account"), self.name)
        self.help = label("", "caption", wrap=True)
        self.outcome = label("", "muted", wrap=True, selectable=True)
        self.test = button(self.tr("Test"), tip=self.tr("Ask the broker whether it accepts them; nothing is kept"))
        self.test.clicked.connect(self._on_test)
        self.save = button(self.tr("Save"), "primary")
        self.save.clicked.connect(self._on_save)
        self.delete = button(self.tr("Delete…"))
        self.delete.clicked.connect(self._on_delete)
        self.sure = button(self.tr("Delete the credentials"), "danger")
        self.sure.clicked.connect(self._on_sure)
        self.sure.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.delete)
        foot.addWidget(self.sure)
        foot.addStretch(1)
        foot.addWidget(self.test)
        foot.addWidget(self.save)
        self._right = QVBoxLayout()
        self._right.setSpacing(10)
        self._right.addLayout(self.rows)
        self._right.addWidget(self.help)
        self._right.addStretch(1)
        self._right.addWidget(self.outcome)
        self.confirm = ConfirmStrip()
        self.confirm.sent.connect(guarded(self._write))
        self.confirm.dropped.connect(guarded(self._on_back))
        self._right.addWidget(self.confirm)
        self._right.addLayout(foot)

    def _show_fields(self, choice: BrokerChoice) -> None:
        """Show the fields of a broker, empty: what is kept is never shown."""
        for name in self.fields:
            self.rows.show_row(name, shown=False)
        for item in choice.fields:
            if item.name not in self.fields:
                made = QLineEdit()
                made.setEchoMode(QLineEdit.EchoMode.Password if item.secret else QLineEdit.EchoMode.Normal)
                made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
                made.textEdited.connect(self._on_typed)
                self.fields[item.name] = made
                self.rows.put(item.name, item.label, made)
            self.rows.show_row(item.name, shown=True)
        self._empty()
        kept = self.tr("unchanged") if self.selected is not None else ""
        for name in self.fields:
            self.fields[name].setPlaceholderText(kept)
        self.help.setText(choice.help)
        stake = words.stake(real_money=choice.real_money)
        self.money.setText(self.tr("REAL MONEY") if choice.real_money else stake)
        look(self.money, mode=stake)

    # what is chosen --------------------------------------------------------------------------------------------
    @property
    def selected(self) -> AccountRef | None:
        """The account of the list that is shown; None: a new one is being entered."""
        row = self.list.currentRow()
        return self._accounts[row] if 0 <= row < len(self._accounts) else None

    @property
    def _choice(self) -> BrokerChoice:
        return self._choices[str(self.broker.currentData())]

    def _entered(self) -> dict[str, str]:
        return {item.name: self.fields[item.name].text().strip() for item in self._choice.fields}

    def _ref(self) -> AccountRef:
        return self.selected or AccountRef(self._choice.broker_id, self.name.text().strip())

    @guarded
    def _on_row(self, row: int) -> None:
        if row < 0:
            return
        ref = self._accounts[row]
        self.broker.setCurrentIndex(self.broker.findData(ref.broker_id))
        self.name.setText(ref.account)
        self._lock(known=True)
        self._show_fields(self._choice)

    @guarded
    def _on_add(self) -> None:
        self._new()
        self.broker.setFocus()

    def _new(self) -> None:
        self.list.setCurrentRow(-1)
        self.list.clearSelection()
        self.name.clear()
        self._lock(known=False)
        self._show_fields(self._choice)

    def _lock(self, *, known: bool) -> None:
        self.broker.setEnabled(not known)
        self.name.setEnabled(not known)
        self.save.setText(self.tr("Replace") if known else self.tr("Save"))
        self.delete.setVisible(known)
        self.sure.hide()
        self.confirm.hide()
        self._say("")

    @guarded
    def _on_broker(self) -> None:
        if self.selected is None:
            self._show_fields(self._choice)

    @guarded
    def _on_typed(self) -> None:
        if not self.confirm.isHidden():  # another key is another question
            self.confirm.hide()
            self.save.setEnabled(True)
        self._say("")

    # what is asked ---------------------------------------------------------------------------------------------
    def _read(self) -> None:
        work.run(self._accounts_or_problem(), where="broker accounts", then=self._show)

    async def _accounts_or_problem(self) -> tuple[Sequence[AccountRef], str]:
        problem = await self._keeper.problem()
        return ((), problem) if problem else (await self._keeper.accounts(), "")

    def _show(self, found: tuple[Sequence[AccountRef], str]) -> None:
        if not isValid(self):
            return  # closed while the keyring was asked
        self._accounts, problem = found
        wanted, self._wanted = self._wanted, None
        self.refuse(problem)
        for control in (self.save, self.delete):
            control.setEnabled(not problem)
        self.list.blockSignals(True)
        self.list.clear()
        for ref in self._accounts:
            title = self._choices[ref.broker_id].title if ref.broker_id in self._choices else ref.broker_id
            item = QListWidgetItem(f"{ref.account}\n{title}")
            item.setToolTip(ref.key)
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(self._accounts))
        self.none.setVisible(not self._accounts and not problem)
        if wanted is not None and wanted in self._accounts:
            said = self.outcome.text(), str(self.outcome.property("tone") or "")
            self.list.setCurrentRow(list(self._accounts).index(wanted))
            self._say(*said)

    @guarded
    def _on_test(self) -> None:
        entered = self._entered()
        given = entered if any(entered.values()) or self.selected is None else None
        self._busy(self.tr("Asking the broker…"))
        asked = self._key()
        work.run(
            self._keeper.test(self._ref(), given),
            where="test credentials",
            then=lambda info: self._tested(info, asked, kept=given is None),
            on_refused=lambda error: self._test_refused(error, asked),
        )

    def _key(self) -> tuple[object, ...]:
        """Return what tells one key from another; no secret is in it."""
        return self._ref().key, hash(tuple(sorted(self._entered().items())))

    def _test_refused(self, error: AssayError, asked: tuple[object, ...]) -> None:
        if isValid(self) and isinstance(error, CredentialsRefused):
            self._refused_key = asked
        self._refused(error)

    def _tested(self, info: AccountInfo, asked: tuple[object, ...], *, kept: bool) -> None:
        if not isValid(self):
            return
        if asked == self._refused_key:
            self._refused_key = ()
        self._free()
        text = self.tr("Accepted: account %1, equity %2, buying power %3.")
        sums = [formats.money(value, info.currency, code=True) for value in (info.equity, info.buying_power)]
        for number, value in enumerate((info.number, *sums), 1):
            text = text.replace(f"%{number}", value)
        if info.blocked:
            text = f"{text} {self.tr('The broker lets it trade nothing:')} {info.blocked}"
        self._say(text, "bad" if info.blocked else "good")
        if kept and self.selected is not None:
            self._take_up(self.selected, text)

    def _take_up(self, ref: AccountRef, text: str) -> None:
        """Connect an account again whose key was refused meanwhile and is accepted now, and prices that were."""
        if self._desk is None:
            return
        if self._state(ref) is not LinkState.REFUSED:
            work.run(self._desk.renew_prices(), where="renew prices", on_refused=self._refused)
            return
        self._say(f"{text} {self.tr('The account is being connected again.')}")
        done = self.tr("The account is connected again. Paused sessions stay paused.")
        work.run(
            self._desk.reconnect(ref.key),
            where="reconnect",
            then=lambda _: self._connected(ref, f"{text} {done}"),
            on_refused=self._refused,
        )

    def _state(self, ref: AccountRef) -> LinkState | None:
        """Return how the connection of an account stands; None: no session is on it."""
        views = self._desk.accounts() if self._desk is not None else ()
        return next((view.state for view in views if view.key == ref.key), None)

    @guarded
    def _on_save(self) -> None:
        ref = self._ref()
        if self.selected is None and ref in self._accounts:
            self.rows.show_mistakes({"account": self.tr("there is one of this name already; choose it to replace it.")})
            return
        if self._key() == self._refused_key:
            self.confirm.ask(self.tr("The broker refused this key. Save it anyway?"), self.tr("Save it anyway"))
            self.save.setEnabled(False)
            return
        self._write()

    def _on_back(self) -> None:
        self.save.setEnabled(True)
        self.save.setFocus()

    def _write(self) -> None:
        ref = self._ref()
        self._busy(self.tr("Writing to the keyring…"))
        work.run(
            self._keeper.save(ref, self._entered()),
            where="save credentials",
            then=lambda _: self._saved(ref),
            on_refused=self._refused,
        )

    def _saved(self, ref: AccountRef) -> None:
        if not isValid(self):
            return
        self._free()
        self._empty()
        self._wanted = ref
        if self._desk is not None and self._state(ref) is not None:
            self._say(self.tr("Kept in the keyring. The account is being connected with it."))
            work.run(
                self._desk.reconnect(ref.key),
                where="reconnect",
                then=lambda _: self._connected(
                    ref,
                    self.tr("Kept in the keyring, and the account is connected with it. Paused sessions stay paused."),
                ),
                on_refused=self._refused,
            )
        else:
            self._say(self.tr("Kept in the keyring. Test asks the broker whether it accepts them."), "good")
            if self._desk is not None:  # paper sessions, and those of other accounts, may hear prices with them
                work.run(self._desk.renew_prices(), where="renew prices", on_refused=self._refused)
        self._read()

    def _connected(self, ref: AccountRef, done: str) -> None:
        if not isValid(self):
            return
        if self._state(ref) is LinkState.REFUSED:
            self._say(self.tr("The broker refuses this key still; sessions on the account stay paused."), "bad")
        else:
            self._say(done, "good")

    @guarded
    def _on_delete(self) -> None:
        self.delete.hide()
        self.sure.show()
        self._say(self.tr("Sessions on this account can no longer send orders. What is at the broker stays there."))
        self.cancel.setFocus()

    @guarded
    def _on_sure(self) -> None:
        ref = self.selected
        if ref is None:
            return
        self._busy(self.tr("Deleting…"))
        work.run(
            self._keeper.delete(ref), where="delete credentials", then=lambda _: self._gone(), on_refused=self._refused
        )

    def _gone(self) -> None:
        if not isValid(self):
            return
        self._free()
        self._new()
        self._say(self.tr("Deleted from the keyring."))
        self._read()

    # answers ---------------------------------------------------------------------------------------------------
    def _refused(self, error: AssayError) -> None:
        if not isValid(self):
            return
        self._free()
        if isinstance(error, FieldError) and self.rows.show_mistakes({error.field: error.message}):
            self._say("")
            return
        self._say(str(error), "bad")

    def _empty(self) -> None:
        for field in self.fields.values():
            field.clear()
        self.rows.show_mistakes({})

    def _busy(self, text: str) -> None:
        self.rows.show_mistakes({})
        for control in (self.test, self.save, self.sure, self.delete, self.list, self.add):
            control.setEnabled(False)
        self._say(text)

    def _free(self) -> None:
        for control in (self.test, self.save, self.sure, self.delete, self.list, self.add):
            control.setEnabled(True)

    def _say(self, text: str, tone: str = "") -> None:
        self.outcome.setText(text)
        look(self.outcome, tone=tone)


def open_broker_accounts(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    keeper: AccountKeeper | None,
) -> BrokerAccountsDialog:
    """Open the accounts (UserMistake: this program was opened without them)."""
    if keeper is None:
        raise UserMistake(parent.tr("This Assay was opened for paper trading only."))
    dialog = BrokerAccountsDialog(keeper, parent, desk)
    dialog.show()
    return dialog

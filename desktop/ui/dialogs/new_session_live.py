"""What a live session needs beyond a paper one: account, first capital, confirmed limits, prerequisites (L2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.broker import AccountRef, BrokerChoice
from desktop.domain.errors import AssayError, FieldError
from desktop.domain.risk import RiskLimits
from desktop.domain.validation import Prerequisite, Thresholds, Verdict
from desktop.engine.api import Desk, SessionDraft
from desktop.ports.brokers import AccountKeeper
from desktop.ui import formats, words, work
from desktop.ui.dialogs.broker_accounts import BrokerAccountsDialog
from desktop.ui.dialogs.form import Rows
from desktop.ui.dialogs.limit_fields import limit_specs
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.looks import button, label, line, look
from desktop.ui.widgets.prerequisites_list import PrerequisitesList
from desktop.validation.prerequisites import LEAST_REASON, OVERRIDABLE, first_capital

_ASK_MS = 400
_SHOWN_LIMITS = ("max_position_size", "max_allocation", "max_positions", "max_daily_loss", "max_order_value")
_ANY = Decimal(1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class LivePage(QWidget):
    """Asks the engine for the evidence whenever what it depends on has changed.

    Signals:
        changed: the account, the confirmation, a reason or the evidence is another one.
    """

    changed = Signal()

    def __init__(self, desk: Desk, keeper: AccountKeeper | None, wanted: AccountRef | None = None) -> None:
        """`wanted`: the account that is chosen first, where it is there."""
        super().__init__()
        self._desk, self._keeper, self._wanted = desk, keeper, wanted
        self._choices: dict[str, BrokerChoice] = (
            {item.broker_id: item for item in keeper.choices()} if keeper is not None else {}
        )
        self.refs: Sequence[AccountRef] = ()
        self._read = False  # whether the keyring was asked
        self._problem = ""
        self._limits: RiskLimits | None = None
        self._want: SessionDraft | None = None  # of which the evidence is wanted
        self._asked: SessionDraft | None = None  # of which it was asked for
        self._verdicts: Sequence[Verdict] = ()
        self._known: SessionDraft | None = None  # of which it is shown
        self._refusal = ""  # why the last question was not answered
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(guarded(self._ask))
        self._build()

    def _build(self) -> None:
        self.account = chooser(_tr("Account"), [])
        self.money = label("", "badge")
        self.manage = button(_tr("Broker accounts…"))
        self.capital = label("", wrap=True)
        self.limits_words = label("", "muted", wrap=True)
        self.confirm = QCheckBox(_tr("I have read these limits and confirm them"))
        self.rows = Rows()
        self.rows.put("account", _tr("Account"), self.account, self.money, self.manage)
        self.rows.put("capital", _tr("Capital"), self.capital)
        self.rows.put("confirmed", _tr("Risk limits"), self.limits_words, under=self.confirm)
        self.list = PrerequisitesList(OVERRIDABLE)
        self.status = label("", "muted", wrap=True, selectable=True)
        self.again = button(_tr("Check again"), "quiet")
        head = QHBoxLayout()
        head.addWidget(label(_tr("Before real money"), "heading"), 1)
        head.addWidget(self.again)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(2, 12, 6, 6)
        column.setSpacing(8)
        column.addLayout(self.rows)
        column.addWidget(line())
        column.addLayout(head)
        column.addWidget(self.status)
        column.addWidget(self.list)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.account.currentIndexChanged.connect(guarded(self._on_account))
        self.manage.clicked.connect(guarded(self._on_manage))
        self.confirm.toggled.connect(guarded(self._on_changed))
        self.list.changed.connect(guarded(self._on_changed))
        self.again.clicked.connect(guarded(self._on_again))

    # the account -----------------------------------------------------------------------------------------------
    @property
    def ref(self) -> AccountRef | None:
        """The chosen account."""
        place = self.account.currentIndex()
        return self.refs[place] if 0 <= place < len(self.refs) else None

    @property
    def choice(self) -> BrokerChoice | None:
        """The broker of the chosen account."""
        return self._choices.get(self.ref.broker_id) if self.ref is not None else None

    def open(self) -> None:
        """Read the accounts of the keyring, once."""
        if not self._read and self._keeper is not None:
            self._read = True
            self._say(_tr("Reading the keyring…"))
            work.run(
                self._accounts(self._keeper),
                where="accounts of a new session",
                on_refused=while_alive(self, lambda error: self._show_accounts(((), str(error)))),
                then=while_alive(self, self._show_accounts),
            )

    @staticmethod
    async def _accounts(keeper: AccountKeeper) -> tuple[Sequence[AccountRef], str]:
        problem = await keeper.problem()
        return ((), problem) if problem else (await keeper.accounts(), "")

    def _show_accounts(self, found: tuple[Sequence[AccountRef], str]) -> None:
        before = self.ref or self._wanted
        self.refs, self._problem = found
        self.account.blockSignals(True)
        self.account.clear()
        for ref in self.refs:
            choice = self._choices.get(ref.broker_id)
            self.account.addItem(f"{ref.account}  ({choice.title if choice is not None else ref.broker_id})", ref.key)
        self.account.setCurrentIndex(self.refs.index(before) if before in self.refs else 0 if self.refs else -1)
        self.account.blockSignals(False)
        self.account.setEnabled(bool(self.refs))
        self._say("")
        self._on_account()

    def _on_account(self) -> None:
        choice = self.choice
        real = choice is not None and choice.real_money
        self.money.setText(_tr("REAL MONEY") if real else words.BROKER_PAPER)
        look(self.money, mode=words.stake(real_money=real))
        self.money.setVisible(choice is not None)
        self.changed.emit()

    def _on_manage(self) -> None:
        if self._keeper is None:
            return
        self.dialog = BrokerAccountsDialog(self._keeper, self, self._desk)
        self.dialog.finished.connect(guarded(self._on_managed))
        self.dialog.open()

    def _on_managed(self, _: int) -> None:
        self._read, self._asked = False, None
        self.open()

    # what is shown ---------------------------------------------------------------------------------------------
    def show_cash(self, cash: Decimal, currency: str) -> None:
        """Say with what it starts."""
        share = Thresholds().capital_share
        text = _tr("Starts with %1: %2 of %3, the first rung. More follows only from results.")
        values = (
            formats.money(first_capital(cash, Thresholds()), currency, code=True),
            formats.percent(share * 100, signed=False, decimals=0),
            formats.money(cash, currency, code=True),
        )
        for place, value in enumerate(values, 1):
            text = text.replace(f"%{place}", value)
        self.capital.setText(text)

    def show_limits(self, limits: RiskLimits, currency: str) -> None:
        """Show the limits that are to be confirmed; others than those confirmed have to be confirmed anew."""
        if self._limits is not None and limits != self._limits:
            self.confirm.setChecked(False)
        self._limits = limits
        said = []
        for spec in limit_specs(currency):
            if spec.name in _SHOWN_LIMITS:
                value = getattr(limits, spec.name)
                shown = _tr("off") if value is None else f"{formats.plain(Decimal(value))} {spec.unit}"
                if spec.whole and value is not None:
                    shown = _tr("at most %1").replace("%1", str(value))
                said.append(f"{spec.title}: {shown}")
        self.limits_words.setText("; ".join(said) + ".")

    def mistakes(self) -> dict[str, str]:
        """Return what is missing, by field."""
        if self._problem:
            return {"account": self._problem}
        if self._read and not self.refs:
            return {"account": _tr("There is no account yet. Add its API key under Broker accounts.")}
        return {}

    # the evidence ----------------------------------------------------------------------------------------------
    def overrides(self) -> Mapping[Prerequisite, str]:
        """Return the reasons that say something."""
        return {name: text for name, text in self.list.overrides().items() if len(text) >= LEAST_REASON}

    def applied(self, draft: SessionDraft) -> SessionDraft:
        """Return a draft as a live one."""
        ref, choice = self.ref, self.choice
        if ref is None or choice is None:
            return draft
        return replace(
            draft,
            feed=choice.feed,
            broker=ref.broker_id,
            account=ref.account,
            limits_confirmed=self.confirm.isChecked(),
            overrides=dict(self.overrides()),
        )

    def look_at(self, draft: SessionDraft) -> None:
        """Ask for the evidence of a draft without mistakes, unless it is there or on its way."""
        plain = replace(draft, overrides={}, name="live", cash=_ANY)
        if plain != self._want:
            self._want = plain
            self._timer.start()
        self._show()

    @property
    def passes(self) -> bool:
        """Whether every prerequisite of what is filled in holds or is overridden by a reason."""
        said = self.overrides()
        return (
            bool(self._verdicts)
            and self._known == self._want
            and all(item.met or item.prerequisite in said for item in self._verdicts)
        )

    def _ask(self) -> None:
        wanted = self._want
        if wanted is None or wanted == self._asked:
            return
        self._asked, self._refusal = wanted, ""
        self._show()
        work.run(
            self._desk.check_live(wanted),
            where="prerequisites",
            on_refused=while_alive(self, lambda error: self._on_refused(wanted, error)),
            then=while_alive(self, lambda found: self._on_verdicts(wanted, found)),
        )

    def _on_again(self) -> None:
        self._asked = self._known = None
        self._ask()
        self.changed.emit()

    def _on_verdicts(self, asked: SessionDraft, found: Sequence[Verdict]) -> None:
        if asked == self._want:
            self._known, self._verdicts = asked, found
            self._show()
            self.changed.emit()

    def _on_refused(self, asked: SessionDraft, error: AssayError) -> None:
        if asked == self._want:
            said = error.message if isinstance(error, FieldError) else str(error)
            self._known, self._verdicts, self._refusal = None, (), said
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        """Show the evidence with the reasons typed so far, and what is to be waited for or done."""
        said = self.overrides()
        self.list.setVisible(not (self._refusal and self._asked == self._want))
        self.list.show_verdicts([replace(item, override=said.get(item.prerequisite, "")) for item in self._verdicts])
        missing = [item for item in self._verdicts if not item.met and item.prerequisite not in said]
        if self._want is None:
            return
        if self._refusal and self._asked == self._want:
            self._say(self._refusal, "bad")
        elif self._known != self._want:
            key = f"{self._want.broker}/{self._want.account}"
            self._say(_tr("Looking for the evidence and asking %1…").replace("%1", key))
        elif missing:
            names = ", ".join(item.prerequisite.value for item in missing)
            self._say(_tr("Missing: %1. No session is created before that.").replace("%1", names), "bad")
        else:
            over = ", ".join(name.value for name in said)
            done = _tr("Everything holds.")
            if over:
                done = _tr("Everything else holds; by your word, on record: %1.").replace("%1", over)
            self._say(
                f"{done} {_tr('It begins not armed: it buys nothing before you arm it.')}", "" if over else "good"
            )

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _say(self, text: str, tone: str = "") -> None:
        self.status.setText(text)
        self.status.setVisible(bool(text))
        look(self.status, tone=tone)

"""The fields of a new session, laid out in tabs: what they hold as a draft, and what is wrong with it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QRadioButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from desktop.domain.broker import AccountRef
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk, SessionDraft
from desktop.ports.brokers import AccountKeeper
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.dialogs.limit_fields import LimitFields
from desktop.ui.dialogs.new_session_fields import (
    FillsField,
    SymbolsField,
    chosen_hours,
    hours_chooser,
    mode_chooser,
    speed_chooser,
    suggested_cash,
)
from desktop.ui.dialogs.new_session_live import LivePage
from desktop.ui.live_words import is_live
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.split_notice import SplitNotice
from desktop.ui.widgets.stored_choice import StoredChoice

if TYPE_CHECKING:  # as in the panel of stored prices
    from desktop.market.history_report import StoredSeries

_CHECK_MS = 250
SERIES = "series:"  # in the place of a file: a stored series by its number


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class SessionForm(FormDialog):
    """Filled from a strategy, or as a copy of a session."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        strategy: Strategy | None = None,
        like: SessionSettings | None = None,
        keeper: AccountKeeper | None = None,
    ) -> None:
        """`keeper`: where the accounts at brokers are; None: paper only."""
        super().__init__(_tr("New session"), parent, width=560)
        self._desk, self._keeper = desk, keeper
        self._touched: set[str] = set()  # fields that the user has filled in: nothing is suggested there any more
        self.strategies = list(desk.strategies())
        wanted = like.strategy if like is not None else strategy
        if wanted is not None and wanted not in self.strategies:
            self.strategies.insert(0, wanted)
        self.feeds = list(desk.feeds())
        self._make_fields(wanted, like)
        self._lay_out()

    def _make_fields(self, wanted: Strategy | None, like: SessionSettings | None) -> None:
        entries: list[tuple[str, object]] = [
            (f"{item.name}  ({item.timeframe})", number) for number, item in enumerate(self.strategies)
        ]
        first = self.strategies.index(wanted) if wanted is not None else 0
        self.strategy = chooser(_tr("Strategy"), entries, first)
        self.name = QLineEdit(_tr("%1 copy").replace("%1", like.name) if like is not None else "")
        feed = like.feed if like is not None else "simulator"
        path = feed.partition(":")[2] if feed.startswith("replay:") else ""
        kind = "replay" if path else feed
        self.feed = chooser(_tr("Prices"), [(item.title, item.key) for item in self.feeds], kind)
        self.file = QLineEdit(path)
        self.browse = button(_tr("Browse…"))
        self.stored = StoredChoice(self._desk.archive)
        self.series: StoredSeries | None = None  # the one that was chosen
        self.splits = SplitNotice(self._desk.archive)
        self.speed = speed_chooser()
        self.symbols = SymbolsField()
        self.cash = AmountField(
            _tr("Starting cash"), like.cash if like is not None else suggested_cash("USD"), step=Decimal(1_000)
        )
        self.currency = chooser(_tr("Currency"), [("USD", "USD")])
        self.mode = mode_chooser(like.mode if like is not None else None)
        self.hours = hours_chooser(like.hours if like is not None else "instrument")
        self.fills = FillsField()
        self.seed = AmountField(_tr("Seed"), Decimal(like.seed if like is not None else 1))
        self.benchmark = chooser(_tr("Benchmark"), [])
        self.limits = LimitFields(like.limits if like is not None else RiskLimits.prudent(), "")
        wanted_account = AccountRef(like.broker, like.account) if like is not None and is_live(like) else None
        self.live_page = LivePage(self._desk, self._keeper, wanted_account)
        self.paper, self.live = QRadioButton(_tr("Paper")), QRadioButton(_tr("Live"))
        (self.live if wanted_account is not None and self._keeper is not None else self.paper).setChecked(True)
        if like is not None:
            self._touched |= {"cash", "symbols"}
            self.symbols.setText(", ".join(item.symbol for item in like.instruments))
            self.fills.show_settings(like.fills)

    def _lay_out_stake(self) -> None:
        """Paper or live: first of all, above the tabs."""
        stake = QHBoxLayout()
        stake.setSpacing(14)
        stake.addWidget(label(_tr("Orders go to"), "muted"))
        self.stake_words = label("", "caption", wrap=True)
        for choice, text in ((self.paper, _tr("Paper: simulated orders")), (self.live, _tr("Live: a broker"))):
            choice.setText(text)
            stake.addWidget(choice)
        stake.addWidget(self.stake_words, 1)
        self.live.setEnabled(self._keeper is not None)
        if self._keeper is None:
            self.live.setToolTip(_tr("This Assay was opened for paper trading only."))
        self.outer.addLayout(stake)

    def _lay_out(self) -> None:
        self._lay_out_stake()
        self.mode_words = label("", "caption", wrap=True)
        self.feed_words = label("", "caption", wrap=True)
        self.rule_words = label("", "caption", wrap=True)
        first, second = Rows(), Rows()
        first.put("strategy", _tr("Strategy"), self.strategy, under=self.rule_words)
        first.put("name", _tr("Name"), self.name)
        first.put("feed", _tr("Prices"), self.feed, under=self.feed_words)
        self.file_words = label("", "caption", wrap=True)
        self.file_words.hide()
        under = QWidget()
        below = QVBoxLayout(under)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.file_words)
        below.addWidget(self.splits)
        first.put("file", _tr("File"), self.file, self.browse, self.stored, under=under)
        first.put("speed", _tr("Speed"), self.speed)
        first.put("symbols", _tr("Symbols"), self.symbols)
        first.put("cash", _tr("Starting cash"), self.cash, self.currency)
        first.put("mode", _tr("Who decides"), self.mode, under=self.mode_words)
        second.put("hours", _tr("Trading hours"), self.hours, hint=_tr("Or your own: 09:00-15:30@Asia/Seoul"))
        second.put("fills", _tr("Fill model"), self.fills)
        second.put("benchmark", _tr("Benchmark"), self.benchmark)
        second.put("seed", _tr("Seed"), self.seed, hint=_tr("The same seed gives the same fills to the cent."))
        self.rows = {"first": first, "second": second, "limits": self.limits.rows, "live": self.live_page.rows}
        self.tabs = QTabWidget()
        for title, layout in ((_tr("Session"), first), (_tr("Hours and fills"), second)):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(2, 12, 2, 6)
            column.addLayout(layout)
            column.addStretch(1)
            self.tabs.addTab(page, title)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 12, 2, 6)
        column.addWidget(self.limits)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        self.tabs.addTab(area, _tr("Risk limits"))
        self.tabs.addTab(self.live_page, _tr("Go live"))
        self.tabs.setMinimumHeight(440)
        self.outer.addWidget(self.tabs, 1)
        self.keep = button(_tr("Create"))
        self.start = button(_tr("Create and start"), "primary")
        self.finish(self.keep, self.start)
        self.start.setDefault(True)

    # what is filled in -----------------------------------------------------------------------------------------
    def instruments(self) -> tuple[Instrument, ...]:
        """Return what the chosen feed offers."""
        return next((item.instruments for item in self.feeds if item.key == self.feed.currentData()), ())

    def _strategy(self) -> Strategy | None:
        number = self.strategy.currentData()
        return self.strategies[number] if isinstance(number, int) else None

    @property
    def _series(self) -> StoredSeries | None:
        """The stored series that is named in the place of the file; None: it is a file, or was typed."""
        named = self.file.text().strip()
        return self.series if self.series is not None and named == f"{SERIES}{self.series.info.series_id}" else None

    def draft(self) -> SessionDraft | None:
        """Return the session as filled in; None without a strategy."""
        strategy = self._strategy()
        if strategy is None:
            return None
        feed = str(self.feed.currentData() or "")
        made = SessionDraft(
            name=self.name.text(),
            strategy=strategy,
            symbols=self.symbols.symbols,
            feed=f"replay:{self.file.text().strip()}" if feed == "replay" else feed,
            cash=self.cash.value if self.cash.value is not None else ZERO,
            currency=self.currency.currentText(),
            mode=chosen(self.mode, ExecutionMode),
            limits=self.limits.limits(),
            hours=chosen_hours(self.hours),
            fills=self.fills.settings(),
            seed=int(self.seed.value or 0),
            benchmark=str(self.benchmark.currentData() or ""),
            replay_speed=self.speed.currentData(),
        )
        return self.live_page.applied(made) if self.is_live else made

    @property
    def is_live(self) -> bool:
        """Whether its orders are to go to a broker."""
        return self.live.isChecked()

    def mistakes(self) -> dict[str, str]:
        """Return every mistake by field: the fields' own, then the engine's."""
        draft = self.draft()
        if draft is None:
            return {"strategy": _tr("Save a strategy in the editor first.")}
        found = {error.field: error.message for error in reversed(list(self._desk.check_draft(draft)))}
        found.update(self.limits.mistakes())
        if self.is_live:
            found.update(self.live_page.mistakes())
        if self.fills.mistake():
            found["fills"] = self.fills.mistake()
        seed = self.seed.value
        if seed is None or seed != seed.to_integral_value():
            found["seed"] = _tr("A whole number is needed.")
        if not self.is_live and self.feed.currentData() == "replay" and not self.file.text().strip():
            found["file"] = _tr("Choose the file or the stored prices to replay.")
            for name in ("feed", "symbols"):  # what they may be is in the file
                found.pop(name, None)
        return found

"""A new session: everything prefilled, mistakes shown at the field as one types."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, DataFileError, FieldError
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk, SessionDraft
from desktop.ui import words, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.dialogs.limit_fields import LimitFields
from desktop.ui.dialogs.new_session_fields import (
    FillsField,
    SymbolsField,
    ask_for_file,
    chosen_hours,
    hours_chooser,
    mode_chooser,
    speed_chooser,
    suggested_cash,
)
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.split_notice import SplitNotice
from desktop.ui.widgets.stored_choice import StoredChoice, series_words

if TYPE_CHECKING:  # as in the panel of stored prices
    from desktop.market.history_report import StoredSeries

_CHECK_MS = 250
SERIES = "series:"  # in the place of a file: a stored series by its number


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class NewSession(FormDialog):
    """Creates a paper session and starts it if asked.

    Signals:
        created: with the id of the new session.
    """

    created = Signal(str)

    def __init__(
        self, desk: Desk, parent: QWidget, *, strategy: Strategy | None = None, like: SessionSettings | None = None
    ) -> None:
        super().__init__(_tr("New session"), parent, width=560)
        self._desk = desk
        self._busy = False
        self._touched: set[str] = set()
        self.strategies = list(desk.strategies())
        wanted = like.strategy if like is not None else strategy
        if wanted is not None and wanted not in self.strategies:
            self.strategies.insert(0, wanted)
        self.feeds = list(desk.feeds())
        self._make_fields(wanted, like)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        self._connect()
        self._on_feed()
        self._look_for_splits()
        if like is None:
            self._suggest()
        self.check()
        self.strategy.setFocus()

    # building --------------------------------------------------------------------------------------------------
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
        if like is not None:
            self._touched |= {"cash", "symbols"}
            self.symbols.setText(", ".join(item.symbol for item in like.instruments))
            self.fills.show_settings(like.fills)

    def _lay_out(self) -> None:
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
        self.rows = {"first": first, "second": second, "limits": self.limits.rows}
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
        self.tabs.setMinimumHeight(440)
        self.outer.addWidget(self.tabs, 1)
        self.keep = button(_tr("Create"))
        self.start = button(_tr("Create and start"), "primary")
        self.finish(self.keep, self.start)
        self.start.setDefault(True)

    def _connect(self) -> None:
        for line in (self.name, self.file, self.symbols):
            line.textChanged.connect(self._later)
        for amount in (self.cash, self.seed, *self.limits.fields.values()):
            amount.edited.connect(self._later)
        self.cash.edited.connect(lambda: self._touched.add("cash"))
        self.name.textEdited.connect(lambda _: self._touched.add("name"))
        self.symbols.textEdited.connect(lambda _: self._touched.add("symbols"))
        self.file.textChanged.connect(guarded(self._suggest))
        self.file.textChanged.connect(guarded(self._look_for_splits))
        self.strategy.currentIndexChanged.connect(guarded(self._suggest))
        self.feed.currentIndexChanged.connect(guarded(self._on_feed))
        self.feed.currentIndexChanged.connect(guarded(self._look_for_splits))
        self.symbols.textChanged.connect(guarded(self._on_symbols))
        self.currency.currentIndexChanged.connect(guarded(self._on_currency))
        for box in (self.mode, self.benchmark):
            box.currentIndexChanged.connect(self._later)
        self.hours.editTextChanged.connect(self._later)
        self.fills.changed.connect(self._later)
        self.stored.chosen.connect(guarded(self._on_series))
        self.stored.refused.connect(guarded(self.refuse))
        self.browse.clicked.connect(guarded(lambda: ask_for_file(self, self.file.text(), self._on_file)))
        self.keep.clicked.connect(guarded(lambda: self._send(start=False)))
        self.start.clicked.connect(guarded(lambda: self._send(start=True)))

    # filling in ------------------------------------------------------------------------------------------------
    def _later(self, _: object = None) -> None:
        self._timer.start()

    def instruments(self) -> tuple[Instrument, ...]:
        """Return what the chosen feed offers."""
        return next((item.instruments for item in self.feeds if item.key == self.feed.currentData()), ())

    def _suggest(self) -> None:
        """Prefill what the user has not touched."""
        strategy = self._strategy()
        if "symbols" not in self._touched:
            self._suggest_symbol()
        if "name" not in self._touched and strategy is not None:
            self.name.setText(strategy.name)
        self._later()

    def _suggest_symbol(self) -> None:
        """Name the file's symbol in a replay, else keep or name one that the feed has."""
        offered = [item.symbol for item in self.instruments()]
        if self.feed.currentData() == "replay" and self._series is not None:
            self.symbols.setText(self._series.info.symbol)
            self._choose_currency(self._series.info.instrument.currency)
        elif self.feed.currentData() == "replay":
            self.symbols.setText(Path(self.file.text().strip()).stem.partition("_")[0].upper())
        elif offered and not set(self.symbols.symbols) & set(offered):
            self.symbols.setText(offered[0])

    def _strategy(self) -> Strategy | None:
        number = self.strategy.currentData()
        return self.strategies[number] if isinstance(number, int) else None

    def _on_feed(self) -> None:
        replay = self.feed.currentData() == "replay"
        for name in ("file", "speed"):
            self.rows["first"].show_row(name, shown=replay)
        if "symbols" not in self._touched:
            self._suggest_symbol()
        offered = self.instruments()
        self.symbols.offer(offered)
        self.feed_words.setText(next((item.detail for item in self.feeds if item.key == self.feed.currentData()), ""))
        currencies = sorted(
            {item.currency for item in offered} or {"USD", "EUR", "KRW", "JPY", "GBP"},
            key=lambda code: (code != "USD", code),
        )
        before = self.currency.currentText()
        self.currency.clear()
        for code in currencies:
            self.currency.addItem(code, code)
        self.currency.setCurrentIndex(max(self.currency.findText(before), 0))
        self._on_symbols()

    def _on_symbols(self) -> None:
        """The currency follows the first symbol; the benchmark is one of the feed's instruments or of the symbols."""
        symbols = self.symbols.symbols
        by_symbol = {item.symbol: item for item in self.instruments()}
        if symbols and symbols[0] in by_symbol:
            self._choose_currency(by_symbol[symbols[0]].currency)
        elif symbols and symbols[0].count("/") == 1:  # a pair: it is priced in its second half
            self._choose_currency(symbols[0].partition("/")[2])
        before = self.benchmark.currentData()
        self.benchmark.blockSignals(True)
        self.benchmark.clear()
        self.benchmark.addItem(_tr("The first symbol"), "")
        for name in dict.fromkeys((*by_symbol, *symbols)):
            self.benchmark.addItem(name, name)
        self.benchmark.setCurrentIndex(max(self.benchmark.findData(before), 0))
        self.benchmark.blockSignals(False)
        self._later()

    def _choose_currency(self, code: str) -> None:
        if code and self.currency.findText(code) < 0:
            self.currency.addItem(code, code)
        self.currency.setCurrentText(code)

    def _on_currency(self) -> None:
        """Suggest cash that buys something in the currency, unless the user has said how much."""
        code = self.currency.currentText()
        self.limits.show_currency(code)
        if code and "cash" not in self._touched:
            suggested = suggested_cash(code)
            self.cash.set_value(suggested)
            self.cash.step = suggested / 10
        self._later()

    def _look_for_splits(self) -> None:
        row = self._series
        path = self.file.text().strip()
        self.file_words.setText(series_words(row) if row is not None else "")
        self.file_words.setVisible(row is not None)
        self.splits.look_at(path if self.feed.currentData() == "replay" and not path.startswith(SERIES) else "")

    @property
    def _series(self) -> StoredSeries | None:
        """The stored series that is named in the place of the file; None: it is a file, or was typed."""
        named = self.file.text().strip()
        return self.series if self.series is not None and named == f"{SERIES}{self.series.info.series_id}" else None

    def _on_series(self, row: StoredSeries) -> None:
        self.series = row
        self._touched.discard("symbols")
        self.file.setText(f"{SERIES}{row.info.series_id}")

    def _on_file(self, path: str) -> None:
        self.file.setText(path)

    # what is asked ---------------------------------------------------------------------------------------------
    def draft(self) -> SessionDraft | None:
        """Return the session as filled in; None without a strategy."""
        strategy = self._strategy()
        if strategy is None:
            return None
        feed = str(self.feed.currentData() or "")
        return SessionDraft(
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

    def mistakes(self) -> dict[str, str]:
        """Return every mistake by field: the fields' own, then the engine's."""
        draft = self.draft()
        if draft is None:
            return {"strategy": _tr("Save a strategy in the editor first.")}
        found = {error.field: error.message for error in reversed(list(self._desk.check_draft(draft)))}
        found.update(self.limits.mistakes())
        if self.fills.mistake():
            found["fills"] = self.fills.mistake()
        seed = self.seed.value
        if seed is None or seed != seed.to_integral_value():
            found["seed"] = _tr("A whole number is needed.")
        if self.feed.currentData() == "replay" and not self.file.text().strip():
            found["file"] = _tr("Choose the file or the stored prices to replay.")
            for name in ("feed", "symbols"):  # what they may be is in the file
                found.pop(name, None)
        return found

    def check(self) -> None:
        """Show every mistake at its field."""
        found = self.mistakes()
        shown: set[str] = set()
        for number, rows in enumerate(self.rows.values()):
            here = rows.show_mistakes(found)
            shown |= here
            title = self.tabs.tabText(number).removesuffix("  •")
            self.tabs.setTabText(number, f"{title}  •" if here else title)
        self.refuse(" ".join(sentence for name, sentence in found.items() if name not in shown))
        self.mode_words.setText(words.mode_words(chosen(self.mode, ExecutionMode)))
        strategy = self._strategy()
        self.rule_words.setText(_tr("Buys when %1").replace("%1", strategy.entry) if strategy is not None else "")
        for made in (self.keep, self.start):
            made.setEnabled(not found and not self._busy)

    def _send(self, *, start: bool) -> None:
        self.check()
        draft = self.draft()
        if draft is None or self._busy or not self.start.isEnabled():
            return
        self._busy = True
        self.keep.setEnabled(False)
        self.start.setEnabled(False)
        draft = replace(draft, name=draft.name.strip())
        work.run(
            self._desk.create_session(draft, start=start),
            where="new session",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_created),
        )

    def _on_created(self, session_id: object) -> None:
        self.created.emit(str(session_id))
        self.close()

    def _on_refused(self, error: AssayError) -> None:
        """Show a refusal at the field it is about, else above the buttons."""
        self._busy = False
        self.check()
        name = "file" if isinstance(error, DataFileError) else error.field if isinstance(error, FieldError) else ""
        sentence = error.message if isinstance(error, FieldError) else str(error)
        at = next((rows for rows in self.rows.values() if name in rows.fields), None)
        if at is None:
            self.refuse(str(error))
            return
        at.show_mistakes({name: sentence})
        self.tabs.setCurrentIndex(list(self.rows.values()).index(at))
        at.fields[name].setFocus()


def open_new_session(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    strategy: Strategy | None = None,
    copy_of: str = "",
) -> NewSession:
    """Open the dialog, prefilled from a strategy or as a copy of a session."""
    row = desk.session(copy_of) if copy_of else None
    dialog = NewSession(desk, parent, strategy=strategy, like=row.settings if row is not None else None)
    dialog.show()
    return dialog

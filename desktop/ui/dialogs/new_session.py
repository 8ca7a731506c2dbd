"""A new session: everything prefilled, mistakes shown at the field as one types."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.domain.errors import AssayError, DataFileError, FieldError
from desktop.domain.money import ZERO
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk
from desktop.ports.brokers import AccountKeeper
from desktop.ui import words, work
from desktop.ui.dialogs.new_session_fields import (
    ask_for_file,
    suggested_cash,
)
from desktop.ui.dialogs.new_session_form import SERIES, SessionForm
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.looks import look
from desktop.ui.widgets.stored_choice import series_doubts, series_words

if TYPE_CHECKING:  # as in the panel of stored prices
    from desktop.market.history_report import StoredSeries

_CHECK_MS = 250
_SHARES, _SHARE = "alpaca", "SPY"  # a feed that names its thousands of symbols once it is open, and one of them
_SIZE, _LIVE_SIZE = (560, 440), (680, 540)  # pixels; live: the whole checklist at once on a screen of 768


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class NewSession(SessionForm):
    """Creates a session and starts it if asked; a live one only where its prerequisites hold.

    Signals:
        created: with the id of the new session.
    """

    created = Signal(str)

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        *,
        strategy: Strategy | None = None,
        like: SessionSettings | None = None,
        keeper: AccountKeeper | None = None,
    ) -> None:
        super().__init__(desk, parent, strategy=strategy, like=like, keeper=keeper)
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        self._connect()
        self._on_feed()
        self._look_for_splits()
        if like is None:
            self._suggest()
        self._on_stake()
        self.strategy.setFocus()

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
        self.live.toggled.connect(guarded(self._on_stake))
        self.live_page.changed.connect(guarded(self._on_live))
        self.keep.clicked.connect(guarded(lambda: self._send(start=False)))
        self.start.clicked.connect(guarded(lambda: self._send(start=True)))

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field of a live session goes on to the next: it loses nothing that was filled in."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.is_live and not isinstance(self.focusWidget(), QPushButton):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    # paper or live ---------------------------------------------------------------------------------------------
    def _on_stake(self, _: object = None) -> None:
        """Show what belongs to the choice; live has the red badge, and Enter presses nothing that trades."""
        live = self.is_live
        self._show_stake()
        self.tabs.setTabVisible(self.tabs.indexOf(self.live_page), live)
        width, height = _LIVE_SIZE if live else _SIZE
        self.setMinimumWidth(width)
        self.tabs.setMinimumHeight(height)
        self.feed.setEnabled(not live)
        for name in ("fills", "seed"):
            self.rows["second"].show_row(name, shown=not live)
        self.start.setDefault(not live)
        self.cancel.setDefault(live)
        if live:
            self.live_page.open()
            self.tabs.setCurrentWidget(self.live_page)
            self.cancel.setFocus()
        self._on_live()

    def _show_stake(self) -> None:
        choice = self.live_page.choice
        stake = words.stake(real_money=choice is None or choice.real_money) if self.is_live else ""
        self.badge.setText(words.badge_full(stake))
        self.badge.setVisible(bool(stake))
        look(self.badge, mode=stake)

    def _on_live(self) -> None:
        """Prices are those of the account's broker."""
        self._show_stake()
        choice = self.live_page.choice
        if self.is_live and choice is not None and self.feed.currentData() != choice.feed:
            if self.feed.findData(choice.feed) < 0:
                self.feed.addItem(choice.title, choice.feed)
            self.feed.setCurrentIndex(self.feed.findData(choice.feed))
        self.check()

    def _look_for_evidence(self, *, mistaken: bool) -> None:
        currency = self.currency.currentText()
        self.live_page.show_cash(self.cash.value or ZERO, currency)
        self.live_page.show_limits(self.limits.limits(), currency)
        draft = self.draft()
        if not mistaken and draft is not None and self.live_page.ref is not None:
            self.live_page.look_at(draft)

    # filling in ------------------------------------------------------------------------------------------------
    def _later(self, _: object = None) -> None:
        self._timer.start()

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
        elif not offered and self.feed.currentData() == _SHARES:
            self.symbols.setText(_SHARE)

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
        look(self.file_words, tone="warning" if row is not None and series_doubts(row) else "")
        self.splits.look_at(path if self.feed.currentData() == "replay" and not path.startswith(SERIES) else "")

    def _on_series(self, row: StoredSeries) -> None:
        self.series = row
        self._touched.discard("symbols")
        self.file.setText(f"{SERIES}{row.info.series_id}")

    def _on_file(self, path: str) -> None:
        self.file.setText(path)

    # what is asked ---------------------------------------------------------------------------------------------
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
        ready = not found and not self._busy
        if self.is_live:
            self._look_for_evidence(mistaken=bool(found))
            ready = ready and self.live_page.passes
        for made in (self.keep, self.start):
            made.setEnabled(ready)

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
    keeper: AccountKeeper | None = None,
) -> NewSession:
    """Open the dialog, prefilled from a strategy or as a copy of a session; `keeper`: accounts to go live on."""
    row = desk.session(copy_of) if copy_of else None
    like = row.settings if row is not None else None
    dialog = NewSession(desk, parent, strategy=strategy, like=like, keeper=keeper)
    dialog.show()
    return dialog

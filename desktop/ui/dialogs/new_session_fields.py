"""The larger fields of the new-session dialog: symbols with completion, the fill model with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.instruments import Instrument
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.ui import words
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import dress
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.cost_numbers import CostNumbers


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


#: Starting cash suggested where 10,000 of the currency would not buy one share.
_SUGGESTED_CASH = {"KRW": Decimal(10_000_000), "JPY": Decimal(1_000_000)}


def suggested_cash(currency: str) -> Decimal:
    """Return an amount to begin with in a currency."""
    return _SUGGESTED_CASH.get(currency, Decimal(10_000))


def speed_chooser() -> QComboBox:
    """Return the choice of a replay's speed; at real time hours of bars would pass unseen, so the file says first.

    The value is how fast the file is replayed; 0 = as fast as possible, None = as suits the file.
    """
    entries = (
        (_tr("Suits the file"), None),
        ("1x", 1.0),
        ("20x", 20.0),
        (_tr("1,000x"), 1_000.0),
        (_tr("As fast as possible"), 0.0),
    )
    return chooser(_tr("Speed of the replay"), entries)


def mode_chooser(now: ExecutionMode | None) -> QComboBox:
    """Return the choice of who decides."""
    return chooser(_tr("Who decides"), [(words.mode(item), item) for item in ExecutionMode], now)


def hours_chooser(now: str) -> QComboBox:
    """Return the choice of trading hours; own hours can be typed."""
    known = (
        (_tr("As the instrument"), "instrument"),
        (_tr("Always"), "always"),
        (_tr("New York (XNYS)"), "XNYS"),
        (_tr("Seoul (XKRX)"), "XKRX"),
    )
    made = chooser(_tr("Trading hours"), known, now)
    made.setEditable(True)
    if now not in {spec for _, spec in known}:
        made.setEditText(now)
    return made


def chosen_hours(box: QComboBox) -> str:
    """Return the specification of the hours chosen or typed."""
    place = box.findText(box.currentText())
    return str(box.itemData(place)) if place >= 0 else box.currentText().strip()


def ask_for_file(parent: QWidget, now: str, then: Callable[[str], object]) -> QFileDialog:
    """Let the user choose a file to replay."""
    kinds = _tr("Prices (*.csv *.parquet);;All files (*)")
    dialog = QFileDialog(parent, _tr("File to replay"), str(Path(now).parent), kinds)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(guarded(then))
    dialog.open()
    return dialog


class SymbolsField(QLineEdit):
    """Symbols with commas between; each word is completed from the feed's instruments by symbol or name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setWidget(self)
        if (offers := self._completer.popup()) is not None:
            dress(offers)
        self._completer.activated.connect(guarded(self._insert))
        self.textEdited.connect(guarded(self._offer))
        self.setPlaceholderText(_tr("for example ACME, NORD"))

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols typed, upper case, in order."""
        words = (word.strip().upper() for word in self.text().replace(";", ",").split(","))
        return tuple(word for word in words if word)

    def offer(self, instruments: Sequence[Instrument]) -> None:
        """Complete from these instruments."""
        self._model.setStringList([f"{item.symbol}  {item.name}".strip() for item in instruments])

    def _word(self) -> str:
        return self.text()[: self.cursorPosition()].rpartition(",")[2].strip()

    def _offer(self) -> None:
        word = self._word()
        self._completer.setCompletionPrefix(word)
        if word and self._completer.completionCount() and self._completer.currentCompletion() != word:
            self._completer.complete()
        else:
            _hide(self._completer)

    def _insert(self, chosen: str) -> None:
        before = self.text()[: self.cursorPosition()].rpartition(",")
        after = self.text()[self.cursorPosition() :]
        lead = f"{before[0]}, " if before[1] else ""
        text = lead + str(chosen).split("  ")[0]
        self.setText(text + after)
        self.setCursorPosition(len(text))
        self.textEdited.emit(self.text())
        _hide(self._completer)

    @guarded_override()
    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.setText(", ".join(self.symbols))
        super().focusOutEvent(event)


class FillsField(QWidget):
    """The named fill models and their numbers; changing a number makes the model one's own.

    Signals:
        changed: after each change.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_tr("Fill model"))
        for kind, text in (
            (FillModelKind.REALISTIC, _tr("Realistic: slippage, delay, impact, fee")),
            (FillModelKind.FIXED, _tr("Fixed: 0.1 % slippage, 0.1 % fee")),
            (FillModelKind.IDEAL, _tr("Ideal: no cost at all")),
        ):
            self.kind.addItem(text, kind)
        self._costs = CostNumbers(4)
        self.numbers = self._costs.numbers
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kind)
        column.addWidget(self._costs)
        self._costs.changed.connect(self.changed)
        self.kind.activated.connect(guarded(self._on_kind))
        self.setFocusProxy(self.kind)
        self.show_settings(FillSettings.of(FillModelKind.REALISTIC))

    def show_settings(self, settings: FillSettings) -> None:
        """Show a model with its numbers."""
        self._costs.show_settings(settings)
        self.kind.setCurrentIndex(self.kind.findData(settings.kind))

    def _on_kind(self) -> None:
        self.show_settings(FillSettings.of(chosen(self.kind, FillModelKind)))
        self.changed.emit()

    def mistake(self) -> str:
        """Return what cannot be a fill model; empty: nothing."""
        return self._costs.mistake()

    def settings(self) -> FillSettings:
        """Return the model with its numbers; slippage stays within its bound, which follows where it is too low."""
        return self._costs.settings()


def _hide(completer: QCompleter) -> None:
    popup = completer.popup()
    if popup is not None:
        popup.hide()

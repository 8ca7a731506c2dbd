"""Fields of the new-session dialog that are more than one line: symbols with completion, the fill model with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QLineEdit, QWidget

from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.ui.guard import guarded
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import label


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSession", text)


class SymbolsField(QLineEdit):
    """Symbols with commas between; each word is completed from the feed's instruments by symbol or name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setWidget(self)
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
            self._completer.popup().hide()

    def _insert(self, chosen: str) -> None:
        before = self.text()[: self.cursorPosition()].rpartition(",")
        after = self.text()[self.cursorPosition() :]
        lead = f"{before[0]}, " if before[1] else ""
        text = lead + str(chosen).split("  ")[0]
        self.setText(text + after)
        self.setCursorPosition(len(text))
        self.textEdited.emit(self.text())
        self._completer.popup().hide()

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
        self._base = FillSettings.of(FillModelKind.REALISTIC)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_tr("Fill model"))
        for kind, text in (
            (FillModelKind.REALISTIC, _tr("Realistic: slippage, delay, impact, fee")),
            (FillModelKind.FIXED, _tr("Fixed: 0.1 % slippage, 0.1 % fee")),
            (FillModelKind.IDEAL, _tr("Ideal: no cost at all")),
        ):
            self.kind.addItem(text, kind)
        self.numbers = {
            "slippage_mean_bp": AmountField(_tr("Slippage, basis points"), step=Decimal("0.5")),
            "fee_percent": AmountField(_tr("Fee, %"), step=Decimal("0.01")),
            "impact_bp": AmountField(_tr("Market impact, basis points"), step=Decimal(1)),
            "volume_share": AmountField(_tr("Largest share of the volume, %"), step=Decimal(1)),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.kind, 0, 0, 1, 4)
        titles = (_tr("Slippage, bp"), _tr("Fee, %"), _tr("Impact, bp"), _tr("Volume share, %"))
        for column, (title, field) in enumerate(zip(titles, self.numbers.values(), strict=True)):
            grid.addWidget(label(title, "caption"), 1, column)
            grid.addWidget(field, 2, column)
            field.edited.connect(self.changed)
        self.kind.activated.connect(guarded(self._on_kind))
        self.setFocusProxy(self.kind)
        self.show_settings(self._base)

    def show_settings(self, settings: FillSettings) -> None:
        """Show a model with its numbers."""
        self._base = settings
        self.kind.setCurrentIndex(self.kind.findData(settings.kind))
        for name, field in self.numbers.items():
            value: Decimal = getattr(settings, name)
            field.set_value(value * 100 if name == "volume_share" else value)

    def _on_kind(self) -> None:
        self.show_settings(FillSettings.of(self.kind.currentData()))
        self.changed.emit()

    def mistake(self) -> str:
        """Return what cannot be a fill model; empty: nothing."""
        for field in self.numbers.values():
            if field.wrong or (field.value or ZERO) < ZERO:
                return _tr("%1 must be a number, zero or more.").replace("%1", field.accessibleName())
        if (self.numbers["volume_share"].value or ZERO) > 100:
            return _tr("The share of the volume cannot be above 100 %.")
        return ""

    def settings(self) -> FillSettings:
        """Return the model with its numbers; slippage stays within its bound, which follows where it is too low."""
        values = {name: field.value or ZERO for name, field in self.numbers.items()}
        values["volume_share"] /= 100
        mean = values["slippage_mean_bp"]
        return replace(self._base, **values, slippage_max_bp=max(self._base.slippage_max_bp, mean))

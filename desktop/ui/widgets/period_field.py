"""From and to: a period of prices, typed as days or times, either of them left empty for as far as the prices go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.domain.errors import FieldError
from desktop.market.history_range import period, written
from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import label


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeriodField", text)


class PeriodField(QWidget):
    """Two fields side by side; times are UTC.

    Signals:
        changed: something was typed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin, self.end = QLineEdit(), QLineEdit()
        self.begin.setAccessibleName(_tr("From"))
        self.end.setAccessibleName(_tr("To"))
        hint = _tr("2024-01-31 or 2024-01-31 14:30 (UTC). The last day is part of it.")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for number, field in enumerate((self.begin, self.end)):
            if number:
                line.addWidget(label(_tr("to"), "muted"))
            field.setToolTip(hint)
            field.setMinimumWidth(84)
            field.textEdited.connect(guarded(self._on_edited))
            line.addWidget(field, 1)
        self.offer(0, 0)
        self.setFocusProxy(self.begin)

    def _on_edited(self) -> None:
        self.changed.emit()

    def offer(self, first: int, last: int) -> None:
        """Show what there is (µs UTC of the first and last row; 0: not known) where nothing is typed."""
        self.begin.setPlaceholderText(written(first)[:10] if first else _tr("the first"))
        self.end.setPlaceholderText(written(last)[:10] if last else _tr("the last"))

    def show_period(self, begin: int | None, end: int | None) -> None:
        """Show a period (µs UTC; None: all)."""
        self.begin.setText(written(begin))
        self.end.setText(written(end, through=True))

    def values(self) -> tuple[int | None, int | None]:
        """Return what is typed as µs UTC; None where nothing is, or what cannot be (`mistake` says it)."""
        try:
            return self._read()
        except FieldError:
            return None, None

    def mistake(self) -> str:
        """Return what cannot be; empty: nothing."""
        try:
            self._read()
        except FieldError as error:
            return error.message
        return ""

    def _read(self) -> tuple[int | None, int | None]:
        return period(self.begin.text(), self.end.text())

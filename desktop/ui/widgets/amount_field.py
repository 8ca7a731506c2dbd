"""A field for an exact number: read by the locale's habit, mistakes shown at the field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.formats import MINUS
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.widgets.looks import look


def parse_amount(text: str) -> Decimal | None:
    """Return the number a user typed, by the locale's point and grouping; None: it is none."""
    locale = QLocale()
    plain = text.strip().replace(MINUS, "-").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    plain = plain.replace(locale.groupSeparator(), "") if locale.groupSeparator() else plain
    plain = plain.replace(locale.decimalPoint(), ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def amount_text(value: Decimal | None, decimals: int = 0) -> str:
    """Return a number for a field: exact, at least `decimals`, no grouping, the locale's point; empty for None."""
    if value is None:
        return ""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if decimals:
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction:0<{decimals}}"
    return text.replace(".", QLocale().decimalPoint())


class AmountField(QLineEdit):
    """Holds a Decimal or nothing; arrow keys step.

    Signals:
        edited: after each change by the user, the field may hold no number.
    """

    edited = Signal()

    def __init__(
        self, name: str, value: Decimal | None = None, *, step: Decimal = Decimal(1), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.step = step
        self._clicked_in = False
        self.decimals = 0  # shown at least: the decimals of a price
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_value(value)
        self.textEdited.connect(guarded(self._on_edited))

    @property
    def value(self) -> Decimal | None:
        """The number; None when the field is empty or holds none."""
        return parse_amount(self.text())

    @property
    def wrong(self) -> bool:
        """Whether something is typed that is no number."""
        return bool(self.text().strip()) and self.value is None

    def set_value(self, value: Decimal | None) -> None:
        """Show a number."""
        self.setText(amount_text(value, self.decimals))
        look(self, invalid="")

    def set_price(self, value: Decimal | None, tick: Decimal) -> None:
        """Show a price with the decimals of its tick, and step by it."""
        exponent = tick.normalize().as_tuple().exponent
        self.step, self.decimals = tick, max(0, -exponent) if isinstance(exponent, int) else 0
        self.set_value(value)

    def mark(self, sentence: str) -> None:
        """Show the field as wrong with a reason, or right again (empty sentence)."""
        look(self, invalid="true" if sentence else "")
        self.setToolTip(sentence)

    def _on_edited(self) -> None:
        self.mark(self.tr("This is not a number.") if self.wrong else "")
        self.edited.emit()

    @guarded_override()
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus; a click that brings it selects the whole number, so that typing replaces it."""
        super().focusInEvent(event)
        self._clicked_in = event.reason() is Qt.FocusReason.MouseFocusReason

    @guarded_override()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._clicked_in and not self.hasSelectedText():
            self.selectAll()
        self._clicked_in = False

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        direction = steps.get(Qt.Key(event.key()))
        value = self.value
        if direction is None or value is None or self.isReadOnly():
            super().keyPressEvent(event)
            return
        self.set_value(max(value + direction * self.step, Decimal(0)))
        self.edited.emit()

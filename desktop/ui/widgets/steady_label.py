"""A short text whose figures change all the time, in a place that is as wide as before."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui.guard import guarded_override

_DIGIT = re.compile(r"\d")


class SteadyLabel(QLabel):
    """Takes another size only when its text has other than digits in other places: "31" and "47" are as wide.

    A label that may take another size with every text has all of the window laid out and painted anew for each figure.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self._shape = ""
        self.setFixedSize(0, 0)

    def setText(self, text: str) -> None:  # noqa: N802 - of Qt
        """Show a text."""
        if text == self.text():
            return
        super().setText(text)
        shape = _DIGIT.sub("0", text)
        if shape != self._shape:
            self._shape = shape
            self._fit()

    def _fit(self) -> None:
        if not self._shape:
            self.setFixedSize(0, 0)
            return
        metrics, round_it = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(self._shape) + 2 + round_it.left() + round_it.right()
        self.setFixedSize(QSize(width, metrics.height() + round_it.top() + round_it.bottom()))

    @guarded_override()
    def changeEvent(self, event: QEvent) -> None:
        """Take the size of another font or style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

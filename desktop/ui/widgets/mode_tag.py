"""The tag that says what is at stake: in full where there is room, else in one word, never cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from desktop.ui import words
from desktop.ui.guard import guarded_override
from desktop.ui.widgets.looks import look


class ModeTag(QLabel):
    """Shows DEMO, PAPER, BROKER PAPER or LIVE; the sentence behind the word is its tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._short = self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "badge")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_mode(self, mode: str) -> None:
        """Show a mode; "" hides the tag."""
        self._short, self._full = words.badge_short(mode), words.badge_full(mode)
        look(self, mode=mode)
        self.setToolTip(words.badge_words(mode) if mode else "")
        self.setAccessibleName(self._full)
        self.setVisible(bool(mode))
        self._fit()
        self.updateGeometry()

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the room of the full text."""
        return self._room(self._full)

    @guarded_override(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the room of the one word."""
        return self._room(self._short)

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the text that fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fits = not self.isVisible() or self.width() >= self._room(self._full).width()
        text = self._full if fits else self._short
        if text != self.text():
            self.setText(text)

    def _room(self, text: str) -> QSize:
        self.ensurePolished()
        plate = super().sizeHint()
        metrics = self.fontMetrics()
        return QSize(
            plate.width() + metrics.horizontalAdvance(text) - metrics.horizontalAdvance(self.text()), plate.height()
        )

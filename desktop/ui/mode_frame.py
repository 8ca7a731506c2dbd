"""What is at stake, said by the window as a whole: a coloured frame and the title bar."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QMainWindow

from desktop.ui import words
from desktop.ui.theme import ThemeStore

WIDTHS = {"DEMO": 2, "PAPER": 2, words.BROKER_PAPER: 4, "LIVE": 4}  # pixels


class ModeFrame:
    """Keeps room for the frame and paints it."""

    def __init__(self, window: QMainWindow, theme: ThemeStore) -> None:
        self._window, self._theme = window, theme
        self._badge = ""

    def show_badge(self, badge: str) -> None:
        """Show another mode; "" while nothing is known."""
        if badge == self._badge and badge:
            return
        self._badge = badge
        suffix = words.badge_full(badge)
        self._window.setWindowTitle(f"Assay - {suffix}" if suffix else "Assay")
        edge = WIDTHS.get(badge, 0)
        self._window.setContentsMargins(edge, edge, edge, edge)
        self._window.update()

    def paint(self) -> None:
        """Paint the frame; within the window's paint event."""
        edge = WIDTHS.get(self._badge, 0)
        if not edge:
            return
        painter = QPainter(self._window)
        colour = QColor(self._theme.tokens.mode(self._badge)[0])
        box = self._window.rect()
        painter.fillRect(0, 0, box.width(), edge, colour)
        painter.fillRect(0, box.height() - edge, box.width(), edge, colour)
        painter.fillRect(0, 0, edge, box.height(), colour)
        painter.fillRect(box.width() - edge, 0, edge, box.height(), colour)

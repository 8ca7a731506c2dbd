"""A ring that runs down until a signal expires."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.market import SECOND
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

_URGENT = 0.25  # share of the lifetime from which on the ring warns


class Countdown(QWidget):
    """Shows the remaining time as a ring with the time in its middle; without an expiry it shows nothing."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.remaining: int | None = None
        self._share = 1.0
        self.setFixedSize(self.sizeHint())
        theme.changed.connect(self.update)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(42, 42)

    def show_time(self, remaining: int | None, lifetime: int) -> None:
        """Show what is left, µs; None: it does not expire."""
        self.remaining = remaining
        self._share = 0.0 if remaining is None or lifetime <= 0 else min(max(remaining / lifetime, 0.0), 1.0)
        self.setVisible(remaining is not None)
        self.setAccessibleName(self.tr("Expires in %1").replace("%1", self.text))
        self.setToolTip(self.accessibleName())
        self.update()

    @property
    def text(self) -> str:
        """The time in the middle: seconds alone under a minute and a half."""
        if self.remaining is None:
            return ""
        if self.remaining < 100 * SECOND:
            return str(-(-self.remaining // SECOND))
        return formats.countdown(self.remaining)

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.setPen(QPen(self._theme.colour("border_strong"), 3))
        painter.drawEllipse(ring)
        colour = self._theme.colour("bad" if self._share <= _URGENT else "accent")
        pen = QPen(colour, 3)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, round(self._share * 360 * 16))
        painter.setFont(text_font(scale=0.92, bold=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text)

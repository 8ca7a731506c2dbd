"""A button that acts only when it is held for a second: nobody presses the kill switch by accident."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

HOLD_MS = 1000


class HoldButton(QAbstractButton):
    """Fills up while it is held by mouse, Space or `begin`, and emits `fired` when it is full."""

    fired = Signal()

    def __init__(self, text: str, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._tick)
        self.share = 0.0
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    @property
    def held(self) -> bool:
        """Whether it is being held."""
        return self._timer.isActive()

    def begin(self) -> None:
        """Start to hold (a shortcut was pressed)."""
        if self.isEnabled() and not self.held:
            self._clock.start()
            self._timer.start()

    def end(self) -> None:
        """Let go: nothing happens unless the second was over."""
        self._timer.stop()
        self.share = 0.0
        self.update()

    def _tick(self) -> None:
        self.share = min(1.0, self._clock.elapsed() / HOLD_MS)
        self.update()
        if self.share >= 1.0:
            self.end()
            self.fired.emit()

    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold by the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.begin()

    @guarded_override()
    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        """Let go."""
        self.end()

    @guarded_override()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let go when the mouse leaves the button."""
        if self.held and not self.rect().contains(event.position().toPoint()):
            self.end()

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hold by Space."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.begin()
        else:
            super().keyPressEvent(event)

    @guarded_override()
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.end()
        else:
            super().keyReleaseEvent(event)

    @guarded_override()
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go when the focus leaves."""
        self.end()
        super().focusOutEvent(event)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the room for the text."""
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 34, 28)

    @guarded_override()
    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the button filled as far as it was held."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(box, 4, 4)
        painter.fillPath(shape, self._theme.colour("live", 0.12))
        if self.share:
            painter.save()
            painter.setClipPath(shape)
            painter.fillRect(QRectF(box.left(), box.top(), box.width() * self.share, box.height()), QColor(tokens.live))
            painter.restore()
        ring = QColor(tokens.text if self.hasFocus() else tokens.live)
        painter.setPen(QPen(ring, 1.5 if self.hasFocus() else 1))
        painter.drawPath(shape)
        painter.setPen(QColor(tokens.on_live if self.share > 0.5 else tokens.bad))
        painter.setFont(text_font(bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())

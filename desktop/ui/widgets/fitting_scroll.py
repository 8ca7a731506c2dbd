"""A scroll area that is as high as what it holds, and scrolls only where there is less room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from desktop.ui.guard import guarded_override

_LEAST = 48  # pixels: a few lines, so that it can be scrolled at all


class FittingScroll(QScrollArea):
    """Shows a widget at its own height for the width there is; never scrolls sideways."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def _wanted(self) -> int:
        content = self.content
        return content.heightForWidth(self.width()) if content.hasHeightForWidth() else content.sizeHint().height()

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the content's own size."""
        return QSize(self.content.sizeHint().width(), self._wanted())

    @guarded_override(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the content's least width and a few lines."""
        return QSize(self.content.minimumSizeHint().width(), min(_LEAST, self._wanted()))

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where the width has changed: lines are broken anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another height when the content does."""
        if watched is self.content and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

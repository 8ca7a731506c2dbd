"""A line of text that ends in an ellipsis where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui.guard import guarded_override


class ElidedLabel(QLabel):
    """Takes the room it is given; the whole text is in the tool tip and for screen readers."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    @guarded_override(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return a size without width: it can always be cut."""
        return QSize(0, super().minimumSizeHint().height())

    @property
    def shown(self) -> str:
        """What there is room for."""
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        style, role = self.style(), self.foregroundRole()
        align = int(self.alignment() | Qt.AlignmentFlag.AlignVCenter)
        style.drawItemText(painter, self.contentsRect(), align, self.palette(), self.isEnabled(), self.shown, role)


class QuietLabel(ElidedLabel):
    """A line whose text changes many times while work runs: it is painted anew, and nothing is laid out for it."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(role, parent)
        self._quiet = ""
        super().setText(" ")  # for the height

    def setText(self, text: str) -> None:  # noqa: N802 - of Qt
        """Show a text."""
        self._quiet = text
        self.setAccessibleName(text)
        self.update()

    def text(self) -> str:
        """Return what is shown."""
        return self._quiet

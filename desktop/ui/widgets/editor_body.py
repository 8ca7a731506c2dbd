"""Rules, settings and parameters of the editor, side by side or one below the other, as there is room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from desktop.ui.guard import guarded_override

_TWO, _THREE = 760, 1100  # pixels from which there are so many columns


class EditorBody(QScrollArea):
    """Scrolls downwards only."""

    def __init__(self, rules: QWidget, settings: QWidget, parameters: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(250)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes through the fields, not to what holds them
        self._parts = (rules, settings, parameters)
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(10, 2, 10, 8)
        self._grid.setHorizontalSpacing(18)
        self.setWidget(inner)
        self.columns = 0
        self._arrange(1)

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts for the new width."""
        super().resizeEvent(event)
        width = event.size().width()
        self._arrange(3 if width >= _THREE else 2 if width >= _TWO else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self.columns:
            return
        self.columns = columns
        places = {1: ((0, 0), (1, 0), (2, 0)), 2: ((0, 0), (0, 1), (1, 0)), 3: ((0, 0), (0, 1), (0, 2))}[columns]
        top = Qt.AlignmentFlag.AlignTop
        for part, (row, column) in zip(self._parts, places, strict=True):
            self._grid.removeWidget(part)
            span = 2 if columns == 2 and part is self._parts[1] else 1
            self._grid.addWidget(part, row, column, span, 1, top)
        for column, share in enumerate((5, 3, 2)):
            self._grid.setColumnStretch(column, share if column < columns else 0)
        for row in range(4):
            self._grid.setRowStretch(row, 1 if row == 3 else 0)

"""Whether the mouse is at work over what a change of the layout would move: a click then hits what was not aimed at."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

REST = 0.7  # seconds without a move or press after which nobody is about to click


class MouseRest:
    """Asked again and again while something waits to move; it looks at the mouse only then, and costs nothing else."""

    def __init__(
        self,
        area: Callable[[], QRect],
        *,
        clock: Callable[[], float] = time.monotonic,
        cursor: Callable[[], QPoint] = QCursor.pos,
    ) -> None:
        """`area`: what would be moved, in global pixels; `clock` in seconds; `cursor`: where the mouse is, global."""
        self._area, self._clock, self._cursor = area, clock, cursor
        self._at: QPoint | None = None
        self._since = 0.0

    def in_use(self) -> bool:
        """Return whether a button is held, a list or menu is open, or the mouse moved over the area a moment ago."""
        at = self._cursor()
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton or QApplication.activePopupWidget() is not None:
            self._at, self._since = at, self._clock()
            return True
        if not self._area().contains(at):
            self._at = None
            return False
        if at != self._at:
            self._at, self._since = at, self._clock()
        return self._clock() - self._since < REST

"""Shares a new size of the window out among the docks: the chart gets what the columns at the sides do not need.

Left to itself Qt gives all that is gained to the column at the right, and the chart stays as small as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow

from desktop.ui.guard import guarded

#: The docks that stand one above the other in each column of the default layout.
COLUMNS = (("sessions", "watchlist"), ("chart", "equity"), ("signals", "portfolio"))
BELOW = "positions"
PLACES = {
    Qt.DockWidgetArea.TopDockWidgetArea: ("sessions", "watchlist", "chart", "equity"),
    Qt.DockWidgetArea.RightDockWidgetArea: ("signals", "portfolio"),
}


class Shares(NamedTuple):
    """Widths of the side columns in pixels; heights of the bottom and of each column's upper dock as fractions."""

    left: int
    right: int
    bottom: float
    upper: tuple[float, ...]


def measured(docks: Mapping[str, QDockWidget]) -> Shares:
    """Return how the docks of the default layout share the window now."""
    chart = docks["chart"].height() + docks["equity"].height()
    return Shares(
        docks["sessions"].width(),
        docks["signals"].width(),
        docks[BELOW].height() / max(1, chart + docks[BELOW].height()),
        tuple(docks[one].height() / max(1, docks[one].height() + docks[two].height()) for one, two in COLUMNS),
    )


def share_out(window: QMainWindow, docks: Mapping[str, QDockWidget], shares: Shares) -> None:
    """Give the docks of the default layout their shares of the window's present size. The order matters to Qt."""
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    height = docks["signals"].height() + docks["portfolio"].height()
    low = round(height * shares.bottom)
    rest = max(1, window.width() - shares.left - shares.right)
    window.resizeDocks([docks["signals"]], [shares.right], across)
    window.resizeDocks([docks["sessions"], docks["chart"]], [shares.left, rest], across)
    window.resizeDocks([docks["signals"]], [shares.right], across)
    window.resizeDocks([docks["chart"], docks[BELOW]], [height - low, low], down)
    for (one, two), share, whole in zip(COLUMNS, shares.upper, (height - low, height - low, height), strict=True):
        window.resizeDocks([docks[one], docks[two]], [round(whole * share), round(whole * (1 - share))], down)


class ShareKeeper(QObject):
    """Shares every new size of the window out as the user has shared the old one; leaves other arrangements to Qt."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._size = window.size()
        self._kept: Shares | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._settle)
        for widget in (window, *docks.values()):
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wait until Qt is through with its own layout."""
        if event.type() is QEvent.Type.Resize:
            self._timer.start()
        return False

    def forget(self) -> None:
        """Take the arrangement that a command is about to make as the one to keep."""
        self._kept = None
        self._timer.start()

    @guarded
    def _settle(self) -> None:
        """Share out when it was the window that changed; remember what a command or the mouse has shared out."""
        dragged = QGuiApplication.mouseButtons() is not Qt.MouseButton.NoButton
        if not self._applies():
            self._kept = None
        elif self._kept is not None and self._size != self._window.size():
            share_out(self._window, self._docks, self._kept)
            # Qt moves a border against its neighbour's old place: once is near, once more is there.
            QTimer.singleShot(0, self, self._again)
        elif self._kept is None or dragged:
            self._kept = measured(self._docks)
        self._size = self._window.size()

    @guarded
    def _again(self) -> None:
        if self._kept is not None and self._applies():
            share_out(self._window, self._docks, self._kept)

    def _applies(self) -> bool:
        return self._window.isVisible() and all(
            self._docks[name].isVisible()
            and not self._docks[name].isFloating()
            and self._window.dockWidgetArea(self._docks[name]) is area
            for area, names in PLACES.items()
            for name in names
        )

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

BARS = 80  # pixels that toolbar, status line and borders take of the window's height
NEAR = 8  # pixels: closer than that Qt does not always come
NEAR_SHARE = 0.04
CALM = 5  # rounds of the event loop until a new arrangement has found its sizes
TRIES = 4  # Qt moves a border against its neighbour's old place: once is near, once more is there


class Shares(NamedTuple):
    """Widths of the side columns in pixels; heights of the bottom and of each column's upper dock as fractions."""

    left: int
    right: int
    bottom: float
    upper: tuple[float, ...]


def measured(docks: Mapping[str, QDockWidget]) -> Shares:
    """Return how the docks of the default layout share the window now."""
    upper, whole = (docks[one].height() + docks[two].height() for one, two in COLUMNS[1:])
    return Shares(
        docks["sessions"].width(),
        docks["signals"].width(),
        1 - upper / max(1, whole),  # with its tabs
        tuple(docks[one].height() / max(1, docks[one].height() + docks[two].height()) for one, two in COLUMNS),
    )


def usual(window: QMainWindow) -> Shares:
    """Return the shares of the default layout for the window's present size."""
    height = max(window.height() - BARS, 500)
    low = max(190, round(height * 0.28))
    side = round(max(window.width(), 1000) * 0.2)
    return Shares(max(344, side), max(362, side), low / height, (0.45, 0.68, 0.68))


def share_out(window: QMainWindow, docks: Mapping[str, QDockWidget], shares: Shares) -> None:
    """Give the docks of the default layout their shares of the window's present size. The order matters to Qt."""
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    height = window.height() - BARS
    low = round(height * shares.bottom)
    rest = max(1, window.width() - shares.left - shares.right)
    window.resizeDocks([docks["signals"]], [shares.right], across)
    window.resizeDocks([docks["sessions"], docks["chart"]], [shares.left, rest], across)
    window.resizeDocks([docks["signals"]], [shares.right], across)
    window.resizeDocks([docks[BELOW]], [low], down)
    for (one, two), share, whole in zip(COLUMNS, shares.upper, (height - low, height - low, height), strict=True):
        window.resizeDocks([docks[one], docks[two]], [round(whole * share), round(whole * (1 - share))], down)


def _near(one: Shares, two: Shares) -> bool:
    sides = max(abs(one.left - two.left), abs(one.right - two.right))
    return sides <= NEAR and abs(one.bottom - two.bottom) < NEAR_SHARE


class ShareKeeper(QObject):
    """Shares every new size of the window out as the user has shared the old one; leaves other arrangements to Qt."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._size = window.size()
        self._kept: Shares | None = None
        self._tries = 0
        self._unrest = CALM
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._settle)
        for widget in (window, *docks.values()):
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Wait until Qt is through with its own layout."""
        if event.type() is QEvent.Type.Resize:
            self._timer.start()
        return False

    def keep(self, shares: Shares | None) -> None:
        """Keep these shares from now on; None: those of the arrangement that a command is about to make."""
        self._kept, self._tries, self._unrest = shares, 0, CALM
        self._timer.start()

    @guarded
    def _settle(self) -> None:
        """Remember what a command or the mouse has shared out; undo what a new size or style has moved."""
        dragged = QGuiApplication.mouseButtons() is not Qt.MouseButton.NoButton
        resized, self._size = self._size != self._window.size(), self._window.size()
        if not self._applies():
            self._kept = None
        elif self._kept is None and self._unrest:
            self._unrest -= 1
            self._timer.start()
        elif self._kept is None or (dragged and not resized):
            self._kept, self._tries, self._unrest = measured(self._docks), 0, CALM
        elif resized or not _near(self._kept, measured(self._docks)):
            self._tries = 1 if resized else self._tries + 1
            if self._tries <= TRIES:
                share_out(self._window, self._docks, self._kept)
                self._timer.start()
        else:
            self._tries = 0

    def _applies(self) -> bool:
        return self._window.isVisible() and all(
            self._docks[name].isVisible()
            and not self._docks[name].isFloating()
            and self._window.dockWidgetArea(self._docks[name]) is area
            for area, names in PLACES.items()
            for name in names
        )

"""Shares the window out among the docks: the chart gets what the columns at the sides do not need.

Left to itself Qt gives all that a larger window brings to the column at the right, and the chart stays as small as it
was. As long as the user has moved nothing, every size gets the default shares; afterwards the user's, in proportion.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from desktop.ui.guard import guarded, guarded_override

#: The docks that stand one above the other in each column of the default layout.
COLUMNS = (("sessions", "watchlist"), ("chart", "equity"), ("signals", "portfolio"))
BELOW = "positions"
PLACES = {
    Qt.DockWidgetArea.TopDockWidgetArea: ("sessions", "watchlist", "chart", "equity"),
    Qt.DockWidgetArea.RightDockWidgetArea: ("signals", "portfolio"),
}
_BARS = 90  # pixels of a window that is not shown yet that toolbar and status bar will take
_STEPS = 4  # Qt moves a border against its neighbour's old place: each asking brings it nearer
_NEAR = 8  # pixels: closer than that Qt does not always come
_EXACT = 1  # pixels: what is tried at every new size and at every start, else borders creep from start to start
_SAME = 4  # pixels: less is a click on a border, not a drag
_GRIP = 7  # pixels of a border's width
DEFAULT = "default"


class Shares(NamedTuple):
    """How the docks share a window of `width` pixels; everything else is a fraction.

    Attributes:
        width: Width of the window these were chosen at, in pixels.
        left: Width of the left column, of the window's.
        right: Width of the right column.
        bottom: Height of the tabs, of the docks' whole height.
        upper: Height of each column's upper dock, of the column's, in the order of COLUMNS.
    """

    width: int
    left: float
    right: float
    bottom: float
    upper: tuple[float, float, float]

    def text(self) -> str:
        """Return what `read` takes."""
        return ",".join(f"{value:.5g}" for value in (*self[:4], *self.upper))


def default_shares(width: int) -> Shares:
    """Return the shares of the default layout: the columns at the sides are as wide as what they hold."""
    left, right = min(max(356, width * 0.2), 400), min(max(330, width * 0.198), 380)
    return Shares(width, left / width, right / width, 0.285, (0.45, 0.68, 0.7))


def read(text: str) -> Shares | None:
    """Return the shares written as a text; None when it makes no sense."""
    try:
        width, left, right, bottom, *upper = (float(part) for part in text.split(","))
    except ValueError:
        return None
    parts = (left, right, bottom, *upper)
    if len(upper) != len(COLUMNS) or not all(math.isfinite(part) and 0 < part < 1 for part in parts):
        return None
    if not 1 <= width <= 100_000 or left + right >= 1:
        return None
    return Shares(int(width), left, right, bottom, (upper[0], upper[1], upper[2]))


def measured(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> Shares:
    """Return how the docks of the default layout share the window now."""
    width = max(1, window.width())
    one, two, three = (
        docks[upper].height() / max(1, docks[upper].height() + docks[lower].height()) for upper, lower in COLUMNS
    )
    return Shares(
        width,
        docks["sessions"].width() / width,
        docks["signals"].width() / width,
        _below(docks) / max(1, docks["signals"].height() + docks["portfolio"].height()),
        (one, two, three),
    )


def _below(docks: Mapping[str, QDockWidget]) -> int:
    """Return the height of the tabs at the bottom and of what they show: what the right column has over the chart's."""
    right, middle = (sum(docks[name].height() for name in COLUMNS[number]) for number in (2, 1))
    return right - middle


def share_out(window: QMainWindow, docks: Mapping[str, QDockWidget], shares: Shares) -> None:
    """Give the docks of the default layout their shares of the window's present size. The order matters to Qt."""
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    left, right = _sides(window, shares)
    height = docks["signals"].height() + docks["portfolio"].height()
    if not window.isVisible():
        height = max(window.height() - _BARS, 400)
    low = round(height * shares.bottom)
    tabs = max(0, _below(docks) - docks[BELOW].height()) if window.isVisible() else 0
    window.resizeDocks([docks["signals"]], [right], across)
    whole = sum(docks[name].width() for name in ("sessions", "chart", "signals"))  # without borders
    if not window.isVisible():
        whole = window.width()
    window.resizeDocks([docks["sessions"], docks["chart"]], [left, max(1, whole - left - right)], across)
    window.resizeDocks([docks["signals"]], [right], across)
    window.resizeDocks([docks[BELOW]], [low - tabs], down)
    for (one, two), share, whole in zip(COLUMNS, shares.upper, (height - low, height - low, height), strict=True):
        window.resizeDocks([docks[one], docks[two]], [round(whole * share), round(whole * (1 - share))], down)


def _sides(window: QMainWindow, shares: Shares) -> tuple[int, int]:
    """Return the side columns' pixels: in a smaller window not under what their panels need, unless so chosen."""
    width, usual = window.width(), default_shares(window.width())
    left, right = (
        round(max(share * width, min(share * shares.width, least * width)))
        for share, least in ((shares.left, usual.left), (shares.right, usual.right))
    )
    return left, right


class ShareKeeper(QObject):
    """Shares every new size of the window out; leaves arrangements other than the default one to Qt."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._size = self._room()
        self._exactly = 0  # how often the exact places are still tried
        self._pristine = True
        self._own: Shares | None = None  # what the user chose; None while it is not measured
        self._steps = 0
        self._pulls_right = False
        self._pressed: Shares | None = None  # while the mouse holds a border
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._settle)
        for widget in (window, *docks.values()):
            widget.installEventFilter(self)

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait until Qt is through with its own layout; see when the mouse lets go of a border of the window's."""
        kind = event.type()
        if kind is QEvent.Type.Resize:
            self._timer.start()
        elif watched is self._window and isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        return False

    def _on_mouse(self, event: QMouseEvent) -> bool:
        """See when the mouse moves a border; Qt does not move that of the right column when nothing is central."""
        kind, x = event.type(), round(event.position().x())
        if kind is QEvent.Type.MouseButtonPress:
            self._pressed = measured(self._window, self._docks)
            self._pulls_right = self._applies() and 0 < self._docks["signals"].x() - x <= _GRIP
        elif kind is QEvent.Type.MouseMove and self._pressed is not None and self._pulls_right:
            wanted = self._window.width() - x - self._window.contentsMargins().right()
            self._window.resizeDocks([self._docks["signals"]], [wanted], Qt.Orientation.Horizontal)
        elif kind is QEvent.Type.MouseButtonRelease and self._pressed is not None:
            QTimer.singleShot(0, self, self._released)
        pulled, self._pulls_right = self._pulls_right, self._pulls_right and kind is not QEvent.Type.MouseButtonRelease
        return pulled and self._pressed is not None

    @property
    def text(self) -> str:
        """How the window is shared out, to be saved."""
        if self._pristine:
            return DEFAULT
        return self._own.text() if self._own is not None else ""

    def use_default(self) -> None:
        """Share out by the default, now and at every size."""
        self._pristine, self._own = True, None
        self.ask()

    def use(self, text: str) -> None:
        """Share out as was saved; a text that says nothing leaves what stands there and keeps it."""
        self._pristine, self._own = text == DEFAULT, read(text)
        self.ask()

    def ask(self) -> None:
        """Share out again, soon: Qt forgets what is asked before it has laid the window out."""
        self._steps = self._exactly = _STEPS
        self._timer.start()

    def _room(self) -> tuple[int, int, int]:
        """Return the window's size and the docks' whole height, which banners change too."""
        docks = self._docks
        return self._window.width(), self._window.height(), docks["signals"].height() + docks["portfolio"].height()

    @guarded
    def _settle(self) -> None:
        """Share out after a new size or a command, and when a style or a panel has moved a border."""
        if not self._window.isVisible():
            return
        if self._size != self._room():
            self._size, self._steps, self._exactly = self._room(), _STEPS, _STEPS
        if not self._applies():
            self._pristine, self._own = False, None
        elif not self._pristine and self._own is None:
            self._own = measured(self._window, self._docks)
        elif self._steps and self._pressed is None:
            wanted = self._own or default_shares(self._window.width())
            if self._near(wanted, _EXACT if self._exactly else _NEAR):
                self._steps, self._exactly = _STEPS, 0
            else:
                self._steps -= 0 if self._exactly else 1
                self._exactly = max(0, self._exactly - 1)
                share_out(self._window, self._docks, wanted)
                self._timer.start()

    def _near(self, wanted: Shares, most: int) -> bool:
        now = measured(self._window, self._docks)
        left, right = _sides(self._window, wanted)
        across = max(abs(self._docks["sessions"].width() - left), abs(self._docks["signals"].width() - right))
        down = max(abs(one - two) for one, two in zip(_heights(now), _heights(wanted), strict=True))
        return across <= most and down * self._window.height() <= 2 * most

    @guarded
    def _released(self) -> None:
        before, self._pressed = self._pressed, None
        now = measured(self._window, self._docks)
        if before is not None and self._applies() and _moved(before, now, self._window.height()):
            self._pristine, self._own = False, now

    def _applies(self) -> bool:
        return all(
            not self._docks[name].isHidden()
            and not self._docks[name].isFloating()
            and self._window.dockWidgetArea(self._docks[name]) is area
            for area, names in PLACES.items()
            for name in names
        )


def _heights(shares: Shares) -> tuple[float, ...]:
    return (shares.bottom, *shares.upper)


def _moved(before: Shares, now: Shares, height: int) -> bool:
    across = max(abs(before.left - now.left), abs(before.right - now.right)) * now.width
    down = max(abs(one - two) for one, two in zip(_heights(before), _heights(now), strict=True))
    return across >= _SAME or down * height >= _SAME

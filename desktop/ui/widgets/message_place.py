"""Where news and the answer to a command stand: over the foot of the window, so that nothing moves under the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QStatusBar, QWidget

from desktop.ui.guard import guarded_override

GAP = 8  # pixels to the edges of the window
_SHARE = 0.62  # of the window's width at most
_NEAR = 24  # pixels round it within which the mouse is about to hit what it would cover


class MessagePlace(QObject):
    """Keeps a strip over the foot of a window: at the left, at the right where the mouse or a button is just there."""

    def __init__(
        self, strip: QWidget, window: QMainWindow, width: Callable[[], int], *, over: QWidget | None = None
    ) -> None:
        """`width`: of the strip with its text unwrapped, in pixels; `over`: what it stands above where that is seen."""
        super().__init__(window)
        self._strip, self._window, self._width, self._over = strip, window, width, over
        strip.setParent(window)
        strip.setProperty("floating", "true")
        strip.hide()
        window.installEventFilter(self)
        for dock in window.findChildren(QDockWidget):
            dock.installEventFilter(self)

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size, and stay above a dock whose tab is chosen: it is raised over everything."""
        if not self._strip.isHidden():
            if watched is self._window and event.type() == QEvent.Type.Resize:
                self.put(QPoint(-1, -1))
            elif watched is not self._window and event.type() == QEvent.Type.ZOrderChange:
                QTimer.singleShot(0, self._strip, self._strip.raise_)
        return super().eventFilter(watched, event)

    def put(self, mouse: QPoint | None = None) -> None:
        """Place the strip over everything; `mouse`: on the screen, by default where it is."""
        if self._strip.isHidden():
            return
        at = self._window.mapFromGlobal(QCursor.pos() if mouse is None else mouse)
        self._strip.setGeometry(place_of(self._size(), self._window.size(), self._foot(), at, self._buttons()))
        self._strip.raise_()

    def _buttons(self) -> list[QRect]:
        """Return where in the window buttons can be pressed, the strip's own left out."""
        return [
            QRect(one.mapTo(self._window, QPoint(0, 0)), one.size())
            for one in self._window.findChildren(QAbstractButton)
            if one.isVisible() and one.isEnabled() and one.window() is self._window and not self._floats(one)
        ]

    def _floats(self, one: QWidget) -> bool:
        return any(strip is not None and strip.isAncestorOf(one) for strip in (self._strip, self._over))

    def _size(self) -> QSize:
        width = min(self._width(), round(self._window.width() * _SHARE))
        layout = self._strip.layout()
        height = layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else -1
        return QSize(width, max(height, self._strip.minimumSizeHint().height()))

    def _foot(self) -> int:
        """Return the height of what stands below: the status bar, which stays in sight."""
        status = self._window.findChild(QStatusBar)
        edge = self._window.contentsMargins().bottom()
        foot = edge + (status.height() if status is not None and status.isVisible() else 0)
        over = self._over
        return foot if over is None or over.isHidden() else foot + GAP + over.height()


def place_of(size: QSize, window: QSize, foot: int, mouse: QPoint, buttons: Iterable[QRect] = ()) -> QRect:
    """Return where a strip of a size stands in a window.

    Args:
        size: Of the strip, pixels, like everything here.
        window: Size of the window.
        foot: Height at the bottom that is kept free.
        mouse: What is near it is about to be hit.
        buttons: What the strip leaves uncovered where the other side has fewer of them.
    """
    top = window.height() - foot - GAP - size.height()
    left = QRect(QPoint(GAP, top), size)
    right = QRect(QPoint(window.width() - GAP - size.width(), top), size)
    places = tuple(buttons)

    def harm(place: QRect) -> tuple[bool, int]:
        near = place.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(mouse)
        return near, sum(place.intersects(one) for one in places)

    return min((left, right), key=harm)

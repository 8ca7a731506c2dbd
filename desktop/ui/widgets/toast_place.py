"""Where pop-ups stand: in a corner of the window, clear of the panel that shows the same card and of open dialogs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QDialog, QStatusBar, QWidget

GAP = 10  # pixels round each pop-up


def area_of(panel: QWidget, width: int) -> QRect:
    """Return where pop-ups of a width may stand: over the window where it is seen, else on the screen."""
    window = panel.window()
    whole = window.screen().availableGeometry()
    if not window.isVisible() or window.isMinimized():
        return whole
    frame = QRect(window.frameGeometry())
    status = window.findChild(QStatusBar)
    if status is not None and status.isVisible():
        frame.setBottom(status.mapToGlobal(QPoint(0, 0)).y())
    beside = panel.mapToGlobal(QPoint(0, 0)).x()
    if panel.isVisible() and beside - width - 2 * GAP >= frame.left():
        frame.setRight(beside)  # the same card stands in the panel: leave it in sight
    return frame.intersected(whole)


def open_dialogs() -> list[QRect]:
    """Return where the program's dialogs stand on the screen now."""
    return [
        widget.frameGeometry()
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog) and widget.isVisible() and not widget.isMinimized()
    ]


def stack(sizes: Sequence[tuple[int, int]], area: QRect, screen: QRect, taken: Sequence[QRect]) -> list[QRect]:
    """Return the places of a stack of pop-ups, built upwards from a lower corner.

    Args:
        sizes: (width, height) in pixels, the lowest first; all of one width.
        area: Where they stand where nothing is in the way.
        screen: What they may not leave.
        taken: What they must not cover.

    Returns:
        As many places as sizes; none where no column is free for all of them.
    """
    if not sizes:
        return []
    width = sizes[0][0]
    high = sum(height + GAP for _, height in sizes) - GAP
    top = max(area.bottom() - GAP - high, area.top())
    for left in _columns(width, area, screen, taken):
        whole = QRect(left, top, width, min(high, area.height()))
        if not any(whole.intersects(other) for other in taken):
            return _filled(left, sizes, area)
    return []


def _columns(width: int, area: QRect, screen: QRect, taken: Sequence[QRect]) -> Iterator[int]:
    """Yield left edges, the best first: right corner, left corner, beside a dialog, the edges of the screen."""
    yield area.right() - width - GAP
    beside = [edge for other in taken for edge in (other.right() + GAP, other.left() - width - GAP)]
    for left in (area.left() + GAP, *beside, screen.right() - width - GAP, screen.left() + GAP):
        if left >= screen.left() and left + width <= screen.right() + 1:
            yield left


def _filled(left: int, sizes: Sequence[tuple[int, int]], area: QRect) -> list[QRect]:
    places = []
    bottom = area.bottom() - GAP
    for width, height in sizes:
        bottom -= height
        places.append(QRect(left, max(bottom, area.top()), width, height))
        bottom -= GAP
    return places

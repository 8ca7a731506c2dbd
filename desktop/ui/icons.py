"""Icons drawn for Assay on a grid of 16: lines in one colour, so that they follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

_LINES = {
    "menu": "M2.5 4h11M2.5 8h11M2.5 12h11",
    "plus": "M8 3v10M3 8h10",
    "pause": "M5.5 3.5v9M10.5 3.5v9",
    "play": "M5 3.5l7 4.5-7 4.5z",
    "ticket": "M3 2.5h10v11l-2-1.3-1.5 1.3-1.5-1.3-1.5 1.3-1.5-1.3-2 1.3zM5.5 6h5M5.5 9h5",
    "search": "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4",
    "layout": "M2.5 3h11v10h-11zM6.5 3v10M6.5 9h7",
    "close": "M4 4l8 8M12 4l-8 8",
    "float": "M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.2 3.8L7.5 8.5",
    "theme": "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
}
_FILLED = {"theme": "M8 2.5a5.5 5.5 0 1 0 0 11z"}


def icon(name: str, colour: str) -> QIcon:
    """Return one of Assay's icons in a colour."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - after the window's parts, only when icons are drawn

    fill = f'<path d="{_FILLED[name]}" fill="{colour}" stroke="none"/>' if name in _FILLED else ""
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{fill}<path d="{_LINES[name]}" fill="none" '
        f'stroke="{colour}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    made = QIcon()
    for size in (16, 24, 32):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made

"""A ring of shares: the allocation of a portfolio."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.engine.views import Allocation
from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

_GAP = 1.2  # degrees between slices


class Donut(QWidget):
    """Shows slices in the order given; the text in the middle is the share that is invested."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._slices: tuple[Allocation, ...] = ()
        self.middle = ""
        self.setMinimumSize(72, 72)
        self.setMaximumSize(80, 80)
        theme.changed.connect(self.update)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(80, 80)

    def show_slices(self, slices: tuple[Allocation, ...], middle: str) -> None:
        """Show shares (fractions of one) and a text in the middle."""
        self._slices, self.middle = slices, middle
        parts = ", ".join(f"{item.label} {formats.percent(item.share, signed=False, decimals=0)}" for item in slices)
        self.setAccessibleName(self.tr("Allocation"))
        self.setAccessibleDescription(parts)
        self.setToolTip(parts)
        self.update()

    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height())
        thick = max(9.0, side * 0.13)
        ring = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        ring.adjust(thick / 2 + 1, thick / 2 + 1, -thick / 2 - 1, -thick / 2 - 1)
        painter.setPen(QPen(self._theme.colour("border"), thick))
        painter.drawEllipse(ring)
        at = 90.0
        for number, item in enumerate(self._slices):
            span = item.share * 360
            pen = QPen(slice_colour(self._theme, self._slices, number), thick)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            shown = span - _GAP if len(self._slices) > 1 and span > 2 * _GAP else span
            painter.drawArc(ring, round(at * 16), round(-shown * 16))
            at -= span
        painter.setFont(text_font(scale=1.05, bold=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.middle)


def slice_colour(theme: ThemeStore, slices: tuple[Allocation, ...], number: int) -> QColor:
    """Return the colour of a slice: cash is quiet, the others follow the series."""
    if slices[number].label == "Cash":
        return theme.colour("text_disabled")
    before = sum(item.label != "Cash" for item in slices[:number])
    series = theme.tokens.series
    return QColor(series[before % len(series)])

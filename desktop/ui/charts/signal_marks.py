"""Where rules become true and where a test filled, as marks on a chart; what stands too near together is one mark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from desktop.rules.columns import BoolArray, Columns, FloatArray, IntArray
from desktop.ui.charts import pane
from desktop.ui.charts.scale import TimeScale, ValueScale
from desktop.ui.theme import ThemeStore, text_font

APART = 15.0  # pixels that a mark has for itself
_SIZE = 4.5  # half the width of a triangle
_LANE = 11.0  # pixels from the lower edge of the pane to the lane of the entries
_UPPER_LANE = 48.0  # from the upper edge to that of the exits: the read-out stands above it


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches of bars on which a rule is true, rising; arrays of shape (m,)."""

    begins: IntArray
    lengths: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Fills:
    """Fills on bars, oldest first; arrays of shape (m,)."""

    bar: IntArray
    price: FloatArray
    buys: BoolArray


@dataclass(frozen=True, slots=True)
class Mark:
    """One or several signals (or fills) that stand together; places are indexes of their arrays, `last` among them."""

    x: float
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many it stands for."""
        return self.last - self.first + 1


def grouped(bars: IntArray, times: TimeScale, count: int) -> list[Mark]:
    """Return the marks in sight, from left to right.

    Args:
        bars: Bars that carry a mark, rising.
        times: What is in sight.
        count: Bars there are.
    """
    begin, end = np.searchsorted(bars, times.visible(count)).tolist()
    shown = bars[begin:end].astype(np.float64)
    if not shown.size:
        return []
    # Groups belong to bars, not to pixels, so that they stay together while the chart is panned.
    wide = max(1, round(APART / times.bar_width))
    edges = np.flatnonzero(np.diff(shown // wide)) + 1
    firsts = np.concatenate(([0], edges))
    lasts = np.append(edges, len(shown)) - 1
    xs = (times.xs(shown[firsts]) + times.xs(shown[lasts])) / 2
    return [
        Mark(x, begin + first, begin + last)
        for x, first, last in zip(xs.tolist(), firsts.tolist(), lasts.tolist(), strict=True)
    ]


def lane(main: QRectF, *, entries: bool) -> float:
    """Return the height at which the marks of a rule stand."""
    return main.bottom() - _LANE if entries else main.top() + min(_UPPER_LANE, main.height() * 0.35)


def paint_runs(painter: QPainter, main: QRectF, marks: list[Mark], theme: ThemeStore, *, entries: bool) -> None:
    """Paint the signals of a rule as hollow triangles in their lane, with their number where there are several."""
    colour = theme.colour("buy" if entries else "sell")
    y = lane(main, entries=entries)
    painter.setFont(text_font(scale=pane.LABEL_SCALE * 0.9))
    for mark in marks:
        place = QPointF(main.left() + mark.x, y)
        painter.setPen(pane.pen(colour, 1.4))
        painter.setBrush(theme.colour("surface", 0.85))
        painter.drawPolygon(triangle(place, up=entries))
        if mark.count > 1:
            box = QRectF(place.x() - 14, y - 18 if entries else y + 5, 28, 12)
            painter.setPen(theme.colour("text_muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(mark.count))


def triangle(place: QPointF, *, up: bool, size: float = _SIZE) -> QPolygonF:
    """Return a triangle round a place."""
    tip = -size if up else size
    return QPolygonF([place + QPointF(0, tip), place + QPointF(-size, -tip), place + QPointF(size, -tip)])


def fill_marks(
    main: QRectF, times: TimeScale, scale: ValueScale, bars: Columns, fills: Fills, *, buys: bool
) -> list[tuple[QPointF, Mark]]:
    """Return the fills in sight of one side with their places: buys under their bar, sells above it."""
    own = np.flatnonzero(fills.buys == buys)
    found = []
    for mark in grouped(fills.bar[own], times, len(bars)):
        fill = int(own[mark.first])
        bar = int(fills.bar[fill])
        edge = (
            min(float(bars.low[bar]), float(fills.price[fill]))
            if buys
            else max(float(bars.high[bar]), float(fills.price[fill]))
        )
        y = scale.y(edge) + (9 if buys else -9)
        place = QPointF(main.left() + times.x(bar), min(max(y, main.top() + 8), main.bottom() - 22))
        found.append((place, Mark(mark.x, fill, int(own[mark.last]))))
    return found


def paint_fills(painter: QPainter, places: list[tuple[QPointF, Mark]], theme: ThemeStore, *, buys: bool) -> None:
    """Paint fills as filled triangles."""
    painter.setPen(pane.pen(theme.colour("surface"), 1.5))
    painter.setBrush(theme.colour("buy" if buys else "sell"))
    for place, _ in places:
        painter.drawPolygon(triangle(place, up=buys, size=6.0))


def paint_bar(painter: QPainter, main: QRectF, x: float, bottom: float, colour: QColor) -> None:
    """Paint the line through the bar that was chosen."""
    painter.setPen(pane.pen(colour, 1.5))
    painter.drawLine(QPointF(round(main.left() + x) + 0.5, main.top()), QPointF(round(main.left() + x) + 0.5, bottom))

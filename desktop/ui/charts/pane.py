"""What every pane of a chart paints: grid, axes, lines with gaps, tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QDate, QLineF, QLocale, QPointF, QRectF, Qt, QTimeZone
from PySide6.QtCore import QDateTime as Moment
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from desktop.rules.columns import FloatArray, IntArray
from desktop.ui import formats
from desktop.ui.charts.scale import TimeMark, TimeScale, ValueScale, value_marks
from desktop.ui.theme import ThemeStore, text_font

AXIS_HEIGHT = 22.0
LABEL_SCALE = 0.92
MARK_APART = 44.0  # pixels between values of the price axis
TAG_CLEAR = 17.0  # pixels: a label nearer than that to a tag would be seen by half


def zone_offset(at: int) -> int:
    """Return the user's zone at a moment, µs east of UTC."""
    zone = QTimeZone.systemTimeZone()
    return (
        zone.offsetFromUtc(Moment.fromMSecsSinceEpoch(at // 1000, QTimeZone(QTimeZone.Initialization.UTC))) * 1_000_000
    )


def pen(colour: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen that keeps its width on every screen."""
    made = QPen(colour, width, style)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    return made


def axis_width(scale: ValueScale, text: Callable[[float], str], extra: Iterable[str] = ()) -> float:
    """Return the room the labels of a value axis need."""
    metrics = QFontMetricsF(text_font(scale=LABEL_SCALE))
    texts = [text(scale.low), text(scale.high), *extra]
    return max(52.0, max(metrics.horizontalAdvance(item) for item in texts) + 16)


def paint_grid(
    painter: QPainter, rect: QRectF, scale: ValueScale, marks: list[TimeMark], times: TimeScale, theme: ThemeStore
) -> None:
    """Paint the lines behind everything."""
    painter.setPen(pen(theme.colour("grid")))
    lines = [
        QLineF(rect.left(), round(scale.y(value)) + 0.5, rect.right(), round(scale.y(value)) + 0.5)
        for value in _values(rect, scale)
    ]
    lines += [
        QLineF(
            round(rect.left() + times.x(mark.bar)) + 0.5,
            rect.top(),
            round(rect.left() + times.x(mark.bar)) + 0.5,
            rect.bottom(),
        )
        for mark in marks
    ]
    painter.drawLines(lines)


def _values(rect: QRectF, scale: ValueScale) -> list[float]:
    return value_marks(scale.low, scale.high, max(2, int(rect.height() / MARK_APART)))


def right_edge(painter: QPainter) -> float:
    """Return the last column of what is painted on, in the painter's units: a pixmap counts the screen's pixels."""
    device = painter.device()
    return device.width() / device.devicePixelRatio() - 1 if isinstance(device, QPixmap) else painter.window().right()


def paint_value_axis(
    painter: QPainter, rect: QRectF, scale: ValueScale, text: Callable[[float], str], theme: ThemeStore
) -> None:
    """Paint the labels right of a pane."""
    painter.setFont(text_font(scale=LABEL_SCALE))
    painter.setPen(theme.colour("text_muted"))
    room = right_edge(painter) - rect.right()
    for value in _values(rect, scale):
        y = scale.y(value)
        if rect.top() + 6 <= y <= rect.bottom() - 6:
            box = QRectF(rect.right() + 6, y - 8, room - 10, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text(value))


def clear_value_axis(
    painter: QPainter, rect: QRectF, scale: ValueScale, heights: Sequence[float], theme: ThemeStore
) -> None:
    """Take away the labels that tags at these heights would hide in part."""
    room = right_edge(painter) - rect.right()
    for value in _values(rect, scale):
        y = scale.y(value)
        if any(abs(y - at) < TAG_CLEAR for at in heights):
            painter.fillRect(QRectF(rect.right() + 2, y - 8, room - 2, 16), theme.colour("surface"))


def paint_time_axis(
    painter: QPainter, rect: QRectF, marks: list[TimeMark], times: TimeScale, theme: ThemeStore
) -> None:
    """Paint the labels under a pane; where a day begins its date stands."""
    for mark in marks:
        x = rect.left() + times.x(mark.bar)
        painter.setFont(text_font(scale=LABEL_SCALE, bold=mark.new_day))
        painter.setPen(theme.colour("text" if mark.new_day else "text_muted"))
        box = QRectF(x - 45, rect.top(), 90, rect.height())
        if box.left() >= rect.left() - 24 and box.right() <= rect.right() + 24:
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter, day_text(mark.start) if mark.new_day else clock_text(mark.start)
            )


def clock_text(at: int) -> str:
    """Return the time of a mark; the seconds only where they matter."""
    return formats.clock(at, seconds=at % 60_000_000 != 0)


def day_text(at: int) -> str:
    """Return day and month of µs UTC in the user's zone: 21 Nov; with the year where it is not this one."""
    date = Moment.fromMSecsSinceEpoch(at // 1000, QTimeZone(QTimeZone.Initialization.LocalTime)).date()
    return QLocale().toString(date, "d MMM" if date.year() == QDate.currentDate().year() else "d MMM yyyy")


def polylines(times: TimeScale, scale: ValueScale, values: FloatArray, first: int, left: float) -> list[QPolygonF]:
    """Return a series as lines, one for each run without a gap; at most two points a pixel."""
    known = np.isfinite(values)
    if not known.any():
        return []
    indices = np.arange(first, first + len(values), dtype=np.float64)
    stride = max(1, int(len(values) / max(times.width * 2, 1)))
    xs, ys = left + times.xs(indices)[::stride], scale.ys(values)[::stride]
    known = known[::stride]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    found = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        points = [QPointF(x, y) for x, y in zip(xs[begin:end].tolist(), ys[begin:end].tolist(), strict=True)]
        found.append(QPolygonF(points))
    return found


def paint_line(
    painter: QPainter,
    rect: QRectF,
    times: TimeScale,
    scale: ValueScale,
    values: FloatArray,
    colour: QColor,
    *,
    width: float = 1.4,
    fill_to: float | None = None,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """Paint a series in sight; `fill_to` shades the area down (or up) to that value."""
    first, last = times.visible(len(values))
    lines = polylines(times, scale, values[first:last], first, rect.left())
    if fill_to is not None:
        shade = QColor(colour)
        shade.setAlphaF(0.16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        base = scale.y(fill_to)
        for line in lines:
            points = [line.at(number) for number in range(line.count())]
            area = QPolygonF([QPointF(line.at(0).x(), base), *points, QPointF(line.at(line.count() - 1).x(), base)])
            painter.drawPolygon(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(colour, width, style))
    for line in lines:
        painter.drawPolyline(line)


def paint_tag(painter: QPainter, box: QRectF, text: str, back: QColor, ink: QColor, *, bold: bool = False) -> None:
    """Paint a text on a filled box, as on the axes."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(back)
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(text_font(scale=LABEL_SCALE, bold=bold))
    painter.setPen(ink)
    painter.drawText(box.adjusted(5, 0, -5, 0), Qt.AlignmentFlag.AlignCenter, text)


def axis_box(rect: QRectF, y: float, room: float) -> QRectF:
    """Return the place of a tag on the value axis at a height, kept inside the pane."""
    at = min(max(y, rect.top() + 9), rect.bottom() - 9)
    return QRectF(rect.right() + 1, at - 9, room - 2, 18)


def index_at(starts: IntArray, at: int) -> int:
    """Return the bar that a moment belongs to; -1 before the first."""
    return int(np.searchsorted(starts, at, side="right")) - 1

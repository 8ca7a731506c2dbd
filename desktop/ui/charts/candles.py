"""Candles, volume and fills, painted in few calls: thousands of bars in a few milliseconds."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from desktop.domain.market import Bar
from desktop.domain.orders import Side
from desktop.engine.views import FillMark
from desktop.rules.columns import Columns, FloatArray
from desktop.ui.charts.pane import index_at, pen
from desktop.ui.charts.scale import TimeScale, ValueScale
from desktop.ui.theme import ThemeStore

VOLUME_SHARE = 0.16  # of the pane's height
_THIN = 2.2  # pixels a bar: under it a candle is a line


def paint_candles(
    painter: QPainter, left: float, times: TimeScale, scale: ValueScale, bars: Columns, theme: ThemeStore
) -> None:
    """Paint the closed bars in sight; where a bar has less than a pixel, bars share a line from low to high."""
    first, last = times.visible(len(bars))
    if first == last:
        return
    shown = bars.part(first, last)
    indices = np.arange(first, last, dtype=np.float64)
    opened, high, low, close = shown.open, shown.high, shown.low, shown.close
    if times.bar_width < 1.0:
        group = math.ceil(1 / times.bar_width)
        cuts = np.arange(0, len(shown), group)
        ends = np.append(cuts[1:], len(shown)) - 1
        opened, close = opened[cuts], close[ends]
        high, low = np.maximum.reduceat(high, cuts), np.minimum.reduceat(low, cuts)
        indices = indices[cuts]
    xs = left + times.xs(indices)
    up = close >= opened
    body = max(1.0, math.floor(times.bar_width * 0.7))
    for rising, name in ((True, "candle_up"), (False, "candle_down")):
        chosen = up if rising else ~up
        if chosen.any():
            parts = (xs[chosen], *(scale.ys(values[chosen]) for values in (opened, high, low, close)))
            _paint_group(painter, parts, theme.colour(name), body if times.bar_width >= _THIN else 0.0)


def _paint_group(painter: QPainter, parts: tuple[FloatArray, ...], colour: QColor, body: float) -> None:
    xs, opened, high, low, close = parts
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen(colour))
    middle = np.floor(xs) + 0.5
    wicks = zip(middle.tolist(), high.tolist(), low.tolist(), strict=True)
    painter.drawLines([QLineF(x, top, x, max(bottom, top + 1)) for x, top, bottom in wicks])
    if body:
        top = np.minimum(opened, close)
        tall = np.maximum(np.abs(close - opened), 1.0)
        edge = np.floor(xs) - math.floor(body / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        boxes = zip(edge.tolist(), top.tolist(), tall.tolist(), strict=True)
        width = body if int(body) % 2 else body + 1
        painter.drawRects([QRectF(x, y, width, height) for x, y, height in boxes])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def paint_forming(
    painter: QPainter, left: float, times: TimeScale, scale: ValueScale, bar: Bar, index: int, theme: ThemeStore
) -> None:
    """Paint the bar that is not closed yet, its body hollow."""
    x = math.floor(left + times.x(index)) + 0.5
    colour = theme.colour("candle_up" if bar.close >= bar.open else "candle_down")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen(colour))
    painter.drawLine(QLineF(x, scale.y(bar.high), x, scale.y(bar.low)))
    if times.bar_width >= _THIN:
        body = max(1.0, math.floor(times.bar_width * 0.7))
        top, bottom = sorted((scale.y(bar.open), scale.y(bar.close)))
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(QRectF(math.floor(x) - math.floor(body / 2), top, body, max(bottom - top, 1.0)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def paint_volume(painter: QPainter, rect: QRectF, times: TimeScale, bars: Columns, theme: ThemeStore) -> None:
    """Paint the volume as quiet columns at the foot of the pane."""
    first, last = times.visible(len(bars))
    shown = bars.part(first, last)
    most = float(shown.volume.max()) if len(shown) else 0.0
    if most <= 0:
        return
    indices = np.arange(first, last, dtype=np.float64)
    group = max(1, math.ceil(1 / times.bar_width))
    cuts = np.arange(0, len(shown), group)
    volume = np.maximum.reduceat(shown.volume, cuts)
    heights = volume / most * rect.height() * VOLUME_SHARE
    xs = rect.left() + times.xs(indices[cuts])
    up = (shown.close >= shown.open)[cuts]
    width = max(1.0, math.floor(times.bar_width * 0.7))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # ten times as slow for thousands of columns
    painter.setPen(Qt.PenStyle.NoPen)
    for rising, name in ((True, "candle_up"), (False, "candle_down")):
        chosen = up if rising else ~up
        painter.setBrush(theme.colour(name, 0.26))
        boxes = zip(xs[chosen].tolist(), heights[chosen].tolist(), strict=True)
        painter.drawRects([QRectF(x - width / 2, rect.bottom() - tall, width, tall) for x, tall in boxes])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def fill_places(
    rect: QRectF, times: TimeScale, scale: ValueScale, bars: Columns, fills: tuple[FillMark, ...]
) -> list[tuple[QPointF, FillMark]]:
    """Return where the marks of the fills in sight stand: buys under the bar, sells above it."""
    found: list[tuple[QPointF, FillMark]] = []
    for mark in fills:
        index = index_at(bars.start, mark.at)
        if index < 0:
            continue
        x = rect.left() + times.x(index)
        if not rect.left() <= x <= rect.right():
            continue
        low, high = float(bars.low[index]), float(bars.high[index])
        y = scale.y(min(low, mark.price)) + 9 if mark.side is Side.BUY else scale.y(max(high, mark.price)) - 9
        found.append((QPointF(x, min(max(y, rect.top() + 8), rect.bottom() - 8)), mark))
    return found


def paint_fills(painter: QPainter, places: list[tuple[QPointF, FillMark]], theme: ThemeStore) -> None:
    """Paint buys as triangles that point up, sells as triangles that point down."""
    painter.setPen(pen(theme.colour("surface"), 1.5))
    for place, mark in places:
        buys = mark.side is Side.BUY
        tip = -6.0 if buys else 6.0
        painter.setBrush(theme.colour("buy" if buys else "sell"))
        corners = [place + QPointF(0, tip), place + QPointF(-6, -tip), place + QPointF(6, -tip)]
        painter.drawPolygon(QPolygonF(corners))

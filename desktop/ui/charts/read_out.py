"""The crosshair and what it reads: the bar under it, every indicator there, the price at its height."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop.domain.market import Bar
from desktop.engine.views import ChartView
from desktop.rules.columns import FloatArray
from desktop.ui import formats
from desktop.ui.charts import pane, price_paint
from desktop.ui.charts.price_layout import PriceLayout
from desktop.ui.charts.scale import TimeScale
from desktop.ui.theme import ThemeStore, text_font


def bar_at(view: ChartView, index: int) -> Bar | None:
    """Return a closed bar or, behind the last of them, the forming one."""
    bars = view.bars
    if 0 <= index < len(bars):
        values = (float(column[index]) for column in (bars.open, bars.high, bars.low, bars.close, bars.volume))
        return Bar(view.instrument.symbol, view.timeframe, int(bars.start[index]), *values)
    return view.forming if index == len(bars) else None


def texts_of(view: ChartView, bar: Bar, before: Bar | None) -> list[tuple[str, str]]:
    """Return the read-out of a bar: (letter, value) pairs, the change against the bar before last."""
    found = [
        (letter, formats.price(value, view.instrument))
        for letter, value in (("O", bar.open), ("H", bar.high), ("L", bar.low), ("C", bar.close))
    ]
    found.append(("V", formats.number(bar.volume, 0)))
    if before is not None and before.close:
        found.append(("", formats.percent(bar.close / before.close - 1)))
    return found


def paint(
    painter: QPainter, view: ChartView, layout: PriceLayout, times: TimeScale, theme: ThemeStore, mouse: QPointF | None
) -> None:
    """Paint the crosshair where the mouse is over the chart, and the values of its bar (else of the last)."""
    count = len(view.bars) + (view.forming is not None)
    index = count - 1
    main = layout.main
    if mouse is not None and price_paint.over(layout, mouse):
        index = min(max(round(times.index(mouse.x() - main.left())), 0), count - 1)
        bar = bar_at(view, index)
        price = formats.price(view.instrument.price(layout.prices.value(mouse.y())), view.instrument)
        time = f"{pane.day_text(bar.start)} {pane.clock_text(bar.start)}" if bar is not None else ""
        price_paint.paint_cross_tags(painter, layout, times, theme, mouse, (price, time))
    _paint_values(painter, view, layout, index, theme)
    _paint_legends(painter, layout, index, theme)


def _paint_values(painter: QPainter, view: ChartView, layout: PriceLayout, index: int, theme: ThemeStore) -> None:
    bar = bar_at(view, index)
    if bar is None:
        return
    tone = theme.colour("pnl_up" if bar.close >= bar.open else "pnl_down")
    painter.setFont(text_font(scale=pane.LABEL_SCALE))
    metrics = QFontMetricsF(painter.font())
    x, y = layout.main.left() + 10, layout.main.top() + 4
    for letter, value in texts_of(view, bar, bar_at(view, index - 1)):
        need = metrics.horizontalAdvance(f"{letter} {value}")
        if x + need > layout.main.right() - 4:
            break
        x = _write(painter, metrics, x, y, f"{letter} " if letter else "", theme.colour("text_muted"))
        own = tone if letter else theme.colour(f"pnl_{formats.tone(value)}")  # the change is not the bar's own
        x = _write(painter, metrics, x, y, value, own) + 10


def _write(painter: QPainter, metrics: QFontMetricsF, x: float, y: float, text: str, colour: QColor) -> float:
    width = metrics.horizontalAdvance(text)
    painter.setPen(colour)
    painter.drawText(QRectF(x, y, width + 2, 16), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    return x + width


def _paint_legends(painter: QPainter, layout: PriceLayout, index: int, theme: ThemeStore) -> None:
    metrics = QFontMetricsF(painter.font())
    x, y = layout.main.left() + 10, layout.main.top() + 20
    number = 0
    for line in layout.overlays:
        text = f"{line.name} {_value(line.values, index)}"
        if x + metrics.horizontalAdvance(text) < layout.main.right():
            box = QRectF(x - 3, y, metrics.horizontalAdvance(text) + 6, 16)
            painter.fillRect(box, theme.colour("surface", 0.8))
            x = _write(painter, metrics, x, y, text, price_paint.series_colour(theme, number)) + 14
        number += 1
    for item in layout.panes:
        x = item.rect.left() + 10
        for line in item.lines:
            text = f"{line.name} {_value(line.values, index)}"
            colour = price_paint.series_colour(theme, number)
            box = QRectF(x - 3, item.rect.top() + 3, metrics.horizontalAdvance(text) + 6, 16)
            painter.fillRect(box, theme.colour("surface", 0.8))
            x = _write(painter, metrics, x, item.rect.top() + 3, text, colour) + 14
            number += 1


def _value(values: FloatArray, index: int) -> str:
    count = len(values)
    at = min(index, count - 1)
    value = float(values[at]) if count else math.nan
    if not math.isfinite(value):
        return formats.NOTHING
    return formats.number(value, 2 if abs(value) < 1_000 else 1 if abs(value) < 10_000 else 0)

"""Equity over time with its benchmark, and the drawdown below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.engine.views import EquityView
from desktop.ui import formats
from desktop.ui.charts import pane
from desktop.ui.charts.scale import TimeScale, ValueScale, extent, time_marks
from desktop.ui.theme import ThemeStore, text_font

_DRAWDOWN_SHARE = 0.26


class EquityCanvas(QWidget):
    """Paints an `EquityView` over its whole length; the mouse reads values off it."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view: EquityView | None = None
        self._mouse: QPointF | None = None
        self._times = TimeScale()
        self.setMouseTracking(True)
        self.setMinimumSize(200, 80)
        self.setAccessibleName(self.tr("Equity curve"))
        theme.changed.connect(self.update)

    def show_view(self, view: EquityView | None) -> None:
        """Show a curve."""
        self.view = view
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface"))
        view = self.view
        if view is None or len(view.at) < 2:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        values, falls, main, low = self._scales(view)
        theme, times = self._theme, self._times
        marks = time_marks(view.at, times, pane.zone_offset(int(view.at[-1])))
        pane.paint_grid(painter, main, values, marks, times, theme)
        start = float(view.equity[0])
        painter.setClipRect(main)
        painter.setPen(pane.pen(theme.colour("text_muted", 0.6), 1, Qt.PenStyle.DotLine))
        base = round(values.y(start)) + 0.5
        painter.drawLine(QLineF(main.left(), base, main.right(), base))
        pane.paint_line(
            painter, main, times, values, view.benchmark, theme.colour("text_muted"), style=Qt.PenStyle.DashLine
        )
        pane.paint_line(
            painter, main, times, values, view.equity, theme.colour("accent"), width=1.8, fill_to=values.low
        )
        painter.setClipRect(low)
        pane.paint_line(painter, low, times, falls, view.drawdown, theme.colour("pnl_down"), fill_to=0.0)
        painter.setClipping(False)
        pane.paint_value_axis(painter, main, values, lambda value: self._money(value, values), theme)
        self._paint_foot(painter, low, falls)
        axis = QRectF(main.left(), self.height() - pane.AXIS_HEIGHT, main.width(), pane.AXIS_HEIGHT)
        pane.paint_time_axis(painter, axis, marks, times, theme)
        if self._mouse is not None:
            self._paint_cross(painter, view, main, values, axis)

    def _money(self, value: float, scale: ValueScale) -> str:
        """Return an amount of the axis: whole units unless the whole axis spans less than a few."""
        return formats.number(value, 0 if scale.high - scale.low > 10 else 2)

    def _scales(self, view: EquityView) -> tuple[ValueScale, ValueScale, QRectF, QRectF]:
        values, falls = ValueScale(), ValueScale()
        values.fit(*extent(view.equity, view.benchmark), 0.08)
        room = pane.axis_width(values, lambda value: self._money(value, values))
        height = self.height() - pane.AXIS_HEIGHT
        cut = height * (1 - _DRAWDOWN_SHARE)
        main = QRectF(0, 0, max(self.width() - room, 10.0), cut)
        low = QRectF(0, cut, main.width(), height - cut)
        values.top, values.bottom = 6, cut - 2
        falls.top, falls.bottom = cut + 5, height - 2
        falls.low, falls.high = min(float(np.nanmin(view.drawdown)), -0.001) * 1.15, 0.0
        self._times = TimeScale(0.0, max(len(view.at) - 1.0, 1.0), main.width())
        return values, falls, main, low

    def _paint_foot(self, painter: QPainter, low: QRectF, falls: ValueScale) -> None:
        theme = self._theme
        painter.setPen(pane.pen(theme.colour("border")))
        painter.drawLine(QLineF(low.left(), low.top() + 0.5, self.width(), low.top() + 0.5))
        painter.drawLine(QLineF(low.left(), low.bottom() + 0.5, self.width(), low.bottom() + 0.5))
        painter.setFont(text_font(scale=pane.LABEL_SCALE))
        painter.setPen(theme.colour("text_muted"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        box = QRectF(low.right() + 4, low.bottom() - 17, self.width() - low.right() - 9, 16)
        painter.drawText(box, right, formats.percent(falls.low / 1.15, decimals=1))

    def _paint_cross(self, painter: QPainter, view: EquityView, main: QRectF, values: ValueScale, axis: QRectF) -> None:
        mouse, theme = self._mouse, self._theme
        if mouse is None or not 0 <= mouse.x() <= main.right():
            return
        index = min(max(round(self._times.index(mouse.x())), 0), len(view.at) - 1)
        x = self._times.x(index)
        painter.setPen(pane.pen(theme.colour("crosshair"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, main.top(), x, axis.top()))
        painter.setBrush(theme.colour("accent"))
        painter.setPen(pane.pen(theme.colour("surface"), 1.5))
        painter.drawEllipse(QPointF(x, values.y(float(view.equity[index]))), 4, 4)
        text = self.read_out(index)
        width = QFontMetricsF(text_font(scale=pane.LABEL_SCALE)).horizontalAdvance(text) + 16
        left = min(max(x - width / 2, 4), max(main.right() - width, 4))
        pane.paint_tag(painter, QRectF(left, 4, width, 19), text, theme.colour("border_strong"), theme.colour("text"))

    def read_out(self, index: int) -> str:
        """Return the values of a point: when, equity, drawdown, benchmark where it is known."""
        view = self.view
        if view is None:
            return ""
        parts = [
            formats.date_time(int(view.at[index])),
            formats.money(float(view.equity[index]), view.currency, code=True),
            formats.percent(float(view.drawdown[index])),
        ]
        if np.isfinite(view.benchmark[index]):
            parts.append(f"{view.benchmark_name} {formats.money(float(view.benchmark[index]), view.currency)}")
        return "   ".join(parts)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        self.update()

    def leaveEvent(self, _event: object) -> None:
        self._mouse = None
        self.update()

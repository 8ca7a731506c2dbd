"""Equity over time with its benchmark, and the drawdown below: two linked plots.

Imported when the panel is filled, after the window's first paint: the plotting library takes a while to load.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg  # noqa: TID253 - this module itself is imported late
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from desktop.engine.views import EquityView
from desktop.rules.columns import IntArray
from desktop.ui import formats
from desktop.ui.charts import pane
from desktop.ui.charts.scale import TimeScale, ValueScale, time_marks, value_marks
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

DRAWDOWN_SHARE = 0.36  # of the height, its time axis included
LEAST_DRAWDOWN = 34.0  # pixels
_APART = 20.0  # pixels between the values of an axis
FLAT = 0.001  # the drawdown's axis shows at least this much


class _Axis(pg.AxisItem):
    """An axis whose painting ends no process: what raises in an item's painting crashes Qt's scene."""

    @guarded_override()
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget) -> None:
        super().paint(painter, option, widget)


class TimeAxis(_Axis):
    """Points lie at equal distances; marks stand at round times of the user's zone, a new day shows its date."""

    def __init__(self) -> None:
        super().__init__(orientation="bottom")
        self._at: IntArray = np.empty(0, dtype=np.int64)
        self._texts: dict[int, str] = {}

    def show_times(self, at: IntArray) -> None:
        """Take over the times of the points, µs UTC, shape (n,)."""
        self._at = at
        self.picture = None  # drawn anew even where the range stays
        self.update()

    @guarded_override(())
    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[int]]]:
        """Return the points that are marked, from `low` to `high` over `size` pixels."""
        if not len(self._at):
            return []
        marks = time_marks(self._at, TimeScale(low, high, size), pane.zone_offset(int(self._at[-1])))
        self._texts = {
            mark.bar: pane.day_text(mark.start) if mark.new_day else pane.clock_text(mark.start) for mark in marks
        }
        return [(1.0, list(self._texts))]

    @guarded_override(())
    def tickStrings(self, values: list[float], *_: float) -> list[str]:
        """Return the label of each mark."""
        return [self._texts.get(round(value), "") for value in values]


class ValueAxis(_Axis):
    """Amounts, or per cent, as the user's locale writes them."""

    def __init__(self, *, percent: bool) -> None:
        super().__init__(orientation="right")
        self._percent = percent

    @guarded_override(())
    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return round values from `low` to `high` over `size` pixels, so far apart that none touches another."""
        values = value_marks(low, high, max(2, int(size / _APART)))
        return [(values[1] - values[0] if len(values) > 1 else 1.0, values)]

    @guarded_override(())
    def tickStrings(self, values: list[float], _: float, spacing: float) -> list[str]:
        """Return the label of each value."""
        if self._percent:
            return [formats.percent(value, decimals=1) for value in values]
        return [formats.number(value, 0 if spacing >= 1 else 2) for value in values]


class EquityPlot(pg.GraphicsLayoutWidget):
    """Shows an `EquityView`; the mouse reads values off it, wheel and drag zoom, a double click shows all again."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view: EquityView | None = None
        self.setMinimumSize(200, 80)
        self.setAccessibleName(self.tr("Equity curve"))
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.ci.setContentsMargins(0, 0, 0, 0)
        self.ci.setSpacing(0)
        self._times = (TimeAxis(), TimeAxis())
        self.main = self._plot(0, ValueAxis(percent=False), self._times[0])
        self.low = self._plot(1, ValueAxis(percent=True), self._times[1])
        self.main.getAxis("bottom").setStyle(showValues=False)
        self.low.setXLink(self.main)
        self._base = pg.InfiniteLine(angle=0)
        self._benchmark = pg.PlotDataItem(connect="finite", antialias=True)
        self._equity = pg.PlotDataItem(antialias=True)
        self._drawdown = pg.PlotDataItem(fillLevel=0.0, antialias=True)
        self._cross = pg.InfiniteLine(angle=90)
        self._cross_low = pg.InfiniteLine(angle=90)
        self._dot = pg.ScatterPlotItem(size=9, antialias=True)
        self._read = pg.TextItem(anchor=(0.5, 0))
        self._read.setFont(text_font())
        for item in (self._benchmark, self._equity):
            self.main.addItem(item)
        for item in (self._base, self._cross, self._dot, self._read):
            self.main.addItem(item, ignoreBounds=True)
        self.low.addItem(self._drawdown)
        self.low.addItem(self._cross_low, ignoreBounds=True)
        self._show_cross(None)
        self.scene().sigMouseMoved.connect(self._on_mouse)
        theme.changed.connect(self._dress)
        self._dress()

    def _plot(self, row: int, values: pg.AxisItem, times: pg.AxisItem) -> Any:
        plot = self.addPlot(row=row, col=0, axisItems={"right": values, "bottom": times})
        plot.hideAxis("left")
        plot.showAxis("right")
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=True, y=False)
        plot.getViewBox().setDefaultPadding(0.0)
        plot.showGrid(x=True, y=True, alpha=1.0)
        for name in ("right", "bottom"):
            plot.getAxis(name).setZValue(-1000)  # its grid lies behind the curves and the read-out
        return plot

    def _dress(self) -> None:
        """Take over the colours of the theme."""
        colour = self._theme.colour
        self.setBackground(colour("surface"))
        self._equity.setPen(pg.mkPen(colour("accent"), width=1.8))
        self._equity.setFillBrush(colour("accent", 0.16))
        self._benchmark.setPen(pg.mkPen(colour("text_muted"), width=1.2, style=Qt.PenStyle.DashLine))
        self._drawdown.setPen(pg.mkPen(colour("pnl_down"), width=1.2))
        self._drawdown.setFillBrush(colour("pnl_down", 0.16))
        self._base.setPen(pg.mkPen(colour("text_muted", 0.6), style=Qt.PenStyle.DotLine))
        for line in (self._cross, self._cross_low):
            line.setPen(pg.mkPen(colour("crosshair"), style=Qt.PenStyle.DashLine))
        self._dot.setBrush(pg.mkBrush(colour("accent")))
        self._dot.setPen(pg.mkPen(colour("surface"), width=1.5))
        self._read.setColor(colour("text"))
        self._read.fill = pg.mkBrush(colour("border_strong"))
        for plot in (self.main, self.low):
            for name in ("right", "bottom"):
                self._dress_axis(plot.getAxis(name), colour("text_muted"), colour("border"), colour("grid"))

    @staticmethod
    def _dress_axis(axis: pg.AxisItem, text: QColor, line: QColor, grid: QColor) -> None:
        axis.setTextPen(text)
        axis.setPen(line)
        axis.setTickPen(grid)
        axis.setStyle(tickFont=text_font(scale=pane.LABEL_SCALE), tickLength=0)

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "low"):  # the library sizes itself before there are plots
            height = max(LEAST_DRAWDOWN, self.height() * DRAWDOWN_SHARE)
            self.low.setMinimumHeight(height)
            self.low.setMaximumHeight(height)

    def show_view(self, view: EquityView | None) -> None:
        """Show a curve; what was zoomed into stays, a curve seen whole grows on."""
        self.view = view
        if view is None or len(view.at) < 2:
            for item in (self._equity, self._benchmark, self._drawdown):
                item.setData([], [])
            self._show_cross(None)
            return
        places = np.arange(len(view.at), dtype=np.float64)
        for axis in self._times:
            axis.show_times(view.at)
        known = np.concatenate((view.equity, view.benchmark[np.isfinite(view.benchmark)]))
        low, high = float(known.min()), float(known.max())
        room = max((high - low) * 0.08, abs(high) * 1e-4)
        self._equity.setData(places, view.equity)
        self._equity.setFillLevel(low - room)
        self._benchmark.setData(places, view.benchmark)
        self._drawdown.setData(places, view.drawdown)
        self._base.setValue(float(view.equity[0]))
        decimals = 0 if high - low > 10 else 2
        width = pane.axis_width(ValueScale(low - room, high + room), lambda value: formats.number(value, decimals))
        for plot in (self.main, self.low):
            plot.getAxis("right").setWidth(width)
        self.main.setYRange(low - room, high + room, padding=0)
        self.low.setYRange(min(float(view.drawdown.min()), -FLAT) * 1.15, 0.0, padding=0)
        self.main.setLimits(xMin=0, xMax=max(len(view.at) - 1.0, 1.0))
        if self.main.getViewBox().autoRangeEnabled()[0]:
            self.show_all()

    def show_all(self) -> None:
        """Show the whole curve and follow it again."""
        self.main.enableAutoRange(axis="x")
        self.main.getViewBox().updateAutoRange()

    @guarded_override()
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.show_all()

    # reading off -----------------------------------------------------------------------------------------------
    def _on_mouse(self, place: QPointF) -> None:
        view = self.view
        if view is None or len(view.at) < 2 or not self.ci.sceneBoundingRect().contains(place):
            self._show_cross(None)
            return
        index = round(self.main.getViewBox().mapSceneToView(place).x())
        self._show_cross(min(max(index, 0), len(view.at) - 1))

    def _show_cross(self, index: int | None) -> None:
        for item in (self._cross, self._cross_low, self._dot, self._read):
            item.setVisible(index is not None)
        view = self.view
        if index is None or view is None:
            return
        (left, right), (_, top) = self.main.viewRange()
        self._cross.setValue(index)
        self._cross_low.setValue(index)
        self._dot.setData([index], [float(view.equity[index])])
        self._read.setText(self.read_out(index))
        half = self._read.boundingRect().width() / 2 * (right - left) / max(self.main.getViewBox().width(), 1.0)
        self._read.setPos(min(max(float(index), left + half), max(right - half, left + half)), top)

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

    @guarded_override()
    def leaveEvent(self, event: QEvent) -> None:
        self._show_cross(None)
        super().leaveEvent(event)

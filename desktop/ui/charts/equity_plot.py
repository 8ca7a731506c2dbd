"""Equity over time with its benchmark, and the drawdown below: two linked plots.

Imported when the panel is filled, after the window's first paint: the plotting library takes a while to load.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg  # noqa: TID253 - this module itself is imported late
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.engine.views import EquityView
from desktop.ui import formats
from desktop.ui.charts import pane
from desktop.ui.charts.curve_scale import CurveScale
from desktop.ui.charts.equity_axes import TimeAxis, ValueAxis
from desktop.ui.charts.scale import ValueScale
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

DRAWDOWN_SHARE = 0.36  # of the height, its time axis included
LEAST_DRAWDOWN = 34.0  # pixels
LONG = 1_000  # points: of more the lines are thin and none is dashed
_UNDER_AXIS = 3  # pixels between the axis and its dates
FLAT = 0.001  # the drawdown's axis shows at least this much


class EquityPlot(pg.GraphicsLayoutWidget):
    """Shows an `EquityView`; the mouse reads values off it, wheel and drag zoom, a double click shows all again."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view: EquityView | None = None
        self.scale = CurveScale()
        self._with_benchmark = True
        self._timeframe = ""
        self.setMinimumSize(200, 80)
        self.setAccessibleName(self.tr("Equity curve"))
        self.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.ci.setContentsMargins(0, 0, 0, 0)
        self.ci.setSpacing(0)
        self._times = (TimeAxis(), TimeAxis())
        self.main = self._plot(0, ValueAxis(self.scale), self._times[0])
        self.low = self._plot(1, ValueAxis(CurveScale(percent=True)), self._times[1])
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
        self._dress_lines()
        self._equity.setFillBrush(colour("accent", 0.16))
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
        room = QFontMetrics(text_font(scale=pane.LABEL_SCALE)).height() + _UNDER_AXIS
        self.low.getAxis("bottom").setHeight(room)  # left to itself it now and then shrinks and cuts its dates

    @property
    def dense(self) -> bool:
        """Whether the curve has so many points that its lines are thin and the benchmark's is not dashed."""
        return self.view is not None and len(self.view.at) > LONG

    def _dress_lines(self) -> None:
        """Draw long curves thin and whole: wide or dashed pens cost ten times as much at each move of the cross."""
        colour = self._theme.colour
        wide, middle = (1.0, 1.0) if self.dense else (1.8, 1.2)
        style = Qt.PenStyle.SolidLine if self.dense else Qt.PenStyle.DashLine
        self._equity.setPen(pg.mkPen(colour("accent"), width=wide))
        self._benchmark.setPen(pg.mkPen(colour("text_muted"), width=middle, style=style))
        self._drawdown.setPen(pg.mkPen(colour("pnl_down"), width=middle))

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

    def show_view(self, view: EquityView | None, timeframe: str = "") -> None:
        """Show a curve; what was zoomed into stays, a curve seen whole grows on; days are dates, without a time."""
        self.view, self._timeframe = view, timeframe
        if view is None or len(view.at) < 2:
            for item in (self._equity, self._benchmark, self._drawdown):
                item.setData([], [])
            self._show_cross(None)
            return
        places = np.arange(len(view.at), dtype=np.float64)
        for axis in self._times:
            axis.show_times(view.at, days=timeframe[-1:] in {"d", "w"})
        self._drawdown.setData(places, view.drawdown)
        self.low.setYRange(min(float(view.drawdown.min()), -FLAT) * 1.15, 0.0, padding=0)
        self._draw(view)
        for plot in (self.main, self.low):  # each takes the wheel: one without limits would part from the other
            plot.setLimits(xMin=0, xMax=max(len(view.at) - 1.0, 1.0))
        if self.main.getViewBox().autoRangeEnabled()[0]:
            self.show_all()

    def show_scale(self, scale: CurveScale, *, benchmark: bool = True) -> None:
        """Draw values in money or per cent, straight or logarithmic, with the benchmark or without it."""
        self.scale, self._with_benchmark = scale, benchmark
        self.main.getAxis("right").show_scale(scale)
        if self.view is not None and len(self.view.at) >= 2:
            self._draw(self.view)
        self._show_cross(None)

    def _draw(self, view: EquityView) -> None:
        """Draw the curves of the upper plot and fit its axis to what is seen."""
        self._dress_lines()
        places = np.arange(len(view.at), dtype=np.float64)
        equity = self.scale.heights(view.equity)
        other = self.scale.heights(view.benchmark)
        if not self._with_benchmark:
            other = np.full(len(other), np.nan)
        known = np.concatenate((equity[np.isfinite(equity)], other[np.isfinite(other)]))
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        room = max((high - low) * 0.08, max(abs(high), abs(low)) * 1e-4, 1e-6)
        self._equity.setData(places, equity)
        self._equity.setFillLevel(low - room)
        self._benchmark.setData(places, other)
        self._base.setValue(float(equity[0]) if np.isfinite(equity[0]) else 0.0)
        spacing = abs(self.scale.shown(high) - self.scale.shown(low)) / 10
        width = pane.axis_width(ValueScale(low - room, high + room), lambda height: self.scale.text(height, spacing))
        for plot in (self.main, self.low):
            plot.getAxis("right").setWidth(width)
        self.main.setYRange(low - room, high + room, padding=0)

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
        self._dot.setData([index], [self.scale.height(float(view.equity[index]))])
        self._read.setText(self.read_out(index))
        half = self._read.boundingRect().width() / 2 * (right - left) / max(self.main.getViewBox().width(), 1.0)
        self._read.setPos(min(max(float(index), left + half), max(right - half, left + half)), top)

    def read_out(self, index: int) -> str:
        """Return the values of a point: when, equity, drawdown, benchmark where it is known and drawn."""
        view = self.view
        if view is None:
            return ""
        parts = [
            formats.bar_time(int(view.at[index]), self._timeframe),
            self._amount(float(view.equity[index]), view.currency),
            self.tr("drawdown %1").replace("%1", formats.percent(float(view.drawdown[index]))),
        ]
        if self._with_benchmark and np.isfinite(view.benchmark[index]):
            parts.append(f"{view.benchmark_name} {self._amount(float(view.benchmark[index]), view.currency)}")
        return "   ".join(parts)

    def _amount(self, value: float, currency: str) -> str:
        amount = formats.money(value, currency, code=True)
        return f"{formats.percent(value / self.scale.base - 1.0)} ({amount})" if self.scale.percent else amount

    @guarded_override()
    def leaveEvent(self, event: QEvent) -> None:
        self._show_cross(None)
        super().leaveEvent(event)

"""A chart of any history: bars and indicators of a strategy's rules, their signals, and the trades of a quick test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.engine.views import ChartView
from desktop.rules.columns import IntArray
from desktop.ui import formats
from desktop.ui.charts import signal_marks
from desktop.ui.charts.price_canvas import PriceCanvas
from desktop.ui.charts.signal_marks import Fills, Mark, Runs
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore

_LOW = 190  # pixels of height under which there is room for the price only
_FEW = 130  # bars that are shown all at once
_LEAST_SHOWN = 30.0  # bars the chart is wide at least
_CLICK = 4.0  # pixels the mouse may move between press and release of a click
_HOVER = 9.0  # pixels from a mark within which its text is shown


class HistoryCanvas(PriceCanvas):
    """The price chart without orders: the mouse points at a bar, a click keeps it, Esc lets it go.

    Signals:
        pointed: the bar pointed at or kept; -1: none, the last one counts.
    """

    pointed = Signal(int)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setMinimumSize(200, 90)
        self.setAccessibleName(self.tr("Chart of the chosen history"))
        self.setAccessibleDescription(
            self.tr(
                "Space keeps the last bar in sight, then the arrow keys go from bar to bar. Ctrl with the arrow keys "
                "goes from signal to signal. Esc lets it go."
            )
        )
        self.entries: Runs | None = None
        self.exits: Runs | None = None
        self.fills: Fills | None = None
        self.kept = -1
        self._said = -1
        self._pressed: QPointF | None = None
        self._whole: ChartView | None = None

    # what is shown ---------------------------------------------------------------------------------------------
    def show_history(self, view: ChartView | None, entries: Runs | None = None, exits: Runs | None = None) -> None:
        """Show bars, indicators and signals; zoom and place stay for the same history (`view.session_id` names it)."""
        before = self.view
        other = before is None or view is None or before.session_id != view.session_id
        if other:
            self.kept = -1
            self.fills = None
        self.entries, self.exits = entries, exits
        self._stamp = ()  # other rules have other indicators on the same bars
        self._whole = view
        self.show_view(self._fitting(view))
        if other and view is not None and len(view.bars) < _FEW:
            self.times.left = min(-1.0, self.times.right - _LEAST_SHOWN)
            self._refresh()
        under = self.bar_under(self._mouse) if self._mouse is not None else -1
        self._say(self.kept if self.kept >= 0 else under)

    def _fitting(self, view: ChartView | None) -> ChartView | None:
        """Return what there is height for: a low chart has no panes under the price."""
        if view is None or self.height() >= _LOW:
            return view
        return replace(view, indicators=tuple(line for line in view.indicators if line.overlay))

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        fitting = self._fitting(self._whole)
        if fitting is not None and self.view is not None and len(fitting.indicators) != len(self.view.indicators):
            self._stamp = ()
            self.show_view(fitting)
        super().resizeEvent(event)

    def show_fills(self, fills: Fills | None) -> None:
        """Show the fills of a test."""
        self.fills = fills
        self.update()

    def keep(self, index: int) -> None:
        """Keep a bar; -1: none."""
        count = len(self.view.bars) if self.view is not None else 0
        self.kept = index if 0 <= index < count else -1
        self._say(self.kept)
        self.update()

    def signals(self) -> IntArray:
        """Return the bars where a rule became true or the test filled, rising."""
        found = [runs.begins for runs in (self.entries, self.exits) if runs is not None]
        found += [self.fills.bar] if self.fills is not None else []
        return np.unique(np.concatenate(found)).astype(np.int64) if found else np.empty(0, np.int64)

    def go_to_signal(self, *, forward: bool) -> None:
        """Keep the next bar with a signal or a fill, from the one that is kept or the last in sight, and show it."""
        if self.view is None:
            return
        bars = self.signals()
        now = self.kept if self.kept >= 0 else self.times.visible(len(self.view.bars))[1] - 1
        place = int(np.searchsorted(bars, now, "right")) if forward else int(np.searchsorted(bars, now, "left")) - 1
        if 0 <= place < len(bars):
            self.keep(int(bars[place]))
            self._bring_in_sight()

    def _bring_in_sight(self) -> None:
        if not self.times.left <= self.kept <= self.times.right:
            self.times.pan(self.kept - (self.times.left + self.times.right) / 2)
            self._after_move()

    def _say(self, index: int) -> None:
        if index != self._said:
            self._said = index
            self.pointed.emit(index)

    def bar_under(self, place: QPointF) -> int:
        """Return the bar at a place; -1: there is none."""
        layout, view = self.layout_, self.view
        if layout is None or view is None or not layout.main.left() <= place.x() <= layout.main.right():
            return -1
        index = round(self.times.index(place.x() - layout.main.left()))
        return index if 0 <= index < len(view.bars) else -1

    # painting --------------------------------------------------------------------------------------------------
    @guarded_override()
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        layout, view = self.layout_, self.view
        if layout is None or view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(layout.main.adjusted(0, 0, 0, layout.axis.top() - layout.main.bottom()))
        for runs, entries in ((self.entries, True), (self.exits, False)):
            if runs is not None:
                marks = signal_marks.grouped(runs.begins, self.times, len(view.bars))
                signal_marks.paint_runs(painter, layout.main, marks, self.theme, entries=entries)
        for buys in (True, False):
            signal_marks.paint_fills(painter, self._fills(buys=buys), self.theme, buys=buys)
        if self.kept >= 0:
            x = self.times.x(self.kept)
            signal_marks.paint_bar(painter, layout.main, x, layout.axis.top(), self.theme.colour("accent"))
        painter.end()

    def _fills(self, *, buys: bool) -> list[tuple[QPointF, Mark]]:
        layout, view = self.layout_, self.view
        if layout is None or view is None or self.fills is None:
            return []
        return signal_marks.fill_marks(layout.main, self.times, layout.prices, view.bars, self.fills, buys=buys)

    # mouse and keys --------------------------------------------------------------------------------------------
    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    @guarded_override()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and (pressed - event.position()).manhattanLength() <= _CLICK:
            index = self.bar_under(event.position())
            self.keep(-1 if index == self.kept else index)

    @guarded_override()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.kept < 0:
            self._say(self.bar_under(event.position()))

    def _hover(self, event: QMouseEvent) -> None:
        text = self.text_at(event.position())
        if text:
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()

    @guarded_override()
    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self._say(self.kept)

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key == Qt.Key.Key_Escape and self.kept >= 0:
            self.keep(-1)
        elif key == Qt.Key.Key_Space and self.view is not None:
            self.keep(self.times.visible(len(self.view.bars))[1] - 1 if self.kept < 0 else -1)
        elif key in steps and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.go_to_signal(forward=steps[Qt.Key(key)] > 0)
        elif self.kept >= 0 and key in steps and self.view is not None:
            self.keep(min(max(self.kept + steps[Qt.Key(key)], 0), len(self.view.bars) - 1))
            self._bring_in_sight()
        else:
            super().keyPressEvent(event)

    def text_at(self, place: QPointF) -> str:
        """Return what a mark near a place stands for; empty: there is none."""
        layout, view = self.layout_, self.view
        if layout is None or view is None:
            return ""
        for buys in (True, False):
            for at, mark in self._fills(buys=buys):
                if (at - place).manhattanLength() <= _HOVER:
                    return self._fill_text(mark, buys=buys)
        for runs, entries in ((self.entries, True), (self.exits, False)):
            if runs is None or abs(place.y() - signal_marks.lane(layout.main, entries=entries)) > _HOVER:
                continue
            for mark in signal_marks.grouped(runs.begins, self.times, len(view.bars)):
                if abs(layout.main.left() + mark.x - place.x()) <= _HOVER:
                    return self._run_text(runs, mark, entries=entries)
        return ""

    def _fill_text(self, mark: Mark, *, buys: bool) -> str:
        fills, view = self.fills, self.view
        if fills is None or view is None:
            return ""
        if mark.count > 1 and int(fills.bar[mark.first]) != int(fills.bar[mark.last]):
            text = self.tr("Quick test bought from here on: zoom in for each") if buys else ""
            return text or self.tr("Quick test sold from here on: zoom in for each")
        text = self.tr("Quick test bought at %1") if buys else self.tr("Quick test sold at %1")
        return text.replace("%1", formats.price(float(fills.price[mark.first]), view.instrument))

    def _run_text(self, runs: Runs, mark: Mark, *, entries: bool) -> str:
        if mark.count > 1:
            text = self.tr("The entry rule became true %1 times") if entries else ""
            return (text or self.tr("The exit rule became true %1 times")).replace("%1", str(mark.count))
        text = self.tr("The entry rule became true here, for %1 bars") if entries else ""
        text = text or self.tr("The exit rule became true here, for %1 bars")
        return text.replace("%1", str(int(runs.lengths[mark.first])))

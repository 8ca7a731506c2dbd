"""The axes of an equity plot: times of the user's zone, values of a scale.

Imported with the plot, after the window's first paint: the plotting library takes a while to load.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg  # noqa: TID253 - this module itself is imported late
from PySide6.QtCore import QDateTime, QLocale, QTimeZone
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from desktop.domain.market import DAY
from desktop.rules.columns import IntArray
from desktop.ui.charts import pane
from desktop.ui.charts.curve_scale import CurveScale
from desktop.ui.charts.scale import TimeMark, TimeScale, time_marks
from desktop.ui.guard import guarded_override

_APART = 20.0  # pixels between the values of an axis
_YEARS = 300 * DAY  # in sight: then marks say the year instead of the day
_UTC = QTimeZone(QTimeZone.Initialization.UTC)


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
        self._days = False

    def show_times(self, at: IntArray, *, days: bool = False) -> None:
        """Take over the times of the points, µs UTC, shape (n,); `days`: they are dates, the same in every zone."""
        self._at, self._days = at, days
        self.picture = None  # drawn anew even where the range stays
        self.update()

    @guarded_override(())
    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[int]]]:
        """Return the points that are marked, from `low` to `high` over `size` pixels."""
        if not len(self._at):
            return []
        offset = 0 if self._days else pane.zone_offset(int(self._at[-1]))
        first, last = (self._at[min(max(round(place), 0), len(self._at) - 1)] + offset for place in (low, high))
        marks = time_marks(self._at, TimeScale(low, high, size), offset)
        years = bool(last - first > _YEARS)
        self._texts = {mark.bar: self._text(mark, offset, years=years) for mark in marks}
        return [(1.0, list(self._texts))]

    def _text(self, mark: TimeMark, offset: int, *, years: bool) -> str:
        if not mark.new_day:
            return pane.clock_text(mark.start)
        date = QDateTime.fromMSecsSinceEpoch((mark.start + offset) // 1000, _UTC).date()
        return QLocale().toString(date, "MMM yyyy" if years else "d MMM")

    @guarded_override(())
    def tickStrings(self, values: list[float], *_: float) -> list[str]:
        """Return the label of each mark."""
        return [self._texts.get(round(value), "") for value in values]


class ValueAxis(_Axis):
    """Values of a scale, as the user's locale writes them."""

    def __init__(self, scale: CurveScale) -> None:
        super().__init__(orientation="right")
        self._scale = scale

    def show_scale(self, scale: CurveScale) -> None:
        """Take over another scale."""
        self._scale = scale
        self.picture = None  # drawn anew even where the range stays
        self.update()

    @guarded_override(())
    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return round values from `low` to `high` over `size` pixels, so far apart that none touches another."""
        heights = self._scale.marks(low, high, max(2, int(size / _APART)))
        shown = [self._scale.shown(height) for height in heights]
        apart = min((abs(one - two) for one, two in pairwise(shown)), default=1.0)
        return [(apart, heights)]

    @guarded_override(())
    def tickStrings(self, heights: list[float], _: float, spacing: float) -> list[str]:
        """Return the label of each height."""
        return [self._scale.text(height, spacing) for height in heights]

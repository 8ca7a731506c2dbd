"""From bars and prices to pixels: scales and the marks of their axes. No widget here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.rules.columns import FloatArray, IntArray

MIN_BARS = 12.0  # closest zoom
MAX_BARS = 6_000.0  # widest zoom
RIGHT_MARGIN = 6.0  # bars of free space behind the newest bar

#: Distances of time marks to choose from, in µs.
_TIME_STEPS = (
    *(SECOND * seconds for seconds in (1, 5, 15, 30)),
    *(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR * hours for hours in (1, 2, 4, 6, 12)),
    *(DAY * days for days in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1_826, 3_652, 7_305, 18_262)),
)


class TimeMark(NamedTuple):
    """A mark of the time axis at a bar; `new_day` marks show the date."""

    bar: int
    start: int
    new_day: bool


@dataclass(slots=True)
class TimeScale:
    """Bars by index across a width: gaps between bars take no room.

    Attributes:
        left: Index of the bar at the left edge; fractions are parts of a bar.
        right: Index at the right edge.
        width: Pixels between the two.
    """

    left: float = 0.0
    right: float = 120.0
    width: float = 1.0

    @property
    def bar_width(self) -> float:
        """Pixels of one bar."""
        return self.width / max(self.right - self.left, 1e-9)

    def x(self, index: float) -> float:
        """Return the pixel of the middle of a bar."""
        return (index - self.left) * self.bar_width

    def xs(self, indices: FloatArray) -> FloatArray:
        """Return the pixels of many bars, shape kept."""
        return (indices - self.left) * self.bar_width

    def index(self, x: float) -> float:
        """Return the index at a pixel."""
        return self.left + x / self.bar_width

    def zoom(self, factor: float, x: float) -> None:
        """Show `factor` times as many bars, the bar under pixel `x` staying where it is."""
        shown = self.right - self.left
        wanted = min(max(shown * factor, MIN_BARS), MAX_BARS)
        fixed, share = self.index(x), x / max(self.width, 1.0)
        self.left = fixed - wanted * share
        self.right = self.left + wanted

    def pan(self, bars: float) -> None:
        """Move the view to later bars (negative: earlier)."""
        self.left += bars
        self.right += bars

    def show_end(self, count: int) -> None:
        """Bring the newest of `count` bars to the right edge, the zoom staying."""
        shown = self.right - self.left
        self.right = count - 1 + RIGHT_MARGIN
        self.left = self.right - shown

    def hold(self, count: int) -> None:
        """Keep at least a few bars in sight."""
        shown = self.right - self.left
        keep = min(5.0, count)
        self.left = min(max(self.left, keep - shown), max(count - keep, keep - shown))
        self.right = self.left + shown

    def visible(self, count: int) -> tuple[int, int]:
        """Return the bars in sight as a half-open range."""
        first = min(max(0, math.floor(self.left - 0.5)), count)
        return first, max(first, min(count, math.ceil(self.right + 1.5)))


@dataclass(slots=True)
class ValueScale:
    """Values from the bottom to the top of a pane, in the coordinates of its widget."""

    low: float = 0.0
    high: float = 1.0
    top: float = 0.0
    bottom: float = 1.0

    def y(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.bottom - (value - self.low) / self._span * (self.bottom - self.top)

    def ys(self, values: FloatArray) -> FloatArray:
        """Return the pixels of many values, shape kept."""
        return self.bottom - (values - self.low) / self._span * (self.bottom - self.top)

    def value(self, y: float) -> float:
        """Return the value at a pixel."""
        return self.low + (self.bottom - y) / max(self.bottom - self.top, 1.0) * self._span

    def fit(self, low: float, high: float, margin: float = 0.06) -> None:
        """Show the values from `low` to `high` with free room above and below (share of the span)."""
        if not (math.isfinite(low) and math.isfinite(high)):
            low, high = 0.0, 1.0
        span = high - low
        if span <= 0:
            span = abs(high) * 0.01 or 1.0
            low, high = low - span / 2, high + span / 2
        self.low, self.high = low - span * margin, high + span * margin

    @property
    def _span(self) -> float:
        return (self.high - self.low) or 1.0


def value_marks(low: float, high: float, most: int, smallest: float = 0.0) -> list[float]:
    """Return round values between `low` and `high`, at most `most`, no nearer to each other than `smallest`."""
    if most < 1 or not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    rough = max((high - low) / most, smallest, 1e-12)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * part for part in (1.0, 2.0, 2.5, 5.0, 10.0) if power * part >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]


def time_marks(starts: IntArray, scale: TimeScale, offset: int, apart: float = 84.0) -> list[TimeMark]:
    """Return marks at bars where a new hour, day ... begins, at least `apart` pixels from each other.

    Args:
        starts: Start of every bar, µs UTC, shape (n,).
        scale: What is in sight.
        offset: The user's zone, µs east of UTC.
        apart: Smallest distance in pixels.
    """
    first, last = scale.visible(len(starts))
    if last - first < 2:
        return []
    local = starts[first:last] + offset
    most = max(1.0, scale.width / apart)
    days = local // DAY
    for step in _TIME_STEPS:
        buckets = local // step
        changes = np.flatnonzero(np.diff(buckets)) + 1
        if changes.size <= most:
            break
    else:  # pragma: no cover  half a century a mark is always few enough
        return []
    marks: list[TimeMark] = []
    before, at = int(days[0]), -math.inf
    for place in changes.tolist():
        x = scale.x(first + place)
        if x - at < apart * 0.8:
            continue
        marks.append(
            TimeMark(first + place, int(starts[first + place] - local[place] % step), int(days[place]) != before)
        )
        before, at = int(days[place]), x
    return marks


def extent(*series: FloatArray) -> tuple[float, float]:
    """Return the lowest and highest finite value of several arrays; NaN when there is none."""
    finite = [values[np.isfinite(values)] for values in series]
    finite = [values for values in finite if values.size]
    if not finite:
        return math.nan, math.nan
    return min(float(values.min()) for values in finite), max(float(values.max()) for values in finite)

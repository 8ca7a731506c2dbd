"""How the values of an equity curve become heights: money or per cent of the starting cash, straight or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from desktop.rules.columns import FloatArray
from desktop.ui import formats
from desktop.ui.charts.scale import value_marks

_FEW = 3  # marks: fewer say too little about a scale


@dataclass(frozen=True, slots=True)
class CurveScale:
    """A scale of values.

    Attributes:
        base: What counts as 0 %: the cash at the start, above zero.
        percent: Per cent of the base instead of money.
        log: Equal heights are equal growth; of values above zero only.
    """

    base: float = 1.0
    percent: bool = False
    log: bool = False

    def heights(self, values: FloatArray) -> FloatArray:
        """Return the heights of amounts of money, shape kept; NaN stays, as does what has no logarithm."""
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                found: FloatArray = np.log(np.where(values > 0, values, np.nan) / self.base)
            return found
        return values / self.base - 1.0 if self.percent else values

    def height(self, value: float) -> float:
        """Return the height of an amount of money."""
        return float(self.heights(np.array([value]))[0])

    def shown(self, height: float) -> float:
        """Return what stands at a height: an amount of money, or a fraction of the base."""
        if not self.log:
            return height
        return math.expm1(height) if self.percent else self.base * math.exp(height)

    def text(self, height: float, spacing: float) -> str:
        """Return the label of a height; `spacing`: the distance to the next one, as shown."""
        value = self.shown(height)
        if self.percent:
            return formats.percent(value, decimals=0 if spacing >= 0.0099 else 1 if spacing >= 0.00099 else 2)
        return formats.number(value, 0 if spacing >= 1 else 2)

    def marks(self, low: float, high: float, most: int) -> list[float]:
        """Return the heights of round values from `low` to `high`, at most about `most`, lowest first."""
        if not self.log:
            return value_marks(low, high, most)
        first, last = self.shown(low), self.shown(high)
        apart = (high - low) / max(1, most)
        found = self._spread(_round_values(first, last), apart)
        if len(found) < _FEW:
            found = self._spread(value_marks(first, last, 4 * most), apart)
        return found

    def _spread(self, values: list[float], apart: float) -> list[float]:
        """Return the heights of values that keep their distance, the first ones first to be kept."""
        kept: list[float] = []
        for value in values:
            height = math.log1p(value) if self.percent else math.log(value / self.base)
            if all(abs(height - other) >= apart for other in kept):
                kept.append(height)
        return sorted(kept)


def _round_values(low: float, high: float) -> list[float]:
    """Return zero and 1, 2 and 5 times the powers of ten between two values, the largest first."""
    found = [0.0] if low <= 0 <= high else []
    most = max(abs(low), abs(high))
    power = math.floor(math.log10(most)) if most > 0 else 0
    for exponent in range(power, power - 8, -1):
        for part in (5.0, 2.0, 1.0):
            size = part * 10.0**exponent
            found += [value for value in (size, -size) if low <= value <= high]
    return found

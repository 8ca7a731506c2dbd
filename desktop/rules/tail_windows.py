"""Windows laid side by side: what the functions of the long tail that forget are made of.

A window is summed by itself, so a value has the same bits wherever in a series it stands: a session gets them from the
last window alone and a backtest from all of them. Lengths are at most 1,000, which keeps the windows of a thousand bars
in 8 MB. All arrays are of shape (bars,) and NaN before their window is full.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray
from desktop.rules.operators import NAN
from desktop.rules.tail_smoothing import EPSILON

Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # (inputs, bars)
Outputs: TypeAlias = tuple[FloatArray, ...]


def windows(x: FloatArray, length: float) -> Table:
    """Return the windows that end at each bar from the first full one on, shape (bars - length + 1, length)."""
    return np.lib.stride_tricks.sliding_window_view(x, int(length))


def padded(values: FloatArray, missing: float) -> FloatArray:
    """Return values after so many unknown ones."""
    return np.concatenate((np.full(int(missing), NAN), values))


def mean(x: FloatArray, length: float) -> FloatArray:
    """Return the means of windows."""
    return padded(windows(x, length).mean(axis=1), length - 1)


def total(x: FloatArray, length: float) -> FloatArray:
    """Return the sums of windows."""
    sums: FloatArray = windows(x, length).sum(axis=1)
    return padded(sums, length - 1)


def deviation(x: FloatArray, length: float, *, sample: bool = False) -> FloatArray:
    """Return the standard deviations of windows, as populations or as samples."""
    deviations: FloatArray = windows(x, length).std(axis=1, ddof=int(sample))
    return padded(deviations, length - 1)


def highest(x: FloatArray, length: float) -> FloatArray:
    """Return the largest values of windows."""
    return padded(windows(x, length).max(axis=1), length - 1)


def lowest(x: FloatArray, length: float) -> FloatArray:
    """Return the smallest values of windows."""
    return padded(windows(x, length).min(axis=1), length - 1)


def weighted(x: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the sums of windows times weights, the oldest value's first."""
    sums: FloatArray = (windows(x, len(weights)) * weights).sum(axis=1)
    return padded(sums, len(weights) - 1)


def averaged(x: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the means of windows with weights, the oldest value's first."""
    whole: float = weights.sum()
    return weighted(x, weights / whole)


def before(x: FloatArray, count: float) -> FloatArray:
    """Return the values some bars ago."""
    return padded(x[: -int(count)], count)


def change(x: FloatArray, count: float) -> FloatArray:
    """Return the values less those some bars ago."""
    return x - before(x, count)


def spread(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return the differences; where there is none the smallest number stands for it, so that it can divide."""
    found = above - below
    return np.where(found == 0.0, EPSILON, found)


def flag(condition: BoolArray) -> FloatArray:
    """Return 1 where a condition holds, else 0."""
    return condition.astype(np.float64)


class Line:
    """The regression line through each window: its slope and its value on the first bar of the window."""

    def __init__(self, x: FloatArray, length: float) -> None:
        count = int(length)
        places = np.arange(count, dtype=np.float64)
        self.places_sum = 0.5 * count * (count - 1)
        squares = count * (count - 1) * (2 * count - 1) / 6.0
        self.divisor = count * squares - self.places_sum * self.places_sum
        self.sums, self.moments = total(x, count), weighted(x, places)
        self.slope = (count * self.moments - self.places_sum * self.sums) / self.divisor
        self.first = (self.sums * squares - self.places_sum * self.moments) / self.divisor

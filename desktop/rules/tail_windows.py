"""Functions of the long tail that the library computes slowly or loosely, over all windows of a block at once.

Each takes its inputs as an array of shape (inputs, bars) and returns its outputs, NaN before their window is full. A
window is summed by itself, so a value does not depend on where in the array it stands. Lengths are at most 1,000: the
windows are laid out side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray
from desktop.rules.operators import NAN

Table: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.float64]]  # (inputs, bars)

_EPSILON = 2.220446049250313e-16  # stands for a range of zero


# --- Windows -----------------------------------------------------------------------------------------------------


def _windows(x: FloatArray, length: int) -> Table:
    """Return the windows that end at each bar from the first full one on, shape (bars - length + 1, length)."""
    return np.lib.stride_tricks.sliding_window_view(x, length)


def _padded(values: FloatArray, missing: int) -> FloatArray:
    return np.concatenate((np.full(missing, NAN), values))


def _mean(x: FloatArray, length: int) -> FloatArray:
    return _padded(_windows(x, length).mean(axis=1), length - 1)


def _deviation(x: FloatArray, length: int, *, sample: bool = False) -> FloatArray:
    deviations: FloatArray = _windows(x, length).std(axis=1, ddof=int(sample))
    return _padded(deviations, length - 1)


def _weighted(x: FloatArray, weights: FloatArray) -> FloatArray:
    sums: FloatArray = (_windows(x, len(weights)) * weights).sum(axis=1)
    return _padded(sums, len(weights) - 1)


def _before(x: FloatArray, count: int) -> FloatArray:
    return _padded(x[:-count], count)


def _triangle(length: int) -> FloatArray:
    """Return weights that rise evenly to the middle and fall again; their sum is 1."""
    weights = np.minimum(np.arange(1, length + 1), np.arange(length, 0, -1)).astype(np.float64)
    total: float = weights.sum()
    return weights / total


def _range(above: FloatArray, below: FloatArray) -> FloatArray:
    found = above - below
    return np.where(found == 0.0, _EPSILON, found)


def _flag(condition: BoolArray) -> FloatArray:
    return condition.astype(np.float64)


# --- Functions ---------------------------------------------------------------------------------------------------


def symmetric_average(bars: Table, length: float) -> tuple[FloatArray, ...]:
    """Return the average with triangular weights."""
    return (_weighted(bars[0], _triangle(int(length))),)


def standard_error(bars: Table, length: float) -> tuple[FloatArray, ...]:
    """Return the standard error of the mean; a running variance would lose digits after a jump."""
    return (_deviation(bars[0], int(length), sample=True) / np.sqrt(length),)


def relative_vigor(bars: Table, length: float, smooth: float) -> tuple[FloatArray, ...]:
    """Return histogram, line and signal of the relative vigor index of open, high, low, close."""
    opened, high, low, close = bars
    weights = _triangle(int(smooth))
    bodies = _mean(_weighted(_range(close, opened), weights), int(length))
    line = bodies / _mean(_weighted(_range(high, low), weights), int(length))
    signal = _weighted(line, weights)
    return line - signal, line, signal


def mesa_sine(bars: Table, length: float) -> tuple[FloatArray, ...]:
    """Return the sine of the phase of the dominant wave of a length, and the sine an eighth of a turn later."""
    span = int(length)
    turn = 2.0 * np.pi
    angles = turn * np.arange(span, dtype=np.float64) / span
    # Newest value first, and summed as the library does: where nothing moves only its rounding decides.
    windows = np.ascontiguousarray(_windows(bars[0], span)[:, ::-1])
    real, imaginary = (_padded(np.vecdot(windows, wave), span - 1) for wave in (np.cos(angles), np.sin(angles)))
    steep = np.where(imaginary < 0.0, -np.pi, np.pi)
    phase = np.where(np.abs(real) > 0.001, np.arctan(imaginary / real), steep)
    phase = np.where(real < 0.0, phase + np.pi, phase) + np.pi / 2.0
    phase = np.where(phase < 0.0, phase + turn, phase)
    phase = np.where(phase > turn, phase - turn, phase)
    phase[:span] = NAN  # the library begins one bar after its window is full
    return np.sin(phase), np.sin(phase + np.pi / 4.0)


def _channels(
    bars: Table, bands: tuple[float, float], length: float, *factors: float
) -> list[tuple[BoolArray, BoolArray]]:
    """Return for each Keltner channel where the Bollinger bands lie inside it and where outside."""
    high, low, close = bars
    middle, width = _mean(close, int(bands[0])), bands[1] * _deviation(close, int(bands[0]))
    before = _before(close, 1)
    ranges = np.maximum(_range(high, low), np.maximum(np.abs(high - before), np.abs(before - low)))
    basis, band = _mean(close, int(length)), _mean(ranges, int(length))
    found: list[tuple[BoolArray, BoolArray]] = []
    for factor in factors:
        lower, upper = basis - factor * band, basis + factor * band
        below, above = middle - width, middle + width
        found.append(((below > lower) & (above < upper), (below < lower) & (above > upper)))
    return found


def _smoothed_momentum(close: FloatArray, length: float, smooth: float) -> FloatArray:
    return _mean(close - _before(close, int(length)), int(smooth))


def squeeze(
    bars: Table, bb: float, deviations: float, kc: float, factor: float, length: float, smooth: float
) -> tuple[FloatArray, ...]:
    """Return momentum, and where the Bollinger bands are inside the Keltner channel, outside, neither."""
    ((inside, outside),) = _channels(bars, (bb, deviations), kc, factor)
    momentum = _smoothed_momentum(bars[2], length, smooth)
    return momentum, _flag(inside), _flag(outside), _flag(~inside & ~outside)


def squeeze_pro(
    bars: Table,
    bb: float,
    deviations: float,
    kc: float,
    *rest: float,
) -> tuple[FloatArray, ...]:
    """Return momentum, where the bands are inside the wide, normal and narrow channel, outside the wide, neither."""
    *factors, length, smooth = rest
    found = _channels(bars, (bb, deviations), kc, *factors)
    (wide, outside), (normal, _), (narrow, _) = found
    momentum = _smoothed_momentum(bars[2], length, smooth)
    return momentum, *(_flag(part) for part in (wide, normal, narrow, outside, ~wide & ~outside))


#: By the library's name: what is computed here and not there.
WINDOWS: Mapping[str, Callable[..., tuple[FloatArray, ...]]] = MappingProxyType(
    {
        "msw": mesa_sine,
        "rvgi": relative_vigor,
        "squeeze": squeeze,
        "squeeze_pro": squeeze_pro,
        "stderr": standard_error,
        "swma": symmetric_average,
    }
)

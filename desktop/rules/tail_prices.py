"""Functions of the long tail that forget: averages, momentum and trend, each of an array of shape (inputs, bars)."""

from __future__ import annotations

import math

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray
from desktop.rules.operators import NAN
from desktop.rules.tail_windows import (
    Line,
    Outputs,
    Table,
    averaged,
    before,
    change,
    deviation,
    flag,
    highest,
    lowest,
    mean,
    padded,
    spread,
    total,
    weighted,
    windows,
)

# --- Averages ----------------------------------------------------------------------------------------------------


def triangle(length: float) -> FloatArray:
    """Return weights that rise evenly to the middle and fall again."""
    count = int(length)
    return np.minimum(np.arange(1, count + 1), np.arange(count, 0, -1)).astype(np.float64)


def symmetric_average(bars: Table, length: float) -> Outputs:
    """Return the average with triangular weights."""
    return (averaged(bars[0], triangle(length)),)


def legoux_average(bars: Table, length: float, sigma: float, offset: float) -> Outputs:
    """Return the average with a bell curve of weights, its top at a share of the way back."""
    ages = np.arange(int(length), dtype=np.float64)[::-1]
    width = length / sigma
    return (averaged(bars[0], np.exp(-((ages - offset * (length - 1)) ** 2) / (2.0 * width * width))),)


def fibonacci_average(bars: Table, length: float) -> Outputs:
    """Return the average weighted by the Fibonacci numbers."""
    numbers = [1.0, 1.0]
    while len(numbers) < length:
        numbers.append(numbers[-1] + numbers[-2])
    return (averaged(bars[0], np.array(numbers[: int(length)])),)


def pascal_average(bars: Table, length: float) -> Outputs:
    """Return the average weighted by a row of Pascal's triangle."""
    row = int(length) - 1
    return (averaged(bars[0], np.array([float(math.comb(row, place)) for place in range(row + 1)])),)


def sine_average(bars: Table, length: float) -> Outputs:
    """Return the average weighted by half a sine wave."""
    return (averaged(bars[0], np.sin(np.arange(1, int(length) + 1) * np.pi / (length + 1))),)


def rainbow(bars: Table, length: float) -> Outputs:
    """Return ten means, each of the one before."""
    lines = [mean(bars[0], length)]
    while len(lines) < 10:
        lines.append(mean(lines[-1], length))
    return tuple(lines)


def ichimoku(bars: Table, tenkan: float, kijun: float, senkou: float) -> Outputs:
    """Return both spans of the cloud at each bar, conversion and base line; of high, low, close."""
    conversion, base, slow = (
        0.5 * (highest(bars[0], span) + lowest(bars[1], span)) for span in (tenkan, kijun, senkou)
    )
    return before(0.5 * (conversion + base), kijun), before(slow, kijun), conversion, base


# --- Momentum ----------------------------------------------------------------------------------------------------


def bias(bars: Table, length: float) -> Outputs:
    """Return the distance from the mean as a fraction of it."""
    return (bars[0] / mean(bars[0], length) - 1.0,)


def sentiment(bars: Table, length: float, scalar: float) -> Outputs:
    """Return AR and BR of open, high, low, close."""
    opened, high, low, close = bars
    last = before(close, 1)
    strong, weak = np.maximum(spread(high, last), 0.0), np.maximum(spread(last, low), 0.0)
    ar = scalar * total(spread(high, opened), length) / total(spread(opened, low), length)
    return ar, scalar * total(strong, length) / total(weak, length)


def forecast_distance(bars: Table, length: float, scalar: float) -> Outputs:
    """Return the distance from the forecast of a regression line in percent."""
    line = Line(bars[0], length)
    return (scalar * (bars[0] - (line.slope * length + line.first)) / bars[0],)


def projection(bars: Table, length: float) -> Outputs:
    """Return the distance from a regression line in percent of it."""
    line = Line(bars[0], length)
    now = line.slope * (length - 1) + line.first
    return (100.0 * (bars[0] - now) / now,)


def gravity(bars: Table, length: float) -> Outputs:
    """Return the center of gravity of windows."""
    weights = np.arange(int(length), 0, -1, dtype=np.float64)
    return (-weighted(bars[0], weights) / total(bars[0], length),)


def correlation_trend(bars: Table, length: float) -> Outputs:
    """Return the correlation of windows with a straight line."""
    line = Line(bars[0], length)
    squares: FloatArray = (windows(bars[0], length) * windows(bars[0], length)).sum(axis=1)
    part = length * line.moments - line.places_sum * line.sums
    return (part / np.sqrt(line.divisor * (length * padded(squares, length - 1) - line.sums**2)),)


def know_sure_thing(bars: Table, *settings: float) -> Outputs:
    """Return the weighted sum of four smoothed rates of change, and its mean."""
    x, lines = bars[0], zip(settings[:4], settings[4:8], (1.0, 2.0, 3.0, 4.0), strict=True)
    parts = [weight * mean(100.0 * change(x, rate) / before(x, rate), smooth) for rate, smooth, weight in lines]
    line = 100.0 * (parts[0] + parts[1] + parts[2] + parts[3])
    return line, mean(line, settings[8])


def psychological_line(bars: Table, length: float, scalar: float) -> Outputs:
    """Return the share of bars that rose, in percent."""
    return (scalar * total(flag(change(bars[0], 1) > 0.0), length) / length,)


def relative_vigor(bars: Table, length: float, smooth: float) -> Outputs:
    """Return histogram, line and signal of the relative vigor index of open, high, low, close."""
    opened, high, low, close = bars
    weights = triangle(smooth)
    line = total(averaged(spread(close, opened), weights), length) / total(averaged(spread(high, low), weights), length)
    signal = averaged(line, weights)
    return line - signal, line, signal


def mesa_sine(bars: Table, length: float) -> Outputs:
    """Return the sine of the phase of the dominant wave of a length, and the sine an eighth of a turn later."""
    turn = 2.0 * np.pi
    angles = turn * np.arange(int(length), dtype=np.float64) / length
    # Newest value first, and summed as the library does: where nothing moves only its rounding decides.
    newest_first = np.ascontiguousarray(windows(bars[0], length)[:, ::-1])
    real, imaginary = (padded(np.vecdot(newest_first, wave), length - 1) for wave in (np.cos(angles), np.sin(angles)))
    steep = np.where(imaginary < 0.0, -np.pi, np.pi)
    phase = np.where(np.abs(real) > 0.001, np.arctan(imaginary / real), steep)
    phase = np.where(real < 0.0, phase + np.pi, phase) + np.pi / 2.0
    phase = np.where(phase < 0.0, phase + turn, phase)
    phase = np.where(phase > turn, phase - turn, phase)
    return np.sin(phase), np.sin(phase + np.pi / 4.0)


def _channels(
    bars: Table, bands: tuple[float, float], length: float, *factors: float
) -> list[tuple[BoolArray, BoolArray]]:
    """Return for each Keltner channel where the Bollinger bands lie inside it and where outside."""
    high, low, close = bars
    middle, width = mean(close, bands[0]), bands[1] * deviation(close, bands[0])
    last = before(close, 1)
    ranges = np.maximum(spread(high, low), np.maximum(np.abs(high - last), np.abs(last - low)))
    basis, band = mean(close, length), mean(ranges, length)
    found: list[tuple[BoolArray, BoolArray]] = []
    for factor in factors:
        lower, upper = basis - factor * band, basis + factor * band
        below, above = middle - width, middle + width
        found.append(((below > lower) & (above < upper), (below < lower) & (above > upper)))
    return found


def squeeze(
    bars: Table, bb: float, deviations: float, kc: float, factor: float, length: float, smooth: float
) -> Outputs:
    """Return momentum, and where the Bollinger bands are inside the Keltner channel, outside, neither."""
    ((inside, outside),) = _channels(bars, (bb, deviations), kc, factor)
    return mean(change(bars[2], length), smooth), flag(inside), flag(outside), flag(~inside & ~outside)


def squeeze_pro(bars: Table, bb: float, deviations: float, kc: float, *rest: float) -> Outputs:
    """Return momentum, where the bands are inside the wide, normal and narrow channel, outside the wide, neither."""
    *factors, length, smooth = rest
    (wide, outside), (normal, _), (narrow, _) = _channels(bars, (bb, deviations), kc, *factors)
    parts = (wide, normal, narrow, outside, ~wide & ~outside)
    return mean(change(bars[2], length), smooth), *(flag(part) for part in parts)


# --- Trend -------------------------------------------------------------------------------------------------------


def rising(bars: Table, length: float) -> Outputs:
    """Return where the series is higher than some bars ago."""
    return (flag(change(bars[0], length) > 0.0),)


def falling(bars: Table, length: float) -> Outputs:
    """Return where the series is lower than some bars ago."""
    return (flag(change(bars[0], length) < 0.0),)


def long_run(bars: Table, length: float) -> Outputs:
    """Return where the fast series has risen and the slow one has moved."""
    return (flag((change(bars[0], length) > 0.0) & (change(bars[1], length) != 0.0)),)


def short_run(bars: Table, length: float) -> Outputs:
    """Return where the fast series has fallen and the slow one has moved."""
    return (flag((change(bars[0], length) < 0.0) & (change(bars[1], length) != 0.0)),)


def middle_trend(bars: Table, length: float) -> Outputs:
    """Return 1 where the close is above the mean of the last bars' middles, else -1; of high, low, close."""
    middle = 0.5 * (bars[0] + bars[1])
    added = middle
    for age in range(1, int(length)):  # newest first, as the library adds: closes in ticks often equal the mean
        added = added + before(middle, age)
    return (np.where(bars[2] > added / length, 1.0, -1.0),)


def linear_decay(bars: Table, length: float) -> Outputs:
    """Return the series, or that of the bar before less a part of 1, whichever is higher, and 0 at least."""
    faded = before(bars[0], 1) - 1.0 / length
    return (np.where(np.isnan(faded), NAN, np.maximum(np.maximum(bars[0], faded), 0.0)),)

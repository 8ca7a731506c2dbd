"""Functions of the long tail that forget: volatility, volume, statistics and candlesticks; the table of all of them.

Each takes an array of shape (inputs, bars).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from desktop.rules import tail_prices as prices
from desktop.rules.columns import FloatArray
from desktop.rules.tail_windows import (
    Outputs,
    Table,
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
    windows,
)

# --- Volatility --------------------------------------------------------------------------------------------------


def log_return(bars: Table, length: float) -> Outputs:
    """Return the logarithm of the value now divided by that some bars ago."""
    return (np.log(bars[0] / before(bars[0], length)),)


def yearly_volatility(bars: Table, length: float) -> Outputs:
    """Return the yearly volatility of log returns as a fraction."""
    return (deviation(log_return(bars, 1)[0], length) * np.sqrt(252.0),)


def historical_volatility(bars: Table, length: float, bars_a_year: float) -> Outputs:
    """Return the yearly volatility of log returns in percent."""
    return (100.0 * deviation(log_return(bars, 1)[0], length, sample=True) * np.sqrt(bars_a_year),)


def price_distance(bars: Table) -> Outputs:
    """Return how far the price travelled in a bar and to it; of open, high, low, close."""
    opened, high, low, close = bars
    travelled = 2.0 * spread(high, low) + np.abs(spread(opened, before(close, 1)))
    return (travelled - np.abs(spread(close, opened)),)


def ulcer_index(bars: Table, length: float, scalar: float) -> Outputs:
    """Return the root mean square of the percentage fall from the highest value."""
    top = highest(bars[0], length)
    fall = scalar * (bars[0] - top) / top
    return (np.sqrt(total(fall * fall, length) / length),)


# --- Volume ------------------------------------------------------------------------------------------------------


def ease(bars: Table) -> Outputs:
    """Return the ease of movement of high, low, volume."""
    high, low, volume = bars
    return (change(0.5 * (high + low), 1) / (volume / 10_000.0 / spread(high, low)),)


def mean_ease(bars: Table, length: float, divisor: float) -> Outputs:
    """Return the mean ease of movement of high, low, close, volume."""
    high, low, _, volume = bars
    return (mean(change(0.5 * (high + low), 1) / (volume / divisor / spread(high, low)), length),)


def price_volume(bars: Table) -> Outputs:
    """Return close times volume."""
    return (bars[0] * bars[1],)


def price_volume_rank(bars: Table) -> Outputs:
    """Return 1 where close and volume rise or stay, 2 close only, 3 volume only, 4 neither."""
    return (1.0 + 2.0 * flag(change(bars[0], 1) < 0.0) + flag(change(bars[1], 1) < 0.0),)


def volume_oscillator(bars: Table, fast: float, slow: float) -> Outputs:
    """Return the fast less the slow mean in percent of the slow."""
    fast, slow = sorted((fast, slow))
    usual = mean(bars[0], slow)
    return (100.0 * (mean(bars[0], fast) - usual) / usual,)


def volume_macd(bars: Table, fast: float, slow: float, signal: float) -> Outputs:
    """Return line, histogram and signal of averages weighted by volume."""
    x, volume = bars
    fast, slow = sorted((fast, slow))

    def average(values: FloatArray, length: float) -> FloatArray:
        return mean(values * volume, length) / mean(volume, length)

    line = average(x, fast) - average(x, slow)
    smooth = average(line, signal)
    return line, line - smooth, smooth


# --- Statistics --------------------------------------------------------------------------------------------------


def zscore(bars: Table, length: float, deviations: float = 1.0) -> Outputs:
    """Return the distance from the mean in standard deviations, for each input."""
    return tuple((x - mean(x, length)) / (deviations * deviation(x, length, sample=True)) for x in bars)


def standard_error(bars: Table, length: float) -> Outputs:
    """Return the standard error of the mean; a running variance would lose digits after a jump."""
    return (deviation(bars[0], length, sample=True) / np.sqrt(length),)


def median(bars: Table, length: float) -> Outputs:
    """Return the middle values of windows."""
    return (padded(np.median(windows(bars[0], length), axis=1), length - 1),)


def quantile(bars: Table, length: float, share: float) -> Outputs:
    """Return the quantiles of windows."""
    return (padded(np.quantile(windows(bars[0], length), share, axis=1), length - 1),)


def entropy(bars: Table, length: float, base: float) -> Outputs:
    """Return the entropy of windows, their values as shares of their sum."""
    shares = windows(bars[0], length) / windows(bars[0], length).sum(axis=1, keepdims=True)
    parts: FloatArray = np.nansum(-shares * np.log(shares) / np.log(base), axis=1)
    return (padded(np.where(np.isnan(shares).any(axis=1), np.nan, parts), length - 1),)


def _moments(x: FloatArray, length: float, order: int) -> tuple[FloatArray, FloatArray]:
    """Return the sums of squares and of another power of the distances from the mean."""
    apart = windows(x, length) - windows(x, length).mean(axis=1, keepdims=True)
    squares: FloatArray = (apart * apart).sum(axis=1)
    powers: FloatArray = (apart * apart * (apart if order % 2 else apart * apart)).sum(axis=1)
    return padded(squares, length - 1), padded(powers, length - 1)


def kurtosis(bars: Table, length: float) -> Outputs:
    """Return the excess kurtosis of windows as samples."""
    squares, fourths = _moments(bars[0], length, 4)
    scale = length * (length + 1.0) * (length - 1.0) / ((length - 2.0) * (length - 3.0))
    return (scale * fourths / squares**2 - 3.0 * (length - 1.0) ** 2 / ((length - 2.0) * (length - 3.0)),)


def skewness(bars: Table, length: float) -> Outputs:
    """Return the skewness of windows as samples."""
    squares, cubes = _moments(bars[0], length, 3)
    return (length * np.sqrt(length - 1.0) / (length - 2.0) * cubes / (squares * np.sqrt(squares)),)


def slope(bars: Table, length: float) -> Outputs:
    """Return the change over some bars, per bar."""
    return (change(bars[0], length) / length,)


# --- Candlesticks, of open, high, low, close ---------------------------------------------------------------------


def doji(bars: Table, length: float, percent: float) -> Outputs:
    """Return 100 where the body is small beside the mean range of the bars before, else 0."""
    opened, high, low, close = bars
    usual = before(mean(np.abs(spread(high, low)), length), 1)
    return (100.0 * flag(np.abs(spread(close, opened)) <= 0.01 * percent * usual),)


def inside_bar(bars: Table) -> Outputs:
    """Return 1 for a bar inside the one before that closed up, -1 for one that closed down, else 0."""
    opened, high, low, close = bars
    inside = (change(high, 1) < 0.0) & (change(low, 1) > 0.0)
    return (np.where(inside, np.where(close >= opened, 1.0, -1.0), 0.0),)


def sweep(bars: Table, length: float, factor: float) -> Outputs:
    """Return 1 for a long wick below the last low that closed above it, -1 for the opposite, else 0."""
    opened, high, low, close = bars
    bottom, top = before(lowest(low, length), 1), before(highest(high, length), 1)
    body = factor * np.abs(close - opened)
    below, above = np.minimum(opened, close) - low, high - np.maximum(opened, close)
    bought = (low < bottom) & (close > bottom) & (close > opened) & (below > body)
    sold = (high > top) & (close < top) & (close < opened) & (above > body)
    return (flag(bought) - flag(sold),)


#: By the library's name: what the last window alone decides.
WINDOWED: Mapping[str, Callable[..., Outputs]] = MappingProxyType(
    {
        "alma": prices.legoux_average,
        "avolume": yearly_volatility,
        "bias": prices.bias,
        "brar": prices.sentiment,
        "cdl_doji": doji,
        "cdl_inside": inside_bar,
        "cdl_z": zscore,
        "cfo": prices.forecast_distance,
        "cg": prices.gravity,
        "cti": prices.correlation_trend,
        "decay": prices.linear_decay,
        "decreasing": prices.falling,
        "emv": ease,
        "entropy": entropy,
        "eom": mean_ease,
        "fwma": prices.fibonacci_average,
        "hvol": historical_volatility,
        "ichimoku": prices.ichimoku,
        "increasing": prices.rising,
        "kst": prices.know_sure_thing,
        "kurtosis": kurtosis,
        "log_return": log_return,
        "long_run": prices.long_run,
        "median": median,
        "msw": prices.mesa_sine,
        "pdist": price_distance,
        "po": prices.projection,
        "psl": prices.psychological_line,
        "pvol": price_volume,
        "pvr": price_volume_rank,
        "pwma": prices.pascal_average,
        "quantile": quantile,
        "rainbow": prices.rainbow,
        "rvgi": prices.relative_vigor,
        "short_run": prices.short_run,
        "sinwma": prices.sine_average,
        "skew": skewness,
        "slope": slope,
        "smc_sweep": sweep,
        "squeeze": prices.squeeze,
        "squeeze_pro": prices.squeeze_pro,
        "stderr": standard_error,
        "swma": prices.symmetric_average,
        "ttm_trend": prices.middle_trend,
        "ui": ulcer_index,
        "vosc": volume_oscillator,
        "vwmacd": volume_macd,
        "zscore": zscore,
    }
)

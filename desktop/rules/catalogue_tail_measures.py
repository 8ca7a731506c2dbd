"""The table of functions: volatility, volume, statistics, cycles and candlesticks of the long tail."""

from __future__ import annotations

from typing import Any

from desktop.rules.catalogue_tail import bars, number, tail
from desktop.rules.catalogue_types import (
    HIGH_LOW,
    HLCV,
    OHLC,
    SERIES,
    Argument,
    Count,
    Function,
    Input,
    columns,
    fixed,
    longest,
    nothing,
    span,
    window,
)

_CLOSE_VOLUME = columns("close", "volume")


def _volatility(name: str, text: str, *arguments: Argument, look_back: Count = span, **more: Any) -> Function:
    return tail("volatility", name, text, *arguments, look_back=look_back, **more)


def _volume(name: str, text: str, *arguments: Argument, look_back: Count = nothing, **more: Any) -> Function:
    return tail("volume", name, text, *arguments, look_back=look_back, **more)


def _statistic(name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    return tail("statistics", name, text, *arguments, look_back=look_back, **more)


def _candle(name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    return tail("candlesticks", name, text, *arguments, look_back=look_back, inputs=OHLC, **more)


TAIL_VOLATILITY: tuple[Function, ...] = (
    _volatility("avolume", "Yearly volatility of log returns, 252 bars a year, as a fraction.", bars(20, 2)),
    _volatility(
        "hvol",
        "Historical volatility: yearly standard deviation of log returns in percent.",
        bars(20, 2),
        number("annualization", 252.0, 1.0, 1_000_000.0),
    ),
    _volatility(
        "pdist",
        "Price distance: how far the price travelled inside the bar and from the bar before.",
        inputs=OHLC,
        look_back=fixed(1),
    ),
    _volatility(
        "thermo",
        "Elder's thermometer: how far the bar stands out of the last one, its average, and 1 where quiet or hot.",
        bars(20, 2),
        number("quiet_factor", 2.0, 0.01, 100.0, "long"),
        number("hot_factor", 0.5, 0.01, 100.0, "short"),
        inputs=HIGH_LOW,
        outputs=("thermo", "average", "quiet", "hot"),
        smoothing=span,
    ),
    _volatility(
        "ui",
        "Ulcer index: root mean square of the percentage fall from the highest value of the last bars.",
        bars(14, 2),
        number("scalar", 100.0, 0.01, 10_000.0),
        look_back=lambda values: 2 * (int(values[0]) - 1),
    ),
    _volatility(
        "drawdown",
        "Fall from the highest value since the first bar of the series: in units, as a fraction, as a logarithm.",
        outputs=("units", "fraction", "logarithm"),
        look_back=nothing,
        from_origin=True,
    ),
)

TAIL_VOLUME: tuple[Function, ...] = (
    _volume(
        "aobv",
        "Archer on-balance volume since the first bar: extremes, two averages, and 1 where they run together.",
        bars(4, 1, name="fast"),
        bars(12, 1, name="slow"),
        bars(2, 1, name="highest", original="max_lookback"),
        bars(2, 1, name="lowest", original="min_lookback"),
        inputs=_CLOSE_VOLUME,
        outputs=("obv", "lowest", "highest", "fast", "slow", "long", "short"),
        look_back=lambda values: max(int(max(values[:2])) + 1, int(max(values[2:])) - 1),
        smoothing=lambda values: int(max(values[:2])),
        from_origin=True,
    ),
    _volume(
        "emv",
        "Ease of movement of one bar: how far the price moved for the volume it took.",
        inputs=columns("high", "low", "volume"),
        look_back=fixed(1),
    ),
    _volume(
        "eom",
        "Ease of movement, averaged.",
        bars(14, 1),
        number("divisor", 100_000_000.0, 1.0, 1e12),
        inputs=HLCV,
        look_back=span,
    ),
    _volume(
        "kvo",
        "Klinger volume oscillator and its signal.",
        bars(34, 2, name="fast"),
        bars(55, 2, name="slow"),
        bars(13, 2, name="signal"),
        inputs=HLCV,
        outputs=("kvo", "signal"),
        look_back=lambda values: int(max(values[:2])) - 1 + int(values[2]) - 1,
        smoothing=longest,
    ),
    _volume("pvol", "Close times volume.", inputs=_CLOSE_VOLUME),
    _volume(
        "pvr",
        "Price and volume rank: 1 both rise, 2 price only, 3 volume only, 4 neither.",
        inputs=_CLOSE_VOLUME,
        look_back=fixed(1),
    ),
    _volume(
        "vfi",
        "Volume flow index: volume on the side of moves that are large enough to count.",
        bars(130, 2, 500),
        number("coef", 0.2, 0.0001, 10.0),
        number("vcoef", 2.5, 0.01, 100.0),
        inputs=_CLOSE_VOLUME,
        look_back=lambda values: 2 * int(values[0]) + 1,
        smoothing=fixed(3),
    ),
    _volume(
        "vosc",
        "Volume oscillator: fast less slow average of the volume in percent.",
        bars(14, 1, name="fast"),
        bars(28, 1, name="slow"),
        inputs=columns("volume"),
        look_back=lambda values: int(max(values)) - 1,
    ),
    _volume(
        "vwmacd",
        "MACD of volume-weighted averages: line, histogram and signal.",
        bars(12, 1, name="fast"),
        bars(26, 1, name="slow"),
        bars(9, 1, name="signal"),
        inputs=(*SERIES, Input("volume", "volume", given=False)),
        outputs=("macd", "hist", "signal"),
        look_back=lambda values: int(max(values[:2])) - 1 + int(values[2]) - 1,
    ),
)

TAIL_STATISTICS: tuple[Function, ...] = (
    _statistic(
        "entropy",
        "Entropy of the values of the last bars as shares of their sum.",
        bars(10),
        number("base", 2.0, 1.01, 100.0),
    ),
    _statistic("kurtosis", "Excess kurtosis of the last bars: how heavy the tails are.", bars(30, 4)),
    _statistic("skew", "Skewness of the last bars: above 0 where the long tail lies above.", bars(30, 3)),
    _statistic("median", "Middle value of the last bars.", bars(30), overlay=True),
    _statistic(
        "quantile",
        "The value below which a share q of the last bars lies.",
        bars(30),
        number("q", 0.5, 0.001, 0.999),
        overlay=True,
    ),
    _statistic("stderr", "Standard error of the mean of the last bars.", bars(14)),
    _statistic(
        "zscore",
        "Distance from the mean of the last bars in standard deviations.",
        bars(30),
        number("std", 1.0, 1.0, 100.0),
    ),
    _statistic("log_return", "Logarithm of the value now divided by that some bars ago.", bars(1, 1), look_back=span),
    _statistic("slope", "Change over some bars, per bar.", bars(1, 1), look_back=span),
)

TAIL_CYCLES: tuple[Function, ...] = (
    tail(
        "cycles",
        "dsp",
        "Detrended synthetic price: the series less its exponential average.",
        bars(14, 2),
        smoothing=span,
    ),
    tail(
        "cycles",
        "ebsw",
        "Even better sine wave: -1 to 1, where the cycle stands; its high-pass length is 40.",
        bars(10, 1, name="bars"),
        look_back=fixed(40),
        smoothing=lambda values: max(int(values[0]), 8),
    ),
    tail(
        "cycles",
        "msw",
        "Mesa sine wave and its lead.",
        bars(5, name="length", original="period"),
        outputs=("sine", "lead"),
        look_back=span,
    ),
)

TAIL_CANDLES: tuple[Function, ...] = (
    _candle(
        "cdl_doji",
        "Doji by share of the mean range: 100 where the body is at most so many percent of it, else 0.",
        bars(10, 1),
        number("factor", 10.0, 0.01, 100.0),
        look_back=span,
    ),
    _candle(
        "cdl_inside",
        "Inside bar: 1 where it closed up, -1 where it closed down, else 0.",
        look_back=fixed(1),
    ),
    _candle(
        "cdl_z",
        "Open, high, low and close in standard deviations from their own means.",
        bars(30),
        outputs=("open", "high", "low", "close"),
    ),
    _candle(
        "smc_sweep",
        "Liquidity sweep: 1 a wick below the last swing low that closed above it, -1 the opposite, else 0.",
        bars(15, 1),
        number("wick", 1.5, 0.01, 100.0, "wick_mult"),
        look_back=span,
    ),
)

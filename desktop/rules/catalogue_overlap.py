"""The table of functions: moving averages, bands and prices, drawn on the price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.rules.catalogue_types import (
    HIGH_LOW,
    HLC,
    OHLC,
    SERIES,
    Argument,
    Count,
    Function,
    Input,
    average,
    average_look_back,
    averages,
    columns,
    fixed,
    length,
    longest,
    nothing,
    real,
    span,
    whole,
    window,
)

BAND_NAMES = ("upper", "middle", "lower")
BAND_ORIGINALS = ("upperband", "middleband", "lowerband")


def _overlap(name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    more.setdefault("inputs", SERIES)
    return Function(
        name, name.upper(), "Averages and bands", text, arguments=arguments, look_back=look_back, overlay=True, **more
    )


def _bands(name: str, text: str, *arguments: Argument, **more: Any) -> Function:
    return _overlap(name, text, *arguments, outputs=BAND_NAMES, originals=BAND_ORIGINALS, **more)


def _average_of(kind: str) -> Count:
    number = {"dema": 3, "tema": 4, "kama": 6, "t3": 8, "hma": 9, "zlema": 12}[kind]
    return lambda values: average_look_back(number, values[0])


def _bollinger(values: Sequence[float]) -> int:
    return max(int(values[0]) - 1, average_look_back(values[3], values[0]))


def _keltner(values: Sequence[float]) -> int:
    return max(int(values[0]) - 1, int(values[1]))


OVERLAP: tuple[Function, ...] = (
    _overlap("sma", "Simple moving average: the mean of the last bars.", length(30, 1)),
    _overlap("ema", "Exponential moving average: recent bars weigh more.", length(30, 1), smoothing=longest),
    _overlap("wma", "Weighted moving average with weights that fall evenly into the past.", length(30, 1)),
    _overlap("rma", "Wilder's smoothed moving average.", length(30, 1), smoothing=longest),
    _overlap(
        "dema",
        "Double exponential moving average: lags less than ema.",
        length(30, 1),
        look_back=_average_of("dema"),
        smoothing=longest,
    ),
    _overlap(
        "tema",
        "Triple exponential moving average: lags less than dema.",
        length(30, 1),
        look_back=_average_of("tema"),
        smoothing=longest,
    ),
    _overlap("trima", "Triangular moving average: the middle of the window weighs most.", length(30, 1)),
    _overlap(
        "kama",
        "Kaufman's adaptive moving average: quick in trends, slow in noise.",
        length(30, 1),
        look_back=_average_of("kama"),
        smoothing=longest,
    ),
    _overlap(
        "t3",
        "Tillson's T3: a very smooth average with little lag.",
        length(5, 1),
        real("factor", "vfactor", 0.7, high=1.0),
        look_back=_average_of("t3"),
        smoothing=longest,
    ),
    _overlap("hma", "Hull moving average: smooth and quick.", length(20, 1), look_back=_average_of("hma")),
    _overlap(
        "zlema",
        "Zero-lag exponential moving average.",
        length(30, 1),
        look_back=_average_of("zlema"),
        smoothing=longest,
    ),
    _overlap(
        "vwma",
        "Moving average weighted by volume.",
        length(30, 1),
        inputs=(*SERIES, Input("volume", "volume", given=False)),
    ),
    _overlap(
        "ma",
        "Moving average of the kind given (sma, ema, wma ...).",
        length(30, 1),
        average("kind", "matype", "sma"),
        look_back=lambda values: average_look_back(values[1], values[0]),
        smoothing=averages((1, 0)),
    ),
    _overlap(
        "mavp",
        "Moving average whose length is a series of its own, held between two lengths.",
        whole("shortest", "minperiod", 2, 1),
        whole("longest", "maxperiod", 30),
        average("kind", "matype", "sma"),
        inputs=(*SERIES, Input("lengths", None, given=True)),
        look_back=lambda values: average_look_back(values[2], values[1]),
        smoothing=averages((2, 1)),
        example="close > mavp(close, 5 + hour, 2, 30)",
    ),
    _overlap(
        "mama",
        "MESA adaptive moving average (mama) and its follower (fama).",
        real("fast", "fastlimit", 0.5, 0.01, 0.99),
        real("slow", "slowlimit", 0.05, 0.01, 0.99),
        outputs=("mama", "fama"),
        originals=("mama", "fama"),
        look_back=fixed(32),
        smoothing=fixed(32),
    ),
    _overlap("ht_trendline", "Hilbert transform: instantaneous trend line.", look_back=fixed(63), smoothing=fixed(63)),
    _bands(
        "bbands",
        "Bollinger bands: an average and its standard deviations above and below.",
        length(20),
        real("up", "nbdevup", 2.0),
        real("down", "nbdevdn", 2.0, follows="up"),
        average("kind", "matype", "sma"),
        look_back=_bollinger,
        smoothing=averages((3, 0)),
    ),
    _bands("accbands", "Acceleration bands around the price.", length(20), inputs=HLC),
    _bands("donchian", "Donchian channel: highest high and lowest low of the last bars.", length(20), inputs=HIGH_LOW),
    _bands(
        "kc",
        "Keltner channel: an average and multiples of the average true range.",
        length(20),
        whole("atr_length", "atrperiod", 10, 1),
        real("deviations", "nbdev", 2.0),
        inputs=HLC,
        look_back=_keltner,
        smoothing=lambda values: int(max(values[0], values[1])),
    ),
    _overlap("midpoint", "Middle between the highest and lowest value of the last bars.", length(14)),
    _overlap(
        "midprice", "Middle between the highest high and lowest low of the last bars.", length(14), inputs=HIGH_LOW
    ),
    _overlap(
        "sar",
        "Parabolic stop and reverse.",
        real("acceleration", "acceleration", 0.02),
        real("maximum", "maximum", 0.2),
        inputs=HIGH_LOW,
        look_back=fixed(1),
        smoothing=fixed(10),
    ),
    _overlap(
        "sarext",
        "Parabolic stop and reverse with settings for each side; negative while short.",
        real("start", "startvalue", 0.0, -1e12, 1e12),
        real("offset", "offsetonreverse", 0.0),
        real("init_long", "accelerationinitlong", 0.02),
        real("step_long", "accelerationlong", 0.02),
        real("max_long", "accelerationmaxlong", 0.2),
        real("init_short", "accelerationinitshort", 0.02),
        real("step_short", "accelerationshort", 0.02),
        real("max_short", "accelerationmaxshort", 0.2),
        inputs=HIGH_LOW,
        look_back=fixed(1),
        smoothing=fixed(10),
    ),
    _overlap(
        "supertrend",
        "SuperTrend line and its direction (1 up, -1 down).",
        length(10),
        real("multiplier", "multiplier", 3.0),
        inputs=HLC,
        outputs=("line", "trend"),
        originals=("supertrend", "trend"),
        look_back=span,
        smoothing=lambda values: int(values[0]),
    ),
)


def _price(name: str, text: str, inputs: tuple[Input, ...], **more: Any) -> Function:
    return Function(name, name.upper(), "Prices", text, inputs=inputs, overlay=True, **more)


PRICES: tuple[Function, ...] = (
    _price("avgprice", "Mean of open, high, low and close.", OHLC),
    _price("medprice", "Middle of the bar: mean of high and low.", HIGH_LOW),
    _price("typprice", "Typical price: mean of high, low and close.", HLC),
    _price("wclprice", "Weighted close: the close counts twice.", HLC),
    _price(
        "ha",
        "Heikin-Ashi bar: smoothed open, high, low and close.",
        OHLC,
        outputs=("open", "high", "low", "close"),
        originals=("haopen", "hahigh", "halow", "haclose"),
        look_back=nothing,
        smoothing=fixed(2),
    ),
    _price(
        "vwap",
        "Volume-weighted average price since the first bar of the series.",
        columns("high", "low", "close", "volume"),
        from_origin=True,
    ),
)

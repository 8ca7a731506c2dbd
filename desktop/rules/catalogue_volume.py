"""The table of functions: volume, volatility and statistics."""

from __future__ import annotations

from typing import Any

from desktop.rules.catalogue_types import (
    HIGH_LOW,
    HLC,
    HLCV,
    PAIR,
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


def _volume(name: str, text: str, *arguments: Argument, look_back: Count = nothing, **more: Any) -> Function:
    return Function(name, name.upper(), "Volume", text, arguments=arguments, look_back=look_back, **more)


_CLOSE_VOLUME = columns("close", "volume")

VOLUME: tuple[Function, ...] = (
    _volume("ad", "Chaikin accumulation and distribution line since the first bar.", inputs=HLCV, from_origin=True),
    _volume(
        "adosc",
        "Chaikin oscillator: fast less slow average of the accumulation line.",
        whole("fast", "fastperiod", 3),
        whole("slow", "slowperiod", 10),
        inputs=HLCV,
        look_back=lambda values: longest(values) - 1,
        smoothing=longest,
    ),
    _volume("cmf", "Chaikin money flow, -1 to 1.", length(20), inputs=HLCV, look_back=window),
    _volume("efi", "Elder's force index.", length(13, 1), inputs=_CLOSE_VOLUME, look_back=span, smoothing=longest),
    _volume(
        "marketfi", "Market facilitation index: range per unit of volume.", inputs=columns("high", "low", "volume")
    ),
    _volume("mfi", "Money flow index, 0 to 100.", length(14), inputs=HLCV, look_back=span),
    _volume("nvi", "Negative volume index since the first bar.", inputs=_CLOSE_VOLUME, from_origin=True),
    _volume("pvi", "Positive volume index since the first bar.", inputs=_CLOSE_VOLUME, from_origin=True),
    _volume("pvt", "Price volume trend since the first bar.", inputs=_CLOSE_VOLUME, from_origin=True),
    _volume(
        "obv",
        "On balance volume since the first bar.",
        inputs=(*SERIES, Input("volume", "volume", given=False)),
        from_origin=True,
    ),
    _volume(
        "pvo",
        "Percentage volume oscillator: fast less slow average of volume in percent.",
        whole("fast", "fastperiod", 12),
        whole("slow", "slowperiod", 26),
        average("kind", "matype", "ema"),
        inputs=columns("volume"),
        look_back=lambda values: average_look_back(values[2], max(values[0], values[1])),
        smoothing=averages((2, 0), (2, 1)),
    ),
    _volume(
        "rvol",
        "Volume relative to its average over the bars before.",
        length(20, 1),
        inputs=columns("volume"),
        look_back=span,
    ),
)


def _volatility(name: str, text: str, *arguments: Argument, look_back: Count = span, **more: Any) -> Function:
    return Function(name, name.upper(), "Volatility", text, arguments=arguments, look_back=look_back, **more)


VOLATILITY: tuple[Function, ...] = (
    _volatility("atr", "Average true range.", length(14, 1), inputs=HLC, smoothing=longest),
    _volatility("natr", "Average true range in percent of the close.", length(14, 1), inputs=HLC, smoothing=longest),
    _volatility(
        "trange", "True range of the bar, the gap from the bar before included.", inputs=HLC, look_back=fixed(1)
    ),
    _volatility("adr", "Average range from high to low.", length(14, 1), inputs=HIGH_LOW, look_back=window),
    _volatility(
        "cvi",
        "Chaikin's volatility: rate of change of the averaged range.",
        length(10),
        whole("roc", "rocperiod", 10, 1),
        inputs=HIGH_LOW,
        look_back=lambda values: int(values[0] + values[1]) - 1,
        smoothing=lambda values: int(values[0]),
    ),
    _volatility(
        "massi",
        "Mass index: widening of the range, a warning of reversals.",
        whole("fast", "fastperiod", 9),
        whole("slow", "slowperiod", 25),
        inputs=HIGH_LOW,
        look_back=lambda values: 2 * (int(values[0]) - 1) + int(values[1]) - 1,
        smoothing=lambda values: int(values[0]),
    ),
    _volatility(
        "rvi",
        "Relative volatility index, 0 to 100.",
        length(14, 1),
        whole("deviation", "stddevperiod", 10),
        inputs=SERIES,
        look_back=lambda values: int(values[0] + values[1]) - 2,
        smoothing=lambda values: int(values[0]),
    ),
)


def _statistic(name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    more.setdefault("inputs", SERIES)
    return Function(name, name.upper(), "Statistics", text, arguments=arguments, look_back=look_back, **more)


STATISTICS: tuple[Function, ...] = (
    _statistic("stddev", "Standard deviation of the last bars.", length(5), real("deviations", "nbdev", 1.0)),
    _statistic("var", "Variance of the last bars.", length(5, 1), real("deviations", "nbdev", 1.0)),
    _statistic("avgdev", "Mean absolute deviation of the last bars.", length(14)),
    _statistic("beta", "Beta of the returns of a against those of b.", length(5, 1), inputs=PAIR, look_back=span),
    _statistic("correl", "Pearson correlation of two series, -1 to 1.", length(30, 1), inputs=PAIR),
    _statistic("linearreg", "End of the regression line through the last bars.", length(14), overlay=True),
    _statistic("linearreg_angle", "Angle of the regression line in degrees.", length(14)),
    _statistic("linearreg_intercept", "Start of the regression line.", length(14), overlay=True),
    _statistic("linearreg_slope", "Slope of the regression line per bar.", length(14)),
    _statistic("tsf", "Time series forecast: the regression line one bar on.", length(14), overlay=True),
    _statistic(
        "percentile",
        "Percentile of the last bars by nearest rank.",
        length(30),
        real("percent", "percentile", 50.0, 0.0, 100.0),
        overlay=True,
    ),
    _statistic("percentrank", "Percent of the bars before that lie below this one.", length(100), look_back=span),
    _statistic("sum", "Sum of the last bars.", length(30)),
    _statistic(
        "minmax",
        "Lowest and highest value of the last bars.",
        length(30),
        outputs=("min", "max"),
        originals=("min", "max"),
        overlay=True,
    ),
    _statistic(
        "minmaxindex",
        "Bar numbers, counted from the first bar, of the lowest and highest value.",
        length(30),
        outputs=("min", "max"),
        originals=("minidx", "maxidx"),
    ),
    _statistic("maxindex", "Bar number, counted from the first bar, of the highest value.", length(30)),
    _statistic("minindex", "Bar number, counted from the first bar, of the lowest value.", length(30)),
    _statistic("cumsum", "Running sum since the first bar.", look_back=nothing, from_origin=True),
)


def _math(name: str, text: str, **more: Any) -> Function:
    more.setdefault("inputs", SERIES)
    return Function(name, name.upper(), "Mathematics", text, **more)


MATHEMATICS: tuple[Function, ...] = (
    _math("add", "Sum of two series: a + b.", inputs=PAIR),
    _math("sub", "Difference of two series: a - b.", inputs=PAIR),
    _math("mult", "Product of two series: a * b.", inputs=PAIR),
    _math("div", "Ratio of two series: a / b; unknown where b is 0.", inputs=PAIR),
    _math("acos", "Arc cosine in radians; unknown outside -1 to 1."),
    _math("asin", "Arc sine in radians; unknown outside -1 to 1."),
    _math("atan", "Arc tangent in radians."),
    _math("ceil", "Rounded up to a whole number.", overlay=True),
    _math("cos", "Cosine of radians."),
    _math("cosh", "Hyperbolic cosine."),
    _math("exp", "e to the power of x."),
    _math("floor", "Rounded down to a whole number.", overlay=True),
    _math("ln", "Natural logarithm; unknown for 0 and below."),
    _math("log10", "Logarithm to base 10; unknown for 0 and below."),
    _math("sin", "Sine of radians."),
    _math("sinh", "Hyperbolic sine."),
    _math("sqrt", "Square root; unknown below 0."),
    _math("tan", "Tangent of radians."),
    _math("tanh", "Hyperbolic tangent."),
)

"""The table of functions: momentum, oscillators and trend strength."""

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
    average,
    average_look_back,
    averages,
    columns,
    length,
    longest,
    nothing,
    span,
    whole,
    window,
)

MACD_NAMES = ("macd", "signal", "hist")
MACD_ORIGINALS = ("macd", "macdsignal", "macdhist")


def _momentum(name: str, text: str, *arguments: Argument, look_back: Count = span, **more: Any) -> Function:
    more.setdefault("inputs", SERIES)
    return Function(name, name.upper(), "Momentum", text, arguments=arguments, look_back=look_back, **more)


def _fast(default: int) -> Argument:
    return whole("fast", "fastperiod", default)


def _slow(default: int) -> Argument:
    return whole("slow", "slowperiod", default)


def _signal(default: int, low: int = 1) -> Argument:
    return whole("signal", "signalperiod", default, low)


def _longer(values: Sequence[float]) -> int:
    return int(max(values[0], values[1]))


def _oscillator(values: Sequence[float]) -> int:
    return average_look_back(values[2], _longer(values))


def _macd(values: Sequence[float]) -> int:
    return _longer(values) - 1 + int(values[2]) - 1


def _macd_extended(values: Sequence[float]) -> int:
    fast, fast_kind, slow, slow_kind, signal, signal_kind = values
    first = max(average_look_back(fast_kind, fast), average_look_back(slow_kind, slow))
    return first + average_look_back(signal_kind, signal)


def _stochastic(values: Sequence[float]) -> int:
    fast_k, slow_k, slow_k_kind, slow_d, slow_d_kind = values
    return int(fast_k) - 1 + average_look_back(slow_k_kind, slow_k) + average_look_back(slow_d_kind, slow_d)


def _fast_stochastic(values: Sequence[float]) -> int:
    return int(values[0]) - 1 + average_look_back(values[2], values[1])


def _stochastic_rsi(values: Sequence[float]) -> int:
    return int(values[0]) + _fast_stochastic(values[1:])


_AVERAGE = average("kind", "matype", "ema")
_STOCHASTIC = (
    whole("slow_k", "slowk_period", 3, 1),
    average("slow_k_kind", "slowk_matype", "sma"),
    whole("slow_d", "slowd_period", 3, 1),
    average("slow_d_kind", "slowd_matype", "sma"),
)
_FAST_D = (whole("fast_d", "fastd_period", 3, 1), average("fast_d_kind", "fastd_matype", "sma"))

MOMENTUM: tuple[Function, ...] = (
    _momentum(
        "rsi", "Relative strength index, 0 to 100; 0 while the price does not move.", length(14), smoothing=longest
    ),
    _momentum("cmo", "Chande momentum oscillator, -100 to 100.", length(14), smoothing=longest),
    _momentum("cmou", "Chande momentum oscillator without smoothing.", length(14)),
    _momentum("mom", "Momentum: price now less price some bars ago.", length(10, 1)),
    _momentum("roc", "Rate of change in percent.", length(10, 1)),
    _momentum("rocp", "Rate of change as a fraction.", length(10, 1)),
    _momentum("rocr", "Price now divided by price some bars ago.", length(10, 1)),
    _momentum("rocr100", "Price now in percent of the price some bars ago.", length(10, 1)),
    _momentum(
        "macd",
        "Moving average convergence and divergence: line, signal and histogram.",
        _fast(12),
        _slow(26),
        _signal(9),
        look_back=_macd,
        smoothing=longest,
        outputs=MACD_NAMES,
        originals=MACD_ORIGINALS,
    ),
    _momentum(
        "macdext",
        "MACD with a kind of average for each of its lines.",
        _fast(12),
        average("fast_kind", "fastmatype", "sma"),
        _slow(26),
        average("slow_kind", "slowmatype", "sma"),
        _signal(9),
        average("signal_kind", "signalmatype", "sma"),
        look_back=_macd_extended,
        smoothing=averages((1, 0), (3, 2), (5, 4)),
        outputs=MACD_NAMES,
        originals=MACD_ORIGINALS,
    ),
    _momentum(
        "macdfix",
        "MACD with its classic lengths 12 and 26.",
        _signal(9),
        look_back=lambda values: 24 + int(values[0]),
        smoothing=lambda values: max(26, int(values[0])),
        outputs=MACD_NAMES,
        originals=MACD_ORIGINALS,
    ),
    _momentum(
        "apo",
        "Absolute price oscillator: fast less slow average.",
        _fast(12),
        _slow(26),
        _AVERAGE,
        look_back=_oscillator,
        smoothing=averages((2, 0), (2, 1)),
    ),
    _momentum(
        "ppo",
        "Percentage price oscillator: fast less slow average in percent.",
        _fast(12),
        _slow(26),
        _AVERAGE,
        look_back=_oscillator,
        smoothing=averages((2, 0), (2, 1)),
    ),
    _momentum(
        "trix",
        "One-bar rate of change of a triple exponential average.",
        length(30, 1),
        look_back=lambda values: 3 * (int(values[0]) - 1) + 1,
        smoothing=longest,
    ),
    _momentum(
        "tsi",
        "True strength index, -100 to 100.",
        whole("first", "firstperiod", 25),
        whole("second", "secondperiod", 13),
        look_back=lambda values: int(values[0] + values[1]) - 1,
        smoothing=longest,
    ),
    _momentum(
        "coppock",
        "Coppock curve: a weighted average of two rates of change.",
        whole("wma", "wmaperiod", 10, 1),
        whole("roc1", "roc1period", 11, 1),
        whole("roc2", "roc2period", 14, 1),
        look_back=lambda values: int(values[0]) - 1 + int(max(values[1], values[2])),
    ),
    _momentum("dpo", "Detrended price oscillator: price without its trend.", length(20), look_back=window),
    _momentum("er", "Kaufman's efficiency ratio: 1 straight trend, 0 noise.", length(10)),
    _momentum("fosc", "Forecast oscillator: distance from the forecast in percent.", length(5)),
    _momentum("vhf", "Vertical horizontal filter: high in trends, low in ranges.", length(28)),
    _momentum(
        "stochrsi",
        "Stochastic of the relative strength index.",
        length(14),
        whole("fast_k", "fastk_period", 5, 1),
        *_FAST_D,
        look_back=_stochastic_rsi,
        smoothing=lambda values: int(values[0]),
        outputs=("k", "d"),
        originals=("fastk", "fastd"),
    ),
    _momentum(
        "stoch",
        "Slow stochastic: where the close lies in the range of the last bars.",
        whole("fast_k", "fastk_period", 5, 1),
        *_STOCHASTIC,
        inputs=HLC,
        look_back=_stochastic,
        smoothing=averages((2, 1), (4, 3)),
        outputs=("k", "d"),
        originals=("slowk", "slowd"),
    ),
    _momentum(
        "stochf",
        "Fast stochastic: the close in the range of the last bars, and its average.",
        whole("fast_k", "fastk_period", 5, 1),
        *_FAST_D,
        inputs=HLC,
        look_back=_fast_stochastic,
        smoothing=averages((2, 1)),
        outputs=("k", "d"),
        originals=("fastk", "fastd"),
    ),
    _momentum(
        "kdj",
        "KDJ stochastic with its J line.",
        whole("fast_k", "fastk_period", 9, 1),
        whole("slow_k", "slowk_period", 3, 1),
        average("slow_k_kind", "slowk_matype", "rma"),
        whole("slow_d", "slowd_period", 3, 1),
        average("slow_d_kind", "slowd_matype", "rma"),
        inputs=HLC,
        look_back=_stochastic,
        smoothing=averages((2, 1), (4, 3)),
        outputs=("k", "d", "j"),
        originals=("k", "d", "j"),
    ),
    _momentum(
        "smi",
        "Stochastic momentum index and its signal.",
        length(13),
        _fast(2),
        _slow(25),
        _signal(9, 2),
        inputs=HLC,
        look_back=lambda values: int(sum(values)) - 4,
        smoothing=longest,
        outputs=("smi", "signal"),
        originals=("smi", "smisignal"),
    ),
    _momentum(
        "ao",
        "Awesome oscillator: fast less slow average of the bar's middle.",
        _fast(5),
        _slow(34),
        inputs=HIGH_LOW,
        look_back=lambda values: _longer(values) - 1,
    ),
    _momentum(
        "ac",
        "Accelerator oscillator: the awesome oscillator less its average.",
        _fast(5),
        _slow(34),
        _signal(5, 2),
        inputs=HIGH_LOW,
        look_back=_macd,
    ),
    _momentum("bop", "Balance of power: who won the bar, -1 to 1.", inputs=OHLC, look_back=nothing),
    _momentum("cci", "Commodity channel index.", length(14), inputs=HLC, look_back=window),
    _momentum(
        "eri",
        "Elder ray: power of bulls and bears.",
        length(13, 1),
        inputs=HLC,
        look_back=window,
        smoothing=longest,
        outputs=("bull", "bear"),
        originals=("bullpower", "bearpower"),
    ),
    _momentum(
        "fractal",
        "Williams fractal on the bar that confirms it: 1 at a swing, else 0.",
        whole("left", "leftbars", 2, 1),
        whole("right", "rightbars", 2, 1),
        inputs=HIGH_LOW,
        look_back=lambda values: int(values[0] + values[1]),
        outputs=("high", "low"),
        originals=("swinghigh", "swinglow"),
    ),
    _momentum("imi", "Intraday momentum index.", length(14), inputs=columns("open", "close"), look_back=window),
    _momentum(
        "qstick",
        "Qstick: average body of the last bars.",
        length(10, 1),
        inputs=columns("open", "close"),
        look_back=window,
    ),
    _momentum(
        "ultosc",
        "Ultimate oscillator over three lengths.",
        whole("length1", "timeperiod1", 7, 1),
        whole("length2", "timeperiod2", 14, 1),
        whole("length3", "timeperiod3", 28, 1),
        inputs=HLC,
        look_back=longest,
    ),
    _momentum("willr", "Williams %R, -100 to 0.", length(14), inputs=HLC, look_back=window),
    _momentum(
        "wad",
        "Williams' accumulation and distribution since the first bar.",
        inputs=HLC,
        look_back=nothing,
        from_origin=True,
    ),
)

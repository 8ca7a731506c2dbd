"""The table of functions: momentum of the long tail, which TA-Lib lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.rules.catalogue_tail import bars, number, tail
from desktop.rules.catalogue_types import (
    HIGH_LOW,
    HLC,
    OHLC,
    Argument,
    Count,
    Function,
    fixed,
    longest,
    span,
    window,
)


def _momentum(name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    return tail("momentum", name, text, *arguments, look_back=look_back, **more)


def _know_sure_thing(values: Sequence[float]) -> int:
    lines = zip(values[:4], values[4:8], strict=True)
    return int(max(rate + mean - 1 for rate, mean in lines)) + int(values[8]) - 1


def _squeezed(values: Sequence[float]) -> int:
    bands, channel, momentum, smooth = int(values[0]), int(values[2]), int(values[-2]), int(values[-1])
    return max(bands - 1, channel, momentum + smooth - 1)


def _quantitative(values: Sequence[float]) -> int:
    ranges = 2 * int(values[0]) - 1
    return int(values[0]) + int(values[1]) + 2 * (ranges - 1)


_BANDS = (bars(20, name="bb_length"), number("bb_std", 2.0, 0.01, 100.0))
_SMOOTHED = (bars(12, 1, name="mom_length"), bars(6, 1, name="mom_smooth"))

TAIL_MOMENTUM: tuple[Function, ...] = (
    _momentum("bias", "Distance from the simple average as a fraction of it.", bars(26, 1)),
    _momentum(
        "brar",
        "Sentiment: the highs above and lows below the open (ar) and the close before (br), in percent.",
        bars(26, 1),
        number("scalar", 100.0, 0.01, 10_000.0),
        inputs=OHLC,
        outputs=("ar", "br"),
        look_back=span,
    ),
    _momentum(
        "cfo",
        "Chande forecast oscillator: distance from the forecast of a regression line in percent.",
        bars(9),
        number("scalar", 100.0, 0.01, 10_000.0),
    ),
    _momentum("cg", "Center of gravity: where in the last bars the weight of the prices lies.", bars(10, 1)),
    _momentum("cti", "Correlation trend: how close the last bars come to a straight line, -1 to 1.", bars(12, 3)),
    _momentum(
        "fisher",
        "Fisher transform of the place in the range, and its value some bars ago.",
        bars(9, 1),
        bars(1, 1, name="signal"),
        inputs=HIGH_LOW,
        outputs=("fisher", "signal"),
        look_back=lambda values: int(values[0]) + int(values[1]) - 1,
        smoothing=fixed(10),
    ),
    _momentum(
        "inertia",
        "Inertia: regression line of the relative volatility index.",
        bars(20, 2, 200),
        bars(14, 2, 50, "rvi_length"),
        look_back=lambda values: int(values[0]) + 2 * int(values[1]) - 3,
        smoothing=lambda values: int(values[1]),
    ),
    _momentum(
        "kst",
        "Know sure thing: four smoothed rates of change, weighted, and its signal.",
        *(bars(length, 1, name=f"roc{place}") for place, length in enumerate((10, 15, 20, 30), 1)),
        *(bars(length, 1, name=f"sma{place}") for place, length in enumerate((10, 10, 10, 15), 1)),
        bars(9, 1, name="signal"),
        outputs=("kst", "signal"),
        look_back=_know_sure_thing,
    ),
    _momentum(
        "lrsi",
        "Laguerre relative strength index, 0 to 100.",
        number("gamma", 0.5, 0.01, 0.99),
        look_back=fixed(1),
        smoothing=lambda values: int(8 / (1.0 - values[0])),
    ),
    _momentum(
        "pgo",
        "Pretty good oscillator: distance from the average in average true ranges.",
        bars(14, 2),
        inputs=HLC,
        look_back=lambda values: 2 * int(values[0]) - 1,
        smoothing=span,
    ),
    _momentum("po", "Projection: distance from a regression line in percent of it.", bars(14)),
    _momentum(
        "psl",
        "Psychological line: share of the last bars that rose, in percent.",
        bars(12, 1),
        number("scalar", 100.0, 0.01, 10_000.0),
        look_back=span,
    ),
    _momentum(
        "qqe",
        "Quantitative qualitative estimation: trailing line, smoothed strength, its bands, trend (1 up, -1 down).",
        bars(14, 2),
        bars(5, 1, name="smooth"),
        number("factor", 4.236, 0.01, 100.0),
        outputs=("line", "rsi", "long", "short", "trend"),
        look_back=_quantitative,
        smoothing=lambda values: 4 * int(values[0]),
    ),
    _momentum(
        "rsx",
        "Relative strength without its noise, 0 to 100; 50 where nothing moves.",
        bars(14),
        look_back=lambda values: int(values[0]) + max(int(values[0]) - 1, 5),
        smoothing=longest,
    ),
    _momentum(
        "rvgi",
        "Relative vigor index: bodies against ranges, smoothed: histogram, line and signal.",
        bars(14, 1),
        bars(4, 3, name="swma_length"),
        inputs=OHLC,
        outputs=("hist", "rvgi", "signal"),
        look_back=lambda values: int(values[0]) - 1 + 2 * (int(values[1]) - 1),
    ),
    _momentum(
        "squeeze",
        "Bollinger bands inside Keltner channels: smoothed momentum, and 1 where squeezed (on), wide (off) or neither.",
        *_BANDS,
        bars(20, name="kc_length"),
        number("kc_scalar", 1.5, 0.01, 100.0),
        *_SMOOTHED,
        inputs=HLC,
        outputs=("momentum", "on", "off", "neither"),
        look_back=_squeezed,
    ),
    _momentum(
        "squeeze_pro",
        "Squeeze against three Keltner channels: momentum, and 1 where inside the wide, normal or narrow one.",
        *_BANDS,
        bars(20, name="kc_length"),
        number("wide", 2.0, 0.01, 100.0, "kc_scalar_wide"),
        number("normal", 1.5, 0.01, 100.0, "kc_scalar_normal"),
        number("narrow", 1.0, 0.01, 100.0, "kc_scalar_narrow"),
        *_SMOOTHED,
        inputs=HLC,
        outputs=("momentum", "wide", "normal", "narrow", "off", "neither"),
        look_back=_squeezed,
    ),
    _momentum(
        "stc",
        "Schaff trend cycle, 0 to 100, its MACD and first stochastic; stands still while the MACD's low is below 0.",
        bars(10, 2, name="cycle", original="tclength"),
        bars(12, 2, name="fast"),
        bars(26, 2, name="slow"),
        number("factor", 0.5, 0.001, 1.0),
        outputs=("stc", "macd", "stoch"),
        look_back=lambda values: int(values[0]) + int(max(values[1:3])) - 2,
        smoothing=lambda values: int(max(values[:3])),
    ),
    _momentum(
        "trixh",
        "TRIX with its signal and histogram.",
        bars(18, 2),
        bars(9, 1, name="signal"),
        number("scalar", 100.0, 0.01, 10_000.0),
        outputs=("trix", "signal", "hist"),
        look_back=lambda values: 3 * (int(values[0]) - 1) + int(values[1]),
        smoothing=span,
    ),
)

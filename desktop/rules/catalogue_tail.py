"""The table of functions: averages, bands and trends of the long tail, which TA-Lib lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.rules.catalogue_types import (
    HLC,
    SERIES,
    Argument,
    Count,
    Function,
    Input,
    fixed,
    longest,
    nothing,
    real,
    span,
    window,
)

#: The longest of a length: windows are laid out side by side, and a block holds a smoothing 30 times.
WIDE = 1_000


def bars(default: int, low: int = 2, high: int = WIDE, name: str = "length", original: str = "") -> Argument:
    """Return a number of bars; `original` is the library's name where it is another."""
    return Argument(name, original or name, default, low, high)


def number(name: str, default: float, low: float, high: float, original: str = "") -> Argument:
    """Return a number that need not be whole."""
    return real(name, original or name, default, low, high)


def tail(category: str, name: str, text: str, *arguments: Argument, look_back: Count = window, **more: Any) -> Function:
    """Return the row of a function whose outputs are the first columns the library gives, in its order."""
    more.setdefault("inputs", SERIES)
    return Function(
        name,
        "",
        f"More {category}",
        text,
        arguments=arguments,
        look_back=look_back,
        originals=tuple(more.get("outputs", ())),
        tail=name,
        **more,
    )


def _average(name: str, text: str, *arguments: Argument, **more: Any) -> Function:
    return tail("averages and bands", name, text, *arguments, overlay=True, **more)


def _trend(name: str, text: str, *arguments: Argument, **more: Any) -> Function:
    return tail("trend", name, text, *arguments, **more)


def _ribbons(values: Sequence[float]) -> int:
    return int(values[0]) + 25  # six lengths, five bars apart


def _slower(values: Sequence[float]) -> int:
    return int(max(values[0], values[1]))


PAIR_OF_AVERAGES = (Input("fast", None, given=True), Input("slow", None, given=True))

TAIL_AVERAGES: tuple[Function, ...] = (
    _average(
        "alma",
        "Legoux moving average: a bell of weights, its top that share of the way back (0.15 is 0.85 on most charts).",
        bars(10),
        number("sigma", 6.0, 0.1, 100.0),
        number("distribution_offset", 0.85, 0.01, 1.0),
    ),
    _average("fwma", "Moving average weighted by the Fibonacci numbers.", bars(10)),
    _average("pwma", "Moving average weighted by a row of Pascal's triangle.", bars(10)),
    _average("sinwma", "Moving average weighted by half a sine wave.", bars(14)),
    _average("swma", "Moving average with weights that rise to the middle and fall evenly.", bars(10, 3)),
    _average(
        "mcgd",
        "McGinley's dynamic average: keeps up with the market by itself.",
        bars(10, 1),
        number("c", 1.0, 0.1, 1.0),
        look_back=nothing,
        smoothing=longest,
    ),
    _average(
        "ssf",
        "Ehlers' super smoother filter with two or three poles.",
        bars(10),
        bars(2, 2, 3, "poles"),
        look_back=nothing,
        smoothing=longest,
    ),
    _average(
        "hwma",
        "Holt-Winters moving average: level, speed and acceleration, each smoothed.",
        number("na", 0.2, 0.001, 0.999),
        number("nb", 0.1, 0.001, 0.999),
        number("nc", 0.1, 0.001, 0.999),
        look_back=nothing,
        smoothing=lambda values: int(3 / min(values[:3])),
    ),
    _average(
        "hwc",
        "Holt-Winters channel: the average and deviations from it.",
        number("na", 0.2, 0.001, 0.999),
        number("nb", 0.1, 0.001, 0.999),
        number("nc", 0.1, 0.001, 0.999),
        number("nd", 0.1, 0.001, 0.999),
        number("deviations", 1.0, 0.01, 100.0, "scalar"),
        outputs=("middle", "upper", "lower"),
        look_back=nothing,
        smoothing=lambda values: int(3 / min(values[:4])),
    ),
    _average(
        "jma",
        "An average in Jurik's manner: adapts to volatility; phase from -100 (smooth) to 100 (quick).",
        bars(7, 2),
        number("phase", 0.0, -100.0, 100.0),
        smoothing=lambda values: 2 * int(values[0]),
    ),
    _average(
        "vidya",
        "Chande's variable index dynamic average: quick when the market has a direction.",
        bars(14),
        smoothing=lambda values: 4 * int(values[0]),
    ),
    _average(
        "mmar",
        "Madrid ribbon: six exponential averages, each five bars longer than the last.",
        bars(10, 1),
        outputs=("a", "b", "c", "d", "e", "f"),
        look_back=lambda values: _ribbons(values) - 1,
        smoothing=_ribbons,
    ),
    _average(
        "rainbow",
        "Rainbow: ten simple averages, each of the one before.",
        bars(2, 2),
        outputs=("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"),
        look_back=lambda values: 10 * (int(values[0]) - 1),
    ),
    _average(
        "ichimoku",
        "Ichimoku: the cloud at this bar (span_a, span_b), conversion line (tenkan) and base line (kijun).",
        bars(9, 1, name="tenkan"),
        bars(26, 1, name="kijun"),
        bars(52, 1, name="senkou"),
        inputs=HLC,
        outputs=("span_a", "span_b", "tenkan", "kijun"),
        look_back=lambda values: int(max(values)) - 1 + int(values[1]),
        refused=(("chikou", "it is the close of later bars, so a rule with it would look into the future"),),
    ),
    _average(
        "hilo",
        "Gann high-low activator: the line, known as long in a rise and as short in a fall.",
        bars(13, 1, name="high_length"),
        bars(21, 1, name="low_length"),
        inputs=HLC,
        outputs=("line", "long", "short"),
        look_back=_slower,
        smoothing=longest,
    ),
    _average(
        "pmax",
        "Profit maximizer: a trailing stop of true ranges around an exponential average.",
        bars(10, 2),
        number("multiplier", 3.0, 0.01, 100.0),
        inputs=HLC,
        look_back=span,
        smoothing=span,
    ),
    _average(
        "ce",
        "Chandelier exit: extremes of the last bars less multiples of the average true range.",
        bars(22, 2),
        number("multiplier", 3.0, 0.01, 100.0),
        inputs=HLC,
        outputs=("long", "short"),
        look_back=span,
        smoothing=span,
    ),
    _average(
        "cksp",
        "Chande Kroll stop: the stop of a long and of a short position.",
        bars(10, 2, name="p"),
        number("x", 3.0, 0.01, 100.0),
        bars(20, 1, name="q"),
        inputs=HLC,
        outputs=("long", "short"),
        look_back=lambda values: int(values[0]) + int(values[2]) - 1,
        smoothing=span,
    ),
    _average(
        "aberration",
        "Aberration: an average of typical prices with average true ranges around it.",
        bars(5, 1),
        bars(15, 2, name="atr_length"),
        inputs=HLC,
        outputs=("middle", "upper", "lower", "atr"),
        look_back=lambda values: max(int(values[0]) - 1, int(values[1])),
        smoothing=lambda values: int(values[1]),
    ),
)

TAIL_TREND: tuple[Function, ...] = (
    _trend(
        "amat",
        "Archer averages trend: 1 where the fast average has risen (long) or fallen (short) over some bars.",
        bars(8, 1, name="fast"),
        bars(21, 2, name="slow"),
        bars(2, 1, name="run", original="lookback"),
        outputs=("long", "short"),
        look_back=lambda values: _slower(values) - 1 + int(values[2]),
        smoothing=_slower,
    ),
    _trend(
        "chop",
        "Choppiness index: near 100 in a range, near 0 in a trend.",
        bars(14, 2),
        bars(1, 1, name="atr_length"),
        inputs=HLC,
        look_back=lambda values: int(values[0]) + int(values[1]) - 1,
        smoothing=lambda values: int(values[1]) - 1,
    ),
    _trend(
        "decay",
        "The series, or that of the bar before less a part, whichever is higher.",
        bars(5, 1),
        look_back=fixed(1),
    ),
    _trend(
        "edecay",
        "The series, or its last peak after an exponential decay, whichever is higher.",
        bars(5, 1),
        look_back=nothing,
        smoothing=longest,
    ),
    _trend("increasing", "1 where the series is higher than some bars ago, else 0.", bars(1, 1), look_back=span),
    _trend("decreasing", "1 where the series is lower than some bars ago, else 0.", bars(1, 1), look_back=span),
    _trend(
        "long_run",
        "1 where the fast series has risen over some bars and the slow one has moved, else 0.",
        bars(2, 1),
        inputs=PAIR_OF_AVERAGES,
        look_back=span,
        example="long_run(ema(8), ema(21)) == 1",
    ),
    _trend(
        "short_run",
        "1 where the fast series has fallen over some bars and the slow one has moved, else 0.",
        bars(2, 1),
        inputs=PAIR_OF_AVERAGES,
        look_back=span,
        example="short_run(ema(8), ema(21), 3) == 1",
    ),
    _trend(
        "ttm_trend",
        "TTM trend: 1 where the close is above the mean of the last bars' middles, else -1.",
        bars(6, 1),
        inputs=HLC,
    ),
    _trend(
        "td_seq",
        "DeMark's set-up: bars in a row that closed above (up) or below (down) the close four bars before; 13 at most.",
        outputs=("up", "down"),
        look_back=fixed(4),
        smoothing=fixed(1),
    ),
)

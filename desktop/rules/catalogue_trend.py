"""The table of functions: direction and strength of trends, and cycles."""

from __future__ import annotations

from typing import Any

from desktop.rules.catalogue_types import (
    HIGH_LOW,
    HLC,
    SERIES,
    Argument,
    Count,
    Function,
    fixed,
    length,
    longest,
    span,
    window,
)


def _trend(name: str, text: str, *arguments: Argument, look_back: Count = span, **more: Any) -> Function:
    return Function(name, name.upper(), "Trend", text, arguments=arguments, look_back=look_back, **more)


TREND: tuple[Function, ...] = (
    _trend(
        "adx",
        "Average directional index: strength of a trend.",
        length(14),
        inputs=HLC,
        look_back=lambda values: 2 * int(values[0]) - 1,
        smoothing=longest,
    ),
    _trend(
        "adxr",
        "Average directional index rating.",
        length(14),
        inputs=HLC,
        look_back=lambda values: 3 * int(values[0]) - 2,
        smoothing=longest,
    ),
    _trend("dx", "Directional movement index.", length(14), inputs=HLC, smoothing=longest),
    _trend("plus_di", "Plus directional indicator: strength of rises.", length(14, 1), inputs=HLC, smoothing=longest),
    _trend("minus_di", "Minus directional indicator: strength of falls.", length(14, 1), inputs=HLC, smoothing=longest),
    _trend(
        "plus_dm", "Plus directional movement.", length(14, 1), inputs=HIGH_LOW, look_back=window, smoothing=longest
    ),
    _trend(
        "minus_dm", "Minus directional movement.", length(14, 1), inputs=HIGH_LOW, look_back=window, smoothing=longest
    ),
    _trend(
        "aroon",
        "Aroon: bars since the lowest low (down) and the highest high (up).",
        length(14),
        inputs=HIGH_LOW,
        outputs=("down", "up"),
        originals=("aroondown", "aroonup"),
    ),
    _trend("aroonosc", "Aroon oscillator: up less down.", length(14), inputs=HIGH_LOW),
    _trend(
        "vortex",
        "Vortex indicator: plus and minus.",
        length(14, 1),
        inputs=HLC,
        outputs=("plus", "minus"),
        originals=("plusvi", "minusvi"),
    ),
)


def _cycle(name: str, text: str, bars: int, **more: Any) -> Function:
    return Function(
        name, name.upper(), "Cycles", text, inputs=SERIES, look_back=fixed(bars), smoothing=fixed(bars), **more
    )


CYCLES: tuple[Function, ...] = (
    _cycle("ht_dcperiod", "Hilbert transform: length of the dominant cycle.", 32),
    _cycle("ht_dcphase", "Hilbert transform: phase of the dominant cycle.", 63),
    _cycle(
        "ht_phasor",
        "Hilbert transform: phasor components.",
        32,
        outputs=("inphase", "quadrature"),
        originals=("inphase", "quadrature"),
    ),
    _cycle(
        "ht_sine",
        "Hilbert transform: sine wave and its lead.",
        63,
        outputs=("sine", "lead"),
        originals=("sine", "leadsine"),
    ),
    _cycle("ht_trendmode", "Hilbert transform: 1 in a trend, 0 in a cycle.", 63),
)

"""Curves of a report page as inline SVG; colours come from the page's style, so they follow dark and light.

The picture stretches to the room there is, the texts beside it do not: they are legible on a phone and on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.market import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.rules.columns import FloatArray, IntArray

WIDTH = 1000  # units of the picture from left to right
POINTS = 1200  # of a curve, at most: more than a screen has columns
_YEAR, _MONTH = 365 * DAY, 30 * DAY
_STEPS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_MOST_TICKS = 9
_PHONE_LETTERS = 38  # below a chart on a phone
_DWARFED = 8.0  # times the strategy's own range: beside such a benchmark its curve is a flat line
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One line of a chart; `kind` is its class in the page's style, values have shape (n,)."""

    kind: str
    title: str
    values: FloatArray


def dwarfed(equity: FloatArray, benchmark: FloatArray) -> bool:
    """Whether a curve beside its benchmark, shape (n,) each, would be a flat line: it moved far less."""
    known = benchmark[np.isfinite(benchmark)]
    return bool(len(known)) and float(np.ptp(known)) > _DWARFED * max(float(np.ptp(equity)), 1e-9)


def chart(start: IntArray, curves: Sequence[Curve], *, height: int, label: Callable[[float], str], title: str) -> str:
    """Return curves over time as an HTML element: the picture, and values and times beside it.

    Args:
        start: µs UTC of each point, rising; shape (n,), at least one.
        curves: What is drawn; the first one's area is filled when its class is "drawdown".
        height: Pixels on a screen; on a phone the style makes it lower.
        label: Text of a value at the axis.
        title: For those who do not see it.
    """
    low = min(float(curve.values.min()) for curve in curves)
    high = max(float(curve.values.max()) for curve in curves)
    if high - low < 1e-9 * max(1.0, abs(high)):  # the rounding of a flat curve is no movement
        low, high = low - 1.0, high + 1.0
    first, last = int(start[0]), int(start[-1])

    def left(at: FloatArray | IntArray) -> FloatArray:
        span = max(last - first, 1)
        return WIDTH * ((at - first) / span)

    def top(value: FloatArray) -> FloatArray:
        return height * ((high - value) / (high - low))

    lines, texts = [], []
    for value in round_values(low, high):
        y = float(top(np.array([value]))[0])
        lines.append(f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        texts.append(f'<span class="value" style="top:{100 * y / height:.2f}%">{escape(label(value))}</span>')
    times = round_times(first, last)
    kept = _kept_on_a_phone([text for _, text in times])
    for number, (at, text) in enumerate(times):
        x = float(left(np.array([float(at)]))[0])
        lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
        kind = "time" if number in kept else "time wide"
        texts.append(f'<span class="{kind}" style="left:{100 * x / WIDTH:.2f}%">{text}</span>')
    parts = [
        f'<div class="plot" role="img" aria-label="{escape(title)}" style="--high:{height}px">',
        f'<svg viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none" aria-hidden="true">',
        *lines,
    ]
    for curve in curves:
        places = envelope(curve.values)
        points = _points(left(start[places]), top(curve.values[places]))
        if curve.kind == "drawdown":
            zero = f"{float(top(np.array([0.0]))[0]):.1f}"
            begin, end = (f"{x:.1f}" for x in left(start[places[[0, -1]]]).tolist())
            parts.append(f'<polygon class="area" points="{begin},{zero} {points} {end},{zero}"/>')
        parts.append(
            f'<polyline class="{curve.kind}" points="{points}"><title>{escape(curve.title)}</title></polyline>'
        )
    return "".join([*parts, "</svg>", *texts, "</div>"])


def _kept_on_a_phone(texts: Sequence[str]) -> set[int]:
    """Return the places of the texts that have room beside each other on a narrow screen: all, or every n-th."""
    letters = sum(map(len, texts)) + 2 * len(texts)
    every = max(1, -(-letters // _PHONE_LETTERS))
    return set(range(0, len(texts), every))


def envelope(values: FloatArray) -> IntArray:
    """Return the places of at most `POINTS` points that keep every extreme: lowest and highest of each stretch."""
    count = len(values)
    if count <= POINTS:
        return np.arange(count, dtype=np.int64)
    borders = np.linspace(0, count, POINTS // 2).astype(np.int64)  # leaves room for the first and the last point
    places = {0, count - 1}
    for begin, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        part = values[begin:end]
        places |= {begin + int(part.argmin()), begin + int(part.argmax())}
    return np.array(sorted(places), dtype=np.int64)


def _points(x: FloatArray, y: FloatArray) -> str:
    return " ".join(f"{left:.1f},{top:.1f}" for left, top in zip(x.tolist(), y.tolist(), strict=True))


def round_values(low: float, high: float) -> list[float]:
    """Return four to nine round values between two bounds."""
    raw = (high - low) / 5
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    first = -floor(-low / step)
    return [index * step for index in range(first, floor(high / step) + 1)]


def round_times(first: int, last: int) -> list[tuple[int, str]]:
    """Return at most nine round moments between two with their texts: years, months, days or times of day, in UTC."""
    span = last - first
    for step in _STEPS:
        if span // step < _MOST_TICKS:
            begin = -(-first // step) * step
            shape = "%Y-%m-%d" if step >= DAY else "%m-%d %H:%M"
            return [(at, _text(at, shape)) for at in range(begin, last + 1, step)]
    months = next(count for count in _MONTHS if span // (count * _MONTH) < _MOST_TICKS)
    shape = "%Y" if months >= 12 else "%Y-%m"
    begun = _EPOCH + timedelta(microseconds=first)
    number = -(-(begun.year * 12 + begun.month - 1) // months) * months
    found = []
    while (at := _month_start(number)) <= last:
        if at >= first:
            found.append((at, _text(at, shape)))
        number += months
    return found


def _month_start(number: int) -> int:
    return int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def _text(at: int, shape: str) -> str:
    return (_EPOCH + timedelta(microseconds=at)).strftime(shape)

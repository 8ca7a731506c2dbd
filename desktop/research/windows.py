"""The windows of a walk-forward: where parameters are chosen, and the bars after that where they are tried."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY
from desktop.rules.columns import IntArray

_FIELD = "--walk-forward"
_LENGTHS = re.compile(r"\s*(\d{1,9})\s*(d?)\s*/\s*(\d{1,9})\s*(d?)\s*")
MAX_WINDOWS = 1_000


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How the bars are divided.

    Attributes:
        in_sample: Length of the part where parameters are chosen.
        out_of_sample: Length of the part after it where they are tried; the next window begins that much later.
        days: Whether both are days instead of bars.
        anchored: Whether every in-sample part begins with the first bar and grows, instead of moving on.
    """

    in_sample: int
    out_of_sample: int
    days: bool = False
    anchored: bool = False

    def __post_init__(self) -> None:
        if self.in_sample < 1 or self.out_of_sample < 1:
            raise FieldError(_FIELD, "both lengths are at least 1.")


@dataclass(frozen=True, slots=True)
class Window:
    """One step of a walk-forward; times are µs UTC.

    Attributes:
        begin: Parameters are chosen on bars from here on,
        middle: and up to here; from here on they are tried,
        end: up to here.
    """

    begin: int
    middle: int
    end: int


def parse_plan(text: str, *, anchored: bool = False) -> WindowPlan:
    """Return the plan that `2000/500` (bars) or `365d/90d` (days) says: in-sample, then out-of-sample.

    Raises:
        FieldError: it is written otherwise.
    """
    found = _LENGTHS.fullmatch(text)
    if found is None or found[2] != found[4]:
        raise FieldError(
            _FIELD, f"{text!r} is not IN/OUT. Write 2000/500 (bars) or 365d/90d (days): choose on IN, then try on OUT."
        )
    return WindowPlan(int(found[1]), int(found[3]), days=found[2] == "d", anchored=anchored)


def windows_of(start: IntArray, plan: WindowPlan) -> tuple[Window, ...]:
    """Return the windows of a series of bars; the last one ends with the bars and may be shorter.

    Windows with a part that has no bars (a gap of many days) are left out; `left_out` counts them.

    Args:
        start: µs UTC, start of each bar, strictly rising; shape (n,).
        plan: How to divide them.

    Raises:
        FieldError: the bars are too few for one window, not one has bars in both parts, or the windows are too many.
    """
    found = tuple(window for window in _all_windows(start, plan) if _has_bars(start, window))
    if not found:
        raise FieldError(
            _FIELD,
            "not one window has bars both to choose on and to try on: the prices have long gaps. Take longer windows.",
        )
    return found


def left_out(start: IntArray, plan: WindowPlan) -> int:
    """Return how many windows of the plan have a part without a single bar; arguments and errors as `windows_of`."""
    return sum(1 for window in _all_windows(start, plan) if not _has_bars(start, window))


def _has_bars(start: IntArray, window: Window) -> bool:
    before, after = (window.begin, window.middle), (window.middle, window.end)
    return bool(bars_between(start, *before) and bars_between(start, *after))


def _all_windows(start: IntArray, plan: WindowPlan) -> list[Window]:
    middles, length = _middles(start, plan), plan.in_sample * (DAY if plan.days else 1)
    found = []
    for middle in middles:
        begin = middles[0] - length if plan.anchored else middle - length
        end = middle + middles.step
        if not plan.days:  # places of bars become times
            end = int(start[end]) if end < len(start) else int(start[-1]) + 1
            begin, middle = int(start[begin]), int(start[middle])  # noqa: PLW2901 - the same edge in the other unit
        found.append(Window(begin, middle, end))
    return found


def _middles(start: IntArray, plan: WindowPlan) -> range:
    """Return where parameters begin to be tried: µs UTC of a plan in days, else places of bars."""
    step, count = plan.out_of_sample, len(start)
    if plan.days and count:
        first = int(start[0]) // DAY * DAY
        middles = range(first + plan.in_sample * DAY, int(start[-1]) + 1, step * DAY)
    else:
        middles = range(plan.in_sample, count, step)
    if not middles:
        unit = "days" if plan.days else "bars"
        has = (int(start[-1]) - int(start[0])) // DAY + 1 if plan.days and count else count
        raise FieldError(
            _FIELD,
            f"the history has {has:,} {unit}; a window needs {plan.in_sample:,} and at least one more to try on. "
            "Take shorter windows or a longer history.",
        )
    if len(middles) > MAX_WINDOWS:
        raise FieldError(_FIELD, f"makes {len(middles):,} windows, the most is {MAX_WINDOWS:,}. Take longer ones.")
    return middles


def bars_between(start: IntArray, begin: int, end: int) -> int:
    """Return how many bars start from `begin` (µs UTC) on and before `end`."""
    return int(np.searchsorted(start, end) - np.searchsorted(start, begin))

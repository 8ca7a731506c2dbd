"""What the machines of the long tail are built of: averages, extremes, ranges and strength, bar by bar."""

from __future__ import annotations

import math
from collections import deque
from typing import TypeAlias

from desktop.rules.operators import NAN

Values: TypeAlias = float | tuple[float, ...]

EPSILON = 2.220446049250313e-16  # stands for a range of zero


def share(part: float, whole: float) -> float:
    """Return `part / whole`; NaN where it has no value."""
    return part / whole if whole else NAN


class Mean:
    """Mean of the last `length` values; NaN before."""

    def __init__(self, length: int) -> None:
        self._values: deque[float] = deque(maxlen=length)

    def step(self, x: float) -> float:
        """Take a value."""
        self._values.append(x)
        if len(self._values) < (self._values.maxlen or 0):
            return NAN
        return math.fsum(self._values) / len(self._values)


class Exponential:
    """Exponential average that begins with the mean of its first `length` values; NaN before."""

    def __init__(self, weight: float, length: int) -> None:
        self._weight, self._length = weight, length
        self._seed: list[float] = []
        self._last = NAN

    def step(self, x: float) -> float:
        """Take a value."""
        if self._length:
            self._seed.append(x)
            if len(self._seed) == self._length:
                self._last = math.fsum(self._seed) / self._length
                self._length, self._seed = 0, []
        else:
            self._last = (1.0 - self._weight) * self._last + self._weight * x
        return self._last


def average(length: float) -> Exponential:
    """Return the usual exponential average of a length in bars."""
    return Exponential(2.0 / (length + 1.0), int(length))


class Extremes:
    """Lowest and highest of the last `length` values; NaN before."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._count = 0
        self._lows: deque[tuple[int, float]] = deque()  # rising values that may still be the lowest
        self._highs: deque[tuple[int, float]] = deque()

    def step(self, x: float) -> tuple[float, float]:
        """Take a value."""
        place = self._count
        self._count += 1
        while self._lows and self._lows[-1][1] >= x:
            self._lows.pop()
        while self._highs and self._highs[-1][1] <= x:
            self._highs.pop()
        self._lows.append((place, x))
        self._highs.append((place, x))
        for queue in (self._lows, self._highs):
            if queue[0][0] <= place - self._length:
                queue.popleft()
        if self._count < self._length:
            return NAN, NAN
        return self._lows[0][1], self._highs[0][1]


class TrueRange:
    """Wilder's true range; NaN on the first bar."""

    def __init__(self) -> None:
        self._close = NAN

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        before, self._close = self._close, close
        if before != before:  # noqa: PLR0124  NaN on the first bar
            return NAN
        return max(high - low or EPSILON, abs(high - before), abs(before - low))


class AverageRange:
    """Wilder's average true range; NaN in the warm-up."""

    def __init__(self, length: float) -> None:
        self._range, self._average = TrueRange(), Exponential(1.0 / length, int(length))

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        now = self._range.step(high, low, close)
        return NAN if math.isnan(now) else self._average.step(now)


class Strength:
    """Wilder's relative strength index, 0 to 100; NaN in the warm-up and while nothing has moved."""

    def __init__(self, length: int) -> None:
        self._rises, self._falls = (Exponential(1.0 / length, length) for _ in range(2))
        self._last = NAN

    def step(self, x: float) -> float:
        """Take a value."""
        move, self._last = x - self._last, x
        if move != move:  # noqa: PLR0124  NaN on the first bar
            return NAN
        rises, falls = self._rises.step(max(move, 0.0)), self._falls.step(max(-move, 0.0))
        return 100.0 * rises / (rises + falls) if rises + falls != 0.0 else NAN

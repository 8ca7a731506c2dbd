"""Machines of the long tail: filters with fixed weights."""

from __future__ import annotations

import math

from desktop.rules.tail_smoothing import Values


class ExponentialDecay:
    """The series, or what is left of its last peak after an exponential decay, whichever is higher."""

    def __init__(self, length: float) -> None:
        self._factor = math.exp(-1.0 / length)
        self._last = -math.inf

    def step(self, x: float) -> float:
        """Take a value."""
        self._last = max(x, self._last * self._factor) if self._last != -math.inf else x
        return self._last


class HoltWinters:
    """Level, speed and acceleration of a series, each smoothed; their sum is the average."""

    def __init__(self, level: float, speed: float, acceleration: float) -> None:
        self._weights = (level, speed, acceleration)
        self._state: tuple[float, float, float] | None = None

    def step(self, x: float) -> float:
        """Take a value."""
        to_level, to_speed, to_acceleration = self._weights
        level, speed, acceleration = self._state or (x, 0.0, 0.0)
        now = (1.0 - to_level) * (level + speed + 0.5 * acceleration) + to_level * x
        faster = (1.0 - to_speed) * (speed + acceleration) + to_speed * (now - level)
        turned = (1.0 - to_acceleration) * acceleration + to_acceleration * (faster - speed)
        self._state = (now, faster, turned)
        return now + faster + 0.5 * turned


class HoltWintersChannel:
    """The Holt-Winters average with deviations of the series from it above and below."""

    def __init__(self, level: float, speed: float, acceleration: float, variance: float, deviations: float) -> None:
        self._average = HoltWinters(level, speed, acceleration)
        self._weight, self._deviations = variance, deviations
        self._variance = 0.0
        self._error: float | None = None  # of the bar before

    def step(self, x: float) -> Values:
        """Take a value."""
        middle = self._average.step(x)
        width = self._deviations * math.sqrt(self._variance)
        error = 0.0 if self._error is None else self._error
        self._variance = (1.0 - self._weight) * self._variance + self._weight * error * error
        self._error = x - middle
        return middle, middle + width, middle - width


class McGinley:
    """McGinley's dynamic average: its speed follows the speed of the market."""

    def __init__(self, length: float, factor: float) -> None:
        self._length = factor * length
        self._last = 0.0

    def step(self, x: float) -> float:
        """Take a value."""
        if self._last == 0.0:
            self._last = x
        else:
            self._last += (x - self._last) / max(self._length * (x / self._last) ** 4, 1e-10)
        return self._last


class SuperSmoother:
    """Ehlers' super smoother with two or three poles; the first bars are the series itself."""

    def __init__(self, length: float, poles: float) -> None:
        if poles == 3:
            decay = math.exp(-math.pi / length)
            turn = 2.0 * decay * math.cos(math.sqrt(3.0) * math.pi / length)
            square = decay * decay
            self._back: tuple[float, ...] = (turn + square, -square * (1.0 + turn), square * square)
        else:
            decay = math.exp(-math.pi * math.sqrt(2.0) / length)
            self._back = (2.0 * decay * math.cos(math.pi * math.sqrt(2.0) / length), -decay * decay)
        self._gain = 1.0 - sum(self._back)
        self._last: list[float] = []  # newest first

    def step(self, x: float) -> float:
        """Take a value."""
        if len(self._last) == len(self._back):
            x = self._gain * x + sum(weight * value for weight, value in zip(self._back, self._last, strict=True))
            self._last.pop()
        self._last.insert(0, x)
        return x


class LaguerreStrength:
    """Relative strength over the four elements of a Laguerre filter, 0 to 100."""

    def __init__(self, gamma: float) -> None:
        self._gamma = gamma
        self._elements: list[float] | None = None

    def step(self, x: float) -> float:
        """Take a value."""
        if self._elements is None:
            self._elements = [x] * 4
            return 0.0
        gamma, before = self._gamma, self._elements
        now = [(1.0 - gamma) * x + gamma * before[0]]
        for place in (1, 2, 3):
            now.append(-gamma * now[place - 1] + before[place - 1] + gamma * before[place])
        self._elements = now
        moves = [now[place] - now[place + 1] for place in (0, 1, 2)]
        rises = sum(move for move in moves if move > 0)
        falls = -sum(move for move in moves if move < 0)
        return 100.0 * rises / (rises + falls) if rises + falls else 0.0

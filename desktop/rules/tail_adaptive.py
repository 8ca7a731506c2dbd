"""Machines of the long tail that adapt: Jurik's average, the variable average and the smoothed strength index."""

from __future__ import annotations

import math
from collections import deque

from desktop.rules.operators import NAN


class Jurik:
    """An average in Jurik's manner: adaptive to the volatility of the series, with a phase from lag to overshoot."""

    _SPAN, _MEMORY = 10, 66  # bars of a volatility, and volatilities their mean is taken over

    def __init__(self, length: float, phase: float) -> None:
        half = 0.5 * (length - 1.0)
        self._limit = max(math.log2(math.sqrt(half)) + 2.0, 0.0)
        self._power = max(self._limit - 2.0, 0.5)
        self._most = self._limit ** (1.0 / self._power)
        root = self._limit * math.sqrt(half)
        self._band_decay = root / (root + 1.0)
        self._decay = 0.45 * (length - 1.0) / (0.45 * (length - 1.0) + 2.0)
        self._ratio = 1.5 + 0.01 * phase
        self._moves = deque([0.0], maxlen=self._SPAN + 1)
        self._volatilities = deque([0.0], maxlen=self._MEMORY)
        self._upper = self._lower = self._first = self._value = NAN
        self._lag = self._step = 0.0

    def step(self, x: float) -> float:
        """Take a value."""
        if math.isnan(self._value):  # the first bar
            self._upper = self._lower = self._first = self._value = x
            return x
        strength = self._strength(x)
        alpha = self._decay**strength
        self._first = (1.0 - alpha) * x + alpha * self._first
        self._lag = (x - self._first) * (1.0 - self._decay) + self._decay * self._lag
        target = self._first + self._ratio * self._lag
        self._step = (target - self._value) * (1.0 - alpha) ** 2 + alpha * alpha * self._step
        self._value += self._step
        return self._value

    def _strength(self, x: float) -> float:
        """Return how much the value stands out of the volatility so far, and move the bands around it."""
        above, below = x - self._upper, x - self._lower
        move = max(abs(above), abs(below)) if abs(above) != abs(below) else 0.0
        self._moves.append(move)
        self._volatilities.append(self._volatilities[-1] + (move - self._moves[0]) / self._SPAN)
        usual = sum(self._volatilities) / len(self._volatilities)
        relative = move / usual if usual else 0.0
        strength = float(max(1.0, min(self._most, relative)) ** self._power)
        narrowing = self._band_decay ** math.sqrt(strength)
        self._upper = x if above > 0 else x - narrowing * above
        self._lower = x if below < 0 else x - narrowing * below
        return strength


class _Stage:
    """Two exponential averages in a row, drawn together so that they do not lag."""

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._once = self._twice = 0.0

    def step(self, x: float) -> float:
        weight = self._weight
        self._once = (1.0 - weight) * self._once + weight * x
        self._twice = weight * self._once + (1.0 - weight) * self._twice
        return 1.5 * self._once - 0.5 * self._twice


class SmoothedStrength:
    """Relative strength without noise, 0 to 100: the moves and their sizes each through three stages; 50 at first."""

    _NEUTRAL = 50.0

    def __init__(self, length: float) -> None:
        weight = 3.0 / (length + 2.0)
        self._moves, self._sizes = ([_Stage(weight) for _ in range(3)] for _ in range(2))
        self._skip = int(length)  # the library begins after so many bars
        self._warm_up = max(int(length) - 1, 5)
        self._seen = 0
        self._moved = False
        self._last = NAN

    def step(self, x: float) -> float:
        """Take a value."""
        if self._skip:
            self._skip -= 1
            return NAN
        move, self._last = 100.0 * x - self._last, 100.0 * x
        if not self._seen:
            self._seen, self._moved = 1, False
            return self._NEUTRAL
        self._seen = min(self._seen, self._warm_up) + 1
        size = abs(move)
        for smooth, smooth_size in zip(self._moves, self._sizes, strict=True):
            move, size = smooth.step(move), smooth_size.step(size)
        if self._seen <= self._warm_up:
            self._moved = self._moved or size != 0.0
            if self._seen == self._warm_up and not self._moved:
                self._seen = 0  # nothing has moved: the warm-up begins again
            return self._NEUTRAL
        return min(max((move / size + 1.0) * self._NEUTRAL, 0.0), 100.0) if size > 1e-10 else self._NEUTRAL


class VariableAverage:
    """Chande's variable index dynamic average: as fast as the market has a direction."""

    def __init__(self, length: float) -> None:
        self._length, self._weight = int(length), 2.0 / (length + 1.0)
        self._moves: list[float] = []
        self._seed: list[float] = []
        self._last = NAN
        self._price: float | None = None

    def step(self, x: float) -> float:
        """Take a value."""
        if self._price is not None:
            self._moves.append(x - self._price)
            if len(self._moves) > self._length:
                self._moves.pop(0)
        self._price = x
        if len(self._seed) < self._length:
            self._seed.append(x)
            if len(self._seed) == self._length:
                self._last = math.fsum(self._seed) / self._length
            return self._last
        travel = math.fsum(map(abs, self._moves))
        if travel:  # on a price that stands still it stands still
            share = self._weight * abs(math.fsum(self._moves)) / travel
            self._last = share * x + (1.0 - share) * self._last
        return self._last

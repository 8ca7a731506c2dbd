"""Machines of the long tail: what is made of exponential averages and average true ranges."""

from __future__ import annotations

import math
from collections import deque

from desktop.rules.operators import NAN
from desktop.rules.tail_smoothing import AverageRange, Extremes, Mean, Values, average, share


class Ribbons:
    """Six exponential averages, each five bars longer than the last."""

    _COUNT, _APART = 6, 5

    def __init__(self, length: float) -> None:
        self._averages = [average(length + self._APART * place) for place in range(self._COUNT)]

    def step(self, x: float) -> Values:
        """Take a value."""
        return tuple([line.step(x) for line in self._averages])


class Detrended:
    """The series less its exponential average."""

    def __init__(self, length: float) -> None:
        self._average = average(length)

    def step(self, x: float) -> float:
        """Take a value."""
        return x - self._average.step(x)


class TripleRate:
    """Rate of change of a triple exponential average in percent, its mean and the distance between them."""

    def __init__(self, length: float, signal: float, scalar: float) -> None:
        self._averages = [average(length) for _ in range(3)]
        self._mean, self._scalar = Mean(int(signal)), scalar
        self._last = NAN

    def step(self, x: float) -> Values:
        """Take a value."""
        for line in self._averages:
            x = line.step(x)
            if math.isnan(x):
                return NAN, NAN, NAN
        rate, self._last = self._scalar * (share(x, self._last) - 1.0), x
        signal = NAN if math.isnan(rate) else self._mean.step(rate)
        return rate, signal, rate - signal


class Runs:
    """Whether a fast and a slow series ran together over some bars: 1 or 0 for up and for down."""

    def __init__(self, length: float) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=int(length))

    def step(self, fast: float, slow: float) -> tuple[float, float]:
        """Take both values of a bar."""
        if len(self._seen) < (self._seen.maxlen or 0):
            self._seen.append((fast, slow))
            return NAN, NAN
        fast_before, slow_before = self._seen[0]
        self._seen.append((fast, slow))
        moved = slow != slow_before
        return float(fast > fast_before and moved), float(fast < fast_before and moved)


class ArcherAverages:
    """Whether a fast and a slow exponential average run together."""

    def __init__(self, fast: float, slow: float, length: float) -> None:
        self._fast, self._slow, self._runs = average(fast), average(slow), Runs(length)

    def step(self, x: float) -> Values:
        """Take a value."""
        return self._runs.step(self._fast.step(x), self._slow.step(x))


class ArcherBalance:
    """On-balance volume since the origin, its extremes, two averages and whether they run together."""

    def __init__(self, fast: float, slow: float, highest: float, lowest: float) -> None:
        fast, slow = sorted((fast, slow))
        self._fast, self._slow, self._runs = average(fast), average(slow), Runs(2)
        self._lowest, self._highest = Extremes(int(lowest)), Extremes(int(highest))
        self._close = -math.inf  # the first bar counts as a rise
        self._sum = 0.0

    def step(self, close: float, volume: float) -> Values:
        """Take a bar."""
        if close != self._close:
            self._sum += volume if close > self._close else -volume
        self._close = close
        now = self._fast.step(self._sum), self._slow.step(self._sum)
        extremes = self._lowest.step(self._sum)[0], self._highest.step(self._sum)[1]
        return self._sum, *extremes, *now, *self._runs.step(*now)


class VolumeOscillator:
    """Klinger's oscillator: averages of the volume, signed by the typical price, and the average of their distance."""

    def __init__(self, fast: float, slow: float, signal: float) -> None:
        self._fast, self._slow, self._signal = average(fast), average(slow), average(signal)
        self._price = -math.inf  # the first bar counts as a rise

    def step(self, high: float, low: float, close: float, volume: float) -> Values:
        """Take a bar."""
        price = (high + low + close) / 3.0
        signed = 0.0 if price == self._price else volume if price > self._price else -volume
        self._price = price
        line = self._fast.step(signed) - self._slow.step(signed)
        return line, NAN if math.isnan(line) else self._signal.step(line)


class Thermometer:
    """How far a bar stands out of the one before, its average, and whether that is little (quiet) or much (hot)."""

    def __init__(self, length: float, quiet: float, hot: float) -> None:
        self._average, self._quiet, self._hot = average(length), quiet, hot
        self._before: tuple[float, float] | None = None

    def step(self, high: float, low: float) -> Values:
        """Take a bar."""
        before, self._before = self._before, (high, low)
        if before is None:
            return (NAN,) * 4
        value = max(abs(high - before[0]), abs(before[1] - low))
        usual = self._average.step(value)
        return value, usual, float(value < usual * self._quiet), float(value > usual * self._hot)


# --- Around average true ranges ----------------------------------------------------------------------------------


class Chandelier:
    """Highest high less, and lowest low plus, a multiple of the average true range."""

    def __init__(self, length: float, multiplier: float) -> None:
        self._range, self._multiplier = AverageRange(length), multiplier
        self._highs, self._lows = Extremes(int(length)), Extremes(int(length))

    def step(self, high: float, low: float, close: float) -> tuple[float, float]:
        """Take a bar."""
        spread = self._multiplier * self._range.step(high, low, close)
        return self._highs.step(high)[1] - spread, self._lows.step(low)[0] + spread


class KrollStop:
    """Chande and Kroll's stops: the highest of the last chandeliers of a long, the lowest of those of a short."""

    def __init__(self, length: float, multiplier: float, bars: float) -> None:
        self._chandelier = Chandelier(length, multiplier)
        self._long, self._short = Extremes(int(bars)), Extremes(int(bars))

    def step(self, high: float, low: float, close: float) -> Values:
        """Take a bar."""
        long, short = self._chandelier.step(high, low, close)
        if math.isnan(long):
            return NAN, NAN
        return self._long.step(long)[1], self._short.step(short)[0]


class Aberration:
    """An average of typical prices, average true ranges above and below it, and the range."""

    def __init__(self, length: float, range_length: float) -> None:
        self._mean, self._range = Mean(int(length)), AverageRange(range_length)

    def step(self, high: float, low: float, close: float) -> Values:
        """Take a bar."""
        middle = self._mean.step((high + low + close) / 3.0)
        spread = self._range.step(high, low, close)
        return middle, middle + spread, middle - spread, spread


class PrettyGood:
    """Distance of the close from its mean in averages of the average true range."""

    def __init__(self, length: float) -> None:
        self._mean, self._range, self._average = Mean(int(length)), AverageRange(length), average(length)

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        spread = self._range.step(high, low, close)
        usual = NAN if math.isnan(spread) else self._average.step(spread)
        return share(close - self._mean.step(close), usual)


class ProfitMaximizer:
    """A moving average with a trailing band of average true ranges: the band of the side in force."""

    def __init__(self, length: float, multiplier: float) -> None:
        self._range, self._average, self._multiplier = AverageRange(length), average(length), multiplier
        self._up = self._down = self._close = NAN
        self._rising = True

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        middle, spread = self._average.step(close), self._multiplier * self._range.step(high, low, close)
        up, down = middle - spread, middle + spread
        if self._close > self._up:
            up = max(up, self._up)
        if self._close < self._down:
            down = min(down, self._down)
        if close > self._down:
            self._rising = True
        elif close < self._up:
            self._rising = False
        self._up, self._down, self._close = up, down, close
        return up if self._rising else down


class Choppiness:
    """How much of the true ranges of some bars their common range is not: 100 in a market that goes nowhere."""

    def __init__(self, length: float, range_length: float) -> None:
        self._length, self._range, self._ranges = length, AverageRange(range_length), Mean(int(length))
        self._highs, self._lows = Extremes(int(length)), Extremes(int(length))

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        one = self._range.step(high, low, close)
        travelled = NAN if math.isnan(one) else self._length * self._ranges.step(one)
        reached = self._highs.step(high)[1] - self._lows.step(low)[0]
        ratio = share(travelled, reached)
        return 100.0 * math.log10(ratio) / math.log10(self._length) if ratio > 0.0 else NAN

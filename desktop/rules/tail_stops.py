"""Machines of the long tail: trailing stops, counts, cycles and what is summed from the origin on."""

from __future__ import annotations

import math

from desktop.rules.operators import NAN
from desktop.rules.tail_smoothing import Exponential, Extremes, Mean, Strength, TrueRange, Values

_EPSILON = 2.220446049250313e-16  # stands for a range of zero
_DIGITS = 1e8
_RUN = 2  # bars over which the averages have to run together


class ProfitMaximizer:
    """A moving average with a trailing band of average true ranges: the band of the side in force."""

    def __init__(self, length: float, multiplier: float) -> None:
        self._range, self._true_range = Exponential(1.0 / length, int(length)), TrueRange()
        self._average = Exponential(2.0 / (length + 1.0), int(length))
        self._multiplier = multiplier
        self._up = self._down = NAN
        self._close = NAN
        self._rising = True

    def step(self, high: float, low: float, close: float) -> float:
        """Take a bar."""
        middle, spread = self._average.step(close), NAN
        true_range = self._true_range.step(high, low, close)
        if true_range == true_range:  # noqa: PLR0124  NaN on the first bar
            spread = self._multiplier * self._range.step(true_range)
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


class GannHighLow:
    """Gann's activator: the average low in a rising market, the average high in a falling one."""

    def __init__(self, high_length: float, low_length: float) -> None:
        self._high, self._low = Mean(int(high_length)), Mean(int(low_length))
        self._before = (NAN, NAN)
        self._line = NAN

    def step(self, high: float, low: float, close: float) -> Values:
        """Take a bar."""
        above, below = self._before
        now = self._high.step(high), self._low.step(low)
        self._before = now
        if close > above:
            self._line = now[1]
            return self._line, self._line, NAN
        if close < below:
            self._line = now[0]
            return self._line, NAN, self._line
        return self._line, self._line, self._line


class Sequential:
    """DeMark's set-up: how many bars in a row closed above, or below, the close four bars before; 13 at most."""

    _APART, _MOST = 4, 13

    def __init__(self) -> None:
        self._closes: list[float] = []
        self._up = self._down = 0

    def step(self, x: float) -> Values:
        """Take a value."""
        if len(self._closes) == self._APART:
            before = self._closes.pop(0)
            self._up = min(self._up + 1, self._MOST) if x > before else 0
            self._down = min(self._down + 1, self._MOST) if x < before else 0
        self._closes.append(x)
        return float(self._up), float(self._down)


class Drawdown:
    """Distance from the highest value since the origin: in units, as a fraction and as a logarithm."""

    def __init__(self) -> None:
        self._peak = -math.inf

    def step(self, x: float) -> Values:
        """Take a value."""
        self._peak = max(self._peak, x)
        logarithm = math.log(self._peak) - math.log(x) if x > 0 else NAN
        return self._peak - x, 1.0 - x / self._peak if self._peak else NAN, logarithm


class SchaffTrendCycle:
    """Schaff's trend cycle: a stochastic of a MACD, smoothed, and the same once more; 0 to 100."""

    def __init__(self, cycle: float, fast: float, slow: float, factor: float) -> None:
        fast, slow = sorted((fast, slow))
        self._fast, self._slow = (Exponential(2.0 / (length + 1.0), int(length)) for length in (fast, slow))
        self._macds, self._firsts = Extremes(int(cycle)), Extremes(int(cycle))
        self._factor = factor
        self._stochastics, self._smoothed = [0.0, 0.0], [0.0, 0.0]
        self._started = False

    def step(self, x: float) -> Values:
        """Take a value."""
        macd = self._fast.step(x) - self._slow.step(x)
        if not self._started:  # the cycle begins at zero on the first bar of the series
            self._started = True
            self._firsts.step(0.0)
            return 0.0, macd, 0.0
        low, high = self._macds.step(macd) if macd == macd else (NAN, NAN)  # noqa: PLR0124  NaN in the warm-up
        first = self._smooth(0, macd, low, high, moves=low > 0)
        low, high = self._firsts.step(first)
        second = self._smooth(1, first, low, high, moves=high >= low)
        return second, macd, first

    def _smooth(self, stage: int, value: float, low: float, high: float, *, moves: bool) -> float:
        if moves:
            spread = high - low or _EPSILON
            self._stochastics[stage] = 100.0 * ((value - low) / spread)
        last = self._smoothed[stage]
        now = last + self._factor * (self._stochastics[stage] - last)
        self._smoothed[stage] = round(now * _DIGITS) / _DIGITS  # as the library does: its ranges of zero rest on it
        return self._smoothed[stage]


class QuantitativeEstimation:
    """Smoothed relative strength (QQE) and bands that trail it by its own average range."""

    def __init__(self, length: float, smooth: float, factor: float) -> None:
        ranges = 2 * int(length) - 1
        self._strength = Strength(int(length))
        self._average = Exponential(2.0 / (smooth + 1.0), int(smooth))
        self._range, self._range_again = (Exponential(2.0 / (ranges + 1.0), ranges) for _ in range(2))
        self._factor = factor
        self._value = NAN  # of the bar before
        self._long, self._short = (0.0, 0.0), (0.0, 0.0)  # of the last two bars, newest first
        self._trend = 1.0
        self._begun = False

    def step(self, x: float) -> Values:
        """Take a value."""
        strength = self._strength.step(x)
        value = self._average.step(strength) if strength == strength else NAN  # noqa: PLR0124  NaN in the warm-up
        if not self._begun:
            self._begun = True
            return NAN, value, NAN, NAN, 1.0
        width = self._width(value)
        before, self._value = self._value, value
        (long, long_before), (short, short_before) = self._long, self._short
        lower, upper = value - width, value + width
        new_long = max(long, lower) if before > long and value > long else lower
        new_short = min(short, upper) if before < short and value < short else upper
        if (value > short and before < short_before) or (value <= short and before >= short_before):
            self._trend = 1.0
        elif (value > long and before < long_before) or (value <= long and before >= long_before):
            self._trend = -1.0
        self._long, self._short = (new_long, long), (new_short, short)
        return (new_long if self._trend > 0 else new_short), value, new_long, new_short, self._trend

    def _width(self, value: float) -> float:
        move = abs(value - self._value)
        first = self._range.step(move) if move == move else NAN  # noqa: PLR0124  NaN in the warm-up
        return self._factor * self._range_again.step(first) if first == first else NAN  # noqa: PLR0124  as above


class ArcherBalance:
    """On-balance volume since the origin, its extremes, two averages and whether they run together."""

    def __init__(self, fast: float, slow: float, highest: float, lowest: float) -> None:
        fast, slow = sorted((fast, slow))
        self._fast, self._slow = (Exponential(2.0 / (length + 1.0), int(length)) for length in (fast, slow))
        self._lowest, self._highest = Extremes(int(lowest)), Extremes(int(highest))
        self._close: float | None = None
        self._sum = 0.0
        self._before: list[tuple[float, float]] = []

    def step(self, close: float, volume: float) -> Values:
        """Take a bar."""
        before = close if self._close is None else self._close
        sign = 1.0 if self._close is None or close > before else -1.0 if close < before else 0.0
        self._sum, self._close = self._sum + sign * volume, close
        now = self._fast.step(self._sum), self._slow.step(self._sum)
        long = short = NAN
        if len(self._before) == _RUN:
            fast, slow = self._before.pop(0)
            long = float(now[0] > fast and now[1] != slow)
            short = float(now[0] < fast and now[1] != slow)
        self._before.append(now)
        return self._sum, self._lowest.step(self._sum)[0], self._highest.step(self._sum)[1], *now, long, short

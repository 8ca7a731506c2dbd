"""Machines of the long tail: counts, cycles, transforms and what is kept from the origin on."""

from __future__ import annotations

import math

from desktop.rules.operators import NAN
from desktop.rules.tail_smoothing import EPSILON, Extremes, Mean, Strength, Values, average

_DIGITS = 1e8


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
        self._fast, self._slow = (average(length) for length in (fast, slow))
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
            spread = high - low or EPSILON
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
        self._average = average(smooth)
        self._range, self._range_again = (average(ranges) for _ in range(2))
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


class FisherTransform:
    """Fisher's transform of where the bar's middle lies in the range of the last bars, and its value before."""

    _MOST = 0.999  # a share of 1 would have no finite transform

    def __init__(self, length: float, signal: float) -> None:
        self._extremes = Extremes(int(length))
        self._known: list[float] = []  # the last values, oldest first, as many as the signal lags
        self._lag = int(signal)
        self._share = 0.0
        self._value: float | None = None

    def step(self, high: float, low: float) -> Values:
        """Take a bar."""
        middle = 0.5 * (high + low)
        lowest, highest = self._extremes.step(middle)
        if lowest != lowest:  # noqa: PLR0124  NaN in the warm-up
            return NAN, NAN
        if self._value is None:
            self._value = 0.0
        else:
            place = (middle - lowest) / max(highest - lowest, 0.001) - 0.5
            share = 0.66 * place + 0.67 * self._share
            self._share = math.copysign(self._MOST, share) if abs(share) > 0.99 else share
            self._value = 0.5 * (math.log((1.0 + self._share) / (1.0 - self._share)) + self._value)
        self._known.append(self._value)
        return self._value, (self._known.pop(0) if len(self._known) > self._lag else NAN)


class SineWave:
    """Ehlers' even better sine wave: a high-pass filter, a smoother, and the wave as a share of its own power."""

    _LENGTH = 40  # of the high-pass filter; the library's other lengths may swing up without end

    def __init__(self, bars: float) -> None:
        # The library takes degrees for radians here and below, which is what its values rest on.
        angle = 360.0 / self._LENGTH
        self._pass = (1.0 - math.sin(angle)) / math.cos(angle)
        decay = math.exp(-math.sqrt(2.0) * math.pi / bars)
        self._back = (2.0 * decay * math.cos(math.sqrt(2.0) * 180.0 / bars), -decay * decay)
        self._gain = 1.0 - sum(self._back)
        self._left = self._LENGTH
        self._price = self._high = 0.0
        self._before = (0.0, 0.0)  # smoothed, newest first

    def step(self, x: float) -> float:
        """Take a value."""
        if self._left:
            self._left -= 1
            return NAN
        high = 0.5 * (1.0 + self._pass) * (x - self._price) + self._pass * self._high
        last, older = self._before
        now = self._gain * (high + self._high) / 2.0 + self._back[0] * last + self._back[1] * older
        power = (now * now + last * last + older * older) / 3.0
        self._price, self._high, self._before = x, high, (now, last)
        return (now + last + older) / 3.0 / math.sqrt(power) if power > 0.0 else 0.0

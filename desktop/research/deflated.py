"""What the best of many tried variants is worth: the deflated Sharpe ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import e, sqrt
from statistics import NormalDist, fmean, variance

import numpy as np

from desktop.rules.columns import FloatArray

_NORMAL = NormalDist()
_EULER = 0.577_215_664_901_532_9  # Euler-Mascheroni constant


@dataclass(frozen=True, slots=True)
class ReturnShape:
    """The shape of one variant's daily returns; all without units.

    Attributes:
        count: Daily returns.
        sharpe: Mean over deviation (ddof 1) of a day, not of a year.
        skew: Third standardised moment; 0 for a normal distribution.
        kurtosis: Fourth standardised moment, not less 3; 3 for a normal distribution.
    """

    count: int
    sharpe: float
    skew: float
    kurtosis: float


def shape_of(returns: FloatArray) -> ReturnShape | None:
    """Return the shape of daily returns, shape (n,); None below three of them and without variance."""
    count = len(returns)
    if count < 3:
        return None
    mean = float(returns.mean())
    apart = returns - mean
    squares = apart * apart
    second = float(squares.mean())
    if second <= (1e-12 * max(1.0, abs(mean))) ** 2:  # what rounding leaves of equal returns
        return None
    third, fourth = float((squares * apart).mean()), float((squares * squares).mean())
    deviation = sqrt(second * count / (count - 1))
    return ReturnShape(count, mean / deviation, third / second**1.5, fourth / second**2)


@dataclass(frozen=True, slots=True)
class DeflatedSharpe:
    """How the best variant stands against luck.

    Attributes:
        probability: That its true Sharpe ratio is above zero though it was picked as the best; a fraction.
        expected_maximum: Sharpe ratio of a day that the best of as many variants without any skill would show.
        variants: How many were tried.
    """

    probability: float
    expected_maximum: float
    variants: int


def expected_maximum_sharpe(sharpes: Sequence[float], tried: int) -> float | None:
    """Return the Sharpe ratio that the best of `tried` variants without skill would show.

    E[max] = sd * ((1 - g) * Z(1 - 1/N) + g * Z(1 - 1/(N*e))), where sd is the deviation of the variants' Sharpe ratios,
    N their number, Z the inverse of the normal distribution and g the Euler-Mascheroni constant.

    Args:
        sharpes: Of the variants that have one, in the unit the result shall have (here: of a day).
        tried: All variants that were run; those without a Sharpe ratio were tried as well.

    Returns:
        A Sharpe ratio; None below two variants, and where all have the same.
    """
    if tried < 2 or len(sharpes) < 2:
        return None
    spread = variance(sharpes, fmean(sharpes))
    if spread <= 1e-24:
        return None
    first, second = _NORMAL.inv_cdf(1.0 - 1.0 / tried), _NORMAL.inv_cdf(1.0 - 1.0 / (tried * e))
    return sqrt(spread) * ((1.0 - _EULER) * first + _EULER * second)


def deflated_sharpe(best: ReturnShape, sharpes: Sequence[float], tried: int) -> DeflatedSharpe | None:
    """Return the deflated Sharpe ratio of the best variant.

    DSR = P((SR - SR0) * sqrt(T - 1) / sqrt(1 - skew * SR + (kurtosis - 1) / 4 * SR^2)), where P is the normal
    distribution, SR the best variant's Sharpe ratio of a day, SR0 `expected_maximum_sharpe` and T the number of its
    daily returns. Variants of one grid resemble each other, so the number of independent trials is lower than the
    number tried: the figure is on the careful side.

    Source: Bailey and Lopez de Prado, The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting
    and Non-Normality, Journal of Portfolio Management 40 (2014).

    Args:
        best: Daily returns of the best variant.
        sharpes: Sharpe ratios of a day of all variants that have one.
        tried: All variants that were run.

    Returns:
        None where the expected maximum is not defined (one variant, or all alike), and where the returns are so skewed
        that the variance of the Sharpe ratio would not be above zero.
    """
    expected = expected_maximum_sharpe(sharpes, tried)
    if expected is None:
        return None
    spread = 1.0 - best.skew * best.sharpe + (best.kurtosis - 1.0) / 4.0 * best.sharpe**2
    if not spread > 0 or not np.isfinite(spread):
        return None
    score = (best.sharpe - expected) * sqrt(best.count - 1) / sqrt(spread)
    return DeflatedSharpe(_NORMAL.cdf(score), expected, tried)

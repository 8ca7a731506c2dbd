"""The deflated Sharpe ratio against figures worked out here in another way."""

from __future__ import annotations

from decimal import Decimal, getcontext
from math import erf, isclose, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.research.deflated import ReturnShape, deflated_sharpe, expected_maximum_sharpe, shape_of

GAMMA = 0.5772156649015329


def distribution(x: float) -> float:
    return 0.5 * (1 + erf(x / sqrt(2)))


def quantile(share: float) -> float:
    """Return the inverse of `distribution` by bisection: nothing of the code under test."""
    low, high = -12.0, 12.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if distribution(middle) < share else (low, middle)
    return (low + high) / 2


def plain_deflated(best: ReturnShape, sharpes: list[float], tried: int) -> float:
    mean = sum(sharpes) / len(sharpes)
    spread = sum((item - mean) ** 2 for item in sharpes) / (len(sharpes) - 1)
    e = 2.718281828459045
    benchmark = sqrt(spread) * ((1 - GAMMA) * quantile(1 - 1 / tried) + GAMMA * quantile(1 - 1 / (tried * e)))
    below = sqrt(1 - best.skew * best.sharpe + (best.kurtosis - 1) / 4 * best.sharpe**2)
    return distribution((best.sharpe - benchmark) * sqrt(best.count - 1) / below)


def test_the_example_of_the_paper_is_met() -> None:
    """A yearly Sharpe ratio of 2.5 over five years of 250 days, best of 100 with a yearly variance of 1/2: 0.9004."""
    best = ReturnShape(1250, 2.5 / sqrt(250), -3.0, 10.0)
    yearly = sqrt(0.5)
    # two figures with that variance: any list does, only its variance enters
    sharpes = [-yearly / sqrt(2) / sqrt(250), yearly / sqrt(2) / sqrt(250)]
    found = deflated_sharpe(best, sharpes, 100)
    assert found is not None
    assert found.probability == pytest.approx(0.9004, abs=5e-5)
    assert found.expected_maximum == pytest.approx(0.1132, abs=5e-5)
    assert found.variants == 100


@given(
    sharpe=st.floats(-0.3, 0.5),
    skew=st.floats(-2, 2),
    kurtosis=st.floats(5.5, 30),
    count=st.integers(30, 5000),
    sharpes=st.lists(st.floats(-0.2, 0.3), min_size=2, max_size=30, unique=True),
    more=st.integers(0, 2000),
)
@settings(max_examples=60, deadline=None)
def test_it_equals_the_formula_worked_out_by_bisection(
    sharpe: float, skew: float, kurtosis: float, count: int, sharpes: list[float], more: int
) -> None:
    best, tried = ReturnShape(count, sharpe, skew, kurtosis), len(sharpes) + more
    found = deflated_sharpe(best, sharpes, tried)
    if found is None:
        assert np.var(sharpes, ddof=1) < 1e-20
        return
    assert found.probability == pytest.approx(plain_deflated(best, sharpes, tried), abs=1e-9)


def test_one_variant_was_not_chosen_among_many() -> None:
    best = ReturnShape(500, 0.1, 0.0, 3.0)
    assert deflated_sharpe(best, [0.1], 1) is None
    assert expected_maximum_sharpe([0.1], 1) is None
    assert expected_maximum_sharpe([], 0) is None


def test_variants_that_are_all_alike_have_no_expected_maximum() -> None:
    assert deflated_sharpe(ReturnShape(500, 0.1, 0.0, 3.0), [0.1] * 20, 20) is None


def test_returns_too_skewed_for_the_formula_have_none() -> None:
    assert deflated_sharpe(ReturnShape(500, 2.0, 5.0, 3.0), [0.1, 0.2], 20) is None


def test_more_tried_variants_make_the_same_best_worth_less() -> None:
    best, sharpes = ReturnShape(1000, 0.08, 0.0, 3.0), [0.01, 0.03, 0.05, 0.08]
    found = [deflated_sharpe(best, sharpes, tried) for tried in (4, 40, 400, 4000)]
    shares = [item.probability for item in found if item is not None]
    assert len(shares) == 4
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] > 0.1


def test_the_shape_of_returns_is_that_of_their_exact_moments() -> None:
    returns = [0.01, -0.02, 0.005, 0.03, -0.011, 0.0004]
    getcontext().prec = 40
    exact = [Decimal(str(value)) for value in returns]
    mean = sum(exact, Decimal(0)) / len(exact)
    moments = [sum(((value - mean) ** power for value in exact), Decimal(0)) / len(exact) for power in (2, 3, 4)]
    deviation = (moments[0] * len(exact) / (len(exact) - 1)).sqrt()
    found = shape_of(np.array(returns))
    assert found is not None
    assert found.count == 6
    assert isclose(found.sharpe, float(mean / deviation), rel_tol=1e-12)
    assert isclose(found.skew, float(moments[1] / (moments[0] ** 3).sqrt()), rel_tol=1e-12)
    assert isclose(found.kurtosis, float(moments[2] / moments[0] ** 2), rel_tol=1e-12)


@pytest.mark.parametrize("returns", [[], [0.1], [0.1, 0.2], [0.01] * 50, [0.0] * 50])
def test_too_few_returns_and_those_without_variance_have_no_shape(returns: list[float]) -> None:
    assert shape_of(np.array(returns)) is None


def test_a_normal_sample_has_the_kurtosis_of_a_normal_distribution() -> None:
    found = shape_of(np.random.default_rng(5).normal(0.001, 0.01, 200_000))
    assert found is not None
    assert found.kurtosis == pytest.approx(3.0, abs=0.05)
    assert found.skew == pytest.approx(0.0, abs=0.02)

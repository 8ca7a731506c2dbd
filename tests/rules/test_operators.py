"""Operators: single values and columns agree to the last bit; unknown follows Kleene's tables."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rules.operators import (
    COMPARE,
    NAN,
    NUMERIC,
    Masks,
    all_masks,
    all_of,
    any_masks,
    any_of,
    compare_columns,
    not_,
    not_masks,
)
from tests.rules.series import same_bits

T, F, U = 1.0, 0.0, NAN
VALUES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e308, -1e308, 5e-324, math.nan, 3.0, 100.0]),
    st.floats(allow_infinity=False),
)


def same(left: float, right: float) -> bool:
    return same_bits(np.array([left]), np.array([right]))


def masks(values: list[float]) -> Masks:
    column = np.array(values)
    return Masks(column == 1.0, ~np.isnan(column))


def value_at(found: Masks, place: int) -> float:
    assert found.known[place] or not found.true[place]
    return float(found.true[place]) if found.known[place] else NAN


@settings(max_examples=200, deadline=None)
@given(
    sign=st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "min", "max"]),
    pairs=st.lists(st.tuples(VALUES, VALUES), min_size=1),
)
def test_arithmetic_of_columns_is_that_of_single_values(sign: str, pairs: list[tuple[float, float]]) -> None:
    left, right = (np.array(side) for side in zip(*pairs, strict=True))
    single = np.array([NUMERIC[sign].scalar(a, b) for a, b in pairs])
    column = NUMERIC[sign].vector(left, right)
    assert same_bits(single, column)
    assert not np.isinf(column).any()
    constant = NUMERIC[sign].vector(left, pairs[0][1])
    assert same_bits(constant, np.array([NUMERIC[sign].scalar(a, pairs[0][1]) for a, _ in pairs]))


@given(sign=st.sampled_from(sorted(COMPARE)), left=VALUES, right=VALUES)
def test_comparison_of_columns_is_that_of_single_values(sign: str, left: float, right: float) -> None:
    column = compare_columns(sign, np.array([left]), np.array([right]))
    assert same(value_at(column, 0), COMPARE[sign](left, right))
    if not math.isnan(right):
        assert same(value_at(compare_columns(sign, np.array([left]), right), 0), COMPARE[sign](left, right))


@pytest.mark.parametrize("sign", ["/", "//", "%"])
def test_a_division_by_zero_is_unknown(sign: str) -> None:
    for zero in (0.0, -0.0):
        assert math.isnan(NUMERIC[sign].scalar(1.0, zero))
        assert np.isnan(NUMERIC[sign].vector(np.array([1.0, 0.0]), np.array([zero, zero]))).all()


def test_overflow_and_roots_of_negative_numbers_are_unknown() -> None:
    for sign, left, right in (("*", 1e200, 1e200), ("**", 10.0, 400.0), ("**", -8.0, 0.5), ("**", 0.0, -1.0)):
        assert math.isnan(NUMERIC[sign].scalar(left, right))
        assert np.isnan(NUMERIC[sign].vector(np.array([left]), np.array([right]))).all()


KLEENE_AND = {(T, T): T, (T, F): F, (T, U): U, (F, F): F, (F, U): F, (U, U): U}
KLEENE_OR = {(T, T): T, (T, F): T, (T, U): T, (F, F): F, (F, U): U, (U, U): U}


def looked_up(table: dict[tuple[float, float], float], left: float, right: float) -> float:
    for (a, b), result in table.items():
        if (same(a, left) and same(b, right)) or (same(b, left) and same(a, right)):
            return result
    raise AssertionError("the table is complete")


@pytest.mark.parametrize(("left", "right"), list(product([T, F, U], repeat=2)))
def test_and_or_follow_kleene(left: float, right: float) -> None:
    both, either = looked_up(KLEENE_AND, left, right), looked_up(KLEENE_OR, left, right)
    assert same(all_of([left, right]), both)
    assert same(any_of([left, right]), either)
    assert same(value_at(all_masks([masks([left]), masks([right])]), 0), both)
    assert same(value_at(any_masks([masks([left]), masks([right])]), 0), either)


@pytest.mark.parametrize(("value", "opposite"), [(T, F), (F, T), (U, U)])
def test_not_follows_kleene(value: float, opposite: float) -> None:
    assert same(not_(value), opposite)
    assert same(value_at(not_masks(masks([value])), 0), opposite)


@settings(deadline=None)
@given(st.lists(st.sampled_from([T, F, U]), min_size=1, max_size=5))
def test_many_parts_join_as_two_by_two(values: list[float]) -> None:
    both, either = values[0], values[0]
    for value in values[1:]:
        both, either = all_of([both, value]), any_of([either, value])
    assert same(all_of(values), both)
    assert same(any_of(values), either)
    assert same(value_at(all_masks([masks([value]) for value in values]), 0), both)
    assert same(value_at(any_masks([masks([value]) for value in values]), 0), either)

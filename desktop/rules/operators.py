"""One table of operators for both backends: each has a form for single floats and one for columns.

Unknown is NaN for numbers. A condition is 1.0, 0.0 or NaN as a single value and two masks, true and known, as a column.
The two forms of a row give the same bits; a test holds them to it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray

NAN = math.nan
TRUE, FALSE = 1.0, 0.0

Scalar: TypeAlias = Callable[..., float]
Vector: TypeAlias = Callable[..., FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """A condition over n bars: `true` where it is true, `known` where it is true or false; both of shape (n,)."""

    true: BoolArray
    known: BoolArray

    @property
    def false(self) -> BoolArray:
        """Where the condition is known to be false."""
        return self.known & ~self.true


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator in both forms."""

    scalar: Scalar
    vector: Vector


def finite(values: FloatArray) -> FloatArray:
    """Return `values` with infinities made unknown; the array itself when there are none."""
    bad = np.isinf(values)
    return np.where(bad, NAN, values) if bad.any() else values


def _guarded(operation: Callable[[float, float], float]) -> Scalar:
    def scalar(left: float, right: float) -> float:
        try:
            result = operation(left, right)
        except (ZeroDivisionError, OverflowError, ValueError):
            return NAN
        return result if result - result == 0.0 else NAN

    return scalar


def _quiet(operation: Callable[[FloatArray, FloatArray], FloatArray]) -> Vector:
    def vector(left: FloatArray, right: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return finite(operation(left, right))

    return vector


def _by_zero(operation: Callable[[FloatArray, FloatArray], FloatArray]) -> Vector:
    def vector(left: FloatArray, right: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            return finite(np.where(right == 0.0, NAN, operation(left, right)))

    return vector


def _power(base: float, exponent: float) -> float:
    if base != base or exponent != exponent:  # noqa: PLR0124  the C library says 1 ** NaN is 1
        return NAN
    return base * base if exponent == 2.0 else math.pow(base, exponent)  # a square needs no library


_scalar_power = _guarded(_power)


def _powers(base: FloatArray, exponent: FloatArray) -> FloatArray:
    # numpy's power may differ from the C library's in the last bit, so a column is raised value by value.
    base, exponent = np.broadcast_arrays(base, exponent)
    known = ~(np.isnan(base) | np.isnan(exponent))
    result = np.full(base.shape, NAN)
    pairs = zip(base[known].tolist(), exponent[known].tolist(), strict=True)
    result[known] = [_scalar_power(left, right) for left, right in pairs]
    return result


def _scalar_extreme(better: Callable[[float, float], bool]) -> Scalar:
    def scalar(*values: float) -> float:
        best = values[0]
        for value in values:
            if value != value:  # noqa: PLR0124  NaN
                return NAN
            if better(value, best):
                best = value
        return best

    return scalar


def _vector_extreme(better: Callable[[FloatArray, FloatArray], BoolArray]) -> Vector:
    def vector(*values: FloatArray) -> FloatArray:
        best = values[0]
        unknown = np.isnan(best)
        for value in values[1:]:
            best = np.where(better(value, best), value, best)
            unknown = unknown | np.isnan(value)
        return np.where(unknown, NAN, best)

    return vector


#: Operators on numbers: key -> both forms.
NUMERIC: dict[str, Operator] = {
    "+": Operator(_guarded(operator.add), _quiet(np.add)),
    "-": Operator(_guarded(operator.sub), _quiet(np.subtract)),
    "*": Operator(_guarded(operator.mul), _quiet(np.multiply)),
    "/": Operator(_guarded(operator.truediv), _by_zero(np.divide)),
    "//": Operator(_guarded(operator.floordiv), _by_zero(np.floor_divide)),
    "%": Operator(_guarded(operator.mod), _by_zero(np.remainder)),
    "**": Operator(_scalar_power, _powers),
    "neg": Operator(operator.neg, np.negative),
    "abs": Operator(abs, np.abs),
    "min": Operator(_scalar_extreme(operator.lt), _vector_extreme(np.less)),
    "max": Operator(_scalar_extreme(operator.gt), _vector_extreme(np.greater)),
}


def _compared(operation: Callable[[float, float], bool]) -> Scalar:
    def scalar(left: float, right: float) -> float:
        if left != left or right != right:  # noqa: PLR0124  NaN
            return NAN
        return TRUE if operation(left, right) else FALSE

    return scalar


_RELATIONS: dict[str, tuple[Callable[[float, float], bool], Callable[..., BoolArray]]] = {
    "<": (operator.lt, np.less),
    "<=": (operator.le, np.less_equal),
    ">": (operator.gt, np.greater),
    ">=": (operator.ge, np.greater_equal),
    "==": (operator.eq, np.equal),
    "!=": (operator.ne, np.not_equal),
}

#: Comparisons of single values.
COMPARE: dict[str, Scalar] = {sign: _compared(single) for sign, (single, _) in _RELATIONS.items()}


def compare_columns(sign: str, left: FloatArray | float, right: FloatArray | float) -> Masks:
    """Compare two columns, or a column and a known number; unknown where either is."""
    columns = [side for side in (left, right) if not isinstance(side, float)]
    known = np.isnan(columns[0])
    for column in columns[1:]:
        known |= np.isnan(column)
    np.logical_not(known, out=known)
    true: BoolArray = _RELATIONS[sign][1](left, right)
    if sign == "!=":  # NaN is unequal to everything
        true = true & known
    return Masks(true, known)


# --- Kleene logic ------------------------------------------------------------------------------------------------


def not_(value: float) -> float:
    """Return the opposite of a condition; unknown stays unknown."""
    return 1.0 - value


def all_of(values: Iterable[float]) -> float:
    """Return `and` of conditions: false as soon as one is false, else unknown as soon as one is unknown."""
    result = TRUE
    for value in values:
        if value == FALSE:
            return FALSE
        if value != value:  # noqa: PLR0124  NaN
            result = NAN
    return result


def any_of(values: Iterable[float]) -> float:
    """Return `or` of conditions: true as soon as one is true, else unknown as soon as one is unknown."""
    result = FALSE
    for value in values:
        if value == TRUE:
            return TRUE
        if value != value:  # noqa: PLR0124  NaN
            result = NAN
    return result


def not_masks(masks: Masks) -> Masks:
    """Return the opposite of a column of conditions."""
    return Masks(masks.false, masks.known)


def all_masks(parts: Sequence[Masks]) -> Masks:
    """Return `and` of columns of conditions."""
    true, known, false = parts[0].true, parts[0].known, parts[0].false
    for part in parts[1:]:
        true = true & part.true
        known = known & part.known
        false = false | part.false
    return Masks(true, known | false)


def any_masks(parts: Sequence[Masks]) -> Masks:
    """Return `or` of columns of conditions."""
    true, known = parts[0].true, parts[0].known
    for part in parts[1:]:
        true = true | part.true
        known = known & part.known
    return Masks(true, known | true)

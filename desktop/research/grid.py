"""The grid of a sweep: which values each parameter takes, and every combination of them as a variant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import product
from math import prod

from desktop.domain.errors import FieldError
from desktop.domain.money import ONE, ZERO
from desktop.domain.strategies import Strategy

MAX_VARIANTS = 100_000
_FIELD = "--set"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_EXAMPLES = "Write period=5:30:1 (from 5 to 30 in steps of 1) or period=5,10,20."


@dataclass(frozen=True, slots=True)
class ParameterRange:
    """The values one parameter takes, in the order they are tried; at least one, none twice."""

    name: str
    values: tuple[Decimal, ...]


def parse_range(text: str) -> ParameterRange:
    """Return the range that `period=5:30:1` or `period=5,10,20` says; the end belongs to it where a step meets it.

    Raises:
        FieldError: it is written otherwise, runs backwards, names a value twice, or has more values than a sweep may.
    """
    name, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not name or not said:
        raise FieldError(_FIELD, f"{text!r} is not NAME=VALUES. {_EXAMPLES}")
    if ":" in said:
        return ParameterRange(name, _steps(name, said))
    values = tuple(_number(name, part) for part in said.split(","))
    if len(set(values)) != len(values):
        twice = next(value for value in values if values.count(value) > 1)
        raise FieldError(_FIELD, f"{name} names {twice} twice. Name each value once.")
    return ParameterRange(name, values)


def _steps(name: str, said: str) -> tuple[Decimal, ...]:
    parts = said.split(":")
    if len(parts) > 3:
        raise FieldError(_FIELD, f"{name}={said} has more than three numbers. {_EXAMPLES}")
    first, last, step = (*(_number(name, part) for part in parts), ONE)[:3]
    if step <= ZERO:
        raise FieldError(_FIELD, f"{name}={said} has a step of {step}; a step is above zero. {_EXAMPLES}")
    if last < first:
        raise FieldError(_FIELD, f"{name}={said} runs from {first} down to {last}; name the smaller one first.")
    count = int((last - first) / step) + 1
    if count > MAX_VARIANTS:
        raise FieldError(_FIELD, f"{name}={said} has {count:,} values; {_too_many()}")
    return tuple(first + step * number for number in range(count))


def _number(name: str, text: str) -> Decimal:
    text = text.strip()
    try:
        if _NUMBER.fullmatch(text):
            return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern is stricter
        pass
    raise FieldError(_FIELD, f"{text!r}, a value of {name}, is not a number. {_EXAMPLES}")


def _too_many() -> str:
    return f"a sweep has {MAX_VARIANTS:,} variants at most. Take larger steps or fewer parameters at a time."


@dataclass(frozen=True, slots=True)
class Grid:
    """All combinations of the values of some parameters; the last parameter changes fastest.

    Args:
        ranges: One for each parameter.

    Raises:
        FieldError: there is none, a parameter has two, or they make too many variants.
    """

    ranges: tuple[ParameterRange, ...]

    def __post_init__(self) -> None:
        if not self.ranges:
            raise FieldError(_FIELD, f"a sweep needs at least one. {_EXAMPLES}")
        names = self.names
        for name in names:
            if names.count(name) > 1:
                raise FieldError(_FIELD, f"{name} is set twice. Put its values into one --set.")
        if len(self) > MAX_VARIANTS:
            counts = " x ".join(f"{len(item.values):,}" for item in self.ranges)
            raise FieldError(_FIELD, f"{counts} values make {len(self):,} variants; {_too_many()}")

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, in the order they were set."""
        return tuple(item.name for item in self.ranges)

    def __len__(self) -> int:
        return prod(len(item.values) for item in self.ranges)

    def __iter__(self) -> Iterator[tuple[Decimal, ...]]:
        """Yield the values of each variant, in the order of `names`."""
        return product(*(item.values for item in self.ranges))

    def check(self, strategy: Strategy) -> None:
        """Check that the strategy has these parameters.

        Raises:
            FieldError: it does not; names those it has.
        """
        for name in self.names:
            if name not in strategy.parameters:
                has = ", ".join(strategy.parameters)
                raise FieldError(
                    _FIELD,
                    f"the strategy {strategy.name} has no parameter {name}. "
                    + (
                        f"It has {has}." if has else "It has none: add a table [parameters] and use its names in rules."
                    ),
                )


def parse_grid(texts: Sequence[str], strategy: Strategy) -> Grid:
    """Return the grid that several `--set` make.

    Raises:
        FieldError: see `parse_range`, `Grid` and `Grid.check`.
    """
    grid = Grid(tuple(parse_range(text) for text in texts))
    grid.check(strategy)
    return grid


def with_parameters(strategy: Strategy, values: Mapping[str, Decimal]) -> Strategy:
    """Return the strategy with other values of some of its parameters."""
    return replace(strategy, parameters={**strategy.parameters, **values})

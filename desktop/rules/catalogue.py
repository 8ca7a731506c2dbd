"""The one table: every function, column and term of the rule language.

Completion, documentation, the compiler's checks and the tests are made from it. It imports no indicator library, so
that an editor can complete names before one is loaded.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from desktop.rules.catalogue_candles import CANDLES
from desktop.rules.catalogue_momentum import MOMENTUM
from desktop.rules.catalogue_overlap import OVERLAP, PRICES
from desktop.rules.catalogue_own import COLUMN_WORDS, OWN, POSITION_WORDS, TIME_WORDS, WORDS
from desktop.rules.catalogue_refused import REFUSED, Refusal
from desktop.rules.catalogue_tail import TAIL_AVERAGES, TAIL_TREND
from desktop.rules.catalogue_tail_measures import (
    TAIL_CANDLES,
    TAIL_CYCLES,
    TAIL_STATISTICS,
    TAIL_VOLATILITY,
    TAIL_VOLUME,
)
from desktop.rules.catalogue_tail_momentum import TAIL_MOMENTUM
from desktop.rules.catalogue_trend import CYCLES, TREND
from desktop.rules.catalogue_types import AVERAGES, Argument, Function, Word
from desktop.rules.catalogue_volume import MATHEMATICS, STATISTICS, VOLATILITY, VOLUME

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AVERAGES",
    "COLUMN_WORDS",
    "FUNCTIONS",
    "NAMES",
    "POSITION_WORDS",
    "REFUSED",
    "TIME_WORDS",
    "WORDS_BY_NAME",
    "Function",
    "Refusal",
]

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        row.name: row
        for row in (
            *OWN,
            *OVERLAP,
            *PRICES,
            *MOMENTUM,
            *TREND,
            *VOLATILITY,
            *VOLUME,
            *STATISTICS,
            *CYCLES,
            *MATHEMATICS,
            *CANDLES,
            *TAIL_AVERAGES,
            *TAIL_MOMENTUM,
            *TAIL_TREND,
            *TAIL_VOLATILITY,
            *TAIL_VOLUME,
            *TAIL_STATISTICS,
            *TAIL_CYCLES,
            *TAIL_CANDLES,
        )
    }
)
WORDS_BY_NAME: Mapping[str, Word] = MappingProxyType({word.name: word for word in WORDS})
NAMES: frozenset[str] = frozenset(FUNCTIONS) | frozenset(WORDS_BY_NAME)


def written(argument: Argument, value: float) -> str:
    """Return an argument's value as it is written in a rule: `14`, `0.02`, `ema`."""
    if argument.average:
        return next((name for name, number in AVERAGES.items() if number == value), number_text(value))
    return number_text(value)


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number: `14`, `0.02`."""
    return repr(float(value)).removesuffix(".0")


def signature(function: Function) -> str:
    """Return how a function is called, with its defaults: `rsi(x=close, length=14)`."""
    if function.signature:
        return function.signature
    parts = [f"{item.name}={item.default}" if item.default else item.name for item in function.inputs if item.given]
    for argument in function.arguments:
        default = argument.follows or (None if argument.default is None else written(argument, argument.default))
        parts.append(argument.name if default is None else f"{argument.name}={default}")
    return f"{function.name}({', '.join(parts)})"

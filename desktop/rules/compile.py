"""Formula text to a checked rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from desktop.domain.errors import RuleError
from desktop.domain.market import TIMEFRAMES
from desktop.rules import requirements
from desktop.rules.catalogue import FUNCTIONS, NAMES
from desktop.rules.drawing import DrawnIndicator, drawn_indicators
from desktop.rules.nodes import (
    Node,
    Role,
    is_condition,
    leaves,
    uses_position,
)
from desktop.rules.source import Source
from desktop.rules.translate import Translator

_NONE: Mapping[str, float] = MappingProxyType({})
_RESERVED = frozenset({"and", "or", "not", "True", "False", "None", "if", "else", "in", "is", "lambda", "for"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled condition. Equal rules have the same root, role and timeframe, whatever their spelling.

    Attributes:
        text: The formula as it was typed.
        root: The graph.
        role: What it decides.
        timeframe: The timeframe of its bars.
        look_back: The most bars of `timeframe` before the first known verdict.
        smoothing: Longest recursive smoothing in bars of `timeframe`; a running feed needs 30 times as much history.
        columns: Columns of the bar it reads.
        timeframes: Higher timeframes it uses, shortest first.
        uses_position: It has position terms.
        parameters: Named parameters it uses.
        clauses: Its leaf conditions in the order they are written.
        indicators: What a chart can draw.
    """

    text: str = field(compare=False)
    root: Node
    role: Role
    timeframe: str
    look_back: int = field(compare=False)
    smoothing: int = field(compare=False)
    columns: frozenset[str] = field(compare=False)
    timeframes: tuple[str, ...] = field(compare=False)
    uses_position: bool = field(compare=False)
    parameters: frozenset[str] = field(compare=False)
    clauses: tuple[Node, ...] = field(compare=False)
    indicators: tuple[DrawnIndicator, ...] = field(compare=False)

    @property
    def history(self) -> int:
        """Bars of history a running feed should load before the first verdict: the origin of the series."""
        return max(self.look_back + 1, 30 * self.smoothing)


def compile_rule(
    text: str,
    *,
    role: Role,
    parameters: Mapping[str, float | Decimal | int] = _NONE,
    timeframe: str = "1m",
    on_quotes: bool = False,
) -> Rule:
    """Compile a formula.

    Args:
        text: The formula; at most 2,000 characters.
        role: Entry or exit; position terms exist in exit rules only.
        parameters: Named parameters and their values.
        timeframe: The timeframe of the bars it will be judged on.
        on_quotes: It will be judged on every quote too, on the forming bar; functions of the long tail are refused.

    Raises:
        RuleError: the formula cannot be a rule; says where, why and what was probably meant. Its column counts
            characters of the whole text from 1, line ends included.
    """
    translator = Translator(
        Source(text),
        role=role,
        parameters=_checked_parameters(parameters),
        timeframe=_checked_timeframe(timeframe),
        on_quotes=on_quotes,
    )
    root = translator.condition(translator.source.tree, "A rule is a condition")
    return Rule(
        text=text,
        root=root,
        role=role,
        timeframe=timeframe,
        look_back=requirements.look_back(root, timeframe),
        smoothing=requirements.smoothing(root, timeframe),
        columns=requirements.columns_of(root),
        timeframes=requirements.timeframes_of(root),
        uses_position=uses_position(root),
        parameters=frozenset(translator.used),
        clauses=tuple(leaves(root)),
        indicators=drawn_indicators(root),
    )


def compile_series(
    text: str, *, parameters: Mapping[str, float | Decimal | int] = _NONE, timeframe: str = "1m"
) -> Node:
    """Compile a formula that is a number, such as an indicator added to a chart.

    Raises:
        RuleError: as `compile_rule`, and when the formula is a condition.
    """
    translator = Translator(
        Source(text),
        role=Role.ENTRY,
        parameters=_checked_parameters(parameters),
        timeframe=_checked_timeframe(timeframe),
    )
    node = translator.node(translator.source.tree)
    if is_condition(node):
        raise RuleError("This is a condition; a series is a number, for example sma(20).", column=1)
    return node


def _checked_timeframe(timeframe: str) -> str:
    if timeframe not in TIMEFRAMES:
        raise RuleError(f"There is no timeframe {timeframe!r}.", suggestion=f"There are {', '.join(TIMEFRAMES)}.")
    return timeframe


def _checked_parameters(parameters: Mapping[str, float | Decimal | int]) -> dict[str, float]:
    values: dict[str, float] = {}
    for name, value in parameters.items():
        if not (name.isascii() and name.isidentifier()) or name in _RESERVED:
            raise RuleError(f"A parameter cannot be called {name[:40]!r}: use letters, digits and _.")
        if name in NAMES:
            kind = "function" if name in FUNCTIONS else "column or term"
            raise RuleError(f"The parameter {name} has the name of a {kind}. Call it something else.")
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise RuleError(f"The parameter {name} must be a number.") from None
        if isinstance(value, bool) or not math.isfinite(number):
            raise RuleError(f"The parameter {name} must be a number.")
        values[name] = number
    return values

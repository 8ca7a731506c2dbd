"""How often the numbers of a strategy were tried: on record, because the best of a thousand is mostly luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import strategy_version

SWEEP, WALK_FORWARD = "sweep", "walk-forward"


@dataclass(frozen=True, slots=True)
class Trial:
    """A sweep or walk-forward that was run, or a sweep that was cancelled: then `tried` are those that had come back.

    Attributes:
        family: Of its strategy (`family_of`).
        strategy: Name of the strategy.
        strategy_version: Before its parameters were varied.
        kind: SWEEP or WALK_FORWARD.
        ranges: What was tried of each parameter: "5:30:1", or the values parted by commas.
        tried: Variants that ran.
        failed: Variants that could not run.
        metric: What the best was chosen by.
        best: Its parameters, exact text; empty where none has the metric.
        score: The metric of the best; None likewise, and of a walk-forward.
        deflated: Probability that the best one's Sharpe ratio is above zero, a fraction; None where not defined.
        fingerprints: Hash of the data of each instrument.
        files: Where the data came from.
        at: µs UTC by the wall clock; 0 until it is stored.
    """

    family: str
    strategy: str
    strategy_version: str
    kind: str
    ranges: Mapping[str, str]
    tried: int
    failed: int
    metric: str
    best: Mapping[str, str]
    score: float | None
    deflated: float | None
    fingerprints: tuple[str, ...]
    files: tuple[str, ...]
    at: int = 0


def family_of(strategy: Strategy) -> str:
    """Return what a strategy has in common with all of its variants: everything but name and parameter values."""
    unnamed = {name: Decimal(0) for name in strategy.parameters}
    return strategy_version(replace(strategy, name="variant", description="", parameters=unnamed))


def tried_variants(trials: Iterable[Trial]) -> int:
    """Return how many different variants were tried: the same ranges on the same data count once."""
    most: dict[tuple[object, ...], int] = {}
    for item in trials:
        what = (item.family, tuple(sorted(item.ranges.items())), item.fingerprints)
        most[what] = max(most.get(what, 0), item.tried)
    return sum(most.values())

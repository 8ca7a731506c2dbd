"""From a sweep or a walk-forward to the record of what was tried."""

from __future__ import annotations

from pathlib import PurePath

from desktop.domain.sessions import SessionSettings
from desktop.domain.toml_text import plain
from desktop.domain.trials import SWEEP, WALK_FORWARD, Trial, family_of
from desktop.research.api import FILE
from desktop.research.grid import Grid
from desktop.research.lab_data import sources_of
from desktop.research.sweep import SweepResult
from desktop.research.walk_result import WalkForwardResult

_MANY = 12  # values that are listed one by one


def trial_of_sweep(found: SweepResult, fingerprints: tuple[str, ...]) -> Trial:
    """Return the record of a sweep; `fingerprints`: of the data of each instrument."""
    best = found.best
    deflated = None if found.deflated is None else found.deflated.probability
    parameters = {} if best is None else {name: plain(value) for name, value in best.parameters.items()}
    value = None if best is None or best.metrics is None else getattr(best.metrics, found.metric)
    return _trial(
        SWEEP, found.settings, found.grid, (found.tried, found.failed), found.metric, fingerprints,
        best=parameters, score=None if value is None else float(value), deflated=deflated,
    )  # fmt: skip


def trial_of_walk(found: WalkForwardResult, fingerprints: tuple[str, ...]) -> Trial:
    """Return the record of a walk-forward, each variant counted once; `fingerprints`: as of a sweep."""
    counts = (found.tried, len(found.failed))
    return _trial(WALK_FORWARD, found.settings, found.grid, counts, found.metric, fingerprints)


def _trial(
    kind: str,
    settings: SessionSettings,
    grid: Grid,
    counts: tuple[int, int],
    metric: str,
    fingerprints: tuple[str, ...],
    *,
    best: dict[str, str] | None = None,
    score: float | None = None,
    deflated: float | None = None,
) -> Trial:
    ranges = {}
    for item in grid.ranges:
        texts = [plain(value) for value in item.values]
        listed = ", ".join(texts)
        ranges[item.name] = listed if len(texts) <= _MANY else f"{texts[0]} to {texts[-1]}, {len(texts)} values"
    return Trial(
        family=family_of(settings.strategy),
        strategy=settings.strategy.name,
        strategy_version=settings.strategy_version,
        kind=kind,
        ranges=ranges,
        tried=counts[0],
        failed=counts[1],
        metric=metric,
        best=best or {},
        score=score,
        deflated=deflated,
        fingerprints=fingerprints,
        files=tuple(PurePath(source.removeprefix(FILE)).name for source in sources_of(settings)),
    )

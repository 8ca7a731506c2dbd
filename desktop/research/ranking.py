"""Which variant is best: the metrics a sweep can be judged by, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from desktop.domain.errors import FieldError
from desktop.research.metrics import Metrics

if TYPE_CHECKING:
    from desktop.research.variant import VariantResult

#: Metrics by which variants are ranked, and whether more of it is better.
METRICS: MappingProxyType[str, bool] = MappingProxyType(
    {
        "sharpe": True,
        "sortino": True,
        "total_return": True,
        "cagr": True,
        "max_drawdown": True,  # zero or below: nearer to zero is better
        "volatility": False,
        "var_95": True,  # a return: the higher, the smaller the loss
        "win_rate": True,
        "profit_factor": True,
        "expectancy": True,
    }
)


def check_metric(name: str) -> None:
    """Check that variants can be ranked by a metric (FieldError: they cannot)."""
    if name not in METRICS:
        raise FieldError("--metric", f"there is no metric {name!r} to rank by. There are {', '.join(METRICS)}.")


def figure(metrics: Metrics, name: str) -> float | None:
    """Return a metric as a number; a profit factor without a losing trade is infinite here, so that it ranks first."""
    value: float | None = getattr(metrics, name)
    if value is None and name == "profit_factor" and metrics.win_rate == 1.0:
        return inf
    return value


def score(result: VariantResult, name: str) -> float:
    """Return how good a variant is by a metric: the higher the better, -inf where it has none."""
    value = None if result.metrics is None else figure(result.metrics, name)
    if value is None:
        return -inf
    return value if METRICS[name] else -value


def best_of(results: Iterable[VariantResult], name: str) -> VariantResult | None:
    """Return the best variant, the first in the grid of equal ones; None where none has the metric."""
    found: VariantResult | None = None
    highest = -inf
    for result in results:
        value = score(result, name)
        if value > highest or (value == highest > -inf and found is not None and result.number < found.number):
            found, highest = result, value
    return found


def ranked(results: Iterable[VariantResult], name: str) -> list[VariantResult]:
    """Return the variants, best first; those without the metric, then those that failed, at the end."""
    return sorted(results, key=lambda item: (bool(item.failure), -score(item, name), item.number))

"""A sweep and a walk-forward as JSON values: money exact text, ratios fractions, times ISO 8601 UTC."""

from __future__ import annotations

from math import sqrt
from typing import Any

from desktop.cli.output import exact, iso
from desktop.cli.report_values import trade_value
from desktop.research.grid import Grid
from desktop.research.sweep import SweepResult
from desktop.research.variant import VariantResult
from desktop.research.walk_forward import WalkForwardResult, WindowResult


def sweep_values(found: SweepResult) -> dict[str, Any]:
    """Return every variant in the grid's order, the best of them, and how it stands against luck."""
    deflated, best = found.deflated, found.best
    a_year = best.metrics.periods_per_year if best is not None and best.metrics is not None else 0
    return {
        "parameters": _parameters(found.grid),
        "metric": found.metric,
        "tried": found.tried,
        "failed": found.failed,
        "best": None if best is None else variant_value(best),
        "deflated_sharpe": None if deflated is None else deflated.probability,
        "sharpe_by_luck": None if deflated is None else deflated.expected_maximum * sqrt(a_year),
        "warning": found.warning,
        "variants": [variant_value(item) for item in found.variants],
    }


def variant_value(item: VariantResult) -> dict[str, Any]:
    """Return one variant; its figures are null where it could not run."""
    ran = item.metrics is not None
    return {
        "number": item.number,
        "parameters": {name: exact(value) for name, value in item.parameters.items()},
        "cash": exact(item.cash) if ran else None,
        "equity": exact(item.equity) if ran else None,
        "metrics": None if item.metrics is None else item.metrics.as_dict(),
        "failure": item.failure or None,
    }


def walk_forward_values(found: WalkForwardResult) -> dict[str, Any]:
    """Return the windows with what was chosen in each, and the figures out of sample."""
    plan = found.plan
    return {
        "parameters": _parameters(found.grid),
        "metric": found.metric,
        "tried": found.tried,
        "failed": len(found.failed),
        "failures": [variant_value(item) for item in found.failed],
        "in_sample": plan.in_sample,
        "out_of_sample": plan.out_of_sample,
        "unit": "days" if plan.days else "bars",
        "anchored": plan.anchored,
        "windows_left_out": found.left_out,
        "windows": [_window_value(item) for item in found.windows],
        "efficiency": found.efficiency,
        "equity": exact(found.final_equity),
        "metrics": found.metrics.as_dict(),
        "trades": [trade_value(item) for item in found.trades],
        "warning": found.warning,
    }


def _window_value(item: WindowResult) -> dict[str, Any]:
    window = item.window
    return {
        "in_sample_from": iso(window.begin),
        "out_of_sample_from": iso(window.middle),
        "out_of_sample_to": iso(window.end),
        "in_sample_bars": item.in_bars,
        "out_of_sample_bars": item.out_bars,
        "without_bars_of": list(item.missing),
        "not_traded": item.untraded or None,
        "in_sample": None if item.chosen is None else variant_value(item.chosen),
        "out_of_sample": None if item.result is None else variant_value(item.result),
        "efficiency": item.efficiency,
    }


def _parameters(grid: Grid) -> dict[str, list[str]]:
    return {item.name: [exact(value) for value in item.values] for item in grid.ranges}

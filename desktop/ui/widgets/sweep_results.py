"""The variants of a sweep and the windows of a walk-forward, as tables and as a map."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.research.ranking import score
from desktop.research.sweep import HeatCells, SweepResult
from desktop.research.variant import VariantResult
from desktop.ui import formats
from desktop.ui.charts.heat_view import HeatCell, HeatView
from desktop.ui.slices import Slices
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.metric_tiles import metric_names, metric_text

if TYPE_CHECKING:
    from desktop.research.walk_forward import WindowResult


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def parameter_text(value: Decimal) -> str:
    """Return a parameter's value without zeros that say nothing."""
    return f"{value.normalize():f}"


def parameters_text(item: VariantResult) -> str:
    """Return the swept values of a variant."""
    return ", ".join(f"{name} {parameter_text(value)}" for name, value in item.parameters.items())


def figure_text(item: VariantResult, name: str, currency: str) -> str:
    """Return a metric of a variant as it is shown; a dash where it has none."""
    return formats.NOTHING if item.metrics is None else metric_text(name, item.metrics.as_dict(), currency)


def left_words(seconds: float) -> str:
    """Return how long a sweep will still take."""
    if seconds >= 90:
        return _tr("about %1 min left").replace("%1", formats.number(round(seconds / 60), 0))
    return _tr("about %1 s left").replace("%1", formats.number(round(seconds), 0))


def variant_columns(
    names: Sequence[str], currency: str, metric: str, *, failed: bool = True
) -> list[Column[VariantResult]]:
    """Return the columns of a sweep's table: the metric, best first, the swept values, then the other figures.

    Args:
        names: The swept parameters.
        currency: Of the sweep.
        metric: What variants are ranked by.
        failed: Whether there are some that could not run.
    """

    def value(name: str) -> Column[VariantResult]:
        return Column(
            f"parameter-{name}", name, lambda row: row.parameters.get(name),
            lambda row: parameter_text(row.parameters[name]) if name in row.parameters else "", Kind.NUMBER, 64,
        )  # fmt: skip

    def figure(name: str, kind: Kind, width: int, *, hidden: bool = False) -> Column[VariantResult]:
        return Column(
            name, metric_names().get(name, name),
            lambda row: None if row.metrics is None else getattr(row.metrics, name),
            lambda row: figure_text(row, name, currency), kind, width, hidden=hidden,
        )  # fmt: skip

    figures = [
        figure("total_return", Kind.SIGNED, 82),
        figure("sharpe", Kind.NUMBER, 58),
        figure("sortino", Kind.NUMBER, 58, hidden=True),
        figure("max_drawdown", Kind.SIGNED, 112),
        figure("trade_count", Kind.NUMBER, 56),
        figure("win_rate", Kind.NUMBER, 62),
        figure("profit_factor", Kind.NUMBER, 84),
    ]
    return [
        Column(
            "rank", metric_names().get(metric, metric), lambda row: _known(score(row, metric)),
            lambda row: figure_text(row, metric, currency),
            Kind.NUMBER, 64, newest_first=True, tip=lambda row: row.failure or parameters_text(row),
            about=_tr("What the variants are ranked by: %1").replace("%1", metric_names().get(metric, metric)),
        ),
        *(value(name) for name in names),
        *(column for column in figures if column.key != metric),  # it stands first already
        Column("failure", _tr("Cannot run"), lambda row: row.failure, width=200, hidden=not failed),
    ]  # fmt: skip


def _known(value: float) -> float | None:
    return None if value == float("-inf") else value


async def best_first(result: SweepResult, most: int) -> list[VariantResult]:
    """Return the best variants of a sweep, those that could not run at the end; the window stays with its user."""
    slices, scores = Slices(), np.empty(len(result.variants))
    for place, item in enumerate(result.variants):
        scores[place] = score(item, result.metric)
        await slices.breathe()
    failed = np.fromiter((bool(item.failure) for item in result.variants), np.bool_, len(result.variants))
    order = np.lexsort((np.arange(len(scores)), -scores, failed))
    return [result.variants[place] for place in order[:most]]


async def heat_view(result: SweepResult, across: str, down: str) -> HeatView:
    """Return a sweep as a map over two parameters, or over one when `down` is empty; as `best_first`."""
    slices, found = Slices(), HeatCells(result, across, down)
    for item in result.variants:
        found.take(item)
        await slices.breathe()
    lines = []
    for line in found.cells():
        lines.append(tuple(_cell(item, result.metric, result.settings.currency) for item in line))
        await slices.breathe()
    title = metric_names().get(result.metric, result.metric)
    rows = tuple(map(parameter_text, found.rows)) or ("",)
    return HeatView(across, down, tuple(map(parameter_text, found.columns)), rows, tuple(lines), title)


def _cell(item: VariantResult | None, metric: str, currency: str) -> HeatCell | None:
    if item is None:
        return None

    def text() -> str:
        return figure_text(item, metric, currency).removesuffix(" %")

    def tip() -> str:
        values = parameters_text(item)
        if item.failure:
            return f"{values}\n{_tr('Cannot run:')} {item.failure}"
        if score(item, metric) == float("-inf"):
            values += "\n" + _tr("It ran, but has no such figure: too few trades or days.")
        figures = (f"{title}: {figure_text(item, name, currency)}" for name, title in metric_names().items())
        return "\n".join([values, *figures])

    return HeatCell(item.number, _known(score(item, metric)), text, tip, refused=bool(item.failure))


def window_columns(
    names: Sequence[str], currency: str, timeframe: str = "", *, gaps: bool = False
) -> list[Column[WindowResult]]:
    """Return the columns of a walk-forward's table; `gaps`: whether there are windows without a trade to explain."""

    def value(name: str) -> Column[WindowResult]:
        return Column(
            f"parameter-{name}", name, lambda row: None if row.chosen is None else row.chosen.parameters[name],
            lambda row: "" if row.chosen is None else parameter_text(row.chosen.parameters[name]), Kind.NUMBER, 64,
        )  # fmt: skip

    def part(key: str, title: str, take: str, metric: str, kind: Kind) -> Column[WindowResult]:
        def of(row: WindowResult) -> VariantResult | None:
            found: VariantResult | None = getattr(row, take)
            return found

        def number(row: WindowResult) -> object:
            found = of(row)
            return None if found is None or found.metrics is None else getattr(found.metrics, metric)

        def text(row: WindowResult) -> str:
            found = of(row)
            return formats.NOTHING if found is None else figure_text(found, metric, currency)

        return Column(key, title, number, text, kind, 96)

    return [
        Column("from", _tr("Tried from"), lambda row: row.window.middle,
               lambda row: formats.bar_time(row.window.middle, timeframe), width=122),
        Column("bars", _tr("Bars"), lambda row: row.out_bars, lambda row: formats.number(row.out_bars, 0),
               Kind.NUMBER, 58),
        *(value(name) for name in names),
        part("in", _tr("In sample"), "chosen", "total_return", Kind.SIGNED),
        part("out", _tr("Out of sample"), "result", "total_return", Kind.SIGNED),
        part("in-sharpe", _tr("Sharpe in"), "chosen", "sharpe", Kind.NUMBER),
        part("out-sharpe", _tr("Sharpe out"), "result", "sharpe", Kind.NUMBER),
        part("trades", _tr("Trades out"), "result", "trade_count", Kind.NUMBER),
        Column("efficiency", _tr("Efficiency"), lambda row: row.efficiency, lambda row: formats.ratio(row.efficiency),
               Kind.NUMBER, 76, about=_tr("Return a bar out of sample over that in sample")),
        Column("untraded", _tr("Not traded"), lambda row: row.untraded, width=190, tip=lambda row: row.untraded,
               hidden=not gaps),
    ]  # fmt: skip

"""Where everything of a price chart stands: the main pane, a pane for each indicator that is no price, the axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QRectF

from desktop.engine.views import ChartView, IndicatorLine
from desktop.rules.columns import FloatArray
from desktop.ui import formats
from desktop.ui.charts.drag import place_key
from desktop.ui.charts.levels import Level, LevelKind
from desktop.ui.charts.pane import AXIS_HEIGHT, axis_width
from desktop.ui.charts.scale import TimeScale, ValueScale, extent

_STRETCH = 0.7  # levels farther out than this share of the bars' span do not stretch the axis
_LEGEND = 38.0  # pixels at the top for the read-out


@dataclass(slots=True)
class IndicatorPane:
    """A pane under the price with the lines of one indicator."""

    rect: QRectF
    scale: ValueScale
    lines: list[IndicatorLine]
    levels: tuple[float, ...]


@dataclass(slots=True)
class PriceLayout:
    """The places and scales in force."""

    main: QRectF
    prices: ValueScale
    axis: QRectF  # the time axis
    room: float  # width of the price axis
    panes: list[IndicatorPane] = field(default_factory=list)
    overlays: list[IndicatorLine] = field(default_factory=list)
    sight: tuple[float, float] = (0.0, 0.0)

    def stamp(self) -> tuple[object, ...]:
        """Return what the picture of the closed bars depends on."""
        last = [float(line.values[-1]) for line in self.overlays if line.values.size]
        return (self.sight, self.prices.low, self.prices.high, len(self.panes), len(self.overlays), *last)


def lay_out(
    view: ChartView,
    times: TimeScale,
    levels: Sequence[Level],
    places: Mapping[str, Decimal],
    area: QRectF,
    last: Decimal | None,
) -> PriceLayout:
    """Return where everything stands for what is in sight."""
    overlays = [line for line in view.indicators if line.overlay]
    groups: dict[str, list[IndicatorLine]] = {}
    for line in view.indicators:
        if not line.overlay:
            groups.setdefault(line.group or line.name, []).append(line)
    prices = _price_scale(view, times, overlays, levels, places)

    def text(value: float) -> str:
        return formats.price(value, view.instrument)

    room = axis_width(prices, text, [text(float(last))] if last is not None else [])
    count = min(len(groups), 3)
    height = area.height() - AXIS_HEIGHT
    pane_height = min(max(height * 0.2, 46.0), 110.0) if count else 0.0
    if pane_height * count > height * 0.5:
        pane_height = height * 0.5 / count
    main = QRectF(area.left(), area.top(), max(area.width() - room, 10), max(height - pane_height * count, 20))
    times.width = main.width()
    prices.top, prices.bottom = main.top() + min(_LEGEND, main.height() * 0.3), main.bottom() - main.height() * 0.04
    layout = PriceLayout(
        main,
        prices,
        QRectF(main.left(), area.bottom() - AXIS_HEIGHT, main.width(), AXIS_HEIGHT),
        room,
        overlays=overlays,
        sight=(times.left, times.right),
    )
    for number, lines in enumerate(list(groups.values())[:count]):
        rect = QRectF(main.left(), main.bottom() + number * pane_height, main.width(), pane_height)
        layout.panes.append(_indicator_pane(rect, lines, times))
    return layout


def _indicator_pane(rect: QRectF, lines: list[IndicatorLine], times: TimeScale) -> IndicatorPane:
    levels = tuple(dict.fromkeys(level for line in lines for level in line.levels))
    shown = [line.values[slice(*times.visible(len(line.values)))] for line in lines]
    low, high = extent(*shown, np.array(levels, dtype=np.float64))
    scale = ValueScale(top=rect.top() + 6, bottom=rect.bottom() - 4)
    scale.fit(low, high, 0.1)
    return IndicatorPane(rect, scale, lines, levels)


def _price_scale(
    view: ChartView,
    times: TimeScale,
    overlays: Sequence[IndicatorLine],
    levels: Sequence[Level],
    places: Mapping[str, Decimal],
) -> ValueScale:
    bars = view.bars
    cut = slice(*times.visible(len(bars)))
    series: list[FloatArray] = [bars.low[cut], bars.high[cut]]
    forming = view.forming
    if forming is not None and times.left <= len(bars) <= times.right:
        series.append(np.array([forming.low, forming.high]))
    low, high = extent(*series)
    if not np.isfinite(low) and len(bars):
        low, high = float(bars.low[-1]), float(bars.high[-1])
    span = (high - low) or abs(high) * 0.01 or 1.0
    reach = [values for line in overlays for values in (line.values[slice(*times.visible(len(line.values)))],)]
    wanted = [
        float(value)
        for values in reach
        if np.isfinite(values).any()
        for value in (np.nanmin(values), np.nanmax(values))
    ]
    wanted += [float(places.get(place_key(item), item.price)) for item in levels if item.kind is not LevelKind.ORDER]
    for value in wanted:
        if low - span * _STRETCH <= value <= high + span * _STRETCH:
            low, high = min(low, value), max(high, value)
    scale = ValueScale()
    scale.fit(low, high, 0.05)
    return scale

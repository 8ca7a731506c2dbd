"""Painting of the price chart: what stands still, and what moves over it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop.engine.views import ChartView
from desktop.ui import formats
from desktop.ui.charts import candles, pane
from desktop.ui.charts.drag import LevelDrag
from desktop.ui.charts.levels import Level, LevelKind, describe
from desktop.ui.charts.price_layout import IndicatorPane, PriceLayout
from desktop.ui.charts.scale import TimeMark, TimeScale, time_marks
from desktop.ui.theme import ThemeStore, text_font


def paint_base(painter: QPainter, view: ChartView, layout: PriceLayout, times: TimeScale, theme: ThemeStore) -> None:
    """Paint what changes only with a closed bar or another view."""
    bars = view.bars
    offset = pane.zone_offset(int(bars.start[-1])) if len(bars) else 0
    marks = time_marks(bars.start, times, offset)
    pane.paint_grid(painter, layout.main, layout.prices, marks, times, theme)
    painter.save()
    painter.setClipRect(layout.main)
    candles.paint_volume(painter, layout.main, times, bars, theme)
    candles.paint_candles(painter, layout.main.left(), times, layout.prices, bars, theme)
    for number, line in enumerate(layout.overlays):
        pane.paint_line(painter, layout.main, times, layout.prices, line.values, series_colour(theme, number))
    painter.restore()
    pane.paint_value_axis(
        painter, layout.main, layout.prices, lambda value: formats.price(value, view.instrument), theme
    )
    number = len(layout.overlays)
    for item in layout.panes:
        _paint_indicator_pane(painter, item, times, marks, theme, number)
        number += len(item.lines)
    pane.paint_time_axis(painter, layout.axis, marks, times, theme)
    painter.setPen(pane.pen(theme.colour("border")))
    edge = layout.main.right() + 0.5
    painter.drawLine(QLineF(edge, layout.main.top(), edge, layout.axis.top()))
    painter.drawLine(QLineF(layout.main.left(), layout.axis.top() + 0.5, edge, layout.axis.top() + 0.5))


def series_colour(theme: ThemeStore, number: int) -> QColor:
    """Return the colour of the line with a number, in the order of the view."""
    series = theme.tokens.series
    return QColor(series[number % len(series)])


def _paint_indicator_pane(
    painter: QPainter, item: IndicatorPane, times: TimeScale, marks: list[TimeMark], theme: ThemeStore, number: int
) -> None:
    rect = item.rect
    painter.setPen(pane.pen(theme.colour("grid")))
    painter.drawLines(
        [
            QLineF(rect.left() + times.x(mark.bar), rect.top(), rect.left() + times.x(mark.bar), rect.bottom())
            for mark in marks
        ]
    )
    painter.setPen(pane.pen(theme.colour("border")))
    painter.drawLine(QLineF(rect.left(), rect.top() + 0.5, rect.right(), rect.top() + 0.5))
    painter.save()
    painter.setClipRect(rect)
    for level in item.levels:
        y = round(item.scale.y(level)) + 0.5
        painter.setPen(pane.pen(theme.colour("text_muted", 0.7), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(rect.left(), y, rect.right(), y))
    for place, line in enumerate(item.lines):
        pane.paint_line(painter, rect, times, item.scale, line.values, series_colour(theme, number + place))
    painter.restore()
    painter.setFont(text_font(scale=pane.LABEL_SCALE))
    painter.setPen(theme.colour("text_muted"))
    for level in item.levels or (item.scale.low, item.scale.high):
        y = min(max(item.scale.y(level), rect.top() + 8), rect.bottom() - 8)
        box = QRectF(rect.right() + 6, y - 8, pane.right_edge(painter) - rect.right() - 10, 16)
        text = formats.number(level, 0 if level == int(level) else 2)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def paint_moving(
    painter: QPainter,
    view: ChartView,
    layout: PriceLayout,
    times: TimeScale,
    theme: ThemeStore,
    levels: Sequence[Level],
    drag: LevelDrag,
    last: Decimal | None,
) -> None:
    """Paint the forming bar, the fills, the levels and the last price."""
    main, prices = layout.main, layout.prices
    painter.save()
    painter.setClipRect(main)
    if view.forming is not None:
        candles.paint_forming(painter, main.left(), times, prices, view.forming, len(view.bars), theme)
    candles.paint_fills(painter, candles.fill_places(main, times, prices, view.bars, view.fills), theme)
    painter.restore()
    tagged = [last, *(drag.price_of(level) for level in levels if level.movable)]
    heights = [prices.y(float(price)) for price in tagged if price is not None]
    pane.clear_value_axis(painter, main, prices, heights, theme)
    if last is not None:
        _paint_last(painter, view, layout, last, theme)
    # Heights that are taken: by labels on the left, by tags on the axis.
    taken: tuple[list[float], list[float]] = ([], [] if last is None else [prices.y(float(last))])
    # The farthest first: of two labels that are moved to one edge the farther price stands at it.
    ordered = sorted(
        (level for level in levels if not drag.holds(level)),
        key=lambda level: -abs(prices.y(float(drag.price_of(level))) - main.center().y()),
    )
    for level in ordered + ([drag.level] if drag.level is not None else []):
        price = drag.price_of(level)
        text = describe(level, price, last, view.instrument)
        _paint_level(
            painter,
            layout,
            level,
            price,
            text,
            formats.price(price, view.instrument),
            theme,
            taken,
            held=drag.holds(level),
        )


def _paint_last(painter: QPainter, view: ChartView, layout: PriceLayout, last: Decimal, theme: ThemeStore) -> None:
    main = layout.main
    opened = view.forming.open if view.forming is not None else float(view.bars.open[-1])
    colour = theme.colour("candle_up" if float(last) >= opened else "candle_down")
    y = layout.prices.y(float(last))
    if main.top() <= y <= main.bottom():
        painter.setPen(pane.pen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(main.left(), round(y) + 0.5, main.right(), round(y) + 0.5))
    fill = theme.colour("buy_fill" if float(last) >= opened else "sell_fill")
    box = pane.axis_box(main, y, layout.room)
    pane.paint_tag(painter, box, formats.price(last, view.instrument), fill, theme.colour("on_side"), bold=True)


def _paint_level(
    painter: QPainter,
    layout: PriceLayout,
    level: Level,
    price: Decimal,
    text: str,
    price_text: str,
    theme: ThemeStore,
    taken: tuple[list[float], list[float]],
    *,
    held: bool,
) -> None:
    main, colour = layout.main, theme.colour(level.token)
    y = layout.prices.y(float(price))
    inside = main.top() + 2 <= y <= main.bottom() - 2
    average = level.kind is LevelKind.AVERAGE
    if inside:
        broken = Qt.PenStyle.DotLine if level.idle else Qt.PenStyle.DashLine if average else Qt.PenStyle.SolidLine
        painter.setPen(pane.pen(colour, 2 if held else 1, broken))
        painter.drawLine(QLineF(main.left(), round(y) + 0.5, main.right(), round(y) + 0.5))
    else:
        text = f"{text}   {'▲' if y < main.top() else '▼'} {price_text}"
    font = text_font(scale=pane.LABEL_SCALE, bold=held)
    width = QFontMetricsF(font).horizontalAdvance(text) + 18
    high, low = min(main.top() + 48, main.center().y()), main.bottom() - 11
    at = _free(min(max(y, high), low), taken[0], high, low)
    box = QRectF(main.left() + 8, at - 9, width, 18)
    painter.setPen(pane.pen(colour, 1))
    painter.setBrush(theme.colour("surface", 0.94))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(box.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
    if inside and not average:
        tag = pane.axis_box(main, _free(y, taken[1], main.top() + 9, main.bottom() - 9), layout.room)
        painter.setPen(pane.pen(colour, 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(tag.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(colour)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, price_text)


def _free(wanted: float, taken: list[float], high: float, low: float) -> float:
    """Return the height nearest to the wanted one, between two bounds, where no other label stands, and take it."""
    places = [wanted, *(other + side for other in taken for side in (-20.0, 20.0))]
    free = [at for at in places if high <= at <= low and all(abs(at - other) >= 19 for other in taken)]
    found = min(free, key=lambda at: abs(at - wanted), default=wanted)
    taken.append(found)
    return found


def over(layout: PriceLayout, mouse: QPointF | None) -> bool:
    """Tell whether the mouse is over the panes."""
    main = layout.main
    return mouse is not None and main.left() <= mouse.x() <= main.right() and mouse.y() <= layout.axis.top()


def _cross_x(layout: PriceLayout, times: TimeScale, mouse: QPointF) -> float:
    left = layout.main.left()
    return round(left + times.x(round(times.index(mouse.x() - left)))) + 0.5


def paint_cross(
    painter: QPainter, layout: PriceLayout, times: TimeScale, theme: ThemeStore, mouse: QPointF | None
) -> None:
    """Paint the lines of the crosshair; labels are painted over them."""
    if mouse is None or not over(layout, mouse):
        return
    main, x = layout.main, _cross_x(layout, times, mouse)
    painter.setPen(pane.pen(theme.colour("crosshair"), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(x, main.top(), x, layout.axis.top()))
    if main.top() <= mouse.y() <= main.bottom():
        painter.drawLine(QLineF(main.left(), round(mouse.y()) + 0.5, main.right(), round(mouse.y()) + 0.5))


def paint_cross_tags(
    painter: QPainter, layout: PriceLayout, times: TimeScale, theme: ThemeStore, mouse: QPointF, texts: tuple[str, str]
) -> None:
    """Paint price and time of the crosshair on the axes."""
    main, axis = layout.main, layout.axis
    x = _cross_x(layout, times, mouse)
    price, time = texts
    ink = theme.colour("text")
    if main.top() <= mouse.y() <= main.bottom():
        pane.paint_tag(painter, pane.axis_box(main, mouse.y(), layout.room), price, theme.colour("border_strong"), ink)
    if time:
        width = QFontMetricsF(text_font(scale=pane.LABEL_SCALE)).horizontalAdvance(time) + 16
        left = min(max(x - width / 2, main.left()), main.right() - width)
        pane.paint_tag(painter, QRectF(left, axis.top() + 2, width, 18), time, theme.colour("border_strong"), ink)

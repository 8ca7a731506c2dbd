"""How a map of a sweep is painted: all cells in one image, their figures where there is room, axes and legend."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite

import numpy as np
from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from desktop.ui.charts.heat_view import HeatCell, HeatView, Shade, shade_of
from desktop.ui.theme import ThemeStore

LEFT, TOP, BOTTOM, RIGHT = 62.0, 10.0, 62.0, 12.0  # pixels of the axes and the legend
_PALE, _DEEP = 0.05, 0.80
_ROOM = 4.0  # pixels between a figure and its cell's edge
_APART = 7.0  # pixels of a cell from which on lines part it from its neighbours
_PATTERNS = {Shade.REFUSED: Qt.BrushStyle.BDiagPattern, Shade.NO_FIGURE: Qt.BrushStyle.Dense6Pattern}
_SWATCH, _SCALE = 12.0, 56.0  # pixels of the legend's boxes


def _tr(text: str) -> str:
    return QCoreApplication.translate("HeatMap", text)


def cell_box(view: HeatView, area: QRectF, row: int, column: int) -> QRectF:
    """Return where a cell is painted."""
    width, height = area.width() / len(view.columns), area.height() / len(view.rows)
    return QRectF(area.left() + column * width, area.bottom() - (row + 1) * height, width, height)


class HeatPainter:
    """Paints one view; keeps the image of its cells until view or theme change."""

    def __init__(self, theme: ThemeStore, view: HeatView) -> None:
        self._theme, self.view = theme, view
        self._image: QImage | None = None

    def forget(self) -> None:
        """Paint the cells anew: the theme has changed."""
        self._image = None

    def colour(self, score: float) -> QColor:
        """Return the colour of a score: the better, the deeper."""
        low, high = self.view.bounds
        share = 1.0 if score > high else (score - low) / (high - low) if high > low else 1.0
        return self._theme.colour("accent", _PALE + (_DEEP - _PALE) * max(0.0, min(1.0, share)))

    def _empty(self, shade: Shade) -> QColor:
        return self._theme.colour("border", 0.0 if shade is Shade.NOT_TRIED else 0.35)

    # cells -----------------------------------------------------------------------------------------------------
    def cells(self, painter: QPainter, area: QRectF) -> None:
        """Paint every cell, and the figures where cells are large enough to hold one."""
        view = self.view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.drawImage(area, self._cells_image())
        one = cell_box(view, area, 0, 0)
        if min(one.width(), one.height()) >= _APART:
            self._lines(painter, area)
        self._hatch(painter, area)
        metrics = QFontMetricsF(painter.font())
        if metrics.height() <= one.height() and metrics.horizontalAdvance("0") + _ROOM <= one.width():
            self._figures(painter, area, metrics)

    def _cells_image(self) -> QImage:
        """Return the cells with a pixel each; painted to size, that is one step for any number of them."""
        if self._image is None:
            view = self.view
            ink, empty = self._theme.colour("accent").rgb() & 0xFFFFFF, self._empty(Shade.REFUSED)
            low, high = view.bounds
            shares = np.clip((view.scores - low) / (high - low) if high > low else np.ones_like(view.scores), 0.0, 1.0)
            alpha = np.rint(255 * (_PALE + (_DEEP - _PALE) * np.nan_to_num(shares, nan=0.0)))
            pixels = (alpha.astype(np.uint32) << 24) | np.uint32(ink)
            pixels[np.isnan(view.scores)] = empty.rgba()
            if view.counts[Shade.NOT_TRIED]:
                pixels[[[cell is None for cell in line] for line in view.cells]] = 0
            rows = np.ascontiguousarray(pixels[::-1])  # the lowest value is at the bottom
            self._image = QImage(
                rows.tobytes(), len(view.columns), len(view.rows), 4 * len(view.columns), QImage.Format.Format_ARGB32
            ).copy()  # an image of its own: the bytes go away
        return self._image

    def _lines(self, painter: QPainter, area: QRectF) -> None:
        view = self.view
        width, height = area.width() / len(view.columns), area.height() / len(view.rows)
        upright = [area.left() + width * place for place in range(1, len(view.columns))]
        level = [area.top() + height * place for place in range(1, len(view.rows))]
        painter.setPen(QPen(self._theme.colour("surface"), 1.0))
        painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in upright])
        painter.drawLines([QLineF(area.left(), y, area.right(), y) for y in level])

    def _hatch(self, painter: QPainter, area: QRectF) -> None:
        """Mark the cells without a figure: their colour alone would look like that of a bad one."""
        boxes: dict[Shade, list[QRectF]] = {shade: [] for shade in _PATTERNS if self.view.counts[shade]}
        if not boxes:
            return
        for row, column, cell in self.view.placed():
            if cell.score is None:
                boxes[shade_of(cell)].append(cell_box(self.view, area, row, column))
        painter.setPen(Qt.PenStyle.NoPen)
        for shade, found in boxes.items():
            painter.setBrush(self._pattern(shade))
            painter.drawRects(found)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _pattern(self, shade: Shade) -> QBrush:
        return QBrush(self._theme.colour("text_muted", 0.8), _PATTERNS.get(shade, Qt.BrushStyle.NoBrush))

    def _figures(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF) -> None:
        text, base = self._theme.colour("text"), self._theme.colour("surface")
        for row, column, cell in self.view.placed():
            if cell.score is None:
                continue
            box, figure = cell_box(self.view, area, row, column), cell.text()
            if metrics.horizontalAdvance(figure) + _ROOM <= box.width():
                painter.setPen(_readable(self.colour(cell.score), base, text, base))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, figure)

    # one parameter ---------------------------------------------------------------------------------------------
    def line(self, painter: QPainter, area: QRectF, here: HeatCell | None) -> None:
        """Paint one parameter as a line; `here` has the cursor."""
        view = self.view
        low, high = view.bounds
        room = (high - low) * 0.1 or 1.0
        low, high = low - room, high + room
        points: list[tuple[QPointF, HeatCell]] = []
        for column, cell in enumerate(view.cells[0]):
            if cell is None or cell.score is None or not isfinite(cell.score):
                continue
            y = area.bottom() - (cell.score - low) / (high - low) * area.height()
            points.append((QPointF(cell_box(view, area, 0, column).center().x(), y), cell))
        painter.setPen(QPen(self._theme.colour("grid"), 1.0))
        painter.drawRect(area)
        self._hatch(painter, area)
        painter.setPen(QPen(self._theme.colour("accent"), 1.8))
        for (one, _), (two, _) in pairwise(points):
            painter.drawLine(one, two)
        metrics = QFontMetricsF(painter.font())
        for place, cell in points:
            chosen = here is cell
            painter.setBrush(self._theme.colour("accent"))
            painter.setPen(QPen(self._theme.colour("text" if chosen else "surface"), 2.0 if chosen else 1.0))
            painter.drawEllipse(place, 5.0 if chosen else 3.5, 5.0 if chosen else 3.5)
            figure = cell.text()
            if metrics.horizontalAdvance(figure) + _ROOM <= area.width() / len(view.columns):
                painter.setPen(self._theme.colour("text"))
                painter.drawText(QRectF(place.x() - 40, place.y() - 22, 80, 16), Qt.AlignmentFlag.AlignCenter, figure)

    # around them -----------------------------------------------------------------------------------------------
    def axes(self, painter: QPainter, area: QRectF) -> None:
        """Write the values and names of the parameters beside the cells."""
        view, metrics = self.view, QFontMetricsF(painter.font())
        painter.setPen(self._theme.colour("text_muted"))
        widest = max(metrics.horizontalAdvance(text) for text in view.columns) + 8
        every = max(1, round(widest / (area.width() / len(view.columns)) + 0.49))
        for column in range(0, len(view.columns), every):
            middle = cell_box(view, area, 0, column).center().x()
            box = QRectF(middle - widest, area.bottom() + 3, 2 * widest, 15)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, view.columns[column])
        every = max(1, round(metrics.height() / (area.height() / len(view.rows)) + 0.49))
        for row in range(0, len(view.rows), every):
            middle = cell_box(view, area, row, 0).center().y()
            box = QRectF(20, middle - 8, LEFT - 25, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, view.rows[row])
        painter.setPen(self._theme.colour("text"))
        title = f"{view.across}   ({view.metric})"
        painter.drawText(
            QRectF(area.left(), area.bottom() + 20, area.width(), 16), Qt.AlignmentFlag.AlignHCenter, title
        )
        painter.save()
        painter.translate(12, area.center().y())
        painter.rotate(-90)
        side = view.down or view.metric
        painter.drawText(QRectF(-area.height() / 2, -8, area.height(), 16), Qt.AlignmentFlag.AlignCenter, side)
        painter.restore()

    def legend(self, painter: QPainter, area: QRectF) -> None:
        """Say what the colours mean, and what a cell without one means."""
        metrics = QFontMetricsF(painter.font())
        x, y = area.left(), area.bottom() + 42.0
        ends = self.view.ends
        if self.view.down and ends is not None:
            x = self._write(painter, metrics, x, y, ends[0].text())
            low, high = self.view.bounds
            for step in range(int(_SCALE)):
                score = low + (high - low) * step / _SCALE
                painter.fillRect(QRectF(x + step, y, 1.0, _SWATCH), self.colour(score))
            x = self._write(painter, metrics, x + _SCALE + 5, y, ends[1].text()) + 8
        for shade, text in self.legend_texts().items():
            if x + _SWATCH + 5 + metrics.horizontalAdvance(text) > area.right() + RIGHT:
                break  # what has no room is told by the tool tip of its cells
            box = QRectF(x, y, _SWATCH, _SWATCH)
            painter.fillRect(box, self._empty(shade))
            painter.setPen(QPen(self._theme.colour("border"), 1.0))
            painter.setBrush(self._pattern(shade))
            painter.drawRect(box)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            x = self._write(painter, metrics, x + _SWATCH + 5, y, text) + 8

    def legend_texts(self) -> dict[Shade, str]:
        """Return what is written beside the swatches of cells without a colour; only of those there are."""
        words = {
            Shade.REFUSED: _tr("cannot run (%1)"),
            Shade.NO_FIGURE: _tr("no figure (%1)"),
            Shade.NOT_TRIED: _tr("not tried (%1)"),
        }
        counts = self.view.counts
        return {shade: text.replace("%1", f"{counts[shade]:,}") for shade, text in words.items() if counts[shade]}

    def _write(self, painter: QPainter, metrics: QFontMetricsF, x: float, y: float, text: str) -> float:
        painter.setPen(self._theme.colour("text_muted"))
        width = metrics.horizontalAdvance(text)
        painter.drawText(
            QRectF(x, y - 2, width + 4, _SWATCH + 4), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text
        )
        return x + width + 5


def _readable(colour: QColor, base: QColor, *inks: QColor) -> QColor:
    """Return the ink that stands out most on a colour laid over a base."""
    share = colour.alphaF()
    mixed = [
        part * share + below * (1 - share)
        for part, below in zip(colour.getRgbF()[:3], base.getRgbF()[:3], strict=True)  # type: ignore[index]  # a tuple
    ]
    ground = _luminance(mixed)

    def contrast(ink: QColor) -> float:
        light = _luminance([ink.redF(), ink.greenF(), ink.blueF()])
        return (max(light, ground) + 0.05) / (min(light, ground) + 0.05)

    return max(inks, key=contrast)


def _luminance(parts: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

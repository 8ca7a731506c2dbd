"""A sweep at a glance: two parameters as a map, one as a line; the better a variant, the deeper its colour.

The map of a robust strategy is smooth: a lonely bright cell among dull ones is luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font

_LEFT, _TOP, _BOTTOM, _RIGHT = 62.0, 10.0, 40.0, 12.0  # pixels of the axes
_PALE, _DEEP = 0.05, 0.80
_ROOM = 4.0  # pixels between a figure and its cell's edge


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell.

    Attributes:
        number: The variant's number in the sweep.
        score: The higher the better; None: no figure.
        text: The figure as it is shown.
        tip: The variant and its figures, for the tool tip and screen readers.
    """

    number: int
    score: float | None
    text: str
    tip: str


@dataclass(frozen=True, slots=True)
class HeatView:
    """What a map shows.

    Attributes:
        across: Name of the parameter from left to right.
        down: Name of the one from bottom to top; empty: there is one parameter only.
        columns: Values across, as texts.
        rows: Values down, as texts, the lowest first; one empty text where there is one parameter only.
        cells: By row and column; None: no variant ran there.
        metric: Name of the figure.
    """

    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[HeatCell | None, ...], ...]
    metric: str


class HeatMap(QWidget):
    """Shows a `HeatView`; arrow keys and the mouse choose a cell, Enter or a double click opens it.

    Signals:
        chosen: with the number of the variant that has the cursor.
        opened: with the number of the variant to be opened.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.view: HeatView | None = None
        self.cursor_: tuple[int, int] | None = None  # row, column
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 150)
        self.setAccessibleName(self.tr("Heat map of the sweep"))
        theme.changed.connect(self.update)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(460, 300)

    def show_view(self, view: HeatView | None) -> None:
        """Show a map with the cursor on the best cell."""
        self.view = view
        self.cursor_ = None
        if view is not None:
            known = [
                (cell.score, row, column)
                for row, line in enumerate(view.cells)
                for column, cell in enumerate(line)
                if cell is not None and cell.score is not None
            ]
            if known:
                _, row, column = max(known, key=lambda item: item[0])
                self._move(row, column)
        self.update()

    def show_number(self, number: int) -> None:
        """Put the cursor on a variant, where the map has it."""
        if self.view is None:
            return
        for row, line in enumerate(self.view.cells):
            for column, cell in enumerate(line):
                if cell is not None and cell.number == number and (row, column) != self.cursor_:
                    self.cursor_ = (row, column)
                    self.update()

    def _move(self, row: int, column: int) -> None:
        cell = self._cell(row, column)
        if cell is None:
            return
        self.cursor_ = (row, column)
        self.setAccessibleDescription(cell.tip)
        self.chosen.emit(cell.number)
        self.update()

    def _cell(self, row: int, column: int) -> HeatCell | None:
        view = self.view
        if view is None or not (0 <= row < len(view.rows) and 0 <= column < len(view.columns)):
            return None
        return view.cells[row][column]

    # geometry --------------------------------------------------------------------------------------------------
    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, max(10.0, self.width() - _LEFT - _RIGHT), max(10.0, self.height() - _TOP - _BOTTOM))

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell is painted."""
        view, area = self.view, self._area()
        if view is None:
            return QRectF()
        width, height = area.width() / len(view.columns), area.height() / len(view.rows)
        return QRectF(area.left() + column * width, area.bottom() - (row + 1) * height, width, height)

    def _at(self, place: QPointF) -> tuple[int, int] | None:
        view, area = self.view, self._area()
        if view is None or not area.contains(place):
            return None
        column = int((place.x() - area.left()) / area.width() * len(view.columns))
        row = int((area.bottom() - place.y()) / area.height() * len(view.rows))
        return min(row, len(view.rows) - 1), min(column, len(view.columns) - 1)

    # painting --------------------------------------------------------------------------------------------------
    @guarded_override()
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface"))
        view = self.view
        if view is None or not view.columns or not view.rows:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(scale=0.9))
        scores = [cell.score for line in view.cells for cell in line if cell is not None and cell.score is not None]
        low, high = _bounds([score for score in scores if isfinite(score)], whole=not view.down)
        if view.down:
            self._paint_cells(painter, view, low, high)
        else:
            self._paint_line(painter, view, low, high)
        self._paint_axes(painter, view)

    def _paint_cells(self, painter: QPainter, view: HeatView, low: float, high: float) -> None:
        metrics = QFontMetricsF(painter.font())
        text, base = self._theme.colour("text"), self._theme.colour("surface")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        for row, line in enumerate(view.cells):
            for column, cell in enumerate(line):
                box = self.cell_rect(row, column)
                if cell is None or cell.score is None:
                    painter.fillRect(box, self._theme.colour("border", 0.35))
                    continue
                colour = self._colour(cell.score, low, high)
                painter.fillRect(box.adjusted(0.5, 0.5, -0.5, -0.5), colour)
                if metrics.horizontalAdvance(cell.text) + _ROOM <= box.width() and metrics.height() <= box.height():
                    painter.setPen(_readable(colour, base, text, base))
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cell.text)
        if self.cursor_ is not None:
            pen = QPen(self._theme.colour("focus" if self.hasFocus() else "text"), 2.0)
            painter.setPen(pen)
            painter.drawRect(self.cell_rect(*self.cursor_).adjusted(1, 1, -1, -1))

    def _colour(self, score: float, low: float, high: float) -> QColor:
        share = 1.0 if score > high else (score - low) / (high - low) if high > low else 1.0
        return self._theme.colour("accent", _PALE + (_DEEP - _PALE) * max(0.0, min(1.0, share)))

    def _paint_line(self, painter: QPainter, view: HeatView, low: float, high: float) -> None:
        area, room = self._area(), (high - low) * 0.1 or 1.0
        low, high = low - room, high + room
        points: list[tuple[QPointF, HeatCell]] = []
        for column, cell in enumerate(view.cells[0]):
            if cell is None or cell.score is None or not isfinite(cell.score):
                continue
            y = area.bottom() - (cell.score - low) / (high - low) * area.height()
            points.append((QPointF(self.cell_rect(0, column).center().x(), y), cell))
        painter.setPen(QPen(self._theme.colour("grid"), 1.0))
        painter.drawRect(area)
        painter.setPen(QPen(self._theme.colour("accent"), 1.8))
        for (one, _), (two, _) in pairwise(points):
            painter.drawLine(one, two)
        metrics = QFontMetricsF(painter.font())
        for place, cell in points:
            here = self.cursor_ is not None and self._cell(*self.cursor_) is cell
            painter.setBrush(self._theme.colour("accent"))
            painter.setPen(QPen(self._theme.colour("text" if here else "surface"), 2.0 if here else 1.0))
            painter.drawEllipse(place, 5.0 if here else 3.5, 5.0 if here else 3.5)
            if metrics.horizontalAdvance(cell.text) + _ROOM <= area.width() / len(view.columns):
                painter.setPen(self._theme.colour("text"))
                painter.drawText(
                    QRectF(place.x() - 40, place.y() - 22, 80, 16), Qt.AlignmentFlag.AlignCenter, cell.text
                )

    def _paint_axes(self, painter: QPainter, view: HeatView) -> None:
        metrics, area = QFontMetricsF(painter.font()), self._area()
        painter.setPen(self._theme.colour("text_muted"))
        widest = max(metrics.horizontalAdvance(text) for text in view.columns) + 8
        every = max(1, round(widest / (area.width() / len(view.columns)) + 0.49))
        for column in range(0, len(view.columns), every):
            middle = self.cell_rect(0, column).center().x()
            box = QRectF(middle - widest, area.bottom() + 3, 2 * widest, 15)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, view.columns[column])
        every = max(1, round(metrics.height() / (area.height() / len(view.rows)) + 0.49))
        for row in range(0, len(view.rows), every):
            middle = self.cell_rect(row, 0).center().y()
            box = QRectF(20, middle - 8, _LEFT - 25, 16)
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

    # mouse and keys --------------------------------------------------------------------------------------------
    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None and event.button() is Qt.MouseButton.LeftButton:
            self._move(*found)

    @guarded_override()
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        cell = self._cell(*found) if found is not None else None
        if cell is not None:
            self.opened.emit(cell.number)

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (1, 0), Qt.Key.Key_Down: (-1, 0),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.cursor_ is not None:
            self._move(self.cursor_[0] + step[0], self.cursor_[1] + step[1])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.cursor_ is not None:
            cell = self._cell(*self.cursor_)
            if cell is not None:
                self.opened.emit(cell.number)
        else:
            super().keyPressEvent(event)

    @guarded_override(answer=False)
    def event(self, event: QEvent) -> bool:
        """Show the variant under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(QPointF(event.pos()))
            cell = self._cell(*found) if found is not None else None
            QToolTip.showText(event.globalPos(), cell.tip if cell is not None else "", self)
            return True
        return super().event(event)


def _bounds(scores: list[float], *, whole: bool) -> tuple[float, float]:
    """Return the scores of the palest and the deepest colour; a few bad cells leave not all others alike."""
    if not scores:
        return 0.0, 1.0
    ordered = sorted(scores)
    return ordered[0] if whole else ordered[len(ordered) // 10], ordered[-1]


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

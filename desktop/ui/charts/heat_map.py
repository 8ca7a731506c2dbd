"""A sweep at a glance: two parameters as a map, one as a line; the better a variant, the deeper its colour.

The map of a robust strategy is smooth: a lonely bright cell among dull ones is luck.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.ui.charts.heat_paint import BOTTOM, LEFT, RIGHT, TOP, HeatPainter, cell_box
from desktop.ui.charts.heat_view import HeatCell, HeatView
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore, text_font


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
        self.painting: HeatPainter | None = None  # of the view
        self.cursor_: tuple[int, int] | None = None  # row, column
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 170)
        self.setAccessibleName(self.tr("Heat map of the sweep"))
        theme.changed.connect(guarded(self._on_theme))

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(460, 300)

    def show_view(self, view: HeatView | None) -> None:
        """Show a map with the cursor on the best cell."""
        self.view = view
        self.painting = None if view is None else HeatPainter(self._theme, view)
        self.cursor_ = None
        if view is not None and view.best is not None:
            self._move(*view.best)
        self.update()

    def _on_theme(self) -> None:
        if self.painting is not None:
            self.painting.forget()
        self.update()

    def show_number(self, number: int) -> None:
        """Put the cursor on a variant, where the map has it."""
        place = None if self.view is None else self.view.places.get(number)
        if place is not None and place != self.cursor_:
            self.cursor_ = place
            self.update()

    def _move(self, row: int, column: int) -> None:
        cell = self._cell(row, column)
        if cell is None:
            return
        self.cursor_ = (row, column)
        self.setAccessibleDescription(cell.tip())
        self.chosen.emit(cell.number)
        self.update()

    def _cell(self, row: int, column: int) -> HeatCell | None:
        view = self.view
        if view is None or not (0 <= row < len(view.rows) and 0 <= column < len(view.columns)):
            return None
        return view.cells[row][column]

    # geometry --------------------------------------------------------------------------------------------------
    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, max(10.0, self.width() - LEFT - RIGHT), max(10.0, self.height() - TOP - BOTTOM))

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell is painted."""
        return QRectF() if self.view is None else cell_box(self.view, self._area(), row, column)

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
        view, painting, area = self.view, self.painting, self._area()
        if view is None or painting is None or not view.columns or not view.rows:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(scale=0.9))
        if view.down:
            painting.cells(painter, area)
            if self.cursor_ is not None:
                painter.setPen(QPen(self._theme.colour("focus" if self.hasFocus() else "text"), 2.0))
                painter.drawRect(self.cell_rect(*self.cursor_).adjusted(1, 1, -1, -1))
        else:
            painting.line(painter, area, None if self.cursor_ is None else self._cell(*self.cursor_))
        painting.axes(painter, area)
        painting.legend(painter, area)

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
            QToolTip.showText(event.globalPos(), cell.tip() if cell is not None else "", self)
            return True
        return super().event(event)

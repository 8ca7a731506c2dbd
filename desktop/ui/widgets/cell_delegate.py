"""Draws the cells of a RowTable: numbers in tabular digits, signs in colour, badges, small lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop.ui import formats
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore, text_font
from desktop.ui.widgets.columns import Kind
from desktop.ui.widgets.coverage import draw_coverage
from desktop.ui.widgets.row_model import RowModel

ROW_HEIGHT = 24
MARGIN = 7
#: Text colour that belongs to a plate, by the token of the plate.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
# as plain numbers: Python's enumerations take a tenth of a cell's time
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
_WIDEST = 12  # pixels: a text that is narrow enough at this width a letter is not measured
_KEPT_LINES = 500
_KEPT_TEXTS = 2000
ON_PLATE = {
    "demo": "on_demo",
    "paper": "on_paper",
    "broker": "on_broker",
    "live": "on_live",
    "buy_fill": "on_side",
    "sell_fill": "on_side",
}


class CellDelegate(QStyledItemDelegate):
    """Paints a cell in one go instead of asking the model for eight roles.

    A number is drawn whole or not at all: a cut one reads as another number.
    """

    cramped = Signal(int, int)  # a column and the pixels one of its numbers needs; told while painting

    def __init__(self, model: RowModel[Any], theme: ThemeStore, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._font, self._bold, self._small = text_font(), text_font(bold=True), text_font(scale=0.88, bold=True)
        self._colours: dict[str, QColor] = {}
        self._lines: dict[tuple[object, ...], QPixmap] = {}
        self._short: dict[tuple[str, int, bool, bool], str] = {}
        theme.changed.connect(self._forget)

    def _forget(self) -> None:
        self._colours.clear()
        self._lines.clear()

    def _colour(self, token: str) -> QColor:
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(getattr(self._theme.tokens, token))
        return found

    @guarded_override(QSize())
    def sizeHint(self, _: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room a cell needs to show its whole text."""
        text = self._model.text(index.row(), index.column())
        return QSize(self._room(QFontMetrics(self._font), text), ROW_HEIGHT)

    @staticmethod
    def _room(metrics: QFontMetrics, text: str) -> int:
        return metrics.horizontalAdvance(text) + 2 * MARGIN + 6

    @guarded_override(answer=False)
    def helpEvent(  # noqa: N802 - Qt's name
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show a number whole that its column is too narrow for, above the cell's own tip."""
        if event.type() == QEvent.Type.ToolTip and index.isValid() and self._model.columns[index.column()].numeric:
            text = self._model.text(index.row(), index.column())
            if QFontMetrics(self._font).horizontalAdvance(text) > option.rect.width() - 2 * MARGIN:
                tip = self._model.data(index, Qt.ItemDataRole.ToolTipRole)
                QToolTip.showText(event.globalPos(), f"{text}\n{tip}" if tip else text, view)
                return True
        return super().helpEvent(event, view, option, index)

    @guarded_override()
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        place, number = index.row(), index.column()
        column = self._model.columns[number]
        row = self._model.row(place)
        rect: QRect = option.rect
        state: int = option.state.value
        self._background(painter, rect, place, selected=bool(state & _SELECTED))
        inner = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        if column.kind is Kind.SPARK:
            self._spark(painter, inner, column.value(row))
        elif column.kind is Kind.BADGE:
            self._badge(painter, inner, self._model.text(place, number), column.tone(row) if column.tone else "paper")
        elif column.kind is Kind.SPAN:
            if column.span is not None:
                draw_coverage(painter, QRectF(inner), column.span(row), self._theme)
        elif column.kind is Kind.BUTTON:
            self._button(painter, rect, self._model.text(place, number))
        else:
            self._text(painter, inner, number, row, self._model.text(place, number))
        if state & _FOCUSED:
            painter.setPen(QPen(self._colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # a badge leaves its own behind
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _background(self, painter: QPainter, rect: QRect, place: int, *, selected: bool) -> None:
        if selected:
            painter.fillRect(rect, self._colour("selected"))
        flash = self._model.flashed(place) if self._model.flashing else 0.0
        if flash > 0:
            painter.fillRect(rect, self._theme.colour("accent_fill", 0.35 * flash))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._colour("border"))

    def _text(self, painter: QPainter, rect: QRect, number: int, row: Any, text: str) -> None:
        token, column = "text", self._model.columns[number]
        font: QFont = self._font
        if column.kind is Kind.SIGNED:
            token = f"pnl_{formats.tone(text)}"
        elif column.tone is not None:
            token = column.tone(row)
            font = self._bold if column.kind is Kind.TONED else font
        painter.setFont(font)
        painter.setPen(self._colour(token))
        width = rect.width()
        if len(text) * _WIDEST > width:
            short = self._shortened(painter, text, width, numeric=column.numeric, bold=font is self._bold)
            if column.numeric and short != text:
                self.cramped.emit(number, self._room(painter.fontMetrics(), text))
            text = short
        painter.drawText(rect, _RIGHT if column.numeric else _LEFT, text)

    def _shortened(self, painter: QPainter, text: str, width: int, *, numeric: bool, bold: bool) -> str:
        """Return a text as it fits into `width` pixels; in place of a number that does not, a row of #."""
        key = (text, width, numeric, bold)
        found = self._short.get(key)
        if found is None:
            if len(self._short) >= _KEPT_TEXTS:
                self._short.clear()
            metrics = painter.fontMetrics()
            if not numeric:
                found = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            elif metrics.horizontalAdvance(text) <= width:
                found = text
            else:
                found = "#" * max(1, width // max(1, metrics.horizontalAdvance("#")))
            self._short[key] = found
        return found

    def _badge(self, painter: QPainter, rect: QRect, text: str, tone: str) -> None:
        if not text:
            return
        painter.setFont(self._small)
        metrics = painter.fontMetrics()
        plate = QRectF(
            rect.left(), rect.center().y() - 7.5, min(metrics.horizontalAdvance(text) + 12, rect.width()), 16
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens = self._theme.tokens
        filled = tone in ON_PLATE
        painter.setBrush(QColor(getattr(tokens, tone)) if filled else self._theme.colour(tone, 0.16))
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(QColor(getattr(tokens, ON_PLATE[tone] if filled else tone)))
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(plate.width()) - 6)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, short)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _button(self, painter: QPainter, rect: QRect, text: str) -> None:
        if not text:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        box = QRectF(rect).adjusted(4.5, 2.5, -4.5, -3.5)
        box.setWidth(min(box.width(), painter.fontMetrics().horizontalAdvance(text) + 24))
        painter.setPen(QColor(self._theme.tokens.border_strong))
        painter.setBrush(QColor(self._theme.tokens.raised))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _spark(self, painter: QPainter, rect: QRect, points: Sequence[float]) -> None:
        ratio = painter.device().devicePixelRatioF()
        key = (tuple(points), rect.width(), rect.height(), ratio)
        line = self._lines.get(key)
        if line is None:
            line = QPixmap(round(rect.width() * ratio), round(rect.height() * ratio))
            line.setDevicePixelRatio(ratio)
            line.fill(Qt.GlobalColor.transparent)
            brush = QPainter(line)
            draw_sparkline(brush, QRectF(1, 4, rect.width() - 2, rect.height() - 9), points, self._theme)
            brush.end()
            if len(self._lines) >= _KEPT_LINES:
                self._lines.clear()
            self._lines[key] = line
        painter.drawPixmap(rect.topLeft(), line)


def draw_sparkline(painter: QPainter, rect: QRectF, points: Sequence[float], theme: ThemeStore) -> None:
    """Draw values as a small line in the colour of their change from first to last."""
    if len(points) < 2 or rect.width() < 4:
        return
    low, high = min(points), max(points)
    span = (high - low) or 1.0
    step = rect.width() / (len(points) - 1)
    shape = QPolygonF(
        [
            QPointF(rect.left() + place * step, rect.bottom() - (value - low) / span * rect.height())
            for place, value in enumerate(points)
        ]
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.tokens.signed(points[-1] - points[0])), 1.4))
    painter.drawPolyline(shape)
    painter.restore()

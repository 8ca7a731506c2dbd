"""Returns by month and year: a cell is the deeper in colour the larger the gain or loss, and says its sign."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.research.monthly import MONTHS, YearReturns
from desktop.ui import formats
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore

_ROW = 24  # pixels
_PALE, _DEEP = 0.06, 0.42  # opacity of a cell
_FULL = 0.9  # of the cells are within the deepest colour


class _Plate(QStyledItemDelegate):
    """Paints a cell's own colour beneath its text: the stylesheet of tables would leave it out."""

    @guarded_override()
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        brush = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(brush, QBrush) and brush.style() is not Qt.BrushStyle.NoBrush:
            painter.fillRect(option.rect.adjusted(1, 1, -1, -1), brush)
        super().paint(painter, option, index)


class MonthlyTable(QTableWidget):
    """A row for each year, a column for each month, the year's return at the end."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(0, MONTHS + 2, parent)
        self._theme = theme
        self._rows: tuple[YearReturns, ...] = ()
        self.setAccessibleName(QCoreApplication.translate("Backtest", "Monthly returns"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Plate(self))
        head, side = self.horizontalHeader(), self.verticalHeader()
        side.hide()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(30)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        side.setDefaultSectionSize(_ROW)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(guarded(self._fill))

    def show_returns(self, rows: Sequence[YearReturns]) -> None:
        """Show the returns, oldest year first; all of them are in sight."""
        self._rows = tuple(rows)
        self._fill()

    def _fill(self) -> None:
        locale = QLocale()
        months = [locale.standaloneMonthName(number, QLocale.FormatType.ShortFormat) for number in range(1, MONTHS + 1)]
        tr = QCoreApplication.translate
        self.setHorizontalHeaderLabels([tr("Backtest", "Year"), *months, tr("Backtest", "Total")])
        self.setRowCount(len(self._rows))
        scale = _scale([value for row in self._rows for value in row.months])
        yearly = _scale([row.total for row in self._rows])
        for line, row in enumerate(self._rows):
            year = QTableWidgetItem(str(row.year))
            year.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            year.setForeground(QBrush(QColor(self._theme.tokens.text_muted)))
            self.setItem(line, 0, year)
            for column, value in enumerate((*row.months, row.total), 1):
                self.setItem(line, column, self._cell(value, yearly if column > MONTHS else scale))
        height = self.horizontalHeader().sizeHint().height() + _ROW * len(self._rows) + 2
        self.setFixedHeight(height)

    def _cell(self, value: float | None, scale: float) -> QTableWidgetItem:
        text = "" if value is None else formats.percent(value, decimals=1).removesuffix(" %")
        item = QTableWidgetItem(text)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        direction = formats.direction(text)
        if value is not None and direction:
            share = min(1.0, abs(value) / scale)
            colour = QColor(self._theme.tokens.pnl_up if direction > 0 else self._theme.tokens.pnl_down)
            colour.setAlphaF(_PALE + (_DEEP - _PALE) * share)
            item.setBackground(QBrush(colour))
            item.setToolTip(formats.percent(value))
        item.setForeground(QBrush(QColor(self._theme.tokens.text)))
        return item


def _scale(values: Sequence[float | None]) -> float:
    """Return the return that has the deepest colour: few are larger, so that one extreme leaves none pale."""
    sizes = sorted(abs(value) for value in values if value is not None)
    return (sizes[int((len(sizes) - 1) * _FULL)] if sizes else 0.0) or 1e-9

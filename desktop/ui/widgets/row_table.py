"""The table of the window: keyed typed rows, sorted by value, with everything a trader expects of a blotter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore, text_font
from desktop.ui.widgets.cell_delegate import ROW_HEIGHT, CellDelegate
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.row_model import RowModel
from desktop.ui.widgets.table_header import TableHeader
from desktop.ui.widgets.table_text import as_csv, as_tsv

R = TypeVar("R")


class RowTable(QTableView, Generic[R]):
    """A table over rows of one type.

    Args:
        columns: What is shown, in the default order.
        key: The stable key of a row; selection and updates go by it.
        name: Under which its columns are saved; never changed.
        theme: Colours, and the preferences the columns are saved in.
        title: What a screen reader calls it.
        empty: Headline and hint shown while there is no row.
        menu: Adds what a right-click on the given rows offers.
        activate: Called with a row on double-click or Enter.
        click: Called with (column key, row) when a BUTTON cell is clicked.
    """

    current_changed = Signal(object)  # the row that has the cursor, or None
    counts_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        key: Callable[[R], str],
        name: str,
        theme: ThemeStore,
        title: str,
        empty: tuple[str, str] = ("", ""),
        menu: Callable[[QMenu, list[R]], None] | None = None,
        activate: Callable[[R], None] | None = None,
        click: Callable[[str, R], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._empty = theme, empty
        self._menu, self._activate, self._click = menu, activate, click
        self.rows: RowModel[R] = RowModel(columns, key, self)
        self.columns = self.rows.columns
        self.setAccessibleName(title)
        self.setObjectName(f"{name}-table")
        self.setModel(self.rows)
        delegate = CellDelegate(self.rows, theme, self)
        self.setItemDelegate(delegate)
        self.header = TableHeader(columns, name, theme.preferences, self)
        self.setHorizontalHeader(self.header)
        delegate.cramped.connect(self.header.need)
        self._dress()
        self._wire()
        self.header.restore()
        self._flash_timer = QTimer(self)
        self._flash_timer.setInterval(60)
        self._flash_timer.timeout.connect(self._fade)
        self.rows.flashing = theme.preferences.flag("tables/flash", default=False)

    def _dress(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMinimumHeight(72)

    def _wire(self) -> None:
        self.customContextMenuRequested.connect(self.open_menu)
        self.doubleClicked.connect(self._on_double_click)
        self.clicked.connect(self._on_click)
        self.header.sortIndicatorChanged.connect(self._on_sort)
        self.header.filter_changed.connect(self._on_filter)
        self.horizontalScrollBar().valueChanged.connect(self.header.place_filters)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self._theme.changed.connect(self._on_theme)
        self._theme.preferences.changed.connect(self._on_preference)

    # rows ------------------------------------------------------------------------------------------------------
    def put(self, row: R) -> None:
        """Add a row or replace the one with its key."""
        self.put_many((row,))

    def put_many(self, rows: Iterable[R]) -> None:
        """Add or replace rows, painted once."""
        self.rows.put_many(rows, self._in_sight())
        self._after()

    def put_all(self, rows: Iterable[R]) -> None:
        """Replace everything."""
        self.rows.put_all(rows)
        self._after()

    def remove(self, key: str) -> None:
        """Remove a row."""
        self.remove_many((key,))

    def remove_many(self, keys: Iterable[str]) -> None:
        """Remove rows, painted once."""
        self.rows.remove_many(keys)
        self._after()

    def search(self, text: str) -> None:
        """Show only rows that hold every word of `text`."""
        self.rows.set_search(text)
        self._after()

    def _after(self) -> None:
        if self.rows.flashing and not self._flash_timer.isActive():
            self._flash_timer.start()
        if not self.rows.rowCount():
            self.viewport().update()
        self.counts_changed.emit()

    @property
    def covered(self) -> bool:
        """Whether it is shown, but nothing of it can be seen: in a tab behind others."""
        return self.isVisible() and self.visibleRegion().isEmpty()

    def keys_in_sight(self) -> list[str]:
        """Return the keys of the rows that can be seen now, top first; none while the table is hidden."""
        return [self.rows.key_at(place) for place in self._in_sight()]

    def _in_sight(self) -> range:
        """Return the places of the rows that can be seen now."""
        count = self.rows.rowCount()
        if not count or not self.isVisible() or self.visibleRegion().isEmpty():
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(max(0, self.rowAt(0)), (last if last >= 0 else count - 1) + 1)

    def selected_rows(self) -> list[R]:
        """Return the selected rows, top first."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.row(place) for place in places]

    def current_row(self) -> R | None:
        """Return the row that has the cursor."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def select_key(self, key: str) -> bool:
        """Select and show a row by its key; returns whether it is there."""
        place = self.rows.place(key)
        if place < 0:
            return False
        self.selectRow(place)
        self.scrollTo(self.rows.index(place, 0))
        return True

    # texts -----------------------------------------------------------------------------------------------------
    def copy(self) -> str:
        """Put the selected rows (or all, when none is) on the clipboard as TSV; returns the text."""
        text = as_tsv(self.header.visible_columns(), self.selected_rows() or self.rows.shown_rows())
        QGuiApplication.clipboard().setText(text)
        return text

    def csv(self) -> str:
        """Return the rows that are shown as CSV, in the visible columns."""
        return as_csv(self.header.visible_columns(), self.rows.shown_rows())

    # events ----------------------------------------------------------------------------------------------------
    @guarded
    def open_menu(self, at: QPoint) -> QMenu:
        """Open the menu of the selected rows; returns it."""
        index = self.indexAt(at)
        rows = self.selected_rows()
        if index.isValid() and self.rows.row(index.row()) not in rows:
            self.selectRow(index.row())
            rows = self.selected_rows()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._menu is not None and rows:
            self._menu(menu, rows)
            menu.addSeparator()
        copy = QAction(self.tr("Copy"), menu)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self._on_copy)
        menu.addAction(copy)
        export = menu.addAction(self.tr("Export as CSV…"))
        export.triggered.connect(self.ask_export)
        for action in (copy, export):
            action.setEnabled(self.rows.rowCount() > 0)
        menu.popup(self.viewport().mapToGlobal(at))
        return menu

    @guarded
    def ask_export(self) -> None:
        """Ask for a file name and write the table there."""
        from desktop.ui.widgets.export import ask_export  # noqa: PLC0415 - the file dialog is slow to import

        ask_export(self, self.csv(), self.objectName().removesuffix("-table"))

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, open and the menu by keys."""
        row = self.current_row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._activated(row)
        elif event.key() == Qt.Key.Key_Menu and row is not None:
            self.open_menu(self.visualRect(self.currentIndex()).center())
        elif event.matches(QKeySequence.StandardKey.Find):
            self.header.show_filters(True)
            self.header.filters[self.header.logicalIndex(0)].setFocus()
        else:
            super().keyPressEvent(event)

    @guarded_override()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over cells that act."""
        index = self.indexAt(event.position().toPoint())
        acts = index.isValid() and self.columns[index.column()].kind is Kind.BUTTON
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if acts else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    @guarded
    def _on_copy(self) -> None:
        self.copy()

    @guarded
    def _on_double_click(self, index: QModelIndex) -> None:
        if self.columns[index.column()].kind is not Kind.BUTTON:
            self._activated(self.rows.row(index.row()))

    @guarded
    def _on_click(self, index: QModelIndex) -> None:
        column = self.columns[index.column()]
        if column.kind is Kind.BUTTON and self._click is not None and column.shown(self.rows.row(index.row())):
            self._click(column.key, self.rows.row(index.row()))

    @guarded
    def _activated(self, row: R) -> None:
        if self._activate is not None:
            self._activate(row)

    @guarded
    def _on_current(self, current: QModelIndex) -> None:
        self.current_changed.emit(self.rows.row(current.row()) if current.isValid() else None)

    @guarded
    def _on_sort(self, column: int, order: Qt.SortOrder) -> None:
        self.rows.sort(column, order)

    @guarded
    def _on_filter(self, column: int, text: str) -> None:
        self.rows.set_filter(column, text)
        self._after()

    @guarded
    def _fade(self) -> None:
        if not self.rows.fading():
            self._flash_timer.stop()
        self.viewport().update()

    @guarded
    def _on_theme(self) -> None:
        self.rows.retext()
        self.viewport().update()

    def say_when_empty(self, headline: str, hint: str) -> None:
        """Say something else while there is no row."""
        if (headline, hint) != self._empty:
            self._empty = headline, hint
            self.viewport().update()

    @guarded
    def _on_preference(self, key: str) -> None:
        if key == "tables/flash":
            self.rows.flashing = self._theme.preferences.flag(key, default=False)
        elif key.startswith("locale/"):
            self.rows.retext()

    @guarded_override()
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or what will appear here and how to get it."""
        super().paintEvent(event)
        if self.rows.rowCount():
            return
        headline, hint = self._empty
        if self.rows.total and self.rows.filtered:
            headline, hint = self.tr("No row fits the filter"), self.tr("Clear the filter to see all rows.")
        painter = QPainter(self.viewport())
        area = self.viewport().rect().adjusted(16, 8, -16, -8)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setFont(text_font(bold=True))
        painter.setPen(QColor(self._theme.tokens.text))
        head = painter.boundingRect(area, int(flags), headline)
        painter.setFont(text_font())
        body = painter.boundingRect(area, int(flags), hint)
        top = area.top() + max(0, (area.height() - head.height() - body.height() - 6) // 2)
        head.moveTop(top)
        painter.setFont(text_font(bold=True))
        painter.drawText(head, int(flags), headline)
        body.moveTop(head.bottom() + 6)
        painter.setFont(text_font())
        painter.setPen(QColor(self._theme.tokens.text_muted))
        painter.drawText(body, int(flags), hint)

    @guarded_override()
    def changeEvent(self, event: QEvent) -> None:
        """Make the texts anew when the language changed."""
        if event.type() == QEvent.Type.LanguageChange:
            self.rows.retext()
        super().changeEvent(event)

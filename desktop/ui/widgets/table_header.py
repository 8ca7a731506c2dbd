"""The header of a table: columns to show, hide, move and reset, and a row of filters under it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QMenu, QTableView, QWidget

from desktop.ui.guard import guarded, guarded_override
from desktop.ui.preferences import Preferences
from desktop.ui.widgets.columns import Column, Kind

_BESIDE = 18  # pixels beside a title; the mark of the order stands above it
_LOOKED_AT = 30  # rows whose cells decide a width: about those one sees, as each cell looked at takes its time
FILTER_HEIGHT = 26


class TableHeader(QHeaderView):
    """A horizontal header whose state is saved under the columns' stable keys, so that it survives an upgrade."""

    filter_changed = Signal(int, str)

    def __init__(self, columns: Sequence[Column[Any]], name: str, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = tuple(columns)
        self._preferences = preferences
        self._setting = f"tables/{name}"
        self._editors: list[QLineEdit] = []
        self._restoring = False
        self._by_hand: set[str] = set()  # columns whose width the user dragged: they keep it
        self._dragging = False
        self._needed: dict[int, int] = {}
        self._growing = QTimer(self)
        self._growing.setSingleShot(True)
        self._growing.timeout.connect(self._grow)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(300)
        self._later.timeout.connect(self.save)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(28)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.open_menu)
        self.sectionResized.connect(self._on_resized)
        self.sectionHandleDoubleClicked.connect(self._on_handle)
        self.sectionMoved.connect(self._moved)
        self.sortIndicatorChanged.connect(self._moved)

    # state -----------------------------------------------------------------------------------------------------
    def restore(self) -> None:
        """Take the saved columns; those the file does not know take their default place."""
        saved = self._saved()
        self._by_hand.clear()
        self._restoring = True
        self.setSortIndicatorShown(True)  # a table that takes a header hides it
        for place, column in enumerate(self._columns):
            state = saved.get("columns", {}).get(column.key, {})
            self.resizeSection(place, int(state.get("width", column.width)))
            if state.get("by_hand"):
                self._by_hand.add(column.key)
            self.setSectionHidden(place, bool(state.get("hidden", column.hidden)))
        keys = [column.key for column in self._columns]
        wanted = [key for key in saved.get("order", []) if key in keys]
        for visual, key in enumerate(wanted + [key for key in keys if key not in wanted]):
            self.moveSection(self.visualIndex(keys.index(key)), visual)
        sort, descending = saved.get("sort", ""), bool(saved.get("descending", False))
        if sort not in keys:
            sort, descending = next((column.key for column in self._columns if column.newest_first), ""), True
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.setSortIndicator(keys.index(sort) if sort in keys else -1, order)
        self._restoring = False
        self._place_editors()

    def save(self) -> None:
        """Keep the columns as they are now."""
        self._later.stop()
        places = sorted(range(len(self._columns)), key=self.visualIndex)
        section = self.sortIndicatorSection()
        state = {
            "order": [self._columns[place].key for place in places],
            "columns": {
                column.key: {
                    "width": self._width(place),
                    "hidden": self.isSectionHidden(place),
                    "by_hand": column.key in self._by_hand,
                }
                for place, column in enumerate(self._columns)
            },
            "sort": self._columns[section].key if 0 <= section < len(self._columns) else "",
            "descending": self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder,
        }
        self._preferences.put(self._setting, json.dumps(state))

    def _width(self, place: int) -> int:
        """Return the width a column was given; the last one is stretched, a hidden one has none."""
        stretched = self._columns[place] is self.visible_columns()[-1]
        if stretched or self.isSectionHidden(place):
            saved = self._saved().get("columns", {}).get(self._columns[place].key, {})
            return int(saved.get("width", self._columns[place].width))
        return self.sectionSize(place)

    def reset_columns(self) -> None:
        """Put every column back to where it came."""
        self._preferences.put(self._setting, "")
        self.restore()

    def visible_columns(self) -> list[Column[Any]]:
        """Return the columns that are shown, from left to right."""
        places = sorted(range(len(self._columns)), key=self.visualIndex)
        return [self._columns[place] for place in places if not self.isSectionHidden(place)]

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        place = [column.key for column in self._columns].index(key)
        if not shown and len(self.visible_columns()) <= 1:
            return
        self.setSectionHidden(place, not shown)
        self._moved()

    def _saved(self) -> dict[str, Any]:
        try:
            found = json.loads(self._preferences.text(self._setting) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _moved(self, *_: object) -> None:
        if not self._restoring:
            self._place_editors()
            self._later.start()

    # menu ------------------------------------------------------------------------------------------------------
    @guarded
    def open_menu(self, at: QPoint) -> QMenu:
        """Open the menu of the columns; returns it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._columns:
            action = menu.addAction(column.title or column.key)
            action.setCheckable(True)
            action.setChecked(column in self.visible_columns())
            action.toggled.connect(self._toggler(column.key))
        menu.addSeparator()
        filters = menu.addAction(self.tr("Filter row"))
        filters.setCheckable(True)
        filters.setChecked(bool(self._editors))
        filters.toggled.connect(self.show_filters)
        menu.addAction(self.tr("Fit columns to their contents")).triggered.connect(self.fit)
        menu.addAction(self.tr("Reset columns")).triggered.connect(self.reset_columns)
        menu.popup(self.mapToGlobal(at))
        return menu

    def _toggler(self, key: str) -> Callable[[bool], None]:
        return lambda shown: self.show_column(key, shown=shown)

    def fit(self) -> None:
        """Make every column as wide as what it shows."""
        self._by_hand.clear()
        self.resizeSections(QHeaderView.ResizeMode.ResizeToContents)

    def suit(self) -> None:
        """Make every column as wide as what it shows, unless the user has arranged the columns."""
        if self._saved():
            return
        self._restoring = True
        self.setResizeContentsPrecision(_LOOKED_AT)
        view = self.parent()
        for place, column in enumerate(self._columns):
            if isinstance(view, QTableView) and not self.isSectionHidden(place):
                title = self.fontMetrics().horizontalAdvance(column.title) + _BESIDE
                self.resizeSection(place, max(view.sizeHintForColumn(place), title))
        self._restoring = False
        self._place_editors()

    # numbers that need room ------------------------------------------------------------------------------------
    def need(self, place: int, width: int) -> None:
        """Grow a column to `width` pixels soon, as a number does not fit; one the user has made narrow stays.

        Called while cells are painted, so that what is in sight decides and nothing else is measured.
        """
        if self._columns[place].key not in self._by_hand and width > self._needed.get(place, 0):
            self._needed[place] = width
            self._growing.start(0)

    @guarded
    def _grow(self) -> None:
        needed, self._needed = self._needed, {}
        restoring, self._restoring = self._restoring, True  # the user has arranged nothing
        for place, width in needed.items():
            if width > self.sectionSize(place) and not self.isSectionHidden(place):
                self.resizeSection(place, width)
        self._restoring = restoring
        self._place_editors()

    @guarded
    def _on_resized(self, place: int, *_: int) -> None:
        if self._restoring or self._columns[place] is self.visible_columns()[-1]:
            self._place_editors()  # the last one is stretched with the window: nobody has arranged anything
            return
        if self._dragging:
            self._by_hand.add(self._columns[place].key)
        self._moved()

    @guarded
    def _on_handle(self, place: int) -> None:
        self._by_hand.discard(self._columns[place].key)

    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Know widths that are dragged from those that follow what is shown."""
        self._dragging = True
        super().mousePressEvent(event)

    @guarded_override()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag is over."""
        super().mouseReleaseEvent(event)
        self._dragging = False

    # filters ---------------------------------------------------------------------------------------------------
    def show_filters(self, shown: bool) -> None:  # noqa: FBT001 - a slot of QAction.toggled
        """Show or hide the row of filters; hiding lifts them."""
        if shown == bool(self._editors):
            return
        if shown:
            for place, column in enumerate(self._columns):
                editor = QLineEdit(self)
                editor.setProperty("role", "filter")
                hint = self.tr("> 100") if column.numeric else self.tr("filter")
                editor.setPlaceholderText(hint)
                editor.setAccessibleName(self.tr("Filter of column %1").replace("%1", column.title))
                editor.textChanged.connect(self._changer(place))
                editor.show()
                self._editors.append(editor)
        else:
            editors, self._editors = self._editors, []
            for place, editor in enumerate(editors):
                editor.deleteLater()
                self.filter_changed.emit(place, "")
        self.updateGeometries()
        self.updateGeometry()
        self._place_editors()

    @property
    def filters(self) -> list[QLineEdit]:
        """The fields of the filter row, by column; empty while it is hidden."""
        return self._editors

    def _changer(self, place: int) -> Callable[[str], None]:
        return lambda text: self.filter_changed.emit(place, text)

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the header's size: with room for the filters when they are shown."""
        size = super().sizeHint()
        return QSize(size.width(), size.height() + (FILTER_HEIGHT if self._editors else 0))

    @guarded_override()
    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Leave room for the filters under the titles."""
        self.setViewportMargins(0, 0, 0, FILTER_HEIGHT if self._editors else 0)
        super().updateGeometries()
        self._place_editors()

    def place_filters(self) -> None:
        """Put the filters under their columns (the table was scrolled)."""
        self._place_editors()

    def _place_editors(self) -> None:
        top = self.height() - FILTER_HEIGHT
        for place, editor in enumerate(self._editors):
            column = self._columns[place]
            editor.setVisible(not self.isSectionHidden(place) and column.kind not in (Kind.SPARK, Kind.BUTTON))
            editor.setGeometry(self.sectionViewportPosition(place) + 2, top, self.sectionSize(place) - 4, 22)

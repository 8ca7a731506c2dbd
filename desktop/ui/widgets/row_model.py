"""Keyed rows in the order they are shown. Sorting and filtering are done here, on values, with one Python sort."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.ui.guard import guarded_override
from desktop.ui.widgets.columns import Column, Kind, matches, sort_key

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
FLASH_SECONDS = 0.6
_UNKNOWN = 2  # how `sort_key` begins for values that are not known
_FEW = 40  # changed or new rows that are told one by one; more are told as one range


class RowModel(QAbstractTableModel, Generic[R]):
    """A table of keyed rows for one view.

    Rows keep their selection when others come and go or the order changes, because what moves is told to Qt as what it
    is: a removal, an insertion at the end, a change of order, changed cells.
    """

    def __init__(self, columns: Sequence[Column[R]], key: Callable[[R], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: dict[str, R] = {}
        self._shown: list[str] = []
        self._place: dict[str, int] = {}
        self._texts: dict[str, dict[int, str]] = {}
        self._drawn = [number for number, item in enumerate(self.columns) if item.kind in (Kind.SPARK, Kind.SPAN)]
        self._sort: tuple[int, bool] | None = None  # (column, descending)
        self._filters: dict[int, str] = {}
        self._search = ""
        self._flashes: dict[str, float] = {}
        self.flashing = False

    # rows ------------------------------------------------------------------------------------------------------
    def put(self, row: R) -> None:
        """Add a row or replace the one with its key."""
        self.put_many((row,))

    def put_many(self, rows: Iterable[R], seen: range | None = None) -> None:
        """Add or replace rows, told to the view at once; `seen`: the places that can be seen now, None: all."""
        given = {self._key(row): row for row in rows}
        if self.flashing:
            until = time.monotonic() + FLASH_SECONDS
            before = self._rows
            self._flashes.update({key: until for key, row in given.items() if key in before and before[key] != row})
        moves = self._may_move(given)
        cells = self._new_texts(given, range(len(self._shown)) if seen is None else seen)
        fresh = [key for key in given if key not in self._rows]
        self._rows.update(given)
        if moves or len(fresh) > _FEW:
            self._arrange([])
        else:
            self._insert(fresh)
        self._tell_cells(cells)

    def _may_move(self, given: Mapping[str, R]) -> bool:
        """Return whether rows that are there may have to come, go or change places for what is given."""
        before = self._rows
        if self.filtered:
            return True
        if self._sort is None:
            return False
        value = self.columns[self._sort[0]].value
        return any(value(before[key]) != value(row) for key, row in given.items() if key in before)

    def _insert(self, fresh: Sequence[str]) -> None:
        """Show new rows in their places among the others, which stay as they are: thousands need not be sorted anew."""
        for key in fresh:
            place = self._place_of_new(key)
            self.beginInsertRows(_NOWHERE, place, place)
            self._shown.insert(place, key)
            self._replace()
            self.endInsertRows()

    def _place_of_new(self, key: str) -> int:
        """Return where the newest row belongs: behind those of the same value, the unknown last of all."""
        low, high = 0, len(self._shown)
        if self._sort is None:
            return high
        column, descending = self._sort
        value, rows = self.columns[column].value, self._rows
        mine = sort_key(value(rows[key]))
        while low < high:
            middle = (low + high) // 2
            other = sort_key(value(rows[self._shown[middle]]))
            if _UNKNOWN in (mine[0], other[0]):
                before_it = other[0] == _UNKNOWN and mine[0] != _UNKNOWN
            else:
                before_it = mine > other if descending else mine < other
            low, high = (low, middle) if before_it else (middle + 1, high)
        return low

    def _new_texts(self, given: Mapping[str, R], seen: range) -> dict[str, list[int]]:
        """Make the texts of rows that were painted anew; returns the columns in which each looks different now.

        A row without texts was not painted since it last changed, so there is nothing to paint anew.
        """
        before, texts_of, place_of, found = self._rows, self._texts, self._place.get, {}
        for key, row in given.items():
            texts, old = texts_of.get(key), before.get(key)
            if not texts or old is None:
                continue
            if place_of(key) not in seen:
                del texts_of[key]  # made anew when it comes in sight, which paints it
                continue
            try:
                changed = self._different(texts, old, row)
            except Exception:  # noqa: BLE001 - painting meets it too, and says so once (fault 32)
                texts.clear()
                changed = list(range(len(self.columns)))
            if changed:
                found[key] = changed
        return found

    def _different(self, texts: dict[int, str], old: R, row: R) -> list[int]:
        """Make the texts of a row anew; returns the columns that look different, from left to right."""
        columns = self.columns
        changed = [number for number in self._drawn if columns[number].value(row) != columns[number].value(old)]
        for number, before in texts.items():
            column = columns[number]
            text = column.shown(row)
            if text != before:
                texts[number] = text
                changed.append(number)
            elif column.tone is not None and column.tone(row) != column.tone(old):
                changed.append(number)
        return sorted(changed)

    def _tell_cells(self, cells: Mapping[str, Sequence[int]]) -> None:
        """Have the view paint single cells anew; of very many, the rows they are in."""
        if len(cells) > _FEW:
            self._tell(list(cells))
            return
        for key, numbers in cells.items():
            place = self._place.get(key)
            if place is not None:
                for first, last in _runs(numbers):
                    self.dataChanged.emit(self.index(place, first), self.index(place, last))

    def put_all(self, rows: Iterable[R]) -> None:
        """Replace everything by `rows`; those that stay keep their selection."""
        self._rows = {self._key(row): row for row in rows}
        self._texts.clear()
        self._arrange(list(self._rows))

    def remove(self, key: str) -> None:
        """Remove a row; a key that is not there is no mistake."""
        self.remove_many((key,))

    def remove_many(self, keys: Iterable[str]) -> None:
        """Remove rows, told to the view at once."""
        gone = dict.fromkeys(keys)
        self._drop(sorted(place for key in gone if (place := self._place.get(key)) is not None))
        for key in gone:
            self._rows.pop(key, None)
            self._texts.pop(key, None)
            self._flashes.pop(key, None)

    def row(self, place: int) -> R:
        """Return the row shown at a place."""
        return self._rows[self._shown[place]]

    def key_at(self, place: int) -> str:
        """Return the key of the row shown at a place."""
        return self._shown[place]

    def get(self, key: str) -> R | None:
        """Return the row with a key."""
        return self._rows.get(key)

    def place(self, key: str) -> int:
        """Return where a row is shown; -1 when it is not."""
        return self._place.get(key, -1)

    def shown_rows(self) -> list[R]:
        """Return the rows as they are shown, top first."""
        return [self._rows[key] for key in self._shown]

    @property
    def total(self) -> int:
        """How many rows there are, shown or filtered out."""
        return len(self._rows)

    def text(self, place: int, column: int) -> str:
        """Return the text of a cell, made once per change of its row; what asks for it is going to show it."""
        key = self._shown[place]
        texts = self._texts.get(key)
        if texts is None:
            texts = self._texts[key] = {}
        found = texts.get(column)
        if found is None:
            found = texts[column] = self.columns[column].shown(self._rows[key])
        return found

    def retext(self) -> None:
        """Make every text anew (locale or theme changed)."""
        self._texts.clear()
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self.columns) - 1))

    def flashed(self, place: int) -> float:
        """Return how strongly a row still flashes, 1 to 0."""
        until = self._flashes.get(self._shown[place])
        return max(0.0, (until - time.monotonic()) / FLASH_SECONDS) if until else 0.0

    def fading(self) -> bool:
        """Forget flashes that are over; returns whether any is left."""
        now = time.monotonic()
        self._flashes = {key: until for key, until in self._flashes.items() if until > now}
        return bool(self._flashes)

    # order and filter ------------------------------------------------------------------------------------------
    @guarded_override()
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the values of a column; -1: in the order in which rows came."""
        self._sort = (column, order == Qt.SortOrder.DescendingOrder) if 0 <= column < len(self.columns) else None
        self._arrange([])

    def set_filter(self, column: int, wanted: str) -> None:
        """Show only rows whose cell in `column` fits; an empty text lifts the filter."""
        self._filters.pop(column, None)
        if wanted.strip():
            self._filters[column] = wanted
        self._arrange([])

    def set_search(self, wanted: str) -> None:
        """Show only rows in which some cell holds every word of `wanted`."""
        self._search = wanted.casefold().strip()
        self._arrange([])

    @property
    def filtered(self) -> bool:
        """Whether a filter or a search is in force."""
        return bool(self._filters or self._search)

    def _fits(self, row: R) -> bool:
        for index, wanted in self._filters.items():
            column = self.columns[index]
            if not matches(wanted, column.value(row), column.shown(row)):
                return False
        if self._search:
            whole = "\n".join(column.shown(row) for column in self.columns).casefold()
            return all(word in whole for word in self._search.split())
        return True

    def _wanted(self) -> list[str]:
        rows = self._rows
        keys = [key for key, row in rows.items() if self._fits(row)] if self.filtered else list(rows)
        if self._sort is not None:
            column, descending = self._sort
            value = self.columns[column].value
            known: list[tuple[tuple[int, Any], str]] = [(sort_key(value(rows[key])), key) for key in keys]
            last = [key for order, key in known if order[0] == _UNKNOWN]  # it stays last in both directions
            first = [pair for pair in known if pair[0][0] != _UNKNOWN]
            first.sort(key=lambda pair: pair[0], reverse=descending)
            keys = [key for _, key in first] + last
        return keys

    def _arrange(self, changed: Sequence[str]) -> None:
        """Bring what is shown to what is wanted, in the smallest steps Qt can be told."""
        wanted = self._wanted()
        if wanted != self._shown:
            keep = set(wanted)
            self._drop([place for place, key in enumerate(self._shown) if key not in keep])
            there = set(self._shown)
            self._append([key for key in wanted if key not in there])
            if wanted != self._shown:
                self._reorder(wanted)
        self._tell(changed)

    def _drop(self, places: Sequence[int]) -> None:
        for first, last in reversed(_runs(places)):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._shown[first : last + 1]
            self._replace()
            self.endRemoveRows()

    def _append(self, keys: Sequence[str]) -> None:
        if keys:
            count = len(self._shown)
            self.beginInsertRows(_NOWHERE, count, count + len(keys) - 1)
            self._shown.extend(keys)
            self._replace()
            self.endInsertRows()

    def _reorder(self, wanted: list[str]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._shown[index.row()] for index in before]
        self._shown = wanted
        self._replace()
        after = [self.index(self._place[key], index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _replace(self) -> None:
        self._place = {key: place for place, key in enumerate(self._shown)}

    def _tell(self, changed: Sequence[str]) -> None:
        place_of = self._place
        places = [place_of[key] for key in changed if key in place_of]
        if not places:
            return
        last = len(self.columns) - 1
        for begin, end in [(min(places), max(places))] if len(places) > _FEW else _runs(sorted(places)):
            self.dataChanged.emit(self.index(begin, 0), self.index(end, last))

    # Qt --------------------------------------------------------------------------------------------------------
    @guarded_override(0)
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @guarded_override(0)
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @guarded_override()
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[index.column()].numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            tip = self.columns[index.column()].tip
            return tip(self.row(index.row())) if tip is not None else None
        return None

    @guarded_override()
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].about or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising places as runs of neighbours: 1, 2, 5 gives (1, 2), (5, 5)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs

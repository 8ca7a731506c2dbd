"""What every panel with a table does: fill it from the desk, follow the changes of one collection, repaint once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Changes, Table
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.widgets.blotter import Blotter
from desktop.ui.widgets.row_table import RowTable

AT_ONCE = 16  # changed rows that are read at once; of more, those in sight
SLICE = 0.0005  # seconds that the others may take of a beat
AGAIN = 120  # ms until some more of them are read where nothing new makes that happen


class TablePanel(QWidget):
    """A blotter that shows one collection of the desk.

    What can be seen is as new as the desk's last word. Where very many rows change, those out of sight follow a few at
    a time, so that a thousand symbols cost a frame no more than a screenful of them.
    """

    def __init__(
        self,
        desk: Desk,
        collection: Table,
        table: RowTable[Any],
        snapshot: Callable[[], Sequence[Any]],
        tools: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._collection = desk, collection
        self.table = table
        self.blotter = Blotter(table, tools)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.blotter)
        self.setFocusProxy(table)
        self._behind: dict[str, None] = {}  # keys of rows that are to be read still, oldest first
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._catch_up)
        table.put_all(snapshot())
        follow(self, desk, self._on_changes)

    @property
    def title_tools(self) -> list[QWidget]:
        """What the dock shows in its title line."""
        return self.blotter.tools

    def _on_changes(self, changes: Changes) -> None:
        removed = changes.removed.get(self._collection)
        if removed:
            for key in removed:
                self._behind.pop(key, None)
            self.table.remove_many(removed)
        changed = changes.changed.get(self._collection)
        if changed:
            self._behind.update(dict.fromkeys(changed))
            self._catch_up()

    @guarded
    def _catch_up(self) -> None:
        """Read what changed: everything where it is little, else what is in sight, then new rows, as time allows."""
        covered = self.table.covered
        if len(self._behind) <= AT_ONCE and not covered:
            keys, self._behind = list(self._behind), {}
            self._read(keys)
            return
        end = time.perf_counter() + (SLICE / 4 if covered else SLICE)
        row, known = self._desk.row, self.table.rows.get
        rows = {key: row(self._collection, key) for key in self.table.keys_in_sight() if key in self._behind}
        fresh = [key for key in self._behind if known(key) is None]
        for key in (*fresh, *self._behind):
            if key not in rows:
                rows[key] = row(self._collection, key)
            if time.perf_counter() > end:
                break
        for key in rows:
            del self._behind[key]
        self._put(rows)
        if self._behind:
            self._again.start()

    def _read(self, keys: Iterable[str]) -> None:
        self._put({key: self._desk.row(self._collection, key) for key in keys})

    def _put(self, rows: dict[str, Any | None]) -> None:
        self.table.put_many([row for row in rows.values() if row is not None])
        gone = [key for key, row in rows.items() if row is None]
        if gone:
            self.table.remove_many(gone)

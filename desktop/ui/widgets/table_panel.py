"""What every panel with a table does: fill it from the desk, follow the changes of one collection, repaint once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Changes, Table
from desktop.ui.following import follow
from desktop.ui.widgets.blotter import Blotter
from desktop.ui.widgets.row_table import RowTable


class TablePanel(QWidget):
    """A blotter that shows one collection of the desk."""

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
        table.put_all(snapshot())
        follow(self, desk, self._on_changes)

    @property
    def title_tools(self) -> list[QWidget]:
        """What the dock shows in its title line."""
        return self.blotter.tools

    def _on_changes(self, changes: Changes) -> None:
        removed = changes.removed.get(self._collection)
        if removed:
            self.table.remove_many(removed)
        changed = changes.changed.get(self._collection)
        if changed:
            rows = {key: self._desk.row(self._collection, key) for key in changed}
            self.table.put_many([row for row in rows.values() if row is not None])
            gone = [key for key, row in rows.items() if row is None]
            if gone:
                self.table.remove_many(gone)

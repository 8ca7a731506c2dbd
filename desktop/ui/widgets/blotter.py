"""A table with its tools: search, buttons of the panel, how many rows. The dock shows them in its title line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.steady_label import SteadyLabel


class Blotter(QWidget):
    """A RowTable and the tools that go with it (`tools`, the count last)."""

    def __init__(self, table: RowTable[Any], tools: Sequence[QWidget] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.table = table
        self.search = QLineEdit()
        self.search.setProperty("role", "filter")
        self.search.setPlaceholderText(self.tr("Filter"))
        self.search.setAccessibleName(self.tr("Filter %1").replace("%1", table.accessibleName()))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(150)
        self.search.textChanged.connect(self._on_search)
        self._count = SteadyLabel("caption")
        self.tools: list[QWidget] = [self.search, *tools, self._count]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(table, 1)
        table.counts_changed.connect(self._on_counts)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.search)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self.search.clear)
        self._on_counts()

    @guarded
    def _on_search(self, text: str) -> None:
        self.table.search(text)

    @guarded
    def _on_counts(self) -> None:
        shown, total = self.table.rows.rowCount(), self.table.rows.total
        text = str(total) if shown == total else self.tr("%1 of %2").replace("%1", str(shown)).replace("%2", str(total))
        if total == 0:
            text = ""
        self._count.setText(text)

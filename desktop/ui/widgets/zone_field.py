"""A time zone by its IANA name, found by typing any part of it."""

from __future__ import annotations

import asyncio
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from desktop.ui import work
from desktop.ui.theme import dress
from desktop.ui.widgets.alive import while_alive

#: Offered first; the others follow by name.
USUAL = (
    "UTC",
    "America/New_York",
    "America/Chicago",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Kolkata",
    "Australia/Sydney",
)


class ZoneField(QComboBox):
    """Holds the name of a zone; one that does not exist can be typed and is told by whoever uses it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.addItems(list(USUAL))
        found = self.completer()
        if found is not None:
            found.setFilterMode(Qt.MatchFlag.MatchContains)
            found.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            if (offers := found.popup()) is not None:
                dress(offers)
        self._filled = False

    def fill(self) -> None:
        """Offer every zone there is; they are looked up on the disk, in a thread."""
        if not self._filled:
            self._filled = True
            work.run(asyncio.to_thread(available_timezones), where="time zones", then=while_alive(self, self._on_found))

    def _on_found(self, names: set[str]) -> None:
        now = self.currentText()
        self.addItems(sorted(name for name in names if "/" in name and name not in USUAL))
        self.setEditText(now)

    @property
    def zone(self) -> str:
        """The name as chosen or typed."""
        return self.currentText().strip()

    def show_zone(self, name: str) -> None:
        """Show a zone."""
        self.setEditText(name)

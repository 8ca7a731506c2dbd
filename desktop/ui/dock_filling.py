"""Fills the docks: what trading needs first, then what waits for a library, the rest when it is first seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from desktop.engine.api import Desk
from desktop.ui.docks import Dock
from desktop.ui.guard import guarded
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore

if TYPE_CHECKING:
    from desktop.research.api import Lab


class DockFilling(QObject):
    """Makes the panels, one in each turn of the loop so that the window stays alive meanwhile."""

    def __init__(self, docks: Mapping[str, Dock], theme: ThemeStore, intents: Intents, parent: QObject) -> None:
        super().__init__(parent)
        self._docks, self._theme, self._intents = docks, theme, intents
        self._desk: Desk | None = None
        self._lab: Lab | None = None
        self._ready: set[str] = set()  # docks for later that are filled as soon as they are seen

    async def trading(self, desk: Desk) -> None:
        """Fill what one trades with."""
        self._desk = desk
        await self._fill([dock for dock in self._docks.values() if not dock.waits() and not dock.spec.lab])

    async def rest(self) -> None:
        """Fill what waited for a library; docks for later are filled from now on when they are first seen."""
        await self._go_on(lab=False)

    async def lab(self, lab: Lab) -> None:
        """Do the same with the docks that work on research; after `trading`."""
        if self._desk is not None:
            self._lab = lab
            await self._go_on(lab=True)

    def panel(self, name: str) -> Any:
        """Return a dock's panel, filled now if it was for later; None: it is not there yet, or could not be made."""
        if name in self._ready:
            self._fill_now(self._docks[name])
        return self._docks[name].panel

    async def _go_on(self, *, lab: bool) -> None:
        docks = [dock for dock in self._docks.values() if dock.spec.lab is lab and not dock.tried]
        for dock in docks:
            await asyncio.to_thread(dock.load)
        await self._fill([dock for dock in docks if not dock.spec.later])
        for dock in docks:
            if dock.spec.later:
                self._ready.add(dock.spec.name)
                dock.visibilityChanged.connect(self._seen)
        self._fill_seen()

    async def _fill(self, docks: list[Dock]) -> None:
        for dock in docks:
            self._fill_now(dock)
            await asyncio.sleep(0)

    def _fill_now(self, dock: Dock) -> None:
        self._ready.discard(dock.spec.name)
        needed = (self._desk, self._theme, self._intents, *((self._lab,) if dock.spec.lab else ()))
        if not dock.tried:
            dock.fill(lambda kind: kind(*needed))

    @guarded
    def _seen(self, visible: bool) -> None:  # noqa: FBT001 - Qt's signature
        if visible and self._ready:
            QTimer.singleShot(0, self, self._fill_seen)  # the tab first: it answers the click at once

    @guarded
    def _fill_seen(self) -> None:
        for name in sorted(self._ready):
            if not self._docks[name].visibleRegion().isEmpty():
                self._fill_now(self._docks[name])

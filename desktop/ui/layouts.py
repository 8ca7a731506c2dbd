"""Where the docks are: saved, restored, named and reset; survives an upgrade and a monitor that is gone."""

from __future__ import annotations

from urllib.parse import quote, unquote

from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from desktop.ui.dock_shares import ShareKeeper
from desktop.ui.docks import Dock, place
from desktop.ui.preferences import Preferences

#: Raised when the names of docks or toolbars change their meaning; an older layout is then set aside, not misread.
SCHEMA = 1
TITLE_ROOM = 40  # pixels of the window's title bar: its frame is not known before it is shown
DEFAULT_SIZE = (1366, 768)
_VISIBLE_MARGIN = 80  # pixels of the title bar that must be on a screen


class Layouts:
    """Keeps the places of a window's docks under the stable names of the docks."""

    def __init__(self, window: QMainWindow, docks: dict[str, Dock], preferences: Preferences) -> None:
        self._window, self._docks, self._preferences = window, docks, preferences
        self._shares = ShareKeeper(window, docks)

    def save(self) -> None:
        """Keep place and docks for the next start."""
        self._preferences.put("window/geometry", self._window.saveGeometry())
        self._preferences.put("window/state", self._window.saveState(SCHEMA))
        self._preferences.put("window/docks", ",".join(sorted(self._docks)))
        self._preferences.put("window/shares", self._shares.text)
        self._preferences.save()

    def restore(self) -> bool:
        """Take up the saved place; returns False when there is none that fits and the default layout was made."""
        geometry = self._preferences.blob("window/geometry")
        if geometry.isEmpty() or not self._window.restoreGeometry(geometry):
            self._window.resize(*_fitting(*DEFAULT_SIZE))
        self._bring_on_screen()
        place(self._window, self._docks)
        state = self._preferences.blob("window/state")
        if state.isEmpty() or not self._window.restoreState(state, SCHEMA):
            return False
        self._shares.use(self._preferences.text("window/shares"))
        self._add_new_docks(self._preferences.text("window/docks"))
        for dock in self._docks.values():
            dock.name_title()
        return True

    def show_floating(self) -> None:
        """Show floating docks anew: a window manager lets those that it saw before their window lie beneath it."""
        for dock in self._docks.values():
            if dock.isFloating() and not dock.isHidden():
                dock.hide()
                dock.show()

    def share_out(self) -> None:
        """Share the window out again: what is asked before Qt has laid it out, Qt forgets."""
        self._shares.ask()

    def reset(self) -> None:
        """Make the default layout."""
        place(self._window, self._docks)
        self._shares.use_default()

    # workspaces ------------------------------------------------------------------------------------------------
    def workspaces(self) -> list[str]:
        """Return the names of the saved workspaces."""
        prefix = f"workspaces/{SCHEMA}/"
        return [unquote(key.removeprefix(prefix)) for key in self._preferences.keys(prefix)]

    def save_workspace(self, name: str) -> None:
        """Keep the docks as they are under a name."""
        self._preferences.put(f"workspaces/{SCHEMA}/{_safe(name)}", self._window.saveState(SCHEMA))
        self._preferences.put(f"workspace-shares/{SCHEMA}/{_safe(name)}", self._shares.text)

    def open_workspace(self, name: str) -> bool:
        """Take up a workspace; False: it cannot be read and nothing was moved."""
        state: QByteArray = self._preferences.blob(f"workspaces/{SCHEMA}/{_safe(name)}")
        if state.isEmpty() or not self._window.restoreState(state, SCHEMA):
            return False
        self._shares.use(self._preferences.text(f"workspace-shares/{SCHEMA}/{_safe(name)}"))
        return True

    def delete_workspace(self, name: str) -> None:
        """Forget a workspace."""
        self._preferences.forget(f"workspaces/{SCHEMA}/{_safe(name)}")
        self._preferences.forget(f"workspace-shares/{SCHEMA}/{_safe(name)}")

    # repairs ---------------------------------------------------------------------------------------------------
    def _add_new_docks(self, known: str) -> None:
        """Show docks that the version which saved the layout did not have yet: restoreState would leave them hidden."""
        before = set(known.split(","))
        fresh = [dock for name, dock in self._docks.items() if name not in before]
        bottom = self._docks.get("positions")
        for dock in fresh:
            if bottom is not None and dock is not bottom:
                self._window.tabifyDockWidget(bottom, dock)
            dock.show()
        if fresh and bottom is not None:
            bottom.raise_()  # otherwise the tab that was in front stays there

    def _bring_on_screen(self) -> None:
        """Move a window whose monitor is gone to one that is there."""
        frame = self._window.frameGeometry()
        title = QRect(frame.left(), frame.top(), frame.width(), 40)
        for screen in QGuiApplication.screens():
            seen = screen.availableGeometry().intersected(title)
            if seen.width() >= _VISIBLE_MARGIN and seen.height() >= 20:
                area = screen.availableGeometry()
                self._window.resize(min(frame.width(), area.width()), min(frame.height(), area.height()))
                return
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            self._window.resize(min(frame.width(), area.width()), min(frame.height(), area.height()))
            self._window.move(area.topLeft())


def _fitting(width: int, height: int) -> tuple[int, int]:
    screen = QGuiApplication.primaryScreen()
    if screen is None:
        return width, height
    area = screen.availableGeometry()
    most = area.height() - TITLE_ROOM
    return min(max(width, round(area.width() * 0.9)), area.width()), min(max(height, round(area.height() * 0.9)), most)


def _safe(name: str) -> str:
    """Return a name as an INI key can hold it."""
    return quote(name.strip(), safe=" ")

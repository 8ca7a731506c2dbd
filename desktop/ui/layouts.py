"""Where the docks are: saved, restored, reset and kept as workspaces; survives an upgrade and a monitor that is gone.

The built-in workspaces are remembered as they were left. One that the user named stands as it was saved each time.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from PySide6.QtCore import QByteArray, QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from desktop.ui.arrangements import TRADING, built_in
from desktop.ui.dock_shares import ShareKeeper
from desktop.ui.docks import Dock
from desktop.ui.preferences import Preferences

#: Raised when the names of docks or toolbars change their meaning; an older layout is then set aside, not misread.
SCHEMA = 1
TITLE_ROOM = 40  # pixels of the window's title bar: its frame is not known before it is shown
DEFAULT_SIZE = (1366, 768)
_VISIBLE_MARGIN = 80  # pixels of the title bar that must be on a screen


class Layouts(QObject):
    """Keeps the places of a window's docks under the stable names of the docks.

    Signals:
        switched: another workspace is open now.
    """

    switched = Signal()

    def __init__(self, window: QMainWindow, docks: dict[str, Dock], preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._docks, self._preferences = window, docks, preferences
        self._shares = ShareKeeper(window, docks)
        self._built_in = built_in()
        self.current = TRADING  # stable name of a built-in workspace; "" in one that the user named
        self.named = ""  # the one that the user named

    @property
    def title(self) -> str:
        """Name of the workspace that is open, as shown."""
        return self._built_in[self.current].title if self.current else self.named

    def save(self) -> None:
        """Keep place and docks for the next start."""
        self._preferences.put("window/geometry", self._window.saveGeometry())
        self._preferences.put("window/state", self._window.saveState(SCHEMA))
        self._preferences.put("window/docks", self._known())
        self._preferences.put("window/shares", self._shares.text)
        self._preferences.put("window/workspace", self.current)
        self._preferences.put("window/workspace-named", self.named)
        self._preferences.save()

    def restore(self) -> bool:
        """Take up the saved place; returns False when there is none that fits and the default layout was made."""
        geometry = self._preferences.blob("window/geometry")
        if geometry.isEmpty() or not self._window.restoreGeometry(geometry):
            self._window.resize(*_fitting(*DEFAULT_SIZE))
        self._bring_on_screen()
        self._built_in[TRADING].place(self._window, self._docks)
        taken = self._take_up("window/state", "window/shares", "window/docks")
        self.current, self.named = TRADING, ""
        if taken:
            self.named = self._preferences.text("window/workspace-named")
            before = self._preferences.text("window/workspace", TRADING)
            self.current = "" if self.named else before if before in self._built_in else TRADING
        self.switched.emit()
        return taken

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
        """Put every dock to where the built-in workspace has it; from a named one this goes to the default."""
        self.current, self.named = self.current or TRADING, ""
        self._make(self.current)
        self.switched.emit()

    # workspaces ------------------------------------------------------------------------------------------------
    def built_in(self) -> dict[str, str]:
        """Return the titles of the built-in workspaces by their stable names."""
        return {name: found.title for name, found in self._built_in.items()}

    def switch(self, name: str) -> None:
        """Open a built-in workspace as it was left, and remember how the one before is left."""
        if name == self.current:
            return
        self._leave()
        self.current, self.named = name, ""
        key = f"left/{SCHEMA}/{name}"
        if not self._take_up(key, f"left-shares/{SCHEMA}/{name}", f"left-docks/{SCHEMA}/{name}"):
            self._make(name)
        self.switched.emit()

    def workspaces(self) -> list[str]:
        """Return the names of the workspaces that the user saved."""
        prefix = f"workspaces/{SCHEMA}/"
        return [unquote(key.removeprefix(prefix)) for key in self._preferences.keys(prefix)]

    def save_workspace(self, name: str) -> None:
        """Keep the docks as they are under a name."""
        self._preferences.put(f"workspaces/{SCHEMA}/{_safe(name)}", self._window.saveState(SCHEMA))
        self._preferences.put(f"workspace-shares/{SCHEMA}/{_safe(name)}", self._shares.text)
        self._preferences.put(f"workspace-docks/{SCHEMA}/{_safe(name)}", self._known())
        self._leave()
        self.current, self.named = "", name
        self.switched.emit()

    def open_workspace(self, name: str) -> bool:
        """Take up a workspace as it was saved; False: it cannot be read and nothing was moved."""
        self._leave()
        keys = (f"{kind}/{SCHEMA}/{_safe(name)}" for kind in ("workspaces", "workspace-shares", "workspace-docks"))
        if not self._take_up(*keys):
            return False
        self.current, self.named = "", name
        self.switched.emit()
        return True

    def delete_workspace(self, name: str) -> None:
        """Forget a workspace; the docks stay where they are."""
        for kind in ("workspaces", "workspace-shares", "workspace-docks"):
            self._preferences.remove(f"{kind}/{SCHEMA}/{_safe(name)}")
        if self.named == name:
            self.current, self.named = TRADING, ""
            self.switched.emit()

    def _leave(self) -> None:
        if self.current:
            self._preferences.put(f"left/{SCHEMA}/{self.current}", self._window.saveState(SCHEMA))
            self._preferences.put(f"left-shares/{SCHEMA}/{self.current}", self._shares.text)
            self._preferences.put(f"left-docks/{SCHEMA}/{self.current}", self._known())

    def _make(self, name: str) -> None:
        self._built_in[name].place(self._window, self._docks)
        if self._built_in[name].standard:
            self._shares.use_default()
        else:
            self._shares.use("")

    def _take_up(self, state: str, shares: str, docks: str) -> bool:
        """Take up a saved state by the keys of its parts; False: there is none that fits, and nothing was moved."""
        found: QByteArray = self._preferences.blob(state)
        if found.isEmpty() or not self._window.restoreState(found, SCHEMA):
            return False
        self._shares.use(self._preferences.text(shares))
        self._add_new_docks(self._preferences.text(docks))
        for dock in self._docks.values():
            dock.name_title()
        return True

    def _known(self) -> str:
        return ",".join(sorted(self._docks))

    # repairs ---------------------------------------------------------------------------------------------------
    def _add_new_docks(self, known: str) -> None:
        """Show docks that the version which saved the layout did not have yet: restoreState would leave them hidden.

        A state from before docks were written down with it (`known` is empty) is taken as it is.
        """
        before = set(known.split(",")) if known else set(self._docks)
        fresh = [dock for name, dock in self._docks.items() if name not in before]
        bottom = self._docks.get("positions")
        hidden = bottom is None or bottom.isHidden()
        for dock in fresh:
            if bottom is not None and dock is not bottom:
                self._window.tabifyDockWidget(bottom, dock)
            dock.setVisible(not hidden)  # where the tabs at the bottom are hidden it waits among them
        if fresh and bottom is not None and not hidden:
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

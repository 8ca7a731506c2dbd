"""What the user can ask of the window from anywhere: each opens something or tells the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDockWidget, QMessageBox

from desktop.engine.api import Desk
from desktop.ui import work
from desktop.ui.arrangements import RESEARCH, RESEARCH_TABS
from desktop.ui.command_palette import CommandPalette
from desktop.ui.guard import guarded
from desktop.ui.intents import ArmSession, ShowAudit
from desktop.ui.live_words import live_rows
from desktop.ui.window_menus import palette_entries

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class WindowCommands(QObject):
    """The handlers of the window's actions."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @guarded
    def pause_all(self) -> None:
        """Pause every session, and say what still works."""
        if self._window.desk is not None:
            text = self.tr("All sessions are paused: no new entries; stops, targets and closing by hand go on working.")
            work.run(self._window.desk.pause_all(), where="pause all", then=lambda _: self._window.say(text))

    @guarded
    def resume_all(self) -> None:
        """Let every paused session trade again."""
        if self._window.desk is not None:
            work.run(
                self._window.desk.resume_all(),
                where="resume all",
                then=lambda _: self._window.say(self.tr("Sessions trade again.")),
            )

    @guarded
    def arm(self, session_id: str = "") -> None:
        """Ask for the word that arms a live session; by default the selected one, else the first that waits for it."""
        desk = self._window.desk
        if desk is None:
            return
        waiting = [row.session_id for row in live_rows(desk) if not row.armed]
        chosen = session_id or self._window.intents.session_id
        if chosen not in waiting:
            chosen = waiting[0] if waiting else ""
        if chosen:
            self._window.intents.ask(ArmSession(chosen))
        else:
            self._window.say(self.tr("There is no live session to arm."))

    @guarded
    def disarm_all(self) -> None:
        """Let no live session buy any more."""
        desk = self._window.desk
        armed = [] if desk is None else [row.session_id for row in live_rows(desk) if row.armed]
        if desk is None or not armed:
            self._window.say(self.tr("No live session is armed."))
            return
        text = self.tr("Disarmed: no live session buys. Exits, stops and closing by hand go on working.")
        work.run(self._disarm(desk, armed), where="disarm", then=lambda _: self._window.say(text))

    @staticmethod
    async def _disarm(desk: Desk, sessions: list[str]) -> None:
        for session_id in sessions:
            await desk.disarm(session_id)

    @guarded
    def show_account(self, key: str) -> None:
        """Show an account beside the journals."""
        panel = self._window.show_panel("accounts")
        if panel is not None:
            panel.show_account(key)

    @guarded
    def show_log(self) -> None:
        """Show the log and the audit trail."""
        self._window.intents.ask(ShowAudit())

    @guarded
    def engage_kill(self) -> None:
        """Latch the kill switch."""
        if self._window.desk is not None:
            work.run(self._window.desk.engage_kill(), where="kill switch")

    @guarded
    def point_at_kill(self) -> None:
        """Show where the kill switch is and how it is used (the first minute offers to try it)."""
        self._window.toolbar.kill.setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.say(self.tr("Hold the kill switch for one second, by mouse or with Ctrl+Shift+K."))

    @guarded
    def ask_release(self) -> None:
        """Ask for the word that releases the kill switch."""
        from desktop.ui.dialogs.release_kill import ReleaseDialog  # noqa: PLC0415 - rarely needed
        from desktop.ui.releasing import awaited  # noqa: PLC0415 - rarely needed

        desk = self._window.desk
        if desk is not None:
            armed = [row.settings.name for row in live_rows(desk) if row.armed]
            asks = ReleaseDialog(
                lambda: work.run(desk.release_kill(), where="release"),
                self._window,
                armed=armed,
                stops=lambda: awaited(desk),
            )
            self._window.open_dialog(asks)

    @guarded
    def ask_flatten(self) -> None:
        """Ask whether everything is to be sold while the kill switch holds."""
        from desktop.ui.dialogs.flatten import FlattenDialog  # noqa: PLC0415 - rarely needed

        if self._window.desk is not None:
            self._window.open_dialog(FlattenDialog(self._window.desk, self._window))

    @guarded
    def open_palette(self) -> None:
        """Open the command palette."""
        entries = palette_entries(
            self._window.actions_by_name,
            self._window.docks,
            self._window.show_panel,
            self._window.desk,
            self._window.intents,
            self._window.layouts,
        )
        palette = CommandPalette(entries, self._window)
        self._window.dialog = palette
        palette.open_over(self._window)

    @guarded
    def open_settings(self) -> None:
        """Open the settings."""
        from desktop.ui.dialogs.settings import SettingsDialog  # noqa: PLC0415 - when it is asked for

        self._window.open_dialog(
            SettingsDialog(self._window.theme, Path(self._window.data) if self._window.data else None, self._window)
        )

    @guarded
    def open_help(self, topic: str = "") -> None:
        """Open the help at a topic; by default at that of the dock with the focus."""
        from desktop.ui.dialogs.about import HelpDialog  # noqa: PLC0415 - when it is asked for

        self._window.open_dialog(HelpDialog(topic or self._focused_dock(), self._window))

    @guarded
    def open_about(self) -> None:
        """Say what this program is."""
        from desktop.ui.dialogs.about import AboutDialog  # noqa: PLC0415 - when it is asked for

        self._window.open_dialog(AboutDialog(self._window.data, self._window))

    @guarded
    def ask_reset_demo(self) -> None:
        """Ask, then wipe what the demo did."""
        desk = self._window.desk
        if desk is None:
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Reset the demo"))
        box.setText(self.tr("Wipe every session on simulated prices, your own included, and start the demo afresh?"))
        box.setInformativeText(self.tr("Sessions on other prices are not touched."))
        go = box.addButton(self.tr("Reset the demo"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        go.clicked.connect(lambda: work.run(desk.reset_demo(), where="reset demo"))
        self._window.open_dialog(box)

    @guarded
    def switch_workspace(self, name: str) -> None:
        """Open a built-in workspace, as it was left."""
        self._window.layouts.switch(name)
        self._window.layouts.show_floating()
        self.show_workspace()
        QTimer.singleShot(0, self, self._focus_what_is_seen)

    @guarded
    def _focus_what_is_seen(self) -> None:
        """Give the focus to the panel in the front of the workspace: what had it may be hidden now."""
        layout = self._window.layout()
        if layout is not None:
            layout.activate()  # else no dock knows yet whether it is seen
        focused = QApplication.focusWidget()
        while focused is not None and not isinstance(focused, QDockWidget):
            focused = focused.parentWidget()
        names = RESEARCH_TABS if self._window.layouts.current == RESEARCH else ("chart",)
        front = next((name for name in names if not self._window.docks[name].visibleRegion().isEmpty()), "")
        if front and (focused is None or focused.isHidden() or focused.visibleRegion().isEmpty()):
            self._window.show_panel(front)

    @guarded
    def show_workspace(self) -> None:
        """Say in the toolbar and the menus which workspace is open."""
        layouts = self._window.layouts
        self._window.toolbar.show_workspace(layouts.title)
        for name in layouts.built_in():
            self._window.actions_by_name[f"workspace-{name}"].setChecked(name == layouts.current)

    @guarded
    def reset_layout(self) -> None:
        """Put every panel back to where it came."""
        self._window.layouts.reset()

    @guarded
    def ask_workspace(self) -> None:
        """Ask for the name of a workspace and keep the docks under it."""
        from desktop.ui.dialogs.workspace_name import WorkspaceName  # noqa: PLC0415 - when it is asked for

        layouts = self._window.layouts
        self._window.open_dialog(WorkspaceName(layouts.workspaces(), layouts.save_workspace, self._window))

    def _focused_dock(self) -> str:
        widget: QObject | None = QApplication.focusWidget()
        while widget is not None:
            if isinstance(widget, QDockWidget):
                return widget.objectName()
            widget = widget.parent()
        return ""

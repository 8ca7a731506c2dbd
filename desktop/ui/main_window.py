"""The main window: toolbar, docks and status bar, and what holds them together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QColor,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QMainWindow,
    QMenu,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.api import Desk
from desktop.engine.views import Changes, StatusView
from desktop.resources import resource_path
from desktop.ui import intents as wanted
from desktop.ui.actions import fill_menu, make_actions
from desktop.ui.docks import Dock, dock_specs
from desktop.ui.following import follow
from desktop.ui.guard import Fault, guarded, guarded_override, on_fault
from desktop.ui.intents import Intents
from desktop.ui.kill_keys import KillKeys
from desktop.ui.layouts import Layouts
from desktop.ui.leaving import Leaving
from desktop.ui.notifier import Notifier
from desktop.ui.preferences import Preferences
from desktop.ui.routes import Routes
from desktop.ui.status_bar import StatusBar
from desktop.ui.theme import ThemeStore
from desktop.ui.toolbar import Toolbar
from desktop.ui.tray import Tray
from desktop.ui.widgets.banners import Banners
from desktop.ui.window_commands import WindowCommands
from desktop.ui.window_menus import fill_workspaces

if TYPE_CHECKING:
    from desktop.research.api import Lab
    from desktop.ui.dialogs.first_minute import FirstMinuteGuide

FRAME = {"DEMO": 2, "PAPER": 2, "LIVE": 4}  # pixels of the coloured frame


class MainWindow(QMainWindow):
    """Stands at once with empty docks; `attach` fills them when the engine is ready."""

    def __init__(self, preferences: Preferences, theme: ThemeStore, *, data: str = "", log: str = "") -> None:
        """`data` and `log`: where they lie, as shown in About and in the fault dialog."""
        super().__init__()
        self.preferences, self.theme = preferences, theme
        self.intents = Intents(self)
        self.desk: Desk | None = None
        self.commands = WindowCommands(self)
        self.closed = asyncio.Event()
        self.data, self._log = data, log
        self._badge = ""
        self._leaving = False
        self._first_fault = True
        self._routes: Routes | None = None
        self._notifier: Notifier | None = None
        self._guide: FirstMinuteGuide | None = None
        self.dialog: QDialog | None = None  # the last dialog the window itself opened
        self.setObjectName("main")
        self.setWindowIcon(QIcon(str(resource_path("icons/assay.svg"))))
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setMinimumSize(900, 560)
        self.docks = {spec.name: Dock(spec, theme, self) for spec in dock_specs()}
        self.actions_by_name = make_actions(self, self._handlers())
        self._build_bars()
        self.layouts = Layouts(self, self.docks, preferences)
        self.layouts.restore()
        self.tray = Tray(self)
        self._leaving_by = Leaving(self, self.tray, self.open_dialog, self.end)
        self._wire()
        self._title("")
        self._set_enabled(ready=False)

    # building --------------------------------------------------------------------------------------------------
    def _handlers(self) -> dict[str, Any]:
        return {
            "new-session": lambda: self.intents.ask(wanted.NewSession()),
            "ticket": lambda: self.intents.ask(wanted.OpenTicket(self.intents.session_id)),
            "import-history": lambda: self.intents.ask(wanted.ImportHistory()),
            "backtest": lambda: self.intents.ask(wanted.BacktestStrategy()),
            "pause-all": self.commands.pause_all,
            "resume-all": self.commands.resume_all,
            "palette": self.commands.open_palette,
            "theme": self.theme.toggle,
            "settings": self.commands.open_settings,
            "reset-layout": self.commands.reset_layout,
            "save-workspace": self.commands.ask_workspace,
            "reset-demo": self.commands.ask_reset_demo,
            "help": self.commands.open_help,
            "about": self.commands.open_about,
            "quit": self.quit,
        }

    def _build_bars(self) -> None:
        empty = QWidget()
        empty.setFixedHeight(0)  # not hidden: without a centre Qt moves the right column at every new layout
        self.setCentralWidget(empty)
        self._menu, self._panels_menu = QMenu(self), QMenu(self.tr("Panels"), self)
        self.toolbar = Toolbar(self.theme, self.actions_by_name, self._menu, self)
        self.banners = Banners()
        head = QWidget()
        layout = QVBoxLayout(head)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.banners)
        self.setMenuWidget(head)
        self.status_bar = StatusBar(self.theme)
        self.setStatusBar(self.status_bar)
        for number, (name, dock) in enumerate(self.docks.items(), 1):
            self._panels_menu.addAction(dock.toggleViewAction())
            if number <= 9:
                self._add_panel_key(number, name)
        fill_menu(self._menu, self.actions_by_name, self._panels_menu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def _add_panel_key(self, number: int, name: str) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.triggered.connect(guarded(lambda: self.show_panel(name)))
        self.addAction(action)

    def _wire(self) -> None:
        self.intents.raised.connect(self._on_intent)
        self.toolbar.kill_fired.connect(self.commands.engage_kill)
        self.toolbar.workspaces.aboutToShow.connect(self._fill_workspaces)
        self.banners.release_asked.connect(self.commands.ask_release)
        self.tray.show_asked.connect(self.come_to_front)
        self.tray.pause_asked.connect(self.commands.pause_all)
        self.tray.quit_asked.connect(self._quit_from_tray)
        self.theme.changed.connect(self.update)
        self._end_faults = end = on_fault(self._on_fault)
        self.destroyed.connect(lambda *_: end())
        self.tabifiedDockWidgetActivated.connect(self._on_tab)
        self._kill_keys = KillKeys(self.toolbar.kill, self)

    async def attach(self, desk: Desk, usable: Callable[[], object] = lambda: None) -> None:
        """Fill the docks from the engine, one in each turn of the loop so that the window stays alive meanwhile.

        `usable` is called once one can trade: docks that wait for a library of their own are filled after it.
        """
        self.desk = desk
        # Imported here: dialogs and charts come after the first paint.
        from desktop.ui.dialogs.first_minute import FirstMinuteGuide  # noqa: PLC0415 - see above

        self._routes = Routes(
            desk,
            self.theme,
            self,
            panel=self.show_panel,
            show_help=self.commands.open_help,
            follow=self.intents.follow_session,
        )
        docks = [dock for dock in self.docks.values() if not dock.spec.lab]
        late = [dock for dock in docks if dock.waits()]
        await self._fill(desk, [dock for dock in docks if dock not in late])
        self._notifier = Notifier(
            desk, self.preferences, needed=self._out_of_sight, tray=self.tray.message, parent=self
        )
        self._guide = FirstMinuteGuide(desk, self.intents, self.preferences, self, kill=self.commands.point_at_kill)
        follow(self, desk, self._on_changes)
        self._set_enabled(ready=True)
        self._show_status(desk.status())
        self.layouts.share_out()
        usable()
        for dock in late:
            await asyncio.to_thread(dock.load)
        await self._fill(desk, late)

    async def attach_lab(self, lab: Lab) -> None:
        """Fill the docks that work on research; after `attach`."""
        desk = self.desk
        if desk is None:
            return
        for dock in [dock for dock in self.docks.values() if dock.spec.lab]:
            await asyncio.to_thread(dock.load)
            dock.fill(lambda kind: kind(desk, self.theme, self.intents, lab))
            await asyncio.sleep(0)
        self.actions_by_name["backtest"].setEnabled(True)

    async def _fill(self, desk: Desk, docks: list[Dock]) -> None:
        for dock in docks:
            dock.fill(lambda kind: kind(desk, self.theme, self.intents))
            await asyncio.sleep(0)

    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        """Share the window out once it has its size."""
        super().showEvent(event)
        self.layouts.share_out()
        QTimer.singleShot(0, self, self.layouts.show_floating)

    def _set_enabled(self, *, ready: bool) -> None:
        for name in ("new-session", "ticket", "import-history", "pause-all", "resume-all", "reset-demo"):
            self.actions_by_name[name].setEnabled(ready)
        self.actions_by_name["backtest"].setEnabled(False)  # until there is a lab
        self.toolbar.kill.setEnabled(ready)

    # what the engine says --------------------------------------------------------------------------------------
    def _on_changes(self, changes: Changes) -> None:
        if changes.status and self.desk is not None:
            self._show_status(self.desk.status())

    def _show_status(self, status: StatusView) -> None:
        self.status_bar.show_status(status)
        self.toolbar.show_badge(status.badge)
        self.banners.set_kill(latched=status.kill)
        self.banners.set_attention(status.banner)
        self._title(status.badge)

    def _title(self, badge: str) -> None:
        if badge == self._badge and badge:
            return
        self._badge = badge
        suffix = self.tr("DEMO - simulated prices") if badge == "DEMO" else badge
        self.setWindowTitle(f"Assay - {suffix}" if suffix else "Assay")
        edge = FRAME.get(badge, 0)
        self.setContentsMargins(edge, edge, edge, edge)
        self.update()

    @guarded_override()
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame of the mode round the window."""
        super().paintEvent(event)
        edge = FRAME.get(self._badge, 0)
        if edge:
            painter = QPainter(self)
            colour = QColor(self.theme.tokens.mode(self._badge)[0])
            box = self.rect()
            painter.fillRect(0, 0, box.width(), edge, colour)
            painter.fillRect(0, box.height() - edge, box.width(), edge, colour)
            painter.fillRect(0, 0, edge, box.height(), colour)
            painter.fillRect(box.width() - edge, 0, edge, box.height(), colour)

    def _on_fault(self, fault: Fault) -> None:
        if fault.refused:
            self.say(str(fault.error), bad=True)
            return
        self.say(
            self.tr("A part of the window failed: %1. The engine goes on.").replace("%1", str(fault.error)), bad=True
        )
        if self._first_fault and self.isVisible():
            from desktop.ui.dialogs.fault import FaultDialog  # noqa: PLC0415 - once, if ever

            self._first_fault = False
            self.open_dialog(FaultDialog(fault, self._log, self))

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show the answer to a command under the toolbar."""
        self.banners.say(text, bad=bad)

    @guarded
    def _on_tab(self) -> None:
        for dock in self.docks.values():
            dock.name_title()

    # what the user wants ---------------------------------------------------------------------------------------
    @guarded
    def _on_intent(self, intent: wanted.Intent) -> None:
        if self._routes is not None:
            self._routes.go(intent)

    def show_panel(self, name: str) -> Any:
        """Bring a dock to the front, give it the focus and return its panel."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        if dock.panel is not None:
            dock.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return dock.panel

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the window; never a nested loop."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog = dialog
        dialog.open()

    @guarded
    def _fill_workspaces(self) -> None:
        fill_workspaces(self.toolbar.workspaces, self.layouts, self.actions_by_name)

    # keys ------------------------------------------------------------------------------------------------------
    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the last message away."""
        if event.key() == Qt.Key.Key_Escape:
            self.banners.dismiss()
        else:
            super().keyPressEvent(event)

    # closing ---------------------------------------------------------------------------------------------------
    def come_to_front(self) -> None:
        """Show the window above the others (tray, a second start of the program)."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit(self) -> None:
        """Close the window, as its frame's button does."""
        self.close()

    def _out_of_sight(self) -> bool:
        return not self.isVisible() or self.isMinimized() or not self.isActiveWindow()

    def _quit_from_tray(self) -> None:
        self.come_to_front()
        self.close()

    @guarded_override()
    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave at once when nothing runs; else ask what becomes of the sessions (fault 30)."""
        if self._leaving or self.desk is None:
            self._left()
            event.accept()
            return
        event.ignore()
        self.layouts.save()
        self._leaving_by.ask(self.desk)

    def end(self) -> None:
        """Close without asking: the engine has ended or is about to."""
        self._leaving = True
        QTimer.singleShot(0, self, self.close)  # not within a close event: Qt ignores a second one there

    def _left(self) -> None:
        self.closed.set()  # first: whoever waits for the end of the window must not wait for what fails below
        self.layouts.save()
        self.tray.hide()
        self._end_faults()

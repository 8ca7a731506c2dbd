"""The main window: toolbar, docks and status bar, and what holds them together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
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
from desktop.ports.brokers import AccountKeeper
from desktop.resources import resource_path
from desktop.ui import intents as wanted
from desktop.ui.actions import Needs, enable, fill_menu, make_actions
from desktop.ui.arrangements import RESEARCH, RESEARCH_TABS, TRADING
from desktop.ui.dock_filling import DockFilling
from desktop.ui.docks import Dock, dock_specs
from desktop.ui.following import follow
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import Intents
from desktop.ui.kill_keys import KillKeys
from desktop.ui.layouts import Layouts
from desktop.ui.leaving import Leaving
from desktop.ui.live_lines import LiveLines
from desktop.ui.mode_frame import ModeFrame
from desktop.ui.news import News
from desktop.ui.notifier import Notifier
from desktop.ui.preferences import Preferences
from desktop.ui.routes import Routes
from desktop.ui.signal_chip import SignalChip
from desktop.ui.status_bar import StatusBar
from desktop.ui.theme import ThemeStore
from desktop.ui.toolbar import Toolbar
from desktop.ui.tray import Tray
from desktop.ui.widgets.banners import Banners
from desktop.ui.window_commands import WindowCommands
from desktop.ui.window_faults import Faults
from desktop.ui.window_menus import fill_workspaces

if TYPE_CHECKING:
    from desktop.research.api import Lab
    from desktop.ui.dialogs.first_minute import FirstMinuteGuide


class MainWindow(QMainWindow):
    """Stands at once with empty docks; `attach` fills them when the engine is ready."""

    def __init__(self, preferences: Preferences, theme: ThemeStore, *, data: str = "", log: str = "") -> None:
        """`data` and `log`: where they lie, as shown in About and in the fault dialog."""
        super().__init__()
        self.preferences, self.theme = preferences, theme
        self.intents = Intents(self)
        self.desk: Desk | None = None
        self.keeper: AccountKeeper | None = None
        self.commands = WindowCommands(self)
        self.closed = asyncio.Event()
        self.data, self._log = data, log
        self._frame = ModeFrame(self, theme)
        self._leaving = False
        self._routes: Routes | None = None
        self._notifier: Notifier | None = None
        self._guide: FirstMinuteGuide | None = None
        self.news: News | None = None
        self.dialog: QDialog | None = None  # the last dialog the window itself opened
        self.setObjectName("main")
        self.setWindowIcon(QIcon(str(resource_path("icons/assay.svg"))))
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setMinimumSize(900, 560)
        self.docks = {spec.name: Dock(spec, theme, self) for spec in dock_specs()}
        self._filling = DockFilling(self.docks, theme, self.intents, self)
        self.actions_by_name = make_actions(self)
        self._build_bars()
        self.layouts = Layouts(self, self.docks, preferences)
        self.layouts.switched.connect(self.commands.show_workspace)
        self.layouts.restore()
        self.tray = Tray(self)
        self._leaving_by = Leaving(self, self.tray, self.open_dialog, self.end)
        self._wire()
        self._frame.show_badge("")
        self.toolbar.kill.setEnabled(False)  # until there is an engine

    # building --------------------------------------------------------------------------------------------------
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
        self.chip = SignalChip(self.status_bar)
        self.status_bar.add_chip(self.chip)
        self.banners.float_over(self)
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
        self.banners.flatten_asked.connect(self.commands.ask_flatten)
        self.banners.log_asked.connect(self.commands.show_log)
        self._live = LiveLines(self.banners, self.commands.show_account, self.commands.arm)
        self.tray.show_asked.connect(self.come_to_front)
        self.tray.pause_asked.connect(self.commands.pause_all)
        self.tray.quit_asked.connect(self._quit_from_tray)
        self.theme.changed.connect(self.update)
        self._faults = Faults(self, self.say, self.open_dialog, self._log)
        self.tabifiedDockWidgetActivated.connect(self._on_tab)
        self._kill_keys = KillKeys(self.toolbar.kill, self)

    async def attach(self, desk: Desk, usable: Callable[[], object] = lambda: None) -> None:
        """Fill the docks from the engine, one in each turn of the loop so that the window stays alive meanwhile.

        `usable` is called once one can trade: docks that wait for a library of their own are filled after it.
        """
        self.desk = self._live.desk = desk
        # Imported here: dialogs and charts come after the first paint.
        from desktop.ui.dialogs.first_minute import FirstMinuteGuide  # noqa: PLC0415 - see above

        self._routes = Routes(
            desk,
            self.theme,
            self,
            panel=self.show_with_room,
            show_help=self.commands.open_help,
            follow=self.intents.follow_session,
            keeper=self.keeper,
        )
        await self._filling.trading(desk)
        self._keep_signals_aside()
        self._notifier = Notifier(
            desk, self.preferences, needed=self._out_of_sight, tray=self.tray.message, parent=self
        )
        self.news = News(desk, self.banners.tell_news, self)
        self.banners.news_read.connect(self.news.put_aside)
        self._guide = FirstMinuteGuide(desk, self.intents, self.preferences, self, kill=self.commands.point_at_kill)
        follow(self, desk, self._on_changes, first=True)
        enable(self.actions_by_name, Needs.ENGINE)
        if self.keeper is not None:
            enable(self.actions_by_name, Needs.ACCOUNTS)
        self.toolbar.kill.setEnabled(True)
        self._show_status(desk.status())
        self.layouts.share_out()
        usable()
        await self._filling.rest()

    def _keep_signals_aside(self) -> None:
        """Let no signal cover what one researches: they are counted in the status bar there."""
        panel = self._filling.panel("signals")
        if hasattr(panel, "toasts"):
            self.chip.follow(panel.toasts, self._researches)
            self.layouts.switched.connect(self.chip.refresh)

    def _researches(self) -> bool:
        return self.layouts.current == RESEARCH and self.isVisible() and not self.isMinimized()

    def attach_accounts(self, keeper: AccountKeeper) -> None:
        """Take the accounts at brokers; before `attach`."""
        self.keeper = keeper

    async def attach_lab(self, lab: Lab) -> None:
        """Fill the docks that work on research; after `attach`."""
        if self.desk is not None:
            await self._filling.lab(lab)
            enable(self.actions_by_name, Needs.LAB)

    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        """Share the window out once it has its size."""
        super().showEvent(event)
        self.layouts.share_out()
        QTimer.singleShot(0, self, self.layouts.show_floating)

    # what the engine says --------------------------------------------------------------------------------------
    def _on_changes(self, changes: Changes) -> None:
        if changes.status and self.desk is not None:
            self._show_status(self.desk.status())

    def _show_status(self, status: StatusView) -> None:
        self.status_bar.show_status(status)
        self.toolbar.show_badge(status.badge)
        self._live.show(kill=status.kill)
        self.banners.set_attention(status.banner)
        self._frame.show_badge(status.badge)

    @guarded_override()
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame of the mode round the window."""
        super().paintEvent(event)
        self._frame.paint()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Show the answer to a command over the foot of the window."""
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
        panel = self._filling.panel(name)
        if panel is not None:
            panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return panel

    def show_with_room(self, name: str) -> Any:
        """Bring a dock to the front where one can work in it, and return its panel.

        Where it stands lower than that, the research workspace is opened; where the user has made it low there too, it
        gets a window of its own.
        """
        dock = self.docks[name]
        if dock.spec.roomy and not dock.has_room():
            if self.layouts.current != RESEARCH and name in RESEARCH_TABS:
                self.commands.switch_workspace(RESEARCH)
                keys = self.actions_by_name[f"workspace-{TRADING}"].shortcut()
                text = self.tr("This is the Research workspace; your sessions go on. %1 leads back to Trading.")
                self.say(text.replace("%1", keys.toString(QKeySequence.SequenceFormat.NativeText)))
            else:
                dock.float_large()
        return self.show_panel(name)

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
            self.banners.put_aside()
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
        self._faults.end()

"""What can be done from anywhere in the window: one table of names, texts, keys, places in the menu and what is done.

An entry of `action_specs` is all that a new command needs: it then stands in the menu and in the command palette, hears
its keys everywhere, and is only enabled while what it needs is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.ui import intents as wanted
from desktop.ui.arrangements import RESEARCH, TRADING
from desktop.ui.guard import guarded

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class Needs(Enum):
    """What must stand before an action makes sense."""

    NOTHING = auto()
    ENGINE = auto()
    LAB = auto()
    ACCOUNTS = auto()


class Part(Enum):
    """The parts of the menu, from top to bottom."""

    TRADING = auto()
    LIVE = auto()
    DATA = auto()
    PANELS = auto()
    PROGRAM = auto()
    HELP = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One command of the window.

    Attributes:
        name: Stable name.
        text: Shown, translated.
        keys: Its shortcut, heard everywhere; "" = none.
        tip: What it does, in a line; "" = the text says it.
        part: Where it stands in the menu.
        run: Does it.
        needs: What must stand before it can be done.
        checkable: Whether it is a state that is on or off.
    """

    name: str
    text: str
    keys: str
    tip: str
    part: Part
    run: Callable[[MainWindow], object]
    needs: Needs = Needs.NOTHING
    checkable: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def action_specs() -> tuple[ActionSpec, ...]:
    """Return every action, in the order of the menu."""
    return (
        ActionSpec(
            "new-session",
            _tr("New session"),
            "Ctrl+N",
            _tr("Start a session: strategy, symbols, cash, limits"),
            Part.TRADING,
            lambda window: window.intents.ask(wanted.NewSession()),
            Needs.ENGINE,
        ),
        ActionSpec(
            "ticket",
            _tr("Order"),
            "F9",
            _tr("Order ticket: buy or sell by hand"),
            Part.TRADING,
            lambda window: window.intents.ask(wanted.OpenTicket(window.intents.session_id)),
            Needs.ENGINE,
        ),
        ActionSpec(
            "backtest",
            _tr("Backtest…"),
            "Ctrl+B",
            _tr("Test a strategy on past prices, or try many of its parameters"),
            Part.TRADING,
            lambda window: window.intents.ask(wanted.BacktestStrategy()),
            Needs.LAB,
        ),
        ActionSpec(
            "pause-all",
            _tr("Pause all"),
            "Ctrl+Shift+P",
            _tr("No new entries in any session; stops, targets and closing by hand go on working"),
            Part.TRADING,
            lambda window: window.commands.pause_all(),
            Needs.ENGINE,
        ),
        ActionSpec(
            "resume-all",
            _tr("Resume all"),
            "",
            _tr("All paused sessions trade again"),
            Part.TRADING,
            lambda window: window.commands.resume_all(),
            Needs.ENGINE,
        ),
        *_live_specs(),
        ActionSpec(
            "import-history",
            _tr("Import prices…"),
            "Ctrl+Shift+I",
            _tr("Import a CSV or Parquet file of bars, quotes or trades into the history"),
            Part.DATA,
            lambda window: window.intents.ask(wanted.ImportHistory()),
            Needs.ENGINE,
        ),
        ActionSpec(
            "download-history",
            _tr("Download prices…"),
            "Ctrl+Shift+D",
            _tr("Download bars from a feed into the history"),
            Part.DATA,
            lambda window: window.intents.ask(wanted.DownloadHistory()),
            Needs.ENGINE,
        ),
        *_window_specs(),
    )


def _live_specs() -> tuple[ActionSpec, ...]:
    """Return what is about brokers and live sessions."""
    return (
        ActionSpec(
            "broker-accounts",
            _tr("Broker accounts…"),
            "",
            _tr("Add, test, replace and delete the API keys of accounts at brokers"),
            Part.LIVE,
            lambda window: window.intents.ask(wanted.ManageAccounts()),
            Needs.ACCOUNTS,
        ),
        ActionSpec(
            "reconciliation",
            _tr("Accounts and reconciliation"),
            "",
            _tr("What the brokers hold beside what Assay's sessions hold"),
            Part.LIVE,
            lambda window: window.show_panel("accounts"),
            Needs.ENGINE,
        ),
        ActionSpec(
            "arm",
            _tr("Arm the session…"),
            "",
            _tr("Let the selected live session buy, by typing a word; until Assay ends"),
            Part.LIVE,
            lambda window: window.commands.arm(),
            Needs.ENGINE,
        ),
        ActionSpec(
            "disarm-all",
            _tr("Disarm all live sessions"),
            "",
            _tr("No live session buys; exits, stops and closing by hand go on working"),
            Part.LIVE,
            lambda window: window.commands.disarm_all(),
            Needs.ENGINE,
        ),
    )


def _window_specs() -> tuple[ActionSpec, ...]:
    """Return what is about the window and the program, not about trading."""
    return (
        ActionSpec(
            "workspace-trading",
            _tr("Workspace: Trading"),
            "Ctrl+Shift+T",
            _tr("Everything to trade by at once; sessions go on in every workspace"),
            Part.PANELS,
            lambda window: window.commands.switch_workspace(TRADING),
            checkable=True,
        ),
        ActionSpec(
            "workspace-research",
            _tr("Workspace: Research"),
            "Ctrl+Shift+R",
            _tr("Editor, backtest, history and chart, large; sessions go on in every workspace"),
            Part.PANELS,
            lambda window: window.commands.switch_workspace(RESEARCH),
            checkable=True,
        ),
        ActionSpec(
            "save-workspace",
            _tr("Save workspace…"),
            "",
            _tr("Keep the places of the panels under a name"),
            Part.PANELS,
            lambda window: window.commands.ask_workspace(),
        ),
        ActionSpec(
            "reset-layout",
            _tr("Reset layout"),
            "",
            _tr("Put every panel back to where it came"),
            Part.PANELS,
            lambda window: window.commands.reset_layout(),
        ),
        ActionSpec(
            "palette",
            _tr("Find"),
            "Ctrl+K",
            _tr("Find any command, panel, session or symbol"),
            Part.PROGRAM,
            lambda window: window.commands.open_palette(),
        ),
        ActionSpec(
            "settings", _tr("Settings…"), "Ctrl+,", "", Part.PROGRAM, lambda window: window.commands.open_settings()
        ),
        ActionSpec(
            "theme",
            _tr("Dark or light"),
            "Ctrl+Shift+L",
            _tr("Change between the dark and the light theme"),
            Part.PROGRAM,
            lambda window: window.theme.toggle(),
        ),
        ActionSpec(
            "reset-demo",
            _tr("Reset the demo…"),
            "",
            _tr("Wipe everything the demo did and start it afresh"),
            Part.PROGRAM,
            lambda window: window.commands.ask_reset_demo(),
            Needs.ENGINE,
        ),
        ActionSpec(
            "help",
            _tr("Help"),
            "F1",
            _tr("Help for what has the focus"),
            Part.HELP,
            lambda window: window.commands.open_help(),
        ),
        ActionSpec("about", _tr("About Assay"), "", "", Part.HELP, lambda window: window.commands.open_about()),
        ActionSpec("quit", _tr("Quit"), "Ctrl+Q", "", Part.END, lambda window: window.quit()),
    )


def make_actions(window: MainWindow) -> dict[str, QAction]:
    """Return the actions by name, each known to the whole window; those that need something are still disabled."""
    made: dict[str, QAction] = {}
    for spec in action_specs():
        action = QAction(spec.text, window)
        action.setObjectName(spec.name)
        if spec.keys:
            action.setShortcut(QKeySequence(spec.keys))
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        native = QKeySequence(spec.keys).toString(QKeySequence.SequenceFormat.NativeText) if spec.keys else ""
        action.setToolTip(f"{spec.tip or spec.text} ({native})" if native else spec.tip or spec.text)
        action.setCheckable(spec.checkable)
        action.setEnabled(spec.needs is Needs.NOTHING)
        action.triggered.connect(_runner(spec, window))
        window.addAction(action)
        made[spec.name] = action
    return made


def _runner(spec: ActionSpec, window: MainWindow) -> Callable[..., object]:
    @guarded
    def run() -> None:
        spec.run(window)

    return run


def enable(actions: Mapping[str, QAction], needs: Needs) -> None:
    """Enable the actions that need what stands now."""
    for spec in action_specs():
        if spec.needs is needs:
            actions[spec.name].setEnabled(True)


def fill_menu(menu: QMenu, actions: Mapping[str, QAction], panels: QMenu) -> None:
    """Put the actions into the window's menu, part by part."""
    for part in Part:
        if part not in (Part.TRADING, Part.LIVE):
            menu.addSeparator()
        into = menu.addMenu(_tr("Live")) if part is Part.LIVE else menu
        if part is Part.PANELS:
            menu.addMenu(panels)
        for spec in action_specs():
            if spec.part is part:
                into.addAction(actions[spec.name])

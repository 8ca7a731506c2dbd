"""What can be done from anywhere in the window: one table of names, texts and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.guard import guarded


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def action_texts() -> dict[str, tuple[str, str, str]]:
    """Return name -> (text, keys, tool tip) of every action."""
    return {
        "new-session": (_tr("New session"), "Ctrl+N", _tr("Start a session: strategy, symbols, cash, limits")),
        "ticket": (_tr("Order"), "F9", _tr("Order ticket: buy or sell by hand")),
        "import-history": (
            _tr("Import prices…"),
            "Ctrl+Shift+I",
            _tr("Import a CSV or Parquet file of bars, quotes or trades into the history"),
        ),
        "backtest": (_tr("Backtest…"), "Ctrl+B", _tr("Test a strategy on past prices, or try many of its parameters")),
        "pause-all": (
            _tr("Pause all"),
            "Ctrl+Shift+P",
            _tr("No new entries in any session; stops, targets and closing by hand go on working"),
        ),
        "resume-all": (_tr("Resume all"), "", _tr("All paused sessions trade again")),
        "palette": (_tr("Find"), "Ctrl+K", _tr("Find any command, panel, session or symbol")),
        "theme": (_tr("Dark or light"), "Ctrl+Shift+L", _tr("Change between the dark and the light theme")),
        "settings": (_tr("Settings…"), "Ctrl+,", ""),
        "reset-layout": (_tr("Reset layout"), "", _tr("Put every panel back to where it came")),
        "save-workspace": (_tr("Save workspace…"), "", _tr("Keep the places of the panels under a name")),
        "reset-demo": (_tr("Reset the demo…"), "", _tr("Wipe everything the demo did and start it afresh")),
        "help": (_tr("Help"), "F1", _tr("Help for what has the focus")),
        "about": (_tr("About Assay"), "", ""),
        "quit": (_tr("Quit"), "Ctrl+Q", ""),
    }


def make_actions(owner: QWidget, handlers: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """Return the actions, each bound to its handler and known to the whole window.

    Args:
        owner: The window that holds them alive.
        handlers: One for each name of `action_texts`; bound methods of objects that live as long as the window.
    """
    made: dict[str, QAction] = {}
    for name, (text, keys, tip) in action_texts().items():
        action = QAction(text, owner)
        action.setObjectName(name)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action.setToolTip(f"{tip or text} ({native})" if native else tip or text)
        action.triggered.connect(guarded(handlers[name]))
        owner.addAction(action)
        made[name] = action
    return made


def fill_menu(menu: QMenu, actions: Mapping[str, QAction], panels: QMenu) -> None:
    """Put the actions into the window's menu."""
    for name in ("new-session", "ticket", "backtest", "pause-all", "resume-all"):
        menu.addAction(actions[name])
    menu.addSeparator()
    menu.addAction(actions["import-history"])
    menu.addSeparator()
    menu.addMenu(panels)
    for name in ("save-workspace", "reset-layout"):
        menu.addAction(actions[name])
    menu.addSeparator()
    for name in ("palette", "settings", "theme", "reset-demo"):
        menu.addAction(actions[name])
    menu.addSeparator()
    for name in ("help", "about"):
        menu.addAction(actions[name])
    menu.addSeparator()
    menu.addAction(actions["quit"])

"""What the menus and the command palette of the main window offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop.engine.api import Desk
from desktop.engine.views import SessionRow
from desktop.ui import work
from desktop.ui.command_palette import Entry
from desktop.ui.docks import Dock
from desktop.ui.intents import ArmSession, Intents, ShowChart, ShowWhy
from desktop.ui.layouts import Layouts
from desktop.ui.live_words import ALIVE, is_live


def _tr(text: str) -> str:
    return QCoreApplication.translate("WindowMenus", text)


def palette_entries(
    actions: Mapping[str, QAction],
    docks: Mapping[str, Dock],
    show_panel: Callable[[str], object],
    desk: Desk | None,
    intents: Intents,
    layouts: Layouts,
) -> list[Entry]:
    """Return everything that can be done now: actions, panels, sessions, their charts and why they (do not) trade."""
    entries = [
        Entry(action.text(), action.trigger, action.shortcut().toString())
        for name, action in actions.items()
        if action.isEnabled() and name != "palette"
    ]
    for number, (name, dock) in enumerate(docks.items(), 1):
        text = _tr("Go to: %1").replace("%1", dock.spec.title)
        entries.append(Entry(text, _call(show_panel, name), f"Ctrl+{number}" if number <= 9 else ""))
    entries.extend(
        Entry(_tr("Workspace: %1").replace("%1", name), _call(layouts.open_workspace, name))
        for name in layouts.workspaces()
    )
    for row in desk.sessions() if desk is not None else ():
        text = _tr("Session: %1").replace("%1", row.settings.name)
        entries.append(Entry(text, _call(intents.follow_session, row.session_id)))
        if is_live(row.settings) and row.state in ALIVE and desk is not None:
            entries.append(_arming(desk, intents, row))
        for item in row.settings.instruments:
            chart = _tr("Chart: %1 in %2").replace("%1", item.symbol).replace("%2", row.settings.name)
            entries.append(Entry(chart, _ask(intents, ShowChart(row.session_id, item.symbol))))
            why = _tr("Why? %1 in %2").replace("%1", item.symbol).replace("%2", row.settings.name)
            entries.append(Entry(why, _ask(intents, ShowWhy(row.session_id, item.symbol))))
    return entries


def _arming(desk: Desk, intents: Intents, row: SessionRow) -> Entry:
    name, session_id = row.settings.name, row.session_id
    if row.armed:
        return Entry(_tr("Disarm: %1").replace("%1", name), lambda: work.run(desk.disarm(session_id), where="disarm"))
    return Entry(_tr("Arm: %1…").replace("%1", name), lambda: intents.ask(ArmSession(session_id)))


def fill_workspaces(menu: QMenu, layouts: Layouts, actions: Mapping[str, QAction]) -> None:
    """Fill the workspace menu anew."""
    menu.clear()
    for name in layouts.built_in():
        menu.addAction(actions[f"workspace-{name}"])
    menu.addSeparator()
    names = layouts.workspaces()
    for name in names:
        action = menu.addAction(name, _call(layouts.open_workspace, name))
        action.setCheckable(True)
        action.setChecked(name == layouts.named)
    if names:
        menu.addSeparator()
    menu.addAction(actions["save-workspace"])
    if names:
        delete = menu.addMenu(_tr("Delete workspace"))
        for name in names:
            delete.addAction(name, _call(layouts.delete_workspace, name))
    menu.addAction(actions["reset-layout"])


def _call(function: Callable[[str], object], name: str) -> Callable[[], None]:
    def call() -> None:
        function(name)

    return call


def _ask(intents: Intents, intent: ShowChart | ShowWhy) -> Callable[[], None]:
    return lambda: intents.ask(intent)

"""The built-in workspaces, those that the user named, and docks that find themselves a place to be worked in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolBar
from pytestqt.qtbot import QtBot

from desktop.engine.api import Desk
from desktop.engine.views import Table
from desktop.ui import intents as wanted
from desktop.ui import work
from desktop.ui.actions import Needs, action_specs
from desktop.ui.arrangements import RESEARCH, RESEARCH_TABS, TRADING
from desktop.ui.command_palette import CommandPalette
from desktop.ui.docks import BOTTOM, ROOMY, dock_specs
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import FakeLab, as_lab

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
async def window(desk: FakeDesk, theme: ThemeStore, preferences: Preferences) -> AsyncIterator[MainWindow]:
    made = await opened(as_desk(desk), theme, preferences)
    yield made
    await gone(made)


async def opened(desk: Desk, theme: ThemeStore, preferences: Preferences) -> MainWindow:
    made = MainWindow(preferences, theme)
    made.resize(1366, 768)
    made.show()
    await made.attach(desk)
    await settled()
    return made


async def gone(window: MainWindow) -> None:
    await work.settle()
    window.end()
    await asyncio.wait_for(window.closed.wait(), 5)
    window.deleteLater()
    await asyncio.sleep(0)


async def settled() -> None:
    for _ in range(30):
        await asyncio.sleep(0.002)


def seen(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.items() if not dock.visibleRegion().isEmpty()}


async def test_the_research_workspace_gives_the_editor_the_height_of_the_window(
    window: MainWindow, desk: FakeDesk
) -> None:
    assert {"sessions", "chart", "signals", "positions"} <= seen(window)
    window.activateWindow()
    await settled()
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL_SHIFT)
    await settled()
    assert seen(window) == {"editor"}
    assert window.docks["editor"].height() > 600
    assert window.docks["editor"].width() > 1300
    others = {dock.objectName() for dock in window.tabifiedDockWidgets(window.docks["editor"])}
    assert others | {"editor"} == set(RESEARCH_TABS)
    assert window.toolbar.kill.isVisible()
    assert window.focusWidget() is window.docks["editor"].panel.entry, "one can type at once"
    assert desk.commands == [], "sessions go on"
    window.activateWindow()  # without a window manager the pop-up of a signal took that
    await settled()
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL_SHIFT)
    await settled()
    assert {"sessions", "chart", "signals", "positions"} <= seen(window)


async def test_a_signal_covers_nothing_that_one_researches_and_is_counted_below(
    window: MainWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.activateWindow()
    await settled()
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL_SHIFT)
    await settled()
    timeframe = window.docks["editor"].panel.findChildren(QComboBox)[0]
    timeframe.showPopup()
    before = window.focusWidget()
    signal = rows.signal("g-new", rows.DEMO, "NORD", "10", created_at=rows.NOW + 1)
    desk.put(Table.SIGNALS, rows.signal_card(signal, rows.DEMO))
    await settled()
    assert timeframe.view().isVisible(), "the open list stays open"
    timeframe.hidePopup()
    toasts = window.docks["signals"].panel.toasts
    assert not toasts.shown
    assert window.chip.isVisible()
    assert window.chip.text() == "1 signal waits"
    assert window.focusWidget() is before
    qtbot.mouseClick(window.chip, Qt.MouseButton.LeftButton)
    assert set(toasts.shown) == {"g-new"}
    toasts.put_all_off()
    assert not window.chip.isVisible()


async def test_every_workspace_comes_back_as_it_was_left(
    window: MainWindow, desk: FakeDesk, theme: ThemeStore, preferences: Preferences
) -> None:
    window.docks["watchlist"].close()
    window.layouts.switch(RESEARCH)
    window.show_panel("history")
    window.show_panel("sessions")
    await settled()
    window.layouts.switch(TRADING)
    await settled()
    assert not window.docks["watchlist"].isVisible()
    window.layouts.switch(RESEARCH)
    await settled()
    assert seen(window) == {"history", "sessions"}
    window.layouts.save()
    again = await opened(as_desk(desk), theme, preferences)
    assert again.layouts.current == RESEARCH
    assert again.toolbar._workspace.text() == "Research"
    assert seen(again) == {"history", "sessions"}
    again.actions_by_name["reset-layout"].trigger()
    await settled()
    assert seen(again) == {"editor"}, "the workspace that is open is reset, not another"
    again.layouts.switch(TRADING)
    await settled()
    assert not again.docks["watchlist"].isVisible()
    again.actions_by_name["reset-layout"].trigger()
    assert again.docks["watchlist"].isVisible()
    await gone(again)


async def test_the_trading_workspace_shares_the_window_out_as_before(window: MainWindow) -> None:
    before = {name: window.docks[name].size() for name in ("sessions", "chart", "signals", "positions")}
    for name in (RESEARCH, TRADING, RESEARCH, TRADING):
        window.layouts.switch(name)
        await settled()
    for name, size in before.items():
        now = window.docks[name].size()
        assert abs(now.width() - size.width()) <= 12, name
        assert abs(now.height() - size.height()) <= 12, name


async def test_menu_palette_and_toolbar_name_the_workspaces(qtbot: QtBot, window: MainWindow) -> None:
    window.layouts.save_workspace("Morning")
    assert window.toolbar._workspace.text() == "Morning"
    window.layouts.switch(RESEARCH)
    window._fill_workspaces()
    entries = {action.text(): action for action in window.toolbar.workspaces.actions()}
    assert entries["Workspace: Research"].isChecked()
    assert not entries["Workspace: Trading"].isChecked()
    assert not entries["Morning"].isChecked()
    entries["Workspace: Research"].trigger()
    assert entries["Workspace: Research"].isChecked(), "choosing the one that is open changes nothing"
    entries["Morning"].trigger()
    assert window.toolbar._workspace.text() == "Morning"
    assert not entries["Workspace: Research"].isChecked()
    window.commands.open_palette()
    palette = window.dialog
    assert isinstance(palette, CommandPalette)
    qtbot.keyClicks(palette.field, "workspace rese")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.layouts.current == RESEARCH
    window.layouts.open_workspace("Morning")
    window.layouts.delete_workspace("Morning")
    assert window.layouts.current == TRADING
    assert not window.layouts.open_workspace("Morning")


async def test_deleting_a_workspace_leaves_one_whose_name_begins_the_same(window: MainWindow) -> None:
    for name in ("A", "AB"):
        window.layouts.save_workspace(name)
    window.layouts.delete_workspace("A")
    assert window.layouts.workspaces() == ["AB"]


async def test_a_workspace_survives_an_upgrade_that_brings_a_new_dock(
    window: MainWindow, preferences: Preferences
) -> None:
    window.layouts.save_workspace("Before")
    key = f"workspace-docks/1/{'Before'}"
    preferences.put(key, preferences.text(key).replace("triggers,", ""))
    window.layouts.switch(RESEARCH)
    window.layouts.open_workspace("Before")
    await settled()
    assert not window.docks["triggers"].isHidden()
    window.layouts.switch(RESEARCH)
    window.layouts.switch(TRADING)
    key = f"left-docks/1/{RESEARCH}"
    preferences.put(key, preferences.text(key).replace("triggers,", ""))
    window.layouts.switch(RESEARCH)
    await settled()
    assert seen(window) == {"editor"}, "where the tabs at the bottom are hidden a new one is hidden too"


async def test_opening_the_editor_where_it_is_low_finds_it_room(window: MainWindow) -> None:
    window.show_panel("editor")
    await settled()
    assert window.docks["editor"].height() < ROOMY
    assert window.layouts.current == TRADING, "who clicks the tab gets the tab"
    window.intents.ask(wanted.EditStrategy("s-demo"))
    await settled()
    assert window.layouts.current == RESEARCH
    assert window.docks["editor"].height() >= ROOMY
    assert "Ctrl+Shift+T leads back" in window.banners.message.text.text()
    window.banners.dismiss()
    window.show_panel("history")
    await settled()
    window.intents.ask(wanted.EditStrategy("s-demo"))
    assert not window.banners.message.isVisible(), "behind another tab of the same height there is room"
    assert not window.docks["editor"].isFloating()


async def test_a_panel_that_is_low_in_the_research_workspace_too_gets_a_window_of_its_own(window: MainWindow) -> None:
    window.layouts.switch(RESEARCH)
    await window.attach_lab(as_lab(FakeLab()))
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, window.docks["backtest"])
    window.resizeDocks([window.docks["backtest"]], [150], Qt.Orientation.Vertical)
    await settled()
    assert window.docks["backtest"].height() < ROOMY
    window.actions_by_name["backtest"].trigger()
    await settled()
    dock = window.docks["backtest"]
    assert dock.isFloating()
    bar = window.findChildren(QToolBar)[0]
    assert dock.y() >= window.geometry().top() + bar.geometry().bottom(), "the kill switch stays in sight"
    assert dock.width() > window.width() * 0.8


async def test_panels_for_later_are_made_when_they_are_first_seen(window: MainWindow) -> None:
    await window.attach_lab(as_lab(FakeLab()))
    later = {spec.name for spec in dock_specs() if spec.later}
    assert {"editor", "history", "backtest"} <= later
    assert {name for name, dock in window.docks.items() if dock.panel is None} == later
    window.docks["history"].raise_()
    await settled()
    assert window.docks["history"].panel is not None
    assert window.docks["editor"].panel is None
    assert window.show_panel("editor") is not None
    panel = window.show_panel("editor")
    window.show_panel("positions")
    assert window.show_panel("editor") is panel, "and kept"


async def test_a_panel_for_later_that_was_in_front_is_there_after_a_start(
    window: MainWindow, desk: FakeDesk, theme: ThemeStore, preferences: Preferences
) -> None:
    window.show_panel("history")
    await settled()
    window.layouts.save()
    again = await opened(as_desk(desk), theme, preferences)
    assert again.docks["history"].panel is not None
    assert again.docks["editor"].panel is None
    await gone(again)


async def test_keys_never_answer_a_signal_that_is_out_of_sight(
    window: MainWindow, desk: FakeDesk, theme: ThemeStore, preferences: Preferences
) -> None:
    window.layouts.switch(RESEARCH)
    window.layouts.save()
    again = await opened(as_desk(desk), theme, preferences)
    signals = again.docks["signals"].panel
    assert signals.current
    assert signals.visibleRegion().isEmpty()
    for times in (1, 2):
        again.activateWindow()
        await settled()
        QTest.keyClick(again, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
        await work.settle()
        await settled()
        assert not signals.visibleRegion().isEmpty(), "the first press shows the card"
        assert desk.names() == ["reject"] * (times - 1), "the second one answers it"
    await gone(again)


def test_the_tables_of_docks_and_actions_agree_with_what_is_built_of_them() -> None:
    specs = action_specs()
    names = [spec.name for spec in specs]
    keys = [spec.keys for spec in specs if spec.keys]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys), "no two commands share a key"
    assert {spec.name for spec in specs if spec.needs is Needs.LAB} == {"backtest"}
    docks = {spec.name for spec in dock_specs()}
    assert set(BOTTOM) <= docks
    assert set(RESEARCH_TABS) <= docks

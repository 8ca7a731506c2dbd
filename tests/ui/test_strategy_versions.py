"""The versions of a strategy: listed, compared with the fields, and edited again; nothing typed is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.ui import work
from desktop.ui.dialogs.strategy_versions import StrategyVersions, difference
from desktop.ui.intents import Intents
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.inline_jobs import InlineJobs

OLD = replace(rows.RSI, entry="rsi(period) < 5", name=rows.RSI.name)


@pytest.fixture
def editor(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> StrategyEditor:
    desk.versions = [
        StrategyVersion(rows.RSI.name, "bbbb", 2, rows.NOW, rows.RSI),
        StrategyVersion(rows.RSI.name, "aaaa", 1, rows.NOW - 86_400_000_000, OLD),
    ]
    links = Intents()
    links.follow_session("s-demo")
    made = StrategyEditor(as_desk(desk), theme, links, make_jobs=InlineJobs)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    return made


async def opened(editor: StrategyEditor) -> StrategyVersions:
    editor.head.versions.trigger()
    await work.settle()
    assert isinstance(editor.library.dialog, StrategyVersions)
    return editor.library.dialog


async def test_versions_are_listed_newest_first_with_what_differs(editor: StrategyEditor) -> None:
    dialog = await opened(editor)
    assert [dialog.list.item(row).text().partition(",")[0] for row in range(2)] == ["Version 2", "Version 1"]
    assert "in the fields" in dialog.said.text()
    assert not dialog.go.isEnabled(), "it stands there already"
    dialog.list.setCurrentRow(1)
    assert dialog.text.toPlainText().splitlines() == [
        f' timeframe = "{rows.RSI.timeframe}"',
        '-entry = "rsi(period) < 5"',
        f'+entry = "{rows.RSI.entry}"',
        f' exit = "{rows.RSI.exit}"',
    ]
    assert dialog.go.isEnabled()
    dialog.close()


@pytest.mark.parametrize("way", ["button", "enter"])
async def test_an_earlier_version_is_edited_again_and_saved_as_the_newest(
    editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot, way: str
) -> None:
    editor.entry.setPlainText("close > 3")
    editor.check()
    typed = editor.strategy()
    dialog = await opened(editor)
    dialog.list.setCurrentRow(1)
    if way == "button":
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    else:
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert editor.strategy() == OLD
    assert editor.state.text() == "changed, not saved"
    assert editor.drafts.aside == {typed.name: typed}, "what was typed is kept"
    editor.save.click()
    await work.settle()
    assert desk.commands == [("save_strategy", {"strategy": OLD})]


async def test_a_strategy_without_versions_says_how_to_get_one(editor: StrategyEditor, qtbot: QtBot) -> None:
    qtbot.mouseClick(editor.head.new, Qt.MouseButton.LeftButton)
    dialog = await opened(editor)
    assert dialog.list.count() == 0
    assert "No version is saved yet" in dialog.said.text()
    assert not dialog.go.isEnabled()
    dialog.close()


def test_without_a_strategy_in_the_fields_the_whole_version_is_shown() -> None:
    found: Callable[[Strategy, Strategy | None], str] = difference
    assert found(OLD, None).startswith("name = ")
    assert found(OLD, OLD) == ""

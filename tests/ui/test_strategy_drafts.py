"""What is typed in the editor and not saved survives another strategy, a file and the end of the program."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import format_strategy
from desktop.ui import work
from desktop.ui.intents import Intents
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.strategy_drafts import Drafts
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk
from tests.helpers.inline_jobs import InlineJobs

CHANGED = "rsi(period) < 11"


@pytest.fixture
def opened(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> Callable[[], StrategyEditor]:
    def make() -> StrategyEditor:
        links = Intents()
        links.follow_session("s-demo")
        made = StrategyEditor(desk, theme, links, make_jobs=InlineJobs)
        qtbot.addWidget(made)
        made.resize(1200, 600)
        made.show()
        return made

    return make


def changed(editor: StrategyEditor) -> Strategy:
    editor.entry.setPlainText(CHANGED)
    editor.check()
    return editor.strategy()


def test_what_was_not_saved_is_there_at_the_next_start(opened: Callable[[], StrategyEditor]) -> None:
    kept = changed(opened())
    again = opened()
    assert again.strategy() == kept
    assert again.state.text() == "changed, not saved"
    assert again.save.isEnabled()
    again.entry.setPlainText(rows.RSI.entry)
    again.check()
    assert again.state.text() == "saved", "it knows the saved one of that name"
    assert opened().strategy() == rows.RSI


async def test_what_was_saved_is_no_draft_any_more(opened: Callable[[], StrategyEditor], theme: ThemeStore) -> None:
    editor = opened()
    changed(editor)
    editor.save.click()
    await work.settle()
    assert Drafts(theme.preferences).edited is None


def test_a_mistake_that_makes_it_no_strategy_keeps_the_last_that_was_one(
    opened: Callable[[], StrategyEditor], theme: ThemeStore
) -> None:
    editor = opened()
    kept = changed(editor)
    editor.form.name.clear()
    editor.check()
    assert Drafts(theme.preferences).edited == kept


@pytest.mark.parametrize("way", ["session", "name", "file", "new", "list"])
def test_nothing_that_is_opened_instead_loses_what_was_typed(
    opened: Callable[[], StrategyEditor], theme: ThemeStore, tmp_path: Path, way: str
) -> None:
    editor = opened()
    kept = changed(editor)
    if way == "session":
        editor.edit("s-trend")
    elif way == "name":
        editor.edit(name=rows.CROSS.name)
    elif way == "file":
        path = tmp_path / "cross.toml"
        path.write_text(format_strategy(rows.CROSS), encoding="utf-8")
        editor.library.import_file(str(path))
    elif way == "new":
        editor.head.new.click()
    else:
        editor.choice.setCurrentIndex(editor.choice.findText(rows.CROSS.name))
        editor.choice.activated.emit(editor.choice.currentIndex())
    assert editor.strategy() != kept
    assert editor.choice.itemText(0) == "Not saved"
    assert editor.choice.itemData(1) == kept
    again = opened()
    assert again.choice.itemData(1) == kept, "also after a start"
    again.choice.setCurrentIndex(1)
    again.choice.activated.emit(1)
    assert again.strategy() == kept
    assert Drafts(theme.preferences).aside == {}, "what is in the fields again stands there only"


def test_choosing_the_saved_one_of_the_same_name_keeps_what_was_changed(opened: Callable[[], StrategyEditor]) -> None:
    editor = opened()
    kept = changed(editor)
    place = next(row for row in range(editor.choice.count()) if editor.choice.itemData(row) == rows.RSI)
    editor.choice.setCurrentIndex(place)
    editor.choice.activated.emit(place)
    assert editor.strategy() == rows.RSI
    assert editor.choice.itemText(0) == "Not saved"
    assert editor.choice.itemData(1) == kept


def test_a_new_strategy_that_nobody_touched_is_not_kept(
    opened: Callable[[], StrategyEditor], theme: ThemeStore, qtbot: QtBot
) -> None:
    editor = opened()
    qtbot.mouseClick(editor.head.new, Qt.MouseButton.LeftButton)
    editor.edit("s-demo")
    drafts = Drafts(theme.preferences)
    assert drafts.aside == {}
    assert drafts.edited is None
    qtbot.mouseClick(editor.head.new, Qt.MouseButton.LeftButton)
    kept = changed(editor)
    editor.edit("s-demo")
    assert drafts.aside == {kept.name: kept}
    qtbot.mouseClick(editor.head.new, Qt.MouseButton.LeftButton)
    assert editor.strategy().name != kept.name, "a new one takes no name that is kept"


def test_drafts_that_cannot_be_read_are_left_out(theme: ThemeStore) -> None:
    drafts = Drafts(theme.preferences)
    drafts.put_aside(rows.RSI)
    drafts.put_aside(replace(rows.RSI, entry="close > 3"))
    assert [item.entry for item in drafts.aside.values()] == ["close > 3"], "one of each name"
    for text in ("nonsense [", "3", '["name =", 7]'):
        theme.preferences.put("editor/aside", text)
        theme.preferences.put("editor/edited", text)
        assert drafts.aside == {}
        assert drafts.edited is None

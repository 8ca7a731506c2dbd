"""While a rule is typed: the list of names, the hint of a call that stays, and the reference that F1 opens."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.rules.catalogue import FUNCTIONS, REFUSED, WORDS_BY_NAME
from desktop.rules.nodes import Role
from desktop.ui.dialogs.rule_reference import RuleReference, open_rule_reference
from desktop.ui.intents import EditStrategy, Intents, ShowRuleHelp
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.preferences import Scheme
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.rule_field import RuleField
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.inline_jobs import InlineJobs


@pytest.fixture
def field(qtbot: QtBot, theme: ThemeStore) -> RuleField:
    made = RuleField(theme, Role.EXIT, "rule")
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


# the hint ------------------------------------------------------------------------------------------------------
def test_the_hint_of_a_call_stays_while_it_is_typed_and_marks_the_argument(field: RuleField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "bbands(")
    assert field.hint.isVisible()
    assert field.hint.text.startswith("bbands(")
    qtbot.keyClicks(field, "20, ")
    assert field.hint.isVisible()
    assert field.hint.text.splitlines()[-1].startswith("up:")
    assert "<b" in field.hint._label.text()
    qtbot.keyClicks(field, "2)")
    assert not field.hint.isVisible(), "behind the bracket the call is over"


def test_the_hint_is_there_after_a_completion_by_key(field: RuleField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "supertr")
    assert field.popup.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.text == "supertrend("
    assert not field.popup.isVisible()
    assert field.hint.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hint.isVisible()


def test_the_hint_goes_with_the_focus(field: RuleField, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.keyClicks(field, "rsi(")
    assert field.hint.isVisible()
    field.clearFocus()
    assert not field.hint.isVisible()


def test_names_of_the_list_are_cut_and_never_scrolled_sideways(field: RuleField, qtbot: QtBot) -> None:
    qtbot.keyClicks(field, "sm")
    assert field.popup.isVisible()
    assert field.popup.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    assert not field.popup.grab().isNull()
    assert str(field.popup.currentIndex().data()).startswith("sma(x=close, length=30)   Simple moving average")


# F1 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "place", "word"),
    [
        ("close > sma(200)", 10, "sma"),
        ("close > sma(200)", 13, "sma"),
        ("close > sma(200)", 2, "close"),
        ("rsi(14) < 30 and close > 1", 15, ""),
        ("", 0, ""),
        ("shift(close, 1) > 1", 3, "shift"),
    ],
)
def test_f1_asks_for_the_name_at_the_cursor(field: RuleField, qtbot: QtBot, rule: str, place: int, word: str) -> None:
    field.setPlainText(rule)
    cursor = field.textCursor()
    cursor.setPosition(place, QTextCursor.MoveMode.MoveAnchor)
    field.setTextCursor(cursor)
    with qtbot.waitSignal(field.help_asked) as asked:
        QTest.keyClick(field, Qt.Key.Key_F1)
    assert asked.args == [word]


async def test_the_editor_asks_the_window_for_the_reference_and_for_room(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    links = Intents()
    asked: list[object] = []
    links.raised.connect(asked.append)
    editor = StrategyEditor(as_desk(desk), theme, links, make_jobs=InlineJobs)
    qtbot.addWidget(editor)
    editor.resize(1200, 220)
    editor.show()
    editor.entry.help_asked.emit("sma")
    editor.sections["entry"].reference.click()
    assert editor.head.room.isVisible()
    editor.head.room.click()
    assert asked == [ShowRuleHelp("sma"), ShowRuleHelp(""), EditStrategy()]
    editor.resize(1200, 600)
    assert not editor.head.room.isVisible()


# the reference -------------------------------------------------------------------------------------------------
@pytest.fixture
def reference(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> Iterator[RuleReference]:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    made = open_rule_reference(as_desk(desk), theme, owner, name="sma")
    assert open_rule_reference(as_desk(desk), theme, owner, name="macd") is made, "one window of it"
    yield made
    owner.close()


def listed(reference: RuleReference) -> list[str]:
    return [reference.list.item(row).text() for row in range(reference.list.count())]


def test_the_reference_opens_at_a_function_with_its_settings_and_outputs(reference: RuleReference) -> None:
    text = reference.entry.toPlainText()
    assert text.splitlines()[:2] == ["macd", "macd(x=close, fast=12, slow=26, signal=9)"]
    assert "fast: a whole number from" in text
    assert "macd(...).signal" in text
    reference.show_name("pnl_pct")
    assert "Gain of the position" in reference.entry.toPlainText()
    reference.show_name("")
    assert "Text after # is a comment" in reference.entry.toPlainText()
    for name, refusal in REFUSED.items():
        reference.show_name(name)
        assert reference.entry.toPlainText().startswith(name), "known elsewhere: it says why not"
        assert refusal.instead.split("(")[0] in reference.entry.toPlainText()
    reference.show_name("smaa")
    assert reference.list.count() == 0
    assert reference.nothing.isVisible()
    assert reference.entry.toPlainText() == ""


def test_the_reference_holds_every_function_and_word(reference: RuleReference) -> None:
    reference.show_name("")
    assert {*FUNCTIONS, *WORDS_BY_NAME, *REFUSED} <= set(listed(reference))
    for name in FUNCTIONS:
        reference.show_name(name)
        assert reference.entry.toPlainText().startswith(f"{name}\n{name}("), name


def test_typing_finds_by_name_first_and_by_meaning_after(reference: RuleReference, qtbot: QtBot) -> None:
    reference.search.clear()
    qtbot.keyClicks(reference.search, "rsi")
    assert listed(reference)[0] == "rsi"
    assert len(listed(reference)) > 2
    QTest.keyClick(reference.search, Qt.Key.Key_Down)
    assert reference.list.currentRow() == 1
    assert not reference.entry.toPlainText().startswith("rsi\n")
    reference.search.clear()
    qtbot.keyClicks(reference.search, "true range")
    assert "atr" in listed(reference)


def test_it_wears_both_themes(reference: RuleReference, theme: ThemeStore) -> None:
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.set_scheme(scheme)
        assert not reference.grab().isNull()

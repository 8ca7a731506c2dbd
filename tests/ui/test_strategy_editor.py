"""The strategy editor: mistakes at their column, completion, versions, files."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.errors import UserMistake
from desktop.domain.strategies import SizingKind
from desktop.domain.strategy_text import format_strategy, parse_strategy
from desktop.rules.assistance import signature_help
from desktop.rules.nodes import Role
from desktop.ui import intents, work
from desktop.ui.intents import Intents
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.rule_field import RuleField
from desktop.ui.widgets.rule_hint import signature_text
from desktop.ui.widgets.strategy_files import ask_to_read, ask_to_write, file_name
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk
from tests.helpers.inline_jobs import InlineJobs

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def links() -> Intents:
    made = Intents()
    made.follow_session("s-demo")
    return made


@pytest.fixture
def editor(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, links: Intents) -> StrategyEditor:
    made = StrategyEditor(desk, theme, links, make_jobs=InlineJobs)
    qtbot.addWidget(made)
    made.resize(1200, 420)
    made.show()
    return made


def type_rule(editor: StrategyEditor, qtbot: QtBot, text: str) -> None:
    editor.entry.setFocus()
    editor.entry.selectAll()
    qtbot.keyClicks(editor.entry, text)
    editor.entry.popup.hide()
    editor.check()


def test_it_opens_on_a_saved_strategy_with_everything_of_it(editor: StrategyEditor) -> None:
    assert editor.entry.text == rows.RSI.entry
    assert editor.strategy() == rows.RSI
    assert editor.state.text() == "saved"
    assert not editor.save.isEnabled()


def test_a_mistake_is_underlined_at_its_column_with_a_suggestion(editor: StrategyEditor, qtbot: QtBot) -> None:
    type_rule(editor, qtbot, "close > smaa(20)")
    message = editor.sections["entry"].message
    assert message.text() == "Column 9: There is no function smaa. did you mean sma?"
    assert message.property("role") == "error"
    assert editor.entry.mistake_column == 9
    selections = editor.entry.extraSelections()
    assert selections[0].cursor.selectedText() == "smaa"
    assert not editor.save.isEnabled()
    type_rule(editor, qtbot, "close > sma(20)")
    assert editor.entry.mistake_column == 0
    assert not editor.entry.extraSelections()
    assert editor.save.isEnabled()


def test_the_field_is_as_high_as_the_rule_at_every_width(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    field.setPlainText("close > 1")
    one = field.height()
    field.setPlainText("close > sma(20) and rsi(14) < 30 and volume > sma(volume, 20) and close > open and high > low")
    editor.split.setSizes([900, 300])
    wide = field.height()
    editor.split.setSizes([300, 900])
    qtbot.waitUntil(lambda: field.height() > wide)
    assert wide >= one
    assert not field.verticalScrollBar().isVisible()
    editor.split.setSizes([900, 300])
    qtbot.waitUntil(lambda: field.height() == wide)


def test_the_check_runs_shortly_after_typing(editor: StrategyEditor, qtbot: QtBot) -> None:
    editor.entry.setPlainText("smaa(3) > 1")
    qtbot.waitUntil(lambda: editor.entry.mistake_column == 1)


def test_completion_offers_functions_words_and_parameters(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "close > cr")
    names = [offer.name for offer in field.offers()]
    assert "crosses_above" in names
    assert field.popup.isVisible()
    field.insert(next(line for line, offer in field._offers.items() if offer.name == "crosses_above"))
    assert field.text == "close > crosses_above("
    field.setPlainText("overs")
    field.moveCursor(QTextCursor.MoveOperation.End)
    assert field.offers()[0].name == "oversold"


def test_completion_by_keys_takes_the_first_offer(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "supertr")
    assert field.popup.isVisible()
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    assert field.text == "supertrend("
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert field.popup.isVisible()
    field.popup.hide()


def test_position_terms_are_for_exit_rules_only(qtbot: QtBot, theme: ThemeStore) -> None:
    for role, wanted in ((Role.ENTRY, False), (Role.EXIT, True)):
        field = RuleField(theme, role, "rule")
        qtbot.addWidget(field)
        field.setPlainText("pnl_p")
        field.moveCursor(QTextCursor.MoveOperation.End)
        assert any(offer.name == "pnl_pct" for offer in field.offers()) is wanted


def test_the_call_in_hand_is_explained() -> None:
    found = signature_help("rsi")
    assert found is not None
    text = signature_text(found, len(found.arguments) - 1)
    assert text.startswith("rsi(")
    assert "length:" in text


def test_words_are_coloured_by_what_they_are(editor: StrategyEditor) -> None:
    token = editor.entry.highlighter.token
    found = [token(word) for word in ("and", "period", "rsi", "close", "nonsense")]
    assert found == ["logic", "parameter", "function", "column", "unknown"]


async def test_control_s_saves_and_tab_goes_from_field_to_field(
    editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    editor.activateWindow()
    editor.setFocus()
    qtbot.waitUntil(editor.entry.hasFocus)
    editor.entry.selectAll()
    qtbot.keyClicks(editor.entry, "close > 1")
    qtbot.keyClick(editor.entry, Qt.Key.Key_Tab)
    assert editor.exit.hasFocus()
    qtbot.keyClick(editor.exit, Qt.Key.Key_Tab)
    assert editor.form.name.hasFocus()
    editor.check()
    qtbot.keyClick(editor.form.name, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await work.settle()
    assert desk.names() == ["save_strategy"]


async def test_saving_stores_a_new_version(editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot) -> None:
    type_rule(editor, qtbot, "rsi(period) < 25")
    assert editor.state.text() == "changed, not saved"
    qtbot.mouseClick(editor.save, LEFT)
    await work.settle()
    assert desk.commands[0][1]["strategy"].entry == "rsi(period) < 25"
    assert editor.state.text() == "saved as version a1b2c3"
    assert not editor.save.isEnabled()


async def test_choosing_another_strategy_keeps_what_was_not_saved(
    editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot
) -> None:
    type_rule(editor, qtbot, "rsi(period) < 25")
    choice = editor.choice

    def choose(row: int) -> None:
        choice.setCurrentIndex(row)
        choice.activated.emit(row)

    choose(choice.findText(rows.CROSS.name))
    assert editor.strategy() == rows.CROSS
    assert choice.itemText(0) == "Not saved"
    assert choice.itemText(1) == rows.RSI.name
    choose(1)
    assert editor.entry.text == "rsi(period) < 25"
    assert editor.state.text() == "changed, not saved"
    assert choice.itemText(0) == "Saved", "it is in hand again"
    qtbot.mouseClick(editor.save, LEFT)
    await work.settle()
    assert choice.itemText(0) == "Saved"
    choose(choice.findText(rows.CROSS.name))
    assert choice.itemText(0) == "Saved", "nothing was left unsaved"


def test_the_wheel_changes_no_strategy_and_no_history(editor: StrategyEditor, qtbot: QtBot) -> None:
    for box in (editor.choice, editor.head.history):
        before, place = box.currentIndex(), QPointF(box.rect().center())
        turn = QWheelEvent(
            place, QPointF(box.mapToGlobal(place)), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, turn)
        assert box.currentIndex() == before


def test_an_editor_without_any_session_says_what_to_do(qtbot: QtBot, theme: ThemeStore) -> None:
    editor = StrategyEditor(FakeDesk(empty=True), theme, Intents(), make_jobs=InlineJobs)
    qtbot.addWidget(editor)
    editor.show()
    assert editor.pane.empty.isVisible()
    assert "Choose a history" in editor.pane.empty.text()
    assert editor.head.history.itemText(editor.head.history.count() - 1) == "Open a file…"


async def test_a_refused_save_says_why(editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot) -> None:
    type_rule(editor, qtbot, "rsi(period) < 25")
    desk.refuse = UserMistake("The disk is full. Nothing was saved.")
    qtbot.mouseClick(editor.save, LEFT)
    await work.settle()
    assert editor.answer.text() == "The disk is full. Nothing was saved."
    assert editor.save.isEnabled()


def test_sizing_protection_and_parameters_are_part_of_the_version(editor: StrategyEditor, qtbot: QtBot) -> None:
    editor.form.sizing.setCurrentIndex(editor.form.sizing.findData(SizingKind.FIXED_QUANTITY))
    editor.form.amount.setFocus()
    editor.form.amount.selectAll()
    qtbot.keyClicks(editor.form.amount, "15")
    editor.form.guards["stop_loss"].selectAll()
    qtbot.keyClicks(editor.form.guards["stop_loss"], "2.5")
    item = editor.parameters.table.item(0, 1)
    assert item is not None
    item.setText("21")
    made = editor.strategy()
    assert made.sizing.kind is SizingKind.FIXED_QUANTITY
    assert made.sizing.value == 15
    assert made.protection.stop_loss == Decimal("2.5")
    assert made.parameters["period"] == 21


def test_impossible_values_are_said_at_the_field(editor: StrategyEditor) -> None:
    editor.form.guards["stop_loss"].setText("150")
    editor.check()
    assert "below 100" in editor.form.rows.mistakes["protection.stop_loss"].text()
    editor.form.amount.setText("x")
    editor.check()
    assert editor.form.rows.mistakes["sizing.value"].text() == "This is not a number."
    assert not editor.save.isEnabled()


def test_parameters_can_be_added_and_removed_and_need_name_and_number(editor: StrategyEditor, qtbot: QtBot) -> None:
    qtbot.mouseClick(editor.parameters.add, LEFT)
    editor.check()
    assert "needs a name" in editor.answer.text()
    row = editor.parameters.table.rowCount() - 1
    for column, text in ((0, "period"), (1, "1")):
        item = editor.parameters.table.item(row, column)
        assert item is not None
        item.setText(text)
    editor.check()
    assert "named twice" in editor.answer.text()
    editor.parameters.table.setCurrentCell(row, 0)
    qtbot.mouseClick(editor.parameters.remove, LEFT)
    editor.check()
    assert not editor.answer.isVisible()


def test_a_file_is_exported_and_comes_back_the_same(editor: StrategyEditor, tmp_path: Path) -> None:
    path = tmp_path / "rsi.toml"
    editor.library.export_file(str(path))
    assert parse_strategy(path.read_text(encoding="utf-8")) == rows.RSI
    path.write_text(format_strategy(rows.CROSS), encoding="utf-8")
    editor.library.import_file(str(path))
    assert editor.strategy() == rows.CROSS
    assert editor.state.text() == "saved", "it is one that is saved already, word for word"
    other = replace(rows.CROSS, name="From a file")
    path.write_text(format_strategy(other), encoding="utf-8")
    editor.library.import_file(str(path))
    assert editor.strategy() == other
    assert editor.save.isEnabled(), "an imported strategy is not saved yet"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Demo: quick dip", "demo_quick_dip.toml"),
        ("a/b\\c?", "a_b_c.toml"),
        ("  ", "strategy.toml"),
        ("RSI", "rsi.toml"),
    ],
)
def test_a_file_is_offered_under_a_name_that_every_system_takes(name: str, file: str) -> None:
    assert file_name(name) == file


def test_files_are_chosen_in_the_folder_of_the_last_one(editor: StrategyEditor, tmp_path: Path) -> None:
    chosen: list[str] = []
    dialog = ask_to_write(editor, "RSI dip", chosen.append)
    dialog.fileSelected.emit(str(tmp_path / "rsi_dip.toml"))
    assert chosen == [str(tmp_path / "rsi_dip.toml")]
    assert dialog.defaultSuffix() == "toml"
    dialog.close()
    again = ask_to_read(editor, chosen.append)
    assert Path(again.directory().absolutePath()) == tmp_path
    again.close()


def test_a_bad_file_changes_nothing_and_says_why(editor: StrategyEditor, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("nonsense = [", encoding="utf-8")
    editor.library.import_file(str(path))
    assert "bad.toml" in editor.answer.text()
    path.write_text("#" * 200_000, encoding="utf-8")
    editor.library.import_file(str(path))
    assert "too large" in editor.answer.text()
    editor.library.import_file(str(tmp_path / "none.toml"))
    assert "none.toml" in editor.answer.text()
    editor.library.export_file(str(tmp_path / "no folder" / "x.toml"))
    assert "x.toml" in editor.answer.text()
    assert editor.strategy() == rows.RSI


def test_a_new_strategy_starts_from_a_rule_that_works(editor: StrategyEditor, qtbot: QtBot) -> None:
    qtbot.mouseClick(editor.head.new, LEFT)
    assert editor.strategy().name == "Strategy 1"
    assert editor.state.text() == "not saved yet"
    assert editor.save.isEnabled()


def test_edit_opens_the_strategy_of_a_session_or_by_name(editor: StrategyEditor) -> None:
    editor.edit("s-trend")
    assert editor.strategy() == rows.CROSS
    editor.edit(name="RSI dip")
    assert editor.strategy() == rows.RSI
    editor.choice.setCurrentIndex(editor.choice.findText(rows.CROSS.name))
    editor.choice.activated.emit(editor.choice.currentIndex())
    assert editor.strategy() == rows.CROSS


def test_a_session_can_be_started_from_the_editor(editor: StrategyEditor, links: Intents, qtbot: QtBot) -> None:
    asked: list[object] = []
    links.raised.connect(asked.append)
    qtbot.mouseClick(editor.head.start, LEFT)
    assert asked == [intents.NewSession(rows.RSI)]

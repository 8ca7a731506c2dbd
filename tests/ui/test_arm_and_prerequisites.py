"""Live cannot be mistaken: a session is armed by typing, prerequisites are shown with their evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.validation import Prerequisite, Thresholds
from desktop.engine.views import Table
from desktop.ui import work
from desktop.ui.dialogs.arm_live import ArmDialog
from desktop.ui.dialogs.differences import open_declare_lost
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.prerequisites_list import PrerequisitesList
from desktop.validation.prerequisites import OVERRIDABLE, judge
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk
from tests.validation.test_prerequisites import GOOD

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def arm(window: QWidget, typed: list[str]) -> ArmDialog:
    dialog = ArmDialog("Dip live", "alpaca/main", "main", typed.append, window, real_money=True)
    dialog.show()
    return dialog


def test_a_session_is_armed_by_the_typed_word_only(qtbot: QtBot, window: QWidget) -> None:
    typed: list[str] = []
    dialog = arm(window, typed)
    assert not dialog.go.isEnabled()
    qtbot.mouseClick(dialog.field, LEFT)
    qtbot.keyClicks(dialog.field, "Mai")
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.field, "\b\b\bmain")
    dialog.field.setText("main")
    assert dialog.go.isEnabled()
    qtbot.mouseClick(dialog.go, LEFT)
    assert typed == ["main"]


def test_enter_after_the_word_arms_and_before_it_does_nothing(qtbot: QtBot, window: QWidget) -> None:
    typed: list[str] = []
    window.show()
    dialog = arm(window, typed)
    assert dialog.focusWidget() is dialog.field
    qtbot.keyClicks(dialog.field, "mai")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (typed, dialog.isVisible()) == ([], True)
    qtbot.keyClicks(dialog.field, "n")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert (typed, dialog.isVisible()) == (["main"], False)


def test_escape_leaves_it_disarmed(qtbot: QtBot, window: QWidget) -> None:
    typed: list[str] = []
    dialog = arm(window, typed)
    qtbot.keyClicks(dialog.field, "main")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert (typed, dialog.isVisible()) == ([], False)


async def test_enter_after_the_word_declares_an_order_lost_and_before_it_does_nothing(
    qtbot: QtBot, window: QWidget, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.go_live()
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    order = live_rows.unknown_order()
    window.show()
    dialog = open_declare_lost(desk, theme, window, account=live_rows.REF.key, order_id=order.order_id)
    assert dialog.focusWidget() is dialog.field
    qtbot.keyClicks(dialog.field, "LOS")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    await work.settle()
    assert (desk.names(), dialog.isVisible()) == ([], True)
    qtbot.keyClicks(dialog.field, "T")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    await work.settle()
    assert desk.names() == ["declare_lost"]


def test_the_checklist_shows_each_with_its_evidence_and_takes_reasons(qtbot: QtBot) -> None:
    shown = PrerequisitesList(OVERRIDABLE)
    qtbot.addWidget(shown)
    shown.show()
    case = replace(GOOD, paper=[], account=None)
    shown.show_verdicts(judge(case, Thresholds()))
    assert list(shown.rows) == list(Prerequisite)
    assert "holds" in shown.rows[Prerequisite.BACKTEST].accessibleName()
    assert "fails" in shown.rows[Prerequisite.PAPER].accessibleName()
    qtbot.waitUntil(shown.rows[Prerequisite.PAPER].override.isVisible)
    assert not shown.rows[Prerequisite.BROKER].override.isVisible()  # no order could be sent without
    row = shown.rows[Prerequisite.PAPER]
    with qtbot.waitSignal(shown.changed):
        qtbot.mouseClick(row.override, LEFT)
        qtbot.keyClicks(row.reason, "traded by hand for years")
    assert shown.overrides() == {Prerequisite.PAPER: "traded by hand for years"}
    shown.show_verdicts(judge(case, Thresholds(), shown.overrides()))
    assert "overridden" in row.accessibleName()
    assert row.reason.text() == "traded by hand for years"
    shown.show_verdicts(judge(GOOD, Thresholds()))
    assert shown.overrides() == {}

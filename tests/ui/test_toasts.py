"""Pop-ups: they never take the focus, stack, count and fold."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDockWidget, QLineEdit, QMainWindow, QStatusBar
from pytestqt.qtbot import QtBot

from desktop.engine.views import Table
from desktop.ui import work
from desktop.ui.intents import Intents
from desktop.ui.panels.signals import Signals
from desktop.ui.signal_chip import SignalChip
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.signal_card import SignalCard
from desktop.ui.widgets.toast import Summary
from desktop.ui.widgets.toast_place import stack
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


class Window(QMainWindow):
    """A stand-in for the main window: a field that is being typed in, beside the panel's dock, which is closed."""

    def __init__(self, desk: FakeDesk, theme: ThemeStore) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.panel = Signals(desk, theme, Intents())
        self.setCentralWidget(self.field)
        self.setStatusBar(QStatusBar())
        self.dock = QDockWidget()
        self.dock.setWidget(self.panel)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()


@pytest.fixture
def window(qtbot: QtBot, theme: ThemeStore) -> Window:
    made = Window(FakeDesk(), theme)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    made.activateWindow()
    with qtbot.waitActive(made):
        pass
    made.field.setFocus()
    return made


def fake(window: Window) -> FakeDesk:
    desk = window.panel._desk
    assert isinstance(desk, FakeDesk)
    return desk


def raise_signals(window: Window, count: int) -> None:
    for number in range(count):
        made = rows.signal(f"n-{number}", rows.DEMO, "NORD", "10", created_at=rows.NOW + number)
        fake(window).put(Table.SIGNALS, rows.signal_card(made, rows.DEMO))


def test_a_pop_up_takes_no_focus(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 1)
    toast = window.panel.toasts.shown["n-0"]
    assert toast.isVisible()
    assert toast.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert toast.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert QApplication.activeWindow() is window
    assert QApplication.focusWidget() is window.field
    qtbot.keyClicks(window.field, "abc")
    assert window.field.text() == "abc"


def test_what_waited_before_the_window_stood_does_not_pop_up(window: Window) -> None:
    assert not window.panel.toasts.shown


async def test_a_pop_up_is_answered_by_mouse_and_vanishes(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 1)
    card = window.panel.toasts.shown["n-0"].content
    assert isinstance(card, SignalCard)
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    assert fake(window).names() == ["approve"]
    assert not window.panel.toasts.shown


def test_several_stack_and_the_rest_is_counted(window: Window) -> None:
    raise_signals(window, 4)
    toasts = window.panel.toasts
    assert list(toasts.shown)
    assert set(toasts.shown) == {"n-3", "n-2"}
    assert toasts.summary is not None
    content = toasts.summary.content
    assert isinstance(content, Summary)
    assert content.text.text() == "2 more"
    assert toasts.shown["n-3"].y() < toasts.shown["n-2"].y() < toasts.summary.y(), "the newest stands on top"


def test_a_flood_is_folded_into_one_summary(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 9)
    toasts = window.panel.toasts
    assert not toasts.shown
    assert toasts.summary is not None
    content = toasts.summary.content
    assert isinstance(content, Summary)
    assert content.text.text() == "9 signals wait for you"
    qtbot.mouseClick(content.show_all, LEFT)
    assert toasts.summary is None
    assert window.panel.current == "n-8"


def test_later_takes_the_pop_up_away_and_leaves_the_card(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 1)
    card = window.panel.toasts.shown["n-0"].content
    assert isinstance(card, SignalCard)
    qtbot.mouseClick(card.put_off, LEFT)
    assert not window.panel.toasts.shown
    assert "n-0" in window.panel.cards


def test_change_leads_to_the_quantity_in_the_panel(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 1)
    card = window.panel.toasts.shown["n-0"].content
    assert isinstance(card, SignalCard)
    qtbot.mouseClick(card.change, LEFT)
    assert window.panel.current == "n-0"
    assert QApplication.focusWidget() is window.panel.cards["n-0"].quantity


def test_switched_off_or_not_to_be_disturbed_nothing_pops_up(window: Window, theme: ThemeStore) -> None:
    theme.preferences.put("notices/signal", "off")
    raise_signals(window, 1)
    theme.preferences.put("notices/signal", "on")
    theme.preferences.put("notices/do-not-disturb", True)
    raise_signals(window, 2)
    assert not window.panel.toasts.shown
    assert "n-1" in window.panel.cards


def test_where_the_panel_shows_the_card_nothing_pops_up_over_it(window: Window) -> None:
    window.dock.show()
    QApplication.processEvents()
    raise_signals(window, 1)
    assert not window.panel.toasts.shown
    assert "n-0" in window.panel.cards


@pytest.mark.parametrize("case", ["panel closed", "behind a tab", "scrolled", "program behind", "dialog over it"])
def test_where_the_user_may_not_see_the_panel_a_signal_pops_up(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case != "panel closed":
        window.dock.show()
    if case == "behind a tab":
        other = QDockWidget()
        other.setWidget(QLineEdit())
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, other)
        window.tabifyDockWidget(window.dock, other)
        other.show()
        other.raise_()
        qtbot.waitUntil(lambda: window.panel.visibleRegion().isEmpty())
    elif case == "scrolled":
        window.panel.area.verticalScrollBar().setRange(0, 900)
        window.panel.area.verticalScrollBar().setValue(500)
        assert not window.panel.area.isHidden()
    elif case == "program behind":
        monkeypatch.setattr(QApplication, "activeWindow", staticmethod(lambda: None))
    elif case == "dialog over it":
        dialog = QDialog(window)
        qtbot.addWidget(dialog)
        dialog.open()
    if case != "scrolled":
        QApplication.processEvents()
    raise_signals(window, 1)
    assert window.panel.toasts.shown["n-0"].isVisible()


def test_a_pop_up_leaves_when_the_user_looks_at_the_panel(window: Window) -> None:
    raise_signals(window, 1)
    assert window.panel.toasts.shown
    window.panel.tick()
    assert window.panel.toasts.shown, "the panel is still closed"
    window.dock.show()
    QApplication.processEvents()
    window.panel.tick()
    assert not window.panel.toasts.shown


def test_a_pop_up_covers_neither_the_card_in_the_panel_nor_the_status_bar(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.dock.show()
    monkeypatch.setattr(QApplication, "activeWindow", staticmethod(lambda: None))
    QApplication.processEvents()
    raise_signals(window, 2)
    status = window.statusBar().mapToGlobal(QPoint(0, 0)).y()
    panel = window.panel.mapToGlobal(QPoint(0, 0)).x()
    for toast in window.panel.toasts.shown.values():
        assert toast.geometry().bottom() < status
        assert toast.geometry().right() < panel


def test_a_pop_up_has_no_corner_that_shows_what_is_behind_it(window: Window) -> None:
    raise_signals(window, 1)
    toast = window.panel.toasts.shown["n-0"]
    assert not toast.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    assert toast.content.geometry() == toast.rect()


def _open(qtbot: QtBot, window: Window, place: QRect) -> QDialog:
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    dialog.setGeometry(place)
    dialog.open()
    QApplication.processEvents()
    return dialog


def test_a_pop_up_keeps_clear_of_an_open_dialog(window: Window, qtbot: QtBot) -> None:
    window.resize(780, 560)
    window.move(0, 0)
    dialog = _open(qtbot, window, QRect(390, 60, 380, 470))
    raise_signals(window, 2)
    shown = list(window.panel.toasts.shown.values())
    assert len(shown) == 2
    assert any(toast.isVisible() for toast in shown)
    assert not any(toast.isVisible() and toast.geometry().intersects(dialog.frameGeometry()) for toast in shown)
    dialog.close()
    QApplication.processEvents()
    window.panel.tick()
    assert all(toast.isVisible() for toast in shown)
    assert shown[0].x() > 390, "back in its corner"


def test_where_a_dialog_needs_the_whole_screen_pop_ups_wait_for_it(window: Window, qtbot: QtBot) -> None:
    raise_signals(window, 1)
    toast = window.panel.toasts.shown["n-0"]
    assert toast.isVisible()
    dialog = _open(qtbot, window, window.screen().availableGeometry())
    assert not toast.isVisible()
    assert "n-0" in window.panel.cards, "it goes on waiting"
    dialog.close()
    QApplication.processEvents()
    window.panel.tick()
    assert toast.isVisible()


def test_a_dialog_that_is_moved_over_a_pop_up_moves_it(window: Window, qtbot: QtBot) -> None:
    window.resize(780, 560)
    window.move(0, 0)
    dialog = _open(qtbot, window, QRect(5, 60, 380, 470))
    raise_signals(window, 1)
    toast = window.panel.toasts.shown["n-0"]
    before = toast.geometry()
    assert not before.intersects(dialog.frameGeometry())
    dialog.move(395, 60)
    window.panel.tick()
    assert toast.isVisible()
    assert toast.geometry() != before
    assert not toast.geometry().intersects(dialog.frameGeometry())


AREA = QRect(0, 0, 1366, 740)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], 1366 - 1 - 348 - 10),
        ([QRect(363, 80, 640, 600)], 1366 - 1 - 348 - 10),
        ([QRect(500, 80, 640, 600)], 10),
        ([QRect(200, 80, 900, 660), QRect(0, 0, 100, 100)], None),
        ([QRect(0, 80, 300, 660), QRect(1000, 0, 366, 740)], 309),
    ],
)
def test_a_stack_stands_in_the_first_column_that_is_free(taken: list[QRect], left: int | None) -> None:
    places = stack([(348, 60), (348, 250), (348, 250)], AREA, QRect(0, 0, 1366, 768), taken)
    assert [place.left() for place in places] == ([] if left is None else [left] * 3)
    assert not any(place.intersects(other) for place in places for other in taken)
    tops = [place.top() for place in places]
    assert tops == sorted(tops, reverse=True)


def test_where_nothing_may_be_covered_signals_are_counted_and_popped_up_on_a_click(
    window: Window, qtbot: QtBot
) -> None:
    chip = SignalChip(window.statusBar())
    window.statusBar().addPermanentWidget(chip)
    chip.hide()
    chip.follow(window.panel.toasts, lambda: True)
    raise_signals(window, 1)
    assert not window.panel.toasts.shown
    assert chip.isVisible()
    assert chip.text() == "1 signal waits"
    raise_signals(window, 3)
    assert chip.text() == "3 signals wait"
    assert window.panel.toasts.summary is None
    assert QApplication.focusWidget() is window.field
    qtbot.mouseClick(chip, LEFT)
    assert set(window.panel.toasts.shown) == {"n-2", "n-1"}
    assert not chip.isVisible()
    assert QApplication.focusWidget() is window.field
    window.panel.toasts.put_all_off()
    raise_signals(window, 4)
    assert chip.text() == "1 signal waits", "what was put aside is not counted again"


def test_a_workspace_where_they_may_pop_up_again_shows_what_was_kept_back(window: Window, qtbot: QtBot) -> None:
    chip = SignalChip(window.statusBar())
    window.statusBar().addPermanentWidget(chip)
    chip.hide()
    quiet = [True]
    chip.follow(window.panel.toasts, lambda: quiet[0])
    raise_signals(window, 1)
    quiet[0] = False
    chip.refresh()
    qtbot.waitUntil(lambda: "n-0" in window.panel.toasts.shown)
    assert not chip.isVisible()


def test_a_pop_up_waits_until_an_open_list_is_closed(window: Window, qtbot: QtBot) -> None:
    box = QComboBox(window)
    box.addItems(["one", "two", "three"])
    box.move(20, 20)
    box.show()
    qtbot.mouseClick(box, LEFT)
    assert box.view().isVisible()
    raise_signals(window, 1)
    assert not window.panel.toasts.shown["n-0"].isVisible()
    window.panel.tick()
    assert box.view().isVisible(), "nothing closes it but the user"
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert box.currentText() == "two"
    window.panel.tick()
    assert window.panel.toasts.shown["n-0"].isVisible()

"""Lines under the toolbar move nothing while the mouse is at work below them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.banners import Banners
from desktop.ui.widgets.mouse_rest import MouseRest

LEFT = Qt.MouseButton.LeftButton
ABOVE, ROW = QPoint(300, 10), QPoint(20, 150)  # the toolbar; a button in a table


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Window(QWidget):
    """A toolbar, the lines and a table of buttons: paper above live."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.clicked: list[str] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        toolbar = QWidget()
        toolbar.setFixedHeight(40)
        self.banners = Banners()
        self.banners.mouse = MouseRest(self.banners._moved, clock=clock)
        layout.addWidget(toolbar)
        layout.addWidget(self.banners)
        for name in ("paper", "live"):
            button = QPushButton(name)
            # Not setFixedHeight: the application's stylesheet, where a test left it on, says how high buttons are.
            button.setStyleSheet("min-height: 100px; max-height: 100px; padding: 0; border: 0;")
            button.clicked.connect(lambda _=False, name=name: self.clicked.append(name))
            layout.addWidget(button)
        layout.addStretch(1)
        self.resize(600, 400)

    def mouse_to(self, at: QPoint) -> None:
        QTest.mouseMove(self, at)
        assert QCursor.pos() == self.mapToGlobal(at)

    def click(self, at: QPoint) -> None:
        """Click at a place of the window, whatever stands there now."""
        found = self.childAt(at)
        assert found is not None
        QTest.mouseClick(found, LEFT, pos=found.mapFrom(self, at))

    def pass_time(self, seconds: float) -> None:
        self.clock.now += seconds
        self.banners._look_again()
        QTest.qWait(1)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window(Clock())
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.banners._free.stop()


def test_a_line_that_comes_under_a_moving_mouse_waits_so_that_a_click_hits_what_was_aimed_at(window: Window) -> None:
    window.mouse_to(ROW)
    window.banners.set_live("No connection to alpaca/main.", "", grave=True)
    window.pass_time(0.3)
    window.click(ROW)
    assert window.clicked == ["live"]
    window.mouse_to(ROW + QPoint(3, 0))
    window.pass_time(0.5)
    window.pass_time(0.5)
    assert window.banners.trouble.isHidden(), "the mouse moved half a second ago"
    window.pass_time(0.3)
    assert window.banners.trouble.text.text() == "No connection to alpaca/main."
    assert window.banners.trouble.isVisible()


def test_a_line_goes_as_late_as_it_comes_and_the_last_word_counts(window: Window) -> None:
    window.mouse_to(ABOVE)
    window.banners.set_attention("The storage is full.")
    assert window.banners.attention.isVisible(), "over the toolbar nothing is hit by mistake"
    window.mouse_to(ROW)
    window.banners.set_attention("")
    window.pass_time(0.1)
    assert window.banners.attention.isVisible()
    window.banners.set_attention("The storage is slow.")
    window.pass_time(1)
    assert window.banners.attention.text.text() == "The storage is slow."


def test_a_text_that_needs_another_line_waits_and_one_that_moves_nothing_does_not(window: Window) -> None:
    window.mouse_to(ABOVE)
    window.banners.set_attention("One.")
    QTest.qWait(1)
    window.mouse_to(ROW)
    window.banners.set_attention("Two.")
    assert window.banners.attention.text.text() == "Two."
    window.banners.set_attention("Many words. " * 40)
    assert window.banners.attention.text.text() == "Two."
    window.pass_time(0.8)
    assert window.banners.attention.text.text() == "Many words. " * 40


def test_a_pressed_button_holds_the_line_back_and_its_release_counts_as_a_move(window: Window) -> None:
    window.mouse_to(ROW)
    window.banners.set_attention("The storage is full.")
    window.pass_time(0.6)
    found = window.childAt(ROW)
    assert found is not None
    QTest.mousePress(found, LEFT, pos=found.mapFrom(window, ROW))
    window.pass_time(5)
    QTest.mouseRelease(found, LEFT, pos=found.mapFrom(window, ROW))
    window.pass_time(0.6)
    assert window.clicked == ["live"]
    assert window.banners.attention.isHidden()
    window.pass_time(0.2)
    assert window.banners.attention.isVisible()

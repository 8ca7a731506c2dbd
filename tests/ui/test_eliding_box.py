"""Texts of narrow lists: shortened with an ellipsis, never cut off in the middle of a letter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.research.lab_data import describe
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.eliding_box import ElidingBox
from desktop.ui.widgets.lab_data_field import DataLine
from tests.helpers.fake_archive import SPLIT, series_info


@pytest.fixture
def line(qtbot: QtBot, theme: ThemeStore) -> DataLine:
    theme.apply()
    made = DataLine()
    qtbot.addWidget(made)
    made.resize(248, 30)  # what the form has of 1366 pixels
    made.show()
    return made


def test_adjusted_prices_can_be_told_from_those_as_traded_in_the_narrowest_form(line: DataLine) -> None:
    traded = series_info(1, "AAPL", fingerprint="a")
    adjusted = series_info(2, "AAPL", fingerprint="a", splits=(SPLIT,))
    line.offer([describe(adjusted), describe(traded)])
    assert isinstance(line.choice, ElidingBox)
    assert line.choice.shown_text().startswith("AAPL 1d adj")
    assert line.choice.shown_text().endswith("…")
    line.choice.setFocus()
    QTest.keyClick(line.choice, Qt.Key.Key_Down)
    assert line.choice.shown_text().startswith("AAPL 1d, aapl")
    assert not line.choice.grab().isNull()


def test_the_open_list_is_as_wide_as_its_entries(line: DataLine) -> None:
    line.offer([describe(series_info(1, "AAPL", source="a_very_long_name_of_a_file_of_daily_prices.csv"))])
    QTest.mouseClick(line.choice, Qt.MouseButton.LeftButton)
    view = line.choice.view()
    assert view.isVisible()
    assert view.width() >= view.sizeHintForColumn(0)
    line.choice.hidePopup()


def test_a_text_that_has_room_is_shown_whole(qtbot: QtBot, theme: ThemeStore) -> None:
    theme.apply()
    box = ElidingBox()
    qtbot.addWidget(box)
    box.addItem("RSI dip (1h)")
    box.resize(300, 28)
    box.show()
    assert box.shown_text() == "RSI dip (1h)"

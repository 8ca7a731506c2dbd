"""Coroutines and widgets in one test: asyncio tests run on the window's own loop, offscreen."""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from desktop.ui.loop import WindowLoop, make_loop
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_desk import FakeDesk


def _window_loop() -> WindowLoop:
    if QApplication.instance() is None:
        QApplication([])
    return make_loop()


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], Any]]:
    return {"qt": _window_loop}


@pytest.fixture(autouse=True)
def _american_numbers(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture(autouse=True)
def _mouse_aside(qapp: QApplication) -> None:
    """Take the mouse from where the test before left it: lines wait while it is over what they would move."""
    QCursor.setPos(QPoint(0, 0))


@pytest.fixture
def preferences() -> Preferences:
    return Preferences()


@pytest.fixture
def theme(preferences: Preferences) -> ThemeStore:
    return ThemeStore(preferences)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()

"""Who gets what when the window grows and shrinks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Preferences, Scheme
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_desk import FakeDesk, as_desk

SMALL, LARGE = (1366, 768), (1920, 1080)
ABOUT = 40  # pixels: Qt rounds at every border and honours the panels' smallest sizes


async def resized(window: MainWindow, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Give the window a size and return those of its docks once everything queued has been done."""
    window.resize(*size)
    for _ in range(20):
        QApplication.processEvents()
        await asyncio.sleep(0)
    return {name: (dock.width(), dock.height()) for name, dock in window.docks.items()}


@pytest.fixture
async def window(preferences: Preferences, theme: ThemeStore) -> AsyncIterator[MainWindow]:
    made = MainWindow(preferences, theme)
    made.show()
    await resized(made, SMALL)
    made.layouts.reset()
    await resized(made, SMALL)
    yield made
    made.end()
    made.deleteLater()


async def test_the_chart_gets_the_width_that_a_larger_window_brings(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    after = await resized(window, LARGE)
    assert abs(after["sessions"][0] - before["sessions"][0]) < ABOUT
    assert abs(after["signals"][0] - before["signals"][0]) < ABOUT
    assert after["chart"][0] - before["chart"][0] > LARGE[0] - SMALL[0] - 2 * ABOUT


async def test_a_window_that_is_enlarged_and_made_small_again_looks_as_before(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    for size in (LARGE, SMALL, LARGE, SMALL, LARGE):
        await resized(window, size)
    after = await resized(window, SMALL)
    for name in ("sessions", "chart", "equity", "signals", "portfolio", "positions"):
        assert abs(after[name][0] - before[name][0]) < ABOUT, name
        assert abs(after[name][1] - before[name][1]) < ABOUT, name


async def test_what_the_mouse_has_dragged_is_kept(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await resized(window, SMALL)
    monkeypatch.setattr(
        "desktop.ui.dock_shares.QGuiApplication.mouseButtons", staticmethod(lambda: Qt.MouseButton.LeftButton)
    )
    window.resizeDocks([window.docks["signals"]], [500], Qt.Orientation.Horizontal)
    dragged = await resized(window, SMALL)
    monkeypatch.undo()
    after = await resized(window, LARGE)
    assert dragged["signals"][0] > before["signals"][0] + ABOUT
    assert abs(after["signals"][0] - dragged["signals"][0]) < ABOUT


async def test_docks_that_stand_elsewhere_are_left_to_qt(window: MainWindow) -> None:
    window.docks["signals"].setFloating(True)
    before = await resized(window, SMALL)
    after = await resized(window, LARGE)
    assert after["signals"] == before["signals"]
    window.docks["signals"].setFloating(False)


async def test_another_theme_leaves_the_docks_where_they_are(window: MainWindow, desk: FakeDesk) -> None:
    await window.attach(as_desk(desk))
    before = await resized(window, SMALL)
    after = before
    for scheme in (Scheme.LIGHT, Scheme.DARK, Scheme.LIGHT, Scheme.DARK):
        window.theme.set_scheme(scheme)
        after = await resized(window, SMALL)
    assert abs(after["signals"][0] - before["signals"][0]) < ABOUT
    assert abs(after["sessions"][0] - before["sessions"][0]) < ABOUT

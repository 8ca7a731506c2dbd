"""Who gets what when the window grows and shrinks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.dock_shares import default_shares, read
from desktop.ui.layouts import Layouts
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Preferences, Scheme
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_desk import FakeDesk, as_desk

SMALL, LARGE = (1366, 768), (1920, 1080)
ABOUT = 40  # pixels: Qt rounds at every border and honours the panels' smallest sizes


async def resized(window: MainWindow, size: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Give the window a size and return those of its docks once everything queued has been done."""
    window.resize(*size)
    for _ in range(40):
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


@pytest.mark.parametrize(("size", "right"), [(SMALL, 330), (LARGE, 380)])
async def test_every_size_gets_the_default_shares_until_something_was_moved(
    window: MainWindow, size: tuple[int, int], right: int
) -> None:
    for between in (LARGE, SMALL, (1600, 900), size):
        await resized(window, between)
    now = await resized(window, size)
    height = now["signals"][1] + now["portfolio"][1]
    below = height - now["chart"][1] - now["equity"][1]
    assert abs(now["signals"][0] - right) <= 8
    assert now["sessions"][0] >= 336
    assert now["chart"][0] >= size[0] - now["sessions"][0] - now["signals"][0] - 30
    assert 0.26 < below / height < 0.31


async def test_a_window_that_is_enlarged_and_made_small_again_looks_as_before(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    for size in (LARGE, SMALL, LARGE, SMALL, LARGE):
        await resized(window, size)
    after = await resized(window, SMALL)
    for name in ("sessions", "chart", "equity", "signals", "portfolio", "positions"):
        assert abs(after[name][0] - before[name][0]) < ABOUT, name
        assert abs(after[name][1] - before[name][1]) < ABOUT, name


async def drag_right_border(window: MainWindow, by: int) -> dict[str, tuple[int, int]]:
    """Take the border left of the signals with the mouse and drop it elsewhere."""
    border = window.docks["signals"].geometry().topLeft() + QPoint(-2, 120)
    left = Qt.MouseButton.LeftButton
    QTest.mouseMove(window, border)
    QTest.mousePress(window, left, pos=border)
    for part in (0.3, 0.7, 1.0):
        place = border + QPoint(round(by * part), 0)
        QApplication.sendEvent(
            window,
            QMouseEvent(
                QEvent.Type.MouseMove,
                place.toPointF(),
                window.mapToGlobal(place).toPointF(),
                Qt.MouseButton.NoButton,
                left,
                Qt.KeyboardModifier.NoModifier,
            ),
        )
        await resized(window, (window.width(), window.height()))
    QTest.mouseRelease(window, left, pos=border + QPoint(by, 0))
    return await resized(window, (window.width(), window.height()))


async def test_what_the_mouse_has_dragged_is_kept_in_proportion(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    dragged = await drag_right_border(window, -150)
    assert dragged["signals"][0] > before["signals"][0] + 100
    large = await resized(window, LARGE)
    assert abs(large["signals"][0] / LARGE[0] - dragged["signals"][0] / SMALL[0]) < 0.02
    small = await resized(window, SMALL)
    assert abs(small["signals"][0] - dragged["signals"][0]) < ABOUT
    window.layouts.reset()
    assert abs((await resized(window, SMALL))["signals"][0] - before["signals"][0]) < ABOUT


async def test_a_saved_layout_fits_itself_to_a_smaller_screen(
    window: MainWindow, preferences: Preferences, theme: ThemeStore
) -> None:
    await resized(window, LARGE)
    dragged = await drag_right_border(window, -200)
    window.layouts.save()
    again = MainWindow(preferences, theme)
    again.show()
    now = await resized(again, SMALL)
    assert abs(now["signals"][0] / SMALL[0] - dragged["signals"][0] / LARGE[0]) < 0.03
    assert now["sessions"][0] >= 330
    again.end()
    again.deleteLater()


@pytest.mark.parametrize(
    "text", ["", "1,2", "nan,nan,nan,nan,nan,nan,nan", "1366,0.9,0.9,0.3,0.5,0.5,0.5", "a,b,c,d,e,f,g"]
)
def test_shares_that_make_no_sense_are_not_taken_up(text: str) -> None:
    assert read(text) is None


def test_shares_are_read_as_they_were_written() -> None:
    shares = default_shares(1366)
    again = read(shares.text())
    assert again is not None
    assert again.width == 1366
    assert (*again[1:4], *again.upper) == pytest.approx((*shares[1:4], *shares.upper), rel=1e-4)


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


async def test_a_new_layout_moves_no_border(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    for name in ("signals", "equity", "sessions"):
        window.docks[name].updateGeometry()  # what a figure that gets wider asks for
        layout = window.layout()
        assert layout is not None
        layout.activate()
    assert await resized(window, SMALL) == before


async def test_no_border_creeps_over_five_restarts(
    window: MainWindow, preferences: Preferences, theme: ThemeStore, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the screen of tests is smaller than the window: Qt would make it fit
    monkeypatch.setattr(Layouts, "_bring_on_screen", lambda _: None)
    monkeypatch.setattr(MainWindow, "restoreGeometry", lambda self, _: self.resize(*SMALL) or True)
    await window.attach(as_desk(desk))
    await drag_right_border(window, -60)
    text = window.layouts._shares.text
    first = await resized(window, SMALL)
    tops = [window.docks["positions"].y()]
    window.layouts.save()
    for _ in range(5):
        again = MainWindow(preferences, theme)
        again.show()
        await resized(again, SMALL)
        await again.attach(as_desk(desk))
        now = await resized(again, SMALL)
        tops.append(again.docks["positions"].y())
        assert again.layouts._shares.text == text
        assert abs(now["signals"][0] - first["signals"][0]) <= 2
        again.layouts.save()
        again.end()
        again.deleteLater()
    assert max(tops) - min(tops) <= 2, tops


async def test_a_banner_that_comes_and_goes_moves_no_border(window: MainWindow) -> None:
    before = await resized(window, SMALL)
    top = window.docks["positions"].y()
    for _ in range(5):
        window.say("The order was refused.", bad=True)
        await resized(window, SMALL)
        window.banners.dismiss()
        after = await resized(window, SMALL)
        assert abs(window.docks["positions"].y() - top) <= 2
        assert all(abs(after[name][1] - before[name][1]) <= 3 for name in ("chart", "equity", "signals", "portfolio"))

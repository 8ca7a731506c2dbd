"""What a newcomer sees at the first start, without any saved layout."""

import asyncio

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt, until_closed
from tests.helpers.fake_desk import FakeDesk, as_desk


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_first_start_is_composed_without_a_reset(qapp: QApplication, width: int, height: int) -> None:
    widths: dict[str, int] = {}

    async def main() -> int:
        window = open_window(WindowSettings())
        window.resize(width, height)
        await painted()
        await window.attach(as_desk(FakeDesk()))
        await asyncio.sleep(0.05)
        widths.update({name: window.docks[name].width() for name in ("sessions", "chart", "signals")})
        widths["height of signals"] = window.docks["signals"].height()
        window.end()
        await until_closed(window)
        window.deleteLater()
        return 0

    assert run_qt(main, ["assay"]) == 0
    qapp.setStyleSheet("")
    assert 0.18 * width < widths["sessions"] < 0.29 * width
    assert 0.18 * width < widths["signals"] < 0.28 * width
    assert widths["chart"] > 1.5 * widths["signals"]
    assert widths["height of signals"] > 0.5 * height

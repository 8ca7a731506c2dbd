"""Pictures of the window, to be looked at: python -m tests.screenshots OUTDIR.

Without a display it runs offscreen. First scenes with the rows of the sample desk, then the real program on its demo.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from desktop.logs import configure_logs
from desktop.ui import work
from desktop.ui.docks import BOTTOM
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Scheme
from desktop.ui.tokens import ColourSet
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import CROSS, FakeLab, as_lab
from tests.screenshots.real_scenes import real_scenes

SIZES = ((1366, 768), (1920, 1080))
SETTLE = 0.4  # seconds for charts to draw


class Album:
    """Opens windows in scenes and saves what they look like."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def window(self, desk: FakeDesk, size: tuple[int, int], scheme: Scheme) -> MainWindow:
        """Return an open window of a size, filled."""
        window = open_window(WindowSettings(data="~/.local/share/assay", log="~/.local/share/assay/logs/assay.log"))
        window.theme.set_scheme(scheme)
        window.resize(*size)
        await painted()
        await window.attach(as_desk(desk))
        window.layouts.reset()
        await asyncio.sleep(SETTLE)
        window.layouts.reset()
        await asyncio.sleep(SETTLE)
        return window

    async def take(self, widget: QWidget, name: str) -> None:
        """Save a picture."""
        await asyncio.sleep(0.15)
        widget.grab().save(str(self.folder / f"{name}.png"))
        print(self.folder / f"{name}.png")

    async def close(self, window: MainWindow) -> None:
        """Take a window down without asking."""
        for other in QApplication.topLevelWidgets():
            if other is not window:
                other.close()
        window.end()
        await window.closed.wait()
        window.deleteLater()
        await asyncio.sleep(0.05)


async def main_scenes(album: Album) -> None:
    """The whole window in both themes and sizes."""
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        for size in SIZES:
            window = await album.window(FakeDesk(), size, scheme)
            await album.take(window, f"window-{scheme.value}-{size[0]}x{size[1]}")
            await album.close(window)


async def state_scenes(album: Album) -> None:
    """Nothing there yet, the kill switch latched, Korean colours."""
    window = await album.window(FakeDesk(empty=True), SIZES[0], Scheme.DARK)
    await album.take(window, "empty-dark-1366x768")
    await album.close(window)
    desk = FakeDesk()
    window = await album.window(desk, SIZES[0], Scheme.LIGHT)
    window.theme.set_colours(ColourSet.RED_BLUE)
    desk.badge = "LIVE"
    await desk.engage_kill()
    window.say("ACME: the order needs 18,427.00 USD but only 10.00 USD is free. No order was sent.", bad=True)
    await album.take(window, "kill-live-korean-colours-light-1366x768")
    await album.close(window)


async def tab_scenes(album: Album) -> None:
    """Every tab at the bottom."""
    window = await album.window(FakeDesk(), SIZES[0], Scheme.DARK)
    for name in BOTTOM[1:]:
        window.show_panel(name)
        await asyncio.sleep(SETTLE)
        await album.take(window, f"tab-{name}-dark-1366x768")
    await album.close(window)


async def dialog_scenes(album: Album) -> None:
    """The dialogs of the window itself."""
    window = await album.window(FakeDesk(), SIZES[0], Scheme.DARK)
    openers: dict[str, Callable[[], object]] = {
        "settings": window.commands.open_settings,
        "about": window.commands.open_about,
        "help": window.commands.open_help,
        "palette": window.commands.open_palette,
        "release": window.commands.ask_release,
        "closing": window.close,
    }
    for name, opener in openers.items():
        opener()
        if window.dialog is not None:
            await album.take(window.dialog, f"dialog-{name}-dark")
            window.dialog.close()
    await album.close(window)


async def research_scenes(album: Album) -> None:
    """The backtest panel: empty, report, trade on its bars, sweep, walk-forward, stored runs; docked at last."""
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        for size in SIZES:
            window = await album.window(FakeDesk(), size, scheme)
            await window.attach_lab(as_lab(FakeLab()))
            name = f"{scheme.value}-{size[0]}x{size[1]}"
            window.show_panel("backtest")
            await album.take(window, f"backtest-docked-{name}")
            window.actions_by_name["backtest"].trigger()
            dock = window.docks["backtest"]
            panel = dock.panel
            panel.test(CROSS)
            await album.take(dock, f"backtest-empty-{name}")
            panel.run()
            await work.settle()
            for place, page in enumerate(("overview", "trades", "clauses", "evidence")):
                panel.tabs.setCurrentIndex(place)
                if page == "trades":
                    await asyncio.sleep(SETTLE)
                    panel.tabs.trades.show_trade(panel.tabs.trades.table.rows.row(0))
                await album.take(dock, f"backtest-{page}-{name}")
            panel.tabs.show_page("sweep")
            for kind, page in enumerate(("sweep", "walk-forward")):
                panel.tabs.sweep.inputs.kind.setCurrentIndex(kind)
                panel.tabs.sweep.run()
                await work.settle()
                await album.take(dock, f"backtest-{page}-{name}")
            panel.tabs.show_page("stored")
            await album.take(dock, f"backtest-stored-{name}")
            panel.test(replace(CROSS, entry="rsi(14) < 30", exit="", parameters={}))
            panel.tabs.show_page("sweep")
            await album.take(dock, f"backtest-sweep-nothing-{name}")
            await album.close(window)


async def _all(folder: Path) -> int:
    # Imported here: they use the album above.
    from tests.screenshots.editor_scenes import editor_scenes
    from tests.screenshots.history_scenes import history_scenes
    from tests.screenshots.live_scenes import live_scenes

    album = Album(folder)
    for scene in (main_scenes, state_scenes, tab_scenes, dialog_scenes, research_scenes):
        await scene(album)
    await editor_scenes(album)
    await history_scenes(album)
    await live_scenes(album)
    return 0


def main(arguments: list[str]) -> int:
    """Make every picture."""
    if len(arguments) != 1:
        print("usage: python -m tests.screenshots OUTDIR", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    configure_logs(folder / "logs")
    status = run_qt(lambda: _all(folder), ["assay"])
    real_scenes(folder)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

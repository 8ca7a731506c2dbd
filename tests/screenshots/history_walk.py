"""A walk through the history with mouse and keys: python -m tests.screenshots.history_walk OUTDIR.

The real program on a data directory of its own: a file with bad rows is imported, its splits adjusted, more of it
added, bars are downloaded, cancelled and kept, and the adjusted series is backtested. A picture after each step.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TypeVar

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from desktop.app import laboratory, program
from desktop.engine.clock import SystemClock
from desktop.logs import configure_logs
from desktop.ui.dialogs.download_history import DownloadHistory
from desktop.ui.dialogs.import_history import ImportHistory
from desktop.ui.dialogs.new_session import NewSession
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.screenshots.history_scenes import DATA
from tests.screenshots.real_scenes import SIZES, until

D = TypeVar("D", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
MOST = 2_600  # rows of the first file: up to 2016, with the splits before
BAD = {3: (2, "0"), 5: (5, "-100"), 6: (2, "n/a"), 9: (3, "999")}  # row of data -> cell and what it says instead


def parts_of(source: Path, folder: Path) -> tuple[Path, Path]:
    """Write the older bars of a file with some bad rows, and the newer ones with an overlap that differs in places."""
    head, *rows = source.read_text().splitlines()
    older = []
    for number, row in enumerate(rows[:MOST]):
        cells = row.split(",")
        if number in BAD:
            cells[BAD[number][0]] = BAD[number][1]
        older.append(",".join(cells))
    older.insert(12, older[11])
    newer = []
    for number, row in enumerate(rows[MOST - 40 :]):
        cells = row.split(",")
        if number in {4, 11}:
            cells[4] = cells[1]
        newer.append(",".join(cells))
    first, second = folder / "aapl_1d.csv", folder / "aapl_newer.csv"
    first.write_text("\n".join([head, *older]) + "\n")
    second.write_text("\n".join([head, *newer]) + "\n")
    return first, second


class Walk:
    """One walk in one size and theme."""

    def __init__(self, window: MainWindow, folder: Path, size: tuple[int, int], scheme: Scheme) -> None:
        self.window, self._folder, self._size = window, folder, size
        self._name = f"{scheme.value}-{size[0]}x{size[1]}"
        window.theme.set_scheme(scheme)
        window.setGeometry(0, 0, *size)

    async def take(self, name: str, widget: QWidget | None = None) -> None:
        """Write a picture of the screen, with what lies over the window."""
        await pause(0.4)
        screen = QGuiApplication.primaryScreen()
        path = self._folder / f"walk-{name}-{self._name}.png"
        if QGuiApplication.platformName() == "xcb" and screen is not None:
            screen.grabWindow(0, 0, 0, *self._size).save(str(path))
        else:
            (widget or self.window).grab().save(str(path))
        print(path, flush=True)

    async def opened(self, kind: type[D]) -> D:
        """Return a dialog once it is there."""
        await until(kind.__name__, lambda: bool(self._of(kind)))
        found = self._of(kind)[0]
        await pause(0.2)
        return found

    def _of(self, kind: type[D]) -> list[D]:
        return [item for item in self.window.findChildren(kind) if item.isVisible()]


async def pause(seconds: float) -> None:
    """Let the window work."""
    import asyncio

    await asyncio.sleep(seconds)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Press and release the left button on a widget."""
    if at is None:
        QTest.mouseClick(widget, LEFT)
    else:
        QTest.mouseClick(widget, LEFT, pos=at)


def named(parent: QWidget, text: str) -> QPushButton:
    """Return a visible button by its text."""
    return next(item for item in parent.findChildren(QPushButton) if item.text() == text and item.isVisible())


async def importing(walk: Walk, first: Path, second: Path) -> None:
    """A file with bad rows, its splits, and more of it."""
    click(named(walk.window, "Import a file…"))
    dialog = await walk.opened(ImportHistory)
    QTest.keyClicks(dialog.page.file, str(first))
    await until("the preview", lambda: dialog.page.preview is not None)
    await walk.take("1-preview-bad-rows", dialog)
    click(dialog.start)
    await until("the result", lambda: dialog.outcome is not None)
    await walk.take("2-splits", dialog)
    assert dialog.outcome is not None
    splits = dialog.outcome.splits
    assert splits is not None
    dialog.outcome.tabs.setCurrentIndex(1)
    await walk.take("3-left-out", dialog)
    dialog.outcome.tabs.setCurrentIndex(0)
    splits.choices[0].setFocus()
    for choice in splits.choices:
        QTest.keyClick(choice, Qt.Key.Key_Home)
        QTest.keyClick(choice, Qt.Key.Key_Down)
    click(splits.record)
    await until("the splits decided on", lambda: not splits.record.isVisible())
    await walk.take("4-splits-decided", dialog)
    click(dialog.again)
    QTest.keyClicks(dialog.page.file, str(second))
    await until("the second preview", lambda: dialog.page.preview is not None)
    dialog.page.fields.symbol.selectAll()
    QTest.keyClicks(dialog.page.fields.symbol, "AAPL")
    QTest.keyClick(dialog.page.fields.symbol, Qt.Key.Key_Return)
    await until("the question", lambda: dialog.question is not None)
    await walk.take("5-question", dialog)
    click(dialog.start)
    await until("the second result", lambda: dialog.outcome is not None)
    await walk.take("6-added", dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


async def downloading(walk: Walk) -> None:
    """Bars of the simulated market: cancelled half-way and kept, then the rest."""
    walk.window.show_panel("history")
    click(named(walk.window, "Download…"))
    dialog = await walk.opened(DownloadHistory)
    await walk.take("7-download", dialog)
    dialog.form.timeframe.setFocus()
    dialog.form.timeframe.setCurrentText("1m")
    dialog.form.bars.selectAll()
    QTest.keyClicks(dialog.form.bars, "900000")
    click(dialog.start)
    await until("half of it", lambda: dialog.bar.value() > 200 or dialog.outcome is not None)
    await walk.take("8-download-running", dialog)
    click(dialog.cancel)
    await until("what has come", lambda: dialog.keep.isVisible() or dialog.outcome is not None)
    await walk.take("9-download-cancelled", dialog)
    if dialog.keep.isVisible():
        click(dialog.keep)
    await until("the result", lambda: dialog.outcome is not None)
    await walk.take("10-download-kept", dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


async def testing(walk: Walk) -> None:
    """What is stored, and a backtest of the adjusted series over some years."""
    walk.window.show_panel("history")
    await walk.take("11-stored")
    walk.window.show_panel("backtest")
    await pause(1.0)
    form = walk.window.docks["backtest"].panel.form
    await until("the stored series", lambda: form.data.lines[0].choice.count() > 2)
    choice = form.data.lines[0].choice
    adjusted = next(place for place in range(choice.count()) if "split-adjusted" in choice.itemText(place))
    choice.setFocus()
    choice.setCurrentIndex(adjusted)
    choice.activated.emit(adjusted)
    QTest.keyClicks(form.period.begin, "2010-01-01")
    QTest.keyClicks(form.period.end, "2016-12-31")
    await until("a form that is right", lambda: form.check())  # noqa: PLW0108 - it is asked anew each time
    await walk.take("12-backtest-form")
    click(form.run)
    await until("the report", lambda: not form.busy and walk.window.docks["backtest"].panel.view is not None)
    await walk.take("13-backtest-report")


async def replaying(walk: Walk) -> None:
    """The new-session dialog on stored prices."""
    click(next(item for item in walk.window.findChildren(QToolButton) if item.text() == "New session"))
    dialog = await walk.opened(NewSession)
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    click(dialog.stored)
    await until("the offer", dialog.stored.menu_.isVisible)
    await walk.take("14-stored-offered", dialog)
    QTest.keyClick(dialog.stored.menu_, Qt.Key.Key_Down)
    QTest.keyClick(dialog.stored.menu_, Qt.Key.Key_Return)
    await walk.take("15-stored-chosen", dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


async def walked(folder: Path, data: Path, size: tuple[int, int], scheme: Scheme) -> int:
    """Walk through all of it."""
    window = open_window(WindowSettings(data / "window.ini", data=str(data)))
    walk = Walk(window, folder, size, scheme)
    first, second = parts_of(DATA / "aapl_1d.csv", data)
    await painted()
    async with program(data, clock=SystemClock()) as running:
        await running.desk.open()
        await window.attach(running.desk)
        async with laboratory(running) as lab:
            await window.attach_lab(lab)
            window.show_panel("history")
            await pause(1.0)
            await walk.take("0-empty")
            await importing(walk, first, second)
            await downloading(walk)
            await testing(walk)
            await replaying(walk)
        window.end()
    return 0


def main(arguments: list[str]) -> int:
    """Walk in both sizes and themes, each in a process of its own, as the program is one."""
    if not arguments or not DATA.is_dir():
        print(f"usage: python -m tests.screenshots.history_walk OUTDIR (recorded prices at {DATA})", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    if len(arguments) == 1:
        walks = [(scheme.value, str(place)) for place in range(len(SIZES)) for scheme in (Scheme.DARK, Scheme.LIGHT)]
        command = [sys.executable, "-m", "tests.screenshots.history_walk", str(folder)]
        return max(subprocess.run([*command, *walk], check=False).returncode for walk in walks)
    configure_logs(folder / "logs")
    scheme, size = Scheme(arguments[1]), SIZES[int(arguments[2])]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        return run_qt(partial(walked, folder, Path(name), size, scheme), ["assay"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

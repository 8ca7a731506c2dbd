"""Pictures of the real program: a signal that waits, its fills, the trade closed, after a kill and restart."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication, QPixmap

from desktop.app import program
from desktop.engine.clock import FastClock
from desktop.engine.desk import EngineDesk
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt

SIZES = ((1920, 1080), (1366, 768))
SPEED = 4.0  # the market runs so many times faster, so that a minute takes a quarter of one
PATIENCE = 60.0  # seconds a scene is waited for


class Photographer:
    """Pictures the window in one size, dark and light."""

    def __init__(self, window: MainWindow, folder: Path, size: tuple[int, int]) -> None:
        self._window, self._folder, self._size = window, folder, size
        window.setGeometry(0, 0, *size)

    async def take(self, name: str) -> None:
        """Write two pictures of this moment; what pops up over the window is in them."""
        width, height = self._size
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            self._window.theme.set_scheme(scheme)
            await asyncio.sleep(0.3)
            path = self._folder / f"{name}-{scheme.value}-{width}x{height}.png"
            self._picture(width, height).save(str(path))
            print(path, flush=True)

    def _picture(self, width: int, height: int) -> QPixmap:
        screen = QGuiApplication.primaryScreen()
        if QGuiApplication.platformName() == "xcb" and screen is not None:
            return screen.grabWindow(0, 0, 0, width, height)
        return self._window.grab()


async def until(what: str, reached: Callable[[], bool]) -> None:
    """Wait for a scene."""
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError(f"the scene never came: {what}")
        await asyncio.sleep(0.05)


async def first_minute(folder: Path, data: Path, size: tuple[int, int]) -> int:
    """Live through the first minute as a newcomer would, with a camera."""
    window = open_window(WindowSettings(data / "window.ini", data=str(data)))
    camera = Photographer(window, folder, size)
    await painted()
    async with program(data, clock=FastClock(SPEED)) as running:
        desk = running.desk
        await desk.open()
        await window.attach(desk)
        await until("a signal", lambda: bool(desk.signals()))
        await asyncio.sleep(0.5)
        await camera.take("1-signal-waits")
        await until("a position", lambda: _answer(desk) or bool(desk.positions()))
        await asyncio.sleep(1.0)
        await camera.take("2-after-approval")
        await until("a closed trade", lambda: _answer(desk) or bool(desk.trades()))
        await asyncio.sleep(1.0)
        await camera.take("3-trade-closed")
    window.end()
    return 0


_answers: set[asyncio.Task[None]] = set()


def _answer(desk: EngineDesk) -> bool:
    """Answer what waits without holding the scene up."""
    if desk.signals() and not _answers:
        task = asyncio.get_running_loop().create_task(_approve_everything(desk))
        _answers.add(task)
        task.add_done_callback(_answers.discard)
    return False


async def _approve_everything(desk: EngineDesk) -> None:
    for card in desk.signals():
        if not card.cannot_approve:
            await desk.approve(card.signal.signal_id)


async def after_restart(folder: Path, data: Path, size: tuple[int, int]) -> int:
    """Open the data that a killed program left behind."""
    window = open_window(WindowSettings(data / "window.ini", data=str(data)))
    camera = Photographer(window, folder, size)
    await painted()
    async with program(data, clock=FastClock(1.0)) as running:
        await running.desk.open()
        await window.attach(running.desk)
        await until("a price", lambda: bool(running.desk.watch()) and running.desk.watch()[0].at > 0)
        await asyncio.sleep(2.0)
        await camera.take("4-after-kill-and-restart")
    window.end()
    return 0


def kill_a_run(data: Path) -> None:
    """Let the program trade in a process of its own and kill it in the middle."""
    command = [
        sys.executable, "-m", "desktop", "--data-dir", str(data),
        "demo", "--headless", "--minutes", "5", "--speed", "1x",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "fill" in line:
            break
    time.sleep(1.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def real_scenes(folder: Path) -> None:
    """Make every picture of the real program."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        data = Path(name)
        kill_a_run(data / "killed")
        for size in SIZES:
            run_qt(partial(first_minute, folder, data / f"first-{size[0]}", size), ["assay"])
            run_qt(partial(after_restart, folder, data / "killed", size), ["assay"])


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    real_scenes(target)

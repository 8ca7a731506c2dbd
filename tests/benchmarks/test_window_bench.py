"""Figures of the window, printed with their ratio to a plain reference in the same run; none can fail."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop.engine.views import Changes, Table, WatchRow
from desktop.ui.intents import Intents
from desktop.ui.loop import make_loop
from desktop.ui.panels.watchlist import Watchlist
from desktop.ui.theme import ThemeStore
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt, until_closed
from tests.helpers.fake_desk import FakeDesk, as_desk

ROOT = Path(__file__).resolve().parents[2]
SYMBOLS = 1000
FRAMES = 60


def _application() -> QApplication:
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def test_frames_of_a_thousand_symbols_at_20_hz() -> None:
    application = _application()
    theme, desk = ThemeStore(), FakeDesk()
    theme.apply()
    base = desk.watch()[0]
    rows: list[WatchRow] = [
        dataclasses.replace(base, instrument=dataclasses.replace(base.instrument, symbol=f"S{number}"))
        for number in range(SYMBOLS)
    ]
    desk.tables[Table.WATCH] = {row.key: row for row in rows}
    panel = Watchlist(as_desk(desk), theme, Intents())
    panel.resize(350, 700)
    panel.show()
    application.processEvents()
    gc.freeze()  # as the program does once its window is filled
    frames = []
    for number in range(FRAMES):
        rows = [dataclasses.replace(row, last=Decimal(number), at=row.at + 1) for row in rows]
        desk.tables[Table.WATCH] = {row.key: row for row in rows}
        changes = Changes(changed={Table.WATCH: frozenset(desk.tables[Table.WATCH])})
        begin = time.perf_counter()
        desk.emit(changes)
        application.processEvents()
        frames.append((time.perf_counter() - begin) * 1000)
    gc.unfreeze()
    application.setStyleSheet("")
    print(
        f"\nwatchlist, {SYMBOLS} symbols all changed: median {statistics.median(frames):.1f} ms a frame, "
        f"p99 {_percentile(frames, 0.99):.1f} ms (ours: 16 ms)"
    )


def test_change_of_the_theme() -> None:
    stalls: list[float] = []

    async def main() -> int:
        window = open_window(WindowSettings())
        await painted()
        await window.attach(as_desk(FakeDesk()))
        await asyncio.sleep(0.1)
        for _ in range(7):
            begin = time.perf_counter()
            window.theme.toggle()
            stalls.append((time.perf_counter() - begin) * 1000)
            await asyncio.sleep(0.1)
        window.end()
        await until_closed(window)
        return 0

    run_qt(main, ["assay"])
    count = len(_application().allWidgets())
    _application().setStyleSheet("")
    print(f"\nchange of the theme, {count} widgets: {statistics.median(stalls):.0f} ms without the loop (ours: 100 ms)")


def _calls_per_second(run: Callable[[asyncio.AbstractEventLoop], None], loop: asyncio.AbstractEventLoop) -> float:
    begin = time.perf_counter()
    run(loop)
    return 100_000 / (time.perf_counter() - begin)


def _hundred_thousand(loop: asyncio.AbstractEventLoop) -> None:
    async def main() -> None:
        done = loop.create_future()
        left = 100_000

        def call() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                done.set_result(None)

        for _ in range(1000):
            for _ in range(100):
                loop.call_soon(call)
            await asyncio.sleep(0)
        await done

    loop.run_until_complete(main())


def test_calls_of_the_loop() -> None:
    _application()
    ours = make_loop()
    plain = asyncio.SelectorEventLoop()
    figures = [_calls_per_second(_hundred_thousand, loop) for loop in (ours, plain)]
    ours.close()
    plain.close()
    print(
        f"\ncall_soon: {figures[0]:,.0f}/s; asyncio's own loop {figures[1]:,.0f}/s, ratio {figures[0] / figures[1]:.2f}"
    )


_START = """
import sys, time
begin = time.perf_counter()
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt, until_closed
from tests.helpers.fake_desk import FakeDesk
async def main():
    window = open_window(WindowSettings())
    await painted()
    first = time.perf_counter() - begin
    desk = FakeDesk()
    await window.attach(desk)
    await painted()
    print(f"{first:.3f} {time.perf_counter() - begin:.3f}")
    window.end()
    await until_closed(window)
    return 0
sys.exit(run_qt(main, ["assay"]))
"""


def test_cold_start_of_the_window() -> None:
    firsts, usable = [], []
    for _ in range(3):
        run = [sys.executable, "-c", _START]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        first, whole = map(float, done.stdout.splitlines()[-1].split())
        firsts.append(first)
        usable.append(whole)
    print(
        f"\ncold start without the engine: window stands after {statistics.median(firsts):.2f} s, "
        f"panels filled after {statistics.median(usable):.2f} s (ours: 1.5 s)"
    )


def test_cold_start_of_the_program_with_engine_and_demo(tmp_path: Path) -> None:
    lines: dict[str, list[float]] = {"window open": [], "window usable": [], "": []}
    for number in range(3):
        begin = time.perf_counter()
        run = [sys.executable, "-m", "desktop", "--data-dir", str(tmp_path / str(number)), "--smoke"]
        with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
            assert started.stdout is not None
            for line in started.stdout:
                lines[line.strip()].append(time.perf_counter() - begin)
        lines[""].append(time.perf_counter() - begin)
    stands, usable, ended = (statistics.median(times) for times in lines.values())
    print(
        f"\ncold start with engine and demo session: window stands after {stands:.2f} s, usable after {usable:.2f} s "
        f"(ours: 1.5 s), whole and ended again after {ended:.2f} s"
    )

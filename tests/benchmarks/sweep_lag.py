"""How late the window's loop is while a sweep keeps every processor busy, and how long a cancel takes.

Run `python -m tests.benchmarks.sweep_lag [--times 3]`. It opens the real program with its demo session, fills in the
backtest panel and presses Run sweep, as a user does: some 2,600 variants of 100,000 bars, on a worker for each
processor, with progress, heat map and table. Then it does so again and presses Cancel. Printed are the loop's delays
before, while it runs, and while the result is shown, with how busy the machine was; nothing fails on the clock.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop import app
from desktop.engine.clock import SystemClock
from desktop.logs import configure_logs
from desktop.research.api import FILE, BacktestDraft, DataRef
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.benchmarks.load import Others, centile, load_words
from tests.helpers.replay_files import BEGIN, stamp
from tests.research.sweep_kit import random_bars, rsi_strategy

BARS = 100_000
RANGES = {"period": "10:34:1", "oversold": "16:30:1", "overbought": "66:78:2"}
BEAT = 0.005  # seconds between two looks at the loop
CALM, AFTER = 6.0, 1.5  # seconds before a sweep and after it
RUNS_FOR = 3.0  # seconds until it is cancelled
PATIENCE = 300.0


def write_file(folder: Path) -> Path:
    """Write bars of an hour as one exports them."""
    bars = random_bars(BARS)
    begin, path = BEGIN.timestamp(), folder / "bars.csv"
    rows = zip(*(part.tolist() for part in (bars.open, bars.high, bars.low, bars.close, bars.volume)), strict=True)
    stamps = (stamp(BEGIN.fromtimestamp(begin + number * 3600, BEGIN.tzinfo)) for number in range(BARS))
    lines = [f"{at},{','.join(f'{value:.2f}' for value in row)}" for at, row in zip(stamps, rows, strict=True)]
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(lines) + "\n")
    return path


class Watch:
    """Looks all the time how late the loop is."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._task = asyncio.get_running_loop().create_task(self._look(), name="lag")

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT
            await asyncio.sleep(BEAT)
            self._late.append(max(0.0, loop.time() - due) * 1e3)

    def begin(self) -> None:
        """Forget what was."""
        self._late.clear()

    def words(self) -> str:
        """Return the delays since the beginning."""
        p50, p99, most = (centile(self._late, share) for share in (0.5, 0.99, 1.0))
        return f"p50 {p50:.1f}, p99 {p99:.1f}, most {most:.1f} ms ({len(self._late):,} looks)"

    def end(self) -> None:
        """Look no longer."""
        self._task.cancel()


async def until(what: str, reached: Callable[[], bool], look: float = 0.02) -> float:
    """Wait for something; returns the seconds it took."""
    begin = time.monotonic()
    while not reached():
        if time.monotonic() - begin > PATIENCE:
            raise TimeoutError(f"this never came: {what}")
        await asyncio.sleep(look)
    return time.monotonic() - begin


def crew(lab: Any) -> list[int]:
    """Return the processes there are besides the one that is kept for the next job."""
    kept = lab._jobs.processes
    return [item.pid for item in multiprocessing.active_children() if item.pid is not None and item.pid not in kept]


async def one_sweep(page: Any, watch: Watch) -> None:
    """Run a sweep to its end."""
    watch.begin()
    others, begin = Others(), time.monotonic()
    page.run()
    await until("the result", lambda: page._run is None)
    took = time.monotonic() - begin
    print(f"while a sweep of {took:.1f} s ran: {watch.words()}; {others.words()}; {load_words()}", flush=True)
    watch.begin()
    await asyncio.sleep(AFTER)
    print(f"  after it, with its map and table: {watch.words()}", flush=True)


async def one_cancel(page: Any, lab: Any) -> None:
    """Run a sweep and cancel it in the middle."""
    page.run()
    await until("the first variants", lambda: page.progress.value() > 0)
    await asyncio.sleep(RUNS_FOR)
    working = len(crew(lab))
    page.cancel()
    told = await until("the end", lambda: page._run is None, 0.002)
    gone = told + await until("the end of the processes", lambda: not crew(lab), 0.002)
    print(
        f"cancelled with {working} workers: told after {told:.2f} s, the last process gone after {gone:.2f} s (aim 0.5)"
    )


async def measure(folder: Path, times: int) -> int:
    """Open the program, sweep and cancel."""
    path = write_file(folder)
    window = open_window(WindowSettings(folder / "window.ini", data=str(folder)))
    window.resize(1920, 1080)
    await painted()
    try:
        async with app.program(folder / "data", clock=SystemClock()) as running:
            await running.desk.open()
            await window.attach(running.desk)
            async with app.laboratory(running) as lab:
                await window.attach_lab(lab)
                window.actions_by_name["backtest"].trigger()
                await until("the panel", lambda: window.docks["backtest"].panel is not None)
                panel = window.docks["backtest"].panel
                panel.form.show_draft(BacktestDraft(rsi_strategy(), (DataRef("AAA", f"{FILE}{path}"),)))
                panel.tabs.show_page("sweep")
                page = panel.tabs.sweep
                page.inputs.ranges.ranges = lambda: RANGES
                await asyncio.sleep(3.0)
                await sweep(page, lab, times)
    finally:
        window.end()
    return 0


async def sweep(page: Any, lab: Any, times: int) -> None:
    """Measure the calm, then sweeps, then cancels."""
    watch = Watch()
    try:
        others = Others()
        await asyncio.sleep(CALM)
        print(f"before: {watch.words()}; {others.words()}", flush=True)
        for _ in range(times):
            await one_sweep(page, watch)
        for _ in range(times):
            await one_cancel(page, lab)
    finally:
        watch.end()


def main() -> int:
    """Measure in a directory of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    print(load_words(), flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        configure_logs(Path(name) / "logs")
        return run_qt(lambda: measure(Path(name), options.times), ["assay"])


if __name__ == "__main__":
    sys.exit(main())

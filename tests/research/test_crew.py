"""Sweeps over processes: the same figures, and none of the processes left, whatever ends them."""

from __future__ import annotations

import errno
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.research.bench import SweepContext
from desktop.research.crew import MAX_WORKERS, LocalCrew, executor_crew, local_crew, usual_workers
from desktop.research.dispatch import SweepCancelled
from desktop.research.sweep import SweepProgress, run_sweep
from desktop.research.variant import Task
from desktop.research.worker import ContextFile
from tests.research.crew_kit import process_ids, wait_for, workers_of
from tests.research.sweep_kit import AtOnce, D, market_of, random_bars, rsi_grid, settings_of

ROOT = Path(__file__).resolve().parents[2]
BARS = random_bars(600)
LONG = random_bars(6000)


def left_behind() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("assay-sweep-*"))


_before: set[int] = set()  # what other tests keep running


def workers() -> set[int]:
    """Return the processes that this test has running."""
    return workers_of(os.getpid()) - _before


@pytest.fixture(autouse=True)
def nothing_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _before.clear()
    _before.update(workers_of(os.getpid()))


def test_one_process_and_two_give_what_no_process_gives() -> None:
    settings, market, grid = settings_of(), market_of(BARS), rsi_grid()
    plain = run_sweep(settings, market, grid, crew=executor_crew(AtOnce()))
    one = run_sweep(settings, market, grid, crew=local_crew(1), chunk=5)
    two = run_sweep(settings, market, grid, crew=local_crew(2))
    assert one.variants == two.variants == plain.variants
    assert one.deflated == two.deflated == plain.deflated
    assert workers() == set()
    assert left_behind() == []


def test_a_context_comes_back_from_its_files_as_it_was(tmp_path: Path) -> None:
    market = market_of(BARS, LONG, symbols=("AAA", "BBB"), hours="09:00-15:30@Asia/Seoul")
    context = SweepContext(settings_of(symbols=("AAA", "BBB")), ("period",), market.columns, market.hours, "key")
    found = ContextFile.write(context, tmp_path).read()
    assert found.settings == context.settings
    assert list(found.columns) == ["AAA", "BBB"]
    assert found.hours["AAA"].name == "09:00-15:30@Asia/Seoul"
    at = int(BARS.start[0])
    assert found.hours["AAA"].trading_day(at) == market.hours["AAA"].trading_day(at)
    for symbol, bars in context.columns.items():
        for name in ("start", "open", "high", "low", "close", "volume"):
            np.testing.assert_array_equal(getattr(found.columns[symbol], name), getattr(bars, name))
    assert not found.columns["AAA"].close.flags.writeable


def test_a_cancelled_sweep_leaves_no_process() -> None:
    asked: list[float] = []
    stop = threading.Event()

    def progress(_: SweepProgress) -> None:
        asked.append(time.monotonic())
        assert len(workers()) == 2
        stop.set()

    with pytest.raises(SweepCancelled):
        run_sweep(
            settings_of(), market_of(LONG), rsi_grid("period=2:40", "oversold=30:45"),
            crew=local_crew(2), progress=progress, cancelled=stop.is_set, chunk=1,
        )  # fmt: skip
    print(f"\nstopped {time.monotonic() - asked[0]:.3f} s after it was asked")
    assert workers() == set()
    assert left_behind() == []


def test_workers_give_way_to_the_window() -> None:
    if not hasattr(os, "getpriority"):
        pytest.skip("this system has no niceness")
    market = market_of(BARS)
    with LocalCrew(SweepContext(settings_of(), ("period",), market.columns, market.hours, "key"), 1) as crew:
        crew._pool.submit(int).result()
        (worker,) = crew.processes
        assert os.getpriority(os.PRIO_PROCESS, worker) == 19, "the last of all"


def test_a_chunk_that_would_never_end_does_not_hold_a_cancel_up() -> None:
    """Stopping kills: it does not wait for the chunk that is running."""
    market = market_of(LONG)
    context = SweepContext(settings_of(), ("period",), market.columns, market.hours, "key")
    with LocalCrew(context, 1) as crew:
        future = crew._pool.submit(time.sleep, 3600)
        wait_for(future.running)
        assert len(crew.processes) == 1
    assert crew.processes == []
    assert workers() == set()
    assert future.done()


def test_the_chunks_of_a_killed_worker_are_run_again() -> None:
    settings, market, grid = settings_of(), market_of(BARS), rsi_grid()
    killed: list[int] = []

    def kill_one(_: SweepProgress) -> None:
        if not killed:
            killed.append(min(workers()))
            os.kill(killed[0], signal.SIGKILL)

    found = run_sweep(settings, market, grid, crew=local_crew(2), progress=kill_one, chunk=1)
    assert killed
    assert found.variants == run_sweep(settings, market, grid, crew=executor_crew(AtOnce())).variants
    assert workers() == set()


def test_workers_killed_again_and_again_end_the_sweep_with_a_clear_error() -> None:
    def kill_all(_: SweepProgress) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)

    with pytest.raises(EnvironmentFault, match=r"ended from outside twice.*runs are missing"):
        run_sweep(settings_of(), market_of(LONG), rsi_grid(), crew=local_crew(2), progress=kill_all, chunk=1)
    assert workers() == set()
    assert left_behind() == []


_SWEEP = """
import sys
from desktop.research.crew import local_crew
from desktop.research.sweep import run_sweep
from tests.research.sweep_kit import market_of, random_bars, rsi_grid, settings_of

if __name__ == "__main__":
    run_sweep(
        settings_of(), market_of(random_bars(6000)), rsi_grid("period=2:60", "oversold=20:45"), crew=local_crew(2),
        progress=lambda item: print(item.done, flush=True), chunk=2,
    )
"""


def _running_sweep(tmp_path: Path) -> subprocess.Popen[str]:
    script = tmp_path / "long_sweep.py"
    script.write_text(_SWEEP, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    running = subprocess.Popen(
        [sys.executable, str(script)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert int(running.stdout.readline()) >= 2
    return running


def test_workers_end_with_a_parent_that_was_killed_and_remove_its_files(tmp_path: Path) -> None:
    running = _running_sweep(tmp_path)
    started = workers_of(running.pid)
    assert len(started) == 2
    running.kill()
    running.communicate()
    wait_for(lambda: not started & process_ids().keys())
    wait_for(lambda: left_behind() == [])


def test_ctrl_c_ends_all_processes_with_one_traceback_at_most(tmp_path: Path) -> None:
    running = _running_sweep(tmp_path)
    started = workers_of(running.pid)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal sends it: to the workers too
    _, said = running.communicate(timeout=30)
    assert running.returncode != 0
    assert said.count("Traceback") == 1
    assert not started & process_ids().keys()
    assert left_behind() == []


@pytest.mark.parametrize("count", [0, -1, MAX_WORKERS + 1])
def test_a_number_of_workers_that_cannot_be_is_refused(count: int) -> None:
    with pytest.raises(FieldError, match="--workers"):
        local_crew(count)


def test_usually_there_is_a_worker_for_each_processor() -> None:
    assert 1 <= usual_workers() <= MAX_WORKERS


def test_the_bars_do_not_travel_with_the_chunks(tmp_path: Path) -> None:
    market = market_of(LONG)
    context = SweepContext(settings_of(), ("period",), market.columns, market.hours, "key")
    chunk = [Task(number, (D(number),)) for number in range(64)]
    assert len(pickle.dumps((ContextFile.write(context, tmp_path), chunk))) < 10_000 < LONG.close.nbytes


def test_a_system_that_starts_no_process_is_said_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: SpawnProcess) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(SpawnProcess, "start", refuse)
    with pytest.raises(EnvironmentFault, match=r"starts no worker process \(Resource temporarily unavailable\)"):
        run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=local_crew(2))
    assert workers() == set()
    assert left_behind() == []

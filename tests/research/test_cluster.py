"""Sweeps on a real Dask cluster: a scheduler and two workers, each a process of its own on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.research import cluster, worker
from desktop.research.cluster import cluster_crew
from desktop.research.crew import executor_crew
from desktop.research.dispatch import SweepCancelled
from desktop.research.sweep import SweepProgress, run_sweep
from desktop.research.walk_forward import run_walk_forward
from desktop.research.windows import WindowPlan
from tests.helpers.replay_files import write_bars, write_strategy
from tests.research.crew_kit import wait_for
from tests.research.sweep_kit import AtOnce, market_of, random_bars, rsi_grid, settings_of

ROOT = Path(__file__).resolve().parents[2]
BARS = random_bars(600)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:(distributed|dask|tornado).*")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Cluster:
    """A scheduler with its workers."""

    home: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, module: str, *arguments: str, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", module, *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        with (self.home / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.home,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def said(self, name: str, words: str) -> bool:
        return words in (self.home / f"{name}.log").read_text(errors="replace")

    def start_scheduler(self) -> None:
        self.start("distributed.cli.dask_scheduler", "--port", str(self.port), name="scheduler")
        wait_for(lambda: self.said("scheduler", "Scheduler at:"))

    def start_worker(self, name: str) -> subprocess.Popen[bytes]:
        place = str(self.home / name)
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", place, "--death-timeout", "30")
        process = self.start("distributed.cli.dask_worker", self.address, *options, name=name)
        wait_for(lambda: self.said(name, "Registered to:"))
        return process

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="the part [dask] is not installed here")
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        found.start_scheduler()
        found.start_worker("first")
        found.start_worker("second")
        yield found
    finally:
        found.end()


def test_a_cluster_gives_what_no_process_gives(two_workers: Cluster) -> None:
    from distributed import Client

    settings, market, grid = settings_of(), market_of(BARS), rsi_grid()
    plain = run_sweep(settings, market, grid, crew=executor_crew(AtOnce()))
    seen: list[SweepProgress] = []
    for chunk in (3, None):
        crew = cluster_crew(two_workers.address)
        found = run_sweep(settings, market, grid, crew=crew, chunk=chunk, progress=seen.append)
        assert found.variants == plain.variants
        assert found.deflated == plain.deflated
    assert seen[-1].done == 16
    connect: Callable[..., Any] = Client
    with connect(two_workers.address, set_as_default=False) as client:
        assert set(client.run(kept_sweeps).values()) == {0}


def kept_sweeps() -> int:
    return len(worker._benches)


def test_the_command_line_runs_on_a_cluster(two_workers: Cluster, tmp_path: Path) -> None:
    strategy = write_strategy(tmp_path, entry="rsi(period) < 30", more="[parameters]\nperiod = 14\n")
    line = [strategy, "--symbol", "ABC", "--bars", write_bars(tmp_path), "--set", "period=3:9:2", "--json"]

    def variants(*where: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "sweep", *map(str, line), *where],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)["variants"]

    found = variants("--dask", two_workers.address)
    assert found == variants("--workers", "1")
    assert len(found) == 4


def test_a_walk_forward_on_a_cluster_gives_the_same(two_workers: Cluster) -> None:
    settings, market, grid = settings_of(), market_of(BARS), rsi_grid("period=3:9:3")
    plan = WindowPlan(200, 100)
    plain = run_walk_forward(settings, market, grid, plan, crew=executor_crew(AtOnce()))
    found = run_walk_forward(settings, market, grid, plan, crew=cluster_crew(two_workers.address))
    assert found.windows == plain.windows
    assert (found.equity == plain.equity).all()


def test_a_cancelled_sweep_leaves_a_cluster_that_takes_the_next_one(two_workers: Cluster) -> None:
    done: list[int] = []
    grid = rsi_grid("period=2:20", "oversold=25:40")
    with pytest.raises(SweepCancelled):
        run_sweep(
            settings_of(), market_of(BARS), grid, crew=cluster_crew(two_workers.address), chunk=1,
            progress=lambda item: done.append(item.done), cancelled=lambda: bool(done),
        )  # fmt: skip
    assert len(done) < len(grid)
    again = run_sweep(settings_of(), market_of(BARS), rsi_grid("period=5"), crew=cluster_crew(two_workers.address))
    assert again.tried == 1
    assert all(process.poll() is None for process in two_workers.processes)


def test_a_worker_that_dies_loses_no_variant(two_workers: Cluster) -> None:
    mortal = two_workers.start_worker("mortal")
    killed: list[int] = []

    def kill_it(_: SweepProgress) -> None:
        if not killed:
            killed.append(mortal.pid)
            os.kill(mortal.pid, signal.SIGKILL)
            mortal.wait()

    settings, market, grid = settings_of(), market_of(BARS), rsi_grid()
    found = run_sweep(
        settings, market, grid, crew=cluster_crew(two_workers.address), chunk=1, progress=kill_it
    )  # fmt: skip
    assert killed
    assert found.variants == run_sweep(settings, market, grid, crew=executor_crew(AtOnce())).variants


def test_a_cluster_without_workers_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the part [dask] is not installed here")
    empty = Cluster(tmp_path)
    try:
        empty.start_scheduler()
        with pytest.raises(EnvironmentFault, match="has no workers"):
            run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=cluster_crew(empty.address))
    finally:
        empty.end()


def test_workers_of_another_version_are_refused(two_workers: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "99.0")
    with pytest.raises(EnvironmentFault, match=r"this is 99\.0: results could differ"):
        run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=cluster_crew(two_workers.address))


def test_an_address_where_nobody_answers_is_told() -> None:
    pytest.importorskip("distributed", reason="the part [dask] is not installed here")
    crew = cluster_crew(f"tcp://127.0.0.1:{free_port()}", connect_seconds=0.5)
    with pytest.raises(EnvironmentFault, match=r"does not answer.*Without --dask the sweep runs here"):
        run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=crew)


def test_an_address_that_is_none_is_told() -> None:
    pytest.importorskip("distributed", reason="the part [dask] is not installed here")
    with pytest.raises(EnvironmentFault, match="does not answer"):
        run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=cluster_crew("nonsense://x", connect_seconds=0.5))
    with pytest.raises(FieldError, match="needs the address of a scheduler"):
        cluster_crew("  ")


def test_without_the_library_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    modules: dict[str, Any] = {"distributed": None}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    with pytest.raises(EnvironmentFault, match=r"install Assay with its part \[dask\]"):
        run_sweep(settings_of(), market_of(BARS), rsi_grid(), crew=cluster_crew("tcp://127.0.0.1:1"))

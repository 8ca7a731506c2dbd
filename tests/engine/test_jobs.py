"""Work in a process of its own: its result, its errors and its end come back, and nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import FieldError, ProgramBug
from desktop.domain.market import FeedOrigin
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Sizing, SizingKind, Strategy
from desktop.engine.jobs import JobCancelled, JobDied, Jobs
from desktop.engine.parcels import read_parcel, write_parcel
from desktop.feeds.recording import Recording
from desktop.market.history import read_history
from desktop.research.recorded import report_recording, run_recording
from tests.helpers import job_work
from tests.helpers.processes import left_in, wait_until_gone, written_id
from tests.helpers.replay_files import write_bars, write_quotes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def jobs() -> AsyncIterator[Jobs]:
    found = Jobs()
    yield found
    await found.close()
    assert found.processes == []


async def appears(path: Path) -> int:
    return await asyncio.to_thread(written_id, path)


async def gone(process_id: int) -> None:
    await asyncio.to_thread(wait_until_gone, process_id)


async def test_result_and_progress_come_back_to_the_loop(jobs: Jobs) -> None:
    told: list[float] = []
    array = np.arange(200_000, dtype=np.float64)
    result = await jobs.start(job_work.add, array, 0.5, on_progress=told.append)
    assert np.array_equal(result, array + 0.5)
    result[0] = 7.0  # it is the caller's own
    assert told[0] == 0.25
    assert told == sorted(told)


async def test_the_next_job_finds_the_process_ready(jobs: Jobs) -> None:
    first = await jobs.start(job_work.process_id)
    assert first != os.getpid()
    assert await jobs.start(job_work.process_id) == first
    assert jobs.processes == [first]


async def test_jobs_at_one_time_have_processes_of_their_own(jobs: Jobs) -> None:
    found = await asyncio.gather(*(jobs.start(job_work.process_id) for _ in range(2)))
    assert len({*found, os.getpid()}) == 3
    assert len(jobs.processes) <= 1  # one is kept


async def test_a_process_without_work_ends_after_a_while() -> None:
    jobs = Jobs(idle_seconds=0.01)
    process_id = await jobs.start(job_work.process_id)
    await gone(process_id)
    assert await jobs.start(job_work.process_id) != process_id
    await jobs.close()


async def test_neither_window_nor_storage_is_loaded_in_the_process(jobs: Jobs) -> None:
    assert await jobs.start(job_work.loaded) == []


async def test_an_error_comes_back_as_it_was_raised(jobs: Jobs) -> None:
    with pytest.raises(FieldError) as caught:
        await jobs.start(job_work.refuse)
    assert str(caught.value) == "period: must be at least 2."
    assert caught.value.field == "period"
    assert await jobs.start(job_work.process_id)  # the process is still good


async def test_a_mistake_of_the_program_is_told_as_one(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ProgramBug, match=r"The sum failed by a mistake of Assay's own .*one by none"):
        await jobs.start(job_work.fail, what="The sum")
    assert "job_work.py" in caplog.text


async def test_what_cannot_travel_is_told_and_not_lost(jobs: Jobs) -> None:
    with pytest.raises(Exception, match=r"lambda|local object"):
        await jobs.start(lambda progress: None)


async def test_a_cancelled_job_ends_by_itself_and_its_process_is_kept(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.start(job_work.wait, tmp_path / "started")
    process_id = await appears(tmp_path / "started")
    assert not job.done
    job.cancel()
    job.cancel()
    with pytest.raises(JobCancelled, match="Cancelled"):
        await job
    assert (tmp_path / "started.ended").exists()
    assert jobs.processes == [process_id]


async def test_a_job_that_does_not_listen_is_killed_within_the_grace(tmp_path: Path) -> None:
    jobs = Jobs(grace_seconds=0.05)
    job = jobs.start(job_work.hang, tmp_path / "started")
    process_id = await appears(tmp_path / "started")
    job.cancel()
    with pytest.raises(JobCancelled):
        await job
    await gone(process_id)
    assert jobs.processes == []
    assert await jobs.start(job_work.process_id) != process_id
    await jobs.close()


async def test_a_job_cancelled_before_it_began_never_runs(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.start(job_work.wait, tmp_path / "started")
    job.cancel()
    with pytest.raises(JobCancelled):
        await job
    assert job.done
    assert job.cancelled


async def test_a_process_that_is_killed_is_told_with_what_to_do(jobs: Jobs) -> None:
    with pytest.raises(JobDied, match=r"The backtest was ended from outside .*Nothing of it was kept\. Start it again"):
        await jobs.start(job_work.die, what="The backtest")
    assert jobs.processes == []
    assert await jobs.start(job_work.process_id)


async def test_closing_ends_what_runs_and_refuses_what_comes(tmp_path: Path) -> None:
    jobs = Jobs(grace_seconds=0.05)
    job = jobs.start(job_work.hang, tmp_path / "started", what="The sweep")
    process_id = await appears(tmp_path / "started")
    await jobs.close()
    with pytest.raises(JobCancelled):
        await job
    await gone(process_id)
    with pytest.raises(ProgramBug, match="The sweep cannot be started any more"):
        await jobs.start(job_work.hang, tmp_path / "started", what="The sweep")


async def test_fault_28_the_process_ends_when_its_parent_dies_without_a_word(tmp_path: Path) -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.helpers.job_parent", str(tmp_path / "started")],
        cwd=ROOT, check=False, timeout=60, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 9
    await gone(await appears(tmp_path / "started"))
    assert left_in(tmp_path, "assay-job-") == []


# backtests -------------------------------------------------------------------------------------------------------
def session(path: Path, timeframe: str) -> tuple[SessionSettings, Recording]:
    history = read_history(path, symbol="ABC")
    strategy = Strategy(
        "Swing", timeframe, "rsi(14) < 30", "rsi(14) > 70", sizing=Sizing(SizingKind.FIXED_QUANTITY, Decimal(10))
    )
    settings = SessionSettings(
        "b", "Swing", strategy, "1", (history.instrument,), Decimal(100_000), mode=ExecutionMode.AUTO, feed="replay",
        origin=FeedOrigin.REPLAY, fills=FillSettings.of(FillModelKind.REALISTIC),
    )  # fmt: skip
    return settings, Recording((history,), (history.instrument,), timeframe, {"ABC": "UTC"})


@pytest.mark.parametrize(("write", "timeframe"), [(write_bars, "1h"), (write_quotes, "1m")])
async def test_a_backtest_in_a_process_equals_one_in_this(
    jobs: Jobs, tmp_path: Path, write: Callable[[Path], Path], timeframe: str
) -> None:
    settings, recording = session(write(tmp_path), timeframe)
    report, dropped = await jobs.start(report_recording, settings, recording, what="The backtest")
    here, _ = run_recording(settings, recording)
    assert here.trades
    assert report.result.trades == here.trades
    assert report.result.fills == here.fills
    assert np.array_equal(report.result.equity, here.equity)
    assert report.result.settings == settings
    assert dropped == dict(recording.dropped())


def test_a_parcel_brings_arrays_and_values_back_unchanged(tmp_path: Path) -> None:
    settings, recording = session(write_bars(tmp_path), "1h")
    value = (settings, recording.columns["ABC"].close, [Decimal("1234567890.123456789")], np.zeros(0), "text")
    write_parcel(value, tmp_path / "parcel")
    found = read_parcel(tmp_path / "parcel")
    assert found[0] == settings
    assert np.array_equal(found[1], value[1])
    assert found[2:] == (value[2], found[3], "text")
    assert found[3].shape == (0,)

"""Imports: what is told of a file, in this process, in one of its own, cancelled and killed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.domain.errors import DataFileError, FieldError
from desktop.domain.market import DAY
from desktop.market.history import FileLayout
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.market.spikes import Spikes
from desktop.store import history_job as module
from desktop.store.history_file import FILE
from desktop.store.history_import import import_file
from desktop.store.history_job import ImportCancelled, ImportFailed, ImportJob, ImportRefused
from desktop.store.history_store import HistoryStore

ROOT = Path(__file__).parents[2]
HEADER = "time,open,high,low,close,volume\n"


FIRST = 12_000  # days since 1970


def bars(path: Path, count: int = 20, price: Callable[[int], float] = lambda _: 10.0, step: int = 86_400) -> Path:
    begin = FIRST * 86_400
    rows = (f"{begin + step * bar},{price(bar)},{price(bar)},{price(bar)},{price(bar)},9\n" for bar in range(count))
    path.write_text(HEADER + "".join(rows))
    return path


def halved(day: int) -> float:
    return 50.0 if day >= 30 else 100.0


def test_a_report_says_what_was_kept_left_out_repeated_and_missing(tmp_path: Path) -> None:
    path = bars(tmp_path / "spy.csv", 10)
    with path.open("a") as stream:
        stream.write(f"{(FIRST + 9) * 86_400},10,10,10,10,1\nsoon,1,1,1,1,1\n{(FIRST + 12) * 86_400},10,10,10,10,1\n")
    told: list[float] = []
    report = import_file(ImportRequest(tmp_path / "data", path, "SPY"), told.append)
    assert (report.rows, report.kept, report.error_count, report.duplicates) == (13, 11, 2, 1)
    assert [error.row for error in report.errors] == [12, 13]
    assert [error.row for error in report.repeats] == [12]
    assert report.gaps is not None
    assert [(gap.begin // DAY, gap.missing) for gap in report.gaps.first] == [(FIRST + 10, 2)]
    assert HistoryStore(tmp_path / "data").series() == (report.series,)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_bar_on_another_scale_is_told_and_kept(tmp_path: Path) -> None:
    path = bars(tmp_path / "spy.csv", 10, lambda day: 100.0 if day == 4 else 10.0)
    report = import_file(ImportRequest(tmp_path / "data", path, "SPY"))
    assert report.spikes == Spikes(1, (FIRST + 4) * DAY)
    assert (report.kept, report.error_count) == (10, 0)
    assert import_file(ImportRequest(tmp_path / "data", bars(path), "SPY", only_check=True)).spikes is None


def test_a_check_stores_nothing(tmp_path: Path) -> None:
    report = import_file(ImportRequest(tmp_path / "data", bars(tmp_path / "a.csv"), "SPY", only_check=True))
    assert (report.series, report.kept) == (None, 20)
    assert not (tmp_path / "data").exists()


def test_gaps_are_judged_by_trading_hours_where_they_are_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(f"2024-03-{day:02},1,1,1,1,1\n" for day in (1, 4, 5, 7)))
    request = ImportRequest(tmp_path, path, "X", hours="09:30-16:00@America/New_York", only_check=True)
    gaps = import_file(request).gaps
    assert gaps is not None
    assert (gaps.missing, gaps.count) == (1, 1)


def test_splits_are_offered_and_adjusted_when_asked(tmp_path: Path) -> None:
    path = bars(tmp_path / "x.csv", 60, halved)
    offered = import_file(ImportRequest(tmp_path, path, "X"))
    assert [split.ratio for split in offered.undecided] == [2]
    adjusted = import_file(ImportRequest(tmp_path, path, "X", adjust_splits=True))
    assert adjusted.undecided == ()
    assert adjusted.series is not None
    assert adjusted.series.splits == offered.splits
    stored = HistoryStore(tmp_path).bars(adjusted.series.series_id).columns
    assert set(stored.close.tolist()) == {50.0}
    assert len(HistoryStore(tmp_path).series()) == 2


@pytest.mark.parametrize("symbol", ["", "  ", "x" * 41, "A\nB"])
def test_a_symbol_that_is_none_is_refused(tmp_path: Path, symbol: str) -> None:
    with pytest.raises(FieldError, match="symbol"):
        import_file(ImportRequest(tmp_path, bars(tmp_path / "a.csv"), symbol))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="not a file"):
        import_file(ImportRequest(tmp_path, tmp_path / "absent.csv", "X"))


# in a process of its own ---------------------------------------------------------------------------------------------
async def test_a_job_imports_beside_the_loop_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[float] = []
    path = bars(tmp_path / "spy.csv", 3_000, step=60)
    layout = FileLayout(columns={"volume": "volume"}, zone="Asia/Seoul")
    report = await ImportJob(ImportRequest(tmp_path, path, "SPY", layout=layout), told.append).run()
    await asyncio.sleep(0)
    assert report.kept == 3_000
    assert HistoryStore(tmp_path).series() == (report.series,)
    assert told[-1] == 1.0


async def test_a_job_that_is_refused_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("hello,world\n1,2\n")
    with pytest.raises(ImportRefused, match="neither bars"):
        await ImportJob(ImportRequest(tmp_path, tmp_path / "a.csv", "X")).run()
    assert not (tmp_path / FILE).exists()


async def test_a_job_whose_disk_fails_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE).mkdir()
    with pytest.raises(ImportFailed, match="cannot be used"):
        await ImportJob(ImportRequest(tmp_path / "data", bars(tmp_path / "a.csv"), "X")).run()


async def test_a_job_whose_process_dies_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_CRASH_AT", "inside-import")
    with pytest.raises(ImportFailed, match="ended by itself"):
        await ImportJob(ImportRequest(tmp_path, bars(tmp_path / "a.csv"), "X")).run()
    assert HistoryStore(tmp_path).series() == ()


async def test_a_job_cancelled_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    rows = "".join(f"{minute},1.5,2,1,1.5,9\n" for minute in range(0, 60 * 400_000, 60))
    path.write_text(HEADER + rows)
    job = ImportJob(ImportRequest(tmp_path / "data", path, "X"), lambda _: job.cancel())
    with pytest.raises(ImportCancelled, match="Nothing of it was stored"):
        await job.run()
    assert HistoryStore(tmp_path / "data").series() == ()
    assert not list((tmp_path / "data").glob("*-wal")) if (tmp_path / "data").exists() else True


async def test_a_task_that_is_cancelled_ends_its_import(tmp_path: Path) -> None:
    started = asyncio.Event()
    path = tmp_path / "data.csv"
    path.write_text(HEADER + "".join(f"{minute},1.5,2,1,1.5,9\n" for minute in range(0, 60 * 400_000, 60)))
    job = ImportJob(ImportRequest(tmp_path / "data", path, "X"), lambda _: started.set())
    task = asyncio.create_task(job.run())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert job._cancelled.is_set()


def test_a_job_cancelled_before_it_began_starts_no_process(tmp_path: Path) -> None:
    job = ImportJob(ImportRequest(tmp_path, tmp_path / "a.csv", "X"))
    job.cancel()
    with pytest.raises(ImportCancelled):
        job.wait()


def just_done(job: ImportJob, monkeypatch: pytest.MonkeyPatch) -> ImportCancelled:
    """Cancel a job in the moment in which it has stored everything."""

    def heard(ours: object, told: object) -> ImportReport:
        import_file(job.request)
        raise ImportCancelled(job.request.path)

    monkeypatch.setattr(job, "_heard", heard)
    monkeypatch.setattr(module, "_work", print)
    with pytest.raises(ImportCancelled) as caught:
        job.wait()
    return caught.value


def test_a_job_cancelled_when_it_was_just_done_leaves_nothing_and_touches_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = import_file(ImportRequest(tmp_path, bars(tmp_path / "b.csv"), "Y")).series
    said = just_done(ImportJob(ImportRequest(tmp_path, bars(tmp_path / "a.csv"), "X")), monkeypatch)
    assert (said.stored, "Nothing of it was stored" in str(said)) == (0, True)
    assert HistoryStore(tmp_path).series() == (other,)


def test_a_job_cancelled_when_it_had_just_replaced_another_series_says_that_it_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(ImportRequest(tmp_path, bars(tmp_path / "b.csv"), "X"))
    said = just_done(
        ImportJob(ImportRequest(tmp_path, bars(tmp_path / "a.csv"), "X", existing=Existing.REPLACE)), monkeypatch
    )
    (left,) = HistoryStore(tmp_path).series()
    assert (said.stored, left.source) == (left.series_id, "a.csv")
    assert f"stored as series {left.series_id}" in str(said)


def test_a_job_cancelled_when_it_had_just_added_to_a_series_says_that_it_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_file(ImportRequest(tmp_path, bars(tmp_path / "b.csv"), "X"))
    request = ImportRequest(tmp_path, bars(tmp_path / "a.csv", 30), "X", existing=Existing.ADD)
    said = just_done(ImportJob(request), monkeypatch)
    (left,) = HistoryStore(tmp_path).series()
    assert (said.stored, left.source, left.rows) == (left.series_id, "b.csv + a.csv", 30)


# killed --------------------------------------------------------------------------------------------------------------
def killed_import(directory: Path, path: Path, point: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.import_child", str(directory), str(path)],
        cwd=ROOT,
        env={**os.environ, "ASSAY_CRASH_AT": point},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode


def test_fault_5_killed_inside_an_import_the_old_series_is_there_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = HistoryStore(tmp_path)
    old = import_file(ImportRequest(tmp_path, bars(tmp_path / "old.csv", 50, step=60), "SPY")).series
    assert old is not None
    path = bars(tmp_path / "new.csv", 40_000, step=60)  # three blocks
    for point in ("inside-import:1", "inside-import:3"):
        assert killed_import(tmp_path, path, point) in {-9, 137}
        assert store.series() == (old,)
        assert len(store.bars(old.series_id).columns) == 50
    assert killed_import(tmp_path, path, "after-import") in {-9, 137}
    (new,) = store.series()
    assert (new.source, new.rows, len(store.bars(new.series_id).columns)) == ("new.csv", 40_000, 40_000)

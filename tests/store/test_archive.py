"""The history store as the window uses it: listed with what is to be decided, exported, decided on, off the loop."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, NotFound, UserMistake
from desktop.domain.market import DAY, HOUR
from desktop.engine.archive import Archive
from desktop.market.history import FileLayout, read_history
from desktop.market.history_download import DownloadRequest
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportReport, ImportRequest, real_holes
from desktop.ports import HistorySource
from desktop.store.archive import FileArchive
from tests.helpers.fake_source import FakeSource, flat_bars

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
HEADER = "time,open,high,low,close,volume\n"
FIRST = 12_000  # days since 1970, a Thursday


def daily(path: Path, days: range, price: float = 100.0, *, halved_from: int = 1 << 30) -> Path:
    lines = []
    for day in days:
        cell = price / 2 if day >= halved_from else price
        lines.append(f"{(FIRST + day) * 86_400},{cell},{cell},{cell},{cell},9\n")
    path.write_text(HEADER + "".join(lines))
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return FileArchive(tmp_path / "data")


async def imported(archive: Archive, path: Path, **settings: object) -> ImportReport:
    request = ImportRequest(archive.directory, path, "SPY", **settings)  # type: ignore[arg-type]  # by name
    return await archive.start_import(request).run()


async def test_what_is_stored_is_listed_with_its_pending_splits_and_holes(archive: Archive, tmp_path: Path) -> None:
    assert list(await archive.series()) == []
    told: list[int] = []
    end = archive.follow(lambda: told.append(1))
    await imported(archive, daily(tmp_path / "a.csv", range(60), halved_from=30))
    assert told == [1]
    end()
    end()
    (row,) = await archive.series()
    assert [split.ratio for split in row.pending] == [2]
    assert (row.info.symbol, row.info.rows, row.adjusted_as, row.holes) == ("SPY", 60, 0, ())


async def test_adjusting_makes_a_second_series_and_leaves_nothing_to_decide(archive: Archive, tmp_path: Path) -> None:
    await imported(archive, daily(tmp_path / "a.csv", range(60), halved_from=30))
    (row,) = await archive.series()
    used = await archive.decide_splits(row.info.series_id, row.pending, ())
    assert used.adjusted
    traded, adjusted = sorted(await archive.series(), key=lambda one: one.info.series_id)
    assert (traded.adjusted_as, traded.pending) == (used.series_id, ())
    assert (adjusted.adjusted_as, adjusted.pending) == (0, ())
    _, columns = await archive.bars(used.series_id)
    assert set(columns.close.tolist()) == {50.0}


async def test_a_newer_import_is_adjusted_in_the_place_of_the_older_adjusted_one(
    archive: Archive, tmp_path: Path
) -> None:
    await imported(archive, daily(tmp_path / "a.csv", range(60), halved_from=30))
    (row,) = await archive.series()
    await archive.decide_splits(row.info.series_id, row.pending, ())
    await imported(archive, daily(tmp_path / "b.csv", range(70), halved_from=30), existing=Existing.REPLACE)
    traded = next(row for row in await archive.series() if not row.info.adjusted)
    assert [split.ratio for split in traded.pending] == [2]
    await archive.decide_splits(traded.info.series_id, traded.pending, ())
    rows = await archive.series()
    assert sorted((row.info.adjusted, row.info.rows, len(row.pending)) for row in rows) == [
        (False, 70, 0),
        (True, 70, 0),
    ]


@pytest.mark.parametrize(("file", "ratios"), [("aapl_1d", [2, 2, 7, 4]), ("aapl_1m_split", [7])])
async def test_the_splits_of_apple_wait_for_a_decision(archive: Archive, file: str, ratios: list[int]) -> None:
    path = DATA / f"{file}.csv"
    if not path.is_file():
        pytest.skip(f"recorded prices are not at {path}; set ASSAY_DATA to their folder")
    await imported(archive, path)
    (row,) = await archive.series()
    assert [split.ratio for split in row.pending] == ratios
    await archive.decide_splits(row.info.series_id, row.pending, ())
    assert [len(row.pending) for row in await archive.series()] == [0, 0]


async def test_leaving_splits_as_they_are_is_recorded(archive: Archive, tmp_path: Path) -> None:
    await imported(archive, daily(tmp_path / "a.csv", range(60), halved_from=30))
    (row,) = await archive.series()
    used = await archive.decide_splits(row.info.series_id, (), row.pending)
    assert used.accepted == (row.pending[0].at,)
    (row,) = await archive.series()
    assert row.pending == ()
    with pytest.raises(FieldError, match="none was decided"):
        await archive.decide_splits(row.info.series_id, (), ())


async def test_an_export_can_be_imported_again_and_is_the_same(archive: Archive, tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(HEADER + "2024-03-01T10:00:00Z,1.25,1.5,1.2,1.3,0.056556\n2024-03-01T11:00:00Z,1,2,1,2,1e15\n")
    report = await imported(archive, source, tick=Decimal("0.001"), lot=Decimal("0.01"))
    assert report.series is not None
    assert report.series.instrument.lot == Decimal("0.01")
    target = tmp_path / "out.csv"
    assert await archive.export(report.series.series_id, str(target)) == 2
    assert target.read_text().splitlines()[1] == "2024-03-01T10:00:00Z,1.250,1.500,1.200,1.300,0.056556"
    before, after = (read_history(path, symbol="SPY", timeframe="1h").columns for path in (source, target))
    assert before.close.tolist() == after.close.tolist()
    assert before.volume.tolist() == after.volume.tolist()
    with pytest.raises(EnvironmentFault, match="nothing was exported"):
        await archive.export(report.series.series_id, str(tmp_path / "no" / "such" / "x.csv"))


@pytest.mark.parametrize("kind", ["quotes", "trades"])
async def test_ticks_are_listed_and_exported_too(archive: Archive, tmp_path: Path, kind: str) -> None:
    source = tmp_path / "a.csv"
    head = "time,bid,ask" if kind == "quotes" else "time,price,size"
    source.write_text(f"{head}\n2024-03-01T10:00:00.5Z,1.1,1.2\n2024-03-08T10:00:00Z,1.2,1.3\n")
    await imported(archive, source)
    (row,) = await archive.series()
    assert row.info.kind == kind
    assert len(row.holes) == 1
    target = tmp_path / "out.csv"
    await archive.export(row.info.series_id, str(target))
    assert read_history(target, symbol="SPY").first.tolist() == [1.1, 1.2]
    with pytest.raises(NotFound):
        await archive.gaps(row.info.series_id)


async def test_gaps_are_judged_by_the_hours_that_are_asked_for(archive: Archive, tmp_path: Path) -> None:
    report = await imported(archive, daily(tmp_path / "a.csv", range(0, 60, 30)), timeframe="1d")
    assert report.series is not None
    number = report.series.series_id
    assert (await archive.gaps(number)).missing == 29  # nights and weekends count
    judged = await archive.gaps(number, "09:00-15:30@Asia/Seoul")
    assert judged.hours
    assert 0 < judged.missing < 29
    with pytest.raises(FieldError):
        await archive.gaps(number, "whenever")


async def test_the_import_the_list_and_the_gaps_count_by_the_hours_said_at_the_import(
    archive: Archive, tmp_path: Path
) -> None:
    hours = "09:00-15:30@Asia/Seoul"
    report = await imported(archive, daily(tmp_path / "a.csv", range(0, 60, 30)), timeframe="1d", hours=hours)
    (row,) = await archive.series()
    assert report.gaps is not None
    found = await archive.gaps(row.info.series_id)
    assert found == report.gaps
    assert (row.info.gap_count, row.info.gaps, row.info.judged) == (found.count, found.missing, hours)
    assert 0 < found.missing < (await archive.gaps(row.info.series_id, "always")).missing == 29


async def test_a_setting_that_cannot_be_is_refused_by_its_name(archive: Archive, tmp_path: Path) -> None:
    path = daily(tmp_path / "a.csv", range(5), 10.25)
    for name, value, words in (
        ("tick", Decimal("0.1"), "between steps of 0.1"),
        ("tick", Decimal(0), "above zero"),
        ("lot", Decimal(-1), "above zero"),
    ):
        with pytest.raises(FieldError, match=words) as caught:
            await imported(archive, path, timeframe="1d", **{name: value})
        assert caught.value.field == name
    assert list(await archive.series()) == []


async def test_an_import_cancelled_before_it_began_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    run = archive.start_import(ImportRequest(archive.directory, daily(tmp_path / "a.csv", range(5)), "SPY"))
    run.cancel()
    with pytest.raises(UserMistake, match="cancelled"):
        await run.run()
    assert list(await archive.series()) == []
    assert not archive.directory.exists()


async def test_an_import_under_way_when_the_program_ends_leaves_no_row_and_no_process(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    rows = (f"{1_600_000_000 + 60 * row},10,11,9,10,5" for row in range(400_000))
    path.write_text("time,open,high,low,close,volume\n" + "\n".join(rows) + "\n")
    begun = asyncio.Event()
    run = archive.start_import(ImportRequest(archive.directory, path, "SPY", "1m"), lambda _: begun.set())
    going = asyncio.ensure_future(run.run())
    await begun.wait()
    archive.stop()
    with pytest.raises(UserMistake, match=r"cancelled\. Nothing of it was stored"):
        await going
    assert multiprocessing.active_children() == []
    assert list(await archive.series()) == []


async def test_a_download_under_way_when_the_program_ends_stores_nothing(tmp_path: Path) -> None:
    source = FakeSource([flat_bars("BTC/USD", "1h", [0])], hangs_after=1)

    class Sources:
        def feeds(self) -> tuple[()]:
            return ()

        async def open(self, key: str) -> HistorySource:
            assert key == "fake"
            return source

        def now(self) -> int:
            return 1_000 * HOUR

    archive = FileArchive(tmp_path / "data", Sources())
    run = archive.start_download(DownloadRequest("fake", "BTC/USD", "1h", begin=0))
    going = asyncio.ensure_future(run.run())
    await source.hanging.wait()
    archive.stop()
    with pytest.raises(UserMistake, match="ended with the program"):
        await going
    assert source.closed == 1
    assert list(await archive.series()) == []


async def test_a_deleted_series_is_gone_and_followers_are_told(archive: Archive, tmp_path: Path) -> None:
    report = await imported(archive, daily(tmp_path / "a.csv", range(5)))
    assert report.series is not None
    told: list[int] = []
    archive.follow(lambda: told.append(1))
    assert (await archive.delete(report.series.series_id)).symbol == "SPY"
    assert told == [1]
    with pytest.raises(NotFound):
        await archive.delete(report.series.series_id)


def test_holes_are_what_no_weekend_explains(tmp_path: Path) -> None:
    weekdays = [day for day in range(400) if (FIRST + day + 3) % 7 < 5 and not 100 <= day < 130]
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "".join(f"{(FIRST + day) * 86_400},1,1,1,1,1\n" for day in weekdays))
    (hole,) = real_holes(read_history(path, symbol="X").columns.start, "1d")
    assert 90 < hole.begin // DAY - FIRST < 101
    assert 129 < hole.end // DAY - FIRST < 135
    always = daily(tmp_path / "b.csv", range(200))
    assert real_holes(read_history(always, symbol="X").columns.start, "1d") == ()


def test_a_column_can_be_left_unread_and_a_separator_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time;note,open;open;high;low;close;volume\n" + "2024-03-01;x,y,z,a,b,c,d;1;2;1;2;bad\n" * 1)
    layout = FileLayout(ignored=("volume",), separator=";")
    found = read_history(path, symbol="X", timeframe="1d", layout=layout)
    assert found.columns.close.tolist() == [2.0]
    assert found.columns.volume.tolist() == [0.0]
    with pytest.raises(FieldError, match="tab"):
        FileLayout(separator="|")

"""Downloads: page by page, only bars that are over, cancelled and broken off at any moment, stored as a whole."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, NotFound, ProgramBug
from desktop.domain.market import DAY, HOUR, Bar
from desktop.market.history_download import DownloadProgress, DownloadRequest
from desktop.market.history_merge import Existing
from desktop.ports import HistorySource
from desktop.store.history_download import DownloadCancelled, FeedFailed, HistoryDownload, NothingThere
from desktop.store.history_store import HistoryStore
from tests.helpers.fake_source import FakeSource, flat_bars

NOW = 1_000 * HOUR + HOUR // 2


def hours(*at: int) -> list[int]:
    return [hour * HOUR for hour in at]


def page(*at: int, price: float = 10.0) -> list[Bar]:
    return flat_bars("BTC/USD", "1h", hours(*at), price)


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path, now=lambda: 77)


class Run:
    """A download from a source that a test has made."""

    def __init__(self, store: HistoryStore, source: FakeSource, **changes: object) -> None:
        wanted: dict[str, object] = {"begin": 990 * HOUR, **changes}
        request = DownloadRequest("fake", str(wanted.pop("symbol", "BTC/USD")), "1h", **wanted)  # type: ignore[arg-type]  # by name
        self.source, self.told = source, list[DownloadProgress]()
        self.work = HistoryDownload(store, request, self._open, lambda: NOW, self.told.append)

    async def _open(self, key: str) -> HistorySource:
        assert key == "fake"
        return self.source


def starts(store: HistoryStore) -> list[int]:
    (info,) = store.series()
    return [at // HOUR for at in store.bars(info.series_id).columns.start.tolist()]


async def test_pages_become_one_series_and_the_running_bar_is_left_out(store: HistoryStore) -> None:
    run = Run(store, FakeSource([page(990, 991, 992), [], page(992, 993), page(999, 1000)]))
    done = await run.work.run()
    assert run.source.asked == [("BTC/USD", "1h", 990 * HOUR, 1_000 * HOUR)]
    assert starts(store) == [990, 991, 992, 993, 999]
    series = done.report.series
    assert done.complete
    assert series is not None
    assert (series.feed, series.source, series.gaps, series.imported_at) == ("fake", "fake", 5, 77)
    assert done.report.gaps is not None
    assert done.report.gaps.missing == 5
    assert run.source.closed == 1
    assert [step.bars for step in run.told] == [3, 3, 5, 6]
    assert [step.share for step in run.told] == sorted(step.share for step in run.told)
    assert run.told[-1].until == 999 * HOUR


async def test_of_a_bar_that_comes_twice_the_later_one_counts(store: HistoryStore) -> None:
    await Run(store, FakeSource([page(990, 991), page(991, 992, price=11)])).work.run()
    assert starts(store) == [990, 991, 992]
    assert store.bars(1).columns.close.tolist() == [10, 11, 11]


async def test_bars_that_cannot_be_are_left_out_and_told(store: HistoryStore) -> None:
    wrong = Bar("BTC/USD", "1h", 991 * HOUR, 10, 9, 8, 10, 1)
    done = await Run(store, FakeSource([[*page(990), wrong, *page(992)]])).work.run()
    assert starts(store) == [990, 992]
    assert (done.report.rows, done.report.kept, done.report.error_count) == (3, 2, 1)
    (error,) = done.report.errors
    assert (error.column, error.sentence) == ("high", "the high 9 is below the open 10; the row was left out.")


async def test_a_price_between_steps_makes_the_step_finer(store: HistoryStore) -> None:
    done = await Run(store, FakeSource([page(990, price=0.0125)])).work.run()
    assert done.report.series is not None
    assert done.report.series.instrument.tick == Decimal("0.0001")


async def test_the_last_bars_before_an_end_can_be_asked_for(store: HistoryStore) -> None:
    run = Run(store, FakeSource([page(*range(980, 1_000))]), begin=None, bars=4)
    await run.work.run()
    assert run.source.asked[0][2:] == (996 * HOUR, 1_000 * HOUR)
    assert starts(store) == [996, 997, 998, 999]


async def test_where_a_market_closes_more_time_is_asked_for_and_the_last_bars_are_kept(store: HistoryStore) -> None:
    run = Run(store, FakeSource([page(*range(900, 1_000, 5))], calendar="XNYS"), begin=None, bars=4)
    await run.work.run()
    assert run.source.asked[0][2] == 1_000 * HOUR - 24 * HOUR - 5 * DAY
    assert starts(store) == [980, 985, 990, 995]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begin": None, "bars": 30}, "fake has 2 of the 30 bars that were asked for: nothing before 1970-02-11 12:00"),
        ({"begin": 700 * HOUR}, "fake has nothing before 1970-02-11 12:00 (UTC)."),
        ({"begin": 990 * HOUR}, ""),
    ],
)
async def test_a_feed_that_has_less_than_was_asked_for_says_from_when_on(
    store: HistoryStore, changes: dict[str, object], said: str
) -> None:
    done = await Run(store, FakeSource([page(996, 997)]), **changes).work.run()
    assert done.complete
    assert done.sentence.startswith(said)
    assert bool(done.sentence) == bool(said)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"begin": None}, "from"),
        ({"begin": 1_000 * HOUR}, "from"),
        ({"begin": 990 * HOUR, "end": 990 * HOUR}, "from"),
        ({"begin": -100_000_000 * HOUR}, "from"),
        ({"begin": None, "bars": 0}, "bars"),
    ],
)
async def test_what_cannot_be_asked_for_is_said_at_its_field(
    store: HistoryStore, changes: dict[str, object], field: str
) -> None:
    run = Run(store, FakeSource(), **changes)
    with pytest.raises(FieldError) as caught:
        await run.work.run()
    assert caught.value.field == field
    assert run.source.closed == 1
    assert store.series() == ()


async def test_an_unknown_symbol_and_an_empty_past_are_said(store: HistoryStore) -> None:
    with pytest.raises(NotFound, match="NOPE"):
        await Run(store, FakeSource(), symbol="NOPE").work.run()
    with pytest.raises(NothingThere, match=r"fake has no 1h bars of BTC/USD from 1970-02-11 06:00"):
        await Run(store, FakeSource([[]])).work.run()


# cancelled and broken off --------------------------------------------------------------------------------------------
async def test_a_cancelled_download_says_what_has_come_and_stores_it_only_when_asked(store: HistoryStore) -> None:
    await Run(store, FakeSource([page(980, 981)]), begin=980 * HOUR).work.run()
    before = store.series()
    run = Run(store, FakeSource([page(990, 991)], hangs_after=1))
    going = asyncio.ensure_future(run.work.run())
    await run.source.hanging.wait()
    run.work.cancel()
    run.work.cancel()
    done = await going
    assert not done.complete
    assert (
        "was cancelled. 2 bars had come, 1970-02-11 06:00 to 1970-02-11 07:00 (UTC), about 10% of it" in done.sentence
    )
    assert run.source.page_closed
    assert run.source.closed == 1
    assert store.series() == before
    kept = await run.work.keep(Existing.ADD)
    assert kept.report.series is not None
    assert starts(store) == [980, 981, 990, 991]


async def test_a_download_cancelled_before_a_bar_came_changes_nothing(store: HistoryStore) -> None:
    run = Run(store, FakeSource([], hangs_after=0))
    going = asyncio.ensure_future(run.work.run())
    await run.source.hanging.wait()
    run.work.cancel()
    with pytest.raises(DownloadCancelled, match="before a bar had come"):
        await going
    early = Run(store, FakeSource([page(990)]))
    early.work.cancel()
    with pytest.raises(DownloadCancelled):
        await early.work.run()
    assert store.series() == ()


async def test_a_download_that_the_program_abandons_stores_nothing_of_what_has_come(store: HistoryStore) -> None:
    run = Run(store, FakeSource([page(990, 991)], hangs_after=1))
    going = asyncio.ensure_future(run.work.run())
    await run.source.hanging.wait()
    run.work.abandon()
    with pytest.raises(DownloadCancelled, match=r"was ended with the program\. Nothing was changed"):
        await going
    assert run.source.closed == 1
    assert store.series() == ()


async def test_a_feed_that_does_not_let_go_is_not_waited_for_when_the_program_ends(store: HistoryStore) -> None:
    class Clinging(FakeSource):
        letting_go = asyncio.Event()

        async def close(self) -> None:
            self.letting_go.set()
            await asyncio.Event().wait()

    source = Clinging([page(990, 991)], hangs_after=1)
    run = Run(store, source)
    going = asyncio.ensure_future(run.work.run())
    await source.hanging.wait()
    run.work.abandon()
    await source.letting_go.wait()
    assert not going.done()
    run.work.abandon()
    with pytest.raises(DownloadCancelled):
        await going
    assert store.series() == ()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (EnvironmentFault("The exchange asks to wait."), "broke off: The exchange asks to wait. 2 bars"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (TimeoutError(), "fake cannot be reached"),
    ],
)
async def test_a_download_that_breaks_off_says_what_has_come(
    store: HistoryStore, fault: BaseException, said: str
) -> None:
    done = await Run(store, FakeSource([page(990, 991), fault])).work.run()
    assert not done.complete
    assert said in done.sentence
    assert done.report.kept == 2
    assert store.series() == ()


async def test_a_feed_that_cannot_be_reached_at_all_is_an_error(store: HistoryStore) -> None:
    with pytest.raises(FeedFailed, match="cannot be reached"):
        await Run(store, FakeSource([OSError(101, "Network is unreachable")])).work.run()


async def test_our_own_faults_are_not_hidden_as_the_networks(store: HistoryStore) -> None:
    with pytest.raises(ZeroDivisionError):
        await Run(store, FakeSource([page(990), ZeroDivisionError()])).work.run()
    with pytest.raises(ProgramBug):
        await Run(store, FakeSource()).work.keep(Existing.ADD)


async def test_a_download_whose_caller_is_ended_lets_go_of_the_feed(store: HistoryStore) -> None:
    run = Run(store, FakeSource([page(990)], hangs_after=1))
    going = asyncio.ensure_future(run.work.run())
    await run.source.hanging.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert run.source.closed == 1
    assert store.series() == ()


# trading hours -------------------------------------------------------------------------------------------------------
SESSIONS = {"regular": "10:00-14:00@UTC", "extended": "06:00-20:00@UTC"}
MONDAY = 17_000 * 24  # hours since 1970: 2016-07-18


def a_day() -> FakeSource:
    return FakeSource([page(*range(MONDAY, MONDAY + 24))], sessions=SESSIONS)


async def kept_hours(store: HistoryStore, hours: str, **changes: object) -> list[int]:
    run = Run(store, a_day(), begin=MONDAY * HOUR, end=(MONDAY + 24) * HOUR, hours=hours, **changes)
    run.work._now = lambda: (MONDAY + 100) * HOUR
    await run.work.run()
    return [hour - MONDAY for hour in starts(store)]


@pytest.mark.parametrize(
    ("hours", "found"), [("", range(10, 14)), ("regular", range(10, 14)), ("extended", range(6, 20))]
)
async def test_of_a_feed_with_several_trading_hours_those_bars_are_kept_that_were_asked_for(
    store: HistoryStore, hours: str, found: range
) -> None:
    assert await kept_hours(store, hours) == list(found)
    (info,) = store.series()
    assert info.hours == SESSIONS[hours or "regular"], "gaps are judged by them"


async def test_a_bar_of_which_a_part_lies_in_the_hours_is_kept(store: HistoryStore) -> None:
    source = FakeSource([page(*range(MONDAY, MONDAY + 24))], sessions={"regular": "10:30-13:30@UTC"})
    run = Run(store, source, begin=MONDAY * HOUR, end=(MONDAY + 24) * HOUR)
    run.work._now = lambda: (MONDAY + 100) * HOUR
    await run.work.run()
    assert [hour - MONDAY for hour in starts(store)] == [10, 11, 12, 13]


async def test_bars_of_other_hours_are_not_mixed_into_a_stored_series(store: HistoryStore) -> None:
    await kept_hours(store, "extended")
    with pytest.raises(FieldError, match=r"regular .*the stored series 1 holds bars of 06:00-20:00@UTC") as caught:
        await kept_hours(store, "regular", existing=Existing.ADD)
    assert caught.value.field == "hours"
    assert len(starts(store)) == 14
    assert await kept_hours(store, "regular", existing=Existing.REPLACE) == [10, 11, 12, 13]


async def test_hours_that_a_feed_does_not_have_are_refused(store: HistoryStore) -> None:
    with pytest.raises(FieldError, match="its bars are what there is"):
        await Run(store, FakeSource([page(990)]), hours="extended").work.run()


# where it is stored already ------------------------------------------------------------------------------------------
async def test_where_it_is_stored_already_nothing_changes_until_the_user_has_chosen(store: HistoryStore) -> None:
    await Run(store, FakeSource([page(990, 991, 992)])).work.run()
    run = Run(store, FakeSource([page(992, 993, price=12)]))
    done = await run.work.run()
    assert done.complete
    assert done.report.series is None
    overlap = done.report.overlap
    assert overlap is not None
    assert (overlap.new, overlap.same, overlap.different) == (1, 0, 1)
    assert starts(store) == [990, 991, 992]
    kept = await run.work.keep(Existing.ADD_TAKING)
    assert kept.report.series is not None
    assert kept.report.series.source == "fake"
    assert store.bars(1).columns.close.tolist() == [10, 10, 12, 12]

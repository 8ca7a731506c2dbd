"""A recording as a running feed: paced by the clock, with a time of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desktop.domain.errors import DataFileError, FieldError, NotFound
from desktop.domain.market import HOUR, MINUTE, SECOND, FeedOrigin
from desktop.feeds.replay_feed import BARS_A_SECOND, MAX_SPEED, MOST_ROWS, TICK_SPEED, ReplayFeed, open_replay
from desktop.market.history import read_history
from tests.helpers.market import FakeClock, Heard


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    path = tmp_path / "spy_1h.csv"
    path.write_text(
        "time,open,high,low,close\n" + "".join(f"{3600 * hour},9,12,8,{10 + hour % 2}\n" for hour in range(24))
    )
    return path


@pytest.fixture
def quotes(tmp_path: Path) -> Path:
    path = tmp_path / "eurusd_quotes.csv"
    path.write_text("time,bid,ask\n" + "".join(f"{second},1.{second:04},1.5\n" for second in range(300)))
    return path


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "bac.csv"
    path.write_text("time,price,size\n" + "".join(f"{second},{13 + second % 2},5\n" for second in range(0, 300, 7)))
    return path


def test_rows_come_as_the_clock_goes_on_and_the_time_is_theirs(quotes: Path) -> None:
    clock, heard = FakeClock(), Heard()
    feed = open_replay(f"20:{quotes}", clock)
    assert [item.symbol for item in feed.instruments()] == ["EURUSD"]
    assert (feed.now(), feed.origin) == (0, FeedOrigin.REPLAY)
    assert feed.play(heard) == 1
    clock.pass_seconds(0.5)
    assert feed.play(heard) == 10
    assert feed.now() == 10 * SECOND
    assert heard.quotes[-1].at == feed.now()
    clock.pass_seconds(0.01)
    assert feed.play(heard) == 0
    assert feed.now() == 10 * SECOND + 200_000


def test_a_stored_series_is_replayed_in_the_place_of_a_file(bars: Path) -> None:
    whole = read_history(bars, symbol="S&P 500")
    clock, heard = FakeClock(), Heard()
    feed = open_replay("0:series:3", clock, stored={3: whole}.__getitem__)
    assert [item.symbol for item in feed.instruments()] == ["S&P 500"]
    assert feed.speed == MAX_SPEED
    assert feed.play(heard) == 24
    again = open_replay("series:3", clock, feed.position(), stored={3: whole}.__getitem__)
    assert again.ended
    with pytest.raises(NotFound, match="No history is kept here"):
        open_replay("series:3", clock)


def test_the_wall_clock_may_jump_without_moving_the_recording(quotes: Path) -> None:
    clock, heard = FakeClock(), Heard()
    feed = open_replay(f"1:{quotes}", clock)
    feed.play(heard)
    clock.time += 8 * HOUR
    assert feed.play(heard) == 0


def test_as_fast_as_possible_still_leaves_room_for_others(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("time,price\n" + "".join(f"{second},10\n" for second in range(MOST_ROWS + 10)))
    heard = Heard()
    feed = open_replay(f"0:{path}", FakeClock())
    assert feed.speed == MAX_SPEED
    assert feed.play(heard) == MOST_ROWS
    assert feed.now() == (MOST_ROWS - 1) * SECOND
    assert feed.play(heard) == 10
    assert feed.ended
    assert feed.play(heard) == 0


def test_a_recording_that_falls_behind_makes_its_time_wait_for_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("time,price\n" + "".join(f"{second},10\n" for second in range(MOST_ROWS * 2)))
    clock, heard = FakeClock(), Heard()
    feed = open_replay(f"20:{path}", clock)
    clock.pass_seconds(10_000)
    assert feed.play(heard) == MOST_ROWS
    assert feed.now() == heard.trades[-1].at == (MOST_ROWS - 1) * SECOND


def test_bars_pass_some_a_second_unless_said(bars: Path) -> None:
    clock, heard = FakeClock(), Heard()
    feed = open_replay(str(bars), clock)
    assert feed.now() == HOUR
    feed.play(heard)
    clock.pass_seconds(1)
    assert feed.play(heard) == BARS_A_SECOND
    assert [bar.close for bar in heard.bars[:3]] == [10.0, 11.0, 10.0]
    assert feed.now() == (1 + BARS_A_SECOND) * HOUR


def test_ticks_have_a_usual_speed_too(quotes: Path) -> None:
    assert open_replay(str(quotes), FakeClock()).speed == TICK_SPEED


def test_it_goes_on_from_its_position_where_the_files_are_the_same(quotes: Path, trades: Path) -> None:
    clock, heard = FakeClock(), Heard()
    feed = open_replay(f"1:{quotes}", clock)
    clock.pass_seconds(9.5)
    feed.play(heard)
    again = open_replay(f"1:{quotes}", FakeClock(), feed.position())
    other = open_replay(f"1:{trades}", FakeClock(), feed.position())
    assert (again.handed, again.now()) == (10, 10 * SECOND)
    assert again.play(heard) == 1
    assert heard.quotes[-1].at == 10 * SECOND
    assert (other.handed, other.now()) == (0, 0)


def test_a_recording_that_was_over_stays_over(bars: Path) -> None:
    feed = open_replay(f"0:{bars}", FakeClock())
    feed.play(Heard())
    again = open_replay(f"0:{bars}", FakeClock(), feed.position())
    assert again.ended
    assert again.play(Heard()) == 0
    assert len(again.history_now("SPY", "1h", 100)) == 23  # its time is that of the last row


async def test_it_runs_to_its_end_and_says_so(bars: Path) -> None:
    heard = Heard()
    feed = open_replay(f"0:{bars}", FakeClock())
    feed.subscribe("SPY")
    feed.unsubscribe("SPY")
    await feed.stop()
    await feed.start(heard)
    await asyncio.sleep(0)
    assert len(heard.bars) == 24
    await asyncio.sleep(0.11)
    await feed.stop()
    assert [state for state, _ in heard.states] == ["connected", "ended"]


async def test_history_is_what_passed_before_its_time(bars: Path, quotes: Path, trades: Path) -> None:
    clock, heard = FakeClock(), Heard()
    feed = open_replay(f"3600:{bars}", clock)
    assert feed.history_now("SPY", "1h", 10) == []
    clock.pass_seconds(9)
    feed.play(heard)
    assert await feed.history("SPY", "1h", 3) == heard.bars[-3:]
    assert len(feed.history_now("SPY", "4h", 9)) == 2
    assert feed.history_now("SPY", "1h", 0) == []
    for path, symbol in ((quotes, "EURUSD"), (trades, "BAC")):
        clock = FakeClock()
        feed = open_replay(f"1:{path}", clock)
        assert feed.history_now(symbol, "1m", 9) == []
        clock.pass_seconds(150)
        feed.play(heard)
        built = feed.history_now(symbol, "1m", 9)
        assert [bar.start for bar in built] == [0, MINUTE]
    with pytest.raises(NotFound, match="XXX"):
        feed.history_now("XXX", "1m", 1)


def test_several_files_run_together(quotes: Path, trades: Path) -> None:
    heard = Heard()
    feed = open_replay(f"0:{quotes}, {trades}", FakeClock())
    feed.play(heard)
    assert (len(heard.quotes), len(heard.trades)) == (300, 43)


def test_mistakes_are_told(quotes: Path, bars: Path, tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="one file for each symbol"):
        open_replay(f"{quotes},{quotes}", FakeClock())
    with pytest.raises(FieldError, match="one file for each symbol"):
        open_replay("", FakeClock())
    with pytest.raises(FieldError, match="together"):
        open_replay(f"{quotes},{bars}", FakeClock())
    with pytest.raises(DataFileError, match="not a file"):
        open_replay(f"1:{tmp_path / 'absent.csv'}", FakeClock())


def test_a_file_named_by_hand_can_be_given_its_symbol(quotes: Path) -> None:
    feed = ReplayFeed([read_history(quotes, symbol="MINE")], FakeClock())
    assert feed.instruments()[0].symbol == "MINE"

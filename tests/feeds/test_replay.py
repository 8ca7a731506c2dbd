"""Recordings as messages: in order, the same every time, and resumable after any message that raises the rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import DataFileError
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND, Quote
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed, Message, Quotes
from desktop.feeds import replay as module
from desktop.feeds.replay import BURST, replay_hub, replay_messages
from desktop.market.bars import derive
from desktop.market.history import History, read_history
from desktop.market.series import bars_of


def bar_file(folder: Path, symbol: str, minutes: list[int], *, length: int = 60) -> History:
    path = folder / f"{symbol}.csv"
    rows = "".join(
        f"{minute * length},{10 + minute % 7},{20 + minute % 5},{5 + minute % 3},{11 + minute % 6},{minute}\n"
        for minute in minutes
    )
    path.write_text("time,open,high,low,close,volume\n" + rows)
    return read_history(path, symbol=symbol, timeframe={60: "1m", 3_600: "1h", 86_400: "1d"}[length])


def tick_file(folder: Path, symbol: str, ticks: list[tuple[float, float, float]], header: str = "bid,ask") -> History:
    path = folder / f"{symbol}.csv"
    path.write_text(f"time,{header}\n" + "".join(f"{at:.6f},{one},{two}\n" for at, one, two in ticks))
    return read_history(path, symbol=symbol)


def closed(messages: list[tuple[int, Message]]) -> list[object]:
    return [bar for _, message in messages if isinstance(message, BarsClosed) for bar in message.bars]


# bars --------------------------------------------------------------------------------------------------------------
def test_each_bar_passes_and_then_closes(tmp_path: Path) -> None:
    history = bar_file(tmp_path, "A", [0, 1, 5])
    messages = list(replay_messages([history], "1m"))
    assert [rows for rows, _ in messages] == [0, 1, 1, 2, 2, 3]
    assert [type(message) for _, message in messages] == [BarsPassed, BarsClosed] * 3
    assert [message.at for _, message in messages] == [MINUTE, MINUTE, 2 * MINUTE, 2 * MINUTE, 6 * MINUTE, 6 * MINUTE]
    assert closed(messages) == bars_of("A", "1m", history.columns)


def test_all_symbols_of_an_instant_come_together_in_the_order_of_the_files(tmp_path: Path) -> None:
    files = [bar_file(tmp_path, "B", [0, 2, 3]), bar_file(tmp_path, "A", [0, 1, 3, 4])]
    found = list(replay_messages(files, "1m"))
    messages = [(rows, message) for rows, message in found if isinstance(message, BarsClosed)]
    assert [[bar.symbol for bar in message.bars] for _, message in messages] == [
        ["B", "A"], ["A"], ["B"], ["B", "A"], ["A"],
    ]  # fmt: skip
    assert [rows for rows, _ in messages] == [2, 3, 4, 6, 7]


def test_longer_bars_of_the_session_are_made_of_the_files(tmp_path: Path) -> None:
    history = bar_file(tmp_path, "A", [0, 1, 2, 6, 9, 10, 23])
    messages = list(replay_messages([history], "5m"))
    assert closed(messages) == derive(bars_of("A", "1m", history.columns), "5m")
    assert [message.at for _, message in messages] == sorted(message.at for _, message in messages)
    assert len([message for _, message in messages if isinstance(message, BarsPassed)]) == 7
    passed_before_close = [
        (message.bars[-1].start, index)
        for index, (_, message) in enumerate(messages)
        if isinstance(message, BarsPassed)
    ]
    assert passed_before_close == sorted(passed_before_close)


def test_days_made_of_minutes_are_those_of_the_exchange(tmp_path: Path) -> None:
    history = bar_file(tmp_path, "A", list(range(0, 60 * 72, 30)))
    seoul = list(replay_messages([history], "1d", zones={"A": "Asia/Seoul"}))
    starts = [message.bars[0].start for _, message in seoul if isinstance(message, BarsClosed)]
    assert [start % DAY for start in starts] == [15 * HOUR] * 3
    utc = list(replay_messages([history], "1d"))
    assert [message.at for _, message in utc if isinstance(message, BarsClosed)] == [DAY, 2 * DAY]


def test_bars_that_cannot_make_the_sessions_are_refused(tmp_path: Path) -> None:
    history = bar_file(tmp_path, "A", [0, 1], length=3_600)
    for timeframe in ("1m", "1d"):
        with pytest.raises(DataFileError, match=f"bars of {timeframe} cannot"):
            replay_messages([history], timeframe, zones={"A": "Asia/Kolkata"})


def test_bars_and_ticks_are_not_mixed(tmp_path: Path) -> None:
    files = [bar_file(tmp_path, "A", [0]), tick_file(tmp_path, "B", [(1, 1, 2)])]
    with pytest.raises(DataFileError, match="together"):
        replay_messages(files, "1m")


def test_files_longer_than_a_block_are_read_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = bar_file(tmp_path, "A", list(range(50)))
    whole = list(replay_messages([history], "1m"))
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert list(replay_messages([history], "1m")) == whole


# ticks -------------------------------------------------------------------------------------------------------------
def test_bars_close_before_the_quote_that_comes_after_their_end(tmp_path: Path) -> None:
    history = tick_file(tmp_path, "A", [(1, 1, 2), (59, 3, 4), (60, 5, 6), (200, 7, 8)])
    messages = [message for _, message in replay_messages([history], "1m")]
    assert [type(message) for message in messages] == [Quotes, BarsClosed, Quotes, BarsClosed, Quotes]
    assert [message.at for message in messages] == [59 * SECOND, MINUTE, MINUTE, 2 * MINUTE, 200 * SECOND]
    first = messages[1]
    assert isinstance(first, BarsClosed)
    assert (first.bars[0].open, first.bars[0].close, first.bars[0].volume) == (1.5, 3.5, 2.0)


def test_the_bar_that_is_forming_at_the_end_is_not_closed(tmp_path: Path) -> None:
    history = tick_file(tmp_path, "A", [(1, 1, 2), (2, 1, 2.5)])
    assert closed(list(replay_messages([history], "1m"))) == []


def test_trades_are_both_sides_and_their_size_is_the_volume(tmp_path: Path) -> None:
    history = tick_file(tmp_path, "A", [(1, 10, 3), (1, 10, 3), (61, 11, 4)], "price,size")
    messages = list(replay_messages([history], "1m"))
    quotes = [item for _, message in messages if isinstance(message, Quotes) for item in message.quotes]
    assert quotes[0] == Quote("A", SECOND, 10.0, 10.0, 3.0, 3.0)
    assert len(quotes) == 3
    assert [bar.volume for bar in closed(messages)] == [6.0]  # type: ignore[attr-defined]  # bars


def test_fault_22_dropped_quotes_are_counted_by_reason_and_doubtful_ones_told(tmp_path: Path) -> None:
    history = tick_file(tmp_path, "A", [(1, 10, 11), (2, 12, 11), (3, 0, 11), (4, 100, 110), (5, 10, 11)])
    hub = replay_hub([history])
    messages = [message for _, message in replay_messages([history], "1m", hub=hub)]
    assert dict(hub.cache("A").dropped) == {"crossed": 1, "zero": 1, "spike": 1}
    assert [type(message) for message in messages] == [Quotes, BadQuote, BadQuote, Quotes]


def test_ticks_of_several_files_are_merged_by_time(tmp_path: Path) -> None:
    files = [
        tick_file(tmp_path, "B", [(1, 1, 2), (3, 1, 2.1), (3, 1, 2.2)]),
        tick_file(tmp_path, "A", [(2, 5, 6), (3, 5, 6.1)]),
    ]
    quotes = [
        quote for _, message in replay_messages(files, "1m") if isinstance(message, Quotes) for quote in message.quotes
    ]
    assert [(quote.symbol, quote.ask) for quote in quotes] == [
        ("B", 2.0), ("A", 6.0), ("B", 2.1), ("B", 2.2), ("A", 6.1),
    ]  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.floats(0, 90), st.integers(95, 105), st.integers(0, 8)), min_size=1, max_size=250),
    cut=st.integers(0, 400),
)
def test_a_replay_is_the_same_every_time_and_never_looks_beyond_its_rows(
    tmp_path: Path, steps: list[tuple[float, int, int]], cut: int
) -> None:
    at, ticks = 0.0, []
    for wait, bid, spread in steps:
        at += wait
        ticks.append((at, float(bid), float(bid + spread - 1)))  # some are crossed
    history = tick_file(tmp_path, "A", ticks)
    messages = list(replay_messages([history], "1m"))
    assert messages == list(replay_messages([history], "1m"))
    times = [message.at for _, message in messages]
    assert times == sorted(times)
    rows = [number for number, _ in messages]
    assert rows == sorted(rows)
    assert all(len(message.quotes) <= BURST for _, message in messages if isinstance(message, Quotes))
    # What is handed out up to a message that raises the rows is what these rows alone would give.
    raised = [index for index, number in enumerate(rows) if index and number > rows[index - 1] and number < len(ticks)]
    for index in raised[cut % max(1, len(raised)) :][:1]:
        part = tick_file(tmp_path, "A", ticks[: rows[index]])
        assert list(replay_messages([part], "1m")) == messages[: index + 1]
    kept = [quote for _, message in messages if isinstance(message, Quotes) for quote in message.quotes]
    assert [quote.bid <= quote.ask for quote in kept] == [True] * len(kept)

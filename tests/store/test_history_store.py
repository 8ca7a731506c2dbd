"""Imported history comes back as it went in, is replaced only when asked, and survives what can go wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import FieldError, NewerDatabase, NotFound, StorageFault
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market.history import read_history
from desktop.ports import HistoryStore as Port
from desktop.rules.columns import Columns
from desktop.store import history_blocks
from desktop.store import history_store as module
from desktop.store.history_file import FILE
from desktop.store.history_store import HistoryStore

NOW = 1_700_000_000_000_000
INFO = SeriesInfo(
    series_id=0, symbol="SPY", kind="bars", timeframe="1h", feed="file", source="spy.csv", zone="America/New_York",
    instrument=Instrument("SPY", tick=Decimal("0.005"), calendar="XNYS"), fingerprint="ab12", imported_at=0, first=0,
    last=0, rows=0, gaps=3, longest_gap=HOUR, duplicates=1, errors=2,
)  # fmt: skip


def bars(count: int, step: int = HOUR) -> Columns:
    draw = np.random.default_rng(count)
    start = step * np.arange(1, count + 1, dtype=np.int64)
    return Columns(start, *(draw.random(count) * 100 for _ in range(5)))


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path, now=lambda: NOW)


def same(one: Columns, two: Columns) -> None:
    for name in ("start", "open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
        assert getattr(two, name).dtype == getattr(one, name).dtype


def test_it_is_what_the_port_asks_for(store: HistoryStore) -> None:
    port: Port = store
    assert port.series() == ()


def test_looking_makes_nothing_on_the_disk(store: HistoryStore, tmp_path: Path) -> None:
    assert store.series() == ()
    store.tidy()
    refused: list[Callable[[], object]] = [
        lambda: store.get(1), lambda: store.bars(1), lambda: store.delete(1), lambda: store.accept_splits(1, [])
    ]  # fmt: skip
    for call in refused:
        with pytest.raises(NotFound, match="stored series"):
            call()
    with pytest.raises(NotFound, match="stored history of 'SPY 1h'"):
        store.find("SPY", "1h")
    assert list(tmp_path.iterdir()) == []


def test_bars_come_back_with_all_that_is_known_of_them(store: HistoryStore) -> None:
    columns = bars(50)
    stored = store.save_bars(INFO, columns)
    assert stored == replace(INFO, series_id=1, imported_at=NOW, first=HOUR, last=50 * HOUR, rows=50)
    assert store.series() == (stored,)
    assert store.get(1) == store.find("SPY", "1h") == store.find("SPY") == stored
    found = store.bars(1)
    assert found.info == stored
    same(columns, found.columns)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), count=st.integers(1, 60), block=st.integers(1, 20))
def test_any_bars_and_any_range_of_them_come_back_to_the_last_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject, count: int, block: int
) -> None:
    monkeypatch.setattr(history_blocks, "BLOCK_ROWS", block)
    store = HistoryStore(tmp_path)
    times = sorted(data.draw(st.lists(st.integers(0, 4 * 10**15), min_size=count, max_size=count, unique=True)))
    number = st.floats(allow_nan=False, allow_infinity=False)
    prices = [np.array(data.draw(st.lists(number, min_size=count, max_size=count))) for _ in range(5)]
    columns = Columns(np.array(times, dtype=np.int64), *prices)
    series = store.save_bars(INFO, columns, replacing=True).series_id
    same(columns, store.bars(series).columns)
    edges = st.one_of(st.none(), st.sampled_from(times), st.integers(0, 4 * 10**15))
    begin, end = data.draw(edges), data.draw(edges)
    kept = [at for at in times if (begin is None or at >= begin) and (end is None or at < end)]
    assert store.bars(series, begin=begin, end=end).columns.start.tolist() == kept


def test_quotes_and_trades_come_back(store: HistoryStore, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("time,bid,ask,bid_size\n2024-03-04T10:00:00Z,1.1,1.2,5\n2024-03-04T10:00:01Z,1.15,1.2,6\n")
    history = read_history(path, symbol="EURUSD")
    info = store.save(history)
    found = store.ticks(info.series_id)
    assert (info.kind, info.timeframe, info.rows, info.source) == ("quotes", "", 2, "q.csv")
    assert (found.at.tolist(), found.first.tolist()) == (history.at.tolist(), [1.1, 1.15])
    assert [size.tolist() for size in found.sizes] == [[5.0, 6.0], [0.0, 0.0]]
    assert store.find("EURUSD", kind="quotes") == info
    with pytest.raises(NotFound, match="It holds quotes"):
        store.bars(info.series_id)


def test_a_series_is_replaced_only_when_asked(store: HistoryStore) -> None:
    first = store.save_bars(INFO, bars(5))
    with pytest.raises(FieldError, match=r"stored already \(series 1\)"):
        store.save_bars(replace(INFO, fingerprint="cd34"), bars(6))
    same(bars(5), store.bars(first.series_id).columns)
    second = store.save_bars(replace(INFO, fingerprint="cd34"), bars(6), replacing=True)
    assert store.series() == (second,)
    assert second.series_id > first.series_id  # a number is never given twice
    with pytest.raises(NotFound):
        store.bars(first.series_id)


def test_the_same_source_read_the_same_way_is_there_already(store: HistoryStore) -> None:
    first = store.save_bars(INFO, bars(5))
    assert store.save_bars(INFO, bars(5)) == first
    assert len(store.series()) == 1


def test_one_symbol_can_have_many_series(store: HistoryStore) -> None:
    store.save_bars(INFO, bars(5))
    store.save_bars(replace(INFO, timeframe="1d"), bars(5, DAY))
    other = store.save_bars(replace(INFO, feed="alpaca"), bars(7))
    assert len(store.series()) == 3
    assert store.find("SPY", "1h", feed="alpaca") == other


def test_no_bars_are_not_stored(store: HistoryStore) -> None:
    with pytest.raises(FieldError, match="none to store"):
        store.save_bars(INFO, Columns.of(()))


def test_a_series_serves_as_a_file_does(store: HistoryStore, tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    rows = (f"{12_000 * 86_400 + 3_600 * hour},{10 + hour},{12 + hour},9.5,{11 + hour},7\n" for hour in range(20))
    path.write_text("time,open,high,low,close,volume\n" + "".join(rows))
    read = read_history(path, symbol="SPY")
    series = store.save(read).series_id
    found = store.history(series)
    same(read.columns, found.columns)
    for name in ("symbol", "kind", "timeframe", "instrument", "rows", "gaps", "fingerprint", "begin", "end"):
        assert getattr(found, name) == getattr(read, name), name
    part = store.history(series, begin=read.begin + 1)
    assert (len(part), part.fingerprint == read.fingerprint) == (19, False)
    assert part.fingerprint == store.history(series, begin=read.begin + HOUR).fingerprint
    with pytest.raises(NotFound, match="row in that time"):
        store.history(series, begin=read.end + 1)
    path.write_text("time,price,size\n1700000000,5,1\n1700000001,6,2\n")
    trades = read_history(path, symbol="SPY")
    ticks = store.history(store.save(trades).series_id)
    assert (ticks.kind, ticks.at.tolist(), ticks.first.tolist()) == ("trades", trades.at.tolist(), [5.0, 6.0])


# splits --------------------------------------------------------------------------------------------------------------
def test_an_adjusted_series_stands_beside_the_one_as_traded(store: HistoryStore) -> None:
    columns = bars(6)
    prices = np.array([200.0] * 3 + [100.0] * 3)
    traded = store.save_bars(INFO, Columns(columns.start, prices, prices, prices, prices, np.ones(6)))
    split = Split(4 * HOUR, 2, 1, 200.0, 100.0, 1.0)
    adjusted = store.adjust(traded.series_id, [split])
    assert (adjusted.adjusted, adjusted.splits, adjusted.instrument.tick) == (True, (split,), Decimal("0.00001"))
    assert store.get(adjusted.series_id) == adjusted
    assert store.bars(adjusted.series_id).columns.close.tolist() == [100.0] * 6
    assert store.history(adjusted.series_id).fingerprint != store.history(traded.series_id).fingerprint == "ab12"
    assert store.bars(traded.series_id).columns.close.tolist() == prices.tolist()
    assert store.find("SPY", "1h") == adjusted
    assert store.find("SPY", "1h", adjusted=False) == traded
    with pytest.raises(FieldError, match="adjusted already"):
        store.adjust(adjusted.series_id, [split])
    with pytest.raises(FieldError, match="none was named"):
        store.adjust(traded.series_id, [])


def test_a_split_that_is_left_as_it_is_is_remembered(store: HistoryStore) -> None:
    series = store.save_bars(INFO, bars(5)).series_id
    store.accept_splits(series, [7, 3])
    assert store.accept_splits(series, [3, 9]).accepted == (3, 7, 9)
    assert store.get(series).accepted == (3, 7, 9)


# what can go wrong ---------------------------------------------------------------------------------------------------
def test_deleting_gives_the_room_back_and_leaves_the_others(store: HistoryStore, tmp_path: Path) -> None:
    small = store.save_bars(replace(INFO, symbol="QQQ"), bars(5))
    before = (tmp_path / FILE).stat().st_size
    large = store.save_bars(INFO, bars(50_000, MINUTE))
    assert (tmp_path / FILE).stat().st_size > before + 50_000 * 48
    assert store.delete(large.series_id) == large
    store.tidy()
    assert (tmp_path / FILE).stat().st_size < before + 100_000
    assert store.series() == (small,)
    same(bars(5), store.bars(small.series_id).columns)


def test_a_write_that_fails_half_way_leaves_what_was_there(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.save_bars(INFO, bars(5))

    def full(_: str) -> None:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(module, "reach", full)
    with pytest.raises(StorageFault, match="disk is full"):
        store.save_bars(INFO, bars(9), replacing=True)
    monkeypatch.undo()
    assert store.series() == (first,)
    same(bars(5), store.bars(first.series_id).columns)


def test_fault_37_a_newer_file_is_refused_untouched(store: HistoryStore, tmp_path: Path) -> None:
    store.save_bars(INFO, bars(5))
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = (tmp_path / FILE).read_bytes()
    for call in (store.series, lambda: store.save_bars(INFO, bars(9), replacing=True), lambda: store.delete(1)):
        with pytest.raises(NewerDatabase, match="newer Assay"):
            call()
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("raw", [b"this is no database, it is a text of some length" * 100, b""])
def test_a_file_that_is_none_is_told_and_an_empty_one_is_filled(
    store: HistoryStore, tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / FILE).write_bytes(raw)
    if raw:
        with pytest.raises(StorageFault, match="damaged"):
            store.series()
    else:
        assert store.series() == ()
        assert store.save_bars(INFO, bars(5)).rows == 5


def test_a_database_of_another_program_is_left_alone(store: HistoryStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()
    with pytest.raises(StorageFault, match="another program"):
        store.save_bars(INFO, bars(5))


def test_a_changed_price_on_the_disk_is_found_and_not_used(store: HistoryStore, tmp_path: Path) -> None:
    series = store.save_bars(INFO, bars(5)).series_id
    with sqlite3.connect(tmp_path / FILE) as database:
        (data,) = database.execute("SELECT data FROM blocks").fetchone()
        database.execute("UPDATE blocks SET data = ?", (data[:60] + b"\x00\x01\x02\x03" + data[64:],))
    database.close()
    with pytest.raises(StorageFault, match="damaged and was not used"):
        store.bars(series)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(StorageFault, match="cannot be used"):
        HistoryStore(tmp_path / "taken").save_bars(INFO, bars(5))


def test_two_stores_on_one_directory_see_each_others_series(tmp_path: Path) -> None:
    one, two = HistoryStore(tmp_path), HistoryStore(tmp_path)
    series = one.save_bars(INFO, bars(5)).series_id
    two.save_bars(replace(INFO, symbol="QQQ"), bars(6))
    found: list[Any] = [info.symbol for info in one.series()]
    assert found == ["QQQ", "SPY"]
    assert two.bars(series).columns.start.size == 5

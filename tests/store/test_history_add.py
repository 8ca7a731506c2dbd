"""Adding to a stored series: what is missing goes in, what differs is asked about, and all of it or nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import FieldError, NotFound, StorageFault
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY
from desktop.market.gaps import gaps_by
from desktop.market.history import read_history
from desktop.market.history_merge import Existing
from desktop.market.history_report import StoredSeries
from desktop.rules.columns import Columns
from desktop.store import history_add as module
from desktop.store.history_add import adjust_again, put_bars, put_history, rewrite
from desktop.store.history_gaps import counted_series, series_gaps
from desktop.store.history_shelf import HistoryShelf
from desktop.store.history_store import HistoryStore
from tests.helpers.fake_archive import series_info

SPLIT = Split(20 * DAY, 2, 1, 100.0, 50.0, None)


def info(source: str = "a.csv", fingerprint: str = "fa", **changes: object) -> SeriesInfo:
    return series_info(0, "SPY", "1d", source=source, fingerprint=fingerprint, **changes)


def bars(days: range, price: float = 100.0, *, halved: int = 1 << 30) -> Columns:
    start = np.array(list(days), dtype=np.int64) * DAY
    close = np.where(start >= halved * DAY, price / 2, price)
    return Columns(start, close, close, close, close, np.full(len(close), 9.0))


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path, now=lambda: 77)


def state(store: HistoryStore) -> list[tuple[SeriesInfo, list[float]]]:
    return [(one, store.bars(one.series_id).columns.close.tolist()) for one in store.series()]


def test_what_is_missing_is_added_and_the_series_keeps_its_number(store: HistoryStore) -> None:
    first, none = put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    assert first is not None
    assert none is None
    series, overlap = put_bars(store, info("b.csv", "fb", errors=1), bars(range(4, 9)), existing=Existing.ADD)
    assert series is not None
    assert overlap is not None
    assert (overlap.new, overlap.same, overlap.different) == (3, 2, 0)
    assert (series.series_id, series.rows, series.first, series.last) == (first.series_id, 8, DAY, 8 * DAY)
    assert series.source == "a.csv + b.csv"
    assert series.fingerprint not in {"fa", "fb"}
    assert (series.duplicates, series.errors, series.gaps, series.imported_at) == (0, 1, 0, 77)
    assert store.series() == (series,)
    assert store.bars(series.series_id).columns.start.tolist() == [day * DAY for day in range(1, 9)]


def test_bars_that_differ_change_nothing_until_the_user_has_chosen(store: HistoryStore) -> None:
    put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    before = state(store)
    for existing in (Existing.ASK, Existing.ADD):
        series, overlap = put_bars(store, info("b.csv", "fb"), bars(range(5, 8), 101), existing=existing)
        assert series is None
        assert overlap is not None
        assert (overlap.new, overlap.different, overlap.differences[0].offered[3]) == (2, 1, 101)
        assert state(store) == before


@pytest.mark.parametrize(("existing", "price"), [(Existing.ADD_KEEPING, 100.0), (Existing.ADD_TAKING, 101.0)])
def test_where_bars_differ_the_chosen_ones_are_stored(store: HistoryStore, existing: Existing, price: float) -> None:
    put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    series, _ = put_bars(store, info("b.csv", "fb"), bars(range(5, 8), 101), existing=existing)
    assert series is not None
    assert store.bars(series.series_id).columns.close.tolist() == [100.0] * 4 + [price, 101.0, 101.0]


def test_what_is_there_already_changes_nothing(store: HistoryStore) -> None:
    put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    before = state(store)
    series, overlap = put_bars(store, info("b.csv", "fb"), bars(range(2, 4)), existing=Existing.ASK)
    assert overlap is not None
    assert overlap.nothing_new
    assert [series] == [one for one, _ in before]
    assert state(store) == before


def test_bars_that_both_have_are_no_defect_of_the_series(store: HistoryStore) -> None:
    put_bars(store, info(duplicates=1, errors=3), bars(range(1, 400)), existing=Existing.ADD)
    series, overlap = put_bars(
        store, info("b.csv", "fb", duplicates=2, errors=4), bars(range(1, 402)), existing=Existing.ADD
    )
    assert series is not None
    assert overlap is not None
    assert (overlap.same, series.duplicates, series.errors) == (399, 3, 7)


def test_hours_stay_with_a_series_that_is_added_to_and_its_gaps_are_judged_by_them(store: HistoryStore) -> None:
    hours = "09:30-16:00@America/New_York"
    first, _ = put_bars(store, info(hours=hours), bars(range(11_998, 12_001)), existing=Existing.ADD)
    assert first is not None
    series, _ = put_bars(store, info("b.csv", "fb"), bars(range(12_004, 12_012)), existing=Existing.ADD)
    assert series is not None
    found = series_gaps(store, series.series_id)
    assert (series.hours, series.judged) == (hours, hours)
    assert (found.missing, found.count) == (series.gaps, series.gap_count)
    assert found == gaps_by(store.bars(series.series_id).columns.start, "1d", hours)
    assert 0 < series.gaps < gaps_by(store.bars(series.series_id).columns.start, "1d", "always").missing


def test_hours_that_are_said_later_are_kept_though_no_bar_is_new(store: HistoryStore) -> None:
    traded, _ = put_bars(store, info(), bars(range(12_000, 12_030), halved=12_020), existing=Existing.ADD)
    assert traded is not None
    adjusted = store.adjust(traded.series_id, [replace(SPLIT, at=12_020 * DAY)])
    hours = "09:30-16:00@America/New_York"
    again = info("b.csv", "fb", hours=hours)
    asked, _ = put_bars(store, again, bars(range(12_001, 12_004)), existing=Existing.ASK)
    assert asked == traded
    series, overlap = put_bars(store, again, bars(range(12_001, 12_004)), existing=Existing.ADD)
    assert series is not None
    assert overlap is not None
    assert overlap.nothing_new
    assert (series.hours, series.fingerprint, series.imported_at) == (hours, traded.fingerprint, traded.imported_at)
    assert [one.hours for one in store.series()] == [hours, hours]
    assert store.get(adjusted.series_id).splits == adjusted.splits


def test_a_series_that_was_stored_before_gaps_were_counted_is_counted_when_it_is_listed(store: HistoryStore) -> None:
    old = store.save_bars(info(gaps=7, gap_count=-1), bars(range(12_000, 12_003)))
    assert [one.gap_count for one in counted_series(store)] == [0]
    (row,) = HistoryShelf(store.directory).series()
    assert (row.info.gaps, row.info.gap_count) == (0, 0)
    assert store.get(old.series_id).gap_count == -1


def test_the_adjusted_series_beside_it_is_adjusted_anew(store: HistoryStore) -> None:
    traded, _ = put_bars(store, info(), bars(range(15, 25), halved=20), existing=Existing.ADD)
    assert traded is not None
    adjusted = store.adjust(traded.series_id, [SPLIT])
    added, _ = put_bars(store, info("b.csv", "fb"), bars(range(10, 30), halved=20), existing=Existing.ADD)
    assert added is not None
    twin = store.get(adjusted.series_id)
    assert (twin.rows, twin.splits, twin.fingerprint) == (20, (SPLIT,), added.fingerprint)
    assert set(store.bars(twin.series_id).columns.close.tolist()) == {50.0}
    listed = HistoryShelf(store.directory).series()
    assert [(row.adjusted_as, row.outdated, row.pending) for row in listed] == [
        (twin.series_id, False, ()),
        (0, False, ()),
    ]


@pytest.mark.parametrize(
    "decided", [lambda traded, _: traded, lambda _, adjusted: adjusted], ids=["traded", "adjusted"]
)
def test_a_split_in_what_was_added_waits_for_a_decision_beside_those_adjusted_for(
    store: HistoryStore, decided: Callable[[StoredSeries, StoredSeries], StoredSeries]
) -> None:
    traded, _ = put_bars(store, info(), bars(range(10, 60), halved=20), existing=Existing.ADD)
    assert traded is not None
    shelf = HistoryShelf(store.directory)
    shelf.decide_splits(traded.series_id, shelf.series()[0].pending, ())
    put_bars(store, info("b.csv", "fb"), bars(range(60, 90), 25), existing=Existing.ADD)
    row, twin = shelf.series()
    assert [split.at // DAY for split in row.pending] == [split.at // DAY for split in twin.pending] == [60]
    used = shelf.decide_splits(decided(row, twin).info.series_id, decided(row, twin).pending, ())
    assert [split.at // DAY for split in used.splits] == [20, 60]
    assert set(store.bars(used.series_id).columns.close.tolist()) == {25.0}
    assert [row.pending for row in shelf.series()] == [(), ()]
    assert twin.info.adjusted


def test_a_replaced_series_leaves_its_adjusted_one_out_of_date_until_it_is_adjusted_again(store: HistoryStore) -> None:
    traded, _ = put_bars(store, info(), bars(range(15, 25), halved=20), existing=Existing.ADD)
    assert traded is not None
    adjusted = store.adjust(traded.series_id, [SPLIT])
    put_bars(store, info("b.csv", "fb"), bars(range(10, 30), 200, halved=20), existing=Existing.REPLACE)
    shelf = HistoryShelf(store.directory)
    assert [row.outdated for row in shelf.series() if row.info.adjusted] == [True]
    again = shelf.adjust_again(adjusted.series_id)
    assert (again.series_id, again.rows) == (adjusted.series_id, 20)
    assert [row.outdated for row in shelf.series()] == [False, False]
    assert set(store.bars(again.series_id).columns.close.tolist()) == {100.0}
    with pytest.raises(FieldError, match="nothing to adjust again"):
        adjust_again(store, store.find("SPY", adjusted=False).series_id)


def test_all_or_nothing_when_the_second_series_cannot_be_written(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    traded, _ = put_bars(store, info(), bars(range(15, 25), halved=20), existing=Existing.ADD)
    assert traded is not None
    store.adjust(traded.series_id, [SPLIT])
    before = state(store)
    calls: list[str] = []

    def fails_at_the_second(point: str) -> None:
        calls.append(point)
        if len(calls) == 2:
            raise StorageFault("The disk is full.")

    monkeypatch.setattr(module, "reach", fails_at_the_second)
    with pytest.raises(StorageFault):
        put_bars(store, info("b.csv", "fb"), bars(range(10, 30), halved=20), existing=Existing.ADD)
    assert len(calls) == 2
    assert state(store) == before


def test_a_series_that_changed_meanwhile_is_left_alone(store: HistoryStore) -> None:
    series, _ = put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    assert series is not None
    before = state(store)
    with pytest.raises(StorageFault, match="changed by somebody else"):
        rewrite(store, [(series, bars(range(1, 9)))], {series.series_id: "another"})
    assert state(store) == before
    with pytest.raises(NotFound):
        rewrite(store, [(replace(series, series_id=9), bars(range(1, 9)))], {9: ""})


def test_prices_in_another_currency_are_not_added(store: HistoryStore) -> None:
    put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    other = info("b.csv", "fb", instrument=Instrument("SPY", currency="EUR"))
    with pytest.raises(FieldError, match="is EUR, but the stored prices are in USD"):
        put_bars(store, other, bars(range(4, 9)), existing=Existing.ADD)


def test_the_price_step_becomes_fine_enough_for_both(store: HistoryStore) -> None:
    put_bars(store, info(), bars(range(1, 6)), existing=Existing.ADD)
    finer = info("b.csv", "fb", instrument=Instrument("SPY", tick=Decimal("0.005")))
    series, _ = put_bars(store, finer, bars(range(6, 9), 100.005), existing=Existing.ADD)
    assert series is not None
    assert series.instrument.tick == Decimal("0.005")


def test_the_sources_of_a_series_that_grew_often_stay_readable(store: HistoryStore) -> None:
    for number in range(40):
        put_bars(
            store,
            info(f"spy_2024_{number:02}.csv", f"f{number}"),
            bars(range(number + 1, number + 2)),
            existing=Existing.ADD,
        )
    (series,) = store.series()
    assert series.rows == 40
    assert len(series.source) <= 120
    assert series.source.startswith("… + ")
    assert series.source.endswith("spy_2024_39.csv")


def test_quotes_are_asked_about_and_replaced_but_not_added(store: HistoryStore, tmp_path: Path) -> None:
    path = tmp_path / "eur.csv"
    path.write_text("time,bid,ask\n2024-02-01T10:00:00Z,1,2\n2024-02-01T10:00:01Z,1,2\n")
    quotes = read_history(path, symbol="EUR")
    first, none = put_history(store, quotes, existing=Existing.ASK)
    assert first is not None
    assert none is None
    series, overlap = put_history(store, quotes, existing=Existing.ASK)
    assert series is None
    assert overlap is not None
    assert (overlap.comparable, overlap.offered) == (False, 2)
    with pytest.raises(FieldError, match="can only be replaced"):
        put_history(store, quotes, existing=Existing.ADD)
    series, _ = put_history(store, quotes, existing=Existing.REPLACE)
    assert series is not None

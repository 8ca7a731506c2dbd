"""Commit, load, read: what is stored is what was given, per session, all or nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import NotFound, ProgramBug, StorageFault
from desktop.domain.events import (
    Blocked,
    Fact,
    FillBooked,
    OrderChanged,
    PositionChanged,
    SessionChanged,
    SignalChanged,
    TradeClosed,
    TriggerChanged,
)
from desktop.domain.market import Bar
from desktop.domain.orders import OrderStatus
from desktop.domain.positions import Position
from desktop.domain.sessions import SessionState
from desktop.domain.strategies import Strategy
from desktop.ports import Batch, EquityPoint, Store
from desktop.store.storage import Storage
from tests.store import values as v

S = v.SESSION


def created(session_id: str = S, **more: Any) -> Batch:
    return Batch(session_id, 1, settings=replace(v.SETTINGS, session_id=session_id), **more)


def final(facts: list[Fact], kind: type, name: str, key: Any) -> dict[Any, Any]:
    """Return what a table must hold after facts of a kind: the last value for each key."""
    return {key(getattr(fact, name)): getattr(fact, name) for fact in facts if isinstance(fact, kind)}


@settings(max_examples=25, deadline=None)
@given(
    facts=st.lists(v.facts, max_size=12),
    bars=st.lists(v.bars, max_size=4),
    points=st.lists(v.points, max_size=4),
    state=v.documents,
    position=v.documents,
)
def test_everything_committed_is_loaded_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    facts: list[Fact],
    bars: list[Bar],
    points: list[EquityPoint],
    state: dict[str, Any],
    position: dict[str, Any],
) -> None:
    storage = Storage.open(tmp_path_factory.mktemp("data"))
    try:
        storage.commit(created(facts=facts, state=state, feed_position=position, bars=bars, equity=points)).result()
        loaded = storage.load(S)
        assert loaded is not None
        assert loaded.settings == v.SETTINGS
        assert (loaded.state, loaded.feed_position, loaded.ended) == (state, position, False)
        by_order = final(facts, OrderChanged, "order", lambda order: order.order_id)
        assert {order.order_id: order for order in loaded.orders} == by_order
        by_execution = final(facts, FillBooked, "fill", lambda fill: fill.execution_id)
        assert {fill.execution_id: fill for fill in loaded.fills} == by_execution
        assert set(loaded.execution_ids) == set(by_execution)
        by_trigger = final(facts, TriggerChanged, "trigger", lambda trigger: trigger.trigger_id)
        assert {item.trigger_id: item for item in loaded.triggers} == by_trigger
        by_signal = final(facts, SignalChanged, "signal", lambda signal: signal.signal_id)
        assert {item.signal_id: item for item in loaded.signals} == by_signal
        by_trade = final(facts, TradeClosed, "trade", lambda trade: trade.trade_id)
        assert {item.trade_id: item for item in loaded.trades} == by_trade
        held = final(facts, PositionChanged, "position", lambda item: (item.account, item.symbol))
        assert {(item.account, item.symbol): item for item in storage.reader().positions(S)} == {
            key: item for key, item in held.items() if item.quantity
        }
        assert {(p.at): p for p in loaded.equity} == {p.at: p for p in points}
        stored = {(bar.symbol, bar.timeframe, bar.start): bar for bar in bars}
        assert {(bar.symbol, bar.timeframe, bar.start): bar for rows in loaded.bars.values() for bar in rows} == stored
        blocks = [fact for fact in facts if isinstance(fact, Blocked)]
        stored_blocks = storage.reader().blocks(S)
        assert len(stored_blocks) == len(blocks)
        assert all(block in stored_blocks for block in blocks)
        assert [record.kind for record in reversed(storage.audit())] == [type(fact).__name__ for fact in facts]
        assert storage.verify_audit().ok
    finally:
        storage.close()


def test_it_is_the_store_the_engine_asks_for(storage: Storage) -> None:
    port: Store = storage
    assert port.health.ok
    assert port.health.state == "ok"
    assert port.health.sentence == ""


def test_a_session_that_is_not_there_loads_as_none(storage: Storage) -> None:
    assert storage.load("nobody") is None
    assert storage.session_ids() == []


def test_a_batch_without_a_state_leaves_the_stored_one(storage: Storage) -> None:
    storage.commit(created(state={"cash": "1"}, feed_position={"rows": 3}))
    storage.commit(Batch(S, 2, feed_position={"rows": 4}))
    storage.commit(Batch(S, 3, state={"cash": "2"}))
    loaded = storage.load(S)
    assert loaded is not None
    assert (loaded.state, loaded.feed_position) == ({"cash": "2"}, {"rows": 4})
    storage.commit(Batch(S, 4, facts=[v.order_changed()]))
    again = storage.load(S)
    assert again is not None
    assert (again.state, again.feed_position) == ({"cash": "2"}, {"rows": 4})


def test_an_order_that_moves_on_stays_one_row_in_its_place(storage: Storage) -> None:
    storage.commit(created(facts=[v.order_changed(1, created_at=5), v.order_changed(2, created_at=5)]))
    moved = v.order_changed(1, created_at=5, status=OrderStatus.FILLED, filled=Decimal(10))
    storage.commit(Batch(S, 2, facts=[moved])).result()
    assert [(order.order_id, order.status) for order in storage.reader().orders(S)] == [
        (f"{S}-1", OrderStatus.FILLED),
        (f"{S}-2", OrderStatus.NEW),
    ]


def test_rows_of_one_instant_are_listed_in_the_order_they_were_stored(storage: Storage) -> None:
    facts = [v.order_changed(number, created_at=7) for number in range(1, 13)]
    storage.commit(created(facts=facts)).result()
    assert [order.ordinal for order in storage.reader().orders()] == list(range(1, 13))
    assert [order.ordinal for order in storage.reader().orders(S, limit=3)] == [10, 11, 12]


def test_a_repeated_fill_is_one_row(storage: Storage) -> None:
    storage.commit(created(facts=[v.booked(), v.booked()]))
    storage.commit(Batch(S, 2, facts=[v.booked()])).result()
    stored = storage.reader().fills(S)
    assert [(item.account, item.cash, item.fill) for item in stored] == [("paper", Decimal("99287.5"), v.fill())]


def test_a_closed_position_is_no_longer_held(storage: Storage) -> None:
    position = Position(S, "paper", "SPY", Decimal(10), Decimal("712.5"), opened_at=3)
    storage.commit(created(facts=[PositionChanged(S, 1, position)])).result()
    assert storage.reader().positions(S) == [position]
    closed = replace(position, quantity=Decimal(0), cost=Decimal(0))
    storage.commit(Batch(S, 2, facts=[PositionChanged(S, 2, closed)])).result()
    assert storage.reader().positions() == []


def test_the_state_of_a_session_is_listed_and_survives_new_settings(storage: Storage) -> None:
    change = SessionChanged(S, 9, SessionState.CREATED, SessionState.RUNNING, "")
    storage.commit(created(facts=[change]))
    storage.commit(Batch(S, 10, settings=replace(v.SETTINGS, name="Renamed"))).result()
    (record,) = storage.reader().sessions()
    assert (record.state, record.settings.name, record.ended) == (SessionState.RUNNING, "Renamed", False)
    assert (record.created_at, record.updated_at) == (1, 10)


def test_a_deleted_session_is_out_of_sight_and_its_trail_stays(storage: Storage) -> None:
    storage.commit(created(facts=[v.booked()])).result()
    storage.end_session(S).result()
    assert storage.session_ids() == []
    assert storage.reader().sessions(ended=False) == []
    assert storage.reader().sessions()[0].ended
    loaded = storage.load(S)
    assert loaded is not None
    assert loaded.ended
    assert [record.kind for record in storage.audit(session_id=S)] == ["SessionDeleted", "FillBooked"]


def test_sessions_do_not_see_each_other(storage: Storage) -> None:
    for name in ("a", "b"):
        storage.commit(created(name, facts=[v.order_changed(1, session_id=name)], state={"of": name}))
    storage.flush()
    for name in ("a", "b"):
        loaded = storage.load(name)
        assert loaded is not None
        assert loaded.state == {"of": name}
        assert [order.session_id for order in loaded.orders] == [name]
    assert storage.session_ids() == ["a", "b"]


def test_the_latest_position_of_a_feed_is_found(storage: Storage) -> None:
    assert storage.feed_position("simulator") is None
    storage.commit(Batch("a", 5, settings=replace(v.SETTINGS, session_id="a"), feed_position={"ordinal": 5}))
    storage.commit(Batch("b", 9, settings=replace(v.SETTINGS, session_id="b"), feed_position={"ordinal": 9}))
    storage.commit(
        Batch("c", 99, settings=replace(v.SETTINGS, session_id="c", feed="replay:x"), feed_position={"rows": 1})
    )
    storage.flush()
    assert storage.feed_position("simulator") == {"ordinal": 9}


def test_equity_and_bars_are_read_by_range(storage: Storage) -> None:
    points = [EquityPoint(S, at, Decimal(at), Decimal(1), 0.5) for at in range(10)]
    bars = [Bar(symbol, "1m", at, 1.0, 2.0, 0.5, 1.5, 9.0) for at in range(3) for symbol in ("AAPL", "SPY")]
    storage.commit(created(equity=points, bars=bars)).result()
    reader = storage.reader()
    assert reader.equity(S, since=7) == points[7:]
    assert reader.equity(S, limit=2) == points[8:]
    assert reader.bars(S) == bars
    assert reader.bars(S, "SPY", "1m") == bars[1::2]
    assert reader.bars(S, timeframe="5m") == []


def test_a_batch_that_cannot_be_stored_fails_alone(storage: Storage) -> None:
    gate = threading.Event()
    first = storage.commit(created("ok", on_commit=lambda: gate.wait(10) and None))
    bad = storage.commit(Batch("bad", 1, facts=[v.order_changed(session_id="bad")], state={"x": object()}))
    wrong_facts = [v.order_changed(session_id="ok")]  # in the chain of a session that goes on
    wrong = storage.commit(
        Batch("wrong", 1, facts=wrong_facts, bars=[Bar("SPY", "1m", 2**70, 1.0, 1.0, 1.0, 1.0, 1.0)])
    )
    good = storage.commit(created("good", facts=[v.order_changed(session_id="good")]))
    on = storage.commit(Batch("ok", 2, facts=[v.order_changed(2, session_id="ok")]))
    gate.set()
    first.result()
    good.result()
    on.result()
    with pytest.raises(ProgramBug, match="no JSON form"):
        bad.result()
    with pytest.raises(OverflowError):
        wrong.result()
    assert storage.health.ok
    assert storage.reader().orders("bad") == []
    assert len(storage.reader().orders("good")) == 1
    assert storage.verify_audit().ok


def test_after_a_failed_batch_nothing_of_that_session_is_stored_until_it_is_loaded(storage: Storage) -> None:
    storage.commit(created(state={"step": 1})).result()
    assert isinstance(storage.commit(Batch(S, 2, state={"x": object()})).exception(), ProgramBug)
    later = storage.commit(Batch(S, 3, state={"step": 3}))
    with pytest.raises(StorageFault, match="earlier step"):
        later.result()
    loaded = storage.load(S)
    assert loaded is not None
    assert loaded.state == {"step": 1}
    storage.commit(Batch(S, 4, state={"step": 4})).result()
    again = storage.load(S)
    assert again is not None
    assert again.state == {"step": 4}


def test_batches_that_wait_become_one_transaction(storage: Storage) -> None:
    gate, begun = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait(10)

    storage.commit(created(on_commit=wait))
    begun.wait(10)
    connection = storage._writer._transactions._connection  # type: ignore[union-attr]  # the writing connection itself
    commits: list[int] = []

    def count() -> bool:
        commits.append(1)
        return False

    connection.set_commit_hook(count)
    futures = [storage.commit(Batch(S, number, facts=[v.order_changed(number)])) for number in range(1, 51)]
    gate.set()
    for future in futures:
        future.result()
    assert len(commits) == 1
    assert len(storage.reader().orders()) == 50


def test_a_group_with_one_full_batch_is_full_and_the_next_is_not(storage: Storage) -> None:
    connection = storage._writer._transactions._connection  # type: ignore[union-attr]  # the writing connection itself

    def synchronous() -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    seen: list[int] = []
    storage.commit(created(sync_full=True, on_commit=lambda: seen.append(synchronous()))).result()
    storage.commit(Batch(S, 2, state={}, on_commit=lambda: seen.append(synchronous()))).result()
    assert seen == [2, 1]


def test_an_error_in_what_follows_a_commit_changes_nothing(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("the window is gone")

    storage.commit(created(on_commit=fail)).result()
    assert "what follows a commit" in caplog.text
    assert storage.session_ids() == [S]


def test_a_commit_cannot_be_cancelled(storage: Storage) -> None:
    future = storage.commit(created())
    assert not future.cancel()
    future.result()


def test_closing_stores_what_waits_and_then_refuses(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path)
    futures = [storage.commit(created(str(number))) for number in range(20)]
    storage.close()
    storage.close()
    assert not (tmp_path / "assay.db-wal").exists()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(StorageFault):
        storage.commit(created("late"))
    with Storage.open(tmp_path) as again:
        assert len(again.session_ids()) == 20


def test_looking_only_beside_the_owner_sees_what_is_durable_and_takes_no_writes(
    storage: Storage, tmp_path: Path
) -> None:
    storage.commit(created(facts=[v.order_changed()])).result()
    with Storage.open(tmp_path, read_only=True) as looking:
        assert [order.order_id for order in looking.reader().orders()] == [f"{S}-1"]
        assert looking.load(S) is not None
        assert looking.verify_audit().ok
        with pytest.raises(StorageFault, match="reading only"):
            looking.commit(created("other"))


def test_a_folder_without_data_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="no Assay data"):
        Storage.open(tmp_path / "nowhere", read_only=True)
    assert not (tmp_path / "nowhere").exists()


def test_queries_run_on_the_reading_thread_when_asked(storage: Storage) -> None:
    storage.commit(created()).result()
    name = storage.read(lambda reader: (threading.current_thread().name, reader.session_ids())).result()
    assert name[0].startswith("assay-reader")
    assert name[1] == [S]


def test_a_long_read_does_not_delay_a_commit(storage: Storage) -> None:
    storage.commit(created()).result()
    with storage.reader().snapshot():
        before = storage.reader().session_ids()
        storage.commit(created("later")).result(10)
        assert storage.reader().session_ids() == before
    assert len(storage.session_ids()) == 2


def test_settings_are_small_values_by_name_and_on_record(storage: Storage) -> None:
    storage.put_setting("resume", True)
    storage.put_setting("resume", {"on": [1, None]}).result()
    assert storage.settings() == {"resume": {"on": [1, None]}}
    assert [record.kind for record in storage.audit(text="resume")] == ["SettingChanged", "SettingChanged"]


def test_every_saved_change_of_a_strategy_is_a_new_version(storage: Storage, tmp_path: Path) -> None:
    first = Strategy("Dip", "1m", "rsi(14) < 30", parameters={"x": Decimal("0.10")})
    second = replace(first, entry="rsi(14) < 25")
    one, two = storage.save_strategy(first), storage.save_strategy(second)
    assert storage.save_strategy(second) == two
    assert one != two
    assert storage.strategies() == (second,)
    versions = storage.reader().strategy_versions("Dip")
    assert [(item.number, item.version, item.strategy) for item in versions] == [(1, one, first), (2, two, second)]
    assert storage.strategy_versions("Dip") == versions
    assert storage.strategy_versions("Other") == []
    assert storage.reader().strategy(one) == first
    with pytest.raises(NotFound):
        storage.reader().strategy("nothing")
    assert storage.save_strategy(first) == one
    assert storage.strategies() == (first,)
    storage.close()
    with Storage.open(tmp_path) as again:
        assert again.strategies() == (first,)


def test_a_run_is_found_again_with_its_report(storage: Storage) -> None:
    assert storage.run() is None
    storage.put_run("key", S).result()
    run = storage.run()
    assert run is not None
    assert (run.run_key, run.session_id, run.report) == ("key", S, None)
    storage.put_run("key", S, {"trades": [], "cash": "1.10"}).result()
    finished = storage.run()
    assert finished is not None
    assert finished.report == {"trades": [], "cash": "1.10"}
    assert finished.created_at == run.created_at


def test_a_sqlite_that_can_damage_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.domain.errors import EnvironmentFault

    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(EnvironmentFault, match=r"3\.51\.3"):
        Storage.open(tmp_path)
    assert not (tmp_path / "assay.db").exists()


def test_the_models_read_the_exact_values_that_the_storage_wrote(storage: Storage, tmp_path: Path) -> None:
    from desktop.store import database as files
    from desktop.store.models import Orders

    exact = Decimal("1234567890.123456789")
    storage.commit(created(facts=[v.order_changed(1, quantity=exact), v.order_changed(2)])).result()
    database = files.connect(tmp_path / "assay.db", read_only=True)
    with database.bind_ctx([Orders]):
        found = Orders.get(Orders.quantity == exact)
        assert (found.order_id, found.quantity, found.limit_price) == (f"{S}-1", exact, None)
    database.close()

"""A session from its creation to its end, through the desk: every move that is legal, and every one that is not."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import FieldError, IllegalMove, NotFound, StorageFault, UserMistake
from desktop.domain.events import CommandTaken, SessionChanged
from desktop.domain.orders import OrderKind, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import StopChoice
from desktop.engine.views import Table
from tests.helpers.memory_store import MemoryStore
from tests.helpers.trading_floor import Floor, draft, strategy

D = Decimal


async def test_a_session_starts_and_is_running(any_floor: Floor) -> None:
    session_id = await any_floor.session()
    assert any_floor.state(session_id) == "RUNNING"


async def test_a_session_created_without_a_start_waits(floor: Floor) -> None:
    session_id = await floor.session(start=False)
    assert floor.state(session_id) == "CREATED"
    await floor.bar(99)
    await floor.quote(99)
    assert floor.orders(session_id) == []
    await floor.desk.start_session(session_id)
    assert floor.state(session_id) == "RUNNING"


async def test_it_buys_on_its_rule_at_the_next_quote_and_sells_on_the_other(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.holding(99)
    assert floor.cash(session_id) == 100_000 - 990
    await floor.bar(111)
    await floor.quote(112)
    assert floor.held(session_id) == 0
    assert floor.cash(session_id) == 100_000 - 990 + 1120
    (trade,) = floor.desk.trades()
    assert (trade.trade.pnl, trade.trade.reason) == (D(130), "rule")


async def test_pause_and_resume_between_bars(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.session()
    await floor.desk.pause_session(session_id)
    assert floor.state(session_id) == "PAUSED"
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 0
    await floor.desk.resume_session(session_id)
    await floor.bar(98)
    await floor.quote(98)
    assert floor.held(session_id) == 10


async def test_a_paused_session_still_leaves_by_its_exit_rule(floor: Floor) -> None:
    session_id = await floor.holding()
    await floor.desk.pause_session(session_id)
    await floor.bar(111)
    await floor.quote(111)
    assert floor.held(session_id) == 0


@pytest.mark.parametrize(
    ("moves", "last"),
    [
        (["start"], "start"),
        (["start"], "resume"),
        (["start", "pause"], "pause"),
        (["start", "pause"], "start"),
        (["start", "stop"], "pause"),
        (["start", "stop"], "resume"),
        (["start", "stop"], "stop"),
        ([], "pause"),
        ([], "resume"),
    ],
)
async def test_an_illegal_move_is_refused_with_a_sentence_and_changes_nothing(
    floor: Floor, moves: list[str], last: str
) -> None:
    session_id = await floor.session(start=False)
    desk = floor.desk

    async def go(move: str) -> None:
        if move == "stop":
            await desk.stop_session(session_id, StopChoice.KEEP)
        else:
            await getattr(desk, f"{move}_session")(session_id)

    for move in moves:
        await go(move)
    before = floor.state(session_id)
    with pytest.raises(IllegalMove, match="Nothing was changed"):
        await go(last)
    assert floor.state(session_id) == before
    assert not floor.told(CommandTaken)[-1].accepted


async def test_a_stopped_session_starts_again(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 0
    await floor.desk.start_session(session_id)
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 10


async def test_stop_and_flatten_sells_what_is_held(floor: Floor) -> None:
    session_id = await floor.holding()
    await floor.desk.stop_session(session_id, StopChoice.FLATTEN)
    await floor.quote(101)
    assert floor.held(session_id) == 0
    assert floor.cash(session_id) == 100_000 + 20


async def test_stop_and_keep_leaves_the_position_marked_to_the_price(floor: Floor) -> None:
    session_id = await floor.holding()
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await floor.quote(120)
    (row,) = floor.desk.positions()
    assert (row.price, row.pnl) == (D(120), D(210))


async def test_a_session_that_runs_or_holds_or_works_is_not_deleted(floor: Floor) -> None:
    session_id = await floor.holding()
    desk = floor.desk
    with pytest.raises(UserMistake, match="still RUNNING"):
        await desk.delete_session(session_id)
    await desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(50)))
    await desk.stop_session(session_id, StopChoice.KEEP)
    with pytest.raises(UserMistake, match="still holds SPY"):
        await desk.delete_session(session_id)
    await desk.close_position(session_id, "SPY")
    await floor.quote(100)
    with pytest.raises(UserMistake, match="orders at work"):
        await desk.delete_session(session_id)
    (limit,) = (item for item in floor.orders(session_id) if item.limit_price == 50)
    await desk.cancel_order(session_id, limit.order_id)
    await desk.delete_session(session_id)
    assert desk.session(session_id) is None
    assert desk.orders() == ()
    with pytest.raises(NotFound):
        await desk.delete_session(session_id)


async def test_a_deleted_session_is_gone_after_a_restart_and_its_audit_stays(any_floor: Floor) -> None:
    session_id = await any_floor.session(start=False)
    await any_floor.desk.delete_session(session_id)
    assert await any_floor.desk.audit(session_id=session_id) != () or any_floor.store.session_ids() == []
    again = await Floor(any_floor.store).open()
    assert again.desk.sessions() == ()
    await again.close()


async def test_deleting_takes_every_row_away(floor: Floor) -> None:
    session_id = await floor.holding()
    await floor.bar(111)
    await floor.quote(111)
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await floor.beat()
    assert floor.desk.trades()
    order_ids = {order.order_id for order in floor.orders(session_id)}
    trade_ids = {row.trade.trade_id for row in floor.desk.trades()}
    floor.changes.clear()
    await floor.desk.delete_session(session_id)
    await floor.beat()
    removed = {table: keys for change in floor.changes for table, keys in change.removed.items()}
    assert removed[Table.SESSIONS] == {session_id}
    assert removed[Table.ORDERS] == order_ids
    assert removed[Table.TRADES] == trade_ids


async def test_a_deleted_sessions_rules_are_no_longer_computed(floor: Floor) -> None:
    first = await floor.session(start=False)
    await floor.session(start=False, strategy=strategy(entry="sma(20) < 90"))
    evaluator = floor.runner(first).market._evaluators["SPY"]
    before = len(evaluator.rules)
    await floor.desk.delete_session(first)
    assert len(evaluator.rules) < before


async def test_a_wrong_draft_is_refused_at_its_field_and_nothing_is_created(floor: Floor) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"symbols": ("NOPE",)}, "symbols"),
        ({"symbols": ("SPY", "HANBIT")}, "symbols"),
        ({"cash": D(0)}, "cash"),
        ({"name": " "}, "name"),
        ({"strategy": strategy(entry="close <")}, "strategy"),
        ({"hours": "25:00"}, "hours"),
        ({"tick_interval": 5}, "tick_interval"),
        ({"benchmark": "NOPE"}, "benchmark"),
        ({"symbols": ()}, "symbols"),
        ({"symbols": ("SPY", "SPY")}, "symbols"),
    ]
    for changes, field in cases:
        wanted = draft(**changes)
        found = floor.desk.check_draft(wanted)
        assert field in {item.field for item in found} or field == "strategy"
        assert found
        with pytest.raises(FieldError):
            await floor.desk.create_session(wanted)
    assert floor.desk.sessions() == ()


async def test_a_feed_that_is_opened_for_a_session_is_started_and_stopped_with_its_last_session(floor: Floor) -> None:
    session_id = await floor.session(feed="replay:/data/spy.csv", start=False)
    feed = floor.feeds.opened["replay:/data/spy.csv"]
    assert feed.starts == 1
    await floor.desk.delete_session(session_id)
    assert feed.stops == 1
    assert list(floor.desk._shelf.rigs()) == ["simulator"]


async def test_a_feed_opened_for_a_draft_that_is_refused_is_let_go(floor: Floor) -> None:
    with pytest.raises(FieldError):
        await floor.session(feed="replay:/data/spy.csv", symbols=("NOPE",))
    assert list(floor.desk._shelf.rigs()) == ["simulator"]


async def test_two_sessions_that_ask_for_a_market_at_once_get_one(floor: Floor) -> None:
    await asyncio.gather(*(floor.session(feed="exchange") for _ in range(3)))
    assert list(floor.desk._shelf.rigs()) == ["simulator", "exchange"]
    rig = floor.desk._shelf.found("exchange")
    assert len(rig._seats) == 3
    assert floor.feeds.opened["exchange"].starts == 1


async def test_every_session_on_a_recording_has_it_played_to_itself(floor: Floor) -> None:
    key = "replay:/data/spy.csv"
    first = await floor.session(feed=key)
    played = floor.feeds.opened[key]
    for price in (101, 102, 103):
        floor.clock.move(1)
        played.quote("SPY", price)
        await floor.settle()
    second = await floor.session(feed=key)
    other = floor.feeds.opened[key]
    assert (played.said, other.said, played.starts, other.starts) == (3, 0, 1, 1)
    other.quote("SPY", 77)
    await floor.settle()
    names = [key, f"{key} (2)"]
    assert list(floor.desk._shelf.rigs()) == ["simulator", *names]
    rows = {row.feed: row.last for row in floor.desk.watch() if row.instrument.symbol == "SPY"}
    assert [rows[name] for name in names] == [103, 77]
    assert all(floor.desk.row("watchlist", f"{name}/SPY") is not None for name in names)
    await floor.desk.delete_session(await _stopped(floor, first))
    assert (played.stops, other.stops) == (1, 0)
    assert floor.desk._shelf.found(key, second).feed is other
    await floor.session(feed=key)
    assert list(floor.desk._shelf.rigs()) == ["simulator", names[1], names[0]]


async def _stopped(floor: Floor, session_id: str) -> str:
    await floor.desk.stop_session(session_id, StopChoice.KEEP)
    return session_id


async def test_after_a_crash_each_recording_goes_on_where_its_own_session_stood(floor: Floor) -> None:
    key = "replay:/data/spy.csv"
    ids = []
    for count in (4, 1):
        ids.append(await floor.session(feed=key))
        for number in range(count):
            floor.clock.move(1)
            floor.feeds.opened[key].quote("SPY", 101 + number)
            await floor.settle()
        await floor.desk.set_limits(ids[-1], RiskLimits(max_positions=3))  # stored with where the recording stands
    stored = [floor.store.load(item).feed_position for item in ids]
    assert stored == [{"said": 4}, {"said": 1}]
    await floor.crash()
    again = await Floor(floor.store, clock=floor.clock).open()
    stand = [again.desk._shelf.found(key, item).feed.position() for item in ids]
    assert stand == stored
    assert [again.state(item) for item in ids] == ["RUNNING", "RUNNING"]
    await again.close()


async def test_pause_all_and_resume_all_reach_every_session(floor: Floor) -> None:
    ids = [await floor.session() for _ in range(3)]
    await floor.desk.stop_session(ids[0], StopChoice.KEEP)
    await floor.desk.pause_all()
    assert [floor.state(item) for item in ids] == ["STOPPED", "PAUSED", "PAUSED"]
    assert floor.desk.running() == 2
    await floor.desk.resume_all()
    assert [floor.state(item) for item in ids] == ["STOPPED", "RUNNING", "RUNNING"]


async def test_what_happened_to_a_session_is_in_its_audit_trail(any_floor: Floor) -> None:
    session_id = await any_floor.holding()
    await any_floor.desk.pause_session(session_id)
    kinds = [record.kind for record in await any_floor.desk.audit(session_id=session_id)][::-1]
    assert kinds[:2] == ["SessionChanged", "CommandTaken"]
    assert kinds.count("FillBooked") == 1
    assert kinds.index("SignalChanged") < kinds.index("FillBooked")
    assert kinds.index("OrderChanged") < kinds.index("FillBooked")
    assert kinds[-1] == "CommandTaken"


async def test_every_fact_reaches_the_window_after_it_is_durable_and_in_order(floor: Floor) -> None:
    session_id = await floor.session()
    store = floor.store
    assert isinstance(store, MemoryStore)
    floor.facts.clear()
    store.held = True
    await floor.bar(99)
    await floor.quote(99)
    assert floor.facts == []
    assert floor.orders(session_id) == []
    assert len(store.queue) >= 2
    store.rise()
    await floor.settle()
    stored = [fact for batch in store.kept[session_id].batches for fact in batch.facts]
    assert floor.facts == stored[-len(floor.facts) :]
    assert floor.orders(session_id)[0].filled == 10


async def test_a_session_cannot_be_created_while_the_storage_takes_nothing(floor: Floor) -> None:
    floor.store.fall()
    with pytest.raises(StorageFault, match="disk is full"):
        await floor.session()
    assert floor.desk.sessions() == ()


async def test_a_session_whose_creation_could_not_be_stored_leaves_nothing_behind(floor: Floor) -> None:
    store = floor.store
    store.held = True
    creating = asyncio.ensure_future(floor.session())
    await floor.settle()
    store.fall()
    with pytest.raises(StorageFault):
        await creating
    store.rise()
    assert floor.desk.sessions() == ()
    assert not floor.rig._seats


async def test_the_state_of_a_session_is_told_with_its_reason(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.desk.pause_session(session_id)
    changed = [(fact.before.value, fact.after.value, fact.reason) for fact in floor.told(SessionChanged)]
    assert changed == [("CREATED", "RUNNING", "started"), ("RUNNING", "PAUSED", "paused by the user")]

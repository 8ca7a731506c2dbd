"""The loop of a replay: effects before the next message, commits on the way, exact resumption."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import StorageFault
from desktop.domain.events import CommandTaken, SessionChanged, SignalChanged, TradeClosed
from desktop.domain.market import HOUR, SECOND, Quote
from desktop.domain.messages import BarsClosed, Message, Quotes
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionSettings, SessionState
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Evaluate, Protection
from desktop.engine.replay_key import run_key
from desktop.engine.replay_pace import Pace
from desktop.engine.replay_run import BACKLOG, ReplayRun
from desktop.market.forming import FormingBars
from desktop.store.storage import Storage
from tests.engine.replay_kit import BEGIN, MemoryStore, bar_messages, build, quote_messages, settings_of

Rows = Sequence[tuple[int, Message]]


def facts_of(store: MemoryStore) -> list[Any]:
    return [fact for batch in store.batches for fact in batch.facts]


def whole(settings: SessionSettings, messages: Rows) -> tuple[ReplayRun, list[Any]]:
    """Run without disturbance; returns the run and the facts that are not about its own life."""
    store = MemoryStore()
    run = build(settings, messages, store)
    run.begin()
    assert run.run()
    return run, [fact for fact in facts_of(store) if not isinstance(fact, SessionChanged | CommandTaken)]


CASES = [
    pytest.param(settings_of(), bar_messages(settings_of()), id="bars"),
    pytest.param(
        settings_of(symbols=("ABC", "XYZ")), bar_messages(settings_of(symbols=("ABC", "XYZ"))), id="2-symbols"
    ),
    pytest.param(
        settings_of(evaluate=Evaluate.QUOTE, entry="high - close > 1.5", leave="close - low > 1.5"),
        quote_messages(),
        id="judged-on-quotes",
    ),
    pytest.param(settings_of(mode=ExecutionMode.MANUAL), bar_messages(settings_of()), id="manual"),
]


@pytest.mark.parametrize(("settings", "messages"), CASES)
def test_invariant_7_resumed_from_any_message_nothing_differs(
    tmp_path: Path, settings: SessionSettings, messages: list[tuple[int, Message]]
) -> None:
    undisturbed, facts = whole(settings, messages)
    draw = random.Random(len(messages))
    cuts = sorted(draw.sample(range(1, len(messages)), 10))
    resumed = 0
    run = None
    with Storage.open(tmp_path) as storage:
        for cut in (*cuts, None):
            run = build(settings, messages, storage, commit_every=7)
            stored = storage.load(settings.session_id)
            if stored is None:
                run.begin()
            else:
                run.resume(stored)
                resumed += 1
            if cut is None:
                assert run.run()
                break
            for rows, message in messages[run.done : cut]:  # what follows the last commit is lost with the run
                run.take(rows, message)
        assert resumed == 10
        assert run is not None
        assert run.unit.snapshot() == undisturbed.unit.snapshot()
        assert run.unit.core.signals == undisturbed.unit.core.signals
        assert run.tally.snapshot() == undisturbed.tally.snapshot()
        assert (run.rows, run.done, run.bars) == (undisturbed.rows, undisturbed.done, undisturbed.bars)
        records = storage.reader().audit(settings.session_id, limit=-1)
        records.reverse()
        told = [(item.kind, item.at) for item in records if item.kind not in {"SessionChanged", "CommandTaken"}]
        assert told == [(type(fact).__name__, fact.at) for fact in facts]
        points = storage.reader().equity(settings.session_id)
        assert [point.at for point in points] == sorted({point.at for point in points})
    assert facts


def test_a_resumed_run_shows_its_recovery_and_keeps_its_signals(tmp_path: Path) -> None:
    settings = settings_of(mode=ExecutionMode.MANUAL)
    settings = replace(settings, signal_ttl=30 * HOUR)
    messages = bar_messages(settings, 120)
    with Storage.open(tmp_path) as storage:
        run = build(settings, messages, storage, commit_every=1)
        run.begin()
        for rows, message in messages:
            run.take(rows, message)
            if run.unit.core.signal_book.live:
                break
        waiting = set(run.unit.core.signal_book.live)
        storage.flush()
        again = build(settings, messages, storage)
        stored = storage.load(settings.session_id)
        assert stored is not None
        again.resume(stored)
        again.settle()
        assert set(again.unit.core.signal_book.live) == waiting
        assert again.unit.core.status is SessionState.RUNNING
        moves = storage.reader().audit(settings.session_id, kind="SessionChanged")
    assert [(item.data["before"], item.data["after"]) for item in moves[:2]] == [
        ("RECOVERING", "RUNNING"),
        ("RUNNING", "RECOVERING"),
    ]


def test_a_run_that_is_over_can_be_taken_up_without_a_step(tmp_path: Path) -> None:
    settings = settings_of()
    messages = bar_messages(settings, 100)
    with Storage.open(tmp_path) as storage:
        run = build(settings, messages, storage)
        run.begin()
        assert run.run()
        count = len(storage.reader().audit(settings.session_id, limit=-1))
        stored = storage.load(settings.session_id)
        assert stored is not None
        again = build(settings, messages, storage)
        again.resume(stored)
        assert again.run()
        assert len(storage.reader().audit(settings.session_id, limit=-1)) == count
    assert again.unit.snapshot() == run.unit.snapshot()
    assert again.bars == run.bars


def test_every_commit_holds_place_state_and_facts_together() -> None:
    settings = settings_of()
    store = MemoryStore()
    run = build(settings, bar_messages(settings, 100), store, commit_every=30)
    run.begin()
    assert run.run()
    assert store.batches[0].settings == settings
    places = [batch.feed_position for batch in store.batches]
    assert [place["messages"] for place in places if place] == [0, 30, 60, 90, 120, 150, 180, 200]
    assert [place["rows"] for place in places if place] == [0, 15, 30, 45, 60, 75, 90, 100]
    assert all(place["key"] == run.key for place in places if place)
    assert [place["ended"] for place in places if place] == [False] * 7 + [True]
    assert all(batch.state and {"unit", "performance", "day"} <= set(batch.state) for batch in store.batches)


def test_time_calls_for_a_commit_where_messages_are_few() -> None:
    now = [0.0]
    settings = settings_of()
    store = MemoryStore()
    run = build(settings, bar_messages(settings, 10), store, pace=Pace(monotonic=lambda: now[0]), commit_every=1_000)
    run.begin()
    for rows, message in bar_messages(settings, 10):
        run.take(rows, message)
        now[0] += 0.1
    assert [batch.feed_position["messages"] for batch in store.batches if batch.feed_position] == [
        0,
        4,
        7,
        10,
        13,
        16,
        19,
    ]


def test_the_data_s_end_closes_nothing() -> None:
    settings = settings_of(leave="rsi(5) > 99")
    protection = Protection(stop_loss=Decimal(90))
    settings = replace(settings, strategy=replace(settings.strategy, protection=protection))
    store = MemoryStore()
    run = build(settings, bar_messages(settings, 100), store)
    run.begin()
    assert run.run()
    assert run.unit.core.positions
    assert run.unit.core.triggers
    assert run.unit.core.status is SessionState.STOPPED
    assert not any(isinstance(fact, TradeClosed) for fact in facts_of(store))


def test_timers_due_before_a_message_run_first_and_at_their_time() -> None:
    settings = settings_of(mode=ExecutionMode.MANUAL)
    store = MemoryStore()
    run = build(settings, bar_messages(settings), store)
    run.begin()
    assert run.run()
    ends = [
        fact.signal
        for fact in facts_of(store)
        if isinstance(fact, SignalChanged) and fact.signal.state is SignalState.EXPIRED
    ]
    assert ends
    assert {signal.updated_at - signal.created_at for signal in ends[:-1]} == {60 * SECOND}


def test_asked_to_stop_it_commits_and_says_that_it_is_not_over() -> None:
    settings = settings_of()
    messages = bar_messages(settings, 50)
    pace = Pace()
    store = MemoryStore()

    def until_asked() -> Any:
        for number, item in enumerate(messages):
            if number == 33:
                pace.stop()
            yield item

    run = build(settings, until_asked(), store, pace=pace)
    run.begin()
    assert not run.run()
    place = store.batches[-1].feed_position
    assert place is not None
    assert (place["messages"], place["ended"]) == (33, False)
    run.settle()
    assert len(store.batches) == 3  # nothing new: nothing is committed


def test_a_paced_run_waits_for_message_time_and_commits_while_it_waits() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    settings = settings_of()
    store = MemoryStore()
    pace = Pace(float(HOUR // SECOND), monotonic=lambda: now[0], sleep=sleep)  # an hour a second
    run = build(settings, bar_messages(settings, 11), store, pace=pace, commit_every=1_000)
    run.begin()
    assert run.run()
    assert now[0] == pytest.approx(10.0)
    places = [batch.feed_position["messages"] for batch in store.batches if batch.feed_position]
    assert places == sorted(set(places))
    assert {0, *range(2, 21, 2), 22} <= set(places)  # nothing is left uncommitted for the long waits


def test_fault_7_a_commit_that_fails_ends_the_run_with_its_sentence() -> None:
    settings = settings_of()
    store = MemoryStore()
    run = build(settings, bar_messages(settings, 100), store, commit_every=10)
    run.begin()
    store.failing = StorageFault("The disk is full.")
    with pytest.raises(StorageFault, match="disk is full"):
        run.run()


def test_it_waits_for_the_store_when_too_many_commits_are_under_way() -> None:
    settings = settings_of()

    class Slow(MemoryStore):
        def __init__(self) -> None:
            super().__init__()
            self.waiting: list[Any] = []
            self.most = 0

        def commit(self, batch: Any) -> Any:
            from concurrent.futures import Future

            slow = self

            class Late(Future[None]):
                def result(self, timeout: float | None = None) -> None:
                    slow.waiting.remove(self)
                    if not self.done():
                        self.set_result(None)

            future = Late()
            self.waiting.append(future)
            self.most = max(self.most, len(self.waiting))
            return future

    store = Slow()
    run = build(settings, bar_messages(settings, 100), store, commit_every=5)
    run.begin()
    assert run.run()
    assert store.most == BACKLOG + 1
    assert store.waiting == []


def test_each_crash_point_of_an_order_is_passed_in_order() -> None:
    reached: list[str] = []
    settings = settings_of()
    run = build(settings, bar_messages(settings, 60), MemoryStore())
    run._reach = reached.append
    run.begin()
    assert run.run()
    assert reached[0] == "while-sending"
    first = reached.index("after-send")
    assert reached[first : first + 3] == ["after-send", "before-intent", "after-intent"]


def test_lasting_blocks_are_counted_bar_by_bar() -> None:
    settings = settings_of(entry="close > 0", leave="close < 0", limits=RiskLimits(max_order_value=Decimal(5)))
    run, _ = whole(settings, bar_messages(settings, 50))
    assert run.tally.blocks == {"order value": 50}


def test_the_equity_curve_has_a_point_for_every_day_and_trade() -> None:
    settings = settings_of()
    store = MemoryStore()
    run = build(settings, bar_messages(settings, 200), store)
    run.begin()
    assert run.run()
    points = [point for batch in store.batches for point in batch.equity]
    days = {point.at // (24 * HOUR) for point in points}
    assert len(days) >= 200 // 24
    exits = {fact.at for fact in facts_of(store) if isinstance(fact, TradeClosed)}
    assert exits <= {point.at for point in points}
    assert all(point.benchmark > 0 for point in points)


def test_equal_runs_have_equal_keys_and_every_option_is_part_of_them() -> None:
    settings = settings_of()
    key = run_key(settings, ["a"])
    assert run_key(replace(settings, session_id="other", name="other", feed="replay:elsewhere"), ["a"]) == key
    others = [
        run_key(settings, ["b"]),
        run_key(replace(settings, seed=2), ["a"]),
        run_key(replace(settings, cash=Decimal(5)), ["a"]),
        run_key(replace(settings, hours="XNYS"), ["a"]),
        run_key(replace(settings, mode=ExecutionMode.MANUAL), ["a"]),
        run_key(replace(settings, limits=RiskLimits.prudent()), ["a"]),
        run_key(settings_of(entry="rsi(6) < 30"), ["a"]),
    ]
    assert len({key, *others}) == 8


@pytest.mark.interpreted
def test_a_burst_of_quotes_is_judged_quote_by_quote_with_its_own_forming_bar() -> None:
    settings = settings_of(evaluate=Evaluate.QUOTE, entry="close > 0")
    seen: list[tuple[int, float]] = []
    run = build(settings, quote_messages(3), MemoryStore())
    step = run.unit.step
    forming = run._forming
    assert forming is not None

    def watching(message: Message) -> Any:
        if isinstance(message, Quotes):
            (quote,) = message.quotes
            bar = forming("ABC")
            assert bar is not None
            seen.append((bar.start, bar.close - quote.mid))
        elif isinstance(message, BarsClosed):
            assert forming("ABC") is None
        return step(message)

    run.unit.step = watching  # type: ignore[method-assign]  # a look at what passes
    run.begin()
    assert run.run()
    assert len(seen) == 36
    assert {difference for _, difference in seen} == {0.0}
    assert {start for start, _ in seen} == {BEGIN, BEGIN + HOUR, BEGIN + 2 * HOUR}


def test_resumed_inside_a_bar_the_forming_bar_is_the_same(tmp_path: Path) -> None:
    settings = settings_of(evaluate=Evaluate.QUOTE)
    messages = quote_messages(5)
    inside = 4 * 3 + 2  # two bursts into the fourth bar
    with Storage.open(tmp_path) as storage:
        run = build(settings, messages, storage, commit_every=1)
        run.begin()
        for rows, message in messages[:inside]:
            run.take(rows, message)
        stored = storage.load(settings.session_id)
        assert stored is not None
        again = build(settings, messages, storage)
        again.resume(stored)
        again.settle()
    assert run._forming is not None
    assert again._forming is not None
    assert run._forming("ABC") is not None
    assert again._forming("ABC") == run._forming("ABC")


def test_the_volume_of_a_forming_bar_of_prints_is_what_was_traded() -> None:
    forming = FormingBars("1h", {"ABC": "UTC"}, sized=True)
    forming.add(Quote("ABC", BEGIN + 1, 10.0, 10.0, 300.0, 300.0))
    forming.add(Quote("ABC", BEGIN + 2, 11.0, 11.0, 45.0, 45.0))
    bar = forming("ABC")
    assert bar is not None
    assert (bar.high, bar.volume) == (11.0, 345.0)

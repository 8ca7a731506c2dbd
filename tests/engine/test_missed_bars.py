"""Bars of a real market that closed while the program was away: asked for, so that the rules see no hole."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from desktop.domain.errors import EnvironmentFault
from desktop.domain.market import MINUTE, Bar, FeedOrigin
from desktop.engine.session_market import NO_BARS
from desktop.rules.stream import StreamEvaluator
from tests.helpers.memory_store import MemoryStore
from tests.helpers.scripted_feed import ScriptedFeed
from tests.helpers.trading_floor import Floor, strategy


async def away(store: MemoryStore, minutes: float) -> tuple[Floor, str]:
    """Return a floor that was opened again after the program had been away, and its session."""
    floor = await Floor(store).open()
    session_id = await floor.session()
    await floor.bar(104.0)
    await floor.bar(103.0)
    await floor.crash()
    floor.clock.move(minutes * 60)
    again = await Floor(store, clock=floor.clock).open()
    await again.settle()
    return again, session_id


def starts(floor: Floor, session_id: str) -> Sequence[int]:
    columns = floor.runner(session_id).market.bars("SPY")
    assert columns is not NO_BARS
    return [int(at) for at in columns.start]


async def test_bars_that_closed_meanwhile_are_part_of_the_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedFeed, "origin", FeedOrigin.REAL_TIME)
    store = MemoryStore()
    floor, session_id = await away(store, 7)

    found = starts(floor, session_id)
    assert [after - before for before, after in itertools.pairwise(found)] == [MINUTE] * (len(found) - 1)
    assert found[-1] == floor.clock.now() // MINUTE * MINUTE - MINUTE
    await floor.bar(102.0)
    stored = store.load(session_id)
    assert stored is not None
    assert [bar.start for bar in stored.bars["SPY"]][-9:] == starts(floor, session_id)[-9:]
    await floor.close()


async def test_nothing_is_asked_for_of_a_market_that_stands_still_meanwhile() -> None:
    floor, session_id = await away(MemoryStore(), 7)

    assert starts(floor, session_id)[-1] < floor.clock.now() - 7 * MINUTE
    await floor.close()


async def test_a_feed_that_cannot_be_asked_does_not_keep_the_session_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedFeed, "origin", FeedOrigin.REAL_TIME)
    store = MemoryStore()
    floor = await Floor(store).open()
    session_id = await floor.session()
    await floor.bar(104.0)
    await floor.crash()
    floor.clock.move(600)

    async def unreachable(*_: object) -> Sequence[Bar]:
        raise EnvironmentFault("It cannot be reached.")

    monkeypatch.setattr(ScriptedFeed, "history", unreachable)
    again = await Floor(store, clock=floor.clock).open()
    await again.settle()

    assert again.state(session_id) == "RUNNING"
    await again.bar(102.0)
    assert starts(again, session_id)[-1] == again.clock.now() // MINUTE * MINUTE - MINUTE
    await again.close()


# while it runs ----------------------------------------------------------------------------------------------------
async def lost(monkeypatch: pytest.MonkeyPatch, minutes: int, **changes: Any) -> tuple[Floor, str]:
    """Return a floor whose feed lost its connection some minutes ago, and its session."""
    monkeypatch.setattr(ScriptedFeed, "origin", FeedOrigin.REAL_TIME)
    floor = await Floor(MemoryStore()).open()
    session_id = await floor.session(**changes)
    await floor.bar(104.0)
    await floor.bar(103.0)
    say(floor, "reconnecting")
    for _ in range(minutes):
        await floor.tick(60)
    return floor, session_id


def say(floor: Floor, state: str) -> None:
    assert floor.feed.listener is not None
    floor.feed.listener.on_state(state, "")


def whole(found: Sequence[int]) -> bool:
    return [after - before for before, after in itertools.pairwise(found)] == [MINUTE] * (len(found) - 1)


async def stored_of(floor: Floor, session_id: str) -> list[int]:
    await floor.tick(2)
    stored = floor.store.load(session_id)
    assert stored is not None
    return sorted(bar.start for bar in stored.bars["SPY"])


async def test_bars_that_closed_while_the_feed_was_away_are_filled_in_and_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor, session_id = await lost(monkeypatch, 5)
    before = len(starts(floor, session_id))
    say(floor, "connected")
    await floor.settle()
    found = starts(floor, session_id)
    assert len(found) == before + 5
    assert whole(found)
    assert whole(await stored_of(floor, session_id))
    await floor.bar(102.0)
    assert whole(starts(floor, session_id))
    assert not floor.errors
    await floor.close()


async def test_rules_say_the_same_as_if_no_bar_had_been_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    floor, session_id = await lost(monkeypatch, 5, strategy=strategy(entry="sma(5) < 90"))
    say(floor, "connected")
    await floor.bar(102.0)  # one closes before the answer is worked in
    runner = floor.runner(session_id)
    evaluator = runner.market._evaluators["SPY"]
    stored = await stored_of(floor, session_id)
    columns = runner.market.bars("SPY")
    assert evaluator.bars == len(stored) == len(columns)
    fresh = StreamEvaluator(timeframe="1m")
    fresh.seed(columns)
    for rule in runner.rules:
        fresh.add(rule, columns)
    nodes = list(fresh._graph.cells)
    assert [evaluator.value(node) for node in nodes] == [fresh.value(node) for node in nodes]
    assert any(100.0 < fresh.value(node) < 105.0 for node in nodes)
    await floor.close()


async def test_nothing_is_bought_on_a_bar_that_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    floor, session_id = await lost(monkeypatch, 5)
    floor.feed.level = 99.0  # the past says: buy
    say(floor, "connected")
    await floor.settle()
    assert whole(starts(floor, session_id))
    assert not floor.orders(session_id)
    await floor.close()


async def test_bars_that_cannot_be_had_at_once_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    floor, session_id = await lost(monkeypatch, 5)
    history, asked = ScriptedFeed.history, []

    async def unreachable(feed: ScriptedFeed, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        asked.append(symbol)
        if len(asked) < 3:
            raise EnvironmentFault("It cannot be reached.")
        return await history(feed, symbol, timeframe, bars)

    monkeypatch.setattr(ScriptedFeed, "history", unreachable)
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    floor.desk._backfill._pause = pause
    say(floor, "connected")
    await floor.settle()
    assert (len(asked), waits) == (3, [5.0, 30.0])
    assert whole(starts(floor, session_id))
    await floor.close()


async def test_bars_that_could_not_be_had_are_asked_for_with_those_of_the_next_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor, session_id = await lost(monkeypatch, 5)
    history, reachable = ScriptedFeed.history, False

    async def asked(feed: ScriptedFeed, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        if not reachable:
            raise EnvironmentFault("It cannot be reached.")
        return await history(feed, symbol, timeframe, bars)

    async def pause(_: float) -> None: ...

    monkeypatch.setattr(ScriptedFeed, "history", asked)
    floor.desk._backfill._pause = pause
    say(floor, "connected")
    await floor.bar(102.0)
    assert not whole(starts(floor, session_id))
    say(floor, "reconnecting")
    reachable = True
    await floor.tick(120)
    say(floor, "connected")
    await floor.settle()
    assert whole(starts(floor, session_id))
    assert whole(await stored_of(floor, session_id))
    await floor.close()

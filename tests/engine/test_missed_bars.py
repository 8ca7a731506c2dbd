"""Bars of a real market that closed while the program was away: asked for, so that the rules see no hole."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from desktop.domain.errors import EnvironmentFault
from desktop.domain.market import MINUTE, Bar, FeedOrigin
from desktop.engine.session_market import NO_BARS
from tests.helpers.memory_store import MemoryStore
from tests.helpers.scripted_feed import ScriptedFeed
from tests.helpers.trading_floor import Floor


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

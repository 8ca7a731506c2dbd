"""How the window is told what changed: at each beat, at every second one while that takes long, in several turns."""

from __future__ import annotations

import asyncio
import time

import pytest

from desktop.engine.desk import HOLD, MUCH
from desktop.engine.views import Changes, Table
from tests.helpers.trading_floor import Floor


async def test_a_window_that_takes_long_is_told_at_every_second_beat_and_misses_nothing() -> None:
    floor = await Floor().open()
    heard: list[Changes] = []

    def slow(changes: Changes) -> None:
        heard.append(changes)
        until = time.thread_time() + 2 * MUCH
        while time.thread_time() < until:
            pass

    end = floor.desk.follow(slow)
    collector, beat = floor.desk._changes, floor.desk._tell
    assert floor.desk._beat is not None
    floor.desk._beat.cancel()  # the beats are those of this test
    collector.flush()
    heard.clear()
    collector.changed(Table.WATCH, "first")
    beat()
    collector.changed(Table.WATCH, "second")
    beat()
    assert len(heard) == 1
    collector.changed(Table.WATCH, "third")
    beat()
    assert {"second", "third"} <= heard[1].changed[Table.WATCH]
    end()
    beat()  # this one rests
    floor.changes.clear()
    for name in ("fourth", "fifth"):
        collector.changed(Table.WATCH, name)
        beat()
    told = [changes.changed.get(Table.WATCH, frozenset()) for changes in floor.changes]
    assert ["fourth" in told[0], "fifth" in told[1]] == [True, True]
    await floor.close()


async def test_panels_that_take_long_are_told_in_turns_of_their_own() -> None:
    floor = await Floor().open()
    heard: list[str] = []
    all_told = asyncio.Event()

    def slow(name: str) -> None:
        heard.append(name)
        until = time.perf_counter() + 1.5 * HOLD
        while time.perf_counter() < until:
            pass
        asyncio.get_running_loop().call_soon(heard.append, "others")

    assert floor.desk._beat is not None
    floor.desk._beat.cancel()  # the beats are those of this test
    floor.desk._changes.flush()
    for name in ("chart", "table"):
        floor.desk.follow(lambda _, name=name: slow(name))  # type: ignore[misc]  # mypy cannot infer a default's type
    floor.desk.follow(lambda _: slow("card"), first=True)
    floor.desk.follow(lambda _: all_told.set())
    floor.desk._changes.status()
    floor.desk._tell()
    assert heard == ["card"]
    floor.desk._tell()
    assert heard == ["card"], "a beat meanwhile tells nobody twice"
    await asyncio.wait_for(all_told.wait(), 30)
    assert heard == ["card", "others", "chart", "others", "table", "others"]
    await floor.close()


async def test_a_desk_that_is_closed_in_the_middle_of_a_telling_tells_nobody_more() -> None:
    floor = await Floor().open()
    heard: list[str] = []

    def slow(name: str) -> None:
        heard.append(name)
        until = time.perf_counter() + 1.5 * HOLD
        while time.perf_counter() < until:
            pass

    assert floor.desk._beat is not None
    floor.desk._beat.cancel()
    floor.desk._changes.flush()
    floor.desk.follow(lambda _: slow("first"))
    floor.desk.follow(lambda _: slow("second"))
    floor.desk._changes.status()
    floor.desk._tell()
    assert floor.desk._telling is not None
    await floor.close()
    assert floor.desk._telling.cancelled()
    floor.desk._tell_on()
    assert heard == ["first"]


async def test_fault_32_a_telling_that_came_to_a_fault_goes_on_with_the_next_beat() -> None:
    floor = await Floor().open()
    heard: list[str] = []

    def broken(_: Changes) -> None:
        raise ValueError("a panel broke")

    def confused(error: BaseException, _: object) -> None:
        raise RuntimeError("and so did who hears of it") from error

    assert floor.desk._beat is not None
    floor.desk._beat.cancel()
    floor.desk._changes.flush()
    floor.desk._changes._on_error = confused
    floor.desk.follow(broken)
    floor.desk.follow(lambda _: heard.append("the next"))
    floor.desk._changes.status()
    with pytest.raises(RuntimeError, match="who hears of it"):
        floor.desk._tell()
    assert heard == []
    floor.desk._tell()
    assert heard == ["the next"]
    await floor.close()

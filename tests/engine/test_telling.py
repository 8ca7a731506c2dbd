"""How often the window is told what changed: at every beat, and at every second one while that takes much time."""

from __future__ import annotations

import time

from desktop.engine.desk import MUCH
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

"""Restarts that a second pair of eyes asked about: a clock that went back, a kill switch that was latched meanwhile."""

from __future__ import annotations

import time
from pathlib import Path

from desktop.app import program
from desktop.domain.market import HOUR
from desktop.engine.clock import SystemClock


async def test_fault_25_a_program_started_on_a_clock_that_stands_behind_what_is_stored_goes_on_from_there(
    tmp_path: Path,
) -> None:
    ahead = SystemClock(wall=lambda: time.time() + 7_200)
    async with program(tmp_path, clock=ahead) as running:
        await running.desk.open()
        stored = ahead.now()
    clock = SystemClock()
    assert clock.now() < stored - HOUR
    async with program(tmp_path, clock=clock) as running:
        await running.desk.open()
        (runner,) = running.desk._manager.runners().values()
        assert stored <= runner.unit.core.now <= clock.now()
        assert all(runner.market.rig.hub.age(symbol, clock.now()) >= 0 for symbol in runner.symbols)
        assert runner.market.rig.now() >= max(bar.end for bar in runner.market.bars_after(min(runner.symbols), -1))

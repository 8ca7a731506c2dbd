"""Restarts that a second pair of eyes asked about: a clock that went back, a kill switch that was latched meanwhile."""

from __future__ import annotations

import time
from pathlib import Path

from desktop.app import program
from desktop.domain.market import HOUR
from desktop.engine.clock import SystemClock
from tests.helpers.trading_floor import Floor


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


async def test_invariant_9_a_session_that_is_restarted_has_the_kill_switch_before_it_runs_again(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.quote(100)
    old = floor.runner(session_id)
    old._fail(ZeroDivisionError("planted"))
    await floor.desk.engage_kill()
    manager = floor.desk._manager
    seen: list[bool] = []
    manager._recovering = lambda: seen.append(floor.runner(session_id).unit.core.state.kill)
    await manager._reload(old)
    assert seen == [True]
    await floor.bar(80)
    await floor.quote(80)
    assert floor.held(session_id) == 0

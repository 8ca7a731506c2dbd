"""What a live order costs: the check of the account's limits, and the way to a durable intent."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from pathlib import Path

from desktop.domain.accounts import AccountLimits
from desktop.domain.commands import PlaceOrder
from desktop.domain.orders import Purpose, Side
from desktop.store.storage import Storage
from desktop.trading.order_request import OrderRequest
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF

D = Decimal
SESSIONS = 100
LIMITS = AccountLimits(max_allocation=D(90), max_order_value=D(50_000), max_daily_loss=D(5), max_positions=30)


async def test_a_check_with_a_hundred_sessions_on_one_account_takes_under_a_millisecond() -> None:
    floor = LiveFloor()
    floor.venue.cash = D(1_000_000)
    await floor.open()
    ids = [await floor.live(name=f"Session {number}") for number in range(SESSIONS)]
    await floor.desk.set_account_limits(REF.key, LIMITS)
    await floor.bar(99.0)
    gate = floor.runner(ids[0]).unit.core.gate
    request = OrderRequest("SPY", Side.BUY, Purpose.ENTRY, D(1))
    took = []
    for _ in range(300):
        began = time.perf_counter()
        decision = gate.check(request)
        took.append(time.perf_counter() - began)
        assert decision.passes
    middle = sorted(took)[len(took) // 2]
    print(f"risk check, {SESSIONS} holding sessions on one account: median {middle * 1e3:.3f} ms")
    assert middle < 1e-3
    await floor.close()


async def test_an_order_is_a_durable_intent_and_on_its_way_within_milliseconds(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path / "data")
    floor = LiveFloor(storage)
    await floor.open()
    session_id = await floor.live()
    await floor.quote(99.0)
    sent: list[float] = []
    floor.broker.watch = lambda _: sent.append(time.perf_counter())
    took = []
    for number in range(60):
        floor.clock.move(1)
        began = time.perf_counter()
        await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
        while len(sent) <= number:  # noqa: ASYNC110 - the end is seen by the broker, which is no event here
            await asyncio.sleep(0)
        took.append(sent[-1] - began)
    took.sort()
    print(f"order to broker over two durable commits: median {took[30] * 1e3:.1f} ms, p99 {took[-1] * 1e3:.1f} ms")
    assert took[30] < 0.1
    await floor.close()
    storage.close()

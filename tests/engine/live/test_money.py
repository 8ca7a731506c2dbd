"""What is shown of an account's money follows its executions, not only the comparison of every minute."""

from __future__ import annotations

from tests.helpers.live_floor import LiveFloor
from tests.helpers.trading_floor import D


def reads(floor: LiveFloor) -> int:
    return len([call for call in floor.broker.calls if call == "read"])


async def resting(floor: LiveFloor) -> str:
    """Let a session's order rest at the broker; return its id."""
    session_id = await floor.live()
    floor.broker.fill = None
    await floor.bar(99.0)
    return floor.order(session_id).order_id


async def test_after_a_fill_the_account_is_read_again_within_seconds(floor: LiveFloor) -> None:
    order_id = await resting(floor)
    floor.broker.trade(order_id, D(10), D(99))
    floor.venue.prices["SPY"] = D(98)
    await floor.settle()
    compared = floor.account.reconciled_at
    assert floor.account.info is not None
    assert floor.account.info.cash == D(100_000)
    floor.clock.move(1.5)
    await floor.settle()
    info = floor.account.info
    assert (info.cash, info.equity) == (D(100_000 - 990), D(100_000 - 10))
    assert floor.account.day_change is not None
    assert floor.account.reconciled_at == compared  # by a reading of its own, in which nothing is compared


async def test_a_rush_of_fills_is_one_reading_and_the_last_of_them_is_in_the_next(floor: LiveFloor) -> None:
    order_id = await resting(floor)
    before = reads(floor)
    for _ in range(9):
        floor.broker.trade(order_id, D(1), D(99))
        await floor.settle()
    floor.clock.move(1)
    await floor.settle()
    assert reads(floor) == before + 1
    floor.broker.trade(order_id, D(1), D(99))
    for _ in range(4):
        floor.clock.move(1)
        await floor.settle()
    assert reads(floor) == before + 1
    for _ in range(3):
        floor.clock.move(1)
        await floor.settle()
    assert reads(floor) == before + 2
    assert floor.account.info is not None
    assert floor.account.info.cash == D(100_000 - 990)


async def test_a_reading_that_fails_is_left_to_the_next_comparison(floor: LiveFloor) -> None:
    order_id = await resting(floor)
    floor.broker.trade(order_id, D(10), D(99))
    await floor.settle()
    floor.broker.script("read", "502")
    floor.clock.move(1.5)
    await floor.settle()
    assert floor.account.info is not None
    assert floor.account.info.cash == D(100_000)
    await floor.tick(61)
    assert floor.account.info.cash == D(100_000 - 990)
    assert not floor.errors

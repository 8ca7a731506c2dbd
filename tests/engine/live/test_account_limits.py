"""Limits of a whole account, and the acceptance scenarios of live trading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from desktop.domain.accounts import AccountLimits
from desktop.domain.events import Blocked, Warned
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR
from desktop.domain.orders import OrderStatus
from desktop.domain.risk import RiskLimits
from desktop.domain.strategies import Protection
from tests.helpers.fake_clock import FakeClock
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.trading_floor import D, strategy

MANY = 50
SYMBOLS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")


@asynccontextmanager
async def opened(**options: object) -> AsyncIterator[LiveFloor]:
    floor = LiveFloor(**options)  # type: ignore[arg-type]  # options of the test
    await floor.open()
    yield floor
    await floor.close()


def blocks(floor: LiveFloor, session_id: str) -> list[Blocked]:
    return [item for item in floor.runner(session_id).book.blocks if isinstance(item, Blocked)]


@pytest.mark.parametrize(
    ("limits", "power", "fit"),
    [
        (AccountLimits(max_allocation=D(10)), None, 10),  # 990 each, 10,000 of 100,000
        (AccountLimits(), D(5_000), 5),
        (AccountLimits(max_order_value=D(500)), None, 0),
        (AccountLimits(max_allocation=D(20)), D(15_000), 15),
    ],
)
async def test_invariant_5_fifty_sessions_signalling_in_one_instant_never_exceed_the_account(
    floor: LiveFloor, limits: AccountLimits, power: object, fit: int
) -> None:
    ids = [await floor.live(name=f"Session {number}") for number in range(MANY)]
    floor.venue.buying_power = power
    await floor.desk.reconcile(REF.key)
    await floor.desk.set_account_limits(REF.key, limits)
    await floor.bar(99.0)
    assert len(floor.venue.posts) == fit
    assert sum(floor.held(item) for item in ids) == 10 * fit
    stopped = [item for item in ids if any(block.block.check == "account limit" for block in blocks(floor, item))]
    assert len(stopped) == MANY - fit
    floor.venue.check_no_duplicates()


async def test_invariant_5_unknown_orders_count_against_the_account(floor: LiveFloor) -> None:
    first, second = await floor.live(name="First"), await floor.live(name="Second")
    await floor.desk.set_account_limits(REF.key, AccountLimits(max_allocation=D("1.5")))
    floor.broker.script("submit", "lose request")
    await floor.bar(99.0)
    assert floor.order(first).status is OrderStatus.UNKNOWN
    assert floor.orders(second) == []


async def test_with_five_of_five_positions_open_the_sixth_entry_is_blocked_and_logged() -> None:
    instruments = [Instrument(symbol) for symbol in SYMBOLS]
    async with opened(instruments=instruments) as floor:
        session_id = await floor.live(symbols=SYMBOLS, limits=RiskLimits(max_positions=5))
        for symbol in SYMBOLS:
            await floor.bar(99.0, symbol=symbol)
        assert len(floor.venue.positions()) == 5
        block = blocks(floor, session_id)[-1]
        assert (block.symbol, block.block.check, block.block.value, block.block.limit) == (
            "FFF",
            "max positions",
            "5",
            "5",
        )
        audit = await floor.desk.audit(session_id=session_id, text="max positions")
        assert audit


async def test_at_a_loss_of_five_and_a_half_of_five_per_cent_entries_are_off_and_exits_alive(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    await floor.desk.set_account_limits(REF.key, AccountLimits(max_daily_loss=D(5)))
    floor.venue.day_start = D("105820.11")  # by the broker's word the account stood there at the last close
    await floor.tick(61)
    warned = [fact for fact in floor.told(Warned) if fact.topic == "daily loss"]
    assert len(warned) == 1
    assert "5.50 %" in warned[0].sentence
    other = await floor.live(name="Other")
    await floor.bar(98.0)
    assert floor.orders(other) == []
    assert blocks(floor, other)[-1].block.check == "account limit"
    floor.venue.prices["SPY"] = D(111)
    await floor.bar(111.0)
    assert floor.held(session_id) == 0
    fresh = await floor.again()
    await fresh.tick(61)
    await fresh.bar(98.0)
    assert len(fresh.venue.posts) == 2
    await fresh.close()


async def test_a_sessions_own_loss_of_the_day_halts_its_entries_and_no_exit(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(cash=D(1_000), limits=RiskLimits(max_daily_loss=D(5)))
    await floor.quote(93.5)  # 10 units, 5.5 lost of 1,000 each percent
    await floor.quote(93.4)
    assert [fact.topic for fact in floor.told(Warned)].count("daily loss") == 1
    floor.venue.prices["SPY"] = D(111)
    await floor.bar(111.0)
    assert floor.held(session_id) == 0
    await floor.bar(99.0)
    assert len(floor.venue.posts) == 2


async def test_after_the_hours_no_order_leaves_and_exits_are_held_and_shown() -> None:
    seoul_three = 1_700_028_000_000_000  # 15:00 in Seoul on a Wednesday
    clock = FakeClock(seoul_three)
    async with opened(clock=clock) as floor:
        session_id = await floor.live(
            hours="09:00-15:30@Asia/Seoul", strategy=strategy(protection=Protection(stop_loss=D(5)))
        )
        await floor.bar(99.0)
        assert floor.held(session_id) == 10
        clock.at = seoul_three + HOUR
        floor.venue.prices["SPY"] = D(111)
        await floor.bar(111.0)
        assert len(floor.venue.posts) == 1
        assert [card.signal.held_by for card in floor.desk.signals()] == ["outside hours"]
        await floor.desk.close_position(session_id, "SPY")
        await floor.quote(80.0)
        assert len(floor.venue.posts) == 1
        (trigger,) = floor.runner(session_id).unit.core.triggers.values()
        assert trigger.held_by == "outside hours"
        clock.at = seoul_three + 18 * HOUR + 60_000_000  # a minute past nine, next day
        await floor.quote(111.0)
        await floor.tick()
        assert floor.held(session_id) == 0
        floor.venue.check_no_duplicates()


async def test_before_the_account_was_read_nothing_is_bought(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.link.room._info = None
    await floor.bar(99.0)
    assert not floor.venue.posts
    assert blocks(floor, session_id)[-1].block.value == "not read"


async def test_an_account_the_broker_has_blocked_buys_nothing(floor: LiveFloor) -> None:
    session_id = await floor.live()
    assert floor.link.info is not None
    floor.link.room._info = replace(floor.link.info, blocked="pattern day trader")
    await floor.bar(99.0)
    assert "pattern day trader" in blocks(floor, session_id)[-1].block.sentence
    assert not floor.venue.posts

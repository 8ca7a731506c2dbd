"""Trading halts that a feed tells of, on paper: held as in live trading, also over a restart and for who comes late."""

from __future__ import annotations

from desktop.domain.commands import PlaceOrder
from desktop.domain.events import Blocked, Warned
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import Check
from desktop.domain.strategies import Protection
from tests.helpers.trading_floor import D, Floor, strategy


def told(floor: Floor) -> list[str]:
    return [fact.sentence for fact in floor.told(Warned) if fact.topic == "halt"]


async def test_fault_24_a_halt_blocks_entries_on_paper_until_trading_goes_on() -> None:
    floor = await Floor().open()
    session_id = await floor.session()
    floor.feed.halt("SPY", "news pending")
    await floor.bar(99.0)
    assert [fact.block.check for fact in floor.told(Blocked)] == [Check.HALT]
    assert not floor.orders(session_id)
    floor.feed.halt("SPY")
    await floor.bar(105.0)
    await floor.bar(99.0)
    await floor.quote(99.0)
    assert floor.held(session_id) == 10
    assert told(floor) == [
        "Trading in SPY is halted: news pending. Exits and stops are held and stay armed.",
        "Trading in SPY goes on.",
    ]
    await floor.close()


async def test_fault_24_a_stop_stays_armed_over_a_restart_in_a_halt_on_paper() -> None:
    floor = await Floor().open()
    session_id = await floor.holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.feed.halt("SPY", "news pending")
    await floor.quote(90.0)
    await floor.close()
    again = await Floor(floor.store, clock=floor.clock).open()
    await again.quote(90.0)
    (trigger,) = again.runner(session_id).unit.core.triggers.values()
    assert trigger.held_by == "trading halt"
    assert again.held(session_id) == 10
    again.feed.halt("SPY")
    await again.quote(90.0)
    await again.quote(90.0)
    assert again.held(session_id) == 0
    await again.close()


async def test_fault_24_an_order_that_rests_on_paper_fills_only_after_the_halt() -> None:
    floor = await Floor().open()
    session_id = await floor.session()
    await floor.quote(105.0)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, limit_price=D(100)))
    floor.feed.halt("SPY", "news pending")
    await floor.quote(99.0)
    assert floor.orders(session_id)[0].status is OrderStatus.NEW
    floor.feed.halt("SPY")
    await floor.quote(99.0)
    assert floor.orders(session_id)[0].status is OrderStatus.FILLED
    await floor.close()


async def test_fault_24_a_session_that_comes_to_a_halted_market_is_told() -> None:
    floor = await Floor().open()
    await floor.session()
    floor.feed.halt("SPY", "news pending")
    await floor.settle()
    second = await floor.session()
    assert floor.runner(second).unit.core.halts.reason("SPY") == "news pending"
    await floor.close()


async def test_fault_24_that_trading_goes_on_is_heard_also_while_the_storage_is_down() -> None:
    floor = await Floor().open()
    session_id = await floor.holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.feed.halt("SPY", "news pending")
    await floor.quote(97.0)
    floor.store.fall()
    floor.feed.halt("SPY")
    await floor.quote(97.0)
    floor.store.rise()
    await floor.quote(90.0)
    await floor.quote(90.0)
    assert floor.held(session_id) == 0
    assert len(told(floor)) == 2
    await floor.close()


async def test_fault_24_a_halt_that_begins_while_the_storage_is_down_holds_once_it_is_up_again() -> None:
    floor = await Floor().open()
    session_id = await floor.session()
    await floor.quote(105.0)
    floor.store.fall()
    floor.feed.halt("SPY", "news pending")
    await floor.quote(105.0)
    floor.store.rise()
    await floor.tick()
    assert floor.runner(session_id).unit.core.halts.reason("SPY") == "news pending"
    await floor.bar(99.0)
    assert not floor.orders(session_id)
    await floor.close()

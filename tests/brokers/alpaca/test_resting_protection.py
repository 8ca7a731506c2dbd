"""Protection that rests at Alpaca: it works while Assay is off, makes way for other orders, and sells once only."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.domain.events import Warned
from desktop.domain.market import SECOND
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose
from desktop.domain.positions import ClosedTrade
from desktop.domain.strategies import Protection
from desktop.domain.triggers import Guard, TriggerKind, TriggerState
from tests.brokers.alpaca.test_live_session import AlpacaFloor, floor_at_alpaca
from tests.helpers.scripted_broker import REF
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.trading_floor import strategy

D = Decimal
STOP = Protection(stop_loss=D(5))
PAIR = Protection(stop_loss=D(5), take_profit=D(10))


def guards(floor: AlpacaFloor, session_id: str) -> list[Order]:
    return [order for order in floor.orders(session_id) if order.purpose is Purpose.GUARD]


def trades(floor: AlpacaFloor, session_id: str) -> list[ClosedTrade]:
    return list(floor.runner(session_id).book.trades)


def working(floor: AlpacaFloor, session_id: str) -> Order | None:
    return next((item for item in guards(floor, session_id) if item.status is OrderStatus.NEW), None)


def who(floor: AlpacaFloor, session_id: str) -> dict[TriggerKind, Guard]:
    return {item.kind: item.guard for item in floor.runner(session_id).unit.core.triggers.values()}


def rests(standin: AlpacaStandin) -> list[object]:
    return [order for order in standin.ledger.orders.values() if order.status in ("new", "held", "accepted")]


async def holding(floor: AlpacaFloor, protection: Protection) -> str:
    """Return a session that holds 10 SPY at 99.00 with its protection resting at Alpaca."""
    session_id = await running(floor, protection)
    await floor.bar(99.0)
    await floor.until(lambda: working(floor, session_id) is not None)
    assert floor.held(session_id) == 10
    return session_id


async def running(floor: AlpacaFloor, protection: Protection) -> str:
    session_id = await floor.live(arm=False, start=False, strategy=strategy(protection=protection))
    await floor.until(lambda: floor.link.ready)
    await floor.desk.arm(session_id, "LIVE")
    await floor.desk.start_session(session_id)
    return session_id


@pytest.mark.parametrize(("protection", "kind"), [(STOP, OrderKind.STOP), (PAIR, OrderKind.PAIR)])
async def test_protection_rests_at_the_broker_and_its_triggers_say_so(protection: Protection, kind: OrderKind) -> None:
    async with floor_at_alpaca() as (floor, _):
        session_id = await holding(floor, protection)
        guard = working(floor, session_id)
        assert guard is not None
        assert (guard.kind, guard.quantity, guard.stop_price) == (kind, D(10), D("94.05"))
        assert guard.limit_price == (D("108.90") if kind is OrderKind.PAIR else None)
        assert set(who(floor, session_id).values()) == {Guard.BROKER}


@pytest.mark.parametrize(
    ("price", "reason", "protection"),
    [("94.00", "stop-loss", STOP), ("94.00", "stop-loss", PAIR), ("109.00", "take-profit", PAIR)],
)
async def test_the_broker_sells_and_the_trade_says_by_what(price: str, reason: str, protection: Protection) -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, protection)
        standin.price("SPY", price, str(D(price) + D("0.02")))
        await floor.until(lambda: floor.held(session_id) == 0)
        await floor.until(lambda: not floor.runner(session_id).unit.core.triggers)
        (trade,) = trades(floor, session_id)
        assert trade.reason == reason
        await floor.until(lambda: not rests(standin))
        assert standin.ledger.position("SPY") == 0
        assert floor.cash(session_id) == standin.ledger.cash


async def test_it_sells_while_assay_is_off_and_the_journal_learns_of_it() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        floor.cut.now()  # kill -9
        standin.price("SPY", "94.00", "94.02")
        assert standin.ledger.position("SPY") == 0
        fresh = await again(floor, standin)
        try:
            await fresh.until(lambda: fresh.link.ready and fresh.held(session_id) == 0, every=1.0)
            (trade,) = trades(fresh, session_id)
            assert trade.reason == "stop-loss"
            assert not fresh.runner(session_id).unit.core.triggers
        finally:
            await fresh.close()


async def agrees(floor: AlpacaFloor, session_id: str) -> None:
    """Compare twice more, and find journal and broker alike: nothing differs, and no leg of the pair is a stranger."""
    for _ in range(2):
        await floor.desk.reconcile(REF.key)
    account = floor.account
    assert [item.difference for item in account.holdings] == [0] * len(account.holdings)
    assert (account.external, account.foreign, account.unknown) == ((), (), ())
    pair = guards(floor, session_id)[-1]
    assert (pair.kind, pair.status, pair.filled, pair.average_price) == (
        OrderKind.PAIR,
        OrderStatus.FILLED,
        D(10),
        D("94.00"),
    )
    assert not [fact.sentence for fact in floor.told(Warned) if fact.topic in ("difference", "late fill", "overfill")]


async def test_a_pair_whose_stop_was_filled_leaves_nothing_that_differs_although_its_target_was_cancelled() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        standin.price("SPY", "94.00", "94.02")
        await floor.until(lambda: floor.held(session_id) == 0)
        states = sorted(one.status for one in standin.ledger.orders.values() if one.side == "sell")
        assert states == ["canceled", "filled"]
        await agrees(floor, session_id)
        floor.cut.now()
        fresh = await again(floor, standin)  # without a memory of which legs belong together
        try:
            await fresh.until(lambda: fresh.link.ready, every=1.0)
            await agrees(fresh, session_id)
        finally:
            await fresh.close()


async def test_a_pair_whose_stop_was_filled_while_assay_was_away_leaves_nothing_that_differs() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        floor.cut.now()
        standin.price("SPY", "94.00", "94.02")
        fresh = await again(floor, standin)
        try:
            await fresh.until(lambda: fresh.link.ready and fresh.held(session_id) == 0, every=1.0)
            await agrees(fresh, session_id)
        finally:
            await fresh.close()


async def test_a_stop_that_was_filled_while_assay_was_away_is_told_once_with_its_price_and_loss() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        await floor.tick(30)
        floor.cut.now()  # kill -9
        standin.price("SPY", "94.00", "94.02")
        floor.clock.move(600)
        sold = "the stop of SPY was filled at the broker: sold 10 at 94.00, a loss of 50.00 USD (Dips)."
        assert await told_of_the_time_away(floor, standin, session_id) == [f"While Assay was away, {sold}"]
        assert await told_of_the_time_away(floor, standin, session_id) == []


async def told_of_the_time_away(floor: AlpacaFloor, standin: AlpacaStandin, session_id: str) -> list[str]:
    """Start the program anew, and return what it says of what happened meanwhile."""
    fresh = await again(floor, standin)
    try:
        await fresh.until(lambda: fresh.link.ready and fresh.held(session_id) == 0, every=1.0)
        return [fact.sentence for fact in fresh.told(Warned) if fact.topic == "while away"]
    finally:
        await fresh.close()


async def test_a_rule_exit_has_it_cancelled_first_and_sells_then() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        await floor.bar(111.0)  # the exit rule
        await floor.until(lambda: floor.held(session_id) == 0)
        sold = next(item for item in floor.orders(session_id) if item.purpose is Purpose.RULE_EXIT)
        assert sold.status is OrderStatus.FILLED
        assert guards(floor, session_id)[0].status is OrderStatus.CANCELED
        await floor.until(lambda: not rests(standin))
        assert [item.purpose for item in floor.orders(session_id)].count(Purpose.GUARD) == 1


async def test_when_the_protection_sells_first_the_exit_that_waited_is_dropped() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        standin.holds_cancels = True
        await floor.bar(111.0)
        await floor.until(lambda: guards(floor, session_id)[0].status is OrderStatus.PENDING_CANCEL)
        standin.price("SPY", "94.00", "94.02")  # it fills before the cancel is carried out
        await floor.until(lambda: floor.held(session_id) == 0)
        await floor.until(
            lambda: (
                next(o for o in floor.orders(session_id) if o.purpose is Purpose.RULE_EXIT).status is OrderStatus.DENIED
            )
        )
        assert standin.ledger.position("SPY") == 0


async def test_a_close_by_hand_of_a_part_leaves_the_rest_protected() -> None:
    async with floor_at_alpaca() as (floor, _):
        session_id = await holding(floor, STOP)
        await floor.desk.close_position(session_id, "SPY", D(4))
        await floor.until(lambda: floor.held(session_id) == 6 and working(floor, session_id) is not None)
        guard = working(floor, session_id)
        assert guard is not None
        assert guard.quantity == 6
        assert who(floor, session_id) == {TriggerKind.STOP_LOSS: Guard.BROKER}


async def test_a_level_that_is_moved_is_moved_at_the_broker_and_guarded_here_meanwhile() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, STOP)
        (trigger,) = floor.runner(session_id).unit.core.triggers.values()
        standin.holds_cancels = True
        await floor.desk.move_trigger(session_id, trigger.trigger_id, level=D(96))
        assert who(floor, session_id) == {TriggerKind.STOP_LOSS: Guard.APP}
        standin.holds_cancels = False
        await floor.until(lambda: guards(floor, session_id)[0].status is OrderStatus.PENDING_CANCEL)
        standin.cancel_elsewhere(guards(floor, session_id)[0].order_id)
        await floor.until(lambda: working(floor, session_id) is not None)
        guard = working(floor, session_id)
        assert guard is not None
        assert guard.stop_price == 96


async def test_a_trigger_that_is_cancelled_is_cancelled_at_the_broker() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, STOP)
        (trigger,) = floor.runner(session_id).unit.core.triggers.values()
        await floor.desk.cancel_trigger(session_id, trigger.trigger_id)
        await floor.until(lambda: not rests(standin))
        assert floor.held(session_id) == 10


async def test_fault_15_protection_that_the_broker_refuses_is_guarded_here_and_said_once() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await running(floor, Protection())
        await floor.bar(99.0)
        await floor.until(lambda: floor.held(session_id) == 10)
        standin.faults.add("submit", "reject", message="stop orders are not available")
        await floor.desk.set_trigger(session_id, "SPY", TriggerKind.STOP_LOSS, level=D(95))
        await floor.until(lambda: any(item.status is OrderStatus.REJECTED for item in guards(floor, session_id)))
        await floor.tick(5)
        assert len(guards(floor, session_id)) == 1
        assert who(floor, session_id) == {TriggerKind.STOP_LOSS: Guard.APP}
        standin.price("SPY", "94.00", "94.02")
        await floor.quote(94.0)
        await floor.until(lambda: floor.held(session_id) == 0)
        (trigger,) = floor.runner(session_id).book.triggers.values()
        assert trigger.state is TriggerState.TRIGGERED


async def test_the_kill_switch_cancels_it_and_flattens_when_asked() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        await floor.desk.engage_kill(flatten=True)
        await floor.until(lambda: floor.held(session_id) == 0)
        await floor.until(lambda: not rests(standin))
        assert standin.ledger.position("SPY") == 0


async def test_released_from_the_kill_switch_it_rests_at_the_broker_again_at_once() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        await floor.desk.engage_kill()
        await floor.until(lambda: not rests(standin))
        assert set(who(floor, session_id).values()) == {Guard.APP}
        before = floor.clock.now()
        await floor.desk.release_kill()
        await floor.until(lambda: working(floor, session_id) is not None)
        assert floor.clock.now() - before < 5 * SECOND, "not a minute later, as after an order that the broker ended"
        assert set(who(floor, session_id).values()) == {Guard.BROKER}
        assert [order.status for order in guards(floor, session_id)] == [OrderStatus.CANCELED, OrderStatus.NEW]


async def test_stopping_with_flatten_sells_once() -> None:
    from desktop.domain.sessions import StopChoice

    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        await floor.desk.stop_session(session_id, StopChoice.FLATTEN)
        await floor.until(lambda: floor.held(session_id) == 0)
        assert standin.ledger.position("SPY") == 0
        await floor.until(lambda: not rests(standin))


async def test_fault_14_a_part_that_fills_at_the_broker_leaves_the_rest_resting() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, STOP)
        standin.price("SPY", "94.00", "94.02", size=D(4))
        await floor.until(lambda: floor.held(session_id) == 6)
        assert [item.status for item in guards(floor, session_id)] == [OrderStatus.PARTIALLY_FILLED]
        standin.price("SPY", "93.90", "93.92")
        await floor.until(lambda: floor.held(session_id) == 0)
        assert len(guards(floor, session_id)) == 1
        assert standin.ledger.position("SPY") == 0


async def again(floor: AlpacaFloor, standin: AlpacaStandin) -> AlpacaFloor:
    """Start the program anew on what is stored, with a connection of its own."""
    from desktop.brokers.alpaca.broker import AlpacaBroker
    from tests.brokers.alpaca.floor import Waits

    await floor.broker.stop()
    broker = AlpacaBroker(
        REF, key_id=standin.key_id, secret=standin.secret, live=False, clock=floor.clock, url=standin.url, pause=Waits()
    )
    fresh = AlpacaFloor(floor.kept, clock=floor.clock, broker=broker)
    await fresh.open()
    return fresh


async def test_a_close_that_is_refused_while_the_account_differs_leaves_the_stop_at_the_broker() -> None:
    """The new trader's case: units bought elsewhere, a close confirmed in words, and the broker says no."""
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, STOP)
        standin.place_elsewhere(symbol="SPY", side="buy", quantity=D(3), kind="market")
        await floor.desk.reconcile(REF.key)
        outside = floor.runner(session_id).unit.core.outside
        assert outside is not None
        await floor.until(lambda: "SPY" in outside.differences, every=1.0)
        standin.faults.add("submit", "reject", message="potential wash trade detected")
        await floor.desk.close_position(session_id, "SPY", confirmed=True)
        await floor.until(
            lambda: working(floor, session_id) is not None and len(guards(floor, session_id)) == 2, every=1.0
        )
        assert floor.held(session_id) == 10
        assert who(floor, session_id) == {TriggerKind.STOP_LOSS: Guard.BROKER}
        said = next(fact.sentence for fact in floor.told(Warned) if fact.topic == "close")
        assert "wash trade" in said
        assert "still held" in said


async def test_selling_everything_does_not_wait_a_minute_after_a_refusal() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, STOP)
        standin.faults.add("submit", "reject", message="try later")
        await floor.desk.engage_kill(flatten=True)
        await floor.until(lambda: any(o.status is OrderStatus.REJECTED for o in floor.orders(session_id)))
        for _ in range(10):  # seconds
            await floor.tick(1.0)
        await floor.until(lambda: floor.held(session_id) == 0)

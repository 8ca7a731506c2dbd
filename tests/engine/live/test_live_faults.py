"""Faults of FAULTS.md that network and broker bring, each with a live session."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import CredentialsRefused, DamagedCredentials, KeyringFault
from desktop.domain.commands import Fail, PlaceOrder
from desktop.domain.errors import UserMistake
from desktop.domain.events import Warned
from desktop.domain.fills import BUSTED, Fill, OrderReport
from desktop.domain.market import MINUTE
from desktop.domain.messages import BadQuote
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import StopChoice
from desktop.domain.strategies import Protection
from tests.helpers.live_floor import LiveFloor
from tests.helpers.memory_store import FULL
from tests.helpers.scripted_broker import REF
from tests.helpers.trading_floor import D, strategy

S = OrderStatus


def sentences(floor: LiveFloor, topic: str) -> list[str]:
    return [fact.sentence for fact in floor.told(Warned) if fact.topic == topic]


def last_block(floor: LiveFloor, session_id: str) -> str:
    return str(floor.runner(session_id).book.blocks[-1].block.check.value)  # type: ignore[union-attr]  # a block


async def resting(floor: LiveFloor, session_id: str) -> str:
    """Let the session's rule buy, and the order rest at the broker; return its id."""
    floor.broker.fill = None
    await floor.bar(99.0)
    return floor.order(session_id).order_id


# storage ----------------------------------------------------------------------------------------------------
async def test_fault_07_on_a_full_disk_no_new_order_leaves_and_cancels_still_work(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.kept.fall(FULL)
    await floor.desk.cancel_order(session_id, order_id)
    await floor.settle()
    assert floor.venue.orders[order_id].status is S.CANCELED
    await floor.bar(98.0)
    await floor.bar(97.0)
    assert sum(floor.venue.posts.values()) == 1
    assert "disk is full" in floor.desk.status().banner
    floor.kept.rise()
    await floor.settle()
    assert floor.order(session_id).status is S.CANCELED


async def test_fault_07_the_kill_switch_flattens_although_the_disk_is_full(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    floor.kept.fall(FULL)
    await floor.desk.engage_kill(flatten=True)
    for _ in range(40):
        await floor.settle()
        if not floor.venue.positions():
            break
    assert not floor.venue.positions()
    floor.kept.rise()
    await floor.settle()
    assert floor.held(session_id) == 0
    floor.venue.check_no_duplicates()


async def test_fault_07_a_flattening_sell_that_was_never_stored_is_found_again() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding()
    floor.kept.fall(FULL)
    await floor.desk.engage_kill(flatten=True)
    for _ in range(40):
        await floor.settle()
        if not floor.venue.positions():
            break
    floor.kept.queue.clear()  # the program and what it could not store are gone
    floor.kept.rise()
    fresh = await floor.again()
    assert fresh.held(session_id) == 0
    assert fresh.runner(session_id).unit.core.state.ordinal == 2
    assert any("was not stored" in item.sentence for item in fresh.told(Warned) if item.topic == "order found")
    await fresh.close()


# answers ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", ["lose answer", "504"])
async def test_fault_10_no_answer_is_unknown_reserved_and_asked_for(floor: LiveFloor, fault: str) -> None:
    session_id = await floor.live()
    floor.broker.stream = False
    floor.broker.fill = None
    floor.broker.script("submit", fault)
    floor.venue.blind = True
    await floor.bar(99.0)
    assert floor.order(session_id).status is S.UNKNOWN
    assert floor.runner(session_id).unit.core.book.reserved == D(990)
    floor.venue.blind = False
    await floor.tick(5)
    assert floor.order(session_id).status is S.NEW
    floor.venue.check_no_duplicates()


async def test_fault_10_an_unknown_order_holds_the_exits_of_its_symbol(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(strategy=strategy(exit="close > 110"))
    floor.broker.script("submit", "lose request")
    await floor.bar(111.0)  # the exit never arrives, and nobody knows
    assert floor.order(session_id).status is S.UNKNOWN
    await floor.bar(112.0)
    assert sum(floor.venue.posts.values()) == 1  # the entry
    with pytest.raises(UserMistake, match="Confirm the close"):
        await floor.desk.close_position(session_id, "SPY", D(1))


async def test_fault_11_not_found_by_a_lagging_read_stays_unknown_until_it_is_found(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.stream = False
    floor.broker.script("submit", "lose answer")
    floor.venue.blind = True
    await floor.bar(99.0)
    for _ in range(6):
        await floor.tick(20)
        assert floor.order(session_id).status is S.UNKNOWN
        assert floor.runner(session_id).unit.core.book.reserved == D(990)
    floor.venue.blind = False
    await floor.tick(120)
    assert floor.order(session_id).status is S.FILLED
    assert floor.held(session_id) == 10
    floor.venue.check_no_duplicates()


async def test_fault_12_a_duplicate_fill_is_booked_once(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("stream", "duplicate", "duplicate")
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    assert floor.cash(session_id) == D(100_000 - 990)


async def test_fault_12_reports_in_any_order_come_to_the_same(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("stream", "late", "late", "late")
    floor.broker.fill = Decimal("0.4")
    await floor.bar(99.0)
    floor.broker.trade(floor.order(session_id).order_id, D(6))
    floor.broker.release(lambda held: held[::-1])
    await floor.settle()
    assert floor.held(session_id) == 10
    assert floor.order(session_id).status is S.FILLED


async def test_fault_12_a_fill_that_was_never_told_is_found_by_the_poll(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.script("stream", "lose")
    floor.broker.trade(order_id, D(10), D(99))
    await floor.settle()
    assert floor.held(session_id) == 0
    await floor.tick(61)
    assert floor.held(session_id) == 10
    assert floor.order(session_id).status is S.FILLED


async def test_fault_12_an_execution_that_shows_late_is_looked_for_as_far_back_as_its_order(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    created = floor.order(session_id).created_at
    for _ in range(30):
        await floor.tick(61)
    assert min(floor.broker.asked_since[-2:]) > created  # what rests for long is not asked for from its beginning
    floor.broker.script("stream", "lose")
    fill = floor.broker.trade(order_id, D(10), D(99))
    floor.venue.fills[-1] = replace(fill, at=created)  # it shows in the order at once, and in its own list as of then
    await floor.tick(61)
    await floor.tick(61)
    assert floor.held(session_id) == 10


async def test_fault_13_a_fill_before_the_acknowledgement_is_booked(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "fill first")
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    assert floor.order(session_id).status is S.FILLED


async def test_fault_13_a_fill_after_the_cancel_is_booked(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    await floor.desk.cancel_order(session_id, order_id)
    await floor.settle()
    assert floor.order(session_id).status is S.CANCELED
    floor.broker.trade(order_id, D(3), D(99))
    await floor.settle()
    assert floor.held(session_id) == 3
    assert sentences(floor, "late fill")


async def test_fault_14_a_partial_fill_then_a_cancel_keeps_the_fill_and_frees_the_rest(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.trade(order_id, D(4), D(99))
    await floor.settle()
    assert floor.runner(session_id).unit.core.book.reserved == D(6 * 99)
    await floor.desk.cancel_order(session_id, order_id)
    await floor.settle()
    assert floor.held(session_id) == 4
    assert floor.runner(session_id).unit.core.book.reserved == 0


async def test_fault_15_a_reject_frees_the_reservation_and_cools_down(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "refuse insufficient day trades")
    await floor.bar(99.0)
    order = floor.order(session_id)
    assert (order.status, order.reason) == (S.REJECTED, "insufficient day trades")
    assert floor.runner(session_id).unit.core.book.reserved == 0
    assert floor.runner(session_id).unit.core.marks["SPY"].cool_until > floor.clock.now()
    assert not floor.venue.posts


async def test_fault_16_an_overfill_is_the_ledgers_truth_and_pauses_the_session(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.trade(order_id, D(12), D(99))
    await floor.settle()
    assert floor.held(session_id) == 12
    assert floor.state(session_id) == "PAUSED"
    assert sentences(floor, "overfill")


async def test_fault_16_a_busted_trade_gets_a_reversing_entry_once(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    (fill,) = floor.venue.fills
    bust = Fill(BUSTED + fill.execution_id, fill.order_id, "SPY", Side.SELL, D(10), fill.price, D(0), floor.clock.now())
    floor.venue.fills.append(bust)
    for _ in range(2):
        floor.link.on_report(OrderReport(fill.order_id, S.FILLED, floor.clock.now(), bust))
    await floor.settle()
    assert floor.held(session_id) == 0
    assert floor.cash(session_id) == D(100_000)
    assert floor.state(session_id) == "PAUSED"
    assert floor.runner(session_id).unit.core.holdings.ledger.balance() == D(100_000)
    assert floor.order(session_id).filled == 10  # what an order was filled never falls


async def test_fault_17_an_order_placed_elsewhere_is_shown_and_never_cancelled(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.place_elsewhere("phone-1")
    await floor.tick(61)
    assert [item.order_id for item in floor.account.external] == ["phone-1"]
    assert any(
        "phone-1" in batch.facts[0].sentence for batch in floor.kept.accounts["account:scripted/main"] if batch.facts
    )
    await floor.desk.engage_kill(flatten=True)
    await floor.tick(61)
    assert floor.venue.orders["phone-1"].status is S.NEW
    assert floor.state(session_id) == "RUNNING"


async def test_fault_18_a_429_waits_as_long_as_it_was_told_and_sends_the_same_id_once(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "429 30")
    await floor.bar(99.0)
    assert floor.order(session_id).status is S.SENDING
    await floor.tick(20)
    assert not floor.venue.posts
    await floor.tick(11)
    assert floor.held(session_id) == 10
    floor.venue.check_no_duplicates()


async def test_fault_18_a_cancel_goes_while_orders_have_to_wait(floor: LiveFloor) -> None:
    session_id = await floor.live(symbols=("SPY", "QQQ"))
    order_id = await resting(floor, session_id)
    floor.broker.script("submit", "429 50")
    await floor.bar(99.0, symbol="QQQ")
    await floor.desk.cancel_order(session_id, order_id)
    await floor.settle()
    assert floor.venue.orders[order_id].status is S.CANCELED
    assert sum(floor.venue.posts.values()) == 1


async def test_fault_18_an_entry_that_could_not_be_sent_in_time_is_given_up(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "429 90")
    await floor.bar(99.0)
    await floor.tick(91)
    order = floor.order(session_id)
    assert order.status is S.REJECTED
    assert "could not be sent in time" in order.reason
    assert not floor.venue.posts


async def test_fault_19_revoked_credentials_pause_the_session_and_alert(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.refuses = True
    await floor.bar(99.0)
    assert floor.account.state is LinkState.REFUSED
    assert floor.state(session_id) == "PAUSED"
    assert floor.order(session_id).status is S.REJECTED
    assert sentences(floor, "credentials")
    assert not floor.venue.posts


async def test_fault_19_with_new_credentials_the_account_is_connected_again(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    floor.broker.refuses = True
    await floor.tick(61)
    assert (floor.account.state, floor.state(session_id)) == (LinkState.REFUSED, "PAUSED")
    floor.broker.refuses = False  # they were replaced
    await floor.desk.reconnect(REF.key)
    await floor.settle()
    assert floor.account.ready
    assert floor.state(session_id) == "PAUSED"
    floor.venue.prices["SPY"] = D(111)
    await floor.bar(111.0)
    assert floor.held(session_id) == 0


async def test_fault_19_a_comparison_that_is_asked_for_tries_a_refused_account_again(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    floor.broker.refuses = True
    await floor.tick(61)
    assert floor.account.state is LinkState.REFUSED
    with pytest.raises(CredentialsRefused, match="asked once more and refuses the credentials still"):
        await floor.desk.reconcile(REF.key)
    assert floor.account.state is LinkState.REFUSED
    floor.broker.refuses = False  # the broker's own trouble is over
    asked = asyncio.ensure_future(floor.desk.reconcile(REF.key))
    await floor.settle()
    await asked
    assert floor.account.ready
    assert floor.state(session_id) == "PAUSED"


async def test_fault_19_one_refusal_alone_is_asked_about_and_the_order_sent_once(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "revoke")
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    assert floor.state(session_id) == "RUNNING"
    floor.venue.check_no_duplicates()


async def test_fault_20_a_silent_stream_is_made_up_for_by_the_poll_of_every_minute(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.stream = False
    order_id = await resting(floor, session_id)
    floor.broker.trade(order_id, D(10), D(99))
    await floor.tick(61)
    assert floor.held(session_id) == 10


async def test_fault_21_a_stale_quote_lets_neither_entry_nor_trigger_go(floor: LiveFloor) -> None:
    guarded = strategy(protection=Protection(stop_loss=D(5)))
    session_id = await floor.live_holding(strategy=guarded, limits=RiskLimits(max_quote_age=MINUTE))
    floor.runner(session_id).take([BadQuote(floor.clock.now(), "SPY", "crossed")])
    await floor.tick(90)
    assert floor.held(session_id) == 10
    with pytest.raises(UserMistake, match="dropped"):
        await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
    floor.venue.prices["SPY"] = D(90)
    await floor.quote(90.0)
    assert floor.held(session_id) == 0


# the market ----------------------------------------------------------------------------------------------------
async def split(floor: LiveFloor, ratio: int) -> str:
    """Return a session that held 10 SPY with a stop when they were split over night."""
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    venue = floor.venue
    venue.fills = [replace(fill, quantity=fill.quantity * ratio, price=fill.price / ratio) for fill in venue.fills]
    venue.prices["SPY"] = D(99) / ratio
    await floor.tick(61)
    return session_id


async def test_fault_23_a_split_freezes_the_symbol_and_its_triggers_move_when_it_is_adopted(floor: LiveFloor) -> None:
    session_id = await split(floor, 4)
    await floor.quote(24.75)  # far under the stop of before
    assert sum(floor.venue.posts.values()) == 1
    assert sentences(floor, "split")
    assert last_block(floor, session_id) == "unexplained difference"
    await floor.desk.adopt_difference(session_id, "SPY")
    await floor.settle()
    assert floor.held(session_id) == 40
    (trigger,) = floor.runner(session_id).unit.core.triggers.values()
    assert (trigger.level, trigger.quantity) == (D("23.51"), D(40))
    assert floor.runner(session_id).unit.core.holdings.ledger.balance() == D(100_000)
    assert floor.cash(session_id) == D(100_000 - 990)
    await floor.quote(24.75)
    assert floor.held(session_id) == 40
    assert not any(item.difference for item in floor.account.holdings)


async def test_fault_23_a_split_that_is_left_cancels_the_triggers_of_before(floor: LiveFloor) -> None:
    session_id = await split(floor, 2)
    await floor.desk.ignore_difference(REF.key, "SPY")
    await floor.quote(49.5)
    assert not floor.runner(session_id).unit.core.triggers
    assert sum(floor.venue.posts.values()) == 1


async def test_fault_24_in_a_trading_halt_nothing_is_sent_and_the_trigger_stays_armed(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.link.halt("SPY", "news pending")
    floor.venue.prices["SPY"] = D(90)
    await floor.quote(90.0)
    (trigger,) = floor.runner(session_id).unit.core.triggers.values()
    assert trigger.held_by == "trading halt"
    assert sum(floor.venue.posts.values()) == 1
    floor.link.halt("SPY", "")
    await floor.quote(90.0)
    assert floor.held(session_id) == 0


async def test_fault_24_a_refusal_for_a_halt_holds_what_follows(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.broker.script("submit", "refuse halted")
    floor.venue.prices["SPY"] = D(90)
    await floor.quote(90.0)
    assert floor.runner(session_id).unit.core.triggers
    await floor.quote(89.0, after=30)
    assert sum(floor.venue.posts.values()) == 1
    await floor.tick(61)  # it is tried again
    await floor.quote(90.0)
    assert floor.held(session_id) == 0
    floor.venue.check_no_duplicates()


async def test_fault_24_a_refusal_for_a_halt_is_tried_again_also_after_a_restart(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.broker.script("submit", "refuse halted")
    floor.venue.prices["SPY"] = D(90)
    await floor.quote(90.0)
    again = await floor.again()
    await again.quote(90.0)
    assert again.held(session_id) == 10
    await again.tick(61)  # nobody tells when it is over
    await again.quote(90.0)
    assert again.held(session_id) == 0
    again.venue.check_no_duplicates()
    await again.close()


async def test_fault_25_outside_the_hours_of_the_exchange_no_order_leaves(floor: LiveFloor) -> None:
    session_id = await floor.live(hours="09:00-15:30@Asia/Seoul")  # the fake clock stands at night there
    await floor.bar(99.0)
    assert not floor.venue.posts
    assert last_block(floor, session_id) == "outside hours"


async def test_fault_25_a_leap_of_the_wall_clock_reconciles_and_goes_on(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.clock.leap(3600)
    await floor.beat()
    await floor.settle()
    assert floor.state(session_id) == "RUNNING"
    assert floor.account.reconciled_at == floor.clock.now()


async def test_fault_26_after_an_hours_sleep_it_recovers_reconciles_and_goes_on(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.drop()
    floor.broker.stream = False
    floor.broker.trade(order_id, D(10), D(99))
    floor.clock.leap(3600)
    await floor.beat()
    assert floor.state(session_id) == "RECOVERING"
    floor.broker.come_back()
    await floor.settle()
    assert floor.state(session_id) == "RUNNING"
    assert floor.held(session_id) == 10
    floor.venue.check_no_duplicates()


async def test_fault_27_with_a_locked_keyring_the_session_is_shown_failed_with_the_advice() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live()
    await floor.crash()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock)

    async def locked(_: object) -> object:
        raise KeyringFault("The keyring is locked. Unlock it and start the session again.")

    fresh.desk._accounts._open = locked  # type: ignore[assignment]  # a keyring that refuses
    await fresh.open()
    assert fresh.state(session_id) == "FAILED"
    assert "Unlock it" in fresh.note(session_id)
    await fresh.close()


class Keyring:
    """Locks what opens brokers away until it is unlocked."""

    def __init__(self) -> None:
        self.open = False
        self.asked = 0

    async def readable(self) -> bool:
        return self.open

    async def broker(self, floor: LiveFloor) -> Any:
        self.asked += 1
        if not self.open:
            raise KeyringFault("The keyring is locked.")
        return floor.broker


async def test_fault_27_credentials_that_are_damaged_are_said_to_be_so_and_not_asked_for_again() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding()
    await floor.crash()
    keyring = Keyring()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, readable=keyring.readable)

    async def damaged(_: object) -> Any:
        keyring.asked += 1
        raise DamagedCredentials("The credentials of alpaca/main in the keyring are damaged. Replace them.")

    fresh.desk._accounts._open = damaged
    await fresh.open()
    assert fresh.note(session_id).startswith("The credentials of alpaca/main in the keyring are damaged. Replace them.")
    keyring.open = True
    for _ in range(3):
        await fresh.tick(11)
    assert (fresh.state(session_id), keyring.asked) == ("FAILED", 1)
    await fresh.close()


async def test_fault_27_a_session_comes_back_paused_and_with_its_stop_once_the_keyring_is_unlocked() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    await floor.crash()
    keyring = Keyring()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, readable=keyring.readable)
    fresh.desk._accounts._open = lambda _: keyring.broker(fresh)
    await fresh.open()
    assert fresh.state(session_id) == "FAILED"
    assert fresh.note(session_id).startswith("Its credentials cannot be read. The keyring is locked. Nothing is sent;")
    for _ in range(5):
        await fresh.tick(11)
    assert keyring.asked == 1  # nobody is asked for a password again and again
    keyring.open = True
    await fresh.tick(11)
    await fresh.tick(1)
    assert fresh.state(session_id) == "PAUSED"
    assert fresh.held(session_id) == 10
    fresh.venue.prices["SPY"] = D(90)
    await fresh.quote(90.0)
    assert fresh.held(session_id) == 0
    await fresh.close()


async def test_fault_27_a_session_that_was_stored_as_failed_stays_so_when_the_keyring_is_unlocked() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live()
    await floor.runner(session_id).ask(Fail("it failed four times in ten minutes"))
    await floor.crash()
    keyring = Keyring()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, readable=keyring.readable)
    fresh.desk._accounts._open = lambda _: keyring.broker(fresh)
    await fresh.open()
    await fresh.tick(11)
    keyring.open = True
    for _ in range(3):
        await fresh.tick(11)
    assert keyring.asked == 2
    assert fresh.state(session_id) == "FAILED"
    assert fresh.note(session_id) == "Failed: it failed four times in ten minutes"
    await fresh.desk.start_session(session_id)
    await fresh.settle()
    assert fresh.state(session_id) == "RUNNING"
    await fresh.close()


async def test_fault_27_the_kill_switch_stays_released_where_a_session_was_locked_out_then(tmp_path: Path) -> None:
    path = tmp_path / "kill-switch"
    floor = await opened(LiveFloor(kill_path=path))
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    await floor.desk.engage_kill()
    await floor.crash()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, kill_path=path)
    fresh.desk._accounts._open = lambda _: Keyring().broker(fresh)
    await fresh.open()
    await fresh.desk.release_kill()
    await fresh.close()
    last = await opened(LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, kill_path=path))
    await last.settle()
    assert not last.desk.status().kill
    last.venue.prices["SPY"] = D(90)
    await last.quote(90.0)
    assert last.held(session_id) == 0
    await last.close()


async def opened(floor: LiveFloor) -> LiveFloor:
    await floor.open()
    return floor


async def test_fault_27_a_session_that_its_user_started_is_not_brought_back_a_second_time() -> None:
    floor = LiveFloor()
    await floor.open()
    session_id = await floor.live()
    await floor.crash()
    keyring = Keyring()
    fresh = LiveFloor(floor.kept, venue=floor.venue, clock=floor.clock, readable=keyring.readable)
    fresh.desk._accounts._open = lambda _: keyring.broker(fresh)
    await fresh.open()
    with pytest.raises(KeyringFault):
        await fresh.desk.start_session(session_id)
    keyring.open = True
    await fresh.desk.start_session(session_id)
    await fresh.settle()
    runner = fresh.runner(session_id)
    await fresh.tick(30)
    assert fresh.runner(session_id) is runner
    assert fresh.state(session_id) == "RUNNING"
    await fresh.close()


async def test_fault_29_an_order_of_another_assay_pauses_entries(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.place_elsewhere(f"{'0123456789abcdef' * 2}"[:24] + "-7")
    await floor.tick(61)
    assert floor.state(session_id) == "PAUSED"
    assert floor.account.foreign
    assert sentences(floor, "foreign order")
    await floor.bar(99.0)
    assert not floor.venue.posts


# connection ----------------------------------------------------------------------------------------------------
async def test_a_lost_connection_blocks_entries_holds_exits_and_both_go_on_after_it(floor: LiveFloor) -> None:
    session_id = await floor.live_holding(strategy=strategy(protection=Protection(stop_loss=D(5))))
    floor.broker.drop()
    await floor.settle()
    assert not floor.account.ready
    floor.venue.prices["SPY"] = D(90)
    await floor.quote(90.0)
    assert last_block(floor, session_id) == "broker connection"
    assert sum(floor.venue.posts.values()) == 1
    floor.broker.come_back()
    await floor.settle()
    await floor.quote(90.0)
    assert floor.held(session_id) == 0


async def test_a_fill_during_a_lost_connection_is_booked_before_anything_is_sent(floor: LiveFloor) -> None:
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.drop()
    floor.broker.trade(order_id, D(10), D(99))
    floor.broker.come_back()
    await floor.settle()
    assert floor.held(session_id) == 10
    assert floor.account.ready


# differences ----------------------------------------------------------------------------------------------------
async def test_a_difference_blocks_until_it_is_adopted(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.venue.elsewhere["SPY"] = D(3)
    await floor.tick(61)
    (holding,) = floor.account.holdings
    assert holding.difference == 3
    await floor.bar(99.0)
    assert not floor.venue.posts
    assert last_block(floor, session_id) == "unexplained difference"
    await floor.desk.adopt_difference(session_id, "SPY")
    await floor.settle()
    assert floor.held(session_id) == 3
    assert floor.runner(session_id).unit.core.holdings.ledger.balance() == D(100_000)
    (holding,) = floor.account.holdings
    assert holding.difference == 0


async def test_an_ignored_difference_stays_ignored_after_a_restart(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.venue.elsewhere["SPY"] = D(3)
    await floor.tick(61)
    await floor.desk.ignore_difference(REF.key, "SPY")
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    fresh = await floor.again()
    (holding,) = fresh.account.holdings
    assert (holding.ignored, holding.difference) == (D(3), D(0))
    fresh.venue.elsewhere["SPY"] = D(4)
    await fresh.tick(61)
    assert fresh.account.holdings[0].difference == 1
    await fresh.close()


async def test_missing_units_are_adopted_as_a_sale(floor: LiveFloor) -> None:
    session_id = await floor.live_holding()
    floor.venue.elsewhere["SPY"] = D(-4)  # sold by telephone
    await floor.tick(61)
    await floor.desk.adopt_difference(session_id, "SPY")
    assert floor.held(session_id) == 6


# kill switch ----------------------------------------------------------------------------------------------------
async def test_the_kill_switch_cancels_at_the_broker_and_flattens_and_nothing_else_leaves(floor: LiveFloor) -> None:
    holding = await floor.live_holding()
    floor.broker.fill = None
    other = await floor.live(name="Other")
    await floor.bar(98.0)
    resting_id = floor.order(other).order_id
    floor.broker.fill = D(1)
    await floor.desk.engage_kill(flatten=True)
    await floor.settle()
    assert floor.venue.orders[resting_id].status is S.CANCELED
    assert floor.held(holding) == 0
    before = dict(floor.venue.posts)
    await floor.bar(97.0)
    assert floor.venue.posts == before


async def test_invariant_9_what_waits_to_be_sent_does_not_leave_after_the_kill_switch(floor: LiveFloor) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "429 20")
    await floor.bar(99.0)
    await floor.desk.engage_kill()
    await floor.tick(30)
    assert not floor.venue.posts
    assert floor.order(session_id).status is S.CANCELED


@pytest.mark.parametrize("what", ["pause", "stop", "disarm"])
async def test_invariant_9_an_entry_on_its_way_does_not_leave_after_a(floor: LiveFloor, what: str) -> None:
    session_id = await floor.live()
    floor.broker.script("submit", "429 20")
    await floor.bar(99.0)
    if what == "disarm":
        await floor.desk.disarm(session_id)
    elif what == "pause":
        await floor.desk.pause_session(session_id)
    else:
        await floor.desk.stop_session(session_id, StopChoice.KEEP)
    await floor.tick(30)
    assert not floor.venue.posts
    assert floor.order(session_id).status is S.REJECTED


async def test_a_latched_kill_switch_cancels_again_after_a_restart(tmp_path: Path) -> None:
    latch = tmp_path / "kill-switch"
    floor = LiveFloor(kill_path=latch)
    await floor.open()
    session_id = await floor.live()
    order_id = await resting(floor, session_id)
    floor.broker.drop()
    await floor.desk.engage_kill()
    fresh = await floor.again(arm=False)
    assert fresh.venue.orders[order_id].status is S.CANCELED
    assert fresh.order(session_id).status is S.CANCELED
    await fresh.close()


# orders ----------------------------------------------------------------------------------------------------
async def test_a_limit_order_is_changed_at_the_broker(floor: LiveFloor) -> None:
    session_id = await floor.live()
    await floor.quote(99.0)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(5), kind=OrderKind.LIMIT, limit_price=D(90)))
    await floor.settle()
    order = floor.order(session_id)
    await floor.desk.replace_order(session_id, order.order_id, quantity=D(7), limit_price=D(91))
    await floor.settle()
    after = floor.order(session_id)
    assert (after.status, after.quantity, after.limit_price) == (S.NEW, D(7), D(91))
    assert floor.venue.orders[order.order_id].quantity == 7

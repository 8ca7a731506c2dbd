"""What a user does by hand, end to end through the desk: signals answered, orders and triggers placed and changed."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import (
    IllegalMove,
    InsufficientCash,
    InsufficientPosition,
    NotFound,
    PositionNotFound,
    UserMistake,
)
from desktop.domain.events import Blocked, FillBooked
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Protection, Sizing, SizingKind
from desktop.domain.triggers import TriggerKind, TriggerState
from tests.helpers.trading_floor import Floor, strategy

D = Decimal

S = SignalState


async def test_confirming_500_at_71000_takes_exactly_35500000_off_the_cash(any_floor: Floor) -> None:
    floor = any_floor
    floor.feed.level = 71_500
    session_id = await floor.session(
        symbols=("HANBIT",),
        cash=D(100_000_000),
        currency="KRW",
        mode=ExecutionMode.MANUAL,
        strategy=strategy(entry="rsi(14) < 30", exit="", sizing=Sizing(SizingKind.FIXED_QUANTITY, D(500))),
    )
    await floor.bar(71_000, symbol="HANBIT")
    (card,) = floor.desk.signals()
    assert card.signal.quantity == 500
    assert card.lines == (("rsi(14) = 0 < 30: true", "true"),)
    await floor.quote(71_000, symbol="HANBIT")
    await floor.desk.approve(card.signal.signal_id)
    await floor.quote(71_000, symbol="HANBIT")
    assert floor.cash(session_id) == D(100_000_000) - D(35_500_000)
    assert floor.held(session_id, "HANBIT") == 500
    (row,) = floor.desk.positions()
    assert (row.position.cost, row.value, row.pnl) == (D(35_500_000), D(35_500_000), D(0))


async def test_approving_twice_sends_once(any_floor: Floor) -> None:
    floor = any_floor
    session_id, signal_id = await floor.pending()
    await floor.desk.approve(signal_id)
    with pytest.raises(IllegalMove):
        await floor.desk.approve(signal_id)
    await floor.quote(99)
    assert len(floor.orders(session_id)) == 1
    assert floor.held(session_id) == 10


async def test_two_approvals_at_once_send_once(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    results = await asyncio.gather(*(floor.desk.approve(signal_id) for _ in range(3)), return_exceptions=True)
    assert [isinstance(item, UserMistake) for item in results] == [False, True, True]
    await floor.quote(99)
    assert floor.held(session_id) == 10


async def test_a_rejected_signal_sends_nothing(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    await floor.desk.reject(signal_id)
    await floor.quote(99)
    assert floor.orders(session_id) == []
    assert floor.desk.signals() == ()
    (row,) = floor.desk.history()
    assert row.signal.state is S.REJECTED
    with pytest.raises(IllegalMove):
        await floor.desk.approve(signal_id)


async def test_an_expired_signal_cannot_be_approved(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    await floor.tick(30)
    assert floor.desk.signal(signal_id) is not None
    await floor.tick(31)
    assert floor.desk.signal(signal_id) is None
    with pytest.raises(UserMistake):
        await floor.desk.approve(signal_id)
    assert floor.orders(session_id) == []
    assert floor.desk.history()[0].signal.state is S.EXPIRED


async def test_a_signal_whose_price_ran_away_is_refused_with_the_sentence(floor: Floor) -> None:
    session_id, signal_id = await floor.pending(limits=RiskLimits(max_drift=D("0.5")))
    await floor.quote(99.6)
    card = floor.desk.signal(signal_id)
    assert card is not None
    assert card.cannot_approve.startswith("The price moved 0.61 %")
    with pytest.raises(UserMistake, match=r"the price moved 0\.61 % .* more than 0\.5 %\. No order was sent"):
        await floor.desk.approve(signal_id)
    assert floor.orders(session_id) == []


async def test_a_fresh_evaluation_raises_a_new_signal_at_the_price_of_now(floor: Floor) -> None:
    session_id, signal_id = await floor.pending(limits=RiskLimits(max_drift=D("0.5")))
    await floor.quote(99.6)
    await floor.desk.refresh_signal(signal_id)
    (card,) = floor.desk.signals()
    assert card.signal.signal_id != signal_id
    assert card.signal.price == D("99.6")
    await floor.desk.approve(card.signal.signal_id)
    await floor.quote(99.6)
    assert floor.held(session_id) == 10


async def test_an_unknown_signal_is_said_to_be_unknown(floor: Floor) -> None:
    for call in (floor.desk.approve, floor.desk.reject, floor.desk.refresh_signal):
        with pytest.raises(NotFound, match="answered or has expired"):
            await call("nobody-s1")


async def test_another_quantity_and_a_limit_price_are_taken(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    await floor.desk.approve(signal_id, quantity=D(7), kind=OrderKind.LIMIT, limit_price=D(98))
    (order,) = floor.orders(session_id)
    assert (order.quantity, order.kind, order.limit_price, order.status) == (
        D(7), OrderKind.LIMIT, D(98), OrderStatus.NEW,
    )  # fmt: skip
    await floor.quote(98)
    assert floor.held(session_id) == 7


async def test_an_entry_beyond_the_cash_is_refused_and_named(floor: Floor) -> None:
    _, signal_id = await floor.pending()
    with pytest.raises(InsufficientCash, match=r"needs 198,000.*only 100,000"):
        await floor.desk.approve(signal_id, quantity=D(2_000))


async def test_a_rule_exit_waits_for_the_user_in_manual_mode_only(floor: Floor) -> None:
    session_id, signal_id = await floor.pending()
    await floor.desk.approve(signal_id)
    await floor.quote(99)
    await floor.bar(111)
    (card,) = floor.desk.signals()
    assert (card.signal.side, card.remaining_us) == (Side.SELL, None)
    await floor.desk.set_mode(session_id, ExecutionMode.SEMI_AUTO)
    await floor.desk.approve(card.signal.signal_id)
    await floor.quote(111)
    assert floor.held(session_id) == 0
    await floor.bar(99)
    (entry,) = floor.desk.signals()
    await floor.desk.approve(entry.signal.signal_id)
    await floor.quote(99)
    await floor.bar(111)
    await floor.quote(111)
    assert floor.held(session_id) == 0


# orders by hand ------------------------------------------------------------------------------------------------------
async def test_an_order_by_hand_with_protection_buys_and_arms_it(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.session(mode=ExecutionMode.MANUAL)
    await floor.quote(100, 100.5)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(4), stop_loss=D(95), take_profit=D(110)))
    await floor.quote(100, 100.5)
    assert floor.cash(session_id) == 100_000 - 402
    levels = {row.trigger.kind: row.trigger.level for row in floor.desk.triggers()}
    assert levels == {TriggerKind.STOP_LOSS: 95, TriggerKind.TAKE_PROFIT: 110}
    (row,) = floor.desk.positions()
    assert (row.stop, row.target, row.pnl) == (D(95), D(110), D(-2))


async def test_an_estimate_says_what_an_order_would_do(floor: Floor) -> None:
    session_id = await floor.session(mode=ExecutionMode.MANUAL)
    order = PlaceOrder("SPY", Side.BUY, D(4), stop_loss=D(95))
    assert floor.desk.estimate(session_id, order).blocked == "There is no price of SPY yet."
    await floor.quote(100, 100.5)
    found = floor.desk.estimate(session_id, order)
    assert (found.price, found.value, found.cash_after, found.position_after) == (
        D("100.5"), D(402), D(99_598), D(4),
    )  # fmt: skip
    assert (found.loss_at_stop, found.blocked, found.ask_again) == (D(22), "", "")
    costly = await floor.session(mode=ExecutionMode.MANUAL, fills=FillSettings.of(FillModelKind.FIXED))
    await floor.quote(100, 100.5)
    found = floor.desk.estimate(costly, order)
    assert found.loss_at_stop == D(22) + (D(402) + D(380)) * D("0.002"), "fees and slippage in and out are lost too"
    assert "only 100,000" in floor.desk.estimate(session_id, PlaceOrder("SPY", Side.BUY, D(4_000))).blocked
    with pytest.raises(NotFound, match="trades SPY"):
        floor.desk.estimate(session_id, PlaceOrder("QQQ", Side.BUY, D(1)))


async def test_an_order_much_larger_than_usual_asks_again(floor: Floor) -> None:
    session_id = await floor.session(mode=ExecutionMode.MANUAL)
    for _ in range(3):
        await floor.quote(100)
        await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
        await floor.quote(100)
    assert "60 times" in floor.desk.estimate(session_id, PlaceOrder("SPY", Side.BUY, D(60))).ask_again
    assert floor.desk.estimate(session_id, PlaceOrder("SPY", Side.BUY, D(5))).ask_again == ""
    assert floor.desk.estimate(session_id, PlaceOrder("SPY", Side.SELL, D(3))).ask_again == ""


async def test_closing_what_is_not_held_says_that_there_is_nothing(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.quote(100)
    with pytest.raises(PositionNotFound, match="nothing to close"):
        await floor.desk.close_position(session_id, "SPY")


async def test_half_a_position_is_closed_then_the_rest(floor: Floor) -> None:
    session_id = await floor.holding(99)
    await floor.desk.close_position(session_id, "SPY", D(5))
    await floor.quote(101)
    assert floor.held(session_id) == 5
    assert floor.desk.trades() == ()
    with pytest.raises(InsufficientPosition):
        await floor.desk.close_position(session_id, "SPY", D(6))
    await floor.desk.close_position(session_id, "SPY")
    await floor.quote(103)
    (row,) = floor.desk.trades()
    assert row.trade.pnl == 5 * 2 + 5 * 4
    assert floor.cash(session_id) == 100_030


async def test_a_limit_order_is_changed_and_cancelled(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.session()
    await floor.quote(105)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(10), OrderKind.LIMIT, D(90)))
    (order,) = floor.orders(session_id)
    assert floor.desk.session(session_id).cash == 100_000  # type: ignore[union-attr] # it is there
    await floor.desk.replace_order(session_id, order.order_id, quantity=D(8), limit_price=D(91))
    (order,) = floor.orders(session_id)
    assert (order.quantity, order.limit_price) == (D(8), D(91))
    await floor.desk.cancel_order(session_id, order.order_id)
    (order,) = floor.orders(session_id)
    assert order.status is OrderStatus.CANCELED
    with pytest.raises(UserMistake):
        await floor.desk.cancel_order(session_id, order.order_id)
    with pytest.raises(NotFound):
        await floor.desk.cancel_order(session_id, "nobody-9")


async def test_a_command_for_an_unknown_session_is_not_found(floor: Floor) -> None:
    with pytest.raises(NotFound, match="session"):
        await floor.desk.cancel_order("nobody", "nobody-1")


async def test_triggers_are_set_moved_and_cancelled_and_fire_once(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5))))
    (stop,) = floor.desk.triggers()
    assert stop.trigger.level == D("94.05")
    await floor.desk.set_trigger(session_id, "SPY", TriggerKind.TAKE_PROFIT, level=D(120))
    await floor.desk.move_trigger(session_id, stop.trigger.trigger_id, level=D(97))
    target = next(row for row in floor.desk.triggers() if row.trigger.kind is TriggerKind.TAKE_PROFIT)
    assert target.distance_percent == (D(120) - 99) * 100 / 99
    await floor.desk.cancel_trigger(session_id, target.trigger.trigger_id)
    await floor.quote(96.5)
    await floor.quote(96.5)
    await floor.quote(90)
    assert floor.held(session_id) == 0
    states = {row.trigger.kind: row.trigger.state for row in floor.desk.triggers()}
    assert states == {TriggerKind.STOP_LOSS: TriggerState.TRIGGERED, TriggerKind.TAKE_PROFIT: TriggerState.CANCELLED}
    assert floor.orders(session_id)[-1].trigger_id == stop.trigger.trigger_id
    assert floor.desk.row("orders", floor.orders(session_id)[-1].order_id).came_from == "stop-loss"  # type: ignore[union-attr] # there
    assert len(floor.told(FillBooked)) == 2


async def test_new_limits_hold_from_the_next_order_on_and_a_block_is_on_record(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.desk.set_limits(session_id, RiskLimits(max_order_value=D(500)))
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 0
    (blocked,) = floor.told(Blocked)
    assert "500" in blocked.block.sentence
    assert any(blocked.block.sentence in text for _, text in floor.desk.why(session_id, "SPY").history)


async def test_an_entry_while_the_market_is_closed_waits_or_is_blocked_with_the_reason(floor: Floor) -> None:
    """14 November 2023, 22:13 UTC: Seoul is closed."""
    session_id = await floor.session(hours="09:00-15:30@Asia/Seoul")
    await floor.bar(99)
    await floor.quote(99)
    assert floor.held(session_id) == 0
    checks = {name: (passes, sentence) for name, passes, sentence in floor.desk.why(session_id, "SPY").checks}
    assert [sentence for passes, sentence in checks.values() if not passes]
    assert "closed" in floor.desk.status().market.text


async def test_a_row_shows_who_decides_and_which_limits_hold_after_a_change(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await floor.session(mode=ExecutionMode.MANUAL)
    limits = RiskLimits(max_order_value=D(500))
    await floor.desk.set_mode(session_id, ExecutionMode.AUTO)
    await floor.desk.set_limits(session_id, limits)
    row = floor.desk.session(session_id)
    assert row is not None
    assert (row.settings.mode, row.settings.limits) == (ExecutionMode.AUTO, limits)

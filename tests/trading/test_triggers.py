from __future__ import annotations

from typing import Any

import pytest

from desktop.domain import commands as ask
from desktop.domain.effects import SubmitOrder
from desktop.domain.errors import FieldError, IllegalMove, NotFound
from desktop.domain.events import TradeClosed, TriggerChanged
from desktop.domain.market import MINUTE, SECOND
from desktop.domain.messages import BadQuote, ClockTick, OrderSending
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import Check, RiskLimits
from desktop.domain.sessions import ExecutionMode
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TRIGGER_MOVES, Trigger, TriggerKind, TriggerState
from desktop.trading.triggers import TriggerBook
from tests.trading.core_kit import FALSE, TRUE, D, Kit, fill_of, strategy

K = TriggerKind


def _entered(price: float = 100.0, *, stop: Any = None, target: Any = None, trail: Any = None, **changes: Any) -> Kit:
    """Return a kit whose entry filled at the open of the bar that is about to pass."""
    guards = Protection(*(None if item is None else D(item) for item in (stop, target, trail)))
    kit = Kit(strategy=strategy(protection=guards), **changes)
    kit.judges["SPY"].entry = TRUE
    kit.bar(price)
    kit.judges["SPY"].entry = FALSE
    return kit


def _exit(kit: Kit) -> Any:
    (closed,) = kit.told(TradeClosed)
    return (closed.trade.reason, closed.trade.exit_price)


# --- inside the bars of a replay: bars -> how the position was left -----------------------------------------------
@pytest.mark.parametrize(
    ("guards", "bars", "left"),
    [
        # the entry bar counts from its open on
        ({"stop": 5}, [(100, 101, 94, 99)], ("stop-loss", 95)),
        ({"target": 5}, [(100, 106, 99, 104)], ("take-profit", 105)),
        # protection before profit
        ({"stop": 5, "target": 5}, [(100, 106, 94, 100)], ("stop-loss", 95)),
        # a gap through the level fills at the open
        ({"stop": 5}, [(100, 100, 99, 100), (90, 92, 88, 91)], ("stop-loss", 90)),
        ({"target": 5}, [(100, 100, 99, 100), (110, 111, 109, 110)], ("take-profit", 110)),
        # the trailing mark is that of the bars before, and moves after the stop test
        ({"trail": 5}, [(100, 120, 99, 118)], None),
        ({"trail": 5}, [(100, 120, 99, 118), (118, 119, 113, 115)], ("trailing-stop", 114)),
        ({"trail": 5}, [(100, 120, 99, 118), (118, 140, 115, 139), (139, 139, 134, 138)], None),
        # not reached
        ({"stop": 5, "target": 5}, [(100, 104, 96, 100)], None),
        # to the tick
        ({"stop": 5}, [(100, 100, 95.01, 99)], None),
        ({"stop": 5}, [(100, 100, 95, 99)], ("stop-loss", 95)),
    ],
)
def test_protection_leaves_a_position_at_the_price_the_bar_offers(
    guards: dict[str, int], bars: list[tuple[float, ...]], left: tuple[str, int] | None
) -> None:
    kit = _entered(**guards)
    for prices in bars:
        kit.bar(*prices)
    if left is None:
        assert kit.held() == 10
    else:
        assert _exit(kit) == (left[0], D(left[1]))
        assert not kit.core.triggers


def test_in_a_bar_in_which_a_limit_bought_only_stops_count() -> None:
    for target, stop, left in ((2, None, None), (None, 2, ("stop-loss", D("97.02")))):
        guards = Protection(None if stop is None else D(stop), None if target is None else D(target), None)
        kit = Kit(strategy=strategy(protection=guards, entry_limit_percent=D(1)))
        kit.judges["SPY"].entry = TRUE
        kit.bar(100)
        kit.judges["SPY"].entry = FALSE
        kit.bar(100, 105, 96, 100)
        if left is None:
            assert kit.held() == 10
        else:
            assert _exit(kit) == left


def test_after_an_entry_inside_a_bar_its_high_counts_from_the_close_on() -> None:
    kit = Kit(strategy=strategy(protection=Protection(None, None, D(10)), entry_limit_percent=D(1)))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100, 150, 98, 101)
    (trail,) = kit.core.triggers.values()
    assert trail.high_water == 101
    assert kit.core.positions["SPY"].high == 101


def test_protection_is_rounded_to_the_tick() -> None:
    kit = _entered(99.99, stop="3.3")
    kit.bar(99.99)
    (stop,) = kit.core.triggers.values()
    assert stop.level == D("96.69")


# --- on quotes ---------------------------------------------------------------------------------------------------
def _guarded(kind: K = K.STOP_LOSS, **command: Any) -> Kit:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", kind, **command))
    return kit


def test_a_stop_reached_by_the_bid_sells_at_the_next_quote() -> None:
    kit = _guarded(level=D(95))
    kit.quote(95.01, 95.02)
    assert not kit.core.orders
    kit.quote(95.0, 95.02)
    assert kit.order().kind is OrderKind.MARKET
    kit.quote(94.5, 94.6)
    assert _exit(kit) == ("stop-loss", D("94.5"))


def test_a_target_reached_by_the_bid_sells() -> None:
    kit = _guarded(K.TAKE_PROFIT, level=D(105))
    kit.quote(104.99, 105.2)
    assert not kit.core.orders
    kit.quote(105.0, 105.2)
    kit.quote(105.0, 105.2)
    assert _exit(kit) == ("take-profit", D(105))


def test_a_trailing_stop_follows_the_bid_up_and_never_down() -> None:
    kit = _guarded(K.TRAILING_STOP, trail_percent=D(10))
    for bid in (100.0, 120.0, 110.0):
        kit.quote(bid)
    (trail,) = kit.core.triggers.values()
    assert (trail.high_water, trail.level) == (D(120), D(108))
    kit.quote(108.0)
    kit.quote(108.0)
    assert _exit(kit)[0] == "trailing-stop"


def test_an_entry_limit_buys_at_its_level_when_the_ask_comes_down() -> None:
    kit = Kit()
    kit.quote(100.0)
    kit.ask(ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(95), quantity=D(3)))
    kit.quote(94.9, 95.1)
    assert not kit.core.orders
    kit.quote(94.8, 95.0)
    assert (kit.order().kind, kit.order().limit_price, kit.order().purpose) == (OrderKind.LIMIT, D(95), Purpose.ENTRY)
    kit.quote(94.8, 94.9)
    assert kit.core.positions["SPY"].average <= 95


def test_an_entry_limit_inside_a_bar_buys_in_that_bar() -> None:
    kit = Kit()
    kit.bar(100)
    kit.ask(ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(95), quantity=D(3)))
    kit.bar(100, 101, 94, 96)
    assert (kit.held(), kit.core.positions["SPY"].average) == (D(3), D(95))


def test_a_trigger_fires_in_every_mode() -> None:
    for mode in ExecutionMode:
        kit = _guarded(level=D(95))
        kit.ask(ask.SetMode(mode))
        kit.quote(95.0)
        assert len(kit.core.orders) == 1


def _fires_once() -> None:
    kit = _guarded(level=D(95))
    for _ in range(3):
        kit.quote(90.0)
    assert [order.purpose for order in kit.orders].count(Purpose.TRIGGER) == 1
    fired = [fact for fact in kit.told(TriggerChanged) if fact.trigger.state is TriggerState.TRIGGERED]
    assert len(fired) == 1


def test_invariant_6_a_trigger_fires_at_most_once_per_arming() -> None:
    _fires_once()


@pytest.mark.interpreted
def test_invariant_6_fails_when_firing_leaves_a_trigger_armed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TriggerBook, "fire", lambda self, trigger, order_id: trigger)
    with pytest.raises(AssertionError):
        _fires_once()


def test_invariant_6_a_fired_trigger_does_not_fire_again_after_a_restart() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.SetTrigger("SPY", K.STOP_LOSS, level=D(95)))
    kit.quote(94.0)
    kit.step(OrderSending(kit.now, kit.order().order_id))
    state, orders = kit.unit.snapshot(), kit.orders
    kit.unit = kit.build()
    kit.unit.restore(state, orders, ["s-1-1.1"])
    kit.ask(ask.Recover())
    kit.ask(ask.Recovered())
    assert not kit.quote(93.0).requests
    assert len(kit.core.orders) == 1


def test_invariant_6_a_second_firing_is_no_move_of_the_table() -> None:
    kit = _guarded(level=D(95))
    (trigger,) = kit.core.triggers.values()
    kit.quote(95.0)
    with pytest.raises(IllegalMove):
        kit.core.trigger_book.fire(trigger, "another")
    assert not TRIGGER_MOVES[TriggerState.TRIGGERED]


# --- stale, bad, closed (T3, T4) ---------------------------------------------------------------------------------
def test_fault_21_a_stale_quote_fires_no_trigger_and_opens_nothing() -> None:
    kit = _guarded(level=D(95))
    kit.ask(ask.SetLimits(RiskLimits(max_quote_age=5 * SECOND)))
    kit.quote(100.0)
    mark = kit.core.marks["SPY"]
    mark.bid = mark.ask = 90.0  # the last price known is through the stop, but old by now
    kit.tick(61 * SECOND)
    assert not kit.core.orders
    assert len(kit.core.triggers) == 1
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    assert kit.blocks[-1].block.check is Check.STALE


def test_fault_22_a_bad_quote_fires_nothing_until_the_next_good_one() -> None:
    kit = _guarded(level=D(95))
    kit.step(BadQuote(kit.now, "SPY", "spike"))
    kit.core.watch.on_quote(_through(kit, 90.0))
    kit.facts += [fact for fact in kit.core.state.take() if not isinstance(fact, SubmitOrder)]  # type: ignore[misc]
    (trigger,) = kit.core.triggers.values()
    assert trigger.held_by == Check.STALE.value
    assert [(fact.what, fact.block.check) for fact in kit.blocks] == [("trigger", Check.STALE)]
    kit.quote(100.0)
    (trigger,) = kit.core.triggers.values()
    assert (trigger.held_by, trigger.state) == ("", TriggerState.ACTIVE)
    kit.quote(94.0)
    assert len(kit.core.orders) == 1


def test_fault_22_a_bad_quote_of_a_foreign_symbol_is_ignored() -> None:
    kit = Kit()
    assert not kit.step(BadQuote(kit.now, "XXX", "spike")).facts


def _through(kit: Kit, price: float) -> Any:
    mark = kit.core.marks["SPY"]
    mark.bid = mark.ask = price
    return mark


def test_outside_hours_a_trigger_is_held_stays_armed_and_fires_when_the_market_opens() -> None:
    kit = _guarded(level=D(95))
    kit.hours["SPY"].open = False
    kit.quote(94.0)
    kit.quote(94.0)
    (trigger,) = kit.core.triggers.values()
    assert trigger.held_by == Check.HOURS.value
    assert len(kit.blocks) == 1
    kit.hours["SPY"].open = True
    kit.quote(93.0)
    assert len(kit.core.orders) == 1


def test_a_bar_that_the_market_opens_in_counts_as_open() -> None:
    kit = _entered(stop=5)
    kit.bar(100)
    kit.hours["SPY"].open = False
    kit.bar(90)
    assert kit.held() == 10
    kit.hours["SPY"].opens_at = kit.now + MINUTE
    kit.bar(90)
    assert kit.held() == 0


def test_a_poll_fires_what_a_fresh_quote_has_reached_once_a_minute() -> None:
    kit = _guarded(level=D(95))
    kit.quote(100.0)
    _through(kit, 94.0)
    kit.tick(SECOND)
    assert len(kit.core.orders) == 1
    kit = _guarded(level=D(95))
    kit.tick(SECOND)
    _through(kit, 94.0)
    kit.tick(SECOND)
    assert not kit.core.orders  # polled a second ago
    kit.step(ClockTick(kit.now + 58 * SECOND))
    assert kit.core.watch.polled_at > 0


def test_the_kill_switch_holds_triggers_and_lets_them_work_again_when_released() -> None:
    kit = _guarded(level=D(95))
    kit.ask(ask.EngageKill())
    kit.quote(94.0)
    assert not kit.core.orders
    assert kit.blocks[-1].block.check is Check.KILL_SWITCH
    kit.ask(ask.ReleaseKill())
    kit.quote(94.0)
    assert len(kit.core.orders) == 1


def test_a_paused_session_holds_an_entry_trigger_and_lets_protection_work() -> None:
    kit = _guarded(level=D(95))
    kit.ask(ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(96), quantity=D(1)))
    kit.ask(ask.Pause())
    kit.quote(94.0)
    assert [order.side for order in kit.core.orders.values()] == [Side.SELL]


# --- siblings, sizes, moves --------------------------------------------------------------------------------------
def test_closing_the_position_cancels_the_siblings() -> None:
    kit = Kit()
    kit.hold(10, stop_loss=D(90), take_profit=D(120), trailing_percent=D(8))
    assert {trigger.kind for trigger in kit.core.triggers.values()} == {K.STOP_LOSS, K.TAKE_PROFIT, K.TRAILING_STOP}
    kit.ask(ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(50), quantity=D(1)))
    kit.ask(ask.ClosePosition("SPY"))
    kit.quote(100.0)
    assert [trigger.kind for trigger in kit.core.triggers.values()] == [K.ENTRY_LIMIT]


def _filling() -> tuple[Kit, Any]:
    kit = Kit(live=True, strategy=strategy(protection=Protection(D(10), None, D(20))))
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    return kit, kit.order()


def test_partial_fills_resize_the_protection_and_keep_it_at_the_average_price() -> None:
    kit, order = _filling()
    kit.report(order, OrderStatus.PARTIALLY_FILLED, fill=fill_of(order, 4, 100))
    assert [(item.quantity, item.level) for item in kit.core.triggers.values()] == [(D(4), D(90)), (D(4), D(80))]
    kit.report(order, OrderStatus.FILLED, fill=fill_of(order, 6, 110, number=2))
    assert [(item.quantity, item.level) for item in kit.core.triggers.values()] == [(D(10), D("95.4")), (D(10), D(88))]
    kit.ask(ask.ClosePosition("SPY", D(3)))
    sell = kit.order()
    kit.report(sell, OrderStatus.FILLED, fill=fill_of(sell, 3, 110))
    assert {item.quantity for item in kit.core.triggers.values()} == {D(7)}


def test_a_level_moved_by_hand_stays_where_it_was_put() -> None:
    kit, order = _filling()
    kit.report(order, OrderStatus.PARTIALLY_FILLED, fill=fill_of(order, 4, 100))
    stop = next(iter(kit.core.triggers.values()))
    kit.ask(ask.ModifyTrigger(stop.trigger_id, level=D(97)))
    kit.report(order, OrderStatus.FILLED, fill=fill_of(order, 6, 110, number=2))
    assert kit.core.triggers[stop.trigger_id].level == 97
    assert kit.core.triggers[stop.trigger_id].source == "user"


def test_a_stop_cancels_a_resting_target_first_and_then_sells() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), kind=OrderKind.LIMIT, limit_price=D(120)))
    kit.ask(ask.SetTrigger("SPY", K.STOP_LOSS, level=D(95)))
    kit.quote(94.0)
    kit.quote(94.0)
    kit.quote(94.0)
    assert kit.held() == 0
    assert [order.status for order in kit.orders[1:]] == [OrderStatus.CANCELED, OrderStatus.FILLED]


def test_inside_a_bar_a_stop_cancels_a_resting_target_and_sells_in_that_bar() -> None:
    kit = _entered(stop=5)
    kit.bar(100)
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), kind=OrderKind.LIMIT, limit_price=D(120)))
    kit.bar(100, 101, 94, 96)
    assert _exit(kit) == ("stop-loss", D(95))


def test_a_target_does_not_sell_what_is_being_sold_already() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.SetTrigger("SPY", K.TAKE_PROFIT, level=D(105)))
    kit.ask(ask.ClosePosition("SPY"))
    assert not [item for item in kit.quote(106.0).requests if isinstance(item, SubmitOrder)]
    assert len(kit.core.triggers) == 1


def test_triggers_are_set_moved_and_cancelled_by_hand() -> None:
    kit = _guarded(level=D("95.004"))
    (trigger,) = kit.core.triggers.values()
    assert (trigger.level, trigger.source) == (D("95.00"), "user")
    kit.ask(ask.ModifyTrigger(trigger.trigger_id, level=D(96)))
    assert kit.core.triggers[trigger.trigger_id].level == 96
    kit.ask(ask.CancelTrigger(trigger.trigger_id))
    assert not kit.core.triggers
    assert isinstance(kit.ask(ask.CancelTrigger(trigger.trigger_id)).refusal, NotFound)


def test_a_trailing_stop_is_moved_by_its_percentage_or_dragged_to_a_level() -> None:
    kit = _guarded(K.TRAILING_STOP, trail_percent=D(10))
    (trigger,) = kit.core.triggers.values()
    kit.ask(ask.ModifyTrigger(trigger.trigger_id, trail_percent=D(5)))
    assert kit.core.triggers[trigger.trigger_id].level == 95
    kit.ask(ask.ModifyTrigger(trigger.trigger_id, level=D(92)))
    moved = kit.core.triggers[trigger.trigger_id]
    assert (moved.level, moved.trail_percent) == (D(92), D(8))
    assert isinstance(kit.ask(ask.ModifyTrigger(trigger.trigger_id)).refusal, FieldError)


@pytest.mark.parametrize(("kind", "level"), [(K.STOP_LOSS, 100), (K.TAKE_PROFIT, 99)])
def test_a_level_on_the_wrong_side_of_the_market_is_refused_because_it_would_fire_at_once(kind: K, level: int) -> None:
    kit = Kit()
    kit.hold(10)
    assert "would fire at once" in str(kit.ask(ask.SetTrigger("SPY", kind, level=D(level))).refusal)
    assert not kit.core.triggers


@pytest.mark.parametrize(
    "guards", [{"stop_loss": D(101)}, {"take_profit": D(99)}, {"trailing_percent": D(0)}, {"stop_loss": D(-1)}]
)
def test_a_ticket_with_protection_that_cannot_be_right_is_refused(guards: dict[str, Any]) -> None:
    kit = Kit()
    kit.quote(100.0)
    assert isinstance(kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), **guards)).refusal, FieldError)
    assert not kit.core.orders


def test_an_order_by_hand_does_not_take_the_protection_of_the_strategys_entry_away() -> None:
    kit = Kit(strategy=strategy(protection=Protection(D(10), None, None), entry_limit_percent=D(5)))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(90)))
    kit.bar(96, 97, 94, 96)
    assert kit.held() == 10
    assert [trigger.level for trigger in kit.core.triggers.values()] == [D("85.5")]


def test_every_stop_of_a_holding_grows_with_it() -> None:
    kit = Kit()
    kit.hold(10)
    for level in (90, 80):
        kit.ask(ask.SetTrigger("SPY", K.STOP_LOSS, level=D(level)))
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(5)))
    kit.quote(100.0)
    assert [trigger.quantity for trigger in kit.core.triggers.values()] == [D(15), D(15)]


def test_an_entry_by_trigger_gets_the_strategys_protection() -> None:
    kit = Kit(strategy=strategy(protection=Protection(D(10), None, None)))
    kit.quote(100.0)
    kit.ask(ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(95), quantity=D(3)))
    kit.quote(94.0)
    kit.quote(94.0)
    (stop,) = kit.core.triggers.values()
    assert (stop.kind, stop.quantity) == (K.STOP_LOSS, D(3))


@pytest.mark.parametrize(
    "command",
    [
        ask.SetTrigger("SPY", K.STOP_LOSS),
        ask.SetTrigger("SPY", K.STOP_LOSS, level=D(-1)),
        ask.SetTrigger("SPY", K.TRAILING_STOP, trail_percent=D(100)),
        ask.SetTrigger("SPY", K.TRAILING_STOP),
        ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(90)),
        ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(90), quantity=D("0.5")),
        ask.SetTrigger("XXX", K.STOP_LOSS, level=D(90)),
    ],
)
def test_a_malformed_trigger_is_refused(command: ask.Command) -> None:
    kit = Kit()
    kit.hold(10)
    assert kit.ask(command).refusal is not None
    assert not kit.core.triggers


def test_a_malformed_move_is_refused() -> None:
    kit = _guarded(level=D(95))
    (trigger,) = kit.core.triggers.values()
    assert kit.ask(ask.ModifyTrigger(trigger.trigger_id)).refusal is not None
    assert kit.ask(ask.ModifyTrigger("x", level=D(1))).refusal is not None
    assert kit.core.triggers[trigger.trigger_id] == trigger


def test_cancelled_triggers_name_their_reason() -> None:
    kit = _guarded(level=D(95))
    kit.ask(ask.ClosePosition("SPY"))
    kit.quote(100.0)
    last: Trigger = kit.told(TriggerChanged)[-1].trigger
    assert (last.state, last.reason) == (TriggerState.CANCELLED, "the position is closed")

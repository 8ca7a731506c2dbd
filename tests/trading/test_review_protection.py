"""Protection, stops of a session and commands that meet each other: what a second pair of eyes found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain import commands as ask
from desktop.domain.errors import FieldError, UserMistake
from desktop.domain.events import TradeClosed
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, SECOND, Bar, Quote
from desktop.domain.messages import BarsClosed, BarsPassed, Quotes
from desktop.domain.money import bounded
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.domain.risk import Check, RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, StopChoice
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Protection, Sizing, SizingKind
from desktop.domain.triggers import TriggerKind
from desktop.ports import TradingHours
from desktop.trading.unit import SessionUnit
from desktop.trading.venue import Venue
from tests.trading.core_kit import FALSE, TRUE, D, Kit, fill_of, strategy

K = TriggerKind


def _entered(*guards: int | None, **changes: Any) -> Kit:
    """Return a kit whose entry fills at the open of the next bar, guarded by stop, target and trailing distance."""
    kit = Kit(strategy=strategy(protection=Protection(*(None if item is None else D(item) for item in guards))))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.judges["SPY"].entry = FALSE
    return kit


def _exit(kit: Kit) -> tuple[str, Decimal]:
    (closed,) = kit.told(TradeClosed)
    return closed.trade.reason, closed.trade.exit_price


# --- inside a bar ------------------------------------------------------------------------------------------------
def test_of_two_stops_in_one_bar_the_higher_one_is_met_first_on_the_way_down() -> None:
    kit = _entered(5, None, 4)
    kit.bar(100, 125, 100, 124)  # the trailing stop is at 120 now, the stop-loss at 95
    kit.bar(124, 124, 90, 91)
    assert _exit(kit) == ("trailing-stop", D(120))


def test_of_two_stops_that_a_bar_gaps_through_both_give_the_open() -> None:
    kit = _entered(5, None, 4)
    kit.bar(100, 125, 100, 124)
    kit.bar(91, 92, 90, 91)
    assert _exit(kit)[1] == 91


def test_a_bar_that_opens_beyond_the_target_takes_it_there_even_if_the_stop_is_reached_later() -> None:
    kit = _entered(5, 5, None)
    kit.bar(100)
    kit.bar(110, 111, 90, 91)
    assert _exit(kit) == ("take-profit", D(110))


def test_a_bar_that_opens_beyond_the_stop_is_left_there_even_if_the_target_is_reached_later() -> None:
    kit = _entered(5, 5, None)
    kit.bar(100)
    kit.bar(90, 111, 89, 110)
    assert _exit(kit) == ("stop-loss", D(90))


# --- on quotes ---------------------------------------------------------------------------------------------------
def test_a_stop_that_a_quote_touches_fires_even_where_a_limit_has_to_get_out_of_its_way_first() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", K.STOP_LOSS, level=D(95)))
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), OrderKind.LIMIT, limit_price=D(120)))
    kit.quote(94.9, 95.0)
    kit.quote(96, 96.1)
    assert _exit(kit) == ("stop-loss", D(96))


# --- stop, kill, start -------------------------------------------------------------------------------------------
def _fired_target(kit: Kit) -> None:
    """Let a target fire whose order then works at the venue without filling."""
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", K.TAKE_PROFIT, level=D(105)))
    kit.quote(106, 106.1)
    assert [order.purpose for order in kit.core.orders.values()] == [Purpose.TRIGGER]


@pytest.mark.parametrize("choice", [StopChoice.CANCEL, StopChoice.FLATTEN])
def test_a_stopped_session_whose_triggers_are_cancelled_arms_none_anew(choice: StopChoice) -> None:
    kit = Kit()
    _fired_target(kit)
    kit.ask(ask.Stop(choice))
    assert not kit.core.triggers


def test_the_kill_switch_keeps_a_position_guarded_whose_trigger_order_it_cancels() -> None:
    kit = Kit()
    _fired_target(kit)
    kit.ask(ask.EngageKill(flatten=False, reason="test"))
    assert [trigger.kind for trigger in kit.core.triggers.values()] == [K.TAKE_PROFIT]


def _flattening_that_waits() -> Kit:
    kit = Kit()
    kit.hold(10)
    kit.hours["SPY"].open = False
    return kit


def test_a_session_started_again_no_longer_sells_what_a_stop_was_to_flatten() -> None:
    kit = _flattening_that_waits()
    kit.ask(ask.Stop(StopChoice.FLATTEN))
    kit.tick()
    kit.ask(ask.Start())
    kit.hours["SPY"].open = True
    kit.quote(100)
    kit.quote(100)
    assert kit.held() == 10


def test_a_kill_switch_that_is_released_no_longer_sells_what_it_was_to_flatten() -> None:
    kit = _flattening_that_waits()
    kit.ask(ask.EngageKill(flatten=True, reason="test"))
    kit.tick()
    kit.ask(ask.ReleaseKill())
    kit.hours["SPY"].open = True
    kit.quote(100)
    kit.quote(100)
    assert kit.held() == 10


def test_a_kill_switch_that_keeps_positions_ends_the_flattening_of_a_stop() -> None:
    kit = _flattening_that_waits()
    kit.ask(ask.Stop(StopChoice.FLATTEN))
    kit.tick()
    kit.ask(ask.EngageKill(flatten=False, reason="test"))
    kit.hours["SPY"].open = True
    kit.quote(100)
    kit.quote(100)
    assert kit.held() == 10


def test_a_session_stopped_with_its_orders_cancelled_forgets_a_close_that_is_held() -> None:
    kit = _flattening_that_waits()
    kit.ask(ask.ClosePosition("SPY"))
    kit.ask(ask.Stop(StopChoice.CANCEL))
    kit.hours["SPY"].open = True
    kit.quote(100)
    kit.quote(100)
    assert kit.held() == 10


# --- approving (G3) ----------------------------------------------------------------------------------------------
def _entry_that_waits() -> tuple[Kit, str]:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.quote(100)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100, passed=False)
    (signal,) = kit.core.signals
    return kit, signal.signal_id


def test_an_entry_cannot_be_approved_once_the_symbol_is_held() -> None:
    kit, signal_id = _entry_that_waits()
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(5)))
    kit.quote(100)
    assert kit.held() == 5
    step = kit.ask(ask.Approve(signal_id))
    assert isinstance(step.refusal, UserMistake)
    kit.quote(100)
    assert kit.held() == 5
    assert kit.signal_states() == [SignalState.EXPIRED]


def test_an_entry_cannot_be_approved_while_another_order_works_on_the_symbol() -> None:
    kit, signal_id = _entry_that_waits()
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(5), OrderKind.LIMIT, limit_price=D(90)))
    step = kit.ask(ask.Approve(signal_id))
    assert isinstance(step.refusal, UserMistake)
    assert len(kit.core.orders) == 1


def test_an_exit_that_waits_goes_at_once_when_the_mode_no_longer_asks_for_approval() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.hold(10)
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    assert kit.signal_states()[-1] is SignalState.PENDING
    kit.ask(ask.SetMode(ExecutionMode.AUTO))
    kit.bar(100, passed=False)
    kit.quote(100)
    assert kit.held() == 0


# --- limits ------------------------------------------------------------------------------------------------------
def test_a_daily_loss_limit_that_is_switched_off_halts_no_longer() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(1)))
    kit.hold(900)
    kit.quote(90)
    kit.quote(90)
    assert kit.core.daily_loss.halted
    kit.ask(ask.SetLimits(RiskLimits()))
    kit.quote(90)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is None


# --- the guards of an order that rests for long ------------------------------------------------------------------
def test_an_order_that_rests_keeps_its_protection_however_many_others_come_and_go() -> None:
    kit = Kit()
    kit.quote(100)
    kit.ask(
        ask.PlaceOrder(
            "SPY",
            Side.BUY,
            D(5),
            OrderKind.LIMIT,
            limit_price=D(90),
            time_in_force=TimeInForce.GTC,
            stop_loss=D(80),
        )
    )
    for _ in range(120):
        kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, limit_price=D(50), stop_loss=D(40)))
        kit.ask(ask.CancelOrder(kit.order().order_id))
    kit.quote(90)
    assert [(trigger.kind, trigger.level) for trigger in kit.core.triggers.values()] == [(K.STOP_LOSS, D(80))]


# --- orders of a broker outside that never left ------------------------------------------------------------------
def test_fault_2_a_stop_whose_order_never_left_is_armed_again_when_it_is_too_old_to_send() -> None:
    kit = Kit(live=True)
    kit.quote(100)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.SetTrigger("SPY", K.STOP_LOSS, level=D(95)))
    kit.quote(94)
    order = kit.order()
    assert (order.purpose, order.status) == (Purpose.TRIGGER, OrderStatus.INTENT)
    kit.now += HOUR
    kit.ask(ask.Recover("restarted"))
    kit.ask(ask.Recovered(resume=True))
    assert kit.order().status is OrderStatus.EXPIRED
    assert [trigger.kind for trigger in kit.core.triggers.values()] == [K.STOP_LOSS]


def test_an_entry_that_is_denied_before_it_left_leaves_no_signal_behind() -> None:
    kit = Kit(live=True)
    kit.quote(100)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100, passed=False)
    assert kit.signal_states() == [SignalState.CONFIRMED]
    kit.ask(ask.Pause("test"))
    assert kit.signal_states() == [SignalState.BLOCKED]
    assert not kit.core.signal_book.live


# --- day orders on daily bars ------------------------------------------------------------------------------------
def test_a_limit_of_a_daily_bar_waits_for_the_next_bar_over_a_weekend() -> None:
    kit = Kit(strategy=strategy(timeframe="1d", entry_limit_percent=D(1)))
    instruments = {item.symbol: item for item in kit.settings.instruments}
    hours: dict[str, TradingHours] = dict(kit.hours)
    venue = Venue(instruments, kit.settings.fills, seed=1, cash=kit.settings.cash, hours=hours, bar_length=DAY)
    kit.unit = SessionUnit(kit.unit.core, venue)
    monday = 4 * DAY + 2_900 * 7 * DAY  # the epoch was a Thursday
    friday = Bar("SPY", "1d", monday - 3 * DAY, 100, 100, 100, 100, 1e9)
    kit.judges["SPY"].entry = TRUE
    kit.step(BarsPassed(friday.end, (friday,)))
    kit.step(BarsClosed(friday.end, (friday,)))
    kit.judges["SPY"].entry = FALSE
    after = Bar("SPY", "1d", monday, 100, 100, 98, 99, 1e9)
    kit.step(BarsPassed(after.end, (after,)))
    assert kit.held() == 10


def test_a_limit_of_a_daily_bar_ends_with_its_bar() -> None:
    kit = Kit(strategy=strategy(timeframe="1d", entry_limit_percent=D(1)))
    instruments = {item.symbol: item for item in kit.settings.instruments}
    hours: dict[str, TradingHours] = dict(kit.hours)
    venue = Venue(instruments, kit.settings.fills, seed=1, cash=kit.settings.cash, hours=hours, bar_length=DAY)
    kit.unit = SessionUnit(kit.unit.core, venue)
    monday = 4 * DAY + 2_900 * 7 * DAY
    kit.judges["SPY"].entry = TRUE
    for number, low in enumerate((100, 99.5, 90)):
        bar = Bar("SPY", "1d", monday + number * DAY, 100, 100, low, 100, 1e9)
        kit.step(BarsPassed(bar.end, (bar,)))
        kit.step(BarsClosed(bar.end, (bar,)))
        kit.judges["SPY"].entry = FALSE
    assert kit.held() == 0
    assert kit.order().status is OrderStatus.EXPIRED


# --- numbers -----------------------------------------------------------------------------------------------------
def test_huge_amounts_are_held_to_ten_decimals_like_any_other() -> None:
    assert bounded(D("12345678901234567890.123456789012")) == D("12345678901234567890.1234567890")


@pytest.mark.parametrize("lot", ["1", "0.00000001"])
@pytest.mark.parametrize("typed", ["1E25", "1E60", "1E-30", "0.1234567890123456789012345678901234"])
def test_a_slip_of_the_hand_is_refused_at_its_field_and_fails_nothing(lot: str, typed: str) -> None:
    kit = Kit(instruments=(Instrument("SPY", lot=D(lot)),))
    kit.hold(10)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, limit_price=D(50)))
    asked: list[ask.Command] = [
        ask.PlaceOrder("SPY", Side.BUY, D(typed)),
        ask.ClosePosition("SPY", D(typed)),
        ask.ReplaceOrder(kit.order().order_id, D(typed)),
        ask.SetTrigger("SPY", K.ENTRY_LIMIT, level=D(90), quantity=D(typed)),
    ]
    if D(typed) != D("0.1234567890123456789012345678901234"):
        asked.append(ask.PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, limit_price=D(typed)))
    for command in asked:
        assert isinstance(kit.ask(command).refusal, FieldError), command
    assert kit.held() == 10


def test_a_strategy_with_a_sizing_beyond_all_measure_is_blocked_and_fails_nothing() -> None:
    kit = Kit(strategy=strategy(sizing=Sizing(SizingKind.FIXED_QUANTITY, D("1E60"))))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert [item.block.check for item in kit.blocks] == [Check.CASH]


# --- an entry that is still filling when its position is left -----------------------------------------------------
def _filling() -> Kit:
    """Return a kit that holds 10 of the 100 that its rule is buying, guarded by a stop at 95."""
    fills = replace(FillSettings.of(FillModelKind.IDEAL), volume_share=D("0.1"))
    sizing = Sizing(SizingKind.FIXED_QUANTITY, D(100))
    kit = Kit(fills=fills, strategy=strategy(protection=Protection(D(5)), sizing=sizing))
    kit.quote(100)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100, passed=False)
    kit.judges["SPY"].entry = FALSE
    _small_quote(kit, 100)
    assert (kit.held(), kit.order().remaining) == (D(10), D(90))
    return kit


def _small_quote(kit: Kit, price: float) -> None:
    kit.now += SECOND
    kit.step(Quotes(kit.now, (Quote("SPY", kit.now, price, price, 1e9, 100.0),)))


def test_a_stop_ends_the_entry_that_is_still_filling() -> None:
    kit = _filling()
    _small_quote(kit, 80)  # what fills at this quote before the stop is judged is sold with the rest
    for _ in range(3):
        _small_quote(kit, 80)
    assert kit.held() == 0
    assert not kit.core.orders
    assert kit.core.book.reserved == 0


def test_an_exit_rule_ends_the_entry_that_is_still_filling() -> None:
    kit = _filling()
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    for _ in range(3):
        _small_quote(kit, 100)
    assert kit.held() == 0
    assert not kit.core.orders


def test_closing_by_hand_ends_the_entry_that_is_still_filling_but_no_order_that_waits_for_a_lower_price() -> None:
    kit = _filling()
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, limit_price=D(50), time_in_force=TimeInForce.GTC))
    waiting = kit.order().order_id
    kit.ask(ask.ClosePosition("SPY"))
    for _ in range(3):
        _small_quote(kit, 100)
    assert kit.held() == 0
    assert list(kit.core.orders) == [waiting]


def test_a_target_order_by_hand_leaves_an_entry_that_is_still_filling_alone() -> None:
    kit = _filling()
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), OrderKind.LIMIT, limit_price=D(120)))
    _small_quote(kit, 100)
    assert kit.held() == 20


def test_a_trailing_stop_is_not_tightened_to_where_it_would_sell_at_once() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", K.TRAILING_STOP, trail_percent=D(20)))
    kit.quote(120)
    kit.quote(105)
    (trail,) = kit.core.triggers.values()
    assert isinstance(kit.ask(ask.ModifyTrigger(trail.trigger_id, trail_percent=D(5))).refusal, FieldError)
    assert kit.core.triggers[trail.trigger_id].level == 96
    assert kit.ask(ask.ModifyTrigger(trail.trigger_id, trail_percent=D(15))).refusal is None

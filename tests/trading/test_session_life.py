from __future__ import annotations

import pytest

from desktop.domain import commands as ask
from desktop.domain.errors import IllegalMove, InsufficientCash, InsufficientPosition, NotFound, PositionNotFound
from desktop.domain.events import CommandTaken, FillBooked, SessionChanged
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar
from desktop.domain.messages import Asked, BarsClosed, BarsPassed, ClockTick
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import Check
from desktop.domain.sessions import ExecutionMode, SessionState, StopChoice
from desktop.domain.signals import SignalKind, SignalState
from desktop.domain.triggers import TriggerKind
from desktop.rules.stream import StreamEvaluator
from desktop.trading.risk_gate import OrderBlocked
from desktop.trading.unit import build_unit
from tests.trading.core_kit import T0, TRUE, D, Hours, Kit, settings, strategy


# --- the acceptance scenarios ------------------------------------------------------------------------------------
def test_a_started_session_is_running() -> None:
    kit = Kit()
    assert kit.status() is SessionState.RUNNING
    assert [(fact.before, fact.after) for fact in kit.told(SessionChanged)] == [
        (SessionState.CREATED, SessionState.RUNNING)
    ]


def test_rsi_under_30_emits_an_entry_signal() -> None:
    made = settings(strategy=strategy(entry="rsi(14) < 30", exit="rsi(14) > 70"), mode=ExecutionMode.MANUAL)
    evaluator = StreamEvaluator(timeframe="1h")
    unit = build_unit(made, {"SPY": evaluator}, {"SPY": Hours()})
    unit.step(Asked(T0, ask.Start()))
    at = T0
    for number in range(20):
        price = 100.0 - number
        bar = Bar("SPY", "1h", at, price, price, price, price, 1000.0)
        at = bar.end
        unit.step(BarsPassed(at, (bar,)))
        evaluator.update(bar)
        unit.step(BarsClosed(at, (bar,)))
    first = unit.core.signals[0]
    assert (first.kind, first.side, first.symbol) == (SignalKind.ENTRY, Side.BUY, "SPY")
    assert "rsi(14)" in str(first.explanation)


def test_confirming_a_buy_of_500_at_71000_takes_exactly_35500000_and_creates_the_position() -> None:
    won = Instrument("005930", currency="KRW", tick=D(100))
    kit = Kit(instruments=(won,), currency="KRW", cash=D(100_000_000), mode=ExecutionMode.MANUAL)
    kit.quote(71_000, symbol="005930")
    kit.judges["005930"].entry = TRUE
    kit.bar(71_000, symbol="005930", passed=False)
    (signal,) = kit.core.signals
    kit.ask(ask.Approve(signal.signal_id, quantity=D(500)))
    kit.quote(71_000, symbol="005930")
    assert kit.core.cash == D(100_000_000) - D(35_500_000)
    assert kit.core.positions["005930"].quantity == 500
    assert kit.core.positions["005930"].average == 71_000


def test_pause_and_resume() -> None:
    kit = Kit()
    kit.ask(ask.Pause())
    assert kit.status() is SessionState.PAUSED
    kit.ask(ask.Resume())
    assert kit.status() is SessionState.RUNNING


def test_insufficient_cash_is_refused_with_needed_and_available() -> None:
    kit = Kit(cash=D(1000))
    kit.quote(100.0)
    step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(11)))
    assert isinstance(step.refusal, InsufficientCash)
    assert (step.refusal.needed, step.refusal.available) == (D(1100), D(1000))
    (answer,) = [fact for fact in step.facts if isinstance(fact, CommandTaken)]
    assert not answer.accepted
    assert "needs 1,100.0 USD but only 1,000 USD is free" in answer.answer
    assert not kit.core.orders


def test_closing_what_is_not_held_is_position_not_found() -> None:
    kit = Kit()
    kit.quote(100.0)
    for command in (
        ask.ClosePosition("SPY"),
        ask.ClosePosition("TSLA"),
        ask.PlaceOrder("SPY", Side.SELL, D(1)),
        ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(90)),
    ):
        assert isinstance(kit.ask(command).refusal, PositionNotFound)


def test_an_order_in_a_closed_market_is_refused() -> None:
    kit = Kit()
    kit.quote(100.0)
    kit.hours["SPY"].open = False
    step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert isinstance(step.refusal, OrderBlocked)
    assert step.refusal.block.check is Check.HOURS
    assert "closed" in str(step.refusal)


# --- moves -------------------------------------------------------------------------------------------------------
def test_an_illegal_command_is_refused_and_changes_nothing() -> None:
    kit = Kit()
    kit.ask(ask.Stop())
    before = kit.unit.snapshot()
    for command in (ask.Pause(), ask.Resume(), ask.Stop(), ask.Recover(), ask.Recovered(), ask.Fail("no")):
        step = kit.ask(command)
        assert isinstance(step.refusal, IllegalMove)
    assert kit.unit.snapshot() == before


def test_resume_needs_a_paused_session() -> None:
    kit = Kit(start=False)
    assert isinstance(kit.ask(ask.Resume()).refusal, IllegalMove)
    assert kit.status() is SessionState.CREATED


def test_a_refusal_is_forgotten_with_the_next_command() -> None:
    kit = Kit()
    kit.ask(ask.Resume())
    assert kit.core.refusal is not None
    assert kit.ask(ask.Pause()).refusal is None


def test_message_time_never_goes_back() -> None:
    kit = Kit()
    kit.tick(10_000_000)
    late = kit.core.now
    kit.step(ClockTick(T0))
    assert kit.core.now == late


def test_a_failed_session_keeps_its_reason_and_can_be_stopped() -> None:
    kit = Kit()
    kit.ask(ask.Fail("the feed broke"))
    assert kit.status() is SessionState.FAILED
    assert kit.core.state.note == "the feed broke"
    kit.ask(ask.Stop())
    assert kit.status() is SessionState.STOPPED


# --- stopping ----------------------------------------------------------------------------------------------------
def _with_position_and_orders() -> Kit:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(90)))
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(80)))
    assert kit.order().status is OrderStatus.NEW
    return kit


def test_stop_and_keep_leaves_orders_and_triggers_working() -> None:
    kit = _with_position_and_orders()
    kit.ask(ask.Stop(StopChoice.KEEP))
    assert len(kit.core.orders) == 1
    assert len(kit.core.triggers) == 1
    kit.quote(89.0)
    kit.quote(89.0)
    assert kit.held() == 0  # the kept stop works


def test_stop_and_cancel_takes_orders_and_triggers_away() -> None:
    kit = _with_position_and_orders()
    kit.ask(ask.Stop(StopChoice.CANCEL))
    assert not kit.core.orders
    assert not kit.core.triggers
    assert kit.held() == 10


def test_stop_and_flatten_sells_everything() -> None:
    kit = _with_position_and_orders()
    kit.ask(ask.Stop(StopChoice.FLATTEN))
    kit.quote(99.0)
    assert kit.held() == 0
    assert not kit.core.orders
    assert kit.core.cash == D(100_000) - 10


def test_rules_of_a_stopped_session_are_not_judged() -> None:
    kit = Kit()
    kit.ask(ask.Stop())
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert not kit.core.signals


# --- orders by hand ----------------------------------------------------------------------------------------------
def test_selling_more_than_is_held_is_refused() -> None:
    kit = Kit()
    kit.hold(10)
    assert isinstance(kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(11))).refusal, InsufficientPosition)


def test_part_of_a_position_can_be_closed() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.ClosePosition("SPY", D(4)))
    kit.quote(100.0)
    assert kit.held() == 6
    kit.ask(ask.ClosePosition("SPY"))
    kit.quote(100.0)
    assert kit.held() == 0


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (ask.PlaceOrder("SPY", Side.BUY, D(0)), "quantity"),
        (ask.PlaceOrder("SPY", Side.BUY, D("NaN")), "quantity"),
        (ask.PlaceOrder("SPY", Side.BUY, D("0.5")), "quantity"),
        (ask.PlaceOrder("SPY", Side.BUY, D(1), limit_price=D(1)), "limit_price"),
        (ask.PlaceOrder("SPY", Side.BUY, D(1), stop_price=D(1)), "stop_price"),
        (ask.PlaceOrder("TSLA", Side.BUY, D(1)), "TSLA"),
    ],
)
def test_a_malformed_order_names_the_mistake(command: ask.Command, names: str) -> None:
    kit = Kit()
    kit.quote(100.0)
    assert names in str(kit.ask(command).refusal)
    assert not kit.core.orders


def test_cancelling_an_unknown_order_says_so() -> None:
    kit = Kit()
    assert isinstance(kit.ask(ask.CancelOrder("x")).refusal, NotFound)


def test_a_fill_is_told_with_the_cash_after_it() -> None:
    kit = Kit()
    kit.hold(10, 100.0)
    (booked,) = kit.told(FillBooked)
    assert booked.cash == D(99_000)


def test_a_signal_is_executed_by_its_fill() -> None:
    kit = Kit()
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert kit.signal_states() == [SignalState.CONFIRMED]
    kit.bar(101)
    assert kit.signal_states() == [SignalState.EXECUTED]
    assert kit.held() == 10

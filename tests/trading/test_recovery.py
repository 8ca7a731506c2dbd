from __future__ import annotations

import json

import pytest

from desktop.domain import commands as ask
from desktop.domain.effects import SubmitOrder
from desktop.domain.events import OrderChanged
from desktop.domain.market import HOUR, SECOND
from desktop.domain.messages import OrderSending
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionState
from desktop.domain.signals import SignalState
from tests.trading.core_kit import FALSE, TRUE, D, Kit, fill_of
from tests.trading.script import restart

S = OrderStatus


def _intent() -> Kit:
    """Return a live kit with one intent that was stored but never sent."""
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    return kit


def _recover(kit: Kit, *, resume: bool = True) -> list[SubmitOrder]:
    restart(kit)
    kit.ask(ask.Recover())
    return [item for item in kit.ask(ask.Recovered(resume=resume)).requests if isinstance(item, SubmitOrder)]


def test_fault_02_a_fresh_intent_is_judged_again_and_sent_under_its_id() -> None:
    kit = _intent()
    (request,) = _recover(kit)
    assert request.order.order_id == kit.orders[0].order_id
    assert kit.core.state.ordinal == 1


def test_fault_02_an_old_intent_expires_by_message_time() -> None:
    kit = _intent()
    kit.now += HOUR
    assert not _recover(kit)
    assert (kit.order().status, kit.core.book.reserved) == (S.EXPIRED, D(0))


def test_fault_02_an_intent_that_no_longer_passes_is_denied() -> None:
    kit = _intent()
    kit.hours["SPY"].open = False
    assert not _recover(kit)
    assert kit.order().status is S.DENIED
    assert "closed" in kit.order().reason


def test_fault_02_an_entry_is_not_sent_into_a_session_that_comes_back_paused() -> None:
    kit = _intent()
    assert not _recover(kit, resume=False)
    assert kit.status() is SessionState.PAUSED
    assert kit.order().status is S.DENIED


def test_fault_03_an_order_caught_while_sending_is_unknown_and_never_sent_again() -> None:
    kit = _intent()
    kit.step(OrderSending(kit.now, kit.order().order_id))
    assert not _recover(kit)
    assert kit.order().status is S.UNKNOWN
    assert kit.core.book.reserved == 100


def test_fault_04_the_brokers_order_of_an_intent_is_adopted() -> None:
    kit = _intent()
    order = kit.order()
    restart(kit)
    kit.report(order, S.NEW, broker_order_id="b-7")
    assert (kit.core.orders[order.order_id].status, kit.core.orders[order.order_id].broker_order_id) == (S.NEW, "b-7")
    assert not _recover(kit)


def test_invariant_7_recovering_twice_equals_once() -> None:
    kit = _intent()
    kit.step(OrderSending(kit.now, kit.order().order_id))
    _recover(kit)
    once = kit.unit.snapshot()
    facts = len([fact for fact in kit.facts if isinstance(fact, OrderChanged)])
    _recover(kit)
    assert kit.unit.snapshot() == once
    assert len([fact for fact in kit.facts if isinstance(fact, OrderChanged)]) == facts


def test_a_recovery_interrupted_by_another_goes_back_to_what_was_before() -> None:
    kit = Kit()
    kit.ask(ask.Pause())
    kit.ask(ask.Recover())
    kit.ask(ask.Recover("again"))
    assert kit.status() is SessionState.RECOVERING
    kit.ask(ask.Recovered())
    assert kit.status() is SessionState.PAUSED


def test_a_failed_session_can_recover() -> None:
    kit = Kit()
    kit.ask(ask.Fail("broken"))
    kit.ask(ask.Recover())
    kit.ask(ask.Recovered())
    assert kit.status() is SessionState.RUNNING


def test_fault_26_signals_of_before_a_wake_gap_are_discarded() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL, signal_ttl=10 * HOUR)
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    kit.now += SECOND
    kit.ask(ask.Recover("woke up after an hour"))
    (signal,) = kit.core.signals
    assert (signal.state, signal.reason) == (SignalState.EXPIRED, "Discarded: woke up after an hour.")


def test_while_recovering_entries_wait_and_exits_work() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.Recover())
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    assert len(kit.core.orders) == 1


def test_a_snapshot_is_json_and_holds_no_finished_orders() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(50)))
    snapshot = kit.unit.snapshot()
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert [item["order_id"] for item in snapshot["core"]["orders"]["open"]] == ["s-1-2"]


def test_fault_13_a_fill_after_the_cancel_is_booked_after_a_restart_too() -> None:
    kit = _intent()
    order = kit.order()
    kit.step(OrderSending(kit.now, order.order_id))
    kit.report(order, S.CANCELED)
    restart(kit)
    kit.report(order, S.FILLED, fill=fill_of(order, 1))
    assert kit.held() == 1


def test_fault_12_a_fill_repeated_after_a_restart_is_booked_once() -> None:
    kit = _intent()
    order = kit.order()
    kit.report(order, S.FILLED, fill=fill_of(order, 1))
    restart(kit)
    kit.report(order, S.FILLED, fill=fill_of(order, 1))
    assert kit.held() == 1


@pytest.mark.parametrize("command", [ask.ClosePosition("SPY"), ask.EngageKill(flatten=True)])
def test_a_held_close_survives_a_restart(command: ask.Command) -> None:
    kit = Kit()
    kit.hold(10)
    kit.hours["SPY"].open = False
    kit.ask(command)
    restart(kit)
    kit.hours["SPY"].open = True
    kit.tick()
    kit.quote(100.0)
    assert kit.held() == 0


def test_a_lasting_block_is_counted_on_across_a_restart() -> None:
    kit = Kit(cash=D(500))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100)
    restart(kit)
    kit.bar(100)
    kit.judges["SPY"].entry = FALSE
    kit.bar(100)
    assert [item.count for item in kit.blocks] == [1, 3]


def test_the_daily_loss_stays_on_across_a_restart() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(1)))
    kit.hold(100)
    kit.quote(80.0, after=2 * SECOND)
    assert kit.core.daily_loss.halted
    restart(kit)
    assert kit.core.daily_loss.halted
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None

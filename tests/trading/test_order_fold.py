from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.effects import CancelAtBroker, ReplaceAtBroker, SubmitOrder
from desktop.domain.errors import IllegalMove
from desktop.domain.events import OrderChanged, Warned
from desktop.domain.fills import OrderReport
from desktop.domain.market import MINUTE, SECOND
from desktop.domain.messages import OrderSending, OrderUnresolved, Report
from desktop.domain.orders import ORDER_MOVES, TERMINAL, Order, OrderKind, OrderStatus, Side
from desktop.domain.risk import Check
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionState
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind
from desktop.trading.order_moves import WAYS, walk
from tests.trading.core_kit import TRUE, D, Kit, fill_of, strategy

S = OrderStatus


def _sent(quantity: int = 10, *, kind: OrderKind = OrderKind.MARKET, **changes: Any) -> Kit:
    """Return a live kit whose one order has been handed out and is SENDING."""
    kit = Kit(live=True, **changes)
    kit.quote(100.0)
    limit = D(100) if kind is OrderKind.LIMIT else None
    step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(quantity), kind=kind, limit_price=limit))
    (request,) = step.requests
    assert isinstance(request, SubmitOrder)
    kit.step(OrderSending(kit.now, request.order.order_id))
    return kit


def _live(kit: Kit) -> Order:
    order = kit.core.book.find(kit.order().order_id)
    assert order is not None
    return order


# --- the way out -------------------------------------------------------------------------------------------------
def test_an_intent_is_told_before_it_is_asked_to_be_sent() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    effects = kit.core.handle(__asked(kit, ask.PlaceOrder("SPY", Side.BUY, D(1))))
    kinds = [type(effect) for effect in effects]
    assert kinds.index(OrderChanged) < kinds.index(SubmitOrder)


def __asked(kit: Kit, command: ask.Command) -> Any:
    from desktop.domain.messages import Asked

    return Asked(kit.now, command)


def test_invariant_3_an_order_is_told_to_be_sending_once_however_often_it_is_tried() -> None:
    kit = _sent()
    again = kit.step(OrderSending(kit.now, kit.order().order_id))
    assert not again.facts
    assert [fact.order.status for fact in kit.told(OrderChanged)] == [S.INTENT, S.SENDING]


def test_client_order_ids_are_short_enough_for_every_broker() -> None:
    kit = _sent(session_id="x" * 80)
    assert kit.order().order_id == "x" * 24 + "-1"


def test_a_cancel_of_an_intent_that_never_left_is_a_denial() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    step = kit.ask(ask.CancelOrder(kit.order().order_id))
    assert kit.order().status is S.DENIED
    assert not step.requests
    assert not kit.step(OrderSending(kit.now, kit.order().order_id)).facts


@pytest.mark.parametrize("command", [ask.Pause(), ask.Stop(), ask.EngageKill(), ask.Fail("x")])
def test_invariant_9_an_entry_that_has_not_left_is_denied_by_pause_stop_kill_and_failure(command: ask.Command) -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    kit.ask(command)
    assert kit.order().status is S.DENIED
    assert kit.core.book.reserved == 0


def test_a_working_order_is_cancelled_and_changed_by_request() -> None:
    kit = _sent(kind=OrderKind.LIMIT)
    order_id = kit.order().order_id
    kit.report(order_id, S.NEW)
    step = kit.ask(ask.ReplaceOrder(order_id, limit_price=D(99)))
    assert step.requests == [ReplaceAtBroker(order_id, D(10), D(99), None)]
    assert _live(kit).status is S.PENDING_REPLACE
    assert isinstance(kit.ask(ask.ReplaceOrder(order_id, limit_price=D(98))).refusal, IllegalMove)
    kit.report(order_id, S.NEW, limit_price=D(99))
    assert (_live(kit).status, _live(kit).limit_price, kit.core.book.reserved) == (S.NEW, D(99), D(990))
    step = kit.ask(ask.CancelOrder(order_id))
    assert step.requests == [CancelAtBroker(order_id)]
    assert not kit.ask(ask.CancelOrder(order_id)).requests  # asked already
    kit.report(order_id, S.CANCELED)
    assert kit.core.book.reserved == 0


def test_a_refused_change_goes_back_to_what_was_reserved() -> None:
    kit = _sent(kind=OrderKind.LIMIT)
    order_id = kit.order().order_id
    kit.report(order_id, S.NEW)
    kit.ask(ask.ReplaceOrder(order_id, quantity=D(20)))
    assert kit.core.book.reserved == 2000
    kit.report(order_id, S.NEW, reason="too late")
    assert (_live(kit).status, _live(kit).quantity, kit.core.book.reserved) == (S.NEW, D(10), D(1000))


def test_a_refused_cancel_leaves_the_order_working() -> None:
    kit = _sent(kind=OrderKind.LIMIT)
    order_id = kit.order().order_id
    kit.report(order_id, S.NEW)
    kit.ask(ask.CancelOrder(order_id))
    kit.report(order_id, S.NEW)  # an old acknowledgement, repeated: no answer to the request
    assert _live(kit).status is S.PENDING_CANCEL
    kit.report(order_id, S.REJECTED, reason="too late to cancel")
    assert _live(kit).status is S.NEW


def test_an_order_that_is_not_acknowledged_yet_is_cancelled_without_a_move() -> None:
    kit = _sent()
    step = kit.ask(ask.CancelOrder(kit.order().order_id))
    assert step.requests == [CancelAtBroker(kit.order().order_id)]
    assert _live(kit).status is S.SENDING


def test_suspended_and_done_for_day_follow_the_latest_word() -> None:
    kit = _sent(kind=OrderKind.LIMIT)
    order_id = kit.order().order_id
    kit.report(order_id, S.NEW)
    kit.now += SECOND
    kit.report(order_id, S.SUSPENDED)
    assert _live(kit).status is S.SUSPENDED
    kit.step(Report(kit.now, OrderReport(order_id, S.NEW, kit.now - SECOND)))  # late
    assert _live(kit).status is S.SUSPENDED
    kit.now += SECOND
    kit.report(order_id, S.NEW)
    assert _live(kit).status is S.NEW
    kit.report(order_id, S.DONE_FOR_DAY)
    assert _live(kit).status is S.DONE_FOR_DAY


# --- faults ------------------------------------------------------------------------------------------------------
def test_fault_10_a_time_out_is_unknown_and_its_risk_stays_reserved() -> None:
    kit = _sent()
    order_id = kit.order().order_id
    kit.step(OrderUnresolved(kit.now, order_id, "504"))
    assert kit.order().status is S.UNKNOWN
    assert kit.core.free_cash == 99_000
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    assert kit.blocks[-1].block.check is Check.UNKNOWN_ORDER
    kit.tick(60 * MINUTE)
    assert _live(kit).status is S.UNKNOWN


def test_fault_10_a_time_out_after_the_acknowledgement_changes_nothing() -> None:
    kit = _sent()
    kit.report(kit.order().order_id, S.NEW)
    kit.step(OrderUnresolved(kit.now, kit.order().order_id, "504"))
    assert _live(kit).status is S.NEW


def test_fault_11_a_read_that_finds_nothing_leaves_it_unknown_until_positive_evidence() -> None:
    kit = _sent()
    order_id = kit.order().order_id
    kit.step(OrderUnresolved(kit.now, order_id, "504"))
    kit.report(order_id, S.UNKNOWN, reason="not found")
    assert _live(kit).status is S.UNKNOWN
    kit.report(order_id, S.NEW)
    assert _live(kit).status is S.NEW
    kit.report(order_id, S.FILLED, fill=fill_of(_live(kit), 10))
    assert kit.held() == 10


def test_fault_12_a_missing_fill_keeps_the_order_open_until_it_is_found() -> None:
    kit = _sent()
    order = kit.order()
    kit.report(order, S.FILLED, cumulative=D(10))  # the status came, its fill did not
    assert kit.held() == 0
    assert kit.core.book.reserved == 1000
    kit.report(order, S.FILLED, fill=fill_of(order, 10))
    assert (kit.order().status, kit.held(), kit.core.book.reserved) == (S.FILLED, D(10), D(0))


def test_fault_12_a_repeated_fill_is_booked_once() -> None:
    kit = _sent()
    order = kit.order()
    for _ in range(3):
        kit.report(order, S.PARTIALLY_FILLED, fill=fill_of(order, 4))
    assert (kit.held(), kit.core.cash) == (D(4), D(99_600))


def test_fault_13_a_fill_before_the_acknowledgement_is_booked() -> None:
    kit = _sent()
    order = kit.order()
    kit.report(order, S.FILLED, fill=fill_of(order, 10))
    kit.report(order, S.NEW)
    assert (kit.order().status, kit.held()) == (S.FILLED, D(10))


def test_fault_13_a_fill_after_the_cancel_is_booked_and_told() -> None:
    kit = _sent()
    order = kit.order()
    kit.report(order, S.CANCELED)
    kit.report(order, S.PARTIALLY_FILLED, fill=fill_of(order, 4))
    assert (kit.order().status, kit.order().filled, kit.held()) == (S.CANCELED, D(4), D(4))
    assert [fact.topic for fact in kit.told(Warned)] == ["late fill"]
    kit.report(order, S.FILLED, fill=fill_of(order, 6, number=2))
    assert (kit.order().status, kit.held()) == (S.FILLED, D(10))


def test_fault_14_a_cancel_after_a_partial_fill_keeps_the_fills_and_releases_the_rest() -> None:
    kit = _sent()
    order = kit.order()
    kit.report(order, S.PARTIALLY_FILLED, fill=fill_of(order, 4))
    assert kit.core.book.reserved == 600
    kit.ask(ask.CancelOrder(order.order_id))
    kit.report(order, S.CANCELED)
    assert (kit.held(), kit.core.free_cash, kit.order().status) == (D(4), D(99_600), S.CANCELED)


def test_fault_15_a_rejection_releases_the_reservation_shows_its_reason_and_cools_the_symbol_down() -> None:
    kit = Kit(live=True)
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    kit.report(kit.order(), S.REJECTED, reason="not shortable on Tuesdays")
    (signal,) = kit.core.signals
    assert (signal.state, signal.blocked_by) == (SignalState.BLOCKED, "order rejected")
    assert "not shortable on Tuesdays" in signal.reason
    assert kit.core.free_cash == 100_000
    step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert "not shortable on Tuesdays" in str(step.refusal)
    kit.quote(100.0, after=61 * SECOND)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is None


def test_fault_16_an_overfill_is_booked_as_it_happened_and_pauses_the_session() -> None:
    kit = _sent()
    order = kit.order()
    kit.report(order, S.FILLED, fill=fill_of(order, 12))
    assert kit.held() == 12
    assert (kit.order().filled, kit.order().status) == (D(10), S.FILLED)
    assert kit.core.status is SessionState.PAUSED
    assert [fact.topic for fact in kit.told(Warned)] == ["overfill"]


def test_fault_17_an_order_of_somebody_else_is_left_alone() -> None:
    kit = _sent()
    before = kit.unit.snapshot()
    kit.report("stranger-1", S.FILLED)
    assert kit.unit.snapshot() == before
    assert [fact.topic for fact in kit.told(Warned)] == ["external order"]


def test_a_rejected_stop_is_armed_again_and_waits_a_minute() -> None:
    kit = _sent(strategy=strategy(protection=Protection(D(5), None, None)))
    kit.report(kit.order(), S.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(95)))
    kit.quote(94.0)
    stop = kit.order()
    assert stop.side is Side.SELL
    kit.report(stop, S.REJECTED, reason="busy")
    assert [trigger.kind for trigger in kit.core.triggers.values()] == [TriggerKind.STOP_LOSS]
    kit.quote(93.0)
    assert kit.order() == stop or kit.order().order_id == stop.order_id
    kit.quote(93.0, after=61 * SECOND)
    assert kit.order().order_id != stop.order_id


def test_an_order_that_ends_unfilled_blocks_its_signal() -> None:
    kit = Kit(live=True, mode=ExecutionMode.AUTO)
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    kit.report(kit.order(), S.EXPIRED, reason="the day ended")
    assert kit.core.signals[0].state is SignalState.BLOCKED


# --- invariants --------------------------------------------------------------------------------------------------
def test_invariant_4_the_ways_a_report_implies_use_only_moves_of_the_table() -> None:
    for (begin, end), way in WAYS.items():
        now = begin
        for step in way:
            assert step in ORDER_MOVES[now]
            now = step
        assert now is end


def test_invariant_4_a_move_without_a_way_is_refused() -> None:
    order = Kit(live=True).core.book
    kit = _sent()
    with pytest.raises(IllegalMove):
        walk(_live(kit), S.INTENT)
    assert not order.open


def test_invariant_4_a_rejection_of_a_working_order_counts_as_cancelled() -> None:
    kit = _sent()
    kit.report(kit.order(), S.NEW)
    kit.report(kit.order(), S.REJECTED, reason="changed its mind")
    assert kit.order().status is S.CANCELED


def _life(order: Order) -> list[OrderReport]:
    """Return everything a broker says of an order that fills in three parts and is cancelled before the last comes."""
    at = order.created_at
    fills = [
        fill_of(order, part, price, number=number, at=at + number)
        for number, (part, price) in enumerate(((3, 100), (2, 101), (5, 99)), 1)
    ]
    name = order.order_id
    return [
        OrderReport(name, S.PENDING_NEW, at + 1),
        OrderReport(name, S.NEW, at + 2, broker_order_id="b-1"),
        OrderReport(name, S.PARTIALLY_FILLED, at + 3, fills[0], D(3)),
        OrderReport(name, S.PARTIALLY_FILLED, at + 4, fills[1], D(5)),
        OrderReport(name, S.CANCELED, at + 5, cumulative=D(5), reason="cancelled"),
        OrderReport(name, S.FILLED, at + 6, fills[2], D(10)),
    ]


def _after(reports: Sequence[int], *, drop_last: bool) -> dict[str, Any]:
    kit = _sent(fills=FillSettings.of(FillModelKind.FIXED))
    life = _life(_live(kit))[: -1 if drop_last else None]
    at = kit.now + 10
    for number in reports:
        if number < len(life):
            kit.step(Report(at, life[number]))
    core = kit.core.snapshot()
    order = _live(kit)
    core["orders"] = (
        order.status,
        order.filled,
        order.filled_value,
        order.fees,
        order.reserved,
        order.broker_order_id,
        order.reason,
        order.updated_at,
    )
    core["triggers"].pop("fired")
    return core


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(6)), again=st.lists(st.integers(0, 5), max_size=6), drop_last=st.booleans())
def test_invariant_7_reports_in_any_order_and_repeated_lead_to_the_same_state(
    order: list[int],
    again: list[int],
    drop_last: bool,  # noqa: FBT001 # given by name
) -> None:
    assert _after([*order, *again], drop_last=drop_last) == _after(range(6), drop_last=drop_last)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(S)), st.integers(0, 5), st.integers(0, 3)), max_size=12))
def test_invariants_2_and_4_hold_under_any_reports(said: list[tuple[OrderStatus, int, int]]) -> None:
    _hold_2_and_4(said)


def _hold_2_and_4(said: list[tuple[OrderStatus, int, int]]) -> None:
    kit = _sent()
    order_id, booked, filled = kit.order().order_id, D(0), D(0)
    seen: set[int] = set()
    for status, quantity, number in said:
        before = _live(kit)
        fill = fill_of(before, quantity, number=number) if quantity else None
        kit.report(order_id, status, fill=fill)
        if quantity and number not in seen:
            seen.add(number)
            booked += quantity
        after = _live(kit)
        assert kit.held() == booked
        assert filled <= after.filled <= after.quantity
        assert (before.status, after.status) in WAYS or before.status is after.status
        assert (after.reserved == 0) or after.status not in TERMINAL
        filled = after.filled


@pytest.mark.interpreted
def test_invariant_2_fails_when_a_status_moves_a_position(monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.trading.bookings import Bookings

    honest = Bookings.on_report

    def planted(self: Bookings, report: OrderReport, *, inside: bool = False) -> None:
        if report.status is S.FILLED and report.fill is None:
            order = self._book.find(report.order_id)
            assert order is not None
            report = OrderReport(report.order_id, S.FILLED, report.at, fill_of(order, order.remaining, number=99))
        honest(self, report, inside=inside)

    monkeypatch.setattr(Bookings, "on_report", planted)
    with pytest.raises(AssertionError):
        _hold_2_and_4([(S.NEW, 0, 0), (S.FILLED, 0, 0)])


def test_invariant_7_fails_when_executions_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.trading.ledger import Ledger

    monkeypatch.setattr(Ledger, "knows", lambda self, execution_id: False)
    honest = Ledger.fold

    def planted(self: Ledger, fill: Any, *more: Any) -> Any:
        self._booked.clear()
        return honest(self, fill, *more)

    monkeypatch.setattr(Ledger, "fold", planted)
    with pytest.raises(AssertionError):
        assert _after([0, 1, 2, 2, 3, 4, 5], drop_last=False) == _after(range(6), drop_last=False)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.errors import ProgramBug
from desktop.domain.events import Blocked, Warned
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.domain.messages import BadQuote, OrderSending, OrderUnresolved
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.domain.risk import OUTCOMES, Check, LimitTier, Outcome, RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionState
from desktop.domain.strategies import Sizing, SizingKind
from desktop.trading.costs import loss_at_stop
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_request import OrderRequest
from desktop.trading.sizing import suggested_quantity
from tests.trading.core_kit import TRUE, D, Kit

PURPOSES = tuple(Purpose)


def _request(purpose: Purpose, quantity: int = 1, **more: Any) -> OrderRequest:
    side = Side.BUY if purpose is Purpose.ENTRY else Side.SELL
    return OrderRequest("SPY", side, purpose, D(quantity), **more)


def _limits(kit: Kit, **limits: Any) -> None:
    kit.core.state.limits = RiskLimits(**limits)


# Each makes one check fail for a small order in a session that holds 10 at 100 of 100,000.
def _kill(kit: Kit) -> None:
    kit.core.state.kill = True


def _pause(kit: Kit) -> None:
    kit.core.state.status = SessionState.PAUSED


def _close_market(kit: Kit) -> None:
    kit.hours["SPY"].open = False


def _bad_quote(kit: Kit) -> None:
    kit.step(BadQuote(kit.now, "SPY", "crossed"))


def _old_quote(kit: Kit) -> None:
    _limits(kit, max_quote_age=5 * SECOND)
    kit.core.state.advance_to(kit.now + MINUTE)


def _unknown_order(kit: Kit) -> None:
    order = kit.core.book.intend(_request(Purpose.ENTRY), D(0))
    kit.step(OrderSending(kit.now, order.order_id))
    kit.step(OrderUnresolved(kit.now, order.order_id, "time-out"))


def _lost(kit: Kit) -> None:
    _limits(kit, max_daily_loss=D("0.1"))
    kit.core.daily_loss.begin(kit.now)
    kit.core.daily_loss.base = D(200_000)
    kit.core.daily_loss.judge()


def _rate(kit: Kit) -> None:
    _limits(kit, max_orders_per_minute=1)


def _collar(kit: Kit) -> None:
    _limits(kit, price_collar=D(1))


FAILING: list[tuple[Check, Callable[[Kit], object], dict[str, Any]]] = [
    (Check.KILL_SWITCH, _kill, {}),
    (Check.PAUSE, _pause, {}),
    (Check.HOURS, _close_market, {}),
    (Check.STALE, _bad_quote, {}),
    (Check.STALE, _old_quote, {}),
    (Check.UNKNOWN_ORDER, _unknown_order, {}),
    (Check.DAILY_LOSS, _lost, {}),
    (Check.SIZE, lambda kit: _limits(kit, max_position_size=D("0.5")), {}),
    (Check.RISK, lambda kit: _limits(kit, max_risk_per_trade=D("0.01")), {"stop": D(50)}),
    (Check.ALLOCATION, lambda kit: _limits(kit, max_allocation=D("0.5")), {}),
    (Check.ORDER_VALUE, lambda kit: _limits(kit, max_order_value=D(50)), {}),
    (Check.ORDER_RATE, _rate, {}),
    (Check.DUPLICATE, lambda kit: _limits(kit, duplicate_window=HOUR), {}),
    (Check.COLLAR, _collar, {"kind": OrderKind.LIMIT, "limit_price": D(90)}),
]


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(("check", "cause", "more"), FAILING)
def test_every_check_does_to_every_kind_of_order_what_the_table_says(
    check: Check, cause: Callable[[Kit], object], more: dict[str, Any], purpose: Purpose
) -> None:
    kit = Kit()
    kit.hold(10)
    assert kit.core.gate.check(_request(purpose, **more)).outcome is Outcome.PASS
    cause(kit)
    decision = kit.core.gate.check(_request(purpose, **more))
    outcome = OUTCOMES[check][purpose]
    if (check, purpose) == (Check.UNKNOWN_ORDER, Purpose.GUARD):
        outcome = Outcome.PASS  # the unknown one is a purchase: what is held stays protected beside it
    assert decision.outcome is outcome
    if decision.block is not None:
        assert decision.block.check is check
        assert decision.block.sentence.endswith(".")
        assert decision.block.value
        assert decision.block.limit
    if check is Check.STALE and outcome is Outcome.PASS:
        assert [block.check for block in decision.warnings] == [Check.STALE]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_cash_and_no_position_block_every_order(purpose: Purpose) -> None:
    kit = Kit()
    kit.hold(10)
    decision = kit.core.gate.check(_request(purpose, 5000))
    assert decision.outcome is Outcome.BLOCK
    assert decision.block is not None
    assert decision.block.check is (Check.CASH if purpose is Purpose.ENTRY else Check.POSITION)


def test_the_first_failing_check_that_is_not_waived_decides() -> None:
    kit = Kit()
    kit.hold(10)
    _pause(kit)
    _close_market(kit)
    entry, leave = (kit.core.gate.check(_request(purpose)) for purpose in (Purpose.ENTRY, Purpose.RULE_EXIT))
    assert entry.block is not None
    assert leave.block is not None
    assert (entry.block.check, leave.block.check) == (Check.PAUSE, Check.HOURS)


def test_the_number_of_positions_counts_holdings_and_open_entries() -> None:
    names = ("A", "B", "C")
    kit = Kit(instruments=tuple(Instrument(name) for name in names), limits=RiskLimits(max_positions=2))
    for name in names:
        kit.quote(100.0, symbol=name)
    kit.ask(ask.PlaceOrder("A", Side.BUY, D(1)))
    kit.quote(100.0, symbol="A")
    kit.ask(ask.PlaceOrder("B", Side.BUY, D(1)))
    step = kit.ask(ask.PlaceOrder("C", Side.BUY, D(1)))
    assert step.refusal is not None
    assert kit.blocks[-1].block.check is Check.POSITIONS
    assert kit.ask(ask.PlaceOrder("A", Side.BUY, D(1))).refusal is None  # adding takes no new place


def test_invariant_5_reservations_of_open_orders_count_against_cash() -> None:
    kit = Kit(cash=D(1000))
    kit.quote(100.0)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(6))).refusal is None
    assert kit.core.free_cash == 400
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(5))).refusal is not None
    kit.ask(ask.CancelOrder(kit.order().order_id))
    assert kit.core.free_cash == 1000


def test_invariant_5_two_entries_of_one_slice_cannot_exceed_a_limit_together() -> None:
    kit = Kit(instruments=(Instrument("A"), Instrument("B")), limits=RiskLimits(max_allocation=D("1.5")))
    kit.judges["A"].entry = kit.judges["B"].entry = TRUE
    flat = (100.0, 100.0, 100.0, 100.0)
    kit.bars({"A": flat, "B": flat})
    assert [order.symbol for order in kit.orders] == ["A"]
    assert kit.blocks[-1].block.check is Check.ALLOCATION


def test_the_fee_belongs_to_what_an_order_needs() -> None:
    kit = Kit(cash=D(1000), fills=FillSettings.of(FillModelKind.FIXED))
    kit.quote(100.0)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10))).refusal is not None
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(9))).refusal is None
    assert kit.core.book.reserved == D("900.9")


def test_a_close_under_an_unknown_order_asks_again_and_goes_when_confirmed() -> None:
    kit = Kit()
    kit.hold(10)
    _unknown_order(kit)
    step = kit.ask(ask.ClosePosition("SPY"))
    assert "Confirm" in str(step.refusal)
    assert kit.ask(ask.ClosePosition("SPY", confirmed=True)).refusal is None
    assert kit.order().purpose is Purpose.CLOSE


def test_a_close_on_a_bad_quote_goes_and_is_warned() -> None:
    kit = Kit()
    kit.hold(10)
    _bad_quote(kit)
    kit.ask(ask.ClosePosition("SPY"))
    assert [fact.topic for fact in kit.told(Warned)] == [Check.STALE.value]
    assert kit.order().purpose is Purpose.CLOSE


def test_a_rule_exit_far_from_the_market_goes_as_a_marketable_limit() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.hold(10)
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    _collar(kit)
    kit.quote(90.0)
    kit.ask(ask.Approve(kit.core.signals[-1].signal_id))
    assert (kit.order().kind, kit.order().limit_price) == (OrderKind.LIMIT, D("89.1"))


def test_a_close_by_hand_in_a_closed_market_is_held_said_so_and_sent_when_it_opens() -> None:
    kit = Kit()
    kit.hold(10)
    _close_market(kit)
    step = kit.ask(ask.ClosePosition("SPY"))
    assert step.refusal is None
    assert "held" in kit.facts[-1].answer  # type: ignore[union-attr] # the last fact is the answer
    kit.tick()
    assert kit.held() == 10
    kit.hours["SPY"].open = True
    kit.tick()
    kit.quote(100.0)
    assert kit.held() == 0


def test_the_order_rate_is_counted_in_a_sliding_minute_of_message_time() -> None:
    kit = Kit(limits=RiskLimits(max_orders_per_minute=2))
    kit.quote(100.0)
    for refused in (False, False, True):
        step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(90)))
        assert (step.refusal is not None) is refused
    kit.tick(MINUTE)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is None


def test_nothing_can_be_sent_past_the_gate() -> None:
    kit = Kit()
    kit.hold(10)
    _kill(kit)
    core = kit.core
    desk = OrderDesk(core.state, core.marks, core.gate, core.book)
    with pytest.raises(ProgramBug, match="past the risk gate"):
        desk.send(desk.check(_request(Purpose.ENTRY)))


def test_an_order_without_any_price_known_is_blocked() -> None:
    kit = Kit()
    step = kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert "no price" in str(step.refusal)


# --- the daily loss (K2) -----------------------------------------------------------------------------------------
def _losing(kit: Kit) -> None:
    kit.hold(100, time_in_force=TimeInForce.GTC)
    kit.quote(45.0, after=2 * SECOND)


def test_the_daily_loss_halts_entries_and_is_told_once() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)))
    _losing(kit)
    kit.quote(44.0, after=2 * SECOND)
    assert [fact.topic for fact in kit.told(Warned)] == ["daily loss"]
    assert [(fact.what, fact.block.check) for fact in kit.told(Blocked)] == [("entry", Check.DAILY_LOSS)]
    assert "5.50 %" in kit.blocks[0].block.value
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    assert kit.ask(ask.ClosePosition("SPY")).refusal is None


def test_the_daily_loss_is_over_with_the_next_trading_day() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)))
    _losing(kit)
    kit.quote(45.0, after=DAY)
    assert not kit.core.daily_loss.halted
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is None


def test_in_a_replay_of_bars_the_daily_loss_is_judged_at_the_close_against_the_equity_before_the_day() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)), cash=D(2000))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100, 100, 80, 99)  # 10 % down inside the bar, 0.5 % at its close
    assert not kit.core.daily_loss.halted
    kit.now += DAY
    kit.bar(85)
    assert kit.core.daily_loss.base == 1990
    assert kit.core.daily_loss.halted


@pytest.mark.parametrize("base", [ZERO, D(-50)])
def test_a_day_that_began_without_money_is_halted_only_by_a_loss(base: D) -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)))
    kit.core.holdings.ledger.cash = base  # what a price below zero can leave
    kit.bar(100)
    kit.bar(90)
    assert kit.core.equity == kit.core.daily_loss.base == base
    assert not kit.core.daily_loss.halted
    assert not kit.told(Warned)
    kit.core.daily_loss.base = base + 1
    kit.core.daily_loss.judge()
    assert kit.core.daily_loss.halted


def test_without_the_limit_there_is_no_day() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)))
    _losing(kit)
    kit.ask(ask.SetLimits(replace(RiskLimits(), max_daily_loss=None)))
    kit.bar(40)
    assert not kit.core.daily_loss.halted


# --- pause, kill, hours ------------------------------------------------------------------------------------------
def test_pause_blocks_new_entries_only() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.Pause())
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    kit.quote(100.0)
    assert kit.held() == 0


def test_the_kill_switch_blocks_everything_but_its_own_flatten_and_is_latched() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(90)))
    kit.ask(ask.EngageKill(flatten=True))
    assert kit.orders[1].status is OrderStatus.CANCELED
    assert kit.ask(ask.ClosePosition("SPY")).refusal is not None
    kit.quote(100.0)
    assert kit.held() == 0
    assert [order.purpose for order in kit.orders] == [Purpose.ENTRY, Purpose.ENTRY, Purpose.FLATTEN]
    kit.ask(ask.Pause())
    kit.ask(ask.Resume())
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    kit.ask(ask.ReleaseKill())
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is None


def test_engaging_the_kill_switch_twice_tells_it_once() -> None:
    from desktop.domain.events import KillSwitchChanged

    kit = Kit()
    kit.ask(ask.EngageKill())
    kit.ask(ask.EngageKill())
    assert [fact.engaged for fact in kit.told(KillSwitchChanged)] == [True]


def test_flattening_waits_for_the_market_and_says_so_once() -> None:
    kit = Kit()
    kit.hold(10)
    _close_market(kit)
    kit.ask(ask.EngageKill(flatten=True))
    kit.tick()
    kit.tick()
    assert [(fact.what, fact.block.check) for fact in kit.blocks] == [("close by hand", Check.HOURS)]
    kit.hours["SPY"].open = True
    kit.tick()
    kit.quote(100.0)
    assert kit.held() == 0


def test_a_mode_and_limits_can_be_changed_on_record() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.ask(ask.SetMode(ExecutionMode.AUTO))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert len(kit.core.orders) == 1


# --- replacing ---------------------------------------------------------------------------------------------------
def _resting() -> Kit:
    kit = Kit(cash=D(1000))
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(5), kind=OrderKind.LIMIT, limit_price=D(80)))
    return kit


def test_a_working_order_can_be_changed_within_the_limits() -> None:
    kit = _resting()
    assert kit.ask(ask.ReplaceOrder(kit.order().order_id, quantity=D(10), limit_price=D(90))).refusal is None
    assert (kit.order().quantity, kit.order().limit_price, kit.order().status) == (D(10), D(90), OrderStatus.NEW)
    assert kit.core.book.reserved == 900


def test_a_change_that_cash_does_not_cover_is_refused_and_leaves_the_order_as_it_is() -> None:
    kit = _resting()
    assert kit.ask(ask.ReplaceOrder(kit.order().order_id, quantity=D(100))).refusal is not None
    assert (kit.order().quantity, kit.order().status) == (D(5), OrderStatus.NEW)
    assert kit.core.book.reserved == 400


def test_a_change_is_refused_with_the_field_that_is_wrong() -> None:
    kit = _resting()
    order_id = kit.order().order_id
    assert "stop_price" in str(kit.ask(ask.ReplaceOrder(order_id, stop_price=D(1))).refusal)
    assert "quantity" in str(kit.ask(ask.ReplaceOrder(order_id, quantity=D(-1))).refusal)


def test_the_risk_of_a_trade_counts_fees_and_slippage_of_both_ways() -> None:
    fills = FillSettings.of(FillModelKind.FIXED)  # 0.1 % fee and 10 bp slippage, each way
    kit = Kit(cash=D(100_000), fills=fills)
    kit.quote(100.0)
    wanted = _request(Purpose.ENTRY, 200, stop=D(95))
    lost = loss_at_stop(fills, D(200), D(100), D(95))
    assert lost == D(1000) + D(40) + D(38)
    _limits(kit, max_risk_per_trade=lost * 100 / 100_000)
    assert kit.core.gate.check(wanted).outcome is Outcome.PASS
    _limits(kit, max_risk_per_trade=D("1.077"))
    decision = kit.core.gate.check(wanted)
    assert decision.block is not None
    assert (decision.block.check, decision.block.value) == (Check.RISK, "1.08 %")
    limit_order = _request(Purpose.ENTRY, 200, kind=OrderKind.LIMIT, limit_price=D(100), stop=D(95))
    assert kit.core.gate.check(limit_order).outcome is Outcome.PASS, "an entry at a limit does not slip"


@given(
    percent=st.decimals("0.05", "20", places=2),
    stop=st.decimals("50", "99.99", places=2),
    kind=st.sampled_from(FillModelKind),
)
def test_an_entry_that_is_sized_by_its_risk_passes_the_check_of_the_same_risk(
    percent: D, stop: D, kind: FillModelKind
) -> None:
    fills = FillSettings.of(kind)
    kit = Kit(cash=D(100_000), fills=fills)
    kit.quote(100.0)
    quantity = suggested_quantity(
        Sizing(SizingKind.RISK_PER_TRADE, percent),
        equity=kit.core.equity,
        price=D(100),
        cap_percent=None,
        stop_price=stop,
        instrument=kit.settings.instruments[0],
        free_cash=D(100_000),
        fills=fills,
    )
    _limits(kit, max_risk_per_trade=percent)
    if quantity:
        decision = kit.core.gate.check(OrderRequest("SPY", Side.BUY, Purpose.ENTRY, quantity, stop=stop))
        assert decision.outcome is Outcome.PASS


def test_a_smaller_account_is_held_to_its_tier_and_leaves_it_when_it_has_grown() -> None:
    tier = LimitTier(D(1500), max_order_value=D(100))
    kit = Kit(limits=RiskLimits(max_order_value=D(500), tiers=(tier,)), cash=D(1000))
    kit.quote(100.0)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(2))).refusal is not None
    assert kit.core.state.limits.max_order_value == 500
    kit.core.holdings.ledger.cash += D(1000)
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(2))).refusal is None

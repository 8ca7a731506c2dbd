from __future__ import annotations

from typing import Any

import pytest

from desktop.domain import commands as ask
from desktop.domain.errors import IllegalMove, NotFound, UserMistake
from desktop.domain.events import Blocked, CommandTaken, OrderChanged, SignalChanged, Warned
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, MINUTE, SECOND, Bar
from desktop.domain.messages import BadQuote
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import Check, RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.signals import SignalKind, SignalState
from desktop.domain.strategies import Evaluate, Protection
from desktop.rules.nodes import Verdict
from desktop.trading.costs import loss_at_stop
from tests.trading.core_kit import FALSE, TRUE, UNKNOWN, D, Kit, strategy

WAITING = (ExecutionMode.MANUAL, ExecutionMode.SEMI_AUTO)


def _pending(kit: Kit, kind: SignalKind = SignalKind.ENTRY) -> list[str]:
    return [item.signal_id for item in kit.core.signals if item.state is SignalState.PENDING and item.kind is kind]


def test_in_auto_an_entry_goes_at_the_next_open() -> None:
    kit = Kit()
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert kit.held() == 0
    kit.bar(103, 105, 101, 104)
    assert kit.core.positions["SPY"].average == 103


@pytest.mark.parametrize("mode", WAITING)
def test_an_entry_waits_for_the_user(mode: ExecutionMode) -> None:
    kit = Kit(mode=mode)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert len(_pending(kit)) == 1
    assert not kit.core.orders


def test_a_rule_exit_goes_at_once_in_semi_auto_and_waits_in_manual() -> None:
    for mode, orders in ((ExecutionMode.SEMI_AUTO, 1), (ExecutionMode.MANUAL, 0)):
        kit = Kit(mode=mode)
        kit.hold()
        kit.judges["SPY"].exit = TRUE
        kit.bar(100, passed=False)
        assert len(kit.core.orders) == orders
        assert len(_pending(kit, SignalKind.EXIT)) == 1 - orders


def test_an_unanswered_entry_expires_when_its_time_is_over_in_message_time() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.tick(59 * SECOND)
    assert _pending(kit)
    kit.tick(5 * SECOND)
    (signal,) = kit.core.signals
    assert signal.state is SignalState.EXPIRED
    assert signal.updated_at == signal.expires_at  # stamped with the time it came, whenever it was noticed


def test_an_expired_signal_is_not_raised_again_while_the_rule_stays_true() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.tick(2 * MINUTE)
    kit.bar(100)
    assert len(kit.core.signals) == 1
    kit.judges["SPY"].entry = FALSE
    kit.bar(100)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert len(kit.core.signals) == 2


def test_a_rejected_signal_is_not_raised_again_while_the_rule_stays_true() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.ask(ask.Reject(_pending(kit)[0]))
    kit.bar(100)
    assert [item.state for item in kit.core.signals] == [SignalState.REJECTED]


def test_there_is_one_pending_entry_per_symbol() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL, signal_ttl=10 * HOUR)
    for verdict in (TRUE, FALSE, TRUE):
        kit.judges["SPY"].entry = verdict
        kit.bar(100)
    assert len(kit.core.signals) == 1


def test_unknown_never_trades() -> None:
    kit = Kit()
    kit.judges["SPY"].entry = UNKNOWN
    kit.bar(100)
    assert not kit.core.signals


def test_entry_rules_are_asked_without_a_position_and_exit_rules_with_one() -> None:
    kit = Kit()
    kit.judges["SPY"].entry = kit.judges["SPY"].exit = TRUE
    kit.bar(100)
    assert [item.kind for item in kit.core.signals] == [SignalKind.ENTRY]
    kit.bar(100)
    assert [item.kind for item in kit.core.signals] == [SignalKind.ENTRY, SignalKind.EXIT]


def test_exits_come_before_entries_each_in_the_configured_order_of_symbols() -> None:
    kit = Kit(instruments=(Instrument("B"), Instrument("A"), Instrument("C")))
    kit.judges["A"].entry = TRUE
    flat = (100.0, 100.0, 100.0, 100.0)
    kit.bars({"A": flat, "B": flat, "C": flat})
    kit.bars({"A": flat, "B": flat, "C": flat})
    assert kit.held("A") == 10
    kit.judges["A"].exit = kit.judges["B"].entry = kit.judges["C"].entry = TRUE
    facts = kit.bars({"C": flat, "A": flat, "B": flat})
    intents = [
        fact.order for fact in facts if isinstance(fact, OrderChanged) and fact.order.status is OrderStatus.INTENT
    ]
    assert [(order.symbol, order.side) for order in intents] == [
        ("A", Side.SELL),
        ("B", Side.BUY),
        ("C", Side.BUY),
    ]


def test_a_signal_carries_what_a_trader_needs() -> None:
    kit = Kit(
        mode=ExecutionMode.MANUAL,
        strategy=strategy(protection=Protection(D(5), D(10), None)),
    )
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    (signal,) = kit.core.signals
    assert (signal.stop, signal.target, signal.loss_at_stop) == (D(95), D(110), D(50))
    assert signal.estimated_cost == 1000
    assert signal.explanation["verdict"] == "true"
    assert signal.expires_at == kit.now + 60 * SECOND


def test_the_loss_at_the_stop_counts_fees_and_slippage_of_both_ways() -> None:
    fills = FillSettings.of(FillModelKind.FIXED)  # 0.1 % fee, 10 bp slippage
    both = D(2) + D("1.9")  # in for 1,000, out for 950
    assert loss_at_stop(fills, D(10), D(100), D(95)) == D(50) + both
    assert loss_at_stop(fills, D(10), D(100), D(95), OrderKind.LIMIT) == D(50) + both - 1, "a limit does not slip"
    kit = Kit(mode=ExecutionMode.MANUAL, fills=fills, strategy=strategy(protection=Protection(D(5), None, None)))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    (signal,) = kit.core.signals
    assert (signal.estimated_fee, signal.estimated_slippage, signal.loss_at_stop) == (D(1), D(1), D(50) + both)


# --- confirming --------------------------------------------------------------------------------------------------
def _raised(**changes: Any) -> tuple[Kit, str]:
    kit = Kit(mode=ExecutionMode.MANUAL, **changes)
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    return kit, _pending(kit)[0]


def test_approving_twice_sends_once() -> None:
    kit, signal_id = _raised()
    assert kit.ask(ask.Approve(signal_id)).refusal is None
    assert isinstance(kit.ask(ask.Approve(signal_id)).refusal, IllegalMove)
    assert kit.core.state.ordinal == 1


def test_an_unknown_signal_is_not_found() -> None:
    kit = Kit()
    assert isinstance(kit.ask(ask.Approve("x")).refusal, NotFound)
    assert isinstance(kit.ask(ask.Reject("x")).refusal, NotFound)


def test_a_signal_whose_price_ran_away_can_no_longer_be_approved() -> None:
    kit, signal_id = _raised(limits=RiskLimits(max_drift=D(1)))
    kit.quote(102.0)
    step = kit.ask(ask.Approve(signal_id))
    assert "moved 2.00 %" in str(step.refusal)
    assert kit.core.signals[0].state is SignalState.EXPIRED
    assert not kit.core.orders


def test_an_entry_whose_stop_would_sell_at_once_can_no_longer_be_approved() -> None:
    kit, signal_id = _raised(strategy=strategy(protection=Protection(D(1), None, None)))
    stop = kit.core.signals[0].stop
    assert stop is not None
    kit.quote(float(stop) - 0.5)
    step = kit.ask(ask.Approve(signal_id))
    assert "would sell at once" in str(step.refusal)
    assert kit.core.signals[0].state is SignalState.EXPIRED
    assert not kit.core.orders


def test_a_limit_typed_at_the_stop_is_refused_at_its_field_and_leaves_the_signal() -> None:
    kit, signal_id = _raised(strategy=strategy(protection=Protection(D(1), None, None)))
    stop = kit.core.signals[0].stop
    step = kit.ask(ask.Approve(signal_id, kind=OrderKind.LIMIT, limit_price=stop))
    assert "above the stop" in str(step.refusal)
    assert kit.core.signals[0].state is SignalState.PENDING
    assert not kit.core.orders


def test_an_expired_signal_cannot_be_approved() -> None:
    kit, signal_id = _raised()
    kit.now += 61 * SECOND
    assert isinstance(kit.ask(ask.Approve(signal_id)).refusal, IllegalMove)
    assert kit.core.signals[0].state is SignalState.EXPIRED


def test_approving_checks_risk_hours_and_cash_at_that_instant() -> None:
    kit, signal_id = _raised()
    kit.hours["SPY"].open = False
    step = kit.ask(ask.Approve(signal_id))
    assert step.refusal is not None
    (signal,) = kit.core.signals
    assert (signal.state, signal.blocked_by) == (SignalState.BLOCKED, Check.HOURS.value)
    assert kit.blocks[-1].signal_id == signal_id


def test_a_changed_quantity_that_is_refused_leaves_the_signal_to_be_approved_with_less() -> None:
    kit, signal_id = _raised()
    assert kit.ask(ask.Approve(signal_id, quantity=D(5000))).refusal is not None
    assert kit.core.signals[0].state is SignalState.PENDING
    assert kit.ask(ask.Approve(signal_id, quantity=D(5))).refusal is None
    kit.quote(100.0)
    assert kit.held() == 5


def test_the_user_can_turn_a_signal_into_a_limit_order() -> None:
    kit, signal_id = _raised()
    kit.ask(ask.Approve(signal_id, kind=OrderKind.LIMIT, limit_price=D(99)))
    assert (kit.order().kind, kit.order().limit_price) == (OrderKind.LIMIT, D(99))
    step = kit.ask(ask.Approve(signal_id))
    assert isinstance(step.refusal, IllegalMove)


def test_a_malformed_change_is_refused_and_leaves_the_signal_pending() -> None:
    kit, signal_id = _raised()
    assert "quantity" in str(kit.ask(ask.Approve(signal_id, quantity=D("0.3"))).refusal)
    assert "limit_price" in str(kit.ask(ask.Approve(signal_id, kind=OrderKind.LIMIT)).refusal)
    assert _pending(kit) == [signal_id]


# --- blocks (law 7) ----------------------------------------------------------------------------------------------
def test_a_block_that_lasts_is_one_record_per_run_with_its_count_at_the_end() -> None:
    kit = Kit(cash=D(500))
    kit.judges["SPY"].entry = TRUE
    for _ in range(4):
        kit.bar(100)
    assert [(item.block.check, item.count) for item in kit.blocks] == [(Check.CASH, 1)]
    kit.judges["SPY"].entry = FALSE
    kit.bar(100)
    assert [item.count for item in kit.blocks] == [1, 4]
    assert kit.blocks[0].explanation is not None
    (signal,) = kit.core.signals
    assert (signal.state, signal.blocked_by) == (SignalState.BLOCKED, "no cash")
    assert (signal.block_value.startswith("1,000"), signal.block_limit) == (True, "500")


def test_a_run_whose_check_changes_tells_the_count_of_the_first_and_the_second() -> None:
    kit = Kit(cash=D(500))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100)
    kit.ask(ask.Pause())
    kit.bar(100)
    assert [(item.block.check, item.count) for item in kit.blocks] == [
        (Check.CASH, 1),
        (Check.CASH, 2),
        (Check.PAUSE, 1),
    ]
    assert len(kit.core.signals) == 1


def test_in_auto_a_blocked_entry_is_tried_again_on_every_bar() -> None:
    kit = Kit(cash=D(500))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(40)
    kit.bar(40)
    assert kit.held() == 10


def test_in_manual_a_blocked_entry_is_not_raised_again_in_its_run() -> None:
    kit = Kit(cash=D(500), mode=ExecutionMode.MANUAL)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(40)
    assert len(kit.core.signals) == 1
    kit.judges["SPY"].entry = FALSE
    kit.bar(40)
    assert kit.blocks[-1].count == 2


def test_an_entry_too_small_for_the_lot_is_blocked_as_below_the_smallest_order() -> None:
    from desktop.domain.strategies import Sizing, SizingKind

    kit = Kit(strategy=strategy(sizing=Sizing(SizingKind.FIXED_MONEY, D(50))))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert kit.blocks[0].block.check is Check.MINIMUM
    assert not kit.core.orders
    assert "less than the smallest order in SPY at 100" in kit.blocks[0].block.sentence
    assert "(whole shares)" in kit.blocks[0].block.sentence


# --- exits that wait ---------------------------------------------------------------------------------------------
def _waiting_exit() -> tuple[Kit, str]:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.hold()
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    return kit, _pending(kit, SignalKind.EXIT)[0]


def test_a_waiting_exit_does_not_expire_and_is_marked_overdue() -> None:
    kit, signal_id = _waiting_exit()
    kit.tick(2 * HOUR)
    signal = kit.core.signals[-1]
    assert (signal.signal_id, signal.state, signal.overdue) == (signal_id, SignalState.PENDING, True)


def test_a_waiting_exit_is_repriced() -> None:
    kit, _ = _waiting_exit()
    kit.quote(107.0)
    kit.bar(107, passed=False)
    assert kit.core.signals[-1].price == 107
    assert kit.core.signals[-1].estimated_cost == 1070


def test_an_approved_exit_sells_the_position() -> None:
    kit, signal_id = _waiting_exit()
    kit.ask(ask.Approve(signal_id))
    kit.quote(101.0)
    assert kit.held() == 0
    assert kit.core.signals[-1].state is SignalState.EXECUTED


def test_a_waiting_exit_ends_with_its_position() -> None:
    kit, _ = _waiting_exit()
    kit.ask(ask.ClosePosition("SPY"))
    kit.quote(100.0)
    assert kit.core.signals[-1].state is SignalState.EXPIRED


def test_an_approved_exit_in_a_closed_market_is_held_and_goes_when_it_opens() -> None:
    kit, signal_id = _waiting_exit()
    kit.hours["SPY"].open = False
    kit.ask(ask.Approve(signal_id))
    assert kit.told(CommandTaken)[-1].accepted
    assert kit.core.signals[-1].held_by == Check.HOURS.value
    kit.tick()
    assert not kit.core.orders
    kit.hours["SPY"].open = True
    kit.tick()
    assert kit.order().purpose is Purpose.RULE_EXIT


def test_an_exit_the_user_changed_is_not_held_but_refused_so_that_nothing_else_goes_later() -> None:
    kit, signal_id = _waiting_exit()
    kit.hours["SPY"].open = False
    assert kit.ask(ask.Approve(signal_id, quantity=D(4))).refusal is not None
    kit.hours["SPY"].open = True
    kit.tick()
    assert not kit.core.orders
    assert kit.ask(ask.Approve(signal_id, quantity=D(4))).refusal is None
    assert kit.order().quantity == 4


def test_a_rejected_exit_is_not_raised_again_while_its_rule_stays_true() -> None:
    kit, signal_id = _waiting_exit()
    kit.ask(ask.Reject(signal_id))
    kit.bar(100, passed=False)
    assert not _pending(kit, SignalKind.EXIT)
    kit.judges["SPY"].exit = FALSE
    kit.bar(100, passed=False)
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    assert len(_pending(kit, SignalKind.EXIT)) == 1


def test_an_automatic_exit_outside_hours_is_held_and_sold_at_the_next_open() -> None:
    kit = Kit()
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.judges["SPY"].entry = FALSE
    kit.bar(100)
    kit.judges["SPY"].exit = TRUE
    kit.hours["SPY"].open = False
    kit.bar(101)
    assert kit.core.signals[-1].held_by == Check.HOURS.value
    assert [item.what for item in kit.blocks] == ["rule exit"]
    kit.bar(99)  # still closed: held, told once
    assert len(kit.blocks) == 1
    kit.hours["SPY"].open = True
    kit.bar(98, 99, 97, 99)
    assert kit.held() == 0
    assert kit.core.signals[-1].state is SignalState.EXECUTED


def test_a_rule_exit_under_the_kill_switch_is_blocked_once_per_run() -> None:
    kit = Kit()
    kit.hold()
    kit.ask(ask.EngageKill())
    kit.judges["SPY"].exit = TRUE
    for _ in range(3):
        kit.bar(100, passed=False)
    kit.judges["SPY"].exit = FALSE
    kit.bar(100, passed=False)
    assert [(item.block.check, item.count) for item in kit.blocks] == [(Check.KILL_SWITCH, 1), (Check.KILL_SWITCH, 3)]
    assert kit.held() == 10


def test_an_exit_wins_over_a_pending_entry() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL, signal_ttl=10 * HOUR)
    kit.judges["SPY"].entry = TRUE
    kit.quote(100.0)
    kit.bar(100, passed=False)
    (entry,) = _pending(kit)
    kit.hold()
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    dropped = kit.core.signal_book.recent[entry]
    assert (dropped.state, dropped.blocked_by) == (SignalState.BLOCKED, Check.CONFLICT.value)
    assert [fact.topic for fact in kit.told(Warned)] == ["conflict"]
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None
    assert kit.blocks[-1].block.check is Check.CONFLICT


# --- on quotes ---------------------------------------------------------------------------------------------------
def test_a_strategy_on_quotes_is_judged_at_most_once_per_tick_interval_and_symbol() -> None:
    forming = {"SPY": Bar("SPY", "1h", 0, 1.0, 1.0, 1.0, 1.0, 1.0)}
    kit = Kit(strategy=strategy(evaluate=Evaluate.QUOTE), forming=forming.get)
    for _ in range(20):
        kit.quote(100.0, after=SECOND // 4)
    assert kit.judges["SPY"].peeks == 5
    kit.judges["SPY"].entry = Verdict.TRUE
    kit.quote(100.0)
    kit.quote(100.5)
    assert kit.core.positions["SPY"].average == D("100.5")
    kit.judges["SPY"].exit = Verdict.TRUE
    kit.quote(101.0)
    kit.quote(102.0)
    assert kit.held() == 0


def test_without_a_forming_bar_nothing_is_judged_on_quotes() -> None:
    for forming in (None, {"XXX": None}.get):
        kit = Kit(strategy=strategy(evaluate=Evaluate.QUOTE), forming=forming)
        kit.judges["SPY"].entry = TRUE
        kit.quote(100.0)
        kit.quote(100.0)
        assert not kit.core.signals


def test_position_terms_say_what_the_holding_lived_through() -> None:
    kit = Kit(strategy=strategy(exit="pnl_pct > 1000"))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100, 110, 95, 105)
    terms = kit.judges["SPY"].seen[-1]
    assert terms is not None
    assert terms.pnl_pct == pytest.approx(5.0)
    assert (terms.entry_price, terms.bars_held, terms.high_since_entry) == (100.0, 0.0, 110.0)
    kit.bar(105, 107, 104, 106)
    terms = kit.judges["SPY"].seen[-1]
    assert terms is not None
    assert (terms.bars_held, terms.high_since_entry, terms.low_since_entry) == (1.0, 110.0, 95.0)


def test_the_entry_limit_of_a_strategy_buys_at_a_limit_under_the_price() -> None:
    kit = Kit(strategy=strategy(entry_limit_percent=D(1)))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    assert (kit.order().kind, kit.order().limit_price) == (OrderKind.LIMIT, D(99))


def test_the_last_hundred_signals_are_at_hand() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    for number in range(220):
        kit.judges["SPY"].entry = TRUE if number % 2 else FALSE
        kit.bar(100)
    assert len(kit.core.signals) == 100
    assert kit.core.signals[-1].signal_id == "s-1-s110"
    assert {fact.signal.state for fact in kit.told(SignalChanged)} == {SignalState.PENDING, SignalState.EXPIRED}


def test_a_refusal_is_a_user_mistake_with_a_sentence() -> None:
    kit = Kit()
    refusal = kit.ask(ask.ReleaseKill()).refusal
    assert isinstance(refusal, UserMistake)
    assert str(refusal).endswith(".")
    assert not kit.told(Blocked)


# --- a fresh evaluation ------------------------------------------------------------------------------------------
def test_a_refreshed_signal_ends_and_a_fresh_one_is_raised_where_the_rule_holds() -> None:
    kit, signal_id = _raised()
    kit.quote(101.0)
    assert kit.ask(ask.Refresh(signal_id)).refusal is None
    assert kit.core.signal_book.recent[signal_id].state is SignalState.EXPIRED
    (fresh,) = _pending(kit)
    assert kit.core.signal_book.live[fresh].price == 101


def test_an_expired_signal_can_be_refreshed_and_says_when_its_rule_no_longer_holds() -> None:
    kit, signal_id = _raised()
    kit.tick(2 * MINUTE)
    kit.judges["SPY"].entry = FALSE
    kit.ask(ask.Refresh(signal_id))
    assert "does not hold" in kit.told(CommandTaken)[-1].answer
    assert not _pending(kit)


def test_a_waiting_exit_can_be_refreshed() -> None:
    kit, signal_id = _waiting_exit()
    kit.ask(ask.Refresh(signal_id))
    (fresh,) = _pending(kit, SignalKind.EXIT)
    assert fresh != signal_id


def test_what_cannot_be_refreshed_is_refused_or_stays_quiet() -> None:
    kit, signal_id = _raised()
    kit.ask(ask.Approve(signal_id))
    assert isinstance(kit.ask(ask.Refresh(signal_id)).refusal, IllegalMove)
    assert isinstance(kit.ask(ask.Refresh("x")).refusal, NotFound)
    kit.quote(100.0)
    kit.ask(ask.Refresh(signal_id))  # held by now: the entry rule is not asked
    kit.ask(ask.Stop())
    kit.ask(ask.Refresh(signal_id))
    assert not _pending(kit)


# --- what holds an exit ------------------------------------------------------------------------------------------
def _held_exit() -> Kit:
    kit = Kit()
    kit.hold()
    kit.hours["SPY"].open = False
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    return kit


def test_a_held_exit_is_blocked_by_the_kill_switch() -> None:
    kit = _held_exit()
    kit.ask(ask.EngageKill())
    assert kit.core.signals[-1].state is SignalState.BLOCKED
    assert kit.blocks[-1].block.check is Check.KILL_SWITCH


def test_a_held_exit_tells_when_another_check_holds_it() -> None:
    kit = _held_exit()
    kit.hours["SPY"].open = True
    kit.step(BadQuote(kit.now, "SPY", "spike"))
    kit.tick()
    assert kit.core.signals[-1].held_by == Check.STALE.value
    assert [item.block.check for item in kit.blocks] == [Check.HOURS, Check.STALE]
    kit.quote(99.0)
    kit.quote(99.0)
    assert kit.held() == 0


def test_a_held_exit_follows_the_price_while_it_waits() -> None:
    kit = _held_exit()
    kit.quote(90.0)
    kit.bar(90, passed=False)
    assert kit.core.signals[-1].price == 90


@pytest.mark.parametrize(
    ("block", "lift", "check"),
    [
        (ask.Pause("by the user"), ask.Resume(), Check.PAUSE),
        (ask.EngageKill(reason="by the user"), ask.ReleaseKill(), Check.KILL_SWITCH),
    ],
)
def test_what_the_user_blocked_is_asked_anew_once_the_user_has_lifted_it(
    block: ask.Command, lift: ask.Command, check: Check
) -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.ask(block)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.bar(100)
    assert [(item.state, item.blocked_by) for item in kit.core.signals] == [(SignalState.BLOCKED, check.value)]
    kit.ask(lift)
    assert not _pending(kit), "rules are judged at the close of a bar"
    kit.bar(100)
    assert len(_pending(kit)) == 1
    kit.ask(ask.Reject(_pending(kit)[0]))
    kit.ask(block)
    kit.ask(lift)
    kit.bar(100)
    assert not _pending(kit), "what the user rejected is not raised again in the same run"

from __future__ import annotations

from desktop.domain import commands as ask
from desktop.domain.effects import SubmitOrder
from desktop.domain.market import DAY, HOUR, SECOND, Bar, Quote
from desktop.domain.messages import BarsClosed, BarsPassed, Quotes
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind
from tests.trading.core_kit import FALSE, T0, TRUE, D, Kit, fill_of, strategy


def test_a_core_without_a_venue_judges_passing_bars_and_hands_its_orders_out() -> None:
    kit = Kit(live=True, strategy=strategy(protection=Protection(D(5), None, None)))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    bar = Bar("SPY", "1h", kit.now, 100.0, 100.0, 90.0, 95.0, 1.0)
    step = kit.step(BarsPassed(bar.end, (bar,)))
    (request,) = [item for item in step.requests if isinstance(item, SubmitOrder)]
    assert (request.order.kind, request.within_bar) == (OrderKind.STOP, True)


def test_bars_and_quotes_of_other_symbols_are_ignored() -> None:
    kit = Kit(limits=RiskLimits(max_daily_loss=D(5)))
    stranger = Bar("XXX", "1h", T0, 1.0, 1.0, 1.0, 1.0, 1.0)
    kit.step(BarsPassed(stranger.end, (stranger,)))
    kit.step(BarsPassed(stranger.end + HOUR, ()))
    kit.quote(5.0, symbol="XXX")
    assert not kit.core.prices
    quiet = Kit()
    quiet.quote(5.0, symbol="XXX")
    assert not quiet.core.prices


def test_a_burst_takes_every_quote_in_order_and_message_time_with_it() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(95)))
    at = kit.now
    quotes = [Quote("SPY", at + number, bid, bid + 0.01) for number, bid in enumerate((99.0, 95.0, 97.0, 96.0), 1)]
    kit.step(Quotes(at + 10, tuple(quotes)))
    assert kit.held() == 0
    assert kit.order().average_price == 97  # the quote after the one that fired it
    assert kit.core.now == at + 10


def test_a_quote_from_the_future_does_not_take_message_time_along() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(95)))
    kit.step(Quotes(kit.now + 1, (Quote("SPY", kit.now + HOUR, 99.0, 99.1),)))
    assert kit.core.now == kit.now + 1


def test_marks_come_from_quotes_where_there_are_any_and_from_bars_otherwise() -> None:
    kit = Kit()
    kit.bar(100, 101, 99, 100.5)
    assert kit.core.prices["SPY"] == (D("100.5"), D("100.5"))
    kit.quote(100.0, 100.2)
    kit.bar(100.1, passed=False)
    assert kit.core.prices["SPY"] == (D(100), D("100.2"))


def test_equity_is_cash_and_holdings_at_the_bid() -> None:
    kit = Kit()
    kit.hold(10, 100.0)
    kit.quote(110.0, 111.0)
    assert kit.core.equity == D(100_100)


def test_bars_held_counts_closes_since_the_entry_fill_with_quotes_too() -> None:
    kit = Kit()
    kit.hold(10)
    for held in (0, 1, 2):
        kit.bar(100, passed=False)
        assert kit.core.positions["SPY"].bars_held == held


def test_the_extremes_of_a_holding_follow_the_bid() -> None:
    kit = Kit()
    kit.hold(10, 100.0)
    for bid in (104.0, 97.0, 101.0):
        kit.quote(bid)
    position = kit.core.positions["SPY"]
    assert (position.high, position.low) == (104.0, 97.0)


def test_a_day_order_that_rests_expires_with_its_day() -> None:
    kit = Kit()
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1), kind=OrderKind.LIMIT, limit_price=D(50)))
    kit.tick(26 * HOUR)
    assert kit.order().status is OrderStatus.EXPIRED
    assert kit.core.book.reserved == 0


def test_a_large_order_fills_in_parts_and_its_protection_grows_with_it() -> None:
    kit = Kit(
        fills=FillSettings.of(FillModelKind.REALISTIC),
        strategy=strategy(protection=Protection(D(50), None, None)),
        cash=D(10_000_000),
    )
    kit.judges["SPY"].entry = TRUE
    bars = [Bar("SPY", "1h", T0 + i * HOUR, 100.0, 101.0, 99.0, 100.0, 40.0) for i in range(5)]
    for bar in bars:
        kit.step(BarsPassed(bar.end, (bar,)))
        kit.step(BarsClosed(bar.end, (bar,)))
        kit.judges["SPY"].entry = FALSE
    assert kit.held() == 10
    assert [order.status for order in kit.orders] == [OrderStatus.FILLED]
    (stop,) = kit.core.triggers.values()
    assert stop.quantity == 10


def test_an_order_the_account_cannot_pay_at_the_fill_ends_with_its_reason() -> None:
    kit = Kit(cash=D(1005))
    kit.judges["SPY"].entry = TRUE
    kit.bar(100)
    kit.judges["SPY"].entry = FALSE
    kit.bar(200)
    assert kit.held() == 5
    assert kit.order().status is OrderStatus.CANCELED
    assert "insufficient cash" in kit.order().reason


def test_why_can_be_asked_before_any_price_is_known() -> None:
    kit = Kit(strategy=strategy(protection=Protection(D(5), D(5), None)))
    kit.judges["SPY"].entry = TRUE
    assert "no price" in kit.core.why("SPY")["answer"]


def test_a_close_while_another_sell_works_cancels_that_first() -> None:
    kit = Kit()
    kit.hold(10)
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), kind=OrderKind.LIMIT, limit_price=D(150)))
    kit.ask(ask.ClosePosition("SPY"))
    kit.quote(100.0)
    assert kit.held() == 0
    assert kit.orders[1].status is OrderStatus.CANCELED


def test_under_the_kill_switch_a_close_that_would_wait_for_others_is_refused() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.PlaceOrder("SPY", Side.SELL, D(10), kind=OrderKind.LIMIT, limit_price=D(150)))
    kit.report(kit.order(), OrderStatus.NEW)
    kit.ask(ask.EngageKill())
    assert kit.ask(ask.ClosePosition("SPY")).refusal is not None


def test_a_rejected_flatten_is_tried_again_within_seconds() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    kit.ask(ask.EngageKill(flatten=True))
    first = kit.order()
    kit.report(first, OrderStatus.REJECTED, reason="busy")
    kit.tick(4 * SECOND)
    assert kit.order().order_id == first.order_id
    kit.tick(SECOND)
    assert kit.order().order_id != first.order_id
    kit.report(kit.order(), OrderStatus.FILLED, fill=fill_of(kit.order(), 10))
    assert kit.held() == 0


def test_what_a_late_fill_brings_after_a_flatten_is_sold_too() -> None:
    kit = Kit(live=True)
    kit.quote(100.0)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(10)))
    order = kit.order()
    kit.report(order, OrderStatus.NEW)
    kit.ask(ask.EngageKill(flatten=True))
    kit.report(order, OrderStatus.CANCELED)
    step = kit.report(order, OrderStatus.FILLED, fill=fill_of(order, 10))
    (request,) = [item for item in step.requests if isinstance(item, SubmitOrder)]
    assert (request.order.side, request.order.quantity) == (Side.SELL, D(10))


def test_rules_on_daily_bars_order_for_the_next_opening() -> None:
    kit = Kit(strategy=strategy(timeframe="1d"))
    kit.hours["SPY"].open = False  # as at every close of a day
    kit.judges["SPY"].entry = TRUE
    bar = Bar("SPY", "1d", T0 // DAY * DAY, 100.0, 100.0, 100.0, 100.0, 1.0)
    kit.step(BarsPassed(bar.end, (bar,)))
    kit.step(BarsClosed(bar.end, (bar,)))
    assert kit.order().status is OrderStatus.INTENT
    assert kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1))).refusal is not None  # by hand it is closed all the same

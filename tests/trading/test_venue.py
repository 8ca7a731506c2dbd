"""The life of an order at the simulated exchange: taken, repeated, changed, cancelled, expired, stored."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.sessions import FillSettings
from desktop.trading.venue_book import REMEMBERED
from tests.trading.venue_kit import (
    COIN,
    FIXED,
    IDEAL,
    REALISTIC,
    SHARE,
    T0,
    WON,
    D,
    bar,
    fills,
    order,
    pass_bar,
    quote,
    these,
    told,
    venue,
)

BUY, SELL = Side.BUY, Side.SELL
MARKET, LIMIT, STOP, STOP_LIMIT = OrderKind.MARKET, OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT
S = OrderStatus
TENTH = FillSettings(volume_share=D("0.1"))


def test_the_ideal_model_takes_exactly_35_500_000_for_500_at_71_000() -> None:
    place = venue(cash=100_000_000)
    place.submit(order(quantity=500, symbol="005930"), T0)
    (report,) = place.open_bars([bar(71_000, symbol="005930")], T0 + HOUR)
    assert report.status is S.FILLED
    assert report.fill is not None
    assert (str(report.fill.price), report.fill.fee, report.fill.slippage) == ("71000", Decimal(0), Decimal(0))
    assert place.cash == D(64_500_000)
    assert dict(place.holdings) == {"005930": D(500)}


def test_a_taken_order_is_acknowledged_at_once() -> None:
    (report,) = venue().submit(order(), T0)
    assert (report.status, report.order_id, report.at, report.fill) == (S.NEW, "s-1", T0, None)


def test_a_fill_names_order_bar_and_time() -> None:
    place = venue()
    place.submit(order(), T0)
    (fill,) = fills(place.open_bars([bar(100, index=3)], T0 + 4 * HOUR))
    assert (fill.execution_id, fill.order_id, fill.symbol, fill.side) == ("s-1.1", "s-1", "SPY", BUY)
    assert (fill.at, fill.bar_start) == (T0 + 3 * HOUR, T0 + 3 * HOUR)


def test_fills_of_one_symbol_follow_each_other_in_time() -> None:
    place = venue()
    for ordinal in (1, 2, 3):
        place.submit(order(ordinal=ordinal), T0)
    times = [fill.at for fill in fills(place.open_bars([bar(100)], T0 + HOUR))]
    assert times == [T0, T0 + 1, T0 + 2]


def test_a_fill_on_a_quote_belongs_to_the_bar_of_its_time() -> None:
    for length, start in ((0, T0 + 90 * MINUTE), (HOUR, T0 + HOUR)):
        place = venue(bar_length=length)
        place.submit(order(), T0)
        (fill,) = fills(place.on_quote(quote(100, at=T0 + 90 * MINUTE), T0 + 90 * MINUTE))
        assert (fill.at, fill.bar_start) == (T0 + 90 * MINUTE, start)


def test_weekly_bars_start_on_monday() -> None:
    place, sunday = venue(bar_length=7 * DAY), (20_000 // 7 * 7 + 3) * DAY  # day 3 of 1970 was a Sunday
    place.submit(order(created_at=sunday), sunday)
    (fill,) = fills(place.on_quote(quote(100, at=sunday), sunday))
    assert sunday - fill.bar_start == 6 * DAY


# repetition ------------------------------------------------------------------------------------------------------
def test_invariant_3_an_order_that_comes_again_is_no_second_order() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=30), T0)
    (again,) = place.submit(order(quantity=30), T0 + 1)
    assert these(again.status, again.cumulative) == (S.NEW, 0)
    pass_bar(place, bar(100, volume=100))
    (again,) = place.submit(order(quantity=30), T0 + HOUR)
    assert these(again.status, again.cumulative, again.fill) == (S.PARTIALLY_FILLED, 10, None)
    pass_bar(place, bar(100, volume=1_000, index=1))
    (again,) = place.submit(order(quantity=30), T0 + 2 * HOUR)
    assert these(again.status, again.cumulative, again.fill) == (S.FILLED, 30, None)
    assert not place.working
    assert not pass_bar(place, bar(100, index=2))
    assert place.holdings["SPY"] == 30


def test_invariant_3_an_order_finished_long_ago_never_works_again() -> None:
    place = venue(cash=10**9)
    for ordinal in range(1, REMEMBERED + 3):
        place.submit(order(ordinal=ordinal), T0)
        place.cancel(f"s-{ordinal}", T0)
    restored = venue()
    restored.restore(place.snapshot())
    for one in (place, restored):
        (again,) = one.submit(order(ordinal=1), T0)
        assert again.status is S.REJECTED
        assert not one.working


# refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("refused", "because"),
    [
        (order(symbol="QQQ"), "does not trade QQQ"),
        (order(quantity=0), "above zero"),
        (order(quantity=-1), "above zero"),
        (order(quantity="1.5"), "multiple of 1"),
        (order(kind=LIMIT), "LIMIT order needs a limit price"),
        (order(kind=STOP), "STOP order needs a stop price"),
        (order(kind=STOP_LIMIT, stop=10), "STOP_LIMIT order needs a limit price"),
        (order(kind=STOP_LIMIT, limit=10), "STOP_LIMIT order needs a stop price"),
        (order(kind=LIMIT, limit=0), "limit price must be above zero"),
        (order(kind=STOP, stop=-3), "stop price must be above zero"),
    ],
)
def test_fault_15_an_impossible_order_is_rejected_with_its_reason(refused: object, because: str) -> None:
    place = venue()
    (report,) = place.submit(refused, T0)  # type: ignore[arg-type]  # parametrized
    assert report.status is S.REJECTED
    assert because in report.reason
    assert not place.working
    assert not pass_bar(place, bar(100))


def test_an_instrument_with_negative_prices_takes_negative_limits() -> None:
    oil = replace(SHARE, symbol="OIL", allows_negative=True)
    place = venue(FIXED, instruments=[oil], holdings={"OIL": 10})
    place.submit(order(kind=LIMIT, limit=-30, symbol="OIL"), T0)
    place.submit(order(SELL, symbol="OIL", ordinal=2), T0)
    bought, sold = fills(place.open_bars([bar(-40, symbol="OIL")], T0 + HOUR))
    assert (bought.price, sold.price) == (D("-39.96"), D("-40.04"))
    assert bought.fee == D("0.3996")


def test_a_buy_the_account_cannot_pay_is_filled_as_far_as_the_lot_allows() -> None:
    place = venue(FIXED, cash=1_000)
    place.submit(order(), T0)
    filled, ended = place.open_bars([bar(100)], T0 + HOUR)
    assert told([filled, ended]) == [("PARTIALLY_FILLED", D(9), D("100.10")), ("CANCELED",)]
    assert ended.reason.startswith("insufficient cash at the fill: needed 1,002.001, available 1,000 USD")
    assert ended.cumulative == 9
    assert place.cash == D(1_000) - D("900.9") - D("0.9009")
    assert not place.working


def test_a_buy_that_cannot_pay_a_single_lot_is_cancelled_without_a_fill() -> None:
    place = venue(cash=99)
    place.submit(order(), T0)
    (ended,) = place.open_bars([bar(100)], T0 + HOUR)
    assert these(ended.status, ended.fill, ended.cumulative) == (S.CANCELED, None, 0)
    assert place.cash == 99


def test_cash_left_to_the_last_lot_is_never_overdrawn() -> None:
    """The fee is rounded to ten decimals: the part that pays by division may cost a tenth decimal too much."""
    costly = FillSettings(fee_percent=D("33.3333333333333"))
    coin = replace(COIN, lot=D("0.0000000001"))
    for cash in ("0.00000000027", "0.0000000004", "0.0000000013333333333", "1", "77.7777777777"):
        place = venue(costly, cash=cash, instruments=[coin])
        place.submit(order(quantity=1_000, symbol="BTC/USDT"), T0)
        place.open_bars([bar(1.0, symbol="BTC/USDT")], T0 + HOUR)
        assert place.cash >= 0


def test_a_sell_beyond_the_holding_sells_what_there_is() -> None:
    place = venue(holdings={"SPY": 4})
    place.submit(order(SELL), T0)
    reports = place.open_bars([bar(100)], T0 + HOUR)
    assert told(reports) == [("PARTIALLY_FILLED", D(4), D(100)), ("CANCELED",)]
    assert reports[1].reason.startswith("insufficient position at the fill: needed 10, available 4")
    assert dict(place.holdings) == {}


def test_exits_of_one_symbol_pay_for_entries_of_another_in_the_order_they_were_sent() -> None:
    place = venue(cash=0, holdings={"SPY": 10})
    place.submit(order(SELL, ordinal=1), T0)
    place.submit(order(quantity=1, symbol="BTC/USDT", ordinal=2), T0)
    reports = pass_bar(place, bar(1_000, symbol="BTC/USDT"), bar(100))
    assert [fill.order_id for fill in fills(reports)] == ["s-1", "s-2"]
    assert place.cash == 0


# cancel and replace ----------------------------------------------------------------------------------------------
def test_a_cancelled_order_never_fills() -> None:
    place = venue()
    place.submit(order(kind=LIMIT, limit=90), T0)
    (report,) = place.cancel("s-1", T0 + 1)
    assert these(report.status, report.cumulative, report.reason) == (S.CANCELED, 0, "cancelled as asked")
    assert pass_bar(place, bar(80)) == []


def test_fault_14_a_partial_fill_stays_and_the_rest_is_released_by_a_cancel() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=30), T0)
    assert told(pass_bar(place, bar(100, volume=120))) == [("PARTIALLY_FILLED", D(12), D(100))]
    (report,) = place.cancel("s-1", T0 + HOUR)
    assert these(report.status, report.cumulative) == (S.CANCELED, 12)
    assert pass_bar(place, bar(100, volume=1e6, index=1)) == []
    assert (place.holdings["SPY"], place.cash) == (D(12), D(98_800))


def test_fault_13_a_cancel_that_comes_too_late_is_told_what_became_of_the_order() -> None:
    place = venue()
    place.submit(order(), T0)
    place.open_bars([bar(100)], T0 + HOUR)
    (report,) = place.cancel("s-1", T0 + HOUR)
    assert these(report.status, report.cumulative, report.fill) == (S.FILLED, 10, None)
    (report,) = place.replace("s-1", D(20), None, None, T0 + HOUR)
    assert report.status is S.FILLED


def test_an_unknown_order_does_not_work_and_a_cancel_says_so() -> None:
    (report,) = venue().cancel("s-77", T0)
    assert report.status is S.CANCELED
    assert "No such order" in report.reason


def test_a_replaced_order_works_as_changed() -> None:
    place = venue()
    place.submit(order(kind=STOP_LIMIT, stop=110, limit=112), T0)
    (report,) = place.replace("s-1", D(5), D("104.999"), D(104), T0 + 1)
    assert (report.status, report.reason) == (S.NEW, "")
    assert (report.quantity, report.limit_price, report.stop_price) == (D(5), D("104.99"), D(104))
    assert told(pass_bar(place, bar(100, 105, 99, 101))) == [("FILLED", D(5), D(104))]


def test_a_partly_filled_order_can_be_made_smaller_but_not_below_its_fills() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=30), T0)
    pass_bar(place, bar(100, volume=100))
    (refused,) = place.replace("s-1", D(10), None, None, T0 + HOUR)
    assert refused.reason == "The new quantity must be above the 10 filled, in steps of 1. Nothing changed."
    (changed,) = place.replace("s-1", D(15), None, None, T0 + HOUR)
    assert (changed.status, changed.quantity, changed.cumulative) == (S.NEW, D(15), D(10))
    assert told(pass_bar(place, bar(101, volume=1e6, index=1))) == [("FILLED", D(5), D(101))]
    assert place.holdings["SPY"] == 15


@pytest.mark.parametrize(
    ("kind", "changes", "because"),
    [
        (MARKET, (None, D(90), None), "A MARKET order has no limit price."),
        (LIMIT, (None, None, D(90)), "The order has no stop price that still waits."),
        (LIMIT, (None, D(0), None), "A price must be above zero."),
        (LIMIT, (D("1.5"), None, None), "in steps of 1."),
    ],
)
def test_an_impossible_change_is_refused_and_changes_nothing(
    kind: OrderKind, changes: tuple[Decimal | None, Decimal | None, Decimal | None], because: str
) -> None:
    place = venue()
    place.submit(order(kind=kind, limit=100 if kind is LIMIT else None), T0)
    before = place.snapshot()
    (report,) = place.replace("s-1", *changes, T0)
    assert because in report.reason
    assert report.status is S.NEW
    assert place.snapshot() == before


def test_a_stop_that_was_reached_is_a_limit_order_from_then_on() -> None:
    place = venue()
    place.submit(order(kind=STOP_LIMIT, stop=105, limit=104), T0)
    assert pass_bar(place, bar(100, 106, 104.5, 105)) == []  # reached, but the limit lies under the way
    (refused,) = place.replace("s-1", None, None, D(120), T0 + HOUR)
    assert "no stop price that still waits" in refused.reason
    place.replace("s-1", None, D(103), None, T0 + HOUR)
    assert told(pass_bar(place, bar(103.5, 103.6, 103.2, 103.5, index=1))) == []
    assert told(pass_bar(place, bar(104, 105, 102, 103, index=2))) == [("FILLED", D(10), D(103))]


# time ------------------------------------------------------------------------------------------------------------
def test_a_day_order_ends_with_its_trading_day() -> None:
    place = venue()
    place.submit(order(kind=LIMIT, limit=90), T0 + HOUR)
    assert place.tick(T0 + DAY - 1) == []
    (report,) = place.tick(T0 + DAY)
    assert these(report.status, report.cumulative) == (S.EXPIRED, 0)
    assert not place.working
    assert place.submit(order(kind=LIMIT, limit=90), T0 + DAY)[0].status is S.EXPIRED


def test_an_order_good_till_cancelled_stays() -> None:
    place = venue()
    place.submit(order(kind=LIMIT, limit=90, gtc=True), T0)
    assert place.tick(T0 + 400 * DAY) == []
    assert told(pass_bar(place, bar(89, index=24 * 400))) == [("FILLED", D(10), D(89))]


def test_a_day_order_does_not_meet_the_open_of_the_next_day() -> None:
    place = venue()
    place.submit(order(kind=LIMIT, limit=90), T0 + 21 * HOUR)
    assert told(pass_bar(place, bar(80, index=38))) == [("EXPIRED",)]


def test_a_day_order_does_not_meet_a_quote_of_the_next_day() -> None:
    place = venue()
    place.submit(order(kind=LIMIT, limit=90), T0)
    assert told(place.on_quote(quote(80, at=T0 + DAY), T0 + DAY)) == [("EXPIRED",)]


def test_a_market_order_that_met_no_price_waits_for_the_next_open() -> None:
    place = venue()
    place.submit(order(), T0 + 21 * HOUR)
    assert place.tick(T0 + 2 * DAY) == []
    assert told(pass_bar(place, bar(100, index=62))) == [("FILLED", D(10), D(100))]


def test_what_is_left_of_a_market_order_ends_with_its_day() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=30), T0)
    pass_bar(place, bar(100, volume=100))
    (report,) = place.tick(T0 + DAY)
    assert these(report.status, report.cumulative) == (S.EXPIRED, 10)


def test_an_order_meets_the_first_quote_at_or_after_its_latency() -> None:
    place = venue(REALISTIC)
    place.submit(order(), T0)
    ready = T0 + place.model.latency("SPY", 1)
    assert place.on_quote(quote(100, 101, at=ready - 1), ready - 1) == []
    assert len(fills(place.on_quote(quote(100, 101, at=ready), ready))) == 1


def test_a_changed_order_meets_the_market_after_its_own_latency() -> None:
    place = venue(REALISTIC)
    place.submit(order(kind=LIMIT, limit=90), T0)
    changed = T0 + HOUR
    place.replace("s-1", None, D(105), None, changed)
    ready = changed + place.model.latency("SPY", 1, 1)
    assert place.on_quote(quote(100, at=ready - 1), ready - 1) == []
    assert len(fills(place.on_quote(quote(100, at=ready), ready))) == 1


# quiet -----------------------------------------------------------------------------------------------------------
def test_where_nothing_works_nothing_is_made() -> None:
    place = venue()
    quiet = [
        place.open_bars([bar(100)], T0),
        place.range_bars([bar(100)], T0),
        place.on_quote(quote(100), T0),
        place.tick(T0),
    ]
    assert all(answer is quiet[0] for answer in quiet)
    assert quiet[0] == []


def test_orders_of_other_symbols_are_left_alone() -> None:
    place = venue()
    place.submit(order(), T0)
    assert pass_bar(place, bar(71_000, symbol="005930")) == []
    assert place.on_quote(quote(71_000, symbol="005930"), T0) == []
    assert list(place.working) == ["s-1"]


def test_a_snapshot_is_json_and_holds_everything() -> None:
    place = venue(TENTH, holdings={"SPY": 3})
    place.submit(order(kind=STOP_LIMIT, quantity=30, stop=101, limit=103), T0)
    place.submit(order(ordinal=2), T0)
    place.submit(order(quantity="1.5", ordinal=3), T0)
    pass_bar(place, bar(100, 102, 99, 101, volume=50))
    text = json.dumps(place.snapshot())
    other = venue(TENTH)
    other.restore(json.loads(text))
    assert json.dumps(other.snapshot()) == text
    assert (other.cash, dict(other.holdings), list(other.working)) == (
        place.cash,
        dict(place.holdings),
        list(place.working),
    )
    after = bar(102, volume=1e6, index=1)
    assert pass_bar(other, after) == pass_bar(place, after)


@pytest.mark.parametrize("instrument", [SHARE, WON])
def test_prices_off_the_tick_are_rounded_against_the_trader(instrument: object) -> None:
    symbol = "SPY" if instrument is SHARE else "005930"
    observed, up, down = (100.004, "100.01", "100.00") if symbol == "SPY" else (71_049.0, "71100", "71000")
    place = venue(IDEAL, cash=10**9, holdings={symbol: 10})
    place.submit(order(symbol=symbol), T0)
    place.submit(order(SELL, symbol=symbol, ordinal=2), T0)
    bought, sold = fills(place.open_bars([bar(observed, symbol=symbol)], T0 + HOUR))
    assert (bought.price, sold.price) == (D(up), D(down))

"""Tables: an order and a bar or quote, and the fill they make (DESIGN, Fills; X3)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.domain.market import HOUR
from desktop.domain.orders import OrderKind, Side
from desktop.domain.sessions import FillSettings
from tests.trading.venue_kit import FIXED, IDEAL, T0, D, bar, fills, order, pass_bar, quote, told, venue

BUY, SELL = Side.BUY, Side.SELL
MARKET, LIMIT, STOP, STOP_LIMIT = OrderKind.MARKET, OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT
TENTH = FillSettings(volume_share=D("0.1"))

# side, kind, limit, stop, bar (open, high, low, close), price of the fill in the ideal model and in the fixed one
BARS = [
    (BUY, MARKET, None, None, (100, 105, 95, 101), "100", "100.10"),
    (SELL, MARKET, None, None, (100, 105, 95, 101), "100", "99.90"),
    # limits: the open where it is at least as good, else the limit when the bar comes to it
    (BUY, LIMIT, 100, None, (98, 105, 95, 101), "98", "98.10"),
    (BUY, LIMIT, 100, None, ("99.95", 105, 95, 101), "99.95", "100"),  # slippage stops at the limit
    (BUY, LIMIT, 96, None, (100, 105, 95, 101), "96", "96"),
    (BUY, LIMIT, 95, None, (100, 105, 95, 101), "95", "95"),
    (BUY, LIMIT, "94.99", None, (100, 105, 95, 101), None, None),
    (SELL, LIMIT, 100, None, (103, 105, 95, 101), "103", "102.89"),
    (SELL, LIMIT, 104, None, (100, 105, 95, 101), "104", "104"),
    (SELL, LIMIT, 105, None, (100, 105, 95, 101), "105", "105"),
    (SELL, LIMIT, "105.01", None, (100, 105, 95, 101), None, None),
    # limits between two ticks go to the side that is not worse
    (BUY, LIMIT, "96.009", None, (100, 105, 96, 101), "96.00", "96.00"),
    (SELL, LIMIT, "104.001", None, (100, 105, 96, 101), "104.01", "104.01"),
    (BUY, LIMIT, "96.009", None, (100, 105, "96.01", 101), None, None),
    # stops: the open where that gapped beyond, else the stop price
    (SELL, STOP, None, 97, (100, 105, 95, 101), "97", "96.90"),
    (SELL, STOP, None, 97, (94, 95, 90, 91), "94", "93.90"),
    (SELL, STOP, None, 97, (97, 98, 96, 97), "97", "96.90"),
    (SELL, STOP, None, "94.99", (100, 105, 95, 101), None, None),
    (BUY, STOP, None, 103, (100, 105, 95, 101), "103", "103.11"),
    (BUY, STOP, None, 103, (104, 106, 103, 105), "104", "104.11"),
    (BUY, STOP, None, "105.01", (100, 105, 95, 101), None, None),
    # stop-limits: the stop makes them limit orders
    (SELL, STOP_LIMIT, 96, 97, (100, 105, 95, 101), "97", "96.90"),
    (SELL, STOP_LIMIT, 97, 97, (100, 105, 95, 101), "97", "97"),
    (SELL, STOP_LIMIT, 96, 97, (94, 95, 90, 91), None, None),  # the gap is beyond the limit
    (SELL, STOP_LIMIT, 96, 97, (94, 98, 90, 97), "96", "96"),  # and the bar comes back to it
    (SELL, STOP_LIMIT, 99, 97, (100, 105, 95, 101), None, None),  # whether it came back is not known
    (BUY, STOP_LIMIT, 104, 103, (100, 105, 95, 101), "103", "103.11"),
    (BUY, STOP_LIMIT, 104, 103, (106, 107, 105, 106), None, None),
    (BUY, STOP_LIMIT, 104, 103, (106, 107, 103, 104), "104", "104"),
    (BUY, STOP_LIMIT, 102, 103, (100, 105, 95, 101), None, None),
    (BUY, STOP_LIMIT, 104, 106, (100, 105, 95, 101), None, None),  # the stop was not reached
]


@pytest.mark.parametrize(("side", "kind", "limit", "stop", "prices", "ideal", "fixed"), BARS)
def test_fills_of_a_bar(
    side: Side,
    kind: OrderKind,
    limit: str | None,
    stop: str | None,
    prices: tuple[float, ...],
    ideal: str | None,
    fixed: str | None,
) -> None:
    for settings, price in ((IDEAL, ideal), (FIXED, fixed)):
        place = venue(settings, holdings={"SPY": 10})
        place.submit(order(side, kind, limit=limit, stop=stop), T0)
        found = fills(pass_bar(place, bar(*map(float, prices))))
        assert [fill.price for fill in found] == ([] if price is None else [D(price)])
        assert bool(place.working) == (price is None)


# side, kind, limit, stop, quote (bid, ask), price in the ideal model
QUOTES = [
    (BUY, MARKET, None, None, (100, 101), "101"),
    (SELL, MARKET, None, None, (100, 101), "100"),
    (BUY, LIMIT, 101, None, (100, 101), "101"),
    (BUY, LIMIT, 105, None, (100, 101), "101"),
    (BUY, LIMIT, "100.99", None, (100, 101), None),
    (SELL, LIMIT, 100, None, (100, 101), "100"),
    (SELL, LIMIT, 90, None, (100, 101), "100"),
    (SELL, LIMIT, "100.01", None, (100, 101), None),
    (SELL, STOP, None, 100, (100, 101), "100"),
    (SELL, STOP, None, 102, (100, 101), "100"),
    (SELL, STOP, None, "99.99", (100, 101), None),
    (BUY, STOP, None, 101, (100, 101), "101"),
    (BUY, STOP, None, 99, (100, 101), "101"),
    (BUY, STOP, None, "101.01", (100, 101), None),
    (SELL, STOP_LIMIT, 99, 100, (100, 101), "100"),
    (SELL, STOP_LIMIT, 101, 102, (100, 101), None),
    (BUY, STOP_LIMIT, 101, 100, (100, 101), "101"),
    (BUY, STOP_LIMIT, 100, 100, (100, 101), None),
]


@pytest.mark.parametrize(("side", "kind", "limit", "stop", "sides", "price"), QUOTES)
def test_fills_on_a_quote(
    side: Side, kind: OrderKind, limit: str | None, stop: str | None, sides: tuple[float, float], price: str | None
) -> None:
    place = venue(IDEAL, holdings={"SPY": 10})
    place.submit(order(side, kind, limit=limit, stop=stop), T0)
    found = fills(place.on_quote(quote(*map(float, sides)), T0))
    assert [fill.price for fill in found] == ([] if price is None else [D(price)])


def test_a_stop_limit_whose_stop_was_reached_waits_as_a_limit() -> None:
    place = venue(IDEAL, holdings={"SPY": 10})
    place.submit(order(SELL, STOP_LIMIT, limit=99, stop=100), T0)
    assert fills(place.on_quote(quote(98.0, 98.5, at=T0 + 1), T0 + 1)) == []
    (fill,) = fills(place.on_quote(quote(100.5, 100.6, at=T0 + 2), T0 + 2))
    assert fill.price == D("100.5")


# side, kind, limit, stop, bar, price: orders born of a trigger inside the bar
INSIDE = [
    (SELL, STOP, None, 97, (100, 105, 95, 101), "97"),
    (SELL, STOP, None, 97, (96, 99, 95, 98), "96"),  # min(open, stop)
    (SELL, LIMIT, 104, None, (100, 105, 95, 101), "104"),
    (SELL, LIMIT, 104, None, (106, 107, 103, 104), "106"),  # max(open, limit)
    (BUY, LIMIT, 96, None, (100, 105, 95, 101), "96"),
    (BUY, LIMIT, 96, None, (94, 97, 93, 95), "94"),
    (BUY, STOP, None, 103, (100, 105, 95, 101), "103"),
    (BUY, STOP, None, 103, (104, 105, 95, 101), "104"),
    (SELL, STOP_LIMIT, 96, 97, (100, 105, 95, 101), "97"),
    (SELL, STOP_LIMIT, 96, 97, (94, 99, 93, 98), None),
    (SELL, STOP, None, 94, (100, 105, 95, 101), None),
    (SELL, LIMIT, 106, None, (100, 105, 95, 101), None),
    (SELL, MARKET, None, None, (100, 105, 95, 101), None),  # nothing says what it would get: the next open
]


@pytest.mark.parametrize(("side", "kind", "limit", "stop", "prices", "price"), INSIDE)
def test_fills_of_an_order_born_inside_the_bar(
    side: Side, kind: OrderKind, limit: str | None, stop: str | None, prices: tuple[float, ...], price: str | None
) -> None:
    place, passing = venue(IDEAL, holdings={"SPY": 10}), bar(*map(float, prices))
    place.open_bars([passing], passing.end)
    found = fills(place.submit(order(side, kind, limit=limit, stop=stop), passing.end, within_bar=True))
    assert [fill.price for fill in found] == ([] if price is None else [D(price)])
    if found:
        assert (found[0].at, found[0].bar_start) == (passing.end, passing.start)


def test_the_stop_of_a_position_that_was_opened_inside_the_bar_fills_at_its_stop() -> None:
    """The bar's open was before the entry: it cannot be the price of the stop."""
    place, passing = venue(IDEAL), bar(90, 105, 89, 101)
    place.submit(order(kind=STOP, stop=100), T0)
    assert told(pass_bar(place, passing)) == [("FILLED", D(10), D(100))]
    stop = order(SELL, STOP, stop=97, ordinal=2)
    assert [fill.price for fill in fills(place.submit(stop, passing.end, within_bar=True))] == [D(97)]
    place.submit(order(kind=LIMIT, limit=80, ordinal=3), passing.end)
    pass_bar(place, bar(85, 86, 79, 84, index=1))
    target = order(SELL, LIMIT, limit=84, ordinal=4)
    assert [fill.price for fill in fills(place.submit(target, T0 + 2 * HOUR, within_bar=True))] == [D(84)]


def test_a_position_opened_at_the_open_is_stopped_at_the_open_where_that_is_worse() -> None:
    place, passing = venue(IDEAL), bar(96, 99, 95, 98)
    place.submit(order(), T0)
    place.open_bars([passing], passing.end)
    stop = order(SELL, STOP, stop=97, ordinal=2)
    assert [fill.price for fill in fills(place.submit(stop, passing.end, within_bar=True))] == [D(96)]


def test_inside_a_bar_protection_comes_before_profit() -> None:
    place = venue(IDEAL, holdings={"SPY": 10})
    place.submit(order(SELL, LIMIT, limit=104, ordinal=1), T0)
    place.submit(order(SELL, STOP, stop=96, ordinal=2), T0)
    filled, target = pass_bar(place, bar(100, 105, 95, 101))
    assert (filled.order_id, told([filled])) == ("s-2", [("FILLED", D(10), D(96))])
    assert (target.order_id, target.status.value) == ("s-1", "CANCELED")


def test_an_order_sent_inside_a_bar_does_not_meet_the_range_that_is_past() -> None:
    place, passing = venue(IDEAL), bar(100, 105, 95, 101)
    place.open_bars([passing], passing.end)
    place.submit(order(kind=LIMIT, limit=96), passing.end)
    assert place.range_bars([passing], passing.end) == []
    assert told(pass_bar(place, bar(100, 101, 95, 99, index=1))) == [("FILLED", D(10), D(96))]


def test_an_order_that_waited_for_the_market_fills_at_the_open_of_the_bar_it_was_sent_in() -> None:
    """Held until the bar began: it is sent before the venue lets the bar open."""
    place, passing = venue(IDEAL), bar(100, 105, 95, 101, index=5)
    place.submit(order(created_at=passing.end), passing.end)
    (fill,) = fills(place.open_bars([passing], passing.end))
    assert (fill.price, fill.at, fill.bar_start) == (D(100), passing.end, passing.start)


def test_large_orders_fill_in_parts_of_the_volume() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=25), T0)
    assert told(pass_bar(place, bar(100, 120, 90, 110, volume=100))) == [("PARTIALLY_FILLED", D(10), D(100))]
    assert told(pass_bar(place, bar(101, volume=5, index=1))) == [("PARTIALLY_FILLED", D(1), D(101))]
    reports = pass_bar(place, bar(102, volume=900, index=2))
    assert told(reports) == [("FILLED", D(14), D(102))]
    assert reports[0].cumulative == 25
    assert [fill.execution_id for fill in fills(reports)] == ["s-1.3"]


def test_a_limit_takes_one_share_of_a_bar_even_where_open_and_range_both_reach_it() -> None:
    place = venue(TENTH)
    place.submit(order(kind=LIMIT, quantity=25, limit=100), T0)
    assert told(pass_bar(place, bar(99, 120, 90, 110, volume=100))) == [("PARTIALLY_FILLED", D(10), D(99))]


def test_what_is_left_of_a_stop_is_a_market_order() -> None:
    place = venue(TENTH, holdings={"SPY": 25})
    place.submit(order(SELL, STOP, 25, stop=97), T0)
    assert told(pass_bar(place, bar(100, 101, 96, 100, volume=100))) == [("PARTIALLY_FILLED", D(10), D(97))]
    assert told(pass_bar(place, bar(110, volume=1e6, index=1))) == [("FILLED", D(15), D(110))]


def test_each_quote_offers_its_own_size() -> None:
    place = venue(TENTH)
    place.submit(order(quantity=25), T0)
    sizes = [told(place.on_quote(quote(100, 101, at=T0 + at, size=100), T0 + at)) for at in range(3)]
    assert sizes == [
        [("PARTIALLY_FILLED", D(10), D(101))],
        [("PARTIALLY_FILLED", D(10), D(101))],
        [("FILLED", D(5), D(101))],
    ]


def test_impact_makes_a_large_order_dearer() -> None:
    deep = FillSettings(impact_bp=D(100))
    prices: list[Decimal] = []
    for quantity in (1, 25, 100):
        place = venue(deep)
        place.submit(order(quantity=quantity), T0)
        prices += [fill.price for fill in fills(pass_bar(place, bar(100, volume=100)))]
    assert prices == [D("100.10"), D("100.50"), D("101.00")]


def test_a_sale_never_slips_to_nothing() -> None:
    place = venue(FIXED, holdings={"SPY": 10})
    place.submit(order(SELL), T0)
    assert told(pass_bar(place, bar(0.01))) == [("FILLED", D(10), D("0.01"))]

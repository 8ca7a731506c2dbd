from __future__ import annotations

import pytest

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.orders import Order, OrderStatus, Purpose, Side
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.state import CoreState
from tests.trading.core_kit import D, settings
from tests.trading.venue_kit import T0, order, venue

NEW, FILLED, PART = OrderStatus.NEW, OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED


def _working(*, tells_changes: bool) -> tuple[OrderBook, Order]:
    """Return a book with one order that works."""
    state = CoreState(settings())
    state.now, state.tells_changes = T0, tells_changes
    book = OrderBook(state)
    intent = book.intend(OrderRequest("SPY", Side.BUY, Purpose.ENTRY, D(10)), D(101), "s-s1")
    return book, book.acknowledge(intent, "sim-1", T0)


def _filled(working: Order, quantity: int) -> tuple[OrderReport, Fill]:
    fill = Fill(f"{working.order_id}.1", working.order_id, "SPY", Side.BUY, D(quantity), D(100), D("0.1"), T0 + 5)
    return OrderReport(working.order_id, FILLED if quantity == working.quantity else PART, T0 + 5, fill), fill


def test_an_order_filled_at_once_is_the_same_whether_or_not_anybody_hears_of_it() -> None:
    heard, working = _working(tells_changes=True)
    told = heard.apply(working, *_filled(working, 10))
    unheard, working = _working(tells_changes=False)
    assert unheard.fill_unheard(working, *_filled(working, 10))
    assert unheard.finished(working.order_id) == unheard.find(working.order_id) == told
    assert told.status is FILLED
    assert unheard.snapshot() == heard.snapshot()
    assert unheard.reserved == heard.reserved == 0
    assert not unheard.open
    assert not unheard.has("SPY")


@pytest.mark.parametrize(("tells_changes", "quantity"), [(True, 10), (False, 4)])
def test_a_fill_that_is_heard_of_or_leaves_something_is_folded_with_all_it_says(
    *, tells_changes: bool, quantity: int
) -> None:
    book, working = _working(tells_changes=tells_changes)
    before = book.snapshot()
    assert not book.fill_unheard(working, *_filled(working, quantity))
    assert book.snapshot() == before
    assert book.finished(working.order_id) is None


def test_an_order_the_venue_takes_without_a_report_works_like_one_it_reports() -> None:
    reported, taken = venue(), venue()
    (report,) = reported.submit(order(), T0)
    assert taken.take(order(), T0) == report.broker_order_id
    assert taken.snapshot() == reported.snapshot()


def test_an_order_the_venue_refuses_or_knows_is_not_taken() -> None:
    place = venue()
    before = place.snapshot()
    assert not place.take(order(quantity=0), T0)
    assert place.snapshot() == before
    assert place.take(order(), T0)
    working = place.snapshot()
    assert not place.take(order(), T0 + 1)
    assert place.snapshot() == working

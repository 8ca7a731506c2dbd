"""Fault 22: what a feed may say and what is traded on."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.market import Quote, Trade
from desktop.domain.messages import BadQuote
from desktop.market.quality import (
    CROSSED,
    DUPLICATE,
    FUTURE,
    INFINITE,
    LATE,
    NEGATIVE,
    NOT_A_NUMBER,
    SPIKE,
    TRADE_MEMORY,
    ZERO_PRICE,
    QuoteCheck,
)
from tests.helpers.market import START, drained, hub_of, quote

SECOND = 1_000_000
NAN, INF = math.nan, math.inf


def good_quotes(hub: object) -> list[Quote]:
    return [item for burst in drained(hub) if isinstance(burst, tuple) for item in burst]  # type: ignore[arg-type]  # a Hub


@pytest.mark.parametrize(
    ("bid", "ask", "reason"),
    [
        (NAN, 10.0, NOT_A_NUMBER),
        (10.0, NAN, NOT_A_NUMBER),
        (INF, INF, INFINITE),
        (-INF, 10.0, INFINITE),
        (10.0, INF, INFINITE),
        (0.0, 10.0, ZERO_PRICE),
        (0.0, 0.0, ZERO_PRICE),
        (-1.0, 10.0, NEGATIVE),
        (10.01, 10.0, CROSSED),
        (1e308, 1e308, INFINITE),
    ],
)
def test_fault_22_a_price_that_cannot_be_is_dropped_and_counted(bid: float, ask: float, reason: str) -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(Quote("A", START + SECOND, bid, ask))
    hub.on_quote(quote(2, 10.1))
    assert dict(hub.cache("A").dropped) == {reason: 1}
    assert [item.at for item in good_quotes(hub)] == [START, START + 2 * SECOND]
    assert hub.cache("A").price == 10.1
    forming = hub.forming("A", "1m")
    assert forming is not None
    assert (forming.high, forming.volume) == (10.1, 2.0)


def test_fault_22_a_crossed_quote_is_dropped_and_counted_and_casts_no_doubt_on_the_last_good_one() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(Quote("A", START + 1, 10.02, 10.01))
    items = drained(hub)
    assert len(items) == 1
    assert hub.cache("A").dropped_total == 1


def test_fault_22_a_spike_is_told_so_that_the_price_is_not_trusted_until_the_next_good_quote() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(quote(1, 100.0))
    assert drained(hub)[-1] == BadQuote(START + SECOND, "A", SPIKE)


@pytest.mark.parametrize("price", [100.0, 1_000.0, 1.0, 0.01])
def test_fault_22_a_tenfold_spike_needs_a_second_quote_that_confirms_it(price: float) -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(quote(1, price))
    assert hub.cache("A").price == 10.0
    hub.on_quote(quote(2, price * 1.01))
    assert hub.cache("A").price == pytest.approx(price * 1.01)
    assert dict(hub.cache("A").dropped) == {SPIKE: 1}


def test_fault_22_a_good_quote_between_two_spikes_refutes_the_first() -> None:
    hub = hub_of("A")
    for seconds, price in enumerate([10.0, 100.0, 10.0, 100.0, 10.0]):
        hub.on_quote(quote(seconds, price))
    assert dict(hub.cache("A").dropped) == {SPIKE: 2}
    assert hub.cache("A").high == 10.0


def test_fault_22_two_spikes_that_disagree_confirm_nothing() -> None:
    hub = hub_of("A")
    for seconds, price in enumerate([10.0, 100.0, 1_000.0]):
        hub.on_quote(quote(seconds, price))
    assert dict(hub.cache("A").dropped) == {SPIKE: 2}
    assert hub.cache("A").price == 10.0


def test_fault_22_an_instrument_that_allows_negative_prices_has_them() -> None:
    hub = hub_of("A", allows_negative=True)
    for seconds, price in enumerate([0.5, -0.5, -37.6, 0.0, 12.0]):
        hub.on_quote(quote(seconds, price))
    hub.on_quote(Quote("A", START + 9 * SECOND, -1.0, -2.0))
    assert hub.cache("A").low == -37.6
    assert dict(hub.cache("A").dropped) == {CROSSED: 1}


def test_a_repeated_quote_is_counted_once_and_one_with_another_size_is_new() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(quote(0, 10.0)._replace(bid_size=11.0))
    assert hub.cache("A").accepted == 2
    assert dict(hub.cache("A").dropped) == {DUPLICATE: 1}


def test_a_late_quote_is_not_traded_on_but_still_belongs_to_its_forming_bar() -> None:
    hub = hub_of("A")
    for seconds, price in ((1, 10.0), (5, 11.0), (3, 12.0)):
        hub.on_quote(quote(seconds, price))
    forming = hub.forming("A", "1m")
    assert forming is not None
    assert (forming.open, forming.high, forming.close, forming.volume) == (10.0, 12.0, 11.0, 3.0)
    assert hub.cache("A").price == 11.0
    assert dict(hub.cache("A").dropped) == {LATE: 1}
    assert len(good_quotes(hub)) == 2


def test_a_quote_from_the_far_future_closes_nobodys_bar() -> None:
    hub = hub_of("A", "B")
    hub.advance(START)
    hub.on_quote(quote(0, 10.0))
    hub.on_quote(quote(7_200, 10.0, "B"))
    hub.on_trade(Trade("B", START + 7_200 * SECOND, 10.0, 1.0))
    assert hub.forming("A", "1m") is not None
    assert dict(hub.cache("B").dropped) == {FUTURE: 2}


def test_prints_without_an_id_are_never_duplicates_and_those_with_one_are_known_again() -> None:
    hub = hub_of("A")
    for trade_id in ("", "", "7", "7", "8"):
        hub.on_trade(Trade("A", START, 10.0, 5.0, trade_id))
    assert hub.cache("A").accepted == 4
    assert dict(hub.cache("A").dropped) == {DUPLICATE: 1}


def test_the_memory_for_ids_is_bounded() -> None:
    check = QuoteCheck()
    for number in range(TRADE_MEMORY + 2):
        assert check.trade(Trade("A", START, 10.0, 1.0, str(number)), sole=True) == ""
    assert check.trade(Trade("A", START, 10.0, 1.0, "0"), sole=True) == ""
    assert check.trade(Trade("A", START, 10.0, 1.0, str(TRADE_MEMORY)), sole=True) == DUPLICATE


@pytest.mark.parametrize(
    ("price", "size", "reason"),
    [
        (NAN, 1.0, NOT_A_NUMBER),
        (0.0, 1.0, ZERO_PRICE),
        (10.0, NAN, NOT_A_NUMBER),
        (10.0, INF, INFINITE),
        (10.0, -1.0, NEGATIVE),
        (100.0, 1.0, SPIKE),
    ],
)
def test_fault_22_a_bad_print_is_dropped_and_counted(price: float, size: float, reason: str) -> None:
    hub = hub_of("A")
    hub.on_trade(Trade("A", START, 10.0, 1.0))
    hub.on_trade(Trade("A", START + SECOND, price, size))
    assert dict(hub.cache("A").dropped) == {reason: 1}
    assert hub.cache("A").price == 10.0


def test_a_late_print_is_not_traded_on() -> None:
    hub = hub_of("A")
    hub.on_trade(Trade("A", START + SECOND, 10.0, 1.0))
    hub.on_trade(Trade("A", START, 11.0, 2.0))
    forming = hub.forming("A", "1m")
    assert forming is not None
    assert (forming.open, forming.high, forming.close, forming.volume) == (11.0, 11.0, 10.0, 3.0)
    assert len(good_quotes(hub)) == 1


prices = st.one_of(
    st.sampled_from([NAN, INF, -INF, 0.0, -1.0, 10.0, 10.1, 9.9, 100.5, 0.9, 1e308, 5e-324]),
    st.floats(9.0, 11.0),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), prices, prices), max_size=60))
def test_fault_22_only_sound_quotes_in_order_come_out(ticks: list[tuple[int, float, float]]) -> None:
    hub = hub_of("A")
    for seconds, bid, ask in ticks:
        hub.on_quote(Quote("A", START + seconds * SECOND, bid, ask))
    cache = hub.cache("A")
    found = good_quotes(hub)
    assert len(found) == cache.accepted == len(ticks) - cache.dropped_total
    for item in found:
        assert 0 < item.bid <= item.ask < INF
    assert [item.at for item in found] == sorted(item.at for item in found)
    leaps = sum(1 for one, other in itertools.pairwise(found) if not 0.1 < other.mid / one.mid < 10)
    assert leaps <= cache.dropped[SPIKE]
    columns = hub.cache("A").series["1m"].columns()
    for column in (columns.open, columns.high, columns.low, columns.close):
        assert all(0 < value < INF for value in column.tolist())

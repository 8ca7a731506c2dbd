from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.brokers.alpaca import wire
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.orders import SINGLE_KINDS, OrderKind, OrderStatus, Side, TimeInForce
from tests.helpers.standins import openapi

EXACT = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**12), max_value=10**12)
DOCUMENTED = (
    *("new", "partially_filled", "filled", "done_for_day", "canceled", "expired", "replaced", "pending_cancel"),
    *("pending_replace", "accepted", "pending_new", "accepted_for_bidding", "stopped", "rejected", "suspended"),
    *("calculated", "held"),
)
EVENTS = (
    *("new", "accepted", "fill", "partial_fill", "canceled", "expired", "done_for_day", "replaced", "rejected"),
    *("pending_new", "pending_cancel", "pending_replace", "stopped", "calculated", "suspended", "restated"),
    *("order_replace_rejected", "order_cancel_rejected", "trade_bust"),
)


@given(value=EXACT)
@settings(max_examples=100)
def test_a_number_goes_over_the_wire_and_comes_back_exactly(value: Decimal) -> None:
    text = wire.number_text(value)
    assert "e" not in text.lower()
    assert wire.number(text) == value
    assert wire.number(json.loads(f'{{"n": {text}}}', parse_float=Decimal)["n"]) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("0.10", "0.1"), ("100", "100"), ("1E-9", "0.000000001"), ("0", "0"), ("-2.50", "-2.5")],
)
def test_a_number_is_written_plainly(value: str, text: str) -> None:
    assert wire.number_text(Decimal(value)) == text


@given(value=st.one_of(st.text(max_size=8), st.booleans(), st.lists(st.integers(), max_size=1), st.just(1.5)))
@settings(max_examples=60)
def test_what_is_no_number_is_refused_or_absent_and_never_a_guess(value: object) -> None:
    try:
        found = wire.number(value)
    except BrokerFault:
        return
    assert found is None or found == Decimal(str(value))
    assert found is None or found.is_finite()


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "sNaN", "1,5", "0x10"])
def test_fault_22_no_strange_number_enters(text: str) -> None:
    with pytest.raises(BrokerFault):
        wire.number(text)


def test_every_documented_status_has_a_meaning_and_the_list_is_the_documents() -> None:
    assert set(DOCUMENTED) == set(wire.STATUSES)
    for text in DOCUMENTED:
        assert wire.status_of(text) is not OrderStatus.UNKNOWN
    if not openapi.missing():
        document = json.loads((openapi.folder() / "alpaca-trading-api.json").read_text(encoding="utf-8"))
        assert set(document["components"]["schemas"]["OrderStatus"]["enum"]) <= set(wire.STATUSES)


def test_every_event_has_a_meaning_and_a_word_of_alpacas_for_it() -> None:
    assert set(EVENTS) <= set(wire.EVENTS)
    for event in wire.EVENTS:
        assert wire.status_of(wire.state_after(event)) is wire.EVENTS[event]


@given(text=st.one_of(st.none(), st.text(max_size=20), st.integers()), filled=st.integers(0, 20))
@settings(max_examples=80)
def test_an_unknown_status_is_unknown_and_any_other_a_state_of_an_order(text: object, filled: int) -> None:
    status = wire.status_of(text, Decimal(filled), Decimal(20))
    assert (status is OrderStatus.UNKNOWN) == (text not in wire.STATUSES)


def test_a_working_order_with_fills_is_partly_filled_and_a_calculated_one_may_be_done() -> None:
    assert wire.status_of("accepted", Decimal(1), Decimal(2)) is OrderStatus.PARTIALLY_FILLED
    assert wire.status_of("calculated", Decimal(2), Decimal(2)) is OrderStatus.FILLED
    assert wire.status_of("calculated", Decimal(1), Decimal(2)) is OrderStatus.DONE_FOR_DAY


def test_sides_kinds_and_times_of_orders_placed_elsewhere_are_shown_as_the_nearest() -> None:
    assert [wire.side_of(text) for text in ("buy", "sell", "sell_short")] == [Side.BUY, Side.SELL, Side.SELL]
    assert wire.kind_of("trailing_stop") is OrderKind.STOP
    assert {wire.kind_of(text) for text in wire.KINDS.values()} == set(SINGLE_KINDS)
    assert [wire.time_in_force_of(text) for text in ("gtc", "day", "ioc")] == [
        TimeInForce.GTC,
        TimeInForce.DAY,
        TimeInForce.DAY,
    ]


def test_a_held_pair_has_the_symbol_it_is_ordered_by() -> None:
    assert wire.symbol_of({"symbol": "BTCUSD", "asset_class": "crypto"}) == "BTC/USD"
    assert wire.symbol_of({"symbol": "ETH/USDT", "asset_class": "crypto"}) == "ETH/USDT"
    assert wire.symbol_of({"symbol": "USD", "asset_class": "us_equity"}) == "USD"
    with pytest.raises(BrokerFault, match="symbol"):
        wire.symbol_of({})


def test_a_time_that_cannot_be_read_is_none() -> None:
    assert wire.time_of("1970-01-01T00:00:01Z") == 1_000_000
    assert [wire.time_of(value) for value in (None, "", "soon", 5)] == [None] * 4

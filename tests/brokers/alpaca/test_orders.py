from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.brokers.alpaca.orders import change_of, next_change, own_id, request_of
from desktop.domain.broker import Pair
from desktop.domain.broker_errors import OrderRefused
from desktop.domain.orders import Order, Side, TimeInForce
from tests.brokers.alpaca.floor import order_of

GTC, DAY = TimeInForce.GTC, TimeInForce.DAY
PAIR = Pair(take_profit=Decimal(105), stop_loss=Decimal(95))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (order_of("a"), {"type": "market", "time_in_force": "day", "side": "buy", "qty": "10"}),
        (
            order_of("a", Side.SELL, "0.5", limit="101.50"),
            {"type": "limit", "limit_price": "101.5", "side": "sell", "qty": "0.5"},
        ),
        (
            order_of("a", stop="99.01", time_in_force=GTC),
            {"type": "stop", "stop_price": "99.01", "time_in_force": "gtc"},
        ),
        (
            order_of("a", limit="0.4567", stop="0.45"),
            {"type": "stop_limit", "limit_price": "0.4567", "stop_price": "0.45"},
        ),
        (order_of("a", symbol="BTC/USD", quantity="0.00001"), {"time_in_force": "gtc", "qty": "0.00001"}),
        (order_of("a", Side.SELL, "0.5", time_in_force=GTC), {"type": "market", "time_in_force": "day", "qty": "0.5"}),
    ],
)
def test_an_order_is_asked_for_in_strings(order: Order, expected: dict[str, str]) -> None:
    body = request_of(order)
    assert expected.items() <= body.items()
    assert body["client_order_id"] == "a"
    assert body["extended_hours"] is False
    assert not [value for value in body.values() if isinstance(value, int | float) and not isinstance(value, bool)]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (order_of("a", quantity=0), "above zero"),
        (order_of("a", quantity="0.5", limit="99", time_in_force=GTC), "for the day only"),
        (order_of("a", quantity="0.1234567891"), "9 decimals"),
        (order_of("a", limit="100.001"), "2 decimals"),
        (order_of("a", limit="0.12345"), "4 decimals"),
        (order_of("a", stop="-1"), "above zero"),
        (order_of("a", limit="0"), "above zero"),
        (order_of("a" * 129), "longer than 128"),
        (order_of("a", symbol="BTC/USD", stop="100", time_in_force=GTC), "no plain stop"),
        (order_of("a", symbol="BTC/USD", limit="100"), "good till cancelled"),
    ],
)
def test_what_alpaca_would_refuse_is_refused_before_it_is_sent(order: Order, why: str) -> None:
    with pytest.raises(OrderRefused, match=why) as caught:
        request_of(order)
    assert "Nothing was sent." in str(caught.value)
    assert caught.value.code == "not sent"


def test_a_pair_is_one_order_with_both_exits() -> None:
    body = request_of(order_of("a", Side.SELL, stop="95", time_in_force=GTC), PAIR)
    assert body["order_class"] == "oco"
    assert body["type"] == "limit"
    assert body["take_profit"] == {"limit_price": "105"}
    assert body["stop_loss"] == {"stop_price": "95"}
    assert "stop_price" not in body


@pytest.mark.parametrize(
    ("order", "pair", "why"),
    [
        (order_of("a"), PAIR, "sell"),
        (order_of("a", Side.SELL, "0.5"), PAIR, "fraction"),
        (order_of("a", Side.SELL, symbol="BTC/USD", time_in_force=GTC), PAIR, "pair of currencies"),
        (order_of("a", Side.SELL), Pair(Decimal(95), Decimal(105)), "below the take-profit"),
        (order_of("a", Side.SELL), Pair(Decimal("105.001"), Decimal(95)), "take profit 105.001"),
    ],
)
def test_a_pair_that_cannot_rest_is_refused_before_it_is_sent(order: Order, pair: Pair, why: str) -> None:
    with pytest.raises(OrderRefused, match=why):
        request_of(order, pair)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((None, Decimal("99.50"), None), {"limit_price": "99.5"}),
        ((Decimal(12), None, Decimal(98)), {"qty": "12", "stop_price": "98"}),
        ((None, None, None), {}),
    ],
)
def test_a_change_names_only_what_changes(changes: tuple[Any, Any, Any], expected: dict[str, str]) -> None:
    assert change_of(order_of("a"), *changes, client_id="a.c1") == {"client_order_id": "a.c1", **expected}


@pytest.mark.parametrize(
    ("quantity", "changed", "why"),
    [("0.5", Decimal(1), "whole shares"), ("5", Decimal("1.5"), "whole shares"), ("5", Decimal(0), "above zero")],
)
def test_a_change_of_quantity_that_alpaca_does_not_make_is_refused(quantity: str, changed: Decimal, why: str) -> None:
    with pytest.raises(OrderRefused, match=why):
        change_of(order_of("a", quantity=quantity), changed, None, None, client_id="a.c1")


@given(order_id=st.text("abcdef0123456789-", min_size=1, max_size=48), changes=st.integers(1, 30))
@settings(max_examples=60)
def test_each_change_has_an_id_of_its_own_that_leads_back_to_ours(order_id: str, changes: int) -> None:
    ids = [order_id]
    for _ in range(changes):
        ids.append(next_change(ids[-1]))
    assert len(set(ids)) == len(ids)
    assert {own_id(one) for one in ids} == {order_id}
    assert max(len(one) for one in ids) <= 128

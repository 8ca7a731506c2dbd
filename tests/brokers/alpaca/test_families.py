from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.brokers.alpaca import families
from desktop.brokers.alpaca.families import Families
from desktop.domain.broker import BrokerOrder
from desktop.domain.orders import OrderStatus
from desktop.net.moments import moment_text

Raw = Mapping[str, Any]


def raw(broker_id: str, second: int, status: str = "new", filled: int = 0, **more: Any) -> dict[str, Any]:
    at = moment_text(second * 1_000_000)
    return {
        "id": broker_id,
        "client_order_id": "ours",
        "symbol": "SPY",
        "asset_class": "us_equity",
        "side": "sell",
        "type": "limit",
        "time_in_force": "gtc",
        "qty": "10",
        "filled_qty": str(filled),
        "filled_avg_price": "100" if filled else None,
        "limit_price": "105",
        "status": status,
        "created_at": at,
        "updated_at": at,
        **more,
    }


def folded(*said: Raw) -> BrokerOrder:
    held = Families()
    owners = {held.learn(one) for one in said}
    assert owners == {"ours"}
    return held.fold("ours")


CHAIN = [
    raw("A", 1),
    raw("A", 2, "pending_replace"),
    raw("A", 3, "replaced", replaced_by="B"),
    raw("B", 3, "new", client_order_id="ours.c1", replaces="A", qty="12", limit_price="104"),
    raw("B", 4, "partially_filled", 5, client_order_id="ours.c1", replaces="A", qty="12", limit_price="104"),
    raw("B", 5, "filled", 12, client_order_id="ours.c1", replaces="A", qty="12", limit_price="104"),
]


@given(order=st.permutations(CHAIN), again=st.sampled_from(CHAIN))
@settings(max_examples=60)
def test_invariant_7_a_changed_order_is_the_same_in_whatever_order_it_is_told(order: list[Raw], again: Raw) -> None:
    found = folded(*order, again)
    assert (found.broker_order_id, found.status) == ("B", OrderStatus.FILLED)
    assert (found.quantity, found.filled, found.limit_price) == (Decimal(12), Decimal(12), Decimal(104))


LEG: dict[str, Any] = {
    "order_class": "oco",
    "type": "stop",
    "stop_price": "95",
    "limit_price": None,
    "client_order_id": "made-there",
}
PAIR = [
    raw("A", 1, order_class="oco", legs=[raw("S", 1, "held", **LEG)]),
    raw("S", 2, "new", **LEG),
    raw("S", 4, "filled", 10, **LEG),
    raw("A", 5, "canceled", order_class="oco"),
]


@given(order=st.permutations(PAIR[1:]), again=st.sampled_from(PAIR))
@settings(max_examples=40)
def test_invariant_7_a_pair_is_filled_once_whatever_is_told_of_its_legs_first(order: list[Raw], again: Raw) -> None:
    held = Families()
    for one in (PAIR[0], *order, again):
        assert held.learn(one) == "ours"
        found = held.fold("ours")  # at every step
        assert found.status is not OrderStatus.CANCELED or found.filled == 10
    found = held.fold("ours")
    assert (found.status, found.filled, found.quantity) == (OrderStatus.FILLED, Decimal(10), Decimal(10))
    assert (found.limit_price, found.stop_price, found.average_price) == (Decimal(105), Decimal(95), Decimal(100))


def test_a_pair_whose_part_filled_exit_was_shrunk_there_keeps_its_quantity() -> None:
    found = folded(
        PAIR[0],
        raw("A", 2, "partially_filled", 4, order_class="oco"),
        raw("S", 2, "held", **{**LEG, "qty": "6"}),
    )
    assert (found.quantity, found.filled, found.status) == (Decimal(10), Decimal(4), OrderStatus.PARTIALLY_FILLED)


def test_a_refused_change_leaves_the_order_as_it_was() -> None:
    found = folded(
        raw("A", 1, "pending_replace"),
        raw("B", 2, "rejected", client_order_id="ours.c1", replaces="A", limit_price="90"),
        raw("A", 3, "new"),
    )
    assert (found.broker_order_id, found.status, found.limit_price) == ("A", OrderStatus.NEW, Decimal(105))


def test_what_filled_before_its_replacement_counts_with_it() -> None:
    found = folded(
        raw("A", 3, "replaced", 4, replaced_by="B"),
        raw("B", 4, "filled", 6, client_order_id="ours.c1", replaces="A", qty="6"),
    )
    assert (found.filled, found.quantity, found.status) == (Decimal(10), Decimal(10), OrderStatus.FILLED)


def test_a_replacement_made_elsewhere_is_asked_after_and_then_belongs_to_its_order() -> None:
    held = Families()
    elsewhere = raw("B", 2, client_order_id="made-there", replaces="A")
    assert held.stranger(elsewhere) == "A"
    held.learn(raw("A", 1))
    assert held.stranger(elsewhere) == ""
    assert held.learn(elsewhere) == "ours"
    assert held.unknown_successor("ours") == ""
    held.learn(raw("A", 3, "replaced", replaced_by="B"))
    assert held.fold("ours").broker_order_id == "B"


def test_an_unknown_state_changes_nothing_and_is_said() -> None:
    found = folded(raw("A", 1, "meditating"))
    assert found.status is OrderStatus.UNKNOWN
    assert "'meditating'" in found.reason
    assert "left as it was" in found.reason


def test_an_order_by_money_has_the_quantity_it_came_to() -> None:
    found = folded(raw("A", 1, "partially_filled", 3, qty=None, notional="500"))
    assert (found.quantity, found.filled) == (Decimal(3), Decimal(3))


def test_memory_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "KEPT", 3)
    held = Families()
    for number in range(10):
        held.learn(raw(f"A{number}", number, client_order_id=f"ours-{number}"))
    assert held.owner("A0") is None
    assert held.owner("A9") == "ours-9"
    assert not list(held.members("ours-0"))

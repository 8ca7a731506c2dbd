"""Rows and JSON of the storage give back exactly what went in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.codec import from_json, to_json
from desktop.domain.errors import ProgramBug
from desktop.domain.events import Fact
from desktop.domain.fills import Fill
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.signals import Signal
from desktop.domain.triggers import Trigger
from desktop.ports import EquityPoint
from desktop.store.models import Blocks, Fills, Orders, Positions, Signals, Trades, Triggers
from desktop.store.models import Equity as EquityTable
from desktop.store.rows import RowShape, dumps, shape
from desktop.store.sentences import sentence
from desktop.store.statements import column_names
from tests.store import values as v


@settings(max_examples=150, deadline=None)
@given(v.facts)
def test_the_canonical_text_of_every_fact_is_that_of_the_codec(fact: Fact) -> None:
    assert json.loads(dumps(fact)) == json.loads(json.dumps(to_json(fact)))


@settings(max_examples=100, deadline=None)
@given(v.facts)
def test_every_fact_reads_back_from_its_audit_text(fact: Fact) -> None:
    assert from_json(type(fact), json.loads(dumps(fact))) == fact


@settings(max_examples=100, deadline=None)
@given(v.facts)
def test_every_fact_has_a_sentence_that_names_its_reason(fact: Fact) -> None:
    text = sentence(fact)
    assert text
    assert "None" not in text or "None" in dumps(fact)
    reason = getattr(fact, "reason", "")
    assert reason in text


@settings(max_examples=150, deadline=None)
@given(st.one_of(v.fills, v.orders, v.positions, v.trades, v.triggers, v.signals, v.points))
def test_every_value_reads_back_from_its_row(value: Any) -> None:
    layout: RowShape[Any] = shape(value.__class__)
    row = layout.encode(value)
    assert all(item is None or type(item) in {str, int, float} for item in row)
    assert layout.decode(row) == value


@pytest.mark.parametrize(
    ("table", "kind", "before"),
    [
        (Orders, Order, []),
        (Fills, Fill, ["session_id", "account", "cash", "realised"]),
        (Positions, Position, []),
        (Trades, ClosedTrade, []),
        (Triggers, Trigger, []),
        (Signals, Signal, []),
        (EquityTable, EquityPoint, []),
    ],
)
def test_every_field_of_a_value_has_its_column(table: Any, kind: type, before: list[str]) -> None:
    assert column_names(table) == [*before, *shape(kind).names]


def test_a_block_has_its_columns() -> None:
    assert column_names(Blocks)[:2] == ["session_id", "sequence"]


def test_sets_and_mappings_have_a_json_form_and_other_things_do_not() -> None:
    assert dumps(frozenset({"b", "a"})) == '["a","b"]'
    assert dumps({"at": (1, 2)}) == '{"at":[1,2]}'
    with pytest.raises(ProgramBug, match="no JSON form"):
        dumps(object())


def test_a_union_of_two_kinds_is_no_column() -> None:
    from dataclasses import dataclass

    @dataclass
    class Odd:
        field: int | str

    Odd.__annotations__["field"] = int | str
    with pytest.raises(ProgramBug, match="cannot hold"):
        RowShape(Odd)

"""Values to JSON and back by their type hints."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from desktop.domain.codec import from_json, to_json
from desktop.domain.commands import Pause
from desktop.domain.errors import ProgramBug
from desktop.domain.events import CommandTaken
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Protection, Strategy

STRATEGY = Strategy("a", "1m", "close > 1", parameters={"x": Decimal("0.10")}, protection=Protection(Decimal(3)))
SETTINGS = SessionSettings("s", "n", STRATEGY, "v", (Instrument("SPY"),), limits=RiskLimits.prudent())


@pytest.mark.parametrize("kind", list(FillModelKind))
def test_settings_of_every_fill_model_read_back_equal(kind: FillModelKind) -> None:
    settings = SessionSettings("s", "n", STRATEGY, "v", (Instrument("SPY"),), fills=FillSettings.of(kind))
    assert from_json(SessionSettings, json.loads(json.dumps(to_json(settings)))) == settings


def test_a_union_is_told_apart_by_its_class() -> None:
    taken = CommandTaken("s", 1, Pause("lunch"), "user", accepted=True, answer="")
    data = to_json(taken)
    assert data["command"] == {"is": "Pause", "reason": "lunch"}
    assert from_json(CommandTaken, data) == taken


def test_tuples_of_market_data_read_back_equal() -> None:
    bar = Bar("SPY", "1m", 1, 1.0, 2.0, 0.5, 1.5, 9.0)
    quote = Quote("SPY", 1, 1.0, 1.5)
    assert from_json(Bar, to_json(bar)) == bar
    assert from_json(Quote, to_json(quote)) == quote
    assert from_json(list[int], [1, 2]) == [1, 2]
    assert from_json(frozenset[str], to_json(frozenset({"b", "a"}))) == {"a", "b"}
    assert from_json(tuple[int, str], [1, "a"]) == (1, "a")


def test_data_of_a_newer_version_with_more_fields_is_read() -> None:
    data = to_json(SETTINGS) | {"colour": "red"}
    assert from_json(SessionSettings, data) == SETTINGS


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Instrument, {"symbol": "X", "asset_class": "cheese"}),
        (Instrument, {"symbol": "X", "tick": "one"}),
        (Instrument, {}),
        (CommandTaken, {"command": {"is": "Explode"}}),
        (type[int], 1),
    ],
)
def test_data_that_does_not_fit_is_our_error(kind: type, data: object) -> None:
    with pytest.raises(ProgramBug):
        from_json(kind, data)


def test_a_value_without_a_json_form_is_our_error() -> None:
    with pytest.raises(ProgramBug, match="no JSON form"):
        to_json(object())

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.research.grid import with_parameters
from desktop.research.suggestions import Suggestion, suggested, suggestions
from desktop.trading.proposals import StrategyRules
from tests.research.sweep_kit import D, rsi_strategy


def texts(found: Suggestion) -> tuple[str, ...]:
    return tuple(f"{value:f}" for value in found)


@pytest.mark.parametrize(
    ("value", "found"),
    [("14", ("9", "19", "1")), ("30", ("15", "45", "3")), ("0.5", ("0.25", "0.75", "0.05")), ("2", ("2", "7", "1")),
     ("-3", ("-8", "2", "1")), ("0", ("-5", "5", "1")), ("200", ("100", "300", "20"))],
)  # fmt: skip
def test_a_range_is_suggested_around_the_value(value: str, found: tuple[str, str, str]) -> None:
    assert texts(suggested(D(value))) == found


def test_levels_of_an_oscillator_stay_inside_its_bounds_and_centre_on_what_they_are() -> None:
    found = suggestions(rsi_strategy())
    assert {name: texts(item) for name, item in found.items()} == {
        "period": ("9", "19", "1"), "oversold": ("15", "45", "3"), "overbought": ("55", "85", "3"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "value", "found"),
    [
        ("willr(14) < level", -80, ("-90", "-70", "2")),
        ("cmo(14) > level", 0, ("-50", "50", "10")),
        ("bop > level", 0, ("-0.5", "0.5", "0.1")),
        ("hour >= level", 9, ("4", "14", "1")),
        ("rsi(14) < level", 3, ("1", "5", "1")),
        ("rsi(14) > level", 120, ("60", "180", "12")),  # beyond its scale already
        ("close > sma(level)", 1, ("1", "6", "1")),
        ("macd(level, 26, 9).macd > 0", 2, ("2", "7", "1")),
    ],
)
def test_a_suggestion_suits_what_the_rule_does_with_the_parameter(
    entry: str, value: int, found: tuple[str, str, str]
) -> None:
    entry = entry.replace("bop", "bop()")
    strategy = rsi_strategy(entry=entry, exit="", parameters={"level": D(value)})
    assert texts(suggestions(strategy)["level"]) == found


def test_parameters_come_in_the_order_the_rules_name_them() -> None:
    values = {name: D(30) for name in ("overbought", "oversold", "period", "unused")}  # as storage sorts them
    assert list(suggestions(rsi_strategy(parameters=values))) == ["period", "oversold", "overbought", "unused"]


def test_rules_that_do_not_compile_still_get_a_range() -> None:
    strategy = rsi_strategy(entry="rsi(period < oversold")
    assert suggestions(strategy)["overbought"][0] <= 70 <= suggestions(strategy)["overbought"][1]


@given(
    st.decimals("0.01", "99.99", places=2), st.sampled_from(["rsi(14) < level", "stoch().k > level", "mfi() > level"])
)
@settings(max_examples=100, deadline=None)
def test_every_suggested_level_is_inside_the_bounds_and_compiles(value: Decimal, entry: str) -> None:
    strategy: Any = rsi_strategy(entry=entry, exit="", parameters={"level": value})
    low, high, step = suggestions(strategy)["level"]
    assert 0 <= low <= value <= high <= 100
    assert value - low == high - value
    assert step > 0
    for level in (low, high):
        StrategyRules.of(with_parameters(strategy, {"level": level}))

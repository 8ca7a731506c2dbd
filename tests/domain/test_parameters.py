from __future__ import annotations

from decimal import Decimal

from desktop.domain.parameters import in_rule_order
from desktop.domain.strategies import Strategy


def test_parameters_come_as_the_entry_and_then_the_exit_rule_name_them() -> None:
    values = {name: Decimal(place) for place, name in enumerate(("fast", "level", "slow", "spare", "exit_level"))}
    strategy = Strategy(
        "Cross", "1h", "crosses_above(sma(slow), sma(fast)) and rsi(14) < level", "rsi(14) > exit_level",
        parameters=values,
    )  # fmt: skip
    assert list(in_rule_order(strategy)) == ["slow", "fast", "level", "exit_level", "spare"]
    assert in_rule_order(strategy) == values


def test_a_name_inside_another_name_is_not_the_parameter() -> None:
    values = {"n": Decimal(1), "length": Decimal(2)}
    assert list(in_rule_order(Strategy("A", "1h", "sma(length) > n", "", parameters=values))) == ["length", "n"]

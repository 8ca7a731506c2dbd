from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from desktop.rules.batch import BatchEvaluator
from desktop.rules.catalogue import FUNCTIONS
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Column, Compare, Node, Role
from desktop.rules.scales import SCALES, parameter_scales, scale_of
from tests.research.sweep_kit import random_bars

BARS = random_bars(1_500, seed=4)


def judged(text: str) -> Node:
    root = compile_rule(text, role=Role.ENTRY, timeframe="1h").root
    assert isinstance(root, Compare)
    return root.left


def written(name: str) -> str:
    function, _, part = name.partition(".")
    row = FUNCTIONS[function]
    return f"{function}()" + (f".{part or row.outputs[0]}" if row.outputs else "")


@pytest.mark.parametrize("name", [name for name in SCALES if name.partition(".")[0] in FUNCTIONS])
def test_a_bounded_function_stays_inside_its_scale(name: str) -> None:
    node = judged(f"{written(name)} > 0")
    values = BatchEvaluator(BARS, timeframe="1h", zone="UTC").values(node)
    known = values[np.isfinite(values)]
    low, high = SCALES[name]
    assert len(known) > 500
    assert known.min() >= low - 1e-9
    assert known.max() <= high + 1e-9
    assert known.max() - known.min() > (high - low) / 10, "the scale says something about it"
    assert scale_of(node) == (low, high)


@pytest.mark.parametrize("name", ["hour", "minute", "weekday"])
def test_times_have_the_scale_of_a_clock(name: str) -> None:
    values = BatchEvaluator(BARS, timeframe="1h", zone="UTC").values(Column(name))
    assert SCALES[name][0] <= values.min() <= values.max() <= SCALES[name][1]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("rsi(14) < level", {"level": (0.0, 100.0)}),
        ("level > prev(rsi(14), 2)", {"level": (0.0, 100.0)}),
        ('tf("1d", rsi(14)) < level and close > other', {"level": (0.0, 100.0)}),
        ("crosses_above(willr(14), level)", {"level": (-100.0, 0.0)}),
        ("kdj().k > level and kdj().j > other", {"level": (0.0, 100.0)}),
        ("rsi(14) < level and cmo(14) < level", {"level": (0.0, 100.0)}),
        ("level < hour", {"level": (0.0, 23.0)}),
        ("rsi(14) < level + 3 or close > level", {}),
        ("willr(14) < level and rsi(14) > level", {}),
    ],
)
def test_a_parameter_has_the_scale_of_what_it_is_compared_with(
    rule: str, found: dict[str, tuple[float, float]]
) -> None:
    values = {"level": Decimal(30), "other": Decimal(5)}
    root = compile_rule(rule, role=Role.ENTRY, parameters=values, timeframe="1h").root
    assert parameter_scales(root, values) == found

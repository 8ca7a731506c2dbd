"""What a strategy has in common with its variants."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from desktop.domain.strategies import Strategy
from desktop.domain.trials import family_of

D = Decimal
CROSS = Strategy("Cross", "1h", "close > sma(fast)", "close < sma(fast)", parameters={"fast": D(10)})


def test_a_variant_is_of_the_family_of_its_strategy() -> None:
    assert family_of(replace(CROSS, name="Cross (fast 12)", parameters={"fast": D(12)})) == family_of(CROSS)
    assert family_of(replace(CROSS, description="tuned")) == family_of(CROSS)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CROSS, entry="close > ema(fast)"),
        replace(CROSS, timeframe="1d"),
        replace(CROSS, parameters={"fast": D(10), "slow": D(20)}),
    ],
)
def test_another_rule_bar_or_parameter_is_another_family(changed: Strategy) -> None:
    assert family_of(changed) != family_of(CROSS)

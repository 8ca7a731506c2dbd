"""Bars that stand alone on another scale: told with their count and first time, never dropped."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.domain.market import DAY
from desktop.market.spikes import Spikes, find_spikes
from desktop.rules.columns import Columns


def bars(*prices: float) -> Columns:
    close = np.array(prices, dtype=np.float64)
    start = np.arange(len(prices), dtype=np.int64) * DAY
    return Columns(start, close, close * 1.02, close * 0.98, close, np.full(len(prices), 10.0))


@pytest.mark.parametrize("wrong", [1000.0, 10.0, 10_000.0])
def test_a_bar_ten_times_above_or_below_both_neighbours_is_found(wrong: float) -> None:
    assert find_spikes(bars(100, 101, wrong, 99, 100)) == Spikes(1, 2 * DAY)


def test_every_such_bar_is_counted_and_the_first_is_named() -> None:
    assert find_spikes(bars(100, 1000, 99, 100, 10, 101)) == Spikes(2, DAY)


@pytest.mark.parametrize(
    "prices",
    [
        (100.0, 101.0, 25.0, 25.1, 25.2),  # a split: it does not come back
        (100.0, 130.0, 400.0, 120.0, 100.0),  # a wild market
        (100.0, 1000.0),  # too few bars to tell
        (100.0,) * 10,
        (),
    ],
)
def test_splits_and_wild_markets_are_no_spikes(prices: tuple[float, ...]) -> None:
    assert find_spikes(bars(*prices)) is None


def test_one_wild_print_inside_a_bar_is_no_bar_on_another_scale() -> None:
    columns = bars(100, 100, 100)
    columns.high[1] = 1000.0
    assert find_spikes(columns) is None

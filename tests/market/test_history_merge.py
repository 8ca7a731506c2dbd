"""Bars held against bars: what is new, the same and different, and what comes of putting them together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.market import HOUR
from desktop.market.history_merge import compare, content_fingerprint, finer_tick, merge
from desktop.rules.columns import Columns
from tests.helpers.fake_archive import series_info

INFO = series_info(1, "SPY", "1h")


def bars(prices: dict[int, float]) -> Columns:
    hours = sorted(prices)
    start = np.array(hours, dtype=np.int64) * HOUR
    close = np.array([prices[hour] for hour in hours], dtype=np.float64)
    return Columns(start, close, close + 1, close - 1, close, close * 10)


def shown(columns: Columns) -> dict[int, float]:
    return dict(zip((columns.start // HOUR).tolist(), columns.close.tolist(), strict=True))


def test_new_same_and_different_bars_are_told_apart() -> None:
    found = compare(INFO, bars({1: 10, 2: 20, 3: 30}), bars({2: 20, 3: 31, 4: 40, 5: 50}))
    assert (found.offered, found.new, found.same, found.different) == (4, 2, 1, 1)
    (one,) = found.differences
    assert one.at == 3 * HOUR
    assert one.stored == (30, 31, 29, 30, 300)
    assert one.offered == (31, 32, 30, 31, 310)
    assert not found.nothing_new


def test_a_bar_that_differs_in_its_volume_alone_is_different() -> None:
    stored = bars({1: 10})
    found = compare(INFO, stored, replace(stored, volume=stored.volume + 1))
    assert (found.same, found.different) == (0, 1)


def test_what_is_stored_already_brings_nothing_new() -> None:
    assert compare(INFO, bars({1: 10, 2: 20, 3: 30}), bars({1: 10, 3: 30})).nothing_new


prices = st.dictionaries(st.integers(0, 40), st.integers(1, 4).map(float), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(stored=prices, offered=prices, taken=st.sampled_from(["stored", "offered"]))
def test_together_every_time_is_there_once_and_the_chosen_side_wins(
    stored: dict[int, float], offered: dict[int, float], taken: str
) -> None:
    both = merge(bars(stored), bars(offered), take_offered=taken == "offered")
    assert shown(both) == ({**stored, **offered} if taken == "offered" else {**offered, **stored})
    assert bool((np.diff(both.start) > 0).all())
    found = compare(INFO, bars(stored), bars(offered))
    assert found.new + found.same + found.different == len(offered)
    assert len(both) == len(stored) + found.new
    assert found.different == sum(stored[hour] != offered[hour] for hour in stored.keys() & offered.keys())


def test_the_order_in_which_parts_came_does_not_change_the_fingerprint() -> None:
    one, other = bars({1: 10, 2: 20}), bars({3: 30})
    first = merge(one, other, take_offered=False)
    assert content_fingerprint(first) == content_fingerprint(merge(other, one, take_offered=True))
    assert content_fingerprint(first) != content_fingerprint(one)


@pytest.mark.parametrize(
    ("one", "other", "step"),
    [("0.01", "0.05", "0.01"), ("0.05", "0.02", "0.01"), ("0.1", "0.1", "0.1"), ("1", "0.25", "0.25")],
)
def test_the_price_step_fits_the_prices_of_both(one: str, other: str, step: str) -> None:
    assert finer_tick(Decimal(one), Decimal(other)) == finer_tick(Decimal(other), Decimal(one)) == Decimal(step)

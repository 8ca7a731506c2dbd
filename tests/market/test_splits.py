"""Splits are found in real and made-up bars, crashes and wrong prices are not, and adjusted prices can be had back."""

from __future__ import annotations

import os
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.history import Split
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market import splits as module
from desktop.market.history import read_history
from desktop.market.splits import adjust_splits, find_splits, pending_splits
from desktop.rules.columns import Columns
from tests.helpers.market import at

FOLDER = Path(os.environ.get("ASSAY_DATA", str(Path(__file__).resolve().parents[3] / "shared" / "data")))
SHARE = Instrument("X")
FIRST = at("2024-01-01")
real = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no market data in {FOLDER}; set ASSAY_DATA to its folder")


def bars(closes: list[float], volumes: list[float] | None = None, step: int = DAY) -> Columns:
    """Bars that open where the one before closed, but for the moves of a night asked for by the closes."""
    close = np.array(closes)
    volume = np.full(len(close), 1000.0) if volumes is None else np.array(volumes)
    start = FIRST + step * np.arange(len(close), dtype=np.int64)
    return Columns(start, close.copy(), close * 1.01, close * 0.99, close, volume)


def split(index: int, new: int, old: int, step: int = DAY) -> Split:
    return Split(FIRST + step * index, new, old, 1.0, 1.0, None)


# found ---------------------------------------------------------------------------------------------------------------
@real
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("aapl_1d", ["2000-06-21 2", "2005-02-28 2", "2014-06-09 7", "2020-08-31 4"]),
        ("aapl_1h", ["2000-06-21 2", "2005-02-28 2", "2014-06-09 7", "2020-08-31 4"]),
        ("aapl_1m_split", ["2014-06-09 7"]),
        ("ibm_1d", ["1999-05-27 2"]),
        ("goog_1d", ["2014-04-03 2"]),
        *((name, []) for name in ("spy_1d", "spy_1h", "spy_1m", "btcusd_1d", "btcusd_1m", "btcbusd_1m")),
    ],
)
def test_the_splits_of_real_recordings_are_found_and_their_crashes_are_not(name: str, found: list[str]) -> None:
    history = read_history(FOLDER / f"{name}.csv", symbol="X")
    splits = find_splits(history.columns, history.instrument)
    assert [f"{np.datetime64(item.at, 'us').astype('datetime64[D]')} {item.ratio}" for item in splits] == found
    adjusted, instrument = adjust_splits(history.columns, history.instrument, splits)
    assert find_splits(adjusted, instrument) == ()


@real
def test_a_late_print_on_the_old_scale_is_adjusted_with_the_bars_before_it() -> None:
    history = read_history(FOLDER / "aapl_1m_split.csv", symbol="X")
    (found,) = find_splits(history.columns, history.instrument)
    index = int(np.searchsorted(history.columns.start, found.at))
    assert history.columns.high[index] > 600  # the recording opens that day with a price of the old scale
    adjusted, _ = adjust_splits(history.columns, history.instrument, [found])
    assert 92 < adjusted.low[index] <= adjusted.open[index] <= adjusted.high[index] < 93


@pytest.mark.parametrize(
    "ratio", [Fraction(2), Fraction(3), Fraction(10), Fraction(3, 2), Fraction(1, 10), Fraction(1, 4)]
)
@pytest.mark.parametrize("step", [DAY, HOUR])
def test_a_split_of_any_usual_ratio_is_found(ratio: Fraction, step: int) -> None:
    closes = [100.0] * 30 + [100.0 / float(ratio)] * 30
    volumes = [1000.0] * 30 + [1000.0 * float(ratio)] * 30
    start = FIRST + step * (24 if step == HOUR else 1) * np.arange(60, dtype=np.int64)
    columns = bars(closes, volumes)
    columns = Columns(start, columns.open, columns.high, columns.low, columns.close, columns.volume)
    (found,) = find_splits(columns, SHARE)
    assert (found.at, found.ratio) == (int(start[30]), ratio)
    assert found.turnover == pytest.approx(1.0)
    assert "1.0 times the money" in found.evidence
    without = Columns(start, columns.open, columns.high, columns.low, columns.close, np.zeros(60))
    (silent,) = find_splits(without, SHARE)
    assert silent.turnover is None
    assert "no volumes" in silent.evidence


def test_a_crash_by_half_with_a_flood_of_money_is_no_split() -> None:
    volumes = [1000.0] * 30 + [20_000.0] * 30
    assert find_splits(bars([100.0] * 30 + [50.0] * 30, volumes), SHARE) == ()


def test_a_fall_that_is_no_plain_ratio_is_no_split() -> None:
    assert find_splits(bars([100.0] * 30 + [57.0] * 30), SHARE) == ()


def test_a_wrong_price_that_comes_back_is_no_split() -> None:
    assert find_splits(bars([100.0] * 30 + [50.0] + [100.0] * 30), SHARE) == ()


def test_nothing_splits_in_the_middle_of_trading() -> None:
    fallen = [100.0] * 300 + [50.0] * 300
    assert find_splits(bars(fallen, step=MINUTE), SHARE) == ()
    assert len(find_splits(bars(fallen), SHARE)) == 1


def test_prices_that_jump_all_the_time_are_looked_through_no_longer_than_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []
    real_look = module._split_at

    def look(columns: Columns, index: int) -> Split | None:
        looked.append(index)
        return real_look(columns, index)

    monkeypatch.setattr(module, "_split_at", look)
    draw = np.random.default_rng(3)
    find_splits(bars((100 * np.exp(draw.normal(0, 1, 20_000))).tolist()), SHARE)
    assert len(looked) == 200


def test_only_shares_split() -> None:
    halved = bars([100.0] * 30 + [50.0] * 30)
    assert find_splits(halved, Instrument("BTC/USD", asset_class=AssetClass.CRYPTO)) == ()
    assert find_splits(Columns.of(()), SHARE) == find_splits(bars([1.0]), SHARE) == ()


def test_undecided_splits_make_a_warning_until_they_are_accepted() -> None:
    columns = bars([100.0] * 30 + [50.0] * 30 + [25.0] * 30)
    warning = pending_splits(columns, SHARE)
    assert warning is not None
    assert [item.ratio for item in warning.splits] == [2, 2]
    assert "2 probable splits" in warning.sentence
    first, second = (item.at for item in warning.splits)
    left = pending_splits(columns, SHARE, decided=[first])
    assert left is not None
    assert [item.at for item in left.splits] == [second]
    assert "a probable split" in left.sentence
    assert pending_splits(columns, SHARE, decided=[first, second]) is None
    assert pending_splits(columns, SHARE, accept=True) is None
    assert pending_splits(bars([100.0] * 30), SHARE) is None


# adjusted ------------------------------------------------------------------------------------------------------------
def test_prices_are_divided_and_volumes_multiplied_before_the_split_only() -> None:
    columns = bars([700.0] * 3 + [100.0] * 3)
    adjusted, instrument = adjust_splits(columns, SHARE, [split(3, 7, 1)])
    assert adjusted.close.tolist() == [100.0] * 6
    assert adjusted.volume.tolist() == [7000.0] * 3 + [1000.0] * 3
    assert instrument.tick == Decimal("0.0001")
    assert adjust_splits(columns, SHARE, []) == (columns, SHARE)


def test_a_reverse_split_keeps_the_price_step() -> None:
    adjusted, instrument = adjust_splits(bars([1.23] * 3 + [12.3] * 3), SHARE, [split(3, 1, 10)])
    assert adjusted.close.tolist() == [12.3] * 6
    assert instrument.tick == SHARE.tick


def test_several_splits_are_taken_together() -> None:
    columns = bars([600.0] * 2 + [300.0] * 2 + [100.0] * 2)
    adjusted, _ = adjust_splits(columns, SHARE, [split(4, 3, 1), split(2, 2, 1)])
    assert adjusted.close.tolist() == [100.0] * 6
    assert adjusted.volume.tolist() == [6000.0] * 2 + [3000.0] * 2 + [1000.0] * 2


ratios = st.sampled_from([(2, 1), (3, 1), (7, 1), (3, 2), (5, 2), (20, 1), (1, 10), (1, 3)])


@settings(max_examples=80, deadline=None)
@given(cents=st.lists(st.integers(1, 10**8), min_size=4, max_size=20), pairs=st.lists(ratios, min_size=1, max_size=3))
def test_adjusted_prices_are_exact_to_their_step_and_give_the_old_ones_back(
    cents: list[int], pairs: list[tuple[int, int]]
) -> None:
    draw = random.Random(len(cents))
    splits = [split(draw.randrange(1, len(cents)), new, old) for new, old in pairs]
    splits = list({item.at: item for item in splits}.values())
    close = np.array(cents) / 100
    start = FIRST + DAY * np.arange(len(close), dtype=np.int64)
    columns = Columns(start, close, close, close, close, np.ones(len(close)))
    adjusted, instrument = adjust_splits(columns, SHARE, splits)
    for index, price in enumerate(adjusted.close.tolist()):
        factor = Fraction(1)
        for item in splits:
            factor *= item.ratio if item.at > start[index] else 1
        exact = Fraction(cents[index], 100) / factor
        written = instrument.price(price)
        assert float(written) == price
        assert abs(Fraction(written) - exact) <= Fraction(instrument.tick) / 2
        if not any(start[index] == item.at for item in splits):
            assert round(Fraction(written) * factor * 100) == cents[index]
    assert (adjusted.low <= adjusted.open).all()
    assert (adjusted.high >= adjusted.close).all()


def test_prices_too_large_for_whole_64_bit_steps_are_adjusted_as_exactly() -> None:
    columns = bars([9_000_000_000_000.0] * 2 + [3_000_000_000_000.0] * 2)
    adjusted, _ = adjust_splits(columns, Instrument("X", tick=Decimal("0.01")), [split(2, 3, 1)])
    assert adjusted.close.tolist() == [3_000_000_000_000.0] * 4

"""The long tail: the library's own values, no look ahead, the same bits in stream and batch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from desktop.rules import tail
from desktop.rules.catalogue import FUNCTIONS, NAMES, REFUSED
from desktop.rules.catalogue_types import Function
from desktop.rules.columns import Columns, FloatArray
from desktop.rules.indicators import run_indicator, stream_opener
from desktop.rules.nodes import Column, Indicator
from desktop.rules.tail_machines import MACHINES
from tests.rules.series import random_columns, same_bits
from tests.rules.test_real_data import columns_of

TAIL = [row for row in FUNCTIONS.values() if row.tail]
BLOCKS = [row for row in TAIL if row.tail not in MACHINES]

#: What is always passed to a function of the library.
CONSTANTS: dict[str, dict[str, object]] = {
    "ichimoku": {"include_chikou": False, "as_dataframe": True},
    "msw": {"tulipy": False},  # the same answer whether or not that library is installed
}

#: Where our outputs are not the library's first columns: its line of a side is left out where it repeats another.
PLACES = {"qqe": (0, 1, 4, 5, 6)}


#: What the library does less well than we where prices stand still or jump.
LOOSE = {
    "vidya": "the library's average ends when the price stands still",
    "hilo": "the library decides ties by rounding errors",
    "stderr": "the library's running variance loses digits after a jump",
}


def named(row: Function) -> str:
    return row.name


def defaults(row: Function) -> tuple[float, ...]:
    return tuple(
        int(item.default or 0) if item.whole else float(item.default if item.default is not None else 0.0)
        for item in row.arguments
    )


def others(row: Function, chance: random.Random) -> tuple[float, ...]:
    """Return arguments that are not the defaults, within the ranges of the table."""
    values: list[float] = []
    for item in row.arguments:
        if item.whole:
            values.append(chance.randint(max(int(item.low), 3), min(int(item.high), 20)))
        else:
            base = float(item.default or 1.0)
            values.append(min(max(base * chance.uniform(0.7, 1.5), item.low), item.high))
    if row.name == "squeeze_pro":
        values[3:6] = sorted(values[3:6], reverse=True)
    if row.name == "ssf":
        values[1] = 3
    if row.name == "jma":
        values[1] = chance.uniform(-100, 100)
    return tuple(values)


def inputs_of(row: Function, columns: Columns) -> list[FloatArray]:
    """Return the series a function works on; a second one of its own where it has no usual column."""
    found: list[FloatArray] = []
    for place, item in enumerate(row.inputs):
        if item.default:
            found.append(np.ascontiguousarray(getattr(columns, item.default)))
        else:
            width = 5 + 9 * place
            found.append(np.convolve(columns.close, np.ones(width) / width, mode="full")[: len(columns)])
    return found


def node_of(row: Function, arguments: tuple[float, ...]) -> Indicator:
    return Indicator(row.name, tuple(Column("close") for _ in row.inputs), arguments)


def librarys(row: Function, arguments: Sequence[float], inputs: Sequence[FloatArray]) -> list[FloatArray]:
    """Return what the library gives on the whole history."""
    function: Any = getattr(tail._library(), row.tail)
    settings: dict[str, Any] = dict(CONSTANTS.get(row.tail, {}))
    settings |= {item.original: value for item, value in zip(row.arguments, arguments, strict=True)}
    names = [item.default or item.name for item in row.inputs]
    series = {
        "open_" if name == "open" else name: pd.Series(column.copy())
        for name, column in zip(names, inputs, strict=True)
    }
    with np.errstate(all="ignore"):
        result = function(**series, **settings)
    values = result.to_numpy(dtype=np.float64).reshape(len(result), -1)
    places = PLACES.get(row.name, tuple(range(max(len(row.outputs), 1))))
    return [np.where(np.isfinite(values[:, place]), values[:, place], np.nan) for place in places]


def assert_the_librarys(row: Function, arguments: tuple[float, ...], columns: Columns) -> None:
    inputs = inputs_of(row, columns)
    ours = run_indicator(node_of(row, arguments), inputs)
    look_back = row.look_back(arguments)
    for mine, theirs in zip(ours, librarys(row, arguments, inputs), strict=True):
        if row.name == "td_seq":  # where it counts nothing the library has no value and we have zero
            theirs = np.nan_to_num(theirs)  # noqa: PLW2901  compared as it should be
        assert np.isnan(mine[:look_back]).all()
        now, then = mine[look_back:], theirs[look_back:]
        assert np.array_equal(np.isnan(now), np.isnan(then)), (row.name, arguments)
        known = ~np.isnan(now)
        scale = np.maximum(1.0, np.abs(then[known]))
        if row.name == "eom":  # its running mean in the library keeps the rounding errors of its largest values
            scale = np.full_like(scale, scale.max())
        assert (np.abs(now[known] - then[known]) <= 1e-9 * scale).all(), (row.name, arguments)


# --- Values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TAIL, ids=named)
def test_values_are_the_librarys_on_the_whole_history(row: Function) -> None:
    """At the defaults and at other arguments, over several blocks, to 1e-9."""
    chance = random.Random(row.name)
    columns = random_columns(3_000, seed=len(row.name))
    for arguments in (defaults(row), others(row, chance), others(row, chance)):
        assert_the_librarys(row, arguments, columns)


def rough_columns(seed: int, *, trend: float, scale: float) -> Columns:
    """Return prices in ticks that often stand still, once for hours, with bars without a trade."""
    chance, count = np.random.default_rng(seed), 2_600
    moves = np.where(chance.random(count) < 0.4, 0.0, chance.normal(size=count) * 0.08 + trend)
    moves[500:620] = 0.0
    tick = 0.05 * scale
    close = np.round((20 + moves.cumsum()).clip(1) / 0.05) * tick
    opened = np.concatenate((close[:1], close[:-1]))
    wicks = np.where(chance.random((2, count)) < 0.5, 0.0, tick)
    wicks[:, 501:620] = 0.0
    high, low = np.maximum(opened, close) + wicks[0], np.minimum(opened, close) - wicks[1]
    volume = np.where(chance.random(count) < 0.1, 0.0, np.floor(chance.random(count) * 500))
    volume[540:600] = 0.0
    return Columns(np.arange(count) * 60_000_000, opened, high, low, close, volume)


@pytest.mark.parametrize("row", TAIL, ids=named)
def test_values_are_the_librarys_where_prices_stand_still(row: Function) -> None:
    if row.name in LOOSE:
        pytest.skip(LOOSE[row.name])
    for seed, trend, scale in ((1, 0.0, 1.0), (2, 0.05, 5_000.0), (3, -0.004, 1e-5)):
        assert_the_librarys(row, defaults(row), rough_columns(seed, trend=trend, scale=scale))


def test_the_variable_average_stands_still_with_the_price_and_goes_on() -> None:
    columns = rough_columns(1, trend=0.0, scale=1.0)
    (values,) = run_indicator(node_of(FUNCTIONS["vidya"], (14,)), [columns.close])
    assert np.isfinite(values[13:]).all()
    assert len(set(values[535:618].tolist())) == 1
    assert values[700] != values[618]


@cache
def recorded(name: str) -> Columns:
    """Return the first recorded bars of a file, read once."""
    return columns_of(name).first(3_000)


@pytest.mark.parametrize("row", TAIL, ids=named)
@pytest.mark.parametrize("name", ["spy_1h.csv", "btcusd_1d.csv"])
def test_values_are_the_librarys_on_recorded_prices(row: Function, name: str) -> None:
    assert_the_librarys(row, defaults(row), recorded(name))


@pytest.mark.parametrize("name", ["alma", "cti", "fwma", "kst", "pwma", "rainbow", "vwmacd", "zscore", "pgo", "jma"])
def test_the_longest_lengths_give_the_librarys_values_too(name: str) -> None:
    row = FUNCTIONS[name]
    most = 100 if name == "rainbow" else 1_000
    arguments = tuple(min(most, int(item.high)) if item.whole else float(item.default or 0) for item in row.arguments)
    assert_the_librarys(row, arguments, random_columns(4_500, seed=2))


@pytest.mark.parametrize("row", TAIL, ids=named)
def test_the_look_back_is_the_bars_before_the_first_value(row: Function) -> None:
    chance = random.Random(row.name)
    columns = random_columns(700, seed=3)
    for arguments in (defaults(row), others(row, chance), others(row, chance)):
        outputs = run_indicator(node_of(row, arguments), inputs_of(row, columns))
        firsts = [int(np.flatnonzero(np.isfinite(output))[0]) for output in outputs]
        assert min(firsts) == row.look_back(arguments), arguments
        if row.name != "hilo":  # of whose sides only one is known
            assert max(firsts) == row.look_back(arguments), arguments


# --- No look ahead -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TAIL, ids=named)
def test_a_value_is_the_same_whatever_the_later_bars_are(row: Function) -> None:
    columns = random_columns(1_900, seed=4)
    inputs = inputs_of(row, columns)
    whole = run_indicator(node_of(row, defaults(row)), inputs)
    for cut in (400, 1_300):
        # Another market afterwards: the future turned round and a third higher.
        changed = [np.concatenate((series[:cut], series[cut:][::-1] * 1.3)) for series in inputs]
        begun = run_indicator(node_of(row, defaults(row)), [series[:cut] for series in inputs])
        for part, full, other in zip(begun, whole, run_indicator(node_of(row, defaults(row)), changed), strict=True):
            assert same_bits(part, full[:cut])
            assert same_bits(other[:cut], full[:cut])


def test_what_looks_ahead_in_the_library_would_be_found() -> None:
    """The check above can fail: the library's line through all bars does look ahead, so it is refused."""
    close = pd.Series(random_columns(300).close)
    function: Any = tail._library().tos_stdevall
    whole, begun = function(close).iloc[:200], function(close.iloc[:200])
    assert not np.allclose(whole.to_numpy(), begun.to_numpy())
    assert "tos_stdevall" in REFUSED
    assert "tos_stdevall" not in FUNCTIONS


# --- Stream ------------------------------------------------------------------------------------------------------


def bits(value: float | tuple[float, ...]) -> FloatArray:
    values = np.array(value if isinstance(value, tuple) else (value,), dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


@pytest.mark.parametrize("row", TAIL, ids=named)
def test_bar_by_bar_gives_the_bits_of_the_batch_across_the_edges_of_blocks(row: Function) -> None:
    arguments = defaults(row)
    layout = tail.Layout(row, arguments)
    count = layout.size + layout.step + 4
    columns = random_columns(count, seed=6)
    inputs = inputs_of(row, columns)
    batch = run_indicator(node_of(row, arguments), inputs)
    opener = stream_opener(node_of(row, arguments))
    rows = np.array(inputs).T.tolist()
    for begin in (layout.look_back, layout.size - 3, layout.size + layout.step - 3):
        handle = opener([series[: begin + 1] for series in inputs])
        assert same_bits(bits(handle.value), np.array([output[begin] for output in batch]))
        for place in range(begin + 1, min(begin + 7, count)):
            expected = np.array([output[place] for output in batch])
            peeked = bits(handle.peek(*rows[place]))
            handle.peek(*(2.0 * value for value in rows[place]))  # changes nothing
            assert same_bits(peeked, expected)
            assert same_bits(bits(handle.update(*rows[place])), expected)


@pytest.mark.parametrize("row", BLOCKS, ids=named)
def test_a_block_ends_early_enough_that_older_bars_do_not_count(row: Function) -> None:
    """The last bars alone give the whole history's value to 1e-9: as many as a block has before its first answer."""
    arguments = defaults(row)
    layout = tail.Layout(row, arguments)
    bars = max(layout.reach, 40)  # the library wants some rows whatever it looks at
    count = bars + 500
    inputs = inputs_of(row, random_columns(count, seed=8))
    whole = librarys(row, arguments, inputs)
    for place in (count - 1, count - 77, count - 300):
        window = [series[place - bars : place + 1] for series in inputs]
        for full, part in zip(whole, librarys(row, arguments, window), strict=True):
            assert part[-1] == pytest.approx(full[place], rel=1e-9, abs=1e-9, nan_ok=True)


def test_a_flat_market_and_huge_prices_raise_no_warning() -> None:
    flat = np.full(300, 100.0)
    columns = Columns(np.arange(300) * 60_000_000, flat, flat, flat, flat, np.zeros(300))
    for row in TAIL:
        for factor in (1.0, 1e12, 1e-9):
            inputs = [series * factor for series in inputs_of(row, columns)]
            for output in run_indicator(node_of(row, defaults(row)), inputs):
                assert not np.isinf(output).any()


# --- The table ---------------------------------------------------------------------------------------------------


def test_every_indicator_of_the_library_is_a_function_a_column_or_refused() -> None:
    library = [name for names in tail._library().Category.values() for name in names]
    assert len(library) > 190
    assert not [name for name in library if name not in NAMES and name not in REFUSED]
    assert not set(REFUSED) & NAMES


def test_outputs_that_repeat_each_other_stay_within_the_librarys_columns() -> None:
    for row in TAIL:
        assert len(row.originals) == len(row.outputs)
        assert len(set(row.outputs)) == len(row.outputs)

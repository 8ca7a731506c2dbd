"""The table of functions is held to what TA-Lib says of itself."""

from __future__ import annotations

import random
from typing import Any

import pytest
import talib
import talib.abstract

from desktop.rules.catalogue import FUNCTIONS, NAMES, WORDS_BY_NAME
from desktop.rules.catalogue_types import AVERAGES, Function

FROM_TALIB = [row for row in FUNCTIONS.values() if row.talib]
IDS = [row.name for row in FROM_TALIB]
MARKS = {"Output scale same as input"}


def described_by(row: Function) -> Any:
    make: Any = vars(talib.abstract)["Function"]  # not in its stubs
    return make(row.talib)  # a fresh one: what a test sets on it stays with it


def described(row: Function) -> dict[str, Any]:
    return dict(described_by(row).info)


def arguments_of(row: Function, chance: random.Random) -> tuple[float, ...]:
    values: list[float] = []
    for argument in row.arguments:
        if argument.average:
            values.append(chance.choice(list(AVERAGES.values())))
        elif argument.whole:
            values.append(chance.randint(int(argument.low), 40))
        else:
            values.append(chance.uniform(max(argument.low, 0.02), min(argument.high, 0.9)))
    if row.name == "mavp":
        values[:2] = sorted(values[:2])
        values[1] = max(values[1], 2)
    return tuple(values)


def test_every_talib_function_is_in_the_table_once() -> None:
    names = [row.talib for row in FROM_TALIB]
    assert sorted(names) == sorted(name for name in dir(talib.stream) if name.isupper() and not name.startswith("_"))


def test_functions_columns_and_terms_do_not_share_names() -> None:
    assert not set(FUNCTIONS) & set(WORDS_BY_NAME)
    assert set(FUNCTIONS) | set(WORDS_BY_NAME) == NAMES
    assert all(name == name.lower() and name.isidentifier() for name in NAMES)


@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_arguments_and_their_defaults_are_those_of_talib(row: Function) -> None:
    expected = dict(described_by(row).parameters)
    assert [argument.original for argument in row.arguments] == list(expected)
    for argument in row.arguments:
        if argument.default is not None:  # highest and lowest want theirs written
            assert argument.default == expected[argument.original]
            assert argument.low <= argument.default <= argument.high
        assert argument.whole == isinstance(expected[argument.original], int)
        assert argument.average == ("matype" in argument.original)


@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_inputs_and_outputs_are_those_of_talib(row: Function) -> None:
    info = described(row)
    names: list[str] = []
    for value in info["input_names"].values():
        names.extend(value if isinstance(value, (list, tuple)) else [value])
    ours = [item.default or "periods" for item in row.inputs]
    if row.name in {"highest", "lowest"}:  # of the high and the low when no series is given
        names = [str(row.inputs[0].default)]
    assert ours == names
    outputs = list(info["output_names"])
    assert list(row.originals) == (outputs if len(outputs) > 1 else [])
    assert len(row.outputs) == len(row.originals)


@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_look_back_is_that_of_talib_for_any_arguments(row: Function) -> None:
    chance = random.Random(row.name)
    for _ in range(25 if row.arguments else 1):
        values = arguments_of(row, chance)
        function = described_by(row)
        function.parameters = {argument.original: value for argument, value in zip(row.arguments, values, strict=True)}
        assert row.look_back(values) == function.lookback, values


@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_recursive_functions_name_a_smoothing_length(row: Function) -> None:
    flags = described(row)["function_flags"] or []
    defaults = [argument.default if argument.default is not None else 5.0 for argument in row.arguments]
    if "Function has an unstable period" in flags:
        assert row.smoothing(defaults) > 0
    if "Output is path-dependent" in flags:
        assert row.from_origin or row.smoothing(defaults) > 0


@pytest.mark.parametrize("row", FROM_TALIB, ids=IDS)
def test_functions_on_the_scale_of_prices_are_drawn_over_them(row: Function) -> None:
    flags = set(described(row)["function_flags"] or [])
    known_apart = {"linearreg_slope", "linearreg_angle", "avgdev", "highest", "lowest", "ceil", "floor", "obv"}
    if flags & MARKS and row.name not in known_apart:
        assert row.overlay


def test_every_row_says_in_one_sentence_what_it_is() -> None:
    helps = [row.help for row in FUNCTIONS.values()] + [word.help for word in WORDS_BY_NAME.values()]
    for text in helps:
        assert text.endswith(".")
        assert 8 < len(text) < 140

from __future__ import annotations

from decimal import Decimal

import pytest

from desktop.domain.errors import FieldError
from desktop.research.grid import MAX_VARIANTS, Grid, parse_grid, parse_range, with_parameters
from tests.research.sweep_kit import D, rsi_strategy


def test_a_range_holds_its_end_where_a_step_meets_it() -> None:
    assert parse_range("period=5:30:5").values == (D(5), D(10), D(15), D(20), D(25), D(30))
    assert parse_range("period=5:12:5").values == (D(5), D(10))
    assert parse_range(" period = 5 : 7 ").values == (D(5), D(6), D(7))


def test_a_range_is_exact_in_decimals() -> None:
    found = parse_range("stop=0.1:0.7:0.1").values
    assert [str(value) for value in found] == ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]


def test_a_list_keeps_its_order() -> None:
    assert parse_range("period=20,5,-1.5").values == (D(20), D(5), D("-1.5"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("period", "is not NAME=VALUES"),
        ("=5", "is not NAME=VALUES"),
        ("period=", "is not NAME=VALUES"),
        ("period=5,x", "'x', a value of period, is not a number"),
        ("period=5,,6", "'', a value of period"),
        ("period=nan", "'nan'"),
        ("period=1e3", "'1e3'"),
        ("period=5:30:0", "a step is above zero"),
        ("period=5:30:-1", "a step is above zero"),
        ("period=30:5", "runs from 30 down to 5"),
        ("period=1:2:3:4", "more than three numbers"),
        ("period=5,5.0", "names 5 twice"),
        ("period=0:1000000000:0.001", "1,000,000,000,001 values"),
    ],
)
def test_what_cannot_be_a_range_is_refused_at_its_option(text: str, words: str) -> None:
    with pytest.raises(FieldError, match=r"^--set: ") as caught:
        parse_range(text)
    assert words in str(caught.value)


def test_several_ranges_make_their_product_with_the_last_changing_fastest() -> None:
    grid = parse_grid(["period=5,6", "oversold=20,30"], rsi_strategy())
    assert list(grid) == [(D(5), D(20)), (D(5), D(30)), (D(6), D(20)), (D(6), D(30))]
    assert len(grid) == 4
    assert grid.names == ("period", "oversold")


def test_a_name_that_is_no_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(FieldError, match=r"no parameter speed\. It has period, oversold, overbought"):
        parse_grid(["speed=5:6"], rsi_strategy())
    with pytest.raises(FieldError, match="It has none"):
        parse_grid(["period=5:6"], rsi_strategy(entry="close > 1", exit="", parameters={}))


def test_a_parameter_set_twice_and_an_empty_grid_are_refused() -> None:
    with pytest.raises(FieldError, match="period is set twice"):
        parse_grid(["period=5:6", "period=7"], rsi_strategy())
    with pytest.raises(FieldError, match="needs at least one"):
        Grid(())


def test_too_many_variants_are_refused_with_their_number() -> None:
    with pytest.raises(FieldError, match=r"1,000 x 1,000 values make 1,000,000 variants") as caught:
        parse_grid(["period=1:1000", "oversold=1:1000"], rsi_strategy())
    assert f"{MAX_VARIANTS:,} variants at most" in str(caught.value)
    assert len(parse_grid(["period=1:100", "oversold=1:1000"], rsi_strategy())) == MAX_VARIANTS


def test_a_variant_keeps_the_parameters_that_are_not_swept() -> None:
    found = with_parameters(rsi_strategy(), {"period": Decimal(3)})
    assert found.parameters == {"period": D(3), "oversold": D(30), "overbought": D(70)}

"""The strategy file: what is written reads back, what is wrong is named at its field (R1, fault 34)."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import FieldError
from desktop.domain.market import TIMEFRAMES
from desktop.domain.money import HUNDRED
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.domain.strategy_text import format_strategy, parse_strategy, strategy_version

SAMPLES = sorted((Path(__file__).parents[2] / "resources" / "strategies").glob("*.toml"))
DESIGN = """
name = "RSI dip"
timeframe = "1h"
entry = "rsi(period) < oversold and close > sma(200)"
exit = "rsi(period) > overbought"
evaluate = "bar"          # or "quote"

[parameters]
period = 14
oversold = 30            # a parameter may not take the name of a column or function
overbought = 70

[sizing]
kind = "percent_of_equity"   # fixed_quantity | fixed_money | risk_per_trade
value = 10

[protection]                  # all optional, percent of the entry price
stop_loss = 3
take_profit = 6
trailing_stop = 4
"""
LEAST = 'name = "a"\ntimeframe = "1m"\nentry = "close > 1"\n'

percents = st.decimals("0.0001", "99.9", places=4)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def strategies(draw: st.DrawFn) -> Strategy:
    kind = draw(st.sampled_from(SizingKind))
    most = HUNDRED if kind in {SizingKind.PERCENT_OF_EQUITY, SizingKind.RISK_PER_TRADE} else Decimal("1E12")
    names = st.from_regex(r"[a-z_][a-z0-9_]{0,39}", fullmatch=True)
    return Strategy(
        name=draw(texts.filter(lambda text: bool(text.strip()))),
        timeframe=draw(st.sampled_from(list(TIMEFRAMES))),
        entry=draw(texts.filter(lambda text: bool(text.strip()))),
        exit=draw(texts),
        evaluate=draw(st.sampled_from(Evaluate)),
        parameters=draw(st.dictionaries(names, st.decimals("-1E12", "1E12", places=8), max_size=5)),
        sizing=Sizing(kind, draw(st.decimals("0.00000001", most, places=8))),
        protection=Protection(*(draw(st.none() | percents) for _ in range(3))),
        entry_limit_percent=draw(st.none() | percents),
        description=draw(texts),
    )


@settings(max_examples=60, deadline=None)
@given(strategies())
def test_a_written_strategy_reads_back_equal_and_with_the_same_version(strategy: Strategy) -> None:
    again = parse_strategy(format_strategy(strategy))
    assert again == strategy
    assert strategy_version(again) == strategy_version(strategy)


def test_the_file_of_the_design_is_read_as_written() -> None:
    strategy = parse_strategy(DESIGN)
    assert strategy.parameters == {"period": Decimal(14), "oversold": Decimal(30), "overbought": Decimal(70)}
    assert strategy.sizing == Sizing(SizingKind.PERCENT_OF_EQUITY, Decimal(10))
    assert strategy.protection == Protection(Decimal(3), Decimal(6), Decimal(4))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_strategy_reads_back_equal(path: Path) -> None:
    strategy = parse_strategy(path.read_text(encoding="utf-8"))
    assert parse_strategy(format_strategy(strategy)) == strategy


def test_numbers_are_exact() -> None:
    assert parse_strategy(LEAST + "[parameters]\nx = 0.1\n").parameters["x"] == Decimal("0.1")


def test_a_version_names_the_content_and_nothing_else() -> None:
    base = parse_strategy(LEAST)
    assert len(strategy_version(base)) == 12
    assert strategy_version(base) == strategy_version(replace(base, sizing=Sizing(value=Decimal("10.00"))))
    changed = [
        replace(base, entry="close > 2"),
        replace(base, name="b"),
        replace(base, timeframe="5m"),
        replace(base, parameters={"x": Decimal(1)}),
        replace(base, protection=Protection(stop_loss=Decimal(1))),
        replace(base, protection=Protection(take_profit=Decimal(1))),
        replace(base, entry_limit_percent=Decimal(1)),
    ]
    assert len({strategy_version(item) for item in [base, *changed]}) == len(changed) + 1


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("name = ", "strategy file"),
        ('timeframe = "1m"\nentry = "close > 1"', "name"),
        ('name = "a"\ntimeframe = "1m"', "entry"),
        (LEAST + 'enty = "x"', "enty"),
        (LEAST + "exit = 5", "exit"),
        (LEAST + 'evaluate = "tick"', "evaluate"),
        (LEAST + "sizing = 5", "sizing"),
        (LEAST + '[sizing]\nkind = "all_in"', "sizing.kind"),
        (LEAST + '[sizing]\nkind = "fixed_money"', "sizing.value"),
        (LEAST + "[sizing]\nvalue = 101", "sizing.value"),
        (LEAST + '[sizing]\nvalue = "10"', "sizing.value"),
        (LEAST + "[sizing]\nvalue = true", "sizing.value"),
        (LEAST + "[sizing]\nvalue = nan", "sizing.value"),
        (LEAST + "[sizing]\nvalue = 1e-99", "sizing.value"),
        (LEAST + "[sizing]\nvalue = 1e99", "sizing.value"),
        (LEAST + "[sizing]\nvalue = 1.00000000000000000000000000001", "sizing.value"),
        (LEAST + "[sizing]\nvalue = 123456789012345.00000000000000", "sizing.value"),
        (LEAST + "[protection]\nstop_los = 3", "protection.stop_los"),
        (LEAST + "[protection]\nstop_loss = 0", "protection.stop_loss"),
        (LEAST + '[parameters]\n"a b" = 1', "parameters.a b"),
        (LEAST + "[parameters]\nx = [1]", "parameters.x"),
        (LEAST + "[parameters]\n" + "\n".join(f"p{i} = 1" for i in range(51)), "parameters"),
        (LEAST + "entry_limit = 100", "entry_limit"),
        (LEAST.replace("1m", "7m"), "timeframe"),
        (LEAST + "exit = '" + "x" * 2_001 + "'", "exit"),
    ],
)
def test_a_mistake_is_named_at_its_field(text: str, field: str) -> None:
    with pytest.raises(FieldError) as caught:
        parse_strategy(text)
    assert caught.value.field == field


def test_an_unknown_key_comes_with_the_nearest_known_one() -> None:
    with pytest.raises(FieldError, match="Did you mean entry"):
        parse_strategy(LEAST + 'enty = "x"')


@pytest.mark.parametrize(
    "text",
    [
        "#" * 70_000,
        "x = " + "[" * 10_000,
        "x = " + "9" * 5_000,
        "x = 1e99999999999",
        "[[" * 1_000,
        "name = '\ud800'",
        'name = "\x00"',
    ],
)
def test_fault_34_a_malicious_strategy_file_is_refused_in_bounded_time(text: str) -> None:
    with pytest.raises(FieldError):
        parse_strategy(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_fault_34_no_text_raises_anything_but_a_field_error(text: str) -> None:
    with contextlib.suppress(FieldError):
        parse_strategy(LEAST + "\n[" + text)

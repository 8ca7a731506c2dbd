"""Completion, signature help, charts and the written reference are made from the one table."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.rules.assistance import completions, markdown_reference, open_call, signature_help, word_before
from desktop.rules.catalogue import FUNCTIONS, NAMES, WORDS_BY_NAME, Function, signature
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role

REFERENCE = Path(__file__).parents[2] / "resources" / "help" / "rules.md"


def names(prefix: str, role: Role = Role.EXIT, parameters: tuple[str, ...] = ()) -> list[str]:
    return [offer.name for offer in completions(prefix, role=role, parameters=parameters)]


def test_the_word_before_the_cursor_is_completed() -> None:
    assert names("rsi(14) < 30 and clo")[0] == "close"
    assert names("close > bb") == ["bbands"]
    assert names("close > SM")[:2] == ["sma", "smi"]
    assert word_before("close > sm + 3", 10) == "sm"
    assert names("close > trend")[0] != ""


def test_help_texts_are_searched_too() -> None:
    assert "bbands" in names("bollinger")
    assert "stoch" in names("stochastic")


def test_functions_bring_their_bracket_and_show_their_defaults() -> None:
    (offer,) = [offer for offer in completions("rsi") if offer.name == "rsi"]
    assert (offer.insert, offer.signature) == ("rsi(", "rsi(x=close, length=14)")


def test_position_terms_are_offered_for_exits_only() -> None:
    assert "pnl_pct" in names("pnl")
    assert "pnl_pct" not in names("pnl", Role.ENTRY)


def test_named_parameters_come_first() -> None:
    assert names("rsi(per", parameters=("period",))[0] == "period"


def test_after_a_dot_the_outputs_are_offered() -> None:
    assert names("macd(12, 26, 9).") == ["macd", "signal", "hist"]
    assert names("close > bbands(sma(close, 3), 20).lo") == ["lower"]
    assert names("rsi(14).") == []
    assert names("(close).")[:1] != ["macd"]


def test_the_open_call_and_its_place_are_found() -> None:
    assert open_call("rsi(sma(close, 3), 1") == ("rsi", 1)
    assert open_call("rsi(sma(close, ") == ("sma", 1)
    assert open_call("close > (3 + ") is None
    assert open_call("close > 3") is None


def test_a_series_that_is_left_out_is_passed_over() -> None:
    def in_hand(text: str, parameters: tuple[str, ...] = ()) -> str:
        call = open_call(text, None, parameters)
        assert call is not None
        found = signature_help(call[0])
        assert found is not None
        return found.arguments[call[1]].name

    assert in_hand("rsi(") == "x"
    assert in_hand("rsi(14") == "length"
    assert in_hand("macd(12, ") == "slow"
    assert in_hand("macd(close, 12, ") == "slow"
    assert in_hand("macd(sma(close, 3), 12") == "fast"
    assert in_hand("rsi(period", ("period",)) == "length"
    assert in_hand("rsi(volume") == "x"
    assert in_hand("atr(14") == "length"
    assert in_hand("bbands(length=20, kind=") == "kind"


def test_signature_help_names_every_argument() -> None:
    found = signature_help("bbands")
    assert found is not None
    assert found.outputs == ("upper", "middle", "lower")
    assert [argument.name for argument in found.arguments] == ["x", "length", "up", "down", "kind"]
    assert found.arguments[3].text.endswith("the same as up when left out")
    assert signature_help("highest") is not None
    assert signature_help("mavp") is not None
    assert signature_help("close") is None


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_name_is_documented(name: str) -> None:
    reference = REFERENCE.read_text(encoding="utf-8")
    assert f"`{signature(FUNCTIONS[name])}`" in reference


def test_the_written_reference_is_up_to_date() -> None:
    """Write it anew with: python -m desktop.rules.assistance > resources/help/rules.md."""
    assert REFERENCE.read_text(encoding="utf-8") == markdown_reference()
    assert all(f"`{word}`" in markdown_reference() for word in WORDS_BY_NAME)
    assert len(NAMES) > 220


@pytest.mark.parametrize("row", [row for row in FUNCTIONS.values() if row.example], ids=lambda row: row.name)
def test_every_example_compiles(row: Function) -> None:
    assert compile_rule(row.example, role=Role.ENTRY).clauses


def test_a_chart_draws_each_indicator_once_on_the_price_or_apart() -> None:
    text = (
        "rsi(14) < 30 and 70 > rsi(14) and close > sma(200) and sma(volume, 20) > 5 and macd().signal > macd().hist "
        'and tf("1h", rsi(14)) > 50 and cdldoji() != 0 and sma(rsi(14), 5) > 3 and tf("1d", rsi(2) < 10)'
    )
    drawn = {item.name: item for item in compile_rule(text, role=Role.ENTRY).indicators}
    assert list(drawn) == [
        "rsi(14)",
        "sma(200)",
        "sma(volume, 20)",
        "macd(12, 26, 9)",
        'tf("1h", rsi(14))',
        "cdldoji()",
        "sma(rsi(14), 5)",
        'tf("1d", rsi(2))',
    ]
    assert drawn["rsi(14)"].levels == (30.0, 70.0)
    assert drawn['tf("1h", rsi(14))'].levels == (50.0,)
    assert drawn['tf("1d", rsi(2))'].levels == (10.0,)
    assert [name for name, item in drawn.items() if item.overlay] == ["sma(200)"]
    assert [label for label, _ in drawn["macd(12, 26, 9)"].lines] == ["macd", "signal", "hist"]
    assert drawn["cdldoji()"].markers


@pytest.mark.parametrize(
    ("text", "overlay"),
    [
        ("sma(hl2, 5)", True),
        ("sma(ema(5), 5)", True),
        ("ema(prev(close, 2), 5)", True),
        ('sma(tf("5m", close), 5)', True),
        ("sma(max(open, close), 5)", True),
        ("sma(close - open, 5)", False),
        ("vwma(volume, 5)", False),
        ("highest(20)", True),
        ("atr(14)", False),
        ("mavp(close, hour)", True),
    ],
)
def test_only_what_has_the_scale_of_the_price_is_drawn_on_it(text: str, overlay: bool) -> None:  # noqa: FBT001  a case
    drawn = {item.name: item for item in compile_rule(f"{text} > 0", role=Role.ENTRY).indicators}
    assert next(iter(drawn.values())).overlay is overlay

"""A mistake in a formula is named with its place and, where one comes near, what was meant."""

from __future__ import annotations

import math
import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import RuleError
from desktop.rules.catalogue import NAMES
from desktop.rules.compile import Rule, compile_rule, compile_series
from desktop.rules.nodes import Role
from desktop.rules.text import format_node


def mistake(text: str, role: Role = Role.ENTRY, timeframe: str = "1m") -> RuleError:
    with pytest.raises(RuleError) as caught:
        compile_rule(text, role=role, timeframe=timeframe)
    return caught.value


# formula, 1-based column, part of the message, part of the suggestion
MISTAKES = [
    ("", 0, "empty", ""),
    (" \n\t", 0, "empty", ""),
    ("# only a comment", 0, "empty", ""),
    ("close", 1, "A rule is a condition, but close is a number", "Compare it"),
    ("  close", 3, "A rule is a condition", ""),
    ("\n\tclose", 3, "A rule is a condition", ""),
    ("True", 1, "says nothing", ""),
    ("None", 1, "says nothing", ""),
    ("...", 1, "says nothing", ""),
    ("5 > 3", 1, "never changes", ""),
    ("smaa(20) > close", 1, "no function smaa", "Did you mean sma?"),
    ("close > SMA(20)", 9, "no function SMA", "Did you mean sma?"),
    ("close > crossover(close, open)", 9, "no function", "crosses_above"),
    ("closee > 3", 1, "There is no closee", "Did you mean close?"),
    ("x > 3", 1, "There is no x", ""),
    ("rsi < 30", 1, "needs its brackets", "rsi(x=close, length=14)"),
    ("close() > 3", 1, "close takes no brackets", "close"),
    ("pnl_pct() > 3", 1, "pnl_pct takes no brackets", "pnl_pct"),
    ("rsi(14) = 30", 9, "single =", "=="),
    ("rsi(14) === 30", 9, "Too many", "=="),
    ("close > 5 & open < 3", 9, "&", "and"),
    ("(close > 5) | (open < 3)", 1, "|", "or"),
    ("close ^ 2 > 3", 1, "^", "**"),
    ("~(close > 3)", 1, "~", "not"),
    ("close @ 3", 7, "@", ""),
    ("close << 3 > 3", 1, "operator", "+"),
    ("close>5 && open<3", 9, "&&", "and"),
    ("close>5 || open<3", 9, "||", "or"),
    ("close > 5 AND open < 4", 11, "lower case", "and"),
    ("close > 5 Or open < 4", 11, "lower case", "or"),
    ("NOT close > 5", 1, "lower case", "not"),
    ("!(close > 5)", 1, "!", "not"),
    ("close <> 5", 7, "<>", "!="),
    ("close => 5", 7, "wrong way", ">="),
    ("close =< 5", 7, "wrong way", "<="),
    ("close is 5", 1, "is", "=="),
    ("close is not 5", 1, "is not", "!="),
    ("close in 5", 1, "in", "between"),
    ("close not in 5", 1, "not in", "between"),
    ("close equals 5", 7, "compare", "=="),
    ("if close > 5 then open", 1, "no if", "and/or"),
    ("close if open else high", 1, "no if", "and/or"),
    ("close ≥ 5", 7, "≥", ">="),
    ("close > 5 – 3", 11, "–", "-"),
    ("close > é", 9, "no place", ""),
    ("\uff43lose > 3", 1, "no place", ""),
    ("close \\ 3 > 1", 7, "backslash", ""),
    ("close; open", 6, "semicolon", "and"),
    ("{close} > 3", 1, "Curly", "round"),
    ("$close > 3", 1, "$", ""),
    ("`close` > 3", 1, "backtick", ""),
    ("close > 3 ? 1 : 2", 11, "question", ""),
    ("close[1] > 5", 1, "Square brackets", "prev(close, 1)"),
    ("rsi(14)[-2] > 5", 1, "Square brackets", "prev(rsi(14), 2)"),
    ("close[open] > 5", 1, "Square brackets", "prev(close, 1)"),
    ("[close, open]", 1, "Lists", "and/or"),
    ("close, open", 1, "one condition", "and/or"),
    ("[x for x in close]", 1, "not part of", ""),
    ("lambda: close", 1, "lambda", ""),
    ("(x := close) > 3", 2, ":=", "parameter"),
    ('f"{close}" > 3', 1, "before the quotes", ""),
    ("b'1' > close", 1, "before the quotes", ""),
    ('"text"', 1, "A text stands only", "tf"),
    ('close > "5"', 9, "A text stands only", "tf"),
    ('close > "5', 9, "never closed", '"'),
    ('close > "a\nb"', 11, "no place in a text", ""),
    ("close > 5)", 10, "closes nothing", ""),
    ("sma(20 > close", 4, "never closed", ")"),
    ("(close] > 3", 7, "closes nothing", ""),
    ("close >", 8, "ends before", ""),
    ("close > 5 and", 14, "ends before", ""),
    ("rsi 14 < 30", 5, "cannot be read", ""),
    ("close > 14d", 9, "14d is not a number", '"1h"'),
    ("0x10 < close", 1, "0x10", ""),
    ("1j < close", 1, "1j", ""),
    ("1e999 < close", 1, "too large", ""),
    ("007 < close", 1, "cannot be read", ""),
    ("close.shift(1) > 3", 1, "Methods", "by its name"),
    ("close.real > 3", 1, "A dot stands only", ""),
    ("macd.signal > 3", 1, "needs its brackets", "signal"),
    ("macd.x > 3", 1, "needs its brackets", ".macd"),
    ("macd(12, 26, 9) > 0", 1, "several outputs", "macd(12, 26, 9).macd"),
    ("macd().signl > 0", 1, "no output signl", "Did you mean signal?"),
    ("rsi(14).signal > 0", 1, "one output", ""),
    ("sma(20).__class__ > 0", 1, "one output", ""),
    ("(close > 3)() > 4", 1, "Only functions", ""),
    ("sma(close, close) > 0", 12, "stays the same", ""),
    ("sma(0) > close", 5, "from 1 to 20000, not 0", ""),
    ("sma(20001) > close", 5, "from 1 to 20000", ""),
    ("tema(9000) > close", 1, "looks back 26,997 bars", ""),
    ("sma(2.5) > close", 5, "whole number, not 2.5", ""),
    ("sma(-5) > close", 5, "from 1", ""),
    ("rsi(14, 15) > 3", 9, "at most 1 setting.", "rsi("),
    ("sma(5, 6) > 3", 8, "at most 1 setting.", "sma("),
    ("atr(close, 14) > 1", 5, "takes no series", "atr(length=14)"),
    ("rsi(len=14) > 3", 1, "no setting len=", "length"),
    ("rsi(**close) > 3", 1, "no setting **", ""),
    ("rsi(*close) > 3", 5, "*", ""),
    ("rsi(length=14, timeperiod=3) > 4", 1, "length twice", ""),
    ("sma(close, x=open) > 3", 14, "x twice", ""),
    ("sma(x=close > 3) > 3", 7, "works on numbers", ""),
    ("sma(close > 3) > 3", 5, "works on numbers", ""),
    ("correl(close, 5) > 3", 1, "needs 2 series", "correl("),
    ("highest() > close", 1, "needs length", "highest(x=high, n)"),
    ("mavp(close) > 3", 1, "needs 2 series", ""),
    ("mavp(close, hour, 9, 3) > 3", 1, "shortest is greater", ""),
    ('ma(20, "smaa") > 3', 8, "no average", "sma"),
    ("ma(20, 10) > 3", 8, "is one of sma", ""),
    ("ma(20, close) > 3", 8, "stays the same", ""),
    ("prev(5) > 3", 6, "changes from bar to bar", "prev(x, n=1)"),
    ("prev(close, -1) > 3", 13, "not -1. No rule can see later bars.", ""),
    ("change(close, -2) > 3", 15, "not -2. No rule can see later bars.", ""),
    ("prev(close, 0) > 3", 13, "from 1 to 20000, not 0", ""),
    ("prev() > 3", 1, "takes 1 to 2 values", "prev(x, n=1)"),
    ("prev(close, m=3) > 3", 1, "by place", "prev("),
    ("prev(prev(close, 15000), 15000) > 3", 1, "looks back 30,000 bars", ""),
    ("change(close > 3) > 3", 8, "works on numbers", ""),
    ("min(close) > 3", 1, "takes 2 to 20", ""),
    ("abs(close > 3) > 3", 5, "must be a number", ""),
    ("between(close, 5) ", 1, "takes 3 values", "between(x, low, high)"),
    ("between(close, 5, 3)", 16, "above the upper one", ""),
    ("between(4, 3, 5)", 1, "never changes", ""),
    ("crosses_above(close > 3, 4)", 15, "works on numbers", ""),
    ("crosses_above(3, 4)", 1, "never cross", ""),
    ("not close", 5, "is a number", "close > 0"),
    ("close and open", 1, "is a number", ""),
    ("close > open + (close > 4)", 17, "must be a number", ""),
    ("close / 0 > 1", 9, "divides by zero", ""),
    ("close > 1e308 * 10", 9, "no finite value", ""),
    ("close > (-8) ** 0.5", 9, "no finite value", ""),
    ("tf(1, close) > 3", 4, "timeframe in quotes", 'tf("1h", x)'),
    ('tf("7m", close) > 4', 4, "no timeframe '7m'", "1h"),
    ('tf("1s", close) > 4', 4, "cannot be built from bars of 1m", ""),
    ('tf("1h", close)', 1, "A rule is a condition", ""),
    ('tf("1h", 5) > close', 10, "changes", ""),
    ('tf("1h") > 3', 1, "takes 2 values", ""),
    ('time > "25:00"', 8, "time of day", "09:30"),
    ('time_between("09:30", "09:30")', 1, "the same", ""),
    ('time_between("09:30", 5)', 23, "time of day", ""),
    ("pnl_pct > 5", 1, "only in exit rules", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "suggestion"), MISTAKES)
def test_a_mistake_has_its_place_and_its_cure(text: str, column: int, message: str, suggestion: str) -> None:
    error = mistake(text)
    assert (error.column, message in error.message) == (column, True), str(error)
    assert suggestion in error.suggestion


@pytest.mark.parametrize(
    "look_back", ["sma({}, 5)", "prev({})", "highest({}, 3)", "crosses_above(close, {})", "tf('1h', {})"]
)
def test_position_terms_cannot_be_looked_back_over(look_back: str) -> None:
    text = look_back.format("pnl_pct") + ("" if "cross" in look_back else " > 3")
    error = mistake(text, Role.EXIT)
    assert "looks back" in error.message
    assert error.column == text.index("pnl_pct") + 1


def test_a_higher_timeframe_must_be_a_multiple_of_the_bars() -> None:
    assert "whole multiple" in mistake('tf("10m", close) > 1', timeframe="15m").message
    assert "no timeframe" in mistake("close > 3", timeframe="7m").message


def test_parameters_have_names_of_their_own_and_finite_values() -> None:
    def refused(name: str, value: Any) -> str:
        with pytest.raises(RuleError) as caught:
            compile_rule("close > 3", role=Role.ENTRY, parameters={name: value})
        return caught.value.message

    assert "has the name of a function" in refused("rsi", 14)
    assert "has the name of a column" in refused("close", 14)
    assert "has the name of a column or term" in refused("pnl_pct", 14)
    assert "cannot be called" in refused("and", 14)
    assert "cannot be called" in refused("my period", 14)
    assert "cannot be called" in refused("1st", 14)
    values: list[Any] = [math.nan, math.inf, True, "many", None, Decimal("sNaN"), 10**400]
    for value in values:
        assert "must be a number" in refused("period", value)


def test_parameters_stand_for_numbers() -> None:
    values: dict[str, Any] = {"period": 14, "level": Decimal("30.5"), "unused": 3.0}
    rule = compile_rule("rsi(period) < level", role=Role.ENTRY, parameters=values)
    assert format_node(rule.root) == "rsi(14) < 30.5"
    assert rule.parameters == {"period", "level"}
    assert rule == compile_rule("rsi(14) < 30.5", role=Role.ENTRY)
    switch = compile_rule("strict == 0 or close > sma(5)", role=Role.ENTRY, parameters={"strict": 1})
    assert format_node(switch.root).startswith("1 == 0")


def test_a_series_is_no_condition() -> None:
    assert format_node(compile_series("sma( 20 )*2")) == "sma(20) * 2"
    with pytest.raises(RuleError, match="This is a condition"):
        compile_series("close > 3")


# --- Limits ------------------------------------------------------------------------------------------------------


def test_fault_35_caps_on_length_depth_and_parts() -> None:
    assert "2,000" in mistake("close > " + "1" * 2000).message
    assert "nested" in mistake("(" * 33 + "close > 3" + ")" * 33).message
    assert "nested" in mistake("not " * 40 + "close > 3").message
    assert "nested" in mistake("-" * 40 + "close > 3").message
    assert "nested" in mistake("close > " + " + ".join(["1"] * 60)).message
    assert "500 parts" in mistake(" or ".join(["low>1"] * 200)).message
    at_the_limit = "(" * 32 + "close > 3" + ")" * 32
    for text in (at_the_limit, "close > 3" + " " * 1991):
        assert format_node(compile_rule(text, role=Role.ENTRY).root) == "close > 3"


ATTACKS = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "close.__class__ > 3",
    "rsi(14).__globals__ > 3",
    "lambda: 1",
    "[lambda: 1 for _ in close]",
    "eval('1')",
    "exec('1') > 3",
    "open('/etc/passwd') > 3",
    "9**9**9 > close",
    "9**9**9**9**9**9 > close",
    "close ** 1e300 > 3",
    "(-9)**99**99 < 1",
    "10**100 * 10**100 * 10**100 * 10**100 > close",
    "(" * 10_000,
    "(" * 10_000 + "close" + ")" * 10_000,
    "(" * 990 + ")" * 990,
    "[" * 1_999,
    "-" * 1_999,
    "not " * 499,
    "~" * 1_999,
    "*" * 1_999,
    "2**" * 600 + "2",
    "a" * 1_999,
    "1" * 1_999,
    "1" * 1_990 + " > close",
    "sma(" * 31 + "close" + ")" * 31 + " > 3",
    "change(" * 30 + "close" + ")" * 30 + " > 3",
    "prev(" * 31 + "close > 3" + ")" * 31,
    "x if " * 300,
    "lambda " * 200,
    "f'" + "{" * 500,
    "\0close > 3",
    "close\x1b > 3",
    "\ud800 > 3",
    "close > 3 #" + "#" * 500,
    "1if close else 2",
    "close is 5 is 6",
    "'\\N{BULLET}' > 3",
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_fault_35_an_attack_is_refused_or_harmless(text: str) -> None:
    found = compiled(text)
    if isinstance(found, RuleError):
        assert found.message
        assert 0 <= found.column <= len(text) + 1
    else:
        assert len(format_node(found.root)) < 3_000


def compiled(text: str) -> Rule | RuleError:
    """Return the rule or the mistake; any other exception fails the test."""
    try:
        return compile_rule(text, role=Role.EXIT, parameters={"period": 14})
    except RuleError as error:
        return error


def test_fault_35_attacks_stay_within_bounded_time_and_memory() -> None:
    """All attacks in a process of its own with little memory, time and stack."""
    script = textwrap.dedent("""
        import resource, sys
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        from desktop.domain.errors import RuleError
        from desktop.rules.compile import compile_rule
        from desktop.rules.nodes import Role
        from tests.rules.test_mistakes import ATTACKS
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for text in ATTACKS:
            try:
                compile_rule(text, role=Role.EXIT)
            except RuleError:
                pass
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used
        print(grown // 1024)
    """)
    if sys.platform == "win32":
        pytest.skip("the limits of a process are set with the resource module, which Windows lacks")
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 100  # megabytes


WORDS = sorted(NAMES)
SIGNS = ["(", ")", ",", "<", ">", "==", "=", "+", "-", "*", "**", "/", "%", ".", "[", "]", "#", "&", ":="]
PIECES = st.sampled_from(
    [
        *WORDS,
        *SIGNS,
        "and",
        "or",
        "not",
        "if",
        '"1h"',
        '"',
        "'",
        "1",
        "14",
        "1e9",
        "\n",
        " ",
        "lambda",
        "period",
        "signal",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join)
    )
)
@example("close > 3 and (")
@example("1_000 < close")
def test_fault_35_any_text_compiles_or_is_a_mistake(text: str) -> None:
    found = compiled(text)
    if isinstance(found, RuleError):
        assert 0 <= found.column <= len(text) + 1
        assert found.message
    else:
        assert_reads_back(found)


def assert_reads_back(rule: Rule) -> None:
    text = format_node(rule.root)
    assert compile_rule(text, role=rule.role, parameters={"period": 14}, timeframe=rule.timeframe).root == rule.root


READABLE = [
    "close > -5 ** 2 + (3 - low) - (2 - (high - 1))",
    "-(close + 1) ** 2 < 0 and (-close) ** 2 > 0 and 2 ** -close < 3",
    "(2 ** close) ** 2 > 3 and 2 ** close ** 2 > 3",
    "not (close > 3 and (open > 3 or low > 3)) or not not close > 3",
    "(close > 3 or open > 3) and high > 2",
    "close / (open / low) > close / open / low and close - (open + low) > 1.10",
    "bbands(20, 3, 2).upper > bbands(close, 20, 2, 2, ema).lower",
    "mavp(close, 5 + hour, 2, 30, t3) > sarext(0.1) or mama().fama > t3(5, 0.123456789012345)",
    "sma(20, x=hl2) > vwma(volume, 20) and max(close, 3, open) > abs(-close)",
    'time >= "9:05" and between(time, "09:30", "15:00") and time_between("22:00", "03:00")',
    'tf("1h", tf("4h", close > prev(close))) and prev(close > 3, n=2)',
]


@pytest.mark.parametrize("text", READABLE)
def test_the_text_of_a_rule_compiles_to_the_same_rule(text: str) -> None:
    assert_reads_back(compile_rule(text, role=Role.ENTRY))


def test_numbers_keep_the_text_they_were_written_in() -> None:
    assert format_node(compile_rule("close > 1.10", role=Role.ENTRY).root) == "close > 1.10"
    assert format_node(compile_rule("close > -1_000.50", role=Role.ENTRY).root) == "close > -1000.50"
    assert format_node(compile_rule("close > +2 * 3", role=Role.ENTRY).root) == "close > 6"


def test_line_ends_tabs_and_comments_are_space() -> None:
    text = "  rsi(14) < 30  # oversold\n\tand close > sma(200)\r\n"
    assert compile_rule(text, role=Role.ENTRY) == compile_rule("rsi(14) < 30 and close > sma(200)", role=Role.ENTRY)
    assert mistake("close > 3 and\n  openn > 2").column == 17

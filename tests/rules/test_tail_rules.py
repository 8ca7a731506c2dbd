"""The long tail in rules: how it is written, what is refused, when it is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import RuleError
from desktop.rules.assistance import completions, signature_help
from desktop.rules.catalogue import FUNCTIONS, REFUSED, signature
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role
from desktop.rules.text import format_node
from tests.rules.series import random_columns
from tests.rules.test_stream_equals_batch import assert_equal, rule_of

TAIL = [row for row in FUNCTIONS.values() if row.tail]


def mistake(text: str, *, on_quotes: bool = False) -> RuleError:
    with pytest.raises(RuleError) as caught:
        compile_rule(text, role=Role.ENTRY, timeframe="1m", on_quotes=on_quotes)
    return caught.value


@pytest.mark.parametrize("gaps", [False, True], ids=["every minute", "missing bars"])
@pytest.mark.parametrize(
    "text",
    [
        "zscore(30) > 1 and close > ichimoku(5, 9, 12).span_a",
        "qqe(5, 3).trend == 1 or not (td_seq().up > 3)",
        "zscore(close / (hour % 2), 10) > 0",  # unknown for an hour: starts anew after it
        "vidya(close / (hour % 2), 10) > close",
        'tf("5m", squeeze(5, 2, 5, 1.5, 4, 3).momentum) > 0 and tf("5m", pmax(4)) < close',
        "long_run(ema(3), sma(8)) == 1 and kst().kst > prev(kst().signal, 2)",
        "crosses_above(close, alma(hlc3, 9)) and median(volume, 5) > quantile(volume, 5, 0.2)",
    ],
)
def test_rules_with_the_long_tail_give_the_same_bits_in_stream_and_batch(text: str, *, gaps: bool) -> None:
    assert_equal(rule_of(text), random_columns(260, seed=5, gaps=gaps), zone="America/New_York")


def test_rules_with_the_librarys_own_blocks_give_the_same_bits_too() -> None:
    assert_equal(rule_of("inertia(5, 4) > 20 or vfi(5) > -3"), random_columns(60, seed=5, gaps=True))


@pytest.mark.parametrize("row", TAIL, ids=lambda row: row.name)
def test_every_signature_of_the_long_tail_compiles(row: object) -> None:
    function = FUNCTIONS[getattr(row, "name", "")]
    if function.name in {"long_run", "short_run"}:
        assert compile_rule(function.example, role=Role.ENTRY).clauses
        return
    inside = signature(function).removeprefix(f"{function.name}(").removesuffix(")")
    values = ", ".join(part.split("=")[1] for part in inside.split(", ") if part)
    output = f".{function.outputs[-1]}" if function.outputs else ""
    rule = compile_rule(f"{function.name}({values}){output} > 0", role=Role.ENTRY)
    defaults = [int(item.default or 0) if item.whole else float(item.default or 0) for item in function.arguments]
    assert rule.look_back == function.look_back(defaults)
    assert compile_rule(format_node(rule.root), role=Role.ENTRY) == rule  # as an explanation writes it
    assert rule.history >= rule.look_back + 1


# --- Mistakes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_refused_name_says_why_and_what_to_write(name: str) -> None:
    error = mistake(f"close > 3 and {name}(14) > 2")
    assert error.column == 15
    assert REFUSED[name].reason in error.message
    assert error.suggestion == REFUSED[name].instead
    assert mistake(f"close > {name}").suggestion == REFUSED[name].instead


def test_what_is_called_otherwise_here_is_there() -> None:
    for name, refusal in REFUSED.items():
        if refusal.reason.startswith("It is called"):
            call = refusal.instead.removeprefix("Write ").removesuffix(".").split(" or ")[0]
            assert compile_rule(f"{call} > 0", role=Role.ENTRY).clauses, name


def test_the_lagging_span_of_the_cloud_is_refused_because_it_is_the_future() -> None:
    error = mistake("close > ichimoku().chikou")
    assert "look into the future" in error.message
    assert error.suggestion == "It has span_a, span_b, tenkan, kijun."


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("zscore(0) > 1", 8, "length of zscore must be from 2 to 1000, not 0."),
        ("zscore(-5) > 1", 8, "length of zscore must be from 2 to 1000, not -5."),
        ("median(20000) > 1", 8, "length of median must be from 2 to 1000, not 20000."),
        ("bias(30000) > 1", 6, "length of bias must be from 1 to 1000, not 30000."),
        ("quantile(close, 9, 1) > 1", 20, "q of quantile must be from 0.001 to 0.999, not 1."),
        ("kurtosis(2.5) > 1", 10, "length of kurtosis must be a whole number, not 2.5."),
        ("squeeze_pro(20, 2, 20, 1, 2, 3).on > 1", 1, "squeeze_pro: wide has to be greater than normal"),
        ("qqe() > 50", 1, "qqe has several outputs: line, rsi, long, short, trend."),
        ("long_run(ema(8)) == 1", 1, "long_run needs 2 series."),
        ("prev(ichimoku(9, 26, 52).span_b, 19950) > 0", 1, "This looks back 20,027 bars; the most is 20,000."),
    ],
)
def test_wrong_arguments_are_named_with_their_place(text: str, column: int, message: str) -> None:
    error = mistake(text)
    assert error.column == column
    assert error.message.startswith(message)


# --- At bar close only -------------------------------------------------------------------------------------------


def test_on_every_quote_the_long_tail_is_refused_with_its_place() -> None:
    error = mistake("close > sma(5) and zscore(20) < -2", on_quotes=True)
    assert error.column == 20
    assert error.message == "zscore is judged at bar close only, but this strategy is judged on every quote."
    assert 'tf("1h", zscore(...))' in error.suggestion


def test_inside_a_higher_timeframe_it_is_allowed_on_quotes_too() -> None:
    rule = compile_rule('tf("1h", zscore(20)) < -2', role=Role.ENTRY, timeframe="1m", on_quotes=True)
    assert rule.timeframes == ("1h",)
    assert mistake('tf("1h", zscore(20)) < zscore(20)', on_quotes=True).column == 24


# --- Loading and help --------------------------------------------------------------------------------------------


def test_pandas_is_loaded_only_when_a_function_runs_that_is_the_librarys() -> None:
    script = (
        "import sys\n"
        "import numpy as np\n"
        "from desktop.rules import assistance, compile\n"
        "from desktop.rules.batch import BatchEvaluator\n"
        "from desktop.rules.columns import Columns\n"
        "from desktop.rules.nodes import Role\n"
        "column = np.arange(1.0, 200.0)\n"
        "bars = Columns(np.arange(199) * 60_000_000, *[column] * 5)\n"
        "def run(text):\n"
        "    rule = compile.compile_rule(text, role=Role.ENTRY)\n"
        "    BatchEvaluator(bars, timeframe='1m').masks(rule)\n"
        "    print('pandas_ta_classic' in sys.modules)\n"
        "compile.compile_rule('zscore(20) > 2', role=Role.ENTRY), assistance.markdown_reference()\n"
        "run('vidya(14) > 3 and zscore(20) > 1')\n"
        "run('vfi(20) > 2')\n"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-W", "error", "-c", script]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "True"]
    assert result.stderr == ""


def test_completion_offers_the_long_tail_and_names_its_outputs() -> None:
    (offer,) = completions("close > vidy")
    assert (offer.insert, offer.category) == ("vidya(", "More averages and bands")
    found = signature_help("ichimoku")
    assert found is not None
    assert found.outputs == ("span_a", "span_b", "tenkan", "kijun")

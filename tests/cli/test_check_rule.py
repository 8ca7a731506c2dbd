"""`assay check-rule`."""

from __future__ import annotations

import json

from tests.cli.kit import Shell


def test_a_rule_tells_its_look_back_and_columns(shell: Shell) -> None:
    found = shell.json("check-rule", "rsi(period) < 30 and close > sma(200)", "--set", "period=14", "--timeframe", "1h")
    assert (found["ok"], found["look_back"], found["columns"]) == (True, 199, ["close"])
    assert shell.run("check-rule", 'rsi(14) < 30 and tf("1d", close) > 5', "--timeframe", "1h") == 0
    for word in ("look-back", "columns", "timeframes", "smoothing"):
        assert word in shell.out


def test_a_mistake_has_its_column_and_a_suggestion(shell: Shell) -> None:
    assert "column 1" in shell.refusal("check-rule", "rsj(14) < 30")
    assert shell.run("check-rule", "rsj(14) < 30", "--json") == 2
    found = json.loads(shell.out)
    assert (found["ok"], found["column"]) == (False, 1)
    assert "rsi" in found["suggestion"]


def test_position_terms_need_an_exit_rule(shell: Shell) -> None:
    assert shell.run("check-rule", "pnl_pct > 5") == 2
    assert shell.json("check-rule", "pnl_pct > 5", "--exit")["uses_position"] is True


def test_a_parameter_that_is_no_number_is_named(shell: Shell) -> None:
    for setting in ("period", "period=often", "=3"):
        assert "--set" in shell.refusal("check-rule", "rsi(14) < 30", "--set", setting)

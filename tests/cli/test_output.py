"""How values are printed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from desktop.cli.output import exact, iso, print_json, print_table


def test_times_are_iso_8601_utc() -> None:
    assert iso(0) == "1970-01-01T00:00:00Z"
    assert iso(1_500_000) == "1970-01-01T00:00:01.500000Z"


@pytest.mark.parametrize(
    ("value", "text"), [("100", "100"), ("1E+2", "100"), ("97.310", "97.31"), ("1E-8", "0.00000001"), ("-0.50", "-0.5")]
)
def test_decimals_are_exact_without_exponent(value: str, text: str) -> None:
    assert exact(Decimal(value)) == text


def test_tables_set_numbers_right_and_missing_values_as_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["symbol", "price", "note"], [["ABC", "9.5", "x"], ["WXYZ", "1,234", None]])
    assert capsys.readouterr().out.splitlines() == [
        "symbol  price  note",
        "ABC       9.5  x",
        "WXYZ    1,234  -",
    ]


@pytest.mark.parametrize(
    "value",
    [{}, {"trades": []}, {"trades": [{"a": "1"}, {"a": None, "b": [1.5]}], "price": "9,5 €", "metrics": {"x": {}}}],
)
def test_json_is_one_object_with_a_line_for_each_item(
    capsys: pytest.CaptureFixture[str], value: dict[str, object]
) -> None:
    print_json(value)
    text = capsys.readouterr().out
    assert json.loads(text) == value
    trades = value.get("trades")
    assert len(text.splitlines()) == (
        1 if not value else 2 + len(value) + (len(trades) + 1 if isinstance(trades, list) and trades else 0)
    )

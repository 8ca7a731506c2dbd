from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.errors import EnvironmentFault
from desktop.research.report_csv import cell_text, write_csv
from tests.research.report_kit import report


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_the_files_hold_every_trade_fill_bar_and_month(tmp_path: Path) -> None:
    made = report()
    paths = write_csv(made, tmp_path / "new folder")
    assert [path.name for path in paths] == ["trades.csv", "fills.csv", "equity.csv", "monthly.csv"]
    trades, fills, equity, months = map(read, paths)
    assert len(made.result.trades) > 5
    for line, trade in zip(trades[1:], made.result.trades, strict=True):
        row = dict(zip(trades[0], line, strict=True))
        assert (Decimal(row["pnl"]), Decimal(row["entry_price"])) == (trade.pnl, trade.entry_price)
        assert (row["reason"], int(row["bars_held"])) == (trade.reason, trade.bars_held)
    assert sum(Decimal(row[5]) for row in fills[1:]) == made.result.fees
    assert [float(row[1]) for row in equity[1:]] == made.result.equity.tolist()
    assert equity[1][0] == "2024-01-01T00:00:00Z"
    assert min(float(row[2]) for row in equity[1:]) == made.metrics.max_drawdown
    assert [row[0] for row in months[1:]] == ["2024"]
    assert months[1][1:3] == [repr(made.monthly[0].months[0]), repr(made.monthly[0].months[1])]
    assert months[1][4:13] == [""] * 9


def test_texts_that_look_like_formulas_are_made_harmless_and_numbers_stay_numbers(tmp_path: Path) -> None:
    made = report(symbols=("=HYPERLINK(1)",))
    trades = read(write_csv(made, tmp_path)[0])
    assert trades[1][0] == "'=HYPERLINK(1)"
    assert any(row[6].startswith("-") for row in trades[1:])  # a loss has its plain minus sign


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (Decimal("-1E-10"), "-0.0000000001"),
        (Decimal("1E+3"), "1000"),
        (-0.25, "-0.25"),
        (7, "7"),
        ("@cmd", "'@cmd"),
        ("stop-loss", "stop-loss"),
    ],
)
def test_a_cell_is_exact_and_harmless(value: str | float | int | Decimal | None, text: str) -> None:
    assert cell_text(value) == text


def test_a_curve_longer_than_a_chunk_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.research.report_csv._CHUNK", 100)
    made = report(count=250)
    assert len(read(write_csv(made, tmp_path)[2])) == 251


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "trades.csv").mkdir()
    with pytest.raises(EnvironmentFault, match=r"trades\.csv cannot be written"):
        write_csv(report(count=50), tmp_path)


def test_a_run_without_trades_has_title_rows_only(tmp_path: Path) -> None:
    made = report(count=30, entry="close < 0")
    made = replace(made, monthly=())
    trades, fills, _, months = map(read, write_csv(made, tmp_path))
    assert (len(trades), len(fills), len(months)) == (1, 1, 1)


def test_bars_that_start_within_a_second_keep_their_fractions(tmp_path: Path) -> None:
    made = report(count=20)
    made = replace(made, result=replace(made.result, start=made.result.start + 250_000))
    assert read(write_csv(made, tmp_path)[2])[1][0] == "2024-01-01T00:00:00.250000Z"

"""A backtest as CSV files: trades, fills, the equity curve and the monthly returns, every number exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np

from desktop.domain.csv_text import ENCODING, harmless
from desktop.domain.errors import EnvironmentFault
from desktop.domain.market import SECOND
from desktop.research.report import BacktestReport

Cell = str | int | float | Decimal | None
Row = Sequence[Cell]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 50_000  # bars at a time, so that a long curve is never text as a whole


CSV_NAMES = ("trades.csv", "fills.csv", "equity.csv", "monthly.csv")


def write_csv(report: BacktestReport, folder: Path) -> tuple[Path, ...]:
    """Write trades.csv, fills.csv, equity.csv and monthly.csv into a folder; return their paths.

    Money, prices and quantities are exact decimals, times ISO 8601 UTC, returns fractions; what is not known is empty.

    Raises:
        EnvironmentFault: a file cannot be written.
    """
    files: tuple[Iterable[str], ...] = (
        _lines(trade_rows(report)),
        _lines(fill_rows(report)),
        equity_text(report),
        _lines(month_rows(report)),
    )
    return tuple(_written(folder / name, text) for name, text in zip(CSV_NAMES, files, strict=True))


def trade_rows(report: BacktestReport) -> Iterator[Row]:
    """Yield a title row and one row for each closed trade."""
    yield (
        "symbol",
        "entry_time",
        "entry_price",
        "exit_time",
        "exit_price",
        "quantity",
        "pnl",
        "fees",
        "bars_held",
        "reason",
    )
    for trade in report.result.trades:
        yield (
            trade.symbol,
            iso(trade.entry_time),
            trade.entry_price,
            iso(trade.exit_time),
            trade.exit_price,
            trade.quantity,
            trade.pnl,
            trade.fees,
            trade.bars_held,
            trade.reason,
        )


def fill_rows(report: BacktestReport) -> Iterator[Row]:
    """Yield a title row and one row for each execution."""
    yield "time", "symbol", "side", "quantity", "price", "fee", "slippage", "order"
    for fill in report.result.fills:
        yield (
            iso(fill.at),
            fill.symbol,
            fill.side.value,
            fill.quantity,
            fill.price,
            fill.fee,
            fill.slippage,
            fill.order_id,
        )


def equity_text(report: BacktestReport) -> Iterator[str]:
    """Yield the title line and the lines of all bars in chunks: equity, drawdown and benchmark at each close."""
    yield "bar_start,equity,drawdown,benchmark\r\n"
    result = report.result
    for begin in range(0, len(result.start), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        start = result.start[part]
        unit: Literal["us", "s"] = "us" if (start % SECOND).any() else "s"
        rows = zip(
            np.datetime_as_string(start.astype("datetime64[us]"), unit=unit, timezone="UTC").tolist(),
            result.equity[part].tolist(),
            report.drawdown[part].tolist(),
            report.benchmark[part].tolist(),
            strict=True,
        )
        # numbers and times only: nothing to quote, and a million rows are a second instead of ten
        yield "".join([f"{at},{equity!r},{fall!r},{held!r}\r\n" for at, equity, fall, held in rows])


def month_rows(report: BacktestReport) -> Iterator[Row]:
    """Yield a title row and one row for each year."""
    yield ("year", *(f"{month:02}" for month in range(1, 13)), "total")
    for row in report.monthly:
        yield (row.year, *row.months, row.total)


def iso(at: int) -> str:
    """Return µs UTC as ISO 8601 with a Z; fractions only where there are any."""
    return (_EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def cell_text(value: Cell) -> str:
    """Return a cell as it stands in a file: numbers exact and without an exponent, texts no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    return format(value, "f") if isinstance(value, Decimal) else repr(value)


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell_text(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _written(path: Path, text: Iterable[str]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding=ENCODING, newline="") as stream:
            stream.writelines(text)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}. Choose another place; the backtest itself is not lost."
        raise EnvironmentFault(message) from error
    return path

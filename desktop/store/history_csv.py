"""Writing a stored series as a CSV file that can be imported again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.domain.errors import EnvironmentFault
from desktop.market.history import History
from desktop.rules.columns import FloatArray

_ROWS = 10_000  # formatted at once
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEADS = {
    "bars": "time,open,high,low,close,volume",
    "quotes": "time,bid,ask,bid_size,ask_size",
    "trades": "time,price,size",
}


def write_csv(history: History, path: Path) -> int:
    """Write all rows, times in UTC, prices with the decimals of the price step; returns how many. Blocks.

    Raises:
        EnvironmentFault: the file cannot be written; nothing of it is left, and one that was there stays.
    """
    part = unfinished(path)
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f"{_HEADS[history.kind]}\n")
            for lines in _blocks(history):
                file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EnvironmentFault(
            f"{path} cannot be written: {error.strerror or error}. Choose another place; nothing was exported."
        ) from error
    return len(history)


def unfinished(path: Path) -> Path:
    """Return where a file is written until it is whole."""
    return path.with_name(f"{path.name}.part")


def _blocks(history: History) -> Iterator[str]:
    prices, others = _columns(history)
    times = history.columns.start if history.kind == "bars" else history.at
    row = ",".join(["%s", *[f"%.{history.instrument.price_decimals}f"] * len(prices), *["%s"] * len(others)]) + "\n"
    for first in range(0, len(times), _ROWS):
        part = slice(first, first + _ROWS)
        stamps = (_text(at) for at in times[part].tolist())
        numbers = [column[part].tolist() for column in prices]
        amounts = [[f"{value:.15g}" for value in column[part].tolist()] for column in others]
        yield "".join(row % cells for cells in zip(stamps, *numbers, *amounts, strict=True))


def _columns(history: History) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]:
    """Return the prices, and what is counted in units."""
    if history.kind == "bars":
        columns = history.columns
        return (columns.open, columns.high, columns.low, columns.close), (columns.volume,)
    if history.kind == "quotes":
        return (history.first, history.second), history.sizes
    return (history.first,), (history.second,)


def _text(at: int) -> str:
    return (_EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")

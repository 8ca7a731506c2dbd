"""Tables as text: for the clipboard and for files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QLocale

from desktop.domain.csv_text import harmless
from desktop.ui import formats
from desktop.ui.widgets.columns import Column, Kind


def cell(column: Column[Any], row: Any) -> str:
    """Return a cell for a file: numbers exact with a point, everything else as shown and harmless."""
    value = column.value(row)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and column.numeric:
        return formats.plain(value)
    return harmless(column.shown(row))


def exported(columns: Sequence[Column[Any]]) -> list[Column[Any]]:
    """Return the columns that carry data."""
    return [column for column in columns if column.kind not in (Kind.SPARK, Kind.BUTTON)]


def as_csv(columns: Sequence[Column[Any]], rows: Sequence[Any]) -> str:
    """Return rows as CSV with a header line."""
    kept = exported(columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in kept])
    for row in rows:
        writer.writerow([cell(column, row) for column in kept])
    return out.getvalue()


def as_tsv(columns: Sequence[Column[Any]], rows: Sequence[Any]) -> str:
    """Return rows for the clipboard, with a header line; numbers with the decimal sign of the locale."""
    kept = exported(columns)
    point = QLocale().decimalPoint()
    lines = ["\t".join(_one_line(harmless(column.title)) for column in kept)]
    for row in rows:
        cells = []
        for column in kept:
            text = cell(column, row)
            cells.append(text.replace(".", point) if column.numeric else _one_line(text))
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())

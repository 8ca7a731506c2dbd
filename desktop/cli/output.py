"""JSON as it is printed: exact decimals as text, times ISO 8601 UTC."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(at: int) -> str:
    """Return µs UTC as ISO 8601 with a Z; fractions only where there are any."""
    return (EPOCH + timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")


def exact(value: Decimal) -> str:
    """Return a decimal as plain text without an exponent or trailing zeros behind the point."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output and nothing else: a line for each key, and for each item of a list."""
    lines = [f"  {_dumps(key)}: {_block(item)}" for key, item in value.items()]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n")


def _block(item: Any) -> str:
    if not isinstance(item, list) or not item or not isinstance(item[0], dict):
        return _dumps(item)
    return "[\n    " + ",\n    ".join(map(_dumps, item)) + "\n  ]"


def _dumps(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False)  # without an indent it is encoded in C, fifty times as fast


def print_table(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows under their titles; numbers stand to the right, None is a dash."""
    texts = [["-" if value is None else str(value) for value in row] for row in rows]
    widths = [max(len(line[index]) for line in [list(titles), *texts]) for index in range(len(titles))]
    numeric = [
        all(_is_number(row[index]) for row in texts) and any(row[index] != "-" for row in texts)
        for index in range(len(titles))
    ]
    for line in [list(titles), *texts]:
        cells = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ]
        print("  ".join(cells).rstrip())


def _is_number(text: str) -> bool:
    return text == "-" or text.replace(",", "").lstrip("+-").replace(".", "", 1).isdigit()

"""JSON as it is printed: exact decimals as text, times ISO 8601 UTC."""

from __future__ import annotations

import json
import sys
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


def print_json(value: Any) -> None:
    """Print one JSON object on standard output and nothing else."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")

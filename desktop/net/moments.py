"""Times on the wire: RFC 3339 to µs UTC and back, without a float on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from desktop.domain.market import MINUTE, SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHAPE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?\s*(?:([Zz])|([+-])(\d{2}):?(\d{2}))"
)


def moment(text: str) -> int:
    """Return µs UTC of an RFC 3339 time; digits beyond microseconds are cut off.

    Raises:
        ValueError: it is none.
    """
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no time with a zone")
    year, month, day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = found.groups()
    leap = second == "60"  # a leap second is the last one of its minute
    whole = datetime(
        int(year), int(month), int(day), int(hour), int(minute), 59 if leap else int(second or 0), tzinfo=UTC
    )
    at = (whole - _EPOCH) // _MICROSECOND + (SECOND if leap else 0)
    if fraction:
        at += int(fraction[:6].ljust(6, "0"))
    if sign:
        offset = (int(zone_hours) * 60 + int(zone_minutes)) * MINUTE
        at += -offset if sign == "+" else offset
    return at


def moment_text(at: int) -> str:
    """Return µs UTC as RFC 3339 with six decimals."""
    return (_EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def second_text(at: int) -> str:
    """Return µs UTC as RFC 3339 in whole seconds, rounded down."""
    return (_EPOCH + timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The zone of a calendar's exchange, without building the calendar."""

from __future__ import annotations

EXCHANGE_ZONES = {"XNYS": "America/New_York", "XKRX": "Asia/Seoul"}


def zone_of(hours: str) -> str:
    """Return the IANA zone of hours such as "XNYS" or "09:00-15:30@Asia/Seoul"; "UTC" around the clock."""
    return EXCHANGE_ZONES.get(hours) or hours.partition("@")[2] or "UTC"

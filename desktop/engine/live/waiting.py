"""How long to wait between attempts, and for how long at most."""

from __future__ import annotations

FIRST, MOST = 0.5, 60.0  # seconds


def backoff(attempt: int) -> float:
    """Return seconds to wait before an attempt, the first one being 1; doubles up to a minute."""
    return min(MOST, FIRST * 2.0 ** (min(attempt, 10) - 1))

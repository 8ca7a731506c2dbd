"""Restarts with backoff: at most three in ten minutes, then the session stays down with its reason shown (S4)."""

from __future__ import annotations

from collections import deque

RESTARTS = 3
WINDOW = 600.0  # seconds
FIRST_DELAY = 1.0  # seconds before the first restart; doubles with each one


class RestartPolicy:
    """Decides whether and when a session that failed is started again; time on the monotonic clock."""

    def __init__(self) -> None:
        self._failures: deque[float] = deque()

    def delay(self, now: float) -> float | None:
        """Return seconds to wait before the restart, or None: it failed too often and stays FAILED."""
        while self._failures and now - self._failures[0] > WINDOW:
            self._failures.popleft()
        if len(self._failures) >= RESTARTS:
            return None
        self._failures.append(now)
        return FIRST_DELAY * float(2 ** (len(self._failures) - 1))

    @property
    def restarts(self) -> int:
        """Restarts counted within the window."""
        return len(self._failures)

"""How fast a replay goes: as fast as it can, or by message time; and whether it is asked to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.domain.market import SECOND

LONGEST_WAIT = 0.1  # seconds at a time, so that a request to stop is seen promptly


class Pace:
    """Holds a replay back to `speed` times message time; 0 = not at all.

    `stop` may be called from a signal handler: it only sets a flag, and the replay ends after the message at hand.
    """

    def __init__(
        self,
        speed: float = 0.0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.speed = speed
        self.now = monotonic
        self.stopped = False
        self._sleep = sleep
        self._first_at = -1
        self._began = 0.0

    def stop(self) -> None:
        """Ask the replay to stop."""
        self.stopped = True

    def ahead(self, at: int) -> float:
        """Return the seconds by which a message of time `at` (µs UTC) comes too early; 0 or less: not at all."""
        if not self.speed:
            return 0.0
        if self._first_at < 0:
            self._first_at, self._began = at, self.now()
        return self._began + (at - self._first_at) / SECOND / self.speed - self.now()

    def wait(self, seconds: float) -> None:
        """Wait, or a part of it: ask again whether it was long enough."""
        self._sleep(min(seconds, LONGEST_WAIT))

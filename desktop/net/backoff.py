"""How long to wait before the next try: longer each time, and never in step with everybody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

Pause = Callable[[float], Awaitable[object]]  # seconds; asyncio.sleep, or what a test puts in its place

FIRST = 0.5  # seconds
LONGEST = 30.0


class Backoff:
    """Doubles from FIRST to LONGEST seconds; each wait is between half of that and all of it."""

    def __init__(self, random: Random, *, first: float = FIRST, longest: float = LONGEST) -> None:
        """`random`: seeded, so that a test knows what comes."""
        self._random, self._first, self._longest = random, first, longest
        self.tries = 0

    def next(self) -> float:
        """Return the seconds to wait now."""
        whole = min(self._longest, self._first * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return whole * self._random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin anew: it worked."""
        self.tries = 0

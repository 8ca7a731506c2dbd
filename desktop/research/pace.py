"""How fast the runs of a sweep come back: how many to hand over at a time, and how long the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable

CHUNK_SECONDS = 0.4  # of a worker: often enough to see it move, seldom enough to cost nothing
_MOST_IN_CHUNK = 64
_FORGETTING = 0.75  # what earlier runs count for when later ones come: variants differ in what they take
_KNOWN = 0.02  # share of the runs after which the rest can be told

Clock = Callable[[], float]


class ChunkPace:
    """Chooses chunks of about `CHUNK_SECONDS` by how fast the last ones came back, from single runs on.

    Args:
        workers: How many chunks run at a time.
        clock: Seconds, monotonic.
    """

    def __init__(self, workers: int, clock: Clock = time.perf_counter) -> None:
        self._workers, self._clock = workers, clock
        self._before: float | None = None
        self._seconds = self._runs = 0.0
        self.size = 1

    def took(self, runs: int) -> None:
        """Take note that a chunk came back; the next ones grow to twice the size at most."""
        now = self._clock()
        if self._before is not None:
            self._seconds = self._seconds * _FORGETTING + now - self._before
            self._runs = self._runs * _FORGETTING + runs
            each = self._seconds * self._workers / self._runs
            wanted = _MOST_IN_CHUNK if each <= 0 else int(CHUNK_SECONDS / each)
            self.size = max(1, min(wanted, 2 * self.size, _MOST_IN_CHUNK))
        self._before = now


class Outlook:
    """Tells how long the rest takes, by what has come back since the first: workers that start are not counted.

    Args:
        total: All runs.
        clock: Seconds, monotonic.
    """

    def __init__(self, total: int, clock: Clock = time.perf_counter) -> None:
        self._total, self._clock = total, clock
        self._first: tuple[float, int] | None = None

    def left(self, done: int) -> float | None:
        """Return the seconds that are left after `done` runs; None: too few are done to tell."""
        now = self._clock()
        if self._first is None:
            self._first = now, done
        began, at_first = self._first
        if done <= at_first or done < self._total * _KNOWN:
            return None
        return (now - began) / (done - at_first) * (self._total - done)

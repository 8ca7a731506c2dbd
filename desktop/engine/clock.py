"""Clocks: steady message time from a wall clock that may jump, and a faster one for demonstrations."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.domain.market import SECOND

#: A difference between wall clock and monotonic clock beyond this is a jump or a sleep, not drift.
JUMP = 2 * SECOND


class SystemClock:
    """µs UTC that never goes back: anchored on the wall clock, carried on by the monotonic one (fault 25).

    A wall clock set back is ignored until it has caught up. A forward jump (the laptop slept, the time was corrected)
    is taken over and reported by `take_jump`, so that the engine can recover its sessions. `not_before` sets it ahead
    of the wall clock for as long as the program runs.
    """

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._anchor_wall = int(wall() * SECOND)
        self._anchor_mono = monotonic()
        self._lead = 0  # µs by which it goes ahead of the wall clock
        self._jump = 0
        self._set_back = False

    def not_before(self, at: int) -> None:
        """Let time go on from `at` (µs UTC) where it has not come that far: stored times are never ahead of it.

        Sessions that were last stored ahead of the wall clock (the demonstration ran fast, the computer's clock was
        wrong) would else see every price as stale, and no bar, until the wall clock has caught up.
        """
        lead = at - self.now()
        if lead > 0:
            self._lead += lead
            self._anchor_wall += lead

    def now(self) -> int:
        """Return µs UTC; never less than before."""
        mono = self._monotonic()
        steady = self._anchor_wall + int((mono - self._anchor_mono) * SECOND)
        wall = int(self._wall() * SECOND) + self._lead
        ahead = wall - steady
        if ahead > JUMP:
            self._anchor_wall, self._anchor_mono = wall, mono
            self._jump += ahead
            return wall
        if ahead < -JUMP:
            self._set_back = True
        elif self._set_back:
            self._set_back = False
        return steady

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return self._monotonic()

    def take_jump(self) -> int:
        """Return the µs by which time leapt forward since the last call; 0 = it did not."""
        jump, self._jump = self._jump, 0
        return jump

    @property
    def set_back(self) -> bool:
        """Whether the computer's clock now stands well behind the time Assay goes by."""
        return self._set_back or self._lead > JUMP


class FastClock:
    """A clock that runs `speed` times as fast as the one it is built on; for the demonstration without a window."""

    def __init__(self, speed: float, base: SystemClock | None = None) -> None:
        self._base = base or SystemClock()
        self._start = self._begun = self._base.now()
        self._speed = speed

    def now(self) -> int:
        """Return µs UTC, `speed` times faster since the clock was made."""
        return self._start + int((self._base.now() - self._begun) * self._speed)

    def not_before(self, at: int) -> None:
        """Let time go on from `at` (µs UTC) where it has not come that far."""
        self._start += max(0, at - self.now())

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return self._base.monotonic()

    def take_jump(self) -> int:
        """Return the µs by which time leapt forward since the last call."""
        return self._base.take_jump()

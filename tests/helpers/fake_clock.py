"""Time that stands still until a test moves it."""

from __future__ import annotations

from desktop.domain.market import MINUTE, SECOND

T0 = 1_700_000_000 * SECOND // MINUTE * MINUTE  # the beginning of a minute


class FakeClock:
    """Implements `ports.Clock`; `leap` is a jump of the wall clock or a sleep of the computer."""

    def __init__(self, at: int = T0) -> None:
        self.at = at
        self._start = at
        self._jump = 0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return (self.at - self._start) / SECOND

    def move(self, seconds: float) -> None:
        self.at += round(seconds * SECOND)

    def leap(self, seconds: float) -> None:
        self.move(seconds)
        self._jump += round(seconds * SECOND)

    def take_jump(self) -> int:
        jump, self._jump = self._jump, 0
        return jump

"""How many requests may still go out in the minute at hand; the last of them are kept for cancels (fault 18)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from desktop.domain.market import SECOND
from desktop.ports import Clock

WINDOW = 60.0  # seconds


class Use(Enum):
    """What a request is for: the share of the limit, and the least number, that it leaves to what matters more."""

    READ = (0.2, 4)
    ORDER = (0.1, 2)
    CANCEL = (0.0, 0)


class RateBudget:
    """Counts what was sent, and believes the provider's X-RateLimit headers where it hears them."""

    def __init__(self, limit: int, clock: Clock) -> None:
        """`limit`: requests a minute, until a header says another number."""
        self._clock, self.limit = clock, limit
        self.remaining = limit
        self._ends = clock.monotonic() + WINDOW
        self._stamp = ""  # the header that named the end of this window
        self._shut_until = 0.0

    def wait(self, use: Use) -> float:
        """Return the seconds until a request for `use` may go out; 0 = now."""
        now = self._clock.monotonic()
        if now >= self._ends:
            self.remaining, self._ends, self._stamp = self.limit, now + WINDOW, ""
        shut = max(0.0, self._shut_until - now)
        share, least = use.value
        if self.remaining <= max(self.limit * share, least) and use is not Use.CANCEL:
            return max(shut, self._ends - now)
        return shut

    def took(self) -> None:
        """Count one request that goes out now."""
        self.remaining -= 1

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take the limit, what remains and when that changes from an answer's headers; odd values are no news."""
        remaining = _whole(headers.get("X-RateLimit-Remaining", ""))
        if remaining is None:
            return
        self.limit = _whole(headers.get("X-RateLimit-Limit", "")) or self.limit
        stamp = headers.get("X-RateLimit-Reset", "")
        if stamp == self._stamp and stamp:  # answers may overtake each other: the lowest is the latest
            self.remaining = min(self.remaining, remaining)
            return
        self.remaining, self._stamp = remaining, stamp
        reset = _whole(stamp)
        if reset is not None:
            ahead = reset - self._clock.now() / SECOND
            self._ends = self._clock.monotonic() + min(WINDOW, max(0.0, ahead))

    def shut(self, seconds: float) -> None:
        """Send nothing at all for `seconds`: the provider said so."""
        self._shut_until = max(self._shut_until, self._clock.monotonic() + seconds)


def retry_after(headers: Mapping[str, str], usual: float = 1.0) -> float:
    """Return the seconds an answer asks to wait, at most a minute; `usual` where it does not say."""
    seconds = _whole(headers.get("Retry-After", ""))
    return usual if seconds is None else min(WINDOW, float(seconds))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

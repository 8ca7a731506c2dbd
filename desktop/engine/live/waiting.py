"""How long to wait between attempts, for how long at most, and what ends a wait early."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FIRST, MOST = 0.5, 60.0  # seconds


def backoff(attempt: int) -> float:
    """Return seconds to wait before an attempt, the first one being 1; doubles up to a minute."""
    return min(MOST, FIRST * 2.0 ** (min(attempt, 10) - 1))


class Rest:
    """A wait between attempts that ends early when something changes."""

    def __init__(self, pause: Callable[[float], Awaitable[None]]) -> None:
        self._pause = pause
        self._changed = asyncio.Event()

    def end(self) -> None:
        """End the waits of now."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait so long, or until something changes."""
        waits = {asyncio.ensure_future(self._pause(seconds)), asyncio.ensure_future(self._changed.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

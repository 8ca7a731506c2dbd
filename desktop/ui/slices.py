"""Work on the loop in slices: what takes long lets the window paint and answer in between."""

from __future__ import annotations

import asyncio
import time

_SLICE = 0.004  # seconds: a quarter of a frame


class Slices:
    """Call `breathe` after each small step of a long piece of work."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + _SLICE

    async def breathe(self) -> None:
        """Let others have the loop if it was held for a slice."""
        if time.perf_counter() < self._until:
            return
        await asyncio.sleep(0.001)
        self._until = time.perf_counter() + _SLICE

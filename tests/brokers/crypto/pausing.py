"""Waiting that takes no time."""

from __future__ import annotations

import asyncio


async def at_once(seconds: float) -> None:
    """Let others run once, however long the wait is meant to be."""
    assert seconds >= 0
    await asyncio.sleep(0)

"""Desks with a scripted broker that are closed again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.helpers.live_floor import LiveFloor


@pytest.fixture
async def floor() -> AsyncIterator[LiveFloor]:
    """A desk in memory with a scripted broker."""
    opened = LiveFloor()
    await opened.open()
    yield opened
    await opened.close()

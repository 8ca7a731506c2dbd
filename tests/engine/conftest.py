"""Desks that are closed again, on a store in memory or on the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop.store.storage import Storage
from tests.helpers.trading_floor import Floor


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    """A desk in memory."""
    opened = await Floor().open()
    yield opened
    await opened.close()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """The real storage in a folder of its own."""
    opened = Storage.open(tmp_path / "data", retry_seconds=0.01)
    yield opened
    opened.close()


@pytest.fixture(params=["memory", "disk"])
async def any_floor(request: pytest.FixtureRequest) -> AsyncIterator[Floor]:
    """A desk in memory, then one on the real storage."""
    store = request.getfixturevalue("storage") if request.param == "disk" else None
    opened = await Floor(store).open()
    yield opened
    await opened.close()

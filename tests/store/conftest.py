"""A storage in a folder of its own, with a clock that stands still until it is told to move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.store.storage import Storage


class StillClock:
    """Wall time under the test's control."""

    def __init__(self, now: int = 1_700_000_000_000_000) -> None:
        self.at = now

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1e6


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def storage(tmp_path: Path, clock: StillClock) -> Iterator[Storage]:
    opened = Storage.open(tmp_path, clock=clock, retry_seconds=0.01)
    yield opened
    opened.close()

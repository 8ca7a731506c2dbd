"""The kill switch: latched on disk, so that neither a crash nor a restart releases it (K5)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASE_WORD = "RELEASE"


class KillSwitch:
    """One latch for the whole program: a file beside the database, independent of it."""

    def __init__(self, path: Path | None, on_change: Callable[[], None]) -> None:
        """`path` None: no disk to latch on (tests, a run without a data directory)."""
        self._path = path
        self._on_change = on_change
        self._engaged = path is not None and path.exists()

    @property
    def engaged(self) -> bool:
        """Whether nothing may be sent."""
        return self._engaged

    async def engage(self) -> None:
        """Latch; in force at once, on disk when this returns."""
        self._engaged = True
        self._on_change()
        if self._path is not None:
            await asyncio.to_thread(_write_durably, self._path)

    async def release(self) -> None:
        """Release the latch; the caller has had the word typed."""
        if self._path is not None:
            await asyncio.to_thread(self._path.unlink, missing_ok=True)
        self._engaged = False
        self._on_change()


def _write_durably(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("The kill switch is engaged. Release it in Assay's window.\n")
        stream.flush()
        os.fsync(stream.fileno())

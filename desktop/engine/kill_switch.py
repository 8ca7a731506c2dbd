"""The kill switch: latched on disk, so that neither a crash nor a restart releases it (K5)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

RELEASE_WORD = "RELEASE"


class KillSwitch:
    """One latch for the whole program: a file beside the database, independent of it."""

    def __init__(self, path: Path | None, on_change: Callable[[], None]) -> None:
        """`path` None: no disk to latch on (tests, a run without a data directory)."""
        self._path = path
        self._on_change = on_change
        self._engaged = path is not None and path.exists()
        self._excused = frozenset() if path is None else _read(_beside(path))
        self._times = 0  # that it was engaged in this launch

    @property
    def engaged(self) -> bool:
        """Whether nothing may be sent."""
        return self._engaged

    @property
    def excused(self) -> frozenset[str]:
        """Ids of sessions that were out of reach when it was released: that they remember it says nothing."""
        return self._excused

    async def engage(self) -> None:
        """Latch; in force at once, on disk when this returns."""
        self._engaged, self._excused = True, frozenset()
        self._times += 1
        self._on_change()
        if self._path is not None:
            await asyncio.to_thread(_write_durably, self._path)

    async def release(self, out_of_reach: Collection[str] = ()) -> None:
        """Release the latch; the caller has had the word typed.

        Where it is engaged while the disk is waited for, that wins: it stays `engaged`.

        `out_of_reach`: ids of sessions that cannot be told now, since they have failed or could not be opened.
        """
        excused, times = frozenset(out_of_reach), self._times
        if self._path is not None:
            await asyncio.to_thread(_let_go, self._path, excused)
            if self._times != times:
                await asyncio.to_thread(_write_durably, self._path)  # what was written meanwhile may be gone
                return
        self._engaged, self._excused = False, excused
        self._on_change()


def _write_durably(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _beside(path).unlink(missing_ok=True)  # first, and also where nothing more can be written
    _write(path, "The kill switch is engaged. Release it in Assay's window.\n")


def _let_go(path: Path, excused: Collection[str]) -> None:
    """Take the latch off the disk, after the names of those that will still remember it are there."""
    if excused:
        _write(_beside(path), "".join(f"{session_id}\n" for session_id in sorted(excused)))
    else:
        _beside(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _beside(path: Path) -> Path:
    """Return the file of the sessions that were out of reach at the last release."""
    return path.with_name(f"{path.name}-released")


def _read(path: Path) -> frozenset[str]:
    """Return the ids in a file; none where it cannot be read: the switch is engaged once too often then."""
    try:
        return frozenset(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError):
        return frozenset()

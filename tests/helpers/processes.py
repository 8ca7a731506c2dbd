"""Waiting for processes of one's own, whose only signs are files and their end; each wait ends with an error."""

from __future__ import annotations

import os
import time
from pathlib import Path

MOST_SECONDS = 60.0
_LOOK_SECONDS = 0.01


def written_id(path: Path) -> int:
    """Wait until a process has written its id into a file, and return it."""
    until = time.monotonic() + MOST_SECONDS
    while not path.exists() or not path.read_text():
        if time.monotonic() > until:
            raise AssertionError(f"nothing was written to {path}")
        time.sleep(_LOOK_SECONDS)
    return int(path.read_text())


def wait_until_gone(process_id: int) -> None:
    """Wait until a process has ended."""
    until = time.monotonic() + MOST_SECONDS
    while _is_alive(process_id):
        if time.monotonic() > until:
            raise AssertionError(f"process {process_id} is still there")
        time.sleep(_LOOK_SECONDS)


def _is_alive(process_id: int) -> bool:
    state = Path(f"/proc/{process_id}/stat")
    if Path("/proc/self/stat").exists():  # one that has ended but was not fetched by its parent does not run
        try:
            return state.read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
        except OSError:
            return False
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    return True


def left_in(folder: Path, prefix: str) -> list[str]:
    """Return the names in a folder that begin with a prefix."""
    return [path.name for path in folder.iterdir() if path.name.startswith(prefix)]

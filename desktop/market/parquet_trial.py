"""Whether a Parquet file can be read at all: found out in a process that may die of it.

A damaged file can make the library ask for more memory than there is, which ends the whole process at once and cannot
be caught. So a file is first walked through in a process of its own, unless this one is such a process already.
"""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

_SECONDS = 120.0  # longer than any file within the caps takes
_NOT_BEGUN = 1  # a process of Python's ends so when it cannot import what it is to run
_sound: set[tuple[str, int, int]] = set()  # path, size and time of change of files that were walked through


def survives(path: Path) -> bool:
    """Return whether reading the file ends otherwise than by the end of the process; seconds for large files."""
    if multiprocessing.current_process().daemon:
        return True  # a process for work like this: whoever waits for it says that it died
    found = path.stat()
    key = (str(path), found.st_size, found.st_mtime_ns)
    if key in _sound:
        return True
    process = multiprocessing.get_context("spawn").Process(target=_walk, args=(str(path),), daemon=True)
    process.start()
    process.join(_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    if process.exitcode == 0:
        _sound.add(key)
    return process.exitcode in (0, _NOT_BEGUN)  # one that could not begin says nothing of the file


def _walk(path: str) -> None:
    """Read every batch of a file; what the library says of a damaged one is said again by the reader itself."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    try:
        from arro3.io import read_parquet

        for _ in read_parquet(path):
            pass
    except BaseException:  # noqa: BLE001 - also the library's "panic"; only a process that is gone counts here
        return

"""The audit chain: each record carries the hash of itself and of the one before, its head is kept in two places."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

GENESIS = "0" * 64
MIRROR = "audit-heads.log"
_COMPACT_BEYOND = 1_000_000  # bytes


class Head(NamedTuple):
    """The newest record of a chain."""

    sequence: int
    hash: str


EMPTY = Head(0, GENESIS)


def record_hash(
    previous: str, session_id: str, sequence: int, at: int, wall: int, kind: str, text: str, data: str
) -> str:
    """Return the hash of a record that follows the one with the hash `previous`; hex, 64 digits.

    The wall-clock stamp is part of it (it cannot be altered unseen) but has a column of its own, so that the records
    of two runs can be compared without it.
    """
    whole = f"{previous}\n{session_id}\n{sequence}\n{at}\n{wall}\n{kind}\n{len(text)}\n{text}{data}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


class HeadMirror:
    """The heads of all chains in a small file beside the database, one line for each commit.

    It is written after the commit, so it may lag behind the database but is never ahead of it: a database that ends
    before the mirror has lost records.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / MIRROR
        self._file = -1

    def read(self) -> dict[str, Head]:
        """Return the newest known head of each chain; a torn last line is passed over."""
        return read_mirror(self._path)

    def append(self, heads: Mapping[str, Head]) -> None:
        """Add the heads a commit has moved. A disk that takes no more leaves the mirror behind, which does no harm."""
        lines = "".join(f"{session_id}\t{head.sequence}\t{head.hash}\n" for session_id, head in heads.items())
        with contextlib.suppress(OSError):
            if self._file < 0:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self._file, lines.encode())

    def compact(self) -> None:
        """Keep only the newest line of each chain when the file has grown large; called at opening."""
        with contextlib.suppress(OSError):
            if self._path.stat().st_size <= _COMPACT_BEYOND:
                self._end_line()
                return
            heads = self.read()
            fresh = self._path.with_suffix(".new")
            text = "".join(f"{session_id}\t{head.sequence}\t{head.hash}\n" for session_id, head in heads.items())
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)

    def _end_line(self) -> None:
        """End a line that a crash has torn, so that the next one is whole."""
        with self._path.open("rb+") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def read_mirror(path: Path) -> dict[str, Head]:
    """Return the newest head of each chain in a mirror file; {} when there is none."""
    heads: dict[str, Head] = {}
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return heads
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) == 3 and parts[1].isdigit() and len(parts[2]) == len(GENESIS):
            heads[parts[0]] = Head(int(parts[1]), parts[2])
    return heads

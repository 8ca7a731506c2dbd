"""One Assay per data directory: a lock that dies with its owner, and a way to bring it to the front (fault 28)."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from desktop.domain.errors import AlreadyRunning, StorageFault

LOCK = "owner.lock"
SHOW = "show-window"
_LOCK_PLACE = 1 << 30  # Windows locks bytes: one far behind the text, so that others can read who owns the directory


class Ownership:
    """The right to write to a data directory; held until `release` or the end of the process, however it ends."""

    def __init__(self, directory: Path, file: int) -> None:
        self.directory = directory
        self._file = file

    def show_requested(self) -> bool:
        """Return whether another start asked for the window since the last call. Cheap: ask twice a second."""
        try:
            (self.directory / SHOW).unlink()
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Give the directory up; a second call does nothing."""
        if self._file < 0:
            return
        with suppress(OSError):
            os.ftruncate(self._file, 0)
        _unlock(self._file)
        os.close(self._file)
        self._file = -1


class DataDirectory:
    """Where one Assay keeps everything."""

    @staticmethod
    def claim(path: Path) -> Ownership:
        """Return the ownership of a directory, made if it is not there; a present owner is asked to show its window.

        Raises:
            AlreadyRunning: another process owns it.
            StorageFault: the directory cannot be written.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageFault(
                f"Assay cannot write to its data directory {path}: {error.strerror}. Nothing was started. "
                "Choose another directory or change its permissions."
            ) from error
        if not _try_lock(file):
            os.close(file)
            request_show(path)
            pid = owner_pid(path)
            who = f" (process {pid})" if pid else ""
            raise AlreadyRunning(
                f"Another Assay{who} already works in {path}. This one ends so that no order is sent twice. Use the "
                "window that is open, or start with another data directory."
            )
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        with suppress(OSError):
            (path / SHOW).unlink()  # a request to an owner that is gone
        return Ownership(path, file)


def request_show(path: Path) -> None:
    """Ask the owner of a directory to bring its window to the front."""
    with suppress(OSError):
        (path / SHOW).touch()


def owner_pid(path: Path) -> int | None:
    """Return the process that owns a directory, as far as it can be read; None otherwise."""
    try:
        text = (path / LOCK).read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return int(text) if text.isascii() and text.isdigit() else None


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        os.lseek(file, _LOCK_PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, _LOCK_PLACE, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

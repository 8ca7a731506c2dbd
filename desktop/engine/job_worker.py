"""A process that does jobs, one at a time, as its parent holds it."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from desktop.engine.job_process import Raised, work

_KILLED_SECONDS = 5.0  # a killed process may take to be gone


class Worker:
    """One process and our end of its connection. Used by one thread at a time, but for `ask_to_end` and `kill`."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._sending = threading.Lock()
        self.idle_since = time.monotonic()
        self.process: SpawnProcess = context.Process(target=work, args=(theirs,), name="assay-job", daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, number: int, directory: Path) -> None:
        """Hand a job over."""
        self._send((number, str(directory)))

    def ask_to_end(self, number: int) -> None:
        """Ask a job to end by itself."""
        with contextlib.suppress(OSError):
            self._send(-number)

    def _send(self, message: Any) -> None:
        with self._sending:
            self._connection.send(message)

    def answer(self) -> tuple[int, float | Raised | None]:
        """Wait for the next word (EOFError: the process is gone)."""
        try:
            found: tuple[int, float | Raised | None] = self._connection.recv()
        except OSError as error:  # as Windows says it
            raise EOFError from error
        return found

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self.process.kill()

    def close(self) -> int | None:
        """Wait for the end of a killed process and return its status."""
        self.process.join(_KILLED_SECONDS)
        status = self.process.exitcode
        self._connection.close()
        if status is not None:
            self.process.close()
        return status

"""What runs inside the process of a job: it takes work, tells how far it is, and ends with its parent."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from desktop.companions import without
from desktop.domain.errors import AssayError
from desktop.engine.parcels import read_parcel, write_parcel

TASK, RESULT = "task.bin", "result.bin"
_PROGRESS_SECONDS = 0.05  # between two words about how far it is


class JobCancelled(AssayError):
    """The job was cancelled; it left nothing behind."""

    def __init__(self) -> None:
        super().__init__("Cancelled. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Raised:
    """An error on its way back: class, sentence and fields, whatever its constructor takes.

    Attributes:
        error: The class; None: not one of Assay's own errors, but a mistake in the program.
        args: Of the exception.
        fields: Its attributes.
        trace: Where it came from.
    """

    error: type[AssayError] | None
    args: tuple[Any, ...]
    fields: dict[str, Any]
    trace: str

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """Return what is sent of an error."""
        trace = "".join(traceback.format_exception(error))
        if not isinstance(error, AssayError):
            return cls(None, (f"{type(error).__name__}: {error}",), {}, trace)
        raised = cls(type(error), error.args, dict(vars(error)), trace)
        try:
            pickle.dumps(raised)
        except Exception:  # noqa: BLE001 - a field that cannot travel stays; the sentence matters
            return cls(type(error), (str(error),), {}, trace)
        return raised

    def error_again(self) -> AssayError | None:
        """Return the error as it was raised; None: not one of Assay's own."""
        if self.error is None:
            return None
        error = self.error.__new__(self.error)
        error.args = self.args
        vars(error).update(self.fields)
        return error


class _Turn:
    """The job under way and whether it was cancelled; shared by the working and the listening thread."""

    def __init__(self) -> None:
        self.cancelled: set[int] = set()
        self.directories: set[str] = set()


def work(connection: Connection) -> None:
    """Take jobs until the parent closes the connection or dies.

    From the parent: (number, directory) starts a job whose task lies there, -number cancels it. To the parent:
    (number, share done), or (number, None) once the result lies in the directory, or (number, Raised).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    turn = _Turn()
    waiting: list[tuple[int, str]] = []
    ready = threading.Semaphore(0)
    threading.Thread(
        target=_listen, args=(connection, turn, waiting, ready), name="assay-job-listener", daemon=True
    ).start()
    with without("pandas", "polars"):  # TA-Lib would wrap its functions to take their series; ours are given arrays
        import_module("talib")
    while True:
        ready.acquire()
        number, directory = waiting.pop(0)
        connection.send((number, _run(connection, turn, number, Path(directory))))
        turn.directories.discard(directory)


def _listen(connection: Connection, turn: _Turn, waiting: list[tuple[int, str]], ready: threading.Semaphore) -> None:
    """Hear the parent. When it is gone there is nobody to work for: whatever runs, the process ends."""
    try:
        while True:
            message = connection.recv()
            if isinstance(message, int):
                turn.cancelled.add(-message)
            else:
                turn.directories.add(message[1])
                waiting.append(message)
                ready.release()
    except (EOFError, OSError):
        for directory in turn.directories:
            shutil.rmtree(directory, ignore_errors=True)
        os._exit(0)


def _run(connection: Connection, turn: _Turn, number: int, directory: Path) -> Raised | None:
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        if number in turn.cancelled:
            raise JobCancelled
        now = time.monotonic()
        if now - told >= _PROGRESS_SECONDS:
            told = now
            connection.send((number, float(share)))

    try:
        function: Callable[..., Any]
        function, arguments = read_parcel(directory / TASK)
        write_parcel(function(*arguments, progress=progress), directory / RESULT)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        return Raised.of(error)
    return None

"""Work that tests hand to a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import numpy as np

from desktop.domain.errors import FieldError
from desktop.engine.job_process import JobCancelled

Progress = Callable[[float], None]


def add(array: np.ndarray, number: float, progress: Progress) -> np.ndarray:
    """Return the array with a number added to every value, telling how far it is."""
    progress(0.25)
    progress(1.0)
    return array + number


def process_id(progress: Progress) -> int:
    """Return the id of the process this runs in."""
    return os.getpid()


def loaded(progress: Progress) -> list[str]:
    """Return which libraries of the window this process has loaded."""
    return sorted({"PySide6", "pyqtgraph", "qasync", "peewee", "desktop.ui", "desktop.app"} & set(sys.modules))


def refuse(progress: Progress) -> NoReturn:
    """Fail with a sentence of Assay's own."""
    raise FieldError("period", "must be at least 2.")


def fail(progress: Progress) -> NoReturn:
    """Fail by a mistake in the program."""
    raise ZeroDivisionError("one by none")


def wait(started: Path, progress: Progress) -> None:
    """Run until it is cancelled, and say when it has begun and ended by itself."""
    started.write_text(str(os.getpid()))
    while True:
        try:
            progress(0.5)
        except JobCancelled:
            started.with_suffix(".ended").touch()
            raise
        time.sleep(0.005)


def hang(started: Path, progress: Progress) -> None:
    """Run without ever asking whether it is still wanted."""
    started.write_text(str(os.getpid()))
    while True:
        time.sleep(1)


def die(progress: Progress) -> None:
    """End as the system ends a process for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)

"""An import in a process of its own: the window stays quick, and cancelling it ends it within a moment.

The process writes all in one transaction, so that one that is ended leaves nothing; it is ended with ours, however ours
ends, because it can no longer tell its progress.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Collection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from desktop.domain.errors import AssayError, EnvironmentFault, FieldError, UserMistake
from desktop.domain.history import SeriesInfo
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.store.history_import import import_file
from desktop.store.history_store import HistoryStore

_LOOK_SECONDS = 0.05  # how often a waiting thread looks whether the import was cancelled
_NICENESS = 10  # of 19
_SMALLEST_STEP = 0.01  # of the progress that is told

#: From the process: progress, the report, or (whether it is the user's mistake, sentence, setting).
_Message: TypeAlias = float | ImportReport | tuple[bool, str, str]


class ImportRefused(UserMistake):
    """The file cannot be used; nothing was stored."""


class ImportFailed(EnvironmentFault):
    """The import could not be finished; what was stored before stays."""


class ImportCancelled(UserMistake):
    """The user ended the import."""

    def __init__(self, path: Path, stored: int = 0) -> None:
        """`stored`: the series it had just become when it was cancelled; 0: none."""
        self.stored = stored
        end = f"It was just done: it is stored as series {stored}." if stored else "Nothing of it was stored."
        super().__init__(f"The import of {path.name} was cancelled. {end}")


class ImportJob:
    """One import under way. `run` once; `cancel` from any thread."""

    def __init__(self, request: ImportRequest, on_progress: Callable[[float], None] | None = None) -> None:
        """`on_progress` is called on the loop that awaits `run`, with the share that is done (0 to 1)."""
        self.request = request
        self._on_progress = on_progress
        self._cancelled = threading.Event()

    async def run(self) -> ImportReport:
        """Import the file.

        Raises:
            FieldError: a setting cannot be used; names it.
            ImportRefused: the file cannot be used.
            ImportFailed: the disk or the process failed.
            ImportCancelled: it was cancelled.
        """
        loop = asyncio.get_running_loop()

        def told(share: float) -> None:
            if self._on_progress is not None:
                loop.call_soon_threadsafe(self._on_progress, share)

        try:
            return await asyncio.to_thread(self.wait, told)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self) -> None:
        """End the import; `run` then raises `ImportCancelled` within a moment. A second call does nothing."""
        self._cancelled.set()

    def wait(self, told: Callable[[float], None] = lambda _: None) -> ImportReport:
        """Import the file, waiting in this thread; raises as `run` does."""
        store = HistoryStore(self.request.directory)
        before = store.series()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(self.request, theirs), name="assay-import", daemon=True)
        if self._cancelled.is_set():
            raise ImportCancelled(self.request.path)
        process.start()
        theirs.close()
        try:
            report = self._heard(ours, told)
        except BaseException as error:
            process.kill()
            process.join()
            store.tidy()  # of what it had written without a commit
            if isinstance(error, ImportCancelled):
                raise ImportCancelled(self.request.path, self._left(store, before)) from None
            raise
        else:
            process.join()
            return report
        finally:
            ours.close()
            process.close()

    def _left(self, store: HistoryStore, before: Collection[SeriesInfo]) -> int:
        """Return the series that was stored in the moment of the cancel; 0: none is left.

        One that took the place of another, or was added to it, stays: what was there before is gone.
        """
        symbol, name = self.request.symbol.strip(), self.request.path.name
        fresh = [
            info for info in store.series()
            if info not in before and info.symbol == symbol and info.source.endswith(name)
        ]  # fmt: skip
        if self.request.existing not in {Existing.REFUSE, Existing.ASK}:
            fresh.sort(key=lambda info: (info.adjusted, -info.series_id))
            return fresh[0].series_id if fresh else 0
        for info in fresh:
            store.delete(info.series_id)
        return 0

    def _heard(self, ours: Connection, told: Callable[[float], None]) -> ImportReport:
        while not self._cancelled.is_set():
            if not ours.poll(_LOOK_SECONDS):
                continue
            try:
                message: _Message = ours.recv()
            except EOFError:
                raise ImportFailed(
                    f"The import of {self.request.path.name} ended by itself, perhaps for want of memory. Nothing of "
                    "it was stored. Split the file by date and try again."
                ) from None
            if isinstance(message, ImportReport):
                return message
            if isinstance(message, tuple):
                raise _refusal(*message)
            told(message)
        raise ImportCancelled(self.request.path)


def _refusal(mistake: bool, sentence: str, setting: str) -> AssayError:  # noqa: FBT001 - as it came from the process
    if setting:
        return FieldError(setting, sentence)
    return ImportRefused(sentence) if mistake else ImportFailed(sentence)


def give_way() -> None:
    """Let the window and its sessions go before this process; for processes of their own only."""
    set_priority = getattr(os, "setpriority", None)  # not on Windows
    if set_priority is not None:
        set_priority(os.PRIO_PROCESS, 0, _NICENESS)


def _work(request: ImportRequest, answers: Connection) -> None:
    """Import in this process, telling its progress and its end."""
    give_way()
    last = -1.0

    def told(share: float) -> None:
        nonlocal last
        if share - last >= _SMALLEST_STEP or share >= 1:
            last = share
            answers.send(share)

    try:
        answers.send(import_file(request, told))
    except AssayError as error:
        setting, sentence = (error.field, error.message) if isinstance(error, FieldError) else ("", str(error))
        answers.send((isinstance(error, UserMistake), sentence, setting))
    except BrokenPipeError:  # nobody waits for it any more
        sys.exit(1)
    finally:
        answers.close()

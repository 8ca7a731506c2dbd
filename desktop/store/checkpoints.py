"""Brings the write-ahead log into the database file in a thread and on a connection of its own: no commit waits for it.

A checkpoint syncs two files, which takes a busy disk a good part of a second; made by the writer, every commit behind
it would wait as long. What it does is SQLite's own passive checkpoint: it waits for nobody, and a crash in the middle
of it loses nothing, because the log is used anew only once the file is known to be on disk. Commits are as durable as
their own sync makes them, whoever brings the log in.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

AFTER = 1_000  # pages that have come to the log since the last time: as often as SQLite would by itself
LONGEST = 16_000  # pages (64 MB): from there on the writer does it itself, else the log could grow without end
PASSES = 3  # what was committed during one is brought in by the next, so that the log can begin anew

logger = logging.getLogger(__name__)


class CheckpointedDatabase:
    """The writing database and who checkpoints it; has `connection()` and `close()`, as peewee's databases have."""

    def __init__(
        self,
        database: Any,
        beside: Callable[[], Any],
        *,
        after: int = AFTER,
        longest: int = LONGEST,
        passes: int = PASSES,
    ) -> None:
        """Begin to watch the log.

        Args:
            database: The one that is written to, in WAL mode.
            beside: Opens another connection to the same file, in the thread that uses it.
            after: Pages of the log after which it is brought in.
            longest: Pages after which the writer does it itself.
            passes: How often at most one after the other.
        """
        self._database, self._beside = database, beside
        self._after, self._longest, self._passes = after, longest, passes
        self._pages = 0  # in the log after the last commit
        self._due = after
        self._wanted = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None
        database.connection().set_wal_hook(self._committed)  # SQLite's own checkpoints end with that

    def connection(self) -> Any:
        """Return the connection that is written with."""
        return self._database.connection()

    def close(self) -> None:
        """End the checkpoints, then close the database: the last connection tidies the log away."""
        self._closing = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._database.close()

    # the writer's thread ---------------------------------------------------------------------------------------
    def _committed(self, connection: Any, _: str, pages: int) -> int:
        """Look at the log after a commit; SQLite calls it, and an error here would look like one of the commit."""
        try:
            if pages < self._pages:
                self._due = self._after  # the log began anew
            self._pages = pages
            if pages >= self._due:
                self._due = pages + self._after
                if pages >= self._longest:
                    connection.wal_checkpoint()
                else:
                    self._wake()
        except Exception as error:  # noqa: BLE001 - see above; it is tried again when the log has grown
            logger.warning("the write-ahead log could not be brought in: %s", error)
        return 0

    def _wake(self) -> None:
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(target=self._run, name="assay-checkpoints", daemon=True)
            self._thread.start()
        self._wanted.set()

    # the thread of the checkpoints -----------------------------------------------------------------------------
    def _run(self) -> None:
        database = None
        try:
            while True:
                self._wanted.wait()
                self._wanted.clear()
                if self._closing:
                    return
                try:
                    database = database or self._beside()
                    self._bring_in(database.connection())
                except Exception as error:  # noqa: BLE001 - disk full, locked, damaged: the writer meets and says it
                    logger.warning("the write-ahead log could not be brought in: %s", error)
        finally:
            if database is not None:
                database.close()

    def _bring_in(self, connection: Any) -> None:
        """Checkpoint until nothing new has come meanwhile, a few times at most."""
        for _ in range(self._passes):
            pages, done = connection.wal_checkpoint()
            if done >= pages or self._closing:
                return

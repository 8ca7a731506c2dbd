"""The storage thread: the one writing connection, a queue of work, and group commit.

Whatever waits when the thread is free becomes one transaction. Work that cannot be stored because of the disk or
another program stays where it is, in order, and is tried again; work that is wrong in itself fails alone.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import StorageFault
from desktop.store.health import HEALTHY, HealthState, StorageHealth
from desktop.store.writes import Write

if TYPE_CHECKING:
    from desktop.store.transaction import Transactions

GROUP_MOST = 256  # batches of one transaction
RETRY_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Writer:
    """Owns the writing connection; `submit` may be called from any thread and never blocks."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        health_of: Callable[[BaseException], StorageHealth | None],
        on_health: Callable[[StorageHealth], None],
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._transactions, self._health_of, self._tell_health = transactions, health_of, on_health
        self._retry_seconds = retry_seconds
        self._queue: deque[Write] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._health = HEALTHY
        self._broken: set[str] = (
            set()
        )  # sessions with a failed batch: nothing of theirs is stored until they are loaded anew
        self._thread = threading.Thread(target=self._run, name="assay-storage", daemon=True)
        self._thread.start()

    def submit(self, write: Write) -> Future[Any]:
        """Enqueue work and return the future of its commit.

        Raises:
            StorageFault: the storage is closed.
        """
        write.future.set_running_or_notify_cancel()  # what is enqueued is stored: nobody can cancel it
        with self._changed:
            if self._closing:
                raise StorageFault("Assay's database is closed. Nothing was stored.")
            self._queue.append(write)
            self._changed.notify()
        return write.future

    def flush(self, timeout: float | None = None) -> None:
        """Wait until everything enqueued so far is committed or has failed.

        Raises:
            StorageFault: it is not within `timeout` seconds, or the storage is closed.
        """
        try:
            self.submit(Write("")).result(timeout)
        except TimeoutError:
            raise StorageFault(self._health.sentence or "Assay's database did not answer in time.") from None

    def mend(self, session_id: str) -> None:
        """Take batches of a session again: it was loaded anew and goes on from its last durable state."""
        self.flush(10.0)
        with self._changed:
            self._broken.discard(session_id)

    def close(self) -> None:
        """Commit what waits and end the thread; what cannot be stored now fails."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    # the thread ------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        while group := self._take():
            ready = [write for write in group if self._prepared(write)]
            try:
                self._store(ready)
            except Exception as error:  # the thread must outlive our own mistakes
                logger.exception("the storage thread met an error of its own")
                for write in ready:
                    if not write.future.done():
                        self._refuse(write, error)
        self._transactions.close()

    def _take(self) -> list[Write]:
        """Return the work that waits, at most `GROUP_MOST` batches; [] when there is none and none will come."""
        if not self._queue:
            with self._changed:
                while not self._queue and not self._closing:
                    self._changed.wait()
        # Outside the lock, for nobody else takes: `submit` must not wait for a thread that waits for the interpreter.
        return [self._queue.popleft() for _ in range(min(len(self._queue), GROUP_MOST))]

    def _prepared(self, write: Write) -> bool:
        if self._health.state is HealthState.CORRUPT:
            _fail(write, StorageFault(self._health.sentence))
            return False
        if write.prepare is None:
            return True
        try:
            write.prepare(write)
        except Exception as error:  # noqa: BLE001 - one session's mistake must not stop the storage of the others
            self._refuse(write, error)
            return False
        return True

    def _store(self, group: list[Write]) -> None:
        """Commit a group as one transaction, or, where one of it is wrong, each for itself."""
        group = [write for write in group if self._wanted(write)]
        if not group:
            return
        error = self._attempt(group)
        if error is None:
            return
        if len(group) == 1:
            self._refuse(group[0], error)
            return
        for write in group:
            self._store([write])

    def _wanted(self, write: Write) -> bool:
        if write.ordered and write.session_id in self._broken:
            _fail(
                write, StorageFault("An earlier step of this session could not be stored. Nothing after it was stored.")
            )
            return False
        return True

    def _attempt(self, group: list[Write]) -> Exception | None:
        """Try until the environment lets it through; return the error that is the group's own."""
        while True:
            try:
                results = self._transactions.commit(group)
            except Exception as error:  # noqa: BLE001 - told apart right here
                health = self._health_of(error)
                if health is None:
                    return error
                self._set_health(health)
                if self._give_up():
                    for write in group:
                        self._refuse(write, StorageFault(self._health.sentence))
                    return None
            else:
                self._set_health(HEALTHY)
                for write, result in zip(group, results, strict=True):
                    _finish(write, result)
                return None

    def _give_up(self) -> bool:
        """Wait before the next attempt; True when there is none: damaged, or closing."""
        if self._health.state is HealthState.CORRUPT:
            return True
        with self._changed:
            if not self._closing:
                self._changed.wait_for(lambda: self._closing, self._retry_seconds)
                return False
            return True

    def _refuse(self, write: Write, error: Exception) -> None:
        logger.error("a batch of session %s was not stored: %s", write.session_id, error)
        if write.ordered:
            self._broken.add(write.session_id)
        _fail(write, error)

    def _set_health(self, health: StorageHealth) -> None:
        if health != self._health:
            self._health = health
            self._tell_health(health)


def _finish(write: Write, result: Any) -> None:
    if write.on_commit is not None:
        try:
            write.on_commit()
        except Exception:
            logger.exception("what follows a commit of session %s failed", write.session_id)
    write.future.set_result(result)


def _fail(write: Write, error: Exception) -> None:
    with suppress(Exception):
        write.future.set_exception(error)

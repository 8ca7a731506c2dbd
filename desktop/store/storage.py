"""The storage as the engine sees it: one writer, readers beside it, and a health that says whether orders may leave."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from desktop.domain.errors import ProgramBug, StorageFault
from desktop.domain.strategy_text import strategy_version
from desktop.ports import AuditRecord, Batch, Clock, StoredSession
from desktop.store.audit import AuditReport, verify
from desktop.store.backend import backend_of
from desktop.store.chain import HeadMirror
from desktop.store.health import HealthState, StorageHealth
from desktop.store.opening import Opened, open_backend
from desktop.store.ownership import Ownership
from desktop.store.rows import dumps
from desktop.store.writer import RETRY_SECONDS, Writer
from desktop.store.writes import AuditEntry, Write, write_of

if TYPE_CHECKING:
    from desktop.domain.evidence import Evidence, EvidenceDetail
    from desktop.domain.strategies import Strategy, StrategyVersion
    from desktop.domain.trials import Trial
    from desktop.store.reader import Reader
    from desktop.store.records import Run

logger = logging.getLogger(__name__)
T = TypeVar("T")
ASSAY = ""  # the audit chain of what belongs to no session
READS_AT_ONCE = 1


class Storage:
    """Everything durable of one data directory. Implements `desktop.ports.Store`."""

    def __init__(self, opened: Opened, now: Callable[[], int], retry_seconds: float) -> None:
        """Use `Storage.open`."""
        self._backend = opened.backend
        self.directory = opened.backend.directory
        self._now = now
        self._reader = opened.reader
        self._ownership = opened.ownership
        self._health = opened.health
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._evidence_lock = threading.Lock()
        self._threads = ThreadPoolExecutor(READS_AT_ONCE, thread_name_prefix="assay-reader")
        self._strategies = {item.name: item.strategy for item in self._reader.strategy_versions()}
        self._writer: Writer | None = None
        if opened.transactions is not None:
            self._writer = Writer(
                opened.transactions, health_of=self._health_of, on_health=self._set_health, retry_seconds=retry_seconds
            )
        if opened.findings and opened.transactions is not None:
            self._submit(Write(ASSAY, audit=opened.findings, on_commit=opened.transactions.mirror_heads))
        if self._writer is not None:
            self._threads.submit(self._back_up)

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        clock: Clock | None = None,
        read_only: bool = False,
        ownership: Ownership | None = None,
        retry_seconds: float = RETRY_SECONDS,
        url: str = "",
        password: Callable[[], str] | None = None,
    ) -> Storage:
        """Open the storage of a data directory, made if it is not there.

        Args:
            directory: The data directory.
            clock: Where wall-clock stamps come from; None: the system's.
            read_only: Only look, beside a running owner if there is one.
            ownership: The claim where the caller holds it already; None: claimed here, given up by `close`.
            retry_seconds: Pause between attempts while the disk is full or the database locked.
            url: Of a PostgreSQL database that holds the tables; empty: a SQLite file in the directory.
            password: Gives the password of that database; None: the user's PostgreSQL password file has it.

        Raises:
            AlreadyRunning: another process owns the directory.
            NewerDatabase: it was written by a newer Assay; untouched.
            StorageFault: it cannot be opened, with what to do.
        """
        now = clock.now if clock is not None else _wall
        backend = backend_of(directory, url, password)
        return cls(open_backend(backend, now=now, read_only=read_only, ownership=ownership), now, retry_seconds)

    # health ----------------------------------------------------------------------------------------------------
    @property
    def health(self) -> StorageHealth:
        """Whether writes are taken; while they are not, no new order may leave."""
        return self._health

    def on_health(self, callback: Callable[[], None]) -> None:
        """Call `callback` on the storage thread when the health changes."""
        self._listeners.append(callback)

    def _health_of(self, error: BaseException) -> StorageHealth | None:
        found = self._backend.health_of(error)
        if found is not None and found.state is HealthState.CORRUPT:
            return self._backend.damaged()
        return found

    def _set_health(self, health: StorageHealth) -> None:
        self._health = health
        for callback in tuple(self._listeners):
            try:
                callback()
            except Exception:
                logger.exception("a listener to the storage's health failed")

    def _back_up(self) -> None:
        try:
            self._backend.back_up_if_due()
        except Exception as error:  # noqa: BLE001 - a copy that fails must not stop the work; tomorrow it is tried again
            logger.warning("today's backup could not be made: %s", error)

    # writing ---------------------------------------------------------------------------------------------------
    def commit(self, batch: Batch) -> Future[None]:
        """Enqueue one step of a session: committed as a whole or not at all; the future ends once it is durable."""
        return self._submit(write_of(batch))

    def flush(self, timeout: float | None = None) -> None:
        """Wait until everything enqueued so far is durable (StorageFault: not within `timeout` seconds)."""
        if self._writer is not None:
            self._writer.flush(timeout)

    def close(self) -> None:
        """Commit what waits, close the database and give the directory up; a second call does nothing."""
        with self._lock:
            writer, self._writer = self._writer, None
            self._threads.shutdown()
            self._reader.close()
            if writer is not None:
                writer.close()  # last: the last connection that can write tidies the write-ahead log away
            if self._ownership is not None:
                self._ownership.release()
                self._ownership = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _submit(self, write: Write) -> Future[Any]:
        if self._writer is None:
            raise StorageFault(self._health.sentence or "Assay's data was opened for reading only. Nothing was stored.")
        return self._writer.submit(write)

    def _record(self, kind: str, text: str, data: Mapping[str, Any], session_id: str = ASSAY) -> AuditEntry:
        return AuditEntry(session_id, self._now(), kind, text, dumps(data))

    # sessions --------------------------------------------------------------------------------------------------
    def session_ids(self) -> Sequence[str]:
        """Return every session that was not deleted, oldest first. Blocks."""
        return self._reader.session_ids()

    def load(self, session_id: str) -> StoredSession | None:
        """Return a session with everything enqueued before; from here on its batches are taken again. Blocks."""
        if self._writer is not None:
            self._writer.mend(session_id)
        return self._reader.load(session_id)

    def account_state(self, record_id: str) -> Mapping[str, Any] | None:
        """Return the last stored state of an account; None: there is none. Blocks."""
        return self._reader.state(record_id)

    def end_session(self, session_id: str) -> Future[None]:
        """Take a session out of sight; its orders, fills and audit trail stay."""
        entry = self._record("SessionDeleted", "Session deleted by the user", {"session_id": session_id}, session_id)
        statement = 'UPDATE "sessions" SET "ended" = 1 WHERE "session_id" = ?'
        return self._submit(
            Write(session_id, audit=[entry], action=lambda connection: _run(connection, statement, session_id))
        )

    def feed_position(self, feed: str) -> Mapping[str, Any] | None:
        """Return the latest position that any session on this feed committed. Blocks."""
        return self._reader.feed_position(feed)

    def last_message_time(self) -> int:
        """Return the newest message time (µs UTC) of the sessions that live by the clock; 0: none. Blocks."""
        return self._reader.last_message_time()

    # settings, strategies, runs --------------------------------------------------------------------------------
    def put_setting(self, key: str, value: Any) -> Future[None]:
        """Store a small setting (JSON values), on record."""
        write = Write(
            ASSAY, audit=[self._record("SettingChanged", f"Setting {key} changed", {"key": key, "value": value})]
        )
        write.put("preferences", key, (key, dumps(value)))
        return self._submit(write)

    def settings(self) -> dict[str, Any]:
        """Return every small setting by name. Blocks."""
        return self._reader.settings()

    def strategies(self) -> Sequence[Strategy]:
        """Return the latest version of each saved strategy, by name; from memory."""
        with self._lock:
            return tuple(self._strategies[name] for name in sorted(self._strategies))

    def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        """Return the saved versions of a strategy, oldest first. Blocks."""
        return self._reader.strategy_versions(name)

    def save_strategy(self, strategy: Strategy) -> str:
        """Store a version for good and return its name, the hash of its content. Blocks until it is durable.

        Saving a version that is there already makes it the latest again and stores no second copy.
        """
        version = strategy_version(strategy)
        known = [item.version for item in self._reader.strategy_versions(strategy.name)]
        if known and known[-1] == version:
            return version
        at = self._now()
        text = f"Strategy {strategy.name} saved as version {version}"
        entry = self._record("StrategySaved", text, {"name": strategy.name, "version": version})
        statement = (
            'INSERT INTO "strategies" ("name", "version", "number", "created_at", "content") '
            'VALUES (?, ?, (SELECT COALESCE(MAX("number"), 0) + 1 FROM "strategies" WHERE "name" = ?), ?, ?) '
            'ON CONFLICT ("name", "version") DO UPDATE SET "number" = excluded."number"'
        )
        arguments = (strategy.name, version, strategy.name, at, dumps(strategy))
        write = Write(ASSAY, audit=[entry], action=lambda connection: _run(connection, statement, *arguments))
        self._submit(write).result()
        with self._lock:
            self._strategies[strategy.name] = strategy
        return version

    def run(self) -> Run | None:
        """Return the replay this data directory holds; None: none. Blocks."""
        found = self._reader.runs()
        return found[-1] if found else None

    def put_run(self, run_key: str, session_id: str, report: Mapping[str, Any] | None = None) -> Future[None]:
        """Store that a replay began, or, with a report, that it is finished."""
        at = self._now()
        statement = (
            'INSERT INTO "runs" ("run_key", "session_id", "created_at", "finished_at", "report") '
            "VALUES (?, ?, ?, ?, ?) "
            'ON CONFLICT ("run_key") DO UPDATE SET "finished_at" = excluded."finished_at", "report" = excluded."report"'
        )
        finished, text = (0, "") if report is None else (at, json.dumps(report))
        arguments = (run_key, session_id, at, finished, text)
        return self._submit(Write(ASSAY, action=lambda connection: _run(connection, statement, *arguments)))

    # backtests -------------------------------------------------------------------------------------------------
    def save_backtest(self, evidence: Evidence, detail: EvidenceDetail) -> Evidence:
        """Keep a backtest as evidence, or record that it came to the same again; returns what is stored now.

        Blocks until it is durable; all of it is stored or nothing.

        Raises:
            EvidenceDiffers: the same run came to something else before; that stays, the difference is on record.
            StorageFault: the disk does not take it.
        """
        from desktop.store import backtests  # noqa: PLC0415 - with the storage, not with the program

        with self._evidence_lock:
            stored = backtests.read_backtest(self._reader, evidence.key)
            if stored is None:
                self._submit(backtests.fresh(evidence, detail, self._now())).result()
            elif stored.digest == evidence.digest:
                self._submit(backtests.reproduced(evidence, self._now())).result()
            else:
                write, error = backtests.differing(stored, evidence, self._now())
                self._submit(write).result()
                raise error
            found = backtests.read_backtest(self._reader, evidence.key)
        if found is None:
            raise ProgramBug(f"The backtest {evidence.short_id} was stored but cannot be read.")
        return found

    def delete_backtest(self, evidence: Evidence) -> None:
        """Delete a stored backtest; a record of it stays in the audit trail. Blocks until it is durable."""
        from desktop.store import backtests  # noqa: PLC0415 - as above

        with self._evidence_lock:
            self._submit(backtests.removed(evidence, self._now())).result()

    def record_trial(self, trial: Trial) -> None:
        """Record that variants of a strategy were tried. Blocks until it is durable (StorageFault: it cannot be)."""
        from desktop.store import trials  # noqa: PLC0415 - as above

        self._submit(trials.fresh(trial, self._now())).result()

    # reading ---------------------------------------------------------------------------------------------------
    def reader(self) -> Reader:
        """Return the reader: its queries block the caller and nobody else."""
        return self._reader

    def read(self, query: Callable[[Reader], T]) -> Future[T]:
        """Run a query on the reading thread: `read(lambda reader: reader.orders())`."""
        return self._threads.submit(query, self._reader)

    def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRecord]:
        """Return the newest audit records first. Blocks."""
        return self._reader.audit(session_id or None, text=text, limit=limit)

    def verify_audit(self, session_id: str | None = None) -> AuditReport:
        """Follow every audit chain (or one) from its first record to its head and its mirror. Blocks."""
        self.flush()
        return verify(self._reader, HeadMirror(self.directory).read(), session_id)


def _wall() -> int:
    return time.time_ns() // 1000


def _run(connection: Any, statement: str, *arguments: Any) -> None:
    connection.execute(statement, arguments)

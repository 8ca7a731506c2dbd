"""From a directory to an open database: claimed, not newer, not damaged, migrated, its audit heads compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.domain.errors import StorageFault
from desktop.store.audit import TRUNCATED, behind_mirror
from desktop.store.backend import Backend
from desktop.store.chain import HeadMirror
from desktop.store.health import HEALTHY, HealthState, StorageHealth
from desktop.store.ownership import DataDirectory, Ownership
from desktop.store.rows import dumps
from desktop.store.writes import AuditEntry

if TYPE_CHECKING:
    from desktop.store.reader import Reader
    from desktop.store.transaction import Transactions


@dataclass(slots=True)
class Opened:
    """What an open storage stands on."""

    backend: Backend
    reader: Reader
    transactions: Transactions | None  # None: for reading only
    ownership: Ownership | None  # None: the caller's, or none needed
    health: StorageHealth = HEALTHY
    findings: list[AuditEntry] = field(default_factory=list)  # chains that are shorter than they were


def open_backend(backend: Backend, *, now: Callable[[], int], read_only: bool, ownership: Ownership | None) -> Opened:
    """Open a data directory for writing, or for reading only (also when it turns out damaged).

    Raises:
        AlreadyRunning: another process owns it.
        NewerDatabase: a newer Assay wrote it; untouched.
        StorageFault: it cannot be opened.
    """
    if read_only:
        return Opened(backend, _open_reader(backend), None, None)
    own = ownership if ownership is not None else DataDirectory.claim(backend.directory)
    try:
        opened = _open_writing(backend, now)
    except BaseException:
        if ownership is None:
            own.release()
        raise
    opened.ownership = own if ownership is None else None
    return opened


def _open_writing(backend: Backend, now: Callable[[], int]) -> Opened:
    from desktop.store.transaction import Transactions  # noqa: PLC0415 - with the storage, not with the program

    try:
        backend.look()
        writing = backend.writing()
        try:
            mirror = HeadMirror(backend.directory)
            known = mirror.read()
            mirror.compact()
            transactions = Transactions(writing, mirror, now, backend.durability)
        except BaseException:
            writing.close()
            raise
    except Exception as error:  # noqa: BLE001 - told apart there
        return _after_failure(backend, error)
    findings = [
        AuditEntry("", now(), TRUNCATED, text, dumps(data))
        for _, text, data in behind_mirror(transactions.heads, known)
    ]
    return Opened(backend, _open_reader(backend), transactions, None, findings=findings)


def _after_failure(backend: Backend, error: Exception) -> Opened:
    """Open a damaged database for reading, with a copy set aside; every other failure is raised as a sentence."""
    health = backend.health_of(error)
    if health is None:
        raise error
    if health.state is not HealthState.CORRUPT:
        raise StorageFault(health.sentence) from error
    damaged = backend.damaged()
    try:
        reader = _open_reader(backend)
        reader.session_ids()
    except Exception as unreadable:
        raise StorageFault(damaged.sentence) from unreadable
    return Opened(backend, reader, None, None, damaged)


def _open_reader(backend: Backend) -> Reader:
    from desktop.store.reader import Reader  # noqa: PLC0415 - with the storage, not with the program

    return Reader(backend.reading(), backend.health_of)

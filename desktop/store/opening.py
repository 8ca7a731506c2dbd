"""From a directory to an open database: claimed, not newer, not damaged, migrated, its audit heads compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import StorageFault
from desktop.store.audit import TRUNCATED, behind_mirror
from desktop.store.chain import HeadMirror
from desktop.store.health import HEALTHY, HealthState, StorageHealth, corrupt, health_of
from desktop.store.ownership import DataDirectory, Ownership
from desktop.store.rows import dumps
from desktop.store.writes import AuditEntry

if TYPE_CHECKING:
    from desktop.store.reader import Reader
    from desktop.store.transaction import Transactions


@dataclass(slots=True)
class Opened:
    """What an open storage stands on."""

    directory: Path
    reader: Reader
    transactions: Transactions | None  # None: for reading only
    ownership: Ownership | None  # None: the caller's, or none needed
    health: StorageHealth = HEALTHY
    findings: list[AuditEntry] = field(default_factory=list)  # chains that are shorter than they were


def open_directory(directory: Path, *, now: Callable[[], int], read_only: bool, ownership: Ownership | None) -> Opened:
    """Open a data directory for writing, or for reading only (also when it turns out damaged).

    Raises:
        AlreadyRunning: another process owns it.
        NewerDatabase: a newer Assay wrote it; untouched.
        StorageFault: it cannot be opened.
    """
    if read_only:
        return Opened(directory, _open_reader(directory), None, None)
    own = ownership if ownership is not None else DataDirectory.claim(directory)
    try:
        opened = _open_writing(directory, now)
    except BaseException:
        if ownership is None:
            own.release()
        raise
    opened.ownership = own if ownership is None else None
    return opened


def _open_writing(directory: Path, now: Callable[[], int]) -> Opened:
    from desktop.store import database as files  # noqa: PLC0415 - with the storage, not with the program
    from desktop.store.transaction import Transactions  # noqa: PLC0415

    path = directory / files.FILE
    try:
        if path.exists() and path.stat().st_size:
            _look(path)
        writing = files.connect(path, read_only=False)
        try:
            files.prepare(writing)
            files.migrate(writing, directory)
            mirror = HeadMirror(directory)
            known = mirror.read()
            mirror.compact()
            transactions = Transactions(writing, mirror, now)
        except BaseException:
            writing.close()
            raise
    except Exception as error:  # noqa: BLE001 - told apart there
        return _after_failure(directory, error)
    findings = [
        AuditEntry("", now(), TRUNCATED, text, dumps(data))
        for _, text, data in behind_mirror(transactions.heads, known)
    ]
    return Opened(directory, _open_reader(directory), transactions, None, findings=findings)


def _look(path: Path) -> None:
    """Look at a file without changing it: whose it is, how new, whether it is sound."""
    import apsw  # noqa: PLC0415 - with the storage, not with the program

    from desktop.store import database as files  # noqa: PLC0415

    looking = files.connect(path, read_only=True)
    try:
        files.refuse_newer(files.schema_number(looking), path)
        if not files.is_sound(looking, path):
            raise apsw.CorruptError("the check found damaged pages")
    finally:
        looking.close()


def _after_failure(directory: Path, error: Exception) -> Opened:
    """Open a damaged database for reading, with a copy set aside; every other failure is raised as a sentence."""
    from desktop.store.database import set_aside  # noqa: PLC0415 - with the storage, not with the program

    health = health_of(error, directory)
    if health is None:
        raise error
    if health.state is not HealthState.CORRUPT:
        raise StorageFault(health.sentence) from error
    damaged = corrupt(directory, set_aside(directory))
    try:
        reader = _open_reader(directory)
        reader.session_ids()
    except Exception as unreadable:
        raise StorageFault(damaged.sentence) from unreadable
    return Opened(directory, reader, None, None, damaged)


def _open_reader(directory: Path) -> Reader:
    from desktop.store import database as files  # noqa: PLC0415 - with the storage, not with the program
    from desktop.store.reader import Reader  # noqa: PLC0415

    path = directory / files.FILE
    if not path.exists():
        raise StorageFault(f"There is no Assay data in {directory}. Nothing was read. Check the directory's name.")
    database: Any = files.connect(path, read_only=True)
    try:
        files.refuse_newer(files.schema_number(database), path)
    except BaseException:
        database.close()
        raise
    return Reader(database, directory)

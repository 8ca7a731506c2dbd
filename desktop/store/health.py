"""Whether the storage takes writes, in words for the banner (A4, faults 7 to 9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class HealthState(StrEnum):
    """What stands between the program and its disk."""

    OK = "ok"
    FULL = "full"
    LOCKED = "locked"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class StorageHealth:
    """State and the sentence for it: what happened, what was protected, what to do next; empty when all is well."""

    state: HealthState = HealthState.OK
    sentence: str = ""

    @property
    def ok(self) -> bool:
        """Whether new orders may be stored."""
        return self.state is HealthState.OK


HEALTHY = StorageHealth()
_PROTECTED = "No new order leaves; cancels still work."


def full(directory: Path, detail: str = "") -> StorageHealth:
    """Return the health of a disk that takes no more."""
    cause = f" ({detail})" if detail else ""
    return StorageHealth(
        HealthState.FULL,
        f"The disk with {directory} takes no more data{cause}. {_PROTECTED} What happened meanwhile waits in "
        "memory and is saved as soon as there is room: free some space, Assay then goes on by itself.",
    )


def locked(directory: Path) -> StorageHealth:
    """Return the health of a database that another program holds."""
    return StorageHealth(
        HealthState.LOCKED,
        f"Another program holds Assay's database in {directory}. {_PROTECTED} Close database viewers, backup or "
        "synchronisation programs that use this folder; Assay then goes on by itself.",
    )


def corrupt(directory: Path, copy: Path | None) -> StorageHealth:
    """Return the health of a damaged database; `copy` is where the files were set aside."""
    kept = f"An untouched copy lies in {copy}. " if copy is not None else ""
    return StorageHealth(
        HealthState.CORRUPT,
        f"Assay's database in {directory} is damaged and was opened for reading only. {kept}{_PROTECTED} "
        "Check the disk. "
        "Then close Assay, delete assay.db, assay.db-wal and assay.db-shm and copy the newest file of the folder "
        "'backups' to assay.db, or start with another data directory.",
    )


def health_of(error: BaseException, directory: Path) -> StorageHealth | None:
    """Return the health an error of the database library stands for; None: the error is not the environment's."""
    import apsw  # noqa: PLC0415 - loaded with the storage, not with the program

    found: BaseException | None = error
    while found is not None:
        if isinstance(found, apsw.BusyError | apsw.LockedError):
            return locked(directory)
        if isinstance(found, apsw.FullError | OSError):
            return full(directory)
        if isinstance(found, apsw.IOError | apsw.CantOpenError | apsw.ReadOnlyError):
            return full(directory, str(found))
        if isinstance(found, apsw.CorruptError | apsw.NotADBError):
            return corrupt(directory, None)
        found = found.__context__  # peewee raises errors of its own on top of these
    return None

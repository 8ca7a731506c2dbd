"""Opens the storage of a data directory where its settings say the tables are: a file in it, or a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.config import load_settings
from desktop.domain.errors import NotFound
from desktop.store.database import FILE
from desktop.store.storage import Storage

if TYPE_CHECKING:
    from desktop.store.ownership import Ownership


def open_storage(directory: Path, *, ownership: Ownership | None = None) -> Storage:
    """Open a data directory for writing, made if it is not there. Blocks.

    Raises:
        AlreadyRunning: another process owns it.
        NewerDatabase: a newer Assay wrote it; untouched.
        StorageFault: it cannot be opened.
        FieldError: the database URL of the settings cannot be used.
    """
    url = load_settings(directory).settings.database_url
    return Storage.open(directory, ownership=ownership, url=url, password=_password if url else None)


def look_into(directory: Path) -> Storage:
    """Open a data directory for reading, beside a running owner if there is one. Blocks.

    Raises:
        NotFound: there is no data of Assay in it.
        NewerDatabase: a newer Assay wrote it.
        StorageFault: it cannot be read.
        FieldError: the database URL of the settings cannot be used.
    """
    url = load_settings(directory).settings.database_url
    if not url and not (directory / FILE).is_file():
        raise NotFound("Assay data in", str(directory), "Name the directory with --data-dir DIR.")
    return Storage.open(directory, read_only=True, url=url, password=_password if url else None)


def _password() -> str:
    from desktop.brokers.credentials import KeyringCredentials  # noqa: PLC0415 - only with a server

    return KeyringCredentials().database_password()

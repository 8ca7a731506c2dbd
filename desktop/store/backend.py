"""Where the tables live: a SQLite file in the data directory, or a PostgreSQL server by its URL (A1).

Everything else of the storage is the same for both: models, migrations, statements, audit chain, group commit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from desktop.store.health import StorageHealth, corrupt, health_of


class Backend(Protocol):
    """A place for the tables. Databases have `connection()` and `close()`, as peewee's have."""

    directory: Path

    def look(self) -> None:
        """Look without changing anything: whose it is, how new, whether it is sound (raises; see `opening`)."""
        ...

    def writing(self) -> Any:
        """Return the database of the one writing connection, its schema up to date."""
        ...

    def reading(self) -> Any:
        """Return a database that is only read, not newer than this program."""
        ...

    def durability(self, *, full: bool) -> str:
        """Return the statement after which a commit outlives a power cut, or only a crash of the program."""
        ...

    def health_of(self, error: BaseException) -> StorageHealth | None:
        """Return the health an error of the database library stands for; None: the error is not the environment's."""
        ...

    def damaged(self) -> StorageHealth:
        """Set a damaged database aside and return what is said of it."""
        ...

    def back_up_if_due(self) -> None:
        """Copy the database once a day."""
        ...


class SqliteBackend:
    """assay.db in the data directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def look(self) -> None:
        """See `Backend`."""
        import apsw  # noqa: PLC0415 - with the storage, not with the program

        from desktop.store import database as files  # noqa: PLC0415

        path = self.directory / files.FILE
        if not path.exists() or not path.stat().st_size:
            return
        looking = files.connect(path, read_only=True)
        try:
            files.refuse_newer(files.schema_number(looking), path)
            if not files.is_sound(looking, path):
                raise apsw.CorruptError("the check found damaged pages")
        finally:
            looking.close()

    def writing(self) -> Any:
        """See `Backend`; its checkpoints are made beside it."""
        from desktop.store import database as files  # noqa: PLC0415 - with the storage, not with the program
        from desktop.store.checkpoints import CheckpointedDatabase  # noqa: PLC0415

        def opened() -> Any:
            database = files.connect(self.directory / files.FILE, read_only=False)
            try:
                files.prepare(database)
            except BaseException:
                database.close()
                raise
            return database

        writing = opened()
        try:
            files.migrate(writing, self.directory)
            return CheckpointedDatabase(writing, opened)
        except BaseException:
            writing.close()
            raise

    def reading(self) -> Any:
        """See `Backend`."""
        from desktop.domain.errors import StorageFault  # noqa: PLC0415 - with the storage, not with the program
        from desktop.store import database as files  # noqa: PLC0415

        path = self.directory / files.FILE
        if not path.exists():
            raise StorageFault(
                f"There is no Assay data in {self.directory}. Nothing was read. Check the directory's name."
            )
        database: Any = files.connect(path, read_only=True)
        try:
            files.refuse_newer(files.schema_number(database), path)
        except BaseException:
            database.close()
            raise
        return database

    def durability(self, *, full: bool) -> str:
        """See `Backend`."""
        return f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}"

    def health_of(self, error: BaseException) -> StorageHealth | None:
        """See `Backend`."""
        return health_of(error, self.directory)

    def damaged(self) -> StorageHealth:
        """See `Backend`; the files are copied to backups/."""
        from desktop.store.database import set_aside  # noqa: PLC0415 - with the storage, not with the program

        try:
            return corrupt(self.directory, set_aside(self.directory))
        except OSError:
            return corrupt(self.directory, None)

    def back_up_if_due(self) -> None:
        """See `Backend`; the newest three copies are kept in backups/."""
        from desktop.store.database import back_up_if_due  # noqa: PLC0415 - with the storage, not with the program

        back_up_if_due(self.directory)


def backend_of(directory: Path, url: str = "", password: Callable[[], str] | None = None) -> Backend:
    """Return where the tables of a data directory live: at a PostgreSQL URL, else in a SQLite file.

    Raises:
        FieldError: the URL is none, or holds a password.
    """
    if not url:
        return SqliteBackend(directory)
    from desktop.store.postgres import PostgresBackend  # noqa: PLC0415 - only where it is used

    return PostgresBackend(directory, url, password)

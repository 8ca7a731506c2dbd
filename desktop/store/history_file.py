"""The file of the history store: opened with its version looked at first, its faults told as sentences.

Market history lives apart from the main database: it can be had again, is large, and must never delay an intent. One
SQLite file gives transactions (an import killed half way leaves what was there), ranges without reading the rest, and
readers that wait for no writer. Prices are stored as the float64 columns they are computed with, in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop.domain.errors import AssayError, NewerDatabase, StorageFault
from desktop.store.database import require_sound_sqlite

FILE = "history.db"
SCHEMA = 1
_APPLICATION = 0x41534859  # "ASHY": this file is ours
_BUSY_MS = 10_000
_TABLES = """
    CREATE TABLE series (
        series_id INTEGER PRIMARY KEY AUTOINCREMENT,
        symbol TEXT NOT NULL,
        kind TEXT NOT NULL,
        timeframe TEXT NOT NULL,
        feed TEXT NOT NULL,
        adjusted INTEGER NOT NULL,
        info TEXT NOT NULL,
        UNIQUE (symbol, kind, timeframe, feed, adjusted)
    );
    CREATE TABLE blocks (
        series_id INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
        number INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        checksum INTEGER NOT NULL,
        data BLOB NOT NULL,
        UNIQUE (series_id, number)
    );
"""


@contextmanager
def opened(directory: Path, *, create: bool = False) -> Iterator[Any]:
    """Open the file for a while; yields the apsw connection, None where there is no file and none is to be made.

    Raises:
        NewerDatabase: a newer Assay wrote it; untouched.
        StorageFault: it cannot be opened, read or written.
    """
    import apsw  # noqa: PLC0415 - takes a while to load: with the store, not with the program

    path = directory / FILE
    if not create and not path.is_file():
        yield None
        return
    require_sound_sqlite(apsw.sqlite_lib_version())
    connection: Any = None
    try:
        if create:
            directory.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        connection.set_busy_timeout(_BUSY_MS)
        _prepare(connection, path)
        yield connection
    except AssayError:
        raise
    except (apsw.Error, OSError) as error:
        raise StorageFault(_sentence(error, path)) from error
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def transaction(connection: Any) -> Iterator[None]:
    """Commit all of what is written inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _prepare(connection: Any, path: Path) -> None:
    """Look whose file it is and how new, before anything in it is changed; an empty one is made ours."""
    application = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != _APPLICATION and (tables or application):
        raise StorageFault(f"The file {path} is a database of another program. It was left untouched.")
    if version > SCHEMA:
        raise NewerDatabase(
            f"The market history in {path.parent} was written by a newer Assay (schema {version}, this one knows up to "
            f"{SCHEMA}). It was left untouched. Install the newer version again, or choose another data directory."
        )
    if not tables:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL").fetchall()
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        with transaction(connection):
            if not _pragma(connection, "user_version"):  # another process may have been faster
                connection.execute(_TABLES)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
    for setting in ("foreign_keys = ON", "synchronous = FULL", "fullfsync = 1", "cache_size = -8000"):
        connection.execute(f"PRAGMA {setting}").fetchall()


def _pragma(connection: Any, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _sentence(error: Exception, path: Path) -> str:
    import apsw  # noqa: PLC0415 - as above

    if isinstance(error, apsw.FullError):
        return (
            f"The disk is full: the market history in {path.parent} was left as it was. Free some space and try again."
        )
    if isinstance(error, apsw.BusyError | apsw.LockedError):
        return f"Another program is writing the market history in {path.parent}. Nothing was changed. Try again."
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return (
            f"The market history {path} is damaged. Move it away and import the files again; nothing else is touched."
        )
    return f"The market history {path} cannot be used: {error}. Nothing was changed."

"""Opening the database file: versions checked first, then settings of the connection, then pending migrations."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.domain.errors import EnvironmentFault, NewerDatabase, StorageFault
from desktop.store.crash_points import reach
from desktop.store.schema import MIGRATIONS, NEWEST, SQLITE_TYPES, Migration

FILE = "assay.db"
BACKUPS = "backups"
DAILY_KEPT = 3
BUSY_SECONDS = 2.0  # how long a statement waits for another program before the storage counts as locked
LEAST_SQLITE = (3, 51, 3)
CHECK_UP_TO = 100_000_000  # bytes: a larger file is not read through at every start
_HISTORY = """
    CREATE TABLE "migrations" (
        "number" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "applied_at" INTEGER NOT NULL
    )
"""


def require_sound_sqlite(version: str) -> None:
    """Refuse a SQLite that can damage the file.

    Raises:
        EnvironmentFault: it is older than 3.51.3.
    """
    parts = tuple(int(part) for part in version.split("."))
    if parts < LEAST_SQLITE:
        raise EnvironmentFault(
            f"The SQLite library here is {version}; before 3.51.3 it can damage a database in rare moments. "
            "Nothing was opened. Install the package apsw as Assay's requirements name it: it brings a sound one."
        )


def connect(path: Path, *, read_only: bool, busy_seconds: float = BUSY_SECONDS) -> Any:
    """Return an open peewee database over apsw, usable from any one thread at a time."""
    import apsw  # noqa: PLC0415 - both take a while to load: with the storage, not with the program
    from playhouse.apsw_ext import APSWDatabase  # noqa: PLC0415

    require_sound_sqlite(apsw.sqlite_lib_version())
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    # URI names are not used: a folder's name may hold any character.
    database = APSWDatabase(
        str(path),
        flags=flags,
        timeout=busy_seconds,
        thread_safe=False,
        field_types={"EXACTDEC": "TEXT"},
        pragmas=[("temp_store", "memory"), ("cache_size", -16_000)],
    )
    if not read_only and not path.exists():
        path.touch(mode=0o600)  # the trader's own: the files SQLite puts beside it take over its mode
    database.connect()
    return database


def prepare(database: Any) -> None:
    """Set a connection that writes up: write-ahead log, synchronous=NORMAL until a batch asks for FULL."""
    connection = database.connection()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "fullfsync = 1"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def schema_number(database: Any) -> int:
    """Return the number of the newest migration that a database has seen; 0 for an empty file.

    Raises:
        StorageFault: the file is a database of another program.
    """
    connection = database.connection()
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "migrations" not in tables:
        if tables:
            raise StorageFault(
                "The file assay.db in this folder is a database of another program. It was left untouched."
            )
        return 0
    found = connection.execute('SELECT MAX("number") FROM "migrations"').fetchone()
    return int(found[0] or 0)


def refuse_newer(number: int, path: Path) -> None:
    """Leave a database of a newer Assay alone.

    Raises:
        NewerDatabase: its schema is newer than this program.
    """
    if number > NEWEST:
        raise NewerDatabase(
            f"The data in {path.parent} was written by a newer Assay (schema {number}, this one knows up to {NEWEST}). "
            "It was left untouched. Install the newer version again, or choose another data directory."
        )


def is_sound(database: Any, path: Path) -> bool:
    """Return whether the file reads through without damage; a large file is not read through."""
    if path.stat().st_size > CHECK_UP_TO:
        return True
    rows = database.connection().execute("PRAGMA quick_check(1)").fetchall()
    return bool(rows and rows[0][0] == "ok")


def migrate(database: Any, directory: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring the schema up to date and return the number it had before.

    All pending steps are one transaction; before it, a database with content is copied to backups/.
    """
    before = schema_number(database)
    pending = [step for step in migrations if step.number > before]
    if not pending:
        return before
    connection = database.connection()
    if before:
        back_up(database, directory / BACKUPS / f"before-schema-{pending[-1].number}-{stamp()}.db")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not before:
            connection.execute(_HISTORY)
        for step in pending:
            for statement in step.statements:
                connection.execute(statement.format_map(SQLITE_TYPES))
                reach("inside-migration")
            applied = (step.number, step.name, time.time_ns() // 1000)
            connection.execute('INSERT INTO "migrations" ("number", "name", "applied_at") VALUES (?, ?, ?)', applied)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return before


def back_up(database: Any, target: Path) -> Path:
    """Copy a database as it is at this instant, writers notwithstanding; a torn copy never gets the final name."""
    import apsw  # noqa: PLC0415 - as above

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    copy = apsw.Connection(str(partial))
    try:
        with copy.backup("main", database.connection(), "main") as backup:
            while not backup.done:
                backup.step(1_000)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    finally:
        copy.close()
    partial.replace(target)
    return target


def back_up_if_due(directory: Path) -> Path | None:
    """Copy the database once a day, keeping the newest three copies; returns the new one, None: not due yet.

    Uses a connection of its own: neither writes nor reads wait for it.
    """
    target = directory / BACKUPS / f"daily-{datetime.now(UTC):%Y%m%d}.db"
    if target.exists():
        return None
    reading = connect(directory / FILE, read_only=True)
    try:
        if not reading.connection().execute('SELECT 1 FROM "sessions" LIMIT 1').fetchone():
            return None
        back_up(reading, target)
    finally:
        reading.close()
    for old in sorted(target.parent.glob("daily-*.db"))[:-DAILY_KEPT]:
        old.unlink(missing_ok=True)
    return target


def set_aside(directory: Path) -> Path:
    """Copy a damaged database with everything that belongs to it and return the folder of the copy."""
    folder = directory / BACKUPS / f"damaged-{stamp()}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in directory.glob(f"{FILE}*"):
        shutil.copy2(path, folder / path.name)
    return folder


def stamp() -> str:
    """Return the time for a file name, to the microsecond."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")

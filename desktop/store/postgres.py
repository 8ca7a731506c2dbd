"""The tables in a PostgreSQL database: the same models, migrations and statements over psycopg (A1).

Statements are written for SQLite and PostgreSQL alike; what differs is put right in one place, `_Connection`.
The password is never part of the URL: libpq finds it in the user's password file, or Assay in the system's keyring.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from desktop.domain.errors import AlreadyRunning, FieldError, NewerDatabase, StorageFault
from desktop.store.health import HealthState, StorageHealth
from desktop.store.schema import MIGRATIONS, NEWEST, POSTGRES_TYPES, Migration

BUSY_SECONDS = 2  # how long a statement waits for another program before the storage counts as locked
CONNECT_SECONDS = 10
#: A server that fell silent (cable, sleep, firewall) is noticed in about ten seconds, not after a quarter of an hour.
LIVENESS = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}  # s, ms
OWNER_LOCK = 4_715_299_013  # number of the lock that the one writing Assay holds on the database
KEPT_BACKUPS = 3  # schemas with the tables as they were before a migration
_SECRETS = frozenset({"password", "sslpassword"})
_PROTECTED = "No new order leaves; cancels still work."
_HISTORY = """
    CREATE TABLE "migrations" (
        "number" BIGINT NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "applied_at" BIGINT NOT NULL
    )
"""
_FULL = ("53100", "53200", "53300")  # disk full, out of memory, too many connections
_LOCKED = ("55P03", "40P01", "57014")  # lock not available, deadlock, statement cancelled by the time-out
_DAMAGED = ("XX001", "XX002", "58P01")  # corrupted data, corrupted index, missing file


def check_url(url: str) -> None:
    """Refuse a URL that is no database of PostgreSQL, or that holds a secret.

    Raises:
        FieldError: with what to write instead; the URL itself is not in the message.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise FieldError("database", "write it as postgresql://user@host:5432/database.")
    if parts.password is not None or any(name in _SECRETS for name, _ in parse_qsl(parts.query)):
        raise FieldError(
            "database",
            "holds a password, which would stand in settings and process lists. Leave it out and put it into your "
            "PostgreSQL password file (.pgpass) or the system's keyring (service Assay, entry database).",
        )


@cache
def translated(statement: str) -> str:
    """Return a statement of ours as psycopg takes it."""
    if statement == "BEGIN IMMEDIATE":
        return "BEGIN"
    text = statement.replace("%", "%%").replace("LIMIT ?", "LIMIT NULLIF(?, -1)")  # -1 = all, as SQLite has it
    return text.replace("?", "%s")


class _TakenOver(AlreadyRunning):
    """Another Assay owned the database since this one lost it."""


class _Connection:
    """A psycopg connection that takes our statements; opened anew once it was lost."""

    def __init__(self, open_: Any) -> None:
        self._open, self._psycopg = open_, open_()

    @property
    def in_transaction(self) -> bool:
        return bool(self._psycopg.info.transaction_status)  # IDLE is 0

    def execute(self, statement: str, arguments: Sequence[Any] = ()) -> Any:
        if self._psycopg.closed:
            self._psycopg = self._open()
        idle = not self.in_transaction
        try:
            return self._psycopg.execute(translated(statement), arguments or None)
        except Exception:
            if not (idle and self._psycopg.closed and statement.startswith(("SELECT", "BEGIN"))):
                raise
        # The server was gone when it was asked, and what was asked changes nothing: ask once more.
        self._psycopg = self._open()
        return self._psycopg.execute(translated(statement), arguments or None)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._psycopg.cursor() as cursor:
            cursor.executemany(translated(statement), list(rows))

    def close(self) -> None:
        self._psycopg.close()


class PostgresDatabase:
    """One connection to the server, with the surface that the storage uses of peewee's databases."""

    def __init__(self, open_: Any) -> None:
        self._connection = _Connection(open_)

    def connection(self) -> _Connection:
        """Return the connection."""
        return self._connection

    def close(self) -> None:
        """Close it; what it locked is free."""
        self._connection.close()


class PostgresBackend:
    """A PostgreSQL database. The data directory keeps what is not in tables: kill switch, audit heads, logs."""

    def __init__(self, directory: Path, url: str, password: Callable[[], str] | None = None) -> None:
        """`password` is asked once, when it connects; None or "": libpq looks in the user's password file."""
        check_url(url)
        self.directory, self._url, self._ask = directory, url, password
        self._password: str | None = None
        self._mark = ""  # stands in the database while nobody else has owned it since

    @property
    def _name(self) -> str:
        parts = urlsplit(self._url)
        return f"{parts.path.strip('/')} on {parts.hostname or 'this machine'}"

    def look(self) -> None:
        """Whose the database is and how new (soundness is the server's own affair)."""
        self.reading(must_hold_data=False).close()

    def writing(self) -> PostgresDatabase:
        """Return the database of the one writing connection, owned and migrated.

        Raises:
            AlreadyRunning: another Assay, perhaps on another machine, writes to this database.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        database = PostgresDatabase(self._open_owned)
        try:
            self._migrate(database.connection())
            self._sign(database.connection())
        except BaseException:
            database.close()
            raise
        return database

    def reading(self, *, must_hold_data: bool = True) -> PostgresDatabase:
        """Return a database that is only read.

        Raises:
            NewerDatabase: a newer Assay wrote it; untouched.
            StorageFault: there is no data of Assay in it.
        """
        database = PostgresDatabase(lambda: self._connect(read_only=True))
        try:
            self._refuse(self._schema_number(database.connection()), must_hold_data=must_hold_data)
        except BaseException:
            database.close()
            raise
        return database

    def _refuse(self, number: int, *, must_hold_data: bool) -> None:
        if number > NEWEST:
            raise NewerDatabase(
                f"The data in the database {self._name} was written by a newer Assay (schema {number}, this one knows "
                f"up to {NEWEST}). It was left untouched. Install the newer version again, or choose another database."
            )
        if must_hold_data and not number:
            raise StorageFault(f"There is no Assay data in the database {self._name}. Nothing was read.")

    def durability(self, *, full: bool) -> str:
        """See `Backend`; without `full` a power cut at the server costs the last fraction of a second."""
        return f"SET synchronous_commit = {'on' if full else 'off'}"

    def health_of(self, error: BaseException) -> StorageHealth | None:
        """Return the health an error stands for; None: it is our own."""
        import psycopg  # noqa: PLC0415 - with the storage, not with the program

        found: BaseException | None = error
        while found is not None:
            if isinstance(found, _TakenOver):
                next_step = "Start this one again: what it holds is out of date."
                return self._says(HealthState.LOCKED, "was written by another Assay meanwhile", next_step)
            if isinstance(found, AlreadyRunning):
                return self._says(HealthState.LOCKED, "is written by another Assay", "Close the other one.")
            if isinstance(found, psycopg.Error):
                return self._of_server(found)
            if isinstance(found, OSError):
                return self._says(HealthState.FULL, "cannot be served here", f"Check the disk with {self.directory}.")
            found = found.__context__
        return None

    def damaged(self) -> StorageHealth:
        """A server's files are not ours to copy."""
        return self._says(
            HealthState.CORRUPT, "is damaged", "Restore it from the server's backups, then start Assay again."
        )

    def back_up_if_due(self) -> None:
        """A server's backups are its administrator's; before a migration the tables are copied all the same."""

    # inside ----------------------------------------------------------------------------------------------------
    def _of_server(self, error: Any) -> StorageHealth | None:
        import psycopg  # noqa: PLC0415 - with the storage, not with the program

        state = error.sqlstate or ""
        if state in _FULL:
            return self._says(HealthState.FULL, "takes no more data", "Make room on the server; Assay then goes on.")
        if state in _LOCKED:
            return self._says(HealthState.LOCKED, "is held by another program", "Assay goes on as soon as it is free.")
        if state in _DAMAGED:
            return self._says(HealthState.CORRUPT, "is damaged", "Restore it from the server's backups.")
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "the connection was lost"
            return self._says(
                HealthState.LOCKED,
                f"cannot be reached ({reason})",
                "Check the server and the network; Assay goes on by itself.",
            )
        return None

    def _says(self, state: HealthState, what: str, next_step: str) -> StorageHealth:
        return StorageHealth(state, f"The database {self._name} {what}. {_PROTECTED} {next_step}")

    def _connect(self, *, read_only: bool = False) -> Any:
        import psycopg  # noqa: PLC0415 - with the storage, not with the program

        if self._password is None:
            self._password = self._ask() if self._ask is not None else ""
        named = {name for name, _ in parse_qsl(urlsplit(self._url).query)}
        given: dict[str, Any] = {name: value for name, value in LIVENESS.items() if name not in named}
        if self._password:
            given["password"] = self._password
        connection = psycopg.connect(
            self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="Assay", **given
        )
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        if read_only:
            connection.execute("SET default_transaction_read_only = on")
            connection.execute("SET default_transaction_isolation = 'repeatable read'")
        return connection

    def _open_owned(self) -> Any:
        connection = self._connect()
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (OWNER_LOCK,)).fetchone()
        if row is None or not row[0]:
            connection.close()
            raise AlreadyRunning(
                f"Another Assay writes to the database {self._name}, perhaps on another machine. Nothing was opened. "
                "Close the other one, or choose another database."
            )
        if self._mark and _mark_of(connection) != self._mark:
            connection.close()
            raise _TakenOver(
                f"Another Assay wrote to the database {self._name} while this one could not reach it. Nothing was "
                "stored: what this one holds is out of date. Start it again."
            )
        return connection

    def _sign(self, connection: _Connection) -> None:
        """Leave a mark that the next owner replaces; without the right to it a take-over is not noticed."""
        import psycopg  # noqa: PLC0415 - with the storage, not with the program

        mark = uuid.uuid4().hex
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"COMMENT ON TABLE \"migrations\" IS '{mark}'")
            self._mark = mark

    def _schema_number(self, connection: _Connection) -> int:
        tables = {
            row[0]
            for row in connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
            )
        }
        if "migrations" not in tables:
            if tables:
                raise StorageFault(
                    f"The database {self._name} holds tables of another program. It was left untouched. Make a "
                    "database of its own for Assay (createdb assay)."
                )
            return 0
        found = connection.execute('SELECT MAX("number") FROM "migrations"').fetchone()
        return int(found[0] or 0)

    def _migrate(self, connection: _Connection, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Bring the schema up to date: one transaction, in which the tables are copied first."""
        before = self._schema_number(connection)
        pending = [step for step in migrations if step.number > before]
        if not pending:
            return
        connection.execute("BEGIN")
        try:
            if before:
                self._copy_tables(connection, pending[-1].number)
            else:
                connection.execute(_HISTORY)
            for step in pending:
                for statement in step.statements:
                    connection.execute(statement.format_map(POSTGRES_TYPES))
                applied = (step.number, step.name, time.time_ns() // 1000)
                connection.execute(
                    'INSERT INTO "migrations" ("number", "name", "applied_at") VALUES (?, ?, ?)', applied
                )
            connection.execute("COMMIT")
        except BaseException:
            with suppress(Exception):
                connection.execute("ROLLBACK")
            raise

    def _copy_tables(self, connection: _Connection, number: int) -> None:
        schema = f"assay_before_{number}"
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() "
            "AND table_type = 'BASE TABLE'"
        ).fetchall()
        connection.execute(f'CREATE SCHEMA "{schema}"')
        for (table,) in tables:
            connection.execute(f'CREATE TABLE "{schema}"."{table}" AS TABLE "{table}"')


def _mark_of(connection: Any) -> str:
    row = connection.execute("SELECT obj_description('\"migrations\"'::regclass, 'pg_class')").fetchone()
    return str(row[0] or "") if row is not None else ""

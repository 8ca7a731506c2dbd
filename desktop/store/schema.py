"""The numbered migrations, and SQL made from the models for the writer's fast path.

Each migration is frozen: it holds the statements that were right when it was written, never today's models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.store.migrations import m0001_tables, m0002_backtests


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from schema `number - 1` to `number`."""

    number: int
    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "tables", m0001_tables.STATEMENTS),
    Migration(2, "backtests", m0002_backtests.STATEMENTS),
)
NEWEST = MIGRATIONS[-1].number

#: Column types that differ between the databases, filled into the statements of a migration.
SQLITE_TYPES: Mapping[str, str] = {
    "serial": "INTEGER NOT NULL PRIMARY KEY",
    "exact": "TEXT",
    "whole": "INTEGER",
    "real": "REAL",
    "bytes": "BLOB",
    "packed": " WITHOUT ROWID",
}

POSTGRES_TYPES: Mapping[str, str] = {
    "serial": "BIGSERIAL PRIMARY KEY",
    "exact": "NUMERIC",
    "whole": "BIGINT",
    "real": "DOUBLE PRECISION",
    "bytes": "BYTEA",
    "packed": "",
}

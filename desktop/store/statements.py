"""The SQL of the writer's hot path, made once from the models; `?` stands for a parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desktop.store.models import TABLES, Listed, Table

_KEPT = {
    # What a session has become meanwhile is not undone by storing its settings again.
    "sessions": ("state", "created_at", "ended"),
}
_UNLESS_EMPTY = {"states": ("state", "feed_position")}


def column_names(model: type[Table]) -> list[str]:
    """Return the names of the columns a writer fills, in the order of the model's fields."""
    return [field.column_name for field in _meta(model).sorted_fields if field.name != "place"]


def key_names(model: type[Table]) -> list[str]:
    """Return the names of the columns that no two rows share."""
    meta = _meta(model)
    if issubclass(model, Listed):
        return list(meta.indexes[0][0])
    return list(getattr(meta.primary_key, "field_names", None) or [meta.primary_key.name])


def upsert(model: type[Table]) -> str:
    """Return the statement that inserts a row or replaces the one with its key; SQLite and PostgreSQL both take it."""
    table, columns, keys = _meta(model).table_name, column_names(model), key_names(model)
    kept = _KEPT.get(table, ())
    updates = [_assignment(table, name) for name in columns if name not in keys and name not in kept]
    action = f"UPDATE SET {', '.join(updates)}" if updates else "NOTHING"
    places = ", ".join("?" * len(columns))
    insert = f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({places})'  # noqa: S608 - names are ours
    return f"{insert} ON CONFLICT ({_quoted(keys)}) DO {action}"


def _assignment(table: str, name: str) -> str:
    if name in _UNLESS_EMPTY.get(table, ()):
        return f'"{name}" = CASE WHEN excluded."{name}" = \'\' THEN "{table}"."{name}" ELSE excluded."{name}" END'
    return f'"{name}" = excluded."{name}"'


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _meta(model: type[Table]) -> Any:
    return model._meta  # noqa: SLF001 - peewee's documented way to a model's description


def select(table: str, columns: Sequence[str], tail: str = "") -> str:
    """Return a SELECT of named columns; `tail` is what follows the table (WHERE, ORDER BY, LIMIT)."""
    return f'SELECT {_quoted(columns)} FROM "{table}" {tail}'  # noqa: S608 - names are ours, values are bound


UPSERTS: Mapping[str, str] = {_meta(model).table_name: upsert(model) for model in TABLES}
COLUMNS: Mapping[str, list[str]] = {_meta(model).table_name: column_names(model) for model in TABLES}

"""One transaction for a group of writes: rows, audit chain and heads together, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from desktop.store.chain import EMPTY, Head, HeadMirror, record_hash
from desktop.store.crash_points import reach
from desktop.store.statements import UPSERTS
from desktop.store.writes import AuditEntry, Write, merged

#: Tables in the order in which a transaction fills them; a crash test stops behind the fills.
_ORDER = (
    "sessions",
    "orders",
    "fills",
    "positions",
    "trades",
    "triggers",
    "signals",
    "equity",
    "bars",
    "states",
    "preferences",
    "strategies",
    "runs",
    "backtests",
    "backtest_parts",
)
_SET_STATE = (
    'UPDATE "sessions" SET "state" = ?, "updated_at" = CASE WHEN "updated_at" > ? THEN "updated_at" ELSE ? END '
    'WHERE "session_id" = ?'
)


class Transactions:
    """Commits groups of writes on the writing connection. Used by the storage thread only."""

    def __init__(
        self, database: Any, mirror: HeadMirror, now: Callable[[], int], durability: Callable[..., str]
    ) -> None:
        """`durability(full=...)` is the statement that makes commits outlive a power cut, or only a crash."""
        self._database, self._mirror, self._now, self._durability = database, mirror, now, durability
        self._connection = database.connection()
        self._full = False
        self._heads = {
            row[0]: Head(row[1], row[2])
            for row in self._connection.execute('SELECT "session_id", "sequence", "hash" FROM "heads"')
        }
        self._accounts: dict[str, str] = dict(
            self._connection.execute('SELECT "session_id", "account" FROM "sessions"')
        )

    def commit(self, group: Sequence[Write]) -> list[Any]:
        """Store a group in one transaction and return what each write's action returned.

        Raises:
            Exception: whatever the database raised; nothing of the group was stored.
        """
        if all(write.is_empty for write in group):  # someone only wanted to know when all before is durable
            return [None] * len(group)
        self._synchronous(full=any(write.sync_full for write in group))
        heads: dict[str, Head] = {}
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = self._fill(group, heads)
            reach("before-commit")
            self._connection.execute("COMMIT")
        except BaseException:
            with suppress(Exception):  # SQLite has rolled back by itself after some errors
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            raise
        reach("after-commit")
        if heads:
            self._heads.update(heads)
            self._mirror.append(heads)
        return results

    @property
    def heads(self) -> Mapping[str, Head]:
        """The newest durable record of each audit chain."""
        return self._heads

    def mirror_heads(self) -> None:
        """Bring the mirror to the heads as they are; used once a chain that was cut off is on record."""
        self._mirror.append(self._heads)

    def close(self) -> None:
        """Close the writing connection; the last one to close tidies the write-ahead log away."""
        self._mirror.close()
        self._database.close()

    def _synchronous(self, *, full: bool) -> None:
        """A group with one batch that leaves the process is safe against a power cut, others against a crash."""
        if full != self._full:
            self._connection.execute(self._durability(full=full))
            self._full = full

    def _fill(self, group: Sequence[Write], heads: dict[str, Head]) -> list[Any]:
        rows: dict[str, dict[Any, tuple[Any, ...]]] = {}
        for write in group:
            for table, found in write.rows.items():
                into = rows.setdefault(table, {})
                for key, row in found.items():
                    into[key] = merged(table, into.get(key), row)
        for session_id, row in rows.get("sessions", {}).items():
            self._accounts[session_id] = row[1]
        for table in _ORDER:
            if table in rows:
                values = rows[table].values()
                self._connection.executemany(
                    UPSERTS[table], map(self._with_account, values) if table == "fills" else values
                )
                if table == "fills":
                    reach("inside-fill")
        for write in group:
            for session_id, (state, at) in write.states.items():
                self._connection.execute(_SET_STATE, (state, at, at, session_id))
        self._chain(group, heads)
        return [write.action(self._connection) if write.action is not None else None for write in group]

    def _with_account(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (row[0], self._accounts.get(row[0], ""), *row[2:])

    def _chain(self, group: Sequence[Write], heads: dict[str, Head]) -> None:
        wall = self._now()
        records, blocks = [], []
        for write in group:
            for entry in write.audit:
                head = self._next(entry, wall, heads)
                heads[entry.session_id] = head
                place = (entry.session_id, head.sequence)
                records.append((*place, entry.at, wall, entry.kind, entry.text, entry.data, head.hash))
                if entry.block is not None:
                    blocks.append((*place, *entry.block))
        if records:
            self._connection.executemany(UPSERTS["audit"], records)
            moved = [(session_id, *head) for session_id, head in heads.items()]
            self._connection.executemany(UPSERTS["heads"], moved)
        if blocks:
            self._connection.executemany(UPSERTS["blocks"], blocks)

    def _next(self, entry: AuditEntry, wall: int, heads: dict[str, Head]) -> Head:
        last = heads.get(entry.session_id) or self._heads.get(entry.session_id, EMPTY)
        number = last.sequence + 1
        text = record_hash(last.hash, entry.session_id, number, entry.at, wall, entry.kind, entry.text, entry.data)
        return Head(number, text)

"""Reading what is stored, on a read-only connection of its own: a long read never delays a write."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from desktop.domain.codec import from_json
from desktop.domain.errors import NotFound, StorageFault
from desktop.domain.events import Blocked
from desktop.domain.fills import Fill
from desktop.domain.market import Bar
from desktop.domain.money import ZERO
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.risk import Block, Check, Outcome
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.domain.signals import Signal
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.triggers import Trigger
from desktop.ports import AuditRecord, EquityPoint, StoredSession
from desktop.store.audit import audit_filter
from desktop.store.health import StorageHealth
from desktop.store.records import Run, SessionRecord, StoredFill
from desktop.store.rows import shape
from desktop.store.statements import COLUMNS, select

EVERYTHING = -1  # no limit

SIGNALS_LOADED = 100
FILLS_LOADED = 2_000
TRIGGERS_LOADED = 500
TRADES_LOADED = 2_000
POINTS_LOADED = 4_000


class Reader:
    """Queries that return domain values. Usable from any thread, one query at a time; blocks: off the loop only."""

    def __init__(self, database: Any, health_of: Callable[[BaseException], StorageHealth | None]) -> None:
        """`health_of` tells the environment's errors of the database from our own."""
        self._database, self._health_of = database, health_of
        self._connection = database.connection()
        self._lock = threading.RLock()

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._database.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let every query inside see one and the same state of the database."""
        with self._lock:
            if self._connection.in_transaction:  # inside another one
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    def rows(self, statement: str, arguments: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement.

        Raises:
            StorageFault: the database is locked or damaged.
        """
        try:
            with self._lock:
                found: list[tuple[Any, ...]] = self._connection.execute(statement, tuple(arguments)).fetchall()
                return found
        except Exception as error:
            health = self._health_of(error)
            if health is None:
                raise
            raise StorageFault(health.sentence) from error

    # sessions --------------------------------------------------------------------------------------------------
    def session_ids(self) -> list[str]:
        """Return every session that was not deleted, oldest first."""
        found = self.rows('SELECT "session_id" FROM "sessions" WHERE "ended" = 0 ORDER BY "created_at", "session_id"')
        return [row[0] for row in found]

    def sessions(self, *, ended: bool = True, naming: str = "") -> list[SessionRecord]:
        """Return every session, oldest first; deleted ones too unless `ended` is False.

        `naming`: only those whose stored settings hold these letters and digits somewhere (the hash of a version). To
        read settings costs far more than to find them, and Python's lock is held meanwhile.
        """
        found = self.rows(
            'SELECT "session_id", "settings", "state", "created_at", "updated_at", "ended" FROM "sessions" '
            'WHERE "settings" LIKE ? ORDER BY "created_at", "session_id"',
            (f"%{naming}%",),
        )
        return [
            SessionRecord(
                row[0],
                from_json(SessionSettings, json.loads(row[1])),
                SessionState(row[2]),
                row[3],
                row[4],
                bool(row[5]),
            )
            for row in found
            if ended or not row[5]
        ]

    def load(self, session_id: str) -> StoredSession | None:
        """Return a session as it was last committed; None: there is no such session."""
        with self.snapshot():
            found = self.rows('SELECT "settings", "ended" FROM "sessions" WHERE "session_id" = ?', (session_id,))
            if not found:
                return None
            where = (session_id,)
            states = self.rows('SELECT "state", "feed_position" FROM "states" WHERE "session_id" = ?', where)
            state, position = states[0] if states else ("", "")
            bars: dict[str, list[Bar]] = {}
            for bar in self.bars(session_id):
                bars.setdefault(bar.symbol, []).append(bar)
            executed = self.rows('SELECT "execution_id" FROM "fills" WHERE "session_id" = ? ORDER BY "at"', where)
            return StoredSession(
                settings=from_json(SessionSettings, json.loads(found[0][0])),
                state=json.loads(state) if state else {},
                feed_position=json.loads(position) if position else {},
                orders=self.orders(session_id, limit=EVERYTHING),
                execution_ids=[row[0] for row in executed],
                signals=self.signals(session_id, limit=SIGNALS_LOADED),
                fills=[item.fill for item in self.fills(session_id, limit=FILLS_LOADED)],
                triggers=self.triggers(session_id, limit=TRIGGERS_LOADED),
                trades=self.trades(session_id, limit=TRADES_LOADED),
                equity=self.equity(session_id, limit=POINTS_LOADED),
                bars=bars,
                ended=bool(found[0][1]),
            )

    def state(self, session_id: str) -> Mapping[str, Any] | None:
        """Return the state last committed under an id, be it a session's or an account's."""
        found = self.rows('SELECT "state" FROM "states" WHERE "session_id" = ?', (session_id,))
        state: Mapping[str, Any] | None = json.loads(found[0][0]) if found and found[0][0] else None
        return state

    def feed_position(self, feed: str) -> Mapping[str, Any] | None:
        """Return the latest position that any session on this feed committed."""
        found = self.rows(
            'SELECT "states"."feed_position" FROM "states" JOIN "sessions" ON "sessions"."session_id" = '
            '"states"."session_id" WHERE "sessions"."feed" = ? AND "states"."feed_position" <> \'\' '
            'ORDER BY "states"."at" DESC LIMIT 1',
            (feed,),
        )
        position: Mapping[str, Any] | None = json.loads(found[0][0]) if found else None
        return position

    def last_message_time(self) -> int:
        """Return the newest message time (µs UTC) of the sessions that live by the clock; 0 where there is none."""
        found = self.rows(
            'SELECT MAX("states"."at") FROM "states" JOIN "sessions" ON "sessions"."session_id" = '
            '"states"."session_id" WHERE "sessions"."ended" = 0 AND "sessions"."feed" NOT LIKE ?',
            ("replay:%",),
        )
        return int(found[0][0] or 0)

    # what sessions did -----------------------------------------------------------------------------------------
    def _newest(self, table: str, time: str, session_id: str | None, limit: int) -> list[tuple[Any, ...]]:
        """Return the newest rows of a table, oldest of them first; rows of one time in the order they were stored."""
        where, arguments = ('WHERE "session_id" = ? ', [session_id]) if session_id else ("", [])
        found = self.rows(
            select(table, COLUMNS[table], f'{where}ORDER BY "{time}" DESC, "place" DESC LIMIT ?'),
            [*arguments, limit],
        )
        found.reverse()
        return found

    def orders(self, session_id: str | None = None, *, limit: int = 1_000) -> list[Order]:
        """Return the newest orders of one session or of all, oldest first."""
        return shape(Order).decode_all(self._newest("orders", "created_at", session_id, limit))

    def fills(self, session_id: str | None = None, *, limit: int = 1_000) -> list[StoredFill]:
        """Return the newest fills, oldest first."""
        decode = shape(Fill).decode
        return [
            StoredFill(row[0], row[1], Decimal(row[2]), Decimal(row[3]), decode(row[4:]))
            for row in self._newest("fills", "at", session_id, limit)
        ]

    def signals(self, session_id: str | None = None, *, limit: int = 1_000) -> list[Signal]:
        """Return the newest signals, oldest first."""
        return shape(Signal).decode_all(self._newest("signals", "created_at", session_id, limit))

    def triggers(self, session_id: str | None = None, *, limit: int = 1_000) -> list[Trigger]:
        """Return the newest triggers, oldest first."""
        return shape(Trigger).decode_all(self._newest("triggers", "created_at", session_id, limit))

    def trades(self, session_id: str | None = None, *, limit: int = 1_000) -> list[ClosedTrade]:
        """Return the newest closed trades, oldest first."""
        return shape(ClosedTrade).decode_all(self._newest("trades", "exit_time", session_id, limit))

    def positions(self, session_id: str | None = None) -> list[Position]:
        """Return what is held, in the order it was opened."""
        where, arguments = ('WHERE "session_id" = ? ', (session_id,)) if session_id else ("", ())
        found = self.rows(
            select("positions", COLUMNS["positions"], f'{where}ORDER BY "opened_at", "session_id", "symbol"'),
            arguments,
        )
        return [position for position in shape(Position).decode_all(found) if position.quantity != ZERO]

    def blocks(self, session_id: str | None = None, *, limit: int = 1_000) -> list[Blocked]:
        """Return the newest blocks, oldest first."""
        return [
            Blocked(
                session_id=row[0],
                at=row[2],
                symbol=row[3],
                what=row[4],
                block=Block(Check(row[5]), Outcome(row[6]), row[7], row[8], row[9]),
                count=row[10],
                signal_id=row[11],
                explanation=None if row[12] is None else json.loads(row[12]),
            )
            for row in self._newest("blocks", "at", session_id, limit)
        ]

    def equity(self, session_id: str, *, since: int = 0, limit: int = EVERYTHING) -> list[EquityPoint]:
        """Return the newest points of an equity curve from `since` (µs UTC) on, oldest first."""
        found = self.rows(
            select("equity", COLUMNS["equity"], 'WHERE "session_id" = ? AND "at" >= ? ORDER BY "at" DESC LIMIT ?'),
            (session_id, since, limit),
        )
        found.reverse()
        return shape(EquityPoint).decode_all(found)

    def bars(self, session_id: str, symbol: str | None = None, timeframe: str | None = None) -> list[Bar]:
        """Return the bars a session has seen since its origin, oldest first."""
        where, arguments = '"session_id" = ?', [session_id]
        for name, value in (("symbol", symbol), ("timeframe", timeframe)):
            if value is not None:
                where += f' AND "{name}" = ?'
                arguments.append(value)
        found = self.rows(
            select("bars", Bar._fields, f'WHERE {where} ORDER BY "start", "symbol", "timeframe"'),
            arguments,
        )
        return [Bar(*row) for row in found]

    # settings, strategies, runs --------------------------------------------------------------------------------
    def settings(self) -> dict[str, Any]:
        """Return every small setting by name."""
        return {row[0]: json.loads(row[1]) for row in self.rows('SELECT "key", "value" FROM "preferences"')}

    def strategy_versions(self, name: str | None = None) -> list[StrategyVersion]:
        """Return the saved versions of one strategy or of all, oldest first."""
        where, arguments = ('WHERE "name" = ? ', (name,)) if name is not None else ("", ())
        found = self.rows(
            select("strategies", COLUMNS["strategies"], f'{where}ORDER BY "name", "number"'),
            arguments,
        )
        return [
            StrategyVersion(row[0], row[1], row[2], row[3], from_json(Strategy, json.loads(row[4]))) for row in found
        ]

    def strategy(self, version: str) -> Strategy:
        """Return the strategy of a version (NotFound: there is none)."""
        found = self.rows('SELECT "content" FROM "strategies" WHERE "version" = ?', (version,))
        if not found:
            raise NotFound("strategy version", version)
        return from_json(Strategy, json.loads(found[0][0]))

    def runs(self) -> list[Run]:
        """Return every replay of this data directory, oldest first."""
        found = self.rows(
            'SELECT "run_key", "session_id", "created_at", "finished_at", "report" FROM "runs" ORDER BY "created_at"'
        )
        return [Run(row[0], row[1], row[2], row[3], json.loads(row[4]) if row[4] else None) for row in found]

    # audit -----------------------------------------------------------------------------------------------------
    def audit(
        self,
        session_id: str | None = None,
        *,
        text: str = "",
        kind: str = "",
        since: int = 0,
        until: int | None = None,
        after: int = 0,
        limit: int = 500,
    ) -> list[AuditRecord]:
        """Return the newest records first.

        Args:
            session_id: Only this session; None or "" = all.
            text: Only records whose sentence, kind or data hold this, whatever its case.
            kind: Only records of this class of fact.
            since: µs UTC, message time, inclusive.
            until: µs UTC, message time, exclusive; None = no end.
            after: Only records with a higher sequence number.
            limit: At most so many; -1 = all.
        """
        where, arguments = audit_filter(session_id, text=text, kind=kind, since=since, until=until, after=after)
        order = '"sequence" DESC' if session_id else '"wall" DESC, "session_id" DESC, "sequence" DESC'
        found = self.rows(
            select("audit", AuditRecord.__slots__, f"WHERE {where} ORDER BY {order} LIMIT ?"),
            [*arguments, limit],
        )
        return [AuditRecord(row[0], row[1], row[2], row[3], row[4], row[5], json.loads(row[6])) for row in found]

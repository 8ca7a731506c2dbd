"""What one batch puts into which tables, worked out before its transaction begins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.codec import to_json
from desktop.domain.events import (
    Blocked,
    Fact,
    FillBooked,
    OrderChanged,
    PositionChanged,
    SessionChanged,
    SignalChanged,
    TradeClosed,
    TriggerChanged,
)
from desktop.domain.fills import Fill
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.sessions import SessionState
from desktop.domain.signals import Signal
from desktop.domain.triggers import Trigger
from desktop.ports import Batch, EquityPoint
from desktop.store.rows import dumps, shape
from desktop.store.sentences import sentence

Rows = dict[str, dict[Any, tuple[Any, ...]]]  # table -> key -> row, in the order of the models' fields


@dataclass(slots=True)
class AuditEntry:
    """An audit record that does not know its place in the chain yet."""

    session_id: str
    at: int
    kind: str
    text: str
    data: str
    block: tuple[Any, ...] | None = None  # the row of a block behind its session and sequence


@dataclass(slots=True)
class Write:
    """One unit of work of the storage thread: all of it is committed, or nothing.

    `prepare` fills in rows and audit entries and may fail without touching anyone else's work; `action` runs inside
    the transaction and its result is the future's.
    """

    session_id: str
    prepare: Callable[[Write], None] | None = None
    rows: Rows = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    states: dict[str, tuple[str, int]] = field(default_factory=dict)  # session -> lifecycle state and its time
    action: Callable[[Any], Any] | None = None
    sync_full: bool = False
    ordered: bool = False  # a session's batch: fails when an earlier one of its session has failed
    on_commit: Callable[[], None] | None = None
    future: Future[Any] = field(default_factory=Future)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.rows or self.audit or self.states or self.action)

    def put(self, table: str, key: Any, row: tuple[Any, ...]) -> None:
        """Insert or replace one row."""
        self.rows.setdefault(table, {})[key] = row


def write_of(batch: Batch) -> Write:
    """Return the work of a batch; nothing is computed yet."""
    return Write(
        batch.session_id,
        prepare=lambda write: _prepare(write, batch),
        sync_full=batch.sync_full,
        on_commit=batch.on_commit,
        ordered=True,
    )


def _prepare(write: Write, batch: Batch) -> None:
    session_id = batch.session_id
    if batch.settings is not None:
        settings = batch.settings
        write.put(
            "sessions",
            session_id,
            (
                session_id,
                settings.account,
                settings.feed,
                settings.name,
                dumps(to_json(settings)),
                SessionState.CREATED.value,
                batch.at,
                batch.at,
                0,
            ),
        )
    for fact in batch.facts:
        _add_fact(write, fact)
    if batch.state is not None or batch.feed_position is not None:
        state = "" if batch.state is None else dumps(batch.state)  # empty: what is stored stays
        feed_position = "" if batch.feed_position is None else dumps(batch.feed_position)
        write.put("states", session_id, (session_id, batch.at, state, feed_position))
    for bar in batch.bars:
        write.put("bars", (session_id, bar.symbol, bar.timeframe, bar.start), (session_id, *bar))
    points = shape(EquityPoint)
    for point in batch.equity:
        write.put("equity", (point.session_id, point.at), points.encode(point))


def _add_fact(write: Write, fact: Fact) -> None:
    kind = type(fact)
    entry = AuditEntry(fact.session_id, fact.at, kind.__name__, sentence(fact), dumps(fact))
    write.audit.append(entry)
    if isinstance(fact, Blocked):
        entry.block = _block_row(fact)
    elif isinstance(fact, SessionChanged):
        write.states[fact.session_id] = (fact.after.value, fact.at)
    elif kind in _ROWS:
        table, row = _ROWS[kind](fact)
        write.put(table, row[0], row[1])


def merged(table: str, old: tuple[Any, ...] | None, new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the one row that two writes of the same key in one transaction come to."""
    if table == "states" and old is not None:
        return (*new[:2], new[2] or old[2], new[3] or old[3])
    if table == "sessions" and old is not None:
        return (*new[:6], old[6], *new[7:])  # created_at
    return new


Keyed = tuple[Any, tuple[Any, ...]]


def _order(fact: OrderChanged) -> tuple[str, Keyed]:
    return "orders", ((fact.order.session_id, fact.order.order_id), shape(Order).encode(fact.order))


def _fill(fact: FillBooked) -> tuple[str, Keyed]:
    # The account is that of the session; the writer knows it and puts it in the place of None.
    row = (fact.session_id, None, str(fact.cash), str(fact.realised), *shape(Fill).encode(fact.fill))
    return "fills", ((fact.session_id, fact.fill.execution_id), row)


def _position(fact: PositionChanged) -> tuple[str, Keyed]:
    position = fact.position
    return "positions", ((position.session_id, position.account, position.symbol), shape(Position).encode(position))


def _trade(fact: TradeClosed) -> tuple[str, Keyed]:
    return "trades", ((fact.trade.session_id, fact.trade.trade_id), shape(ClosedTrade).encode(fact.trade))


def _trigger(fact: TriggerChanged) -> tuple[str, Keyed]:
    trigger = fact.trigger
    return "triggers", ((trigger.session_id, trigger.trigger_id), shape(Trigger).encode(trigger))


def _signal(fact: SignalChanged) -> tuple[str, Keyed]:
    signal = fact.signal
    return "signals", ((signal.session_id, signal.signal_id), shape(Signal).encode(signal))


_ROWS: dict[type, Callable[[Any], tuple[str, Keyed]]] = {
    OrderChanged: _order,
    FillBooked: _fill,
    PositionChanged: _position,
    TradeClosed: _trade,
    TriggerChanged: _trigger,
    SignalChanged: _signal,
}


def _block_row(fact: Blocked) -> tuple[Any, ...]:
    block = fact.block
    explanation = None if fact.explanation is None else dumps(fact.explanation)
    return (
        fact.at,
        fact.symbol,
        fact.what,
        block.check.value,
        block.outcome.value,
        block.value,
        block.limit,
        block.sentence,
        fact.count,
        fact.signal_id,
        explanation,
    )

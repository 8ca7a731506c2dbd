"""One session's memory for the window: what its facts add up to. Bounded, fed only by durable facts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from desktop.domain.events import (
    Blocked,
    Fact,
    FillBooked,
    OrderChanged,
    PositionChanged,
    SignalChanged,
    TradeClosed,
    TriggerChanged,
    Warned,
)
from desktop.domain.fills import Fill
from desktop.domain.orders import TERMINAL, Order
from desktop.domain.positions import ClosedTrade
from desktop.domain.signals import Signal
from desktop.domain.triggers import Trigger, TriggerState
from desktop.engine.views import Table
from desktop.ports import EquityPoint

if TYPE_CHECKING:
    from desktop.engine.changes import ChangeCollector

T = TypeVar("T")

ORDERS_KEPT = 2_000
TRADES_KEPT = 2_000
FILLS_KEPT = 2_000
SIGNALS_KEPT = 100
TRIGGERS_KEPT = 500
POINTS_KEPT = 4_000
BLOCKS_KEPT = 200


def _is_open(row: object) -> bool:
    if isinstance(row, Order):
        return row.status not in TERMINAL
    return isinstance(row, Trigger) and row.state is TriggerState.ACTIVE


@dataclass(slots=True)
class SessionBook:
    """Orders, fills, trades, triggers, signals and equity of one session, the newest of each."""

    session_id: str
    orders: dict[str, Order]
    triggers: dict[str, Trigger]
    signals: dict[str, Signal]
    trades: deque[ClosedTrade]
    fills: deque[Fill]
    blocks: deque[Blocked | Warned]
    equity: list[EquityPoint]

    @classmethod
    def empty(cls, session_id: str) -> SessionBook:
        """Return the memory of a new session."""
        return cls(
            session_id, {}, {}, {}, deque(maxlen=TRADES_KEPT), deque(maxlen=FILLS_KEPT), deque(maxlen=BLOCKS_KEPT), []
        )

    def take(self, facts: Iterable[Fact], changes: ChangeCollector) -> None:
        """Fold durable facts in and mark what changed."""
        for fact in facts:
            if isinstance(fact, OrderChanged):
                self._keep(self.orders, fact.order.order_id, fact.order, ORDERS_KEPT)
                changes.changed(Table.ORDERS, fact.order.order_id)
                changes.chart(self.session_id, fact.order.symbol)
            elif isinstance(fact, FillBooked):
                self.fills.append(fact.fill)
                changes.chart(self.session_id, fact.fill.symbol)
            elif isinstance(fact, PositionChanged):
                key = f"{self.session_id}/{fact.position.symbol}"
                mark = changes.changed if fact.position.quantity else changes.removed
                mark(Table.POSITIONS, key)
                changes.chart(self.session_id, fact.position.symbol)
            elif isinstance(fact, TradeClosed):
                self.trades.append(fact.trade)
                changes.changed(Table.TRADES, fact.trade.trade_id)
            elif isinstance(fact, TriggerChanged):
                self._keep(self.triggers, fact.trigger.trigger_id, fact.trigger, TRIGGERS_KEPT)
                changes.changed(Table.TRIGGERS, fact.trigger.trigger_id)
                changes.touched(Table.POSITIONS, f"{self.session_id}/{fact.trigger.symbol}")
                changes.chart(self.session_id, fact.trigger.symbol)
            elif isinstance(fact, SignalChanged):
                self._signal(fact.signal, changes)
            elif isinstance(fact, Blocked | Warned):
                self.blocks.append(fact)
        changes.changed(Table.SESSIONS, self.session_id)
        changes.portfolio()

    def _signal(self, signal: Signal, changes: ChangeCollector) -> None:
        self._keep(self.signals, signal.signal_id, signal, SIGNALS_KEPT)
        changes.changed(Table.HISTORY, signal.signal_id)
        if signal.state == "PENDING":
            changes.changed(Table.SIGNALS, signal.signal_id)
        else:
            changes.removed(Table.SIGNALS, signal.signal_id)

    @staticmethod
    def _keep(rows: dict[str, T], key: str, row: T, limit: int) -> None:
        rows[key] = row
        if len(rows) > limit:  # the oldest goes; what is still open stays however old
            del rows[next((key for key, row in rows.items() if not _is_open(row)), next(iter(rows)))]

    def add_point(self, point: EquityPoint) -> None:
        """Add a point of the equity curve; a long curve keeps every second point of its older half."""
        self.equity.append(point)
        if len(self.equity) > POINTS_KEPT:
            half = len(self.equity) // 2
            self.equity[:half] = self.equity[:half:2]

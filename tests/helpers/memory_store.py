"""A store that keeps everything in memory, and fails the way a test wants it to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.domain.errors import StorageFault
from desktop.domain.events import FillBooked, OrderChanged, SignalChanged, TradeClosed, TriggerChanged
from desktop.domain.market import Bar
from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.strategy_text import strategy_version
from desktop.ports import AuditRecord, Batch, StoredSession


@dataclass(frozen=True)
class Health:
    """Implements `ports.StoreHealth`."""

    state: str = "ok"
    sentence: str = ""

    @property
    def ok(self) -> bool:
        return self.state == "ok"


FULL = Health("full", "The disk is full. No new order leaves; cancels still work.")


@dataclass
class Kept:
    """One session as it was stored."""

    settings: SessionSettings
    batches: list[Batch] = field(default_factory=list)
    ended: bool = False

    def facts(self, kind: type[Any]) -> list[Any]:
        return [fact for batch in self.batches for fact in batch.facts if isinstance(fact, kind)]


class MemoryStore:
    """Implements `ports.Store`; commits are durable at once unless it is held or broken."""

    def __init__(self) -> None:
        self.health: Any = Health()
        self.kept: dict[str, Kept] = {}
        self.queue: list[tuple[Batch, Future[None]]] = []
        self.held = False  # futures stay open, as on a slow or full disk
        self.errors: dict[str, Exception] = {}  # the next commit of a session fails with this
        self._broken: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._strategies: dict[str, Strategy] = {}
        self.accounts: dict[str, list[Batch]] = {}  # by record id

    # health ----------------------------------------------------------------------------------------------------
    def on_health(self, callback: Callable[[], None]) -> None:
        self._listeners.append(callback)

    def fall(self, health: Health = FULL) -> None:
        """Take no writes from now on."""
        self.health, self.held = health, True
        for listener in self._listeners:
            listener()

    def rise(self) -> None:
        """Take writes again, those that wait first."""
        self.health, self.held = Health(), False
        queue, self.queue = self.queue, []
        for batch, future in queue:
            self._store(batch, future)
        for listener in self._listeners:
            listener()

    # writing ---------------------------------------------------------------------------------------------------
    def commit(self, batch: Batch) -> Future[None]:
        future: Future[None] = Future()
        if self.held:
            self.queue.append((batch, future))
        else:
            self._store(batch, future)
        return future

    def _store(self, batch: Batch, future: Future[None]) -> None:
        error = self.errors.pop(batch.session_id, None)
        if error is not None:
            self._broken.add(batch.session_id)
        if batch.session_id in self._broken:
            future.set_exception(error or StorageFault("An earlier step of this session could not be stored."))
            return
        if batch.settings is not None:
            self.kept[batch.session_id] = Kept(batch.settings)
        if batch.session_id in self.kept:
            self.kept[batch.session_id].batches.append(batch)
        elif batch.session_id.startswith("account:"):
            self.accounts.setdefault(batch.session_id, []).append(batch)
        future.set_result(None)

    def end_session(self, session_id: str) -> Future[None]:
        future: Future[None] = Future()
        if session_id in self.kept:
            self.kept[session_id].ended = True
        future.set_result(None)
        return future

    # reading ---------------------------------------------------------------------------------------------------
    def session_ids(self) -> Sequence[str]:
        return [session_id for session_id, kept in self.kept.items() if not kept.ended]

    def load(self, session_id: str) -> StoredSession | None:
        self._broken.discard(session_id)
        kept = self.kept.get(session_id)
        if kept is None:
            return None
        bars: dict[str, list[Bar]] = {}
        for batch in kept.batches:
            for bar in batch.bars:
                bars.setdefault(bar.symbol, []).append(bar)
        fills = [fact.fill for fact in kept.facts(FillBooked)]
        states = [batch.state for batch in kept.batches if batch.state is not None]
        return StoredSession(
            settings=replace(kept.settings),
            state=states[-1] if states else {},
            feed_position=kept.batches[-1].feed_position or {},
            orders=list({fact.order.order_id: fact.order for fact in kept.facts(OrderChanged)}.values()),
            execution_ids=[fill.execution_id for fill in fills],
            signals=list({fact.signal.signal_id: fact.signal for fact in kept.facts(SignalChanged)}.values()),
            fills=fills,
            triggers=list({fact.trigger.trigger_id: fact.trigger for fact in kept.facts(TriggerChanged)}.values()),
            trades=[fact.trade for fact in kept.facts(TradeClosed)],
            equity=[point for batch in kept.batches for point in batch.equity],
            bars=bars,
            ended=kept.ended,
        )

    def account_state(self, record_id: str) -> Mapping[str, Any] | None:
        batches = self.accounts.get(record_id)
        return batches[-1].state if batches else None

    def feed_position(self, feed: str) -> Mapping[str, Any] | None:
        batches = [batch for kept in self.kept.values() if kept.settings.feed == feed for batch in kept.batches]
        return max(batches, key=lambda batch: batch.at).feed_position if batches else None

    def strategies(self) -> Sequence[Strategy]:
        return tuple(self._strategies.values())

    def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        found = self._strategies.get(name)
        return [StrategyVersion(name, strategy_version(found), 1, 0, found)] if found is not None else []

    def save_strategy(self, strategy: Strategy) -> str:
        self._strategies[strategy.name] = strategy
        return strategy_version(strategy)

    def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRecord]:
        records = [
            AuditRecord(kept.settings.session_id, number, fact.at, fact.at, type(fact).__name__, str(fact), {})
            for kept in self.kept.values()
            for number, fact in enumerate((fact for batch in kept.batches for fact in batch.facts), start=1)
            if session_id in {"", kept.settings.session_id} and text in str(fact)
        ]
        return records[::-1][:limit]

"""One running session: messages into its unit, facts out to storage, and told once they are durable."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop.domain.commands import CancelOrder, CancelTrigger, Command, EngageKill, Pause, Reject
from desktop.domain.errors import StorageFault
from desktop.domain.events import TradeClosed
from desktop.domain.messages import Asked, BarsClosed, ClockTick, Message, Quotes
from desktop.engine.core_reads import pending_signals
from desktop.engine.views import Table
from desktop.ports import Batch, EquityPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from decimal import Decimal

    from desktop.domain.errors import AssayError
    from desktop.domain.events import Fact
    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.book import SessionBook
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.session_market import SessionMarket
    from desktop.ports import Clock, Store
    from desktop.rules.compile import Rule
    from desktop.trading.performance import Performance
    from desktop.trading.unit import SessionUnit

#: Commands that only take risk away: they pass while the storage is down (A4).
HARMLESS = (CancelOrder, CancelTrigger, EngageKill, Pause, Reject)
NO_DAY = -1
POINT_EVERY = 5_000_000  # µs between two equity points between bar closings


class SessionRunner:
    """Drives one session's unit; every call is made on the loop and none waits."""

    def __init__(
        self,
        settings: SessionSettings,
        unit: SessionUnit,
        book: SessionBook,
        *,
        market: SessionMarket,
        rules: tuple[Rule, ...],
        performance: Performance,
        store: Store,
        clock: Clock,
        changes: ChangeCollector,
        publish: Callable[[Fact], None],
        on_failure: Callable[[SessionRunner, BaseException], None],
    ) -> None:
        self.settings, self.unit, self.book = settings, unit, book
        self.market, self.rules, self.performance = market, rules, performance
        self._store, self._clock, self._changes, self._publish = store, clock, changes, publish
        self._on_failure = on_failure
        self._symbols = frozenset(item.symbol for item in settings.instruments)
        self._facts: list[Fact] = []
        self._bars: list[Bar] = []
        self._points: list[EquityPoint] = []
        self._dirty = False
        self._day = NO_DAY
        self.day_start = unit.core.equity  # equity at the start of the trading day
        self._next_tick = 0
        self._next_point = 0
        self.note = ""  # why it failed or is being restarted; empty: the state says all
        self.failed = False
        self.held = False  # storage is down: prices pass unseen, nothing is traded

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self.settings.session_id

    @property
    def symbols(self) -> frozenset[str]:
        """Symbols it hears."""
        return self._symbols

    @property
    def timeframe(self) -> str:
        """Timeframe its rules are judged on."""
        return self.settings.strategy.timeframe

    def warm_up(self) -> str:
        """Return what is still missing before the rules are known; empty: nothing."""
        needed = max((rule.look_back + 1 for rule in self.rules), default=0)
        least = min((len(self.market.bars(symbol)) for symbol in self._symbols), default=0)
        return "" if least >= needed else f"warming up: {least} of {needed} bars"

    def remember(self, bars: Sequence[Bar]) -> None:
        """Store these bars with the next commit: the history the session's series begin with."""
        self._bars.extend(bars)

    # market ----------------------------------------------------------------------------------------------------
    def take(self, messages: Sequence[Message]) -> None:
        """Let the session see a burst; commit once for all of it."""
        if self.failed:
            return
        if not self._store.health.ok:
            self._keep_bars(messages)
            self._hold(held=True)
            return
        self._hold(held=False)
        try:
            for message in messages:
                self._step(message)
        except Exception as error:  # noqa: BLE001 - one session's failure stops only that one (fault 31)
            self._fail(error)
            return
        self._after(closed=self._keep_bars(messages))

    def tick(self, at: int) -> None:
        """Let time pass, at most once per tick interval of the session."""
        if self.failed or at < self._next_tick:
            return
        self._next_tick = at + self.settings.tick_interval
        if not self._store.health.ok:
            self._hold(held=True)
            return
        self._hold(held=False)
        try:
            self._step(ClockTick(at))
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            return
        self._after(closed=False)
        if self._dirty:
            self.commit()

    def _keep_bars(self, messages: Sequence[Message]) -> bool:
        """Bars are state: they are stored whether or not anything was traded on them."""
        closed = False
        for message in messages:
            if isinstance(message, BarsClosed):
                self._bars.extend(message.bars)
                closed = True
                for bar in message.bars:
                    self._changes.chart(self.session_id, bar.symbol)
            elif isinstance(message, Quotes):
                for symbol in {quote.symbol for quote in message.quotes}:
                    self._changes.forming(self.session_id, symbol)
        return closed

    def _step(self, message: Message) -> AssayError | None:
        step = self.unit.step(message)
        if step.facts:
            self._facts.extend(step.facts)
            for fact in step.facts:
                if isinstance(fact, TradeClosed):
                    self.performance.add_trade(fact.trade)
        return step.refusal

    def _after(self, *, closed: bool) -> None:
        core = self.unit.core
        if core.positions or self._facts:
            self._dirty = self._dirty or bool(core.positions)
            for symbol in core.positions:
                self._changes.changed(Table.POSITIONS, f"{self.session_id}/{symbol}")
            self._changes.changed(Table.SESSIONS, self.session_id)
            self._changes.portfolio()
        for trigger in core.triggers.values():
            self._changes.changed(Table.TRIGGERS, trigger.trigger_id)
        for signal in pending_signals(core):
            self._changes.changed(Table.SIGNALS, signal.signal_id)
        now = self._clock.now()
        if closed or self._facts or (core.positions and now >= self._next_point):
            self._point(now)
        if closed or self._facts:
            self.commit()

    def _point(self, at: int) -> None:
        self._next_point = at + POINT_EVERY
        core = self.unit.core
        equity, day = core.equity, self.market.day(at)
        if day != self._day:
            last = self.book.equity[-1].equity if self.book.equity else self.settings.cash
            self._day, self.day_start = day, last
        point = EquityPoint(self.session_id, at, equity, core.cash, self.market.benchmark_price())
        self.performance.mark(at, equity, day)
        self._points.append(point)
        self.book.add_point(point)
        self._changes.equity(self.session_id)
        self._changes.changed(Table.SESSIONS, self.session_id)

    # commands --------------------------------------------------------------------------------------------------
    async def ask(self, command: Command, *, by: str = "user") -> None:
        """Carry out a command and return once what it did is durable.

        Raises:
            AssayError: it was refused; nothing was changed but the record of it.
            StorageFault: the storage takes no writes and the command would add risk.
        """
        if not self._store.health.ok and not isinstance(command, HARMLESS):
            raise StorageFault(self._store.health.sentence)
        try:
            refusal = self._step(Asked(self._clock.now(), command, by))
        except Exception as error:
            self._fail(error)
            raise
        self._after(closed=False)
        await asyncio.wrap_future(self.commit())
        if refusal is not None:
            raise refusal

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything live as JSON values."""
        return {
            "unit": self.unit.snapshot(),
            "performance": self.performance.snapshot(),
            "day": [self._day, str(self.day_start)],
        }

    def restore_day(self, day: int, start: Decimal) -> None:
        """Take up the equity the stored trading day began with."""
        self._day, self.day_start = day, start

    def commit(self, *, settings: bool = False) -> Future[None]:
        """Hand everything since the last commit to the storage thread as one transaction."""
        facts, self._facts = tuple(self._facts), []
        bars, self._bars = tuple(self._bars), []
        points, self._points = tuple(self._points), []
        self._dirty = False
        batch = Batch(
            self.session_id,
            self._clock.now(),
            facts=facts,
            state=self.snapshot(),
            feed_position=self.market.feed_position(),
            bars=bars,
            equity=points,
            settings=self.settings if settings else None,
        )
        future = self._store.commit(batch)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda done: _on_loop(loop, self._committed, done, facts))
        return future

    def _committed(self, done: Future[None], facts: tuple[Fact, ...]) -> None:
        error = None if done.cancelled() else done.exception()
        if error is not None:
            self._fail(error)
            return
        if facts:
            self.book.take(facts, self._changes)
            for fact in facts:
                self._publish(fact)

    # health ----------------------------------------------------------------------------------------------------
    def _hold(self, *, held: bool) -> None:
        if held != self.held:
            self.held = held
            self._changes.changed(Table.SESSIONS, self.session_id)
            self._changes.status()

    def _fail(self, error: BaseException) -> None:
        if self.failed:
            return
        self.failed = True
        self._facts, self._points = [], []
        self._changes.changed(Table.SESSIONS, self.session_id)
        self._on_failure(self, error)


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    """Hand a call from the storage thread to the loop; at shutdown the loop may be gone already."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, *arguments)

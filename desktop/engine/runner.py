"""One running session: messages into its unit, facts out to storage, and told once they are durable."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from desktop.domain.commands import CancelOrder, CancelTrigger, Command, Disarm, EngageKill, Fail, Pause, Reject
from desktop.domain.errors import AssayError, ProgramBug, StorageFault, UserMistake
from desktop.domain.events import FillBooked, TradeClosed
from desktop.domain.messages import Asked, BarsClosed, ClockTick, Halted, Message, Quotes
from desktop.engine.commits import Commits, durable
from desktop.engine.core_reads import pending_signals
from desktop.engine.views import Table
from desktop.ports import EquityPoint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from concurrent.futures import Future
    from decimal import Decimal

    from desktop.domain.events import Fact
    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.book import SessionBook
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.live.live_side import LiveSide
    from desktop.engine.session_market import SessionMarket
    from desktop.ports import Store
    from desktop.rules.compile import Rule
    from desktop.trading.performance import Performance
    from desktop.trading.unit import SessionUnit

#: Commands that only take risk away: they pass while the storage is down (A4).
HARMLESS = (CancelOrder, CancelTrigger, Disarm, EngageKill, Fail, Pause, Reject)
NO_DAY = -1
POINT_EVERY = 5_000_000  # µs between two equity points between bar closings


class SessionRunner:
    """Drives one session's unit; every call is made on the loop and none waits.

    Attributes:
        day_start: Equity at the start of the trading day.
        note: Why it failed or is being restarted; empty: the state says all.
        failed: It takes nothing any more; what is true is what was last committed.
        held: The storage is down: prices pass unseen, nothing is traded.
        live: Its half that talks to an account at a broker; None on paper.
    """

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
        changes: ChangeCollector,
        publish: Callable[[Fact], None],
        on_failure: Callable[[SessionRunner, BaseException], None],
    ) -> None:
        self.settings, self.unit, self.book = settings, unit, book
        self.market, self.rules, self.performance = market, rules, performance
        self._store, self._changes, self._publish = store, changes, publish
        self._on_failure = on_failure
        self._symbols = frozenset(item.symbol for item in settings.instruments)
        self._waiting = Commits(settings, store, on_durable=self._told, on_error=self._fail)
        self._seen: Counter[str] = Counter()  # closed bars since the origin, by symbol
        self._last_bar: dict[str, int] = {}  # start of the newest of them
        self._missed_halts: list[Halted] = []
        self._dirty = False
        self._day = NO_DAY
        self.day_start: Decimal = unit.core.equity
        self._next_tick = 0
        self._next_point = 0
        self.note = ""
        self.failed = False
        self.held = False
        self.live: LiveSide | None = None

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
        least = min((self._seen[symbol] for symbol in self._symbols), default=0)
        return "" if least >= needed else f"{least} of {needed} bars"

    # bars since the origin are state, not cache -----------------------------------------------------------------
    def knows(self, bars: Iterable[Bar]) -> None:
        """Count bars that are stored already."""
        for bar in bars:
            self._seen[bar.symbol] += 1
            self._last_bar[bar.symbol] = bar.start

    def remember(self, bars: Sequence[Bar]) -> None:
        """Store these bars with the next commit; those it began with may come once more."""
        fresh = [bar for bar in bars if bar.start > self._last_bar.get(bar.symbol, -1)]
        self.knows(fresh)
        self._waiting.bars.extend(fresh)

    def remember_missed(self, bars: Sequence[Bar]) -> None:
        """Store bars that closed while no price came; the rules have them by now, and none was judged on them."""
        if self.failed or not bars:
            return
        for bar in bars:
            self._seen[bar.symbol] += 1
            self._last_bar[bar.symbol] = max(bar.start, self._last_bar.get(bar.symbol, -1))
            self._changes.chart(self.session_id, bar.symbol)
        self._waiting.bars.extend(bars)
        self._dirty = True  # committed with the next tick

    def catch_up(self) -> None:
        """Remember the bars its evaluators saw while it did not listen (being created, or between two restarts)."""
        for symbol in self._symbols:
            missing = self.market.seen(symbol) - self._seen[symbol]
            if missing > 0:
                self.remember(self.market.bars_after(symbol, self._last_bar.get(symbol, -1))[:missing])

    # market ----------------------------------------------------------------------------------------------------
    def take(self, messages: Sequence[Message]) -> None:
        """Let the session see a burst; commit once for all of it. What goes wrong stays in this session (fault 31)."""
        if self.failed:
            return
        closed = self._keep_bars(messages)
        if self._is_held():
            self._missed_halts.extend(message for message in messages if isinstance(message, Halted))
            return
        try:
            self._catch_up_halts()
            for message in messages:
                self._step(message)
            if self._after(closed=closed):
                self.commit()
        except Exception as error:  # noqa: BLE001 - one session's failure stops only that one (fault 31)
            self._fail(error)

    def tick(self, at: int) -> None:
        """Let time pass, at most once per tick interval of the session."""
        if self.failed or at < self._next_tick:
            return
        self._next_tick = at + self.settings.tick_interval
        if self._is_held():
            return
        try:
            self._catch_up_halts()
            self._step(ClockTick(at))
            if self._after(closed=False) or self._dirty:
                self.commit()
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)

    def hear(self, messages: Sequence[Message]) -> Future[None] | None:
        """Take what the account tells, also while the storage is down; return the commit of it."""
        if self.failed:
            return None
        try:
            for message in messages:
                self._step(message)
            if self._after(closed=False):
                return self.commit()
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
        return None

    def _catch_up_halts(self) -> None:
        """Take what was said of halts while the storage was down: a feed says it once, and what it stops stays."""
        missed, self._missed_halts = self._missed_halts, []
        for message in missed:
            self._step(message)

    def _is_held(self) -> bool:
        held = not self._store.health.ok
        if held != self.held:
            self.held = held
            self._changes.changed(Table.SESSIONS, self.session_id)
            self._changes.status()
        return held

    def _keep_bars(self, messages: Sequence[Message]) -> bool:
        """Store bars whether or not anything is traded on them; tell the charts; return whether a bar closed."""
        closed, forming = False, self._changes.forming
        for message in messages:
            if isinstance(message, Quotes):
                for symbol in {quote[0] for quote in message.quotes}:
                    forming(self.session_id, symbol)
            elif isinstance(message, BarsClosed):
                self.remember(message.bars)
                closed = True
                for bar in message.bars:
                    self._changes.chart(self.session_id, bar.symbol)
        return closed

    def _step(self, message: Message) -> AssayError | None:
        step = self.unit.step(message)
        if step.requests:  # only a session with a broker outside the process makes any
            if self.live is None:
                raise ProgramBug(f"its broker {self.settings.broker} is not connected. Nothing was sent.")
            self.live.take(step.requests)
        if step.facts:
            self._waiting.facts.extend(step.facts)
            for fact in step.facts:
                if isinstance(fact, TradeClosed):
                    self.performance.add_trade(fact.trade)
                elif isinstance(fact, FillBooked):
                    self.performance.add_fill(fact.fill)
        return step.refusal

    def _after(self, *, closed: bool) -> bool:
        """Mark what the last steps changed; return whether there is something to commit at once."""
        core, changes, session_id = self.unit.core, self._changes, self.session_id
        held, facts = core.holdings.ledger.positions, self._waiting.facts
        if held:
            self._dirty = True
            for symbol in held:
                changes.changed(Table.POSITIONS, f"{session_id}/{symbol}")
        if held or facts:
            changes.changed(Table.SESSIONS, session_id)
            changes.portfolio()
        for trigger_id in core.triggers:
            changes.changed(Table.TRIGGERS, trigger_id)
        for signal in pending_signals(core):
            changes.changed(Table.SIGNALS, signal.signal_id)
        if not (closed or facts or held):
            return False
        now = self.market.now()
        if closed or facts or now >= self._next_point:
            self._point(now)
        return closed or bool(facts)

    def _point(self, at: int) -> None:
        self._next_point = at + POINT_EVERY
        core = self.unit.core
        equity, day = core.equity, self.market.day(at)
        if day != self._day:
            last = self.book.equity[-1].equity if self.book.equity else self.settings.cash
            self._day, self.day_start = day, last
        point = EquityPoint(self.session_id, at, equity, core.cash, self.market.benchmark_price())
        self.performance.mark(at, equity, day)
        self._waiting.points.append(point)
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
        answer = self.order(command, by=by)
        await answer

    def order(self, command: Command, *, by: str = "user") -> Awaitable[None]:
        """Carry out a command at once; what is returned waits until it is durable and raises the refusal.

        Raises:
            UserMistake: the session has failed.
            StorageFault: the storage takes no writes and the command would add risk; nothing was changed.
            ProgramBug: the session failed at it; it goes back to its last stored state.
        """
        if self.failed:
            raise UserMistake(f"{self.settings.name} has failed. {self.note} Nothing was sent.")
        if not self._store.health.ok and not isinstance(command, HARMLESS):
            raise StorageFault(self._store.health.sentence)
        try:
            refusal = self._step(Asked(self.market.now(), command, by))
            self._after(closed=False)
            future = self.commit()
        except Exception as error:
            self._fail(error)
            raise ProgramBug(
                f"{self.settings.name} failed at this command and goes back to its last stored state: {error}."
            ) from error
        return self._answered(future, refusal, patient=not isinstance(command, HARMLESS))

    async def _answered(self, future: Future[None] | None, refusal: AssayError | None, *, patient: bool) -> None:
        if future is not None:
            await durable(self._store, future, patient=patient)
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

    def commit(self, *, settings: bool = False) -> Future[None] | None:
        """Hand everything since the last commit to the storage; None: it takes nothing now, so all of it waits here.

        Raises:
            StorageFault: the storage was closed.
        """
        market = self.market
        if self.live is not None:
            self.live.about_to_commit(self._waiting.facts)
        try:
            future = self._waiting.hand_in(
                market.now(),
                self.snapshot(),
                market.feed_position(),
                settings=settings,
                full=self.live is not None,
            )
        except StorageFault:
            if self._store.health.ok:
                raise
            if self.live is not None:
                self.live.handed_in(None)
            return None
        self._dirty = False
        if self.live is not None:
            self.live.handed_in(future)
        return future

    def _told(self, facts: tuple[Fact, ...]) -> None:
        self.book.take(facts, self._changes)
        for fact in facts:
            self._publish(fact)

    # health ----------------------------------------------------------------------------------------------------
    def _fail(self, error: BaseException) -> None:
        if self.failed:
            return
        self.failed = True
        self._changes.changed(Table.SESSIONS, self.session_id)
        self._on_failure(self, error)

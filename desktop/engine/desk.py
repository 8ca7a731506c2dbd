"""The desk of the engine: sessions, feeds, storage and kill switch behind the one protocol a window knows."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.errors import AssayError, FieldError, NotFound
from desktop.domain.events import Warned
from desktop.domain.market import MINUTE
from desktop.domain.sessions import SessionState
from desktop.engine.api import FeedChoice, RuleCheck
from desktop.engine.backfill import Backfill
from desktop.engine.bus import EventBus
from desktop.engine.changes import INTERVAL, ChangeCollector
from desktop.engine.commits import durable
from desktop.engine.core_reads import pending_signals
from desktop.engine.demo import DEMO_NAME, DemoMarket, demo_draft, sample_strategies
from desktop.engine.desk_commands import DeskCommands
from desktop.engine.drafts import compile_strategy, expected_instruments, feed_key, mistakes
from desktop.engine.editor import check_rule
from desktop.engine.feed_shelf import SIMULATOR, FeedShelf
from desktop.engine.kill_switch import KillSwitch
from desktop.engine.live.accounts import Accounts, no_broker
from desktop.engine.manager import SessionManager
from desktop.engine.runner_factory import RunnerFactory
from desktop.engine.status import TOO_LATE, LagMeter, status_view
from desktop.engine.tasks import TaskSet
from desktop.engine.together import Together
from desktop.engine.views import AuditRow, Table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from desktop.domain.broker import AccountRef
    from desktop.domain.events import Fact
    from desktop.domain.strategies import Strategy, StrategyVersion
    from desktop.engine.api import SessionDraft
    from desktop.engine.archive import Archive
    from desktop.engine.views import Changes, StatusView
    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed, Store
    from desktop.ports.brokers import Broker
    from desktop.ports.validation import Gatekeeper

WARNINGS = 100  # of a launch that are kept for a window that comes later
MUCH = 0.004  # seconds of processor time: from there on the window is told ten times a second, not twenty
HOLD = 0.002  # seconds after which a telling lets the loop turn before the next panel hears of it
BREATH = 0.002  # seconds the loop has for everything else then: prices, what was painted anew, keys
SLOW_BEAT = 1.0  # seconds between two looks at clock jumps and the status bar


class EngineDesk(DeskCommands):
    """Composes the engine; `open` brings back what was stored, `close` leaves everything durable."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        open_feed: Callable[[str, Mapping[str, object]], Awaitable[tuple[MarketFeed, Hub]]],
        kill_path: Path | None,
        demo: DemoMarket,
        on_error: Callable[[BaseException, str], None],
        resume: bool = True,
        recovering: Callable[[], None] = lambda: None,
        archive: Archive | None = None,
        public_feeds: Sequence[FeedChoice] = (),
        open_broker: Callable[[AccountRef], Awaitable[Broker]] = no_broker,
        reach: Callable[[str], None] = lambda _: None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        gate: Gatekeeper | None = None,
        readable: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """`on_error` hears every exception and where it came from; `resume`: sessions go on after a restart.

        `recovering` is called in the middle of each recovery (a crash point); `archive` keeps market history.
        `public_feeds` are those besides the simulator and replays that a session can run on without any account.
        `open_broker` makes the adapter of an account; `reach` is told the crash points of an order's way there; `pause`
        is how its links wait; `gate` judges who may trade live (None: nobody). `readable` tells whether credentials can
        be read now: sessions that lack them come back then (None: when their user starts them).
        """
        self._archive, self._public_feeds = archive, tuple(public_feeds)
        self._store, self._resume, self._on_error, self._demo = store, resume, on_error, demo
        self._bus = EventBus(lambda error, fact: on_error(error, f"listener of {type(fact).__name__}"))
        self._warnings: deque[Warned] = deque(maxlen=WARNINGS)
        self._bus.subscribe(Warned, self._warnings.append)
        self._changes = ChangeCollector(lambda error, _: on_error(error, "a panel"))
        self._tasks = TaskSet(on_error)
        shelf = FeedShelf(open_feed, clock, on_moved=self._moved, on_state=self._feed_state)
        kill = KillSwitch(kill_path, self._changes.status)
        accounts = Accounts(
            open_broker,
            store,
            clock,
            self._changes,
            self._tasks,
            publish=self._bus.publish,
            killed=lambda: kill.engaged,
            on_error=on_error,
            reach=reach,
            pause=pause,
        )
        factory = RunnerFactory(shelf, store, clock, self._changes, self._bus.publish, accounts)
        manager = SessionManager(
            factory,
            store,
            clock,
            self._changes,
            self._tasks,
            killed=lambda: kill.engaged,
            on_error=on_error,
            recovering=recovering,
            readable=readable,
            pause=pause,
        )
        super().__init__(manager, Together(manager, on_error), shelf, kill, accounts, gate)
        self._clock = clock
        self._backfill = Backfill(lambda: manager.runners().values(), self._tasks, pause)
        self._lag = LagMeter()
        self._notice = ""
        self._beat: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._next_slow = 0.0
        self._rests = False
        self._telling: asyncio.TimerHandle | None = None  # the next turn of a telling that is not over
        self._told_for = 0.0  # seconds of processor time that it has taken
        self._open = False
        store.on_health(self._changes.status)

    @property
    def archive(self) -> Archive:
        """Where market history is kept.

        Raises:
            NotFound: this desk was opened without one.
        """
        if self._archive is None:
            raise NotFound("market history", "of this desk", "Open the window on a data directory.")
        return self._archive

    # life ------------------------------------------------------------------------------------------------------
    async def open(self, *, demo: bool = True) -> None:
        """Start the simulator, restore the stored sessions and, where there is none, create the demo."""
        self._open = True
        loop = asyncio.get_running_loop()
        self._due = loop.time() + INTERVAL
        self._beat = loop.call_later(INTERVAL, self._heart_beat)
        position = await asyncio.to_thread(self._store.feed_position, SIMULATOR)
        rig = await self._shelf.rig(SIMULATOR, position or {})
        for instrument in rig.feed.instruments():
            rig.hub.watch(instrument.symbol)
        await self._manager.restore(resume=self._resume and not self._kill.engaged)
        self._notice = " ".join(self._manager.problems)
        await self._obey_latch()
        if demo and not self._manager.runners():
            await self._create_demo()
        for opened in self._shelf.rigs().values():
            await opened.start()
        self._changes.status()

    async def _obey_latch(self) -> None:
        """Latch where a session remembers the switch: it could not be written then. Not for those out of reach since.

        These are released now, as they were to be when the user released it.
        """
        remember = [item for item in self._all() if item.unit.core.state.kill]
        excused = self._kill.excused
        if self._kill.engaged or not remember:
            return
        if any(item.session_id not in excused for item in remember):
            await self._kill.engage()
            return
        for runner in remember:
            if not runner.failed:
                try:
                    await self._manager.obey_kill(runner, release=True)
                except AssayError as error:  # it stays halted, and says so
                    self._on_error(error, runner.session_id)

    async def close(self) -> None:
        """Stop feeds and timers and wait until everything is durable that the storage takes."""
        self._open = False
        for timer in (self._beat, self._telling):
            if timer is not None:
                timer.cancel()
        self._manager.close()
        await self._accounts.close()
        await self._tasks.stop()
        try:
            await self._shelf.stop()
        except Exception as error:  # noqa: BLE001 - what was traded is stored whatever a feed says at its end
            self._on_error(error, "stopping the feeds")
        for runner in self._all():
            if not runner.failed and self._store.health.ok:
                try:
                    future = runner.commit()
                    if future is not None:
                        await durable(self._store, future, patient=False)
                except Exception as error:  # noqa: BLE001 - each session for itself
                    self._on_error(error, runner.session_id)

    async def _create_demo(self) -> None:
        await self.create_session(demo_draft(self._demo), start=not self._kill.engaged)

    async def reset_demo(self) -> None:
        """Wipe every session on simulated prices and start the demo afresh."""
        for runner in self._all():
            if runner.settings.feed == SIMULATOR:
                await self._manager.drop(runner.session_id)
                self._charts.forget(runner.session_id)
        await self._create_demo()

    # heart-beat ------------------------------------------------------------------------------------------------
    def _heart_beat(self) -> None:
        if not self._open:
            return
        loop = asyncio.get_running_loop()
        now, late = loop.time(), loop.time() - self._due
        self._due = now + INTERVAL
        self._beat = loop.call_later(INTERVAL, self._heart_beat)  # first of all: no fault below may end the beating
        self._lag.add(late)
        if not self._leapt() and late > TOO_LATE:
            self._stalled(late)
        if now >= self._next_slow:
            self._next_slow = now + SLOW_BEAT
            self._changes.status()
            for runner in self._all():
                for signal in pending_signals(runner.unit.core):
                    self._changes.changed(Table.SIGNALS, signal.signal_id)
        self._tell()

    def _tell(self) -> None:
        """Tell what changed; at every second beat only while the telling itself takes much of the loop's time."""
        if self._rests:
            self._rests = False
        elif self._changes.begin() or self._telling is None:  # None: one that met a fault in the middle goes on
            self._told_for = 0.0
            self._tell_on()

    def _tell_on(self) -> None:
        """Tell some panels, and the others in later turns of the loop: no turn may hold prices and orders up."""
        self._telling = None
        if not self._open:
            return
        begin = time.thread_time()
        more = self._changes.go_on(HOLD)
        self._told_for += time.thread_time() - begin
        if more:
            self._telling = asyncio.get_running_loop().call_later(BREATH, self._tell_on)
        self._rests = not more and self._told_for > MUCH

    def _leapt(self) -> bool:
        """Let every session recover where time leapt ahead (fault 26)."""
        jump = self._clock.take_jump() if hasattr(self._clock, "take_jump") else 0
        if jump:
            minutes = jump // MINUTE
            gap = f"the computer slept or its clock leapt {minutes} min" if minutes else "its clock leapt"
            self._tasks.run(self._together.recover_all(gap), "recover after a gap")
            self._accounts.reconcile_all()
        return bool(jump)

    def _stalled(self, seconds: float) -> None:
        """Pause entries after the loop stood still too long (fault 33)."""
        if not any(item.unit.core.status is SessionState.RUNNING for item in self._all()):
            return
        self._notice = (
            f"The program stood still for {seconds:.1f} s, so new entries were paused. Stops and exits work. "
            "Resume the sessions when the computer has recovered."
        )
        self._tasks.run(self._together.pause_all(f"the program stood still for {seconds:.1f} s"), "pause after a stall")

    async def resume_session(self, session_id: str) -> None:
        await super().resume_session(session_id)
        self._notice = ""

    async def resume_all(self) -> None:
        await super().resume_all()
        self._notice = ""

    def _moved(self, feed: str, symbols: Iterable[str]) -> None:
        for symbol in symbols:
            self._changes.changed(Table.WATCH, f"{feed}/{symbol}")

    def _feed_state(self, name: str, state: str, _: str) -> None:
        rig = self._shelf.rigs().get(name)
        if rig is not None:
            self._backfill.state_changed(name, rig, state)
        self._changes.status()

    # reads -----------------------------------------------------------------------------------------------------
    def status(self) -> StatusView:
        return status_view(
            self._all(), self._shelf, self._store, self._clock, self._kill, self._lag, self._notice, self.accounts()
        )

    def feeds(self) -> Sequence[FeedChoice]:
        rigs = self._shelf.rigs()
        simulated = tuple(rigs[SIMULATOR].feed.instruments()) if SIMULATOR in rigs else ()
        return (
            FeedChoice(SIMULATOR, "Simulated market", "DEMO - simulated prices, no account, no network", simulated),
            FeedChoice("replay", "Replay of a file", "Recorded bars, quotes or trades from a CSV file", ()),
            *(
                replace(item, instruments=tuple(rigs[item.key].feed.instruments())) if item.key in rigs else item
                for item in self._public_feeds
            ),
        )

    def strategies(self) -> Sequence[Strategy]:
        saved = {item.name: item for item in self._store.strategies()}
        samples = [item for item in sample_strategies() if item.name not in saved]
        return (*saved.values(), *samples)

    def check_rule(
        self,
        text: str,
        *,
        role: str,
        parameters: Mapping[str, Decimal],
        timeframe: str,
        session_id: str = "",
        symbol: str = "",
        on_quotes: bool = False,
    ) -> RuleCheck:
        return check_rule(
            text,
            role=role,
            parameters=parameters,
            timeframe=timeframe,
            runner=self._manager.runners().get(session_id),
            symbol=symbol,
            on_quotes=on_quotes,
        )

    def check_draft(self, draft: SessionDraft) -> Sequence[FieldError]:
        rig = self._shelf.rigs().get(feed_key(draft))
        known = next((item.instruments for item in self._public_feeds if item.key == draft.feed), ())
        instruments = rig.feed.instruments() if rig is not None else (*expected_instruments(draft), *known)
        return tuple(mistakes(draft, {item.symbol: item for item in instruments}))

    async def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRow]:
        records = await asyncio.to_thread(self._store.audit, session_id=session_id, text=text, limit=limit)
        return tuple(
            AuditRow(item.session_id, item.sequence, item.at, item.wall, item.kind, item.text, item.data)
            for item in records
        )

    async def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        """Return the saved versions of a strategy, newest first."""
        return tuple(reversed(await asyncio.to_thread(self._store.strategy_versions, name)))

    async def save_strategy(self, strategy: Strategy) -> str:
        """Store a new immutable version.

        Raises:
            FieldError: a rule cannot be compiled; nothing was stored.
        """
        compile_strategy(strategy)
        return await asyncio.to_thread(self._store.save_strategy, strategy)

    # following -------------------------------------------------------------------------------------------------
    def follow(self, listener: Callable[[Changes], None], *, first: bool = False) -> Callable[[], None]:
        return self._changes.follow(listener, first=first)

    def on_fact(self, listener: Callable[[Fact], None]) -> Callable[[], None]:
        return self._bus.subscribe_all(listener)

    def warnings(self) -> Sequence[Warned]:
        return tuple(self._warnings)

    @property
    def is_demo_only(self) -> bool:
        """Whether nothing but the demo session is there."""
        return all(item.settings.name == DEMO_NAME for item in self._all())

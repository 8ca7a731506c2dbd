"""Builds the runner of a session: its feed, history, evaluators, hours and unit; and brings stored ones back."""

from __future__ import annotations

import asyncio
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.errors import EnvironmentFault
from desktop.domain.market import FeedOrigin, timeframe_us
from desktop.domain.orders import TERMINAL
from desktop.engine.absent_feed import absent_rig
from desktop.engine.book import BLOCKS_KEPT, FILLS_KEPT, ORDERS_KEPT, TRADES_KEPT, SessionBook
from desktop.engine.drafts import compile_strategy
from desktop.engine.feed_shelf import is_shared
from desktop.engine.runner import SessionRunner
from desktop.engine.session_market import SessionMarket
from desktop.market.calendars import load_hours
from desktop.trading.performance import Performance
from desktop.trading.proposals import StrategyRules
from desktop.trading.unit import build_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.domain.events import Fact
    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.feed_rig import FeedRig
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.live.accounts import Accounts
    from desktop.engine.live.room import AccountRoom
    from desktop.ports import Clock, Store, StoredSession, TradingHours
    from desktop.rules.compile import Rule
    from desktop.rules.stream import StreamEvaluator

MOST_MISSED = 5_000  # bars asked for of the time that the program was away
LEAST_HISTORY = 300  # bars a new session starts with, so that its chart is not empty


class RunnerFactory:
    """The one place where a session meets its ports."""

    def __init__(
        self,
        shelf: FeedShelf,
        store: Store,
        clock: Clock,
        changes: ChangeCollector,
        publish: Callable[[Fact], None],
        accounts: Accounts,
    ) -> None:
        self.accounts = accounts
        self._shelf, self._store, self._clock, self._changes, self._publish = shelf, store, clock, changes, publish
        self.on_failure: Callable[[SessionRunner, BaseException], None] = _unheard

    async def created(self, settings: SessionSettings) -> SessionRunner:
        """Return the runner of a new session; its series begin with the feed's history."""
        rules = compile_strategy(settings.strategy)
        rig = await self._shelf.rig(settings.feed, {}, settings.session_id)
        hours = await self._hours(settings)
        timeframe = settings.strategy.timeframe
        wanted = max(LEAST_HISTORY, *(rule.history for rule in rules))
        evaluators: dict[str, StreamEvaluator] = {}
        history: list[Bar] = []
        for instrument in settings.instruments:
            bars = await rig.feed.history(instrument.symbol, timeframe, wanted)
            evaluators[instrument.symbol] = rig.hub.follow(instrument.symbol, timeframe, bars, rules)
            history.extend(bars)
        room = await self.accounts.room_for(settings)
        runner = self._runner(settings, rig, rules, evaluators, hours, SessionBook.empty(settings.session_id), room)
        runner.remember(history)
        return runner

    async def restored(
        self, stored: StoredSession, book: SessionBook | None = None, *, absent: bool = False
    ) -> SessionRunner:
        """Return the runner of a stored session exactly as it was last committed.

        Args:
            stored: The session.
            book: What the window remembers of it; made from `stored` when not given.
            absent: Its feed cannot be opened: it is there to be looked at.

        Raises:
            AssayError: its feed cannot be opened or its strategy cannot be compiled.
        """
        settings = stored.settings
        rules = compile_strategy(settings.strategy)
        rig = absent_rig(stored, self._clock) if absent else await self._open(stored)
        hours = await self._hours(settings)
        room = None if absent else await self.accounts.room_for(settings)
        timeframe = settings.strategy.timeframe
        newer: list[Bar] = []
        evaluators: dict[str, StreamEvaluator] = {}
        for item in settings.instruments:
            known = stored.bars.get(item.symbol, ())
            since = _closed_since(rig, item.symbol, timeframe, known)
            since = since or await self._missed(rig, item.symbol, timeframe, known)
            evaluators[item.symbol] = rig.hub.follow(item.symbol, timeframe, [*known, *since], rules)
            newer.extend(since)
        runner = self._runner(settings, rig, rules, evaluators, hours, book or _book_of(stored), room)
        for bars in stored.bars.values():
            runner.knows(bars)
        runner.remember(newer)
        state = stored.state
        if state:
            runner.unit.restore(state["unit"], stored.orders, stored.execution_ids, stored.signals)
            runner.performance.restore(state["performance"])
            day, start = state["day"]
            runner.restore_day(day, Decimal(start))
        return runner

    async def _missed(self, rig: FeedRig, symbol: str, timeframe: str, known: Sequence[Bar]) -> list[Bar]:
        """Return the bars of a real market that closed while the program was away: the rules must not see a hole.

        While the feed cannot be reached there are none, and the series goes on with the first bar that is heard.
        """
        if rig.feed.origin != FeedOrigin.REAL_TIME or not known or rig.hub.series(symbol, timeframe) is not None:
            return []
        count = min(MOST_MISSED, max(0, self._clock.now() - known[-1].end) // timeframe_us(timeframe))
        if not count:
            return []
        try:
            bars = await rig.feed.history(symbol, timeframe, count)
        except EnvironmentFault:
            return []
        return [bar for bar in bars if bar.start > known[-1].start]

    async def _open(self, stored: StoredSession) -> FeedRig:
        """Return a session's rig; a market goes on where its last session left it, a recording where this one did."""
        feed, session_id = stored.settings.feed, stored.settings.session_id
        position: Mapping[str, object] | None = stored.feed_position
        if is_shared(feed) and self._shelf.opened(feed) is None:
            position = await asyncio.to_thread(self._store.feed_position, feed)
        return await self._shelf.rig(feed, position or {}, session_id)

    def _runner(
        self,
        settings: SessionSettings,
        rig: FeedRig,
        rules: tuple[Rule, ...],
        evaluators: Mapping[str, StreamEvaluator],
        hours: Mapping[str, TradingHours],
        book: SessionBook,
        room: AccountRoom | None,
    ) -> SessionRunner:
        market = SessionMarket(settings, rig, hours, evaluators)
        compiled = StrategyRules(rules[0], rules[1] if len(rules) > 1 else None)
        unit = build_unit(settings, evaluators, hours, rules=compiled, forming=market.forming, room=room)
        return SessionRunner(
            settings,
            unit,
            book,
            market=market,
            rules=rules,
            performance=Performance(settings.cash),
            store=self._store,
            changes=self._changes,
            publish=self._publish,
            on_failure=self._failed,
        )

    async def _hours(self, settings: SessionSettings) -> dict[str, TradingHours]:
        """Return each symbol's hours; calendars are built off the loop."""
        found: dict[str, TradingHours] = {}
        for item in settings.instruments:
            found[item.symbol] = await load_hours(settings.hours_of(item.symbol))
        return found

    def _failed(self, runner: SessionRunner, error: BaseException) -> None:
        self.on_failure(runner, error)

    def join(self, runner: SessionRunner) -> None:
        """Let a session hear its feed from now on; bars that closed meanwhile become part of it."""
        runner.catch_up()
        runner.market.rig.join(runner)

    def silence(self, runner: SessionRunner) -> None:
        """Stop telling a session that failed."""
        runner.market.rig.leave(runner)

    def replace(self, old: SessionRunner) -> None:
        """Take off the hub what a runner followed whose successor is there."""
        old.market.rig.leave(old)
        old.market.leave(old.rules)

    async def leave(self, runner: SessionRunner) -> None:
        """Take a session off its feed; the feed ends with its last session."""
        self.replace(runner)
        await self._shelf.release(runner.settings.feed, runner.session_id)


def _closed_since(rig: FeedRig, symbol: str, timeframe: str, known: Sequence[Bar]) -> list[Bar]:
    """Return the bars that closed after the last stored one while the session was away and its feed was not."""
    series = rig.hub.series(symbol, timeframe)
    return [bar for bar in series.bars() if bar.start > known[-1].start] if series is not None and known else []


def _unheard(_: SessionRunner, error: BaseException) -> None:
    raise error


def _book_of(stored: StoredSession) -> SessionBook:
    older, newer = stored.orders[:-ORDERS_KEPT], stored.orders[-ORDERS_KEPT:]
    return SessionBook(
        stored.settings.session_id,
        orders={item.order_id: item for item in (*(item for item in older if item.status not in TERMINAL), *newer)},
        triggers={item.trigger_id: item for item in stored.triggers},
        signals={item.signal_id: item for item in stored.signals},
        trades=deque(stored.trades, maxlen=TRADES_KEPT),
        fills=deque(stored.fills, maxlen=FILLS_KEPT),
        blocks=deque(maxlen=BLOCKS_KEPT),
        equity=list(stored.equity),
    )

"""Builds the runner of a session: its feed, history, evaluators, hours and unit; and brings stored ones back."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.engine.book import FILLS_KEPT, TRADES_KEPT, SessionBook
from desktop.engine.drafts import compile_strategy
from desktop.engine.runner import SessionRunner
from desktop.engine.session_market import SessionMarket
from desktop.market.calendars import load_hours
from desktop.trading.performance import Performance
from desktop.trading.unit import build_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop.domain.events import Fact
    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.feed_rig import FeedRig
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.ports import Clock, Store, StoredSession, TradingHours
    from desktop.rules.compile import Rule
    from desktop.rules.stream import StreamEvaluator

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
    ) -> None:
        self._shelf, self._store, self._clock, self._changes, self._publish = shelf, store, clock, changes, publish
        self.on_failure: Callable[[SessionRunner, BaseException], None] = _unheard

    async def created(self, settings: SessionSettings) -> SessionRunner:
        """Return the runner of a new session; its series begin with the feed's history."""
        rules = compile_strategy(settings.strategy)
        rig = await self._shelf.rig(settings.feed, {})
        timeframe = settings.strategy.timeframe
        wanted = max(LEAST_HISTORY, *(rule.history for rule in rules))
        evaluators: dict[str, StreamEvaluator] = {}
        history: list[Bar] = []
        for instrument in settings.instruments:
            bars = await rig.feed.history(instrument.symbol, timeframe, wanted)
            evaluators[instrument.symbol] = rig.hub.follow(instrument.symbol, timeframe, bars, rules)
            history.extend(bars)
        runner = await self._runner(settings, rig, rules, evaluators, SessionBook.empty(settings.session_id))
        runner.remember(history)
        return runner

    async def restored(self, stored: StoredSession, book: SessionBook | None = None) -> SessionRunner:
        """Return the runner of a stored session exactly as it was last committed."""
        settings = stored.settings
        rules = compile_strategy(settings.strategy)
        rig = await self._shelf.rig(settings.feed, stored.feed_position)
        timeframe = settings.strategy.timeframe
        evaluators = {
            item.symbol: rig.hub.follow(item.symbol, timeframe, stored.bars.get(item.symbol, ()), rules)
            for item in settings.instruments
        }
        runner = await self._runner(settings, rig, rules, evaluators, book or _book_of(stored))
        state = stored.state
        if state:
            runner.unit.restore(state["unit"], stored.orders, stored.execution_ids, stored.signals)
            runner.performance.restore(state["performance"])
            day, start = state["day"]
            runner.restore_day(day, Decimal(start))
        return runner

    async def _runner(
        self,
        settings: SessionSettings,
        rig: FeedRig,
        rules: tuple[Rule, ...],
        evaluators: Mapping[str, StreamEvaluator],
        book: SessionBook,
    ) -> SessionRunner:
        hours = await self._hours(settings)
        market = SessionMarket(settings, rig, hours)
        unit = build_unit(settings, evaluators, hours, forming=market.forming)
        return SessionRunner(
            settings,
            unit,
            book,
            market=market,
            rules=rules,
            performance=Performance(settings.cash),
            store=self._store,
            clock=self._clock,
            changes=self._changes,
            publish=self._publish,
            on_failure=self._failed,
        )

    async def _hours(self, settings: SessionSettings) -> dict[str, TradingHours]:
        """Return each symbol's hours; calendars are built off the loop."""
        found: dict[str, TradingHours] = {}
        for item in settings.instruments:
            spec = item.calendar if settings.hours == "instrument" else settings.hours
            found[item.symbol] = await load_hours(spec)
        return found

    def _failed(self, runner: SessionRunner, error: BaseException) -> None:
        self.on_failure(runner, error)

    def join(self, runner: SessionRunner) -> None:
        """Let a session hear its feed."""
        rig = runner.market.rig
        rig.join(runner)

    def silence(self, runner: SessionRunner) -> None:
        """Stop telling a session that failed."""
        runner.market.rig.leave(runner)

    async def leave(self, runner: SessionRunner) -> None:
        """Take a session off its feed; the feed ends with its last session."""
        runner.market.rig.leave(runner)
        await self._shelf.release(runner.settings.feed)


def _unheard(_: SessionRunner, error: BaseException) -> None:
    raise error


def _book_of(stored: StoredSession) -> SessionBook:
    return SessionBook(
        stored.settings.session_id,
        orders={item.order_id: item for item in stored.orders},
        triggers={item.trigger_id: item for item in stored.triggers},
        signals={item.signal_id: item for item in stored.signals},
        trades=deque(stored.trades, maxlen=TRADES_KEPT),
        fills=deque(stored.fills, maxlen=FILLS_KEPT),
        blocks=deque(maxlen=200),
        equity=list(stored.equity),
    )

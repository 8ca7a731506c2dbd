"""A feed and its hub, wired to the sessions that live on them: one armed call per burst, one timer for the clock."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from desktop.domain.market import Quote
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed, Message, Quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed

TICK = 0.25  # seconds between two looks at the clock: bars close and signals expire this promptly


class Taker(Protocol):
    """A session as its feed sees it."""

    @property
    def symbols(self) -> frozenset[str]: ...

    @property
    def timeframe(self) -> str: ...

    def take(self, messages: Sequence[Message]) -> None: ...

    def tick(self, at: int) -> None: ...


class FeedRig:
    """One feed, one hub and the sessions on it; every call is made on the loop."""

    def __init__(
        self,
        feed: MarketFeed,
        hub: Hub,
        clock: Clock,
        *,
        on_moved: Callable[[Iterable[str]], None],
        on_state: Callable[[str, str], None],
    ) -> None:
        """`on_moved` hears the symbols whose price moved in a burst, `on_state` changes of the connection."""
        self.feed, self.hub, self.clock = feed, hub, clock
        self._on_moved, self._on_state = on_moved, on_state
        self._by_symbol: dict[str, list[Taker]] = defaultdict(list)
        self._takers: list[Taker] = []
        self._armed = False
        self._timer: asyncio.TimerHandle | None = None
        self._running = False
        self.state, self.state_detail = "connecting", "waiting for the first price"
        self.last_burst_at = 0  # µs UTC
        hub.wake = self._arm
        hub.on_feed_state = self._state_changed

    async def start(self) -> None:
        """Start the feed and the clock timer."""
        self._running = True
        self._schedule()
        await self.feed.start(self.hub)

    async def stop(self) -> None:
        """Stop both; sessions keep what they have."""
        self._running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self.feed.stop()

    def join(self, taker: Taker) -> None:
        """Let a session hear its symbols from now on."""
        if taker in self._takers:
            return
        self._takers.append(taker)
        for symbol in taker.symbols:
            self._by_symbol[symbol].append(taker)

    def leave(self, taker: Taker) -> None:
        """Stop telling a session."""
        if taker not in self._takers:
            return
        self._takers.remove(taker)
        for symbol in taker.symbols:
            self._by_symbol[symbol].remove(taker)

    @property
    def idle(self) -> bool:
        """Whether no session is on it."""
        return not self._takers

    def _state_changed(self, state: str, detail: str) -> None:
        self.state, self.state_detail = state, detail
        self._on_state(state, detail)

    def _arm(self) -> None:
        if not self._armed and self._running:
            self._armed = True
            asyncio.get_running_loop().call_soon(self._drain)

    def _schedule(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        if not self._running:
            return
        self._schedule()
        now = self.clock.now()
        self.hub.advance(now)
        self._drain()
        for taker in tuple(self._takers):
            taker.tick(now)

    def _drain(self) -> None:
        self._armed = False
        bursts = self.hub.drain()
        if not bursts:
            return
        now = self.last_burst_at = self.clock.now()
        moved: set[str] = set()
        outgoing: dict[int, list[Message]] = defaultdict(list)
        takers: dict[int, Taker] = {}
        for burst in bursts:
            if isinstance(burst, tuple):
                self._sort_quotes(burst, now, outgoing, takers, moved)
            else:
                self._sort_message(burst, outgoing, takers, moved)
        for key, messages in outgoing.items():
            takers[key].take(messages)
        self._on_moved(moved)

    def _sort_quotes(
        self,
        quotes: tuple[Quote, ...],
        now: int,
        outgoing: dict[int, list[Message]],
        takers: dict[int, Taker],
        moved: set[str],
    ) -> None:
        by_symbol = self._by_symbol
        per_taker: dict[int, list[Quote]] = defaultdict(list)
        for quote in quotes:
            moved.add(quote.symbol)
            for taker in by_symbol.get(quote.symbol, ()):
                key = id(taker)
                takers[key] = taker
                per_taker[key].append(quote)
        for key, mine in per_taker.items():
            outgoing[key].append(Quotes(max(now, mine[-1].at), tuple(mine)))

    def _sort_message(
        self,
        message: BarsClosed | BarsPassed | BadQuote,
        outgoing: dict[int, list[Message]],
        takers: dict[int, Taker],
        moved: set[str],
    ) -> None:
        if isinstance(message, BadQuote):
            for taker in self._by_symbol.get(message.symbol, ()):
                takers[id(taker)] = taker
                outgoing[id(taker)].append(message)
            return
        moved.update(bar.symbol for bar in message.bars)
        for taker in self._takers:
            mine = tuple(
                bar for bar in message.bars if bar.timeframe == taker.timeframe and bar.symbol in taker.symbols
            )
            if mine:
                takers[id(taker)] = taker
                outgoing[id(taker)].append(type(message)(message.at, mine))

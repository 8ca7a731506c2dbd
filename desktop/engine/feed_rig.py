"""A feed and its hub, wired to the sessions that live on them: one armed call per burst, one timer for the clock."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from desktop.domain.market import Bar
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed, Halted, Message, Quotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desktop.domain.market import Quote
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


class _Seat:
    """A session on the rig, and what the burst at hand holds for it."""

    __slots__ = ("messages", "quotes", "taker")

    def __init__(self, taker: Taker) -> None:
        self.taker = taker
        self.quotes: list[Quote] = []
        self.messages: list[Message] = []


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
        self.feed, self.hub = feed, hub
        self._feed_now: Callable[[], int] = getattr(feed, "now", clock.now)
        self._handed_at = 0  # µs UTC of the last item handed to the sessions
        self._handed: dict[str, Quote | Bar] = {}  # the last of each symbol that was handed to the sessions
        self._on_moved, self._on_state = on_moved, on_state
        self._seats: list[_Seat] = []
        self._by_symbol: dict[str, list[_Seat]] = defaultdict(list)
        self._hands: dict[str, list[Callable[[Quote], None]]] = {}  # what to call with a quote of each symbol
        self._armed = False
        self._timer: asyncio.TimerHandle | None = None
        self.running = False
        self.state, self.state_detail = "connecting", "waiting for the first price"
        self.last_burst_at = 0  # µs UTC
        hub.wake = self._arm
        hub.on_feed_state = self._state_changed

    async def start(self) -> None:
        """Start the feed and the clock timer; does nothing where they run."""
        if self.running:
            return
        self.running = True
        self._schedule()
        await self.feed.start(self.hub)

    async def stop(self) -> None:
        """Stop both; sessions keep what they have."""
        self.running = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self.feed.stop()

    async def go_on_with(self, feed: MarketFeed, hub: Hub) -> None:
        """Hear another feed of the same prices from now on; `hub`: the one it came with, which is not kept.

        Sessions keep their places, and their bars show the gap.
        """
        before, self.feed = self.feed, feed
        await before.stop()
        self.hub.ask_elsewhere(hub)
        if self.running:
            await feed.start(self.hub)

    def now(self) -> int:
        """Return message time, µs UTC: the feed's own where it has one (a recording: its rows'), else the clock's.

        While sessions are behind a recording, it is the time of the last row they saw.
        """
        return self._handed_at if self.hub.behind and self._handed_at else self._feed_now()

    def last_price(self, symbol: str) -> float:
        """Return a symbol's price at `now`; 0 where there is none.

        The hub's own may lie years ahead: it has heard all rows of a recording that sessions are still behind of.
        """
        if not self.hub.behind:
            return self.hub.last_price(symbol)
        handed = self._handed.get(symbol)
        if handed is None:
            return 0.0
        return handed.close if isinstance(handed, Bar) else handed.mid

    def join(self, taker: Taker) -> None:
        """Let a session hear its symbols from now on, and what the feed last said of halts in them."""
        if any(seat.taker is taker for seat in self._seats):
            return
        seat = _Seat(taker)
        self._seats.append(seat)
        for symbol in taker.symbols:
            self._by_symbol[symbol].append(seat)
        self._hand_out(taker.symbols)
        halts = [self.hub.halts[symbol] for symbol in taker.symbols if symbol in self.hub.halts]
        if halts:
            taker.take(halts)

    def leave(self, taker: Taker) -> None:
        """Stop telling a session."""
        for seat in [item for item in self._seats if item.taker is taker]:
            self._seats.remove(seat)
            for symbol in taker.symbols:
                self._by_symbol[symbol].remove(seat)
        self._hand_out(taker.symbols)

    def _hand_out(self, symbols: Iterable[str]) -> None:
        for symbol in symbols:
            self._hands[symbol] = [seat.quotes.append for seat in self._by_symbol[symbol]]

    @property
    def idle(self) -> bool:
        """Whether no session is on it."""
        return not self._seats

    def _state_changed(self, state: str, detail: str) -> None:
        self.state, self.state_detail = state, detail
        self._on_state(state, detail)

    # time and bursts -------------------------------------------------------------------------------------------
    def _arm(self) -> None:
        if not self._armed and self.running:
            self._armed = True
            asyncio.get_running_loop().call_soon(self._drain)

    def _schedule(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        if not self.running:
            return
        self._schedule()
        now = self.now()
        self.hub.advance(now)
        self._drain()
        for seat in tuple(self._seats):
            seat.taker.tick(now)

    def _drain(self) -> None:
        self._armed = False
        bursts = self.hub.drain()
        if not bursts:
            return
        now = self.last_burst_at = self.now()
        moved: set[str] = set()
        for burst in bursts:
            if isinstance(burst, tuple):
                self._sort_quotes(burst, now, moved)
            else:
                self._sort_message(burst, moved)
        for seat in tuple(self._seats):
            if seat.messages:
                messages, seat.messages = seat.messages, []
                seat.taker.take(messages)
        self._on_moved(moved)

    def _sort_quotes(self, quotes: tuple[Quote, ...], now: int, moved: set[str]) -> None:
        hands, handed = self._hands, self._handed
        for quote in quotes:
            symbol = quote[0]
            moved.add(symbol)
            handed[symbol] = quote
            if symbol in hands:
                for hand in hands[symbol]:
                    hand(quote)
        for seat in self._seats:
            if seat.quotes:
                mine = tuple(seat.quotes)
                seat.quotes.clear()
                last = mine[-1].at
                seat.messages.append(Quotes(max(last, now), mine))

    def _sort_message(self, message: BarsClosed | BarsPassed | BadQuote | Halted, moved: set[str]) -> None:
        if isinstance(message, BadQuote | Halted):
            for seat in self._by_symbol.get(message.symbol, ()):
                seat.messages.append(message)
            return
        moved.update(bar.symbol for bar in message.bars)
        self._handed.update((bar.symbol, bar) for bar in message.bars)
        self._handed_at = message.at
        kind = type(message)
        for seat, bars in self._slices(message.bars).values():
            seat.messages.append(kind(message.at, tuple(bars)))

    def _slices(self, bars: Iterable[Bar]) -> dict[int, tuple[_Seat, list[Bar]]]:
        """Return what each session is to see of the bars of one instant."""
        found: dict[int, tuple[_Seat, list[Bar]]] = {}
        for bar in bars:
            for seat in self._by_symbol.get(bar.symbol, ()):
                if seat.taker.timeframe == bar.timeframe:
                    found.setdefault(id(seat), (seat, []))[1].append(bar)
        return found

"""The hub of one feed: every symbol once, however many sessions. Checks, cache, bars and evaluators; bursts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, Bar, Quote, Trade, timeframe_us
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed, Halted
from desktop.market.bars import NEVER, BarBuilder
from desktop.market.cache import SymbolCache
from desktop.market.evaluators import SharedEvaluators
from desktop.market.lanes import Lane, Track
from desktop.market.outbox import Item, Outbox
from desktop.market.quality import DOUBTFUL, FUTURE, LATE, SPIKE_FACTOR
from desktop.market.series import DEFAULT_CAPACITY, Series, unknown
from desktop.market.zones import zone_of
from desktop.rules.compile import Rule
from desktop.rules.stream import StreamEvaluator

CHART_CAPACITY = 1_500  # closed bars at hand of a series that a session runs on: what its chart shows
AHEAD = HOUR  # a tick this far ahead of the clock is an error of the feed: it would close everyone's bars


def _nothing(*_: str) -> None:
    """Nobody listens."""


class Hub:
    """Implements `ports.FeedListener`. Every call is made on one thread.

    Attributes:
        name: The feed's key.
        wake: Called once when the first item after a drain is there, and again while a drain left some behind.
        on_feed_state: Hears changes of the feed's connection: state and a sentence.
        on_subscribe: Told the symbol when its first listener comes.
        on_unsubscribe: Told the symbol when its last listener leaves.
        halts: By watched symbol, the last that the feed said of a halt; an empty reason: it trades.
    """

    def __init__(self, name: str, instruments: Sequence[Instrument], *, zones: Mapping[str, str] | None = None) -> None:
        """`zones`: of each symbol's exchange, where they are not those of its calendar."""
        self.name = name
        self.on_feed_state: Callable[[str, str], None] = _nothing
        self.on_subscribe: Callable[[str], None] = _nothing
        self.on_unsubscribe: Callable[[str], None] = _nothing
        self.halts: dict[str, Halted] = {}
        self._instruments = {item.symbol: item for item in instruments}
        self._zones = {symbol: zone_of(item.calendar) for symbol, item in self._instruments.items()} | dict(zones or {})
        self._lanes: dict[str, Lane] = {}
        self._shared = SharedEvaluators()
        self._outbox = Outbox(self._shared.closed)
        self._due = NEVER  # µs UTC of the earliest end of a forming bar
        self._horizon = NEVER  # µs UTC from which on a tick is from the future; without a clock there is none

    @property
    def wake(self) -> Callable[[], None]:
        """Called when there is something to drain."""
        return self._outbox.wake

    @wake.setter
    def wake(self, call: Callable[[], None]) -> None:
        self._outbox.wake = call

    # subscriptions ---------------------------------------------------------------------------------------------
    def watch(
        self, symbol: str, timeframe: str = "", history: Sequence[Bar] = (), capacity: int = DEFAULT_CAPACITY
    ) -> SymbolCache:
        """Listen to a symbol and, where a timeframe is given, build its bars.

        Args:
            symbol: One of the feed's.
            timeframe: Empty: quotes only.
            history: Closed bars that a new series begins with; a series that is there keeps its own.
            capacity: Closed bars kept.

        Raises:
            NotFound: the feed has no such symbol.
        """
        lane = self._lanes.get(symbol)
        if lane is None:
            if symbol not in self._instruments:
                raise NotFound("symbol", symbol, f"The feed {self.name} does not have it.")
            lane = self._lanes[symbol] = Lane(self._instruments[symbol], self._zones[symbol])
            self.on_subscribe(symbol)
        lane.users += 1
        if timeframe:
            lane.open(timeframe, capacity, history).users += 1
        return lane.cache

    def ask_elsewhere(self, other: Hub) -> None:
        """Subscribe what is watched where another hub subscribes: its feed takes the place of the one before."""
        self.on_subscribe, self.on_unsubscribe = other.on_subscribe, other.on_unsubscribe
        for symbol in self._lanes:
            self.on_subscribe(symbol)

    def unwatch(self, symbol: str, timeframe: str = "") -> None:
        """Undo one `watch`; after the last one the symbol is forgotten."""
        lane = self._lanes.get(symbol)
        if lane is None:
            return
        if timeframe and timeframe in lane.tracks:
            lane.tracks[timeframe].users -= 1
            if lane.tracks[timeframe].users == 0:
                self._shared.forget(symbol, timeframe)
            lane.close(timeframe)
        lane.users -= 1
        if lane.users <= 0:
            del self._lanes[symbol]
            self.halts.pop(symbol, None)
            self.on_unsubscribe(symbol)

    def follow(self, symbol: str, timeframe: str, history: Sequence[Bar], rules: Sequence[Rule]) -> StreamEvaluator:
        """Watch a series and return the evaluator that begins with `history`; equal origins share one.

        Args:
            symbol: One of the feed's.
            timeframe: Of the session.
            history: All bars since the session's origin, oldest first.
            rules: The session's.

        Raises:
            NotFound: the feed has no such symbol.
        """
        self.watch(symbol, timeframe, history, CHART_CAPACITY)
        lane = self._lanes[symbol]
        track = lane.tracks[timeframe]
        origin = history[0].start if history else max(0, track.builder.closed_until)
        return self._shared.get(symbol, timeframe, origin, history, rules, zone=lane.zone)

    def insert(self, symbol: str, timeframe: str, bars: Sequence[Bar]) -> Mapping[int, Sequence[Bar]]:
        """Put bars that were missed into a series in their place; nobody is told, and no rule is judged on them.

        Args:
            symbol: Of the series.
            timeframe: Likewise.
            bars: Closed ones, oldest first; those that are known, or whose period still goes on, are left out.

        Returns:
            What each evaluator had not seen, by its `id`; it has started anew on all bars.
        """
        lane = self._lanes.get(symbol)
        track = lane.tracks.get(timeframe) if lane is not None else None
        if track is None:
            return {}
        builder = track.builder
        closed = unknown(track.series.columns(), [bar for bar in bars if bar.end <= builder.start])
        if closed and builder.end == NEVER:
            builder.settle(closed[-1].end)
        for child in track.children:
            self._include(child.builder, closed)
        track.series.insert(closed)
        return self._shared.insert(symbol, timeframe, closed)

    def _include(self, builder: BarBuilder, closed: Sequence[Bar]) -> None:
        """Put bars that were missed into the longer bar whose period still goes on, begun by them or by a tick."""
        if builder.end == NEVER and closed:
            start, end = builder.period(closed[-1].start)
            if end <= self._horizon - AHEAD or start < builder.closed_until:
                return  # it is over, and is asked for itself
            closed = [bar for bar in closed if bar.start >= start]
            builder.add_bar(closed[0])
            self._due = min(self._due, builder.end)
            for bar in closed[1:]:
                builder.add_bar(bar)
            return
        for bar in closed:
            builder.include(bar)

    def is_watched(self, symbol: str) -> bool:
        """Whether anyone listens to the symbol."""
        return symbol in self._lanes

    # from the feed ---------------------------------------------------------------------------------------------
    def on_quote(self, quote: Quote) -> None:
        """Take a quote: check it, remember it, build bars from it, hand it on with the next burst."""
        symbol, at, bid, ask, _, _ = quote
        lane = self._lanes.get(symbol)
        if lane is None:
            return
        cache = lane.cache
        check = cache.check
        level, last = bid + ask, check.level
        # A quote near the last good one in price and after it in time needs no closer look.
        if (
            0.0 < bid <= ask
            and last < level * SPIKE_FACTOR
            and level < last * SPIKE_FACTOR
            and check.at < at < self._horizon
        ):
            check.level, check.at = level, at
        elif not self._passes(lane, quote):
            return
        if at >= self._due:
            self._close_due(at)
        price = level / 2
        cache.quote, cache.price, cache.at = quote, price, at
        cache.accepted += 1
        if price > cache.high or price < cache.low or at >= cache.day_end:
            cache.widen(price, at)
        builder = lane.only
        if builder is not None and builder.start <= at < builder.end:
            builder.close, builder.last_at = price, at
            builder.ticks += 1.0
            if price > builder.high:
                builder.high = price
            elif price < builder.low:
                builder.low = price
        elif lane.roots:
            self._build(lane, at, price, 0.0)
        outbox = self._outbox
        outbox.quotes.append(quote)
        if not outbox.awake:
            outbox.rouse()

    def on_trade(self, trade: Trade) -> None:
        """Take a print. On a feed of prints only, its price stands for both sides of a quote."""
        lane = self._lanes.get(trade.symbol)
        if lane is None:
            return
        cache, at = lane.cache, trade.at
        reason = FUTURE if at >= self._horizon else ""
        if reason:
            cache.check.dropped[reason] += 1
        reason = reason or cache.check.trade(trade, sole=not lane.quoted)
        if reason:
            self._refused(lane, reason, at, trade.price, trade.size)
            return
        cache.trades.append(trade)
        if lane.quoted:
            cache.volume += trade.size
            for builder in lane.roots:
                builder.add_size(at, trade.size)
            return
        if at >= self._due:
            self._close_due(at)
        cache.see(trade.price, at)
        cache.volume += trade.size
        quote = cache.quote = Quote(trade.symbol, at, trade.price, trade.price, trade.size, trade.size)
        for builder in lane.roots:
            builder.sized()
        self._build(lane, at, trade.price, trade.size)
        self._outbox.quotes.append(quote)
        self._outbox.rouse()

    def on_bars(self, bars: Sequence[Bar]) -> None:
        """Take the closed bars of one instant from a feed that has bars only."""
        mine = tuple(bar for bar in bars if bar.symbol in self._lanes)
        if not mine:
            return
        end = max(bar.end for bar in mine)
        self._close_due(min(bar.start for bar in mine))
        self._outbox.put(BarsPassed(end, mine))
        for bar in mine:
            lane = self._lanes[bar.symbol]
            lane.cache.see(bar.high, bar.start)
            lane.cache.see(bar.low, bar.start)
            lane.cache.see(bar.close, end)
            lane.cache.volume += bar.volume
            self._closed(lane.take_bars(bar.timeframe), bar)
        self._outbox.put(BarsClosed(end, mine))
        self._close_due(end)

    def on_halt(self, symbol: str, reason: str, at: int) -> None:
        """Take that trading in a symbol was halted, or goes on; handed on in its place among the quotes."""
        if symbol in self._lanes:
            message = self.halts[symbol] = Halted(at, symbol, reason, by="feed")
            self._outbox.put(message)

    def on_state(self, state: str, detail: str) -> None:
        """Pass a change of the connection on."""
        self.on_feed_state(state, detail)

    def _passes(self, lane: Lane, quote: Quote) -> bool:
        """Look closely at a quote that is not plainly good; a drop is counted, and told where it casts doubt."""
        check = lane.cache.check
        if quote.at >= self._horizon:
            check.dropped[FUTURE] += 1
            return False
        reason = check.quote(quote, lane.cache.quote)
        if reason:
            self._refused(lane, reason, quote.at, quote.mid, 0.0)
            return False
        lane.quoted = True
        return True

    def _refused(self, lane: Lane, reason: str, at: int, price: float, size: float) -> None:
        if reason == LATE:  # a good price, only out of order: it still belongs to its bar
            self._build(lane, at, price, size)
        elif reason in DOUBTFUL:
            self._outbox.put(BadQuote(max(at, lane.cache.at), lane.cache.instrument.symbol, reason))

    def _build(self, lane: Lane, at: int, price: float, size: float) -> None:
        for builder in lane.roots:
            builder.add(at, price, size)
            self._due = min(self._due, builder.end)

    # time ------------------------------------------------------------------------------------------------------
    def advance(self, at: int) -> None:
        """Let the clock be at `at` (µs UTC): bars that are over are closed, whether or not a tick followed."""
        self._horizon = at + AHEAD
        self._close_due(at)

    def _close_due(self, at: int) -> None:
        """Close what is over: earliest end first, short timeframes first, all symbols of an instant together."""
        while at >= self._due:
            due = self._due
            lanes = self._lanes.values()
            timeframes = {name for lane in lanes for name in lane.tracks}
            for timeframe in sorted(timeframes, key=timeframe_us):
                closed: list[Bar] = []
                for lane in lanes:
                    track = lane.tracks.get(timeframe)
                    if track is not None and track.builder.end <= due:
                        for bar in track.builder.close_until(due):
                            self._closed(track, bar)
                            closed.append(bar)
                if closed:
                    self._outbox.put(BarsClosed(due, tuple(closed)))
            self._due = min((lane.due() for lane in lanes), default=NEVER)

    def _closed(self, track: Track, bar: Bar) -> None:
        track.series.append(bar)
        for child in track.children:
            child.builder.add_bar(bar)
            self._due = min(self._due, child.builder.end)

    @property
    def behind(self) -> bool:
        """Whether there is more than the last drain took: time is that of what was taken, not that of the feed."""
        return self._outbox.behind

    def drain(self) -> list[Item]:
        """Return what came since the last drain, in order: runs of quotes as tuples, and messages.

        A drain ends before bars that close after anything else, because the evaluators have seen these bars as soon as
        they are handed out. What is left behind is there at once: `wake` is called again.
        """
        return self._outbox.drain()

    # reads -----------------------------------------------------------------------------------------------------
    def cache(self, symbol: str) -> SymbolCache:
        """Return what is known of a watched symbol (KeyError: it is not watched)."""
        return self._lanes[symbol].cache

    def instrument(self, symbol: str) -> Instrument:
        """Return a symbol's instrument (KeyError: the feed does not have it)."""
        return self._instruments[symbol]

    def age(self, symbol: str, at: int) -> int:
        """Return µs since the last good tick of a watched symbol; since ever where there was none."""
        last = self._lanes[symbol].cache.at
        return NEVER if last < 0 else max(0, at - last)

    def series(self, symbol: str, timeframe: str) -> Series | None:
        """Return the closed bars of a symbol; None where they are not built."""
        lane = self._lanes.get(symbol)
        return lane.cache.series.get(timeframe) if lane is not None else None

    def forming(self, symbol: str, timeframe: str) -> Bar | None:
        """Return the bar that is not closed yet."""
        lane = self._lanes.get(symbol)
        track = lane.tracks.get(timeframe) if lane is not None else None
        return track.forming() if track is not None else None

    def last_price(self, symbol: str) -> float:
        """Return the last price of a symbol; 0 where there is none."""
        lane = self._lanes.get(symbol)
        return lane.cache.price if lane is not None else 0.0

    def recent_closes(self, symbol: str, count: int) -> list[float]:
        """Return the last closes of the symbol's shortest series."""
        lane = self._lanes.get(symbol)
        track = next(iter(lane.tracks.values()), None) if lane is not None else None
        return track.series.closes(count) if track is not None else []

"""A market of a thousand symbols that quotes thousands of times a second, some of them as the probes want it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, FeedOrigin, Quote, timeframe_us
from desktop.ports import Clock, FeedListener

BURST = 100  # quotes that come together, as a stream brings them
LOW, HIGH = 99.0, 101.0  # between which the probes move a price


class BusyMarket:
    """Implements `ports.MarketFeed`: random walks, in bursts; symbols in `levels` quote only when they are moved.

    Attributes:
        levels: Prices of the probes' symbols.
        begun: Seconds of the monotonic clock when the burst at hand began to come.
        spent: What each call of the listener took, in seconds; None: not measured.
        count: Quotes so far.
    """

    name = "busy"
    origin = FeedOrigin.REAL_TIME

    def __init__(self, clock: Clock, symbols: Sequence[str], probed: Sequence[str], rate: int) -> None:
        self._clock, self._random, self._rate = clock, Random(7), rate
        self._items = [Instrument(symbol) for symbol in (*symbols, *probed)]
        self._symbols = list(symbols)
        self.levels = dict.fromkeys(probed, LOW)
        self._prices = {symbol: 50 + 2 * self._random.random() * 50 for symbol in symbols}
        self._listener: FeedListener | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0
        self.begun = 0.0
        self.spent: list[float] | None = None
        self.count = 0

    def instruments(self) -> Sequence[Instrument]:
        return self._items

    async def start(self, listener: FeedListener) -> None:
        self._listener = listener
        listener.on_state("connected", "a market of the benchmark")
        self._due = time.monotonic()
        self._speak()

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._listener = None

    def subscribe(self, symbol: str) -> None: ...

    def unsubscribe(self, symbol: str) -> None: ...

    def position(self) -> Mapping[str, Any]:
        return {}

    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        """Return a random walk that ends where the symbol stands."""
        length, draw = timeframe_us(timeframe), self._random.gauss
        end, price = self._clock.now() // length * length, self.levels.get(symbol) or self._prices[symbol]
        made = []
        for back in range(1, bars + 1):
            opened = price * (1 + draw(0, 0.0005))
            low, high = sorted((opened, price))
            made.append(Bar(symbol, timeframe, end - back * length, opened, high, low, price, 100.0))
            price = opened
        return made[::-1]

    # what comes ------------------------------------------------------------------------------------------------
    def _speak(self) -> None:
        self._due += BURST / self._rate
        self._timer = asyncio.get_running_loop().call_later(max(0.0, self._due - time.monotonic()), self._speak)
        symbols, prices, draw = self._symbols, self._prices, self._random.random
        quotes, at = [], self._clock.now()
        for _ in range(BURST):
            self._next = (self._next + 1) % len(symbols)
            symbol = symbols[self._next]
            price = prices[symbol] = prices[symbol] * (1 + (draw() - 0.5) * 0.002)
            bid = round(price, 2)
            quotes.append(Quote(symbol, at, bid, bid + 0.02, 500.0, 500.0))
        self._say(quotes)

    def _say(self, quotes: Sequence[Quote]) -> None:
        listener = self._listener
        if listener is None:
            return
        take: Callable[[Quote], None] = listener.on_quote
        clock = time.perf_counter
        self.begun = clock()
        self.count += len(quotes)
        if self.spent is None:
            for quote in quotes:
                take(quote)
            return
        add = self.spent.append
        for quote in quotes:
            begin = clock()
            take(quote)
            add(clock() - begin)

    def move(self, symbol: str, price: float) -> float:
        """Let one quote come now, and another in which orders fill; returns when the first one began to come."""
        self.levels[symbol] = price
        self._quote(symbol)
        began = self.begun
        asyncio.get_running_loop().call_later(0.002, self._quote, symbol)
        return began

    def _quote(self, symbol: str) -> None:
        bid = self.levels[symbol]
        self._say([Quote(symbol, self._clock.now(), bid, bid + 0.02, 500.0, 500.0)])

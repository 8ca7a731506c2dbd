"""The hub of one feed: every symbol once, whatever the number of sessions. Checks, cache, bars, evaluators; bursts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, Bar, Quote, Trade
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed
from desktop.market.bars import BarBuilder
from desktop.market.cache import SymbolCache
from desktop.market.quality import DOUBTFUL
from desktop.market.series import Record, Series
from desktop.rules.columns import Columns, FloatArray
from desktop.rules.compile import Rule
from desktop.rules.stream import StreamEvaluator

Item = tuple[Quote, ...] | BarsClosed | BarsPassed | BadQuote
_KEPT = 1_500  # closed bars at hand for charts


def _nobody() -> None:
    """Nobody waits for a burst."""


class Hub:
    """Implements `ports.FeedListener`. Every call is made on one thread.

    Attributes:
        wake: Called once when the first item after a drain is there.
        on_feed_state: Hears changes of the feed's connection: state and a sentence.
    """

    def __init__(self, name: str, instruments: Sequence[Instrument]) -> None:
        self.name = name
        self.wake: Callable[[], None] = _nobody
        self.on_feed_state: Callable[[str, str], None] = lambda state, detail: None
        self._instruments = {item.symbol: item for item in instruments}
        self._caches: dict[str, SymbolCache] = {}
        self._builders: dict[str, list[BarBuilder]] = defaultdict(list)
        self._evaluators: dict[tuple[str, str, int], StreamEvaluator] = {}
        self._records: dict[tuple[str, str, int], Record] = {}
        self._due = 1 << 62  # µs UTC of the earliest end of a forming bar
        self._quotes: list[Quote] = []
        self._items: list[Item] = []
        self._quoted: set[str] = set()

    # subscriptions ---------------------------------------------------------------------------------------------
    def watch(self, symbol: str, timeframe: str = "", history: Sequence[Bar] = ()) -> SymbolCache:
        """Listen to a symbol and, where a timeframe is given, build its bars on top of a history."""
        cache = self._caches.get(symbol)
        if cache is None:
            cache = self._caches[symbol] = SymbolCache(self._instruments[symbol])
        if timeframe and timeframe not in cache.series:
            series = cache.series[timeframe] = Series(symbol, timeframe, max(_KEPT, len(history)))
            series.extend(history)
            builder = BarBuilder(symbol, timeframe)
            if history:
                builder.closed(history[-1].end)
            self._builders[symbol].append(builder)
        return cache

    def follow(self, symbol: str, timeframe: str, history: Sequence[Bar], rules: Sequence[Rule]) -> StreamEvaluator:
        """Return the evaluator of a series that begins with `history`, knowing the rules; shared by equal origins."""
        self.watch(symbol, timeframe, history)
        series = self._caches[symbol].series[timeframe]
        origin = history[0].start if history else (series.last.end if series.last else 0)
        key = (symbol, timeframe, origin)
        evaluator = self._evaluators.get(key)
        if evaluator is None:
            evaluator = self._evaluators[key] = StreamEvaluator(timeframe=timeframe)
            columns = Columns.of(history)
            self._records[key] = Record(columns)
            for rule in rules:
                evaluator.add(rule)
            evaluator.seed(columns)
            return evaluator
        for rule in rules:
            evaluator.add(rule, self._records[key].columns())
        return evaluator

    def is_watched(self, symbol: str) -> bool:
        """Whether anyone listens to the symbol."""
        return symbol in self._caches

    # from the feed ---------------------------------------------------------------------------------------------
    def on_quote(self, quote: Quote) -> None:
        """Take a quote: check it, remember it, build bars from it, hand it on with the next burst."""
        cache = self._caches.get(quote.symbol)
        if cache is None:
            return
        reason = cache.check.quote(quote, cache.quote)
        if reason:
            if reason in DOUBTFUL:
                self._put(BadQuote(quote.at, quote.symbol, reason))
            return
        at = quote.at
        if at >= self._due:
            self.advance(at)
        cache.quote = quote
        price = (quote.bid + quote.ask) / 2
        self._see(cache, price, at)
        self._build(quote.symbol, at, price, 0.0)
        if not self._quotes and not self._items:
            self.wake()
        self._quotes.append(quote)
        self._quoted.add(quote.symbol)

    def on_trade(self, trade: Trade) -> None:
        """Take a print. On a feed of prints only its price stands for both sides of a quote."""
        cache = self._caches.get(trade.symbol)
        if cache is None or cache.check.trade(trade):
            return
        cache.trades.append(trade)
        if trade.symbol in self._quoted and cache.quote is not None and cache.quote.bid != cache.quote.ask:
            for builder in self._builders[trade.symbol]:
                builder.add_size(trade.at, trade.size)
            return
        if trade.at >= self._due:
            self.advance(trade.at)
        quote = Quote(trade.symbol, trade.at, trade.price, trade.price, trade.size, trade.size)
        cache.quote = quote
        self._see(cache, trade.price, trade.at)
        for builder in self._builders[trade.symbol]:
            builder.sized()
        self._build(trade.symbol, trade.at, trade.price, trade.size)
        if not self._quotes and not self._items:
            self.wake()
        self._quotes.append(quote)

    def on_bars(self, bars: Sequence[Bar]) -> None:
        """Take the closed bars of one instant from a feed that has bars only."""
        mine = tuple(bar for bar in bars if bar.symbol in self._caches)
        if not mine:
            return
        at = mine[0].end
        self._put(BarsPassed(at, mine))
        for bar in mine:
            cache = self._caches[bar.symbol]
            self._see(cache, bar.close, at)
            cache.high, cache.low = max(cache.high, bar.high), min(cache.low, bar.low)
            self._closed(bar)
        self._put(BarsClosed(at, mine))

    def on_state(self, state: str, detail: str) -> None:
        """Pass a change of the connection on."""
        self.on_feed_state(state, detail)

    def _see(self, cache: SymbolCache, price: float, at: int) -> None:
        cache.accepted += 1
        if at >= cache.day_end:
            cache.begin_day(price, (at // DAY + 1) * DAY)
        cache.price, cache.at = price, at
        if price > cache.high:
            cache.high = price
        elif price < cache.low:
            cache.low = price

    def _build(self, symbol: str, at: int, price: float, size: float) -> None:
        for builder in self._builders[symbol]:
            builder.add(at, price, size)
            self._due = min(self._due, builder.end)

    # time ------------------------------------------------------------------------------------------------------
    def advance(self, at: int) -> None:
        """Close every bar that is over at `at` (µs UTC): earliest end first, all symbols of an instant together."""
        while at >= self._due:
            due = self._due
            slices: dict[str, list[Bar]] = defaultdict(list)
            for builders in self._builders.values():
                for builder in builders:
                    if builder.end <= due:
                        for bar in builder.close_until(due):
                            self._closed(bar)
                            slices[bar.timeframe].append(bar)
            for bars in slices.values():
                self._put(BarsClosed(due, tuple(bars)))
            self._due = min(
                (builder.end for builders in self._builders.values() for builder in builders), default=1 << 62
            )

    def _closed(self, bar: Bar) -> None:
        series = self._caches[bar.symbol].series.get(bar.timeframe)
        if series is not None:
            series.append(bar)
        for key, evaluator in self._evaluators.items():
            if key[0] == bar.symbol and key[1] == bar.timeframe:
                evaluator.update(bar)
                self._records[key].append(bar)

    def _put(self, item: BarsClosed | BarsPassed | BadQuote) -> None:
        """Hand an item on behind the quotes that came before it."""
        if not self._quotes and not self._items:
            self.wake()
        if self._quotes:
            self._items.append(tuple(self._quotes))
            self._quotes = []
        self._items.append(item)

    def drain(self) -> list[Item]:
        """Return everything since the last drain in order: runs of quotes, and bars that closed between them."""
        if self._quotes:
            self._items.append(tuple(self._quotes))
            self._quotes = []
        items, self._items = self._items, []
        return items

    # reads -----------------------------------------------------------------------------------------------------
    def cache(self, symbol: str) -> SymbolCache:
        """Return what is known of a watched symbol (KeyError: it is not watched)."""
        return self._caches[symbol]

    def series(self, symbol: str, timeframe: str) -> Series | None:
        """Return the closed bars of a symbol; None where they are not built."""
        cache = self._caches.get(symbol)
        return cache.series.get(timeframe) if cache is not None else None

    def forming(self, symbol: str, timeframe: str) -> Bar | None:
        """Return the bar that is not closed yet."""
        for builder in self._builders.get(symbol, ()):
            if builder.timeframe == timeframe:
                return builder.forming()
        return None

    def last_price(self, symbol: str) -> float:
        """Return the last price of a symbol; 0 where there is none."""
        cache = self._caches.get(symbol)
        return cache.price if cache is not None else 0.0

    def recent_closes(self, symbol: str, count: int) -> FloatArray | tuple[float, ...]:
        """Return the last closes of the symbol's shortest series."""
        cache = self._caches.get(symbol)
        if cache is None or not cache.series:
            return ()
        return next(iter(cache.series.values())).columns(count).close

"""The past of a crypto exchange for downloads: its public candles, page by page, no account needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing

from desktop.domain.errors import FieldError, NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar
from desktop.exchanges.catalogue import ExchangeFacts
from desktop.exchanges.faults import fault_of, is_library_fault
from desktop.feeds.crypto_candles import candle_pages, source_timeframe
from desktop.feeds.crypto_feed import CryptoFeed
from desktop.market.bars import BarBuilder


class CryptoHistory:
    """Implements `ports.HistorySource` on a feed that is open.

    Args:
        feed: Of the exchange; it is closed with this.
        facts: Of the exchange.
    """

    def __init__(self, feed: CryptoFeed, facts: ExchangeFacts) -> None:
        self.name = feed.name
        self.sessions: Mapping[str, str] = {}  # they trade around the clock
        self._feed, self._facts = feed, facts

    async def instrument(self, symbol: str) -> Instrument:
        """Return steps and currency of a pair (NotFound: the exchange does not have it)."""
        for item in self._feed.instruments():
            if item.symbol == symbol:
                return item
        example = self._facts.examples[0]
        raise NotFound("pair", symbol, f"{self._facts.title} does not have it; pairs are written as {example}.")

    async def bars(self, symbol: str, timeframe: str, begin: int, end: int) -> AsyncIterator[Sequence[Bar]]:
        """Yield the bars that start in [begin, end), in the exchange's pages; a timeframe it lacks is derived.

        Raises:
            NotFound: the exchange does not have the pair.
            FieldError: it has no candles that such bars can be made of.
            EnvironmentFault: it cannot be reached or refuses.
        """
        await self.instrument(symbol)
        source = source_timeframe(self._feed.exchange, timeframe)
        if not source:
            raise FieldError("timeframe", f"{timeframe}: {self._facts.title} has no candles to make such bars of.")
        maker = _Maker(symbol, timeframe) if source != timeframe else None
        first, last = (begin, end) if maker is None else (maker.whole(begin), end)
        pages = candle_pages(self._feed.exchange, self._facts, symbol, source, first, last)
        try:
            async with aclosing(pages):  # type: ignore[type-var]  # it is a generator
                async for page in pages:
                    yield page if maker is None else maker.take(page)
        except Exception as error:
            if is_library_fault(error):
                raise fault_of(self._facts.title, error) from None
            raise

    async def close(self) -> None:
        """Close the feed's connections."""
        await self._feed.stop()


class _Maker:
    """Makes bars of a higher timeframe, page after page."""

    def __init__(self, symbol: str, timeframe: str) -> None:
        self._builder = BarBuilder(symbol, timeframe)

    def whole(self, begin: int) -> int:
        """Return the start of the first bar that lies wholly at or after `begin`, µs UTC."""
        start, end = self._builder.period(begin)
        return start if start == begin else end

    def take(self, bars: Iterable[Bar]) -> list[Bar]:
        """Return the bars that are closed by then."""
        found: list[Bar] = []
        for bar in bars:
            found += self._builder.close_until(bar.start)
            self._builder.add_bar(bar)
            found += self._builder.close_until(bar.end)
        return found


def crypto_timeframes() -> tuple[str, ...]:
    """Return the timeframes that every exchange here has, or that can be made of what it has."""
    return ("1m", "5m", "15m", "30m", "1h", "2h", "4h", "1d", "1w")

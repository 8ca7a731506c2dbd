"""Forming bars of a replay, for strategies judged on quotes: never a quote ahead of the one that is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desktop.domain.market import Bar, Quote
from desktop.domain.messages import Quotes
from desktop.market.bars import BarBuilder


class FormingBars:
    """Builds each symbol's forming bar quote by quote; the hub's own is ahead by the rest of a burst.

    Args:
        timeframe: Of the session.
        zones: Zone of each symbol's exchange.
        sized: The quotes are prints: volume is units traded.
    """

    def __init__(self, timeframe: str, zones: dict[str, str], *, sized: bool) -> None:
        self._builders = {symbol: BarBuilder(symbol, timeframe, zone) for symbol, zone in zones.items()}
        self._sized = sized
        if sized:
            for builder in self._builders.values():
                builder.sized()

    def __call__(self, symbol: str) -> Bar | None:
        """Return the bar that is not closed yet."""
        return self._builders[symbol].forming()

    def add(self, quote: Quote) -> None:
        """Take the next quote."""
        self._builders[quote.symbol].add(quote.at, quote.mid, quote.bid_size if self._sized else 0.0)

    def closed(self, bars: Iterable[Bar]) -> None:
        """Begin anew behind bars that closed."""
        for bar in bars:
            self._builders[bar.symbol].close_until(bar.end)

    def one_by_one(self, message: Quotes) -> Iterator[Quotes]:
        """Yield a burst as single quotes, each with the forming bar it belongs to."""
        for quote in message.quotes:
            self.add(quote)
            yield Quotes(min(quote.at, message.at), (quote,))

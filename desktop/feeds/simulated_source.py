"""The past of the simulated market for downloads: always the same, whenever and however often it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType

from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, timeframe_us
from desktop.feeds.listings import LISTINGS
from desktop.feeds.simulated_history import END
from desktop.feeds.simulator import DEMO_SEED, MarketSimulator
from desktop.market.bars import BarBuilder

PAGE = 1_000  # bars


class _SetClock:
    """Shows the time it is set to."""

    def __init__(self) -> None:
        self.at = END

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return 0.0


class SimulatedSource:
    """Implements `ports.HistorySource`: the market of `simulated_history`, at any time before and after its end.

    It is not the running demo's past: that market begins anew with each start of the program.
    """

    name = "simulator"
    sessions: Mapping[str, str] = MappingProxyType({})

    def __init__(self) -> None:
        self._clock = _SetClock()
        self._market = MarketSimulator(DEMO_SEED, self._clock)  # its step 0 is at END

    async def instrument(self, symbol: str) -> Instrument:
        """Return steps and currency of a symbol (NotFound: the simulated market does not have it)."""
        for item in LISTINGS:
            if item.instrument.symbol == symbol:
                return item.instrument
        known = ", ".join(item.instrument.symbol for item in LISTINGS[:6])
        raise NotFound("symbol", symbol, f"The simulated market has {known} and others.")

    async def bars(self, symbol: str, timeframe: str, begin: int, end: int) -> AsyncIterator[Sequence[Bar]]:
        """Yield the bars that start in [begin, end), in pages of PAGE."""
        await self.instrument(symbol)
        length = timeframe_us(timeframe)
        start, _ = BarBuilder(symbol, timeframe).period(begin)
        start += length if start < begin else 0
        while start < end:
            count = min(PAGE, -(-(end - start) // length))
            yield await asyncio.to_thread(self._page, symbol, timeframe, start + count * length, count)
            start += count * length

    def _page(self, symbol: str, timeframe: str, end: int, count: int) -> list[Bar]:
        self._clock.at = end
        return self._market.history_now(symbol, timeframe, count)

    async def close(self) -> None:
        """There is no connection."""

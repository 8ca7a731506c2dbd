"""A feed that says what a test tells it to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, FeedOrigin, Quote, timeframe_us
from desktop.market.hub import Hub
from desktop.ports import Clock, FeedListener, MarketFeed

SPY = Instrument("SPY")
QQQ = Instrument("QQQ")
HANBIT = Instrument("HANBIT", currency="KRW", tick=Decimal(100))


class ScriptedFeed:
    """Implements `ports.MarketFeed`; every past bar closed at `level`."""

    name = "scripted"
    origin = FeedOrigin.DEMO

    def __init__(
        self,
        clock: Clock,
        instruments: Sequence[Instrument] = (SPY, QQQ, HANBIT),
        *,
        level: float = 105.0,
        position: Mapping[str, Any] | None = None,
    ) -> None:
        self._clock, self._instruments, self.level = clock, tuple(instruments), level
        self.said = int((position or {}).get("said", 0))
        self.listener: FeedListener | None = None
        self.starts = self.stops = 0

    def instruments(self) -> Sequence[Instrument]:
        return self._instruments

    async def start(self, listener: FeedListener) -> None:
        self.listener = listener
        self.starts += 1
        listener.on_state("connected", "scripted prices")

    async def stop(self) -> None:
        self.listener = None
        self.stops += 1

    def subscribe(self, symbol: str) -> None: ...

    def unsubscribe(self, symbol: str) -> None: ...

    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        length = timeframe_us(timeframe)
        end = self._clock.now() // length * length
        level = self.level
        return [
            Bar(symbol, timeframe, end - back * length, level, level, level, level, 1.0) for back in range(bars, 0, -1)
        ]

    def position(self) -> Mapping[str, Any]:
        return {"said": self.said}

    def halt(self, symbol: str, reason: str = "") -> None:
        assert self.listener is not None, "the feed was not started"
        self.listener.on_halt(symbol, reason, self._clock.now())

    def quote(self, symbol: str, bid: float, ask: float | None = None, *, size: float = 1e9) -> None:
        assert self.listener is not None, "the feed was not started"
        self.said += 1
        asked = float(bid if ask is None else ask)  # as every feed has them: tests write whole numbers
        self.listener.on_quote(Quote(symbol, self._clock.now(), float(bid), asked, size, size))


def hub_on(key: str, feed: MarketFeed) -> Hub:
    """Return the hub of a feed that is told what is wanted."""
    hub = Hub(key, feed.instruments())
    hub.on_subscribe, hub.on_unsubscribe = feed.subscribe, feed.unsubscribe
    return hub


class Feeds:
    """Opens scripted feeds by key and keeps them at hand."""

    def __init__(self, clock: Clock, **options: Any) -> None:
        self._clock, self._options = clock, options
        self.opened: dict[str, ScriptedFeed] = {}
        self.broken: dict[str, Exception] = {}
        self.real: dict[str, Any] = {}  # feeds that a test made itself

    async def __call__(self, key: str, position: Mapping[str, object]) -> tuple[Any, Hub]:
        if key in self.broken:
            raise self.broken[key]
        if key in self.real:
            return self.real[key], hub_on(key, self.real[key])
        feed = ScriptedFeed(self._clock, position=position, **self._options)
        self.opened[key] = feed
        return feed, Hub(key, feed.instruments())

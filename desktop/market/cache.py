"""What is known of one symbol at this moment: last quote and trades, the day's range, what was dropped and why."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from desktop.domain.instruments import Instrument
from desktop.domain.market import Quote, Trade
from desktop.market.quality import QuoteCheck
from desktop.market.series import Series
from desktop.rules.periods import LocalClock, Periods

TRADES_KEPT = 1_000


class SymbolCache:
    """The in-memory state of one symbol on one feed; every read is O(1).

    Attributes:
        instrument: What it is.
        quote: The last good quote, or None.
        price: Its middle, or the last print's price on a feed of prints; 0.0 before the first.
        at: µs UTC of the last good tick; -1 before the first.
        trades: The last 1,000 good prints, oldest first.
        series: Closed bars by timeframe.
        check: Judges its ticks.
        accepted: Good ticks so far.
        open: First price of the exchange's day; 0.0 before the first tick.
        high: Highest price of the day.
        low: Lowest price of the day.
        volume: Units printed this day; 0.0 where the feed has no prints.
        day_end: µs UTC at which the day of these four is over.
    """

    __slots__ = (
        "_days", "accepted", "at", "check", "day_end", "high", "instrument", "low", "open", "price", "quote", "series",
        "trades", "volume",
    )  # fmt: skip

    def __init__(self, instrument: Instrument, zone: str = "UTC") -> None:
        self.instrument = instrument
        self.quote: Quote | None = None
        self.price = 0.0
        self.at = -1
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        self.series: dict[str, Series] = {}
        self.check = QuoteCheck(allows_negative=instrument.allows_negative)
        self.accepted = 0
        self.open = self.high = self.low = self.volume = 0.0
        self.day_end = -1
        self._days = Periods("1d", LocalClock(zone))

    @property
    def dropped(self) -> Mapping[str, int]:
        """Ticks dropped so far, by reason."""
        return self.check.dropped

    @property
    def dropped_total(self) -> int:
        """Ticks dropped so far."""
        return sum(self.check.dropped.values())

    def see(self, price: float, at: int) -> None:
        """Take the price of a good tick."""
        self.accepted += 1
        self.price, self.at = price, at
        self.widen(price, at)

    def widen(self, price: float, at: int) -> None:
        """Widen the day's range to a price, or begin a new day with it."""
        if at >= self.day_end:
            self.day_end = self._days.start(self._days.key(at) + 1)
            self.open = self.high = self.low = price
            self.volume = 0.0
        elif price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price

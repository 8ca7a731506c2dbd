"""What is known of one symbol at this moment: last quote and trades, the day's range, what was dropped and why."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from desktop.domain.instruments import Instrument
from desktop.domain.market import Quote, Trade
from desktop.market.quality import QuoteCheck
from desktop.market.series import Series

TRADES_KEPT = 1_000


class SymbolCache:
    """The in-memory state of one symbol on one feed; every read is O(1).

    Attributes:
        quote: The last good quote, or None.
        price: Its middle, or the last trade's price; 0.0 before the first.
        at: µs UTC of the last good tick; -1 before the first.
        trades: The last 1,000 good prints, oldest first.
        series: Closed bars by timeframe.
        accepted: Good ticks so far.
        open: First price of the exchange's day; 0.0 before the first tick.
        high: Highest price of the day.
        low: Lowest price of the day.
    """

    __slots__ = (
        "accepted", "at", "check", "day_end", "high", "instrument", "low", "open", "price", "quote", "series", "trades",
    )  # fmt: skip

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.quote: Quote | None = None
        self.price = 0.0
        self.at = -1
        self.trades: deque[Trade] = deque(maxlen=TRADES_KEPT)
        self.series: dict[str, Series] = {}
        self.check = QuoteCheck(allows_negative=instrument.allows_negative)
        self.accepted = 0
        self.open = self.high = self.low = 0.0
        self.day_end = -1  # µs UTC at which the day of `open`, `high` and `low` is over

    @property
    def dropped(self) -> Mapping[str, int]:
        """Ticks dropped so far, by reason."""
        return self.check.dropped

    @property
    def dropped_total(self) -> int:
        """Ticks dropped so far."""
        return sum(self.check.dropped.values())

    def begin_day(self, price: float, end: int) -> None:
        """Start a new day at its first price."""
        self.open = self.high = self.low = price
        self.day_end = end

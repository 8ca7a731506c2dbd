"""Which quotes and trades are fit to trade on (fault 22), per symbol; what is not is dropped and counted by reason."""

from __future__ import annotations

from collections import Counter
from math import isfinite

from desktop.domain.market import Quote, Trade

NOT_A_NUMBER = "not a number"
INFINITE = "infinite"
ZERO_PRICE = "zero"
NEGATIVE = "negative"
CROSSED = "crossed"
SPIKE = "spike"
LATE = "late"
DUPLICATE = "duplicate"
FUTURE = "from the future"

#: Prices that cast doubt on the last good one too: downstream hears of them. A crossed, late or repeated quote does not.
DOUBTFUL = frozenset({NOT_A_NUMBER, INFINITE, ZERO_PRICE, NEGATIVE, SPIKE})

SPIKE_FACTOR = 10.0  # a price this many times the last good one, or one part in so many, needs a second that confirms it
CONFIRMATION = 2.0  # how near (as a factor) the second one has to be to the first
TRADE_MEMORY = 1_000  # ids of prints remembered to know a duplicate


class QuoteCheck:
    """Judges the ticks of one symbol.

    Attributes:
        level: Bid plus ask of the last good quote, or twice the last good trade; 0.0 before the first.
        at: µs UTC of the last good quote; -1 before the first.
    """

    __slots__ = ("_allows_negative", "_ids", "_last", "_suspect", "at", "dropped", "level")

    def __init__(self, *, allows_negative: bool = False) -> None:
        self._allows_negative = allows_negative
        self._last: Quote | None = None
        self._suspect = 0.0  # level of a spike that waits for its confirmation
        self._ids: dict[str, None] = {}
        self.level = 0.0
        self.at = -1
        self.dropped: Counter[str] = Counter()

    def quote(self, quote: Quote, last: Quote | None) -> str:
        """Return "" for a good quote, else why it is dropped; counts it either way.

        Args:
            quote: The quote to judge.
            last: The last good quote of the symbol.
        """
        reason = self._price(quote.bid) or self._price(quote.ask)
        if not reason and quote.bid > quote.ask:
            reason = CROSSED
        if not reason and last is not None and quote == last:
            reason = DUPLICATE
        if not reason and quote.at < self.at:
            reason = LATE
        if not reason and self._is_spike(quote.bid + quote.ask):
            reason = SPIKE
        if reason:
            self.dropped[reason] += 1
            return reason
        self.level, self.at, self._suspect = quote.bid + quote.ask, quote.at, 0.0
        return ""

    def trade(self, trade: Trade) -> str:
        """Return "" for a good print, else why it is dropped. A print without an id is never a duplicate."""
        reason = self._price(trade.price)
        if not reason and not (isfinite(trade.size) and trade.size >= 0):
            reason = NEGATIVE if trade.size < 0 else NOT_A_NUMBER
        if not reason and trade.trade_id and trade.trade_id in self._ids:
            reason = DUPLICATE
        if not reason and self._is_spike(2 * trade.price):
            reason = SPIKE
        if reason:
            self.dropped[reason] += 1
            return reason
        self._suspect = 0.0
        if trade.trade_id:
            self._ids[trade.trade_id] = None
            if len(self._ids) > TRADE_MEMORY:
                del self._ids[next(iter(self._ids))]
        return ""

    def count(self, reason: str) -> None:
        """Count a tick that was dropped for a reason found elsewhere."""
        self.dropped[reason] += 1

    def _price(self, price: float) -> str:
        if isfinite(price):
            if price > 0 or self._allows_negative:
                return ""
            return ZERO_PRICE if price == 0 else NEGATIVE
        return INFINITE if price in (float("inf"), float("-inf")) else NOT_A_NUMBER

    def _is_spike(self, level: float) -> bool:
        last = self.level
        if last <= 0 or level <= 0:  # none yet, or an instrument around zero, where a factor says nothing
            return False
        if last / SPIKE_FACTOR < level < last * SPIKE_FACTOR:
            return False
        suspect = self._suspect
        if suspect and suspect / CONFIRMATION <= level <= suspect * CONFIRMATION:
            return False
        self._suspect = level
        return True

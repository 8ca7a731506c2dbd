"""Which quotes and trades are fit to trade on (fault 22), per symbol; what is not is dropped and counted by reason."""

from __future__ import annotations

from collections import Counter
from math import isfinite, isinf

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

#: Prices that cast doubt on the last good one too: downstream hears of them. Not of a crossed, late or repeated quote.
DOUBTFUL = frozenset({NOT_A_NUMBER, INFINITE, ZERO_PRICE, NEGATIVE, SPIKE})

SPIKE_FACTOR = 10.0  # a price this many times the last good one, or its tenth, needs a second one that confirms it
CONFIRMATION = 2.0  # how near (as a factor) the second one has to be to the first
TRADE_MEMORY = 1_000  # ids of prints remembered to know a duplicate


class QuoteCheck:
    """Judges the ticks of one symbol.

    Attributes:
        level: Bid plus ask of the last good quote, or twice the last good print where there are only prints; 0.0 before
            the first.
        at: µs UTC of the last good tick; -1 before the first.
        dropped: Ticks dropped, by reason.
    """

    __slots__ = ("_allows_negative", "_ids", "_suspect", "at", "dropped", "level")

    def __init__(self, *, allows_negative: bool = False) -> None:
        self._allows_negative = allows_negative
        self._suspect = (0.0, 0.0, -1)  # level of a spike that waits for its confirmation, level and time before it
        self._ids: dict[str, None] = {}
        self.level = 0.0
        self.at = -1
        self.dropped: Counter[str] = Counter()

    def quote(self, quote: Quote, last: Quote | None) -> str:
        """Return "" for a good quote, else why it is dropped, and count that.

        Args:
            quote: The quote to judge.
            last: The last good quote of the symbol.
        """
        reason = self._price(quote.bid) or self._price(quote.ask)
        if not reason:
            if quote.bid > quote.ask:
                reason = CROSSED
            elif last is not None and quote == last:
                reason = DUPLICATE
            else:
                reason = self._place(quote.bid + quote.ask, quote.at)
        if reason:
            self.dropped[reason] += 1
        else:
            self.level, self.at = quote.bid + quote.ask, quote.at
        return reason

    def trade(self, trade: Trade, *, sole: bool) -> str:
        """Return "" for a good print, else why it is dropped, and count that. Without an id it is never a duplicate.

        Args:
            trade: The print to judge.
            sole: The feed has no quotes of the symbol: prints are its prices and come in the order of time.
        """
        reason = self._price(trade.price) or self._size(trade.size)
        if not reason and trade.trade_id and trade.trade_id in self._ids:
            reason = DUPLICATE
        if not reason:
            reason = self._place(2 * trade.price, trade.at if sole else self.at)
        if reason:
            self.dropped[reason] += 1
            return reason
        if sole:
            self.level, self.at = 2 * trade.price, trade.at
        if trade.trade_id:
            self._ids[trade.trade_id] = None
            if len(self._ids) > TRADE_MEMORY:
                del self._ids[next(iter(self._ids))]
        return ""

    def _price(self, price: float) -> str:
        if isfinite(price):
            if price > 0 or self._allows_negative:
                return ""
            return ZERO_PRICE if price == 0 else NEGATIVE
        return INFINITE if isinf(price) else NOT_A_NUMBER

    def _size(self, size: float) -> str:
        if not isfinite(size):
            return INFINITE if isinf(size) else NOT_A_NUMBER
        return NEGATIVE if size < 0 else ""

    def _place(self, level: float, at: int) -> str:
        """Judge a price by the last good one: how far away, and in which order."""
        if not isfinite(level):
            return INFINITE
        if self._is_spike(level):
            return SPIKE
        return LATE if at < self.at else ""

    def _is_spike(self, level: float) -> bool:
        last = self.level
        if last <= 0 or level <= 0:  # none yet, or an instrument around zero, where a factor says nothing
            return False
        if last < level * SPIKE_FACTOR and level < last * SPIKE_FACTOR:
            return False
        suspect, before, at = self._suspect
        unrefuted = (before, at) == (last, self.at)  # no good price came in between
        if suspect and unrefuted and suspect / CONFIRMATION <= level <= suspect * CONFIRMATION:
            return False
        self._suspect = (level, last, self.at)
        return True

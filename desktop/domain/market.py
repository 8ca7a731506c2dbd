"""Market data as it travels: quotes, trades and bars.

Prices here are float64 because indicators are; an order, a fill and the ledger take them through
`Instrument.price` and are Decimal from there on. These are NamedTuples for speed: half a million a second pass.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.domain.errors import FieldError

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: Every timeframe a session can run on, in microseconds; weeks start on Monday.
TIMEFRAMES: dict[str, int] = {
    "1s": SECOND,
    "5s": 5 * SECOND,
    "10s": 10 * SECOND,
    "15s": 15 * SECOND,
    "30s": 30 * SECOND,
    "1m": MINUTE,
    "3m": 3 * MINUTE,
    "5m": 5 * MINUTE,
    "10m": 10 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "4h": 4 * HOUR,
    "1d": DAY,
    "1w": 7 * DAY,
}


def timeframe_us(timeframe: str) -> int:
    """Return the length of a timeframe in microseconds.

    Raises:
        FieldError: the timeframe is none of `TIMEFRAMES`.
    """
    try:
        return TIMEFRAMES[timeframe]
    except KeyError:
        raise FieldError("timeframe", f"{timeframe!r} is not one of {', '.join(TIMEFRAMES)}.") from None


class Quote(NamedTuple):
    """Best bid and ask of a symbol. A feed of trades only gives its price as both sides."""

    symbol: str
    at: int  # µs UTC, exchange time
    bid: float
    ask: float
    bid_size: float = 0.0  # units offered; 0 = not known
    ask_size: float = 0.0

    @property
    def mid(self) -> float:
        """Middle of bid and ask: what bars are built from."""
        return (self.bid + self.ask) / 2


class Trade(NamedTuple):
    """One print on the tape."""

    symbol: str
    at: int  # µs UTC, exchange time
    price: float
    size: float
    trade_id: str = ""  # empty: such a print is never taken for a duplicate


class Bar(NamedTuple):
    """Open, high, low, close and volume of one period."""

    symbol: str
    timeframe: str
    start: int  # µs UTC, start of the period
    open: float
    high: float
    low: float
    close: float
    volume: float

    @property
    def end(self) -> int:
        """µs UTC at which the period is over."""
        return self.start + TIMEFRAMES[self.timeframe]


class FeedOrigin:
    """Where a session's prices come from; evidence from the first two never counts as paper trading."""

    DEMO = "demo"
    REPLAY = "replay"
    REAL_TIME = "real time"

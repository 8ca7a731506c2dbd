"""The pairs that the crypto stand-ins trade, and their past: the same candles in every run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

SECOND = 1_000_000  # µs


@dataclass(frozen=True, slots=True)
class PairFacts:
    """One pair: its steps and where its price is at home."""

    base: str
    quote: str
    tick: Decimal
    lot: Decimal
    minimum_notional: Decimal
    level: float

    @property
    def symbol(self) -> str:
        return f"{self.base}/{self.quote}"


_STEPS = {"BTC": ("0.01", "0.00001", 60_000.0), "ETH": ("0.01", "0.0001", 3_000.0), "SOL": ("0.01", "0.001", 150.0)}

PAIRS = {
    pair.symbol: pair
    for quote in ("USDT", "USD")
    for base, (tick, lot, level) in _STEPS.items()
    for pair in [PairFacts(base, quote, Decimal(tick), Decimal(lot), Decimal(5), level)]
}


class Candle(NamedTuple):
    """One candle; `start` in µs UTC."""

    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float


def price_at(pair: PairFacts, at: int) -> float:
    """Return where the price of a pair was at `at` (µs UTC): a slow wave, to the tick."""
    hours = at / SECOND / 3_600
    return round(pair.level * (1 + 0.02 * math.sin(hours / 5) + 0.005 * math.sin(hours * 3)), 2)


def candles(pair: PairFacts, length: int, begin: int, end: int, *, first: int = 0) -> Iterator[Candle]:
    """Yield candles of `length` µs that start in [begin, end), none before `first` (when the pair was listed)."""
    begin = max(begin, first // length * length)  # the candle that the listing lies in is the first
    start = -(-begin // length) * length
    while start < end:
        prices = [price_at(pair, start + length * part // 8) for part in range(9)]
        yield Candle(start, prices[0], max(prices), min(prices), prices[-1], 1.5)
        start += length


def text(value: Decimal | float | None) -> str:
    """Return a number as exchanges write it: digits, no exponent."""
    return format(Decimal(str(value or 0)), "f")

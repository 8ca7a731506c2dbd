"""How one simulated price moves: trends, ranges, shocks and clusters of volatility.

A price is a pure function of seed, symbol and ordinal (the number of the step, also negative), computed for whole
arrays of ordinals at once. So history is there without a warm-up, every timeframe shows the same past, the live path
goes on from it without a jump, and a restart needs nothing but the ordinal.

The logarithm of the price is a sum of noises of growing scale, each interpolated between lattice points with values
drawn by hash, which together move like a random walk. The finer ones are modulated by a volatility that is itself such
a noise, so calm and stormy times cluster; every minute and a half a regime is drawn: a range, rise, fall or shock.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias

import numpy as np

from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, MINUTE
from desktop.rules.columns import BoolArray, FloatArray, IntArray

_Words: TypeAlias = np.ndarray[tuple[int], np.dtype[np.uint64]]

FINEST, COARSEST = 1, 28  # powers of two of the noises' scales, in steps
ROUGH = 14  # up to this scale noises grow as in a random walk; beyond more slowly, so that years stay in bounds
STRENGTH = 0.35  # of a noise at scale 1, in usual moves
REGIME = 360  # steps a regime lasts
CALM, STORM = 0.45, 3.0  # least and most volatility, times the usual one
PRINTS = 0.4  # share of steps with a trade, in usual times
RANGE, RISE, FALL = 0.35, 0.60, 0.85  # shares of the regimes, added up; what is left are shocks
SWING, SHOCK = 1.4, 2.2  # height of a rise, depth of a shock: times the usual move in a regime


@dataclass(frozen=True, slots=True)
class Listing:
    """A simulated instrument with its usual price, move and size.

    Attributes:
        instrument: What it is.
        start: Price around which it moves.
        move: Usual move in one step as a fraction of the price.
        size: Usual units offered in a quote.
        spread: Usual spread in ticks.
    """

    instrument: Instrument
    start: float
    move: float
    size: float
    spread: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Quotes and prints of consecutive ordinals; every array has shape (n,)."""

    bid: FloatArray
    ask: FloatArray
    bid_size: FloatArray
    ask_size: FloatArray
    printed: FloatArray  # units traded in the step; 0: none

    @property
    def mid(self) -> FloatArray:
        """Middle of bid and ask, as bars take it."""
        return (self.bid + self.ask) / 2


@lru_cache(maxsize=4_096)
def _stream(seed: int, symbol: str, purpose: str) -> int:
    """Return 64 bits that tell one use of the hash from every other."""
    return int.from_bytes(blake2b(f"{seed}/{symbol}/{purpose}".encode(), digest_size=8).digest(), "big")


def _hash(stream: int, index: IntArray) -> _Words:
    """Return 64 well-mixed bits for each index (the finaliser of SplitMix64, Steele et al. 2014)."""
    words: _Words = index.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(stream)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _uniform(stream: int, index: IntArray) -> FloatArray:
    """Return a number in [0, 1) for each index."""
    return (_hash(stream, index) >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _normal(stream: int, index: IntArray) -> FloatArray:
    """Return a draw of mean 0 and deviation 1 for each index: the sum of three uniform ones, so it is bounded by 3."""
    words = _hash(stream, index)
    mask = np.uint64((1 << 21) - 1)
    total = (words & mask) + ((words >> np.uint64(21)) & mask) + ((words >> np.uint64(42)) & mask)
    draws: FloatArray = (total.astype(np.float64) / float(1 << 21) - 1.5) * 2
    return draws


def _noise(stream: int, at: IntArray, scale: int) -> FloatArray:
    """Return draws at multiples of `scale`, joined smoothly; `at` rises."""
    index = at // scale
    share = (at - index * scale) / scale
    smooth: FloatArray = share * share * (3 - 2 * share)
    first, last = int(index[0]), int(index[-1])
    if last - first + 2 < len(index):
        points = _normal(stream, np.arange(first, last + 2, dtype=np.int64))
        place = index - first
        left, right = points[place], points[place + 1]
    else:  # lattice points far apart, most of them not needed
        left, right = _normal(stream, index), _normal(stream, index + 1)
    joined: FloatArray = left + (right - left) * smooth
    return joined


class SimulatedPrice:
    """The price of one listing under one seed."""

    def __init__(self, seed: int, listing: Listing) -> None:
        self.listing = listing
        symbol = listing.instrument.symbol
        self._streams = {
            name: _stream(seed, symbol, name)
            for name in ("calm", "storm", "regime", "bid", "ask", "printed", "units", "place")
        }
        self._octaves = [
            (_stream(seed, symbol, f"scale {power}"), 1 << power, listing.move * STRENGTH * _growth(power))
            for power in range(FINEST, COARSEST + 1)
        ]
        tick = float(listing.instrument.tick)
        self._tick, self._per_tick = tick, round(1 / tick) if tick < 1 else 0
        first: IntArray = np.zeros(1, dtype=np.int64)
        self._offset = float(self.logarithm(first, self.volatility(first))[0])  # so that ordinal 0 has the usual price

    def volatility(self, at: IntArray) -> FloatArray:
        """Return how lively the market is at each ordinal; 1 is usual."""
        slow, quick = _noise(self._streams["calm"], at, 6_000), _noise(self._streams["storm"], at, 500)
        return np.clip(np.exp(0.45 * slow + 0.35 * quick), CALM, STORM)

    def logarithm(self, at: IntArray, volatility: FloatArray) -> FloatArray:
        """Return the logarithm of the price over its usual one."""
        total = self._regimes(at)
        for stream, scale, strength in self._octaves:
            noise = strength * _noise(stream, at, scale)
            total += noise * volatility if scale <= REGIME else noise
        return total

    def _regimes(self, at: IntArray) -> FloatArray:
        """Return what the regimes add: nothing at their edges, so that one passes into the next."""
        number = at // REGIME
        share = (at - number * REGIME) / REGIME
        draw = _uniform(self._streams["regime"], number)
        height = self.listing.move * np.sqrt(REGIME) * (0.5 + _uniform(self._streams["place"], number))
        hump = np.sin(np.pi * share) ** 2
        begin = 0.15 + 0.3 * _uniform(self._streams["place"], number + 1_000_003)
        since = np.maximum(share - begin, 0.0)
        fall = (1 - np.exp(-since / 0.03)) * np.clip((1 - share) / (1 - begin), 0.0, 1.0)
        total = np.where((draw >= RANGE) & (draw < RISE), SWING * hump, 0.0)
        total = np.where((draw >= RISE) & (draw < FALL), -SWING * hump, total)
        added: FloatArray = np.where(draw >= FALL, -SHOCK * fall, total) * height
        return added

    def path(self, at: IntArray, busy: FloatArray) -> Path:
        """Return quotes and prints.

        Args:
            at: Ordinals, rising, shape (n,); at least one.
            busy: How busy the time of day is at each of them; 1 is usual.
        """
        listing, volatility = self.listing, self.volatility(at)
        price = listing.start * np.exp(self.logarithm(at, volatility) - self._offset)
        spread = np.maximum(1.0, np.rint(listing.spread * volatility))
        bids = np.maximum(1.0, np.rint(price / self._tick - spread / 2))
        sizes = [
            self._units(listing.size * busy * np.exp(0.5 * _normal(self._streams[side], at))) for side in ("bid", "ask")
        ]
        return Path(
            self._price(bids), self._price(bids + spread), sizes[0], sizes[1], self._printed(at, busy, volatility)
        )

    def _printed(self, at: IntArray, busy: FloatArray, volatility: FloatArray) -> FloatArray:
        happens: BoolArray = _uniform(self._streams["printed"], at) < np.minimum(0.95, PRINTS * volatility)
        units = self._units(0.4 * self.listing.size * busy * np.exp(0.8 * _normal(self._streams["units"], at)))
        return np.where(happens, units, 0.0)

    def _price(self, ticks: FloatArray) -> FloatArray:
        """Return whole ticks as the floats nearest to their decimals."""
        return ticks / self._per_tick if self._per_tick else ticks * self._tick

    def _units(self, wanted: FloatArray) -> FloatArray:
        lot = float(self.listing.instrument.lot)
        if lot < 1:
            return np.maximum(lot, np.rint(wanted * 10_000) / 10_000)
        return np.maximum(lot, np.rint(wanted / lot) * lot)


def _growth(power: int) -> float:
    return float(2.0 ** (min(power, ROUGH) / 2 + max(0, power - ROUGH) / 4))


def day_volume(at: IntArray) -> FloatArray:
    """Return how busy each moment (µs UTC) is: more in the first and last hours of the UTC day than in the middle."""
    share = (at % DAY // MINUTE) / (DAY // MINUTE)
    return 0.7 + 0.6 * np.abs(2 * share - 1)

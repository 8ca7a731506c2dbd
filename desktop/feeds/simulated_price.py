"""How one simulated price moves: regimes, clusters of volatility, spreads. Deterministic by seed, symbol and ordinal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

from desktop.domain.instruments import Instrument

_NORMAL = NormalDist()
_STEPS = 1 << 53
LEAST_VOLATILITY, MOST_VOLATILITY = 0.3, 4.0  # times the usual one
PERSISTENCE, SHOCK_WEIGHT = 0.985, 0.012  # of volatility from step to step
PULL = 0.0004  # how strongly a price is drawn back to where it started, a step

#: name, drift a step in usual moves, how much it swings, mean length in steps
REGIMES = (("range", 0.0, 0.8, 240), ("up", 0.05, 0.9, 160), ("down", -0.05, 1.0, 160), ("shock", 0.0, 2.2, 24))


def uniform(seed: int, *key: object) -> float:
    """Return a number strictly between 0 and 1 that depends on nothing but its arguments."""
    text = "/".join(map(str, (seed, *key))).encode()
    return ((int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 11) + 0.5) / _STEPS


def normal(seed: int, *key: object) -> float:
    """Return a draw of the standard normal distribution that depends on nothing but its arguments."""
    return _NORMAL.inv_cdf(uniform(seed, *key))


@dataclass(frozen=True, slots=True)
class Listing:
    """A simulated instrument with its usual price, move and size.

    Attributes:
        start: Price at the beginning.
        move: Usual move in one step as a fraction of the price.
        size: Usual units offered in a quote.
        spread: Usual spread in ticks.
    """

    instrument: Instrument
    start: float
    move: float
    size: float
    spread: int = 1


class SimulatedPrice:
    """The state of one price; `step` moves it by one ordinal."""

    __slots__ = ("_listing", "_regime", "_seed", "_until", "ordinal", "price", "volatility")

    def __init__(self, seed: int, listing: Listing) -> None:
        self._seed, self._listing = seed, listing
        self.price = listing.start
        self.volatility = 1.0
        self.ordinal = 0
        self._regime = 0
        self._until = 0

    def step(self, push: float = 0.0) -> tuple[float, float, float, float]:
        """Move by one ordinal and return bid, ask, bid size, ask size.

        Args:
            push: A move on top, as a fraction of the price (the opening of the demonstration).
        """
        symbol, ordinal, seed = self._listing.instrument.symbol, self.ordinal, self._seed
        if ordinal >= self._until:
            draw = uniform(seed, symbol, ordinal, "regime")
            self._regime = 3 if draw > 0.95 else int(draw / 0.95 * 3)
            mean = REGIMES[self._regime][3]
            self._until = ordinal + max(8, int(-mean * math.log(uniform(seed, symbol, ordinal, "length"))))
        _, drift, swing, _ = REGIMES[self._regime]
        draw = normal(seed, symbol, ordinal, "move")
        size = self._listing.move * self.volatility * swing
        back = PULL * math.log(self._listing.start / self.price)
        self.price *= math.exp(drift * self._listing.move + back + size * draw + push)
        self.volatility = min(
            MOST_VOLATILITY,
            max(LEAST_VOLATILITY, 1.0 + (self.volatility - 1.0) * PERSISTENCE + SHOCK_WEIGHT * (draw * draw - 1.0)),
        )
        self.ordinal += 1
        return self._quote(symbol, ordinal)

    def _quote(self, symbol: str, ordinal: int) -> tuple[float, float, float, float]:
        listing = self._listing
        instrument, tick = listing.instrument, float(listing.instrument.tick)
        ticks = max(1, round(listing.spread * self.volatility))
        bid = float(instrument.price(self.price - ticks * tick / 2))
        lot = float(instrument.lot)
        sizes = []
        for side in ("bid", "ask"):
            usual = listing.size * math.exp(0.5 * normal(self._seed, symbol, ordinal, side))
            sizes.append(max(lot, round(usual / lot) * lot))
        ask = float(instrument.price(bid + ticks * tick))
        return max(bid, tick), max(ask, 2 * tick), sizes[0], sizes[1]

    def snapshot(self) -> list[Any]:
        """Return the state as JSON values."""
        return [self.price, self.volatility, self.ordinal, self._regime, self._until]

    def restore(self, data: list[Any]) -> None:
        """Take up a state exactly."""
        self.price, self.volatility, self.ordinal, self._regime, self._until = data

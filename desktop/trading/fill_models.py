"""What an execution costs beyond the price: slippage, latency, impact, a share of the volume, the fee (X2).

Every draw is keyed by seed, symbol, ordinal of the order, number of the fill and purpose: the same order meets the same
luck in step, in skip, in paper and after a restart.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from math import sqrt
from statistics import NormalDist

from desktop.domain.money import HUNDRED, ZERO, bounded, decimal_of, floor_to
from desktop.domain.sessions import FillSettings
from desktop.trading.exact import EXACT

BASIS = Decimal(10_000)
_NORMAL = NormalDist()
_STEPS = 1 << 53


def uniform(seed: int, symbol: str, ordinal: int, number: int, purpose: str) -> float:
    """Return a number strictly between 0 and 1 that depends on nothing but its arguments."""
    key = f"{seed}/{symbol}/{ordinal}/{number}/{purpose}".encode()
    value = int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 11
    return (value + 0.5) / _STEPS


class FillModel:
    """The numbers of a fill model and its seeded draws."""

    def __init__(self, settings: FillSettings, seed: int) -> None:
        self.settings, self.seed = settings, seed
        self.has_latency = settings.latency_mean_us > 0 or settings.latency_sd_us > 0
        self.has_share = settings.volume_share > ZERO
        percent = settings.fee_percent
        rate = percent / HUNDRED
        self._fee_rate = rate if EXACT.multiply(rate, HUNDRED) == percent else None  # None: it has too many digits
        self.is_plain = settings.slippage_max_bp == ZERO and settings.impact_bp == ZERO

    def _gauss(self, mean: float, deviation: float, symbol: str, ordinal: int, number: int, purpose: str) -> float:
        if deviation <= 0:
            return mean
        return mean + deviation * _NORMAL.inv_cdf(uniform(self.seed, symbol, ordinal, number, purpose))

    def latency(self, symbol: str, ordinal: int, change: int = 0) -> int:
        """Return µs until an order, or its change number `change`, reaches the market."""
        if not self.has_latency:
            return 0
        found = self.settings
        drawn = self._gauss(found.latency_mean_us, found.latency_sd_us, symbol, ordinal, change, "latency")
        return int(min(max(drawn, found.latency_min_us), found.latency_max_us))

    def slippage_bp(self, symbol: str, ordinal: int, number: int) -> Decimal:
        """Return the slippage of one fill in basis points, between 0 and the model's largest."""
        found = self.settings
        if found.slippage_max_bp == ZERO:
            return ZERO
        drawn = self._gauss(
            float(found.slippage_mean_bp), float(found.slippage_sd_bp), symbol, ordinal, number, "slippage"
        )
        return decimal_of(round(min(max(drawn, 0.0), float(found.slippage_max_bp)), 6))

    def impact_bp(self, quantity: Decimal, volume: float) -> Decimal:
        """Return the market impact of a fill in basis points: grows with the root of its share of the volume."""
        if self.settings.impact_bp == ZERO or volume <= 0:
            return ZERO
        share = min(float(quantity) / volume, 1.0)
        return decimal_of(round(float(self.settings.impact_bp) * sqrt(share), 6))

    def worse_by(
        self, price: Decimal, symbol: str, ordinal: int, number: int, quantity: Decimal, volume: float
    ) -> Decimal:
        """Return by how much one fill is worse than the quoted price, per unit, before rounding to the tick."""
        if self.is_plain:
            return ZERO
        points = self.slippage_bp(symbol, ordinal, number) + self.impact_bp(quantity, volume)
        return price.copy_abs() * points / BASIS

    def available(self, volume: float, lot: Decimal) -> Decimal | None:
        """Return the units an order can get of a bar's or quote's volume; None: no bound.

        Where the volume is so small that its share is below a lot, one lot is given: an order never starves.
        """
        if not self.has_share or volume <= 0:
            return None
        return max(floor_to(decimal_of(volume) * self.settings.volume_share, lot), lot)

    def fee(self, value: Decimal) -> Decimal:
        """Return the fee of an execution worth `value` (of either sign), to ten decimals."""
        rate = self._fee_rate
        if rate is None:
            return bounded(value.copy_abs() * self.settings.fee_percent / HUNDRED)
        return bounded(value.copy_abs() * rate) if rate else ZERO

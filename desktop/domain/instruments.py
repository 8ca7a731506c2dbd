"""What can be traded: price and quantity steps, currency, calendar."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import floor, log10

from desktop.domain.money import ONE, ZERO, above, below, decimal_of, floor_to, nearest

_LARGE, _USUAL = 20.0, 3  # currencies of such a price are quoted in three decimals at most
_QUOTED = 5  # decimals in which a currency is quoted at most


class AssetClass(StrEnum):
    """Kind of instrument, as far as it changes conventions."""

    SHARE = "share"
    CRYPTO = "crypto"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable symbol and its steps; every rounding of a price or quantity goes through it."""

    symbol: str
    currency: str = "USD"
    tick: Decimal = Decimal("0.01")  # smallest price step
    lot: Decimal = Decimal(1)  # smallest quantity step
    minimum_notional: Decimal = ZERO
    calendar: str = "always"  # always | XNYS | XKRX | 09:00-15:30@Asia/Seoul
    asset_class: AssetClass = AssetClass.SHARE
    name: str = ""
    allows_negative: bool = False

    def price(self, value: float | Decimal) -> Decimal:
        """Return an observed price as an exact multiple of the tick."""
        return nearest(decimal_of(value), self.tick)

    def price_up(self, value: Decimal) -> Decimal:
        """Return `value` rounded up to the tick (what a buyer pays)."""
        return above(value, self.tick)

    def price_down(self, value: Decimal) -> Decimal:
        """Return `value` rounded down to the tick (what a seller gets)."""
        return below(value, self.tick)

    def quantity(self, value: Decimal) -> Decimal:
        """Return the largest tradable quantity not above `value`."""
        return floor_to(value, self.lot)

    @property
    def steps(self) -> str:
        """In which quantities it is traded, in words: "whole shares", "steps of 0.0001"."""
        if self.lot != ONE:
            return f"steps of {self.lot.normalize():f}"
        return "whole shares" if self.asset_class is AssetClass.SHARE else "whole units"

    @property
    def price_decimals(self) -> int:
        """Decimals that a price of this instrument is shown with."""
        exponent = self.tick.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    def shown_decimals(self, value: float | Decimal) -> int:
        """Decimals that one price is shown with: those of the tick, fewer where the tick is finer than anyone quotes.

        Prices adjusted for splits, and those of files that wrote floats, have steps of a millionth, so that nothing is
        lost; but nobody reads 126.48000000. Only shares are shortened: the last digit of a coin is traded.
        """
        most, size = self.price_decimals, abs(float(value))
        if self.asset_class is not AssetClass.SHARE:
            return most
        if not size:
            return min(most, 2)
        if size >= _LARGE:
            return 2 if most > _USUAL else most
        return min(most, max(2, 4 - floor(log10(size)))) if most > _QUOTED else most

    @property
    def quantity_decimals(self) -> int:
        """Decimals that a quantity of this instrument is shown with."""
        exponent = self.lot.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

"""What can be traded: price and quantity steps, currency, calendar."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from desktop.domain.money import ZERO, above, below, decimal_of, floor_to, nearest


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
    def price_decimals(self) -> int:
        """Decimals that a price of this instrument is shown with."""
        exponent = self.tick.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def quantity_decimals(self) -> int:
        """Decimals that a quantity of this instrument is shown with."""
        exponent = self.lot.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

"""What an entry is to be protected with: part of a snapshot, so its fields are read by their types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.strategies import Protection

UNPROTECTED = Protection()


@dataclass(frozen=True, slots=True)
class Guards:
    """What is to be armed when an entry fills: distances in per cent of the entry price, or prices."""

    protection: Protection = UNPROTECTED
    stop_loss: Decimal | None = None  # prices, of the order ticket
    take_profit: Decimal | None = None
    trailing_percent: Decimal | None = None


NO_GUARDS = Guards()


def guards_of(protection: Protection) -> Guards:
    """Return the guards of a strategy's protection; one and the same value where it has none."""
    return NO_GUARDS if protection == UNPROTECTED else Guards(protection)

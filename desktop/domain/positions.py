"""What is held, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.money import ZERO
from desktop.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Position:
    """A holding of one symbol in one session on one account; the total cost is stored, the average derived."""

    session_id: str
    account: str
    symbol: str
    quantity: Decimal
    cost: Decimal  # what the held quantity was bought for, fees not included
    realised: Decimal = ZERO  # gross of fees, since the position was opened
    fees: Decimal = ZERO  # paid since the position was opened
    opened_at: int = 0  # µs UTC, time of the first fill
    opened_bar: int = 0  # µs UTC, start of the bar of the first fill
    bars_held: int = 0  # bars closed since the entry fill
    high: float = 0.0  # highest price seen since the entry
    low: float = 0.0

    @property
    def average(self) -> Decimal:
        """Average entry price per unit."""
        return self.cost / self.quantity if self.quantity else ZERO


@quick
@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """A position from flat to flat; prices are quantity-weighted, P&L is net of fees."""

    trade_id: str
    session_id: str
    account: str
    symbol: str
    quantity: Decimal
    entry_time: int  # µs UTC, start of the bar of the first fill
    entry_price: Decimal
    exit_time: int
    exit_price: Decimal
    pnl: Decimal
    fees: Decimal
    bars_held: int = 0
    reason: str = ""  # why it was closed: rule, stop-loss, take-profit, by hand ...

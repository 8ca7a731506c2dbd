"""What is kept of a broker's account beside its sessions: limits of the whole, and what is not Assay's."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from desktop.domain.broker import AccountRef
from desktop.domain.money import ONE, ZERO

ARM_WORD = "LIVE"  # typed to arm a session
LOST_WORD = "LOST"  # typed to declare an order lost
_PREFIX = "account:"
_NEAR, _SMALLEST_SPLIT = Decimal("0.000001"), Decimal("1.5")


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Limits of a whole account, over all its sessions; None switches one off. Percentages as per cent (10 = 10 %)."""

    max_allocation: Decimal | None = None  # % of the account's equity in Assay's positions and open entries
    max_order_value: Decimal | None = None  # money
    max_daily_loss: Decimal | None = None  # % of the account's equity at the last close, by the broker's word
    max_positions: int | None = None  # symbols held or on order


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What is stored of an account.

    Attributes:
        limits: In force.
        ignored: By symbol, the quantity at the broker that the user said is not Assay's.
        reconciled_at: µs UTC of the last complete comparison; 0: never.
        lost_day: Trading day (days since 1970-01-01) on which the daily loss limit was reached; -1: none.
    """

    limits: AccountLimits = field(default_factory=AccountLimits)
    ignored: dict[str, Decimal] = field(default_factory=dict)
    reconciled_at: int = 0
    lost_day: int = -1


def record_id(ref: AccountRef) -> str:
    """Return what an account's state and audit records are stored under; no session has such an id."""
    return f"{_PREFIX}{ref.key}"


def is_split(ratio: Decimal) -> bool:
    """Return whether companies split or merge their shares by a ratio of new to old units (3:2, 2:1 ... 1:10)."""
    if ratio <= ZERO or ratio == ONE:
        return False
    larger = ratio if ratio > ONE else ONE / ratio
    whole = any(abs(larger * part - round(larger * part)) < _NEAR for part in (1, 2))
    return whole and larger >= _SMALLEST_SPLIT

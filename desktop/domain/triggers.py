"""Price conditions that place an order by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from desktop.domain.money import ZERO
from desktop.domain.quick import quick


class TriggerKind(StrEnum):
    """What a trigger protects or opens."""

    STOP_LOSS = "STOP_LOSS"
    TAKE_PROFIT = "TAKE_PROFIT"
    TRAILING_STOP = "TRAILING_STOP"
    ENTRY_LIMIT = "ENTRY_LIMIT"


class TriggerState(StrEnum):
    """Where a trigger is in its life."""

    ACTIVE = "ACTIVE"
    TRIGGERED = "TRIGGERED"
    CANCELLED = "CANCELLED"


TRIGGER_MOVES: MappingProxyType[TriggerState, frozenset[TriggerState]] = MappingProxyType(
    {
        TriggerState.ACTIVE: frozenset({TriggerState.TRIGGERED, TriggerState.CANCELLED}),
        TriggerState.TRIGGERED: frozenset(),
        TriggerState.CANCELLED: frozenset(),
    }
)


class Guard(StrEnum):
    """Who watches the price: Assay while it runs, or the broker."""

    APP = "app"
    BROKER = "broker"


@quick
@dataclass(frozen=True, slots=True)
class Trigger:
    """One armed condition on one symbol of one session; fires at most once."""

    trigger_id: str
    session_id: str
    account: str
    symbol: str
    kind: TriggerKind
    quantity: Decimal
    level: Decimal  # price at which it fires; for a trailing stop the present one
    created_at: int
    state: TriggerState = TriggerState.ACTIVE
    guard: Guard = Guard.APP
    trail_percent: Decimal = ZERO  # trailing stop only: distance under the high-water mark
    high_water: Decimal = ZERO  # trailing stop only
    source: str = "strategy"  # strategy | user | decision
    held_by: str = ""  # the check that holds it while armed (hours, stale ...)
    order_id: str = ""  # the order it placed
    updated_at: int = 0
    reason: str = ""

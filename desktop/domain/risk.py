"""Limits, checks and what each check does to each kind of order (K1, K1a)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from desktop.domain.market import SECOND
from desktop.domain.orders import Purpose


class Check(StrEnum):
    """Every check an order passes, in the order in which they are asked."""

    KILL_SWITCH = "kill switch"
    PAUSE = "pause"
    ARMED = "not armed"
    LINK = "broker connection"
    WARM_UP = "warm-up"
    HOURS = "outside hours"
    HALT = "trading halt"
    STALE = "stale or bad quote"
    DIFFERENCE = "unexplained difference"
    UNKNOWN_ORDER = "unknown order"
    DAILY_LOSS = "daily loss"
    POSITIONS = "max positions"
    SIZE = "position size"
    RISK = "risk per trade"
    ALLOCATION = "total allocation"
    ORDER_VALUE = "order value"
    ACCOUNT = "account limit"
    ORDER_RATE = "order rate"
    DUPLICATE = "duplicate order"
    COLLAR = "price collar"
    CASH = "no cash"
    POSITION = "no position"
    MINIMUM = "below the smallest order"
    CONFLICT = "conflict"


class Outcome(StrEnum):
    """What a failed check does to an order."""

    PASS = "pass"
    BLOCK = "block"
    HOLD = "hold"  # waits until it clears, staying armed
    ASK = "ask"  # passes once the user confirmed in words
    MARKETABLE = "marketable"  # passes as a marketable limit order


_P, _B, _H, _A, _M = Outcome.PASS, Outcome.BLOCK, Outcome.HOLD, Outcome.ASK, Outcome.MARKETABLE
_COLUMNS = (Purpose.ENTRY, Purpose.RULE_EXIT, Purpose.TRIGGER, Purpose.CLOSE, Purpose.FLATTEN, Purpose.GUARD)


def _row(
    entry: Outcome, rule_exit: Outcome, trigger: Outcome, close: Outcome, flatten: Outcome
) -> MappingProxyType[Purpose, Outcome]:
    # Protection that rests at the broker is a trigger's order in advance: it is judged as one.
    return MappingProxyType(dict(zip(_COLUMNS, (entry, rule_exit, trigger, close, flatten, trigger), strict=True)))


_ENTRIES_ONLY = _row(_B, _P, _P, _P, _P)

#: K1a, literally. A cancel passes everything and is therefore not in the table.
OUTCOMES: MappingProxyType[Check, MappingProxyType[Purpose, Outcome]] = MappingProxyType(
    {
        Check.KILL_SWITCH: _row(_B, _B, _B, _B, _P),
        Check.PAUSE: _ENTRIES_ONLY,
        Check.ARMED: _ENTRIES_ONLY,
        Check.LINK: _row(_B, _H, _H, _H, _H),
        Check.WARM_UP: _ENTRIES_ONLY,
        Check.HOURS: _row(_B, _H, _H, _H, _H),
        Check.HALT: _row(_B, _H, _H, _H, _H),
        Check.STALE: _row(_B, _H, _H, _P, _P),
        Check.DIFFERENCE: _row(_B, _H, _H, _A, _P),
        Check.UNKNOWN_ORDER: _row(_B, _H, _H, _A, _P),
        Check.DAILY_LOSS: _ENTRIES_ONLY,
        Check.POSITIONS: _ENTRIES_ONLY,
        Check.SIZE: _ENTRIES_ONLY,
        Check.RISK: _ENTRIES_ONLY,
        Check.ALLOCATION: _ENTRIES_ONLY,
        Check.ORDER_VALUE: _ENTRIES_ONLY,
        Check.ACCOUNT: _ENTRIES_ONLY,
        Check.ORDER_RATE: _ENTRIES_ONLY,
        Check.DUPLICATE: _ENTRIES_ONLY,
        Check.COLLAR: _row(_B, _M, _P, _A, _P),
        Check.CASH: _row(_B, _B, _B, _B, _B),
        Check.POSITION: _row(_B, _B, _B, _B, _B),
        Check.MINIMUM: _row(_B, _P, _P, _P, _P),
        Check.CONFLICT: _ENTRIES_ONLY,
    }
)


@dataclass(frozen=True, slots=True)
class LimitTier:
    """Limits that hold besides the others while the session's equity is below an amount; None adds nothing (K6)."""

    below: Decimal  # money
    max_risk_per_trade: Decimal | None = None
    max_positions: int | None = None
    max_position_size: Decimal | None = None
    max_allocation: Decimal | None = None
    max_order_value: Decimal | None = None
    max_orders_per_minute: int | None = None


TIERED = tuple(field.name for field in fields(LimitTier) if field.name != "below")


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Limits of one session; None switches a limit off. Percentages as per cent (10 = 10 %)."""

    max_risk_per_trade: Decimal | None = None  # % of equity lost at the stop
    max_positions: int | None = None
    max_position_size: Decimal | None = None  # % of equity
    max_allocation: Decimal | None = None  # % of equity in positions and open entry orders
    max_daily_loss: Decimal | None = None  # % of the equity at the start of the trading day
    max_order_value: Decimal | None = None  # money
    max_orders_per_minute: int | None = None
    price_collar: Decimal | None = None  # % between an order's price and the market
    duplicate_window: int = 0  # µs; 0 = off: same symbol and side again within it
    max_quote_age: int = 0  # µs; 0 = off
    max_drift: Decimal | None = None  # % between a signal's price and the price when it is confirmed
    tiers: tuple[LimitTier, ...] = ()  # what smaller accounts are held to besides

    def at(self, equity: Decimal) -> RiskLimits:
        """Return the limits in force at an equity: of each the tightest; a tier never loosens one."""
        if not self.tiers:
            return self
        return _tightened(self, tuple(tier for tier in self.tiers if equity < tier.below))

    @classmethod
    def prudent(cls) -> RiskLimits:
        """Return what the window prefills for a new session."""
        return cls(
            max_risk_per_trade=Decimal(2),
            max_positions=10,
            max_position_size=Decimal(25),
            max_allocation=Decimal(100),
            max_daily_loss=Decimal(5),
            max_orders_per_minute=30,
            price_collar=Decimal(5),
            duplicate_window=SECOND,
            max_quote_age=15 * SECOND,
            max_drift=Decimal("0.5"),
        )


@lru_cache(maxsize=256)
def _tightened(limits: RiskLimits, tiers: tuple[LimitTier, ...]) -> RiskLimits:
    changes: dict[str, Any] = {}
    for name in TIERED:
        found = [value for item in (limits, *tiers) if (value := getattr(item, name)) is not None]
        changes[name] = min(found, default=None)
    return replace(limits, **changes)


@dataclass(frozen=True, slots=True)
class Block:
    """Why an order or signal did not pass: which check, what it saw, its limit, in one sentence (law 7)."""

    check: Check
    outcome: Outcome
    value: str
    limit: str
    sentence: str

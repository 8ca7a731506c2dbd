"""What a strategy is: rules as text with parameters, sizing and protection. Each saved change is a new version."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from desktop.domain.errors import FieldError
from desktop.domain.market import timeframe_us
from desktop.domain.money import HUNDRED, ZERO


class SizingKind(StrEnum):
    """How many units an entry buys."""

    PERCENT_OF_EQUITY = "percent_of_equity"
    FIXED_QUANTITY = "fixed_quantity"
    FIXED_MONEY = "fixed_money"
    RISK_PER_TRADE = "risk_per_trade"


@dataclass(frozen=True, slots=True)
class Sizing:
    """Kind and value: per cent, units, money, or per cent of equity lost at the stop."""

    kind: SizingKind = SizingKind.PERCENT_OF_EQUITY
    value: Decimal = Decimal(10)

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value <= ZERO:
            raise FieldError("sizing.value", "must be a number above zero.")
        if self.kind in (SizingKind.PERCENT_OF_EQUITY, SizingKind.RISK_PER_TRADE) and self.value > HUNDRED:
            raise FieldError("sizing.value", "is a percentage and cannot be above 100.")


@dataclass(frozen=True, slots=True)
class Protection:
    """Distances in per cent of the entry price; None = not used."""

    stop_loss: Decimal | None = None
    take_profit: Decimal | None = None
    trailing_stop: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("stop_loss", "take_profit", "trailing_stop"):
            value: Decimal | None = getattr(self, name)
            if value is None:
                continue
            if not value.is_finite() or value <= ZERO or (name != "take_profit" and value >= HUNDRED):
                raise FieldError(
                    f"protection.{name}",
                    "must be a percentage above 0" + ("." if name == "take_profit" else " and below 100."),
                )


class Evaluate(StrEnum):
    """When rules are judged."""

    BAR = "bar"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Strategy:
    """One immutable version of a strategy; `version` is the hash of its content (store) and counts up for people."""

    name: str
    timeframe: str
    entry: str
    exit: str = ""  # empty: left only by protection, a trigger or by hand
    evaluate: Evaluate = Evaluate.BAR
    parameters: dict[str, Decimal] = field(default_factory=dict)
    sizing: Sizing = field(default_factory=Sizing)
    protection: Protection = field(default_factory=Protection)
    entry_limit_percent: Decimal | None = None  # buy at a limit this far under the price instead of at market
    description: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise FieldError("name", "a strategy needs a name.")
        timeframe_us(self.timeframe)
        if not self.entry.strip():
            raise FieldError("entry", "a strategy needs an entry rule.")


@dataclass(frozen=True, slots=True)
class StrategyVersion:
    """One saved version of a strategy; `number` counts up for people, `version` is the hash of the content."""

    name: str
    version: str
    number: int
    created_at: int  # µs UTC
    strategy: Strategy

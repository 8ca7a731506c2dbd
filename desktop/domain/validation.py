"""What a strategy has to show before it trades live, and how a check of it came out (L2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Prerequisite(StrEnum):
    """What must hold before a live session starts, in the order in which it is shown."""

    BACKTEST = "backtest"
    PAPER = "paper trading"
    LIMITS = "risk limits"
    BROKER = "broker"
    KEYRING = "credentials"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much evidence is asked for; stored with every check."""

    min_sharpe: Decimal = Decimal("1.0")  # of the latest backtest of the version; it must be above
    min_paper_days: int = 5  # days on which the version traded on paper, on prices of real time
    capital_share: Decimal = Decimal("0.10")  # of the session's cash a first live session may use (L2a)


@dataclass(frozen=True, slots=True)
class PaperRun:
    """One paper session of a version on prices of real time."""

    session_id: str
    name: str
    days: tuple[int, ...]  # days since 1970-01-01 (UTC) on which it ran and saw prices, oldest first
    trades: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One prerequisite with its evidence."""

    prerequisite: Prerequisite
    met: bool
    value: str  # what was found
    needed: str
    sentence: str  # the evidence, or what is missing and what to do
    override: str = ""  # why the user let it pass all the same, as typed; empty: not overridden

    @property
    def passes(self) -> bool:
        """Whether it holds or was overridden."""
        return self.met or bool(self.override)

"""Facts: what happened in a session, one frozen class each.

A fact is at once the row to store, the audit record and what the window hears; whoever cares subscribes by type.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.commands import Command
from desktop.domain.fills import Fill
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.quick import quick
from desktop.domain.risk import Block
from desktop.domain.sessions import SessionState
from desktop.domain.signals import Signal
from desktop.domain.triggers import Trigger
from desktop.domain.validation import Thresholds, Verdict


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The session moved from one state to another."""

    session_id: str
    at: int
    before: SessionState
    after: SessionState
    reason: str


@dataclass(frozen=True, slots=True)
class CommandTaken:
    """A user's command was accepted or refused; audited either way."""

    session_id: str
    at: int
    command: Command
    by: str
    accepted: bool
    answer: str  # one sentence


@quick
@dataclass(frozen=True, slots=True)
class SignalChanged:
    """A signal was raised or moved on."""

    session_id: str
    at: int
    signal: Signal


@quick
@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was made or moved on."""

    session_id: str
    at: int
    order: Order


@quick
@dataclass(frozen=True, slots=True)
class FillBooked:
    """An execution was folded into cash and position, once."""

    session_id: str
    at: int
    fill: Fill
    cash: Decimal  # after it
    realised: Decimal  # of this fill, gross of fees


@quick
@dataclass(frozen=True, slots=True)
class PositionChanged:
    """A position's quantity or cost changed; quantity 0 = closed."""

    session_id: str
    at: int
    position: Position


@quick
@dataclass(frozen=True, slots=True)
class TradeClosed:
    """A position went back to flat."""

    session_id: str
    at: int
    trade: ClosedTrade


@quick
@dataclass(frozen=True, slots=True)
class TriggerChanged:
    """A trigger was armed, moved, held, fired or cancelled."""

    session_id: str
    at: int
    trigger: Trigger


@quick
@dataclass(frozen=True, slots=True)
class Blocked:
    """Something stopped a trade. A block that lasts is one record per run of true bars; the last one has the count."""

    session_id: str
    at: int
    symbol: str
    what: str  # "entry", "rule exit", "trigger", "close by hand"
    block: Block
    count: int = 1
    signal_id: str = ""
    explanation: dict[str, object] | None = None  # Explanation.to_dict() where a rule was behind it


@quick
@dataclass(frozen=True, slots=True)
class Warned:
    """Something the user should know that stopped nothing."""

    session_id: str
    at: int
    topic: str  # "daily loss", "conflict", "late fill", "overfill", "stale" ...
    sentence: str


@dataclass(frozen=True, slots=True)
class KillSwitchChanged:
    """The kill switch was engaged or released for the session."""

    session_id: str
    at: int
    engaged: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PrerequisitesJudged:
    """A strategy version asked to trade live: every prerequisite with its evidence, and whether it was let through."""

    session_id: str  # the account's record
    at: int
    name: str  # of the session that was wanted
    strategy: str
    strategy_version: str
    account: str  # broker/account
    thresholds: Thresholds
    verdicts: tuple[Verdict, ...]
    passed: bool


Fact = (
    SessionChanged
    | CommandTaken
    | SignalChanged
    | OrderChanged
    | FillBooked
    | PositionChanged
    | TradeClosed
    | TriggerChanged
    | Blocked
    | Warned
    | KillSwitchChanged
    | PrerequisitesJudged
)

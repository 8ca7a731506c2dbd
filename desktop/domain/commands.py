"""What a user (or the manager on their behalf) can ask of a session. Journalled with their position in the feed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.orders import OrderId, OrderKind, Side, TimeInForce
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, StopChoice
from desktop.domain.triggers import TriggerKind


@dataclass(frozen=True, slots=True)
class Start:
    """CREATED or STOPPED -> RUNNING."""


@dataclass(frozen=True, slots=True)
class Pause:
    """RUNNING -> PAUSED: no new entries; exits, triggers and closing by hand go on."""

    reason: str = "paused by the user"


@dataclass(frozen=True, slots=True)
class Resume:
    """PAUSED -> RUNNING."""


@dataclass(frozen=True, slots=True)
class Stop:
    """-> STOPPED: rules no longer judged, triggers cancelled unless kept."""

    choice: StopChoice = StopChoice.KEEP


@dataclass(frozen=True, slots=True)
class Recover:
    """RUNNING or PAUSED -> RECOVERING, at a restart or after a wake gap; signals of before are discarded."""

    reason: str = "restarted"


@dataclass(frozen=True, slots=True)
class Recovered:
    """RECOVERING -> what it was before (or PAUSED when the user's setting says not to resume)."""

    resume: bool = True


@dataclass(frozen=True, slots=True)
class Fail:
    """-> FAILED with the reason shown."""

    reason: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Confirm a signal; everything is checked again at this instant."""

    signal_id: str
    quantity: Decimal | None = None  # None: as suggested
    kind: OrderKind | None = None
    limit_price: Decimal | None = None
    confirmed: bool = False  # the user confirmed a large or unusual order in words


@dataclass(frozen=True, slots=True)
class Reject:
    """Turn a signal down."""

    signal_id: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """Judge the rule behind a signal again now: the old one ends, a fresh one is raised where the rule holds."""

    signal_id: str


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """The order ticket: an entry (BUY) or a close by hand (SELL)."""

    symbol: str
    side: Side
    quantity: Decimal
    kind: OrderKind = OrderKind.MARKET
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    stop_loss: Decimal | None = None  # prices, armed when the entry fills
    take_profit: Decimal | None = None
    trailing_percent: Decimal | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ClosePosition:
    """Sell all (or `quantity`) of a held symbol."""

    symbol: str
    quantity: Decimal | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel one working order; passes every check."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """Change quantity or prices of a working order; None keeps what it is."""

    order_id: OrderId
    quantity: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SetTrigger:
    """Arm a trigger by hand; ENTRY_LIMIT needs a quantity, the others take the whole position."""

    symbol: str
    kind: TriggerKind
    level: Decimal | None = None
    trail_percent: Decimal | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModifyTrigger:
    """Move a trigger (table or drag on the chart)."""

    trigger_id: str
    level: Decimal | None = None
    trail_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CancelTrigger:
    """Disarm a trigger."""

    trigger_id: str


@dataclass(frozen=True, slots=True)
class SetLimits:
    """Change the risk limits; on record."""

    limits: RiskLimits


@dataclass(frozen=True, slots=True)
class SetMode:
    """Change who decides (MANUAL, SEMI_AUTO, AUTO)."""

    mode: ExecutionMode


@dataclass(frozen=True, slots=True)
class EngageKill:
    """Latch the kill switch: block, cancel working orders, flatten if asked."""

    flatten: bool = False
    reason: str = "kill switch"


@dataclass(frozen=True, slots=True)
class ReleaseKill:
    """Release the kill switch."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Let a live session buy, until the program ends; the caller has had the word typed."""


@dataclass(frozen=True, slots=True)
class Disarm:
    """Let a live session buy no more; exits and stops go on."""

    reason: str = "disarmed by the user"


@dataclass(frozen=True, slots=True)
class AdoptDifference:
    """Book what the broker holds beyond the journals into this session."""

    symbol: str


@dataclass(frozen=True, slots=True)
class IgnoreDifference:
    """Trade on although the broker holds something else: what differs is not Assay's."""

    symbol: str


@dataclass(frozen=True, slots=True)
class DeclareLost:
    """Take an UNKNOWN order as one that never was at the broker; `typed` is what the user typed to confirm."""

    order_id: OrderId
    typed: str


Command = (
    Start
    | Pause
    | Resume
    | Stop
    | Recover
    | Recovered
    | Fail
    | Approve
    | Reject
    | Refresh
    | PlaceOrder
    | ClosePosition
    | CancelOrder
    | ReplaceOrder
    | SetTrigger
    | ModifyTrigger
    | CancelTrigger
    | SetLimits
    | SetMode
    | EngageKill
    | ReleaseKill
    | Arm
    | Disarm
    | AdoptDifference
    | IgnoreDifference
    | DeclareLost
)

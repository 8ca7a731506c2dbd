"""What panels ask for: panels emit one of these, the main window routes it to the dialog or panel that answers.

So panels know neither each other nor the dialogs.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from desktop.domain.history import SeriesInfo, Split
from desktop.domain.orders import OrderId
from desktop.domain.strategies import Strategy


@dataclass(frozen=True, slots=True)
class NewSession:
    """Open the new-session dialog; prefilled from a strategy or as a copy of a session."""

    strategy: Strategy | None = None
    copy_of: str = ""  # session_id


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Open the order ticket (F9)."""

    session_id: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """Open the close ticket of a position; None = the whole of it."""

    session_id: str
    symbol: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EditTriggers:
    """Edit stop and target of a position."""

    session_id: str
    symbol: str


@dataclass(frozen=True, slots=True)
class EditOrder:
    """Replace a working order's quantity or prices."""

    session_id: str
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ShowChart:
    """Show a symbol of a session in the price chart."""

    session_id: str
    symbol: str


@dataclass(frozen=True, slots=True)
class ShowWhy:
    """Explain why, or why not, for a symbol of a session."""

    session_id: str
    symbol: str


@dataclass(frozen=True, slots=True)
class ShowSignal:
    """Show a signal in the history."""

    signal_id: str


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """Show an order in the orders panel."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ShowAudit:
    """Search the audit trail."""

    session_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SelectSession:
    """Make a session the one that charts and editor follow."""

    session_id: str


@dataclass(frozen=True, slots=True)
class EditStrategy:
    """Open a strategy in the editor; by session its own strategy."""

    session_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class BacktestStrategy:
    """Open the backtest panel, on a strategy and on prices ("series:3", "file:/a.csv") where they are named."""

    strategy: Strategy | None = None
    prices: str = ""


@dataclass(frozen=True, slots=True)
class StopSession:
    """Ask what to do with orders and positions, then stop."""

    session_id: str


@dataclass(frozen=True, slots=True)
class EditLimits:
    """Change the risk limits of a session."""

    session_id: str


@dataclass(frozen=True, slots=True)
class ManageAccounts:
    """Open the accounts at brokers: their credentials are added, tested, replaced and deleted."""


@dataclass(frozen=True, slots=True)
class ArmSession:
    """Ask for the word that lets a live session buy."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SetAccountLimits:
    """Change the limits of a whole account; `account`: its key."""

    account: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """Ask into which session what the broker holds beyond the journals is booked."""

    account: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Ask whether what differs in a symbol is to be left out from now on."""

    account: str
    symbol: str


@dataclass(frozen=True, slots=True)
class DeclareLost:
    """Ask for the word that takes an unknown order as never placed."""

    account: str
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ImportHistory:
    """Import a file of prices; `path`: the one to look at first."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class DownloadHistory:
    """Download prices from a feed; `symbol`: of what."""

    symbol: str = ""


@dataclass(frozen=True, slots=True)
class ShowStored:
    """Show the chart of a stored series of bars."""

    info: SeriesInfo


@dataclass(frozen=True, slots=True)
class ShowGaps:
    """Show the gaps of a stored series of bars."""

    info: SeriesInfo


@dataclass(frozen=True, slots=True)
class DecideSplits:
    """Decide on the probable splits of a stored series."""

    info: SeriesInfo
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class ShowRuleHelp:
    """Open the reference of the rule language at a name; empty: at its beginning."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """Open the help at a topic (the object name of what is focused)."""

    topic: str = ""


Intent = (
    NewSession
    | OpenTicket
    | CloseTicket
    | EditTriggers
    | EditOrder
    | ShowChart
    | ShowWhy
    | ShowSignal
    | ShowOrder
    | ShowAudit
    | SelectSession
    | EditStrategy
    | BacktestStrategy
    | StopSession
    | EditLimits
    | ManageAccounts
    | ArmSession
    | SetAccountLimits
    | Adopt
    | Ignore
    | DeclareLost
    | ImportHistory
    | DownloadHistory
    | ShowStored
    | ShowGaps
    | DecideSplits
    | ShowRuleHelp
    | ShowHelp
)


class Intents(QObject):
    """Carries intents from the panels to the main window, and the session everyone follows."""

    raised = Signal(object)
    session_changed = Signal(str)  # session_id that charts, equity and editor follow

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session_id = ""

    @property
    def session_id(self) -> str:
        """The session that charts, equity curve and editor follow; empty when there is none."""
        return self._session_id

    def follow_session(self, session_id: str) -> None:
        """Make a session the one that is followed."""
        if session_id != self._session_id:
            self._session_id = session_id
            self.session_changed.emit(session_id)

    def ask(self, intent: Intent) -> None:
        """Ask the main window for something."""
        self.raised.emit(intent)

"""The desk: all that a window, a command line or a control API can ask of the engine.

Reads are immediate and come from memory; commands are coroutines that return once the result is durable.
A refused command raises the typed error of desktop.domain.errors, whose text is a sentence for the trader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from desktop.domain.accounts import AccountLimits
from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import FieldError
from desktop.domain.events import Fact, Warned
from desktop.domain.instruments import Instrument
from desktop.domain.orders import OrderKind
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillSettings, StopChoice
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.triggers import TriggerKind
from desktop.domain.validation import Prerequisite, Verdict
from desktop.engine.views import (
    AccountView,
    AuditRow,
    Changes,
    ChartView,
    EquityView,
    OrderRow,
    PortfolioView,
    PositionRow,
    SessionBars,
    SessionRow,
    SignalCard,
    SignalRow,
    StatusView,
    TradeRow,
    TriggerRow,
    WatchRow,
    Why,
)

if TYPE_CHECKING:
    from desktop.engine.archive import Archive


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session as the new-session dialog fills it in."""

    name: str
    strategy: Strategy
    symbols: tuple[str, ...]
    feed: str = "simulator"  # or "replay:/path/to/file.csv"
    cash: Decimal = Decimal(10_000)
    currency: str = "USD"
    mode: ExecutionMode = ExecutionMode.MANUAL
    limits: RiskLimits = field(default_factory=RiskLimits.prudent)
    hours: str = "instrument"
    fills: FillSettings = field(default_factory=FillSettings)
    seed: int = 1
    benchmark: str = ""
    tick_interval: int = 1_000_000
    broker: str = "simulated"  # or the id of a broker, with the name of an account there
    account: str = "paper"
    replay_speed: float | None = None  # times real time; 0 = as fast as possible, None = what suits the file
    limits_confirmed: bool = False  # live: the user read the limits and confirmed them
    overrides: Mapping[Prerequisite, str] = field(default_factory=dict)  # live: reasons typed for what fails


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A feed that a session can run on."""

    key: str  # "simulator" | "replay"
    title: str
    detail: str
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """What the editor shows under a rule as one types."""

    ok: bool
    message: str  # the mistake, or what the rule needs ("needs 200 bars; uses close")
    column: int = 0  # 1-based; 0 = whole text
    suggestion: str = ""
    verdict: str = ""  # now, on the chart's symbol: "true" | "false" | "unknown" | ""
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TicketEstimate:
    """What the order ticket shows before anything is sent."""

    price: Decimal | None
    value: Decimal
    fee: Decimal
    slippage: Decimal
    cash_after: Decimal
    position_after: Decimal
    loss_at_stop: Decimal | None
    blocked: str  # the check that would refuse it, as a sentence; empty = none
    ask_again: str  # why it is large or unusual, to be confirmed in words; empty = it is not


class Desk(Protocol):
    """The engine as seen from outside."""

    @property
    def archive(self) -> Archive:
        """Where market history is kept."""
        ...

    # reads -----------------------------------------------------------------------------------------------------
    def sessions(self) -> Sequence[SessionRow]: ...
    def session(self, session_id: str) -> SessionRow | None: ...
    def signals(self) -> Sequence[SignalCard]:
        """Pending signals, newest first."""
        ...

    def signal(self, signal_id: str, *, quantity: Decimal | None = None) -> SignalCard | None:
        """Return a pending signal's card, its numbers for `quantity` where that is given."""
        ...

    def history(self) -> Sequence[SignalRow]: ...
    def positions(self) -> Sequence[PositionRow]: ...
    def trades(self) -> Sequence[TradeRow]: ...
    def orders(self) -> Sequence[OrderRow]: ...
    def triggers(self) -> Sequence[TriggerRow]: ...
    def watch(self) -> Sequence[WatchRow]: ...
    def accounts(self) -> Sequence[AccountView]:
        """Accounts at brokers that a session of this launch is on."""
        ...

    def row(self, table: str, key: str) -> Any | None:
        """Return one row of a `Table` by its key; None when it is gone."""
        ...

    def portfolio(self) -> Sequence[PortfolioView]:
        """One for each currency, the largest first."""
        ...

    def status(self) -> StatusView: ...
    def equity(self, session_id: str) -> EquityView | None: ...
    def chart(self, session_id: str, symbol: str) -> ChartView | None: ...
    def bars(self, session_id: str, symbol: str) -> SessionBars | None:
        """Return the closed bars of a session's symbol; None: there is no such session or symbol."""
        ...

    def why(self, session_id: str, symbol: str) -> Why: ...
    def estimate(self, session_id: str, order: PlaceOrder) -> TicketEstimate: ...
    def feeds(self) -> Sequence[FeedChoice]: ...
    def strategies(self) -> Sequence[Strategy]:
        """Saved ones (latest versions) and the samples."""
        ...

    def check_rule(
        self,
        text: str,
        *,
        role: str,
        parameters: Mapping[str, Decimal],
        timeframe: str,
        session_id: str = "",
        symbol: str = "",
        on_quotes: bool = False,
    ) -> RuleCheck: ...
    def check_draft(self, draft: SessionDraft) -> Sequence[FieldError]:
        """Return every mistake of a draft, each at its field."""
        ...

    async def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRow]:
        """Return the newest records first; read on the storage's own thread."""
        ...

    # following -------------------------------------------------------------------------------------------------
    def follow(self, listener: Callable[[Changes], None], *, first: bool = False) -> Callable[[], None]:
        """Be told what changed, 10 to 20 times a second at most; returns the call that ends it.

        Where much changed, the listeners are told over some turns of the loop; each reads the desk as it is at its own.
        Those who show what a decision needs are `first`.
        """
        ...

    def on_fact(self, listener: Callable[[Fact], None]) -> Callable[[], None]:
        """Hear every fact once it is durable (notifications, sounds)."""
        ...

    def warnings(self) -> Sequence[Warned]:
        """Return the newest warnings of this launch, the oldest first: also those raised before anyone listened."""
        ...

    # commands --------------------------------------------------------------------------------------------------
    async def check_live(self, draft: SessionDraft) -> Sequence[Verdict]:
        """Return the prerequisites of a live session with their evidence; nothing is created."""
        ...

    async def create_session(self, draft: SessionDraft, *, start: bool = True) -> str: ...
    async def start_session(self, session_id: str) -> None: ...
    async def pause_session(self, session_id: str) -> None: ...
    async def resume_session(self, session_id: str) -> None: ...
    async def stop_session(self, session_id: str, choice: StopChoice) -> None: ...
    async def delete_session(self, session_id: str) -> None: ...
    async def pause_all(self) -> None: ...
    async def resume_all(self) -> None: ...
    async def set_mode(self, session_id: str, mode: ExecutionMode) -> None: ...
    async def set_limits(self, session_id: str, limits: RiskLimits) -> None: ...
    async def approve(
        self,
        signal_id: str,
        *,
        quantity: Decimal | None = None,
        kind: OrderKind | None = None,
        limit_price: Decimal | None = None,
        confirmed: bool = False,
    ) -> None: ...
    async def reject(self, signal_id: str) -> None: ...
    async def refresh_signal(self, signal_id: str) -> None:
        """Ask for a fresh evaluation of a signal that can no longer be approved."""
        ...

    async def place_order(self, session_id: str, order: PlaceOrder) -> None: ...
    async def close_position(
        self, session_id: str, symbol: str, quantity: Decimal | None = None, *, confirmed: bool = False
    ) -> None: ...
    async def cancel_order(self, session_id: str, order_id: str) -> None: ...
    async def replace_order(
        self,
        session_id: str,
        order_id: str,
        *,
        quantity: Decimal | None = None,
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None: ...
    async def set_trigger(
        self,
        session_id: str,
        symbol: str,
        kind: TriggerKind,
        *,
        level: Decimal | None = None,
        trail_percent: Decimal | None = None,
        quantity: Decimal | None = None,
    ) -> None: ...
    async def move_trigger(
        self, session_id: str, trigger_id: str, *, level: Decimal | None = None, trail_percent: Decimal | None = None
    ) -> None: ...
    async def cancel_trigger(self, session_id: str, trigger_id: str) -> None: ...
    async def arm(self, session_id: str, typed: str) -> None:
        """Let a live session buy until the program ends; `typed` has to be `domain.accounts.ARM_WORD`."""
        ...

    async def disarm(self, session_id: str) -> None: ...
    async def reconcile(self, account: str) -> None:
        """Compare an account (`AccountView.key`) with its broker now."""
        ...

    async def reconnect(self, account: str) -> None:
        """Connect an account anew, with the credentials that are kept now."""
        ...

    async def renew_prices(self) -> None:
        """Open prices anew that were given up for want of credentials, with those that are kept now."""
        ...

    async def adopt_difference(self, session_id: str, symbol: str) -> None: ...
    async def ignore_difference(self, account: str, symbol: str) -> None: ...
    async def declare_lost(self, session_id: str, order_id: str, typed: str) -> None:
        """Take an UNKNOWN order as never placed; `typed` has to be `domain.accounts.LOST_WORD`."""
        ...

    async def set_account_limits(self, account: str, limits: AccountLimits) -> None: ...
    async def engage_kill(self, *, flatten: bool = False) -> None: ...
    async def release_kill(self) -> None: ...
    async def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        """Return the saved versions of a strategy, newest first."""
        ...

    async def save_strategy(self, strategy: Strategy) -> str:
        """Store a new immutable version; returns it. A running session keeps the version it was started with."""
        ...

    async def reset_demo(self) -> None:
        """Wipe everything the demo did and start it afresh."""
        ...

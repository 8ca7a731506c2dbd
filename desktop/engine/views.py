"""What a window is shown: frozen rows made from the engine's state. Numbers stay numbers; the window formats them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from desktop.domain.accounts import AccountLimits
from desktop.domain.broker import AccountInfo, AccountRef, BrokerOrder, Holding, LinkState
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar
from desktop.domain.orders import Order, Side
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.domain.signals import Signal
from desktop.domain.triggers import Trigger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop.rules.columns import Columns


class Table(StrEnum):
    """Keyed collections of rows that a panel can follow; the key of each row stands beside it."""

    SESSIONS = "sessions"  # session_id
    SIGNALS = "signals"  # signal_id: pending cards
    HISTORY = "signals history"  # signal_id: the last 100 of each session
    POSITIONS = "positions"  # "session_id/symbol"
    TRADES = "closed trades"  # trade_id
    ORDERS = "orders"  # order_id
    TRIGGERS = "triggers"  # trigger_id
    WATCH = "watchlist"  # "feed/symbol"
    ACCOUNTS = "accounts"  # "broker/account"


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the last call, by key: at most 20 of these a second, however fast the market is."""

    changed: Mapping[Table, frozenset[str]] = field(default_factory=dict)
    removed: Mapping[Table, frozenset[str]] = field(default_factory=dict)
    charts: frozenset[tuple[str, str]] = frozenset()  # (session_id, symbol) with a new bar, fill or level
    forming: frozenset[tuple[str, str]] = frozenset()  # (session_id, symbol) whose forming bar moved
    equity: frozenset[str] = frozenset()  # session_id with a new equity point
    portfolio: bool = False
    status: bool = False


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session with its figures. Ratios are fractions; None where a figure is not defined yet."""

    session_id: str
    settings: SessionSettings
    state: SessionState
    note: str  # why it is in this state and what still works ("Paused: stops and exits keep working")
    cash: Decimal
    equity: Decimal
    pnl: Decimal  # since the start, net of fees
    pnl_today: Decimal
    fees: Decimal
    positions: int
    pending_signals: int
    trades: int
    total_return: float
    drawdown: float  # now, below the running maximum; negative or zero
    max_drawdown: float
    sharpe: float | None
    win_rate: float | None
    profit_factor: float | None
    sparkline: tuple[float, ...]  # up to 60 points of equity, oldest first
    warm_up: str = ""  # what is still missing before rules are known; empty when warm
    kill: bool = False
    armed: bool = False  # live: it may buy until the program ends or it is disarmed
    sees: bool = True  # prices reach it: its feed is there, and the storage takes what would follow from them


@dataclass(frozen=True, slots=True)
class LimitLeft:
    """One limit on a signal card: what is used after the order, of what."""

    name: str
    used: str
    limit: str
    share: float  # used / limit, may exceed 1


@dataclass(frozen=True, slots=True)
class SignalCard:
    """One pending signal with everything a trader needs to judge it now (G1)."""

    signal: Signal
    session: SessionSettings
    instrument: Instrument
    bid: Decimal | None
    ask: Decimal | None
    quote_age_us: int | None
    drift_percent: Decimal  # from the signal's price to the price now; positive = dearer
    position_after: Decimal
    exposure_after: Decimal  # money in this symbol after the order
    exposure_percent: Decimal  # of equity
    limits: tuple[LimitLeft, ...]
    lines: tuple[tuple[str, str], ...]  # explanation: (sentence, "true" | "false" | "unknown")
    cannot_approve: str  # one sentence; empty when it can
    remaining_us: int | None  # until it expires; None = does not expire
    lifetime_us: int
    can_be_judged_anew: bool = True  # not while the kill switch is engaged


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One holding, marked to market."""

    position: Position
    session: SessionSettings
    instrument: Instrument
    price: Decimal | None  # bid, or last close
    value: Decimal
    pnl: Decimal  # unrealised, gross of fees
    pnl_percent: Decimal
    stop: Decimal | None  # the nearest of stop-loss and trailing stop
    target: Decimal | None
    stop_trigger: str = ""  # trigger_id
    target_trigger: str = ""
    stale: bool = False

    @property
    def key(self) -> str:
        """Key in `Table.POSITIONS`."""
        return f"{self.position.session_id}/{self.position.symbol}"


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One closed trade."""

    trade: ClosedTrade
    session: SessionSettings
    instrument: Instrument
    pnl_percent: Decimal


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order with where it came from."""

    order: Order
    session: SessionSettings
    instrument: Instrument
    came_from: str  # "signal", "stop-loss", "by hand", "kill switch" ...


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """One trigger with its distance from the price."""

    trigger: Trigger
    session: SessionSettings
    instrument: Instrument
    price: Decimal | None
    distance_percent: Decimal | None  # from the price to the level, signed


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal of the history."""

    signal: Signal
    session: SessionSettings
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One watched symbol."""

    feed: str
    instrument: Instrument
    bid: Decimal | None
    ask: Decimal | None
    last: Decimal | None
    change: Decimal | None  # since the day's open
    change_percent: Decimal | None
    high: Decimal | None
    low: Decimal | None
    volume: float
    at: int  # µs UTC of the last quote
    stale: bool
    sparkline: tuple[float, ...] = ()

    @property
    def key(self) -> str:
        """Key in `Table.WATCH`."""
        return f"{self.feed}/{self.instrument.symbol}"


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account at a broker: connection, money, and journals and broker side by side."""

    ref: AccountRef
    state: LinkState
    detail: str  # why it is in this state; empty: nothing to say
    ready: bool  # connected and reconciled: orders may leave
    real_money: bool
    info: AccountInfo | None  # as last read
    day_change: Decimal | None  # since the last close: the broker's word, moved on by what the sessions did since
    limits: AccountLimits
    reconciled_at: int  # µs UTC; 0: never in this launch
    holdings: tuple[Holding, ...]
    external: tuple[BrokerOrder, ...]  # open orders placed elsewhere
    foreign: tuple[str, ...]  # ids of orders that another Assay placed
    unknown: tuple[Order, ...]  # sent, and nobody knows what became of them
    sessions: tuple[str, ...]
    armed: tuple[str, ...]
    slow: bool = False  # connected, and long in answering

    @property
    def key(self) -> str:
        """Key in `Table.ACCOUNTS`."""
        return self.ref.key


@dataclass(frozen=True, slots=True)
class Allocation:
    """A slice of the allocation chart."""

    label: str  # symbol, or "Cash"
    value: Decimal
    share: float


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """All sessions of one currency together: with real money, at a broker's paper account, or with simulated money.

    They are never in one sum.
    """

    currency: str
    value: Decimal
    cash: Decimal
    invested: Decimal
    pnl_today: Decimal
    pnl_today_percent: Decimal
    unrealised: Decimal
    realised: Decimal
    fees: Decimal
    allocation: tuple[Allocation, ...]
    live: bool = False  # of sessions at brokers
    real_money: bool = False


@dataclass(frozen=True, slots=True)
class EquityView:
    """A session's curve: arrays of shape (n,), oldest first."""

    session_id: str
    at: NDArray[np.int64]  # µs UTC
    equity: NDArray[np.float64]
    benchmark: NDArray[np.float64]  # rebased to the starting cash; NaN where not known
    drawdown: NDArray[np.float64]  # fraction, zero or negative
    benchmark_name: str
    currency: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One line (or histogram) to draw with the bars."""

    name: str
    values: NDArray[np.float64]  # shape of the bars; NaN = unknown
    overlay: bool  # on the price, else in a pane of its own
    group: str = ""  # lines of one indicator share a pane
    levels: tuple[float, ...] = ()  # constants the rule compares it with (30, 70)


@dataclass(frozen=True, slots=True)
class FillMark:
    """A fill on the chart."""

    at: int
    price: float
    side: Side
    quantity: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything a price chart draws for one symbol of one session."""

    session_id: str
    instrument: Instrument
    timeframe: str
    bars: Columns
    forming: Bar | None
    indicators: tuple[IndicatorLine, ...]
    fills: tuple[FillMark, ...]
    triggers: tuple[Trigger, ...]  # active ones: draggable lines
    position: Position | None
    working: tuple[Order, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SessionBars:
    """All closed bars a session has of one symbol, from its origin on."""

    instrument: Instrument
    timeframe: str
    bars: Columns
    zone: str  # of the exchange


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One record of the audit trail."""

    session_id: str
    sequence: int
    at: int  # message time
    wall: int  # when it was stored
    kind: str
    text: str  # one sentence
    data: Mapping[str, Any]


class Health(StrEnum):
    """A lamp of the status bar."""

    OK = "ok"
    WAITING = "waiting"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Lamp:
    """One part of the program and how it is."""

    name: str
    health: Health
    text: str  # short: "12 ms"
    detail: str  # a sentence for the tool tip


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status bar, the badge and the banner."""

    feed: Lamp
    broker: Lamp
    loop: Lamp
    storage: Lamp
    market: Lamp  # "XNYS open, closes in 2:14"
    now: int
    badge: str  # DEMO | PAPER | BROKER PAPER | LIVE: the most serious of the sessions that run
    kill: bool
    banner: str = ""  # what needs the user's attention now; empty: nothing
    feeds: tuple[Lamp, ...] = ()  # each feed on its own; `feed` is the worst of them
    links: tuple[Lamp, ...] = ()  # each account at a broker on its own


@dataclass(frozen=True, slots=True)
class Why:
    """Why, or why not, right now (R4): clause by clause and check by check."""

    session_id: str
    symbol: str
    question: str  # "Why no entry?" / "Why still held?"
    answer: str  # one sentence
    rule: str
    lines: tuple[tuple[str, str], ...]  # (sentence, "true" | "false" | "unknown")
    checks: tuple[tuple[str, bool, str], ...]  # (check, passes, sentence)
    history: tuple[tuple[int, str], ...] = ()  # the chain of the position: (µs UTC, sentence) from quote to fill

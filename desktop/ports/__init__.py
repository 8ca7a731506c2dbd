"""What the engine needs from the world. Modes differ only in which of these they are given, chosen in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop.domain.events import Fact
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.fills import Fill
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote, Trade
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import SessionSettings
from desktop.domain.signals import Signal
from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.trials import Trial
from desktop.domain.triggers import Trigger

if TYPE_CHECKING:  # brings numpy, which the command line need not wait for
    from desktop.rules.columns import Columns, FloatArray, IntArray

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Clock(Protocol):
    """Time: `now` may jump with the wall clock, `monotonic` never does."""

    def now(self) -> int:
        """Return µs UTC since the epoch."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        ...


class TradingHours(Protocol):
    """When an instrument trades; a pure function of time, built off the loop."""

    name: str
    zone: str  # IANA name of the exchange's zone

    def is_open(self, at: int) -> bool:
        """Whether the market is open at `at` (µs UTC)."""
        ...

    def next_change(self, at: int) -> int | None:
        """Return µs UTC of the next opening or closing after `at`; None: never."""
        ...

    def trading_day(self, at: int) -> int:
        """Return the trading day of `at` as days since 1970-01-01; outside hours: the day of the next session."""
        ...


class FeedListener(Protocol):
    """Where a feed hands over what it hears: direct calls, no task or queue per quote."""

    def on_quote(self, quote: Quote) -> None: ...

    def on_trade(self, trade: Trade) -> None: ...

    def on_bars(self, bars: Sequence[Bar]) -> None:
        """Take the closed bars of one instant from a feed that has bars only."""
        ...

    def on_halt(self, symbol: str, reason: str, at: int) -> None:
        """Take that the market halted trading in a symbol at `at` (µs UTC); an empty reason: it goes on."""
        ...

    def on_state(self, state: str, detail: str) -> None:
        """Take a change of the connection: connected | reconnecting | silent | ended."""
        ...


class MarketFeed(Protocol):
    """A source of live prices."""

    name: str
    origin: str  # FeedOrigin

    def instruments(self) -> Sequence[Instrument]: ...

    async def start(self, listener: FeedListener) -> None: ...

    async def stop(self) -> None: ...

    def subscribe(self, symbol: str) -> None: ...

    def unsubscribe(self, symbol: str) -> None: ...

    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        """Return up to `bars` closed bars, oldest first, ending before now."""
        ...

    def position(self) -> Mapping[str, Any]:
        """Return where the feed stands, as JSON values, so that a restart goes on from there; {} where it cannot."""
        ...


class HistorySource(Protocol):
    """The past of a feed: bars that can be downloaded, page by page. Everything here may take the network's time."""

    name: str  # simulator | ccxt:EXCHANGE | alpaca: what a stored series names as its feed
    sessions: Mapping[str, str]  # hours by what they are called, the usual ones first: "regular" -> XNYS; often empty

    async def instrument(self, symbol: str) -> Instrument:
        """Return steps and currency of a symbol (NotFound: the feed does not have it)."""
        ...

    def bars(self, symbol: str, timeframe: str, begin: int, end: int) -> AsyncIterator[Sequence[Bar]]:
        """Yield the bars that start in [begin, end), µs UTC, oldest first, in pages.

        The first page begins with the first bar there is in that time. Pages may be empty, may repeat bars of the page
        before (the last one counts) and may hold the bar of the running period: who stores them leaves it out. The
        iterator waits for the provider's rate limit by itself, and is closed (`aclose`) when a download is cancelled.

        Raises:
            NotFound: the feed does not have the symbol.
            FieldError: it has no such timeframe.
            EnvironmentFault: it cannot be reached or refuses; what was yielded before holds.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; the last call."""
        ...


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """One point of a session's equity curve."""

    session_id: str
    at: int
    equity: Decimal
    cash: Decimal
    benchmark: float  # price of the benchmark symbol; 0 = not known


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything that one step of a session must commit together: all or nothing."""

    session_id: str
    at: int  # message time
    facts: Sequence[Fact] = ()
    state: Mapping[str, Any] | None = None  # SessionUnit.snapshot(), JSON values: core, venue, counters
    feed_position: Mapping[str, Any] | None = None  # rows consumed, simulator ordinal ...
    bars: Sequence[Bar] = ()  # closed bars since the last batch: state, not cache
    equity: Sequence[EquityPoint] = ()
    settings: SessionSettings | None = None  # at creation and when changed
    sync_full: bool = False  # survives a power cut: whatever leaves the process
    on_commit: Callable[[], None] | None = field(default=None, compare=False)  # called on the storage thread


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it was last committed: enough to go on exactly there."""

    settings: SessionSettings
    state: Mapping[str, Any]  # Batch.state
    feed_position: Mapping[str, Any]
    orders: Sequence[Order]  # all of them, oldest first
    execution_ids: Sequence[str]
    signals: Sequence[Signal]  # the last 100, oldest first
    fills: Sequence[Fill]  # the newest 2,000, oldest first
    triggers: Sequence[Trigger]  # the newest 500, oldest first
    trades: Sequence[ClosedTrade]  # the newest 2,000, oldest first
    equity: Sequence[EquityPoint]  # the newest 4,000, oldest first
    bars: Mapping[str, Sequence[Bar]]  # by symbol, every bar since the origin
    ended: bool  # deleted by the user: kept for the audit trail only


class StoreHealth(Protocol):
    """Whether the storage takes writes."""

    @property
    def ok(self) -> bool: ...

    @property
    def state(self) -> str:
        """Ok | full | locked | corrupt."""
        ...

    @property
    def sentence(self) -> str:
        """What happened, what was protected, what to do next; empty when all is well."""
        ...


class Store(Protocol):
    """Where sessions are kept. Reads block: off the loop only."""

    @property
    def health(self) -> StoreHealth: ...

    def on_health(self, callback: Callable[[], None]) -> None:
        """Call `callback` (on any thread) when the health changes."""
        ...

    def commit(self, batch: Batch) -> Future[None]:
        """Enqueue one transaction; the future ends once it is durable."""
        ...

    def session_ids(self) -> Sequence[str]: ...

    def load(self, session_id: str) -> StoredSession | None: ...

    def account_state(self, record_id: str) -> Mapping[str, Any] | None:
        """Return what was last committed under an id that is no session's (`domain.accounts.record_id`)."""
        ...

    def end_session(self, session_id: str) -> Future[None]: ...

    def feed_position(self, feed: str) -> Mapping[str, Any] | None:
        """Return the latest position any session on this feed committed."""
        ...

    def strategies(self) -> Sequence[Strategy]:
        """Return the latest version of each saved strategy."""
        ...

    def strategy_versions(self, name: str) -> Sequence[StrategyVersion]:
        """Return the saved versions of a strategy, oldest first. Blocks."""
        ...

    def save_strategy(self, strategy: Strategy) -> str:
        """Store a version and return it."""
        ...

    def audit(self, *, session_id: str = "", text: str = "", limit: int = 500) -> Sequence[AuditRecord]:
        """Return the newest records first."""
        ...


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One record of the audit trail as it is stored."""

    session_id: str
    sequence: int  # 1, 2, 3 ... within the session, without a gap
    at: int  # µs UTC, message time
    wall: int  # µs UTC, when it was stored
    kind: str  # class of the fact
    text: str  # one sentence
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class StoredBars:
    """Bars of a stored series."""

    info: SeriesInfo
    columns: Columns


@dataclass(frozen=True, slots=True, eq=False)
class StoredTicks:
    """Quotes or trades of a stored series; every array has shape (n,)."""

    info: SeriesInfo
    at: IntArray  # µs UTC
    first: FloatArray  # bid, or the price of a trade
    second: FloatArray  # ask, or the size of a trade
    sizes: tuple[FloatArray, FloatArray]  # bid size and ask size; 0 = not known


class HistoryStore(Protocol):
    """Where imported and downloaded market history is kept, apart from the sessions. Calls block: off the loop only."""

    def series(self) -> Sequence[SeriesInfo]:
        """Return what is stored, by symbol and timeframe."""
        ...

    def find(
        self, symbol: str, timeframe: str = "", *, kind: str = "bars", adjusted: bool | None = None, feed: str = ""
    ) -> SeriesInfo:
        """Return the series of a symbol: an adjusted one before one that is not, then the one imported last."""
        ...

    def bars(self, series_id: int, *, begin: int | None = None, end: int | None = None) -> StoredBars:
        """Return the bars that start in [begin, end), µs UTC; None: from the first, to the last."""
        ...

    def ticks(self, series_id: int, *, begin: int | None = None, end: int | None = None) -> StoredTicks:
        """Return the quotes or trades in [begin, end), µs UTC; None: from the first, to the last."""
        ...

    def save_bars(self, info: SeriesInfo, columns: Columns, *, replacing: bool = False) -> SeriesInfo:
        """Store downloaded bars, all or nothing; returns the series as it is stored."""
        ...

    def adjust(self, series_id: int, splits: Sequence[Split], *, replacing: bool = False) -> SeriesInfo:
        """Store a second series, adjusted for splits; the one as traded stays."""
        ...

    def accept_splits(self, series_id: int, times: Collection[int]) -> SeriesInfo:
        """Record that probable splits (`Split.at`) are left as they are."""
        ...

    def delete(self, series_id: int) -> SeriesInfo:
        """Delete a series and return what it was."""
        ...


class EvidenceStore(Protocol):
    """Where backtests are kept as evidence. Calls block: off the loop only."""

    def save(self, evidence: Evidence, detail: EvidenceDetail) -> Evidence:
        """Keep a backtest, or record that it came to the same again; returns what is stored now."""
        ...

    def all(self) -> Sequence[Evidence]:
        """Return every stored backtest, newest first."""
        ...

    def get(self, key: str) -> Evidence:
        """Return one (NotFound: there is none)."""
        ...

    def detail(self, key: str) -> EvidenceDetail:
        """Return fills, trades and curve of one (NotFound: there is none)."""
        ...

    def delete(self, key: str) -> None:
        """Delete one; the audit trail keeps that it was there (NotFound: there is none)."""
        ...

    def save_trial(self, trial: Trial) -> None:
        """Record that variants of a strategy were tried."""
        ...

    def trials(self) -> Sequence[Trial]:
        """Return what was tried of all strategies, newest first."""
        ...


class BackgroundJob(Protocol[T_co]):
    """One piece of work in another process; await it for its result."""

    def cancel(self) -> None: ...

    def __await__(self) -> Generator[Any, None, T_co]: ...


class BackgroundJobs(Protocol):
    """Starts work in processes of its own, from the event loop, which never waits."""

    def start(
        self,
        function: Callable[..., T],
        *arguments: Any,
        what: str = "",
        on_progress: Callable[[float], None] | None = None,
    ) -> BackgroundJob[T]:
        """Start `function(*arguments, progress=...)`; `progress` takes the share done and raises once cancelled."""
        ...

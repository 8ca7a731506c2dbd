"""The lab: all that a window can ask of research. Backtests, sweeps, what is stored of them, and what they run on.

Nothing here holds the event loop up: long work runs in processes of its own and is followed through a `Work`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.evidence import Evidence
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.positions import ClosedTrade
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.domain.strategies import Strategy

if TYPE_CHECKING:
    from desktop.research.monthly import YearReturns
    from desktop.research.statistics import RuleCount
    from desktop.research.sweep import SweepProgress, SweepResult
    from desktop.research.walk_forward import WalkForwardResult
    from desktop.rules.columns import Columns, FloatArray, IntArray

T_co = TypeVar("T_co", covariant=True)

#: Where prices come from: "file:PATH", "series:NUMBER" of the history store, or "simulated".
FILE, SERIES, SIMULATED = "file:", "series:", "simulated"
MOST_TRADES = 5_000  # of a report that are shown; the export has all
MOST_BARS = 3_000  # of a chart


class WorkCancelled(AssayError):
    """The work was cancelled by the user; it left nothing behind."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} was cancelled. Nothing of it is kept.")


class Work(Protocol[T_co]):
    """Work under way; await it for its result (any number of times).

    Awaiting raises `WorkCancelled` after `cancel`, else the typed error of what went wrong.
    """

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        ...

    def cancel(self) -> None:
        """Ask it to end; within half a second it has, and no process of it is left. A second call does nothing."""
        ...

    def __await__(self) -> Generator[Any, None, T_co]: ...


@dataclass(frozen=True, slots=True)
class DataRef:
    """Prices of one symbol.

    Attributes:
        symbol: As which they are traded.
        source: FILE and a path, SERIES and a number of the history store, or SIMULATED.
    """

    symbol: str
    source: str


@dataclass(frozen=True, slots=True)
class DataChoice:
    """Prices that can be tested on.

    Attributes:
        ref: What a draft names.
        title: For people: "SPY 1h, spy_1h.csv".
        kind: "bars", "quotes" or "trades".
        timeframe: Of bars; empty for ticks and for simulated prices, which come in any.
        currency: Of the prices.
        first: µs UTC of the first row; 0: not known.
        last: µs UTC of the last row; 0: not known.
        rows: Rows; 0: as many as are wanted.
        warning: Probable splits that nobody has decided on, as a sentence; empty: none.
    """

    ref: DataRef
    title: str
    kind: str
    timeframe: str
    currency: str
    first: int = 0
    last: int = 0
    rows: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class BacktestDraft:
    """A backtest as it is filled in.

    Attributes:
        strategy: Saved or not.
        data: One for each symbol.
        cash: To start with.
        currency: Of the cash and of files, which do not say theirs.
        fills: The fill model.
        hours: "always", a calendar, or hours of one's own.
        seed: Of the fill model's luck.
        limits: Risk limits; only the cash check applies by default, as on the command line.
        splits: "warn", "adjust" or "accept": what becomes of probable splits in files.
    """

    strategy: Strategy
    data: tuple[DataRef, ...]
    cash: Decimal = Decimal(100_000)
    currency: str = "USD"
    fills: FillSettings = field(default_factory=lambda: FillSettings.of(FillModelKind.REALISTIC))
    hours: str = "always"
    seed: int = 1
    limits: RiskLimits = field(default_factory=RiskLimits)
    splits: str = "warn"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """An equity curve as it is drawn: of a long one the highs and lows. Arrays of shape (n,), oldest first.

    Attributes:
        at: µs UTC, start of a bar.
        equity: At its close.
        drawdown: Below the running maximum, fractions, zero or negative.
        benchmark: The same cash held in the benchmark; NaN where not known.
        benchmark_name: Its symbol; empty: not known.
    """

    at: IntArray
    equity: FloatArray
    drawdown: FloatArray
    benchmark: FloatArray
    benchmark_name: str


@dataclass(frozen=True, slots=True, eq=False)
class ReportView:
    """A backtest as the window shows it; small, whatever it ran on.

    Attributes:
        evidence: Settings, fingerprints, metrics and digest; `created_at` is 0 while it is not stored.
        curve: As it is drawn.
        trades: The newest, at most MOST_TRADES, oldest first.
        monthly: A row of returns for each year; None: not known of a stored backtest until it is run again.
        rules: How often rules and clauses were true; None likewise.
        blocks: How often each check stopped something; None likewise.
        signals: How many signals were raised; None likewise.
        orders: How many orders were placed; None likewise.
        open_positions: How many positions were held at the end; None likewise.
        dropped: Rows of the data that were not traded on, by reason; None likewise.
        warnings: Sentences to be shown with the result.
        run_seconds: From columns in memory to the result; 0: not known.
        place: Where the lab keeps the whole result while it is open; empty: only the stored part is there.
    """

    evidence: Evidence
    curve: Curve
    trades: tuple[ClosedTrade, ...]
    monthly: tuple[YearReturns, ...] | None = None
    rules: tuple[RuleCount, ...] | None = None
    blocks: Mapping[str, int] | None = None
    signals: int | None = None
    orders: int | None = None
    open_positions: int | None = None
    dropped: Mapping[str, int] | None = None
    warnings: tuple[str, ...] = ()
    run_seconds: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Reproduction:
    """What came of running a stored backtest again.

    Attributes:
        report: Of the new run.
        identical: Whether fills, trades and money are the same to the last decimal.
        sentence: What was compared and what it says.
    """

    report: ReportView
    identical: bool
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class ChartData:
    """Bars of one symbol of a backtest and its fills in them."""

    instrument: Instrument
    timeframe: str
    bars: Columns
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WalkForwardView:
    """A walk-forward and its out-of-sample curve as it is drawn."""

    result: WalkForwardResult
    curve: Curve


class Lab(Protocol):
    """Research as seen from the window."""

    async def data(self) -> Sequence[DataChoice]:
        """Return the stored series and the simulated prices."""
        ...

    async def look_at(self, path: str) -> DataChoice:
        """Return what a file of prices holds.

        Raises:
            DataFileError: it cannot be read.
        """
        ...

    def check(self, draft: BacktestDraft) -> Sequence[FieldError]:
        """Return every mistake that can be seen without reading data, each at its field, a few ms."""
        ...

    # backtests -------------------------------------------------------------------------------------------------
    def start_backtest(
        self, draft: BacktestDraft, *, keep: bool = True, on_progress: Callable[[float], None] | None = None
    ) -> Work[ReportView]:
        """Start a backtest.

        Args:
            draft: What to run.
            keep: Store it as evidence; False for a quick look.
            on_progress: Told on the loop the share that is done.
        """
        ...

    async def stored(self) -> Sequence[Evidence]:
        """Return the stored backtests, newest first."""
        ...

    async def load(self, key: str) -> ReportView:
        """Return a stored backtest (NotFound: there is none)."""
        ...

    def reproduce(self, key: str, *, on_progress: Callable[[float], None] | None = None) -> Work[Reproduction]:
        """Run a stored backtest again on the same data and hold the result against what is stored."""
        ...

    async def delete(self, key: str) -> None:
        """Delete a stored backtest; that it was there stays in the audit trail (NotFound: there is none)."""
        ...

    async def chart(self, report: ReportView, symbol: str, *, begin: int, end: int) -> ChartData:
        """Return bars and fills of a report between two times (µs UTC), at most MOST_BARS.

        Raises:
            NotFound: the report is of a stored backtest that was not run again.
        """
        ...

    def export_csv(self, report: ReportView, folder: str) -> Work[tuple[str, ...]]:
        """Write trades, fills, equity and monthly returns into a folder; the result names the files."""
        ...

    def export_html(self, report: ReportView, path: str) -> Work[tuple[str, ...]]:
        """Write the report as one page."""
        ...

    # sweeps ----------------------------------------------------------------------------------------------------
    def start_sweep(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        *,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> Work[SweepResult]:
        """Run every combination of values.

        Args:
            draft: As of a backtest.
            ranges: By parameter: "5:30:1" or "5,10,20".
            metric: What variants are ranked by.
            workers: Processes; None: one for each processor.
            on_progress: Told on the loop, some times a second.
        """
        ...

    def start_walk_forward(
        self,
        draft: BacktestDraft,
        ranges: Mapping[str, str],
        plan: str,
        *,
        anchored: bool = False,
        metric: str = "sharpe",
        workers: int | None = None,
        on_progress: Callable[[SweepProgress], None] | None = None,
    ) -> Work[WalkForwardView]:
        """Choose parameters on stretches and try them on what follows; `plan`: "2000/500" bars or "365d/90d" days."""
        ...

    async def close(self) -> None:
        """End what runs and clear away what was kept only while the window was open."""
        ...

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
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.domain.strategies import Strategy
from desktop.domain.trials import Trial

if TYPE_CHECKING:
    from desktop.research.lab_views import ChartData, ReportView, Reproduction, WalkForwardView
    from desktop.research.sweep import SweepProgress, SweepResult

T_co = TypeVar("T_co", covariant=True)

#: Where prices come from: "file:PATH", "series:NUMBER" of the history store, or "simulated".
FILE, SERIES, SIMULATED = "file:", "series:", "simulated"


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
        adjusted: The prices are stored adjusted for splits.
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
    adjusted: bool = False


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
        begin: µs UTC: rows before it are not looked at, indicators start with the first one after it; None: all.
        end: µs UTC: rows from then on are not looked at; None: all.
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
    begin: int | None = None
    end: int | None = None


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
        """Return bars and fills of a report between two times (µs UTC), at most `lab_views.MOST_BARS`.

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

    async def trials(self) -> Sequence[Trial]:
        """Return which sweeps and walk-forwards were run of all strategies, newest first; on record, never deleted."""
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

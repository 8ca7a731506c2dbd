"""What the lab shows of its work: a report, its curve, a trade's bars; small, whatever it was run on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.domain.evidence import Evidence
from desktop.domain.fills import Fill
from desktop.domain.instruments import Instrument
from desktop.domain.positions import ClosedTrade

if TYPE_CHECKING:
    from desktop.research.monthly import YearReturns
    from desktop.research.statistics import RuleCount
    from desktop.research.walk_forward import WalkForwardResult
    from desktop.rules.columns import Columns, FloatArray, IntArray

MOST_TRADES = 5_000  # of a report that are shown; the export has all
MOST_BARS = 3_000  # of a chart


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
        made_of: What the bars were made of where the prices hold others; empty: nothing, or not known.
        no_trades: Why there is no trade and what to try, in sentences; empty: there are some, or it is not known.
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
    made_of: str = ""
    no_trades: tuple[str, ...] = ()


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

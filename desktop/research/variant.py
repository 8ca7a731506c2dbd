"""One variant of a sweep: what is asked of a worker, and the little it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.positions import ClosedTrade
from desktop.research.deflated import ReturnShape
from desktop.research.metrics import Metrics
from desktop.rules.columns import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Task:
    """One run that a worker is asked for.

    Attributes:
        number: Place of the variant in the grid, from 0.
        values: Of the swept parameters, in the grid's order.
        begin: µs UTC; trading starts with the first bar from here on. None: with the first bar.
        end: µs UTC; the first bar that no longer counts. None: all count.
        cash: To start with; None: that of the settings.
        detailed: Equity curve and trades are wanted as well.
    """

    number: int
    values: tuple[Decimal, ...]
    begin: int | None = None
    end: int | None = None
    cash: Decimal | None = None
    detailed: bool = False


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What one variant came to. Small: a sweep keeps thousands; the curve comes from running the variant again.

    Attributes:
        number: Place in the grid, from 0.
        parameters: The swept parameters and their values.
        metrics: As of a backtest; None where it failed.
        trades: Positions from flat to flat.
        cash: At the end; zero where it failed.
        equity: Cash and holdings at the last closes; zero where it failed.
        shape: Of its daily returns; None where they have none.
        failure: The sentence that says why it could not run; empty where it did.
    """

    number: int
    parameters: Mapping[str, Decimal]
    metrics: Metrics | None
    trades: int
    cash: Decimal
    equity: Decimal
    shape: ReturnShape | None
    failure: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """Curve and trades of one run; the arrays have shape (n,).

    Attributes:
        start: µs UTC, start of each bar.
        equity: At the close of each bar.
        held: How many bars closed with a position.
        trades: Closed trades.
        fees: Of all fills.
        traded_value: Price times quantity of all fills.
    """

    start: IntArray
    equity: FloatArray
    held: int
    trades: tuple[ClosedTrade, ...]
    fees: Decimal
    traded_value: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a worker answers to a task: the result, and the detail where it was wanted and the variant ran."""

    task: Task
    result: VariantResult
    detail: Detail | None = None

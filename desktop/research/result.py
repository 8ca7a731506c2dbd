"""What a backtest found: the core's own fills, trades and books, and the equity curve drawn from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.fills import Fill
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.sessions import SessionSettings

if TYPE_CHECKING:
    from desktop.rules.columns import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class BacktestResult:
    """One strategy version on one set of bars, with one seed: run again, it is the same to the cent.

    Attributes:
        settings: The session that was run: strategy, instruments, cash, limits, hours, fills, seed.
        fingerprints: Hash of the data of each instrument, in their order.
        bars: Closed bars of all instruments.
        ended_at: µs UTC of the last message.
        start: µs UTC, start of each bar of any instrument; strictly rising, shape (n,).
        equity: Cash and holdings at the close of each of these bars, shape (n,).
        fills: Every execution, oldest first.
        trades: Every position from flat to flat, in the order in which they were closed.
        positions: What is held at the end.
        values: What each of these holdings would bring at the last close, by symbol.
        working: Orders still open at the end.
        signals: How many signals were raised.
        orders: How many orders were placed.
        blocks: How often each check stopped something, by the check's name.
        warnings: Sentences the core said on the way, each once.
        cash: At the end.
        fees: Of all fills.
        run_seconds: From columns in memory to this result.
    """

    settings: SessionSettings
    fingerprints: tuple[str, ...]
    bars: int
    ended_at: int
    start: IntArray
    equity: FloatArray
    fills: tuple[Fill, ...]
    trades: tuple[ClosedTrade, ...]
    positions: tuple[Position, ...]
    values: Mapping[str, Decimal]
    working: tuple[Order, ...]
    signals: int
    orders: int
    blocks: Mapping[str, int]
    warnings: tuple[str, ...]
    cash: Decimal
    fees: Decimal
    run_seconds: float

    @property
    def final_equity(self) -> Decimal:
        """Cash and holdings at the last closes, exact."""
        return self.cash + sum(self.values.values(), Decimal(0))

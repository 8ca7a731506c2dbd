"""What each symbol of a backtest did, and how much of the equity stood in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from desktop.domain.money import ZERO
from desktop.research.curves import in_bars
from desktop.research.result import BacktestResult
from desktop.rules.columns import Columns, FloatArray
from desktop.trading.equity import held_values
from desktop.trading.ratios import LEAST_MONEY, TradeTally


@dataclass(frozen=True, slots=True, eq=False)
class SymbolResult:
    """What one symbol did.

    Attributes:
        symbol: The symbol.
        trades: Of its closed trades.
        fees: Of all its fills.
        allocation: Its share of the equity at the close of each bar, shape (n,); 0 where equity is not above zero.
    """

    symbol: str
    trades: TradeTally
    fees: Decimal
    allocation: FloatArray

    @property
    def mean_allocation(self) -> float | None:
        """Mean share of the equity over all bars; None without bars."""
        return float(self.allocation.mean()) if len(self.allocation) else None

    @property
    def largest_allocation(self) -> float | None:
        """Largest share of the equity at a close; None without bars."""
        return float(self.allocation.max()) if len(self.allocation) else None


def by_symbol(result: BacktestResult, columns_by_symbol: Mapping[str, Columns]) -> tuple[SymbolResult, ...]:
    """Return what each symbol did, in the session's order.

    Args:
        result: The backtest.
        columns_by_symbol: The closed bars it ran on.
    """
    values = dict(held_values(in_bars(result.fills, result.start), columns_by_symbol, result.start))
    fees = dict.fromkeys(values, ZERO)
    for fill in result.fills:
        fees[fill.symbol] += fill.fee
    nothing = np.zeros(len(result.start))
    return tuple(
        SymbolResult(
            symbol=item.symbol,
            trades=TradeTally(trade for trade in result.trades if trade.symbol == item.symbol),
            fees=fees.get(item.symbol, ZERO),
            allocation=_share(values.get(item.symbol, nothing), result.equity),
        )
        for item in result.settings.instruments
    )


def _share(value: FloatArray, equity: FloatArray) -> FloatArray:
    share: FloatArray = np.divide(value, equity, out=np.zeros(len(equity)), where=equity > LEAST_MONEY)
    return share

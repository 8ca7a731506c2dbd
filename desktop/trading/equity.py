"""The equity curve of a run from its fills and bars: one vector pass, the same for every driver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.trading.exact import EXACT

if TYPE_CHECKING:
    from desktop.rules.columns import Columns, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class EquityCurve:
    """Equity at the close of every bar; both arrays have shape (n,).

    Attributes:
        start: µs UTC, start of each bar of any symbol, strictly rising.
        equity: Cash and holdings at the last close of each symbol, in the currency of the cash.
    """

    start: IntArray
    equity: FloatArray

    def __len__(self) -> int:
        return len(self.start)


def equity_curve(fills: Iterable[Fill], columns_by_symbol: Mapping[str, Columns], cash: Decimal) -> EquityCurve:
    """Return the equity at the close of every bar.

    Cash and quantities are summed in Decimal and become float64 once per fill; only the marking is float arithmetic.

    Args:
        fills: All executions of the run, in any order; each counts from the bar it happened in (`bar_start`).
        columns_by_symbol: Closed bars; symbols may have different ones. Between bars a symbol is worth its last close.
        cash: Money at the start.

    Raises:
        KeyError: a fill is of a symbol without bars.
    """
    bars = [columns.start for columns in columns_by_symbol.values() if len(columns)]
    if not bars:
        return EquityCurve(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float64))
    start = bars[0] if len(bars) == 1 else np.unique(np.concatenate(bars))
    ordered = sorted(fills, key=lambda fill: (fill.bar_start or fill.at, fill.at, fill.execution_id))
    equity = _steps([(_bar(fill), _flow(fill)) for fill in ordered], start, cash)
    for _, value in held_values(ordered, columns_by_symbol, start):
        equity += value
    return EquityCurve(start, equity)


def held_values(
    ordered: Iterable[Fill], columns_by_symbol: Mapping[str, Columns], start: IntArray
) -> Iterator[tuple[str, FloatArray]]:
    """Yield each symbol that was traded with what was held of it at the close of every bar, at its last close.

    Args:
        ordered: All executions of the run, oldest first.
        columns_by_symbol: Closed bars.
        start: µs UTC, start of each bar of any symbol; shape (n,).

    Raises:
        KeyError: a fill is of a symbol without bars.
    """
    quantities: dict[str, list[tuple[int, Decimal]]] = {}
    for fill in ordered:
        signed = fill.quantity if fill.side is Side.BUY else fill.quantity.copy_negate()
        quantities.setdefault(fill.symbol, []).append((_bar(fill), signed))
    for symbol, changes in quantities.items():
        columns = columns_by_symbol[symbol]
        if not len(columns):
            raise KeyError(symbol)
        value = _steps(changes, start, ZERO)
        value *= _last_closes(columns, start)
        yield symbol, value


def _bar(fill: Fill) -> int:
    return fill.bar_start or fill.at


def _flow(fill: Fill) -> Decimal:
    value = EXACT.multiply(fill.price, fill.quantity)
    return EXACT.subtract(value if fill.side is Side.SELL else value.copy_negate(), fill.fee)


def _last_closes(columns: Columns, start: IntArray) -> FloatArray:
    """Return the last close at every bar; before the first one its own."""
    if np.array_equal(columns.start, start):
        return columns.close
    last = np.searchsorted(columns.start, start, side="right") - 1
    return columns.close[np.maximum(last, 0)]


def _steps(changes: list[tuple[int, Decimal]], start: IntArray, begin: Decimal) -> FloatArray:
    """Return the running sum of changes at every bar: `begin` before the first."""
    total, sums = begin, [float(begin)]
    for _, change in changes:
        total = EXACT.add(total, change)
        sums.append(float(total))
    times = np.fromiter((at for at, _ in changes), dtype=np.int64, count=len(changes))
    # few changes are looked up among many bars, not the other way round: thirty times as fast
    places = np.searchsorted(start, times, side="left")
    lengths = np.diff(np.concatenate(([0], places, [len(start)])))
    return np.repeat(np.array(sums, dtype=np.float64), lengths)

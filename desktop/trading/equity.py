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

_BUY, _SELL = Side.BUY, Side.SELL
_plus, _minus, _times = EXACT.add, EXACT.subtract, EXACT.multiply

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
    sums, total = [float(cash)], cash
    for fill in ordered:
        value = _times(fill.price, fill.quantity)
        total = _minus(_plus(total, value) if fill.side is _SELL else _minus(total, value), fill.fee)
        sums.append(float(total))
    equity = _steps([fill.bar_start or fill.at for fill in ordered], sums, start)
    for _, worth in held_values(ordered, columns_by_symbol, start):
        equity += worth
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
    held: dict[str, Decimal] = {}
    changes: dict[str, tuple[list[int], list[float]]] = {}  # when it changed, and to what from there on
    floats: dict[Decimal, float] = {ZERO: 0.0}  # few quantities are held again and again
    for fill in ordered:
        symbol, signed = fill.symbol, fill.quantity if fill.side is _BUY else fill.quantity.copy_negate()
        quantity = held[symbol] = _plus(held.get(symbol, ZERO), signed)
        as_float = floats.get(quantity)
        if as_float is None:
            as_float = floats[quantity] = float(quantity)
        found = changes.get(symbol)
        if found is None:
            found = changes[symbol] = ([], [0.0])
        found[0].append(fill.bar_start or fill.at)
        found[1].append(as_float)
    for symbol, (times, quantities) in changes.items():
        columns = columns_by_symbol[symbol]
        if not len(columns):
            raise KeyError(symbol)
        value = _steps(times, quantities, start)
        value *= _last_closes(columns, start)
        yield symbol, value


def _last_closes(columns: Columns, start: IntArray) -> FloatArray:
    """Return the last close at every bar; before the first one its own."""
    if np.array_equal(columns.start, start):
        return columns.close
    last = np.searchsorted(columns.start, start, side="right") - 1
    return columns.close[np.maximum(last, 0)]


def _steps(times: list[int], sums: list[float], start: IntArray) -> FloatArray:
    """Return what a sum is at every bar: `sums[0]` before the first time, `sums[i + 1]` from the i-th on."""
    # few changes are looked up among many bars, not the other way round: thirty times as fast
    places = np.searchsorted(start, np.array(times, dtype=np.int64), side="left")
    lengths = np.diff(np.concatenate(([0], places, [len(start)])))
    return np.repeat(np.array(sums, dtype=np.float64), lengths)

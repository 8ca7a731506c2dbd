"""The equity curve of a run from its fills and bars: one vector pass, the same for every driver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import islice
from operator import gt

import numpy as np

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.rules.columns import Columns, FloatArray, IntArray
from desktop.trading.exact import EXACT

_BLOCK = 16_384  # bars
_BUY = Side.BUY


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
    times, ordered = _by_time(fills)
    with localcontext(EXACT):  # plain operators in it cost half of the context's own methods
        sums, held = _sums(times, ordered, cash)
    places = _places(times, start)
    equity = _steps(places, sums, len(start))
    for symbol, (changed, quantities) in held.items():
        own = places if len(held) == 1 else _places(changed, start)
        _add_worth(equity, own, quantities, _closes_of(symbol, columns_by_symbol, start))
    return EquityCurve(start, equity)


def _by_time(fills: Iterable[Fill]) -> tuple[list[int], list[Fill]]:
    """Return when fills count from, and the fills, both in the order of these times.

    Those of one moment may stand in any order: sums are exact, and only what they come to afterwards is seen.
    """
    ordered = list(fills)
    times = [fill.bar_start or fill.at for fill in ordered]
    if any(map(gt, times, islice(times, 1, None))):  # a run tells its fills in order; others are brought into it
        ordered.sort(key=lambda fill: fill.bar_start or fill.at)
        times.sort()
    return times, ordered


def _sums(
    times: list[int], ordered: list[Fill], cash: Decimal
) -> tuple[list[float], dict[str, tuple[list[int], list[float]]]]:
    """Return the cash before the first fill and after each, and what was held of each symbol.

    Exact in a context that is.

    Returns:
        Cash; and for each symbol when its quantity changed, with what was held before and from each time on.
    """
    sums = [cash]
    changes: dict[str, tuple[list[int], list[Decimal]]] = {}
    for at, fill in zip(times, ordered, strict=True):
        symbol, quantity = fill.symbol, fill.quantity
        found = changes.get(symbol)
        if found is None:
            found = changes[symbol] = ([], [ZERO])
        held = found[1]
        found[0].append(at)
        if fill.side is _BUY:
            cash = cash - fill.price * quantity - fill.fee
            held.append(held[-1] + quantity)
        else:
            cash = cash + fill.price * quantity - fill.fee
            held.append(held[-1] - quantity)
        sums.append(cash)
    return list(map(float, sums)), {symbol: (when, _floats(held)) for symbol, (when, held) in changes.items()}


def _floats(quantities: list[Decimal]) -> list[float]:
    """Return quantities as floats: few different ones are held again and again, and each is converted once."""
    known = {quantity: float(quantity) for quantity in set(quantities)}
    return list(map(known.__getitem__, quantities))


def _add_worth(equity: FloatArray, places: IntArray, quantities: list[float], closes: FloatArray) -> None:
    """Add what is held at the close of every bar, a block of bars at a time.

    A block stays in the processor's cache, and its arrays need no fresh pages from the system: with a million bars that
    was most of the time of the curve.

    Args:
        equity: Added to in place; shape (n,).
        places: The bars from which on the quantity is another one; rising.
        quantities: Held before the first of them, then from each on.
        closes: At which they are valued; shape (n,).
    """
    held = np.array(quantities, dtype=np.float64)
    for begin in range(0, len(equity), _BLOCK):
        end = min(begin + _BLOCK, len(equity))
        first, last = np.searchsorted(places, (begin, end), side="right").tolist()
        worth = held[first : last + 1].repeat(_lengths(places[first:last], begin, end))
        worth *= closes[begin:end]
        equity[begin:end] += worth


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
    times, ordered = _by_time(ordered)
    with localcontext(EXACT):
        _, held = _sums(times, ordered, ZERO)
    for symbol, (changed, quantities) in held.items():
        closes = _closes_of(symbol, columns_by_symbol, start)
        value = _steps(_places(changed, start), quantities, len(start))
        value *= closes
        yield symbol, value


def _closes_of(symbol: str, columns_by_symbol: Mapping[str, Columns], start: IntArray) -> FloatArray:
    columns = columns_by_symbol[symbol]
    if not len(columns):
        raise KeyError(symbol)
    return _last_closes(columns, start)


def _last_closes(columns: Columns, start: IntArray) -> FloatArray:
    """Return the last close at every bar; before the first one its own."""
    if columns.start is start or np.array_equal(columns.start, start):
        return columns.close
    last = np.searchsorted(columns.start, start, side="right") - 1
    return columns.close[np.maximum(last, 0)]


def _places(times: list[int], start: IntArray) -> IntArray:
    """Return the bars from which on changes count."""
    # few changes are looked up among many bars, not the other way round: thirty times as fast
    places: IntArray = np.searchsorted(start, np.array(times, dtype=np.int64), side="left")
    return places


def _steps(places: IntArray, sums: list[float], count: int) -> FloatArray:
    """Return what a sum is at every bar: `sums[0]` before the first place, `sums[i + 1]` from the i-th on."""
    return np.array(sums, dtype=np.float64).repeat(_lengths(places, 0, count))


def _lengths(places: IntArray, begin: int, end: int) -> IntArray:
    """Return how many bars lie from `begin` to the first place, between them, and from the last to `end`."""
    edges = np.empty(len(places) + 2, dtype=np.int64)
    edges[0], edges[1:-1], edges[-1] = begin, places, end
    np.minimum(edges, end, out=edges)
    return edges[1:] - edges[:-1]

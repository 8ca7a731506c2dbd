"""Curves beside the equity: drawdown, benchmark, what was held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.rules.columns import Columns, FloatArray, IntArray
from desktop.trading.exact import EXACT
from desktop.trading.ratios import LEAST_MONEY

_BUY = Side.BUY


def drawdown_curve(equity: FloatArray, begin: float) -> FloatArray:
    """Return how far each bar's equity stands below the running maximum; fractions, zero or negative, shape (n,).

    Args:
        equity: Equity at the close of each bar; shape (n,), finite.
        begin: Equity before the first bar, where the maximum starts.
    """
    peak = np.maximum(np.maximum.accumulate(equity), begin) if len(equity) else equity
    found: FloatArray = np.divide(equity, peak, out=np.ones(len(equity)), where=peak > LEAST_MONEY)
    found -= 1
    return found


def benchmark_curve(benchmark: Columns, start: IntArray, cash: float) -> FloatArray:
    """Return what the same cash would be worth, held in the benchmark from its first close on, without fees.

    Args:
        benchmark: Closed bars of the benchmark, of any times; at least one.
        start: µs UTC, start of each bar of the curve; shape (n,).
        cash: Money at the start.

    Returns:
        Array of shape (n,): the cash itself before the benchmark's first bar, and its last close in between.
    """
    place = np.searchsorted(benchmark.start, start, side="right") - 1
    first = max(0, int(place[0])) if len(place) else 0  # bars of the benchmark before the curve begins do not count
    base = float(benchmark.close[first])
    if base <= 0:
        return np.full(len(start), cash)
    curve: FloatArray = benchmark.close[np.maximum(place, first)] * (cash / base)
    return curve


def held_stretches(fills: Iterable[Fill], start: IntArray) -> list[tuple[int, int]]:
    """Return the stretches of bars at whose close anything was held, as (first, one after the last) bar.

    Args:
        fills: All executions of the run, in the order in which they happened.
        start: µs UTC, start of each bar; shape (n,).
    """
    held: dict[str, Decimal] = {}
    changes: list[int] = []  # when something was held, nothing any more, something again ...
    with localcontext(EXACT):
        for fill in fills:
            symbol, before = fill.symbol, bool(held)
            quantity = held.get(symbol, ZERO)
            quantity = quantity + fill.quantity if fill.side is _BUY else quantity - fill.quantity
            if quantity:
                held[symbol] = quantity
            else:
                held.pop(symbol, None)
            if bool(held) is not before:
                changes.append(fill.bar_start or fill.at)
    places = _bars_of(start, changes).tolist()
    # bought and sold within one bar, nothing was held at its close
    stretches = [pair for pair in zip(places[::2], places[1::2], strict=False) if pair[1] > pair[0]]
    since: int | None = places[-1] if len(places) % 2 else None
    if since is not None and since < len(start):
        stretches.append((since, len(start)))
    return stretches


def in_bars(fills: Sequence[Fill], start: IntArray) -> list[Fill]:
    """Return fills with the start of the bar they happened in; those of ticks know only their own moment.

    Args:
        fills: Executions in any order.
        start: µs UTC, start of each bar; shape (n,).
    """
    if not len(start):
        return list(fills)
    bars = start[_bars_of(start, [fill.bar_start or fill.at for fill in fills])].tolist()
    return [
        fill if fill.bar_start == bar else replace(fill, bar_start=bar) for fill, bar in zip(fills, bars, strict=True)
    ]


def _bars_of(start: IntArray, at: Sequence[int]) -> IntArray:
    """Return the place of the bar that each moment lies in: the last one that has begun."""
    places: IntArray = np.maximum(np.searchsorted(start, np.array(at, dtype=np.int64), side="right") - 1, 0)
    return places


def traded_value(fills: Iterable[Fill]) -> Decimal:
    """Return price times quantity of all fills, bought and sold."""
    with localcontext(EXACT):
        return sum([fill.price * fill.quantity for fill in fills], ZERO)

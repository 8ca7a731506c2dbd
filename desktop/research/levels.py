"""The next bar whose range reaches an order or a trigger, by vector search.

A search may name a bar too many, never one too few: the core compares in Decimal on the tick, the search in float64
with a tick to spare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from desktop.domain.orders import Order, OrderKind, Side
from desktop.domain.triggers import Trigger, TriggerKind
from desktop.rules.columns import BoolArray, Columns, FloatArray

_FIRST_LOOK = 256  # bars; most holdings are left sooner
_WIDER = 4
_SPARE = 1e-9  # of a price: what float64 may lose on the way


@dataclass(frozen=True, slots=True)
class Levels:
    """Prices at which something may happen on one symbol.

    Attributes:
        falling: Reached when a low is at or under it; -inf: none.
        rising: Reached when a high is at or over it; inf: none.
        trails: Trailing stops: level, high-water mark, and share of the mark that the level is at.
    """

    falling: float
    rising: float
    trails: tuple[tuple[float, float, float], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no price is of interest."""
        return self.falling == -np.inf and self.rising == np.inf and not self.trails


def levels_of(orders: Iterable[Order], triggers: Iterable[Trigger], tick: float) -> Levels:
    """Return the prices at which resting orders and armed triggers of one symbol may do something."""
    falling, rising = -np.inf, np.inf
    trails: list[tuple[float, float, float]] = []
    for order in orders:
        for low, price in _order_levels(order):
            falling, rising = (max(falling, price), rising) if low else (falling, min(rising, price))
    for trigger in triggers:
        level = float(trigger.level)
        if trigger.kind is TriggerKind.TAKE_PROFIT:
            rising = min(rising, level)
        else:
            falling = max(falling, level)
        if trigger.kind is TriggerKind.TRAILING_STOP:
            trails.append((level, float(trigger.high_water), 1.0 - float(trigger.trail_percent) / 100.0))
    spare = tick + _SPARE * max((abs(price) for price in (falling, rising) if np.isfinite(price)), default=0.0)
    return Levels(falling + spare, rising - spare, tuple(trails))


def _order_levels(order: Order) -> list[tuple[bool, float]]:
    """Return (reached by a low, price) of the limit and the stop of an order."""
    buys = order.side is Side.BUY
    found: list[tuple[bool, float]] = []
    if order.limit_price is not None and order.kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT):
        found.append((buys, float(order.limit_price)))
    if order.stop_price is not None and order.kind in (OrderKind.STOP, OrderKind.STOP_LIMIT):
        found.append((not buys, float(order.stop_price)))
    return found


def next_reached(bars: Columns, levels: Levels, begin: int, end: int, tick: float) -> int:
    """Return the first bar from `begin` on that may reach a level; `end` where none before it does."""
    size = _FIRST_LOOK
    marks = [mark for _, mark, _ in levels.trails]
    while begin < end:
        stop = min(begin + size, end)
        low, high = bars.low[begin:stop], bars.high[begin:stop]
        reached: BoolArray = low <= levels.falling
        if levels.rising != np.inf:
            reached |= high >= levels.rising
        for number, (level, _, share) in enumerate(levels.trails):
            peaks = np.maximum(np.maximum.accumulate(high), marks[number])
            spare = 2 * tick + _SPARE * abs(float(peaks[-1]))  # the mark, the level and the low are rounded each
            reached |= low <= _trailing(peaks, marks[number], level, share) + spare
            marks[number] = float(peaks[-1])
        first = int(reached.argmax())
        if reached[first]:
            return begin + first
        begin, size = stop, size * _WIDER
    return end


def _trailing(peaks: FloatArray, mark: float, level: float, share: float) -> FloatArray:
    """Return where a trailing stop stands on each bar: under the highest price of the bars before."""
    before = np.empty_like(peaks)
    before[0] = mark
    before[1:] = peaks[:-1]
    return np.maximum(before * share, level)

"""The daily loss limit in a backtest: the next bar that begins a day, or that may close under the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from desktop.domain.money import HUNDRED
from desktop.domain.positions import Position
from desktop.ports import TradingHours
from desktop.research.days import DayTurns
from desktop.research.lane import Lane
from desktop.rules.columns import FloatArray, IntArray
from desktop.trading.session_core import SessionCore

_FIRST_LOOK = 256
_WIDER = 4
_SPARE = 1e-9  # of the worth: what float64 may lose on the way


class LossWatch:
    """Finds the slices a daily loss limit makes the core look at.

    Args:
        lanes: One for each symbol.
        starts: µs UTC, start of each slice.
        turns: Where days turn.
        hours: Of the first symbol: which day a slice belongs to.
    """

    def __init__(self, lanes: Sequence[Lane], starts: IntArray, turns: DayTurns, hours: TradingHours) -> None:
        self._lanes, self._starts = lanes, starts
        self._turns, self._hours = turns, hours
        self._closes: dict[str, FloatArray] = {}

    def next_slice(self, core: SessionCore, begin: int, end: int) -> int:
        """Return the first slice from `begin` on that the limit may matter on; `end` where none before it does."""
        held = core.holdings.positions
        if not held:
            return end  # equity stands still, and a new day is noticed on the next bar that is looked at
        end = self._turns.next_turn(self._hours, begin, end)
        limit, loss = core.state.limits.max_daily_loss, core.daily_loss
        if loss.halted or limit is None:
            return end
        floor = float(loss.base * (1 - limit / HUNDRED) - core.cash)
        size = _FIRST_LOOK
        while begin < end:
            stop = min(begin + size, end)
            worth, spare = self._worth(held, begin, stop)
            reached = worth <= floor + spare
            first = int(reached.argmax())
            if reached[first]:
                return begin + first
            begin, size = stop, size * _WIDER
        return end

    def _worth(self, held: Mapping[str, Position], begin: int, end: int) -> tuple[FloatArray, float]:
        """Return what is held at each close, and how far rounding to the tick may be off."""
        worth, spare = np.zeros(end - begin, dtype=np.float64), 0.0
        for lane in self._lanes:
            position = held.get(lane.symbol)
            if position is not None:
                quantity = float(position.quantity)
                worth += self._closes_of(lane)[begin:end] * quantity
                spare += abs(quantity) * lane.tick
        return worth, spare + _SPARE * float(np.abs(worth).max(initial=0.0))

    def _closes_of(self, lane: Lane) -> FloatArray:
        """Return the last close of a symbol at each slice."""
        found = self._closes.get(lane.symbol)
        if found is None:
            last = np.searchsorted(lane.bars.start, self._starts, side="right") - 1
            found = self._closes[lane.symbol] = lane.bars.close[np.maximum(last, 0)]
        return found

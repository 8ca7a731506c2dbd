"""Trading days of many moments at once."""

from __future__ import annotations

import numpy as np

from desktop.domain.market import DAY
from desktop.ports import TradingHours
from desktop.rules.columns import IntArray


def days_of(hours: TradingHours, at: IntArray) -> IntArray:
    """Return the trading day (days since 1970) of each moment.

    Args:
        hours: Of the exchange.
        at: µs UTC, shape (n,).
    """
    if hours.name == "always" and hours.zone == "UTC":
        return at // DAY
    # a trading day turns at an opening, a closing or midnight in the exchange's zone, which all lie on whole minutes:
    # moments of one minute share their day
    minutes, where = np.unique(at // 60_000_000, return_inverse=True)
    first = np.full(len(minutes), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(first, where, at)
    return np.array([hours.trading_day(int(moment)) for moment in first], dtype=np.int64)[where]


class DayTurns:
    """Where trading days turn on the way of a backtest.

    Args:
        starts: µs UTC, start of each slice.
        length: µs of a bar.
    """

    def __init__(self, starts: IntArray, length: int) -> None:
        self._starts, self._length = starts, length
        self._turns: dict[str, bytes] = {}

    def next_turn(self, hours: TradingHours, begin: int, end: int) -> int:
        """Return the first slice from `begin` on that begins or ends on another day than the one before; or `end`."""
        key = f"{hours.name}@{hours.zone}"
        turns = self._turns.get(key)
        if turns is None:
            turns = self._turns[key] = self._computed(hours)
        found = turns.find(1, begin, end)
        return end if found < 0 else found

    def _computed(self, hours: TradingHours) -> bytes:
        opens, closes = days_of(hours, self._starts), days_of(hours, self._starts + self._length)
        turns = np.ones(len(opens), dtype=np.bool_)
        turns[1:] = (opens[1:] != opens[:-1]) | (closes[1:] != closes[:-1])
        return turns.tobytes()

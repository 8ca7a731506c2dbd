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

"""Figures of the metrics of whole curves, printed with their ratio to one pass of numpy; none can fail."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from desktop.research.metrics import measure
from desktop.research.trading_days import trading_days


def best(action: Callable[[], object], rounds: int = 7) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


@pytest.mark.parametrize("bars", [10_000, 100_000, 1_000_000])
def test_metrics_of_a_curve(bars: int) -> None:
    start = 1_500_000_000_000_000 + np.arange(bars, dtype=np.int64) * 60_000_000
    equity = np.array(100_000.0 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 1e-4, bars))))
    days = trading_days(start)
    found = best(lambda: trading_days(start))
    measured = best(lambda: measure(equity, days, starting_cash=100_000.0))
    plain = best(lambda: np.maximum.accumulate(equity))
    print(
        f"\n{bars:,} bars: days {found * 1e3:.3f} ms, metrics {measured * 1e3:.3f} ms "
        f"(one running maximum {plain * 1e3:.3f} ms, ratio {measured / plain:.2f})"
    )

"""A parameter sweep, timed, with its ratio to a plain loop in the same run; nothing fails on the clock."""

from __future__ import annotations

import os
import time

import numpy as np
import talib

from desktop.research.bench import Bench
from desktop.research.crew import local_crew, usual_workers
from desktop.research.grid import parse_grid
from desktop.research.sweep import context_of, ordered, run_sweep
from desktop.research.variant import Task
from desktop.rules.columns import Columns
from tests.research.sweep_kit import market_of, random_bars, rsi_strategy, settings_of

BARS, PLAIN = 100_000, 50
# RSI period x oversold x overbought: 25 x 8 x 5
GRID = ("period=10:34:1", "oversold=16:30:2", "overbought=70:78:2")


def plain(bars: Columns, period: float, oversold: float, overbought: float) -> float:
    """Return the final money of a strategy with floats and a loop over its signals: no orders, no checks, no fees."""
    rsi = talib.RSI(bars.close, int(period))
    enters, leaves = np.flatnonzero(rsi < oversold), np.flatnonzero(rsi > overbought)
    cash, held, place = 100_000.0, 0.0, 0
    while True:
        signals = leaves if held else enters
        found = int(np.searchsorted(signals, place))
        if found == len(signals) or signals[found] + 1 >= len(rsi):
            break
        place = int(signals[found]) + 1
        price = float(bars.open[place])
        if held:
            cash, held = cash + held * price, 0.0
        else:
            held = float(int(cash * 0.5 / price))
            cash -= held * price
    equity = np.full(len(rsi), cash) + held * bars.close
    returns = np.diff(equity[23::24]) / equity[23:-1:24][: len(np.diff(equity[23::24]))]
    return float(returns.mean() / (returns.std() + 1e-12))


def test_a_thousand_variants_of_a_hundred_thousand_bars() -> None:
    strategy, bars = rsi_strategy(), random_bars(BARS)
    settings, market, grid = settings_of(strategy), market_of(bars), parse_grid(GRID, strategy)
    workers = usual_workers()

    chosen = [values for _, values in ordered(grid, strategy)][:: len(grid) // PLAIN]
    began = time.process_time()
    for values in chosen:
        plain(bars, *(float(value) for value in values))
    loop = (time.process_time() - began) / len(chosen)

    bench = Bench(context_of(settings, market, grid))
    bench.run(Task(0, chosen[0]))
    began = time.process_time()
    trades = sum(bench.run(Task(number, values)).result.trades for number, values in enumerate(chosen))
    alone = (time.process_time() - began) / len(chosen)
    print(
        f"\none variant on one core: {alone * 1e3:.2f} ms of processor time with {trades / len(chosen):.0f} trades, "
        f"plain loop {loop * 1e3:.2f} ms, ratio {alone / loop:.1f}"
    )

    before = os.times()
    found = run_sweep(settings, market, grid, crew=local_crew(workers))
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    total = sum(item.trades for item in found.variants)
    print(
        f"{len(grid):,} variants of {BARS:,} bars on {workers} workers: {found.run_seconds:.1f} s, {total:,} trades; "
        f"{spent:.1f} s of processor time in the workers, so {spent / workers:.1f} s where nothing else runs "
        f"(plain loop on one core {loop * len(grid):.1f} s, ratio {spent / (loop * len(grid)):.1f})"
    )
    assert found.tried == len(grid)

"""The skip driver may only leave out what changes nothing: identical fills, cash and equity on whatever is drawn."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.orders import Side
from desktop.research.result import BacktestResult
from tests.research.random_runs import Run, random_run

RUNS = 240


def same(run: Run) -> BacktestResult:
    """Hold one run to its steps and return what it found."""
    skipped, stepped = run.skipped(), run.stepped()
    assert skipped.fills == stepped.fills
    assert skipped.trades == stepped.trades
    assert (skipped.cash, skipped.fees, skipped.values) == (stepped.cash, stepped.fees, stepped.values)
    assert skipped.equity.tolist() == stepped.equity.tolist()
    assert skipped.positions == stepped.positions
    assert skipped.working == stepped.working
    assert (skipped.signals, skipped.orders) == (stepped.signals, stepped.orders)
    assert skipped.blocks == stepped.blocks
    assert skipped.warnings == stepped.warnings
    return stepped


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_skipping_trades_exactly_as_stepping_does(draw: random.Random) -> None:
    same(random_run(draw))


def test_the_runs_that_hold_it_have_stops_partial_fills_halts_and_conflicts_over_cash() -> None:
    seen: Counter[str] = Counter()
    for number in range(RUNS):
        run = random_run(random.Random(number))
        seen.update(_features(run, same(run)))
    shares = {name: count / RUNS for name, count in sorted(seen.items())}
    print(f"of {RUNS} runs: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()))
    wanted = {
        "stop",
        "target",
        "trailing stop",
        "partial fill",
        "halt",
        "shared cash in conflict",
        "limit entry",
        "rule with position terms",
        "several symbols",
        "held outside hours",
    }
    assert wanted <= {name for name, share in shares.items() if share >= 0.05}, shares


def _features(run: Run, found: BacktestResult) -> set[str]:
    """Name what happened in a run."""
    reasons = {trade.reason for trade in found.trades}
    fills = Counter(fill.order_id for fill in found.fills)
    strategy = run.settings.strategy
    bought = {fill.symbol for fill in found.fills if fill.side is Side.BUY}
    out_of_cash = {"no cash", "below the smallest order"}
    features = {
        "stop": "stop-loss" in reasons,
        "target": "take-profit" in reasons,
        "trailing stop": "trailing-stop" in reasons,
        "partial fill": any(count > 1 for count in fills.values()),
        "halt": "daily loss" in found.blocks,
        "shared cash in conflict": len(bought) > 1 and not out_of_cash.isdisjoint(found.blocks),
        "limit entry": strategy.entry_limit_percent is not None and bool(bought),
        "rule with position terms": bool(found.trades) and ("_" in strategy.exit),
        "several symbols": len(bought) > 1,
        "held outside hours": "outside hours" in found.blocks,
    }
    return {name for name, is_there in features.items() if is_there}

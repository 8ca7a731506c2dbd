"""How much a live symbol holds: its bars once, whatever the number of sessions on them."""

from __future__ import annotations

import gc
import tracemalloc

from desktop.domain.market import MINUTE, Bar
from desktop.market.evaluators import SharedEvaluators
from desktop.market.series import Series
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role

BARS, SESSIONS, LIMIT = 5_000, 20, 300_000  # bytes


def test_five_thousand_bars_of_a_live_symbol_take_less_than_300_kb_however_many_sessions_share_them() -> None:
    rules = [compile_rule(f"rsi({14 + number % 3}) < 30", role=Role.ENTRY) for number in range(SESSIONS)]
    warm = SharedEvaluators()  # what is imported on first use is not the symbol's
    warm.get("A", "1m", 0, (), rules, zone="UTC")
    gc.collect()
    tracemalloc.start()
    try:
        shared, series = SharedEvaluators(), Series("A", "1m")
        evaluators = {id(shared.get("A", "1m", 0, (), [rule], zone="UTC")) for rule in rules}
        for number in range(BARS):
            close = 100.0 + number % 7
            bar = Bar("A", "1m", number * MINUTE, close, close + 1, close - 1, close, 10.0)
            shared.closed(bar)
            series.append(bar)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(evaluators) == 1
    print(f"{BARS:,} bars with {SESSIONS} sessions: {taken / 1e3:.0f} kB")
    assert taken < LIMIT

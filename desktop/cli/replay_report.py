"""What a finished replay has to say, as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.cli.output import exact
from desktop.cli.report_values import order_value, position_value, run_values, trade_value
from desktop.domain.positions import ClosedTrade
from desktop.engine.replay_run import ReplayRun
from desktop.feeds.recording import Recording


def report_of(run: ReplayRun, data: Recording, trades: Sequence[ClosedTrade], *, run_seconds: float) -> dict[str, Any]:
    """Return the report of a run that is over: money and prices as exact text, times ISO 8601, ratios as fractions."""
    core = run.unit.core
    return {
        **run_values(run.settings, data, ended_at=core.now, bars=run.bars),
        "signals": core.state.signals,
        "orders": core.state.ordinal,
        "blocks": dict(sorted(run.tally.blocks.items())),
        "trades": [trade_value(item) for item in trades],
        "open_positions": [
            position_value(item, core.holdings.value(symbol)) for symbol, item in core.positions.items()
        ],
        "working_orders": [order_value(item) for item in core.orders.values()],
        "cash": exact(core.cash),
        "equity": exact(core.equity),
        "fees": exact(core.holdings.ledger.fees),
        "metrics": run.tally.performance.as_dict(),
        "resumed": run.resumed,
        "run_seconds": round(run_seconds, 3),
    }

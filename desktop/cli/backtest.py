"""`assay backtest STRATEGY.toml --bars FILE`: a strategy on recorded prices, by skipping to where something happens."""

from __future__ import annotations

import argparse
import time
from importlib import import_module
from typing import Any

from desktop.cli.output import exact, print_json
from desktop.cli.report_text import print_report
from desktop.cli.report_values import order_value, position_value, run_values, trade_value
from desktop.cli.session_inputs import session_inputs
from desktop.companions import without
from desktop.domain.sessions import ExecutionMode
from desktop.feeds.recording import Recording
from desktop.research.metrics import Metrics
from desktop.research.recorded import run_recording
from desktop.research.report import days_of_result, measure_result
from desktop.research.result import BacktestResult


def backtest(options: argparse.Namespace) -> int:
    """Backtest a strategy file; returns the exit status.

    Raises:
        UserMistake: a file or option cannot be right; nothing was stored.
        StorageFault: the data directory cannot be written.
    """
    began = time.monotonic()
    inputs = session_inputs(options, files=options.bars, flag="--bars", mode=ExecutionMode.AUTO)
    data = inputs.data
    with without("pandas", "polars"):  # TA-Lib would wrap its functions to take their series; ours are given arrays
        import_module("talib")
    started = time.monotonic()
    result, market = run_recording(inputs.settings, data, rules=inputs.rules)
    report = report_of(result, measure_result(result, days_of_result(result, market)), data)
    report["run_seconds"] = round(time.monotonic() - started, 4)
    report["wall_seconds"] = round(time.monotonic() - began, 3)
    if options.json:
        print_json(report)
    else:
        print_report(report, closing=f"{report['run_seconds']:.3f} s")
    return 0


def report_of(result: BacktestResult, metrics: Metrics, data: Recording) -> dict[str, Any]:
    """Return the report of a backtest: money and prices exact text, times ISO 8601, ratios as fractions."""
    return {
        **run_values(result.settings, data, ended_at=result.ended_at, bars=result.bars),
        "fingerprints": list(result.fingerprints),
        "signals": result.signals,
        "orders": result.orders,
        "blocks": dict(result.blocks),
        "warnings": list(result.warnings),
        "trades": [trade_value(item) for item in result.trades],
        "open_positions": [position_value(item, result.values[item.symbol]) for item in result.positions],
        "working_orders": [order_value(item) for item in result.working],
        "cash": exact(result.cash),
        "equity": exact(result.final_equity),
        "fees": exact(result.fees),
        "metrics": metrics.as_dict(),
    }

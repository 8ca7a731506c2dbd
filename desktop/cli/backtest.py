"""`assay backtest STRATEGY.toml --bars FILE`: a strategy on recorded prices, by skipping to where something happens."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.evidence_place import evidence_feed, evidence_storage
from desktop.cli.output import exact, iso, print_json
from desktop.cli.replay_data import period_of
from desktop.cli.report_text import print_report, tell_split_warnings
from desktop.cli.report_values import evidence_values, order_value, position_value, run_values, trade_value
from desktop.cli.session_inputs import SessionInputs, session_inputs
from desktop.companions import without
from desktop.domain.sessions import ExecutionMode
from desktop.feeds.recording import Recording
from desktop.research.backtest import Market
from desktop.research.bars_used import made_of
from desktop.research.evidence import evidence_of
from desktop.research.metrics import Metrics
from desktop.research.recorded import run_recording
from desktop.research.report import build_report, days_of_result, measure_result
from desktop.research.result import BacktestResult

if TYPE_CHECKING:
    from desktop.store.storage import Storage

INTERRUPTED = 130


def backtest(options: argparse.Namespace) -> int:
    """Backtest a strategy file; returns the exit status.

    Raises:
        UserMistake: a file or option cannot be right; nothing was stored.
        AlreadyRunning: another Assay owns the data directory.
        EvidenceDiffers: the same backtest is stored there with another result.
        EnvironmentFault: a report cannot be written.
        StorageFault: the data directory cannot be written.
    """
    began = time.monotonic()
    try:
        with evidence_storage(options) as storage:  # claimed before the work, so that nobody waits for a refusal
            return _run(options, storage, began)
    except KeyboardInterrupt:
        print("assay: interrupted. A backtest is stored as a whole or not at all; run it again.", file=sys.stderr)
        return INTERRUPTED


def _run(options: argparse.Namespace, storage: Storage | None, began: float) -> int:
    inputs = session_inputs(options, files=options.bars, flag="--bars", mode=ExecutionMode.AUTO)
    data = inputs.data
    with without("pandas", "polars"):  # TA-Lib would wrap its functions to take their series; ours are given arrays
        import_module("talib")
    started = time.monotonic()
    result, market = run_recording(inputs.settings, data, rules=inputs.rules)
    metrics = measure_result(result, days_of_result(result, market))
    report = report_of(result, metrics, data) | {"period": _period(options)}
    report["run_seconds"] = round(time.monotonic() - started, 4)
    report["evidence"] = None if storage is None else _stored(options, storage, inputs, result, metrics)
    report["no_trades"] = list(_why_no_trades(result, market, inputs))
    report["written"] = [str(path) for path in _write(options, result, market, inputs)]
    report["wall_seconds"] = round(time.monotonic() - began, 3)
    if options.json:
        tell_split_warnings(report)
        print_json(report)
    else:
        print_report(report, closing=_closing(report))
    return 0


def _period(options: argparse.Namespace) -> dict[str, str | None] | None:
    """Return --from and --to; None: everything."""
    begin, end = period_of(options)
    if begin is None and end is None:
        return None
    return {"from": None if begin is None else iso(begin), "to": None if end is None else iso(end)}


def _why_no_trades(result: BacktestResult, market: Market, inputs: SessionInputs) -> tuple[str, ...]:
    """Return why there is no trade; the rules are counted only then."""
    return () if result.trades else build_report(result, market, rules=inputs.rules).no_trades


def _write(
    options: argparse.Namespace, result: BacktestResult, market: Market, inputs: SessionInputs
) -> tuple[Path, ...]:
    """Write the page and the CSV files that were asked for; returns what was written."""
    if options.report is None and options.csv is None:
        return ()
    from desktop.research.report_csv import write_csv  # noqa: PLC0415 - the pages are seldom asked for
    from desktop.research.report_html import write_html  # noqa: PLC0415

    made = made_of(inputs.settings.strategy, inputs.data)
    report = build_report(result, market, rules=inputs.rules, made_of=made)
    pages = () if options.report is None else (write_html(report, options.report),)
    tables = () if options.csv is None else write_csv(report, options.csv)
    return (*pages, *tables)


def _stored(
    options: argparse.Namespace, storage: Storage, inputs: SessionInputs, result: BacktestResult, metrics: Metrics
) -> dict[str, Any]:
    """Keep the result as evidence, or hold it against what is kept."""
    data = inputs.data
    files = [path.name for path in data.paths]
    result = replace(result, settings=replace(result.settings, feed=evidence_feed(options)))
    evidence, detail = evidence_of(
        result, metrics, key=inputs.key, files=files, began=data.started_at, splits=data.warnings
    )
    return evidence_values(storage.save_backtest(evidence, detail))


def _closing(report: Mapping[str, Any]) -> str:
    written = "".join(f"\nWritten: {path}" for path in report["written"])
    seconds = f"{report['run_seconds']:.3f} s"
    evidence = report["evidence"]
    if evidence is None:
        return seconds + written
    kept = f"evidence {evidence['evidence'][:12]} of {evidence['created_at'][:16].replace('T', ' ')}"
    if evidence["reproduced"]:
        return f"{seconds}; the stored result is reproduced to the cent: {kept}{written}"
    return f"{seconds}; stored as {kept}{written}"


def report_of(result: BacktestResult, metrics: Metrics, data: Recording) -> dict[str, Any]:
    """Return the report of a backtest: money and prices exact text, times ISO 8601, ratios as fractions."""
    return {
        **run_values(result.settings, data, ended_at=result.ended_at, bars=result.bars),
        "fingerprints": list(result.fingerprints),
        "signals": result.signals,
        "orders": result.orders,
        "blocks": dict(result.blocks),
        "warnings": [*(warning.sentence for warning in data.warnings), *result.warnings],
        "trades": [trade_value(item) for item in result.trades],
        "open_positions": [position_value(item, result.values[item.symbol]) for item in result.positions],
        "working_orders": [order_value(item) for item in result.working],
        "cash": exact(result.cash),
        "equity": exact(result.final_equity),
        "fees": exact(result.fees),
        "metrics": metrics.as_dict(),
    }

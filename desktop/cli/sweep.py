"""`assay sweep STRATEGY.toml --bars FILE --set period=5:30:1`: many variants of a strategy on the same bars."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from desktop.cli.output import print_json
from desktop.cli.report_text import tell_split_warnings
from desktop.cli.report_values import run_values
from desktop.cli.session_inputs import SessionInputs, session_inputs
from desktop.cli.sweep_text import print_sweep, print_walk_forward
from desktop.cli.sweep_values import sweep_values, walk_forward_values
from desktop.domain.errors import FieldError, UserMistake
from desktop.domain.market import timeframe_us
from desktop.domain.sessions import ExecutionMode
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.dispatch import SweepCancelled
from desktop.research.grid import parse_grid
from desktop.research.ranking import check_metric
from desktop.research.sweep import SweepProgress, run_sweep
from desktop.research.walk_forward import run_walk_forward
from desktop.research.windows import parse_plan

INTERRUPTED = 130


def sweep(options: argparse.Namespace) -> int:
    """Run a sweep or a walk-forward; returns the exit status.

    Raises:
        UserMistake: a file or option cannot be right, or not one variant can run.
        EnvironmentFault: workers died, or the cluster cannot be used.
    """
    began = time.monotonic()
    check_metric(options.metric)
    if options.anchored and options.walk_forward is None:
        raise FieldError("--anchored", "belongs to --walk-forward.")
    plan = None if options.walk_forward is None else parse_plan(options.walk_forward, anchored=options.anchored)
    crew = _crew(options)
    inputs = session_inputs(options, files=options.bars, flag="--bars", mode=ExecutionMode.AUTO)
    grid = parse_grid(options.set, inputs.settings.strategy)
    market = _market(inputs)
    report = run_values(inputs.settings, inputs.data, ended_at=_end(market, inputs), bars=inputs.data.rows)
    with _stoppable() as stop, _progress_line(options) as progress:
        shared: dict[str, Any] = {
            "metric": options.metric,
            "crew": crew,
            "progress": progress,
            "cancelled": stop.is_set,
        }
        try:
            if plan is None:
                swept = run_sweep(inputs.settings, market, grid, **shared)
                report |= sweep_values(swept) | {"run_seconds": round(swept.run_seconds, 3)}
            else:
                walked = run_walk_forward(inputs.settings, market, grid, plan, **shared)
                report |= walk_forward_values(walked) | {"run_seconds": round(walked.run_seconds, 3)}
        except (SweepCancelled, KeyboardInterrupt) as error:
            said = str(error) or "The sweep was stopped. Nothing of it is kept."
            print(f"assay: {said}", file=sys.stderr)
            return INTERRUPTED
    report["wall_seconds"] = round(time.monotonic() - began, 3)
    if not report["tried"]:
        failures = report["variants"] if plan is None else report["failures"]
        raise UserMistake(f"Not one of the {report['failed']:,} variants can run. The first: {failures[0]['failure']}")
    if options.json:
        tell_split_warnings(report)
        print_json(report)
    elif plan is None:
        print_sweep(report)
    else:
        print_walk_forward(report)
    return 0


def _crew(options: argparse.Namespace) -> CrewOpener:
    if options.dask is None:
        return local_crew(options.workers)
    from desktop.research.cluster import cluster_crew  # noqa: PLC0415 - most sweeps run on this machine

    return cluster_crew(options.dask)


def _market(inputs: SessionInputs) -> Market:
    """Return the bars of the files (FieldError: they are none of the strategy's timeframe)."""
    settings, data = inputs.settings, inputs.data
    columns = data.columns
    if not columns:
        holds = ", ".join(sorted({item.timeframe or item.kind for item in data.histories}))
        raise FieldError(
            "--bars",
            f"a sweep needs bars of the strategy's timeframe {settings.strategy.timeframe}; the files hold {holds}.",
        )
    hours = {item.symbol: trading_hours(settings.hours) for item in settings.instruments}
    return Market(columns, hours, tuple(data.fingerprints))


def _end(market: Market, inputs: SessionInputs) -> int:
    last = max(int(bars.start[-1]) for bars in market.columns.values())
    return last + timeframe_us(inputs.settings.strategy.timeframe)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Let Ctrl-C and a request to terminate end the sweep in order; a second Ctrl-C ends it wherever it is."""
    stop = threading.Event()

    def asked(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress_line(options: argparse.Namespace) -> Iterator[Callable[[SweepProgress], None] | None]:
    """Show how far the sweep is on a terminal; say nothing where the output is read by a program."""
    if options.json or not sys.stderr.isatty():
        yield None
        return

    def show(item: SweepProgress) -> None:
        failed = f", {item.failed:,} cannot run" if item.failed else ""
        sys.stderr.write(f"\r{item.done:,} of {item.total:,} runs{failed} ")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

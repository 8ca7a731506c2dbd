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

from desktop.cli.evidence_place import evidence_feed, evidence_storage
from desktop.cli.output import print_json
from desktop.cli.report_text import tell_split_warnings
from desktop.cli.report_values import run_values
from desktop.cli.session_inputs import SessionInputs, session_inputs
from desktop.cli.sweep_record import recorded
from desktop.cli.sweep_text import print_sweep, print_walk_forward
from desktop.cli.sweep_values import sweep_values, walk_forward_values
from desktop.domain.errors import FieldError, UserMistake
from desktop.domain.market import timeframe_us
from desktop.domain.sessions import ExecutionMode
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.dispatch import SweepCancelled
from desktop.research.grid import Grid, parse_grid
from desktop.research.ranking import check_metric
from desktop.research.sweep import SweepProgress, SweepResult, run_sweep
from desktop.research.walk_forward import WalkForwardResult, run_walk_forward
from desktop.research.windows import WindowPlan, parse_plan

INTERRUPTED = 130


def sweep(options: argparse.Namespace) -> int:
    """Run a sweep or a walk-forward; returns the exit status.

    Raises:
        UserMistake: a file or option cannot be right, or not one variant can run.
        AlreadyRunning: another Assay owns the data directory.
        EnvironmentFault: workers died, or the cluster cannot be used.
        StorageFault: the data directory cannot be opened.
    """
    began = time.monotonic()
    check_metric(options.metric)
    if options.anchored and options.walk_forward is None:
        raise FieldError("--anchored", "belongs to --walk-forward.")
    plan = None if options.walk_forward is None else parse_plan(options.walk_forward, anchored=options.anchored)
    crew = _crew(options)
    with evidence_storage(options) as storage:  # claimed before the work, so that nobody waits for a refusal
        inputs = session_inputs(options, files=options.bars, flag="--bars", mode=ExecutionMode.AUTO)
        grid = parse_grid(options.set, inputs.settings.strategy)
        market = _market(inputs)
        try:
            swept, walked = _run(options, inputs, market, grid, plan, crew)
        except (SweepCancelled, KeyboardInterrupt) as error:
            said = str(error) or "The sweep was stopped. Its results are not kept."
            if isinstance(error, SweepCancelled) and error.seen is not None:
                counted = recorded(storage, evidence_feed(options), error.seen, None, market.fingerprints)
                said += f" {counted['sentence']}"
            print(f"assay: {said}", file=sys.stderr)
            return INTERRUPTED
        record = recorded(storage, evidence_feed(options), swept, walked, market.fingerprints)
    report = run_values(inputs.settings, inputs.data, ended_at=_end(market, inputs), bars=inputs.data.rows)
    if swept is not None:
        report |= sweep_values(swept) | {"run_seconds": round(swept.run_seconds, 3)}
    if walked is not None:
        report |= walk_forward_values(walked) | {"run_seconds": round(walked.run_seconds, 3)}
    report |= {"record": record, "wall_seconds": round(time.monotonic() - began, 3)}
    return _tell(options, report, walks=plan is not None)


def _run(
    options: argparse.Namespace,
    inputs: SessionInputs,
    market: Market,
    grid: Grid,
    plan: WindowPlan | None,
    crew: CrewOpener,
) -> tuple[SweepResult | None, WalkForwardResult | None]:
    """Run what was asked for (SweepCancelled, KeyboardInterrupt: it was stopped)."""
    with _stoppable() as stop, _progress_line(options) as progress:
        shared: dict[str, Any] = {
            "metric": options.metric,
            "crew": crew,
            "progress": progress,
            "cancelled": stop.is_set,
        }
        if plan is None:
            return run_sweep(inputs.settings, market, grid, **shared), None
        return None, run_walk_forward(inputs.settings, market, grid, plan, **shared)


def _tell(options: argparse.Namespace, report: dict[str, Any], *, walks: bool) -> int:
    if not report["tried"]:
        failures = report["failures"] if walks else report["variants"]
        raise UserMistake(f"Not one of the {report['failed']:,} variants can run. The first: {failures[0]['failure']}")
    if options.json:
        tell_split_warnings(report)
        print_json(report)
    elif walks:
        print_walk_forward(report)
    else:
        print_sweep(report)
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


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f", about {seconds / 60:.0f} min left" if seconds >= 90 else f", about {seconds:.0f} s left"


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
        sys.stderr.write(f"\r{item.done:,} of {item.total:,} runs{failed}{_left(item.left)} \x1b[K")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

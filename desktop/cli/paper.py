"""`assay paper STRATEGY.toml --replay FILE`: a strategy on recorded prices through the whole engine."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop.cli.output import print_json
from desktop.cli.replay_report import report_of
from desktop.cli.report_text import print_report, tell_split_warnings
from desktop.cli.session_inputs import SessionInputs, session_inputs
from desktop.data_place import open_storage
from desktop.domain.errors import FieldError, UserMistake
from desktop.domain.sessions import ExecutionMode
from desktop.domain.strategies import Evaluate
from desktop.engine.replay_pace import Pace
from desktop.engine.replay_run import ReplayRun
from desktop.engine.replay_tally import POINTS, ReplayTally
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.market.forming import FormingBars
from desktop.rules.stream import StreamEvaluator
from desktop.store.crash_points import reach
from desktop.store.storage import Storage
from desktop.trading.unit import build_unit

INTERRUPTED = 130
DEFAULT_CURRENCY = "USD"


def paper(options: argparse.Namespace) -> int:
    """Trade a strategy file on paper; returns the exit status.

    Raises:
        UserMistake: a file or option cannot be right, or the data directory holds something else; nothing was changed.
        StorageFault: the data directory cannot be written.
    """
    if options.feed:
        from desktop.cli.paper_feed import run_paper_feed  # noqa: PLC0415 - the desk is not needed by a replay

        return run_paper_feed(options)
    began = time.monotonic()
    options.currency = options.currency or DEFAULT_CURRENCY
    if options.seconds is not None:
        raise FieldError("--seconds", "belongs to --feed; a replay ends with its data.")
    inputs = session_inputs(options, files=options.replay, flag="--replay", mode=ExecutionMode(options.mode))
    with _directory(options) as directory, open_storage(directory) as storage:
        return _replay(options, inputs, storage, began)


@contextmanager
def _directory(options: argparse.Namespace) -> Iterator[Path]:
    """Yield the data directory: the one that was named, or a temporary one that is removed afterwards."""
    named: Path | None = getattr(options, "data_dir", None)
    if named is not None:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="assay-replay-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _replay(
    options: argparse.Namespace,
    inputs: SessionInputs,
    storage: Storage,
    began: float,
) -> int:
    settings, data, key = inputs.settings, inputs.data, inputs.key
    report = _stored_report(storage, key)
    again = report is not None
    if report is None:
        started = time.monotonic()
        pace = Pace(options.speed)
        run = _build(inputs, storage, pace)
        with _interruptible(pace):
            stored = storage.load(settings.session_id)
            if stored is None:
                storage.put_run(key, settings.session_id).result()
                run.begin()
            else:
                run.resume(stored)
            if not run.run():
                _say_how_to_go_on(options, run, data)
                return INTERRUPTED
        trades = storage.reader().trades(settings.session_id, limit=-1)
        report = report_of(run, data, trades, run_seconds=time.monotonic() - started)
        report["wall_seconds"] = round(time.monotonic() - began, 3)
        storage.put_run(key, settings.session_id, report).result()
    if options.json:
        tell_split_warnings(report)
        print_json(report)
    else:
        print_report(report, closing=_closing(report, again=again))
    return 0


def _closing(report: Mapping[str, Any], *, again: bool) -> str:
    if again:
        return "This run was finished before: this is its stored result, nothing was traded now."
    return f"{report['run_seconds']:.2f} s" + (", resumed" if report["resumed"] else "")


def _stored_report(storage: Storage, key: str) -> dict[str, object] | None:
    """Return the report of this run where it was finished before.

    Raises:
        UserMistake: the directory holds something else.
    """
    found = storage.run()
    if found is not None and found.run_key == key:
        return None if found.report is None else dict(found.report)
    sessions = storage.reader().sessions()
    if found is None and not sessions:
        return None
    held = ", ".join(f"{item.settings.name} on {item.settings.feed}" for item in sessions[:3]) or "another replay"
    state = "" if found is None else " (finished)" if found.report is not None else " (not finished)"
    raise UserMistake(
        f"{storage.directory} holds something else: {held}{state}. Nothing was changed. A replay needs a data "
        "directory of its own: name another --data-dir, or repeat the command of before with its strategy, files and "
        "options."
    )


def _build(
    inputs: SessionInputs,
    storage: Storage,
    pace: Pace,
) -> ReplayRun:
    """Build the run: every port of a replay is chosen here."""
    settings, data = inputs.settings, inputs.data
    timeframe = settings.strategy.timeframe
    hours = {item.symbol: trading_hours(settings.hours) for item in settings.instruments}
    evaluators = {symbol: StreamEvaluator(timeframe=timeframe, zone=item.zone) for symbol, item in hours.items()}
    forming = None
    if settings.strategy.evaluate is Evaluate.QUOTE:
        forming = FormingBars(timeframe, {symbol: item.zone for symbol, item in hours.items()}, sized=data.prints)
    stride = 1 if data.ticks else data.rows // (POINTS * len(evaluators))
    return ReplayRun(
        settings,
        inputs.key,
        unit=build_unit(settings, evaluators, hours, rules=inputs.rules, forming=forming),
        evaluators=evaluators,
        tally=ReplayTally(settings, hours[settings.instruments[0].symbol], stride=stride),
        messages=data.messages(),
        store=storage,
        pace=pace,
        forming=forming,
        started_at=data.started_at,
        reach=reach,
    )


@contextmanager
def _interruptible(pace: Pace) -> Iterator[None]:
    """Let Ctrl-C and a request to terminate end the run between two messages instead of inside one."""
    before = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, lambda *_: pace.stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_how_to_go_on(options: argparse.Namespace, run: ReplayRun, data: Recording) -> None:
    where = f"stopped after row {run.rows:,} of {data.rows:,}"
    directory: Path | None = getattr(options, "data_dir", None)
    if directory is None:
        print(f"assay: {where}. Without --data-dir nothing of it is kept.", file=sys.stderr)
    else:
        print(
            f"assay: {where}. Everything up to there is stored in {directory}; the same command goes on from there.",
            file=sys.stderr,
        )

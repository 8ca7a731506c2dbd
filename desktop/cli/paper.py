"""`assay paper STRATEGY.toml --replay FILE`: a strategy on recorded prices through the whole engine."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.cli.output import print_json
from desktop.cli.replay_data import ReplayData, read_data
from desktop.cli.replay_report import print_report, report_of
from desktop.cli.texts import read_text
from desktop.domain.errors import FieldError, UserMistake
from desktop.domain.limits_text import parse_limits
from desktop.domain.market import FeedOrigin
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Evaluate, Strategy
from desktop.domain.strategy_text import parse_strategy, strategy_version
from desktop.engine.drafts import compile_strategy
from desktop.engine.replay_forming import FormingBars
from desktop.engine.replay_key import run_key, session_of
from desktop.engine.replay_pace import Pace
from desktop.engine.replay_run import ReplayRun
from desktop.engine.replay_tally import POINTS, ReplayTally
from desktop.market.calendars import trading_hours
from desktop.rules.compile import Rule
from desktop.rules.stream import StreamEvaluator
from desktop.store.crash_points import reach
from desktop.store.storage import Storage
from desktop.trading.proposals import StrategyRules
from desktop.trading.unit import build_unit

INTERRUPTED = 130


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
    if options.seconds is not None:
        raise FieldError("--seconds", "belongs to --feed; a replay ends with its data.")
    strategy = parse_strategy(read_text(options.strategy, "strategy file"))
    rules = compile_strategy(strategy)
    hours = trading_hours(options.hours)
    limits = RiskLimits() if options.limits is None else parse_limits(read_text(options.limits, "limits file"))
    data = read_data(options, strategy.timeframe, hours.zone)
    settings = _settings(options, strategy, limits, data)
    with _directory(options) as directory, Storage.open(directory) as storage:
        return _replay(options, settings, rules, data, storage, began)


def _settings(options: argparse.Namespace, strategy: Strategy, limits: RiskLimits, data: ReplayData) -> SessionSettings:
    """Return the settings of the run's session; its id follows from everything that makes the run."""

    def settings(session_id: str) -> SessionSettings:
        return SessionSettings(
            session_id=session_id,
            name=strategy.name,
            strategy=strategy,
            strategy_version=strategy_version(strategy),
            instruments=data.instruments,
            cash=options.cash,
            currency=options.currency,
            mode=ExecutionMode(options.mode),
            feed="replay:" + ",".join(str(path) for path in data.paths),
            origin=FeedOrigin.REPLAY,
            limits=limits,
            hours=options.hours,
            fills=FillSettings.of(FillModelKind(options.fills)),
            seed=options.seed,
            benchmark=data.instruments[0].symbol,
        )

    return settings(session_of(run_key(settings(""), data.fingerprints)))


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
    settings: SessionSettings,
    rules: tuple[Rule, ...],
    data: ReplayData,
    storage: Storage,
    began: float,
) -> int:
    key = run_key(settings, data.fingerprints)
    report = _stored_report(storage, key)
    again = report is not None
    if report is None:
        started = time.monotonic()
        pace = Pace(options.speed)
        run = _build(settings, key, rules, data, storage, pace)
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
        print_json(report)
    else:
        print_report(report, again=again)
    return 0


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
    settings: SessionSettings,
    key: str,
    rules: tuple[Rule, ...],
    data: ReplayData,
    storage: Storage,
    pace: Pace,
) -> ReplayRun:
    """Build the run: every port of a replay is chosen here."""
    timeframe = settings.strategy.timeframe
    hours = {item.symbol: trading_hours(settings.hours) for item in settings.instruments}
    evaluators = {symbol: StreamEvaluator(timeframe=timeframe, zone=item.zone) for symbol, item in hours.items()}
    forming = None
    if settings.strategy.evaluate is Evaluate.QUOTE:
        forming = FormingBars(timeframe, {symbol: item.zone for symbol, item in hours.items()}, sized=data.prints)
    strategy_rules = StrategyRules(rules[0], rules[1] if len(rules) > 1 else None)
    stride = 1 if data.ticks else data.rows // (POINTS * len(evaluators))
    return ReplayRun(
        settings,
        key,
        unit=build_unit(settings, evaluators, hours, rules=strategy_rules, forming=forming),
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


def _say_how_to_go_on(options: argparse.Namespace, run: ReplayRun, data: ReplayData) -> None:
    where = f"stopped after row {run.rows:,} of {data.rows:,}"
    directory: Path | None = getattr(options, "data_dir", None)
    if directory is None:
        print(f"assay: {where}. Without --data-dir nothing of it is kept.", file=sys.stderr)
    else:
        print(
            f"assay: {where}. Everything up to there is stored in {directory}; the same command goes on from there.",
            file=sys.stderr,
        )

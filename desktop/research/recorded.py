"""A backtest on recorded files: by whole columns where they are the strategy's bars, else message by message."""

from __future__ import annotations

from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Evaluate
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.market.forming import FormingBars
from desktop.research.backtest import Market, run_backtest, run_steps
from desktop.research.bars_used import made_of
from desktop.research.report import BacktestReport, build_report
from desktop.research.result import BacktestResult
from desktop.research.skip import Progress
from desktop.trading.proposals import StrategyRules


def run_recording(
    settings: SessionSettings,
    recording: Recording,
    *,
    rules: StrategyRules | None = None,
    progress: Progress | None = None,
) -> tuple[BacktestResult, Market]:
    """Return what a session would have done on these files, and the bars it was run on.

    Args:
        settings: The session; its broker is the simulated one.
        recording: Files of its symbols, in their order.
        rules: As compiled by the caller; compiled here when not given.
        progress: Told the share that is done; may raise to end the run.

    Raises:
        RuleError: a rule cannot be compiled.
        FieldError: the hours are none that exist.
        DataFileError: the files cannot make bars of the strategy's timeframe.
        UserMistake: a symbol has no closed bar.
    """
    hours = {item.symbol: trading_hours(settings.hours_of(item.symbol)) for item in settings.instruments}
    market = Market(recording.columns, hours, tuple(recording.fingerprints))
    on_quotes = settings.strategy.evaluate is Evaluate.QUOTE
    if market.columns and not on_quotes:
        return run_backtest(settings, market, rules=rules, progress=progress), market
    forming = None
    if on_quotes:
        zones = {symbol: item.zone for symbol, item in hours.items()}
        forming = FormingBars(settings.strategy.timeframe, zones, sized=recording.prints)
    result = run_steps(
        settings,
        market,
        recording.messages(),
        started_at=recording.started_at,
        rules=rules,
        forming=forming,
        progress=progress,
        rows=recording.rows,
    )
    return result, market


def report_recording(
    settings: SessionSettings, recording: Recording, progress: Progress | None = None
) -> tuple[BacktestReport, dict[str, int]]:
    """Return the report of a backtest on files and how many of their rows were dropped, by reason: the work of a job.

    Args:
        settings: The session; its broker is the simulated one.
        recording: Files of its symbols, in their order.
        progress: Told the share that is done; may raise to end the run.

    Raises:
        UserMistake: as `run_recording`.
    """
    rules = StrategyRules.of(settings.strategy)
    result, market = run_recording(settings, recording, rules=rules, progress=progress)
    report = build_report(result, market, rules=rules, made_of=made_of(settings.strategy, recording))
    return report, dict(recording.dropped())

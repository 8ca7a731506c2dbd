"""What the lab's jobs do in their process: read, run, reduce to what is drawn, keep the whole in files."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.sessions import SessionSettings
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.research.api import BacktestDraft, DataChoice
from desktop.research.backtest import Market
from desktop.research.bars_used import made_of
from desktop.research.curves import drawdown_curve
from desktop.research.evidence import evidence_of
from desktop.research.lab_data import Workshop, look_at_file, read_again, read_draft
from desktop.research.lab_keep import keep, kept_report
from desktop.research.lab_views import MOST_TRADES, Curve, ReportView
from desktop.research.recorded import run_recording
from desktop.research.report import BacktestReport, build_report
from desktop.research.report_csv import CSV_NAMES, write_csv
from desktop.research.report_html import write_html
from desktop.research.skip import Progress
from desktop.rules.columns import FloatArray, IntArray
from desktop.trading.proposals import StrategyRules

MOST_POINTS = 4_000  # of a drawn curve, about
_NICENESS = 10  # the window and its sessions come first
_READ = 0.3  # of a backtest's progress


def give_way() -> None:
    """Let the window and its sessions go before this process."""
    set_priority = getattr(os, "setpriority", None)
    if set_priority is not None:
        set_priority(os.PRIO_PROCESS, 0, _NICENESS)


def look_at(path: str, *, progress: Progress) -> DataChoice:
    """Return what a file of prices holds."""
    give_way()
    return look_at_file(path, progress)


def backtest(
    workshop: Workshop, draft: BacktestDraft, place: str, *, progress: Progress
) -> tuple[ReportView, EvidenceDetail]:
    """Run a draft; returns what is shown and what is stored of it."""
    give_way()
    settings, recording, key = read_draft(workshop, draft, progress)
    return _run(settings, recording, key, Path(place), progress)


def again(
    workshop: Workshop, evidence: Evidence, place: str, *, progress: Progress
) -> tuple[ReportView, EvidenceDetail]:
    """Run a stored backtest again on the same data."""
    give_way()
    settings, recording = read_again(workshop, evidence.settings, evidence.fingerprints, progress)
    view, detail = _run(settings, recording, evidence.key, Path(place), progress)
    noted, found = evidence.undecided_splits, view.evidence.undecided_splits
    if noted is not None and found is not None and found > noted:  # they were accepted for the run that is stored
        kept = replace(view.evidence, warnings=evidence.warnings, undecided_splits=noted)
        view = replace(view, evidence=kept, warnings=kept.warnings)
    return view, detail


def _run(
    settings: SessionSettings, recording: Recording, key: str, place: Path, progress: Progress
) -> tuple[ReportView, EvidenceDetail]:
    rules = StrategyRules.of(settings.strategy)
    result, market = run_recording(
        settings, recording, rules=rules, progress=lambda share: progress(_READ + (1 - _READ) * share)
    )
    report = build_report(result, market, rules=rules, made_of=made_of(settings.strategy, recording))
    progress(1.0)
    keep(report, market.columns, place)
    files = [path.name for path in recording.paths]
    evidence, detail = evidence_of(
        result, report.metrics, key=key, files=files, began=recording.started_at, splits=recording.warnings
    )
    return view_of(report, evidence, recording, place), detail


def view_of(report: BacktestReport, evidence: Evidence, recording: Recording, place: Path) -> ReportView:
    """Return a report as the window shows it."""
    result = report.result
    return ReportView(
        evidence=evidence,
        curve=curve_of(result.start, result.equity, report.drawdown, report.benchmark, report.benchmark_name),
        trades=result.trades[-MOST_TRADES:],
        monthly=report.monthly,
        rules=report.rules,
        blocks=dict(result.blocks),
        signals=result.signals,
        orders=result.orders,
        open_positions=len(result.positions),
        dropped=dict(recording.dropped()),
        warnings=evidence.warnings,
        run_seconds=result.run_seconds,
        place=str(place),
        made_of=report.made_of,
        no_trades=report.no_trades,
    )


def curve_of(
    start: IntArray,
    equity: FloatArray,
    drawdown: FloatArray,
    benchmark: FloatArray,
    benchmark_name: str,
    most: int = MOST_POINTS,
) -> Curve:
    """Return a curve as it is drawn: of a long one the highs, lows and deepest falls of each stretch.

    Args:
        start: µs UTC, start of each bar; shape (n,), as the others.
        equity: At its close.
        drawdown: Fractions, zero or negative.
        benchmark: NaN where not known.
        benchmark_name: Its symbol.
        most: About how many points.
    """
    count = len(start)
    if count <= most:
        return Curve(start, equity, drawdown, benchmark, benchmark_name)
    edges = np.linspace(0, count, most // 3 + 1).astype(np.int64)
    kept = {0, count - 1}
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = equity[begin:end]
        kept |= {begin + int(part.argmin()), begin + int(part.argmax()), begin + int(drawdown[begin:end].argmin())}
    places = np.array(sorted(kept))
    return Curve(start[places], equity[places], drawdown[places], benchmark[places], benchmark_name)


def stored_view(evidence: Evidence, detail: EvidenceDetail) -> ReportView:
    """Return what is stored of a backtest; what was not stored is None."""
    at = np.array([at for at, _ in detail.curve], dtype=np.int64)
    equity = np.array([value for _, value in detail.curve], dtype=np.float64)
    fall = drawdown_curve(equity, float(evidence.settings.cash))
    curve = Curve(at, equity, fall, np.full(len(at), np.nan), "")
    return ReportView(evidence, curve, tuple(detail.trades[-MOST_TRADES:]), warnings=evidence.warnings)


def market_of(workshop: Workshop, draft: BacktestDraft, *, progress: Progress) -> tuple[SessionSettings, Market]:
    """Return settings and bars of a draft, for a sweep.

    Raises:
        FieldError: the data is not bars of the strategy's timeframe.
    """
    give_way()
    settings, recording, _ = read_draft(workshop, draft, progress)
    columns = recording.columns
    if not columns:
        holds = ", ".join(sorted({item.timeframe or item.kind for item in recording.histories}))
        raise FieldError(
            "data", f"holds {holds}; a sweep needs bars of the strategy's timeframe {draft.strategy.timeframe}."
        )
    hours = {item.symbol: trading_hours(settings.hours) for item in settings.instruments}
    return settings, Market(columns, hours, tuple(recording.fingerprints))


def export_csv(place: str, folder: str, *, progress: Progress) -> tuple[str, ...]:
    """Write a kept report as CSV files; returns their paths. Those of another report are never written over.

    Where the folder holds files of these names already, they go into a new folder in it, named after the strategy.
    """
    progress(0.0)
    report = kept_report(Path(place))
    return tuple(str(path) for path in write_csv(report, free_folder(Path(folder), report.result.settings.name)))


def free_folder(folder: Path, name: str) -> Path:
    """Return a folder that holds none of the export's files: the one asked for, or a new one in it."""
    plain = "-".join(re.findall(r"[\w.]+", name.lower())) or "backtest"
    places = chain((folder, folder / plain), (folder / f"{plain}-{number}" for number in count(2)))
    return next(place for place in places if not any((place / file).exists() for file in CSV_NAMES))


def export_html(place: str, path: str, *, progress: Progress) -> tuple[str, ...]:
    """Write a kept report as one page; returns its path."""
    progress(0.0)
    return (str(write_html(kept_report(Path(place)), Path(path))),)

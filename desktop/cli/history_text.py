"""Market history in the data directory as text and as JSON values."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from desktop.cli.output import exact, iso
from desktop.domain.history import SeriesInfo, Split
from desktop.market.gaps import WEEKDAYS, Gaps
from desktop.market.history import RowError
from desktop.market.history_merge import Overlap, Prices
from desktop.market.history_report import ImportReport

_TIMEFRAME = "timeframe"  # gaps judged by it alone
_SHOWN = 20  # gaps, wrong rows and differences in text


def report_values(report: ImportReport) -> dict[str, Any]:
    """Return what came of an import or a download."""
    return {
        "series": None if report.series is None else series_values(report.series),
        "kind": report.kind,
        "timeframe": report.timeframe or None,
        "rows": report.rows,
        "kept": report.kept,
        "first": iso(report.first),
        "last": iso(report.last),
        "left_out": report.error_count,
        "errors": [_error_values(error) for error in report.errors],
        "duplicates": report.duplicates,
        "repeats": [_error_values(error) for error in report.repeats],
        "gaps": None if report.gaps is None else gaps_values(report.gaps),
        "splits": [split_values(split) for split in report.splits],
        "undecided_splits": len(report.undecided),
        "spikes": None if report.spikes is None else {"count": report.spikes.count, "first": iso(report.spikes.first)},
        "newest_first": report.reversed,
        "overlap": None if report.overlap is None else _overlap_values(report.overlap),
    }


def _overlap_values(overlap: Overlap) -> dict[str, Any]:
    return {
        "series": overlap.stored.series_id,
        "new": overlap.new,
        "same": overlap.same,
        "different": overlap.different,
        "differences": [
            {"at": iso(one.at), "stored": list(one.stored), "new": list(one.offered)} for one in overlap.differences
        ],
    }


def _error_values(error: RowError) -> dict[str, Any]:
    return {"row": error.row, "column": error.column or None, "sentence": error.sentence}


def gaps_values(gaps: Gaps) -> dict[str, Any]:
    """Return the holes of a series."""
    first = [{"begin": iso(gap.begin), "end": iso(gap.end), "missing_bars": gap.missing} for gap in gaps.first]
    return {
        "gaps": gaps.count,
        "missing_bars": gaps.missing,
        "gaps_judged_by": gaps.hours or _TIMEFRAME,
        "first": first,
    }


def split_values(split: Split) -> dict[str, Any]:
    """Return a probable split."""
    return {"at": iso(split.at), "new": split.new, "old": split.old, "evidence": split.evidence}


def series_values(info: SeriesInfo) -> dict[str, Any]:
    """Return a stored series; ticks have no gaps, nor has a series whose gaps were never counted."""
    counted = info.kind == "bars" and info.gap_count >= 0
    return {
        "series": info.series_id,
        "symbol": info.symbol,
        "kind": info.kind,
        "timeframe": info.timeframe or None,
        "first": iso(info.first),
        "last": iso(info.last),
        "rows": info.rows,
        "gaps": info.gap_count if counted else None,
        "missing_bars": info.gaps if counted else None,
        "gaps_judged_by": (info.judged or _TIMEFRAME) if counted else None,
        "hours": info.hours or None,
        "duplicates": info.duplicates,
        "left_out": info.errors,
        "adjusted": info.adjusted,
        "splits": [split_values(split) for split in info.splits],
        "accepted_splits": [iso(at) for at in info.accepted],
        "feed": info.feed,
        "source": info.source,
        "timezone": info.zone,
        "currency": info.instrument.currency,
        "tick": exact(info.instrument.tick),
        "fingerprint": info.fingerprint,
        "imported_at": iso(info.imported_at),
    }


def print_report(report: ImportReport) -> None:
    """Print what came of an import or a download."""
    what = f"{report.kind} of {report.timeframe}" if report.timeframe else report.kind
    print(f"{report.kept:,} {what} from {iso(report.first)} to {iso(report.last)}, of {report.rows:,} rows.")
    if report.error_count:
        print(f"{report.error_count:,} rows were left out, {report.duplicates:,} of them because they repeat another:")
        _print_first([_error_text(error) for error in report.errors], report.error_count)
    if report.gaps is not None:
        print_gaps(report.gaps)
    if report.spikes is not None:
        count, first = report.spikes.count, iso(report.spikes.first)
        stand = "1 bar stands" if count == 1 else f"{count:,} bars stand"
        print(f"{stand} alone, several times above or below both neighbours, the first at {first}: probably wrong "
              "prices. Nothing was changed; look at them before you test on them.")  # fmt: skip
    for split in report.splits:
        print(f"Probable split of {split.new}:{split.old} before {iso(split.at)}. {split.evidence}")
    if report.undecided:
        print("Prices were not adjusted. --adjust-splits adjusts them; `assay history splits` decides it later.")
    if report.overlap is not None:
        _print_overlap(report.overlap)
    if report.series is None:
        print("Nothing was stored.")
    elif report.overlap is None:
        print(f"Stored as series {report.series.series_id}.")
    elif report.overlap.nothing_new:
        print(f"Series {report.series.series_id} stays as it is.")
    else:
        print(f"Added to series {report.series.series_id}, which holds {report.series.rows:,} bars now.")


def _print_overlap(overlap: Overlap) -> None:
    there = overlap.stored
    print(
        f"Of these, {overlap.new:,} are new, {overlap.same:,} are in series {there.series_id} ({there.source}) "
        f"already, {overlap.different:,} are there with other values" + (":" if overlap.different else ".")
    )
    lines = [
        f"  {iso(one.at)}: stored {_prices(one.stored)}, new {_prices(one.offered)}" for one in overlap.differences
    ]
    _print_first(lines, overlap.different)


def _prices(bar: Prices) -> str:
    return "/".join(f"{value:.10g}" for value in bar[:4]) + f" volume {bar[4]:.10g}"


def _error_text(error: RowError) -> str:
    return f"  row {error.row}" + (f", {error.column}" if error.column else "") + f": {error.sentence}"


def _print_first(lines: Sequence[str], count: int) -> None:
    for line in lines[:_SHOWN]:
        print(line)
    if count > _SHOWN:
        print(f"  ... and {count - min(len(lines), _SHOWN):,} more.")


def print_gaps(gaps: Gaps) -> None:
    """Print the holes of a series."""
    if gaps.hours == WEEKDAYS:
        judged = "by weekdays, since no bar is on a weekend: holidays count; --hours XNYS knows New York's"
    else:
        judged = f"by the hours {gaps.hours}" if gaps.hours else "by the timeframe alone: nights and weekends count"
    if not gaps.count:
        print(f"No bars are missing ({judged}).")
        return
    print(f"{gaps.missing:,} bars are missing, gaps: {gaps.count:,} ({judged}).")
    _print_first([f"  {iso(gap.begin)} to {iso(gap.end)}: {gap.missing:,}" for gap in gaps.first], gaps.count)


def undecided(report: ImportReport) -> int:
    """Say what is to be decided where nothing was stored; returns the exit status."""
    if report.series is not None or report.overlap is None:
        return 0
    print(
        f"assay: {report.overlap.different:,} bars are stored with other values. Nothing was stored: say which ones "
        "stay with --differing stored or --differing new, or take --replace.",
        file=sys.stderr,
    )
    return 2

"""The columns of the list of stored prices: what a series covers, what is decided and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.domain.market import DAY
from desktop.market.gaps import WEEKDAYS
from desktop.ui import formats
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.coverage import Span
from desktop.ui.widgets.history_tables import judged_by, when

if TYPE_CHECKING:  # as in the panel
    from desktop.market.history_report import StoredSeries


def _tr(text: str) -> str:
    return QCoreApplication.translate("History", text)


def splits_words(row: StoredSeries) -> str:
    """Return what is known and decided about splits in a series."""
    info = row.info
    if row.pending:
        return _tr("%1 to decide").replace("%1", str(len(row.pending)))
    if row.outdated:
        return _tr("adjusted, out of date")
    if info.adjusted:
        return _tr("adjusted")
    if row.adjusted_as:
        return _tr("adjusted in %1").replace("%1", str(row.adjusted_as))
    return _tr("left as traded") if info.accepted else formats.NOTHING


def _splits_tip(row: StoredSeries) -> str:
    shown = row.pending or row.info.splits
    lines = [f"{when(split.at, row.info.timeframe)}  {split.new}:{split.old}  {split.evidence}" for split in shown]
    if row.outdated:
        lines.insert(0, _tr("Other prices are stored as traded by now. Right-click: Adjust again."))
    return "\n".join(lines)


def _holes_tip(row: StoredSeries) -> str:
    if not row.holes:
        return _tr("No hole is longer than a weekend with holidays.")
    lines = [
        _tr("%1 to %2 (%3 days)")
        .replace("%1", when(hole.begin, row.info.timeframe))
        .replace("%2", when(hole.end, row.info.timeframe))
        .replace("%3", str(round((hole.end - hole.begin) / DAY)))
        for hole in row.holes[:8]
    ]
    if len(row.holes) > len(lines):
        lines.append(_tr("and %1 more").replace("%1", str(len(row.holes) - len(lines))))
    return "\n".join(lines)


def _gaps_tip(row: StoredSeries) -> str:
    return _tr("Judged by %1.").replace("%1", judged_by(row.info.judged)) if row.info.kind == "bars" else ""


def _judged(row: StoredSeries) -> str:
    """Return in a word or two what the gaps were judged by."""
    if row.info.kind != "bars":
        return formats.NOTHING
    if row.info.judged == WEEKDAYS:
        return _tr("weekdays (assumed)")
    return row.info.judged or _tr("timeframe alone")


def _count(row: StoredSeries, count: int) -> str:
    return f"{count:,}" if row.info.kind == "bars" else formats.NOTHING


def _span(row: StoredSeries) -> Span:
    return Span(row.info.first, row.info.last, row.holes)


def stored_columns() -> list[Column[StoredSeries]]:
    """Return the columns, each with a stable key."""
    return [
        Column("symbol", _tr("Symbol"), lambda row: row.info.symbol, kind=Kind.TONED, width=88, tone=lambda _: "text"),
        Column("timeframe", _tr("Prices"), lambda row: row.info.timeframe or row.info.kind, width=62),
        Column(
            "first",
            _tr("First"),
            lambda row: row.info.first,
            lambda row: when(row.info.first, row.info.timeframe),
            width=126,
        ),
        Column(
            "last",
            _tr("Last"),
            lambda row: row.info.last,
            lambda row: when(row.info.last, row.info.timeframe),
            width=126,
        ),
        Column("rows", _tr("Rows"), lambda row: row.info.rows, lambda row: f"{row.info.rows:,}", Kind.NUMBER, 80),
        Column(
            "coverage",
            _tr("Coverage"),
            lambda row: _span(row).covered,
            lambda row: formats.percent(_span(row).covered, signed=False, decimals=1),
            Kind.SPAN,
            170,
            tip=_holes_tip,
            span=_span,
        ),
        Column(
            "gaps",
            _tr("Gaps"),
            lambda row: row.info.gap_count,
            lambda row: _count(row, row.info.gap_count),
            Kind.NUMBER,
            54,
            tip=_gaps_tip,
        ),
        Column(
            "missing",
            _tr("Bars missing"),
            lambda row: row.info.gaps,
            lambda row: _count(row, row.info.gaps),
            Kind.NUMBER,
            90,
            tip=_gaps_tip,
        ),
        Column(
            "duplicates",
            _tr("Duplicates"),
            lambda row: row.info.duplicates,
            lambda row: f"{row.info.duplicates:,}",
            Kind.NUMBER,
            78,
            tip=lambda _: _tr("Rows dropped because they repeat another"),
        ),
        Column(
            "errors",
            _tr("Left out"),
            lambda row: row.info.errors,
            lambda row: f"{row.info.errors:,}",
            Kind.NUMBER,
            66,
            tip=lambda _: _tr("Rows of the file that could not be used, duplicates included"),
        ),
        Column(
            "splits",
            _tr("Splits"),
            splits_words,
            kind=Kind.TONED,
            width=104,
            tone=lambda row: "warning" if row.pending or row.outdated else "text_muted",
            tip=_splits_tip,
        ),
        Column("judged", _tr("Gaps judged by"), _judged, width=120, tip=_gaps_tip),
        Column("source", _tr("Source"), lambda row: row.info.source, width=140),
        Column("zone", _tr("Time zone"), lambda row: row.info.zone, width=120, hidden=True),
        Column("currency", _tr("Currency"), lambda row: row.info.instrument.currency, width=64, hidden=True),
        Column("tick", _tr("Price step"), lambda row: row.info.instrument.tick, None, Kind.NUMBER, 76, hidden=True),
        Column(
            "imported",
            _tr("Imported"),
            lambda row: row.info.imported_at,
            lambda row: formats.date_time(row.info.imported_at),
            width=126,
            hidden=True,
        ),
        Column("number", _tr("Series"), lambda row: row.info.series_id, None, Kind.NUMBER, 56),
    ]

"""Tables of what is wrong or missing in recorded prices, and how their times are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.domain.history import Gap
from desktop.market.gaps import WEEKDAYS, Gaps
from desktop.ui import formats
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.row_table import RowTable

if TYPE_CHECKING:  # what reads files is not needed before a file is read
    from desktop.market.history import RowError


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryTables", text)


def judged_by(hours: str) -> str:
    """Return in words what gaps were judged by (`Gaps.hours`)."""
    if hours == WEEKDAYS:
        return _tr("weekdays, since no bar is on a weekend; holidays count")
    return hours or _tr("the timeframe alone, so nights and weekends count")


def gaps_words(found: Gaps) -> str:
    """Return in a sentence how many bars are missing in how many gaps, and what that was judged by."""
    judged = judged_by(found.hours)
    if not found.count:
        return _tr("No bar is missing, judged by %1.").replace("%1", judged)
    text = _tr("%1 bars are missing in %2 gaps, judged by %3.")
    if found.count == 1:
        text = _tr("Missing bars: %1 in 1 gap, judged by %3.")
    return text.replace("%1", f"{found.missing:,}").replace("%2", f"{found.count:,}").replace("%3", judged)


def when(at: int, timeframe: str = "") -> str:
    """Return a time of recorded prices: a day for bars of days and more, else date and time in the user's zone."""
    return formats.bar_time(at, timeframe)


def errors_table(theme: ThemeStore, name: str, title: str, nothing: tuple[str, str]) -> RowTable[RowError]:
    """Return a table of rows that were left out, and why."""
    return RowTable(
        [
            Column("row", _tr("Row"), lambda error: error.row, lambda error: f"{error.row:,}", Kind.NUMBER, 76),
            Column("column", _tr("Column"), lambda error: error.column, width=96),
            Column(
                "sentence",
                _tr("What is wrong"),
                lambda error: error.sentence,
                lambda error: error.sentence[:1].upper() + error.sentence[1:],
                width=480,
                tip=lambda error: error.sentence,
            ),
        ],
        key=lambda error: f"{error.row}/{error.column}/{error.sentence}",
        name=name,
        theme=theme,
        title=title,
        empty=nothing,
    )


def gaps_table(theme: ThemeStore, timeframe: str) -> RowTable[Gap]:
    """Return a table of holes between bars."""
    return RowTable(
        [
            Column(
                "begin", _tr("First missing"), lambda gap: gap.begin, lambda gap: when(gap.begin, timeframe), width=150
            ),
            Column("end", _tr("Next bar"), lambda gap: gap.end, lambda gap: when(gap.end, timeframe), width=150),
            Column(
                "length",
                _tr("Length"),
                lambda gap: gap.end - gap.begin,
                lambda gap: formats.age(gap.end - gap.begin),
                Kind.NUMBER,
                80,
            ),
            Column(
                "missing",
                _tr("Bars missing"),
                lambda gap: gap.missing,
                lambda gap: f"{gap.missing:,}",
                Kind.NUMBER,
                100,
            ),
        ],
        key=lambda gap: str(gap.begin),
        name="history-gaps",
        theme=theme,
        title=_tr("Gaps"),
        empty=(_tr("No bar is missing"), _tr("Every bar between the first and the last one is there.")),
    )

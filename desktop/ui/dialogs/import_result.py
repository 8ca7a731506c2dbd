"""What came of an import: rows taken and left out, repeated, missing; probable splits, to be decided on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from desktop.engine.archive import Archive
from desktop.market.history_report import ImportReport
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.history_tables import errors_table, gaps_table, gaps_words, when
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.splits_choice import SplitsChoice


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportHistory", text)


def _filled(text: str, *values: object) -> str:
    for number, value in enumerate(values, 1):
        text = text.replace(f"%{number}", f"{value:,}" if isinstance(value, int) else str(value))
    return text


class ImportResult(QWidget):
    """The last page of the import dialog; the splits come first, because they ask for something."""

    def __init__(
        self, archive: Archive, theme: ThemeStore, path: str, report: ImportReport, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.report = report
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self.headline = label(self._headline(), "heading", wrap=True)
        self.summary = label(self._summary(Path(path).name), "muted", wrap=True, selectable=True)
        layout.addWidget(self.headline)
        layout.addWidget(self.summary)
        self.spikes = label(self._spikes(), wrap=True, selectable=True)
        look(self.spikes, tone="warning")
        self.spikes.setVisible(report.spikes is not None)
        layout.addWidget(self.spikes)
        self.tabs = QTabWidget()
        layout.addWidget(self.tabs, 1)
        self.splits: SplitsChoice | None = None
        if report.series is not None and report.undecided:
            self.splits = SplitsChoice(archive, report.series, report.undecided)
            title = _filled(_tr("Probable splits (%1)"), len(report.undecided))
            place = self.tabs.addTab(self.splits, f"{title}  •")
            self.splits.decided.connect(guarded(lambda: self.tabs.setTabText(place, title)))
        self.errors = errors_table(
            theme,
            "import-errors",
            _tr("Rows left out"),
            (_tr("No row was left out"), self.all_right),
        )
        self.errors.put_all(report.errors)
        self._add(
            self.errors, _filled(_tr("Left out (%1)"), report.error_count), len(report.errors), report.error_count
        )
        self.repeats = errors_table(theme, "import-repeats", _tr("Repeated rows"), (_tr("No row repeats another"), ""))
        self.repeats.put_all(report.repeats)
        self._add(
            self.repeats, _filled(_tr("Duplicates (%1)"), report.duplicates), len(report.repeats), report.duplicates
        )
        self.gaps: RowTable[Any] | None = None
        if report.gaps is not None:
            gaps = gaps_table(theme, report.timeframe)
            gaps.put_all(report.gaps.first)
            self._add(gaps, _filled(_tr("Gaps (%1)"), report.gaps.count), len(report.gaps.first), report.gaps.count)
            self.gaps = gaps

    @property
    def all_right(self) -> str:
        """Return that nothing is wrong with what came: rows of a file, or bars of a feed."""
        if self.report.series is None or self.report.series.feed == "file":
            return _tr("Every row of the file is right.")
        return _filled(_tr("Every bar that came from %1 is right."), self.report.series.feed)

    def _headline(self) -> str:
        report = self.report
        symbol = report.series.symbol if report.series is not None else ""
        if report.overlap is not None and report.series is not None:
            if report.overlap.nothing_new:
                return _filled(_tr("%1: nothing new. All %2 bars are stored already."), symbol, report.kept)
            if report.overlap.stored.series_id == report.series.series_id:
                return _filled(
                    _tr("%1: %2 bars were added. The series holds %3 now."),
                    symbol,
                    report.overlap.new,
                    report.series.rows,
                )
        kinds = {
            "bars": _tr("bars of %1").replace("%1", report.timeframe),
            "quotes": _tr("quotes"),
            "trades": _tr("trades"),
        }
        return _filled(_tr("%1: %2 %3 are stored."), symbol, report.kept, kinds[report.kind])

    def _summary(self, name: str) -> str:
        report = self.report
        parts = [
            _filled(
                _tr("%1: %2 rows, from %3 to %4."),
                name,
                report.rows,
                when(report.first, report.timeframe),
                when(report.last, report.timeframe),
            )
        ]
        if report.error_count:
            parts.append(
                _filled(_tr("%1 rows were left out, %2 of them duplicates."), report.error_count, report.duplicates)
            )
        if report.gaps is not None:
            parts.append(gaps_words(report.gaps))
        if report.overlap is not None and report.overlap.different:
            parts.append(_filled(_tr("%1 bars differed from the stored ones."), report.overlap.different))
        if report.reversed:
            parts.append(_tr("The file was written newest first."))
        return " ".join(parts)

    def _spikes(self) -> str:
        """Return what is to be known of bars that stand alone; they are kept as they came."""
        spikes = self.report.spikes
        if spikes is None:
            return ""
        first = when(spikes.first, self.report.timeframe)
        if spikes.count == 1:
            text = _tr(
                "The bar of %1 stands alone, several times above or below both neighbours: probably wrong prices. "
                "It was kept; look at it before you test on it."
            )
            return _filled(text, first)
        text = _tr(
            "%1 bars stand alone, several times above or below both neighbours, the first at %2: probably wrong "
            "prices. They were kept; look at them before you test on them."
        )
        return _filled(text, spikes.count, first)

    def _add(self, table: RowTable[Any], title: str, shown: int, count: int) -> None:
        """Add a tab with a table and what can be done with it."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(table, 1)
        foot = QHBoxLayout()
        text = _filled(_tr("The first %1 of %2."), shown, count) if shown < count else ""
        foot.addWidget(label(text, "caption"), 1)
        copy, export = button(_tr("Copy")), button(_tr("Export as CSV…"))
        copy.clicked.connect(guarded(table.copy))
        export.clicked.connect(guarded(table.ask_export))
        for made in (copy, export):
            made.setEnabled(shown > 0)
            foot.addWidget(made)
        layout.addLayout(foot)
        self.tabs.addTab(page, title)

"""The pages of the backtest panel: what a report says, tab by tab, with a hint until there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QStackedLayout, QTabWidget, QWidget

from desktop.domain.evidence import Evidence
from desktop.domain.trials import Trial, family_of
from desktop.research.api import Lab
from desktop.research.lab_views import ReportView
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.report_clauses import ReportClauses
from desktop.ui.widgets.report_evidence import ReportEvidence
from desktop.ui.widgets.report_overview import ReportOverview
from desktop.ui.widgets.report_trades import ReportTrades
from desktop.ui.widgets.stored_backtests import StoredBacktests
from desktop.ui.widgets.sweep_page import SweepPage
from desktop.ui.widgets.trials_text import by_family


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class BacktestPages(QTabWidget):
    """Four pages of a report, the sweep and what is stored."""

    def __init__(self, lab: Lab, theme: ThemeStore, form: BacktestForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.view: ReportView | None = None
        self._trials: Mapping[str, Sequence[Trial]] = {}  # by family of strategies
        self.overview = ReportOverview(theme)
        self.trades = ReportTrades(lab, theme)
        self.clauses = ReportClauses(theme)
        self.evidence = ReportEvidence()
        self.stored = StoredBacktests(theme)
        self.sweep = SweepPage(lab, theme, form)
        self._stacks: list[QStackedLayout] = []
        for name, title, page in (
            ("overview", _tr("Overview"), self.overview),
            ("trades", _tr("Trades"), self.trades),
            ("clauses", _tr("Clauses"), self.clauses),
            ("evidence", _tr("Settings && evidence"), self.evidence),
        ):
            self.addTab(self._with_hint(name, page), title)
        self.addTab(self.sweep, _tr("Sweep"))
        self.addTab(self.stored, _tr("Stored"))

    def _with_hint(self, name: str, page: QWidget) -> QWidget:
        """Return a page that says what will appear there until there is a report."""
        texts = {
            "overview": _tr("Choose a strategy and prices at the left and press Run backtest.\n"
                            "Figures, the equity curve with benchmark and drawdown, and returns by month appear here."),
            "trades": _tr("The trades of a backtest appear here, each with its bars and fills.\n"
                          "Run one at the left, or open one under Stored."),
            "clauses": _tr("How often each clause of the rules was true, and which check stopped how many orders.\n"
                           "Run a backtest at the left."),
            "evidence": _tr("What makes a backtest again: version, data, settings and seed; Reproduce runs it again.\n"
                            "Run a backtest at the left, or open one under Stored."),
        }  # fmt: skip
        holder = QWidget()
        stack = QStackedLayout(holder)
        empty = label(texts[name], "muted", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setContentsMargins(30, 0, 30, 0)
        stack.addWidget(empty)
        stack.addWidget(page)
        self._stacks.append(stack)
        return holder

    def show_report(self, view: ReportView) -> None:
        """Show a report in every tab; each fills in a turn of its own, so that the window goes on."""
        self.view = view
        self.overview.show_report(view)
        self._show_evidence(view)
        for stack in self._stacks:
            stack.setCurrentIndex(1)
        for place, fill in enumerate((self.trades.show_report, self.clauses.show_report)):
            QTimer.singleShot(10 * place, self, guarded(lambda fill=fill: self._fill(fill, view)))

    def show_stored(self, rows: Sequence[Evidence], trials: Sequence[Trial]) -> None:
        """Show what is stored, and what was tried of each strategy."""
        self._trials = by_family(trials)
        self.stored.show_stored(rows, trials)
        if self.view is not None:
            self._show_evidence(self.view)

    def _show_evidence(self, view: ReportView) -> None:
        trials = self._trials.get(family_of(view.evidence.settings.strategy), ())
        self.evidence.show_evidence(view.evidence, run_seconds=view.run_seconds, trials=trials)

    def _fill(self, fill: Any, view: ReportView) -> None:
        if view is self.view:
            fill(view)

"""The pages of the backtest panel: each is imported and made when it is first needed, so none holds the window up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedLayout, QTabWidget, QWidget

from desktop.domain.evidence import Evidence
from desktop.domain.trials import Trial, family_of
from desktop.research.api import Lab
from desktop.research.lab_views import ReportView
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.trials_text import by_family

if TYPE_CHECKING:
    from desktop.ui.widgets.report_clauses import ReportClauses
    from desktop.ui.widgets.report_evidence import ReportEvidence
    from desktop.ui.widgets.report_overview import ReportOverview
    from desktop.ui.widgets.report_trades import ReportTrades
    from desktop.ui.widgets.stored_backtests import StoredBacktests
    from desktop.ui.widgets.sweep_page import SweepPage

P = TypeVar("P", bound=QWidget)
OF_A_REPORT = ("overview", "trades", "clauses", "evidence")
_APART_MS = 10  # between two pages that are filled: the window lives in between


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class BacktestPages(QTabWidget):
    """Four pages of a report, the sweep and what is stored. Signals are those of the pages."""

    reproduce_asked = Signal()
    use_asked = Signal()
    stop_asked = Signal()
    open_asked = Signal(str)
    delete_asked = Signal(list)
    variant_asked = Signal(object)
    edit_asked = Signal(str)
    swept = Signal()

    def __init__(self, lab: Lab, theme: ThemeStore, form: BacktestForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._lab, self._theme, self._form = lab, theme, form
        self.view: ReportView | None = None
        self._rows: Sequence[Evidence] = ()
        self._trials: Sequence[Trial] = ()
        self._by_family: Mapping[str, Sequence[Trial]] = {}
        self._stacks: dict[str, QStackedLayout] = {}
        titles = {
            "overview": _tr("Overview"), "trades": _tr("Trades"), "clauses": _tr("Clauses"),
            "evidence": _tr("Settings && evidence"), "sweep": _tr("Sweep"), "stored": _tr("Stored"),
        }  # fmt: skip
        for name, title in titles.items():
            self.addTab(self._holder(name), title)
        self.currentChanged.connect(guarded(self._on_tab))

    def _holder(self, name: str) -> QWidget:
        """Return the place of a page, which says what will appear there until there is a report."""
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
        stack = self._stacks[name] = QStackedLayout(holder)
        empty = label(texts.get(name, ""), "muted", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setContentsMargins(30, 0, 30, 0)
        stack.addWidget(empty)
        return holder

    # pages -----------------------------------------------------------------------------------------------------
    @cached_property
    def overview(self) -> ReportOverview:
        """What one looks at first."""
        from desktop.ui.widgets.report_overview import ReportOverview  # noqa: PLC0415 - when it is first needed

        return self._put("overview", ReportOverview(self._theme))

    @cached_property
    def trades(self) -> ReportTrades:
        """The trades, and each on its bars."""
        from desktop.ui.widgets.report_trades import ReportTrades  # noqa: PLC0415 - as above

        return self._put("trades", ReportTrades(self._lab, self._theme))

    @cached_property
    def clauses(self) -> ReportClauses:
        """How often each clause was true."""
        from desktop.ui.widgets.report_clauses import ReportClauses  # noqa: PLC0415 - as above

        return self._put("clauses", ReportClauses(self._theme))

    @cached_property
    def evidence(self) -> ReportEvidence:
        """What makes the backtest again."""
        from desktop.ui.widgets.report_evidence import ReportEvidence  # noqa: PLC0415 - as above

        page = self._put("evidence", ReportEvidence())
        page.reproduce_asked.connect(self.reproduce_asked)
        page.use_asked.connect(self.use_asked)
        page.stop_asked.connect(self.stop_asked)
        return page

    @cached_property
    def sweep(self) -> SweepPage:
        """Sweeps and walk-forwards."""
        from desktop.ui.widgets.sweep_page import SweepPage  # noqa: PLC0415 - as above

        page = self._put("sweep", SweepPage(self._lab, self._theme, self._form))
        page.variant_asked.connect(self.variant_asked)
        page.edit_asked.connect(self.edit_asked)
        page.done.connect(self.swept)
        return page

    @cached_property
    def stored(self) -> StoredBacktests:
        """The list of stored backtests."""
        from desktop.ui.widgets.stored_backtests import StoredBacktests  # noqa: PLC0415 - as above

        page = self._put("stored", StoredBacktests(self._theme))
        page.open_asked.connect(self.open_asked)
        page.delete_asked.connect(self.delete_asked)
        return page

    def _put(self, name: str, page: P) -> P:
        """Put a page in its place, filled with what there is by now."""
        stack = self._stacks[name]
        stack.addWidget(page)
        if name not in OF_A_REPORT:
            stack.setCurrentWidget(page)
        if name == "stored":
            QTimer.singleShot(0, self, guarded(self._fill_stored))
        elif name in OF_A_REPORT and self.view is not None:
            QTimer.singleShot(0, self, guarded(lambda: self._fill(name, self.view)))
        return page

    @property
    def shown(self) -> str:
        """Name of the page that is in front."""
        return list(self._stacks)[self.currentIndex()]

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.setCurrentIndex(list(self._stacks).index(name))

    def _on_tab(self) -> None:
        name = self.shown
        if self.view is not None or name not in OF_A_REPORT:
            getattr(self, name)  # makes it

    # what they show --------------------------------------------------------------------------------------------
    def show_report(self, view: ReportView) -> None:
        """Show a report: at once in the page that is in front, in the others that were made in turns of their own."""
        self.view = view
        self._on_tab()
        for place, name in enumerate(sorted(OF_A_REPORT, key=lambda name: name != self.shown)):
            if name not in self.__dict__:
                continue
            if name == self.shown:
                self._fill(name, view)
            else:
                QTimer.singleShot(_APART_MS * place, self, guarded(lambda name=name: self._fill(name, view)))

    def _fill(self, name: str, view: ReportView | None) -> None:
        if view is None or view is not self.view:
            return
        self._stacks[name].setCurrentWidget(getattr(self, name))
        if name == "evidence":
            trials = self._by_family.get(family_of(view.evidence.settings.strategy), ())
            self.evidence.show_evidence(view.evidence, run_seconds=view.run_seconds, trials=trials)
        else:
            getattr(self, name).show_report(view)

    def show_stored(self, rows: Sequence[Evidence], trials: Sequence[Trial]) -> None:
        """Show what is stored, and what was tried of each strategy."""
        self._rows, self._trials, self._by_family = rows, trials, by_family(trials)
        if "stored" in self.__dict__:
            self._fill_stored()
        if "evidence" in self.__dict__:
            self._fill("evidence", self.view)

    def _fill_stored(self) -> None:
        self.stored.show_stored(self._rows, self._trials)

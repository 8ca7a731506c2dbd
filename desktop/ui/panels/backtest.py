"""The backtest panel: what to test at the left, what came of it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QSplitter,
    QStackedLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.errors import AssayError, NotFound
from desktop.domain.evidence import Evidence
from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk
from desktop.research.api import DataChoice, Lab, ReportView, Reproduction, Work, WorkCancelled
from desktop.research.lab_data import draft_of
from desktop.ui import work
from desktop.ui.guard import guarded, guarded_override, report
from desktop.ui.intents import BacktestStrategy, EditStrategy, Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.report_clauses import ReportClauses
from desktop.ui.widgets.report_evidence import ReportEvidence
from desktop.ui.widgets.report_overview import ReportOverview
from desktop.ui.widgets.report_trades import ReportTrades
from desktop.ui.widgets.stored_backtests import StoredBacktests
from desktop.ui.widgets.sweep_page import SweepPage

_FORM = 330  # pixels
_SMALL = 460  # pixels of height


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class Backtest(QWidget):
    """Runs backtests and sweeps, and shows them."""

    def __init__(
        self, desk: Desk, theme: ThemeStore, intents: Intents, lab: Lab, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._lab, self._intents = desk, lab, intents
        self.view: ReportView | None = None
        self._run: Work[ReportView] | None = None
        self._again: Work[Reproduction] | None = None
        self.form = BacktestForm(lab)
        self.form.setMinimumWidth(280)
        self.overview = ReportOverview(theme)
        self.trades = ReportTrades(lab, theme)
        self.clauses = ReportClauses(theme)
        self.evidence = ReportEvidence()
        self.stored = StoredBacktests(theme)
        self.sweep = SweepPage(lab, theme, self.form)
        self._lay_out()
        self._wire()
        self.setFocusProxy(self.form.strategy)
        self.form.offer_strategies(desk.strategies())
        self.refresh()

    # building --------------------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        self.title = label("", "heading")
        self.title.setMinimumWidth(40)
        self.csv = button(_tr("CSV…"), "small", name=_tr("Export trades, fills, equity and monthly returns as CSV"))
        self.html = button(_tr("HTML…"), "small", name=_tr("Export the report as one page"))
        self.large = button(_tr("Enlarge"), "small", tip=_tr("Give this panel a window of its own (Ctrl+B)"))
        self.edit = button(_tr("Edit strategy"), "small")
        self.said = label("", "caption")
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 8, 2)
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        for widget in (self.said, self.large, self.edit, self.csv, self.html):
            head.addWidget(widget)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._pages: dict[str, QStackedLayout] = {}
        for name, title, page in (
            ("overview", _tr("Overview"), self.overview),
            ("trades", _tr("Trades"), self.trades),
            ("clauses", _tr("Clauses"), self.clauses),
            ("evidence", _tr("Settings && evidence"), self.evidence),
        ):
            self.tabs.addTab(self._with_hint(name, page), title)
        self.tabs.addTab(self.sweep, _tr("Sweep"))
        self.tabs.addTab(self.stored, _tr("Stored"))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.form)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setCollapsible(0, False)
        split.setSizes([_FORM, 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self._show_buttons()

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer a window of its own where there is little room for a report."""
        super().resizeEvent(event)
        self.large.setVisible(self.height() < _SMALL)

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
        self._pages[name] = stack
        return holder

    def _wire(self) -> None:
        self.form.run_asked.connect(guarded(self.run))
        self.form.cancel_asked.connect(guarded(self.cancel))
        self.form.data.file_chosen.connect(guarded(self.look_at))
        self.evidence.reproduce_asked.connect(guarded(self.reproduce))
        self.evidence.use_asked.connect(guarded(self.use_settings))
        self.evidence.stop_asked.connect(guarded(self._stop_again))
        self.stored.open_asked.connect(guarded(self.open_stored))
        self.stored.delete_asked.connect(guarded(self._ask_delete))
        self.csv.clicked.connect(guarded(self._ask_csv))
        self.html.clicked.connect(guarded(self._ask_html))
        self.large.clicked.connect(guarded(lambda: self._intents.ask(BacktestStrategy())))
        self.edit.clicked.connect(guarded(self._on_edit))
        self.sweep.variant_asked.connect(guarded(self._on_variant))
        self.tabs.currentChanged.connect(guarded(self._on_tab))

    # what there is ---------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Read again what can be tested on and what is stored."""
        self._do(self._lab.data(), "prices", self._on_data)
        self._do(self._lab.stored(), "stored backtests", self.stored.show_stored)

    def _do(self, doing: Any, where: str, then: Any) -> None:
        work.run(doing, where=where, on_refused=while_alive(self, self._on_refused), then=while_alive(self, then))

    def _on_refused(self, error: AssayError) -> None:
        if not isinstance(error, WorkCancelled):
            report(error, "backtest")

    def _on_data(self, choices: Sequence[DataChoice]) -> None:
        self.form.offer_data(choices)

    def _on_tab(self) -> None:
        if self.tabs.currentWidget() is self.stored:
            self._do(self._lab.stored(), "stored backtests", self.stored.show_stored)

    def look_at(self, path: str) -> None:
        """Read what a file holds, and choose it."""
        self.form.say(_tr("Reading %1…").replace("%1", path.rpartition("/")[2]), tone="muted")
        work.run(
            self._lab.look_at(path),
            where="file of prices",
            on_refused=while_alive(self, lambda error: self.form.say(str(error))),
            then=while_alive(self, self._on_looked),
        )

    def _on_looked(self, choice: DataChoice) -> None:
        self.form.say("")
        self.form.data.add_file(choice)

    # running ---------------------------------------------------------------------------------------------------
    def test(self, strategy: Strategy | None = None) -> None:
        """Take a strategy into the form (the editor's or a session's); it is run when the user presses Run."""
        self.form.offer_strategies(self._desk.strategies(), strategy)
        self.refresh()
        if strategy is not None:
            self.tabs.setCurrentIndex(0)
        self.form.run.setFocus()

    def run(self) -> None:
        """Run what is filled in."""
        draft = self.form.draft()
        if draft is None or self._run is not None:
            return
        self.form.show_busy(busy=True)
        self._run = self._lab.start_backtest(draft, on_progress=while_alive(self, self.form.show_progress))
        work.run(
            _result(self._run),
            where="backtest",
            on_refused=while_alive(self, self._on_run_refused),
            then=while_alive(self, self._on_run),
        )

    def cancel(self) -> None:
        """End what runs."""
        if self._run is not None:
            self._run.cancel()

    def _ended(self) -> None:
        self._run = None
        self.form.show_busy(busy=False)

    def _on_run_refused(self, error: AssayError) -> None:
        self._ended()
        if isinstance(error, WorkCancelled):
            self.form.say(_tr("Cancelled. Nothing of it is kept."), tone="muted")
        else:
            self.form.refuse(error)

    def _on_run(self, view: ReportView) -> None:
        self._ended()
        self.show_report(view)
        if self.tabs.currentWidget() in (self.sweep, self.stored):
            self.tabs.setCurrentIndex(0)
        self._do(self._lab.stored(), "stored backtests", self.stored.show_stored)

    def show_report(self, view: ReportView) -> None:
        """Show a report in every tab; each fills in a turn of its own, so that the window goes on."""
        self.view = view
        settings = view.evidence.settings
        symbols = ", ".join(item.symbol for item in settings.instruments)
        self.title.setText(f"{settings.strategy.name}   {symbols}   {settings.strategy.timeframe}")
        self.title.setToolTip(self.title.text())
        self.said.clear()
        self.overview.show_report(view)
        self.evidence.show_evidence(view.evidence, run_seconds=view.run_seconds)
        for stack in self._pages.values():
            stack.setCurrentIndex(1)
        self._show_buttons()
        for place, fill in enumerate((self.trades.show_report, self.clauses.show_report)):
            QTimer.singleShot(10 * place, self, guarded(lambda fill=fill: self._fill(fill, view)))

    def _fill(self, fill: Any, view: ReportView) -> None:
        if view is self.view:
            fill(view)

    def _show_buttons(self) -> None:
        view = self.view
        self.edit.setVisible(view is not None)
        for widget in (self.csv, self.html):
            widget.setVisible(view is not None)
            widget.setEnabled(view is not None and bool(view.place))
        if view is not None and not view.place:
            self.csv.setToolTip(_tr("Only a part of this backtest is stored. Reproduce it, then export it."))
            self.html.setToolTip(self.csv.toolTip())

    # stored ones -----------------------------------------------------------------------------------------------
    def open_stored(self, key: str) -> None:
        """Show a stored backtest."""
        self._do(self._lab.load(key), "stored backtest", self._on_loaded)

    def _on_loaded(self, view: ReportView) -> None:
        self.show_report(view)
        self.tabs.setCurrentIndex(0)

    def reproduce(self) -> None:
        """Run the shown backtest again and say whether it is identical."""
        if self.view is None or self._again is not None:
            return
        self.evidence.show_busy(busy=True)
        self._again = self._lab.reproduce(self.view.evidence.key)
        work.run(
            _result(self._again),
            where="reproduction",
            on_refused=while_alive(self, self._on_again_refused),
            then=while_alive(self, self._on_again),
        )

    def use_settings(self) -> None:
        """Fill the form with what the shown backtest was made of."""
        if self.view is None:
            return
        try:
            draft = draft_of(self.view.evidence.settings, splits="warn")
        except AssayError as error:
            self.evidence.say(str(error), tone="bad")
            return
        self.form.show_draft(draft)
        self.form.run.setFocus()

    def _stop_again(self) -> None:
        if self._again is not None:
            self._again.cancel()

    def _on_again(self, found: Reproduction) -> None:
        self._again = None
        self.evidence.show_busy(busy=False)
        if found.identical:
            self.show_report(found.report)
        self.evidence.say(found.sentence, tone="good" if found.identical else "bad")

    def _on_again_refused(self, error: AssayError) -> None:
        self._again = None
        self.evidence.show_busy(busy=False)
        self.evidence.say(str(error), tone="" if isinstance(error, WorkCancelled) else "bad")

    def _ask_delete(self, keys: list[str]) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(_tr("Delete backtests"))
        box.setText(_tr("Delete %1 stored backtests?").replace("%1", str(len(keys))))
        box.setInformativeText(_tr("The audit trail keeps that they were there and what they came to."))
        go = box.addButton(_tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        go.clicked.connect(guarded(lambda: self.delete(keys)))
        box.open()

    def delete(self, keys: Sequence[str]) -> None:
        """Delete stored backtests."""

        async def each() -> Sequence[Evidence]:
            for key in keys:
                try:
                    await self._lab.delete(key)
                except NotFound:
                    continue  # gone already
            return await self._lab.stored()

        self._do(each(), "delete backtests", self.stored.show_stored)

    # out of here -----------------------------------------------------------------------------------------------
    def _ask_csv(self) -> None:
        dialog = QFileDialog(self, _tr("Folder for the CSV files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(guarded(self.export_csv))
        dialog.open()

    def _ask_html(self) -> None:
        name = self.view.evidence.settings.strategy.name.lower().replace(" ", "-") if self.view is not None else ""
        dialog = QFileDialog(self, _tr("Export the report"), f"{name}.html", "HTML (*.html)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(guarded(self.export_html))
        dialog.open()

    def export_csv(self, folder: str) -> None:
        """Write the shown report as CSV files."""
        if self.view is not None:
            self._do(_result(self._lab.export_csv(self.view, folder)), "export", self._on_exported)

    def export_html(self, path: str) -> None:
        """Write the shown report as one page."""
        if self.view is not None:
            self._do(_result(self._lab.export_html(self.view, path)), "export", self._on_exported)

    def _on_exported(self, paths: tuple[str, ...]) -> None:
        self.said.setText(_tr("Written: %1").replace("%1", ", ".join(path.rpartition("/")[2] for path in paths)))
        self.said.setToolTip("\n".join(paths))
        look(self.said, tone="good")

    def _on_edit(self) -> None:
        if self.view is not None:
            self._intents.ask(EditStrategy(name=self.view.evidence.settings.strategy.name))

    def _on_variant(self, strategy: Strategy) -> None:
        """Run a variant of a sweep as a backtest, for its curve and trades."""
        self.form.offer_strategies(self._desk.strategies(), strategy)
        self.tabs.setCurrentIndex(0)
        if self.form.check():
            self.run()


async def _result(doing: Work[Any]) -> Any:
    return await doing

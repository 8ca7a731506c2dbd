"""The backtest panel: what to test at the left, what came of it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, NotFound
from desktop.domain.evidence import Evidence
from desktop.domain.strategies import Strategy
from desktop.domain.trials import Trial
from desktop.engine.api import Desk
from desktop.research.api import DataChoice, Lab, Work, WorkCancelled
from desktop.research.lab_data import draft_of
from desktop.research.lab_views import ReportView, Reproduction
from desktop.ui import work
from desktop.ui.guard import guarded, guarded_override, report
from desktop.ui.intents import BacktestStrategy, EditStrategy, Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.backtest_pages import BacktestPages
from desktop.ui.widgets.delete_backtests import ask_delete
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.report_exports import ReportExports

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
        self.form = BacktestForm(lab, theme.preferences)
        self.form.setMinimumWidth(280)
        self.tabs = BacktestPages(lab, theme, self.form)
        self.exports = ReportExports(lab, self._on_refused, self)
        self._lay_out()
        self._wire()
        self.setFocusProxy(self.form.strategy)
        self.form.offer_strategies(desk.strategies())
        self.refresh()
        self._follow_archive()

    # building --------------------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        self.title = label("", "heading")
        self.title.setMinimumWidth(40)
        self.large = button(_tr("Enlarge"), "small", tip=_tr("Give this panel a window of its own (Ctrl+B)"))
        self.edit = button(_tr("Edit strategy"), "small")
        self.edit.hide()
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 8, 2)
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        for widget in (self.exports.said, self.large, self.edit, self.exports.csv, self.exports.html):
            head.addWidget(widget)
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

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer a window of its own where there is little room for a report."""
        super().resizeEvent(event)
        self.large.setVisible(self.height() < _SMALL)

    def _wire(self) -> None:
        self.form.run_asked.connect(guarded(self.run))
        self.form.cancel_asked.connect(guarded(self.cancel))
        self.form.data.file_chosen.connect(guarded(self.look_at))
        self.tabs.reproduce_asked.connect(guarded(self.reproduce))
        self.tabs.use_asked.connect(guarded(self.use_settings))
        self.tabs.stop_asked.connect(guarded(self._stop_again))
        self.tabs.open_asked.connect(guarded(self.open_stored))
        self.tabs.delete_asked.connect(guarded(lambda keys: ask_delete(self, keys, self.delete)))
        self.large.clicked.connect(guarded(lambda: self._intents.ask(BacktestStrategy())))
        self.edit.clicked.connect(guarded(self._on_edit))
        self.tabs.swept.connect(guarded(self._refresh_stored))
        self.tabs.variant_asked.connect(guarded(self._on_variant))
        self.tabs.edit_asked.connect(guarded(lambda name: self._intents.ask(EditStrategy(name=name))))
        self.tabs.currentChanged.connect(guarded(self._on_tab))

    # what there is ---------------------------------------------------------------------------------------------
    def refresh(self, prices: str = "") -> None:
        """Read again what can be tested on and what is stored; `prices`: where those to be chosen come from."""
        self._refresh_prices(prices)
        self._refresh_stored()

    def _refresh_prices(self, prices: str = "") -> None:
        self._do(self._lab.data(), "prices", lambda found: self.form.offer_data(found, prices))

    def _follow_archive(self) -> None:
        with suppress(NotFound):  # a desk without a data directory
            end = self._desk.archive.follow(guarded(self._refresh_prices))
            self.destroyed.connect(lambda *_: end())

    def _refresh_stored(self) -> None:
        self._do(self._stored(), "stored backtests", lambda found: self.tabs.show_stored(*found))

    async def _stored(self) -> tuple[Sequence[Evidence], Sequence[Trial]]:
        return await self._lab.stored(), await self._lab.trials()

    def _do(self, doing: Any, where: str, then: Any) -> None:
        work.run(doing, where=where, on_refused=while_alive(self, self._on_refused), then=while_alive(self, then))

    def _on_refused(self, error: AssayError) -> None:
        if not isinstance(error, WorkCancelled):
            report(error, "backtest")

    def _on_tab(self) -> None:
        if self.tabs.shown == "stored":
            self._refresh_stored()

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
    def test(self, strategy: Strategy | None = None, prices: str = "") -> None:
        """Take a strategy into the form (the editor's or a session's); it is run when the user presses Run.

        Args:
            strategy: None: the one that is chosen stays.
            prices: What it was judged on, "series:3" or "file:/a.csv"; empty: those that are chosen stay.
        """
        self.form.offer_strategies(self._desk.strategies(), strategy)
        self.refresh(prices)
        if prices.startswith("file:"):
            self.look_at(prices.removeprefix("file:"))
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
        if self.tabs.shown in ("sweep", "stored"):
            self.tabs.setCurrentIndex(0)
        self._refresh_stored()

    def show_report(self, view: ReportView) -> None:
        """Show a report."""
        self.view = view
        settings = view.evidence.settings
        symbols = ", ".join(item.symbol for item in settings.instruments)
        self.title.setText(f"{settings.strategy.name}   {symbols}   {settings.strategy.timeframe}")
        self.title.setToolTip(self.title.text())
        self.edit.show()
        self.exports.show_report(view)
        self.tabs.show_report(view)

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
        self.tabs.evidence.show_busy(busy=True)
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
            self.tabs.evidence.say(str(error), tone="bad")
            return
        self.form.show_draft(draft)
        self.form.run.setFocus()

    def _stop_again(self) -> None:
        if self._again is not None:
            self._again.cancel()

    def _on_again(self, found: Reproduction) -> None:
        self._again = None
        self.tabs.evidence.show_busy(busy=False)
        if found.identical:
            self.show_report(found.report)
        self.tabs.evidence.say(found.sentence, tone="good" if found.identical else "bad")

    def _on_again_refused(self, error: AssayError) -> None:
        self._again = None
        self.tabs.evidence.show_busy(busy=False)
        self.tabs.evidence.say(str(error), tone="" if isinstance(error, WorkCancelled) else "bad")

    def delete(self, keys: Sequence[str]) -> None:
        """Delete stored backtests."""

        async def each() -> tuple[Sequence[Evidence], Sequence[Trial]]:
            for key in keys:
                try:
                    await self._lab.delete(key)
                except NotFound:
                    continue  # gone already
            return await self._stored()

        self._do(each(), "delete backtests", lambda found: self.tabs.show_stored(*found))

    # on from here ----------------------------------------------------------------------------------------------
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

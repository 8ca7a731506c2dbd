"""Sweeps and walk-forwards: ranges above, progress, then map, table and what to bear in mind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.strategies import Strategy
from desktop.research.api import Lab, WalkForwardView, Work, WorkCancelled
from desktop.research.crew import usual_workers
from desktop.research.grid import MAX_VARIANTS, with_parameters
from desktop.research.ranking import METRICS
from desktop.research.sweep import SweepProgress, SweepResult
from desktop.research.variant import VariantResult
from desktop.ui import formats, work
from desktop.ui.charts.equity_plot import EquityPlot
from desktop.ui.charts.heat_map import HeatMap
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.elided import QuietLabel
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.metric_tiles import metric_names
from desktop.ui.widgets.report_overview import equity_view
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.sweep_ranges import SweepRanges
from desktop.ui.widgets.sweep_results import (
    figure_text,
    heat_view,
    parameters_text,
    variant_columns,
    window_columns,
)

_INPUTS = 190  # pixels at most
_SHOWN = 5_000  # variants in the table; the map has all


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepPage(QWidget):
    """Tries many values of a strategy's parameters on the prices of the form.

    Signals:
        variant_asked: with the strategy of a variant that is to be run as a backtest.
    """

    variant_asked = Signal(object)

    def __init__(self, lab: Lab, theme: ThemeStore, form: BacktestForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab, self._theme, self._form = lab, theme, form
        self._run: Work[Any] | None = None
        self.result: SweepResult | None = None
        self._strategy: Strategy | None = None  # that was swept
        self._inputs()
        self._outputs(theme)
        self._lay_out()
        form.strategy_changed.connect(guarded(self._on_strategy))
        self._on_strategy()

    # building --------------------------------------------------------------------------------------------------
    def _inputs(self) -> None:
        self.ranges = SweepRanges()
        self.kind = chooser(_tr("Kind of sweep"), [(_tr("Every combination"), False), (_tr("Walk-forward"), True)])
        names = metric_names()
        self.best_by = chooser(_tr("Best by"), [(names.get(name, name), name) for name in METRICS])
        most = usual_workers()
        self.workers = chooser(_tr("Worker processes"), [(str(count), count) for count in range(1, most + 1)], most)
        self.plan = QLineEdit("2000/500")
        self.plan.setAccessibleName(_tr("Bars in and out of sample"))
        self.plan.setToolTip(_tr("2000/500: choose on 2,000 bars, try on the next 500. 365d/90d: the same in days."))
        self.anchored = QCheckBox(_tr("From the start each time"))
        self.count = label("", "muted")
        self.start = button(_tr("Run sweep"), "primary")
        self.stop = button(_tr("Cancel"))
        self.stop.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(_tr("Progress of the sweep"))
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.now = QuietLabel("caption")  # its text changes while a sweep runs: nothing is to be laid out anew for it
        self.answer = label("", "error", wrap=True)
        self.answer.hide()
        self.ranges.changed.connect(guarded(self._on_ranges))
        self.kind.currentIndexChanged.connect(guarded(self._on_kind))
        self.start.clicked.connect(guarded(self.run))
        self.stop.clicked.connect(guarded(self.cancel))

    def _outputs(self, theme: ThemeStore) -> None:
        self.warning = label("", "caption", wrap=True, selectable=True)
        look(self.warning, tone="warning")
        self.map = HeatMap(theme)
        self.across, self.down = chooser(_tr("Across"), []), chooser(_tr("Down"), [])
        self.table: RowTable[Any] | None = None
        self.plot: EquityPlot | None = None  # of a walk-forward; made when there is one, as that takes a while
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(30, 0, 30, 0)
        self.empty.setText(
            _tr("Every combination of the ticked values is run on the prices at the left.\n"
                "A map of the results, a table of all variants and what of the best is luck appear here.")
        )  # fmt: skip
        self.map.chosen.connect(guarded(self._on_cell))
        self.map.opened.connect(guarded(self._open_number))
        for box in (self.across, self.down):
            box.activated.connect(guarded(self._show_map))

    def _lay_out(self) -> None:
        self._lay_out_chart()
        inner = QWidget()
        across = QHBoxLayout(inner)
        across.setContentsMargins(10, 6, 10, 2)
        across.setSpacing(22)
        left = QVBoxLayout()
        left.addWidget(self.ranges)
        left.addStretch(1)
        across.addLayout(left, 3)
        across.addLayout(self._settings(), 2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        self._area, self._inner = area, inner
        go = QHBoxLayout()
        go.setContentsMargins(10, 4, 10, 4)
        go.setSpacing(10)
        for widget in (self.start, self.stop, self.count):
            go.addWidget(widget)
        go.addWidget(self.progress, 2)
        go.addWidget(self.now, 3)
        self.progress.hide()
        self.answer.setContentsMargins(10, 0, 10, 4)
        self.warning.setContentsMargins(10, 2, 10, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area)
        layout.addLayout(go)
        layout.addWidget(self.answer)
        layout.addWidget(self.warning)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._split, 1)
        self.warning.hide()
        self._on_kind()

    def _settings(self) -> QGridLayout:
        settings = QGridLayout()
        settings.setHorizontalSpacing(8)
        settings.setVerticalSpacing(4)
        self._plan_title = label(_tr("In / out"), "muted")
        lines: tuple[tuple[QWidget, QWidget], ...] = (
            (label(_tr("Kind"), "muted"), self.kind),
            (label(_tr("Best by"), "muted"), self.best_by),
            (label(_tr("Workers"), "muted"), self.workers),
            (self._plan_title, self.plan),
        )
        for row, (title, field) in enumerate(lines):
            settings.addWidget(title, row, 0)
            settings.addWidget(field, row, 1)
        settings.addWidget(self.anchored, 4, 0, 1, 2)
        settings.setRowStretch(5, 1)
        return settings

    def _lay_out_chart(self) -> None:
        axes = QHBoxLayout()
        axes.setContentsMargins(10, 0, 10, 0)
        self._axes = QWidget()
        self._axes.setLayout(axes)
        for name, box in ((_tr("Across"), self.across), (_tr("Down"), self.down)):
            axes.addWidget(label(name, "muted"))
            axes.addWidget(box)
        axes.addStretch(1)
        self._chart = QWidget()
        chart = QVBoxLayout(self._chart)
        chart.setContentsMargins(0, 0, 0, 0)
        chart.setSpacing(2)
        chart.addWidget(self._axes)
        chart.addWidget(self.map, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self._chart)
        self._split.hide()

    # what is asked ---------------------------------------------------------------------------------------------
    def _on_strategy(self) -> None:
        self.ranges.show_strategy(self._form.chosen_strategy)
        self._on_ranges()

    def _on_kind(self) -> None:
        walks = bool(self.kind.currentData())
        for widget in (self._plan_title, self.plan, self.anchored):
            widget.setVisible(walks)
        self._fit()
        self.start.setText(_tr("Run walk-forward") if walks else _tr("Run sweep"))

    def _fit(self) -> None:
        """Give ranges and settings the height they need, but not so much that no room is left for results."""
        self._inner.adjustSize()
        self._area.setFixedHeight(min(_INPUTS, self._inner.sizeHint().height() + 4))

    def _on_ranges(self) -> None:
        QTimer.singleShot(0, self, self._fit)
        self.ranges.show_mistake("")
        wanted, count = self.ranges.ranges(), self.ranges.count()
        if not self.ranges.lines:
            text = _tr("This strategy has no parameters: name numbers in its rules in the strategy editor.")
        elif not wanted:
            text = _tr("Tick at least one parameter.")
        elif count is None:
            text = _tr("Each range needs three numbers: from the smaller to the larger one, in steps above zero.")
        else:
            text = _tr("%1 variants").replace("%1", formats.number(count, 0))
            if count > MAX_VARIANTS:
                text += _tr(", the most is %1").replace("%1", formats.number(MAX_VARIANTS, 0))
        self.count.setText(text)
        self.start.setEnabled(bool(wanted) and count is not None and count <= MAX_VARIANTS)

    def run(self) -> None:
        """Start what is filled in."""
        draft = self._form.draft()
        if draft is None or self._run is not None:
            return
        if not self._form.check():
            self._say(_tr("The form at the left has a mistake."))
            return
        self._say("")
        self._strategy = draft.strategy
        self._busy(busy=True)
        told = while_alive(self, self._on_progress)
        metric, workers, ranges = str(self.best_by.currentData()), int(self.workers.currentData()), self.ranges.ranges()
        if self.kind.currentData():
            self._run = self._lab.start_walk_forward(
                draft, ranges, self.plan.text(), anchored=self.anchored.isChecked(), metric=metric, workers=workers,
                on_progress=told,
            )  # fmt: skip
        else:
            self._run = self._lab.start_sweep(draft, ranges, metric=metric, workers=workers, on_progress=told)
        work.run(
            _result(self._run),
            where="sweep",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_result),
        )

    def cancel(self) -> None:
        """End what runs."""
        if self._run is not None:
            self._run.cancel()

    def _busy(self, *, busy: bool) -> None:
        had_focus = self.start.hasFocus() or self.stop.hasFocus()
        self.start.setVisible(not busy)
        self.stop.setVisible(busy)
        self.progress.setValue(0)
        self.progress.setVisible(busy)
        self.now.setText(_tr("Reading prices, starting workers…") if busy else "")
        if had_focus:
            (self.stop if busy else self.start).setFocus()

    def _on_progress(self, now: SweepProgress) -> None:
        self.progress.setValue(round(1000 * now.done / max(1, now.total)))
        text = _tr("%1 of %2").replace("%1", formats.number(now.done, 0)).replace("%2", formats.number(now.total, 0))
        if now.best is not None:
            best = figure_text(now.best, str(self.best_by.currentData()), "USD")
            text += f"   {_tr('best')} {best}: {parameters_text(now.best)}"
        self.now.setText(text)

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _on_refused(self, error: AssayError) -> None:
        self._run = None
        self._busy(busy=False)
        if isinstance(error, WorkCancelled):
            self.now.setText(_tr("Cancelled. Nothing of it is kept."))
        elif isinstance(error, FieldError) and (error.field in self.ranges.lines or error.field == "ranges"):
            self.ranges.show_mistake(error.message, "" if error.field == "ranges" else error.field)
        else:
            self._say(str(error))

    # what came of it -------------------------------------------------------------------------------------------
    def _on_result(self, found: SweepResult | WalkForwardView) -> None:
        self._run = None
        self._busy(busy=False)
        self.empty.hide()
        self._split.show()
        if isinstance(found, WalkForwardView):
            self.show_walk_forward(found)
        else:
            self.show_sweep(found)

    def show_sweep(self, found: SweepResult) -> None:
        """Show the variants of a sweep."""
        self.result = found
        self._tell(found.warning, found.tried, found.failed, found.run_seconds)
        names = found.grid.names
        for box, first in ((self.across, 0), (self.down, 1)):
            box.clear()
            for name in names:
                box.addItem(name, name)
            box.setCurrentIndex(first if len(names) > first else -1)
        self._axes.setVisible(len(names) > 2)
        self.map.show()
        if self.plot is not None:
            self.plot.hide()
        self._split.setOrientation(Qt.Orientation.Horizontal)
        self._put_table(
            RowTable(
                variant_columns(names, found.settings.currency, found.metric),
                key=lambda row: str(row.number),
                name="sweep-variants",
                theme=self._theme,
                title=_tr("Variants of the sweep"),
                empty=(_tr("Not one variant could run"), ""),
                activate=self._open,
            )
        )
        shown = found.variants
        if len(shown) > _SHOWN:
            from desktop.research.ranking import ranked  # noqa: PLC0415 - of huge sweeps only

            shown = tuple(ranked(shown, found.metric)[:_SHOWN])
        if self.table is not None:
            self.table.put_all(shown)
            self.table.current_changed.connect(guarded(self._on_row))
        QTimer.singleShot(0, self, guarded(self._show_map))  # in a turn of its own: the table took its time

    def _tell(self, warning: str, tried: int, failed: int, seconds: float) -> None:
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        text = _tr("%1 variants in %2 s").replace("%1", formats.number(tried, 0))
        text = text.replace("%2", formats.number(seconds, 1))
        if failed:
            text += ", " + _tr("%1 cannot run").replace("%1", formats.number(failed, 0))
        self.now.setText(text)

    def _show_map(self) -> None:
        found = self.result
        if found is None:
            return
        across, down = str(self.across.currentData()), self.down.currentData()
        if down == across:
            down = next((name for name in found.grid.names if name != across), None)
        self.map.show_view(heat_view(found, across, str(down or "")))

    def _on_cell(self, number: int) -> None:
        if self.table is not None:
            self.table.select_key(str(number))

    def _on_row(self, row: VariantResult | None) -> None:
        if row is not None:
            self.map.show_number(row.number)

    def _open_number(self, number: int) -> None:
        if self.result is not None:
            self._open(self.result.variants[number])

    def _open(self, row: VariantResult) -> None:
        if self._strategy is not None and not row.failure:
            values = parameters_text(row)
            changed = with_parameters(self._strategy, row.parameters)
            self.variant_asked.emit(replace(changed, name=f"{self._strategy.name} ({values})"))

    def show_walk_forward(self, found: WalkForwardView) -> None:
        """Show the windows of a walk-forward and its curve out of sample."""
        result = found.result
        self.result = None
        warning = result.warning
        metrics = result.metrics.as_dict()
        out = _tr("Out of sample: %1, Sharpe %2, drawdown %3, efficiency %4.")
        for place, value in enumerate(
            (
                formats.percent(result.metrics.total_return),
                formats.ratio(result.metrics.sharpe),
                formats.percent(float(metrics["max_drawdown"] or 0.0)),
                formats.ratio(result.efficiency),
            ),
            1,
        ):
            out = out.replace(f"%{place}", value)
        self._tell(f"{out} {warning}", result.tried, len(result.failed), result.run_seconds)
        self._axes.hide()
        self.map.hide()
        if self.plot is None:
            self.plot = EquityPlot(self._theme)
            layout = self._chart.layout()
            if layout is not None:
                layout.addWidget(self.plot)
        self.plot.show()
        self.plot.show_view(equity_view(found.curve, result.settings.currency))
        self.plot.show_all()
        self._split.setOrientation(Qt.Orientation.Vertical)
        self._put_table(
            RowTable(
                window_columns(result.grid.names, result.settings.currency),
                key=lambda row: str(row.window.middle),
                name="walk-forward-windows",
                theme=self._theme,
                title=_tr("Windows of the walk-forward"),
            )
        )
        if self.table is not None:
            self.table.put_all(result.windows)

    def _put_table(self, table: RowTable[Any]) -> None:
        if self.table is not None:
            self.table.hide()
            self.table.setParent(None)  # out of the splitter at once: it would take a share of the room
            self.table.deleteLater()
        self.table = table
        self._split.addWidget(table)
        self._split.setSizes([480, 520] if self._split.orientation() is Qt.Orientation.Horizontal else [260, 300])


async def _result(doing: Work[Any]) -> Any:
    return await doing

"""What came of a sweep or a walk-forward: the map, the table and what to bear in mind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Strategy
from desktop.research.grid import with_parameters
from desktop.research.lab_views import WalkForwardView
from desktop.research.metrics import Metrics
from desktop.research.sweep import SweepResult
from desktop.research.variant import VariantResult
from desktop.ui import formats, work
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.curve_pane import CurvePane
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.metric_tiles import metric_names, metric_text
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.sweep_map import SweepMap
from desktop.ui.widgets.sweep_results import best_first, parameters_text, variant_columns, window_columns

_WORDS, _HEAD, _LINE = 66, 44, 25  # pixels of the words above, of a table's header and of a line
_FEW = 10  # lines of a table that are in sight at first
_SHOWN = 2_000  # variants in the table, the best; the map has all
_AT_A_TIME = 250  # of them put into the table in one turn of the loop, which is a few milliseconds


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepOutcome(QWidget):
    """Shows a `SweepResult` or a `WalkForwardView`; until there is one, says what will appear.

    Signals:
        variant_asked: with the strategy of a variant that is to be run as a backtest.
    """

    variant_asked = Signal(object)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.result: SweepResult | None = None
        self._strategy: Strategy | None = None  # that was swept
        self._make()
        self._lay_out()

    def _make(self) -> None:
        self.figures = label("", wrap=True, selectable=True)
        self.figures.hide()
        self.warning = label("", "caption", wrap=True, selectable=True)
        look(self.warning, tone="warning")
        self.pane = SweepMap(self._theme)
        self.map = self.pane.map
        self.table: RowTable[Any] | None = None
        self.curve: CurvePane | None = None  # of a walk-forward; made when there is one, as that takes a while
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(30, 0, 30, 0)
        self.empty.setText(
            _tr("Every combination of the ticked values is run on the prices at the left.\n"
                "A map of the results, a table of all variants and what of the best is luck appear here.")
        )  # fmt: skip
        self.pane.chosen.connect(guarded(self._on_cell))
        self.pane.opened.connect(guarded(self._open_number))

    def _lay_out(self) -> None:
        self._lay_out_chart()
        self.figures.setContentsMargins(10, 2, 10, 0)
        self.warning.setContentsMargins(10, 2, 10, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.figures)
        layout.addWidget(self.warning)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._split, 1)
        self.warning.hide()

    def _lay_out_chart(self) -> None:
        self._chart = QWidget()
        chart = QVBoxLayout(self._chart)
        chart.setContentsMargins(0, 0, 0, 0)
        chart.setSpacing(2)
        chart.addWidget(self.pane, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self._chart)
        self._split.hide()

    def show_result(self, found: SweepResult | WalkForwardView, strategy: Strategy) -> str:
        """Show what came of sweeping a strategy; returns how many variants took how long."""
        self._strategy = strategy
        self.empty.hide()
        self._split.show()
        return self.show_walk_forward(found) if isinstance(found, WalkForwardView) else self.show_sweep(found)

    def show_sweep(self, found: SweepResult) -> str:
        """Show the variants of a sweep; returns how many took how long."""
        self.result = found
        self._warn(found.warning)
        best = found.best
        self.figures.setVisible(best is not None)
        if best is not None and best.metrics is not None:
            text = _tr("Best: %1 with %2").replace("%1", parameters_text(best))
            text = text.replace("%2", _figures(best.metrics, found.settings.currency))
            self.figures.setText(f"{_tried_on(found.settings)}  ·  {text}")
        self.pane.show()
        if self.curve is not None:
            self.curve.hide()
        self._split.setOrientation(Qt.Orientation.Horizontal)
        self._put_table(
            RowTable(
                variant_columns(found.grid.names, found.settings.currency, found.metric, failed=bool(found.failed)),
                key=lambda row: str(row.number),
                name="sweep-variants",
                theme=self._theme,
                title=_tr("Variants of the sweep"),
                empty=(_tr("Not one variant could run"), "") if not found.tried else ("", ""),
                activate=self._open,
            ),
            sentences=bool(found.failed),
        )
        work.run(
            best_first(found, _SHOWN),
            where="variants of a sweep",
            then=while_alive(self, lambda rows: self._fill(found, rows)),
        )
        return _took(found.tried, found.failed, found.run_seconds)

    def _fill(self, found: SweepResult, rows: Sequence[VariantResult]) -> None:
        """Put the rows into the table, some in each turn of the loop, so that the window stays with its user."""
        table = self.table
        if self.result is not found or table is None:
            return
        table.setUpdatesEnabled(False)  # painted once, when all are there
        table.put_many(rows[:_AT_A_TIME])
        rest = rows[_AT_A_TIME:]
        if rest:
            QTimer.singleShot(0, self, guarded(lambda: self._fill(found, rest)))
            return
        QTimer.singleShot(0, self, guarded(lambda: self._filled(found)))

    def _filled(self, found: SweepResult) -> None:
        if self.result is not found or self.table is None:
            return
        self.table.setUpdatesEnabled(True)
        self.table.header.suit()
        self.table.current_changed.connect(guarded(self._on_row))
        self.pane.show_sweep(found)

    def _warn(self, warning: str) -> None:
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))

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

    def show_walk_forward(self, found: WalkForwardView) -> str:
        """Show the windows of a walk-forward and its curve out of sample; returns how many took how long."""
        result = found.result
        self.result = None
        warning = result.warning
        self.figures.show()
        text = _tr("Out of sample: %1, efficiency %2").replace("%2", formats.ratio(result.efficiency))
        text = text.replace("%1", _figures(result.metrics, result.settings.currency))
        self.figures.setText(f"{_tried_on(result.settings)}  ·  {text}")
        self._warn(warning)
        self.pane.hide()
        if self.curve is None:
            self.curve = CurvePane(self._theme)
            self.curve.setContentsMargins(10, 0, 10, 0)
            layout = self._chart.layout()
            if layout is not None:
                layout.addWidget(self.curve)
        self.curve.show()
        settings = result.settings
        self.curve.show_curve(found.curve, settings.currency, float(settings.cash), settings.strategy.timeframe)
        self._split.setOrientation(Qt.Orientation.Vertical)
        gaps = any(row.untraded for row in result.windows)
        self._put_table(
            RowTable(
                window_columns(result.grid.names, settings.currency, settings.strategy.timeframe, gaps=gaps),
                key=lambda row: str(row.window.middle),
                name="walk-forward-windows",
                theme=self._theme,
                title=_tr("Windows of the walk-forward"),
            ),
            sentences=gaps,
        )
        if self.table is not None:
            self.table.put_all(result.windows)
            lines = _HEAD + _LINE * min(len(result.windows), _FEW)  # few windows leave the height to the curve
            self._split.setSizes([max(200, self.height() - _WORDS - lines), lines])
            self.table.header.suit()
        return _took(result.tried, len(result.failed), result.run_seconds)

    def _put_table(self, table: RowTable[Any], *, sentences: bool) -> None:
        """Show a table; `sentences`: whether its last column holds some, which may take what room there is."""
        table.header.setStretchLastSection(sentences)
        if self.table is not None:
            self.table.hide()
            self.table.setParent(None)  # out of the splitter at once: it would take a share of the room
            self.table.deleteLater()
        self.table = table
        self._split.addWidget(table)
        if self._split.orientation() is Qt.Orientation.Horizontal:
            self._split.setSizes([440, 590])


def _tried_on(settings: SessionSettings) -> str:
    """Return symbols and bars of a sweep: it stays on show while backtests of other prices come and go above it."""
    return f"{', '.join(item.symbol for item in settings.instruments)} {settings.strategy.timeframe}"


def _figures(metrics: Metrics, currency: str) -> str:
    found, names = metrics.as_dict(), metric_names()
    shown = ("total_return", "sharpe", "max_drawdown", "trade_count")
    return ", ".join(f"{names[name]} {metric_text(name, found, currency)}" for name in shown)


def _took(tried: int, failed: int, seconds: float) -> str:
    text = _tr("%1 variants in %2 s").replace("%1", formats.number(tried, 0))
    text = text.replace("%2", formats.number(seconds, 1))
    if failed:
        text += ", " + _tr("%1 cannot run").replace("%1", formats.number(failed, 0))
    return text

"""An equity curve and how one looks at it: per cent or money, straight or logarithmic, with its benchmark or not."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.engine.views import EquityView
from desktop.research.lab_views import Curve
from desktop.research.report_chart import dwarfed
from desktop.ui import formats
from desktop.ui.charts.curve_scale import CurveScale
from desktop.ui.charts.equity_plot import LONG, EquityPlot
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label, look


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def equity_view(curve: Curve, currency: str) -> EquityView:
    """Return a curve as the plot takes it."""
    return EquityView("", curve.at, curve.equity, curve.benchmark, curve.drawdown, curve.benchmark_name, currency)


class CurvePane(QWidget):
    """The plot under a line that says what is drawn and chooses how."""

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: EquityView | None = None
        self._base = 1.0
        self._dwarfed = False
        self._chosen = self._log_chosen = False  # whether the user has said percent or money, and log or not
        self.plot = EquityPlot(theme)
        self.percent = button(_tr("%"), "small", name=_tr("In per cent of the starting cash"))
        self.money = button(_tr("Money"), "small", name=_tr("In money"))
        self._units = QButtonGroup(self)
        for item in (self.percent, self.money):
            item.setCheckable(True)
            self._units.addButton(item)
        self.log = QCheckBox(_tr("Log scale"))
        self.log.setToolTip(_tr("Equal heights are equal growth: a small curve beside a large one can be read"))
        self.benchmark = QCheckBox()
        self.benchmark.setChecked(True)
        self.benchmark.setToolTip(_tr("Leave the benchmark out: the strategy's curve fills the height"))
        self.own, self.other, self.note = label(), label("", "muted"), label("", "caption")
        self.note.setMinimumWidth(20)  # what gives way first
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(self.own)
        head.addWidget(self.other)
        head.addWidget(self.note, 1)
        head.addWidget(self.benchmark)
        head.addWidget(self.log)
        units = QHBoxLayout()
        units.setSpacing(2)
        units.addWidget(self.percent)
        units.addWidget(self.money)
        head.addLayout(units)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        self._units.buttonClicked.connect(guarded(self._on_unit))
        self.log.clicked.connect(guarded(self._on_log))
        for box in (self.log, self.benchmark):
            box.toggled.connect(guarded(self._draw))

    def show_curve(self, curve: Curve, currency: str, cash: float, timeframe: str = "") -> None:
        """Show a curve; per cent where there is a benchmark, until the user has chosen otherwise.

        Args:
            curve: As it is drawn.
            currency: Of its money.
            cash: At the start: what counts as 0 %.
            timeframe: Of the bars; days are shown without a time.
        """
        self._view, self._base = equity_view(curve, currency), cash
        known = curve.benchmark[np.isfinite(curve.benchmark)]
        for widget in (self.benchmark, self.other):
            widget.setVisible(bool(len(known)))
        self.money.setText(currency)
        if not self._chosen:
            (self.percent if len(known) and cash > 0 else self.money).setChecked(True)
        self.percent.setEnabled(cash > 0)
        drawable = bool(len(curve.equity) and (curve.equity > 0).all())
        self.log.setEnabled(drawable)
        if not drawable:
            self.log.setChecked(False)
        gain = formats.percent(float(curve.equity[-1]) / cash - 1.0) if len(curve.equity) and cash > 0 else ""
        self.own.setText(f"{_tr('Strategy')} {formats.marked(gain)}")
        look(self.own, tone=formats.tone(gain))
        if len(known):
            self.benchmark.setText(_tr("%1 held").replace("%1", curve.benchmark_name))
            held = formats.percent(float(known[-1]) / cash - 1.0)
            mark = "―" if len(curve.at) > LONG else "- -"
            self.other.setText(f"{mark} {_tr('%1 held').replace('%1', curve.benchmark_name)} {held}")
            self.other.setToolTip(_tr("The same cash bought and held in %1, without fees").replace(
                "%1", curve.benchmark_name))  # fmt: skip
        self._dwarfed = drawable and dwarfed(curve.equity, curve.benchmark)
        if not self._log_chosen:
            self.log.setChecked(self._dwarfed)
        self.plot.show_view(self._view, timeframe)
        self._draw()
        self.plot.show_all()

    def _on_log(self) -> None:
        self._log_chosen = True

    def _on_unit(self) -> None:
        self._chosen = True
        self._draw()

    def _draw(self) -> None:
        scale = CurveScale(self._base, percent=self.percent.isChecked(), log=self.log.isChecked())
        self.plot.show_scale(scale, benchmark=self.benchmark.isChecked())
        flat = self._view is not None and self._dwarfed and self.benchmark.isChecked()
        text = _tr("%1 moved far more than the strategy: untick it to see the strategy's own curve.")
        if self.log.isChecked():
            text = _tr("On a log scale, as %1 moved far more. Untick it to see the strategy alone.")
        self.note.setText(text.replace("%1", self._view.benchmark_name) if flat and self._view is not None else "")
        self.note.setToolTip(self.note.text())

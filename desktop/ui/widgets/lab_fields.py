"""The fields of a backtest's form and where they stand; what they mean is `lab_form`'s business."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.dialogs.form import Rows
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.cost_numbers import CostNumbers
from desktop.ui.widgets.eliding_box import ElidingBox
from desktop.ui.widgets.lab_choices import fills_choice, hours_choice, limits_choice, splits_choice
from desktop.ui.widgets.lab_data_field import DataField
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.period_field import PeriodField
from desktop.ui.widgets.wrapping_form import WrappingForm

_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KRW")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class BacktestFields(QWidget):
    """What a backtest is made of, from top to bottom, with Run, Cancel and a bar of progress at the foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make()
        self._lay_out()

    def _make(self) -> None:
        self.strategy = ElidingBox()
        self.strategy.setAccessibleName(_tr("Strategy"))
        self.strategy.setMinimumContentsLength(10)
        self.strategy.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.timeframe = chooser(_tr("Bars"), [])
        self.data = DataField()
        self.period = PeriodField()
        self.cash = AmountField(_tr("Starting cash"), Decimal(100_000), step=Decimal(1_000))
        self.currency = chooser(_tr("Currency"), [(code, code) for code in _CURRENCIES])
        self.fills, self.hours = fills_choice(), hours_choice()
        self.splits, self.limits = splits_choice(), limits_choice()
        self.seed = AmountField(_tr("Seed"), Decimal(1))
        self.costs = CostNumbers(2)
        self.costs.hide()
        self.show_costs = button(_tr("Costs…"))
        self.show_costs.setCheckable(True)
        self.show_costs.setToolTip(_tr("Set fee, slippage, market impact and share of the volume"))
        self.show_costs.toggled.connect(self.costs.setVisible)

    def _lay_out(self) -> None:
        self.about = label("", "caption", wrap=True)
        self.fill_words = label("", "caption", wrap=True)
        self.period_words = label(_tr("Indicators start anew with the first bar of it."), "caption", wrap=True)
        self.period_words.hide()
        self.bars_words = label("", "caption", wrap=True)
        self.bars_words.hide()
        self.rows = Rows()
        self.rows.setHorizontalSpacing(10)
        self.rows.setVerticalSpacing(5)
        self.rows.put("strategy", _tr("Strategy"), self.strategy, under=self.about)
        self.rows.put("data", _tr("Prices"), self.data)
        self.rows.put("timeframe", _tr("Bars"), self.timeframe, under=self.bars_words)
        self.rows.put("period", _tr("Period"), self.period, under=self.period_words)
        self.rows.put("cash", _tr("Cash"), self.cash)
        self.rows.put("currency", _tr("Currency"), self.currency)
        self.rows.put("fills", _tr("Fills"), self.fills, self.show_costs, under=self._under_fills())
        self.rows.put("hours", _tr("Hours"), self.hours)
        self.rows.put("splits", _tr("Splits"), self.splits)
        self.rows.put("limits", _tr("Limits"), self.limits)
        self.rows.put("seed", _tr("Seed"), self.seed)
        body = WrappingForm()
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 8, 10, 4)
        column.addLayout(self.rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addLayout(self._foot())

    def _under_fills(self) -> QWidget:
        under = QWidget()
        column = QVBoxLayout(under)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.fill_words)
        column.addWidget(self.costs)
        return under

    def _foot(self) -> QVBoxLayout:
        self.answer = label("", "error", wrap=True)
        self.answer.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(_tr("Progress of the backtest"))
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.run = button(_tr("Run backtest"), "primary")
        self.run.setAutoDefault(True)  # Enter presses it as Space does
        self.stop = button(_tr("Cancel"))
        self.stop.hide()
        self.progress.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 6, 10, 8)
        foot.setSpacing(5)
        for widget in (self.answer, self.progress, self.run, self.stop):
            foot.addWidget(widget)
        return foot

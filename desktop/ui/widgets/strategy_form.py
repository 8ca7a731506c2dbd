"""What a strategy has besides its rules: parameters, sizing, protection, timeframe."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.market import TIMEFRAMES
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.ui.dialogs.form import Rows
from desktop.ui.guard import guarded
from desktop.ui.widgets.amount_field import AmountField, amount_text, parse_amount
from desktop.ui.widgets.choices import chooser, chosen
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class Parameters(QWidget):
    """Named numbers of a strategy, as a table of two columns.

    Signals:
        changed: after each change.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, 2)
        self.table.setAccessibleName(_tr("Parameters"))
        self.table.setHorizontalHeaderLabels([_tr("Parameter"), _tr("Value")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, side in enumerate((Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)):
            heading = self.table.horizontalHeaderItem(column)
            if heading is not None:
                heading.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(90)
        self.table.verticalHeader().setDefaultSectionSize(25)
        self.add, self.remove = button(_tr("Add"), "quiet"), button(_tr("Remove"), "quiet")
        self.add.setAccessibleName(_tr("Add a parameter"))
        self.remove.setAccessibleName(_tr("Remove the selected parameter"))
        foot = QHBoxLayout()
        foot.addWidget(label(_tr("Parameters"), "muted"))
        foot.addStretch(1)
        foot.addWidget(self.add)
        foot.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(foot)
        layout.addWidget(self.table, 1)
        self.table.itemChanged.connect(self.changed)
        self.add.clicked.connect(guarded(self._on_add))
        self.remove.clicked.connect(guarded(self._on_remove))

    def show_values(self, values: dict[str, Decimal]) -> None:
        """Fill the table."""
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for name, value in values.items():
            self._append(name, amount_text(value))
        self.table.blockSignals(False)
        self.changed.emit()

    def _append(self, name: str, text: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(name))
        item = QTableWidgetItem(text)
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(row, 1, item)

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def values(self) -> dict[str, Decimal]:
        """Return names with numbers; rows that are not complete are left out."""
        found: dict[str, Decimal] = {}
        for row in range(self.table.rowCount()):
            name, value = self._cell(row, 0), parse_amount(self._cell(row, 1))
            if name and value is not None:
                found[name] = value
        return found

    def mistake(self) -> str:
        """Return what is wrong with the table; empty: nothing."""
        names = [self._cell(row, 0) for row in range(self.table.rowCount())]
        for row, name in enumerate(names):
            if not name.isidentifier():
                return _tr("Parameter %1 needs a name of letters, digits and _.").replace("%1", name or str(row + 1))
            if names.count(name) > 1:
                return _tr("Parameter %1 is named twice.").replace("%1", name)
            if parse_amount(self._cell(row, 1)) is None:
                return _tr("Parameter %1 needs a number.").replace("%1", name)
        return ""

    def _on_add(self) -> None:
        self._append("", "")
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.edit(self.table.currentIndex())
        self.changed.emit()

    def _on_remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self.changed.emit()


class StrategyForm(QWidget):
    """Name, timeframe, sizing and protection.

    Signals:
        changed: after each change.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.timeframe = chooser(_tr("Timeframe"), [(name, name) for name in TIMEFRAMES], "1h")
        self.evaluate = chooser(
            _tr("Judged"), [(_tr("at bar close"), Evaluate.BAR), (_tr("on quotes"), Evaluate.QUOTE)]
        )
        self.sizing = chooser(
            _tr("Size"),
            [
                (_tr("% of equity"), SizingKind.PERCENT_OF_EQUITY),
                (_tr("units"), SizingKind.FIXED_QUANTITY),
                (_tr("money"), SizingKind.FIXED_MONEY),
                (_tr("% risk to the stop"), SizingKind.RISK_PER_TRADE),
            ],
        )
        self.amount = AmountField(_tr("Size of an entry"), Decimal(10))
        self.guards = {
            "stop_loss": AmountField(_tr("Stop loss, %"), step=Decimal("0.5")),
            "take_profit": AmountField(_tr("Take profit, %"), step=Decimal("0.5")),
            "trailing_stop": AmountField(_tr("Trailing stop, %"), step=Decimal("0.5")),
            "entry_limit": AmountField(_tr("Entry limit, % under the price"), step=Decimal("0.1")),
        }
        self.amount.setMinimumWidth(70)
        self.rows = Rows()
        self.rows.setVerticalSpacing(5)
        self.rows.put("name", _tr("Name"), self.name)
        self.rows.put("timeframe", _tr("Timeframe"), self.timeframe, self.evaluate)
        self.rows.put("sizing.value", _tr("Size"), self.amount, self.sizing)
        for name, field in self.guards.items():
            field.setPlaceholderText(_tr("none"))
            key = name if name == "entry_limit" else f"protection.{name}"
            self.rows.put(key, field.accessibleName(), field)
            field.edited.connect(self.changed)
        self.setLayout(self.rows)
        self.name.textChanged.connect(self.changed)
        self.amount.edited.connect(self.changed)
        for box in (self.timeframe, self.evaluate, self.sizing):
            box.currentIndexChanged.connect(self.changed)

    def show_strategy(self, strategy: Strategy) -> None:
        """Fill the fields."""
        self.name.setText(strategy.name)
        self.timeframe.setCurrentIndex(self.timeframe.findData(strategy.timeframe))
        self.evaluate.setCurrentIndex(self.evaluate.findData(strategy.evaluate))
        self.sizing.setCurrentIndex(self.sizing.findData(strategy.sizing.kind))
        self.amount.set_value(strategy.sizing.value)
        for name in ("stop_loss", "take_profit", "trailing_stop"):
            self.guards[name].set_value(getattr(strategy.protection, name))
        self.guards["entry_limit"].set_value(strategy.entry_limit_percent)

    def strategy(self, *, entry: str, leave: str, parameters: dict[str, Decimal], description: str) -> Strategy:
        """Return the strategy as filled in.

        Raises:
            FieldError: a value that cannot be; names the field.
        """
        guards = {name: self.guards[name].value for name in ("stop_loss", "take_profit", "trailing_stop")}
        return Strategy(
            name=self.name.text().strip(),
            timeframe=str(self.timeframe.currentData()),
            entry=entry,
            exit=leave,
            evaluate=chosen(self.evaluate, Evaluate),
            parameters=parameters,
            sizing=Sizing(
                chosen(self.sizing, SizingKind), self.amount.value if self.amount.value is not None else Decimal(0)
            ),
            protection=Protection(**guards),
            entry_limit_percent=self.guards["entry_limit"].value,
            description=description,
        )

    def mistakes(self) -> dict[str, str]:
        """Return fields that hold no number."""
        found = {} if not self.amount.wrong else {"sizing.value": _tr("This is not a number.")}
        for name, field in self.guards.items():
            if field.wrong:
                found[name if name == "entry_limit" else f"protection.{name}"] = _tr("This is not a number.")
        return found

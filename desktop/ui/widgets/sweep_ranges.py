"""Which values of a strategy's parameters a sweep tries: one line for each, prefilled around what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from desktop.domain.strategies import Strategy
from desktop.research.suggestions import Suggestion, suggestions
from desktop.ui.guard import guarded
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import label

_NAME = 110  # pixels
_TICKED = 2  # parameters that are swept until the user says otherwise: what a map can show


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepRanges(QWidget):
    """The parameters of a strategy and their ranges.

    Signals:
        changed: something was ticked or typed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[str, tuple[QCheckBox, AmountField, AmountField, AmountField]] = {}
        self._suggested: dict[str, tuple[bool, Decimal, Decimal, Decimal]] = {}
        self._shown: tuple[Mapping[str, Decimal], tuple[str, str]] | None = None  # parameters and rules
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnMinimumWidth(0, _NAME)
        self._grid.setColumnStretch(4, 1)  # the fields stand beside the names, whatever room there is
        self.mistake = label("", "error", wrap=True)
        self.mistake.hide()

    def show_strategy(self, strategy: Strategy | None) -> None:
        """Show the parameters of a strategy; what was typed for the same parameters stays."""
        rules = ("", "") if strategy is None else (strategy.entry, strategy.exit)
        values = {} if strategy is None else strategy.parameters
        if (values, rules) == self._shown:
            return
        self._shown = dict(values), rules
        found = {} if strategy is None else suggestions(strategy)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self.mistake:
                widget.hide()
                widget.deleteLater()
        self.lines.clear()
        self._suggested.clear()
        for column, title in enumerate((_tr("Parameter"), _tr("From"), _tr("To"), _tr("Step"))):
            head = label(title, "caption")
            if column:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(head, 0, column)
        for number, (name, suggestion) in enumerate(found.items(), 1):
            self._add(number, name, suggestion)
        self._grid.addWidget(self.mistake, len(found) + 1, 0, 1, 4)
        self.changed.emit()

    def _add(self, number: int, name: str, suggestion: Suggestion) -> None:
        box = QCheckBox(name)
        box.setChecked(number <= _TICKED)
        box.setAccessibleName(_tr("Try values of %1").replace("%1", name))
        low, high, step = suggestion
        fields = [
            AmountField(f"{name} {title}", amount, step=step)
            for title, amount in ((_tr("from"), low), (_tr("to"), high), (_tr("step"), step))
        ]
        self._grid.addWidget(box, number, 0, Qt.AlignmentFlag.AlignLeft)
        for column, field in enumerate(fields, 1):
            field.setMinimumWidth(54)
            field.setMaximumWidth(90)
            field.setEnabled(box.isChecked())
            field.edited.connect(self.changed)
            self._grid.addWidget(field, number, column)

        def toggled() -> None:
            for field in fields:
                field.setEnabled(box.isChecked())
            self.changed.emit()

        box.toggled.connect(guarded(toggled))
        self._suggested[name] = box.isChecked(), *suggestion
        self.lines[name] = (box, fields[0], fields[1], fields[2])

    def ranges(self) -> dict[str, str]:
        """Return what is to be tried: "5:30:1" by parameter."""
        found = {}
        for name, (box, low, high, step) in self.lines.items():
            if box.isChecked():
                found[name] = ":".join(_plain(field) for field in (low, high, step))
        return found

    def own_lines(self) -> dict[str, tuple[bool, Decimal, Decimal, Decimal]]:
        """Return the lines that are not as suggested, by parameter: whether ticked, from, to, step; all numbers."""
        found = {}
        for name, (box, low, high, step) in self.lines.items():
            if low.value is None or high.value is None or step.value is None:
                continue
            line = box.isChecked(), low.value, high.value, step.value
            if line != self._suggested[name]:
                found[name] = line
        return found

    def count(self) -> int | None:
        """Return how many variants these are; None: a field holds no number, or a range runs backwards."""
        total = 1
        for box, low, high, step in self.lines.values():
            if not box.isChecked():
                continue
            if low.value is None or high.value is None or step.value is None or step.value <= 0:
                return None
            if high.value < low.value:
                return None
            total *= int((high.value - low.value) / step.value) + 1
        return total

    def show_mistake(self, sentence: str, parameter: str = "") -> None:
        """Show what cannot be tried, at its parameter where it has one."""
        self.mistake.setText(f"{parameter}: {sentence}" if parameter else sentence)
        self.mistake.setVisible(bool(sentence))


def _plain(field: AmountField) -> str:
    return field.text().strip() if field.value is None else f"{field.value:f}"

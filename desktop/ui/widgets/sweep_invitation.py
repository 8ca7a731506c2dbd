"""What the sweep shows of a strategy without parameters: how to name a number, and the way to the editor."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.strategies import Strategy
from desktop.ui.widgets.looks import button, label

_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])")
_NAME = "period"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def example_of(rule: str) -> tuple[str, str, str]:
    """Return a rule's number, the rule with a name in its place, and the name; three empty texts without a number."""
    found = _NUMBER.search(rule)
    if found is None:
        return "", "", ""
    name = _NAME if re.search(r"\w\([^()]*$", rule[: found.start()]) else "level"
    while re.search(rf"\b{name}\b", rule):
        name += "_1"
    return found[1], f"{rule[: found.start()]}{name}{rule[found.end() :]}", name


class SweepInvitation(QWidget):
    """Says what to do before a sweep can be run.

    Signals:
        edit_asked: the strategy is to be opened in the editor.
    """

    edit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label(_tr("This strategy has no parameters to try values of"), "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text = label("", "muted", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.edit = button(_tr("Open in the strategy editor"), "primary")
        self.edit.clicked.connect(self.edit_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(30, 10, 30, 10)
        layout.setSpacing(10)
        layout.addStretch(1)
        for widget in (self.title, self.text):
            layout.addWidget(widget)
        layout.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def show_strategy(self, strategy: Strategy) -> None:
        """Say what to do, with the strategy's own rule as the example."""
        number, rule, name = example_of(strategy.entry)
        text = _tr("A sweep runs the strategy with many values of its numbers, to show which of them matter.")
        if number:
            example = _tr("Give a number in its rule a name. For example: write  %1  and add the parameter %2 = %3.")
            for place, value in enumerate((rule, name, number), 1):
                example = example.replace(f"%{place}", value)
            text += "\n" + example
        else:
            text += "\n" + _tr("Use named numbers in its rules and give them values under Parameters.")
        self.text.setText(text)

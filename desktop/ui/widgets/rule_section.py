"""A rule with what is said beneath it: the mistake at its column, or what it needs and what it says now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.engine.api import RuleCheck
from desktop.rules.explain import Explanation
from desktop.rules.nodes import Role
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.rule_field import Assistance, RuleField
from desktop.ui.widgets.signal_numbers import VERDICTS, Clauses


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class RuleSection(QWidget):
    """Heading, field, message and the verdict clause by clause.

    Signals:
        help_asked: what a name in the rule means is wanted; empty: what there is.
    """

    help_asked = Signal(str)

    def __init__(self, theme: ThemeStore, role: Role, title: str, name: str, provider: Assistance | None) -> None:
        super().__init__()
        self.field = RuleField(theme, role, name, provider)
        self.message = label("", "caption", wrap=True)
        self.clauses = Clauses()
        self._found = RuleCheck(True, "")
        self._verdict = self._moment = ""
        heading = label(title, "muted")
        heading.setBuddy(self.field)
        self.reference = button(_tr("Functions"), "quiet", name=_tr("Rule reference"), tip=_tr("Every function (F1)"))
        self.reference.setVisible(role is Role.ENTRY)  # once is enough: it is the same for both
        self.reference.clicked.connect(lambda: self.help_asked.emit(""))
        self.field.help_asked.connect(self.help_asked)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.reference)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(3)
        column.addLayout(top)
        for widget in (self.field, self.message, self.clauses):
            column.addWidget(widget)

    def show_check(self, found: RuleCheck) -> None:
        """Show what was found about the rule as it is."""
        self._found = found
        if not found.ok:
            place = _tr("Column %1: ").replace("%1", str(found.column)) if found.column else ""
            self.message.setText(" ".join(part for part in (place + found.message, found.suggestion) if part))
            self.clauses.show_lines(())
        else:
            self._say()
        look(self.message, role="caption" if found.ok else "error")
        look(self.field, invalid="" if found.ok else "true")
        self.field.mark(0 if found.ok else found.column)

    def show_moment(self, moment: str, explanation: Explanation | None) -> None:
        """Show what the rule said at a moment ("SPY, last bar"); None: that is not known."""
        self._verdict = "" if explanation is None else explanation.verdict.value
        self._moment = moment
        if self._found.ok:
            self._say()
            clauses = () if explanation is None else explanation.clauses
            self.clauses.show_lines(tuple((clause.line, clause.verdict.value) for clause in clauses))

    def _say(self) -> None:
        said = f"{VERDICTS[self._verdict][0]} {self._moment}: {self._verdict}" if self._verdict else ""
        self.message.setText("  ·  ".join(part for part in (said, self._found.message) if part))

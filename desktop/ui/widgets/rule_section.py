"""A rule with what is said beneath it: the mistake at its column, or what it needs and what it says now."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.engine.api import RuleCheck
from desktop.rules.nodes import Role
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.rule_field import Assistance, RuleField
from desktop.ui.widgets.signal_numbers import VERDICTS, Clauses


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class RuleSection(QWidget):
    """Heading, field, message and the verdict clause by clause."""

    def __init__(self, theme: ThemeStore, role: Role, title: str, name: str, provider: Assistance | None) -> None:
        super().__init__()
        self.field = RuleField(theme, role, name, provider)
        self.message = label("", "caption", wrap=True)
        self.clauses = Clauses()
        heading = label(title, "muted")
        heading.setBuddy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(3)
        for widget in (heading, self.field, self.message, self.clauses):
            column.addWidget(widget)

    def show_check(self, found: RuleCheck, symbol: str) -> None:
        """Show what was found about the rule as it is."""
        if found.ok:
            now = ""
            if found.verdict in VERDICTS:
                now = _tr("%1 on %2 now: %3").replace("%1", VERDICTS[found.verdict][0])
                now = now.replace("%2", symbol).replace("%3", found.verdict)
            self.message.setText("  ·  ".join(part for part in (found.message, now) if part))
        else:
            place = _tr("Column %1: ").replace("%1", str(found.column)) if found.column else ""
            self.message.setText(" ".join(part for part in (place + found.message, found.suggestion) if part))
        look(self.message, role="caption" if found.ok else "error")
        look(self.field, invalid="" if found.ok else "true")
        self.field.mark(0 if found.ok else found.column)
        self.clauses.show_lines(found.lines)

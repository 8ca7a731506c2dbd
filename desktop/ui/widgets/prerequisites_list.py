"""The prerequisites of live trading as a checklist: what holds, by which evidence, and what is missing (L2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.validation import Prerequisite, Verdict
from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label, look
from desktop.validation.prerequisites import LEAST_REASON

MARK_WIDTH = 22


class PrerequisiteRow(QWidget):
    """One prerequisite: mark, name, what was found beside what is needed, the evidence; and a reason to override it."""

    reason_changed = Signal()

    def __init__(self, verdict: Verdict, *, overridable: bool) -> None:
        super().__init__()
        self.prerequisite = verdict.prerequisite
        self._mark = label("", "heading")
        self._mark.setFixedWidth(MARK_WIDTH)
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = label(verdict.prerequisite.value.capitalize(), "heading")
        self._value = label("", "muted")
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._sentence = label("", "muted", wrap=True, selectable=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Why it may pass all the same; your words go on record"))
        self.reason.setAccessibleName(self.tr("Reason to let %1 pass").replace("%1", verdict.prerequisite.value))
        self.reason.textChanged.connect(self._on_reason)
        self.reason.hide()
        self.length = label("", "caption")
        self.length.hide()
        self._overridable = overridable
        self.override = button(self.tr("Override…"), "quiet")
        self.override.clicked.connect(self._on_override)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._mark, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._value, 0, 2)
        grid.addWidget(self._sentence, 1, 1, 1, 3)
        grid.addWidget(self.override, 0, 3)
        grid.addWidget(self.reason, 2, 1, 1, 3)
        grid.addWidget(self.length, 3, 1, 1, 3)
        self.show_verdict(verdict)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show how it came out now; a reason that is being typed stays."""
        self._mark.setText("✓" if verdict.met else "!" if verdict.override else "✗")
        tone = "good" if verdict.met else "warning" if verdict.override else "bad"
        look(self._mark, tone=tone)
        needed = "" if verdict.met else self.tr("  (needed: %1)").replace("%1", verdict.needed)
        self._value.setText(verdict.value + needed)
        self._sentence.setText(verdict.sentence)
        self.override.setVisible(self._overridable and not verdict.met and self.reason.isHidden())
        if verdict.met:
            self.reason.hide()
            self.length.hide()
        said = self.tr("holds") if verdict.met else self.tr("overridden") if verdict.override else self.tr("fails")
        self.setAccessibleName(f"{verdict.prerequisite.value}: {said}. {verdict.sentence}")

    @guarded
    def _on_override(self) -> None:
        self.override.hide()
        self.reason.show()
        self.length.show()
        self._show_length()
        self.reason.setFocus()

    def _show_length(self) -> None:
        """Say how long a reason has to be; the line stays, so that nothing moves while one types."""
        typed = len(self.reason.text().strip())
        text = self.tr("At least %1 characters; %2 so far.")
        self.length.setText(text.replace("%1", str(LEAST_REASON)).replace("%2", str(typed)))
        look(self.length, tone="warning" if 0 < typed < LEAST_REASON else "")

    @guarded
    def _on_reason(self) -> None:
        self._show_length()
        self.reason_changed.emit()


class PrerequisitesList(QWidget):
    """All of them, in their order.

    Signals:
        changed: A reason was typed or taken back.
    """

    changed = Signal()

    def __init__(self, overridable: frozenset[Prerequisite]) -> None:
        super().__init__()
        self._overridable = overridable
        self.rows: dict[Prerequisite, PrerequisiteRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._waiting = label(self.tr("Looking for the evidence…"), "muted")
        self._column.addWidget(self._waiting)

    def show_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Show how each came out."""
        self._waiting.setVisible(not verdicts)
        for verdict in verdicts:
            row = self.rows.get(verdict.prerequisite)
            if row is None:
                row = PrerequisiteRow(verdict, overridable=verdict.prerequisite in self._overridable)
                row.reason_changed.connect(self.changed)
                self.rows[verdict.prerequisite] = row
                self._column.addWidget(row)
            else:
                row.show_verdict(verdict)

    def overrides(self) -> Mapping[Prerequisite, str]:
        """Return the reasons typed so far, by what they let pass."""
        return {
            name: row.reason.text().strip()
            for name, row in self.rows.items()
            if not row.reason.isHidden() and row.reason.text().strip()
        }

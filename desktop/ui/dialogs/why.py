"""Why, or why not: the rule clause by clause, every check, and the chain of what happened."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.engine.api import Desk
from desktop.engine.views import Why
from desktop.ui import formats
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.signal_numbers import Clauses


def _tr(text: str) -> str:
    return QCoreApplication.translate("WhyDialog", text)


class WhyDialog(FormDialog):
    """Answers for one symbol of one session, at the moment it is opened or asked again."""

    def __init__(self, desk: Desk, parent: QWidget, session_id: str, symbol: str) -> None:
        super().__init__(_tr("Why? %1").replace("%1", symbol), parent, width=540)
        self._desk, self._session_id, self._symbol = desk, session_id, symbol
        row = desk.session(session_id)
        self.show_badge(row.settings if row is not None else None)
        self.answer_line = label("", "heading", wrap=True, selectable=True)
        self.rule = label("", "muted", wrap=True, selectable=True)
        self.rule.setStyleSheet("font-family: 'DejaVu Sans Mono', 'Consolas', monospace;")
        self.clauses = Clauses()
        self.outer.addWidget(self.answer_line)
        self.outer.addWidget(self.rule)
        self.outer.addWidget(self.clauses)
        self.tabs = QTabWidget()
        self.checks = QWidget()
        self.history = QWidget()
        self.tabs.addTab(_scrolled(self.checks), _tr("Checks"))
        self.tabs.addTab(_scrolled(self.history), _tr("What happened"))
        self.tabs.setMinimumHeight(210)
        self.outer.addWidget(self.tabs, 1)
        self.again = button(_tr("Ask again"))
        self.finish(self.again, cancel=_tr("Close"))
        self.again.clicked.connect(guarded(self.refresh))
        self.refresh()

    def refresh(self) -> None:
        """Ask for the reasons of this moment."""
        try:
            found = self._desk.why(self._session_id, self._symbol)
        except AssayError as error:
            self.refuse(str(error))
            return
        self.heading.setText(found.question)
        self.answer_line.setText(found.answer)
        self.rule.setText(found.rule)
        self.rule.setVisible(bool(found.rule))
        self.clauses.show_lines(found.lines)
        self._show_checks(found)
        self._show_history(found)

    def _show_checks(self, found: Why) -> None:
        grid = _fresh_grid(self.checks)
        # What stands in the way comes first.
        for row, (name, passes, sentence) in enumerate(sorted(found.checks, key=lambda check: check[1])):
            sign = label("✓" if passes else "✗")
            look(sign, tone="good" if passes else "bad")
            sign.setAccessibleName(_tr("passes") if passes else _tr("stands in the way"))
            title = label(name[:1].upper() + name[1:])
            text = label(sentence, "muted" if passes else "", wrap=True)
            for column, widget in enumerate((sign, title, text)):
                grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
        if not found.checks:
            grid.addWidget(label(_tr("No check stands in the way."), "muted"), 0, 2)

    def _show_history(self, found: Why) -> None:
        grid = _fresh_grid(self.history)
        for row, (at, sentence) in enumerate(found.history):
            grid.addWidget(label(formats.date_time(at), "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(sentence, wrap=True, selectable=True), row, 2, Qt.AlignmentFlag.AlignTop)
        if not found.history:
            text = _tr(
                "Nothing yet. From the first quote that makes the rule true to the last fill, every step is told here."
            )
            grid.addWidget(label(text, "muted", wrap=True), 0, 2)


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    outer = QWidget()
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    column.addStretch(1)
    area.setWidget(outer)
    return area


def _fresh_grid(holder: QWidget) -> QGridLayout:
    """Return an empty grid in place of what the widget held."""
    before = holder.layout()
    if before is not None:
        # A layout can only be taken from a widget by giving it, with what it holds, to another.
        QWidget().setLayout(before)
    grid = QGridLayout(holder)
    grid.setContentsMargins(4, 8, 4, 4)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(2, 1)
    return grid


def open_why(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,
    symbol: str,
) -> WhyDialog:
    """Open the answer."""
    dialog = WhyDialog(desk, parent, session_id, symbol)
    dialog.show()
    return dialog

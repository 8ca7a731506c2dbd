"""The equity curve of the followed session against its benchmark, with return and drawdown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Changes, SessionRow, Table
from desktop.ui import formats, words
from desktop.ui.charts.equity_plot import EquityPlot
from desktop.ui.following import follow
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.mode_tag import ModeTag
from desktop.ui.widgets.steady_label import SteadyLabel


def _tr(text: str) -> str:
    return QCoreApplication.translate("EquityChart", text)


class EquityChart(QWidget):
    """Equity, benchmark rebased to the starting cash, drawdown below."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk = desk
        self._session_id = ""
        self.name = label("", "heading")
        self.total = SteadyLabel()
        self.fall = SteadyLabel()
        self.against = label("", "muted")
        self.tag = ModeTag()
        for widget in (self.name, self.against):
            widget.setMinimumWidth(30)  # what gives way first
        head = QHBoxLayout()
        head.setContentsMargins(10, 5, 6, 5)
        head.setSpacing(12)
        head.addWidget(self.name)
        for widget in (self.total, self.fall, self.against):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.tag)
        self.canvas = EquityPlot(theme)
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(30, 0, 30, 0)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(body, 1)
        intents.session_changed.connect(self._on_session)
        follow(self, desk, self._on_changes)
        rows = desk.sessions()
        self._on_session(intents.session_id or (rows[0].session_id if rows else ""))

    def _on_session(self, session_id: str) -> None:
        self._session_id = session_id
        self.refresh()

    def _on_changes(self, changes: Changes) -> None:
        touched = changes.changed.get(Table.SESSIONS, frozenset()) | changes.removed.get(Table.SESSIONS, frozenset())
        row = self._desk.session(self._session_id) if self._session_id in touched else None
        if self._session_id in changes.equity or (self._session_id in touched and row is None):
            self.refresh()
        elif row is not None:
            self._show_figures(row)  # the curve itself changes only with a point
        elif not self._session_id and touched:
            rows = self._desk.sessions()
            self._on_session(rows[0].session_id if rows else "")

    def refresh(self) -> None:
        """Read the curve and the figures again."""
        row = self._desk.session(self._session_id) if self._session_id else None
        view = self._desk.equity(self._session_id) if row is not None else None
        known = view is not None and len(view.at) > 1
        self._stack.setCurrentWidget(self.canvas if known else self.empty)
        self.canvas.show_view(view if known else None)
        for widget in (self.total, self.fall, self.against):
            widget.setVisible(known)
        self.name.setText(row.settings.name if row is not None else "")
        self.tag.show_mode(words.badge(row.settings) if row is not None else "")
        if row is None:
            self.empty.setText(_tr("Choose a session: its equity curve, benchmark and drawdown appear here."))
        elif not known:
            self.empty.setText(_tr("The curve begins with the first bars of the session."))
        if row is not None:
            self._show_figures(row)
        if view is not None and known:
            self.against.setText(_tr("- - %1").replace("%1", view.benchmark_name) if view.benchmark_name else "")

    def _show_figures(self, row: SessionRow) -> None:
        gain, fall = formats.percent(row.total_return), formats.percent(row.max_drawdown)
        self.total.setText(_tr("Return %1").replace("%1", formats.marked(gain)))
        look(self.total, tone=formats.tone(gain))
        self.fall.setText(_tr("Max drawdown %1").replace("%1", fall))
        look(self.fall, tone=formats.tone(fall))

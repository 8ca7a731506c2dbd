"""The audit trail: every record of every session, searched where it is stored."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QDockWidget, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.events import Fact
from desktop.engine.api import Desk
from desktop.engine.views import AuditRow, Changes, Table
from desktop.ui import formats, work
from desktop.ui.following import follow, hear
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import TIME_WIDTH, Column, Kind
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable

LIMIT = 500
PAUSE = 250  # ms after the last key before the storage is searched
NEWS = 1_000  # ms at least between two readings because something happened


class AuditLog(QWidget):
    """Newest records first; typing searches all of them, not only those that are shown."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._intents = desk, intents
        self._asked = 0
        self._known: set[str] = set()  # sessions that can be chosen
        self._dock: QDockWidget | None = None
        self.table: RowTable[AuditRow] = RowTable(
            self._columns(),
            key=lambda row: f"{row.session_id}/{row.sequence}",
            name="audit",
            theme=theme,
            title=_tr("Audit trail"),
            empty=(
                _tr("No record here"),
                _tr("Everything a session does is on record; change the search to see more."),
            ),
        )
        self.search = QLineEdit()
        self.search.setProperty("role", "filter")
        self.search.setPlaceholderText(_tr("Search all records"))
        self.search.setAccessibleName(_tr("Search the audit trail"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(260)
        self.session = QComboBox()
        self.session.setAccessibleName(_tr("Session whose records are shown"))
        self._count = label("", "caption")
        refresh = button(_tr("Refresh"), "small", name=_tr("Read the audit trail again"))
        export = button(_tr("Export…"), "small", name=_tr("Export the records as CSV"))
        #: What the dock shows in its title line.
        self.title_tools: list[QWidget] = [self.search, self.session, refresh, export, self._count]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self.reload)
        self._fill_sessions()
        self.search.textChanged.connect(self._soon)
        self.session.currentIndexChanged.connect(self.reload)
        refresh.clicked.connect(self.reload)
        export.clicked.connect(self.table.ask_export)
        self.setFocusProxy(self.search)
        follow(self, desk, self._on_changes)
        hear(self, desk, self._on_fact)

    def show_records(self, session_id: str, text: str) -> None:
        """Search for the records of a session that hold a text."""
        self.session.blockSignals(True)
        self.session.setCurrentIndex(max(0, self.session.findData(session_id)))
        self.session.blockSignals(False)
        self.search.setText(text)
        self.reload()

    @guarded
    def reload(self) -> None:
        """Ask the storage for the newest records that fit."""
        self._later.stop()
        self._asked += 1
        turn = self._asked
        found = self._desk.audit(
            session_id=self.session.currentData() or "", text=self.search.text().strip(), limit=LIMIT
        )
        work.run(found, where="audit", then=lambda rows: self._show(turn, rows))

    @guarded_override()
    def showEvent(self, event: object) -> None:
        """Read anew when the panel comes to the front; a tab behind others counts as shown, its dock knows better."""
        super().showEvent(event)  # type: ignore[arg-type]  # Qt hands in its own event
        above = self.parentWidget()
        while above is not None and not isinstance(above, QDockWidget):
            above = above.parentWidget()
        if isinstance(above, QDockWidget) and above is not self._dock:
            self._dock = above
            above.visibilityChanged.connect(self._soon)
        self._soon()

    @guarded_override()
    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while nobody looks."""
        self._later.stop()
        super().hideEvent(event)

    def _show(self, turn: int, rows: Sequence[AuditRow]) -> None:
        if turn != self._asked:
            return  # an older answer that was overtaken
        self.table.put_all(rows)
        text = _tr("newest %1").replace("%1", str(LIMIT)) if len(rows) >= LIMIT else str(len(rows))
        self._count.setText(text if rows else "")

    @guarded
    def _soon(self) -> None:
        if self.isVisible():
            self._later.start(PAUSE)

    def _on_fact(self, _: Fact) -> None:
        """Show what was just put on record, if someone looks."""
        if not self._later.isActive() and not self.visibleRegion().isEmpty():
            self._later.start(NEWS)

    def _on_changes(self, changes: Changes) -> None:
        fresh = changes.changed.get(Table.SESSIONS, frozenset()) - self._known
        if fresh or Table.SESSIONS in changes.removed:  # prices change rows of sessions all the time, never a name
            self._fill_sessions()

    def _fill_sessions(self) -> None:
        wanted = [("", _tr("All sessions"))] + [(row.session_id, row.settings.name) for row in self._desk.sessions()]
        self._known = {session_id for session_id, _ in wanted}
        there = [(self.session.itemData(place), self.session.itemText(place)) for place in range(self.session.count())]
        if wanted == there:
            return
        chosen = self.session.currentData()
        self.session.blockSignals(True)
        self.session.clear()
        for session_id, name in wanted:
            self.session.addItem(name, session_id)
        self.session.setCurrentIndex(max(0, self.session.findData(chosen)))
        self.session.blockSignals(False)

    def _name(self, row: AuditRow) -> str:
        found = self._desk.session(row.session_id)
        return found.settings.name if found is not None else row.session_id

    def _columns(self) -> list[Column[AuditRow]]:
        return [
            Column("time", _tr("Time"), lambda row: row.at, lambda row: formats.date_time(row.at), width=TIME_WIDTH),
            Column("session", _tr("Session"), self._name, width=116),
            Column("kind", _tr("Kind"), lambda row: row.kind, lambda row: kind_words(row.kind), width=90),
            Column("text", _tr("What happened"), lambda row: row.text, width=560, tip=lambda row: row.text),
            Column("sequence", _tr("No."), lambda row: row.sequence, None, Kind.NUMBER, 60),
            Column(
                "stored",
                _tr("Stored"),
                lambda row: row.wall,
                lambda row: formats.date_time(row.wall),
                width=TIME_WIDTH,
                hidden=True,
            ),
            Column("data", _tr("Data"), lambda row: json.dumps(row.data, default=str), width=300, hidden=True),
        ]


def kind_words(kind: str) -> str:
    """Return what a trader calls a kind of record; one that is not known is shown as it is stored."""
    known = {
        "SessionChanged": _tr("Session"),
        "CommandTaken": _tr("Command"),
        "SignalChanged": _tr("Signal"),
        "OrderChanged": _tr("Order"),
        "FillBooked": _tr("Fill"),
        "PositionChanged": _tr("Position"),
        "TradeClosed": _tr("Trade closed"),
        "TriggerChanged": _tr("Trigger"),
        "Blocked": _tr("Blocked"),
        "Warned": _tr("Warning"),
        "KillSwitchChanged": _tr("Kill switch"),
        "PrerequisitesJudged": _tr("Go-live check"),
    }
    return known.get(kind, kind)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AuditLog", text)

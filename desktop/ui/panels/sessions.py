"""Sessions: state, mode, profit and a small curve; start, pause, stop and copy them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton, QWidget

from desktop.domain.sessions import SESSION_MOVES, ExecutionMode, SessionState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, SessionRow, Table
from desktop.ui import intents, live_words, words, work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.session_columns import armable, session_columns, stake
from desktop.ui.widgets.table_panel import TablePanel

_WHERE_DELETED = (SessionState.CREATED, SessionState.STOPPED, SessionState.FAILED)


class Sessions(TablePanel):
    """All sessions; the selected one is followed by charts, equity curve and editor."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[SessionRow] = RowTable(
            session_columns(),
            key=lambda row: row.session_id,
            name="sessions",
            theme=theme,
            title=_tr("Sessions"),
            empty=(_tr("No session yet"), _tr("Press Ctrl+N to start one. It trades on simulated money.")),
            menu=self._fill_menu,
            activate=self._show,
        )
        self._go: QPushButton = button(_tr("Start"), "small", name=_tr("Start, pause or resume the selected session"))
        self._stop: QPushButton = button(_tr("Stop…"), "small", name=_tr("Stop the selected session"))
        self.arm: QPushButton = button(_tr("Arm…"), "small", name=_tr("Arm or disarm the selected live session"))
        super().__init__(desk, Table.SESSIONS, table, desk.sessions, (self._go, self._stop, self.arm), parent)
        self._wanted = ""  # a session that is followed and whose row has not come yet
        self._note = label("", "caption", wrap=True)
        self._note.setContentsMargins(8, 4, 8, 6)
        self._note.hide()
        self._go.clicked.connect(self._on_go)
        self._stop.clicked.connect(self._on_stop)
        for tool in (self._go, self._stop, self.arm):
            tool.setParent(self)  # until the dock takes it: what is shown without a parent is a window for a moment
        self.arm.clicked.connect(self._on_arm)
        self.blotter.search.hide()  # a handful of rows: the header menu has the filter row
        self._layout.addWidget(self._note)
        table.current_changed.connect(self._on_current)
        intents.session_changed.connect(self._on_followed)
        rows = desk.sessions()
        if intents.session_id:
            table.select_key(intents.session_id)
        elif rows:
            running = [row for row in rows if row.state is SessionState.RUNNING]
            live = [row for row in rows if armable(row)]  # what can cost money is looked at first
            table.select_key((live or running or list(rows))[0].session_id)
        self._refresh(table.current_row())

    def _on_changes(self, changes: Changes) -> None:
        super()._on_changes(changes)
        if Table.SESSIONS in changes.changed or Table.SESSIONS in changes.removed:
            if self._wanted and self.table.select_key(self._wanted):
                self._wanted = ""
            if self.table.current_row() is None and self.table.rows.rowCount():
                self.table.selectRow(0)
            self._refresh(self.table.current_row())
        elif Table.ACCOUNTS in changes.changed or changes.status:
            self._refresh(self.table.current_row())

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the session that is followed in sight where a line above takes its place."""
        super().resizeEvent(event)
        if self.table.currentIndex().isValid():
            QTimer.singleShot(0, self.table, lambda: self.table.scrollTo(self.table.currentIndex()))

    @guarded
    def _on_current(self, row: SessionRow | None) -> None:
        if row is not None:
            self._intents.follow_session(row.session_id)
        self._refresh(row)

    @guarded
    def _on_followed(self, session_id: str) -> None:
        row = self.table.current_row()
        if row is None or row.session_id != session_id:
            self._wanted = "" if self.table.select_key(session_id) else session_id  # a new one's row is on its way

    def _refresh(self, row: SessionRow | None) -> None:
        note = ""
        if row is not None:
            decides = _tr("Who decides: %1").replace("%1", words.mode(row.settings.mode))
            told = live_words.out_of_reach(self._desk, row.settings) if row.state in live_words.ALIVE else ""
            said = told or row.note[:1].upper() + row.note[1:]
            warming = _warming(row.warm_up) if row.warm_up else ""
            note = " · ".join(text for text in (stake(row), decides, said, warming) if text)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        running = row is not None and row.state is SessionState.RUNNING
        self._go.setText(
            _tr("Pause") if running else _tr("Resume") if row and row.state is SessionState.PAUSED else _tr("Start")
        )
        legal = SESSION_MOVES[row.state] if row is not None else frozenset()
        self._go.setEnabled(running or bool(legal & {SessionState.RUNNING, SessionState.RECOVERING}))
        self._stop.setEnabled(SessionState.STOPPED in legal)
        self.arm.setVisible(row is not None and armable(row))
        self.arm.setText(_tr("Disarm") if row is not None and row.armed else _tr("Arm…"))

    @guarded
    def _on_go(self) -> None:
        row = self.table.current_row()
        if row is None:
            return
        if row.state is SessionState.RUNNING:
            work.run(self._desk.pause_session(row.session_id), where="pause")
        elif row.state is SessionState.PAUSED:
            work.run(self._desk.resume_session(row.session_id), where="resume")
        else:
            work.run(self._desk.start_session(row.session_id), where="start")

    @guarded
    def _on_stop(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._intents.ask(intents.StopSession(row.session_id))

    @guarded
    def _on_arm(self) -> None:
        row = self.table.current_row()
        if row is None or not armable(row):
            return
        if row.armed:
            work.run(self._desk.disarm(row.session_id), where="disarm")
        else:
            self._intents.ask(intents.ArmSession(row.session_id))

    def _show(self, row: SessionRow) -> None:
        if row.settings.instruments:
            self._intents.ask(intents.ShowChart(row.session_id, row.settings.instruments[0].symbol))

    def _fill_menu(self, menu: QMenu, rows: list[SessionRow]) -> None:
        row = rows[0]
        legal = SESSION_MOVES[row.state]
        if row.state is SessionState.RUNNING:
            menu.addAction(_tr("Pause"), self._on_go)
        elif row.state is SessionState.PAUSED:
            menu.addAction(_tr("Resume"), self._on_go)
        elif legal & {SessionState.RUNNING, SessionState.RECOVERING}:
            menu.addAction(_tr("Start"), self._on_go)
        stop = menu.addAction(_tr("Stop…"), self._on_stop)
        stop.setEnabled(SessionState.STOPPED in legal)
        if armable(row):
            menu.addAction(_tr("Disarm") if row.armed else _tr("Arm…"), self._on_arm)
        modes = menu.addMenu(_tr("Who decides"))
        for choice in ExecutionMode:
            action = modes.addAction(words.mode(choice), self._mode_setter(row.session_id, choice))
            action.setCheckable(True)
            action.setChecked(row.settings.mode is choice)
            action.setToolTip(words.mode_words(choice))
        modes.setToolTipsVisible(True)
        menu.addSeparator()
        menu.addAction(_tr("Edit risk limits…"), lambda: self._intents.ask(intents.EditLimits(row.session_id)))
        menu.addAction(_tr("Edit strategy"), lambda: self._intents.ask(intents.EditStrategy(row.session_id)))
        menu.addAction(
            _tr("New session like this…"), lambda: self._intents.ask(intents.NewSession(copy_of=row.session_id))
        )
        menu.addAction(_tr("Audit trail"), lambda: self._intents.ask(intents.ShowAudit(row.session_id)))
        menu.addSeparator()
        delete = menu.addAction(_tr("Delete…"), lambda: self._ask_delete(row))
        delete.setEnabled(row.state in _WHERE_DELETED)

    def _mode_setter(self, session_id: str, choice: ExecutionMode) -> Callable[[], None]:
        return lambda: work.run(self._desk.set_mode(session_id, choice), where="set mode")

    @guarded
    def _ask_delete(self, row: SessionRow) -> QMessageBox:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(_tr("Delete session"))
        box.setText(_tr("Delete “%1”?").replace("%1", row.settings.name))
        said = _tr("It leaves the list with its orders and trades. The audit trail is kept.")
        if live_words.is_live(row.settings) and row.positions:
            key = live_words.account_key(row.settings)
            there = _tr("What it holds at %1 stays there, and shows as a difference to other sessions on the account.")
            said = f"{said} {there.replace('%1', key)}"
        box.setInformativeText(said)
        delete = box.addButton(_tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: work.run(self._desk.delete_session(row.session_id), where="delete"))
        box.open()
        return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sessions", text)


def _warming(missing: str) -> str:
    return _tr("Warming up: %1").replace("%1", missing)

"""Sessions: state, mode, profit and a small curve; start, pause, stop and copy them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton, QWidget

from desktop.domain.sessions import SESSION_MOVES, ExecutionMode, SessionState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, SessionRow, Table
from desktop.ui import formats, intents, live_words, words, work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.table_panel import TablePanel

_WHERE_DELETED = (SessionState.CREATED, SessionState.STOPPED, SessionState.FAILED)


class Sessions(TablePanel):
    """All sessions; the selected one is followed by charts, equity curve and editor."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        self._intents = intents
        table: RowTable[SessionRow] = RowTable(
            _columns(),
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
            live = [row for row in rows if _armable(row)]  # what can cost money is looked at first
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
            said = row.note[:1].upper() + row.note[1:]
            warming = _warming(row.warm_up) if row.warm_up else ""
            note = " · ".join(text for text in (_stake(row), decides, said, warming) if text)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        running = row is not None and row.state is SessionState.RUNNING
        self._go.setText(
            _tr("Pause") if running else _tr("Resume") if row and row.state is SessionState.PAUSED else _tr("Start")
        )
        legal = SESSION_MOVES[row.state] if row is not None else frozenset()
        self._go.setEnabled(running or bool(legal & {SessionState.RUNNING, SessionState.RECOVERING}))
        self._stop.setEnabled(SessionState.STOPPED in legal)
        self.arm.setVisible(row is not None and _armable(row))
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
        if row is None or not _armable(row):
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
        if _armable(row):
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


def _armable(row: SessionRow) -> bool:
    return live_words.is_live(row.settings) and row.state in live_words.ALIVE


def _stake(row: SessionRow) -> str:
    """Return where a live session's orders go and whether it may buy; empty on paper."""
    if not live_words.is_live(row.settings):
        return ""
    text = _tr("LIVE on %1").replace("%1", live_words.account_key(row.settings))
    if row.state not in live_words.ALIVE:
        return text
    return f"{text}, {_tr('armed') if row.armed else _tr('not armed: it buys nothing')}"


def _state(row: SessionRow) -> str:
    """Return the state; of a live session that runs, whether it may buy."""
    if live_words.is_live(row.settings) and row.state is SessionState.RUNNING and not row.kill:
        return _tr("Armed") if row.armed else _tr("Disarmed")
    return words.session_state(row.state, kill=row.kill)


def _state_tone(row: SessionRow) -> str:
    if live_words.is_live(row.settings) and row.state is SessionState.RUNNING and not row.kill:
        return "good" if row.armed else "warning"
    return words.session_tone(row.state, kill=row.kill)


def _warming(missing: str) -> str:
    return _tr("Warming up: %1").replace("%1", missing)


def _columns() -> list[Column[SessionRow]]:
    return [
        Column(
            "name",
            _tr("Session"),
            lambda row: row.settings.name,
            width=88,
            tip=lambda row: row.note or row.settings.name,
        ),
        Column(
            "badge",
            _tr("Mode"),
            lambda row: words.badge(row.settings),
            kind=Kind.BADGE,
            width=58,
            tone=lambda row: words.badge(row.settings).lower(),
            tip=lambda row: words.badge_words(words.badge(row.settings)),
        ),
        Column(
            "state",
            _tr("State"),
            _state,
            kind=Kind.TONED,
            width=78,
            tone=_state_tone,
            tip=lambda row: " · ".join(text for text in (_stake(row), row.note) if text),
        ),
        Column(
            "pnl",
            _tr("P&L"),
            lambda row: row.pnl,
            lambda row: formats.money(row.pnl, row.settings.currency, signed=True),
            Kind.SIGNED,
            74,
        ),
        Column("curve", _tr("Curve"), lambda row: row.sparkline, lambda _: "", Kind.SPARK, 42),
        Column(
            "return",
            _tr("Return"),
            lambda row: row.total_return,
            lambda row: formats.percent(row.total_return),
            Kind.SIGNED,
            72,
            hidden=True,
        ),
        Column(
            "today",
            _tr("Today"),
            lambda row: row.pnl_today,
            lambda row: formats.money(row.pnl_today, row.settings.currency, signed=True),
            Kind.SIGNED,
            84,
            hidden=True,
        ),
        Column(
            "equity",
            _tr("Equity"),
            lambda row: row.equity,
            lambda row: formats.money(row.equity, row.settings.currency),
            Kind.NUMBER,
            96,
            hidden=True,
        ),
        Column("currency", _tr("Currency"), lambda row: row.settings.currency, width=64, hidden=True),
        Column(
            "decides",
            _tr("Decides"),
            lambda row: words.mode(row.settings.mode),
            width=76,
            hidden=True,
            tip=lambda row: words.mode_words(row.settings.mode),
        ),
        Column("positions", _tr("Positions"), lambda row: row.positions, None, Kind.NUMBER, 66, hidden=True),
        Column("signals", _tr("Signals"), lambda row: row.pending_signals, None, Kind.NUMBER, 62, hidden=True),
        Column("trades", _tr("Trades"), lambda row: row.trades, None, Kind.NUMBER, 62, hidden=True),
        Column(
            "drawdown",
            _tr("Max drawdown"),
            lambda row: row.max_drawdown,
            lambda row: formats.percent(row.max_drawdown),
            Kind.SIGNED,
            90,
            hidden=True,
        ),
        Column(
            "sharpe",
            _tr("Sharpe"),
            lambda row: row.sharpe,
            lambda row: formats.ratio(row.sharpe),
            Kind.NUMBER,
            62,
            hidden=True,
        ),
        Column(
            "win",
            _tr("Win rate"),
            lambda row: row.win_rate,
            lambda row: formats.percent(row.win_rate, signed=False),
            Kind.NUMBER,
            70,
            hidden=True,
        ),
        Column(
            "factor",
            _tr("Profit factor"),
            lambda row: row.profit_factor,
            lambda row: formats.ratio(row.profit_factor),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "fees",
            _tr("Fees"),
            lambda row: row.fees,
            lambda row: formats.money(row.fees, row.settings.currency),
            Kind.NUMBER,
            78,
            hidden=True,
        ),
        Column("strategy", _tr("Strategy"), lambda row: row.settings.strategy.name, width=110, hidden=True),
        Column(
            "account",
            _tr("Account"),
            lambda row: live_words.account_key(row.settings) if live_words.is_live(row.settings) else "",
            width=110,
            hidden=True,
        ),
    ]

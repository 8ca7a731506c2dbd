"""The price chart panel: which session and symbol, the chart, and what can be done at a price of it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.triggers import Trigger, TriggerKind, TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, ChartView, Table
from desktop.ui import formats, words, work
from desktop.ui.charts.levels import Level, LevelKind
from desktop.ui.charts.price_canvas import PriceCanvas
from desktop.ui.dialogs.order_ticket import open_order_ticket
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.guarding import NOBODY, Watcher, guards_may_differ, watcher_of
from desktop.ui.intents import EditTriggers, Intents, ShowWhy
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.mode_tag import ModeTag

_ANSWER_MS = 9_000  # how long a refusal stays on the chart


def _tr(text: str) -> str:
    return QCoreApplication.translate("PriceChart", text)


class PriceChart(QWidget):
    """Follows the selected session; another symbol is chosen above the chart or shown by `show_symbol`."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.desk, self._theme, self._intents = desk, theme, intents
        self._session_id = self._symbol = ""
        self._known: set[str] = set()  # sessions that can be chosen
        self._build()
        intents.session_changed.connect(self._on_session)
        follow(self, desk, self._on_changes)
        self._fill_sessions()
        self._on_session(intents.session_id or self._first_session())

    def _build(self) -> None:
        self.sessions = QComboBox()
        self.sessions.setAccessibleName(_tr("Session of the chart"))
        self.sessions.setMinimumWidth(110)
        self.sessions.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.symbols = QComboBox()
        self.symbols.setAccessibleName(_tr("Symbol of the chart"))
        self.symbols.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.about = label("", "muted")
        self.about.setMinimumWidth(30)  # what gives way first
        self.tag = ModeTag()
        self.now = button(_tr("Back to now"), "quiet", tip=_tr("Show the newest bars again (End)"))
        self.why = button(_tr("Why?"), "quiet", name=_tr("Why, or why not, for this symbol"))
        self.why.clicked.connect(guarded(lambda: self._intents.ask(ShowWhy(self._session_id, self._symbol))))
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 6, 5)
        head.setSpacing(6)
        for widget in (self.sessions, self.symbols, self.about):
            head.addWidget(widget)
        head.addStretch(1)
        for shown in (self.now, self.why, self.tag):
            head.addWidget(shown, 0, Qt.AlignmentFlag.AlignVCenter)
        self.canvas = PriceCanvas(self._theme)
        self.canvas.guard = self._guard
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(30, 0, 30, 0)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        self.answer = QFrame(self.canvas)
        self.answer.setProperty("role", "overlay")
        inner = QHBoxLayout(self.answer)
        inner.setContentsMargins(10, 6, 10, 6)
        self.answer_text = label("", "error", wrap=True)
        inner.addWidget(self.answer_text)
        self.answer.hide()
        self._answer_timer = QTimer(self)
        self._answer_timer.setSingleShot(True)
        self._answer_timer.timeout.connect(self.answer.hide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(body, 1)
        self.now.hide()
        self.now.clicked.connect(guarded(self.canvas.back_to_now))
        self.sessions.activated.connect(guarded(self._on_session_chosen))
        self.symbols.activated.connect(guarded(self._on_symbol_chosen))
        self.canvas.follow_changed.connect(lambda following: self.now.setVisible(not following))
        self.canvas.level_moved.connect(guarded(self._on_level_moved))
        self.canvas.price_menu.connect(guarded(self._on_price_menu))

    # what is shown ---------------------------------------------------------------------------------------------
    def show_symbol(self, session_id: str, symbol: str) -> None:
        """Show a symbol of a session."""
        row = self.desk.session(session_id)
        self._session_id = session_id if row is not None else ""
        names = [item.symbol for item in row.settings.instruments] if row is not None else []
        self._symbol = symbol if symbol in names else (names[0] if names else "")
        self.symbols.clear()
        self.symbols.addItems(names)
        self.symbols.setCurrentText(self._symbol)
        self.sessions.setCurrentIndex(self.sessions.findData(self._session_id))
        self.tag.show_mode(words.badge(row.settings) if row is not None else "")
        for widget in (self.symbols, self.why, self.about):
            widget.setVisible(row is not None)
        self.refresh()

    def refresh(self) -> None:
        """Read the chart again."""
        view = self.desk.chart(self._session_id, self._symbol) if self._session_id and self._symbol else None
        known = view is not None and (len(view.bars) > 0 or view.forming is not None)
        self.canvas.show_view(view if known else None)
        self._stack.setCurrentWidget(self.canvas if known else self.empty)
        if not known:
            self.empty.setText(
                _tr("No session yet. Press Ctrl+N to start one: its prices, indicators and fills appear here.")
                if not self._session_id
                else _tr("Waiting for the first prices of %1.").replace("%1", self._symbol)
            )
        if view is not None:
            self.about.setText(" · ".join(part for part in (view.instrument.name, view.timeframe) if part))

    def _fill_sessions(self) -> None:
        rows = self.desk.sessions()
        self._known = {row.session_id for row in rows}
        self.sessions.clear()
        for row in rows:
            self.sessions.addItem(row.settings.name, row.session_id)
        self.sessions.setCurrentIndex(self.sessions.findData(self._session_id))
        self.sessions.setVisible(bool(rows))

    def _first_session(self) -> str:
        rows = self.desk.sessions()
        return rows[0].session_id if rows else ""

    def _on_session(self, session_id: str) -> None:
        if session_id != self._session_id or not self._symbol:
            self.show_symbol(session_id, "")

    def _on_session_chosen(self) -> None:
        chosen = str(self.sessions.currentData() or "")
        self.show_symbol(chosen, "")
        self._intents.follow_session(chosen)

    def _on_symbol_chosen(self) -> None:
        self.show_symbol(self._session_id, self.symbols.currentText())

    def _on_changes(self, changes: Changes) -> None:
        known, removed = self._known, changes.removed.get(Table.SESSIONS, frozenset())
        touched = (changes.changed.get(Table.SESSIONS, frozenset()) - known) | (removed & known)
        if any((key in known) != (self.desk.session(key) is not None) for key in touched):
            self._fill_sessions()
            if self.desk.session(self._session_id) is None:
                self.show_symbol(self._intents.session_id or self._first_session(), "")
        here = (self._session_id, self._symbol)
        view = self.canvas.view
        shown = {self._session_id, *(item.trigger_id for item in view.triggers)} if view is not None else ()
        if here in changes.charts or here in changes.forming or guards_may_differ(changes, shown):
            self.refresh()

    def _guard(self, trigger: Trigger) -> Watcher:
        row = self.desk.session(trigger.session_id)
        return watcher_of(self.desk, trigger, row.settings) if row is not None else NOBODY

    # what is done ----------------------------------------------------------------------------------------------
    def _on_level_moved(self, level: Level, price: Decimal) -> None:
        session = self._session_id
        if level.kind is LevelKind.ORDER:
            command = self.desk.replace_order(session, level.key, **{level.field: price})
        elif level.high_water:
            trail = (level.high_water - price) * HUNDRED / level.high_water
            command = self.desk.move_trigger(session, level.key, trail_percent=trail)
        else:
            command = self.desk.move_trigger(session, level.key, level=price)
        work.run(
            command,
            where="move a level",
            on_refused=while_alive(self, lambda error: self._refused(level.key, error)),
            then=while_alive(self, lambda _: self._settled(level.key)),
        )

    def _settled(self, key: str) -> None:
        self.refresh()
        self.canvas.settle(key)

    def _refused(self, key: str, error: AssayError) -> None:
        self.canvas.settle(key)
        self._say(str(error))

    def _say(self, sentence: str) -> None:
        """Show why something was not done, over the foot of the chart."""
        self.answer_text.setText(sentence)
        width = min(self.canvas.width() - 90, 520)
        self.answer.setFixedWidth(max(width, 160))
        self.answer.adjustSize()
        self.answer.move(10, self.canvas.height() - self.answer.height() - 32)
        self.answer.show()
        self.answer.raise_()
        self._answer_timer.start(_ANSWER_MS)

    def _on_price_menu(self, price: Decimal, place: QPoint) -> None:
        view = self.canvas.view
        if view is not None:
            self.price_menu(view, price).popup(place)

    def price_menu(self, view: ChartView, price: Decimal) -> QMenu:
        """Return what can be done at a price: a stop under it, a target over it, a buy at a limit."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = formats.price(price, view.instrument)
        last = self.canvas.last_price
        held = view.position is not None and view.position.quantity > ZERO
        below = last is None or price < last
        stop = menu.addAction(
            _tr("Stop here: %1").replace("%1", text), guarded(lambda: self._put(view, TriggerKind.STOP_LOSS, price))
        )
        target = menu.addAction(
            _tr("Target here: %1").replace("%1", text), guarded(lambda: self._put(view, TriggerKind.TAKE_PROFIT, price))
        )
        stop.setEnabled(held and below)
        target.setEnabled(held and not below)
        if held:
            menu.addAction(
                _tr("Edit stop and target…"),
                guarded(lambda: self._intents.ask(EditTriggers(view.session_id, view.instrument.symbol))),
            )
        menu.addSeparator()
        buy = menu.addAction(_tr("Buy limit here: %1…").replace("%1", text), guarded(lambda: self._buy(view, price)))
        buy.setEnabled(below)
        menu.addSeparator()
        menu.addAction(_tr("Back to now"), guarded(self.canvas.back_to_now))
        return menu

    def _put(self, view: ChartView, kind: TriggerKind, price: Decimal) -> None:
        """Move the armed trigger of a kind to a price, or arm one there."""
        armed = [item for item in view.triggers if item.kind is kind and item.state is TriggerState.ACTIVE]
        if armed:
            command = self.desk.move_trigger(view.session_id, armed[0].trigger_id, level=price)
        else:
            command = self.desk.set_trigger(view.session_id, view.instrument.symbol, kind, level=price)
        work.run(
            command,
            where="set a level",
            on_refused=while_alive(self, lambda error: self._say(str(error))),
            then=while_alive(self, lambda _: self.refresh()),
        )

    def _buy(self, view: ChartView, price: Decimal) -> None:
        open_order_ticket(
            self.desk,
            self._theme,
            self.window(),
            session_id=view.session_id,
            symbol=view.instrument.symbol,
            limit_price=price,
        )

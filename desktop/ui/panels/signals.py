"""Signals that wait for the user: a stack of cards, the newest on top."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.engine.api import Desk
from desktop.engine.views import Changes, Table
from desktop.ui.following import follow
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import Intents
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.signal_card import SignalCard
from desktop.ui.widgets.toast import Toasts

_TICK_MS = 500  # how often countdown and quote age move on
_MARGIN = 8
_LOWEST = 200  # pixels: no card is squeezed below
_SCROLLED = 40  # pixels: farther down the newest card counts as out of sight


def _tr(text: str) -> str:
    return QCoreApplication.translate("Signals", text)


class _Stack(QScrollArea):
    """The cards one below the other; none is higher than what can be seen at a time."""

    def __init__(self, column: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column = column
        self.setWidget(column)

    def fit(self, card: SignalCard) -> None:
        """Bound the height of a card, so that its buttons stay in sight."""
        card.set_room(max(self.viewport().height() - 2 * _MARGIN, _LOWEST))

    def show_whole(self, card: QWidget) -> None:
        """Scroll until a card is seen."""
        self.ensureWidgetVisible(card, 0, _MARGIN)

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit every card to the new height."""
        super().resizeEvent(event)
        for card in self.column.findChildren(SignalCard):
            self.fit(card)


class Signals(QWidget):
    """Keys act on one card, the picked one; a new card never takes that place from another."""

    def __init__(
        self,
        desk: Desk,
        theme: ThemeStore,
        intents: Intents,  # noqa: ARG002 - every panel is made with the same arguments
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._theme = desk, theme
        self.cards: dict[str, SignalCard] = {}
        self.current = ""
        self.shortcuts: list[QShortcut] = []
        self.toasts = Toasts(desk, theme, self, in_sight=self.in_sight)
        self.toasts.details.connect(guarded(self.show_card))
        heading = label(_tr("No signal waits"), "heading")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = label(
            _tr(
                "When the rule of a manual session becomes true, its card slides in here: what it would buy, "
                "what it costs, what can be lost, and why. Sessions in auto mode do not ask."
            ),
            "muted",
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty = QWidget()
        middle = QVBoxLayout(self.empty)
        middle.setContentsMargins(24, 20, 24, 20)
        middle.setSpacing(6)
        middle.addStretch(1)
        middle.addWidget(heading)
        middle.addWidget(text)
        middle.addStretch(1)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self.area = _Stack(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.area, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(guarded(self.tick))
        follow(self, desk, self._on_changes, first=True)
        self._sync(announce=False)
        QTimer.singleShot(0, self, self._bind_unseen)  # also in a workspace that does not show it

    # what is shown ---------------------------------------------------------------------------------------------
    def _on_changes(self, changes: Changes) -> None:
        if Table.SIGNALS in changes.changed or Table.SIGNALS in changes.removed:
            self._sync(announce=True)

    def _sync(self, *, announce: bool) -> None:
        """Bring the stack in line with the desk's pending signals."""
        views = self._desk.signals()
        wanted = {view.signal.signal_id for view in views}
        for signal_id in [key for key in self.cards if key not in wanted]:
            gone = self.cards.pop(signal_id)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        fresh = []
        for place, view in enumerate(views):
            card = self.cards.get(view.signal.signal_id)
            if card is None:
                card = SignalCard(self._desk, self._theme, view)
                card.later.connect(guarded(self._put_off))
                card.picked.connect(guarded(self.pick))
                self.area.fit(card)
                self.cards[view.signal.signal_id] = card
                fresh.append(view)
            else:
                card.show_card(view)
            if self._column.indexOf(card) != place:
                self._column.insertWidget(place, card)
        if self.current not in self.cards:
            self.pick(views[0].signal.signal_id if views else "")
        self.empty.setVisible(not views)
        self.area.setVisible(bool(views))
        if views:
            self._timer.start()
        else:
            self._timer.stop()
        self.toasts.sync(views, fresh if announce else [])

    def in_sight(self) -> bool:
        """Tell whether the user can see the newest card here: the program is in front and nothing lies over it."""
        return (
            self.isVisible()
            and not self.visibleRegion().isEmpty()
            and not self.window().isMinimized()
            and QApplication.activeWindow() is not None
            and QApplication.activeModalWidget() is None
            and (self.area.isHidden() or self.area.verticalScrollBar().value() <= _SCROLLED)
        )

    def tick(self) -> None:
        """Move countdowns and quote ages on."""
        for signal_id, card in self.cards.items():
            view = self._desk.signal(signal_id)
            if view is not None:
                card.show_card(view)
        self.toasts.tick()

    def pick(self, signal_id: str) -> None:
        """Make a card the one that keys act on."""
        self.current = signal_id
        for key, card in self.cards.items():
            card.show_keys(shown=key == signal_id)

    def show_card(self, signal_id: str) -> None:
        """Bring a card to the front, its quantity ready to be typed."""
        card = self.cards.get(signal_id)
        if card is None:
            return
        dock = self.parent()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()
        self.window().activateWindow()
        self.pick(signal_id)
        self.area.show_whole(card)
        card.quantity.setFocus()
        card.quantity.selectAll()

    # keys ------------------------------------------------------------------------------------------------------
    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.shortcuts:
            self.bind_keys(self.window())

    @guarded
    def _bind_unseen(self) -> None:
        if not self.shortcuts and self.window() is not self:
            self.bind_keys(self.window())

    def bind_keys(self, window: QWidget) -> None:
        """Let a window answer signals by keys, wherever in it the focus is."""
        for keys, action in (
            ("Alt+A", lambda card: card.ask_approval()),
            ("Alt+R", lambda card: card.send_rejection()),
            ("Alt+L", lambda card: card.later.emit(card.signal_id)),
        ):
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(guarded(lambda act=action: self._on_current(act)))
            self.shortcuts.append(shortcut)
        for keys, step in (("Alt+Down", 1), ("Alt+Up", -1)):
            shortcut = QShortcut(QKeySequence(keys), window)
            shortcut.activated.connect(guarded(lambda by=step: self._pick_next(by)))
            self.shortcuts.append(shortcut)

    def _on_current(self, act: object) -> None:
        """Answer the picked card; one that is out of sight is shown first, and answered by the next press."""
        card = self.cards.get(self.current)
        if card is not None and self.visibleRegion().isEmpty():
            self.show_card(self.current)
        elif card is not None and callable(act):
            self.area.show_whole(card)
            act(card)

    def _pick_next(self, step: int) -> None:
        order = [view.signal.signal_id for view in self._desk.signals() if view.signal.signal_id in self.cards]
        if order:
            place = order.index(self.current) + step if self.current in order else 0
            self.pick(order[place % len(order)])
            self.area.show_whole(self.cards[self.current])

    def _put_off(self, signal_id: str) -> None:
        """Later: the pop-up goes, keys move to the next card, the signal goes on waiting here."""
        self.toasts.put_off(signal_id)
        if signal_id == self.current:
            self._pick_next(1)

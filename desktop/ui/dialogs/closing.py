"""Closing the window while sessions run: keep them running, pause, or stop (fault 30)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from desktop.domain.sessions import SessionState, StopChoice
from desktop.domain.triggers import Guard, TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import SessionRow
from desktop.ui import words
from desktop.ui.guard import guarded
from desktop.ui.live_words import ALIVE, account_key, is_live, live_rows, stake_of
from desktop.ui.widgets.looks import button, label, look


class Close(Enum):
    """What closing the window does with the sessions."""

    KEEP_RUNNING = auto()
    PAUSE = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Left:
    """What live sessions leave at their brokers."""

    accounts: str
    orders: int
    positions: int
    watched: int  # stops and targets that only Assay watches
    stake: str  # badge: what is at stake there


@dataclass(frozen=True, slots=True)
class Exposed:
    """What would be left behind."""

    sessions: int
    orders: int
    positions: int
    live: Left | None = None  # of the live sessions; None: there is none

    @property
    def asks(self) -> bool:
        """Whether closing has to be decided on: something runs, or something is left at a broker."""
        return bool(self.sessions or (self.live is not None and (self.live.orders or self.live.positions)))


def exposed(desk: Desk) -> Exposed:
    """Return what runs, works and is held now."""
    alive = {row.session_id for row in desk.sessions() if row.state in ALIVE}
    return Exposed(
        sessions=sum(row.state in (SessionState.RUNNING, SessionState.RECOVERING) for row in desk.sessions()),
        orders=sum(row.order.is_open and row.order.session_id in alive for row in desk.orders()),
        positions=sum(row.position.session_id in alive for row in desk.positions()),
        live=left_of(desk, live_rows(desk)),
    )


def left_of(desk: Desk, rows: Sequence[SessionRow]) -> Left | None:
    """Return what these live sessions have at their brokers; None: there is no session among them."""
    live = {row.session_id: account_key(row.settings) for row in rows if is_live(row.settings)}
    if not live:
        return None
    return Left(
        accounts=", ".join(sorted(set(live.values()))),
        orders=sum(row.order.is_open and row.order.session_id in live for row in desk.orders()),
        positions=sum(row.position.session_id in live for row in desk.positions()),
        watched=sum(
            row.trigger.session_id in live
            and row.trigger.state is TriggerState.ACTIVE
            and row.trigger.guard is Guard.APP
            for row in desk.triggers()
        ),
        stake=stake_of(row.settings for row in rows),
    )


def safe_stop(positions: int) -> StopChoice:
    """Return which stop is chosen beforehand: where something is held, its protection stays until the user says no."""
    return StopChoice.KEEP if positions else StopChoice.CANCEL


class BareNote(QLabel):
    """Says what a choice leaves without protection; seen only while it is chosen."""

    def __init__(self, positions: int, *, live: bool) -> None:
        text = QCoreApplication.translate("BareNote", "Positions that are then held without a stop: %1.")
        if live:
            at_broker = QCoreApplication.translate("BareNote", "What rests at the broker to protect them is cancelled.")
            text = f"{text} {at_broker}"
        super().__init__(text.replace("%1", str(positions)))
        self._positions = positions
        self.setWordWrap(True)
        look(self, role="caption", tone="bad")
        keeps = self.sizePolicy()
        keeps.setRetainSizeWhenHidden(positions > 0)  # its place is kept: nothing moves under the mouse
        self.setSizePolicy(keeps)
        self.hide()

    def show_choice(self, choice: StopChoice) -> None:
        """Show it where a choice leaves positions bare."""
        self.setVisible(choice is StopChoice.CANCEL and self._positions > 0)


class CloseDialog(QDialog):
    """Asks once; `chosen` hears what to do. Esc and Cancel leave everything as it is."""

    def __init__(
        self, left: Exposed, *, tray: bool, chosen: Callable[[Close, StopChoice], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Close Assay"))
        self._chosen = chosen
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        title = self.tr("Sessions are still running") if left.sessions else self.tr("Something is left at a broker")
        head = QHBoxLayout()
        head.addWidget(label(title, "title"), 1)
        layout.addLayout(head)
        layout.addWidget(label(self._sentence(left), "muted", wrap=True))
        if left.live is not None:
            badge = label(words.badge_full(left.live.stake), "badge")
            look(badge, mode=left.live.stake)
            head.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
            layout.addWidget(label(self._live_sentence(left.live), wrap=True))
        self._group = QButtonGroup(self)
        away = self.tr("Keep running in the tray") if tray else self.tr("Keep running, minimise the window")
        self.keep = self._choice(layout, away, self.tr("Rules, stops and targets go on working."))
        self.pause = self._choice(
            layout,
            self.tr("Pause all sessions and quit"),
            self.tr(
                "Assay sends nothing while it is closed; stops that rest at a broker go on working there. "
                "At the next start the sessions are there, paused."
            ),
        )
        self.stop = self._choice(
            layout, self.tr("Stop all sessions and quit"), self.tr("What happens with what is open:")
        )
        layout.addLayout(self._build_stops(left))
        self.keep.setChecked(True)
        self.cancel = button(self.tr("Cancel"))
        self.go = button(self.tr("Continue"), "primary")
        self.go.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self._group.buttonToggled.connect(self._refresh)
        self._stops.buttonToggled.connect(self._refresh)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._on_go)
        self._refresh()
        self.setMinimumWidth(470)
        if left.live is not None:  # the safe choice, where what is left is real
            self.go.setDefault(False)
            look(self.go, role="")
            self.cancel.setDefault(True)
            self.cancel.setFocus()

    def _build_stops(self, left: Exposed) -> QVBoxLayout:
        """Return what a stop may do with what is open; the choice that takes no protection away comes first."""
        self._stops = QButtonGroup(self)
        self.stop_choices = {
            StopChoice.KEEP: QRadioButton(self.tr("Keep orders and positions as they are")),
            StopChoice.CANCEL: QRadioButton(self.tr("Cancel orders and stops at a broker; keep positions")),
            StopChoice.FLATTEN: QRadioButton(self.tr("Flatten: cancel orders and close all positions at market")),
        }
        inner = QVBoxLayout()
        inner.setContentsMargins(28, 0, 0, 4)
        for choice in self.stop_choices.values():
            self._stops.addButton(choice)
            inner.addWidget(choice)
        self.bare = BareNote(left.positions, live=left.live is not None and left.live.positions > 0)
        self.bare.setContentsMargins(26, 0, 0, 0)
        inner.addWidget(self.bare)
        self.stop_choices[safe_stop(left.positions)].setChecked(True)
        return inner

    def _sentence(self, left: Exposed) -> str:
        text = self.tr("Sessions running: %1 · orders at work: %2 · positions open: %3")
        for place, number in enumerate((left.sessions, left.orders, left.positions), 1):
            text = text.replace(f"%{place}", str(number))
        return text

    def _live_sentence(self, left: Left) -> str:
        text = self.tr(
            "At the broker (%1): orders at work %2, positions %3. What rests there stays at work while Assay is "
            "closed, and is compared at the next start, which begins not armed."
        )
        for place, value in enumerate((left.accounts, str(left.orders), str(left.positions)), 1):
            text = text.replace(f"%{place}", value)
        if left.watched:
            watched = self.tr("Stops and targets that only Assay watches, and that then protect nothing: %1.")
            text = f"{text} {watched.replace('%1', str(left.watched))}"
        return text

    def _choice(self, layout: QVBoxLayout, text: str, hint: str) -> QRadioButton:
        made = QRadioButton(text)
        made.setAccessibleDescription(hint)
        self._group.addButton(made)
        layout.addWidget(made)
        note = label(hint, "caption", wrap=True)
        note.setContentsMargins(26, 0, 0, 2)
        layout.addWidget(note)
        return made

    @guarded
    def _refresh(self) -> None:
        for choice in self.stop_choices.values():
            choice.setEnabled(self.stop.isChecked())
        self.bare.show_choice(self._chosen_stop() if self.stop.isChecked() else StopChoice.KEEP)

    def _chosen_stop(self) -> StopChoice:
        return next(choice for choice, made in self.stop_choices.items() if made.isChecked())

    @guarded
    def _on_go(self) -> None:
        self.accept()
        stop = self._chosen_stop()
        what = Close.KEEP_RUNNING if self.keep.isChecked() else Close.PAUSE if self.pause.isChecked() else Close.STOP
        self._chosen(what, stop)


class StopDialog(QDialog):
    """Asks what a stop of one session does with its orders and positions."""

    def __init__(
        self,
        name: str,
        chosen: Callable[[StopChoice], None],
        parent: QWidget,
        *,
        live: Left | None = None,
        positions: int = 0,
    ) -> None:
        """`live`: what it has at its broker; None: it trades on paper. `positions`: how many it holds."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Stop session"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Stop “%1”").replace("%1", name), "title"), 1)
        layout.addLayout(head)
        hint = self.tr("Its rules are no longer judged. Triggers stay armed only if you keep them.")
        layout.addWidget(label(hint, "muted", wrap=True))
        if live is not None:
            badge = label(words.badge_full(live.stake), "badge")
            look(badge, mode=live.stake)
            head.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
            layout.addWidget(label(self._live_sentence(live), wrap=True))
        self.choices = {
            StopChoice.KEEP: QRadioButton(self.tr("Keep orders, triggers and positions")),
            StopChoice.CANCEL: QRadioButton(self.tr("Cancel orders, triggers and stops at a broker; keep positions")),
            StopChoice.FLATTEN: QRadioButton(self.tr("Flatten: cancel all and close positions at market")),
        }
        for made in self.choices.values():
            layout.addWidget(made)
        self.bare = BareNote(positions, live=live is not None)
        self.bare.setContentsMargins(26, 0, 0, 0)
        layout.addWidget(self.bare)
        self.choices[StopChoice.CANCEL].toggled.connect(guarded(self._on_choice))
        self.choices[safe_stop(positions)].setChecked(True)
        self.go = button(self.tr("Stop session"), "danger")
        cancel = button(self.tr("Cancel"))
        cancel.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)

        def accepted() -> None:
            self.accept()
            chosen(next(choice for choice, made in self.choices.items() if made.isChecked()))

        self.go.clicked.connect(guarded(accepted))
        self.setMinimumWidth(420)
        cancel.setFocus()

    def _on_choice(self) -> None:
        bare = self.choices[StopChoice.CANCEL].isChecked()
        self.bare.show_choice(StopChoice.CANCEL if bare else StopChoice.KEEP)

    def _live_sentence(self, left: Left) -> str:
        text = self.tr(
            "At the broker (%1): orders at work %2, positions %3. Cancel takes resting stops away too: what is then "
            "held has no stop. What is kept rests on at the broker."
        )
        for place, value in enumerate((left.accounts, str(left.orders), str(left.positions)), 1):
            text = text.replace(f"%{place}", value)
        return text

"""Announces facts outside the window: through the operating system where it can, through the tray, or not at all.

The in-app toast is always there; this is the best effort for when the window is not looked at. A flood is folded into
one summary, and a desktop without notifications is no fault.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from desktop.domain.events import (
    Fact,
    FillBooked,
    KillSwitchChanged,
    OrderChanged,
    SessionChanged,
    SignalChanged,
    TriggerChanged,
    Warned,
)
from desktop.domain.orders import OrderStatus
from desktop.domain.sessions import SessionState
from desktop.domain.signals import SignalState
from desktop.domain.triggers import TriggerState
from desktop.engine.api import Desk
from desktop.logs import logger
from desktop.ui import words, work
from desktop.ui.following import hear
from desktop.ui.guard import guarded
from desktop.ui.preferences import Notice, Preferences

GATHER_MS = 700  # facts of one moment are told together
SINGLE = 2  # up to so many are told one by one


def _tr(text: str) -> str:
    return QCoreApplication.translate("Notifier", text)


def events() -> dict[str, str]:
    """Return the events that can be switched on, silent or off: stable name and title."""
    return {
        "signal": _tr("Signal to confirm"),
        "fill": _tr("Fill"),
        "trigger": _tr("Stop or target fired"),
        "rejected": _tr("Order denied or rejected"),
        "failed": _tr("Session failed"),
        "kill": _tr("Kill switch"),
        "warning": _tr("Warning"),
    }


def announcement(fact: Fact) -> tuple[str, str] | None:
    """Return (event, sentence) of a fact that is worth announcing."""
    if isinstance(fact, SignalChanged) and fact.signal.state is SignalState.PENDING:
        return "signal", _filled(
            _tr("%1 %2 %3: please confirm"), words.side(fact.signal.side), fact.signal.quantity, fact.signal.symbol
        )
    if isinstance(fact, FillBooked):
        return "fill", _filled(
            _tr("%1 %2 %3 at %4"), words.side(fact.fill.side), fact.fill.quantity, fact.fill.symbol, fact.fill.price
        )
    if isinstance(fact, TriggerChanged) and fact.trigger.state is TriggerState.TRIGGERED:
        return "trigger", f"{words.trigger_kind(fact.trigger.kind)}: {fact.trigger.symbol}"
    if isinstance(fact, OrderChanged) and fact.order.status in (OrderStatus.DENIED, OrderStatus.REJECTED):
        return "rejected", f"{fact.order.symbol}: {fact.order.reason}"
    if isinstance(fact, SessionChanged) and fact.after is SessionState.FAILED:
        return "failed", fact.reason
    if isinstance(fact, KillSwitchChanged):
        return "kill", _tr("Kill switch engaged") if fact.engaged else _tr("Kill switch released")
    if isinstance(fact, Warned):
        return "warning", fact.sentence
    return None


def _filled(pattern: str, *values: object) -> str:
    for place, value in enumerate(values, 1):
        pattern = pattern.replace(f"%{place}", f"{value:f}" if hasattr(value, "as_tuple") else str(value))
    return pattern


def fold(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is shown: few announcements as they are, a flood as one summary by kind."""
    if len(found) <= SINGLE:
        return [(events()[name], text) for name, text in found]
    counts = Counter(name for name, _ in found)
    parts = ", ".join(f"{count} × {events()[name]}" for name, count in counts.most_common())
    return [(_tr("%1 events").replace("%1", str(len(found))), parts)]


class Notifier(QObject):
    """Hears every fact, and shows those the user wants to hear of."""

    def __init__(
        self,
        desk: Desk,
        preferences: Preferences,
        *,
        needed: Callable[[], bool],
        tray: Callable[[str, str], bool],
        parent: QObject,
    ) -> None:
        """`needed`: whether the window is out of sight; `tray`: shows a message there, False when it cannot."""
        super().__init__(parent)
        self._preferences, self._needed, self._tray = preferences, needed, tray
        self._found: list[tuple[str, str]] = []
        self._loud = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GATHER_MS)
        self._timer.timeout.connect(self._tell)
        self.send: Callable[[str, str, bool], None] = self._send
        hear(self, desk, self._on_fact)

    def _on_fact(self, fact: Fact) -> None:
        found = announcement(fact)
        if found is None or self._preferences.flag("notices/do-not-disturb", default=False) or not self._needed():
            return
        notice = self._preferences.notice(found[0])
        if notice is Notice.OFF:
            return
        self._loud = self._loud or notice is Notice.ON
        self._found.append(found)
        if not self._timer.isActive():
            self._timer.start()

    @guarded
    def _tell(self) -> None:
        found, self._found = self._found, []
        loud, self._loud = self._loud, False
        for title, text in fold(found):
            self.send(title, text, loud)

    def _send(self, title: str, text: str, loud: bool) -> None:  # noqa: FBT001 - a plain callable, replaced in tests
        work.run(self._through_system(title, text, loud=loud), where="notification")

    async def _through_system(self, title: str, text: str, *, loud: bool) -> None:
        try:
            notifier = await asyncio.to_thread(_system_notifier)
            from desktop_notifier import DEFAULT_SOUND

            await notifier.send(title=title, message=text, sound=DEFAULT_SOUND if loud else None)
        except Exception as error:  # noqa: BLE001 - no bus, no daemon, no permission: the tray is next
            logger("window").info("no_system_notification", reason=str(error))
            self._tray(title, text)


_made: list[Any] = []


def _system_notifier() -> Any:
    """Return the operating system's notifier, made once; slow to import, so called in a thread."""
    if not _made:
        from desktop_notifier import DesktopNotifier

        # it logs a page of traceback for every signal where there is no bus; that is said in one line above
        logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
        _made.append(DesktopNotifier(app_name="Assay"))
    return _made[0]

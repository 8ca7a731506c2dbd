"""Who guards a stop or a target at this moment: the broker, Assay, or nobody; never more than is true."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.domain.sessions import SessionSettings, SessionState
from desktop.domain.triggers import Guard, Trigger, TriggerState
from desktop.engine.api import Desk
from desktop.engine.views import Changes, SessionRow, Table, TriggerRow
from desktop.ui.live_words import account_key, account_of, is_lost

#: What a guard depends on: a change of any of these may change what is said.
_TABLES = (Table.SESSIONS, Table.ACCOUNTS, Table.TRIGGERS)
FEW, PACE = 16, 0.25  # more triggers than so many are asked about not more often than in so many seconds
OFF_MARK = "✕"


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who acts when the price is reached.

    Attributes:
        word: One word for a column; empty: the trigger is over and needs nobody.
        tone: Token of its colour.
        sentence: Who acts, and what has to happen where nobody does.
        acts: Whether an order would leave now.
        halted: The kill switch is why none would.
    """

    word: str
    tone: str
    sentence: str
    acts: bool = True
    halted: bool = False


_OVER = Watcher("", "text_muted", "")
NOBODY = Watcher("", "bad", "", acts=False)  # of a session that is gone


def _tr(text: str) -> str:
    return QCoreApplication.translate("Guarding", text)


def watcher_of(desk: Desk, trigger: Trigger, settings: SessionSettings) -> Watcher:
    """Return who guards a trigger of a session now."""
    if trigger.state is not TriggerState.ACTIVE:
        return _OVER
    row = desk.session(trigger.session_id)
    if trigger.guard is Guard.BROKER:
        return _at_broker(kill=row is not None and row.kill)
    nobody = _nobody(row)
    if nobody is not None:
        return nobody
    waits = _waits(desk, settings) if settings.is_live else ""
    if waits:
        return Watcher(_tr("Waits"), "warning", waits, acts=False)
    if trigger.held_by:
        text = _tr("Assay watches it. The price was reached, and its order is held back: %1.")
        return Watcher(_tr("Held"), "warning", text.replace("%1", trigger.held_by), acts=False)
    return Watcher(_tr("Assay"), "text", _by_assay(live=settings.is_live))


def _nobody(row: SessionRow | None) -> Watcher | None:
    """Return why a session looks at no price or may act at none; None: it does."""
    word, halted = _tr("Nobody"), row is not None and row.kill
    if halted:
        text = _tr("Nobody: the kill switch holds back every order, of stops and targets too, until you release it.")
        return Watcher(word, "bad", text, acts=False, halted=True)
    if row is None or row.state is SessionState.FAILED:
        text = _tr("Nobody: its session has failed and looks at no price. Start the session anew, or close by hand.")
        return Watcher(word, "bad", text, acts=False)
    if row.state is SessionState.RECOVERING:
        text = _tr("Nobody yet: its session is being recovered. Assay watches it as soon as that is done.")
        return Watcher(word, "warning", text, acts=False)
    if row.sees:
        return None
    text = _tr(
        "Nobody now: no price reaches its session, because its feed gives none or the storage takes no writes. Assay "
        "watches it again once they come."
    )
    return Watcher(word, "bad", text, acts=False)


class Guards:
    """Who guards which trigger, asked once until something changes: tables ask at every painting."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, Watcher | None] = {}
        self._asked = 0.0  # monotonic seconds

    def __call__(self, trigger_id: str) -> Watcher | None:
        """Return who guards a trigger of the desk; None: there is none with this id."""
        if not trigger_id:
            return None
        if trigger_id not in self._known:
            row = self._desk.row(Table.TRIGGERS, trigger_id)
            found = watcher_of(self._desk, row.trigger, row.session) if isinstance(row, TriggerRow) else None
            self._known[trigger_id] = found
        return self._known[trigger_id]

    def changed(self, changes: Changes) -> bool:
        """Ask anew where something may be otherwise now; returns whether anything is."""
        if not guards_may_differ(changes) or self._too_soon(changes):
            return False
        before, self._known = self._known, {}
        return any(self(trigger_id) != watcher for trigger_id, watcher in before.items())

    def _too_soon(self, changes: Changes) -> bool:
        """Return whether very many were asked about a moment ago; the desk tells its status once a second at least."""
        now = time.monotonic()
        if len(self._known) > FEW and not changes.status and now - self._asked < PACE:
            return True
        self._asked = now
        return False


def guards_may_differ(changes: Changes, of: Collection[str] | None = None) -> bool:
    """Return whether what `watcher_of` says of any trigger may have changed.

    Args:
        changes: What the desk told.
        of: Ids of the sessions and triggers that are looked at, since those of others change all the time; None: all.
    """
    for table in _TABLES:
        touched = changes.changed.get(table, frozenset()) | changes.removed.get(table, frozenset())
        if touched and (of is None or table is Table.ACCOUNTS or not touched.isdisjoint(of)):
            return True
    return changes.status


def _at_broker(*, kill: bool) -> Watcher:
    if kill:
        text = _tr(
            "The kill switch is cancelling it at the broker. Once it is cancelled, nobody acts at this price until you "
            "release the switch."
        )
        return Watcher(_tr("Broker"), "warning", text)
    text = _tr("It rests as an order at the broker: it works while Assay is closed or has no connection.")
    return Watcher(_tr("Broker"), "good", text)


def _waits(desk: Desk, settings: SessionSettings) -> str:
    """Return why an order of a live session could not leave now; empty: it could."""
    view = account_of(desk, settings)
    if view is not None and view.ready:
        return ""
    text = (
        _tr("Assay watches it, but %1 is being reconciled: its order would wait until that is done.")
        if view is not None and not is_lost(view)
        else _tr("Nobody acts now: Assay has no connection to %1. Its order would wait until that is back.")
    )
    return text.replace("%1", account_key(settings))


def _by_assay(*, live: bool) -> str:
    if live:
        return _tr("Assay watches it and sends the order: it does not work while Assay is closed or has no connection.")
    return _tr("Assay watches it: it does not work while Assay is closed.")

"""Announcements outside the window: on, silent or off by event; a flood is one summary; no desktop is a fault."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QObject

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
from desktop.domain.fills import Fill
from desktop.domain.orders import OrderStatus, Side
from desktop.domain.sessions import SessionState
from desktop.domain.triggers import TriggerState
from desktop.ui import notifier as module
from desktop.ui import work
from desktop.ui.notifier import Notifier, announcement, events, fold
from desktop.ui.preferences import Preferences
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk, as_desk

BOUGHT = Fill("e", "o", "NORD", Side.BUY, Decimal(300), Decimal("60.15"), Decimal(18), 1)
FILL = FillBooked("s-demo", 1, BOUGHT, Decimal(1), Decimal(0))
SIGNAL = SignalChanged("s-demo", 1, rows.cards()[0].signal)
DENIED = OrderChanged("s-demo", 1, rows.order_rows()[5].order)
FIRED = TriggerChanged("s-demo", 1, rows.trigger_rows()[-1].trigger)
FAILED = SessionChanged("s-demo", 1, SessionState.RUNNING, SessionState.FAILED, "The feed ended.")
KILL = KillSwitchChanged("s-demo", 1, engaged=True, reason="kill switch")


@pytest.mark.parametrize(
    ("fact", "event", "text"),
    [
        (SIGNAL, "signal", "BUY 100 ACME: please confirm"),
        (FILL, "fill", "BUY 300 NORD at 60.15"),
        (DENIED, "rejected", "ACME: position size"),
        (FIRED, "trigger", "Stop loss: ACME"),
        (FAILED, "failed", "The feed ended."),
        (KILL, "kill", "Kill switch engaged"),
        (Warned("s-demo", 1, "late fill", "A fill came late."), "warning", "A fill came late."),
    ],
)
def test_what_is_worth_announcing(fact: Fact, event: str, text: str) -> None:
    found = announcement(fact)
    assert found is not None
    assert found[0] == event
    assert found[1].startswith(text)
    assert event in events()


def test_what_is_not_worth_announcing() -> None:
    assert DENIED.order.status is OrderStatus.DENIED
    assert FIRED.trigger.state is TriggerState.TRIGGERED
    assert announcement(SessionChanged("s", 1, SessionState.PAUSED, SessionState.RUNNING, "")) is None


def test_a_flood_is_folded_into_one_summary() -> None:
    few = [("fill", "one"), ("signal", "two")]
    assert fold(few) == [("Fill", "one"), ("Signal to confirm", "two")]
    assert fold([*few, ("fill", "three")]) == [("3 events", "2 × Fill, 1 × Signal to confirm")]


class Sent:
    def __init__(self, desk: FakeDesk, preferences: Preferences, owner: QObject) -> None:
        self.needed = True
        self.tray: list[str] = []
        self.notifier = Notifier(as_desk(desk), preferences, needed=lambda: self.needed, tray=self._tray, parent=owner)
        self.sent: list[tuple[str, str, bool]] = []
        self.notifier.send = lambda title, text, loud: self.sent.append((title, text, loud))

    def _tray(self, title: str, text: str) -> bool:
        self.tray.append(text)
        return True


async def test_events_are_announced_as_the_user_wants(desk: FakeDesk, preferences: Preferences) -> None:
    owner = QObject()
    sent = Sent(desk, preferences, owner)
    preferences.put("notices/fill", "off")
    preferences.put("notices/kill", "silent")
    desk.tell(FILL)
    desk.tell(KILL)
    sent.notifier._tell()
    assert sent.sent == [("Kill switch", "Kill switch engaged", False)]
    desk.tell(SIGNAL)
    sent.notifier._tell()
    assert sent.sent[-1][2]
    preferences.put("notices/do-not-disturb", value=True)
    desk.tell(SIGNAL)
    preferences.put("notices/do-not-disturb", value=False)
    sent.needed = False
    desk.tell(SIGNAL)
    assert sent.notifier._found == []


async def test_a_desktop_without_notifications_falls_back_to_the_tray(
    desk: FakeDesk, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("no bus")

    monkeypatch.setattr(module, "_system_notifier", broken)
    owner = QObject()
    sent = Sent(desk, preferences, owner)
    sent.notifier._send("Fill", "BUY 300 NORD", loud=True)
    await work.settle()
    assert sent.tray == ["BUY 300 NORD"]

"""Releasing the kill switch says what it sets free, and what a stop sold afterwards is told."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.events import KillSwitchChanged, OrderChanged
from desktop.domain.market import SECOND
from desktop.domain.orders import Order, OrderId, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.domain.triggers import TriggerKind
from desktop.engine.views import Table, TriggerRow
from desktop.ui.dialogs.release_kill import ReleaseDialog
from desktop.ui.news import News
from desktop.ui.releasing import awaited
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk, as_desk

NOW = rows.NOW


@pytest.fixture
def live_desk(desk: FakeDesk) -> FakeDesk:
    """A desk whose only triggers are those of the live session and its twin."""
    desk.go_live()
    for key in [key for key in desk.tables[Table.TRIGGERS] if not key.startswith(("t-live", "t-twin"))]:
        del desk.tables[Table.TRIGGERS][key]
    return desk


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def price_is(desk: FakeDesk, price: str, key: str = "t-live-stop") -> TriggerRow:
    row: TriggerRow = desk.tables[Table.TRIGGERS][key]
    made = dataclasses.replace(row, price=Decimal(price))
    desk.put(Table.TRIGGERS, made)
    return made


def words_of(widget: QWidget) -> str:
    return " ".join(item.text() for item in widget.findChildren(QLabel) if not item.isHidden())


async def test_the_release_says_which_stops_rest_again_and_types_lead_to_it(
    qtbot: QtBot, live_desk: FakeDesk, parent: QWidget
) -> None:
    released: list[bool] = []
    asks = ReleaseDialog(lambda: released.append(True), parent, stops=lambda: awaited(as_desk(live_desk)))
    qtbot.addWidget(asks)
    asks.show()
    said = words_of(asks)
    assert "stops and targets do" in said
    assert "Nothing that was cancelled comes back" not in said
    assert "AT ONCE" not in said
    line = asks.lines["t-live-stop"]
    assert line.text().startswith("Dip live: 20 NORD rests at the broker or is watched by Assay again (Stop loss 58.35")
    assert "Dip paper twin: 20 NORD is watched by Assay again" in asks.lines["t-twin-stop"].text()
    QTest.keyClicks(asks.field, "release")
    QTest.keyClick(asks.field, Qt.Key.Key_Return)
    assert released == [True]


async def test_a_stop_whose_level_the_price_has_passed_is_red_and_first_and_follows_the_price(
    qtbot: QtBot, live_desk: FakeDesk, parent: QWidget
) -> None:
    price_is(live_desk, "58.20", "t-twin-stop")
    price_is(live_desk, "58.35")
    asks = ReleaseDialog(lambda: None, parent, stops=lambda: awaited(as_desk(live_desk)))
    qtbot.addWidget(asks)
    asks.show()
    assert list(asks.lines)[:2] == ["t-live-stop", "t-twin-stop"]
    line = asks.lines["t-live-stop"]
    assert line.text() == "Dip live: SELLS 20 NORD AT ONCE (Stop loss 58.35, price now 58.35)"
    assert line.property("tone") == "bad"
    assert "act AT ONCE: 2. Cancel or move them first" in words_of(asks)
    place = asks.field.geometry()
    price_is(live_desk, "58.36")
    price_is(live_desk, "58.36", "t-twin-stop")
    asks.refresh()
    assert line.property("tone") == ""
    assert "AT ONCE" not in words_of(asks)
    assert asks.field.geometry() == place, "nothing moves when a warning goes"


def test_targets_and_entry_limits_are_compared_the_way_they_fire(live_desk: FakeDesk) -> None:
    target = price_is(live_desk, "63.76", "t-live-target")
    found = {item.trigger_id: item for item in awaited(as_desk(live_desk))}
    assert found["t-live-target"].at_once
    assert not found["t-live-stop"].at_once
    entry = dataclasses.replace(target.trigger, kind=TriggerKind.ENTRY_LIMIT, level=Decimal("63.76"))
    live_desk.put(Table.TRIGGERS, dataclasses.replace(target, trigger=entry))
    found = {item.trigger_id: item for item in awaited(as_desk(live_desk))}
    assert "BUYS 20 NORD AT ONCE" in found["t-live-target"].sentence


def test_a_failed_session_and_a_price_nobody_knows_sell_nothing(live_desk: FakeDesk) -> None:
    row = price_is(live_desk, "58.00")
    live_desk.put(Table.TRIGGERS, dataclasses.replace(row, price=None))
    unknown = next(item for item in awaited(as_desk(live_desk)) if item.trigger_id == "t-live-stop")
    assert (unknown.at_once, "price now not known" in unknown.sentence) == (False, True)
    live_desk.put(Table.SESSIONS, live_rows.session_row(state=SessionState.FAILED))
    assert {item.trigger_id for item in awaited(as_desk(live_desk))} == {"t-twin-stop", "t-twin-target"}


def sold(session_id: str, trigger_id: str, filled: str, **changes: object) -> Order:
    order = Order(
        order_id=OrderId(f"o-{trigger_id}"),
        session_id=session_id,
        account="main",
        symbol="NORD",
        side=Side.SELL,
        kind=OrderKind.MARKET,
        purpose=Purpose.TRIGGER,
        quantity=Decimal(20),
        ordinal=9,
        created_at=NOW,
        status=OrderStatus.FILLED if filled == "20" else OrderStatus.PARTIALLY_FILLED,
        filled=Decimal(filled),
        filled_value=Decimal(filled) * Decimal("58.30"),
        trigger_id=trigger_id,
    )
    return dataclasses.replace(order, **changes)  # type: ignore[arg-type] # any field of an order


def test_a_live_stop_that_sells_is_told_once_with_all_its_parts(live_desk: FakeDesk, parent: QWidget) -> None:
    said: list[str] = []
    news = News(as_desk(live_desk), said.append, parent)
    for filled in ("5", "5", "20"):
        live_desk.tell(OrderChanged("s-live", NOW, sold("s-live", "t-live-stop", filled)))
    assert said[1:] == [
        "Stop loss of NORD sold 5 of 20 at 58.30 (Dip live).",
        "Stop loss of NORD sold 20 of 20 at 58.30 (Dip live).",
    ]
    resting = {"purpose": Purpose.GUARD, "kind": OrderKind.PAIR, "order_id": OrderId("o-pair")}
    pair = sold("s-live", "t-live-stop", "20", limit_price=Decimal("58.30"), **resting)
    live_desk.tell(OrderChanged("s-live", NOW, pair))
    assert said[-1].splitlines()[-1] == "Take profit of NORD sold 20 of 20 at 58.30 (Dip live)."
    news.put_aside()
    assert said[-1] == ""


def test_a_stop_on_paper_is_told_only_just_after_the_release(live_desk: FakeDesk, parent: QWidget) -> None:
    said: list[str] = []
    News(as_desk(live_desk), said.append, parent)
    twin = live_rows.TWIN.session_id
    live_desk.tell(OrderChanged(twin, NOW, sold(twin, "t-twin-stop", "20")))
    assert said == [""]
    live_desk.tell(KillSwitchChanged(twin, NOW, engaged=False, reason="released"))
    live_desk.tell(OrderChanged(twin, NOW + 6 * SECOND, sold(twin, "t-twin-stop", "20")))
    assert said == [""]
    live_desk.tell(OrderChanged(twin, NOW + SECOND, sold(twin, "t-twin-stop", "20")))
    assert said[-1] == "Stop loss of NORD sold 20 of 20 at 58.30 (Dip paper twin)."

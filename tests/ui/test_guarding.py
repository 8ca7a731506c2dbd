"""Who guards a stop is said as it is: by the broker, by Assay, or by nobody; in tables and on the chart."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.orders import OrderId, OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.domain.triggers import Guard, TriggerState
from desktop.engine.views import ChartView, OrderRow, Table, TriggerRow
from desktop.ui.charts.levels import describe
from desktop.ui.guarding import watcher_of
from desktop.ui.intents import Intents
from desktop.ui.panels.positions import Positions
from desktop.ui.panels.price_chart import PriceChart
from desktop.ui.panels.triggers import Triggers
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk

LIVE = live_rows.LIVE.session_id


@pytest.fixture
def live_desk(desk: FakeDesk) -> FakeDesk:
    desk.go_live()
    return desk


def guarded_by_assay(desk: FakeDesk, name: str = "t-live-stop") -> TriggerRow:
    row: TriggerRow = desk.tables[Table.TRIGGERS][name]
    made = dataclasses.replace(row, trigger=dataclasses.replace(row.trigger, guard=Guard.APP))
    desk.put(Table.TRIGGERS, made)
    return made


def shown(panel: Triggers | Positions, key: str) -> dict[str, str]:
    """Return what the table shows of a row, as painted."""
    model = panel.table.rows
    place = model.place(key)
    return {column.key: model.text(place, number) for number, column in enumerate(model.columns)}


def tone(panel: Triggers, column_key: str, row: TriggerRow) -> str:
    column: Any = next(item for item in panel.table.columns if item.key == column_key)
    assert column.tone is not None
    return str(column.tone(row))


async def test_the_kill_switch_leaves_a_stop_of_assay_guarded_by_nobody_until_it_is_released(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    row = guarded_by_assay(live_desk)
    panel = Triggers(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    assert (shown(panel, "t-live-stop")["state"], shown(panel, "t-live-stop")["guard"]) == ("Armed", "Assay")
    await live_desk.engage_kill()
    assert (shown(panel, "t-live-stop")["state"], shown(panel, "t-live-stop")["guard"]) == ("Halted", "Nobody")
    assert (tone(panel, "state", row), tone(panel, "guard", row)) == ("bad", "bad")
    place = panel.table.rows.index(panel.table.rows.place("t-live-stop"), 2)
    assert "until you release it" in panel.table.rows.data(place, Qt.ItemDataRole.ToolTipRole)
    await live_desk.release_kill()
    assert (shown(panel, "t-live-stop")["state"], shown(panel, "t-live-stop")["guard"]) == ("Armed", "Assay")


async def test_a_stop_at_the_broker_under_the_kill_switch_is_said_to_be_cancelled(live_desk: FakeDesk) -> None:
    row = live_desk.tables[Table.TRIGGERS]["t-live-stop"]
    assert watcher_of(live_desk, row.trigger, row.session).tone == "good"
    await live_desk.engage_kill()
    found = watcher_of(live_desk, row.trigger, row.session)
    assert (found.word, found.tone) == ("Broker", "warning")
    assert "is cancelling it at the broker" in found.sentence


async def test_the_chart_draws_a_halted_stop_in_another_colour_and_says_so(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = guarded_by_assay(live_desk).trigger
    view: ChartView = dataclasses.replace(rows.chart_view(live_rows.LIVE, "NORD"), triggers=(stop,), working=())
    monkeypatch.setattr(live_desk, "chart", lambda *_: view)
    panel = PriceChart(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    panel.show()
    panel.show_symbol(LIVE, "NORD")

    def line() -> Any:
        return next(level for level in panel.canvas.levels if level.key == stop.trigger_id)

    assert (line().token, line().idle) == ("sell", "")
    await live_desk.engage_kill()
    assert line().token == "warning"
    assert "HALTED by the kill switch" in describe(line(), stop.level, None, rows.NORD)
    assert not panel.canvas.grab().isNull()
    await live_desk.release_kill()
    assert (line().token, line().idle) == ("sell", "")


async def test_a_position_marks_a_stop_that_nobody_guards(qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore) -> None:
    guarded_by_assay(live_desk)
    panel = Positions(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    assert shown(panel, f"{LIVE}/NORD")["stop"] == "58.35"
    await live_desk.engage_kill()
    assert shown(panel, f"{LIVE}/NORD")["stop"] == "✕ 58.35"
    assert shown(panel, f"{LIVE}/NORD")["target"] == "63.76", "it rests at the broker until that has cancelled it"
    await live_desk.release_kill()
    assert shown(panel, f"{LIVE}/NORD")["stop"] == "58.35"


def test_without_a_connection_a_stop_of_assay_waits_and_one_at_the_broker_works(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    guarded_by_assay(live_desk)
    panel = Triggers(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    live_desk.put(Table.ACCOUNTS, live_rows.lost())
    assert shown(panel, "t-live-stop")["guard"] == "Waits"
    assert shown(panel, "t-live-target")["guard"] == "Broker"
    assert shown(panel, "t-twin-stop")["guard"] == "Assay", "paper needs no broker"
    live_desk.put(Table.ACCOUNTS, live_rows.account())
    assert shown(panel, "t-live-stop")["guard"] == "Assay"


def test_stops_of_a_failed_session_are_guarded_by_nobody(live_desk: FakeDesk) -> None:
    row = guarded_by_assay(live_desk)
    live_desk.put(Table.SESSIONS, live_rows.session_row(state=SessionState.FAILED))
    found = watcher_of(live_desk, row.trigger, row.session)
    assert (found.word, found.acts) == ("Nobody", False)
    live_desk.put(Table.SESSIONS, live_rows.session_row(state=SessionState.RECOVERING))
    assert "as soon as that is done" in watcher_of(live_desk, row.trigger, row.session).sentence
    over = dataclasses.replace(row.trigger, state=TriggerState.TRIGGERED)
    assert watcher_of(live_desk, over, row.session).word == ""


def test_where_no_price_comes_a_stop_of_assay_is_guarded_by_nobody(live_desk: FakeDesk) -> None:
    row = guarded_by_assay(live_desk)
    assert watcher_of(live_desk, row.trigger, row.session).acts
    session = live_desk.tables[Table.SESSIONS][LIVE]
    live_desk.put(Table.SESSIONS, dataclasses.replace(session, sees=False))
    found = watcher_of(live_desk, row.trigger, row.session)
    assert (found.word, found.acts) == ("Nobody", False)
    assert "no price reaches its session" in found.sentence
    at_broker = dataclasses.replace(row.trigger, guard=Guard.BROKER)
    assert watcher_of(live_desk, at_broker, row.session).acts


def test_a_position_says_that_its_sale_waits_for_the_broker(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    panel = Positions(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    held = next(row for row in live_desk.positions() if row.position.session_id == LIVE)
    key, model = held.key, panel.table.rows
    column = next(number for number, item in enumerate(model.columns) if item.key == "close")

    def tip() -> str:
        return str(model.data(model.index(model.place(key), column), Qt.ItemDataRole.ToolTipRole) or "")

    def sale(status: OrderStatus, **changes: Any) -> OrderRow:
        order = dataclasses.replace(
            next(iter(live_desk.orders())).order, order_id=OrderId("o-close"), session_id=LIVE, side=Side.SELL,
            symbol=held.position.symbol, purpose=Purpose.CLOSE, quantity=Decimal(5), filled=Decimal(0), status=status,
        )  # fmt: skip
        return OrderRow(dataclasses.replace(order, **changes), held.session, held.instrument, "by hand")

    assert (shown(panel, key)["close"], tip()) == ("Close", "")
    live_desk.put(Table.ORDERS, sale(OrderStatus.INTENT))
    assert shown(panel, key)["close"] == "Selling…"
    assert tip().startswith("SELL 5 waits for the broker.")
    again = Positions(live_desk, theme, Intents())
    qtbot.addWidget(again)
    assert shown(again, key)["close"] == "Selling…", "also in a panel that is made meanwhile"
    live_desk.put(Table.ORDERS, sale(OrderStatus.FILLED, filled=Decimal(5)))
    assert (shown(panel, key)["close"], tip()) == ("Close", "")
    live_desk.put(Table.ORDERS, sale(OrderStatus.INTENT, purpose=Purpose.GUARD))
    assert shown(panel, key)["close"] == "Close", "protection that is placed sells nothing yet"
    live_desk.put(Table.ORDERS, sale(OrderStatus.UNKNOWN))
    live_desk.drop(Table.ORDERS, "o-close")
    assert shown(panel, key)["close"] == "Close"

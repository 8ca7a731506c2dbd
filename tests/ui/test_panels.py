"""Panels follow the desk, and ask for what they cannot do themselves."""

import asyncio
import dataclasses
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import NotFound
from desktop.domain.events import Fact, SessionChanged
from desktop.domain.orders import OrderStatus
from desktop.domain.sessions import ExecutionMode, SessionState
from desktop.engine.views import Table
from desktop.ui import intents as wanted
from desktop.ui import work
from desktop.ui.guard import Fault, on_fault
from desktop.ui.intents import Intents
from desktop.ui.panels import audit_log as audit_module
from desktop.ui.panels.audit_log import AuditLog
from desktop.ui.panels.closed_trades import ClosedTrades
from desktop.ui.panels.orders import Orders
from desktop.ui.panels.positions import Positions
from desktop.ui.panels.sessions import Sessions
from desktop.ui.panels.signal_history import SignalHistory
from desktop.ui.panels.triggers import Triggers
from desktop.ui.panels.watchlist import Watchlist
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_desk import FakeDesk, as_desk

TABLES = (Sessions, Positions, ClosedTrades, Orders, Triggers, SignalHistory, Watchlist)


@pytest.fixture
def asked() -> list[object]:
    return []


@pytest.fixture
def intents(asked: list[object]) -> Intents:
    made = Intents()
    made.raised.connect(asked.append)
    return made


@pytest.fixture(autouse=True)
def _no_fault() -> Iterator[None]:
    found: list[Fault] = []
    end = on_fault(found.append)
    yield
    end()
    assert [fault for fault in found if not fault.refused] == []


def show(qtbot: QtBot, panel: QWidget) -> None:
    qtbot.addWidget(panel)
    panel.resize(900, 320)
    panel.show()


def click_cell(qtbot: QtBot, panel: Any, key: str, column: str, *, double: bool = False) -> None:
    table = panel.table
    place = table.rows.place(key)
    number = [item.key for item in table.columns].index(column)
    table.scrollTo(table.rows.index(place, number))
    at = table.visualRect(table.rows.index(place, number)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    if double:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def menu_of(panel: Any, key: str) -> dict[str, Any]:
    table = panel.table
    table.select_key(key)
    menu: QMenu = table.open_menu(table.visualRect(table.rows.index(table.rows.place(key), 0)).center())
    found = {action.text(): action for action in menu.actions() if action.text()}
    menu.close()
    return found


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_shows_the_desk_and_says_what_it_waits_for(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, kind: type[Any]
) -> None:
    panel = kind(as_desk(desk), theme, intents)
    show(qtbot, panel)
    assert panel.table.rows.rowCount() > 3
    panel.grab()
    for place in range(panel.table.rows.rowCount()):
        for column in range(len(panel.table.columns)):
            panel.table.rows.data(panel.table.rows.index(place, column), Qt.ItemDataRole.ToolTipRole)
            panel.table.rows.text(place, column)
    assert panel.table.csv().count("\r\n") == panel.table.rows.rowCount() + 1
    menu_of(panel, panel.table.rows.key_at(0))
    empty = kind(as_desk(FakeDesk(empty=True)), theme, Intents(panel))
    show(qtbot, empty)
    assert empty.table.rows.rowCount() == 0
    assert all(empty.table._empty)
    empty.grab()


def test_positions_have_the_columns_of_the_requirement(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Positions(as_desk(desk), theme, intents)
    titles = [column.title for column in panel.table.columns]
    assert [title for title in titles if title in _U2] == list(_U2)
    qtbot.addWidget(panel)


_U2 = ("Ticker", "Qty", "Entry", "Current", "P&L", "P&L %", "Stop", "Target", "Close")


def test_a_double_click_and_the_close_cell_ask_for_a_close_ticket(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Positions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    click_cell(qtbot, panel, "s-demo/NORD", "pnl", double=True)
    click_cell(qtbot, panel, "s-korea/HANRIVER", "close")
    assert asked == [wanted.CloseTicket("s-demo", "NORD"), wanted.CloseTicket("s-korea", "HANRIVER")]


def test_the_menu_of_a_position_offers_everything_else(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Positions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    menu = menu_of(panel, "s-trend/ACME")
    for text in ("Close…", "Close half…", "Edit stop and target…", "Show chart", "Why?"):
        menu[text].trigger()
    place = ("s-trend", "ACME")
    assert asked == [
        wanted.CloseTicket(*place),
        wanted.CloseTicket(*place, Decimal(4)),  # half of 9, down to the lot
        wanted.EditTriggers(*place),
        wanted.ShowChart(*place),
        wanted.ShowWhy(*place),
    ]
    assert {"Copy", "Export as CSV…"} <= set(menu)


def test_a_changed_position_changes_its_row_and_a_closed_one_leaves(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Positions(as_desk(desk), theme, intents)
    row = desk.positions()[0]
    desk.put(Table.POSITIONS, dataclasses.replace(row, pnl=Decimal("-7.5")))
    pnl = [column.key for column in panel.table.columns].index("pnl")
    assert panel.table.rows.text(panel.table.rows.place(row.key), pnl) == "−7.50"
    desk.drop(Table.POSITIONS, row.key)
    assert panel.table.rows.place(row.key) == -1
    qtbot.addWidget(panel)


async def test_orders_are_cancelled_replaced_and_followed(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Orders(as_desk(desk), theme, intents)
    show(qtbot, panel)
    click_cell(qtbot, panel, "o-1", "ticker", double=True)
    click_cell(qtbot, panel, "o-2", "ticker", double=True)
    assert asked == [wanted.EditOrder("s-demo", "o-1"), wanted.ShowAudit("s-demo", "o-2")]
    menu = menu_of(panel, "o-2")
    assert not menu["Cancel"].isEnabled()
    assert not menu["Replace…"].isEnabled()
    menu["Show its signal"].trigger()
    assert asked[-1] == wanted.ShowSignal("g-90")
    click_cell(qtbot, panel, "o-1", "cancel")
    await work.settle()
    assert desk.commands == [("cancel_order", {"session_id": "s-demo", "order_id": "o-1"})]
    cancelled = desk.row(Table.ORDERS, "o-1")
    assert cancelled is not None
    assert cancelled.order.status is OrderStatus.CANCELED
    assert panel.table.rows.get("o-1") == cancelled


def test_orders_show_the_working_or_the_done_ones(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Orders(as_desk(desk), theme, intents)
    show(qtbot, panel)
    panel._which.setCurrentIndex(1)
    assert {row.order.order_id for row in panel.table.rows.shown_rows()} == {"o-1", "o-4"}
    row = desk.row(Table.ORDERS, "o-4")
    assert row is not None
    desk.put(Table.ORDERS, dataclasses.replace(row, order=dataclasses.replace(row.order, status=OrderStatus.FILLED)))
    assert {row.order.order_id for row in panel.table.rows.shown_rows()} == {"o-1"}
    panel.show_order("o-10")
    assert [row.order.order_id for row in panel.table.selected_rows()] == ["o-10"]


async def test_triggers_are_modified_and_cancelled(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Triggers(as_desk(desk), theme, intents)
    show(qtbot, panel)
    click_cell(qtbot, panel, "t-stop-NORD", "ticker", double=True)
    assert asked == [wanted.EditTriggers("s-demo", "NORD")]
    menu_of(panel, "t-stop-NORD")["Cancel"].trigger()
    await work.settle()
    assert desk.names() == ["cancel_trigger"]
    fired = menu_of(panel, "t-old")
    assert not fired["Modify…"].isEnabled()
    fired["Show its order"].trigger()
    assert asked[-1] == wanted.ShowOrder("o-9")


async def test_a_session_is_paused_resumed_started_and_stopped_by_its_buttons(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Sessions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    for tool in panel.title_tools:
        qtbot.addWidget(tool)
    assert intents.session_id == "s-demo"
    qtbot.mouseClick(panel._go, Qt.MouseButton.LeftButton)
    await work.settle()
    assert (desk.names(), panel._go.text()) == (["pause_session"], "Resume")
    assert "stops and exits keep working" in panel._note.text()
    qtbot.mouseClick(panel._go, Qt.MouseButton.LeftButton)
    await work.settle()
    assert (desk.names()[-1], panel._go.text()) == ("resume_session", "Pause")
    click_cell(qtbot, panel, "s-new", "name")
    assert intents.session_id == "s-new"
    assert "Warming up" in panel._note.text()
    qtbot.mouseClick(panel._go, Qt.MouseButton.LeftButton)
    await work.settle()
    assert desk.names()[-1] == "start_session"
    qtbot.mouseClick(panel._stop, Qt.MouseButton.LeftButton)
    assert asked == [wanted.StopSession("s-new")]
    intents.follow_session("s-korea")
    assert panel.table.current_row() == desk.session("s-korea")


async def test_a_session_that_was_just_made_is_selected_when_its_row_comes(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Sessions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    made = desk.session("s-demo")
    assert made is not None
    intents.follow_session("s-made")
    desk.put(Table.SESSIONS, dataclasses.replace(made, session_id="s-made", note="started"))
    current = panel.table.current_row()
    assert current is not None
    assert current.session_id == intents.session_id == "s-made"
    assert panel._note.text().endswith("Started")


def test_who_decides_stands_under_the_sessions(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Sessions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    row = desk.session("s-demo")
    assert row is not None
    for mode, word in ((ExecutionMode.AUTO, "Auto"), (ExecutionMode.MANUAL, "Manual")):
        desk.put(Table.SESSIONS, dataclasses.replace(row, settings=dataclasses.replace(row.settings, mode=mode)))
        assert f"Who decides: {word}" in panel._note.text()


def test_a_session_that_the_kill_switch_holds_does_not_read_running(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = Sessions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    row = desk.session("s-demo")
    assert row is not None
    place = panel.table.rows.place("s-demo")
    column = [item.key for item in panel.table.columns].index("state")
    assert panel.table.rows.text(place, column) == "Running"
    desk.put(Table.SESSIONS, dataclasses.replace(row, kill=True))
    assert panel.table.rows.text(place, column) == "Halted"


async def test_the_menu_of_a_session_changes_who_decides_and_asks_before_it_deletes(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Sessions(as_desk(desk), theme, intents)
    show(qtbot, panel)
    menu = menu_of(panel, "s-demo")
    assert not menu["Delete…"].isEnabled()
    panel._mode_setter("s-demo", ExecutionMode.AUTO)()
    await work.settle()
    assert desk.commands[-1] == ("set_mode", {"session_id": "s-demo", "mode": ExecutionMode.AUTO})
    for text in ("Edit risk limits…", "Edit strategy", "New session like this…", "Audit trail"):
        menu_of(panel, "s-demo")[text].trigger()
    assert asked == [
        wanted.EditLimits("s-demo"),
        wanted.EditStrategy("s-demo"),
        wanted.NewSession(copy_of="s-demo"),
        wanted.ShowAudit("s-demo"),
    ]
    failed = desk.session("s-failed")
    assert failed is not None
    box = panel._ask_delete(failed)
    assert isinstance(box, QMessageBox)
    qtbot.mouseClick(box.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    await work.settle()
    assert desk.names()[-1] == "delete_session"
    assert panel.table.rows.place("s-failed") == -1


async def test_a_refused_start_reaches_the_window_as_a_sentence(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    heard: list[Fault] = []
    end = on_fault(heard.append)
    panel = Sessions(as_desk(desk), theme, intents)
    qtbot.addWidget(panel)
    desk.refuse = NotFound("session", "s-demo")
    panel._on_go()
    await work.settle()
    end()
    assert [fault.refused for fault in heard] == [True]
    assert desk.session("s-demo").state is SessionState.RUNNING  # type: ignore[union-attr]  # it is in the fake


def test_the_watchlist_shows_the_chart_for_the_session_that_is_followed(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    panel = Watchlist(as_desk(desk), theme, intents)
    show(qtbot, panel)
    intents.follow_session("s-trend")
    click_cell(qtbot, panel, "simulator/ACME", "last", double=True)
    click_cell(qtbot, panel, "simulator/HANBIT", "last", double=True)
    assert asked == [wanted.ShowChart("s-trend", "ACME"), wanted.ShowChart("s-korea", "HANBIT")]
    menu = menu_of(panel, "simulator/NORD")
    menu["Order ticket…"].trigger()
    assert asked[-1] == wanted.OpenTicket("s-demo", "NORD")


def test_signals_and_trades_lead_to_orders_charts_and_the_audit_trail(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, asked: list[object]
) -> None:
    history = SignalHistory(as_desk(desk), theme, intents)
    show(qtbot, history)
    history.show_signal("g-93")
    assert history.table.selected_rows()[0].signal.signal_id == "g-93"
    menu_of(history, "g-90")["Show its order"].trigger()
    trades = ClosedTrades(as_desk(desk), theme, intents)
    show(qtbot, trades)
    menu_of(trades, "x-1")["Audit trail"].trigger()
    assert asked == [wanted.ShowOrder("o-2"), wanted.ShowAudit("s-demo", "NORD")]


async def test_the_audit_trail_behind_a_tab_is_read_when_it_comes_to_the_front_and_when_something_happens(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_module, "NEWS", 1)
    monkeypatch.setattr(audit_module, "PAUSE", 1)
    window = QMainWindow()
    qtbot.addWidget(window)
    behind, front = QDockWidget("audit", window), QDockWidget("front", window)
    panel = AuditLog(as_desk(desk), theme, intents)
    behind.setWidget(panel)
    front.setWidget(QLabel("front"))
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, behind)
    window.tabifyDockWidget(behind, front)
    front.raise_()
    window.show()
    await asyncio.sleep(0.05)
    await work.settle()
    turns = panel._asked
    fact = SessionChanged("s-demo", 1, SessionState.RUNNING, SessionState.PAUSED, "by the user")
    desk.tell(fact)
    await asyncio.sleep(0.05)
    assert panel._asked == turns, "nobody looks at it"
    behind.raise_()
    await asyncio.sleep(0.05)
    await work.settle()
    assert panel._asked > turns
    turns = panel._asked
    desk.tell(fact)
    desk.tell(fact)
    await asyncio.sleep(0.05)
    await work.settle()
    assert panel._asked == turns + 1


def test_records_are_named_as_a_trader_would() -> None:
    stored = [fact.__name__ for fact in typing.get_args(Fact)]
    assert len(stored) >= 10
    assert all(kind == "Blocked" or audit_module.kind_words(kind) != kind for kind in stored)


async def test_the_audit_trail_is_searched_where_it_is_stored(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents
) -> None:
    panel = AuditLog(as_desk(desk), theme, intents)
    show(qtbot, panel)
    panel.reload()
    await work.settle()
    assert panel.table.rows.rowCount() == 60
    qtbot.keyClicks(panel.search, "blocked")
    panel.reload()
    panel.reload()  # the first answer comes late and is not shown
    await work.settle()
    assert {row.kind for row in panel.table.rows.shown_rows()} == {"Blocked"}
    panel.show_records("s-korea", "")
    await work.settle()
    assert {row.session_id for row in panel.table.rows.shown_rows()} == {"s-korea"}
    desk.drop(Table.SESSIONS, "s-korea")
    assert panel.session.findData("s-korea") == -1
    panel.table.header.open_menu(QPoint(3, 3)).close()  # type: ignore[union-attr]  # opened a line before

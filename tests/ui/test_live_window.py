"""Live in the window: it cannot be mistaken for paper, a lost broker is said, closing asks what stays there."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.brokers.registry import BROKERS
from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import NotSent
from desktop.domain.sessions import ExecutionMode, SessionState, StopChoice
from desktop.domain.triggers import Guard
from desktop.engine.views import Changes, Health, Lamp, Table
from desktop.ui import intents as wanted
from desktop.ui import leaving, words, work
from desktop.ui.charts.levels import levels_of
from desktop.ui.dialogs.arm_live import ArmDialog
from desktop.ui.dialogs.broker_accounts import BrokerAccountsDialog
from desktop.ui.dialogs.close_ticket import open_close_ticket
from desktop.ui.dialogs.closing import CloseDialog, StopDialog
from desktop.ui.dialogs.flatten import FlattenDialog
from desktop.ui.dialogs.order_ticket import open_order_ticket
from desktop.ui.dialogs.release_kill import ReleaseDialog
from desktop.ui.docks import Dock, DockSpec, dock_specs
from desktop.ui.intents import Intents
from desktop.ui.live_words import disarmed, trouble
from desktop.ui.main_window import MainWindow
from desktop.ui.panels.orders import Orders
from desktop.ui.panels.portfolio import Portfolio
from desktop.ui.panels.positions import Positions
from desktop.ui.panels.sessions import Sessions
from desktop.ui.panels.triggers import Triggers
from desktop.ui.preferences import Preferences, Scheme
from desktop.ui.stylesheet import stylesheet
from desktop.ui.theme import ThemeStore
from desktop.ui.tokens import ColourSet, tokens_for
from desktop.ui.widgets.account_strip import AccountStrip
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.signal_card import SignalCard
from desktop.ui.window_menus import palette_entries
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_keeper import FakeKeeper

LEFT = Qt.MouseButton.LeftButton
LIVE = live_rows.LIVE.session_id
KEY = live_rows.REF.key
DOCK_AT_1366 = 1024  # pixels: the tabs at the bottom of the window


class Plain(QWidget):
    """Stands in for a panel that another test looks at."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()


@pytest.fixture(autouse=True)
def _plain_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    real, fill = dock_specs(), Dock.fill
    needed = ("sessions", "accounts", "orders")

    def specs() -> tuple[DockSpec, ...]:
        return tuple(dataclasses.replace(spec, library="", later=False) for spec in real)

    def filled(dock: Dock, make: Any) -> bool:
        return fill(dock, make if dock.spec.name in needed else lambda _: Plain())

    monkeypatch.setattr("desktop.ui.main_window.dock_specs", specs)
    monkeypatch.setattr(Dock, "fill", filled)


@pytest.fixture
def live_desk(desk: FakeDesk) -> FakeDesk:
    desk.go_live()
    return desk


@pytest.fixture
async def window(live_desk: FakeDesk, theme: ThemeStore, preferences: Preferences) -> AsyncIterator[MainWindow]:
    made = MainWindow(preferences, theme, data="/data")
    made.resize(1366, 768)
    made.show()
    made.attach_accounts(FakeKeeper(live_rows.REF))
    await made.attach(as_desk(live_desk))
    yield made
    await work.settle()
    made.end()
    await asyncio.wait_for(made.closed.wait(), 5)
    made.deleteLater()
    await asyncio.sleep(0)


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, LEFT)


def choose(qtbot: QtBot, choice: QWidget) -> None:
    """Press a radio button at its mark: beyond its text it takes no clicks."""
    qtbot.mouseClick(choice, LEFT, pos=QPoint(8, choice.height() // 2))


def words_of(widget: QWidget) -> str:
    return " ".join(item.text() for item in widget.findChildren(QLabel))


def disarm(desk: FakeDesk) -> None:
    desk.put(Table.SESSIONS, live_rows.session_row(armed=False))
    desk.emit(Changes(status=True))


# it cannot be mistaken -----------------------------------------------------------------------------------------
async def test_the_window_says_live_by_frame_title_and_badge(window: MainWindow) -> None:
    assert window.windowTitle() == "Assay - LIVE - REAL MONEY"
    assert window.toolbar.badge.text() == "LIVE - REAL MONEY"
    assert window.contentsMargins().left() == 4
    image = window.grab().toImage()
    assert image.pixelColor(1, 300).name() == window.theme.tokens.live


async def test_a_paper_account_at_a_broker_has_a_word_and_a_colour_of_its_own(
    window: MainWindow, live_desk: FakeDesk
) -> None:
    live_desk.badge = "BROKER PAPER"
    live_desk.emit(Changes(status=True))
    assert window.windowTitle() == "Assay - BROKER PAPER"
    assert window.toolbar.badge.text() == "BROKER PAPER"
    tokens = window.theme.tokens
    image = window.grab().toImage()
    assert image.pixelColor(1, 300).name() == tokens.broker
    assert window.toolbar.badge.property("mode") == "BROKER PAPER"
    assert f'[mode="BROKER PAPER"] {{ background: {tokens.broker}' in stylesheet(tokens)
    assert tokens.broker not in {tokens.live, tokens.paper, tokens.demo}


def test_what_moves_no_money_at_a_broker_is_what_the_registry_says() -> None:
    for broker_id, entry in BROKERS.items():
        settings = dataclasses.replace(live_rows.LIVE, broker=broker_id)
        assert settings.real_money is entry.choice.real_money
        assert words.badge(settings) == ("LIVE" if entry.choice.real_money else "BROKER PAPER")


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("colours", ColourSet)
def test_live_and_paper_never_share_a_colour(*, colours: ColourSet, dark: bool) -> None:
    tokens = tokens_for(colours, dark=dark)
    modes = [tokens.mode(name)[0] for name in ("DEMO", "PAPER", words.BROKER_PAPER, "LIVE")]
    assert len(set(modes)) == 4


def test_a_session_on_a_broker_is_live_whatever_its_prices_are() -> None:
    assert words.badge(dataclasses.replace(live_rows.LIVE, origin="demo")) == "LIVE"
    assert words.badge(live_rows.TWIN) == "PAPER"


def test_rows_say_live_and_whether_it_is_armed(qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore) -> None:
    panel = Sessions(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    panel.table.select_key(LIVE)

    def shown(session_id: str) -> dict[str, str]:
        row = live_desk.session(session_id)
        assert row is not None
        return {column.key: column.shown(row) for column in panel.table.columns}

    assert (shown(LIVE)["badge"], shown(LIVE)["state"]) == ("LIVE", "Armed")
    assert (shown("s-twin")["badge"], shown("s-twin")["state"]) == ("PAPER", "Running")
    assert "LIVE on alpaca/main, armed" in words_of(panel)
    live_desk.put(Table.SESSIONS, live_rows.session_row(armed=False))
    assert shown(LIVE)["state"] == "Disarmed"
    assert "not armed: it buys nothing" in words_of(panel)
    assert panel.arm.text() == "Arm…"
    panel.table.select_key("s-twin")
    assert panel.arm.isHidden()


def test_sums_at_brokers_stand_apart_from_simulated_ones(qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore) -> None:
    panel = Portfolio(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    panel.show()
    first, second = panel.blocks[:2]
    assert first.caption.text() == "Sessions at brokers, USD"
    assert first.badge.isVisible()
    assert first.value.text() == "10,184.20"
    assert second.caption.text() == "Simulated money, USD"
    assert not second.badge.isVisible()


def test_a_guard_at_the_broker_is_one_line_on_the_chart(live_desk: FakeDesk) -> None:
    view = rows.chart_view(live_rows.LIVE, "NORD")
    stop = live_desk.tables[Table.TRIGGERS]["t-live-stop"].trigger
    order = live_desk.tables[Table.ORDERS]["as-3f9c1a-16"].order
    resting = dataclasses.replace(order, trigger_id=stop.trigger_id)
    at_broker = dataclasses.replace(view, triggers=(stop,), working=(resting,))
    assert [level.key for level in levels_of(at_broker) if level.movable] == [stop.trigger_id]
    by_app = dataclasses.replace(at_broker, triggers=(dataclasses.replace(stop, guard=Guard.APP),))
    assert len([level for level in levels_of(by_app) if level.movable]) == 2


# arming --------------------------------------------------------------------------------------------------------
async def test_at_launch_the_line_names_what_is_not_armed_and_leads_to_arming(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    assert window.banners.disarmed.isHidden()
    disarm(live_desk)
    assert "Not armed: Dip live (alpaca/main)" in window.banners.disarmed.text.text()
    click(qtbot, window.banners.disarmed.button)
    dialog = window.findChild(ArmDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.field
    assert "LIVE - REAL MONEY" in words_of(dialog)
    qtbot.keyClicks(dialog.field, "LIVE")
    click(qtbot, dialog.go)
    await work.settle()
    assert live_desk.commands == [("arm", {"session_id": LIVE, "typed": "LIVE"})]
    assert window.banners.disarmed.isHidden()


async def test_escape_takes_the_line_away_until_it_says_something_else(window: MainWindow, live_desk: FakeDesk) -> None:
    disarm(live_desk)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    live_desk.emit(Changes(status=True))
    assert window.banners.disarmed.isHidden()
    other = dataclasses.replace(live_rows.LIVE, session_id="s-second", name="Second live")
    live_desk.put(Table.SESSIONS, live_rows.session_row(session_id="s-second", settings=other, armed=False))
    live_desk.put(Table.ACCOUNTS, live_rows.account(sessions=(LIVE, "s-second"), armed=()))
    live_desk.emit(Changes(status=True))
    assert "Second live" in window.banners.disarmed.text.text()


async def test_the_menu_of_a_session_and_its_button_arm_and_disarm(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    panel = window.docks["sessions"].panel
    panel.table.select_key(LIVE)
    place = panel.table.visualRect(panel.table.currentIndex()).center()
    menu = panel.table.open_menu(QPoint(place))
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Disarm").trigger()
    menu.close()
    await work.settle()
    assert live_desk.names() == ["disarm"]
    assert panel.arm.text() == "Arm…"
    click(qtbot, panel.arm)
    assert window.findChild(ArmDialog) is not None


async def test_the_palette_arms_disarms_and_opens_the_accounts(window: MainWindow, live_desk: FakeDesk) -> None:
    def entries() -> dict[str, Any]:
        found = palette_entries(
            window.actions_by_name, window.docks, window.show_panel, live_desk, window.intents, window.layouts
        )
        return {entry.text: entry.run for entry in found}

    entries()["Disarm: Dip live"]()
    await work.settle()
    assert live_desk.names() == ["disarm"]
    entries()["Arm: Dip live…"]()
    assert window.findChild(ArmDialog) is not None
    entries()["Broker accounts…"]()
    assert window.findChild(BrokerAccountsDialog) is not None
    entries()["Disarm all live sessions"]()
    assert window.banners.message.text.text() == "No live session is armed."


async def test_the_menu_has_a_part_for_live_trading(window: MainWindow) -> None:
    live = next(action.menu() for action in window._menu.actions() if action.text() == "Live")
    assert isinstance(live, QMenu)
    assert [action.objectName() for action in live.actions()] == [
        "broker-accounts",
        "reconciliation",
        "arm",
        "disarm-all",
    ]
    live.actions()[1].trigger()
    assert not window.docks["accounts"].panel.visibleRegion().isEmpty()


async def test_paper_sessions_are_not_armed(window: MainWindow) -> None:
    window.intents.ask(wanted.ArmSession("s-demo"))
    assert window.findChild(ArmDialog) is None
    assert "nothing to arm" in window.banners.message.text.text()


# the broker ----------------------------------------------------------------------------------------------------
async def test_a_lost_connection_is_a_red_line_that_leads_to_the_account(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    live_desk.put(Table.ACCOUNTS, live_rows.lost())
    live_desk.emit(Changes(status=True))
    strip = window.banners.trouble
    assert strip.property("tone") == "bad"
    assert "No connection to alpaca/main" in strip.text.text()
    assert "orders that rest at the broker work on" in strip.text.text()
    click(qtbot, strip.button)
    panel = window.docks["accounts"].panel
    assert not panel.visibleRegion().isEmpty()
    assert panel.accounts.current_row().key == KEY
    live_desk.put(Table.ACCOUNTS, live_rows.account())
    live_desk.emit(Changes(status=True))
    assert strip.isHidden()


def test_a_session_whose_broker_is_out_of_reach_does_not_say_that_its_stops_work(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    note = "Paused: no new entries. Stops, targets and exits keep working."
    live_desk.put(Table.SESSIONS, live_rows.session_row(state=SessionState.PAUSED, note=note))
    panel = Sessions(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    panel.table.select_key(LIVE)
    assert note in words_of(panel)
    live_desk.put(Table.ACCOUNTS, live_rows.lost())
    assert note not in words_of(panel)
    assert "exits and stops that Assay watches wait" in words_of(panel)
    live_desk.put(Table.ACCOUNTS, live_rows.account())
    assert note in words_of(panel)


async def test_each_connection_is_seen_on_its_own_so_that_a_running_demo_hides_no_frozen_broker(
    window: MainWindow, live_desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Lamp("Feed simulator", Health.OK, "12 ms", "simulator: the last price came 12 ms ago.")
    frozen = Lamp("Feed alpaca", Health.BAD, "no prices", "alpaca: the stream is silent.")
    account = Lamp("alpaca/main", Health.BAD, "lost", "alpaca/main is not connected.")
    status = dataclasses.replace(live_desk.status(), feed=frozen, feeds=(demo, frozen), links=(account,))
    monkeypatch.setattr(live_desk, "status", lambda: status)
    live_desk.emit(Changes(status=True))
    shown = [(lamp.text, lamp.mark.health) for lamp in window.status_bar.lamps]
    assert shown[:3] == [
        ("Feed simulator  12 ms", Health.OK),
        ("Feed alpaca  no prices", Health.BAD),
        ("alpaca/main  lost", Health.BAD),
    ]
    assert window.status_bar.lamps[1].toolTip() == "alpaca: the stream is silent."
    assert all(lamp.isVisible() for lamp in window.status_bar.lamps)
    many = tuple(Lamp(f"Feed {number}", Health.OK, "9 ms", "") for number in range(8))
    status = dataclasses.replace(status, feeds=(*many, frozen))
    live_desk.emit(Changes(status=True))
    texts = [lamp.text for lamp in window.status_bar.lamps]
    assert "Feed alpaca  no prices" in texts, "the worst are always seen"
    assert "alpaca/main  lost" in texts
    assert "6 more" in texts
    assert len(texts) == 7


async def test_a_line_that_moves_the_docks_waits_until_an_open_list_is_closed(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    menu = QMenu(window)
    menu.addAction("Close")
    menu.popup(window.mapToGlobal(QPoint(300, 300)))
    before = window.docks["sessions"].geometry()
    live_desk.put(Table.ACCOUNTS, live_rows.lost())
    live_desk.emit(Changes(status=True))
    assert window.banners.trouble.isHidden()
    assert window.docks["sessions"].geometry() == before
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.banners.trouble.isVisible)
    assert "No connection to alpaca/main" in window.banners.trouble.text.text()
    menu.popup(window.mapToGlobal(QPoint(300, 300)))
    live_desk.put(Table.ACCOUNTS, live_rows.account())
    live_desk.emit(Changes(status=True))
    assert window.banners.trouble.isVisible(), "it goes when that moves nothing under the mouse either"
    menu.close()
    qtbot.waitUntil(window.banners.trouble.isHidden)


async def test_an_account_in_use_is_connected_with_its_new_key(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    window.intents.ask(wanted.ManageAccounts())
    await work.settle()
    dialog = window.findChild(BrokerAccountsDialog)
    assert dialog is not None
    dialog.list.setCurrentRow(0)
    qtbot.keyClicks(dialog.fields["key_id"], "PK1")
    qtbot.keyClicks(dialog.fields["secret"], "right")
    click(qtbot, dialog.save)
    await work.settle()
    assert live_desk.commands == [("reconnect", {"account": KEY})]
    assert "connected with it" in dialog.outcome.text()
    live_desk.refuse = NotSent("alpaca/main refuses the credentials.")
    qtbot.keyClicks(dialog.fields["key_id"], "PK1")
    qtbot.keyClicks(dialog.fields["secret"], "wrong")
    click(qtbot, dialog.save)
    await work.settle()
    assert "refuses the credentials" in dialog.outcome.text()


async def test_tables_show_what_is_live_beside_what_is_paper(live_desk: FakeDesk, theme: ThemeStore) -> None:
    intents = Intents()
    for kind, table in ((Positions, Table.POSITIONS), (Orders, Table.ORDERS), (Triggers, Table.TRIGGERS)):
        panel = kind(live_desk, theme, intents)
        badge = next(column for column in panel.table.columns if column.key == "badge")
        assert not badge.hidden
        live = [row for row in live_desk.tables[table].values() if row.session.session_id == LIVE]
        assert {badge.shown(row) for row in live} == {"LIVE"}
        panel.deleteLater()


async def test_what_is_not_grave_is_written_in_the_colour_of_its_line(window: MainWindow, live_desk: FakeDesk) -> None:
    window.theme.set_scheme(Scheme.LIGHT)
    strip = window.banners.trouble

    def ink() -> str:
        return strip.text.palette().color(QPalette.ColorRole.WindowText).name()

    live_desk.put(Table.ACCOUNTS, live_rows.lost())
    live_desk.emit(Changes(status=True))
    assert ink() == window.theme.tokens.on_live
    live_desk.put(Table.ACCOUNTS, live_rows.troubled())
    live_desk.emit(Changes(status=True))
    assert ink() == window.theme.tokens.on_banner


def test_the_gravest_trouble_is_said_and_how_much_more_there_is() -> None:
    found = trouble([live_rows.troubled(foreign=("as-77aa-3",))])
    assert "Another Assay trades on alpaca/main" in found.text
    assert found.text.endswith("(and 2 more)")
    assert not found.grave
    assert trouble([live_rows.lost(sessions=())]).text == ""
    assert trouble([live_rows.account()]).text == ""
    assert disarmed([live_rows.session_row()]).text == ""


async def test_the_kill_switch_says_what_happens_at_the_broker(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    await live_desk.engage_kill()
    said = window.banners.kill.text.text()
    assert "at alpaca/main is being cancelled, their resting stops too" in said
    assert "Positions and orders placed elsewhere stay" in said
    click(qtbot, window.banners.flatten)
    dialog = window.dialog
    assert isinstance(dialog, FlattenDialog)
    assert "At the broker, on alpaca/main: 20 NORD." in words_of(dialog)
    assert dialog.focusWidget() is dialog.cancel
    click(qtbot, dialog.go)
    await work.settle()
    assert live_desk.commands[-1] == ("engage_kill", {"flatten": True})
    click(qtbot, window.banners.kill.button)
    asks = window.dialog
    assert isinstance(asks, ReleaseDialog)
    assert "may buy at the broker again: Dip live" in words_of(asks)


def test_triggers_say_who_watches_them(qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore) -> None:
    panel = Triggers(live_desk, theme, Intents())
    qtbot.addWidget(panel)
    table: RowTable[Any] = panel.table
    guard = next(column for column in table.columns if column.key == "guard")
    stop = live_desk.row(Table.TRIGGERS, "t-live-stop")
    assert stop is not None
    assert guard.shown(stop) == "Broker"
    assert guard.tip is not None
    assert "works while Assay is closed" in guard.tip(stop)
    twin = live_desk.row(Table.TRIGGERS, "t-twin-stop")
    assert twin is not None
    assert guard.shown(twin) == "Assay"
    assert "does not work while Assay is closed" in guard.tip(twin)


# what is read --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["positions", "orders"])
async def test_at_1366_pixels_every_column_of_the_tables_is_seen_with_its_whole_text(
    live_desk: FakeDesk, theme: ThemeStore, qtbot: QtBot, name: str
) -> None:
    panel = {"positions": Positions, "orders": Orders}[name](live_desk, theme, Intents())
    qtbot.addWidget(panel)
    panel.resize(DOCK_AT_1366, 240)
    panel.show()
    table: RowTable[Any] = panel.table
    last = "close" if name == "positions" else "cancel"
    model = table.rows
    shown = [place for place in range(len(table.columns)) if not table.isColumnHidden(place)]
    for place in shown:
        column = table.columns[place]
        left = table.columnViewportPosition(place)
        if column.key == "reason":
            continue  # a sentence of any length stands behind what is pressed
        assert left + table.columnWidth(place) <= table.viewport().width(), column.key
        for row in range(model.rowCount()):
            cell = model.index(row, place)
            if column.key != "session":  # a name of the user's, of any length
                assert table.sizeHintForIndex(cell).width() - 6 <= table.columnWidth(place), model.text(row, place)
    assert last in {table.columns[place].key for place in shown}


def test_dates_are_shown_in_full_where_a_column_of_them_is_shown(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    for kind in (Positions, Orders, Triggers):
        panel = kind(live_desk, theme, Intents())
        qtbot.addWidget(panel)
        for column in panel.table.columns:
            if column.key in ("time", "opened", "set"):
                assert column.width >= panel.fontMetrics().horizontalAdvance("2026. 11. 20. 15:01:22") + 14


async def test_the_line_of_an_account_leaves_out_what_there_is_no_room_for_and_cuts_nothing(
    qtbot: QtBot, live_desk: FakeDesk
) -> None:
    strip = AccountStrip()
    qtbot.addWidget(strip)
    ref = AccountRef("alpaca-paper", "a-practice-account")
    strip.show_account(live_rows.account(ref=ref, real_money=False))
    strip.resize(DOCK_AT_1366, 32)
    strip.show()
    await asyncio.sleep(0.02)

    def seen() -> set[str]:
        parts = [item for item in strip.findChildren(QLabel) if item.isVisible()]
        assert all(item.width() >= item.sizeHint().width() for item in parts), "nothing is cut"
        return {item.text() for item in parts}

    assert {ref.key, "BROKER PAPER", "48,210.35", "\N{MINUS SIGN}120.80"} <= seen()
    assert "Sessions" not in seen()
    assert "Sessions: 1" in strip.toolTip()
    strip.resize(1600, 32)
    await asyncio.sleep(0.02)
    assert {"Sessions", "Reconciled", "Buying power"} <= seen()


# orders --------------------------------------------------------------------------------------------------------
async def test_a_live_order_is_asked_for_again_in_words_and_the_way_back_has_the_focus(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    ticket = open_order_ticket(live_desk, theme, host, session_id=LIVE, symbol="ACME")
    assert ticket.badge.text() == "LIVE - REAL MONEY"
    assert ticket.focusWidget() is ticket.quantity
    qtbot.keyClicks(ticket.quantity, "2")
    qtbot.keyClick(ticket.quantity, Qt.Key.Key_Return)
    assert (ticket.isVisible(), ticket.confirm.isVisible()) == (True, False), (
        "Enter in a field sends and closes nothing"
    )
    click(qtbot, ticket.send)
    assert live_desk.names() == []
    assert ticket.confirm.sentence.text() == "This order goes to alpaca/main: real money."
    assert ticket.focusWidget() is ticket.confirm.back
    click(qtbot, ticket.confirm.send)
    await work.settle()
    assert live_desk.names() == ["place_order"]


async def test_a_paper_account_of_a_broker_is_called_that(qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore) -> None:
    practice = AccountRef("alpaca-paper", "main")
    session = dataclasses.replace(live_rows.LIVE, broker=practice.broker_id)
    row = live_desk.tables[Table.POSITIONS][f"{LIVE}/NORD"]
    live_desk.put(Table.POSITIONS, dataclasses.replace(row, session=session))
    live_desk.put(Table.ACCOUNTS, live_rows.account(ref=practice, real_money=False))
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    ticket = open_close_ticket(live_desk, theme, host, session_id=LIVE, symbol="NORD")
    assert ticket.badge.text() == "BROKER PAPER"
    assert ticket.focusWidget() is ticket.cancel
    assert "the broker's paper account alpaca-paper/main" in ticket.note.text()


async def test_closing_by_hand_says_that_an_automatic_session_may_buy_again_and_offers_to_pause_it(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    auto = dataclasses.replace(live_rows.LIVE, mode=ExecutionMode.AUTO)
    live_desk.put(Table.SESSIONS, live_rows.session_row(settings=auto, state=SessionState.RUNNING))
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    ticket = open_close_ticket(live_desk, theme, host, session_id=LIVE, symbol="NORD")
    assert ticket.focusWidget() is ticket.cancel
    assert "“Dip live” trades by itself (Auto): it may buy NORD again" in ticket.again.text()
    click(qtbot, ticket.half)
    assert ticket.again.isHidden(), "what is still held is not bought again"
    assert ticket.pause.isHidden()
    click(qtbot, ticket.all)
    assert ticket.again.isVisible()
    click(qtbot, ticket.pause)
    await work.settle()
    assert live_desk.names() == ["pause_session", "close_position"], "paused first: nothing is bought in between"


@pytest.mark.parametrize(
    "changes",
    [
        {"armed": False},
        {"kill": True},
        {"state": SessionState.PAUSED},
        {"settings": dataclasses.replace(live_rows.LIVE, mode=ExecutionMode.SEMI_AUTO)},
    ],
)
async def test_where_nothing_would_buy_again_the_close_ticket_offers_no_pause(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore, changes: dict[str, Any]
) -> None:
    auto = dataclasses.replace(live_rows.LIVE, mode=ExecutionMode.AUTO)
    live_desk.put(Table.SESSIONS, live_rows.session_row(**{"settings": auto, "state": SessionState.RUNNING, **changes}))
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    ticket = open_close_ticket(live_desk, theme, host, session_id=LIVE, symbol="NORD")
    assert ticket.again.isHidden()
    assert ticket.pause.isHidden()
    click(qtbot, ticket.send)
    await work.settle()
    assert live_desk.names() == ["close_position"]


async def test_a_live_signal_names_its_account_and_asks_before_it_is_sent(
    qtbot: QtBot, live_desk: FakeDesk, theme: ThemeStore
) -> None:
    card = SignalCard(live_desk, theme, live_desk.tables[Table.SIGNALS]["g-live"])
    qtbot.addWidget(card)
    card.show()
    assert card.badge.text() == "LIVE - REAL MONEY"
    assert "alpaca/main" in card.account.toolTip()
    assert card.focusProxy() is card.reject
    click(qtbot, card.approve)
    assert live_desk.names() == []
    assert "real money" in card.confirm.sentence.text()
    click(qtbot, card.confirm.send)
    await work.settle()
    assert live_desk.names() == ["approve"]


async def test_stopping_a_live_session_says_what_that_does_at_the_broker(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    window.intents.ask(wanted.StopSession(LIVE))
    asks = window.findChild(StopDialog)
    assert asks is not None
    assert "At the broker (alpaca/main): orders at work 1, positions 1" in words_of(asks)
    assert "LIVE" in words_of(asks)
    qtbot.keyClick(asks, Qt.Key.Key_Return)
    assert live_desk.commands == [], "the way back has the focus"


# closing -------------------------------------------------------------------------------------------------------
async def test_fault_30_closing_says_what_stays_at_the_broker(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    for name in ("t-live-stop", "t-live-target"):
        row = live_desk.tables[Table.TRIGGERS][name]
        live_desk.put(
            Table.TRIGGERS, dataclasses.replace(row, trigger=dataclasses.replace(row.trigger, guard=Guard.APP))
        )
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    assert "At the broker (alpaca/main): orders at work 1, positions 1" in words_of(asks)
    assert "protect nothing: 2" in words_of(asks)
    assert "LIVE" in words_of(asks)
    assert asks.focusWidget() is asks.cancel
    qtbot.keyClick(asks, Qt.Key.Key_Return)
    assert live_desk.commands == []
    assert not window.closed.is_set()


async def test_fault_30_stopping_all_keeps_what_protects_positions_unless_one_says_otherwise(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    assert not asks.stop_choices[StopChoice.KEEP].isEnabled()
    choose(qtbot, asks.stop)
    assert asks.stop_choices[StopChoice.KEEP].isChecked()
    assert asks.bare.isHidden()
    choose(qtbot, asks.stop_choices[StopChoice.CANCEL])
    assert asks.bare.isVisible()
    assert asks.bare.height() >= asks.bare.heightForWidth(asks.bare.width()), "not cut"
    assert "held without a stop" in asks.bare.text()
    assert "rests at the broker to protect them is cancelled" in asks.bare.text()
    choose(qtbot, asks.stop_choices[StopChoice.KEEP])
    assert asks.bare.isHidden()
    click(qtbot, asks.go)
    await work.settle()
    await asyncio.wait_for(window.closed.wait(), 5)
    stops = [arguments["choice"] for name, arguments in live_desk.commands if name == "stop_session"]
    assert stops
    assert set(stops) == {StopChoice.KEEP}


async def test_where_nothing_is_held_stopping_cancels_what_works(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    for key in list(live_desk.tables[Table.POSITIONS]):
        live_desk.drop(Table.POSITIONS, key)
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    choose(qtbot, asks.stop)
    assert asks.stop_choices[StopChoice.CANCEL].isChecked()
    assert asks.bare.isHidden()


async def test_stopping_one_session_keeps_its_protection_too(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    window.intents.ask(wanted.StopSession(LIVE))
    asks = window.findChild(StopDialog)
    assert asks is not None
    assert asks.choices[StopChoice.KEEP].isChecked()
    choose(qtbot, asks.choices[StopChoice.CANCEL])
    assert asks.bare.isVisible()
    assert asks.bare.height() >= asks.bare.heightForWidth(asks.bare.width()), "not cut"
    choose(qtbot, asks.choices[StopChoice.KEEP])
    assert asks.bare.isHidden()
    click(qtbot, asks.go)
    await work.settle()
    assert live_desk.commands == [("stop_session", {"session_id": LIVE, "choice": StopChoice.KEEP})]


async def test_fault_30_paused_live_sessions_with_positions_ask_too(window: MainWindow, live_desk: FakeDesk) -> None:
    for row in live_desk.sessions():
        state = SessionState.PAUSED if row.session_id == LIVE else SessionState.STOPPED
        live_desk.put(Table.SESSIONS, dataclasses.replace(row, state=state))
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    assert "Something is left at a broker" in words_of(asks)


async def test_fault_30_the_window_waits_until_the_broker_has_taken_the_cancels(
    qtbot: QtBot, window: MainWindow, live_desk: FakeDesk
) -> None:
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    asks.stop.setChecked(True)
    asks.stop_choices[StopChoice.CANCEL].setChecked(True)
    click(qtbot, asks.go)
    await asyncio.sleep(0.05)
    assert ("stop_session", {"session_id": LIVE, "choice": StopChoice.CANCEL}) in live_desk.commands
    assert not window.closed.is_set(), "the order works at the broker still"
    await live_desk.cancel_order(LIVE, "as-3f9c1a-16")
    await work.settle()
    await asyncio.wait_for(window.closed.wait(), 5)


async def test_fault_30_what_the_broker_does_not_cancel_is_said_and_the_window_stays(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.05)
    window.close()
    asks = window.dialog
    assert isinstance(asks, CloseDialog)
    choose(qtbot, asks.stop)
    choose(qtbot, asks.stop_choices[StopChoice.CANCEL])
    click(qtbot, asks.go)
    await work.settle()
    assert not window.closed.is_set()
    assert window.banners.message.text.text().startswith("Not cancelled yet at the broker: orders in ACME.")


def test_the_sample_rows_hold_a_live_session_beside_its_twin(live_desk: FakeDesk) -> None:
    assert {row.settings.instruments for row in (live_rows.session_row(), live_rows.twin_row())} == {
        (rows.ACME, rows.NORD)
    }
    assert live_desk.badge == "LIVE"

"""The window as a whole: driven with real keys and clicks against a desk of sample rows."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox, QPushButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.config import load_settings
from desktop.domain.errors import InsufficientCash, NotFound
from desktop.domain.events import OrderChanged, Warned
from desktop.domain.orders import OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState, StopChoice
from desktop.engine.views import Changes, Table
from desktop.ui import intents as wanted
from desktop.ui import layouts as layouts_module
from desktop.ui import leaving, routes, work
from desktop.ui.command_palette import CommandPalette, Entry, ranked
from desktop.ui.dialogs.about import AboutDialog, HelpDialog, help_topics
from desktop.ui.dialogs.closing import CloseDialog, StopDialog
from desktop.ui.dialogs.fault import FaultDialog
from desktop.ui.dialogs.new_session import NewSession
from desktop.ui.dialogs.release_kill import ReleaseDialog
from desktop.ui.dialogs.settings import SettingsDialog
from desktop.ui.dialogs.workspace_name import WorkspaceName
from desktop.ui.docks import BOTTOM, ROOMY, Dock, DockSpec, dock_specs
from desktop.ui.guard import report
from desktop.ui.main_window import MainWindow
from desktop.ui.news import News
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets import hold_button
from desktop.ui.widgets.message_place import place_of
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import FakeLab, as_lab

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Plain(QWidget):
    """Stands in for a panel that another test looks at."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_symbol(self, *arguments: str) -> None:
        self.calls.append(arguments)

    edit = show_symbol


@pytest.fixture(autouse=True)
def _plain_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts, cards and editor have tests of their own; here they would only cost time."""
    real = dock_specs()

    def specs() -> tuple[DockSpec, ...]:
        plain = ("chart", "equity", "portfolio", "signals", "editor")
        return tuple(
            dataclasses.replace(spec, module=__name__, panel="Plain") if spec.name in plain else spec for spec in real
        )

    monkeypatch.setattr("desktop.ui.main_window.dock_specs", specs)
    monkeypatch.setattr("desktop.ui.docks.import_module", _importer)


def _importer(name: str) -> Any:
    import importlib
    import sys

    return sys.modules[__name__] if name == __name__ else importlib.import_module(name)


@pytest.fixture
async def window(desk: FakeDesk, theme: ThemeStore, preferences: Preferences) -> AsyncIterator[MainWindow]:
    made = MainWindow(preferences, theme, data="/data", log="/data/assay.log")
    made.resize(1366, 768)
    made.show()
    await made.attach(as_desk(desk))
    yield made
    await work.settle()
    made.end()
    await asyncio.wait_for(made.closed.wait(), 5)
    made.deleteLater()
    await asyncio.sleep(0)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def dialog(window: MainWindow, kind: type[Any]) -> Any:
    assert isinstance(window.dialog, kind)
    return window.dialog


def click(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# the default layout --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
async def test_the_default_layout_shows_everything_at_once(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    window.layouts.reset()
    await asyncio.sleep(0.01)
    docks = window.docks
    shown = [name for name, dock in docks.items() if not dock.visibleRegion().isEmpty()]
    assert set(shown) == {"sessions", "watchlist", "chart", "equity", "signals", "portfolio", "positions"}
    left, middle, right = (docks[name].geometry() for name in ("sessions", "chart", "signals"))
    assert left.right() < middle.left() < middle.right() < right.left()
    assert middle.width() > left.width()
    assert middle.width() > right.width()
    assert docks["watchlist"].geometry().top() > left.bottom()
    assert docks["positions"].geometry().top() > docks["equity"].geometry().bottom()
    assert set(BOTTOM) == {"positions"} | {dock.objectName() for dock in window.tabifiedDockWidgets(docks["positions"])}
    assert window.width() == width


async def test_the_window_stands_before_the_engine_does(theme: ThemeStore, preferences: Preferences) -> None:
    made = MainWindow(preferences, theme)
    made.show()
    assert not made.actions_by_name["new-session"].isEnabled()
    assert not made.toolbar.kill.isEnabled()
    assert made.docks["positions"].findChild(QLabel) is not None
    made.close()
    assert made.closed.is_set()
    made.deleteLater()


async def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView

    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for kind in (QAbstractButton, QLineEdit, QComboBox, QTableView)
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith(("qt_", "Scroll"))
        and type(widget.parent()).__name__ not in ("QLineEdit", "QTabBar", "RowTable")
    ]
    assert nameless == []


# modes ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("badge", "title", "text"),
    [
        ("DEMO", "Assay - DEMO - simulated prices", "DEMO - simulated prices"),
        ("PAPER", "Assay - PAPER", "PAPER"),
        ("LIVE", "Assay - LIVE - REAL MONEY", "LIVE - REAL MONEY"),
    ],
)
async def test_the_mode_is_said_by_frame_badge_and_title(
    window: MainWindow, desk: FakeDesk, theme: ThemeStore, badge: str, title: str, text: str
) -> None:
    desk.badge = badge
    desk.emit(Changes(status=True))
    assert window.windowTitle() == title
    assert window.toolbar.badge.text() == text
    assert window.toolbar.badge.accessibleName().startswith(badge)
    edge = window.grab().toImage().pixelColor(window.width() // 2, 0).name()
    assert edge == theme.tokens.mode(badge)[0]


async def test_lamps_and_banner_say_what_the_engine_says(window: MainWindow, desk: FakeDesk) -> None:
    assert [lamp.text for lamp in window.status_bar.lamps] == [
        "Feed  12 ms",
        "Broker  simulated",
        "Loop lag  2 ms",
        "Storage  4 ms",
    ]
    assert "2 ms (99th" in window.status_bar.lamps[2].toolTip()
    desk.banner = "The disk is full: no new order leaves."
    desk.emit(Changes(status=True))
    assert window.banners.attention.text.text() == desk.banner
    assert window.banners.attention.isVisible()
    desk.banner = ""
    desk.emit(Changes(status=True))
    assert not window.banners.attention.isVisible()
    window.status_bar.grab()


# kill switch ---------------------------------------------------------------------------------------------------
@pytest.fixture
def short_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 60)


async def test_a_click_on_the_kill_switch_does_nothing(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    click(qtbot, window.toolbar.kill)
    press(window.toolbar.kill, Qt.Key.Key_Space)
    await asyncio.sleep(0.05)
    assert desk.commands == []
    assert window.toolbar.kill.share == 0


async def test_holding_the_kill_switch_engages_it_and_the_banner_stays(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk, short_hold: None
) -> None:
    qtbot.mousePress(window.toolbar.kill, Qt.MouseButton.LeftButton)
    async with asyncio.timeout(5):
        while not desk.kill:  # noqa: ASYNC110 - the button's own timer decides
            await asyncio.sleep(0.01)
    qtbot.mouseRelease(window.toolbar.kill, Qt.MouseButton.LeftButton)
    assert desk.names() == ["engage_kill"]
    assert window.banners.kill.isVisible()
    assert "KILL SWITCH ENGAGED" in window.banners.kill.text.text()


async def test_leaving_the_button_lets_go(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    kill = window.toolbar.kill
    qtbot.mousePress(kill, Qt.MouseButton.LeftButton)
    assert kill.held
    kill.grab()
    qtbot.mouseMove(kill, QPoint(-40, -40))
    QApplication.sendEvent(kill, _mouse_move(QPoint(-40, -40)))
    assert not kill.held


def _mouse_move(at: QPoint) -> Any:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(at), left, left, Qt.KeyboardModifier.NoModifier)


async def test_control_shift_k_held_engages_the_kill_switch_and_a_tap_does_not(
    window: MainWindow, desk: FakeDesk, short_hold: None
) -> None:
    handle = window.windowHandle()
    window._kill_keys.watch(handle)
    QTest.keyPress(handle, Qt.Key.Key_K, CONTROL_SHIFT)
    assert window.toolbar.kill.held
    QTest.keyRelease(handle, Qt.Key.Key_K, CONTROL_SHIFT)
    assert not window.toolbar.kill.held
    assert desk.commands == []
    QTest.keyPress(handle, Qt.Key.Key_K, CONTROL_SHIFT)
    async with asyncio.timeout(5):
        while not desk.kill:  # noqa: ASYNC110 - the button's own timer decides
            await asyncio.sleep(0.01)
    repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_K, CONTROL_SHIFT, "K", autorep=True)
    assert window._kill_keys.eventFilter(handle, repeat)
    assert not window.toolbar.kill.held
    window._kill_keys.watch(None)


async def test_the_kill_switch_is_released_by_typing_a_word(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    await desk.engage_kill()
    click(qtbot, window.banners.kill.button)
    asks = dialog(window, ReleaseDialog)
    assert not asks.go.isEnabled()
    qtbot.keyClicks(asks.field, asks.word.lower()[:-1])
    press(asks.field, Qt.Key.Key_Return)
    assert desk.kill
    qtbot.keyClicks(asks.field, "e")
    click(qtbot, asks.go)
    await work.settle()
    assert not desk.kill
    assert not window.banners.kill.isVisible()


# actions and keys ----------------------------------------------------------------------------------------------
async def test_pausing_all_says_what_still_works(window: MainWindow, desk: FakeDesk) -> None:
    window.actions_by_name["pause-all"].trigger()
    await work.settle()
    assert desk.names() == ["pause_all"]
    assert "stops, targets and closing by hand go on working" in window.banners.message.text.text()
    press(window, Qt.Key.Key_Escape)
    assert not window.banners.message.isVisible()
    window.actions_by_name["resume-all"].trigger()
    await work.settle()
    assert desk.names()[-1] == "resume_all"


async def test_the_answer_to_a_command_moves_nothing_that_the_mouse_may_be_about_to_hit(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk
) -> None:
    def places() -> dict[str, QRect]:
        return {name: dock.geometry() for name, dock in window.docks.items() if dock.isVisible()}

    await asyncio.sleep(0.05)
    before = places()
    pause = window.toolbar.widgetForAction(window.actions_by_name["pause-all"])
    click(qtbot, pause)
    await work.settle()
    await asyncio.sleep(0.05)
    message = window.banners.message
    assert message.isVisible()
    assert places() == before
    for name in ("triggers", "orders"):  # a dock whose tab is chosen is raised over everything
        window.show_panel(name)
        await asyncio.sleep(0.02)
        assert window.childAt(message.geometry().center()) in (message, *message.findChildren(QWidget)), name
    assert message.geometry().bottom() < window.status_bar.geometry().top()
    assert message.text.width() >= message.text.fontMetrics().horizontalAdvance(message.text.text()), "in one line"
    window.resize(1000, 640)
    await asyncio.sleep(0.05)
    assert window.rect().contains(message.geometry())
    click(qtbot, message.button)
    assert not message.isVisible()


async def test_what_was_raised_before_the_window_stood_is_said_until_it_is_put_aside(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk
) -> None:
    desk.go_live()
    stop = Warned("account:alpaca/main", 1, "while away", "While Assay was away, the stop of NORD was filled: loss 30.")
    quiet = Warned("account:alpaca/main", 2, "connection", "The account is connected.")
    paper = Warned("s-demo", 3, "conflict", "ACME: an entry and an exit at once.")
    desk.warned = [stop, quiet, paper]
    news = News(as_desk(desk), window.banners.tell_news, window)
    window.banners.news_read.connect(news.put_aside)
    strip = window.banners.news
    assert strip.isVisible()
    assert strip.text.text() == stop.sentence, "what a line says as long as it holds is not said twice"
    window.say("A command was answered.")
    assert not strip.geometry().intersects(window.banners.message.geometry())
    assert strip.geometry().bottom() < window.status_bar.geometry().top()
    desk.tell(Warned("s-live", 4, "daily loss", "The daily loss of Dip live reached its limit."))
    assert strip.text.text().splitlines() == [stop.sentence, "The daily loss of Dip live reached its limit."]
    click(qtbot, strip.button)
    assert strip.isHidden()
    desk.tell(Warned("s-live", 5, "daily loss", "Another."))
    assert strip.text.text() == "Another."
    window.banners.dismiss()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert strip.isHidden()


async def test_an_order_that_is_refused_after_its_approval_is_said_with_the_reason(
    window: MainWindow, desk: FakeDesk
) -> None:
    desk.go_live()
    News(as_desk(desk), window.banners.tell_news, window)
    strip = window.banners.news

    def refused(session_id: str, why: str, **changes: Any) -> None:
        order = rows.order_rows()[0].order
        values = {"status": OrderStatus.REJECTED, "purpose": Purpose.ENTRY, "side": Side.BUY, "signal_id": "g-1"}
        order = dataclasses.replace(order, session_id=session_id, symbol="NORD", quantity=Decimal(9), reason=why)
        desk.tell(OrderChanged(session_id, 1, dataclasses.replace(order, **{**values, **changes})))

    refused("s-live", "", status=OrderStatus.NEW)
    refused("s-live", "It was not taken.", purpose=Purpose.GUARD)
    refused("s-trend", "Nobody approved it.")
    assert strip.isHidden()
    refused("s-live", "Alpaca refused it.")
    refused("s-live", "Alpaca refused it.")
    assert strip.isVisible()
    assert strip.text.text() == "Dip live: the order to buy 9 NORD was refused. Alpaca refused it."
    refused("s-demo", "The market is closed.", signal_id="", status=OrderStatus.DENIED)
    assert strip.text.text().splitlines()[1].endswith("the order to buy 9 NORD was refused. The market is closed.")


async def test_many_news_are_counted_and_lead_to_the_log(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    desk.warned = [Warned("account:alpaca/main", at, "while away", f"Fill {at}.") for at in range(1, 6)]
    News(as_desk(desk), window.banners.tell_news, window)
    lines = window.banners.news.text.text().splitlines()
    assert lines == ["Fill 3.", "Fill 4.", "Fill 5.", "and 2 before that, under Log & audit"]
    click(qtbot, window.banners.log)
    assert not window.docks["audit"].visibleRegion().isEmpty()


async def test_the_window_reads_what_was_raised_before_it_was_attached(
    preferences: Preferences, theme: ThemeStore, desk: FakeDesk
) -> None:
    desk.warned = [Warned("account:alpaca/main", 1, "while away", "The stop of NORD was filled.")]
    made = MainWindow(preferences, theme)
    made.show()
    await made.attach(as_desk(desk))
    assert made.banners.news.isVisible()
    made.end()
    await asyncio.wait_for(made.closed.wait(), 5)
    made.deleteLater()
    await asyncio.sleep(0)


def test_the_answer_stands_at_the_other_side_of_the_mouse() -> None:
    size, whole = QSize(500, 40), QSize(1366, 768)
    away = place_of(size, whole, 30, QPoint(700, 300))
    assert away == QRect(8, 690, 500, 40)
    near = place_of(size, whole, 30, QPoint(100, 700))
    assert near == QRect(1366 - 8 - 500, 690, 500, 40)


def test_the_answer_to_a_command_leaves_buttons_uncovered_where_it_can() -> None:
    size, whole, far = QSize(500, 40), QSize(1366, 768), QPoint(700, 300)
    run, other = QRect(20, 700, 120, 30), QRect(1200, 700, 120, 30)
    assert place_of(size, whole, 30, far, [run]).left() == 1366 - 8 - 500
    assert place_of(size, whole, 30, far, [other]).left() == 8
    assert place_of(size, whole, 30, far, [run, other]).left() == 8
    assert place_of(size, whole, 30, QPoint(1200, 700), [run]).left() == 8  # the mouse counts more


async def test_keys_ask_for_tickets_and_sessions(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    assert window._routes is not None
    monkeypatch.setattr(window._routes, "go", asked.append)
    window.activateWindow()
    press(window, Qt.Key.Key_F9)
    press(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == [wanted.OpenTicket("s-demo"), wanted.NewSession()]


async def test_the_window_follows_a_session_that_was_just_created(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    made = window.findChild(NewSession)
    assert made is not None
    click(qtbot, made.start)
    await work.settle()
    assert window.intents.session_id == "s-created"


async def test_control_and_a_digit_go_to_a_panel(window: MainWindow) -> None:
    window.activateWindow()
    press(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert not window.docks["orders"].visibleRegion().isEmpty()
    press(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert not window.docks["positions"].visibleRegion().isEmpty()


async def test_the_palette_finds_commands_panels_and_symbols(
    qtbot: QtBot, window: MainWindow, theme: ThemeStore
) -> None:
    window.activateWindow()
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = dialog(window, CommandPalette)
    assert palette.list.count() > 15
    qtbot.keyClicks(palette.field, "dark")
    before = theme.tokens.dark
    press(palette.field, Qt.Key.Key_Return)
    assert theme.tokens.dark is not before
    window.commands.open_palette()
    palette = dialog(window, CommandPalette)
    qtbot.keyClicks(palette.field, "zzz")
    assert palette.nothing.isVisible()
    assert not palette.list.isVisible()
    palette.field.clear()
    assert palette.list.isVisible()
    qtbot.keyClicks(palette.field, "chart nord")
    press(palette.field, Qt.Key.Key_Down)
    press(palette.field, Qt.Key.Key_Up)
    press(palette.field, Qt.Key.Key_Return)
    assert window.docks["chart"].panel.calls == [("s-demo", "NORD")]
    window.commands.open_palette()
    palette = dialog(window, CommandPalette)
    qtbot.keyClicks(palette.field, "why nord")
    with qtbot.waitSignal(window.intents.raised) as asked:
        press(palette.field, Qt.Key.Key_Return)
    assert asked.args == [wanted.ShowWhy("s-demo", "NORD")]
    window.commands.open_palette()
    palette = dialog(window, CommandPalette)
    qtbot.keyClicks(palette.field, "zzzz")
    press(palette.field, Qt.Key.Key_Return)
    assert palette.list.count() == 0
    palette.close()


def test_the_palette_ranks_beginnings_first() -> None:
    entries = [Entry(text, lambda: None) for text in ("Go to: Orders", "Reset layout", "Order", "Border")]
    assert [entry.text for entry in ranked("ord", entries)] == ["Order", "Go to: Orders", "Border"]
    assert ranked("", entries) == entries
    docks = [Entry(text, lambda: None, "") for text in ("Go to: Signals history", "Go to: History")]
    for typed in ("history", "go to: history"):
        assert ranked(typed, docks)[0].text == "Go to: History"


async def test_help_is_about_what_has_the_focus(window: MainWindow) -> None:
    window.activateWindow()
    window.show_panel("orders").table.setFocus()
    window.commands.open_help("orders")
    help_dialog = dialog(window, HelpDialog)
    texts = [label.text() for label in help_dialog.findChildren(QLabel)]
    assert texts[0] == "Orders"
    assert texts[texts.index("F9") + 1] == "Order ticket", "keys stand in a column of their own"
    assert "Approve or reject the marked signal" in texts
    help_dialog.close()
    assert set(help_topics()) - {""} == set(window.docks)
    window.actions_by_name["help"].trigger()
    dialog(window, HelpDialog).close()
    window.actions_by_name["about"].trigger()
    assert any("Apache" in label.text() for label in dialog(window, AboutDialog).findChildren(QLabel))


# layout --------------------------------------------------------------------------------------------------------
async def test_the_layout_comes_back_after_a_restart_and_can_be_reset(
    window: MainWindow, theme: ThemeStore, preferences: Preferences
) -> None:
    window.docks["watchlist"].close()
    window.docks["orders"].setFloating(True)
    window.layouts.save()
    again = MainWindow(preferences, theme)
    again.show()
    assert not again.docks["watchlist"].isVisible()
    assert again.docks["orders"].isFloating()
    again.actions_by_name["reset-layout"].trigger()
    assert again.docks["watchlist"].isVisible()
    assert not again.docks["orders"].isFloating()
    again.close()
    again.deleteLater()


async def test_the_tab_that_was_in_front_is_in_front_again(
    window: MainWindow, theme: ThemeStore, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_panel("editor")
    window.docks["watchlist"].setFloating(True)
    window.layouts.save()
    again = MainWindow(preferences, theme)
    shown: list[tuple[str, bool]] = []
    show = Dock.show

    def seen(dock: Dock) -> None:
        shown.append((dock.spec.name, again.isVisible()))
        show(dock)

    monkeypatch.setattr(Dock, "show", seen)
    again.show()
    await asyncio.sleep(0.05)
    fronts = [bar.tabText(bar.currentIndex()) for bar in again.findChildren(QTabBar) if bar.count() > 5]
    assert fronts == ["Strategy editor"]
    assert shown == [("watchlist", True)], "a floating dock is shown after its window, to lie above it"
    again.close()
    again.deleteLater()


async def test_a_layout_survives_an_upgrade_that_brings_a_new_dock(
    window: MainWindow, theme: ThemeStore, preferences: Preferences
) -> None:
    window.docks["watchlist"].close()
    window.layouts.save()
    known = preferences.text("window/docks").replace("triggers,", "")
    assert "triggers" not in known
    preferences.put("window/docks", known)
    again = MainWindow(preferences, theme)
    again.show()
    assert not again.docks["watchlist"].isVisible()
    assert again.docks["triggers"] in again.tabifiedDockWidgets(again.docks["positions"])
    again.close()
    again.deleteLater()


async def test_a_layout_of_another_schema_or_of_garbage_gives_the_default(
    window: MainWindow, theme: ThemeStore, preferences: Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.docks["watchlist"].close()
    window.layouts.save()
    monkeypatch.setattr(layouts_module, "SCHEMA", 2)
    assert not window.layouts.restore()
    assert window.docks["watchlist"].isVisible()
    preferences.put("window/state", QByteArray(b"nonsense"))
    preferences.put("window/geometry", QByteArray(b"nonsense"))
    assert not window.layouts.restore()
    assert window.docks["watchlist"].isVisible()


async def test_a_window_on_a_missing_monitor_comes_back_to_one_that_is_there(window: MainWindow) -> None:
    window.setGeometry(QRect(9000, 9000, 1200, 700))
    window.layouts._bring_on_screen()
    screen = QApplication.primaryScreen().availableGeometry()
    assert screen.contains(window.frameGeometry().topLeft())


async def test_workspaces_are_kept_under_any_name(qtbot: QtBot, window: MainWindow) -> None:
    window.commands.ask_workspace()
    asks = dialog(window, WorkspaceName)
    qtbot.keyClicks(asks.field, "  ")
    assert not asks.go.isEnabled()
    window.docks["watchlist"].close()
    qtbot.keyClicks(asks.field, "Open / close 50 %")
    press(asks.field, Qt.Key.Key_Return)
    assert not asks.isVisible()
    window.layouts.reset()
    assert window.layouts.workspaces() == ["Open / close 50 %"]
    window._fill_workspaces()
    entries = {action.text(): action for action in window.toolbar.workspaces.actions()}
    entries["Open / close 50 %"].trigger()
    assert not window.docks["watchlist"].isVisible()
    assert isinstance(entries["Delete workspace"].menu(), QMenu)
    window.commands.ask_workspace()
    asks = dialog(window, WorkspaceName)
    qtbot.keyClicks(asks.field, "Open / close 50 %")
    assert "will be replaced" in asks.warning.text()
    assert asks.go.text() == "Replace"
    press(asks.field, Qt.Key.Key_Escape)
    window.layouts.delete_workspace("Open / close 50 %")
    assert window.layouts.workspaces() == []


# faults and refusals -------------------------------------------------------------------------------------------
async def test_a_refusal_is_shown_as_its_sentence(window: MainWindow, desk: FakeDesk) -> None:
    from decimal import Decimal

    desk.refuse = InsufficientCash(symbol="ACME", needed=Decimal(18427), available=Decimal(10), currency="USD")
    window.commands.pause_all()
    await work.settle()
    assert window.banners.message.text.text().startswith("ACME: the order needs 18,427 USD but only 10 USD is free.")
    assert window.dialog is None


async def test_fault_32_a_broken_panel_is_shown_once_in_a_dialog_and_the_kill_switch_goes_on(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk
) -> None:
    report(ValueError("cannot draw"), "Positions._on_changes")
    shown = dialog(window, FaultDialog)
    assert "cannot draw" in shown.details.toPlainText()
    shown.copy()
    assert "cannot draw" in QApplication.clipboard().text()
    shown.close()
    window.dialog = None
    report(ValueError("again"), "Positions._on_changes")
    assert window.dialog is None
    assert "again" in window.banners.message.text.text()
    window.commands.engage_kill()
    await work.settle()
    assert desk.kill


async def test_fault_32_a_panel_that_cannot_be_made_leaves_the_others_standing(
    window: MainWindow, desk: FakeDesk
) -> None:
    dock = window.docks["chart"]

    def broken(kind: type[Any]) -> Any:
        raise RuntimeError("no graphics")

    assert not dock.fill(broken)
    assert "could not be opened" in dock.widget().text()  # type: ignore[attr-defined]  # a label stands there now
    desk.drop(Table.POSITIONS, "s-demo/NORD")
    assert window.docks["positions"].panel.table.rows.place("s-demo/NORD") == -1


# closing -------------------------------------------------------------------------------------------------------
async def test_fault_30_closing_with_sessions_running_asks_and_cancel_changes_nothing(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk
) -> None:
    assert not window.close()
    asks = dialog(window, CloseDialog)
    assert "Sessions running: 2 · orders at work: 2 · positions open: 4" in " ".join(
        label.text() for label in asks.findChildren(QLabel)
    )
    click(qtbot, asks.cancel)
    assert window.isVisible()
    assert not window.closed.is_set()
    assert desk.commands == []


async def test_fault_30_keep_running_takes_the_window_away_and_leaves_the_sessions(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk
) -> None:
    window.close()
    click(qtbot, dialog(window, CloseDialog).go)
    assert desk.commands == []
    assert not window.closed.is_set()
    assert window.isMinimized() or not window.isVisible()
    window.come_to_front()
    assert window.isVisible()
    assert not window.isMinimized()


async def test_fault_30_pause_pauses_all_and_leaves(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    window.close()
    asks = dialog(window, CloseDialog)
    asks.pause.setChecked(True)
    click(qtbot, asks.go)
    await work.settle()
    assert desk.names() == ["pause_all"]
    await asyncio.wait_for(window.closed.wait(), 5)


async def test_fault_30_what_cannot_be_sold_is_said_and_the_window_stays_until_it_is_closed_again(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "PATIENCE", 0.05)
    window.close()
    asks = dialog(window, CloseDialog)
    asks.stop.setChecked(True)
    asks.stop_choices[StopChoice.FLATTEN].setChecked(True)
    click(qtbot, asks.go)
    await work.settle()
    assert not window.closed.is_set()
    assert window.banners.message.text.text().startswith("Not sold yet: ACME, COIN/USD, HANRIVER, NORD.")
    window.close()
    await asyncio.wait_for(window.closed.wait(), 5)


@pytest.mark.parametrize("choice", StopChoice)
async def test_fault_30_stop_stops_all_with_the_users_choice_and_leaves(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk, choice: StopChoice
) -> None:
    window.close()
    asks = dialog(window, CloseDialog)
    assert not asks.stop_choices[choice].isEnabled()
    asks.stop.setChecked(True)
    asks.stop_choices[choice].setChecked(True)
    click(qtbot, asks.go)
    if choice is StopChoice.FLATTEN:
        await asyncio.sleep(0.05)
        assert not window.closed.is_set(), "what is being sold is not sold yet"
        for key in list(desk.tables[Table.POSITIONS]):
            desk.drop(Table.POSITIONS, key)
    await work.settle()
    assert [(name, found["session_id"], found["choice"]) for name, found in desk.commands] == [
        ("stop_session", "s-demo", choice),
        ("stop_session", "s-korea", choice),
        ("stop_session", "s-trend", choice),
    ]
    await asyncio.wait_for(window.closed.wait(), 5)


async def test_fault_30_a_refused_stop_keeps_the_window_open(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    window.close()
    asks = dialog(window, CloseDialog)
    asks.pause.setChecked(True)
    desk.refuse = NotFound("session", "s-demo")
    click(qtbot, asks.go)
    await work.settle()
    assert not window.closed.is_set()
    assert "There is no session" in window.banners.message.text.text()


async def test_closing_with_nothing_running_asks_nothing(window: MainWindow, desk: FakeDesk) -> None:
    for row in desk.sessions():
        desk.put(Table.SESSIONS, dataclasses.replace(row, state=SessionState.STOPPED))
    window.actions_by_name["quit"].trigger()
    await asyncio.wait_for(window.closed.wait(), 5)


# routes --------------------------------------------------------------------------------------------------------
async def test_intents_lead_to_panels_and_dialogs(
    qtbot: QtBot, window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, dict[str, Any]]] = []

    def importer(name: str) -> Any:
        class Module:
            def __getattr__(self, function: str) -> Callable[..., None]:
                return lambda *_, **fields: opened.append((f"{name}.{function}", fields))

        return Module()

    monkeypatch.setattr(routes, "import_module", importer)
    ask = window.intents.ask
    ask(wanted.CloseTicket("s-demo", "NORD"))
    ask(wanted.NewSession(copy_of="s-demo"))
    assert opened == [
        (
            "desktop.ui.dialogs.close_ticket.open_close_ticket",
            {"session_id": "s-demo", "symbol": "NORD", "quantity": None},
        ),
        ("desktop.ui.dialogs.new_session.open_new_session", {"strategy": None, "copy_of": "s-demo", "keeper": None}),
    ]
    ask(wanted.ShowOrder("o-9"))
    assert window.docks["orders"].panel.table.selected_rows()[0].order.order_id == "o-9"
    ask(wanted.ShowSignal("g-93"))
    ask(wanted.ShowAudit("s-korea", "fill"))
    await work.settle()
    assert window.docks["audit"].panel.search.text() == "fill"
    ask(wanted.EditStrategy("s-demo"))
    assert window.docks["editor"].panel.calls == [("s-demo", "")]
    ask(wanted.SelectSession("s-trend"))
    assert window.intents.session_id == "s-trend"
    ask(wanted.ShowHelp("orders"))
    dialog(window, HelpDialog).close()
    ask(wanted.StopSession("s-demo"))
    asks = window.findChild(StopDialog)
    assert asks is not None
    asks.choices[StopChoice.FLATTEN].setChecked(True)
    click(qtbot, asks.go)
    await work.settle()
    assert desk.commands[-1] == ("stop_session", {"session_id": "s-demo", "choice": StopChoice.FLATTEN})
    ask(wanted.StopSession("unknown"))


async def test_the_demo_is_reset_only_when_asked_twice(qtbot: QtBot, window: MainWindow, desk: FakeDesk) -> None:
    window.actions_by_name["reset-demo"].trigger()
    box = dialog(window, QMessageBox)
    assert desk.commands == []
    click(qtbot, next(item for item in box.findChildren(QPushButton) if item.text() == "Reset the demo"))
    await work.settle()
    assert desk.names() == ["reset_demo"]


async def test_settings_take_effect_at_once(window: MainWindow, theme: ThemeStore, preferences: Preferences) -> None:
    window.commands.open_settings()
    settings = dialog(window, SettingsDialog)

    def choose(name: str, value: str) -> None:
        box = settings.boxes[name]
        box.setCurrentIndex(box.findData(value))

    choose("scheme", "light")
    assert not theme.tokens.dark
    choose("colours", "red/blue")
    assert theme.tokens.pnl_up == theme.tokens.red
    choose("locale", "de_DE")
    entry = [column.key for column in window.docks["positions"].panel.table.columns].index("value")
    table = window.docks["positions"].panel.table
    assert table.rows.text(table.rows.place("s-korea/HANRIVER"), entry) == "30.180.000"
    choose("notice-fill", "off")
    assert preferences.text("notices/fill") == "off"
    settings.checks["do-not-disturb"].setChecked(True)
    assert preferences.flag("notices/do-not-disturb", default=False)
    settings.grab()
    settings.close()


async def test_whether_sessions_go_on_at_the_next_start_is_a_setting_of_the_program(
    window: MainWindow, tmp_path: Path
) -> None:
    window.data = str(tmp_path)
    window.commands.open_settings()
    settings = dialog(window, SettingsDialog)
    assert not settings.checks["resume"].isEnabled()
    await work.settle()
    assert settings.checks["resume"].isChecked()
    settings.checks["resume"].click()
    await work.settle()
    assert not load_settings(tmp_path).settings.resume_on_start


async def test_the_first_minute_shows_where_the_kill_switch_is(window: MainWindow, desk: FakeDesk) -> None:
    window.commands.point_at_kill()
    assert "for one second" in window.banners.message.text.text()
    assert desk.commands == []


async def test_backtest_opens_from_anywhere_with_room_once_there_is_a_lab(window: MainWindow, desk: FakeDesk) -> None:
    action = window.actions_by_name["backtest"]
    assert not action.isEnabled(), "no dead button while there is no lab"
    await window.attach_lab(as_lab(FakeLab()))
    assert action.isEnabled()
    action.trigger()
    await asyncio.sleep(0.05)
    dock = window.docks["backtest"]
    assert not dock.isFloating()
    assert dock.height() >= ROOMY
    strategy = desk.strategies()[-1]
    window.intents.ask(wanted.BacktestStrategy(dataclasses.replace(strategy, name="From the editor")))
    await work.settle()
    draft = dock.panel.form.draft()
    assert draft is not None
    assert draft.strategy.name == "From the editor"

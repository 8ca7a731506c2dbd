"""The history panel and its dialogs: what is stored, what it covers, what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import StorageFault
from desktop.domain.history import Gap
from desktop.ui import work
from desktop.ui.dialogs.decide_splits import open_decide_splits
from desktop.ui.dialogs.history_chart import open_history_chart
from desktop.ui.dialogs.history_gaps import open_history_gaps
from desktop.ui.intents import DecideSplits, DownloadHistory, ImportHistory, Intents, ShowGaps, ShowStored
from desktop.ui.panels.history import History
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.coverage import Span
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.stored_columns import splits_words
from tests.helpers.fake_archive import SPLIT, START, series_info
from tests.helpers.fake_desk import FakeDesk, as_desk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def intents(asked: list[Any]) -> Intents:
    made = Intents()
    made.raised.connect(asked.append)
    return made


@pytest_asyncio.fixture
async def panel(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, intents: Intents) -> History:
    made = History(as_desk(desk), theme, intents)
    qtbot.addWidget(made)
    made.resize(1_300, 240)
    made.show()
    await work.settle()
    return made


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(panel: History, number: int, key: str) -> str:
    row = next(row for row in panel.table.rows.shown_rows() if row.info.series_id == number)
    return next(column for column in panel.table.columns if column.key == key).shown(row)


def menu_of(panel: History, number: int) -> QMenu:
    panel.table.select_key(str(number))
    menu = panel.table.open_menu(panel.table.visualRect(panel.table.currentIndex()).center())
    assert isinstance(menu, QMenu)
    return menu


async def test_every_series_is_listed_with_what_it_covers(panel: History) -> None:
    assert panel.table.rows.rowCount() == 5
    assert shown(panel, 1, "rows") == "1,725"
    assert shown(panel, 1, "first") == "1/2/2014"
    assert shown(panel, 2, "timeframe") == "1m"
    assert shown(panel, 5, "timeframe") == "quotes"
    assert (shown(panel, 1, "gaps"), shown(panel, 1, "missing")) == ("2", "49")
    assert (shown(panel, 5, "gaps"), shown(panel, 5, "missing")) == ("–", "–")
    assert shown(panel, 1, "coverage") == "97.1 %"
    assert [shown(panel, number, "splits") for number in (1, 2, 3, 4)] == [
        "2 to decide",
        "–",
        "adjusted in 4",
        "adjusted",
    ]
    assert not panel.grab().isNull()


async def test_all_its_columns_have_room_in_a_window_of_1366_pixels(panel: History) -> None:
    panel.resize(1_362, 240)
    QApplication.processEvents()
    bar = panel.table.horizontalScrollBar()
    assert bar.maximum() == 0, f"{bar.maximum()} pixels are out of sight"


@pytest.mark.parametrize(
    ("judged", "words"), [("XNYS", "XNYS"), ("weekdays", "weekdays (assumed)"), ("", "timeframe alone")]
)
async def test_it_is_said_what_gaps_were_judged_by(desk: FakeDesk, panel: History, judged: str, words: str) -> None:
    row = desk.archive.rows[1]
    desk.archive.rows[1] = replace(row, info=replace(row.info, judged=judged))
    desk.archive.tell()
    await work.settle()
    assert (shown(panel, 1, "judged"), shown(panel, 5, "judged")) == (words, "–")


async def test_nothing_is_read_before_somebody_looks(
    desk: FakeDesk, theme: ThemeStore, intents: Intents, qtbot: QtBot
) -> None:
    made = History(as_desk(desk), theme, intents)
    qtbot.addWidget(made)
    desk.archive.tell()
    await work.settle()
    assert made.table.rows.rowCount() == 0


async def test_an_empty_archive_offers_an_import(
    theme: ThemeStore, intents: Intents, asked: list[Any], qtbot: QtBot
) -> None:
    made = History(as_desk(FakeDesk(empty=True)), theme, intents)
    qtbot.addWidget(made)
    made.show()
    await work.settle()
    assert made.first_import.isVisible()
    qtbot.mouseClick(made.first_import, LEFT)
    assert asked == [ImportHistory()]


async def test_a_file_dropped_on_the_panel_is_looked_at_in_the_import(panel: History, asked: list[Any]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/data/spy.csv")])
    place, button, keys = QPoint(40, 60), LEFT, Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(panel, QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, button, keys))
    QCoreApplication.sendEvent(panel, QDropEvent(place, Qt.DropAction.CopyAction, mime, button, keys))
    assert asked == [ImportHistory("/data/spy.csv")]
    mime.setUrls([QUrl.fromLocalFile("/data/a.csv"), QUrl.fromLocalFile("/data/b.csv")])
    two = QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, button, keys)
    QCoreApplication.sendEvent(panel, two)
    assert not two.isAccepted()


async def test_a_change_of_the_archive_is_shown(panel: History, desk: FakeDesk) -> None:
    del desk.archive.rows[5]
    desk.archive.tell()
    await work.settle()
    assert panel.table.rows.rowCount() == 4
    desk.archive.rows.clear()
    desk.archive.tell()
    await work.settle()
    assert panel.first_import.isVisible()


async def test_a_panel_that_is_gone_is_told_nothing(desk: FakeDesk, theme: ThemeStore, intents: Intents) -> None:
    made = History(as_desk(desk), theme, intents)
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, 52)  # DeferredDelete
    QCoreApplication.processEvents()
    desk.archive.tell()
    assert desk.archive._listeners == []


async def test_enter_decides_on_splits_where_there_are_some_else_shows_the_chart(
    panel: History, asked: list[Any], desk: FakeDesk, qtbot: QtBot
) -> None:
    for number in (1, 2, 5):
        panel.table.select_key(str(number))
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    first, second = desk.archive.rows[1], desk.archive.rows[2]
    assert asked == [DecideSplits(first.info, first.pending), ShowStored(second.info)]


async def test_the_menu_offers_what_can_be_done(panel: History, asked: list[Any], desk: FakeDesk) -> None:
    actions = {action.text(): action for action in menu_of(panel, 1).actions()}
    for name in ("Show chart", "Show gaps…", "Decide on splits…", "Import…"):
        actions[name].trigger()
    info = desk.archive.rows[1].info
    assert asked == [
        ShowStored(info), ShowGaps(info), DecideSplits(info, desk.archive.rows[1].pending), ImportHistory()
    ]  # fmt: skip
    ticks = {action.text(): action.isEnabled() for action in menu_of(panel, 5).actions()}
    assert not ticks["Show chart"]
    assert not ticks["Show gaps…"]
    assert not ticks["Decide on splits…"]
    assert ticks["Export prices…"]


async def test_prices_are_exported_to_the_file_that_is_chosen(panel: History, desk: FakeDesk) -> None:
    actions = {action.text(): action for action in menu_of(panel, 4).actions()}
    actions["Export prices…"].trigger()
    (dialog,) = panel.findChildren(QFileDialog)
    dialog.fileSelected.emit("/tmp/out.csv")
    dialog.close()
    await work.settle()
    assert desk.archive.commands == [("export", (4, "/tmp/out.csv"))]


async def test_deleting_asks_in_words_and_cancel_is_the_default(panel: History, desk: FakeDesk, qtbot: QtBot) -> None:
    panel.table.select_key("2")
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    (box,) = panel.findChildren(QMessageBox)
    assert box.text() == "Delete BTC/USD 1m, 1,048,320 rows?"
    assert "came from btcusd_1m.csv and can be had from there again" in box.informativeText()
    qtbot.mouseClick(box.defaultButton(), LEFT)
    await work.settle()
    assert desk.archive.commands == []
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    box = panel.findChildren(QMessageBox)[-1]
    go = next(one for one in box.buttons() if one.text() == "Delete")
    qtbot.mouseClick(go, LEFT)
    await work.settle()
    assert desk.archive.commands == [("delete", 2)]
    assert panel.table.rows.rowCount() == 4


async def test_a_refusal_is_said_over_the_table(panel: History, desk: FakeDesk) -> None:
    desk.archive.refuse = StorageFault("The disk is full. Nothing was deleted.")
    panel._delete(2)
    await work.settle()
    assert panel.answer.text() == "The disk is full. Nothing was deleted."
    assert panel.answer.isVisible()


async def test_splits_left_as_traded_are_named(desk: FakeDesk) -> None:
    row = desk.archive.rows[2]
    assert splits_words(replace(row, info=replace(row.info, accepted=(1,)))) == "left as traded"


async def test_the_gaps_are_judged_by_the_hours_one_chooses(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    dialog = open_history_gaps(as_desk(desk), theme, host, info=series_info(1, "AAPL"))
    await work.settle()
    assert dialog.summary.text().startswith("Missing bars: 3 in 1 gap, judged by the timeframe alone")
    assert dialog.table.rows.rowCount() == 1
    dialog.hours.setCurrentIndex(2)
    qtbot.mouseClick(dialog.judge, LEFT)
    await work.settle()
    assert desk.archive.commands[-1] == ("gaps", (1, "XNYS"))
    dialog.hours.setEditText("whenever")
    qtbot.mouseClick(dialog.judge, LEFT)
    await work.settle()
    assert "cannot be read" in dialog.answer.text()
    assert dialog.table.rows.rowCount() == 0


@pytest.mark.parametrize("hours", ["XNYS", "09:00-15:30@Asia/Seoul"])
async def test_the_gaps_are_judged_first_by_the_hours_kept_with_the_series(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, hours: str
) -> None:
    open_history_gaps(as_desk(desk), theme, host, info=series_info(1, "AAPL", hours=hours))
    await work.settle()
    assert desk.archive.commands[-1] == ("gaps", (1, hours))


async def test_the_chart_of_a_series_shows_its_bars(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    dialog = open_history_chart(as_desk(desk), theme, host, info=desk.archive.rows[4].info)
    await work.settle()
    assert dialog.canvas.view is not None
    assert len(dialog.canvas.view.bars) == 300
    assert dialog.about.text().endswith("goog_1d.csv, adjusted for splits")
    assert not dialog.grab().isNull()
    gone = open_history_chart(as_desk(desk), theme, host, info=series_info(77, "X"))
    await work.settle()
    assert "77" in gone.answer.text()


async def test_splits_of_a_stored_series_are_decided_on(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    row = desk.archive.rows[1]
    dialog = open_decide_splits(as_desk(desk), theme, host, info=row.info, splits=row.pending)
    qtbot.mouseClick(dialog.choice.all_adjust, LEFT)
    assert desk.archive.commands == []
    qtbot.mouseClick(dialog.choice.record, LEFT)
    await work.settle()
    assert desk.archive.commands == [("decide", (1, row.pending, ()))]
    assert desk.archive.rows[1].pending == ()


def test_a_span_knows_what_share_of_it_is_covered() -> None:
    assert Span(0, 100, ()).covered == 1.0
    assert Span(0, 100, (Gap(10, 30, 2),)).covered == pytest.approx(0.8)
    assert Span(5, 5, ()).covered == 1.0


def test_days_are_written_as_days_whatever_the_users_zone() -> None:
    assert when(START, "1d") == "1/2/2014"
    assert when(START, "1m").startswith("1/")
    assert when(SPLIT.at, "1d") == "6/5/2014"


async def test_prices_are_downloaded_from_the_panel(panel: History, asked: list[Any], qtbot: QtBot) -> None:
    fetch = next(tool for tool in panel.title_tools if getattr(tool, "text", lambda: "")() == "Download…")
    qtbot.mouseClick(fetch, LEFT)
    assert asked == [DownloadHistory()]


async def test_an_adjusted_series_that_is_out_of_date_says_so_and_is_adjusted_again(
    panel: History, desk: FakeDesk
) -> None:
    row = replace(desk.archive.rows[4], outdated=True)
    desk.archive.rows[4] = row
    desk.archive.tell()
    await work.settle()
    assert splits_words(row) == "adjusted, out of date"
    menu = QMenu()
    panel._fill_menu(menu, [row])
    next(action for action in menu.actions() if action.text() == "Adjust again").trigger()
    await work.settle()
    assert desk.archive.commands[-1] == ("adjust again", 4)
    assert not desk.archive.rows[4].outdated
    menu = QMenu()
    panel._fill_menu(menu, [desk.archive.rows[4]])
    assert not [action for action in menu.actions() if action.text() == "Adjust again"]

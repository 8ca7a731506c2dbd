"""The import dialog: preview with the columns named, mistakes at the field, progress, cancel, what came of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from arro3.core import DataType
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import FieldError, StorageFault
from desktop.market.history_merge import Existing
from desktop.market.spikes import Spikes
from desktop.ui import work
from desktop.ui.dialogs.import_history import ImportHistory, open_import_history
from desktop.ui.dialogs.overlap_choice import OverlapChoice
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_archive import SECOND_SPLIT, SPLIT, import_report, overlap_of, series_info
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.parquet_files import write_parquet

LEFT = Qt.MouseButton.LeftButton
HEADER = "Date,Open,High,Low,Close,Volume\n"


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest_asyncio.fixture
async def dialog(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> ImportHistory:
    return open_import_history(as_desk(desk), theme, host)


def daily(path: Path, text: str = "") -> Path:
    rows = "".join(f"2024-02-{day:02},10,11,9,10,100\n" for day in range(1, 21))
    path.write_text(HEADER + (text or rows))
    return path


async def looked(dialog: ImportHistory, path: Path, qtbot: QtBot) -> None:
    """Type the path of a file and wait until it was looked at."""
    dialog.page.file.selectAll()
    qtbot.keyClicks(dialog.page.file, str(path))
    await again(dialog)


async def again(dialog: ImportHistory) -> None:
    """Look at the file now instead of in a quarter of a second."""
    await work.settle()
    dialog.page.look()
    await work.settle()


def mistake(dialog: ImportHistory, name: str) -> str:
    rows = dialog.page.fields.left if name in dialog.page.fields.left.mistakes else dialog.page.fields.right
    found = rows.mistakes[name]
    return "" if found.isHidden() else found.text()


async def test_an_empty_dialog_says_what_to_do_and_cannot_start(dialog: ImportHistory) -> None:
    assert not dialog.isModal()
    assert "Drop a file here" in dialog.page.drop.text()
    assert not dialog.page.drop.isHidden()
    assert dialog.page.table.isHidden()
    assert not dialog.start.isEnabled()
    assert dialog.page.file_mistake.isHidden()
    await work.settle()


async def test_the_first_rows_are_shown_with_what_each_column_is_taken_for(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy_1d.csv"), qtbot)
    assert dialog.page.table.chosen() == ["time", "open", "high", "low", "close", "volume"]
    cell = dialog.page.table.item(0, 0)
    assert cell is not None
    assert cell.text() == "2024-02-01"
    assert dialog.page.fields.symbol.text() == "SPY"
    assert dialog.page.facts.text().startswith("Bars  ·  CSV  ·  about 20 rows")
    assert dialog.start.isEnabled()


async def test_wrong_cells_of_the_first_rows_say_what_is_wrong(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "a.csv", "2024-02-01,1,2,1,2,5\n2024-02-02,1,2,1,n/a,5\n"), qtbot)
    wrong, right = dialog.page.table.item(1, 4), dialog.page.table.item(0, 4)
    assert wrong is not None
    assert right is not None
    assert "n/a" in wrong.toolTip()
    assert right.toolTip() == ""
    assert "1 of the first rows cannot be used" in dialog.page.facts.text()


async def test_enter_after_a_path_reads_the_file_and_imports_nothing_yet(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy_1d.csv"), qtbot)
    dialog.page.file.setFocus()
    assert dialog.start.isEnabled()
    qtbot.keyClick(dialog.page.file, Qt.Key.Key_Return)
    assert dialog.run is None, "the rows are to be seen first"
    await work.settle()
    assert dialog.run is None
    assert dialog.page.table.rowCount() > 0
    assert dialog.start.isEnabled()


async def test_a_column_is_named_by_choosing_over_it(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("When;First;Top;Bottom;Final\n2024-02-01;1;2;0.5;1.5\n2024-02-02;1;2;0.5;1.5\n")
    await looked(dialog, path, qtbot)
    assert not dialog.start.isEnabled()
    assert dialog.page.file_mistake.text().startswith("odd.csv")
    assert dialog.page.file_mistake.text().endswith("Say over the table what each column is.")
    for place, meaning in enumerate(("time", "open", "high", "low", "close")):
        picker = dialog.page.table.header.pickers[place]
        picker.setCurrentIndex(picker.findData(meaning))
    await again(dialog)
    assert dialog.page.file_mistake.isHidden()
    assert dialog.start.isEnabled()
    assert dict(dialog.page.request().layout.columns) == {
        "time": "#1", "open": "#2", "high": "#3", "low": "#4", "close": "#5"
    }  # fmt: skip


async def test_what_is_known_of_a_file_is_chosen_already_where_something_is_missing(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "sap.csv"
    path.write_text("Datum;Start;Max;Min;Schluss;Volume\n31/12/2023;10;11;9;10;5\n01/01/2024;10;11;9;10;5\n")
    await looked(dialog, path, qtbot)
    assert dialog.page.table.chosen() == ["", "", "high", "low", "", "volume"]
    for place, key in ((0, Qt.Key.Key_T), (1, Qt.Key.Key_O), (4, Qt.Key.Key_C)):
        picker = dialog.page.table.header.pickers[place]
        picker.setFocus()
        qtbot.keyClick(picker, key)
    await again(dialog)
    assert "None of its first times can be read" in dialog.page.file_mistake.text()
    dialog.page.fields.order.setFocus()
    qtbot.keyClick(dialog.page.fields.order, Qt.Key.Key_Down)
    await again(dialog)
    assert dialog.page.file_mistake.isHidden()
    assert dialog.start.isEnabled()
    assert dialog.page.request().layout.date_order == "day first"


async def test_a_column_that_is_not_used_is_not_read(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    volume = dialog.page.table.header.pickers[5]
    volume.setFocus()
    qtbot.keyClick(volume, Qt.Key.Key_Home)  # "not used" stands first
    await again(dialog)
    assert dialog.page.request().layout.ignored == ("#6",)
    assert dialog.start.isEnabled()


async def test_the_columns_are_reached_by_tab_after_the_file(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    dialog.page.browse.setFocus()
    reached = []
    for _ in range(8):
        focused = dialog.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget())
    assert reached == [*dialog.page.table.header.pickers, dialog.page.table, dialog.page.fields.symbol]


async def test_two_columns_for_the_same_are_refused(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    high = dialog.page.table.header.pickers[2]
    high.setCurrentIndex(high.findData("close"))
    await again(dialog)
    assert "both taken for the close" in dialog.page.file_mistake.text()
    assert not dialog.start.isEnabled()


async def test_a_file_without_a_header_row_is_read_by_its_columns_places(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("2024-02-01,1,2,0.5,1.5\n2024-02-02,1,2,0.5,1.5\n")
    await looked(dialog, path, qtbot)
    for place, meaning in enumerate(("time", "open", "high", "low", "close")):
        picker = dialog.page.table.header.pickers[place]
        picker.setCurrentIndex(picker.findData(meaning))
    await again(dialog)
    assert dialog.page.table.rowCount() == 2
    assert dialog.start.isEnabled()


async def test_a_parquet_file_is_looked_at_too(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    day = 86_400_000_000
    prices = {name: (DataType.float64(), [1.5, 1.5]) for name in ("open", "high", "low", "close")}
    times = {"time": (DataType.timestamp("us", tz="UTC"), [19_000 * day, 19_001 * day])}
    await looked(dialog, write_parquet(tmp_path / "eth_1d.parquet", times | prices), qtbot)
    assert dialog.page.facts.text().startswith("Bars  ·  Parquet")
    assert dialog.page.table.chosen() == ["time", "open", "high", "low", "close"]
    assert not dialog.page.fields.separator.isVisible()
    assert dialog.start.isEnabled()


async def test_the_zone_is_asked_for_only_where_the_times_name_none(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "days.csv"), qtbot)
    assert not dialog.page.fields.zone.isEnabled()
    assert dialog.page.fields.zone_words.text() == "Days need no zone."
    path = tmp_path / "hours.csv"
    rows = "".join(f"2024-02-0{day} {hour}:30:00,1,2,1,2,5\n" for day in (1, 2) for hour in ("09", "12", "15"))
    path.write_text(HEADER + rows)
    await looked(dialog, path, qtbot)
    assert dialog.page.fields.zone.isEnabled()
    assert dialog.page.fields.zone.zone == "America/New_York"
    assert "Check it" in dialog.page.fields.zone_words.text()
    await again(dialog)
    typed = dialog.page.fields.zone.lineEdit()
    assert typed is not None
    typed.selectAll()
    qtbot.keyClicks(dialog.page.fields.zone, "Asia/Soul")
    await again(dialog)
    assert "no time zone" in mistake(dialog, "zone")
    assert not dialog.start.isEnabled()
    dialog.page.fields.zone.show_zone("Asia/Seoul")
    await again(dialog)
    assert not mistake(dialog, "zone")
    assert dialog.page.request().layout.zone == "Asia/Seoul"


async def test_a_zone_is_found_by_any_part_of_its_name(dialog: ImportHistory) -> None:
    await work.settle()
    found = dialog.page.fields.zone.completer()
    assert found is not None
    found.setCompletionPrefix("kolk")
    assert found.currentCompletion() == "Asia/Kolkata"
    found.setCompletionPrefix("reykja")
    assert found.currentCompletion() == "Atlantic/Reykjavik"


async def test_mistakes_stand_at_their_fields(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    dialog.page.fields.symbol.selectAll()
    qtbot.keyClick(dialog.page.fields.symbol, Qt.Key.Key_Delete)
    qtbot.keyClicks(dialog.page.fields.tick, "0")
    dialog.page.fields.lot.selectAll()
    qtbot.keyClicks(dialog.page.fields.lot, "x")
    assert "up to 40 characters" in mistake(dialog, "symbol")
    assert mistake(dialog, "tick") == mistake(dialog, "lot") == "Give a number above zero."
    assert not dialog.start.isEnabled()


async def test_a_file_that_cannot_be_read_says_so(dialog: ImportHistory, tmp_path: Path, qtbot: QtBot) -> None:
    await looked(dialog, tmp_path / "nowhere.csv", qtbot)
    assert "cannot be read" in dialog.page.file_mistake.text()
    assert dialog.page.file.property("invalid") == "true"
    path = tmp_path / "latin.csv"
    path.write_bytes(b"time,open\n\xff\xfe,1\n")
    await looked(dialog, path, qtbot)
    assert "not UTF-8" in dialog.page.file_mistake.text()


async def test_a_dropped_file_is_looked_at(dialog: ImportHistory, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(daily(tmp_path / "goog_1d.csv")))])
    over = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog, over)
    assert over.isAccepted()
    event = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog, event)
    await again(dialog)
    assert event.isAccepted()
    assert dialog.page.fields.symbol.text() == "GOOG"
    assert dialog.start.isEnabled()


async def test_a_file_is_chosen_in_a_dialog_that_nothing_waits_for(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    path = daily(tmp_path / "ibm_1d.csv")
    qtbot.mouseClick(dialog.page.browse, LEFT)
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(path))
    chooser.close()
    await again(dialog)
    assert dialog.page.file.text() == str(path)
    assert dialog.start.isEnabled()


async def test_what_was_filled_in_is_what_is_imported(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    fields = dialog.page.fields
    fields.symbol.selectAll()
    qtbot.keyClicks(fields.symbol, "SPY.N")
    fields.timeframe.setCurrentIndex(fields.timeframe.findData("1d"))
    fields.currency.setEditText("eur")
    qtbot.keyClicks(fields.tick, "0.5")
    fields.hours.setCurrentIndex(fields.hours.findData("XNYS"))
    fields.existing.setFocus()
    qtbot.keyClick(fields.existing, Qt.Key.Key_End)
    qtbot.mouseClick(dialog.start, LEFT)
    request = desk.archive.runs[-1].request
    assert (request.symbol, request.timeframe, request.currency) == ("SPY.N", "1d", "EUR")
    assert (request.tick, request.lot, request.hours) == (Decimal("0.5"), Decimal(1), "XNYS")
    assert request.existing is Existing.REPLACE
    assert not request.adjust_splits
    desk.archive.runs[-1].finish()
    await work.settle()


async def test_progress_is_shown_and_cancel_ends_the_import(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    run.progress(0.42)
    assert dialog.bar.value() == 420
    assert dialog.stage.text() == "Reading the file: 42 %"
    run.progress(0.95)
    assert dialog.stage.text() == "Storing: 95 %"
    assert not dialog.page.fields.isEnabled()
    qtbot.mouseClick(dialog.cancel, LEFT)
    await work.settle()
    assert run.cancelled
    assert dialog.answer.text().endswith("Nothing of it was stored.")
    assert dialog.isVisible()
    assert dialog.bar.isHidden()
    assert dialog.start.isEnabled()


async def test_closing_the_dialog_ends_the_import(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.archive.runs[-1].cancelled
    assert not dialog.isVisible()
    await work.settle()


async def test_the_frames_button_and_the_foots_close_the_dialog(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    first, second = (open_import_history(as_desk(desk), theme, host) for _ in range(2))
    await work.settle()
    first.close()
    qtbot.mouseClick(second.cancel, LEFT)
    assert not first.isVisible()
    assert not second.isVisible()


async def test_a_refusal_stands_at_its_field_or_above_the_buttons(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    desk.archive.runs[-1].fail(FieldError("symbol", "SPY 1d is stored already (series 3). Replace it."))
    await work.settle()
    assert "stored already" in mistake(dialog, "symbol")
    assert dialog.start.isEnabled()
    qtbot.mouseClick(dialog.start, LEFT)
    desk.archive.runs[-1].fail(StorageFault("The disk is full. What was stored stays."))
    await work.settle()
    assert dialog.answer.text() == "The disk is full. What was stored stays."


async def test_the_result_lists_rows_left_out_duplicates_and_gaps(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "spy.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    desk.archive.runs[-1].finish()
    await work.settle()
    result = dialog.outcome
    assert result is not None
    assert result.headline.text() == "SPY: 95 bars of 1d are stored."
    assert "5 rows were left out, 2 of them duplicates." in result.summary.text()
    tabs = result.tabs
    assert [tabs.tabText(place) for place in range(tabs.count())] == ["Left out (5)", "Duplicates (2)", "Gaps (2)"]
    first = result.errors.rows.row(0)
    assert (first.row, first.column) == (4, "close")
    result.errors.copy()
    assert "'n/a' is no number" in QGuiApplication.clipboard().text()
    assert "46 bars are missing in 2 gaps" in result.summary.text()
    assert dialog.start.isHidden()
    qtbot.mouseClick(dialog.again, LEFT)
    assert dialog.page.file.text() == ""
    assert not dialog.start.isHidden()


@pytest.mark.parametrize(
    ("spikes", "says"),
    [(None, ""), (Spikes(1, 0), "The bar of "), (Spikes(3, 0), "3 bars stand alone")],
)
async def test_bars_on_another_scale_are_warned_of_after_an_import(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot, spikes: Spikes | None, says: str
) -> None:
    await looked(dialog, daily(tmp_path / "aapl.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    run.finish(import_report(run.request, spikes=spikes))
    await work.settle()
    assert dialog.outcome is not None
    assert dialog.outcome.spikes.isVisible() == bool(says)
    assert dialog.outcome.spikes.text().startswith(says)


async def test_splits_are_offered_and_the_choice_recorded_only_when_all_are_decided(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "aapl.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    run.finish(import_report(run.request, splits=(SPLIT, SECOND_SPLIT)))
    await work.settle()
    result = dialog.outcome
    assert result is not None
    choice = result.splits
    assert choice is not None
    assert not choice.record.isEnabled()
    assert dialog.focusWidget() is choice.choices[0]
    choice.choices[0].setCurrentIndex(1)
    assert not choice.record.isEnabled()
    choice.choices[1].setCurrentIndex(2)
    assert desk.archive.commands == []
    qtbot.mouseClick(choice.record, LEFT)
    await work.settle()
    assert desk.archive.commands == [("decide", (9, (SPLIT,), (SECOND_SPLIT,)))]
    assert "stored as series 109" in choice.words.text()
    assert "1 left as it was traded" in choice.words.text()
    assert choice.record.isHidden()


async def test_a_decision_that_is_refused_can_be_taken_again(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "aapl.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    run.finish(import_report(run.request, splits=(SPLIT,)))
    await work.settle()
    assert dialog.outcome is not None
    choice = dialog.outcome.splits
    assert choice is not None
    desk.archive.refuse = StorageFault("The disk is full. What was stored stays.")
    qtbot.mouseClick(choice.all_leave, LEFT)
    qtbot.mouseClick(choice.record, LEFT)
    await work.settle()
    assert choice.answer.text() == "The disk is full. What was stored stays."
    qtbot.mouseClick(choice.record, LEFT)
    await work.settle()
    assert desk.archive.commands[-1] == ("decide", (9, (), (SPLIT,)))


# stored already ------------------------------------------------------------------------------------------------------
async def asked(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot, **changes: object
) -> OverlapChoice:
    await looked(dialog, daily(tmp_path / "spy_1d.csv"), qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    assert run.request.existing is Existing.ASK
    run.finish(import_report(run.request, series=None, overlap=overlap_of(run.request, **changes)))
    await work.settle()
    assert dialog.question is not None
    return dialog.question


async def test_where_it_is_stored_already_the_user_is_asked_what_becomes_of_it(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    question = await asked(dialog, desk, tmp_path, qtbot)
    assert (
        "75 are not stored yet, 1,722 are stored with the same values, 3 with other values" in question.summary.text()
    )
    assert list(question.ways) == [Existing.ADD_KEEPING, Existing.ADD_TAKING, Existing.REPLACE]
    assert question.ways[Existing.ADD_KEEPING].isChecked()
    assert "will hold 1,800 rows" in question.say.text()
    assert question.table is not None
    assert question.table.rows.rowCount() == 3
    assert "10 → 10.25" in question.table.rows.data(question.table.rows.index(0, 4))
    qtbot.keyClick(question.ways[Existing.ADD_KEEPING], Qt.Key.Key_Down)
    assert question.existing is Existing.ADD_TAKING
    qtbot.mouseClick(dialog.start, LEFT)
    run = desk.archive.runs[-1]
    assert run.request.existing is Existing.ADD_TAKING
    run.finish(import_report(run.request, overlap=overlap_of(run.request, stored=series_info(9, "SPY"))))
    await work.settle()
    assert dialog.outcome is not None
    assert "75 bars were added" in dialog.outcome.headline.text()
    qtbot.mouseClick(dialog.again, LEFT)
    assert dialog.pages.currentWidget() is dialog.page
    assert dialog.start.text() == "Import"


async def test_from_the_question_one_can_go_back_and_nothing_was_changed(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await asked(dialog, desk, tmp_path, qtbot)
    qtbot.mouseClick(dialog.again, LEFT)
    assert dialog.question is None
    assert dialog.page.path.endswith("spy_1d.csv")
    assert dialog.start.isEnabled()
    assert len(desk.archive.runs) == 1


async def test_quotes_that_are_stored_can_only_be_replaced_and_only_when_chosen(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    quotes = series_info(5, "SPY", "")
    question = await asked(dialog, desk, tmp_path, qtbot, stored=quotes, new=0, same=0, different=0, differences=())
    assert list(question.ways) == [Existing.REPLACE]
    assert not dialog.start.isEnabled()
    qtbot.mouseClick(
        question.ways[Existing.REPLACE], LEFT, pos=QPoint(8, question.ways[Existing.REPLACE].height() // 2)
    )
    assert dialog.start.isEnabled()


async def test_without_differences_adding_is_one_choice(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    question = await asked(dialog, desk, tmp_path, qtbot, different=0, differences=())
    assert list(question.ways) == [Existing.ADD, Existing.REPLACE]
    assert question.table is None


async def test_a_refusal_after_the_question_leads_back_to_the_form(
    dialog: ImportHistory, desk: FakeDesk, tmp_path: Path, qtbot: QtBot
) -> None:
    await asked(dialog, desk, tmp_path, qtbot)
    qtbot.mouseClick(dialog.start, LEFT)
    desk.archive.runs[-1].fail(FieldError("currency", "is USD, but the stored prices are in EUR."))
    await work.settle()
    assert dialog.pages.currentWidget() is dialog.page
    assert "stored prices are in EUR" in mistake(dialog, "currency")


async def test_for_daily_bars_without_weekends_new_yorks_calendar_is_proposed_and_said_to_be_assumed(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    weekdays = "".join(f"2024-02-{day:02},10,11,9,10,100\n" for day in range(1, 29) if (day + 2) % 7 < 5)
    await looked(dialog, daily(tmp_path / "spy_1d.csv", weekdays), qtbot)
    fields = dialog.page.fields
    assert dialog.page.request().hours == "XNYS"
    assert not fields.hours_words.isHidden()
    fields.hours.setFocus()
    qtbot.keyClick(fields.hours, Qt.Key.Key_Down)
    await again(dialog)
    assert dialog.page.request().hours == "XKRX"
    assert fields.hours_words.isHidden()


async def test_a_value_that_cannot_be_is_marked_in_its_cell_with_a_sentence(
    dialog: ImportHistory, tmp_path: Path, qtbot: QtBot
) -> None:
    await looked(dialog, daily(tmp_path / "a.csv", "2024-02-01,1,2,1,2,5\n2024-02-02,3,2,1,2,-5\n"), qtbot)
    high, volume, close = (dialog.page.table.item(1, column) for column in (2, 5, 4))
    assert high is not None
    assert volume is not None
    assert close is not None
    assert high.toolTip() == "The high 2 is below the open 3; the row will be left out."
    assert volume.toolTip().startswith("The volume -5 is below 0")
    assert close.toolTip() == ""
    assert high.foreground() != close.foreground()
    assert "1 of the first rows cannot be used" in dialog.page.facts.text()

"""Tables: sorted by value, kept by key, copied and exported without running anything."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QMenu, QStyle, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from desktop.ui import formats, work
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore, text_font
from desktop.ui.widgets.blotter import Blotter
from desktop.ui.widgets.cell_delegate import MARGIN, CellDelegate
from desktop.ui.widgets.columns import Column, Kind, matches
from desktop.ui.widgets.export import ask_export, write
from desktop.ui.widgets.row_table import RowTable


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    amount: Decimal | None
    gain: float = 0.0


Make = Callable[..., RowTable[Row]]
COLUMNS = (
    Column[Row]("name", "Name", lambda row: row.name),
    Column[Row]("amount", "Amount", lambda row: row.amount, lambda row: formats.money(row.amount, "USD"), Kind.NUMBER),
    Column[Row]("gain", "Gain", lambda row: row.gain, lambda row: formats.percent(row.gain), Kind.SIGNED),
    Column[Row]("state", "State", lambda row: row.key, kind=Kind.BADGE, tone=lambda _: "paper"),
    Column[Row]("curve", "Curve", lambda _: (1.0, 3.0, 2.0), lambda _: "", Kind.SPARK),
    Column[Row]("close", "Close", lambda _: "", lambda _: "Close", Kind.BUTTON),
    Column[Row]("extra", "Extra", lambda row: row.key, hidden=True),
)
ROWS = [Row("a", "nine", Decimal(9)), Row("b", "ten", Decimal(10)), Row("c", "two", Decimal(2)), Row("d", "none", None)]


@pytest.fixture
def make(qtbot: QtBot, theme: ThemeStore) -> Make:
    def build(**extra: object) -> RowTable[Row]:
        table: RowTable[Row] = RowTable(
            COLUMNS,
            key=lambda row: row.key,
            name="test",
            theme=theme,
            title="Test",
            empty=("Nothing here", "Do this to change it."),
            **extra,  # type: ignore[arg-type]  # the optional hooks, by name
        )
        qtbot.addWidget(table)
        table.resize(700, 300)
        table.show()
        return table

    return build


def names(table: RowTable[Row]) -> list[str]:
    return [row.name for row in table.rows.shown_rows()]


def click_header(qtbot: QtBot, table: RowTable[Row], column: int) -> None:
    place = QPoint(table.header.sectionViewportPosition(column) + 12, 8)
    qtbot.mouseClick(table.header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_numbers_sort_by_value_nine_before_ten_and_the_unknown_last(qtbot: QtBot, make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    click_header(qtbot, table, 1)
    assert names(table) == ["two", "nine", "ten", "none"]
    click_header(qtbot, table, 1)
    assert names(table) == ["ten", "nine", "two", "none"]
    click_header(qtbot, table, 1)
    assert names(table) == ["nine", "ten", "two", "none"]


def test_a_click_selects_and_the_selection_stays_with_its_row(qtbot: QtBot, make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    click_header(qtbot, table, 1)
    at = table.visualRect(table.rows.index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [row.key for row in table.selected_rows()] == ["a"]
    table.put(replace(ROWS[0], amount=Decimal(99)))
    assert names(table)[2] == "nine"
    assert [row.amount for row in table.selected_rows()] == [Decimal(99)]
    table.remove("c")
    table.put(Row("e", "five", Decimal(5)))
    assert [row.key for row in table.selected_rows()] == ["a"]
    table.put_all([ROWS[1], ROWS[0]])
    assert [row.key for row in table.selected_rows()] == ["a"]
    table.remove("a")
    assert table.selected_rows() == [] or table.selected_rows()[0].key == "b"


def test_a_badge_stays_readable_in_the_cell_that_has_the_focus(make: Make, theme: ThemeStore) -> None:
    table = make()
    table.put_all(ROWS)
    number = [column.key for column in table.columns].index("state")
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 90, 24)
    option.state = QStyle.StateFlag.State_HasFocus
    picture = QPixmap(90, 24)
    picture.fill(theme.tokens.surface)
    painter = QPainter(picture)
    table.itemDelegate().paint(painter, option, table.rows.index(0, number))
    painter.end()
    assert picture.toImage().pixelColor(84, 4) == QColor(theme.tokens.surface), "the plate does not fill the cell"


def test_enter_and_double_click_open_a_row_and_a_button_cell_acts(qtbot: QtBot, make: Make) -> None:
    opened: list[str] = []
    clicked: list[tuple[str, str]] = []
    table = make(activate=lambda row: opened.append(row.key), click=lambda name, row: clicked.append((name, row.key)))
    table.put_all(ROWS)
    at = table.visualRect(table.rows.index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["b", "b"]
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.rows.index(2, 5)).center())
    assert clicked == [("close", "c")]
    qtbot.mouseMove(table.viewport(), table.visualRect(table.rows.index(2, 5)).center())


def test_columns_hide_move_and_reset_and_are_remembered(qtbot: QtBot, make: Make, preferences: Preferences) -> None:
    table = make()
    table.put_all(ROWS)
    menu = table.header.open_menu(QPoint(5, 5))
    assert menu is not None
    entries = {action.text(): action for action in menu.actions()}
    entries["Amount"].trigger()
    entries["Extra"].trigger()
    menu.close()
    table.header.moveSection(table.header.visualIndex(2), 0)
    click_header(qtbot, table, 0)
    table.header.save()
    again = make()
    assert [column.key for column in again.header.visible_columns()][:2] == ["gain", "name"]
    assert "amount" not in [column.key for column in again.header.visible_columns()]
    assert "extra" in [column.key for column in again.header.visible_columns()]
    assert again.header.sortIndicatorSection() == 0
    again.header.reset_columns()
    assert [column.key for column in again.header.visible_columns()] == [
        "name",
        "amount",
        "gain",
        "state",
        "curve",
        "close",
    ]
    assert again.header.sortIndicatorSection() == -1


def test_a_column_can_put_the_newest_on_top_until_the_user_sorts_otherwise(
    qtbot: QtBot, theme: ThemeStore, preferences: Preferences
) -> None:
    columns = [
        Column[tuple[str, int]]("name", "Name", lambda row: row[0], width=90),
        Column[tuple[str, int]]("time", "Time", lambda row: row[1], width=90, newest_first=True),
    ]

    def made() -> RowTable[tuple[str, int]]:
        table: RowTable[tuple[str, int]] = RowTable(
            columns, key=lambda row: row[0], name="newest", theme=theme, title="Newest", empty=("", "")
        )
        qtbot.addWidget(table)
        table.put_all([("a", 1), ("b", 3), ("c", 2)])
        return table

    def order(table: RowTable[tuple[str, int]]) -> list[str]:
        return [table.rows.row(place)[0] for place in range(3)]

    table = made()
    assert order(table) == ["b", "c", "a"]
    assert table.header.isSortIndicatorShown(), "the header says by what it is sorted"
    table.put(("d", 9))
    assert table.rows.row(0) == ("d", 9)
    table.header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    table.header.save()
    assert order(made()) == ["a", "b", "c"]
    again = made()
    again.header.reset_columns()
    assert order(again) == ["b", "c", "a"]


def test_columns_survive_an_upgrade_that_adds_and_removes_some(make: Make, preferences: Preferences) -> None:
    preferences.put(
        "tables/test",
        '{"order": ["gone", "gain", "name"], "columns": {"gain": {"width": 133}, "gone": {}}, "sort": "gone"}',
    )
    table = make()
    assert [column.key for column in table.header.visible_columns()][:3] == ["gain", "name", "amount"]
    assert table.header.sectionSize(2) == 133
    preferences.put("tables/test", "not json at all")
    again = make()
    assert [column.key for column in again.header.visible_columns()][:2] == ["name", "amount"]


def test_the_last_column_cannot_be_hidden(make: Make) -> None:
    table = make()
    for column in COLUMNS:
        table.header.show_column(column.key, shown=False)
    assert len(table.header.visible_columns()) == 1


def test_copying_gives_tab_separated_text_with_the_locales_decimal_sign(qtbot: QtBot, make: Make) -> None:
    table = make()
    table.put_all([Row("a", "one\ttab", Decimal("1234.50"), 0.5), ROWS[1]])
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Name\tAmount\tGain\tState\none tab\t1234.50\t0.5\ta"
    QLocale.setDefault(QLocale("de_DE"))
    table.clearSelection()
    assert table.copy().splitlines()[1] == "one tab\t1234,50\t0,5\ta"
    assert len(table.copy().splitlines()) == 3


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-cmd", "@SUM(A1)", "  =1", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_exported_as_text(make: Make, evil: str) -> None:
    table = make()
    table.put_all([Row("a", evil, Decimal("-5.25"), -0.5)])
    lines = list(csv.reader(io.StringIO(table.csv(), newline="")))
    assert lines[0] == ["Name", "Amount", "Gain", "State"]
    assert lines[1][0] == f"'{evil}"
    assert lines[1][1:3] == ["-5.25", "-0.5"]  # numbers stay numbers


async def test_export_writes_the_file_or_says_why_not(tmp_path: Path, qtbot: QtBot, make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    dialog = ask_export(table, table.csv(), "test")
    target = tmp_path / "out.csv"
    dialog.fileSelected.emit(str(target))
    await work.settle()
    dialog.close()
    assert target.read_text(encoding="utf-8-sig").splitlines()[0] == "Name,Amount,Gain,State"
    with pytest.raises(Exception, match="nothing was exported"):
        await write(tmp_path / "missing" / "out.csv", "x")


def test_the_filter_row_takes_texts_and_comparisons(qtbot: QtBot, make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    qtbot.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    fields = table.header.filters
    qtbot.keyClicks(fields[1], "> 5")
    assert names(table) == ["nine", "ten"]
    qtbot.keyClicks(fields[0], "TEN")
    assert names(table) == ["ten"]
    table.header.show_filters(False)
    assert len(names(table)) == 4


@pytest.mark.parametrize(
    ("wanted", "value", "shown", "fits"),
    [
        (">= 9", Decimal(9), "9.00", True),
        ("<9", Decimal(9), "9.00", False),
        ("=9", 9, "9", True),
        ("<= 1,000", 1000, "1,000", True),
        ("> x", 5, "> x", True),
        (">5", "text", "text", False),
        ("", None, "", True),
        ("> nan", 5, "5", False),
    ],
)
def test_what_fits_a_filter(wanted: str, value: object, shown: str, *, fits: bool) -> None:
    assert matches(wanted, value, shown) is fits


def test_the_search_of_a_blotter_counts_and_esc_clears_it(qtbot: QtBot, make: Make) -> None:
    table = make()
    blotter = Blotter(table)
    qtbot.addWidget(blotter)
    blotter.show()
    assert isinstance(blotter.search, QLineEdit)
    table.put_all(ROWS)
    assert blotter._count.text() == "4"
    qtbot.keyClicks(blotter.search, "n e")
    assert names(table) == ["nine", "ten", "none"]
    assert blotter._count.text() == "3 of 4"
    qtbot.keyClicks(blotter.search, "zzz")
    assert names(table) == []
    table.grab()
    blotter.search.clear()
    assert len(names(table)) == 4


def test_the_menu_offers_what_the_panel_adds_and_copying(qtbot: QtBot, make: Make) -> None:
    def fill(menu: QMenu, rows: list[Row]) -> None:
        menu.addAction(f"Close {rows[0].name}")

    table = make(menu=fill)
    table.put_all(ROWS)
    menu = table.open_menu(table.visualRect(table.rows.index(2, 0)).center())
    assert menu is not None
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == ["Close two", "Copy", "Export as CSV…"]
    next(action for action in menu.actions() if action.text() == "Copy").trigger()
    assert "two" in QGuiApplication.clipboard().text()
    menu.close()
    qtbot.keyClick(table, Qt.Key.Key_Menu)


def test_rows_flash_only_when_the_user_wants_it(make: Make, theme: ThemeStore) -> None:
    table = make()
    table.put_all(ROWS)
    table.put(replace(ROWS[0], amount=Decimal(1)))
    assert table.rows.flashed(0) == 0
    theme.preferences.put("tables/flash", value=True)
    table.put(replace(ROWS[0], amount=Decimal(3)))
    assert table.rows.flashed(0) > 0
    table.grab()
    table.rows._flashes["a"] = 0.0
    table._fade()
    assert table.rows.flashed(0) == 0
    assert not table._flash_timer.isActive()


def test_of_a_thousand_changed_rows_those_that_were_painted_are_painted_anew_in_one_step(make: Make) -> None:
    table = make()
    many = [Row(str(number), f"row {number}", Decimal(number)) for number in range(1000)]
    table.put_all(many)
    table.resize(400, 2000)
    table.grab()
    told: list[int] = []
    table.rows.dataChanged.connect(lambda first, last: told.append(last.row() - first.row() + 1))
    table.put_many([replace(row, gain=1.0) for row in many])
    assert len(told) == 1
    assert 40 < told[0] < 100  # what has room in the table
    assert table.rows.rowCount() == 1000


def test_only_cells_that_look_different_are_painted_anew(make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    table.grab()
    told: list[tuple[int, int, int]] = []
    table.rows.dataChanged.connect(lambda first, last: told.append((first.row(), first.column(), last.column())))
    table.put(replace(ROWS[0], amount=Decimal(77)))
    place, amount = table.rows.place(ROWS[0].key), 1
    assert told == [(place, amount, amount)]
    assert table.rows.text(place, amount) == "77.00"
    table.put(replace(ROWS[0], amount=Decimal(77)))
    assert len(told) == 1  # nothing looks different


def test_a_text_that_fails_keeps_no_other_row_from_its_values(make: Make) -> None:
    table = make()
    table.put_all(ROWS)
    table.grab()
    nonsense: Any = "no number"
    broken = replace(ROWS[0], amount=nonsense)
    table.put_many([broken, replace(ROWS[1], amount=Decimal(5))])
    assert table.rows.get(ROWS[1].key) == replace(ROWS[1], amount=Decimal(5))


def test_an_empty_table_says_what_will_be_here(make: Make) -> None:
    table = make()
    empty = table.grab().toImage()
    table.put_all(ROWS)
    assert table.grab().toImage() != empty
    assert table.accessibleName() == "Test"
    assert table.rows.headerData(1, Qt.Orientation.Horizontal) == "Amount"
    assert table.rows.data(table.rows.index(0, 1), Qt.ItemDataRole.AccessibleTextRole) == "9.00"


def test_a_change_of_theme_or_locale_makes_the_texts_anew(make: Make, theme: ThemeStore) -> None:
    table = make()
    table.put_all([Row("a", "one", Decimal("1234.5"))])
    assert table.rows.text(0, 1) == "1,234.50"
    QLocale.setDefault(QLocale("de_DE"))
    theme.preferences.put("locale/numbers", "de_DE")
    assert table.rows.text(0, 1) == "1.234,50"
    theme.toggle()
    assert table.select_key("a")
    assert not table.select_key("unknown")
    table.header.fit()


LARGE = Decimal("123456789.25")


def shown_width(table: RowTable[Row], column: int) -> int:
    table.grab()  # painting is what asks for room
    QCoreApplication.processEvents()
    return table.header.sectionSize(column)


def drag_handle(qtbot: QtBot, table: RowTable[Row], column: int, by: int) -> None:
    view = table.header.viewport()
    edge = table.header.sectionViewportPosition(column) + table.header.sectionSize(column) - 1
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(edge, 8))
    for step in (by // 2, by):
        qtbot.mouseMove(view, QPoint(edge + step, 8))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(edge + by, 8))


def painted(table: RowTable[Row], number: Decimal, width: int) -> str:
    delegate = table.itemDelegate()
    assert isinstance(delegate, CellDelegate)
    canvas = QPixmap(10, 10)
    painter = QPainter(canvas)
    short = delegate._shortened(painter, formats.money(number, "USD"), width, numeric=True, bold=False)
    painter.end()
    return short


def test_a_column_grows_to_a_number_that_came_later_and_never_shrinks(make: Make) -> None:
    table = make()
    table.put_all([Row("a", "small", Decimal(1))])
    assert shown_width(table, 1) == 90
    table.put(Row("a", "large", LARGE, gain=123_456_789.0))
    grown = shown_width(table, 1)
    room = QFontMetrics(text_font()).horizontalAdvance(formats.money(LARGE, "USD")) + 2 * MARGIN
    assert grown >= room
    assert shown_width(table, 2) > 90
    table.put(Row("a", "small", Decimal(1)))
    assert shown_width(table, 1) == grown
    table.header.reset_columns()
    assert table.header.sectionSize(1) == 90


def test_growing_is_not_kept_as_an_arrangement_of_the_user(make: Make, preferences: Preferences) -> None:
    table = make()
    table.put_all([Row("a", "large", LARGE)])
    assert shown_width(table, 1) > 90
    table.resize(900, 300)  # the last column is stretched: the user has arranged nothing either
    shown_width(table, 1)
    assert not table.header._later.isActive()
    assert not preferences.text("tables/test")


def test_a_width_that_was_saved_for_smaller_numbers_grows_too(make: Make) -> None:
    first = make()
    first.header.resizeSection(1, 60)
    first.header.save()
    second = make()
    assert second.header.sectionSize(1) == 60
    second.put_all([Row("a", "large", LARGE)])
    assert shown_width(second, 1) > 60


def test_a_column_the_user_dragged_narrow_stays_and_shows_no_part_of_a_number(make: Make, qtbot: QtBot) -> None:
    table = make()
    table.put_all([Row("a", "large", LARGE)])
    wide = shown_width(table, 1)
    drag_handle(qtbot, table, 1, 40 - wide)
    narrow = table.header.sectionSize(1)
    assert narrow < 50
    assert shown_width(table, 1) == narrow
    assert set(painted(table, LARGE, narrow - 2 * MARGIN)) == {"#"}
    table.header.save()
    again = make()
    again.put_all([Row("a", "large", LARGE)])
    assert shown_width(again, 1) == narrow
    again.header.sectionHandleDoubleClicked.emit(1)
    assert shown_width(again, 1) >= wide


@pytest.mark.parametrize("width", range(1, 140, 7))
def test_a_number_is_drawn_whole_or_not_at_all(make: Make, width: int) -> None:
    assert set(painted(make(), LARGE, width)) == {"#"} or painted(make(), LARGE, width) == "123,456,789.25"


def test_the_tip_of_a_cramped_number_says_it_whole(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    table = make()
    table.put_all([Row("a", "large", LARGE)])
    tips: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, *_: tips.append(text))
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint())
    for width, told in ((40, ["123,456,789.25"]), (300, [])):
        tips.clear()
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, 24)
        table.itemDelegate().helpEvent(event, table, option, table.rows.index(0, 1))
        assert tips == told

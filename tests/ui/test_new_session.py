"""The new-session dialog: prefilled, mistakes at the field, what is created."""

import asyncio
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import DataFileError, FieldError, UserMistake
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind
from desktop.ui import work
from desktop.ui.dialogs.new_session import NewSession, open_new_session
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers.fake_archive import SPLIT, import_report
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> NewSession:
    return open_new_session(desk, theme, host)


def shown(dialog: NewSession, rows_name: str, field: str) -> str:
    mistake = dialog.rows[rows_name].mistakes[field]
    return "" if mistake.isHidden() else mistake.text()


async def test_everything_is_prefilled_and_can_start_at_once(dialog: NewSession, desk: FakeDesk, qtbot: QtBot) -> None:
    assert not dialog.isModal()
    assert dialog.focusWidget() is dialog.strategy
    assert not dialog.mistakes()
    qtbot.mouseClick(dialog.start, LEFT)
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    assert desk.names() == ["create_session"]
    draft = desk.commands[0][1]["draft"]
    assert desk.commands[0][1]["start"] is True
    assert (draft.name, draft.symbols, draft.cash) == ("RSI dip", ("ACME",), Decimal(10_000))
    assert draft.mode is ExecutionMode.MANUAL
    assert draft.fills.kind is FillModelKind.REALISTIC
    assert draft.limits == RiskLimits.prudent()
    assert draft.hours == "instrument"


def test_mistakes_stand_at_their_fields_while_typing(dialog: NewSession, qtbot: QtBot) -> None:
    dialog.name.setFocus()
    dialog.name.selectAll()
    qtbot.keyClick(dialog.name, Qt.Key.Key_Delete)
    dialog.cash.selectAll()
    qtbot.keyClicks(dialog.cash, "0")
    dialog.symbols.selectAll()
    qtbot.keyClick(dialog.symbols, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(shown(dialog, "first", "cash")))
    assert shown(dialog, "first", "name") == "Give the session a name."
    assert shown(dialog, "first", "cash") == "Must be an amount above zero."
    assert shown(dialog, "first", "symbols") == "Name at least one symbol."
    assert dialog.name.property("invalid") == "true"
    assert dialog.tabs.tabText(0).endswith("•")
    assert not dialog.start.isEnabled()
    qtbot.keyClicks(dialog.name, "Mine")
    qtbot.waitUntil(lambda: not shown(dialog, "first", "name"))


def test_a_wrong_limit_and_a_wrong_fill_model_are_said_on_their_tabs(dialog: NewSession) -> None:
    dialog.limits.fields["max_positions"].setText("x")
    dialog.fills.numbers["volume_share"].setText("130")
    dialog.check()
    assert "number above zero" in shown(dialog, "limits", "max_positions")
    assert "100 %" in shown(dialog, "second", "fills")
    assert [dialog.tabs.tabText(place).endswith("•") for place in range(3)] == [False, True, True]


def test_a_seed_that_is_no_whole_number_is_refused_at_its_field(dialog: NewSession, qtbot: QtBot) -> None:
    for typed in ("1.5", "abc", ""):
        dialog.seed.setFocus()
        dialog.seed.selectAll()
        qtbot.keyClick(dialog.seed, Qt.Key.Key_Delete)
        qtbot.keyClicks(dialog.seed, typed)
        qtbot.waitUntil(lambda: shown(dialog, "second", "seed") == "A whole number is needed.")
        assert not dialog.start.isEnabled()
    qtbot.keyClicks(dialog.seed, "7")
    qtbot.waitUntil(dialog.start.isEnabled)


def test_a_percentage_that_would_never_act_is_refused_at_its_field(dialog: NewSession, qtbot: QtBot) -> None:
    loss = dialog.limits.fields["max_daily_loss"]
    dialog.tabs.setCurrentIndex(2)
    loss.setFocus()
    loss.selectAll()
    qtbot.keyClicks(loss, "900")
    qtbot.waitUntil(lambda: "At most 100 %" in shown(dialog, "limits", "max_daily_loss"))
    loss.selectAll()
    qtbot.keyClicks(loss, "100")
    qtbot.waitUntil(lambda: not shown(dialog, "limits", "max_daily_loss"))


def test_the_suggested_cash_and_the_unit_of_money_follow_the_currency(dialog: NewSession, qtbot: QtBot) -> None:
    dialog.symbols.selectAll()
    qtbot.keyClicks(dialog.symbols, "HANBIT")
    assert dialog.cash.value == Decimal(10_000_000)
    assert dialog.limits._money.text() == "KRW"
    dialog.cash.selectAll()
    qtbot.keyClicks(dialog.cash, "55000")
    dialog.symbols.selectAll()
    qtbot.keyClicks(dialog.symbols, "ACME")
    assert (dialog.currency.currentText(), dialog.cash.value) == ("USD", Decimal(55_000))
    assert dialog.limits._money.text() == "USD"


def test_symbols_are_completed_and_set_the_currency(dialog: NewSession, qtbot: QtBot) -> None:
    dialog.symbols.setFocus()
    dialog.symbols.selectAll()
    qtbot.keyClicks(dialog.symbols, "hanb")
    popup = dialog.symbols._completer.popup()
    assert popup is not None
    assert popup.isVisible()
    dialog.symbols._insert("HANBIT  Hanbit Electronics")
    assert dialog.symbols.symbols == ("HANBIT",)
    assert dialog.currency.currentText() == "KRW"
    qtbot.keyClicks(dialog.symbols, ", han")
    dialog.symbols._insert("HANRIVER  Han River Motors")
    assert dialog.symbols.text() == "HANBIT, HANRIVER"
    draft = dialog.draft()
    assert draft is not None
    assert draft.currency == "KRW"


async def test_stored_prices_are_replayed_under_their_own_symbol_and_currency(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    qtbot.mouseClick(dialog.stored, Qt.MouseButton.LeftButton)
    await work.settle()
    offered = [action.text() for action in dialog.stored.menu_.actions()]
    assert offered[1] == "BTC/USD 1m  ·  btcusd_1m.csv"
    dialog.stored.menu_.actions()[1].trigger()
    dialog.stored.menu_.close()
    dialog.check()
    assert dialog.file.text() == "series:2"
    assert dialog.symbols.symbols == ("BTC/USD",)
    assert dialog.file_words.text().startswith("BTC/USD 1m  ·  btcusd_1m.csv: 1,048,320 rows")
    draft = dialog.draft()
    assert draft is not None
    assert (draft.feed, draft.currency) == ("replay:series:2", "USD")
    assert dialog.start.isEnabled()


async def test_splits_that_are_not_decided_on_are_said_of_stored_prices(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    qtbot.mouseClick(dialog.stored, Qt.MouseButton.LeftButton)
    await work.settle()
    dialog.stored.menu_.actions()[0].trigger()
    dialog.stored.menu_.close()
    assert "Probable splits not decided on: 2." in dialog.file_words.text()
    assert dialog.file_words.property("tone") == "warning"


async def test_adjusted_prices_are_offered_first_and_told_apart_from_those_as_traded(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    qtbot.mouseClick(dialog.stored, Qt.MouseButton.LeftButton)
    await work.settle()
    actions = dialog.stored.menu_.actions()
    adjusted, traded = (action for action in actions if action.text().startswith("GOOG"))
    assert adjusted.text().startswith("GOOG 1d adjusted  ")
    assert traded.text().startswith("GOOG 1d as traded  ")
    traded.trigger()
    assert dialog.file.text() == "series:3"
    assert "Series 4 is adjusted" in dialog.file_words.text()
    assert dialog.file_words.property("tone") == "warning"
    adjusted.trigger()
    dialog.stored.menu_.close()
    assert dialog.file.text() == "series:4"
    assert "scale" not in dialog.file_words.text()
    assert not dialog.file_words.property("tone")


def test_a_replay_needs_a_file(dialog: NewSession) -> None:
    assert dialog.file.isHidden() or not dialog.file.isVisible()
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    dialog.check()
    assert shown(dialog, "first", "file") == "Choose the file or the stored prices to replay."
    assert not shown(dialog, "first", "symbols"), "what the symbol may be is in the file"
    dialog._on_file("/data/spy_1h.csv")
    dialog.speed.setCurrentIndex(dialog.speed.findText("As fast as possible"))
    dialog.check()
    draft = dialog.draft()
    assert draft is not None
    assert draft.feed == "replay:/data/spy_1h.csv"
    assert draft.symbols == ("SPY",)
    assert draft.replay_speed == 0.0


def test_the_symbol_follows_the_file_that_is_typed_until_the_user_names_one(dialog: NewSession, qtbot: QtBot) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    assert not dialog.symbols.text()
    qtbot.keyClicks(dialog.file, "/data/eurusd_quotes.csv")
    assert dialog.symbols.symbols == ("EURUSD",)
    dialog.feed.setCurrentIndex(dialog.feed.findData("simulator"))
    assert dialog.symbols.symbols == ("ACME",)
    dialog.symbols.selectAll()
    qtbot.keyClicks(dialog.symbols, "NORD")
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    assert dialog.symbols.symbols == ("NORD",)


def test_the_fill_model_brings_its_numbers(dialog: NewSession, qtbot: QtBot) -> None:
    fills = dialog.fills
    fills.kind.setCurrentIndex(fills.kind.findData(FillModelKind.IDEAL))
    fills.kind.activated.emit(2)
    assert fills.settings().fee_percent == 0
    assert fills.settings().kind is FillModelKind.IDEAL
    fills.kind.setCurrentIndex(fills.kind.findData(FillModelKind.REALISTIC))
    fills.kind.activated.emit(0)
    fills.numbers["fee_percent"].selectAll()
    qtbot.keyClicks(fills.numbers["fee_percent"], "0.05")
    made = fills.settings()
    assert made.fee_percent == Decimal("0.05")
    assert made.volume_share == Decimal("0.1")
    assert made.slippage_max_bp == 5


def test_own_hours_can_be_typed(dialog: NewSession) -> None:
    dialog.hours.setEditText("09:00-15:30@Asia/Seoul")
    draft = dialog.draft()
    assert draft is not None
    assert draft.hours == "09:00-15:30@Asia/Seoul"
    dialog.hours.setCurrentIndex(2)
    draft = dialog.draft()
    assert draft is not None
    assert draft.hours == "XNYS"


async def test_a_copy_takes_over_everything_but_the_name(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    dialog = open_new_session(desk, theme, host, copy_of="s-korea")
    draft = dialog.draft()
    assert draft is not None
    assert draft.name == "Seoul RSI copy"
    assert draft.symbols == ("HANBIT", "HANRIVER")
    assert (draft.cash, draft.currency, draft.hours) == (Decimal(100_000_000), "KRW", "XKRX")
    assert draft.mode is ExecutionMode.SEMI_AUTO
    assert draft.strategy == rows.RSI


async def test_a_refusal_leaves_the_dialog_open_with_the_reason(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.refuse = UserMistake("The disk is full. No session was created.")
    qtbot.mouseClick(dialog.keep, LEFT)
    await work.settle()
    assert dialog.isVisible()
    assert dialog.answer.text() == "The disk is full. No session was created."
    assert dialog.start.isEnabled()


async def test_what_the_engine_refuses_is_said_at_the_field_it_is_about(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    qtbot.keyClicks(dialog.file, "/data/spy_1h.csv")
    qtbot.waitUntil(dialog.keep.isEnabled)
    desk.refuse = DataFileError("/data/spy_1h.csv", "has bars of 1h; bars of 5m cannot be made of them.")
    qtbot.mouseClick(dialog.keep, LEFT)
    await work.settle()
    assert "bars of 5m cannot be made" in shown(dialog, "first", "file")
    assert dialog.answer.isHidden()
    desk.refuse = FieldError("hours", "The exchange XNYS is not open in these years.")
    qtbot.mouseClick(dialog.keep, LEFT)
    await work.settle()
    assert shown(dialog, "second", "hours") == "The exchange XNYS is not open in these years."
    assert dialog.tabs.currentIndex() == 1


def test_a_strategy_that_is_not_saved_can_be_given(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    import dataclasses

    own = dataclasses.replace(rows.CROSS, name="Mine")
    dialog = open_new_session(desk, theme, host, strategy=own)
    draft = dialog.draft()
    assert draft is not None
    assert draft.strategy == own
    assert dialog.name.text() == "Mine"


async def test_a_file_with_splits_nobody_decided_on_says_so_at_the_field(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    dialog.file.setFocus()
    qtbot.keyClicks(dialog.file, "/data/aapl_1d.csv")
    dialog.splits._timer.timeout.emit()
    run = desk.archive.runs[-1]
    assert run.request.only_check
    assert (run.request.symbol, str(run.request.path)) == ("AAPL", "/data/aapl_1d.csv")
    assert dialog.splits.isHidden()
    run.finish(import_report(run.request, splits=(SPLIT,)))
    await work.settle()
    assert dialog.splits.isVisible()
    assert dialog.splits.text().startswith("AAPL: the prices show a probable split, the first of 7:1")
    assert "Ctrl+Shift+I" in dialog.splits.text()
    dialog.feed.setCurrentIndex(dialog.feed.findData("simulator"))
    assert dialog.splits.isHidden()


async def test_files_are_looked_at_one_after_the_other_and_a_wrong_one_stops_nothing(
    dialog: NewSession, desk: FakeDesk
) -> None:
    dialog.feed.setCurrentIndex(dialog.feed.findData("replay"))
    dialog.file.setText("/data/bad.csv, /data/goog_1d.csv")
    dialog.splits._timer.timeout.emit()
    (first,) = desk.archive.runs
    first.fail(DataFileError("bad.csv", "is empty."))
    for _ in range(5):  # the second file's import goes on: there is nothing to settle
        await asyncio.sleep(0)
    second = desk.archive.runs[-1]
    assert second.request.symbol == "GOOG"
    dialog.file.setText("/data/spy_1d.csv")
    assert second.cancelled
    dialog.splits._timer.timeout.emit()
    third = desk.archive.runs[-1]
    third.finish(import_report(third.request))
    await work.settle()
    assert dialog.splits.isHidden()

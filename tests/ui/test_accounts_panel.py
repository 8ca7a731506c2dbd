"""The accounts dock: journal and broker side by side, and what a user decides about a difference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.accounts import AccountLimits
from desktop.domain.broker import Holding, LinkState
from desktop.domain.broker_errors import CredentialsRefused, NotSent
from desktop.domain.errors import NotFound, UserMistake
from desktop.engine.views import Table
from desktop.ui import formats, work
from desktop.ui import intents as wanted
from desktop.ui.dialogs.account_limits import open_account_limits
from desktop.ui.dialogs.differences import open_adopt, open_declare_lost, open_ignore
from desktop.ui.intents import Intents
from desktop.ui.panels.accounts import Accounts
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.account_strip import texts_of
from desktop.ui.widgets.columns import Kind
from desktop.ui.widgets.reconciliation import Line, amount
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton
KEY = live_rows.REF.key
MICROSECONDS = 1_000_000


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, asked: list[Any]) -> Accounts:
    desk.go_live()
    intents = Intents()
    intents.raised.connect(asked.append)
    made = Accounts(desk, theme, intents)
    made.intents_kept = intents  # type: ignore[attr-defined]  # lives as long as the panel
    qtbot.addWidget(made)
    made.resize(1020, 300)
    made.show()
    return made


def cell(panel: Accounts, key: str, column: str) -> str:
    table = panel.table
    place = next(number for number, item in enumerate(table.columns) if item.key == column)
    return table.rows.text(table.rows.place(key), place)


def press_cell(qtbot: QtBot, panel: Accounts, key: str, column: str) -> None:
    table = panel.table
    place = next(number for number, item in enumerate(table.columns) if item.key == column)
    index = table.rows.index(table.rows.place(key), place)
    table.scrollTo(index)
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())


def words_of(widget: QWidget) -> str:
    return " ".join(item.text() for item in widget.findChildren(QLabel))


def test_without_an_account_the_dock_says_what_it_is_for(qtbot: QtBot, theme: ThemeStore) -> None:
    intents = Intents()
    panel = Accounts(FakeDesk(empty=True), theme, intents)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.accounts.rows.rowCount() == 0
    assert not panel.table.isVisible()
    assert not panel.now.isEnabled()
    assert panel.keys.isEnabled()


def test_an_account_shows_connection_money_and_the_days_result(panel: Accounts) -> None:
    row = panel.accounts.current_row()
    assert row is not None
    shown = {column.key: column.shown(row) for column in panel.accounts.columns}
    assert shown["account"] == KEY
    assert shown["money"] == "REAL MONEY"
    assert shown["link"] == "● Connected"
    assert shown["equity"] == "48,210.35"
    assert shown["today"] == "−120.80"
    assert shown["sessions"] == "1  (1 armed)"
    kinds = {column.key: column.kind for column in panel.accounts.columns}
    assert kinds["today"] is Kind.SIGNED
    assert panel.note.isHidden()
    assert cell(panel, "holding/NORD", "text") == "Journal and broker agree."


def test_equity_and_the_days_result_are_those_of_one_instant_which_is_said(panel: Accounts, desk: FakeDesk) -> None:
    moved = live_rows.account(day_change=Decimal("-98.30"))  # what the sessions did since the broker was asked
    desk.put(Table.ACCOUNTS, moved)
    shown = texts_of(moved)
    assert shown["at"] == formats.clock(live_rows.info().at)
    assert (shown["equity"], shown["today"]) == ("48,210.35", "\N{MINUS SIGN}120.80"), "48,331.15 at the last close"
    said = [item.text() for item in panel.strip.findChildren(QLabel)]
    assert {shown["at"], shown["equity"], shown["today"]} <= set(said)
    columns = {column.key: column for column in panel.accounts.columns}
    assert columns["today"].shown(moved) == "−120.80"
    assert columns["at"].shown(moved) == shown["at"]
    assert columns["today"].tip is not None
    assert "With what the sessions did since: −98.30" in columns["today"].tip(moved)
    assert "since" not in columns["today"].tip(live_rows.account())


def test_a_fresh_reading_moves_equity_result_and_its_time_together(panel: Accounts, desk: FakeDesk) -> None:
    later = live_rows.info(equity=Decimal("48340.35"), at=live_rows.info().at + 5 * MICROSECONDS)
    desk.put(Table.ACCOUNTS, live_rows.account(info=later, day_change=Decimal("9.20")))
    said = [item.text() for item in panel.strip.findChildren(QLabel)]
    assert "48,340.35" in said
    assert "+9.20" in said
    assert formats.clock(later.at) in said


def test_fault_17_an_order_placed_elsewhere_is_shown_and_nothing_can_be_done_to_it(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, asked: list[Any]
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.account(external=(live_rows.external_order(),)))
    key = "external/phone-7f2c"
    assert cell(panel, key, "line") == "External"
    assert "BUY 10 limit 405.5" in cell(panel, key, "text")
    assert "never touched" in cell(panel, key, "text")
    assert cell(panel, key, "decide") == cell(panel, key, "ignore") == ""
    press_cell(qtbot, panel, key, "decide")
    assert asked == []
    assert desk.names() == []


def test_fault_29_orders_of_another_assay_are_named(panel: Accounts, desk: FakeDesk) -> None:
    there = live_rows.external_order("as-77aa-3")
    desk.put(Table.ACCOUNTS, live_rows.account(external=(there,), foreign=("as-77aa-3", "as-77aa-2")))
    assert cell(panel, "foreign/as-77aa-3", "line") == "Other Assay"
    assert "another Assay" in cell(panel, "foreign/as-77aa-2", "text")
    assert panel.table.rows.place("external/as-77aa-3") < 0


def test_what_asks_for_a_decision_stands_on_top(panel: Accounts, desk: FakeDesk) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    lines = [row.line for row in panel.table.rows.shown_rows()]
    assert lines[:2] == [Line.UNKNOWN, Line.DIFFERENCE]
    assert cell(panel, "difference/NORD", "difference") == "+5"
    assert "by your word" in cell(panel, "holding/HELI", "text")
    desk.put(Table.ACCOUNTS, live_rows.account())
    assert [row.key for row in panel.table.rows.shown_rows()] == ["holding/NORD"]
    panel.table.select_key("holding/NORD")
    desk.put(Table.ACCOUNTS, live_rows.account(unknown=(live_rows.unknown_order(),)))
    assert [row.line for row in panel.table.rows.shown_rows()] == [Line.UNKNOWN, Line.HOLDING]
    current = panel.table.current_row()
    assert current is not None
    assert current.key == "holding/NORD"


def test_each_decision_is_asked_for_by_its_own_button(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, asked: list[Any]
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    press_cell(qtbot, panel, "difference/NORD", "decide")
    press_cell(qtbot, panel, "difference/NORD", "ignore")
    order = live_rows.unknown_order().order_id
    press_cell(qtbot, panel, f"unknown/{order}", "decide")
    assert asked == [wanted.Adopt(KEY, "NORD"), wanted.Ignore(KEY, "NORD"), wanted.DeclareLost(KEY, order)]
    assert desk.names() == []


def test_a_lost_connection_says_what_still_works(panel: Accounts, desk: FakeDesk) -> None:
    desk.put(Table.ACCOUNTS, live_rows.lost())
    assert not panel.note.isHidden()
    assert "orders that rest at the broker work on" in panel.note.text()
    assert panel.note.text().endswith("The network is unreachable.")
    desk.put(Table.ACCOUNTS, live_rows.account(state=LinkState.REFUSED, ready=False))
    assert "Replace the key" in panel.note.text()
    desk.put(Table.ACCOUNTS, live_rows.account(ready=False))
    assert "being reconciled" in panel.note.text()


async def test_reconcile_now_asks_the_broker_and_shows_a_refusal(qtbot: QtBot, panel: Accounts, desk: FakeDesk) -> None:
    qtbot.mouseClick(panel.now, LEFT)
    await work.settle()
    assert desk.commands == [("reconcile", {"account": KEY})]
    desk.refuse = NotSent("alpaca/main is not connected.")
    qtbot.mouseClick(panel.now, LEFT)
    await work.settle()
    assert "is not connected" in panel.note.text()
    assert panel.now.isEnabled()


async def test_a_difference_is_adopted_into_a_session_that_trades_it(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    dialog = open_adopt(desk, theme, panel, account=KEY, symbol="NORD")
    qtbot.addWidget(dialog)
    assert not dialog.isModal()
    assert dialog.focusWidget() is dialog.cancel
    assert "the broker holds 25, Assay's sessions 20" in words_of(dialog)
    assert [dialog.session.itemText(number) for number in range(dialog.session.count())] == ["Dip live"]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert desk.names() == []
    dialog = open_adopt(desk, theme, panel, account=KEY, symbol="NORD")
    qtbot.mouseClick(dialog.go, LEFT)
    await work.settle()
    assert desk.commands == [("adopt_difference", {"session_id": "s-live", "symbol": "NORD"})]


async def test_a_refused_adoption_stays_open_with_the_reason(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    dialog = open_adopt(desk, theme, panel, account=KEY, symbol="NORD")
    qtbot.addWidget(dialog)
    desk.refuse = UserMistake("NORD: 5 at 60.00 cost 300.00, more than this session has free.")
    qtbot.mouseClick(dialog.go, LEFT)
    await work.settle()
    assert dialog.isVisible()
    assert "more than this session has free" in dialog.answer.text()


def test_a_symbol_that_no_session_trades_cannot_be_adopted(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.account(holdings=(Holding("HELI", Decimal(0), Decimal(4)),)))
    dialog = open_adopt(desk, theme, panel, account=KEY, symbol="HELI")
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled()
    assert "No session on this account trades HELI" in words_of(dialog)


async def test_a_difference_is_ignored_in_words(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    dialog = open_ignore(desk, theme, panel, account=KEY, symbol="NORD")
    qtbot.addWidget(dialog)
    assert "It is yours, not Assay's" in words_of(dialog)
    qtbot.mouseClick(dialog.go, LEFT)
    await work.settle()
    assert desk.commands == [("ignore_difference", {"account": KEY, "symbol": "NORD"})]


async def test_an_order_is_declared_lost_by_the_typed_word_only(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    order = live_rows.unknown_order()
    dialog = open_declare_lost(desk, theme, panel, account=KEY, order_id=order.order_id)
    qtbot.addWidget(dialog)
    assert not dialog.go.isEnabled()
    qtbot.keyClicks(dialog.field, "lost")
    assert not dialog.go.isEnabled()
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, "LOST")
    qtbot.mouseClick(dialog.go, LEFT)
    await work.settle()
    asked = {"session_id": order.session_id, "order_id": order.order_id, "typed": "LOST"}
    assert desk.commands == [("declare_lost", asked)]


def test_what_was_settled_meanwhile_is_said(panel: Accounts, desk: FakeDesk, theme: ThemeStore) -> None:
    with pytest.raises(NotFound, match="agree on it by now"):
        open_adopt(desk, theme, panel, account=KEY, symbol="NORD")
    order = live_rows.unknown_order()
    with pytest.raises(NotFound, match="answered by now"):
        open_declare_lost(desk, theme, panel, account=KEY, order_id=order.order_id)


async def test_account_limits_are_checked_and_set(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk, theme: ThemeStore
) -> None:
    dialog = open_account_limits(desk, theme, panel, account=KEY)
    qtbot.addWidget(dialog)
    assert dialog.fields["max_allocation"].value == Decimal(60)
    field = dialog.fields["max_daily_loss"]
    field.selectAll()
    qtbot.keyClicks(field, "120")
    assert not dialog.save.isEnabled()
    assert dialog.rows.mistakes["max_daily_loss"].text().startswith("At most 100 %")
    field.selectAll()
    qtbot.keyClicks(field, "2")
    dialog.fields["max_positions"].selectAll()
    qtbot.keyClick(dialog.fields["max_positions"], Qt.Key.Key_Delete)
    qtbot.mouseClick(dialog.save, LEFT)
    await work.settle()
    wanted_limits = AccountLimits(max_allocation=Decimal(60), max_daily_loss=Decimal(2))
    assert desk.commands == [("set_account_limits", {"account": KEY, "limits": wanted_limits})]


@pytest.mark.parametrize(("value", "text"), [("25", "25"), ("0.500", "0.5"), ("-3", "−3"), ("1200", "1,200")])
def test_quantities_show_the_decimals_they_have(value: str, text: str) -> None:
    assert amount(Decimal(value)) == text


async def test_a_comparison_that_a_refused_account_does_not_give_says_why_until_that_changes(
    qtbot: QtBot, panel: Accounts, desk: FakeDesk
) -> None:
    desk.put(Table.ACCOUNTS, live_rows.account(state=LinkState.REFUSED, ready=False))
    desk.refuse = CredentialsRefused("alpaca/main was asked once more and refuses the credentials still.")
    qtbot.mouseClick(panel.now, LEFT)
    await work.settle()
    panel.refresh()
    assert panel.note.isVisible()
    assert panel.note.toolTip() == "alpaca/main was asked once more and refuses the credentials still."
    assert panel.now.isEnabled()
    desk.put(Table.ACCOUNTS, live_rows.account(state=LinkState.RECONNECTING, ready=False))
    assert "tried again by itself" in panel.note.toolTip()


async def test_what_the_journal_holds_is_said_while_the_broker_gives_no_answer(panel: Accounts, desk: FakeDesk) -> None:
    def words(**changes: Any) -> tuple[str, str]:
        desk.put(Table.ACCOUNTS, live_rows.account(holdings=(), **changes))
        assert not panel.table.rows.rowCount()
        return panel.table._empty

    held = [row for row in desk.positions() if row.position.session_id == live_rows.LIVE.session_id]
    journal = ", ".join(f"{amount(row.position.quantity)} {row.position.symbol}" for row in held)
    assert journal
    at = rows.NOW
    since = formats.clock(at, seconds=False)
    lost = words(state=LinkState.RECONNECTING, ready=False, reconciled_at=at)
    assert lost == ("Not compared yet", f"No answer from the broker since {since}; the journal holds {journal}.")
    assert words(slow=True, reconciled_at=at) == lost, "connected, and it does not answer"
    assert words(ready=False, reconciled_at=0)[1] == f"No answer from the broker yet; the journal holds {journal}."
    assert words(reconciled_at=at)[1].startswith(f"The journal holds {journal}. The next comparison")
    for row in held:
        desk.drop(Table.POSITIONS, row.key)
    assert words(reconciled_at=at)[0] == "Nothing to compare"

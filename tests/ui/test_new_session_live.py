"""Going live from the new-session dialog: account, first capital, confirmed limits, prerequisites, fault 27."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import PreRequisiteNotMetError
from desktop.domain.errors import FieldError
from desktop.domain.validation import Prerequisite
from desktop.engine.api import SessionDraft
from desktop.engine.views import Table
from desktop.ui import work
from desktop.ui.dialogs import new_session_live
from desktop.ui.dialogs.new_session import NewSession, open_new_session
from desktop.ui.theme import ThemeStore
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk
from tests.helpers.fake_keeper import FakeKeeper

LEFT = Qt.MouseButton.LeftButton
PAPER = AccountRef("alpaca-paper", "practice")
REASON = "traded by hand for three years"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_session_live, "_ASK_MS", 0)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def keeper() -> FakeKeeper:
    return FakeKeeper(live_rows.REF, PAPER)


async def settled() -> None:
    """Let debounced questions be asked and answered."""
    for _ in range(4):
        await asyncio.sleep(0.005)
        await work.settle()


async def live(dialog: NewSession, qtbot: QtBot) -> NewSession:
    qtbot.mouseClick(dialog.live, LEFT, pos=dialog.live.rect().center())
    dialog.live.setChecked(True)
    await settled()
    return dialog


@pytest.fixture
def dialog(host: QWidget, desk: FakeDesk, theme: ThemeStore, keeper: FakeKeeper) -> NewSession:
    return open_new_session(desk, theme, host, keeper=keeper)


def created(desk: FakeDesk) -> SessionDraft:
    draft: SessionDraft = desk.commands[-1][1]["draft"]
    return draft


async def test_a_new_session_trades_on_paper_unless_one_says_otherwise(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert dialog.paper.isChecked()
    assert dialog.badge.isHidden()
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    assert created(desk).broker == "simulated"
    assert desk.asked == []


async def test_live_shows_account_first_capital_and_what_must_hold(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    page = dialog.live_page
    assert dialog.badge.text() == "BROKER PAPER"
    assert dialog.badge.property("mode") == "BROKER PAPER"
    assert dialog.tabs.currentWidget() is page
    assert page.ref == PAPER  # what costs nothing comes first
    assert page.money.text() == "BROKER PAPER"
    assert "Starts with 1,000.00 USD: 10 % of 10,000.00 USD" in page.capital.text()
    assert list(page.list.rows) == list(Prerequisite)
    assert dialog.feed.currentData() == "alpaca"
    assert not dialog.feed.isEnabled()
    page.account.setCurrentIndex(1)
    await settled()
    assert page.money.text() == "REAL MONEY"
    assert page.money.property("mode") == "LIVE"
    assert desk.asked[-1].account == "main"


async def test_nothing_is_created_before_the_limits_are_confirmed(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    page = dialog.live_page
    assert not dialog.start.isEnabled()
    assert "Missing: risk limits" in page.status.text()
    page.confirm.setFocus()
    qtbot.keyClick(page.confirm, Qt.Key.Key_Space)
    assert not dialog.start.isEnabled(), "the evidence of what is filled in now has not come yet"
    await settled()
    assert "Everything holds" in page.status.text()
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    draft = created(desk)
    assert (draft.broker, draft.account, draft.feed) == ("alpaca-paper", "practice", "alpaca")
    assert draft.limits_confirmed
    assert draft.cash == Decimal(10_000)
    assert dict(draft.overrides) == {}


async def test_other_limits_have_to_be_confirmed_anew(dialog: NewSession, qtbot: QtBot) -> None:
    await live(dialog, qtbot)
    dialog.live_page.confirm.setChecked(True)
    await settled()
    assert dialog.start.isEnabled()
    dialog.limits.fields["max_positions"].setText("99")
    dialog.check()
    assert not dialog.live_page.confirm.isChecked()
    assert not dialog.start.isEnabled()


async def test_what_fails_is_overridden_by_a_reason_that_says_something(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.verdicts = live_rows.verdicts(met=False)
    await live(dialog, qtbot)
    page = dialog.live_page
    page.confirm.setChecked(True)
    await settled()
    assert "Missing: backtest, paper trading" in page.status.text()
    for name in (Prerequisite.BACKTEST, Prerequisite.PAPER):
        row = page.list.rows[name]
        qtbot.mouseClick(row.override, LEFT)
        qtbot.keyClicks(row.reason, "trust me")
    assert not dialog.start.isEnabled()
    asked = len(desk.asked)
    for name in (Prerequisite.BACKTEST, Prerequisite.PAPER):
        page.list.rows[name].reason.clear()
        qtbot.keyClicks(page.list.rows[name].reason, REASON)
    await settled()
    assert len(desk.asked) == asked, "a reason changes no evidence"
    assert dialog.start.isEnabled()
    qtbot.mouseClick(dialog.keep, LEFT)
    await work.settle()
    assert dict(created(desk).overrides) == {Prerequisite.BACKTEST: REASON, Prerequisite.PAPER: REASON}


async def test_a_reason_that_is_too_short_says_how_long_it_has_to_be(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.verdicts = live_rows.verdicts(met=False)
    await live(dialog, qtbot)
    await settled()
    row = dialog.live_page.list.rows[Prerequisite.BACKTEST]
    assert row.length.isHidden()
    qtbot.mouseClick(row.override, LEFT)
    assert (row.length.text(), row.length.property("tone")) == ("At least 10 characters; 0 so far.", "")
    qtbot.keyClicks(row.reason, "trust  me ")
    assert (row.length.text(), row.length.property("tone")) == ("At least 10 characters; 9 so far.", "warning")
    qtbot.keyClicks(row.reason, "now")
    assert row.length.property("tone") == ""


async def test_enter_in_a_field_of_the_live_form_goes_on_and_loses_nothing(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.verdicts = live_rows.verdicts(met=False)
    await live(dialog, qtbot)
    await settled()
    row = dialog.live_page.list.rows[Prerequisite.BACKTEST]
    qtbot.mouseClick(row.override, LEFT)
    qtbot.keyClicks(row.reason, REASON)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(row.reason, key)
        assert dialog.isVisible()
        assert not row.reason.hasFocus(), "the next field has the focus"
        row.reason.setFocus()
    assert row.reason.text() == REASON
    assert desk.names() == []


async def test_enter_creates_nothing_the_way_back_has_the_focus(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    dialog.live_page.confirm.setChecked(True)
    await settled()
    assert dialog.cancel.isDefault()
    assert not dialog.start.isDefault()
    assert dialog.focusWidget() is dialog.cancel
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert desk.names() == []


async def test_evidence_of_what_is_no_longer_filled_in_lets_nothing_through(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    dialog.live_page.confirm.setChecked(True)
    await settled()
    assert dialog.start.isEnabled()
    dialog.symbols.setText("NORD")
    dialog.check()
    assert not dialog.start.isEnabled()
    await settled()
    assert desk.asked[-1].symbols == ("NORD",)
    assert dialog.start.isEnabled()


async def test_a_check_that_fails_says_why_and_can_be_asked_again(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.verdicts = FieldError("symbols", "alpaca/main does not trade ACME.")
    await live(dialog, qtbot)
    page = dialog.live_page
    assert page.status.text() == "alpaca/main does not trade ACME."
    assert not page.list.isVisible()
    assert not dialog.start.isEnabled()
    desk.verdicts = live_rows.verdicts()
    qtbot.mouseClick(page.again, LEFT)
    await settled()
    assert "Missing: risk limits" in page.status.text()


async def test_a_symbol_of_the_broker_is_suggested_until_one_is_named(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    assert dialog.symbols.text() == "SPY"
    dialog.symbols.selectAll()
    qtbot.keyClicks(dialog.symbols, "AAPL")
    await settled()
    dialog.live_page.account.setCurrentIndex(1)
    await settled()
    assert desk.asked[-1].symbols == ("AAPL",)


async def test_a_refusal_of_the_engine_is_shown_and_nothing_closes(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    await live(dialog, qtbot)
    dialog.live_page.confirm.setChecked(True)
    await settled()
    desk.refuse = PreRequisiteNotMetError([("broker", "alpaca-paper/practice is not connected.")])
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()
    assert dialog.isVisible()
    assert "is not connected" in dialog.answer.text()


async def test_fault_27_a_locked_keyring_refuses_live_with_advice(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, keeper: FakeKeeper, qtbot: QtBot
) -> None:
    keeper.locked = "The keyring is locked. Unlock it, then try again. Nothing is kept elsewhere."
    dialog = await live(open_new_session(desk, theme, host, keeper=keeper), qtbot)
    mistake = dialog.live_page.rows.mistakes["account"]
    assert not mistake.isHidden()
    assert mistake.text() == keeper.locked
    assert not dialog.start.isEnabled()
    assert not dialog.keep.isEnabled()
    assert desk.asked == []


async def test_without_an_account_the_way_to_one_is_shown_and_it_is_there_at_once(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    keeper = FakeKeeper()
    dialog = await live(open_new_session(desk, theme, host, keeper=keeper), qtbot)
    page = dialog.live_page
    assert "There is no account yet" in page.rows.mistakes["account"].text()
    assert not dialog.start.isEnabled()
    qtbot.mouseClick(page.manage, LEFT)
    keeper.kept[PAPER] = {"secret": "right"}
    page.dialog.close()
    await settled()
    assert page.ref == PAPER
    assert desk.asked


async def test_a_copy_of_a_live_session_is_live_on_its_account(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, keeper: FakeKeeper
) -> None:
    desk.go_live()
    dialog = open_new_session(desk, theme, host, copy_of=live_rows.LIVE.session_id, keeper=keeper)
    await settled()
    assert dialog.live.isChecked()
    assert dialog.live_page.ref == live_rows.REF
    assert Table.ACCOUNTS in desk.tables


async def test_without_a_keyring_there_is_no_live_choice(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    dialog = open_new_session(desk, theme, host)
    assert not dialog.live.isEnabled()
    assert "paper trading only" in dialog.live.toolTip()

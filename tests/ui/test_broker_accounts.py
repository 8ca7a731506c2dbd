"""The dialog of broker accounts: credentials go in, are tested, replaced and deleted, and are never shown again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.broker import AccountRef, LinkState
from desktop.engine.views import Table
from desktop.ui import work
from desktop.ui.dialogs.broker_accounts import BrokerAccountsDialog
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk
from tests.helpers.fake_keeper import FakeKeeper

MAIN = AccountRef("alpaca-paper", "main")
LEFT = Qt.MouseButton.LeftButton


class Walk:
    def __init__(self, bot: QtBot, keeper: FakeKeeper, desk: FakeDesk | None = None) -> None:
        self.bot, self.keeper = bot, keeper
        self.window = QWidget()
        self.window.setWindowTitle("parent")
        bot.addWidget(self.window)
        self.dialog = BrokerAccountsDialog(keeper, self.window, desk=desk)
        self.dialog.show()

    async def click(self, button: QWidget) -> None:
        assert button.isEnabled()
        assert button.isVisible()
        self.bot.mouseClick(button, LEFT)
        await work.settle()

    def type(self, field: QWidget, text: str) -> None:
        assert field.isEnabled()
        self.bot.mouseClick(field, LEFT)
        self.bot.keyClicks(field, text)

    def fill(self, secret: str = "right", *, name: str = "main") -> None:
        self.type(self.dialog.name, name)
        self.type(self.dialog.fields["key_id"], "PK1")
        self.type(self.dialog.fields["secret"], secret)


@pytest.fixture
async def walk(qtbot: QtBot) -> Walk:
    walk = Walk(qtbot, FakeKeeper())
    await work.settle()
    return walk


async def test_an_account_is_entered_tested_and_kept(walk: Walk) -> None:
    dialog = walk.dialog
    assert dialog.none.isVisible()
    walk.fill()
    assert dialog.fields["secret"].echoMode() is QLineEdit.EchoMode.Password
    await walk.click(dialog.test)
    assert "Accepted: account PA31X4" in dialog.outcome.text()
    assert "100,250.75" in dialog.outcome.text()
    assert not walk.keeper.kept
    await walk.click(dialog.save)
    assert walk.keeper.kept == {MAIN: {"key_id": "PK1", "secret": "right"}}
    assert dialog.selected == MAIN
    assert "Kept in the keyring" in dialog.outcome.text()
    assert [field.text() for field in dialog.fields.values()] == ["", ""]


async def test_fault_19_refused_credentials_are_said_in_the_brokers_sense(walk: Walk) -> None:
    walk.fill("wrong")
    await walk.click(walk.dialog.test)
    assert "does not accept this key" in walk.dialog.outcome.text()
    assert walk.dialog.fields["secret"].text() == "wrong"  # to be corrected


async def test_a_missing_field_is_marked_where_it_is(walk: Walk) -> None:
    walk.type(walk.dialog.name, "main")
    walk.type(walk.dialog.fields["key_id"], "PK1")
    await walk.click(walk.dialog.save)
    assert "Secret key" in walk.dialog.rows.mistakes["secret"].text()
    assert not walk.keeper.kept


async def test_a_kept_account_is_replaced_without_showing_what_was_there(walk: Walk) -> None:
    walk.fill()
    await walk.click(walk.dialog.save)
    dialog = walk.dialog
    assert not dialog.name.isEnabled()
    assert dialog.save.text() == "Replace"
    assert dialog.fields["secret"].text() == ""
    assert dialog.fields["secret"].placeholderText() == "unchanged"
    await walk.click(dialog.test)  # with what is kept
    assert "Accepted" in dialog.outcome.text()
    walk.type(dialog.fields["key_id"], "PK2")
    walk.type(dialog.fields["secret"], "other")
    await walk.click(dialog.save)
    assert walk.keeper.kept[MAIN] == {"key_id": "PK2", "secret": "other"}


async def test_a_second_account_of_the_same_name_is_not_replaced_by_mistake(walk: Walk) -> None:
    walk.fill()
    await walk.click(walk.dialog.save)
    await walk.click(walk.dialog.add)
    walk.fill("another")
    await walk.click(walk.dialog.save)
    assert "already" in walk.dialog.rows.mistakes["account"].text()
    assert walk.keeper.kept[MAIN]["secret"] == "right"


async def test_deleting_asks_and_the_safe_button_has_the_focus(walk: Walk) -> None:
    walk.fill()
    await walk.click(walk.dialog.save)
    await walk.click(walk.dialog.delete)
    assert MAIN in walk.keeper.kept
    assert walk.dialog.focusWidget() is walk.dialog.cancel
    assert "no longer send orders" in walk.dialog.outcome.text()
    await walk.click(walk.dialog.sure)
    assert not walk.keeper.kept
    assert walk.dialog.none.isVisible()


async def test_fault_27_a_locked_keyring_is_said_and_nothing_can_be_kept(qtbot: QtBot) -> None:
    keeper = FakeKeeper()
    keeper.locked = "The keyring is locked and was not unlocked. Live trading is refused until it is there."
    walk = Walk(qtbot, keeper)
    await work.settle()
    assert walk.dialog.answer.text() == keeper.locked
    assert not walk.dialog.save.isEnabled()
    walk.dialog.close()


async def test_brokers_ask_for_their_own_fields_and_say_whether_money_is_real(walk: Walk) -> None:
    dialog = walk.dialog
    assert dialog.money.text() == "BROKER PAPER"
    dialog.broker.setCurrentIndex(dialog.broker.findData("okx"))
    assert dialog.money.text() == "REAL MONEY"
    assert dialog.fields["password"].isVisible()
    assert not dialog.fields["key_id"].isVisible()
    dialog.broker.setCurrentIndex(dialog.broker.findData("alpaca"))
    assert dialog.fields["key_id"].isVisible()
    assert not dialog.fields["password"].isVisible()


async def test_a_key_that_test_has_refused_is_saved_only_when_one_says_so_again(walk: Walk) -> None:
    walk.fill("wrong")
    dialog = walk.dialog
    await walk.click(dialog.test)
    await walk.click(dialog.save)
    assert dialog.confirm.sentence.text() == "The broker refused this key. Save it anyway?"
    assert dialog.focusWidget() is dialog.confirm.back
    walk.bot.keyClick(dialog.confirm.back, Qt.Key.Key_Space)  # the safe answer is at hand
    await work.settle()
    assert not walk.keeper.kept
    assert dialog.confirm.isHidden()
    await walk.click(dialog.save)
    await walk.click(dialog.confirm.send)
    assert walk.keeper.kept[MAIN]["secret"] == "wrong"


async def test_another_key_is_saved_without_that_question(walk: Walk) -> None:
    walk.fill("wrong")
    dialog = walk.dialog
    await walk.click(dialog.test)
    await walk.click(dialog.save)
    assert dialog.confirm.isVisible()
    dialog.fields["secret"].selectAll()
    walk.bot.keyClicks(dialog.fields["secret"], "right")
    assert dialog.confirm.isHidden()
    await walk.click(dialog.save)
    assert walk.keeper.kept[MAIN]["secret"] == "right"


async def test_a_key_that_is_accepted_after_all_is_saved_without_a_question(walk: Walk) -> None:
    walk.fill("wrong")
    dialog = walk.dialog
    await walk.click(dialog.test)
    accepts, walk.keeper.accepts = walk.keeper.accepts, "wrong"  # the broker took its time
    await walk.click(dialog.test)
    assert "Accepted" in dialog.outcome.text()
    await walk.click(dialog.save)
    assert dialog.confirm.isHidden()
    assert walk.keeper.kept[MAIN]["secret"] == "wrong"
    assert accepts == "right"


async def test_fault_19_prices_that_were_refused_are_asked_for_anew_without_a_session_on_the_account(
    qtbot: QtBot, desk: FakeDesk
) -> None:
    walk = Walk(qtbot, FakeKeeper(), desk)
    await work.settle()
    walk.fill()
    await walk.click(walk.dialog.save)
    assert desk.commands == [("renew_prices", {})]
    assert "Kept in the keyring" in walk.dialog.outcome.text()


async def test_fault_19_a_kept_key_that_passes_its_test_again_connects_the_account_that_was_refused(
    qtbot: QtBot, desk: FakeDesk
) -> None:
    desk.go_live()
    ref = live_rows.REF
    desk.put(Table.ACCOUNTS, live_rows.account(state=LinkState.REFUSED, ready=False))
    walk = Walk(qtbot, FakeKeeper(ref), desk)
    await work.settle()
    walk.dialog.list.setCurrentRow(0)
    walk.keeper.accepts = "another"
    await walk.click(walk.dialog.test)
    assert not desk.commands
    walk.keeper.accepts = "right"
    await walk.click(walk.dialog.test)
    assert desk.commands == [("reconnect", {"account": ref.key})]
    assert "refuses this key still" in walk.dialog.outcome.text(), "the desk of this test does not connect it"
    desk.commands.clear()
    desk.put(Table.ACCOUNTS, live_rows.account())
    await walk.click(walk.dialog.test)
    assert desk.names() == ["renew_prices"], "an account that stands is left alone"
    assert "Accepted" in walk.dialog.outcome.text()

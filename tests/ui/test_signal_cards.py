"""Signal cards in the panel: numbers, answers by mouse and keys, refusals, what cannot be approved."""

import dataclasses
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from desktop.domain.errors import InsufficientCash
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind
from desktop.engine.api import TicketEstimate
from desktop.engine.views import SignalCard as CardView
from desktop.engine.views import Table
from desktop.ui import work
from desktop.ui.intents import Intents
from desktop.ui.panels.signals import Signals
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.fitting_scroll import FittingScroll
from desktop.ui.widgets.signal_card import SignalCard
from tests.helpers import fake_rows as rows
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> Signals:
    made = Signals(desk, theme, Intents())
    qtbot.addWidget(made)
    made.resize(340, 900)
    made.show()
    return made


def card_of(panel: Signals, signal_id: str) -> SignalCard:
    return panel.cards[signal_id]


def test_a_card_shows_what_it_buys_what_it_costs_and_what_can_be_lost(panel: Signals) -> None:
    card = card_of(panel, "g-2")
    assert card.title.text() == "BUY 500 HANBIT @ 71,000"
    assert card.cost.text() == "= 35,500,000 KRW"
    figures = card.figures.texts()
    assert figures["Est. fee + slippage"] == "35,500 + 7,100"
    assert figures["Loss at stop"].endswith("1,065,000 KRW")
    assert figures["Exposure after"] == "35,500,000 (35.5 %)"
    assert "320 ms old" in card.quote.text()
    assert card.ring.text == "42"
    assert card.badge.text() == "PAPER"
    assert card_of(panel, "g-1").badge.text() == "DEMO - simulated prices"


def test_the_price_of_the_title_is_the_one_the_cost_is_counted_at(panel: Signals, desk: FakeDesk) -> None:
    card = rows.signal_card(rows.signal("g-9", rows.DEMO, "NORD", "10", created_at=rows.NOW), rows.DEMO)
    moved = dataclasses.replace(card, ask=Decimal("90.50"), bid=Decimal("90.49"))
    moved = dataclasses.replace(moved, signal=dataclasses.replace(moved.signal, estimated_cost=Decimal(905)))
    desk.put(Table.SIGNALS, moved)
    shown = card_of(panel, "g-9")
    assert shown.title.text() == "BUY 10 NORD @ 90.50"
    assert shown.cost.text() == "= 905.00 USD"


def test_the_newest_signal_stands_on_top(panel: Signals, desk: FakeDesk) -> None:
    fresh = rows.signal_card(rows.signal("g-9", rows.DEMO, "NORD", "10", created_at=rows.NOW), rows.DEMO)
    desk.put(Table.SIGNALS, fresh)
    assert panel._column.indexOf(card_of(panel, "g-9")) == 0
    assert panel.current == "g-1", "a new card must not take the keys from the picked one"


async def test_approve_by_mouse_sends_the_signal_once(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    card = card_of(panel, "g-1")
    qtbot.mouseClick(card.approve, LEFT)
    assert not card.approve.isEnabled()
    qtbot.mouseClick(card.approve, LEFT)
    card.ask_approval()
    await work.settle()
    assert desk.names() == ["approve"]
    assert desk.commands[0][1]["signal_id"] == "g-1"
    assert desk.commands[0][1]["quantity"] is None
    assert "g-1" not in panel.cards


async def test_keys_answer_the_picked_card(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    panel.activateWindow()
    with qtbot.waitActive(panel):
        pass
    qtbot.keyClick(panel, Qt.Key.Key_A)
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    assert not desk.commands, "no single bare key trades"
    qtbot.keyClick(panel, Qt.Key.Key_R, ALT)
    await work.settle()
    assert desk.commands == [("reject", {"signal_id": "g-1"})]
    panel.pick("g-4")
    qtbot.keyClick(panel, Qt.Key.Key_A, ALT)
    await work.settle()
    assert desk.commands[-1][0] == "approve"
    assert desk.commands[-1][1]["signal_id"] == "g-4"


def test_the_keys_stand_on_the_buttons_of_the_picked_card_only(panel: Signals) -> None:
    assert "Alt+A" in card_of(panel, "g-1").approve.text()
    assert "Alt+A" not in card_of(panel, "g-2").approve.text()
    panel._pick_next(1)
    assert "Alt+A" in card_of(panel, "g-2").approve.text()


async def test_the_numbers_follow_the_quantity_and_are_sent(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    card = card_of(panel, "g-1")
    card.quantity.selectAll()
    qtbot.keyClicks(card.quantity, "40")
    assert card.title.text() == "BUY 40 ACME @ 184.27"
    assert card.cost.text() == "= 7,370.80 USD"
    panel.tick()
    assert card.quantity.text() == "40", "a typed quantity must survive a refresh"
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    assert desk.commands[0][1]["quantity"] == Decimal(40)


def test_a_quantity_that_cannot_be_is_said_and_not_sent(panel: Signals, qtbot: QtBot) -> None:
    card = card_of(panel, "g-1")
    for typed, words in (("0", "above zero"), ("abc", "above zero"), ("1.5", "whole shares")):
        card.quantity.selectAll()
        qtbot.keyClicks(card.quantity, typed)
        assert words in card.obstacle.text()
        assert not card.approve.isEnabled()


async def test_a_limit_order_is_sent_with_its_price(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    card = card_of(panel, "g-1")
    assert chosen(card.order_kind, OrderKind) is OrderKind.MARKET
    assert card.limit.isHidden()
    qtbot.keyClick(card.order_kind, Qt.Key.Key_Down)
    assert not card.limit.isHidden()
    card.limit.selectAll()
    qtbot.keyClicks(card.limit, "183.50")
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    assert desk.commands[0][1]["kind"] is OrderKind.LIMIT
    assert desk.commands[0][1]["limit_price"] == Decimal("183.50")


@pytest.mark.parametrize("height", [260, 420, 900])
async def test_a_refusal_never_pushes_the_buttons_of_a_card_out_of_sight(
    panel: Signals, desk: FakeDesk, qtbot: QtBot, height: int
) -> None:
    panel.resize(300, height)
    card = card_of(panel, "g-1")
    desk.refuse = InsufficientCash(symbol="ACME", needed=Decimal(37_000), available=Decimal(12_000), currency="USD")
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    qtbot.wait(1)
    assert not card.obstacle.isHidden()
    panel.area.show_whole(card)
    seen = QRect(QPoint(), panel.area.viewport().size())
    for widget in (card.approve, card.reject, card.put_off, card.obstacle):
        place = QRect(widget.mapTo(panel.area.viewport(), QPoint()), widget.size())
        assert seen.contains(place), widget
        assert widget.height() >= widget.sizeHint().height() - 2, "squeezed; the focus alone changes a pixel"
    for upper, lower in ((card.obstacle, card.reject), (card.badge, card.obstacle)):
        assert upper.mapTo(card, QPoint()).y() + upper.height() <= lower.mapTo(card, QPoint()).y()


def test_a_card_is_as_high_as_it_needs_where_there_is_room_and_scrolls_where_there_is_not(
    panel: Signals, qtbot: QtBot
) -> None:
    card = card_of(panel, "g-1")
    (body,) = card.findChildren(FittingScroll)
    assert body.verticalScrollBar().maximum() == 0
    assert body.height() == body.sizeHint().height()
    panel.resize(340, 300)
    qtbot.waitUntil(lambda: card.height() <= panel.area.viewport().height())
    assert body.verticalScrollBar().maximum() > 0


def test_a_quantity_over_a_limit_keeps_approve_in_its_place(
    panel: Signals, desk: FakeDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, asked = card_of(panel, "g-1"), desk.signal

    def limited(signal_id: str, *, quantity: Decimal | None = None) -> CardView | None:
        found = asked(signal_id, quantity=quantity)
        if found is None or quantity is None or quantity <= 500:
            return found
        return dataclasses.replace(found, cannot_approve="Over the limit. Lower the quantity.")

    monkeypatch.setattr(desk, "signal", limited)
    qtbot.mouseClick(card.quantity, LEFT)
    assert card.quantity.selectedText() == card.quantity.text(), "a click into the field selects the number"
    qtbot.keyClicks(card.quantity, "900")
    assert card.obstacle.text() == "Over the limit. Lower the quantity."
    assert card.fresh.isHidden(), "a fresh evaluation under the mouse would drop the signal"
    assert not card.approve.isHidden()
    assert not card.approve.isEnabled()
    card.quantity.selectAll()
    qtbot.keyClicks(card.quantity, "90")
    assert card.obstacle.isHidden()
    assert card.approve.isEnabled()


def test_several_cards_keep_their_height_and_the_stack_scrolls(panel: Signals, qtbot: QtBot) -> None:
    assert len(panel.cards) > 1
    for height in (900, 420):
        panel.resize(320, height)
        qtbot.wait(1)
        room = panel.area.viewport().height() - 16
        for card in panel.cards.values():
            (body,) = card.findChildren(FittingScroll)
            assert card.height() == room or body.height() == body.sizeHint().height()
    assert panel.area.verticalScrollBar().maximum() > 0


def test_a_card_that_comes_later_does_not_squeeze_the_one_before(
    desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    views = [view for view in desk.signals() if not view.cannot_approve][:2]
    for view in desk.signals():
        desk.drop(Table.SIGNALS, view.signal.signal_id)
    made = Signals(desk, theme, Intents())
    qtbot.addWidget(made)
    made.resize(333, 437)
    made.show()
    heights = []
    for view in views:
        desk.put(Table.SIGNALS, view)
        qtbot.wait(1)
        heights.append(card_of(made, views[0].signal.signal_id).height())
    assert heights[0] == heights[1] > made.height() / 2
    qtbot.waitUntil(lambda: made.area.verticalScrollBar().maximum() > 0)


def test_a_long_account_ends_in_an_ellipsis(panel: Signals, qtbot: QtBot) -> None:
    card = card_of(panel, "g-1")
    panel.resize(230, 900)
    name = "A session with a very long name indeed"
    settings = dataclasses.replace(card.card.session, name=name)
    card.show_card(dataclasses.replace(card.card, session=settings))
    qtbot.wait(1)
    assert card.account.text().startswith(name)
    assert card.account.toolTip() == card.account.text()
    assert card.account.shown.endswith("…")
    assert card.account.fontMetrics().horizontalAdvance(card.account.shown) <= card.account.width()
    card.account.resize(900, card.account.height())
    assert card.account.shown == card.account.text()
    assert not card.account.grab().isNull()


async def test_while_the_kill_switch_is_engaged_a_card_offers_no_evaluation(panel: Signals, desk: FakeDesk) -> None:
    card = card_of(panel, "g-3")
    assert not card.fresh.isHidden()
    desk.put(Table.SIGNALS, dataclasses.replace(card.card, cannot_approve="Engaged.", can_be_judged_anew=False))
    assert card.obstacle.text() == "Engaged."
    assert card.fresh.isHidden()
    assert card.approve.isHidden()
    assert card.reject.isEnabled()


async def test_a_drifted_signal_cannot_be_approved_and_offers_a_fresh_look(
    panel: Signals, desk: FakeDesk, qtbot: QtBot
) -> None:
    card = card_of(panel, "g-3")
    assert card.obstacle.text() == "The price moved 0.9 %, the limit is 0.5 %."
    assert card.approve.isHidden()
    card.ask_approval()
    qtbot.mouseClick(card.fresh, LEFT)
    await work.settle()
    assert desk.commands == [("refresh_signal", {"signal_id": "g-3"})]


async def test_an_expired_card_cannot_be_approved(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    view = desk.signal("g-1")
    assert view is not None
    desk.tables[Table.SIGNALS]["g-1"] = dataclasses.replace(view, remaining_us=0)
    panel.tick()
    card = card_of(panel, "g-1")
    assert "expired" in card.obstacle.text()
    card.ask_approval()
    qtbot.keyClick(panel, Qt.Key.Key_A, ALT)
    await work.settle()
    assert not desk.commands


async def test_a_refusal_is_shown_on_the_card_and_can_be_tried_again(
    panel: Signals, desk: FakeDesk, qtbot: QtBot
) -> None:
    desk.refuse = InsufficientCash(symbol="ACME", needed=Decimal(2), available=Decimal(1), currency="USD")
    card = card_of(panel, "g-1")
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    panel.tick()
    assert "only 1 USD is free" in card.obstacle.text()
    assert card.approve.isEnabled()
    qtbot.mouseClick(card.approve, LEFT)
    await work.settle()
    assert desk.names() == ["approve"]


async def test_a_large_order_asks_again_in_words(
    panel: Signals, desk: FakeDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = TicketEstimate(None, ZERO, ZERO, ZERO, ZERO, ZERO, None, "", "This is more than 5 times your usual order.")
    monkeypatch.setattr(desk, "estimate", lambda session_id, order: large)
    card = card_of(panel, "g-1")
    qtbot.mouseClick(card.approve, LEFT)
    assert not desk.commands
    assert "5 times" in card.confirm.sentence.text()
    assert "BUY 100 ACME" in card.confirm.send.text()
    qtbot.mouseClick(card.confirm.back, LEFT)
    assert card.approve.isEnabled()
    qtbot.mouseClick(card.approve, LEFT)
    qtbot.mouseClick(card.confirm.send, LEFT)
    await work.settle()
    assert desk.commands[0][1]["confirmed"] is True


async def test_a_live_card_rests_on_reject_and_asks_again(desk: FakeDesk, theme: ThemeStore, qtbot: QtBot) -> None:
    view = desk.signal("g-2")
    assert view is not None
    live = dataclasses.replace(view, session=dataclasses.replace(view.session, broker="alpaca"))
    card = SignalCard(desk, theme, live)
    qtbot.addWidget(card)
    card.show()
    assert card.focusProxy() is card.reject
    assert card.badge.property("mode") == "LIVE"
    qtbot.mouseClick(card.approve, LEFT)
    assert "real money" in card.confirm.sentence.text()
    assert not desk.commands


async def test_reject_by_mouse_takes_the_card_away(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    qtbot.mouseClick(card_of(panel, "g-2").reject, LEFT)
    await work.settle()
    assert desk.commands == [("reject", {"signal_id": "g-2"})]
    assert "g-2" not in panel.cards


def test_an_empty_panel_says_what_will_appear(qtbot: QtBot, theme: ThemeStore) -> None:
    made = Signals(FakeDesk(empty=True), theme, Intents())
    qtbot.addWidget(made)
    made.show()
    assert made.empty.isVisible()
    assert not made.area.isVisible()


def test_what_is_typed_on_a_card_is_left_alone_while_prices_tick(panel: Signals, desk: FakeDesk, qtbot: QtBot) -> None:
    panel.activateWindow()
    with qtbot.waitActive(panel):
        pass
    card = card_of(panel, "g-1")
    view = card.card

    def tick(ask: str) -> None:
        desk.put(Table.SIGNALS, dataclasses.replace(view, ask=Decimal(ask)))

    qtbot.mouseClick(card.quantity, LEFT)
    assert card.quantity.selectedText() == card.quantity.text() != ""
    tick("90.50")
    assert card.quantity.selectedText() == card.quantity.text(), "what is selected stays selected"
    qtbot.keyClick(card.quantity, Qt.Key.Key_Delete)
    tick("90.60")
    assert card.quantity.text() == ""
    assert not card.approve.isEnabled()
    assert "above zero" in card.obstacle.text()
    qtbot.keyClicks(card.quantity, "7")
    card.reject.setFocus()
    tick("90.70")
    assert card.quantity.text() == "7"
    assert card._order().quantity == 7


def test_a_quantity_nobody_touched_follows_the_signal(panel: Signals, desk: FakeDesk) -> None:
    card = card_of(panel, "g-1")
    changed = dataclasses.replace(card.card, signal=dataclasses.replace(card.card.signal, quantity=Decimal(3)))
    desk.put(Table.SIGNALS, changed)
    assert card.quantity.text() == "3"


def test_a_live_card_says_that_shares_are_bought_whole(panel: Signals, desk: FakeDesk) -> None:
    desk.go_live()
    live = rows.signal_card(rows.signal("g-8", live_rows.LIVE, "NORD", "9"), live_rows.LIVE)
    desk.put(Table.SIGNALS, live)
    assert card_of(panel, "g-8").figures.texts()["Size rounded down to"] == "whole shares"
    assert "Size rounded down to" not in card_of(panel, "g-1").figures.texts()

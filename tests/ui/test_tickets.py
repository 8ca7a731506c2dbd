"""Order ticket, close ticket, stop and target, replacing an order, limits: estimates, mistakes, refusals."""

import dataclasses
from decimal import Decimal

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import NotFound, PositionNotFound, UserMistake
from desktop.domain.orders import OrderKind, Side
from desktop.domain.triggers import TriggerKind
from desktop.engine.views import Table
from desktop.ui import formats, work
from desktop.ui.dialogs.close_ticket import CloseTicket, open_close_ticket
from desktop.ui.dialogs.edit_order import open_edit_order
from desktop.ui.dialogs.edit_triggers import TriggersDialog, open_edit_triggers
from desktop.ui.dialogs.limits import open_limits
from desktop.ui.dialogs.order_ticket import OrderTicket, open_order_ticket
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.amount_field import AmountField, amount_text, parse_amount
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def ticket(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> OrderTicket:
    return open_order_ticket(desk, theme, host, session_id="s-demo", symbol="NORD")


def typed(qtbot: QtBot, field: AmountField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)


def test_the_estimate_follows_what_is_typed(ticket: OrderTicket, qtbot: QtBot) -> None:
    assert not ticket.send.isEnabled(), "nothing is sent without a quantity"
    assert not ticket.isModal()
    typed(qtbot, ticket.quantity, "100")
    assert ticket.figures.texts()["Value"] == "6,190.00 USD"
    assert ticket.figures.texts()["Est. fee + slippage"] == "6.19 + 1.24"
    assert ticket.send.text() == "BUY 100 NORD"
    assert ticket.send.isEnabled()
    typed(qtbot, ticket.stop_loss, "60")
    assert ticket.figures.texts()["Loss at stop"].endswith("190.00 USD")
    assert ticket.badge.text() == "DEMO - simulated prices"


async def test_the_order_goes_out_once_as_filled_in(ticket: OrderTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    ticket.kind.setCurrentIndex(ticket.kind.findData(OrderKind.LIMIT))
    typed(qtbot, ticket.quantity, "10")
    assert "price above zero" in ticket.rows.mistakes["limit_price"].text()
    typed(qtbot, ticket.limit, "61.505")
    assert "steps of 0.01" in ticket.rows.mistakes["limit_price"].text()
    typed(qtbot, ticket.limit, "61.50")
    qtbot.mouseClick(ticket.send, LEFT)
    qtbot.mouseClick(ticket.send, LEFT)
    await work.settle()
    assert desk.names() == ["place_order"]
    order = desk.commands[0][1]["order"]
    assert (order.symbol, order.side, order.quantity) == ("NORD", Side.BUY, Decimal(10))
    assert (order.kind, order.limit_price) == (OrderKind.LIMIT, Decimal("61.50"))


def test_a_sale_has_no_stop_and_target_of_its_own(ticket: OrderTicket, qtbot: QtBot) -> None:
    typed(qtbot, ticket.quantity, "10")
    ticket.side.setCurrentIndex(ticket.side.findData(Side.SELL))
    assert ticket.send.text() == "SELL 10 NORD"
    assert ticket.stop_loss.isHidden() or not ticket.stop_loss.isVisible()
    order = ticket.order()
    assert order is not None
    assert order.side is Side.SELL


def test_what_would_be_refused_is_said_before_it_is_sent(ticket: OrderTicket, qtbot: QtBot) -> None:
    typed(qtbot, ticket.quantity, "5000")
    assert "only" in ticket.answer.text()
    assert not ticket.send.isEnabled()


async def test_an_unusual_order_asks_again_in_words(ticket: OrderTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    typed(qtbot, ticket.quantity, "700")
    qtbot.mouseClick(ticket.send, LEFT)
    assert not desk.commands
    assert "5 times" in ticket.confirm.sentence.text()
    assert ticket.confirm.back.hasFocus()
    qtbot.mouseClick(ticket.confirm.send, LEFT)
    await work.settle()
    assert desk.commands[0][1]["order"].confirmed


async def test_a_refused_order_stays_open_with_the_reason(ticket: OrderTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.refuse = UserMistake("The market is closed. No order was sent.")
    typed(qtbot, ticket.quantity, "10")
    qtbot.mouseClick(ticket.send, LEFT)
    await work.settle()
    assert ticket.isVisible()
    assert ticket.answer.text() == "The market is closed. No order was sent."
    assert ticket.send.isEnabled()


def test_escape_closes_the_ticket(ticket: OrderTicket, qtbot: QtBot, desk: FakeDesk) -> None:
    qtbot.keyClick(ticket, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(ticket))
    assert not desk.commands


async def test_an_answer_after_the_ticket_was_closed_harms_nobody(
    ticket: OrderTicket, desk: FakeDesk, qtbot: QtBot
) -> None:
    typed(qtbot, ticket.quantity, "10")
    qtbot.mouseClick(ticket.send, LEFT)
    ticket.close()
    QCoreApplication.sendPostedEvents(ticket, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(ticket)
    await work.settle()
    assert desk.names() == ["place_order"]


@pytest.mark.parametrize(
    ("kind", "limit", "stop", "wrong", "right"),
    [
        (OrderKind.MARKET, "", "", "61.90", "61.89"),
        (OrderKind.LIMIT, "60.00", "", "60.00", "59.99"),
        (OrderKind.LIMIT, "70.00", "", "61.90", "61.89"),  # it fills at the market
        (OrderKind.STOP, "", "63.00", "63.00", "62.99"),
    ],
)
def test_a_stop_above_the_price_is_said_and_cannot_be_bought(
    ticket: OrderTicket, qtbot: QtBot, kind: OrderKind, limit: str, stop: str, wrong: str, right: str
) -> None:
    ticket.kind.setCurrentIndex(ticket.kind.findData(kind))
    typed(qtbot, ticket.quantity, "10")
    for field, text in ((ticket.limit, limit), (ticket.stop, stop)):
        if text:
            typed(qtbot, field, text)
    typed(qtbot, ticket.stop_loss, wrong)
    assert ticket.rows.mistakes["stop_loss"].text() == f"The stop must be below the price ({wrong})."
    assert not ticket.send.isEnabled()
    assert ticket.figures.texts()["Loss at stop"] == formats.NOTHING
    typed(qtbot, ticket.stop_loss, right)
    assert ticket.send.isEnabled()
    typed(qtbot, ticket.take_profit, wrong)
    assert "The target must be above the price" in ticket.rows.mistakes["take_profit"].text()
    assert not ticket.send.isEnabled()


def test_the_ticket_opens_at_the_quantity(ticket: OrderTicket) -> None:
    assert ticket.focusWidget() is ticket.quantity


def places(ticket: OrderTicket) -> dict[str, int]:
    """Return how far down each field that is seen stands, and the button that sends."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    QCoreApplication.processEvents()
    shown = {name: field for name, field in ticket.rows.fields.items() if field.isVisible()} | {"send": ticket.send}
    return {name: field.mapTo(ticket, QPoint(0, 0)).y() for name, field in shown.items()}


def moved(ticket: OrderTicket, before: dict[str, int]) -> dict[str, int]:
    """Return what stands elsewhere now, and by how many pixels; heights of fonts round to one of them.

    The button that sends is below the line of questions, whose frame is not to the pixel that of the room kept for it.
    """
    now = places(ticket)
    assert set(now) == set(before)
    most = {"send": 4}
    return {name: now[name] - at for name, at in before.items() if abs(now[name] - at) > most.get(name, 1)}


@pytest.mark.parametrize("kind", [OrderKind.MARKET, OrderKind.STOP_LIMIT])
async def test_no_field_of_the_ticket_moves_while_one_types_and_between_its_questions(
    ticket: OrderTicket, desk: FakeDesk, qtbot: QtBot, kind: OrderKind
) -> None:
    ticket.kind.setCurrentIndex(ticket.kind.findData(kind))
    at_first = places(ticket)
    for field, text in ((ticket.quantity, "7x"), (ticket.take_profit, "63.765"), (ticket.stop_loss, "-1")):
        typed(qtbot, field, text)
        assert moved(ticket, at_first) == {}, text
    for field, text in ((ticket.quantity, "700"), (ticket.take_profit, "65"), (ticket.stop_loss, "60")):
        typed(qtbot, field, text)
        assert moved(ticket, at_first) == {}, text
    for field in (ticket.limit, ticket.stop):
        if field.isVisible():
            typed(qtbot, field, "62")
    assert moved(ticket, at_first) == {}
    qtbot.mouseClick(ticket.send, LEFT)
    assert ticket.confirm.isVisible()
    assert moved(ticket, at_first) == {}
    qtbot.mouseClick(ticket.confirm.back, LEFT)
    assert moved(ticket, at_first) == {}
    typed(qtbot, ticket.quantity, "5000")
    assert "only" in ticket.answer.text()
    assert moved(ticket, at_first) == {}
    assert desk.names() == []


def test_a_mistake_takes_the_place_of_the_hint_and_gives_it_back(ticket: OrderTicket, qtbot: QtBot) -> None:
    shown = ticket.rows.mistakes["stop_loss"]
    typed(qtbot, ticket.stop_loss, "60.005")
    assert (shown.text(), shown.property("role")) == ("Prices go in steps of 0.01.", "error")
    typed(qtbot, ticket.stop_loss, "60")
    assert (shown.text(), shown.property("role")) == ("Armed when the order fills; empty: none.", "caption")


def test_a_ticket_that_grows_stays_on_the_screen(ticket: OrderTicket, qtbot: QtBot) -> None:
    screen = ticket.screen().availableGeometry()
    ticket.move(ticket.x(), screen.bottom() - ticket.height())
    before = ticket.height()
    ticket.refuse("The market is closed. No order was sent. " * 20)
    qtbot.waitUntil(lambda: ticket.height() > before)
    assert ticket.frameGeometry().bottom() <= screen.bottom()


@pytest.fixture
def close(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> CloseTicket:
    return open_close_ticket(desk, theme, host, session_id="s-demo", symbol="NORD")


async def test_the_close_ticket_is_prefilled_with_the_whole(close: CloseTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    assert close.quantity.value == 300
    assert close.figures.texts()["Value"] == "18,570.00 USD"
    assert "+525.00 USD" in close.state.text()
    qtbot.mouseClick(close.send, LEFT)
    await work.settle()
    assert not shiboken6.isValid(close) or not close.isVisible()
    assert desk.commands == [
        ("close_position", {"session_id": "s-demo", "symbol": "NORD", "quantity": None, "confirmed": False})
    ]


async def test_half_of_it_can_be_closed(close: CloseTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    qtbot.mouseClick(close.half, LEFT)
    assert close.send.text() == "Sell 150 NORD"
    assert "stay for what is left" in close.note.text()
    qtbot.mouseClick(close.send, LEFT)
    await work.settle()
    assert desk.commands[0][1]["quantity"] == 150


@pytest.mark.parametrize(
    ("stop", "target", "whole", "half"),
    [
        ("58", "66", "Stop and target of the position are cancelled with it.", "Stop and target stay"),
        ("58", None, "Its stop is cancelled with it.", "Its stop stays for what is left."),
        (None, "66", "Its target is cancelled with it.", "Its target stays for what is left."),
        (None, None, "", ""),
    ],
)
def test_the_close_ticket_speaks_of_the_protection_there_is(
    close: CloseTicket, desk: FakeDesk, qtbot: QtBot, stop: str | None, target: str | None, whole: str, half: str
) -> None:
    levels = [None if level is None else Decimal(level) for level in (stop, target)]
    desk.put(Table.POSITIONS, dataclasses.replace(close.row, stop=levels[0], target=levels[1]))
    assert close.note.text().startswith(f"Sold at the market. {whole}".strip())
    qtbot.mouseClick(close.half, LEFT)
    assert close.note.text().startswith(f"Sold at the market. {half}".strip())
    mentioned = [word for word in ("stop", "target") if word in close.note.text().lower()]
    assert mentioned == [word for word, level in zip(("stop", "target"), levels, strict=True) if level is not None]


def test_more_than_is_held_cannot_be_sold(close: CloseTicket, qtbot: QtBot) -> None:
    typed(qtbot, close.quantity, "301")
    assert close.rows.mistakes["quantity"].text() == "Only 300 is held."
    assert not close.send.isEnabled()


def test_the_close_ticket_goes_when_the_position_is_gone(close: CloseTicket, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.drop(Table.POSITIONS, "s-demo/NORD")
    qtbot.waitUntil(lambda: not shiboken6.isValid(close))


def test_nothing_held_is_a_sentence(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    with pytest.raises(PositionNotFound):
        open_close_ticket(desk, theme, host, session_id="s-demo", symbol="HELI")
    with pytest.raises(PositionNotFound):
        open_edit_triggers(desk, theme, host, session_id="s-demo", symbol="HELI")
    with pytest.raises(NotFound):
        open_edit_order(desk, theme, host, session_id="s-demo", order_id="none")
    with pytest.raises(NotFound):
        open_limits(desk, theme, host, session_id="none")


@pytest.fixture
def levels(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> TriggersDialog:
    return open_edit_triggers(desk, theme, host, session_id="s-demo", symbol="NORD")


async def test_only_what_was_changed_is_moved_armed_or_cancelled(
    levels: TriggersDialog, desk: FakeDesk, qtbot: QtBot
) -> None:
    typed(qtbot, levels.fields[TriggerKind.STOP_LOSS], "59.00")
    assert "\u22124.68 %" in levels.effects[TriggerKind.STOP_LOSS].text()
    typed(qtbot, levels.fields[TriggerKind.TAKE_PROFIT], "")
    typed(qtbot, levels.fields[TriggerKind.TRAILING_STOP], "4")
    qtbot.mouseClick(levels.save, LEFT)
    await work.settle()
    assert sorted(desk.names()) == ["cancel_trigger", "move_trigger", "set_trigger"]
    moved = dict(desk.commands)["move_trigger"]
    assert moved["level"] == Decimal("59.00")
    assert dict(desk.commands)["set_trigger"]["trail_percent"] == 4


def test_the_levels_follow_the_price_and_go_with_the_position(levels: TriggersDialog, desk: FakeDesk) -> None:
    row, stop = levels.row, levels.fields[TriggerKind.STOP_LOSS].value
    assert stop is not None
    assert levels.save.isEnabled()
    desk.put(Table.POSITIONS, dataclasses.replace(row, price=stop - row.instrument.tick))
    assert levels.state.text().endswith(f"now {stop - row.instrument.tick}")
    assert "under the price" in levels.rows.mistakes[TriggerKind.STOP_LOSS.value].text()
    assert not levels.save.isEnabled()
    desk.drop(Table.POSITIONS, row.key)
    assert not shiboken6.isValid(levels) or not levels.isVisible()


def test_a_stop_over_the_price_is_a_mistake(levels: TriggersDialog, qtbot: QtBot) -> None:
    typed(qtbot, levels.fields[TriggerKind.STOP_LOSS], "70")
    typed(qtbot, levels.fields[TriggerKind.TAKE_PROFIT], "50")
    typed(qtbot, levels.fields[TriggerKind.TRAILING_STOP], "120")
    found = levels.mistakes()
    assert set(found) == {"STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP"}
    assert not levels.save.isEnabled()


async def test_a_refused_level_stays_open_with_the_reason(levels: TriggersDialog, desk: FakeDesk, qtbot: QtBot) -> None:
    typed(qtbot, levels.fields[TriggerKind.STOP_LOSS], "59")
    typed(qtbot, levels.fields[TriggerKind.TAKE_PROFIT], "66")
    desk.refuse = UserMistake("The kill switch is engaged.")
    qtbot.mouseClick(levels.save, LEFT)
    await work.settle()
    assert levels.answer.text() == "The kill switch is engaged."
    assert not desk.commands


async def test_an_order_is_replaced_with_what_changed(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    dialog = open_edit_order(desk, theme, host, session_id="s-demo", order_id="o-1")
    assert dialog.fields["limit_price"].text() == "409.50"
    assert not dialog.send.isEnabled()
    typed(qtbot, dialog.fields["limit_price"], "0")
    assert dialog.mistakes()
    typed(qtbot, dialog.fields["limit_price"], "410.25")
    qtbot.mouseClick(dialog.send, LEFT)
    await work.settle()
    assert desk.commands[0][1]["limit_price"] == Decimal("410.25")
    assert desk.commands[0][1]["quantity"] is None


async def test_limits_are_set_and_an_empty_one_is_off(
    host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot
) -> None:
    dialog = open_limits(desk, theme, host, session_id="s-demo")
    fields = dialog.fields.fields
    typed(qtbot, fields["max_positions"], "2.5")
    assert not dialog.save.isEnabled()
    typed(qtbot, fields["max_positions"], "3")
    typed(qtbot, fields["max_daily_loss"], "")
    typed(qtbot, fields["max_quote_age"], "20")
    qtbot.mouseClick(dialog.save, LEFT)
    await work.settle()
    limits = desk.commands[0][1]["limits"]
    assert limits.max_positions == 3
    assert limits.max_daily_loss is None
    assert limits.max_quote_age == 20_000_000
    assert limits.max_risk_per_trade == 2


def test_amounts_are_read_and_written_exactly(qtbot: QtBot) -> None:
    assert parse_amount("71,000.50") == Decimal("71000.50")
    assert parse_amount("\u22123") == -3
    assert parse_amount("nan") is None
    assert parse_amount("12x") is None
    assert amount_text(Decimal("0.25000000")) == "0.25"
    assert amount_text(Decimal("60.1"), 2) == "60.10"
    assert amount_text(Decimal("1E+3")) == "1000"
    field = AmountField("Quantity", Decimal(5), step=Decimal(2))
    qtbot.addWidget(field)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.value == 7

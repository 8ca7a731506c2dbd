"""Protection that rests at a broker, told what brokers tell: late, partly, refused, lost, again and again."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain import commands as ask
from desktop.domain.effects import CancelAtBroker, SubmitOrder
from desktop.domain.events import Warned
from desktop.domain.market import MINUTE, SECOND
from desktop.domain.messages import Halted, LinkChanged, OrderSending, OrderUnresolved
from desktop.domain.orders import Order, OrderStatus, Purpose, Side
from desktop.domain.sessions import StopChoice
from desktop.domain.triggers import TriggerKind
from tests.trading.core_kit import D, fill_of
from tests.trading.test_outside import LiveKit

S = OrderStatus


class RestingKit(LiveKit):
    """A unit whose account lets a stop-loss rest; it holds 10 SPY with a stop at 95."""

    def __init__(self) -> None:
        super().__init__()
        self.outside.rests_stop = self.outside.rests_pair = True
        self.buy()
        self.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(95)))

    def guards(self) -> list[Order]:
        return [order for order in self.orders if order.purpose is Purpose.GUARD]

    def guard(self) -> Order:
        found = self.core.book.guard("SPY")
        assert found is not None
        return found

    def rest(self) -> Order:
        """Let the newest protective order work at the broker."""
        self.step(OrderSending(self.now, self.guard().order_id))
        self.report(self.guard(), S.NEW)
        return self.guard()

    def stops(self) -> list[Decimal]:
        return [item.quantity for item in self.core.triggers.values() if item.kind is TriggerKind.STOP_LOSS]

    def leaving(self) -> list[Order]:
        return [item.order for item in self.last.requests if isinstance(item, SubmitOrder)]


def test_fault_13_a_fill_of_cancelled_protection_leaves_the_rest_with_a_stop() -> None:
    kit = RestingKit()
    guard = kit.rest()
    (trigger,) = kit.core.triggers.values()
    kit.ask(ask.ModifyTrigger(trigger.trigger_id, level=D(96)))
    kit.report(guard, S.CANCELED)
    kit.rest()
    kit.report(guard, S.CANCELED, fill=fill_of(guard, 4, "95", at=kit.now))
    assert kit.held() == 6
    assert kit.stops() == [D(6)]


def test_fault_12_a_fill_told_after_the_end_of_its_protection_leaves_the_rest_with_a_stop() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.report(guard, S.CANCELED, cumulative=D(4))
    kit.report(guard, S.PARTIALLY_FILLED, fill=fill_of(guard, 4, "95", at=kit.now))
    assert kit.held() == 6
    assert kit.stops() == [D(6)]


def test_protection_that_the_broker_ends_by_itself_is_not_placed_again_at_once() -> None:
    kit = RestingKit()
    for _ in range(5):
        if kit.core.book.guard("SPY") is not None:
            kit.report(kit.rest(), S.CANCELED, reason="cancelled by the exchange")
    assert len(kit.guards()) == 1
    assert kit.stops() == [D(10)]
    kit.quote(100.0, after=MINUTE + SECOND)
    assert len(kit.guards()) == 2


def test_fault_15_protection_that_is_refused_does_not_hold_up_the_kill_switch() -> None:
    kit = RestingKit()
    kit.step(OrderSending(kit.now, kit.guard().order_id))
    kit.report(kit.guard(), S.REJECTED, reason="not available")
    kit.ask(ask.EngageKill(flatten=True, reason="kill switch"))
    assert [order.purpose for order in kit.leaving()] == [Purpose.FLATTEN]


def test_fault_10_protection_without_an_answer_does_not_hold_up_the_kill_switch() -> None:
    kit = RestingKit()
    guard = kit.guard()
    kit.step(OrderSending(kit.now, guard.order_id))
    kit.step(OrderUnresolved(kit.now, guard.order_id, "no answer"))
    kit.ask(ask.EngageKill(flatten=True, reason="kill switch"))
    assert CancelAtBroker(guard.order_id) in kit.last.requests
    assert [order.purpose for order in kit.leaving()] == [Purpose.FLATTEN]


def test_a_close_that_waited_sells_what_the_protection_left() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.ask(ask.ClosePosition("SPY"))
    assert kit.leaving() == []
    kit.report(guard, S.PARTIALLY_FILLED, fill=fill_of(guard, 4, "95", at=kit.now))
    kit.report(guard, S.CANCELED)
    assert [(order.purpose, order.quantity) for order in kit.leaving()] == [(Purpose.CLOSE, D(6))]


def test_an_exit_that_waited_is_dropped_where_the_protection_sold_everything() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.ask(ask.ClosePosition("SPY"))
    kit.report(guard, S.FILLED, fill=fill_of(guard, 10, "95", at=kit.now))
    assert kit.leaving() == []
    assert kit.order().status is S.DENIED


def test_protection_that_sells_less_than_is_held_by_now_leaves_the_rest_with_a_stop() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.differs("2")
    kit.ask(ask.AdoptDifference("SPY"))
    assert kit.guard().status is S.PENDING_CANCEL
    kit.report(guard, S.FILLED, fill=fill_of(guard, 10, "95", at=kit.now))
    assert kit.held() == 2
    assert kit.stops() == [D(2)]


def test_what_was_refused_is_asked_for_again_once_the_account_is_connected_anew() -> None:
    kit = RestingKit()
    kit.step(OrderSending(kit.now, kit.guard().order_id))
    kit.report(kit.guard(), S.REJECTED, reason="It was not sent: the broker does not accept the credentials.")
    kit.quote(100.0)
    assert len(kit.guards()) == 1
    kit.step(LinkChanged(kit.now, connected=False, detail="cut"))
    kit.step(LinkChanged(kit.now, connected=True, detail=""))
    assert [order.purpose for order in kit.leaving()] == [Purpose.GUARD]


def test_fault_24_protection_refused_in_a_halt_is_placed_when_trading_goes_on() -> None:
    kit = RestingKit()
    kit.step(OrderSending(kit.now, kit.guard().order_id))
    kit.step(Halted(kit.now, "SPY", "news"))
    kit.report(kit.guard(), S.REJECTED, reason="asset is halted")
    assert kit.leaving() == []
    kit.step(Halted(kit.now, "SPY", ""))
    assert [order.purpose for order in kit.leaving()] == [Purpose.GUARD]


def test_stopping_with_keep_leaves_the_protection_at_the_broker() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.ask(ask.Stop(StopChoice.KEEP))
    assert kit.last.requests == []
    assert kit.guard().order_id == guard.order_id


def test_a_holding_of_broken_lots_is_protected_at_the_broker_all_the_same() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.differs("0.5")  # as where an exchange takes its fee out of the coin
    kit.ask(ask.AdoptDifference("SPY"))
    kit.report(guard, S.CANCELED)
    assert kit.guard().quantity == D("10.5")


def test_fault_10_protection_without_an_answer_for_a_minute_holds_the_stop_no_longer() -> None:
    kit = RestingKit()
    guard = kit.guard()
    kit.step(OrderSending(kit.now, guard.order_id))
    kit.step(OrderUnresolved(kit.now, guard.order_id, "no answer"))
    kit.quote(94.0)
    assert kit.leaving() == []  # it may be there, and sell
    kit.quote(94.0, after=MINUTE)
    assert [order.purpose for order in kit.leaving()] == [Purpose.TRIGGER]
    assert CancelAtBroker(guard.order_id) in kit.last.requests
    sold = kit.leaving()[0]
    kit.report(sold, S.FILLED, fill=fill_of(sold, 10, "94", at=kit.now))
    kit.report(guard, S.NEW)  # it was there after all
    assert CancelAtBroker(guard.order_id) in kit.last.requests


class AddedKit(RestingKit):
    """Five more were asked for while ten have a stop at the broker; the purchase gets no answer."""

    def __init__(self) -> None:
        super().__init__()
        guard = self.rest()
        self.ask(ask.PlaceOrder("SPY", Side.BUY, D(5)))
        self.report(guard, S.CANCELED)
        (self.bought,) = self.leaving()
        self.step(OrderSending(self.now, self.bought.order_id))
        self.step(OrderUnresolved(self.now, self.bought.order_id, "no answer"))

    def warnings(self) -> list[str]:
        return [fact.sentence for fact in self.told(Warned) if fact.topic == "protection"]


def test_fault_10_what_is_held_gets_its_stop_back_while_a_purchase_is_without_an_answer() -> None:
    kit = AddedKit()
    assert [(order.purpose, order.quantity, order.stop_price) for order in kit.leaving()] == [
        (Purpose.GUARD, D(10), D(95)),
    ]  # fmt: skip
    kit.rest()
    assert kit.warnings() == []
    kit.report(kit.bought, S.FILLED, fill=fill_of(kit.bought, 5, "100", at=kit.now))
    assert kit.guard().status is S.PENDING_CANCEL  # one of fifteen takes its place
    kit.report(kit.guard(), S.CANCELED)
    assert [(order.purpose, order.quantity) for order in kit.leaving()] == [(Purpose.GUARD, D(15))]


def test_fault_10_a_stop_that_the_broker_refuses_beside_a_lost_purchase_is_told_and_asked_for_again_after_it() -> None:
    kit = AddedKit()
    kit.step(OrderSending(kit.now, kit.guard().order_id))
    kit.report(kit.guard(), S.REJECTED, reason="potential wash trade")
    kit.quote(94.0)
    assert kit.leaving() == []  # the trigger is held (K1a)
    assert sum("10 SPY have NO working stop" in text for text in kit.warnings()) == 1
    kit.ask(ask.DeclareLost(kit.bought.order_id, "LOST"))
    kit.quote(100.0)
    assert Purpose.GUARD in [order.purpose for order in kit.orders if order.status is S.INTENT]


def test_fault_10_beside_a_sale_without_an_answer_no_stop_rests_for_it_might_sell_twice() -> None:
    kit = RestingKit()
    guard = kit.rest()
    kit.ask(ask.ClosePosition("SPY"))
    kit.report(guard, S.CANCELED)
    (sold,) = kit.leaving()
    kit.step(OrderSending(kit.now, sold.order_id))
    kit.step(OrderUnresolved(kit.now, sold.order_id, "no answer"))
    kit.quote(100.0)
    assert kit.core.book.guard("SPY") is None
    assert sum("10 SPY have NO working stop" in fact.sentence for fact in kit.told(Warned)) == 1

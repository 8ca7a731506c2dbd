from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from desktop.brokers.alpaca import reading
from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.broker import LinkState, Pair
from desktop.domain.broker_errors import (
    BrokerFault,
    CredentialsRefused,
    NotSent,
    OrderRefused,
    OutcomeUnknown,
)
from desktop.domain.fills import BUSTED
from desktop.domain.orders import Order, OrderKind, OrderStatus, Side, TimeInForce
from desktop.net.http import Timeouts
from tests.brokers.alpaca.floor import Ear, at_alpaca, broker_at, order_of

GTC = TimeInForce.GTC
TEN, TWELVE, WHOLE = Decimal(10), Decimal(12), Decimal(100_000)


async def test_the_account_is_told_at_the_start_and_listening_begins() -> None:
    async with at_alpaca(started=False) as (_, broker, ear):
        info = await broker.start(ear)
        assert (info.currency, info.cash, info.equity, info.buying_power) == ("USD", WHOLE, WHOLE, WHOLE)
        assert info.day_start_equity == 100_000
        assert info.blocked == ""
        assert [state for state, _ in ear.links] == [LinkState.CONNECTING, LinkState.CONNECTED]
    assert ear.links[-1][0] is LinkState.OFF


async def test_a_market_order_is_acknowledged_and_its_fill_has_one_id_wherever_it_comes_from() -> None:
    async with at_alpaca() as (standin, broker, ear):
        answer = await broker.submit(order_of("buy-1"))
        assert (answer.order_id, answer.quantity) == ("buy-1", TEN)
        report = await ear.status("buy-1", OrderStatus.FILLED)
        assert report.cumulative == 10
        assert report.broker_order_id == answer.broker_order_id
        (told,) = ear.fills()
        assert (told.order_id, told.side, told.quantity, told.price) == ("buy-1", Side.BUY, TEN, Decimal("100.02"))
        assert await broker.fills(0, []) == [told]
        assert await broker.fills(told.at + 1, []) == []
        assert await broker.fills(0, ["QQQ"]) == []
        (held,) = await broker.positions()
        assert (held.symbol, held.quantity, held.average_price) == ("SPY", TEN, Decimal("100.02"))
        standin.ledger.check_no_duplicates()


async def test_a_fraction_of_a_share_is_bought_and_left_at_the_market_however_long_the_order_lasts() -> None:
    async with at_alpaca() as (standin, broker, ear):
        for name, side in (("buy-1", Side.BUY), ("sell-1", Side.SELL)):
            await broker.submit(order_of(name, side, "0.037051912", time_in_force=GTC))
            await ear.status(name, OrderStatus.FILLED)
        assert standin.ledger.position("SPY") == 0
        assert [fill.quantity for fill in ear.fills()] == [Decimal("0.037051912")] * 2


async def test_fills_of_an_order_that_this_start_never_heard_of_carry_its_client_id() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("buy-1"))
        await ear.status("buy-1", OrderStatus.FILLED)
        later = broker_at(standin)
        assert [fill.order_id for fill in await later.fills(0, ["SPY"])] == ["buy-1"]
        await later.stop()


async def test_many_fills_that_were_never_heard_of_cost_one_question_for_their_orders() -> None:
    async with at_alpaca() as (standin, broker, ear):
        for number in range(8):
            await broker.submit(order_of(f"buy-{number}", quantity=1))
        await ear.status("buy-7", OrderStatus.FILLED)
        later, before = broker_at(standin), len(standin.requests)
        assert [fill.order_id for fill in await later.fills(0, [])] == [f"buy-{number}" for number in range(8)]
        assert len(standin.requests) - before == 2
        await later.stop()


async def test_a_cancel_that_is_under_way_already_is_no_error() -> None:
    async with at_alpaca() as (standin, broker, ear):
        standin.holds_cancels = True
        await broker.submit(order_of("rest-1", limit="99.50"))
        await broker.cancel(order_of("rest-1"))
        await ear.status("rest-1", OrderStatus.PENDING_CANCEL)
        await broker.cancel(order_of("rest-1"))
        standin.cancel_elsewhere("rest-1")
        await ear.status("rest-1", OrderStatus.CANCELED)


async def test_orders_come_page_by_page_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ORDERS_A_PAGE", 4)
    monkeypatch.setattr(reading, "FILLS_A_PAGE", 3)
    async with at_alpaca() as (_, broker, ear):
        for number in range(10):
            await broker.submit(order_of(f"buy-{number}", quantity=1))
        await ear.status("buy-9", OrderStatus.FILLED)
        every = [f"buy-{number}" for number in range(10)]
        assert [one.order_id for one in await broker.recent_orders(0)] == every
        assert [fill.order_id for fill in await broker.fills(0, [])] == every


@pytest.mark.parametrize(
    ("limit", "stop", "kind"),
    [("99.50", None, OrderKind.LIMIT), (None, "101.00", OrderKind.STOP), ("101.50", "101", OrderKind.STOP_LIMIT)],
)
async def test_a_resting_order_is_shown_as_it_was_placed(limit: str | None, stop: str | None, kind: OrderKind) -> None:
    async with at_alpaca() as (_, broker, ear):
        placed = await broker.submit(order_of("rest-1", limit=limit, stop=stop, time_in_force=GTC))
        await ear.status("rest-1", OrderStatus.NEW)
        (shown,) = await broker.open_orders()
        assert (shown.order_id, shown.kind, shown.status, shown.time_in_force) == ("rest-1", kind, OrderStatus.NEW, GTC)
        assert shown.limit_price == (None if limit is None else Decimal(limit))
        assert shown.stop_price == (None if stop is None else Decimal(stop))
        assert shown.broker_order_id == placed.broker_order_id
        assert await broker.order("rest-1", "SPY") == shown
        assert await broker.order("nobody", "SPY") is None


async def test_a_part_fill_then_a_cancel_keeps_what_was_filled() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("part-1", limit="99.50"))
        standin.fill("part-1", 4, "99.50")
        report = await ear.status("part-1", OrderStatus.PARTIALLY_FILLED)
        assert report.cumulative == 4
        await broker.cancel(order_of("part-1"))
        report = await ear.status("part-1", OrderStatus.CANCELED)
        assert report.cumulative == 4
        with pytest.raises(OrderRefused):
            await broker.cancel(order_of("part-1"))
        assert await broker.open_orders() == []


async def test_an_order_is_cancelled_after_a_restart_that_forgot_its_broker_id() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        later = broker_at(standin)
        await later.cancel(order_of("rest-1"))
        await ear.status("rest-1", OrderStatus.CANCELED)
        with pytest.raises(OrderRefused, match="nothing to cancel"):
            await later.cancel(order_of("never-placed"))
        await later.stop()


async def test_orders_placed_elsewhere_are_told_as_they_are() -> None:
    async with at_alpaca() as (standin, broker, ear):
        standin.place_elsewhere(symbol="SPY", side="buy", quantity=3, kind="limit", limit_price="98.00")
        await ear.until(lambda: bool(ear.orders))
        (shown,) = await broker.open_orders()
        assert ear.orders[-1] == shown
        assert (shown.quantity, shown.limit_price) == (Decimal(3), Decimal(98))
        assert shown.order_id


async def test_a_rejection_by_the_stream_carries_a_reason() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        standin.reject("rest-1", "trading halted")
        report = await ear.status("rest-1", OrderStatus.REJECTED)
        assert report.reason == "Alpaca rejected it: trading halted"


async def test_recent_orders_hold_what_changed_since_oldest_first_and_each_once() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("old-done"))
        await ear.status("old-done", OrderStatus.FILLED)
        old = await broker.submit(order_of("old-open", limit="90.00", time_in_force=GTC))
        changed = await broker.submit(order_of("old-cancelled", limit="91.00"))
        since = standin.clock.now() + 1
        await broker.cancel(order_of("old-cancelled"))
        await ear.status("old-cancelled", OrderStatus.CANCELED)
        await broker.submit(order_of("new", limit="92.00"))
        recent = await broker.recent_orders(since)
        assert [one.order_id for one in recent] == ["old-cancelled", "new"]
        everything = await broker.recent_orders(0)
        assert [one.order_id for one in everything] == ["old-done", "old-open", "old-cancelled", "new"]
        assert changed.created_at > old.created_at


# changing ------------------------------------------------------------------------------------------------------------
async def test_a_changed_order_goes_on_under_its_client_id_also_after_a_restart() -> None:
    async with at_alpaca() as (standin, broker, ear):
        first = await broker.submit(order_of("rest-1", limit="99.50", time_in_force=GTC))
        once = await broker.replace(order_of("rest-1"), None, Decimal("99.60"), None)
        twice = await broker.replace(order_of("rest-1"), Decimal(12), None, None)
        assert len({first.broker_order_id, once.broker_order_id, twice.broker_order_id}) == 3
        assert (twice.order_id, twice.quantity, twice.limit_price) == ("rest-1", TWELVE, Decimal("99.60"))
        later = broker_at(standin)
        heard = Ear()
        await later.start(heard)
        (shown,) = await later.open_orders()
        assert (shown.order_id, shown.broker_order_id) == ("rest-1", twice.broker_order_id)
        found = await later.order("rest-1", "SPY")
        assert found is not None
        assert (found.order_id, found.broker_order_id, found.quantity) == ("rest-1", twice.broker_order_id, TWELVE)
        standin.price("SPY", "99.40", "99.50")
        report = await heard.status("rest-1", OrderStatus.FILLED)
        assert (report.cumulative, report.quantity) == (TWELVE, TWELVE)
        assert {fill.order_id for fill in await later.fills(0, [])} == {"rest-1"}
        await later.stop()
        assert (await ear.status("rest-1", OrderStatus.FILLED)).cumulative == 12


async def test_a_replaced_order_is_cancelled_by_the_id_that_was_stored_before() -> None:
    async with at_alpaca() as (standin, broker, ear):
        first = await broker.submit(order_of("rest-1", limit="99.50"))
        await broker.replace(order_of("rest-1"), None, Decimal("99.40"), None)
        later = broker_at(standin)
        await later.cancel(order_of("rest-1", broker_order_id=first.broker_order_id))
        await ear.status("rest-1", OrderStatus.CANCELED)
        await later.stop()


async def test_a_part_filled_order_is_not_changed_because_its_whole_quantity_might_be_ordered_again() -> None:
    async with at_alpaca() as (standin, broker, _):
        await broker.submit(order_of("part-1", limit="99.50"))
        standin.fill("part-1", 4, "99.50")
        with pytest.raises(OrderRefused, match="Cancel it and"):
            await broker.replace(order_of("part-1"), None, Decimal("99.60"), None)
        assert not standin.asked("replace")


# pairs ---------------------------------------------------------------------------------------------------------------
async def test_a_pair_of_exits_is_one_order_whichever_leg_fills() -> None:
    for bid, price in (("106.00", Decimal(105)), ("94.00", Decimal(94))):
        async with at_alpaca() as (standin, broker, ear):
            await broker.submit(order_of("entry"))
            await ear.status("entry", OrderStatus.FILLED)
            sell = order_of("exit", Side.SELL, limit="105.00", time_in_force=GTC)
            placed = await broker.submit(sell, pair=Pair(take_profit=Decimal(105), stop_loss=Decimal(95)))
            assert (placed.order_id, placed.limit_price, placed.stop_price) == ("exit", Decimal(105), Decimal(95))
            (shown,) = await broker.open_orders()
            assert shown.order_id == "exit"
            standin.price("SPY", bid, bid)
            report = await ear.status("exit", OrderStatus.FILLED)
            assert report.cumulative == 10
            assert ear.fills()[-1].order_id == "exit"
            assert ear.fills()[-1].price >= price
            assert {one.status for one in ear.reports if one.order_id == "exit"} <= {
                OrderStatus.NEW,
                OrderStatus.FILLED,
            }
            assert await broker.open_orders() == []
            assert await broker.positions() == []


async def test_a_leg_that_fills_after_a_restart_is_reported_under_the_pair() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("entry"))
        await ear.status("entry", OrderStatus.FILLED)
        sell = order_of("exit", Side.SELL, limit="105.00", time_in_force=GTC)
        await broker.submit(sell, pair=Pair(take_profit=Decimal(105), stop_loss=Decimal(95)))
        later, heard = broker_at(standin), Ear()
        await later.start(heard)
        standin.price("SPY", "94.00", "94.02")
        assert (await heard.status("exit", OrderStatus.FILLED)).cumulative == 10
        assert [fill.order_id for fill in heard.fills()] == ["exit"]
        assert [fill.order_id for fill in await later.fills(0, [])] == ["entry", "exit"]
        await later.stop()


async def test_cancelling_a_pair_cancels_both_exits() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("entry"))
        await ear.status("entry", OrderStatus.FILLED)
        sell = order_of("exit", Side.SELL, limit="105.00", time_in_force=GTC)
        await broker.submit(sell, pair=Pair(take_profit=Decimal(105), stop_loss=Decimal(95)))
        await broker.cancel(sell)
        await ear.status("exit", OrderStatus.CANCELED)
        assert not [one for one in standin.ledger.working() if one.working]


async def _submit_all(broker: AlpacaBroker, orders: Iterable[Order]) -> None:
    for order in orders:
        await broker.submit(order)


# what goes wrong -----------------------------------------------------------------------------------------------------
async def test_fault_10_an_order_whose_answer_was_lost_is_unknown_and_was_posted_once() -> None:
    for kind in ("lose-answer", "unreadable", "502", "504"):
        async with at_alpaca(contract=False) as (standin, broker, ear):
            standin.faults.add("submit", kind, taken=True)
            with pytest.raises(OutcomeUnknown):
                await broker.submit(order_of("lost-1", limit="99.50"))
            assert len(standin.ledger.posts) == 1
            found = await broker.order("lost-1", "SPY")
            assert found is not None
            assert found.status is OrderStatus.NEW
            await ear.status("lost-1", OrderStatus.NEW)
            standin.ledger.check_no_duplicates()


async def test_fault_10_an_order_that_waits_too_long_for_its_answer_is_unknown() -> None:
    async with at_alpaca(contract=False, timeouts=Timeouts(connect=5.0, answer=0.1)) as (standin, broker, _):
        standin.faults.add("submit", "delay")
        with pytest.raises(OutcomeUnknown, match="too long"):
            await broker.submit(order_of("slow-1", limit="99.50"))
        assert len(standin.ledger.posts) == 1


async def test_a_request_that_was_lost_on_its_way_is_not_repeated_by_anything() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        standin.faults.add("submit", "lose-request")
        with pytest.raises(OutcomeUnknown):
            await broker.submit(order_of("lost-1", limit="99.50"))
        assert [post.outcome for post in standin.ledger.posts] == ["lost"]
        assert await broker.order("lost-1", "SPY") is None


async def test_an_order_that_alpaca_has_already_is_looked_up_and_returned() -> None:
    async with at_alpaca() as (standin, broker, _):
        first = await broker.submit(order_of("twice", limit="99.50"))
        again = await broker.submit(order_of("twice", limit="99.50"))
        assert again.broker_order_id == first.broker_order_id
        assert len(standin.ledger.by_client("twice")) == 1


async def test_another_order_under_the_same_id_is_refused() -> None:
    async with at_alpaca() as (_, broker, _ear):
        await broker.submit(order_of("twice", limit="99.50"))
        with pytest.raises(OrderRefused, match="another order under the id"):
            await broker.submit(order_of("twice", symbol="QQQ", limit="99.50"))


async def test_without_a_connection_nothing_was_sent() -> None:
    async with at_alpaca(contract=False) as (standin, _broker, _ear):
        gone = broker_at(standin, url="http://127.0.0.1:9")
        with pytest.raises(NotSent, match="Nothing was sent"):
            await gone.submit(order_of("buy-1"))
        with pytest.raises(BrokerFault):
            await gone.start(Ear())
        with pytest.raises(NotSent):
            await gone.cancel(order_of("buy-1", broker_order_id="b-1"))
        await gone.stop()
        assert not standin.ledger.posts


async def test_fault_18_too_many_requests_are_not_sent_and_say_when_to_come_back() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        standin.faults.add("submit", 429, retry_after=7)
        with pytest.raises(NotSent) as caught:
            await broker.submit(order_of("buy-1"))
        assert caught.value.retry_after == 7
        with pytest.raises(NotSent) as caught:
            await broker.submit(order_of("buy-1"))
        assert 0 < caught.value.retry_after <= 7
        assert len(standin.ledger.posts) == 1


async def test_fault_18_cancels_go_out_when_orders_have_no_room_left() -> None:
    async with at_alpaca(contract=False) as (standin, broker, ear):
        await broker.submit(order_of("rest-1", limit="99.50"))
        standin.rate_limit = len(standin.requests) + 6
        await broker.account()
        more = (order_of(f"more-{number}", limit="90.00") for number in range(20))
        with pytest.raises(NotSent, match="kept for cancels") as caught:
            await _submit_all(broker, more)
        assert caught.value.retry_after > 0
        await broker.cancel(order_of("rest-1"))
        await ear.status("rest-1", OrderStatus.CANCELED)


async def test_a_cancel_without_an_answer_went_out_once_and_may_be_asked_for_again() -> None:
    for kind, fault in (("lose-request", OutcomeUnknown), ("429", NotSent), ("502", OutcomeUnknown)):
        async with at_alpaca(contract=False) as (standin, broker, ear):
            await broker.submit(order_of("rest-1", limit="99.50"))
            standin.faults.add("cancel", kind, retry_after=0)
            with pytest.raises(fault):
                await broker.cancel(order_of("rest-1"))
            assert len(standin.asked("cancel")) == 1
            await broker.cancel(order_of("rest-1"))
            await ear.status("rest-1", OrderStatus.CANCELED)


async def test_a_read_is_tried_again_and_then_says_what_is_wrong() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        standin.faults.add("read", "502", 2)
        assert await broker.positions() == []
        standin.faults.add("read", "502", 9)
        with pytest.raises(BrokerFault, match="positions"):
            await broker.positions()
        standin.faults.clear()


async def test_fault_11_a_lagging_read_finds_nothing_and_claims_nothing() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        standin.faults.add("read", "lag", 2)
        placed = await broker.submit(order_of("young", limit="99.50"))
        assert await broker.order("young", "SPY") is None
        assert await broker.order("young", "SPY") is None
        found = await broker.order("young", "SPY")
        assert found is not None
        assert found.broker_order_id == placed.broker_order_id


async def test_a_refusal_says_alpacas_words_and_code() -> None:
    async with at_alpaca() as (standin, broker, _):
        with pytest.raises(OrderRefused, match="insufficient buying power") as caught:
            await broker.submit(order_of("rich", quantity=100_000))
        assert caught.value.code == "40310000"
        assert not standin.ledger.by_client("rich")


@pytest.mark.parametrize("status", [401, 403])
async def test_fault_19_refused_credentials_are_told_apart_from_refused_orders(status: int) -> None:
    async with at_alpaca(contract=False) as (standin, broker, ear):
        standin.refusal = status
        standin.revoke()
        for ask in (
            broker.account(),
            broker.submit(order_of("buy-1")),
            broker.cancel(order_of("b", broker_order_id="x")),
        ):
            with pytest.raises(CredentialsRefused, match="does not accept the credentials"):
                await ask
        said = await ear.link(LinkState.REFUSED)
        assert "until they are replaced" in said


async def test_wrong_credentials_are_not_tried_again() -> None:
    async with at_alpaca(contract=False, started=False, secret="wrong") as (standin, broker, ear):
        with pytest.raises(CredentialsRefused):
            await broker.start(ear)
        assert [state for state, _ in ear.links] == [LinkState.CONNECTING, LinkState.REFUSED]
        assert len(standin.requests) == 1


@pytest.mark.parametrize(("code", "said"), [(406, "another program"), (500, "has trouble"), (402, "does not accept")])
async def test_a_first_refusal_of_the_stream_is_tried_again_while_requests_are_accepted(code: int, said: str) -> None:
    async with at_alpaca(contract=False, started=False) as (standin, broker, ear):
        standin.stream_errors = [code]
        with pytest.raises(BrokerFault, match=said) as caught:
            await broker.start(ear)
        assert not isinstance(caught.value, CredentialsRefused)
        await ear.link(LinkState.CONNECTED)
        assert [state for state, _ in ear.links] == [
            LinkState.CONNECTING,
            LinkState.RECONNECTING,
            LinkState.CONNECTED,
        ]


async def test_a_second_connection_is_tried_for_ever_and_refused_credentials_are_not() -> None:
    async with at_alpaca(contract=False, started=False) as (standin, broker, ear):
        standin.stream_errors = [406] * 5
        with pytest.raises(BrokerFault):
            await broker.start(ear)
        await ear.link(LinkState.CONNECTED)
        standin.stream_errors = [401, 402]
        standin.drop_sockets()
        assert "until they are replaced" in await ear.link(LinkState.REFUSED)
        assert not standin.stream_errors


async def test_fault_16_a_busted_trade_comes_as_the_entry_that_reverses_it() -> None:
    async with at_alpaca() as (standin, broker, ear):
        await broker.submit(order_of("buy-1"))
        await ear.status("buy-1", OrderStatus.FILLED)
        (booked,) = ear.fills()
        standin.bust(standin.ledger.executions[0].execution_id)
        await ear.until(lambda: len(ear.fills()) == 2)
        reversing = ear.fills()[1]
        assert reversing.execution_id == BUSTED + booked.execution_id
        assert (reversing.side, reversing.quantity, reversing.price) == (Side.SELL, booked.quantity, booked.price)


# market --------------------------------------------------------------------------------------------------------------
async def test_instruments_have_the_steps_that_alpaca_trades_in() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        standin.list_asset("WHOLE", fractionable=False)
        standin.list_asset("GONE", tradable=False)
        whole, fractions = await broker.instruments(["WHOLE", "SPY", "GONE", "NOBODY"][:2])
        assert (whole.symbol, whole.lot, whole.tick, whole.calendar) == ("WHOLE", Decimal(1), Decimal("0.01"), "XNYS")
        assert fractions.lot == Decimal("0.000000001")
        assert await broker.instruments(["GONE", "NOBODY"]) == []


async def test_the_clock_and_the_calendar_are_alpacas() -> None:
    async with at_alpaca() as (standin, broker, _):
        clock = await broker.clock()
        assert clock is not None
        assert clock.is_open
        standin.close_market()
        closed = await broker.clock()
        assert closed is not None
        assert not closed.is_open
        days = await broker.calendar(date(2026, 11, 23), date(2026, 11, 24))
        assert [day.day.day for day in days] == [23, 24]
        assert days[0].opens == 1_795_444_200_000_000  # half past nine in New York, in winter
        assert days[0].closes - days[0].opens == 23_400_000_000


async def test_a_symbol_with_a_slash_is_asked_for_as_one_name() -> None:
    async with at_alpaca(contract=False) as (standin, broker, _):
        assert await broker.instruments(["BTC/USD"]) == []
        assert standin.requests[-1].path == "/v2/assets/BTC%2FUSD"
